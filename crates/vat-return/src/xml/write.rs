//! Elements written with two spaces a level, one a line, in the order they are given.

use super::escape::escape;

/// A document in the making.
#[derive(Debug)]
pub(crate) struct Writer {
    xml: String,
    open: Vec<&'static str>,
}

impl Writer {
    /// Begins with the declaration and the root element.
    pub(crate) fn new(root: &'static str, namespace: Option<&str>) -> Self {
        let mut xml = String::with_capacity(4096);
        xml.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<");
        xml.push_str(root);
        if let Some(namespace) = namespace {
            xml.push_str(" xmlns=\"");
            escape(namespace, &mut xml);
            xml.push('"');
        }
        xml.push_str(">\n");
        Self { xml, open: vec![root] }
    }

    /// Opens an element that holds others.
    pub(crate) fn open(&mut self, name: &'static str) {
        self.indent();
        self.xml.push('<');
        self.xml.push_str(name);
        self.xml.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the innermost open element.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.xml.push_str("</");
            self.xml.push_str(name);
            self.xml.push_str(">\n");
        }
    }

    /// Writes an element that holds a value.
    pub(crate) fn value(&mut self, name: &str, value: &str) {
        self.indent();
        self.xml.push('<');
        self.xml.push_str(name);
        self.xml.push('>');
        escape(value, &mut self.xml);
        self.xml.push_str("</");
        self.xml.push_str(name);
        self.xml.push_str(">\n");
    }

    /// Writes an element that holds a value, if there is one.
    pub(crate) fn maybe(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    /// Writes an element that holds nothing.
    pub(crate) fn empty(&mut self, name: &str) {
        self.indent();
        self.xml.push('<');
        self.xml.push_str(name);
        self.xml.push_str("/>\n");
    }

    /// `skattleggingsperiode`, which three documents have alike.
    pub(crate) fn period(&mut self, period: &crate::Period) {
        self.open("skattleggingsperiode");
        self.open("periode");
        self.value(period.xml_element(), &period.xml_value());
        self.close();
        self.value("aar", &year(period.year));
        self.close();
    }

    /// Closes whatever is open.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.xml
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.xml.push_str("  ");
        }
    }
}

/// `xsd:gYear` has at least four digits, before them perhaps a minus.
fn year(year: i32) -> String {
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}", year.unsigned_abs())
}
