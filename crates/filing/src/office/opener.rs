//! What may be handed to the system's opener: files of the archive of the kinds that lie there, and nothing that runs.
//!
//! The archive may lie where others can write. A name says what the system does with a file, so it must be one of a known
//! kind, and where the kind has a mark, the content must bear it.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use crate::{
    problem,
    view::{ErrorCode, ErrorView},
};

/// The endings that are opened, each with what such a file begins with, if it has a mark.
const OPENED: [(&str, &[&[u8]]); 20] = [
    ("pdf", &[b"%PDF-"]),
    ("xml", &[]),
    ("json", &[]),
    ("txt", &[]),
    ("jpg", &[b"\xff\xd8\xff"]),
    ("jpeg", &[b"\xff\xd8\xff"]),
    ("png", &[b"\x89PNG\r\n\x1a\n"]),
    ("odf", &[b"PK"]),
    ("odt", &[b"PK"]),
    ("ods", &[b"PK"]),
    ("odp", &[b"PK"]),
    ("odg", &[b"PK"]),
    ("docx", &[b"PK"]),
    ("xlsx", &[b"PK"]),
    ("pptx", &[b"PK"]),
    ("doc", &[OLE]),
    ("xls", &[OLE]),
    ("ppt", &[OLE]),
    ("csv", &[]),
    ("ics", &[b"BEGIN:VCALENDAR", b"\xef\xbb\xbfBEGIN:VCALENDAR"]),
];
const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// A PDF's mark may stand anywhere in so many bytes; that of the others stands first.
const HEAD: u64 = 1024;

/// The path again, if what lies there may be opened.
///
/// # Errors
/// `CannotOpen` for what is no ordinary file of a kind that is opened.
pub(super) fn openable(path: PathBuf) -> Result<PathBuf, ErrorView> {
    if may_be_opened(&path) {
        return Ok(path);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Err(problem::says(ErrorCode::CannotOpen, "The file is of no kind that is opened from here.").with("file", name))
}

fn may_be_opened(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    // Dots and blanks at the end are dropped by Windows, and what is after them counts then.
    if name.ends_with(['.', ' ']) {
        return false;
    }
    let Some((_, ending)) = name.rsplit_once('.') else { return false };
    let Some((ending, marks)) = OPENED.iter().find(|(known, _)| known.eq_ignore_ascii_case(ending)) else {
        return false;
    };
    let mut head = Vec::new();
    let read = disk::place::open_regular(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let bears = |mark: &&[u8]| match *ending {
        "pdf" => head.windows(mark.len()).any(|part| part == *mark),
        _ => head.starts_with(mark),
    };
    // Where there is no mark to look for, at least none of a program may stand there.
    let runs = head.starts_with(b"MZ") || head.starts_with(b"\x7fELF") || head.starts_with(b"#!");
    read.is_ok() && !runs && (marks.is_empty() || marks.iter().any(bears))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn only_what_lies_in_an_archive_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let opens = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            openable(path).is_ok()
        };
        assert!(opens("kvittering.pdf", b"%PDF-1.7"));
        assert!(opens("mva-melding.xml", b"<mvaMeldingDto/>"));
        assert!(opens("tidslinje.txt", b"Innsending"));
        assert!(opens("vedlegg 1 Bilde.PNG", b"\x89PNG\r\n\x1a\n"));
        for name in [
            "Kvittering fra Skatteetaten.pdf.exe",
            "kvittering.pdf.desktop",
            "kvittering.pdf.lnk",
            "kvittering.html",
            "kvittering.pdf ",
            "kvittering.pdf.",
            "kvittering.svg",
            "kvittering",
            "kvittering.sh",
        ] {
            assert!(!opens(name, b"%PDF-1.7"), "{name}");
        }
        assert!(!opens("kvittering.pdf", b"MZ\x90"));
        assert!(!opens("bilde.jpg", b"#!/bin/sh"));
        assert!(!opens("a.txt", b"#!/bin/sh"));
        assert!(openable(folder.path().to_owned()).is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/bin/sh", folder.path().join("lenke.txt")).unwrap();
            assert!(openable(folder.path().join("lenke.txt")).is_err());
        }
    }
}
