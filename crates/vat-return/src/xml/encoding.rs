//! Bytes to text: the encoding that the first bytes and the XML declaration say, and no guessing.

use super::Fault;
use super::markup::{Declaration, declaration};
use crate::complaint::ComplaintKind;
use std::borrow::Cow;

/// A decoded document and where its content begins, after byte order mark and declaration.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    /// The whole text without byte order mark.
    pub(crate) text: Cow<'a, str>,
    /// Byte offset of the first character after the declaration.
    pub(crate) content: usize,
}

/// A fault together with the text its offset is counted in, as far as it could be decoded.
#[derive(Debug)]
pub(crate) struct Undecoded<'a> {
    pub(crate) fault: Fault,
    pub(crate) text: Cow<'a, str>,
}

/// What the first bytes tell (XML 1.0, appendix F).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Utf8WithMark,
    Utf16Little,
    Utf16Big,
    /// Anything in which `<?xml` are the bytes of ASCII.
    AsciiLike,
}

/// The single-byte and other encodings that a declaration may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Latin9,
    Windows1252,
    Utf16,
    Utf16Little,
    Utf16Big,
}

/// Names as IANA registers them and as programs write them, compared without case.
const NAMES: [(&str, Encoding); 21] = [
    ("utf-8", Encoding::Utf8),
    ("utf8", Encoding::Utf8),
    ("us-ascii", Encoding::Ascii),
    ("ascii", Encoding::Ascii),
    ("iso-8859-1", Encoding::Latin1),
    ("iso8859-1", Encoding::Latin1),
    ("iso_8859-1", Encoding::Latin1),
    ("iso88591", Encoding::Latin1),
    ("latin1", Encoding::Latin1),
    ("l1", Encoding::Latin1),
    ("iso-8859-15", Encoding::Latin9),
    ("iso8859-15", Encoding::Latin9),
    ("iso_8859-15", Encoding::Latin9),
    ("latin-9", Encoding::Latin9),
    ("windows-1252", Encoding::Windows1252),
    ("cp1252", Encoding::Windows1252),
    ("cp-1252", Encoding::Windows1252),
    ("utf-16", Encoding::Utf16),
    ("utf16", Encoding::Utf16),
    ("utf-16le", Encoding::Utf16Little),
    ("utf-16be", Encoding::Utf16Big),
];

const KNOWN: &str = "UTF-8, UTF-16, ISO-8859-1, ISO-8859-15, Windows-1252";

fn named(name: &str) -> Option<Encoding> {
    NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, encoding)| *encoding)
}

/// Decodes a document and reads its declaration.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Undecoded<'_>> {
    let (family, mark) = match bytes {
        [0xEF, 0xBB, 0xBF, ..] => (Family::Utf8WithMark, 3),
        [0xFF, 0xFE, ..] => (Family::Utf16Little, 2),
        [0xFE, 0xFF, ..] => (Family::Utf16Big, 2),
        [b'<', 0, ..] => (Family::Utf16Little, 0),
        [0, b'<', ..] => (Family::Utf16Big, 0),
        _ => (Family::AsciiLike, 0),
    };
    let body = &bytes[mark..];
    let text = match family {
        Family::Utf8WithMark => utf_8(body)?,
        Family::Utf16Little => utf_16(body, u16::from_le_bytes)?,
        Family::Utf16Big => utf_16(body, u16::from_be_bytes)?,
        Family::AsciiLike => return ascii_like(body),
    };
    let declared = match declaration(&text) {
        Ok(declared) => declared,
        Err(fault) => return Err(Undecoded { fault, text }),
    };
    let fits = match declared.encoding.map(named) {
        None => true,
        Some(None) => {
            let fault = unknown(&declared);
            return Err(Undecoded { fault, text });
        }
        Some(Some(encoding)) => matches!(
            (family, encoding),
            (Family::Utf8WithMark, Encoding::Utf8)
                | (Family::Utf16Little, Encoding::Utf16 | Encoding::Utf16Little)
                | (Family::Utf16Big, Encoding::Utf16 | Encoding::Utf16Big)
        ),
    };
    if !fits {
        let actual = if family == Family::Utf8WithMark { "UTF-8" } else { "UTF-16" };
        let fault = contradiction(&declared, actual);
        return Err(Undecoded { fault, text });
    }
    let content = declared.length;
    Ok(Decoded { text, content })
}

