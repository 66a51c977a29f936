//! A document as elements with their places, to be written again with changes and otherwise byte for byte.
//!
//! Everything that is no element (blanks, comments, processing instructions) stands before an element and goes where the
//! element goes, or stands last in its parent and stays.

use crate::xml::escape;
use std::borrow::Cow;
use std::ops::Range;

/// An element.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    /// Name without prefix.
    pub(super) local: &'a str,
    /// The start tag.
    pub(super) open: Cow<'a, str>,
    /// Where the start tag begins in the text.
    pub(super) at: usize,
    /// It is in the namespace of the return. Others are nobody's to change.
    pub(super) ours: bool,
    /// Child elements, each with what stands before it.
    pub(super) children: Vec<Child<'a>>,
    /// What stands before the end tag: the value, where there are no children.
    pub(super) tail: Cow<'a, str>,
    /// The end tag; empty for `<a/>`.
    close: Cow<'a, str>,
}

/// A child element.
#[derive(Debug, Clone)]
pub(super) struct Child<'a> {
    /// Blanks and comments before it.
    pub(super) gap: Cow<'a, str>,
    /// The element, or none where one was removed whose comments stay.
    pub(super) node: Option<Node<'a>>,
}

/// A document: what stands before the root, the root, and what stands behind it.
#[derive(Debug)]
pub(super) struct Document<'a> {
    before: &'a str,
    pub(super) root: Node<'a>,
    behind: &'a str,
}

