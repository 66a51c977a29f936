//! The markup that is not an element: XML declaration, comments, processing instructions, CDATA; and attributes.

use super::{Fault, names};
use crate::complaint::ComplaintKind;

/// `<?xml version="1.0" encoding="…" standalone="…"?>`, or nothing.
#[derive(Debug, Default)]
pub(crate) struct Declaration<'a> {
    /// Bytes it takes.
    pub(crate) length: usize,
    /// Declared encoding.
    pub(crate) encoding: Option<&'a str>,
    /// Where the encoding's name stands.
    pub(crate) encoding_at: usize,
}

/// An attribute as it stands in a start tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute<'a> {
    /// Qualified name.
    pub(crate) name: &'a str,
    /// Between the quotes, references not replaced.
    pub(crate) raw: &'a str,
    /// Where the name begins.
    pub(crate) offset: usize,
}

impl Attribute<'_> {
    /// The value: references replaced, white space made spaces (XML 1.0, 3.3.3).
    pub(crate) fn value(&self) -> Result<String, Fault> {
        let mut value = String::with_capacity(self.raw.len());
        // White space written as a reference stays what it is, so literal white space goes first.
        let spaced = self.raw.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ");
        super::escape::expand(&spaced, self.offset, &mut value)?;
        Ok(value)
    }
}

pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// The offset of the first byte from `at` that is not white space.
pub(crate) fn skip_blanks(bytes: &[u8], at: usize) -> usize {
    bytes.iter().skip(at).position(|byte| !is_blank(*byte)).map_or(bytes.len(), |blanks| at + blanks)
}

/// Reads `name="value"` at `at`; returns it and the offset after it.
pub(crate) fn attribute(text: &str, at: usize) -> Result<(Attribute<'_>, usize), Fault> {
    let bytes = text.as_bytes();
    let fault = |offset: usize, shown: &str| {
        if offset >= bytes.len() {
            Fault::new(at, ComplaintKind::EndsEarly)
        } else {
            Fault::new(offset, ComplaintKind::Attribute).found(shown)
        }
    };
    let name_end = text[at..]
        .find(|character: char| {
            character.is_ascii() && !matches!(character, '0'..='9' | 'A'..='Z' | 'a'..='z' | ':' | '_' | '-' | '.')
        })
        .map_or(text.len(), |length| at + length);
    let name = &text[at..name_end];
    if !names::is_qualified(name) {
        let shown = text[at..].split(|character: char| character.is_whitespace() || character == '>').next();
        return Err(fault(at, shown.unwrap_or_default()));
    }
    let equals = skip_blanks(bytes, name_end);
    if bytes.get(equals) != Some(&b'=') {
        return Err(fault(equals, name));
    }
    let quote_at = skip_blanks(bytes, equals + 1);
    let quote = match bytes.get(quote_at) {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => return Err(fault(quote_at, name)),
    };
    let from = quote_at + 1;
    let Some(length) = memchr::memchr2(quote, b'<', &bytes[from..]) else {
        return Err(Fault::new(at, ComplaintKind::EndsEarly));
    };
    let end = from + length;
    if bytes[end] == b'<' {
        return Err(fault(end, name));
    }
    let attribute = Attribute { name, raw: &text[from..end], offset: at };
    if memchr::memchr(b'&', attribute.raw.as_bytes()).is_some() {
        super::escape::expand(attribute.raw, from, &mut String::new())?;
    }
    Ok((attribute, end + 1))
}

/// Reads the XML declaration at the very beginning of a text, if there is one.
pub(crate) fn declaration(text: &str) -> Result<Declaration<'_>, Fault> {
    let bytes = text.as_bytes();
    if !text.starts_with("<?xml") || !bytes.get(5).is_some_and(|byte| is_blank(*byte) || *byte == b'?') {
        return Ok(Declaration::default());
    }
    let malformed = |at: usize| {
        let line = text[at.min(text.len())..].split(['\n', '\r', '>']).next().unwrap_or_default();
        Fault::new(at.min(text.len()), ComplaintKind::Declaration)
            .found(line)
            .expected("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
    };
    let mut declaration = Declaration::default();
    let mut at = 5;
    // 0 before the version, 1 after it, 2 after the encoding, 3 after standalone.
    let mut stage = 0;
    loop {
        let next = skip_blanks(bytes, at);
        if bytes[next..].starts_with(b"?>") {
            declaration.length = next + 2;
            return if stage == 0 { Err(malformed(0)) } else { Ok(declaration) };
        }
        if next == at {
            return Err(malformed(at));
        }
        let (attribute, end) = attribute(text, next).map_err(|_| malformed(next))?;
        let value = attribute.raw;
        stage = match (attribute.name, stage) {
            ("version", 0) if is_version(value) => 1,
            ("encoding", 1) if is_encoding(value) => {
                declaration.encoding = Some(value);
                declaration.encoding_at = next;
                2
            }
            ("standalone", 1 | 2) if matches!(value, "yes" | "no") => 3,
            _ => return Err(malformed(next)),
        };
        at = end;
    }
}