/// Text in the encoding of a document that was decoded, with its byte order mark; none when the encoding has not all of
/// its characters.
pub(crate) fn encode_as(document: &[u8], text: &str) -> Option<Vec<u8>> {
    let wide = |mark: &[u8], unit: fn(u16) -> [u8; 2]| {
        Some(mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect())
    };
    match document {
        [0xEF, 0xBB, 0xBF, ..] => return Some([b"\xEF\xBB\xBF", text.as_bytes()].concat()),
        [0xFF, 0xFE, ..] => return wide(b"\xFF\xFE", u16::to_le_bytes),
        [0xFE, 0xFF, ..] => return wide(b"\xFE\xFF", u16::to_be_bytes),
        [b'<', 0, ..] => return wide(b"", u16::to_le_bytes),
        [0, b'<', ..] => return wide(b"", u16::to_be_bytes),
        _ => {}
    }
    let single = |decode: fn(u8) -> Option<char>| {
        let byte_of = |character: char| {
            let plain = u8::try_from(character).ok().filter(u8::is_ascii);
            plain.or_else(|| (0x80..=0xFF).find(|byte| decode(*byte) == Some(character)))
        };
        text.chars().map(byte_of).collect()
    };
    match declaration(text).ok()?.encoding.and_then(named) {
        None | Some(Encoding::Utf8) => Some(text.as_bytes().to_vec()),
        Some(Encoding::Ascii) => text.is_ascii().then(|| text.as_bytes().to_vec()),
        Some(Encoding::Latin1) => single(|byte| Some(char::from(byte))),
        Some(Encoding::Latin9) => single(latin_9),
        Some(Encoding::Windows1252) => single(windows_1252),
        Some(Encoding::Utf16 | Encoding::Utf16Little | Encoding::Utf16Big) => None,
    }
}

fn unknown(declared: &Declaration<'_>) -> Fault {
    Fault::new(declared.encoding_at, ComplaintKind::UnknownEncoding)
        .found(declared.encoding.unwrap_or_default())
        .expected(KNOWN)
}

fn contradiction(declared: &Declaration<'_>, actual: &'static str) -> Fault {
    Fault::new(declared.encoding_at, ComplaintKind::EncodingContradiction)
        .found(declared.encoding.unwrap_or_default())
        .expected(actual)
}

/// No mark: the declaration decides, and without one it is UTF-8.
fn ascii_like(bytes: &[u8]) -> Result<Decoded<'_>, Undecoded<'_>> {
    let head = if bytes.starts_with(b"<?xml") {
        let end = memchr::memmem::find(bytes, b"?>").map_or(bytes.len(), |end| end + 2);
        // The declaration is ASCII in every encoding we know; if it is not, decoding as UTF-8 finds the place.
        std::str::from_utf8(&bytes[..end]).ok().filter(|head| head.is_ascii())
    } else {
        None
    };
    let Some(head) = head else {
        let text = utf_8(bytes)?;
        return match declaration(&text) {
            Ok(declared) => {
                let content = declared.length;
                Ok(Decoded { text, content })
            }
            Err(fault) => Err(Undecoded { fault, text }),
        };
    };
    let declared = declaration(head).map_err(|fault| Undecoded { fault, text: head.into() })?;
    let encoding = match declared.encoding {
        None => Encoding::Utf8,
        Some(name) => named(name).ok_or_else(|| Undecoded { fault: unknown(&declared), text: head.into() })?,
    };
    let text = match encoding {
        Encoding::Utf8 => utf_8(bytes)?,
        Encoding::Ascii => ascii(bytes)?,
        Encoding::Latin1 => single_byte(bytes, |byte| Some(char::from(byte)))?,
        Encoding::Latin9 => single_byte(bytes, latin_9)?,
        Encoding::Windows1252 => single_byte(bytes, windows_1252)?,
        Encoding::Utf16 | Encoding::Utf16Little | Encoding::Utf16Big => {
            return Err(Undecoded { fault: contradiction(&declared, "UTF-8"), text: head.into() });
        }
    };
    Ok(Decoded { text, content: declared.length })
}

