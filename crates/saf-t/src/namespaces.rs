//! Namespaces: SAF-T's own under any prefix, and what another one says of a file.

use crate::error::Problem;
use quick_xml::events::BytesStart;

/// The namespace of every version.
pub(crate) const NAMESPACE: &str = "urn:StandardAuditFile-Taxation-Financial:NO";

/// Which prefixes stand for the namespace of SAF-T. Nearly always the root's declaration is the only one.
#[derive(Default)]
pub(crate) struct Namespaces {
    /// Depth, prefix, whether it is ours.
    declared: Vec<(usize, String, bool)>,
    /// The root has no namespace: then nothing has.
    pub(crate) none: bool,
}

impl Namespaces {
    pub(crate) fn declare(&mut self, depth: usize, tag: &BytesStart<'_>, root: bool) {
        for attribute in tag.attributes().flatten() {
            let key: &str = attribute.key.into_inner();
            let prefix = match key.split_once(':') {
                Some(("xmlns", prefix)) => prefix,
                None if key == "xmlns" => "",
                _ => continue,
            };
            let value: &str = &attribute.value;
            self.declared.push((depth, prefix.to_owned(), value.trim() == NAMESPACE));
        }
        if root && !self.declared.iter().any(|(_, prefix, _)| prefix.is_empty()) {
            self.declared.insert(0, (0, String::new(), false));
        }
    }

    /// The element at this depth has ended, and what it declared with it.
    pub(crate) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(at, ..)| *at > 0 && *at >= depth) {
            self.declared.pop();
        }
    }

    #[inline]
    pub(crate) fn is_ours(&self, prefix: &str) -> bool {
        // One declaration of one default namespace is what nearly every file has.
        if let ([(_, declared, ours)], true) = (self.declared.as_slice(), prefix.is_empty())
            && declared.is_empty()
        {
            return *ours || self.none;
        }
        self.none && prefix.is_empty()
            || self.declared.iter().rev().find(|(_, declared, _)| declared == prefix).is_some_and(|(.., ours)| *ours)
    }
}

/// The namespace that the root's prefix stands for.
pub(crate) fn namespace_of(prefix: &str, tag: &BytesStart<'_>) -> Option<String> {
    tag.attributes().flatten().find_map(|attribute| {
        let key: &str = attribute.key.into_inner();
        let is_it = match key.split_once(':') {
            Some(("xmlns", name)) => name == prefix,
            None => key == "xmlns" && prefix.is_empty(),
            _ => false,
        };
        let value: &str = &attribute.value;
        is_it.then(|| value.to_owned())
    })
}

/// What a file with another namespace is. Those of the world's SAF-T name the country in one of a few ways.
pub(crate) fn other_saft(namespace: &str) -> Problem {
    let is_country = |text: &&str| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase());
    let tail = namespace.rsplit(':').next().unwrap_or_default();
    let country = tail.split('_').next().filter(is_country);
    if namespace.contains("CashRegister") || (namespace.contains(":NO") && !namespace.contains("Financial")) {
        return Problem::NotFinancial(namespace.to_owned());
    }
    match country {
        Some("NO") => Problem::NotFinancial(namespace.to_owned()),
        Some(country) => Problem::OtherCountry(country.to_owned()),
        None if namespace.contains("anaf") => Problem::OtherCountry("RO".to_owned()),
        None if namespace.contains("vmi.lt") => Problem::OtherCountry("LT".to_owned()),
        None if namespace.contains("nra:") => Problem::OtherCountry("BG".to_owned()),
        None => Problem::OtherCountry(namespace.to_owned()),
    }
}
