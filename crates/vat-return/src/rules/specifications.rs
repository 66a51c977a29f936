//! Specifications on codes they are not for, and purchases with right to compensation.

use super::findings::Findings;
use super::subject::{BOTH, Subject, Traits};
use crate::finding::Value;
use crate::tables::{CodeSet, Specification};
use compact_str::CompactString;
use rust_decimal::Decimal;

/// tapPåKrav on another code than 1, 11, 12, 13.
pub(super) fn r038(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::LossOnClaims, CodeSet::of(&[1, 11, 12, 13]), subject, found);
}

/// uttak on another code than 3, 5, 31, 33.
pub(super) fn r039(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::Withdrawal, CodeSet::of(&[3, 5, 31, 33]), subject, found);
}

/// justering on another code than 1, 81.
pub(super) fn r040(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::Adjustment, CodeSet::of(&[1, 81]), subject, found);
}

/// tilbakeføringAvInngåendeMerverdiavgift on another code than 1, 81.
pub(super) fn r041(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::Reversal, CodeSet::of(&[1, 81]), subject, found);
}

/// justeringMerverdiavgiftskompensasjonFastEiendom on another code than 1, 14, 81.
pub(super) fn r087(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::CompensationAdjustment, CodeSet::of(&[1, 14, 81]), subject, found);
}

/// kompensasjonsrett on another code than 86, 88, 91 in a reverse charge return.
pub(super) fn r111(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::CompensationRight, CodeSet::of(&[86, 88, 91]), subject, found);
}

/// kompensasjonsrett on another code than 81, 83, 86, 88, 91 in an ordinary return.
pub(super) fn r114(subject: &Subject<'_>, found: &mut Findings) {
    only_on(Specification::CompensationRight, BOTH, subject, found);
}

fn only_on(specification: Specification, codes: CodeSet, subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(codes.others()).with(Traits::specified(specification)).iter() {
        let at = line.line.specification.as_ref().map_or(line.line.at, |text| text.at);
        found.line_at(line, at, "", [specified(specification), ("codes", Value::Codes(codes))]);
    }
}

/// A specification of ordinary returns in a compensation return.
pub(super) fn r091(subject: &Subject<'_>, found: &mut Findings) {
    never(subject, found);
}

/// A specification of ordinary returns in a reverse charge return.
pub(super) fn r110(subject: &Subject<'_>, found: &mut Findings) {
    never(subject, found);
}

fn never(subject: &Subject<'_>, found: &mut Findings) {
    for specification in [Specification::Reversal, Specification::LossOnClaims, Specification::Withdrawal] {
        for line in subject.lines(CodeSet::ANY).with(Traits::specified(specification)).iter() {
            let at = line.line.specification.as_ref().map_or(line.line.at, |text| text.at);
            found.line_at(line, at, "", [specified(specification)]);
        }
    }
}

/// A purchase with right to compensation and a plain line of the same code have the same tax, sign included.
pub(super) fn r115(subject: &Subject<'_>, found: &mut Findings) {
    let right = Traits::specified(Specification::CompensationRight);
    if !subject.lines(BOTH).with(right).any() {
        return;
    }
    for code in BOTH.iter() {
        let codes = CodeSet::NONE.and(code);
        // Sorted, so that a return of many lines cannot make this slow.
        let mut plain: Vec<Decimal> =
            subject.lines(codes).without(Traits::SPECIFICATION).iter().map(super::subject::LineFacts::vat).collect();
        plain.sort_unstable();
        for line in subject.lines(codes).with(right).iter() {
            if plain.binary_search(&line.vat()).is_ok() {
                found.line(line, [("vat", Value::Kroner(line.vat()))]);
            }
        }
    }
}

/// A purchase with right to compensation is on another code, or lacks base or rate.
pub(super) fn r116(subject: &Subject<'_>, found: &mut Findings) {
    let right = Traits::specified(Specification::CompensationRight);
    for line in subject.lines(CodeSet::ANY).with(right).iter() {
        if !BOTH.has(line.code) {
            found.line_at(line, line.line.at, "code", [("codes", Value::Codes(BOTH))]);
        } else if !line.has(Traits::BASE_AND_RATE) {
            found.line(line, []);
        }
    }
}

/// A code stands both on a line with and on a line without a specification.
pub(super) fn r112(subject: &Subject<'_>, found: &mut Findings) {
    let mut plain = CodeSet::NONE;
    let mut plain_unknown: Vec<&str> = Vec::new();
    if !subject.lines(CodeSet::ANY).with(Traits::SPECIFICATION).any() {
        return;
    }
    for line in subject.lines(CodeSet::ANY).without(Traits::SPECIFICATION).iter() {
        if subject.tables.known.has(line.code) {
            plain = plain.and(line.code);
        } else {
            plain_unknown.push(&line.line.code.value);
        }
    }
    plain_unknown.sort_unstable();
    for line in subject.lines(CodeSet::ANY).with(Traits::SPECIFICATION).iter() {
        let code: &str = &line.line.code.value;
        if plain.has(line.code) || plain_unknown.binary_search(&code).is_ok() {
            found.line(line, []);
        }
    }
}

/// A purchase from abroad in a reverse charge return lacks the specification kompensasjonsrett.
pub(super) fn r124(subject: &Subject<'_>, found: &mut Findings) {
    let right = Traits::specified(Specification::CompensationRight);
    for line in subject.lines(CodeSet::of(&[86, 88, 91])).without(right).iter() {
        found.line(line, []);
    }
}

fn specified(specification: Specification) -> (&'static str, Value) {
    ("specification", Value::Specification(CompactString::const_new(specification.xml())))
}
