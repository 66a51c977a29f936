//! What a file is, told from its content: a return, or one of the things that lie beside returns.

mod texts;

use crate::root::{self, Beginning, Root};
use vat_return::Language;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FileKind {
    /// A VAT return (`mvaMeldingDto`), or what was meant as one.
    Return,
    /// The envelope of a submission (`mvaMeldingInnsending`).
    Envelope,
    /// Skatteetaten's verdict (`valideringsresultat`).
    ValidationResult,
    /// What to pay (`betalingsinformasjon`).
    PaymentInformation,
    /// A receipt of a filing, as PDF.
    Receipt,
    /// A fixed return as Skatteetaten's data service gives it back (`mvaMelding`).
    ReturnedReturn,
    /// SAF-T Financial: the whole accounts.
    SafTFinancial,
    /// SAF-T Cash Register.
    SafTCashRegister,
    /// The form that was filed until 2021: RF-0002 and its siblings.
    OldForm,
    /// A page saved from a portal.
    WebPage,
    /// Another XML document.
    Xml,
    /// PDF.
    Pdf,
    /// Word and its like.
    TextDocument,
    /// Excel and its like.
    Spreadsheet,
    /// PowerPoint and its like.
    Presentation,
    /// A picture.
    Image,
    /// JSON.
    Json,
    /// Text: notes, tables with separators.
    Text,
    /// A zip file.
    Zip,
    /// A gzip file.
    Gzip,
    /// Packed in another way: RAR, 7-Zip, tar, bzip2, xz.
    OtherPacked,
    /// An e-mail that was saved, with what hangs on it.
    Email,
    /// What macOS lays beside files.
    AppleDouble,
    /// A program.
    Program,
    /// Nothing is in it.
    Empty,
    /// A folder of this program's own archive.
    OwnArchive,
    /// Anything else.
    Unknown,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 27] = [
        Self::Return,
        Self::Envelope,
        Self::ValidationResult,
        Self::PaymentInformation,
        Self::Receipt,
        Self::ReturnedReturn,
        Self::SafTFinancial,
        Self::SafTCashRegister,
        Self::OldForm,
        Self::WebPage,
        Self::Xml,
        Self::Pdf,
        Self::TextDocument,
        Self::Spreadsheet,
        Self::Presentation,
        Self::Image,
        Self::Json,
        Self::Text,
        Self::Zip,
        Self::Gzip,
        Self::OtherPacked,
        Self::Email,
        Self::AppleDouble,
        Self::Program,
        Self::Empty,
        Self::OwnArchive,
        Self::Unknown,
    ];

    /// Its name for programs, e.g. `saf-t-financial`: `"kind"` of `momsbud-cli check --json`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Return => "return",
            Self::Envelope => "envelope",
            Self::ValidationResult => "validation-result",
            Self::PaymentInformation => "payment-information",
            Self::Receipt => "receipt",
            Self::ReturnedReturn => "returned-return",
            Self::SafTFinancial => "saf-t-financial",
            Self::SafTCashRegister => "saf-t-cash-register",
            Self::OldForm => "old-form",
            Self::WebPage => "web-page",
            Self::Xml => "xml",
            Self::Pdf => "pdf",
            Self::TextDocument => "text-document",
            Self::Spreadsheet => "spreadsheet",
            Self::Presentation => "presentation",
            Self::Image => "image",
            Self::Json => "json",
            Self::Text => "text",
            Self::Zip => "zip",
            Self::Gzip => "gzip",
            Self::OtherPacked => "other-packed",
            Self::Email => "email",
            Self::AppleDouble => "apple-double",
            Self::Program => "program",
            Self::Empty => "empty",
            Self::OwnArchive => "own-archive",
            Self::Unknown => "unknown",
        }
    }

    /// What it is, as one sentence.
    pub fn title(self, language: Language) -> &'static str {
        texts::title(self, language)
    }

    /// What to do with it, as a sentence or two.
    pub fn advice(self, language: Language) -> &'static str {
        texts::advice(self, language)
    }

    /// A neighbour: something with a place of its own beside returns, and words of its own. The others are files like any,
    /// and with the ending `.xml` they were meant as returns.
    pub fn is_neighbour(self) -> bool {
        !matches!(self, Self::Return | Self::Xml | Self::Text | Self::Empty | Self::Unknown)
    }

    /// One of Skatteetaten's documents that can be shown, without anything being done with it.
    pub fn is_shown(self) -> bool {
        matches!(self, Self::Envelope | Self::ValidationResult | Self::PaymentInformation)
    }
}

