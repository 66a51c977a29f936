//! What kind of file an attachment is, decided from what is in it.
//!
//! The app compares the content type with the ending and knows no more (apis.md 2.2, "Upload checks"); whoever reads the
//! attachment at Skatteetaten opens what is in it. So both must agree before anything is sent.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use vat_return::Rejection;

/// The kinds that the app takes (apis.md 1.4, step 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any XML that is no return.
    Xml,
    /// PDF.
    Pdf,
    /// OpenDocument formula.
    Formula,
    /// OpenDocument text.
    Text,
    /// OpenDocument spreadsheet.
    Spreadsheet,
    /// OpenDocument presentation.
    Presentation,
    /// OpenDocument drawing.
    Graphics,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PowerPoint.
    Pptx,
    /// Word before 2007.
    Doc,
    /// Excel before 2007.
    Xls,
    /// PowerPoint before 2007.
    Ppt,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

/// Every kind with its endings, the usual one first, and its content type.
const KINDS: [(Kind, &[&str], &str); 15] = [
    (Kind::Xml, &["xml"], "text/xml"),
    (Kind::Pdf, &["pdf"], "application/pdf"),
    (Kind::Formula, &["odf"], "application/vnd.oasis.opendocument.formula"),
    (Kind::Text, &["odt"], "application/vnd.oasis.opendocument.text"),
    (Kind::Spreadsheet, &["ods"], "application/vnd.oasis.opendocument.spreadsheet"),
    (Kind::Presentation, &["odp"], "application/vnd.oasis.opendocument.presentation"),
    (Kind::Graphics, &["odg"], "application/vnd.oasis.opendocument.graphics"),
    (Kind::Docx, &["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (Kind::Xlsx, &["xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (Kind::Pptx, &["pptx"], "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (Kind::Doc, &["doc"], "application/msword"),
    (Kind::Xls, &["xls"], "application/vnd.ms-excel"),
    (Kind::Ppt, &["ppt"], "application/vnd.ms-powerpoint"),
    (Kind::Jpeg, &["jpg", "jpeg"], "image/jpeg"),
    (Kind::Png, &["png"], "image/png"),
];

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A VAT return, or what was meant as one.
    Return,
    /// Something that may be attached.
    Attachable(Kind),
    /// Anything else.
    Other,
}

impl Kind {
    /// The content type that is sent.
    pub fn content_type(self) -> &'static str {
        self.row().2
    }

    /// The usual ending, without the dot.
    pub fn ending(self) -> &'static str {
        self.row().1.first().copied().unwrap_or_default()
    }

    /// Whether a file of this kind may have that ending.
    pub fn fits(self, ending: &str) -> bool {
        self.row().1.iter().any(|known| known.eq_ignore_ascii_case(ending))
    }

    fn row(self) -> (Self, &'static [&'static str], &'static str) {
        KINDS.into_iter().find(|(kind, ..)| *kind == self).unwrap_or((self, &[], ""))
    }

    fn of_type(content_type: &str) -> Option<Self> {
        KINDS.into_iter().find(|(.., known)| *known == content_type).map(|(kind, ..)| kind)
    }
}

/// How much of a file's beginning tells most kinds; a PDF's mark stands within its first 1024 bytes.
const HEAD: usize = 1024;
/// The longest list of parts that is read in an Office file, in bytes; such lists are some kilobytes.
const LONGEST_LIST: u64 = 1024 * 1024;

/// Looks into a file.
///
/// # Errors
/// It cannot be read.
pub fn of<F: Read + Seek>(file: &mut F) -> io::Result<Content> {
    let mut head = Vec::with_capacity(HEAD);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    let known = |kind| Ok(Content::Attachable(kind));
    if head.starts_with(b"\x89PNG\r\n\x1a\n") {
        return known(Kind::Png);
    }
    if head.starts_with(b"\xff\xd8\xff") {
        return known(Kind::Jpeg);
    }
    if head.starts_with(b"PK\x03\x04") {
        return Ok(in_zip(file).map_or(Content::Other, Content::Attachable));
    }
    if head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(in_compound_file(file).map_or(Content::Other, Content::Attachable));
    }
    if looks_like_xml(&head) {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(of_xml(&bytes));
    }
    if head.windows(5).any(|mark| mark == b"%PDF-") {
        return known(Kind::Pdf);
    }
    Ok(Content::Other)
}

/// What XML is: a return, one with mistakes, or another document. Of another document no more than its beginning is read.
pub fn of_xml(bytes: &[u8]) -> Content {
    match vat_return::read(bytes) {
        Ok(_) | Err(Rejection::Structure(_)) => Content::Return,
        // One with a document type is refused as unsafe before it is known what it is, whatever it was meant as; one that
        // is larger than the reader takes is no return.
        Err(Rejection::NotAReturn(_) | Rejection::TooLarge { .. }) => Content::Attachable(Kind::Xml),
        Err(_) => Content::Other,
    }
}

