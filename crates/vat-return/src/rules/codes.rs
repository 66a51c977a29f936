//! Codes, specifications and remarks that the lists do not have, or not for this kind of return.

use super::findings::Findings;
use super::subject::{Subject, Traits};
use crate::finding::Value;
use crate::model::Category;
use crate::tables::{Categories, CodeSet, Specification};

/// Codes of a compensation return (R088).
const COMPENSATION: CodeSet = CodeSet::of(&[1, 11, 13, 14, 15, 81, 83, 86, 88, 91]);
/// Codes of a reverse charge return (R113).
const REVERSE_CHARGE: CodeSet = CodeSet::of(&[86, 87, 88, 89, 91, 92]);

/// Some line's mvaKode is not in the code list, whatever the category.
pub(super) fn r002(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(subject.tables.known.others()).iter() {
        found.line_at(line, line.line.code.at, "", []);
    }
}

/// Some line's spesifikasjon is not in the list for the category of the return.
pub(super) fn r069(subject: &Subject<'_>, found: &mut Findings) {
    let category = subject.category();
    for line in subject.lines(CodeSet::ANY).with(Traits::SPECIFICATION).iter() {
        let Some(text) = &line.line.specification else { continue };
        let known = Specification::of_text(&text.value);
        if !known.is_some_and(|known| subject.tables.categories_of(known).has(category)) {
            let variant = if known.is_some() { "elsewhere" } else { "" };
            found.line_at(line, text.at, variant, [("specification", Value::Text(text.value.clone()))]);
        }
    }
}

/// Some line's utvalgtMerknad is not a remark for lines of this category.
pub(super) fn r070(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::CHOSEN_REMARK).iter() {
        let Some(name) = line.chosen_remark() else { continue };
        if !subject.tables.remark(name).is_some_and(|remark| remark.on_line.has(subject.category())) {
            found.line(line, [("remark", Value::Text(name.into()))]);
        }
    }
}

/// The return's utvalgtMerknad is not a remark for whole returns of this category.
pub(super) fn r071(subject: &Subject<'_>, found: &mut Findings) {
    let Some(name) = subject.chosen_remark() else { return };
    if !subject.tables.remark(name).is_some_and(|remark| remark.on_return.has(subject.category())) {
        found.on_return(subject.return_remark_at(), [("remark", Value::Text(name.into()))]);
    }
}

/// Some line's code is not one of a compensation return.
pub(super) fn r088(subject: &Subject<'_>, found: &mut Findings) {
    only_codes(COMPENSATION, subject, found);
}

/// Some line's code is not one of a reverse charge return.
pub(super) fn r113(subject: &Subject<'_>, found: &mut Findings) {
    only_codes(REVERSE_CHARGE, subject, found);
}

fn only_codes(allowed: CodeSet, subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(allowed.others()).iter() {
        found.line_at(line, line.line.code.at, "", [("codes", Value::Codes(allowed))]);
    }
}

/// The category is none of the four that are filed this way: in practice eHandel.
pub(super) fn r104(subject: &Subject<'_>, found: &mut Findings) {
    if !Categories::ALL.has(subject.category()) {
        found.on_return(subject.ret.category.at, [("kind", Value::Category(Category::ECommerce))]);
    }
}
