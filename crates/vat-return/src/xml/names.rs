//! Names of XML 1.0, fifth edition, section 2.3.

/// Whether a character may begin a name (NameStartChar).
fn begins(character: char) -> bool {
    matches!(character,
        ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// Whether a character may continue a name (NameChar).
fn continues(character: char) -> bool {
    begins(character)
        || matches!(character, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether the whole text is one name.
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(begins) && characters.all(continues)
}

/// Whether the text is a name without colons, or two of them with one colon between (QName).
pub(crate) fn is_qualified(text: &str) -> bool {
    let mut parts = text.split(':');
    is_name(text) && parts.clone().count() <= 2 && parts.all(is_name)
}

/// Prefix and local name. The prefix is empty when there is none.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "_a", "a-b.c1", "æøå", "a·b", "a\u{300}"] {
            assert!(is_name(good) && is_qualified(good), "{good}");
        }
        for bad in ["", "1a", "-a", ".a", "a b", "a&b", "·a", "\u{300}a", "a×b", "a<"] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn qualified_names() {
        assert!(is_qualified("a:b"));
        for bad in [":", ":a", "a:", "a:b:c", "a:1", "a::b"] {
            assert!(!is_qualified(bad), "{bad}");
        }
        assert_eq!(split("a:b"), ("a", "b"));
        assert_eq!(split("b"), ("", "b"));
    }
}
