//! The one way from here to a program that the system has for a file (`clippy.toml` keeps it the only one).
//!
//! An archive may lie where others write, and what lies in it may be called whatever they like. The system's opener runs what is a
//! program. So it is given only what a viewer shows, by its name and by what is in it, and folders; anything else is shown
//! where it lies, and a person decides. XML is often shown by a browser, which runs what is in it: only documents of
//! Skatteetaten's and SAF-T are, in which nothing of a browser's own stands.

use view::ErrorCode;

use crate::fault::{Answer, fault};
use files::{Bounds, FileKind, Look};
use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

/// How much of a file says what it is.
const HEAD: u64 = 4096;

/// The largest XML document that is looked through, bytes. What is larger no viewer shows well.
const LARGEST_XML: u64 = 64 * 1024 * 1024;
/// Namespaces that no browser knows anything of: Skatteetaten's, SAF-T's, and those in which schemas are named.
const PLAIN: [&str; 6] = [
    "no:skatteetaten:",
    "urn:no:skatteetaten:",
    "urn:StandardAuditFile-Taxation-",
    "http://www.w3.org/2001/XMLSchema",
    "urn:OECD:",
    "urn:schemas-OECD:",
];

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
    let mut file = disk::place::open_regular(path)?;
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
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
        "xml" => text(&head).is_some_and(|text| text.starts_with('<')) && is_plain_xml(&file, found.len(), head)?,
        "json" => text(&head).is_some_and(|text| text.starts_with(['{', '['])),
        "txt" => text(&head).is_some(),
        _ => false,
    };
    Ok(if is_it { OpenMethod::Open } else { OpenMethod::Show })
}

/// Whether a document is one of those that are known, and says nothing to a browser: no page, no picture, no style that would
/// make one of it, and no declaration by which its words could be others.
fn is_plain_xml(rest: &File, size: u64, mut bytes: Vec<u8>) -> io::Result<bool> {
    if size > LARGEST_XML {
        return Ok(false);
    }
    rest.take(LARGEST_XML).read_to_end(&mut bytes)?;
    let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(false) };
    // Other letters than these are written by controls in some encodings, and none of them stands in XML.
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if text.bytes().any(is_control) || text.contains("<!DOCTYPE") || text.contains("<?xml-") {
        return Ok(false);
    }
    // What is in no namespace of a browser's is shown by it as what it is. A namespace is declared by this word and no other.
    if !text.split("xmlns").skip(1).all(declares_plain) {
        return Ok(false);
    }
    let mut kind = FileKind::Unknown;
    Look::new(Bounds::default()).bytes("a.xml", bytes, false, &mut |item| kind = item.kind);
    Ok(matches!(
        kind,
        FileKind::Return
            | FileKind::Envelope
            | FileKind::ValidationResult
            | FileKind::PaymentInformation
            | FileKind::ReturnedReturn
            | FileKind::SafTFinancial
            | FileKind::SafTCashRegister
            | FileKind::OldForm
    ))
}

/// Whether what stands behind `xmlns` names a namespace that no browser knows: `:n1="…"`, ` = '…'`.
fn declares_plain(after: &str) -> bool {
    let after = after.trim_start_matches(|letter: char| {
        letter == ':' || letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
    });
    let Some(value) = after.trim_start().strip_prefix('=') else { return false };
    let value = value.trim_start();
    let Some(quote) = value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) else { return false };
    let Some((value, _)) = value.get(1..).and_then(|value| value.split_once(quote)) else { return false };
    value.is_empty() || !value.contains('&') && PLAIN.iter().any(|plain| value.starts_with(plain))
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

    /// What Skatteetaten, other programs and this one write.
    #[test]
    fn documents_of_vat_are_opened() {
        let returned = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0";
        for good in [
            format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mvaMeldingDto xmlns=\"{returned}\"><a>æ</a></mvaMeldingDto>"),
            format!("<?xml version='1.0'?>\n<!-- {} -->\n<mvaMeldingDto xmlns='{returned}'/>", "fra et annet program ".repeat(1000)),
            "<mvaMeldingInnsending xmlns=\"no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0\"/>".to_owned(),
            "<valideringsresultat xmlns=\"no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1\"/>".to_owned(),
            "<betalingsinformasjon xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\"/>".to_owned(),
            "<n1:AuditFile xmlns:n1 = \"urn:StandardAuditFile-Taxation-Financial:NO\"><n1:Header/></n1:AuditFile>".to_owned(),
        ] {
            assert_eq!(of("mva-melding.xml", good.as_bytes()), OpenMethod::Open, "{good:.200}");
        }
    }

    /// What a browser would run as a page, whoever it is said to be from.
    #[test]
    fn a_web_page_that_is_called_xml_is_shown_where_it_lies() {
        let returned = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0";
        let page = "http://www.w3.org/1999/xhtml";
        for evil in [
            format!("<html xmlns=\"{page}\"><script>alert(1)</script></html>"),
            format!("<?xml version=\"1.0\"?><x:html xmlns:x='{page}'/>"),
            "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>".to_owned(),
            format!("<?xml version=\"1.0\"?><?xml-stylesheet href=\"evil.xsl\"?><mvaMeldingDto xmlns=\"{returned}\"/>"),
            format!("<!DOCTYPE mvaMeldingDto [<!ENTITY a \"b\">]><mvaMeldingDto xmlns=\"{returned}\"/>"),
            format!("<!DOCTYPE x><mvaMeldingDto xmlns=\"{returned}\"/>"),
            // A page within a return.
            format!("<mvaMeldingDto xmlns=\"{returned}\"><script xmlns=\"{page}\">alert(1)</script></mvaMeldingDto>"),
            format!("<mvaMeldingDto xmlns=\"{returned}\"><h:script xmlns:h\n=\n'{page}'/></mvaMeldingDto>"),
            format!(
                "<mvaMeldingDto xmlns=\"{returned}\"><script xmlns=\"http://www.w3.org/1999/&#120;html\"/></mvaMeldingDto>"
            ),
            // Farther than anybody looks who looks at the beginning.
            format!("<mvaMeldingDto xmlns=\"{returned}\">{}<s xmlns=\"{page}\"/></mvaMeldingDto>", " ".repeat(300_000)),
            // Another encoding has letters between these.
            format!("<mvaMeldingDto xmlns=\"{returned}\"><script xm\u{1b}(Jlns=\"{page}\"/></mvaMeldingDto>"),
            "<å/>".to_owned(),
            "<html><script>alert(1)</script></html>".to_owned(),
            "<a xmlns".to_owned(),
        ] {
            assert_eq!(of("mva-melding.xml", evil.as_bytes()), OpenMethod::Show, "{evil:.200}");
            for wide in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
                let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(evil.encode_utf16()).flat_map(wide).collect();
                assert_eq!(of("mva-melding.xml", &wide), OpenMethod::Show, "{evil:.200}");
            }
        }
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
        for name in ["a", "a.html", "a.xhtml", "a.svg", "a.sh", "a.bat", "a.lnk", "a.docm", "a.jar", "a.pdf "] {
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
