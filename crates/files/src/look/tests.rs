#![allow(clippy::unwrap_used)]
use super::*;
use std::{fs, io::Write as _};
use zip::write::{SimpleFileOptions, ZipWriter};

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzip_of(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

fn sample() -> &'static [u8] {
    vat_return::samples::ALL[0].bytes
}

fn look_at(name: &str, bytes: &[u8], named: bool, bounds: Bounds) -> Vec<Item> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    let mut items = Vec::new();
    Look::new(bounds).at(&Place { path, root: 0, named }, &mut |item| items.push(item));
    items
}

fn said(items: &[Item]) -> Vec<(String, FileKind, &'static str)> {
    let word = |item: &Item| match &item.content {
        Content::Return(_) => "return",
        Content::Shown(_) => "shown",
        Content::Known => "known",
        Content::Packed(_) => "packed",
        Content::Refused(_) => "refused",
    };
    items.iter().map(|item| (item.name.file_name(), item.kind, word(item))).collect()
}

fn named(name: &str, bytes: &[u8]) -> Vec<(String, FileKind, &'static str)> {
    said(&look_at(name, bytes, true, Bounds::default()))
}

fn lying(name: &str, bytes: &[u8]) -> Vec<(String, FileKind, &'static str)> {
    said(&look_at(name, bytes, false, Bounds::default()))
}

fn row(name: &str, kind: FileKind, word: &'static str) -> (String, FileKind, &'static str) {
    (name.to_owned(), kind, word)
}

#[test]
fn f05_content_decides_and_not_the_name() {
    assert_eq!(lying("kunde2.txt", sample()), [row("kunde2.txt", FileKind::Return, "return")]);
    assert_eq!(lying("notat.txt", b"Husk fristen"), [row("notat.txt", FileKind::Text, "known")]);
    assert_eq!(lying("notat.xml", b"Husk fristen"), [row("notat.xml", FileKind::Text, "return")]);
    assert_eq!(lying("x.xml", b"<x/>"), [row("x.xml", FileKind::Xml, "return")]);
    assert_eq!(lying("tom.xml", b""), [row("tom.xml", FileKind::Empty, "return")]);
    let saft = b"<?xml version=\"1.0\"?><AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"/>";
    assert_eq!(lying("saft.xml", saft), [row("saft.xml", FileKind::SafTFinancial, "known")]);
    let verdict = b"<valideringsresultat/>";
    assert_eq!(lying("v.xml", verdict), [row("v.xml", FileKind::ValidationResult, "shown")]);
    // The root element stands behind a long comment.
    let late = [b"<!--".as_slice(), &vec![b'x'; 10_000], b"-->", sample()].concat();
    assert_eq!(lying("sen.xml", &late)[0].1, FileKind::Return);
}

#[test]
fn f12_packed_files_are_read_like_folders() {
    let zip = zip_of(&[
        ("klient/", b""),
        ("klient/mva.xml", sample()),
        ("../../etc/passwd", sample()),
        ("__MACOSX/klient/._mva.xml", b"x"),
        ("notat.txt", b"hei"),
    ]);
    assert_eq!(
        lying("eksport.zip", &zip),
        [
            row("eksport.zip/klient/mva.xml", FileKind::Return, "return"),
            row("eksport.zip/../../etc/passwd", FileKind::Return, "return"),
            row("eksport.zip/notat.txt", FileKind::Text, "known"),
            row("eksport.zip", FileKind::Zip, "packed"),
        ]
    );
    let gzip = gzip_of(sample());
    let wanted = [row("mva.xml.gz/mva.xml", FileKind::Return, "return"), row("mva.xml.gz", FileKind::Gzip, "packed")];
    assert_eq!(named("mva.xml.gz", &gzip), wanted);
    let both = zip_of(&[("indre.zip", &zip), ("mva.xml.gz", &gzip)]);
    let found = named("ytre.zip", &both);
    assert_eq!(found.iter().filter(|(_, _, word)| *word == "return").count(), 3, "{found:?}");
    assert!(found.contains(&row("ytre.zip/indre.zip/klient/mva.xml", FileKind::Return, "return")));
}

