//! A document as elements with their places, to be written again with changes and otherwise byte for byte.
//!
//! Everything that is no element (blanks, comments, processing instructions) stands before an element and goes where the
//! element goes, or stands last in its parent and stays.

use std::borrow::Cow;
use std::ops::Range;

/// An element.
#[derive(Debug)]
pub(super) struct Node<'a> {
    /// Name without prefix.
    pub(super) local: &'a str,
    /// The start tag.
    pub(super) open: Cow<'a, str>,
    /// Where the start tag begins in the text.
    pub(super) at: usize,
    /// Child elements, each with what stands before it.
    pub(super) children: Vec<Child<'a>>,
    /// What stands before the end tag: the value, where there are no children.
    pub(super) tail: Cow<'a, str>,
    /// The end tag; empty for `<a/>`.
    close: &'a str,
}

/// A child element.
#[derive(Debug)]
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

impl<'a> Node<'a> {
    /// A new element without attributes that holds a value, or nothing.
    pub(super) fn new(prefix: &str, local: &'static str, value: &str, at: usize) -> Self {
        let name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        if value.is_empty() {
            let open = format!("<{name}/>").into();
            return Self { local, open, at, children: Vec::new(), tail: "".into(), close: "" };
        }
        // The end tag is not borrowed from anywhere, so it goes with the value.
        let tail = format!("{value}</{name}>").into();
        Self { local, open: format!("<{name}>").into(), at, children: Vec::new(), tail, close: "" }
    }

    /// The prefix of its name.
    pub(super) fn prefix(&self) -> &str {
        let name = self.open.trim_start_matches('<');
        let end = name.find(|letter: char| letter.is_whitespace() || matches!(letter, '>' | '/')).unwrap_or(name.len());
        name.get(..end).and_then(|name| name.split_once(':')).map(|(prefix, _)| prefix).unwrap_or_default()
    }

    /// The child of that name.
    pub(super) fn child(&self, local: &str) -> Option<&Self> {
        self.children.iter().filter_map(|child| child.node.as_ref()).find(|node| node.local == local)
    }

    /// The child of that name, to be changed.
    pub(super) fn child_mut(&mut self, local: &str) -> Option<&mut Self> {
        self.children.iter_mut().filter_map(|child| child.node.as_mut()).find(|node| node.local == local)
    }

    /// The value: plain text without children and mark-up, blanks around it dropped.
    pub(super) fn value(&self) -> Option<&str> {
        let plain = self.children.is_empty() && !self.close.is_empty() && !self.tail.contains(['<', '&']);
        plain.then(|| self.tail.trim_matches([' ', '\t', '\n', '\r']))
    }

    /// The value as it stands there.
    pub(super) fn raw_value(&self) -> Option<&str> {
        self.value().map(|_| self.tail.as_ref())
    }

    pub(super) fn set_value(&mut self, value: String) {
        self.tail = value.into();
    }

    /// Takes a child out. Blanks before it go too, comments stay.
    pub(super) fn remove(&mut self, local: &str) {
        for child in &mut self.children {
            if child.node.as_ref().is_some_and(|node| node.local == local) {
                child.node = None;
                if child.gap.trim().is_empty() {
                    child.gap = "".into();
                }
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
        into.push_str(self.close);
    }
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
                node.close = text.get(span.clone())?;
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
                children: Vec::new(),
                tail: "".into(),
                close: "",
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
    } else if rest.starts_with("<![CDATA[") {
        until("]]>")
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