fn bad_bytes<'a>(text: Cow<'a, str>, bytes: &[u8]) -> Undecoded<'a> {
    let shown = bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(" ");
    Undecoded { fault: Fault::new(text.len(), ComplaintKind::BadBytes).found(&shown), text }
}

fn utf_8(bytes: &[u8]) -> Result<Cow<'_, str>, Undecoded<'_>> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let (good, bad) = bytes.split_at(error.valid_up_to());
        let bad = &bad[..error.error_len().unwrap_or(bad.len())];
        bad_bytes(String::from_utf8_lossy(good), bad)
    })
}

fn ascii(bytes: &[u8]) -> Result<Cow<'_, str>, Undecoded<'_>> {
    single_byte(bytes, |byte| byte.is_ascii().then(|| char::from(byte)))
}

fn single_byte(bytes: &[u8], decode: impl Fn(u8) -> Option<char>) -> Result<Cow<'_, str>, Undecoded<'_>> {
    if bytes.is_ascii() {
        return utf_8(bytes);
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for byte in bytes {
        match decode(*byte) {
            Some(character) => text.push(character),
            None => return Err(bad_bytes(text.into(), &[*byte])),
        }
    }
    Ok(text.into())
}

fn utf_16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, Undecoded<'_>> {
    let pairs = bytes.chunks_exact(2);
    let odd = pairs.remainder();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(pairs.map(|pair| unit([pair[0], pair[1]]))) {
        match character {
            Ok(character) => text.push(character),
            Err(error) => return Err(bad_bytes(text.into(), &error.unpaired_surrogate().to_be_bytes())),
        }
    }
    if odd.is_empty() { Ok(text.into()) } else { Err(bad_bytes(text.into(), odd)) }
}

/// ISO-8859-15: ISO-8859-1 with eight characters exchanged, the euro sign among them.
fn latin_9(byte: u8) -> Option<char> {
    Some(match byte {
        0xA4 => '€',
        0xA6 => 'Š',
        0xA8 => 'š',
        0xB4 => 'Ž',
        0xB8 => 'ž',
        0xBC => 'Œ',
        0xBD => 'œ',
        0xBE => 'Ÿ',
        _ => char::from(byte),
    })
}

