//! The structure: namespace, order of elements, and the one required element that says nothing.

use super::changes::{ChangeKind, LocatedChange};
use super::tree::{Child, Node, blanks};
use crate::complaint::{Complaint, ComplaintKind, Rejection};
use crate::return_schema::{NAMESPACE, RETURN};
use crate::schema::{Content, Element};
use crate::xml::escape;
use crate::xml::markup::{attribute, skip_blanks};
use std::ops::Range;

/// Whether what was refused as another document is a return whose namespace is missing, misspelt or an older one.
pub(super) fn is_nearly_a_return(rejection: &Rejection) -> bool {
    match rejection {
        Rejection::NotAReturn(Complaint { kind: ComplaintKind::OtherDocument, found, expected, .. }) => {
            expected == NAMESPACE && (is_near(found) || is_older(found))
        }
        // The prefix of the root, for one, whose declaration is missing.
        Rejection::NotXml(Complaint { kind: ComplaintKind::UnknownPrefix, .. }) => true,
        _ => false,
    }
}

/// Nothing, or the namespace but for capitals, blanks and a slash at the end.
fn is_near(namespace: &str) -> bool {
    namespace.is_empty() || namespace.trim().trim_end_matches('/').eq_ignore_ascii_case(NAMESPACE)
}

/// One of the drafts before version 1.0. A newer version may mean other things by the same names, and is left alone.
fn is_older(namespace: &str) -> bool {
    let family = NAMESPACE.strip_suffix("1.0").unwrap_or(NAMESPACE);
    let version = namespace.trim().strip_prefix(family).and_then(|version| version.strip_prefix('0'));
    version.is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('.').is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit() || digit == b'.')
            })
    })
}

/// Mends the structure. True where it is said to be of an older version: that must be a whole return of this one then.
pub(super) fn mend(root: &mut Node<'_>, found: &mut Vec<LocatedChange>) -> bool {
    if root.local != RETURN.root.name {
        return false;
    }
    let mut names = Names { declared: Vec::new(), older: false, default_for_all: false };
    names.node(root, Some(RETURN.root), true, found);
    if names.default_for_all {
        declare(root, "", found);
        names = Names { declared: Vec::new(), older: names.older, default_for_all: false };
        names.node(root, Some(RETURN.root), true, &mut Vec::new());
    }
    payment(root, found);
    sort(root, RETURN.root, found);
    names.older
}

/// The namespaces in force while the elements are gone through.
struct Names {
    /// Prefix and namespace, the innermost last.
    declared: Vec<(String, String)>,
    older: bool,
    /// Elements without prefix are in no namespace, and the root has one.
    default_for_all: bool,
}

impl Names {
    /// Says of an element and those in it whether they are in the namespace of the return, after a declaration was mended
    /// that nearly has it.
    fn node(
        &mut self,
        node: &mut Node<'_>,
        element: Option<&'static Element>,
        is_root: bool,
        found: &mut Vec<LocatedChange>,
    ) {
        let before = self.declared.len();
        let prefix = node.prefix().to_owned();
        for (name, span) in attributes(&node.open) {
            let declares = match name.split_once(':') {
                None if name == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => continue,
            };
            let (declares, raw) = (declares.to_owned(), node.open.get(span.clone()).unwrap_or_default());
            let mut value = String::new();
            if escape::expand(raw, 0, &mut value).is_err() {
                continue;
            }
            let older = is_older(&value);
            if element.is_some() && declares == prefix && (is_near(&value) || older) && value != NAMESPACE {
                self.older |= older;
                let (at, local) = (node.at, Some(node.local));
                found.push(LocatedChange::new(at, ChangeKind::Namespace, local, Some(&value), Some(NAMESPACE)));
                node.open.to_mut().replace_range(span, NAMESPACE);
                value = NAMESPACE.to_owned();
            }
            self.declared.push((declares, value));
        }
        let name_of = |declared: &[(String, String)], prefix: &str| {
            declared.iter().rev().find(|(declares, _)| declares == prefix).map(|(_, name)| name.clone())
        };
        let mut name = name_of(&self.declared, &prefix);
        if element.is_some() && name.is_none() {
            if is_root {
                declare(node, &prefix, found);
                self.declared.push((prefix.clone(), NAMESPACE.to_owned()));
                name = Some(NAMESPACE.to_owned());
            } else if prefix.is_empty() {
                self.default_for_all = true;
            }
        }
        node.ours = name.as_deref() == Some(NAMESPACE);
        let particles = match element.map(|element| &element.of.content) {
            Some(Content::Children(particles)) if node.ours || self.default_for_all => *particles,
            _ => &[],
        };
        for child in node.children.iter_mut().filter_map(|child| child.node.as_mut()) {
            let known = particles.iter().flat_map(|it| it.any_of).find(|it| it.name == child.local);
            self.node(child, known.copied(), false, found);
        }
        self.declared.truncate(before);
    }
}

