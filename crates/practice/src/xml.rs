//! A lenient look into XML: element names without prefixes, texts, children. Enough to compare an envelope with
//! a return the way the app does; whether a return is right is `vat_return`'s to say.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// One element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// The document's root, or nothing when it is not well-formed UTF-8 XML with one root.
pub(crate) fn parse(bytes: &[u8]) -> Option<Element> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::Empty(start) => {
                let name = start.local_name().as_ref().to_owned();
                open.last_mut()?.children.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let mut closed = open.pop()?;
                closed.text = closed.text.trim().to_owned();
                open.last_mut()?.children.push(closed);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text),
            Event::GeneralRef(entity) => {
                let written = format!("&{};", &*entity);
                open.last_mut()?.text.push_str(&unescape(&written).ok()?);
            }
            Event::CData(data) => open.last_mut()?.text.push_str(&data),
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    let document = open.pop().filter(|_| open.is_empty())?;
    let mut roots = document.children.into_iter();
    roots.next().filter(|_| roots.next().is_none())
}

impl Element {
    /// The first child with this name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The first element along a path of names.
    pub(crate) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text along a path, empty where there is nothing.
    pub(crate) fn text_at(&self, path: &[&str]) -> &str {
        self.at(path).map_or("", |element| element.text.as_str())
    }

    /// Every element with this name, at any depth.
    pub(crate) fn all<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        if self.name == name {
            found.push(self);
        }
        for child in &self.children {
            child.all(name, found);
        }
    }

    /// As JSON: what has children is an object, what repeats is a list, the rest is text.
    pub(crate) fn json(&self) -> serde_json::Value {
        use serde_json::{Map, Value};
        if self.children.is_empty() {
            return Value::String(self.text.clone());
        }
        let mut object = Map::new();
        for child in &self.children {
            let value = child.json();
            match object.get_mut(&child.name) {
                Some(Value::Array(list)) => list.push(value),
                Some(first) => *first = Value::Array(vec![first.take(), value]),
                None => {
                    object.insert(child.name.clone(), value);
                }
            }
        }
        Value::Object(object)
    }
}

/// Text made safe for XML.
pub(crate) fn escape(text: &str) -> String {
    quick_xml::escape::escape(text).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn names_lose_their_prefix_and_texts_their_entities() {
        let root = parse(b"<a:x xmlns:a='u'><b> 1 &amp; 2 </b><c/><b>3</b></a:x>").unwrap();
        assert_eq!(root.name, "x");
        assert_eq!(root.text_at(&["b"]), "1 & 2");
        assert_eq!(root.json(), serde_json::json!({ "b": ["1 & 2", "3"], "c": "" }));
    }

    #[test]
    fn what_is_not_one_document_is_nothing() {
        for bytes in [&b""[..], b"<a>", b"<a></b>", b"<a/><b/>", b"text", b"<!DOCTYPE a><a/>", b"\xff\xfe<a/>"] {
            assert_eq!(parse(bytes), None, "{bytes:?}");
        }
    }
}