#[test]
fn damaged_and_encrypted_ones_are_named() {
    let mut torn = zip_of(&[("mva.xml", sample())]);
    torn.truncate(torn.len() - 30);
    let items = look_at("torn.zip", &torn, true, Bounds::default());
    assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::Damaged(_)))), "{items:?}");
    let mut gzip = gzip_of(sample());
    gzip.truncate(gzip.len() / 2);
    let items = look_at("torn.xml.gz", &gzip, true, Bounds::default());
    assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::Damaged(_)))), "{items:?}");
    // The flag of encryption in the local and in the central header.
    let mut zip = zip_of(&[("mva.xml", sample()), ("god.xml", sample())]);
    zip[6] |= 1;
    let central = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
    zip[central + 8] |= 1;
    let items = look_at("laast.zip", &zip, true, Bounds::default());
    assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::Encrypted))), "{items:?}");
    assert_eq!(said(&items)[1], row("laast.zip/god.xml", FileKind::Return, "return"));
}

#[test]
fn one_packed_in_an_unknown_way_and_a_link_are_not_called_damaged_or_read() {
    // Bzip2 and LZMA, as the number stands in the local and in the central header.
    for number in [12, 14] {
        let mut zip = zip_of(&[("mva.xml", sample()), ("god.xml", sample())]);
        zip[8] = number;
        let central = memchr::memmem::find(&zip, b"PK\x01\x02").unwrap();
        zip[central + 10] = number;
        let items = look_at("annerledes.zip", &zip, true, Bounds::default());
        assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::Method(_)))), "{items:?}");
        assert_eq!(said(&items)[1], row("annerledes.zip/god.xml", FileKind::Return, "return"));
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("lenke.xml", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    let items = look_at("lenke.zip", &zip, true, Bounds::default());
    assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::Link))), "{items:?}");
}

#[test]
fn two_files_of_one_name_are_not_one_in_silence() {
    let mut zip = zip_of(&[("mva-1.xml", sample()), ("mva-2.xml", sample())]);
    while let Some(at) = memchr::memmem::find(&zip, b"mva-2.xml") {
        zip[at + 4] = b'1';
    }
    let items = look_at("to.zip", &zip, true, Bounds::default());
    assert!(matches!(&items[0].content, Content::Refused(Refused::Packed(PackedError::SameNames))), "{items:?}");
}