/// What the beginning of a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// This, whatever comes later.
    Kind(FileKind),
    /// XML, and its root element is not in sight yet.
    Later,
    /// A zip file or an Office document: what is in it tells.
    ZipLike,
    /// One of Office's older files: what is in it tells.
    CompoundFile,
}

/// Looks at the beginning of a file. `whole`: there is no more of it.
pub(crate) fn guess(head: &[u8], whole: bool) -> Guess {
    if head.is_empty() {
        return Guess::Kind(FileKind::Empty);
    }
    for (mark, guess) in MARKS {
        if head.starts_with(mark) {
            return *guess;
        }
    }
    match root::beginning(head, whole) {
        Beginning::Root(root) => Guess::Kind(of_root(&root, head)),
        Beginning::More => Guess::Later,
        Beginning::Other => Guess::Kind(of_other(head)),
    }
}

const MARKS: &[(&[u8], Guess)] = &[
    (b"PK\x03\x04", Guess::ZipLike),
    (b"PK\x05\x06", Guess::ZipLike),
    (b"PK\x07\x08", Guess::ZipLike),
    (b"\x1f\x8b", Guess::Kind(FileKind::Gzip)),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Guess::CompoundFile),
    (b"Rar!\x1a\x07", Guess::Kind(FileKind::OtherPacked)),
    (b"7z\xbc\xaf\x27\x1c", Guess::Kind(FileKind::OtherPacked)),
    (b"BZh", Guess::Kind(FileKind::OtherPacked)),
    (b"\xfd7zXZ\x00", Guess::Kind(FileKind::OtherPacked)),
    (b"\x28\xb5\x2f\xfd", Guess::Kind(FileKind::OtherPacked)),
    (b"\x89PNG\r\n\x1a\n", Guess::Kind(FileKind::Image)),
    (b"\xff\xd8\xff", Guess::Kind(FileKind::Image)),
    (b"bplist00", Guess::Kind(FileKind::WebPage)),
    (b"{\\rtf", Guess::Kind(FileKind::TextDocument)),
    (b"GIF8", Guess::Kind(FileKind::Image)),
    (b"II*\x00", Guess::Kind(FileKind::Image)),
    (b"MM\x00*", Guess::Kind(FileKind::Image)),
    (b"\x00\x05\x16\x07", Guess::Kind(FileKind::AppleDouble)),
    (b"\x7fELF", Guess::Kind(FileKind::Program)),
    (b"MZ\x90\x00", Guess::Kind(FileKind::Program)),
];

fn of_other(head: &[u8]) -> FileKind {
    if head.windows(5).take(1024).any(|mark| mark == b"%PDF-") {
        return FileKind::Pdf;
    }
    if head.get(257..262) == Some(b"ustar") {
        return FileKind::OtherPacked;
    }
    let text = root::decoded(head);
    let visible = text.trim_start_matches(|letter: char| letter == '\u{feff}' || letter.is_whitespace());
    if visible.is_empty() {
        return FileKind::Empty;
    }
    if is_saved_page(visible) {
        return FileKind::WebPage;
    }
    if is_email(visible) {
        return FileKind::Email;
    }
    if is_json(visible) {
        // Skatteetaten's data service answers in JSON too.
        let service = visible.contains("\"mvaMelding\"") || visible.contains("\"fastsattMerverdiavgift\"");
        return if service { FileKind::ReturnedReturn } else { FileKind::Json };
    }
    // Text of any encoding has few control characters; other files are full of them.
    let controls = head.iter().filter(|byte| **byte < 9 || (14..32).contains(*byte)).count();
    if head.contains(&0) && !matches!(head, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) || controls * 20 > head.len() {
        FileKind::Unknown
    } else {
        FileKind::Text
    }
}

