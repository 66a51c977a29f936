//! The one way from here to a program that the system has for a file (`clippy.toml` keeps it the only one).
//!
//! An archive may lie where others write, and what lies in it may be called whatever they like. The system's opener runs what is a
//! program. So it is given only what a viewer shows, by its name and by what is in it, and folders; anything else is shown
//! where it lies, and a person decides.

use view::ErrorCode;

use crate::fault::{Answer, fault};
use std::{
    fs,
    io::{self, Read as _},
    path::Path,
};

/// How much of a file says what it is.
const HEAD: u64 = 4096;

/// What becomes of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenMethod {
    /// The system's program for it shows it.
    Open,
    /// The file manager shows where it lies.
    Show,
}

/// Opens what lies in the archive: a folder, or a file that a viewer shows. Anything else is shown in its folder.
///
/// # Errors
/// It is not there, is a link to something else, or no program shows it.
#[expect(clippy::disallowed_methods, reason = "it is looked at here before it is opened")]
pub(crate) fn open(path: &Path) -> Answer<()> {
    let refused = |error: &dyn std::error::Error| fault(ErrorCode::CannotOpen, "No program opens the file.", error);
    let shown = match way(path).map_err(|error| refused(&error))? {
        OpenMethod::Open => tauri_plugin_opener::open_path(path, None::<&str>),
        OpenMethod::Show => tauri_plugin_opener::reveal_item_in_dir(path),
    };
    shown.map_err(|error| refused(&error))
}

/// What becomes of a path, by its name and by what is in it.
///
/// # Errors
/// The disk; a link, a pipe or a device.
pub(crate) fn way(path: &Path) -> io::Result<OpenMethod> {
    let found = fs::symlink_metadata(path)?;
    if found.is_dir() {
        // On macOS a folder may be a program.
        return Ok(if cfg!(target_os = "macos") { OpenMethod::Show } else { OpenMethod::Open });
    }
    if !found.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is neither a file nor a folder"));
    }
    let mut head = Vec::new();
    disk::place::open_regular(path)?.take(HEAD).read_to_end(&mut head)?;
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let text = |head: &[u8]| {
        let whole = match std::str::from_utf8(head) {
            Ok(text) => text,
            // The head may end in the middle of a letter.
            Err(error) if error.error_len().is_none() => std::str::from_utf8(&head[..error.valid_up_to()]).ok()?,
            Err(_) => return None,
        };
        // A script says in its first two letters who runs it.
        (!whole.contains('\0') && !whole.starts_with("#!"))
            .then(|| whole.trim_start_matches('\u{feff}').trim_start().to_owned())
    };
    let is_it = match ending.as_str() {
        "pdf" => head.starts_with(b"%PDF-"),
        "png" => head.starts_with(b"\x89PNG\r\n\x1a\n"),
        "jpg" | "jpeg" => head.starts_with(b"\xff\xd8\xff"),
        "xml" => text(&head).is_some_and(|text| text.starts_with('<')),
        "json" => text(&head).is_some_and(|text| text.starts_with(['{', '['])),
        "txt" => text(&head).is_some(),
        _ => false,
    };
    Ok(if is_it { OpenMethod::Open } else { OpenMethod::Show })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn of(name: &str, content: &[u8]) -> OpenMethod {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        way(&path).unwrap()
    }

    #[test]
    fn what_a_viewer_shows_is_opened() {
        assert_eq!(of("Kvittering fra Skatteetaten.pdf", b"%PDF-1.7\n"), OpenMethod::Open);
        assert_eq!(of("mva-melding.xml", "\u{feff}<?xml version=\"1.0\"?><å/>".as_bytes()), OpenMethod::Open);
        assert_eq!(of("tidslinje.txt", "Innsending av mva-melding på øre".as_bytes()), OpenMethod::Open);
        assert_eq!(of("instans.json", b"{}"), OpenMethod::Open);
        assert_eq!(of("bilag.PNG", b"\x89PNG\r\n\x1a\nIHDR"), OpenMethod::Open);
        // Cut in the middle of a letter.
        assert_eq!(of("lang.txt", &["a".repeat(4095), "å".repeat(10)].concat().into_bytes()), OpenMethod::Open);
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(
            way(folder.path()).unwrap(),
            if cfg!(target_os = "macos") { OpenMethod::Show } else { OpenMethod::Open }
        );
    }

    #[test]
    fn a_program_is_shown_where_it_lies_whatever_it_is_called() {
        assert_eq!(of("Kvittering fra Skatteetaten.pdf.exe", b"MZ\x90\0"), OpenMethod::Show);
        assert_eq!(of("Kvittering fra Skatteetaten.pdf", b"MZ\x90\0"), OpenMethod::Show);
        assert_eq!(of("Kvittering.pdf.exe", b"%PDF-1.7"), OpenMethod::Show);
        assert_eq!(of("Kvittering\u{202e}fdp.exe", b"%PDF-1.7"), OpenMethod::Show);
        assert_eq!(of("kvittering.desktop", b"[Desktop Entry]\nExec=xterm"), OpenMethod::Show);
        for name in ["a.txt", "a.xml", "a.json"] {
            assert_eq!(of(name, b"\x7fELF\x02\x01\x01\0"), OpenMethod::Show, "{name}");
            assert_eq!(of(name, b"#!/bin/sh\nrm -rf ~"), OpenMethod::Show, "{name}");
        }
        assert_eq!(of("a.xml", b"{}"), OpenMethod::Show);
        for name in ["a", "a.html", "a.svg", "a.sh", "a.bat", "a.lnk", "a.docm", "a.jar", "a.pdf "] {
            assert_eq!(of(name, b"%PDF-1.7"), OpenMethod::Show, "{name}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed_and_what_is_not_there_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("kvittering.pdf");
        std::os::unix::fs::symlink("/bin/sh", &link).unwrap();
        assert_eq!(way(&link).unwrap_err().kind(), io::ErrorKind::InvalidInput);
        assert_eq!(way(&folder.path().join("none.pdf")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