#[test]
fn what_runs_away_is_stopped_and_named() {
    let trouble = |items: &[Item]| {
        items.iter().find_map(|item| match &item.content {
            Content::Refused(Refused::Packed(trouble)) => Some(trouble.clone()),
            _ => None,
        })
    };
    let dense = [b"<mvaMeldingDto>".as_slice(), &vec![b' '; 20_000_000]].concat();
    let items = look_at("bombe.zip", &zip_of(&[("mva.xml", &dense)]), true, Bounds::default());
    assert_eq!(trouble(&items), Some(PackedError::TooDense { limit: 300 }));
    let mut zip = zip_of(&[("mva.xml", sample())]);
    for _ in 0..4 {
        zip = zip_of(&[("x.zip", &zip)]);
    }
    let items = look_at("dyp.zip", &zip, true, Bounds::default());
    assert_eq!(trouble(&items), Some(PackedError::TooDeep { limit: 3 }));
    let many: Vec<(String, &[u8])> = (0..30).map(|n| (format!("{n}.xml"), sample())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let few = |entries, bytes| Bounds {
        packed: packed::Bounds { entries, bytes, ..packed::Bounds::default() },
        ..Bounds::default()
    };
    let items = look_at("mange.zip", &zip_of(&many), true, few(10, u64::MAX));
    assert_eq!(trouble(&items), Some(PackedError::TooMany { limit: 10 }));
    assert_eq!(items.iter().filter(|item| matches!(item.content, Content::Return(_))).count(), 10);
    let items = look_at("mange.zip", &zip_of(&many), true, few(100, 10_000));
    assert_eq!(trouble(&items), Some(PackedError::TooMuch { limit: 10_000 }));
    let large = [sample(), &vec![b' '; 25_000_000]].concat();
    assert!(matches!(
        look_at("stor.xml", &large, false, Bounds::default())[0].content,
        Content::Refused(Refused::TooLarge { .. })
    ));
    let small = Bounds { bytes: 3_000, ..Bounds::default() };
    let items = look_at("mange.zip", &zip_of(&many), true, small);
    assert!(items.iter().any(|item| matches!(item.content, Content::Refused(Refused::TooMuch { limit: 3_000 }))));
}

#[test]
fn receipts_and_office_files_are_told_from_others() {
    assert_eq!(named("a.pdf", b"%PDF-1.7\n/Title (Kvittering)"), [row("a.pdf", FileKind::Receipt, "known")]);
    assert_eq!(named("a.pdf", b"%PDF-1.7\n/Title (Faktura)"), [row("a.pdf", FileKind::Pdf, "known")]);
    assert_eq!(lying("Kvittering okt.pdf", b"%PDF-1.7\n"), [row("Kvittering okt.pdf", FileKind::Receipt, "known")]);
    let mut packed = b"%PDF-1.7\nstream\n".to_vec();
    let mut zlib = flate2::write::ZlibEncoder::new(&mut packed, flate2::Compression::best());
    zlib.write_all(b"(Kvittering for mva-melding) Tj").unwrap();
    zlib.finish().unwrap();
    assert_eq!(named("b.pdf", &packed), [row("b.pdf", FileKind::Receipt, "known")]);
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
    let list = format!("<Types><Override PartName=\"/x\" ContentType=\"{sheet}\"/></Types>");
    let xlsx = zip_of(&[("[Content_Types].xml", list.as_bytes())]);
    assert_eq!(named("tall.xlsx", &xlsx), [row("tall.xlsx", FileKind::Spreadsheet, "known")]);
    assert_eq!(named("pakke.zip", &zip_of(&[("tall.xlsx", &xlsx)]))[0].1, FileKind::Spreadsheet);
    assert_eq!(named("side.xml", b"<!DOCTYPE html><html/>"), [row("side.xml", FileKind::WebPage, "known")]);
    assert_eq!(named("tull", b"\x00\x01\x02\x03"), [row("tull", FileKind::Unknown, "return")]);
}

#[test]
fn documents_that_are_zip_files_inside_are_no_folders_of_returns_that_failed() {
    let types = "<?xml version=\"1.0\"?><Types/>";
    for (name, parts, wanted) in [
        (
            "makro.xlsm",
            &[("[Content_Types].xml", types), ("xl/workbook.xml", "<workbook/>")][..],
            FileKind::Spreadsheet,
        ),
        ("mal.dotx", &[("[Content_Types].xml", types), ("word/document.xml", "<w/>")], FileKind::TextDocument),
        ("lysbilder.pptm", &[("[Content_Types].xml", types), ("ppt/presentation.xml", "<p/>")], FileKind::Presentation),
        ("tegning.vsdx", &[("[Content_Types].xml", types), ("visio/document.xml", "<v/>")], FileKind::Unknown),
        ("bok.epub", &[("mimetype", "application/epub+zip"), ("META-INF/container.xml", "<c/>")], FileKind::Unknown),
        ("program.jar", &[("META-INF/MANIFEST.MF", "x"), ("pom.xml", "<project/>")], FileKind::Program),
    ] {
        let parts: Vec<(&str, &[u8])> = parts.iter().map(|(name, content)| (*name, content.as_bytes())).collect();
        let document = zip_of(&parts);
        for (named, bytes) in [(true, document.clone()), (false, zip_of(&[(name, &document)]))] {
            let mut items = Vec::new();
            Look::new(Bounds::default()).bytes(name, bytes, named, &mut |item| items.push(item));
            let (item, whole) = (&items[0], if named { 1 } else { 2 });
            assert_eq!((item.kind, items.len()), (wanted, whole), "{name}: {items:?}");
            assert!(matches!(item.content, Content::Known), "{name}: {item:?}");
        }
    }
}

/// A tar is not opened; packed once more it is no packed file without a return, but one to be unpacked.
#[test]
fn f12_a_tar_in_a_gzip_file_is_called_a_packed_file() {
    let mut tar = vec![b' '; 1024];
    tar[257..262].copy_from_slice(b"ustar");
    let expected = |name| [row(name, FileKind::OtherPacked, "known")];
    assert_eq!(named("eksport.tar", &tar), expected("eksport.tar"));
    assert_eq!(named("eksport.tar.gz", &gzip_of(&tar)), expected("eksport.tar.gz"));
    assert_eq!(lying("eksport.tgz", &gzip_of(&tar)), expected("eksport.tgz"));
}