/// Whether a text is a web page that a browser saved as one file: written as an e-mail is, and none.
fn is_saved_page(text: &str) -> bool {
    let mut heads = text.lines().take_while(|line| !line.trim().is_empty()).map(str::to_ascii_lowercase);
    heads.any(|line| {
        line.starts_with("snapshot-content-location:")
            || line.starts_with("from:") && (line.contains("saved by blink") || line.contains("internet explorer"))
    })
}

/// Whether a text begins as JSON does: a shortcut or settings (`[InternetShortcut]`) begin with a bracket too.
fn is_json(text: &str) -> bool {
    let Some(rest) = text.strip_prefix(['{', '[']) else { return false };
    let next = rest.trim_start().chars().next();
    next.is_none_or(|next| matches!(next, '{' | '[' | '}' | ']' | '"' | '-' | '0'..='9'))
        || ["true", "false", "null"].iter().any(|word| rest.trim_start().starts_with(word))
}

/// Whether a text begins as a saved e-mail does: with two of its lines at least.
fn is_email(text: &str) -> bool {
    const LINES: [&str; 9] =
        ["from", "to", "subject", "date", "received", "return-path", "mime-version", "message-id", "delivered-to"];
    let heads = text.lines().take_while(|line| !line.trim().is_empty());
    let known = |line: &&str| {
        line.split_once(':').is_some_and(|(name, _)| LINES.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    let mut heads = heads.filter(|line| !line.starts_with([' ', '\t'])).peekable();
    heads.peek().is_some_and(|line| known(line) || line.starts_with("X-")) && heads.filter(known).count() > 1
}

fn of_root(root: &Root, head: &[u8]) -> FileKind {
    let Root { local, namespace, attributes } = root;
    let namespace = namespace.as_deref().unwrap_or_default();
    let small = local.to_ascii_lowercase();
    let returns = "no:skatteetaten:fastsetting:avgift:mva:";
    match small.as_str() {
        "html" | "head" | "body" => FileKind::WebPage,
        "mvameldingdto" => FileKind::Return,
        "mvameldinginnsending" => FileKind::Envelope,
        "valideringsresultat" => FileKind::ValidationResult,
        "betalingsinformasjon" => FileKind::PaymentInformation,
        "mvamelding" | "mvameldinger" | "mvameldingsopplysning" | "mvameldingsopplysninger" => FileKind::ReturnedReturn,
        "auditfile" if namespace.contains("CashRegister") => FileKind::SafTCashRegister,
        "auditfile" => FileKind::SafTFinancial,
        _ if namespace.contains("datasamarbeid") && namespace.to_ascii_lowercase().contains("mva") => {
            FileKind::ReturnedReturn
        }
        _ if namespace.starts_with(returns) => FileKind::Return,
        _ if is_old_form(&small, attributes, head) => FileKind::OldForm,
        _ => FileKind::Xml,
    }
}

/// The forms of the portal before 2022: `Skjema` with the form's name, or that name in the beginning.
fn is_old_form(local: &str, attributes: &str, head: &[u8]) -> bool {
    let form = |text: &str| ["RF-0002", "RF-0004", "RF-0005", "RF-0009"].iter().any(|name| text.contains(name));
    let about = |text: &str| text.to_lowercase().contains("omsetningsoppgave");
    if !matches!(local, "skjema" | "melding" | "omsetningsoppgave" | "formdata") {
        return false;
    }
    let text = root::decoded(head);
    local == "omsetningsoppgave" || form(attributes) || about(attributes) || form(&text) || about(&text)
}

/// Whether a PDF is the receipt of a filing, as far as its bytes say so.
pub(crate) fn is_receipt(pdf: &[u8]) -> bool {
    let says = |words: &[u8]| {
        let wide = |word: &str| word.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        let hex = |word: &str| {
            let digits: String = wide(word).iter().map(|byte| format!("{byte:02X}")).collect();
            digits.into_bytes()
        };
        ["vittering", "VITTERING"].iter().any(|word| {
            memchr::memmem::find(words, word.as_bytes()).is_some()
                || memchr::memmem::find(words, &wide(word)).is_some()
                || memchr::memmem::find(words, &hex(word)).is_some()
        })
    };
    says(pdf)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> FileKind {
        match guess(text.as_bytes(), true) {
            Guess::Kind(kind) => kind,
            _ => FileKind::Unknown,
        }
    }

    #[test]
    fn neighbours_are_told_by_their_content() {
        let mva = "no:skatteetaten:fastsetting:avgift:mva";
        for (text, wanted) in [
            (format!("<mvaMeldingDto xmlns=\"{mva}:skattemeldingformerverdiavgift:v1.0\"/>"), FileKind::Return),
            ("<mvaMeldingInnsending/>".into(), FileKind::Envelope),
            (format!("<v:valideringsresultat xmlns:v='{mva}:valideringsresultat:v1'/>"), FileKind::ValidationResult),
            (
                format!(
                    "<betalingsinformasjon xmlns='{mva}:skattemeldingformerverdiavgift:betalingsinformasjon:v1.0'/>"
                ),
                FileKind::PaymentInformation,
            ),
            ("<mvaMelding xmlns='urn:no:skatteetaten:datasamarbeid:mvamelding:v1'/>".into(), FileKind::ReturnedReturn),
            ("{\"mvaMelding\": {}}".into(), FileKind::ReturnedReturn),
            (
                "<?xml version=\"1.0\"?><AuditFile xmlns=\"urn:StandardAuditFile-Taxation-Financial:NO\"/>".into(),
                FileKind::SafTFinancial,
            ),
            (
                "<n1:auditfile xmlns:n1=\"urn:StandardAuditFile-Taxation-CashRegister:NO\"/>".into(),
                FileKind::SafTCashRegister,
            ),
            (
                "<Skjema skjemanummer=\"669\" blankettnummer=\"RF-0002\" tittel=\"Alminnelig omsetningsoppgave\"/>"
                    .into(),
                FileKind::OldForm,
            ),
            ("<melding><tittel>Omsetningsoppgave for primærnæringene</tittel></melding>".into(), FileKind::OldForm),
            ("<!DOCTYPE html><html><body>Logg inn</body></html>".into(), FileKind::WebPage),
            ("<faktura/>".into(), FileKind::Xml),
            ("{\"a\": 1}".into(), FileKind::Json),
            ("Kode;Grunnlag\n3;100".into(), FileKind::Text),
            (" \n".into(), FileKind::Empty),
            ("Rar!\u{1a}\u{7}".into(), FileKind::OtherPacked),
            ("%PDF-1.7".into(), FileKind::Pdf),
            ("{\\rtf1\\ansi hei}".into(), FileKind::TextDocument),
            ("From: a@b.no\r\nTo: c@d.no\r\nSubject: mva\r\n\r\nhei".into(), FileKind::Email),
            ("From here: 12\nand on".into(), FileKind::Text),
            (
                "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://portal.example/\r\nSubject: Mva\r\n\
                 MIME-Version: 1.0\r\n\r\n<html>"
                    .into(),
                FileKind::WebPage,
            ),
            ("[InternetShortcut]\r\nURL=https://portal.example/".into(), FileKind::Text),
            ("[ 1, 2]".into(), FileKind::Json),
            ("[]".into(), FileKind::Json),
        ] {
            assert_eq!(kind(&text), wanted, "{text}");
        }
    }

    #[test]
    fn every_kind_has_a_word_of_its_own_and_texts_in_three_languages() {
        let mut words: Vec<&str> = FileKind::ALL.iter().map(|kind| kind.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), FileKind::ALL.len());
        for kind in FileKind::ALL {
            for language in Language::ALL.iter().copied() {
                assert!(kind.title(language).ends_with('.') && kind.advice(language).ends_with('.'), "{kind:?}");
            }
            assert_ne!(kind.advice(Language::Nb), kind.advice(Language::En));
        }
    }
}