/// A piece of what stands between tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    /// Characters as they stand there, references among them.
    Text(&'a str),
    /// A CDATA section, with what encloses it.
    Section(&'a str),
    /// A comment or a processing instruction.
    Passed(&'a str),
}

const SECTION: &str = "<![CDATA[";
const SECTION_END: &str = "]]>";
/// What an amount may have around it.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// The pieces of a text without elements.
fn pieces(mut rest: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let (piece, length) = match passed(rest) {
            Some(length) if rest.starts_with(SECTION) => (Piece::Section(rest.get(..length).unwrap_or(rest)), length),
            Some(length) => (Piece::Passed(rest.get(..length).unwrap_or(rest)), length),
            None => {
                let from = usize::from(rest.starts_with('<'));
                let length = rest.get(from..).and_then(|it| it.find('<')).map_or(rest.len(), |at| at + from);
                (Piece::Text(rest.get(..length).unwrap_or(rest)), length)
            }
        };
        pieces.push(piece);
        rest = rest.get(length..).unwrap_or("");
    }
    pieces
}

/// Comments and processing instructions of a text, and nothing else of it.
fn comments(text: &str) -> String {
    let passed = |piece| match piece {
        Piece::Passed(text) => Some(text),
        Piece::Text(_) | Piece::Section(_) => None,
    };
    pieces(text).into_iter().filter_map(passed).collect()
}

/// A gap without its comments: the blanks behind the last of them.
pub(super) fn blanks(gap: &str) -> &str {
    match pieces(gap).last() {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}

impl<'a> Node<'a> {
    /// A new element in the namespace of the return, without attributes and empty.
    pub(super) fn empty(prefix: &str, local: &'static str, at: usize) -> Self {
        let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        let open = format!("<{name}/>").into();
        Self { local, open, at, ours: true, children: Vec::new(), tail: "".into(), close: "".into() }
    }

    /// The prefix of its name.
    pub(super) fn prefix(&self) -> &str {
        let name = self.open.trim_start_matches('<');
        let end = name.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(name.len());
        name.get(..end).and_then(|name| name.split_once(':')).map(|(prefix, _)| prefix).unwrap_or_default()
    }

    /// Child elements in the namespace of the return.
    pub(super) fn known(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| child.node.as_ref()).filter(|node| node.ours)
    }

    /// The child of that name.
    pub(super) fn child(&self, local: &str) -> Option<&Self> {
        self.known().find(|node| node.local == local)
    }

    /// The child of that name, to be changed.
    pub(super) fn child_mut(&mut self, local: &str) -> Option<&mut Self> {
        let nodes = self.children.iter_mut().filter_map(|child| child.node.as_mut());
        nodes.filter(|node| node.ours).find(|node| node.local == local)
    }

    /// The value as the reader has it: references and sections read, comments passed over. None for an element that has
    /// elements, or cannot hold a value.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        if !self.children.is_empty() || self.close.is_empty() {
            return None;
        }
        if !self.tail.contains(['<', '&', '\r']) {
            return Some(Cow::Borrowed(&self.tail));
        }
        let mut text = String::new();
        for piece in pieces(&self.tail) {
            match piece {
                Piece::Text(raw) => escape::expand(raw, 0, &mut text).ok()?,
                Piece::Section(raw) => text.push_str(inner(raw)),
                Piece::Passed(_) => {}
            }
        }
        Some(Cow::Owned(text))
    }

    /// The value without blanks around it.
    pub(super) fn value(&self) -> Option<Cow<'_, str>> {
        self.text().map(|text| match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(BLANKS)),
            Cow::Owned(text) => Cow::Owned(text.trim_matches(BLANKS).to_owned()),
        })
    }

    /// Whether nothing but blanks stands in it, or it cannot hold anything.
    pub(super) fn is_empty(&self) -> bool {
        self.children.is_empty() && self.value().is_none_or(|value| value.is_empty())
    }

    /// Writes another value, of characters that need no escaping. Comments stay; blanks around it do where they mean
    /// nothing, as around an amount.
    pub(super) fn set_value(&mut self, value: &str, keep_blanks: bool) {
        let mut written = String::new();
        let mut left = Some(value);
        for piece in pieces(&self.tail) {
            match piece {
                Piece::Passed(text) => written.push_str(text),
                Piece::Text(text) if text.trim_matches(BLANKS).is_empty() => {
                    written.push_str(if keep_blanks { text } else { "" });
                }
                Piece::Text(text) => {
                    let start = text.len() - text.trim_start_matches(BLANKS).len();
                    let end = text.trim_end_matches(BLANKS).len().max(start);
                    let blanks = |part: Option<&str>| part.filter(|_| keep_blanks).unwrap_or_default().to_owned();
                    if let Some(value) = left.take() {
                        written.push_str(&blanks(text.get(..start)));
                        written.push_str(value);
                    }
                    written.push_str(&blanks(text.get(end..)));
                }
                Piece::Section(text) => {
                    if let Some(value) = left.filter(|_| !inner(text).trim_matches(BLANKS).is_empty()) {
                        left = None;
                        written.push_str(&format!("{SECTION}{value}{SECTION_END}"));
                    }
                }
            }
        }
        written.push_str(left.unwrap_or_default());
        self.tail = written.into();
    }

    /// The same without comments: to be written a second time.
    pub(super) fn uncommented(&self) -> Self {
        let tail = pieces(&self.tail).into_iter().filter_map(|piece| match piece {
            Piece::Text(text) | Piece::Section(text) => Some(text),
            Piece::Passed(_) => None,
        });
        Self { tail: tail.collect::<String>().into(), ..self.clone() }
    }

    /// The same element with other content.
    pub(super) fn with(&self, children: Vec<Child<'a>>, tail: String) -> Self {
        Self { children, tail: tail.into(), open: self.open.clone(), close: self.close.clone(), ..*self }
    }

    /// Takes children out. Blanks before one go too; comments stay, those within it too.
    pub(super) fn remove(&mut self, local: &str) {
        for child in &mut self.children {
            let Some(node) = child.node.take_if(|node| node.ours && node.local == local) else { continue };
            let within = comments(&node.tail);
            if child.gap.trim().is_empty() && within.is_empty() {
                child.gap = "".into();
            } else {
                child.gap = format!("{}{within}", child.gap).into();
            }
        }
        if self.children.iter().all(|child| child.node.is_none() && child.gap.is_empty()) {
            self.children.clear();
        }
    }

    fn write(&self, into: &mut String) {
        into.push_str(&self.open);
        for child in &self.children {
            into.push_str(&child.gap);
            if let Some(node) = &child.node {
                node.write(into);
            }
        }
        into.push_str(&self.tail);
        into.push_str(&self.close);
    }
}

/// What a CDATA section encloses.
fn inner(section: &str) -> &str {
    section.strip_prefix(SECTION).and_then(|text| text.strip_suffix(SECTION_END)).unwrap_or_default()
}

