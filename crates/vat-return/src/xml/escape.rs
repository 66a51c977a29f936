//! Character references and XML's own five entities, read and written.

use super::Fault;
use crate::complaint::ComplaintKind;

/// Whether XML 1.0 allows the character (production 2).
pub(crate) fn is_allowed(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Appends text with its references replaced and its line ends made `\n` (XML 1.0, 2.11).
///
/// `offset` is where `raw` begins in the document, for the fault.
pub(crate) fn expand(raw: &str, offset: usize, into: &mut String) -> Result<(), Fault> {
    let mut rest = raw;
    while let Some(place) = memchr::memchr2(b'&', b'\r', rest.as_bytes()) {
        into.push_str(&rest[..place]);
        let from = &rest[place..];
        let here = offset + (raw.len() - from.len());
        if let Some(after) = from.strip_prefix('\r') {
            into.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            continue;
        }
        let (character, length) = reference(from, here)?;
        into.push(character);
        rest = &from[length..];
    }
    into.push_str(rest);
    Ok(())
}

/// The character that `&…;` at the start of the text stands for, and how many bytes it takes.
fn reference(text: &str, offset: usize) -> Result<(char, usize), Fault> {
    let shown = || text.split([' ', '<', '\n', '\r', '\t']).next().unwrap_or_default();
    let malformed = || Fault::new(offset, ComplaintKind::Reference).found(shown()).expected("&amp;");
    // The longest reference that can mean anything is `&#x0…010FFFF;`, with as many zeros as one likes.
    let end = text.find(';').ok_or_else(malformed)?;
    let name = &text[1..end];
    let code = match name.strip_prefix('#') {
        Some(digits) => {
            let (digits, radix) = digits.strip_prefix('x').map_or((digits, 10), |hex| (hex, 16));
            if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
                return Err(malformed());
            }
            // Overflow is beyond the last character, which the next step refuses.
            u32::from_str_radix(digits, radix).unwrap_or(u32::MAX)
        }
        None => match name {
            "lt" => u32::from('<'),
            "gt" => u32::from('>'),
            "amp" => u32::from('&'),
            "quot" => u32::from('"'),
            "apos" => u32::from('\''),
            _ if super::names::is_name(name) => {
                return Err(Fault::new(offset, ComplaintKind::UnknownEntity).found(&text[..=end]));
            }
            _ => return Err(malformed()),
        },
    };
    match char::from_u32(code).filter(|character| is_allowed(*character)) {
        Some(character) => Ok((character, end + 1)),
        None => Err(Fault::new(offset, ComplaintKind::ForbiddenCharacter).found(&text[..=end])),
    }
}

/// Appends text so that reading it gives the same text again, in an element or in double quotes.
///
/// Characters that XML cannot carry at all become U+FFFD; typed values have none.
pub(crate) fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            // A literal carriage return would be read as a line feed.
            '\r' => into.push_str("&#13;"),
            _ if is_allowed(character) => into.push(character),
            _ => into.push(char::REPLACEMENT_CHARACTER),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn expanded(raw: &str) -> Result<String, ComplaintKind> {
        let mut into = String::new();
        expand(raw, 100, &mut into).map(|()| into).map_err(|fault| fault.kind)
    }

    #[test]
    fn the_five_entities_and_numbers() {
        assert_eq!(expanded("a&lt;&gt;&amp;&quot;&apos;b").unwrap(), "a<>&\"'b");
        assert_eq!(expanded("&#229;&#xE5;&#x000e5;&#0000229;&#13;").unwrap(), "åååå\r");
        assert_eq!(expanded("&#x1F600;").unwrap(), "😀");
    }

    #[test]
    fn line_ends_become_line_feeds() {
        assert_eq!(expanded("a\r\nb\rc\nd\r").unwrap(), "a\nb\nc\nd\n");
        assert_eq!(expanded("\r\r\n").unwrap(), "\n\n");
    }

    #[test]
    fn faults() {
        for raw in ["&", "a & b", "&;", "&#;", "&#x;", "&#X41;", "&#12a;", "&a b;", "&#-1;", "&#+1;", "&lt"] {
            assert_eq!(expanded(raw), Err(ComplaintKind::Reference), "{raw}");
        }
        for raw in ["&#0;", "&#xFFFE;", "&#xD800;", "&#x110000;", "&#99999999999999;", "&#7;"] {
            assert_eq!(expanded(raw), Err(ComplaintKind::ForbiddenCharacter), "{raw}");
        }
        assert_eq!(expanded("&nbsp;"), Err(ComplaintKind::UnknownEntity));
        let fault = expand("abc &nbsp; x", 100, &mut String::new()).unwrap_err();
        assert_eq!((fault.offset, fault.found.as_str()), (104, "&nbsp;"));
    }

    #[test]
    fn what_is_escaped_reads_back() {
        let text = "a<b>&\"'\r\n\t ]]> å";
        let mut written = String::new();
        escape(text, &mut written);
        assert_eq!(expanded(&written).unwrap(), text);
        assert!(!written.contains("]]>"));
    }
}