/// Whether the first character after a byte order mark and blanks opens an element, in UTF-8 or UTF-16.
pub fn looks_like_xml(head: &[u8]) -> bool {
    let mark = |byte: u8| matches!(byte, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF);
    head.iter().find(|byte| !mark(**byte) && !byte.is_ascii_whitespace()) == Some(&b'<')
}

/// Open Document and Office Open XML are zip files that say themselves what they are.
fn in_zip<F: Read + Seek>(file: &mut F) -> Option<Kind> {
    let mut zip = zip::ZipArchive::new(BufReader::new(file)).ok()?;
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).ok()?.take(LONGEST_LIST).read_to_string(&mut text).ok()?;
        Some(text)
    };
    if let Some(said) = part("mimetype") {
        return Kind::of_type(said.trim());
    }
    // The main part's own type, so that templates and files with macros are not taken for documents.
    let parts = part("[Content_Types].xml")?;
    [Kind::Docx, Kind::Xlsx, Kind::Pptx]
        .into_iter()
        .find(|kind| parts.contains(&format!("\"{}.main+xml\"", kind.content_type())))
}

/// Office's older files: a file system of streams, the main one named by its program.
fn in_compound_file<F: Read + Seek>(file: &mut F) -> Option<Kind> {
    let compound = cfb::CompoundFile::open(BufReader::new(file)).ok()?;
    [("/WordDocument", Kind::Doc), ("/Workbook", Kind::Xls), ("/Book", Kind::Xls), ("/PowerPoint Document", Kind::Ppt)]
        .into_iter()
        .find(|(stream, _)| compound.is_stream(stream))
        .map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write as _;

    use super::*;

    fn look(bytes: &[u8]) -> Content {
        of(&mut io::Cursor::new(bytes)).unwrap()
    }

    fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, text) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn office(main: &str) -> Vec<u8> {
        let list = format!("<Types><Override PartName=\"/x\" ContentType=\"{main}\"/></Types>");
        zip_of(&[("[Content_Types].xml", &list), ("word/document.xml", "<w/>")])
    }

    fn compound(stream: &str) -> Vec<u8> {
        let mut file = cfb::CompoundFile::create(io::Cursor::new(Vec::new())).unwrap();
        file.create_stream(stream).unwrap().write_all(b"x").unwrap();
        file.into_inner().into_inner()
    }

    #[test]
    fn a_kind_is_told_from_the_content() {
        let document = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        let with_macros = "application/vnd.ms-word.document.macroEnabled.main+xml";
        let found = [
            look(b"%PDF-1.7\n..."),
            look(b"\x89PNG\r\n\x1a\n..."),
            look(b"\xff\xd8\xff\xe0..."),
            look(b"<?xml version='1.0'?><faktura><sum>1</sum></faktura>"),
            look(&zip_of(&[("mimetype", "application/vnd.oasis.opendocument.graphics")])),
            look(&office(document)),
            look(&compound("WordDocument")),
            look(&compound("Workbook")),
            look(&compound("PowerPoint Document")),
        ];
        let wanted =
            [Kind::Pdf, Kind::Png, Kind::Jpeg, Kind::Xml, Kind::Graphics, Kind::Docx, Kind::Doc, Kind::Xls, Kind::Ppt];
        assert_eq!(found, wanted.map(Content::Attachable));
        for other in [
            office(with_macros),
            zip_of(&[("a.txt", "a")]),
            compound("EncryptedPackage"),
            b"PK\x03\x04 torn".to_vec(),
            b"Kj\xc3\xa6re regnskapsf\xc3\xb8rer".to_vec(),
            b"<faktura".to_vec(),
            b"MZ\x90\x00".to_vec(),
            Vec::new(),
        ] {
            assert_eq!(look(&other), Content::Other, "{}", String::from_utf8_lossy(&other));
        }
    }

    #[test]
    fn a_return_is_a_return_whatever_it_is_called() {
        let sample = vat_return::samples::ALL[0].bytes;
        assert_eq!(look(sample), Content::Return);
        let text = String::from_utf8(sample.to_vec()).unwrap();
        assert_eq!(look(text.replace("fastsattMerverdiavgift>", "fastsattMoms>").as_bytes()), Content::Return);
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(text.replace("UTF-8", "UTF-16").encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(look(&wide), Content::Return);
    }

    #[test]
    fn every_kind_has_an_ending_and_a_type_of_its_own() {
        for (kind, endings, content_type) in KINDS {
            assert_eq!(Kind::of_type(content_type), Some(kind));
            assert!(kind.fits(kind.ending()) && endings.iter().all(|ending| kind.fits(&ending.to_uppercase())));
        }
    }
}
