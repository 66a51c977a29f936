//! Codes that must have base and rate, and codes that must not.

use super::findings::Findings;
use super::subject::{BOTH, INPUT, OUTPUT, Subject, Traits};
use crate::tables::CodeSet;

/// A code of input tax has a base or a rate.
pub(super) fn r065(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(INPUT).with(Traits::BASE_OR_RATE).iter() {
        found.line(line, []);
    }
}

/// A code of output tax lacks base or rate.
pub(super) fn r066(subject: &Subject<'_>, found: &mut Findings) {
    missing(OUTPUT, subject, found);
}

/// Code 81, 83, 86, 88 or 91 has only one of base and rate.
pub(super) fn r081(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(BOTH).with(Traits::BASE_OR_RATE).without(Traits::BASE_AND_RATE).iter() {
        let variant = if line.has(Traits::BASE) { "rate" } else { "" };
        found.line_at(line, line.line.at, variant, []);
    }
}

/// A line of a compensation return lacks base or rate.
pub(super) fn r093(subject: &Subject<'_>, found: &mut Findings) {
    missing(CodeSet::ANY, subject, found);
}

/// A line of a reverse charge return lacks base or rate.
pub(super) fn r109(subject: &Subject<'_>, found: &mut Findings) {
    missing(CodeSet::of(&[86, 87, 88, 89, 91, 92]), subject, found);
}

fn missing(codes: CodeSet, subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(codes).without(Traits::BASE_AND_RATE).iter() {
        let variant = match (line.has(Traits::BASE), line.has(Traits::RATE)) {
            (true, _) => "rate",
            (false, true) => "base",
            (false, false) => "",
        };
        found.line_at(line, line.line.at, variant, []);
    }
}