/// `1.0`, or a later 1.x, which the fifth edition has read as 1.0.
fn is_version(value: &str) -> bool {
    value.strip_prefix("1.").is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_encoding(value: &str) -> bool {
    value.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}

/// The offset after the comment that begins at `at` with `<!--`.
pub(crate) fn comment(text: &str, at: usize) -> Result<usize, Fault> {
    let content = at + 4;
    let Some(dashes) = memchr::memmem::find(&text.as_bytes()[content..], b"--") else {
        return Err(Fault::new(at, ComplaintKind::EndsEarly).found("<!--").expected("-->"));
    };
    let end = content + dashes + 2;
    if text.as_bytes().get(end) == Some(&b'>') {
        Ok(end + 1)
    } else {
        Err(Fault::new(end - 2, ComplaintKind::Comment).found("--").expected("-->"))
    }
}

/// The offset after the processing instruction that begins at `at` with `<?`.
pub(crate) fn instruction(text: &str, at: usize) -> Result<usize, Fault> {
    let Some(length) = memchr::memmem::find(&text.as_bytes()[at + 2..], b"?>") else {
        return Err(Fault::new(at, ComplaintKind::EndsEarly).found("<?").expected("?>"));
    };
    let content = &text[at + 2..at + 2 + length];
    let target = content.split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
    if target == "xml" {
        return Err(Fault::new(at, ComplaintKind::Declaration).found(content).expected("<?xml"));
    }
    if !names::is_name(target) || target.eq_ignore_ascii_case("xml") {
        return Err(Fault::new(at, ComplaintKind::ProcessingInstruction).found(target));
    }
    Ok(at + 2 + length + 2)
}

/// Content of the CDATA section that begins at `at` with `<![CDATA[`, and the offset after it.
pub(crate) fn section(text: &str, at: usize) -> Result<(&str, usize), Fault> {
    let content = at + 9;
    match memchr::memmem::find(&text.as_bytes()[content..], b"]]>") {
        Some(length) => Ok((&text[content..content + length], content + length + 3)),
        None => Err(Fault::new(at, ComplaintKind::EndsEarly).found("<![CDATA[").expected("]]>")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn declarations() {
        let declared = declaration("<?xml version='1.0' encoding = \"UTF-8\" standalone='no' ?>\n<a/>").unwrap();
        assert_eq!((declared.length, declared.encoding, declared.encoding_at), (57, Some("UTF-8"), 20));
        assert_eq!(declaration("<?xml version='1.1'?>").unwrap().length, 21);
        assert_eq!(declaration("<?xml-stylesheet href='x'?><a/>").unwrap().length, 0);
        assert_eq!(declaration("<a/>").unwrap().length, 0);
        for bad in [
            "<?xml?>",
            "<?xml ?>",
            "<?xml encoding='UTF-8'?>",
            "<?xml encoding='UTF-8' version='1.0'?>",
            "<?xml version='2.0'?>",
            "<?xml version='1.'?>",
            "<?xml version='1.0'encoding='UTF-8'?>",
            "<?xml version='1.0' encoding=''?>",
            "<?xml version='1.0' encoding='8'?>",
            "<?xml version='1.0' standalone='Yes'?>",
            "<?xml version='1.0' standalone='yes' encoding='UTF-8'?>",
            "<?xml version='1.0' version='1.0'?>",
            "<?xml version='1.0'",
            "<?xml version='1.0'>",
            "<?xml version=1.0?>",
        ] {
            assert_eq!(declaration(bad).unwrap_err().kind, ComplaintKind::Declaration, "{bad}");
        }
    }

    #[test]
    fn attributes() {
        let (read, end) = attribute("x a:b = 'v&lt;\"' c", 2).unwrap();
        assert_eq!((read.name, read.raw, end), ("a:b", "v&lt;\"", 16));
        assert_eq!(read.value().unwrap(), "v<\"");
        assert_eq!(attribute("a='\t\r\n&#10;x'", 0).unwrap().0.value().unwrap(), "  \nx");
        let kind = |text| attribute(text, 0).unwrap_err().kind;
        for bad in ["a>", "a=>", "a=b>", "='x'>", "1a='x'>", "a b='x'>", "a='<'>", "a:b:c='x'", "=>", "a='x<'"] {
            assert_eq!(kind(bad), ComplaintKind::Attribute, "{bad}");
        }
        for early in ["a", "a=", "a='", "a='x>"] {
            assert_eq!(kind(early), ComplaintKind::EndsEarly, "{early}");
        }
        assert_eq!(kind("a='&x;'"), ComplaintKind::UnknownEntity);
        assert_eq!(kind("a='&'"), ComplaintKind::Reference);
    }

    #[test]
    fn comments_instructions_and_sections() {
        assert_eq!(comment("<!-- a - b -->x", 0), Ok(14));
        assert_eq!(comment("<!---->", 0), Ok(7));
        assert_eq!(comment("<!-- a -- b -->", 0).unwrap_err().kind, ComplaintKind::Comment);
        assert_eq!(comment("<!-- a --->", 0).unwrap_err().kind, ComplaintKind::Comment);
        assert_eq!(comment("<!-->", 0).unwrap_err().kind, ComplaintKind::EndsEarly);
        assert_eq!(instruction("<?a b?>", 0), Ok(7));
        assert_eq!(instruction("<?a?>", 0), Ok(5));
        assert_eq!(instruction("<?xml version='1.0'?>", 0).unwrap_err().kind, ComplaintKind::Declaration);
        for bad in ["<??>", "<? a?>", "<?1?>", "<?a+?>", "<?XML b?>"] {
            assert_eq!(instruction(bad, 0).unwrap_err().kind, ComplaintKind::ProcessingInstruction, "{bad}");
        }
        assert_eq!(instruction("<?a b>", 0).unwrap_err().kind, ComplaintKind::EndsEarly);
        assert_eq!(section("<![CDATA[a]]]]>b", 0), Ok(("a]]", 15)));
        assert_eq!(section("<![CDATA[a]]", 0).unwrap_err().kind, ComplaintKind::EndsEarly);
    }
}