impl<'a> Document<'a> {
    /// The document again.
    pub(super) fn write(&self) -> String {
        let mut text = String::new();
        text.push_str(self.before);
        self.root.write(&mut text);
        text.push_str(self.behind);
        text
    }

    /// Reads a text that is well-formed. Of one that is not, nothing comes.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut open: Vec<Node<'a>> = Vec::new();
        // Where what has not been given to anybody begins.
        let mut from = 0;
        let mut at = 0;
        let mut before = "";
        while let Some(next) = memchr::memchr(b'<', text.as_bytes().get(at..)?) {
            let tag = at + next;
            let rest = text.get(tag..)?;
            if let Some(after) = passed(rest) {
                at = tag + after;
                continue;
            }
            let span = tag..tag + end_of_tag(rest)?;
            let gap = text.get(from..tag)?;
            at = span.end;
            from = at;
            if rest.starts_with("</") {
                let mut node = open.pop()?;
                node.tail = gap.into();
                node.close = text.get(span.clone())?.into();
                if let Some(document) = Self::end(node, &mut open, before, text, &span) {
                    return Some(document);
                }
                continue;
            }
            let start = text.get(span.clone())?;
            let node = Node {
                local: local_name(start),
                open: start.into(),
                at: tag,
                ours: true,
                children: Vec::new(),
                tail: "".into(),
                close: "".into(),
            };
            match open.last_mut() {
                None => before = gap,
                Some(parent) => parent.children.push(Child { gap: gap.into(), node: None }),
            }
            if start.ends_with("/>") {
                if let Some(document) = Self::end(node, &mut open, before, text, &span) {
                    return Some(document);
                }
            } else {
                // Deeper is no return.
                if open.len() > 300 {
                    return None;
                }
                open.push(node);
            }
        }
        None
    }

    /// Gives a finished element to its parent, or ends the document.
    fn end(node: Node<'a>, open: &mut [Node<'a>], before: &'a str, text: &'a str, span: &Range<usize>) -> Option<Self> {
        match open.last_mut().and_then(|parent| parent.children.last_mut()) {
            Some(child) => {
                child.node = Some(node);
                None
            }
            None => Some(Self { before, root: node, behind: text.get(span.end..)? }),
        }
    }
}

/// How long a comment, section or processing instruction is that begins here.
fn passed(rest: &str) -> Option<usize> {
    let until = |end: &str| rest.find(end).map(|at| at + end.len());
    if rest.starts_with("<!--") {
        until("-->")
    } else if rest.starts_with(SECTION) {
        until(SECTION_END)
    } else if rest.starts_with("<?") {
        until("?>")
    } else {
        None
    }
}

fn end_of_tag(rest: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in rest.char_indices() {
        match (quote, letter) {
            (None, '>') => return Some(at + 1),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn local_name(tag: &str) -> &str {
    let name = tag.trim_start_matches(['<', '/']);
    let end = name.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(name.len());
    let name = name.get(..end).unwrap_or_default();
    name.split_once(':').map_or(name, |(_, local)| local)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_document_is_written_as_it_was_read() {
        for sample in &crate::samples::ALL {
            if let Ok(text) = std::str::from_utf8(sample.bytes) {
                assert_eq!(Document::read(text).unwrap().write(), text, "{}", sample.id);
            }
        }
        for text in
            ["<a/>", "<?x?><!-- < --><a b='>'><c/>x<![CDATA[<y>]]><!----></a ><!-- z -->\n", "<p:a><p:b>1</p:b></p:a>"]
        {
            assert_eq!(Document::read(text).unwrap().write(), text);
        }
        for text in ["", "<a>", "<a", "</a>", "x"] {
            assert!(Document::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn comments_stay_where_an_element_is_removed() {
        let text = "<a>\n <b>1</b>\n <!-- hei -->\n <c>2</c>\n <c2/>\n</a>";
        let mut document = Document::read(text).unwrap();
        document.root.remove("c");
        document.root.remove("c2");
        assert_eq!(document.write(), "<a>\n <b>1</b>\n <!-- hei -->\n \n</a>");
        document.root.remove("b");
        assert_eq!(document.write(), "<a>\n <!-- hei -->\n \n</a>");
    }
}
