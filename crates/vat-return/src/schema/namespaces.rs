//! Namespaces in XML 1.0: which prefixes are declared, and whether the default namespace is the document's own.

use crate::complaint::ComplaintKind;
use crate::xml::Fault;
use crate::xml::markup::Attribute;

/// The namespace of `xsi:type` and its kin.
pub(crate) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// Declarations in force, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Namespaces<'a> {
    declared: Vec<Declared<'a>>,
    /// The default namespace is the document's own, so that names without prefix are.
    pub(crate) default_is_ours: bool,
    ours: String,
}

#[derive(Debug)]
struct Declared<'a> {
    /// Empty for the default namespace.
    prefix: &'a str,
    name: String,
    depth: usize,
}

impl<'a> Namespaces<'a> {
    /// Takes the declarations among a start tag's attributes. `depth` is the element's.
    pub(crate) fn declare(&mut self, attributes: &[Attribute<'a>], depth: usize) -> Result<(), Fault> {
        for attribute in attributes {
            let prefix = match attribute.name.split_once(':') {
                None if attribute.name == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => continue,
            };
            let name = attribute.value()?;
            let forbidden = prefix == "xmlns"
                || name == XMLNS
                || (prefix == "xml") != (name == XML)
                || (name.is_empty() && !prefix.is_empty());
            if forbidden {
                return Err(Fault::new(attribute.offset, ComplaintKind::NamespaceDeclaration).found(attribute.name));
            }
            self.declared.push(Declared { prefix, name, depth });
        }
        self.settle();
        Ok(())
    }

    /// Forgets the declarations of the element at `depth` and those within it.
    #[inline]
    pub(crate) fn forget(&mut self, depth: usize) {
        if self.declared.last().is_some_and(|last| last.depth >= depth) {
            self.declared.retain(|declared| declared.depth < depth);
            self.settle();
        }
    }

    /// The namespace of a prefix, or of names without one when it is empty. No namespace is the empty name.
    pub(crate) fn name(&self, prefix: &str) -> Option<&str> {
        let declared = self.declared.iter().rev().find(|declared| declared.prefix == prefix);
        match (declared, prefix) {
            (Some(declared), _) => Some(&declared.name),
            (None, "") => Some(""),
            (None, "xml") => Some(XML),
            (None, _) => None,
        }
    }

    /// Says which namespace is the document's own.
    pub(crate) fn set_ours(&mut self, ours: &str) {
        self.ours = ours.to_owned();
        self.settle();
    }

    /// The document's own namespace.
    pub(crate) fn ours(&self) -> &str {
        &self.ours
    }

    fn settle(&mut self) {
        self.default_is_ours = self.name("") == Some(&self.ours);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn attribute(name: &'static str, raw: &'static str) -> Attribute<'static> {
        Attribute { name, raw, offset: 7 }
    }

    #[test]
    fn the_innermost_declaration_counts_until_its_element_ends() {
        let mut namespaces = Namespaces::default();
        namespaces.set_ours("m");
        namespaces.declare(&[attribute("xmlns", "m"), attribute("xmlns:a", "x")], 0).unwrap();
        assert!(namespaces.default_is_ours);
        namespaces.declare(&[attribute("xmlns", ""), attribute("xmlns:a", "y"), attribute("b", "z")], 2).unwrap();
        assert_eq!(
            (namespaces.name(""), namespaces.name("a"), namespaces.default_is_ours),
            (Some(""), Some("y"), false)
        );
        namespaces.forget(2);
        assert_eq!(
            (namespaces.name(""), namespaces.name("a"), namespaces.default_is_ours),
            (Some("m"), Some("x"), true)
        );
        assert_eq!(namespaces.name("b"), None);
        assert_eq!(namespaces.name("xml"), Some(XML));
    }

    #[test]
    fn forbidden_declarations() {
        for (name, value) in
            [("xmlns:a", ""), ("xmlns:xmlns", "a"), ("xmlns:xml", "a"), ("xmlns:a", XML), ("xmlns", XMLNS)]
        {
            let fault = Namespaces::default().declare(&[attribute(name, value)], 0).unwrap_err();
            assert_eq!(fault.kind, ComplaintKind::NamespaceDeclaration, "{name}={value}");
        }
        assert!(Namespaces::default().declare(&[attribute("xmlns:xml", XML)], 0).is_ok());
    }
}
