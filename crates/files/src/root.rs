//! The root element of an XML document, told from its beginning and without judging the rest.

/// Name and namespace of a root element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Root {
    /// Name without prefix.
    pub(crate) local: String,
    /// The namespace that its prefix, or the lack of one, stands for, where one is declared on it.
    pub(crate) namespace: Option<String>,
    /// Its attributes as they stand there.
    pub(crate) attributes: String,
}

/// What the beginning of a file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Beginning {
    /// XML or HTML with this root element.
    Root(Root),
    /// Mark-up so far, and the root element comes later.
    More,
    /// No mark-up.
    Other,
}

/// Looks at the beginning of a file. `whole`: there is no more of it.
pub(crate) fn beginning(head: &[u8], whole: bool) -> Beginning {
    let text = decoded(head);
    let mut rest = text.trim_start_matches(|letter: char| letter == '\u{feff}' || letter.is_whitespace());
    if !rest.starts_with('<') {
        return Beginning::Other;
    }
    let more = || if whole { Beginning::Other } else { Beginning::More };
    loop {
        rest = rest.trim_start();
        let passed = if rest.starts_with("<!--") {
            after(rest, "-->")
        } else if rest.starts_with("<?") {
            after(rest, "?>")
        } else if rest.starts_with("<!") {
            after_declaration(rest)
        } else {
            break;
        };
        match passed {
            Some(passed) => rest = passed,
            None => return more(),
        }
    }
    let Some(tag) = rest.strip_prefix('<') else {
        return if rest.is_empty() { more() } else { Beginning::Other };
    };
    let Some(end) = end_of_tag(tag) else { return more() };
    let tag = tag.get(..end).unwrap_or_default().trim_end_matches('/');
    let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
    if name.is_empty() || !name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
        return Beginning::Other;
    }
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let declared = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    Beginning::Root(Root {
        local: local.to_owned(),
        namespace: attribute(attributes, &declared).map(str::to_owned),
        attributes: attributes.to_owned(),
    })
}

/// The value of an attribute in a start tag.
pub(crate) fn attribute<'a>(attributes: &'a str, wanted: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, left) = after.get(1..)?.split_once(quote)?;
        if name.trim() == wanted {
            return Some(value);
        }
        rest = left;
    }
}

/// Text of any of the encodings that are met; what is no character becomes something that stands in no name.
pub(crate) fn decoded(head: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16, bytes: &[u8]| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect()
    };
    match head {
        [0xFF, 0xFE, rest @ ..] => wide(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => wide(u16::from_be_bytes, rest),
        [b'<', 0, ..] => wide(u16::from_le_bytes, head),
        [0, b'<', ..] => wide(u16::from_be_bytes, head),
        _ => String::from_utf8_lossy(head).into_owned(),
    }
}

fn after<'a>(text: &'a str, end: &str) -> Option<&'a str> {
    text.split_once(end).map(|(_, rest)| rest)
}

/// Past `<!DOCTYPE …>`, with brackets in it.
fn after_declaration(text: &str) -> Option<&str> {
    let mut depth = 0_i32;
    for (at, letter) in text.char_indices() {
        match letter {
            '[' => depth += 1,
            ']' => depth -= 1,
            '>' if depth <= 0 => return text.get(at + 1..),
            _ => {}
        }
    }
    None
}

/// Where a start tag ends; a `>` within quotes does not end it.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in tag.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Option<(String, Option<String>)> {
        match beginning(text.as_bytes(), true) {
            Beginning::Root(root) => Some((root.local, root.namespace)),
            _ => None,
        }
    }

    #[test]
    fn the_root_is_found_behind_whatever_stands_before_it() {
        let named = |local: &str, namespace: &str| Some((local.to_owned(), Some(namespace.to_owned())));
        let bare = |local: &str| Some((local.to_owned(), None));
        assert_eq!(root("<a/>"), bare("a"));
        assert_eq!(root("\u{feff}\u{feff}<?xml version='1.0'?>\n<!-- > --><a xmlns='n' b=\">\">"), named("a", "n"));
        assert_eq!(root("<!DOCTYPE x [<!ENTITY a \"b\">]><p:x xmlns='n' xmlns:p = \"m\">"), named("x", "m"));
        assert_eq!(root("<!DOCTYPE html><html><body>Logg inn"), bare("html"));
        for other in ["", "  ", "hei", "<", "<!-- aldri ferdig", "<1>", "PK"] {
            assert_eq!(root(other), None, "{other}");
        }
        assert_eq!(beginning(b"<?xml version='1.0'?><!-- lang", false), Beginning::More);
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain("<å/>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert!(matches!(beginning(&wide, true), Beginning::Root(root) if root.local == "å"));
    }
}
