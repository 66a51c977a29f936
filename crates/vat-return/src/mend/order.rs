//! The structure: namespace, order of elements, and the one required element that says nothing.

use super::changes::{ChangeKind, Found};
use super::tree::{Child, Node};
use crate::complaint::{Complaint, ComplaintKind, Rejection};
use crate::return_schema::{NAMESPACE, RETURN};
use crate::schema::{Content, Element};

/// Whether what was refused as another document is a return whose namespace is missing or misspelt.
pub(super) fn is_nearly_a_return(rejection: &Rejection) -> bool {
    let Rejection::NotAReturn(Complaint { kind: ComplaintKind::OtherDocument, found, expected, .. }) = rejection else {
        return false;
    };
    expected == NAMESPACE && is_near(found)
}

/// Nothing, or the namespace but for capitals and blanks.
fn is_near(namespace: &str) -> bool {
    namespace.is_empty() || namespace.trim().trim_end_matches('/').eq_ignore_ascii_case(NAMESPACE)
}

pub(super) fn mend(root: &mut Node<'_>, found: &mut Vec<Found>) {
    if root.local != RETURN.root.name {
        return;
    }
    namespace(root, found);
    payment(root, found);
    sort(root, RETURN.root, found);
}

fn namespace(root: &mut Node<'_>, found: &mut Vec<Found>) {
    let prefix = root.prefix().to_owned();
    let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    let (at, element) = (root.at, root.local.to_owned());
    match declared(&root.open, &name) {
        Some(value) if value == NAMESPACE || !is_near(&value) => {}
        Some(value) => {
            for quote in ['"', '\''] {
                let (old, new) = (format!("{quote}{value}{quote}"), format!("{quote}{NAMESPACE}{quote}"));
                if root.open.contains(&old) {
                    root.open = root.open.replacen(&old, &new, 1).into();
                    break;
                }
            }
            found.push(Found::new(at, ChangeKind::Namespace, element, value, NAMESPACE));
        }
        None if prefix.is_empty() => {
            let end = root.open.len() - if root.open.ends_with("/>") { 2 } else { 1 };
            let (before, after) = root.open.split_at(end);
            root.open = format!("{before} xmlns=\"{NAMESPACE}\"{after}").into();
            found.push(Found::new(at, ChangeKind::Namespace, element, "", NAMESPACE));
        }
        None => {}
    }
}

fn declared(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (_, after) = rest.split_once(name)?;
        let value = after.trim_start();
        if let Some(value) = value.strip_prefix('=') {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            return Some(value.get(1..)?.split(quote).next()?.to_owned());
        }
        rest = after;
    }
}

/// `betalingsinformasjon` must be there, and may be empty.
fn payment(root: &mut Node<'_>, found: &mut Vec<Found>) {
    const NAME: &str = "betalingsinformasjon";
    if root.child(NAME).is_some() {
        return;
    }
    let place = root.children.iter().position(|child| {
        let local = child.node.as_ref().map(|node| node.local).unwrap_or_default();
        matches!(local, "skattepliktig" | "meldingskategori" | "merknad")
    });
    let Some(place) = place else { return };
    let Some(next) = root.children.get(place) else { return };
    // Blanks as before the next one; its comments stay with it.
    let gap = next.gap.rsplit("-->").next().unwrap_or_default().to_owned();
    let at = next.node.as_ref().map_or(root.at, |node| node.at);
    let node = Node::new(root.prefix(), NAME, "", at);
    found.push(Found::new(at, ChangeKind::PaymentMissing, NAME, "", node.open.as_ref()));
    root.children.insert(place, Child { gap: gap.into(), node: Some(node) });
}

/// Puts the children of known elements into the order of the schema, where all of them are known.
fn sort(node: &mut Node<'_>, element: &'static Element, found: &mut Vec<Found>) {
    let Content::Children(particles) = &element.of.content else { return };
    let place_of = |child: &Child<'_>| {
        let local = child.node.as_ref()?.local;
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
        found.push(Found::new(node.at, ChangeKind::Order, node.local, before, names(node)));
    }
    for child in node.children.iter_mut().filter_map(|child| child.node.as_mut()) {
        let known = particles.iter().flat_map(|particle| particle.any_of).find(|element| element.name == child.local);
        if let Some(element) = known {
            sort(child, element, found);
        }
    }
}