/// Declares a prefix, or the default namespace, at an element that does not.
fn declare(node: &mut Node<'_>, prefix: &str, found: &mut Vec<LocatedChange>) {
    let end = node.open.len() - if node.open.ends_with("/>") { 2 } else { 1 };
    let (before, after) = node.open.split_at(end);
    let colon = if prefix.is_empty() { "" } else { ":" };
    node.open = format!("{before} xmlns{colon}{prefix}=\"{NAMESPACE}\"{after}").into();
    found.push(LocatedChange::new(node.at, ChangeKind::Namespace, Some(node.local), None, Some(NAMESPACE)));
}

/// The attributes of a start tag: name, and where the value stands between its quotes. The last first, so that changing one
/// moves none that is still to come.
fn attributes(tag: &str) -> Vec<(String, Range<usize>)> {
    let mut attributes = Vec::new();
    let mut at = tag.find(|letter: char| letter.is_whitespace()).unwrap_or(tag.len());
    loop {
        at = skip_blanks(tag.as_bytes(), at);
        let Some(rest) = tag.get(at..) else { break };
        if rest.is_empty() || rest.starts_with(['>', '/']) {
            break;
        }
        let Ok((attribute, end)) = attribute(tag, at) else { break };
        // `end` is behind the closing quote.
        let from = end.saturating_sub(1 + attribute.raw.len());
        attributes.push((attribute.name.to_owned(), from..from + attribute.raw.len()));
        at = end;
    }
    attributes.reverse();
    attributes
}

/// `betalingsinformasjon` must be there, and may be empty.
fn payment(root: &mut Node<'_>, found: &mut Vec<LocatedChange>) {
    const NAME: &str = "betalingsinformasjon";
    if root.child(NAME).is_some() {
        return;
    }
    let place = root.children.iter().position(|child| {
        let local = child.node.as_ref().filter(|node| node.ours).map(|node| node.local).unwrap_or_default();
        matches!(local, "skattepliktig" | "meldingskategori" | "merknad")
    });
    let Some(place) = place else { return };
    let Some(next) = root.children.get(place) else { return };
    // Blanks as before the next one; its comments stay with it.
    let gap = blanks(&next.gap).to_owned();
    let at = next.node.as_ref().map_or(root.at, |node| node.at);
    // A prefix that holds here: that of a sister which does not declare its own, else the root's.
    let sister = root.known().find(|node| !node.open.contains("xmlns")).map(|node| node.prefix().to_owned());
    let node = Node::empty(&sister.unwrap_or_else(|| root.prefix().to_owned()), NAME, at);
    found.push(LocatedChange::new(at, ChangeKind::PaymentMissing, Some(NAME), None, Some(&node.open)));
    root.children.insert(place, Child { gap: gap.into(), node: Some(node) });
}

/// Puts the children of known elements into the order of the schema, where all of them are known.
fn sort(node: &mut Node<'_>, element: &'static Element, found: &mut Vec<LocatedChange>) {
    let Content::Children(particles) = &element.of.content else { return };
    let place_of = |child: &Child<'_>| {
        let local = child.node.as_ref().filter(|node| node.ours)?.local;
        particles.iter().position(|particle| particle.any_of.iter().any(|element| element.name == local))
    };
    let places: Option<Vec<usize>> = node.children.iter().map(place_of).collect();
    if let Some(places) = places
        && !places.is_sorted()
    {
        let names = |node: &Node<'_>| {
            let names: Vec<&str> =
                node.children.iter().filter_map(|child| child.node.as_ref()).map(|node| node.local).collect();
            let mut names = names;
            names.dedup();
            names.join(", ")
        };
        let before = names(node);
        node.children.sort_by_key(|child| place_of(child).unwrap_or(usize::MAX));
        let (local, after) = (Some(node.local), names(node));
        found.push(LocatedChange::new(node.at, ChangeKind::Order, local, Some(&before), Some(&after)));
    }
    for child in node.children.iter_mut().filter_map(|child| child.node.as_mut()) {
        let known = particles.iter().flat_map(|particle| particle.any_of).find(|element| element.name == child.local);
        if let Some(element) = known {
            sort(child, element, found);
        }
    }
}