/// Windows-1252: ISO-8859-1 with 27 characters from 0x80 to 0x9F, where five bytes mean nothing.
fn windows_1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘', '’', '“', '”',
        '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH.get(usize::from(byte - 0x80)).copied().filter(|character| *character != '\0'),
        _ => Some(char::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn text(bytes: &[u8]) -> String {
        let decoded = decode(bytes).unwrap();
        decoded.text[decoded.content..].to_owned()
    }

    fn kind(bytes: &[u8]) -> ComplaintKind {
        decode(bytes).unwrap_err().fault.kind
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn utf_8_with_and_without_mark_and_declaration() {
        assert_eq!(text("<å/>".as_bytes()), "<å/>");
        assert_eq!(text("\u{feff}<å/>".as_bytes()), "<å/>");
        assert_eq!(text("<?xml version='1.0' encoding='UTF-8'?><å/>".as_bytes()), "<å/>");
        assert_eq!(text("\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><å/>".as_bytes()), "<å/>");
        assert_eq!(text(b"<?xml version='1.0' encoding='US-ASCII'?><a/>"), "<a/>");
    }

    #[test]
    fn utf_16_both_ways() {
        for big in [false, true] {
            assert_eq!(text(&utf16("\u{feff}<?xml version='1.0' encoding='utf-16'?><å>😀</å>", big)), "<å>😀</å>");
            assert_eq!(text(&utf16("<?xml version='1.0' encoding='UTF-16'?><å/>", big)), "<å/>");
            assert_eq!(text(&utf16("\u{feff}<å/>", big)), "<å/>");
        }
        assert_eq!(text(&utf16("\u{feff}<?xml version='1.0' encoding='utf-16le'?><a/>", false)), "<a/>");
    }

    #[test]
    fn single_bytes_as_declared() {
        assert_eq!(text(b"<?xml version='1.0' encoding='ISO-8859-1'?>\xE6\xF8\xE5\x80"), "æøå\u{80}");
        assert_eq!(text(b"<?xml version='1.0' encoding='windows-1252'?>\xE6\xF8\xE5\x80\x96"), "æøå€–");
        assert_eq!(text(b"<?xml version='1.0' encoding='iso-8859-15'?>\xE5\xA4"), "å€");
    }

    #[test]
    fn what_was_decoded_is_encoded_to_the_same_bytes() {
        for bytes in [
            "<å/>".as_bytes().to_vec(),
            "\u{feff}<å/>".as_bytes().to_vec(),
            utf16("\u{feff}<å>😀</å>", false),
            utf16("\u{feff}<å>😀</å>", true),
            utf16("<?xml version='1.0' encoding='UTF-16'?><å/>", true),
            b"<?xml version='1.0' encoding='ISO-8859-1'?><\xE5/>\x80".to_vec(),
            b"<?xml version='1.0' encoding='iso-8859-15'?><\xE5/>\xA4".to_vec(),
            b"<?xml version='1.0' encoding='windows-1252'?><\xE5/>\x80\x96".to_vec(),
            b"<?xml version='1.0' encoding='us-ascii'?><a/>".to_vec(),
        ] {
            let text = decode(&bytes).unwrap().text.into_owned();
            assert_eq!(encode_as(&bytes, &text).unwrap(), bytes, "{text}");
        }
        assert_eq!(
            encode_as(b"<?xml version='1.0' encoding='us-ascii'?>", "<?xml version='1.0' encoding='us-ascii'?>å"),
            None
        );
    }

    #[test]
    fn contradictions_and_unknown_names_are_faults() {
        assert_eq!(
            kind("\u{feff}<?xml version='1.0' encoding='ISO-8859-1'?><a/>".as_bytes()),
            ComplaintKind::EncodingContradiction
        );
        assert_eq!(kind(b"<?xml version='1.0' encoding='utf-16'?><a/>"), ComplaintKind::EncodingContradiction);
        assert_eq!(
            kind(&utf16("\u{feff}<?xml version='1.0' encoding='UTF-8'?><a/>", false)),
            ComplaintKind::EncodingContradiction
        );
        assert_eq!(
            kind(&utf16("\u{feff}<?xml version='1.0' encoding='UTF-16BE'?><a/>", false)),
            ComplaintKind::EncodingContradiction
        );
        assert_eq!(kind(b"<?xml version='1.0' encoding='EBCDIC'?><a/>"), ComplaintKind::UnknownEncoding);
    }

    #[test]
    fn bytes_that_are_no_characters() {
        assert_eq!(kind(b"<a>\xE5</a>"), ComplaintKind::BadBytes);
        assert_eq!(kind(b"<?xml version='1.0' encoding='us-ascii'?><a>\xC3\xA5</a>"), ComplaintKind::BadBytes);
        assert_eq!(kind(b"<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>"), ComplaintKind::BadBytes);
        assert_eq!(kind(b"\xFF\xFE<\0a"), ComplaintKind::BadBytes);
        assert_eq!(kind(b"\xFF\xFE<\0\x00\xD8>\0"), ComplaintKind::BadBytes);
        let undecoded = decode("<a>\nb\u{e5}".as_bytes().split_last().unwrap().1).unwrap_err();
        assert_eq!((undecoded.fault.offset, undecoded.fault.found.as_str()), (5, "C3"));
    }
}
