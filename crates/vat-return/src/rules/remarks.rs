//! Remarks on codes where the list of remarks by code does not have them.
//!
//! The signs are defined nowhere; the reading of the facts table agrees with every row of the list. A sign of
//! zero counts as plus.

use super::findings::Findings;
use super::subject::{BOTH, INPUT, LineFacts, Subject, Traits};
use crate::finding::Value;
use crate::model::Category;
use crate::tables::{CodeSet, RemarkPlace, Sign, Specification};

/// A plain line with the usual sign has a remark that is not for it.
pub(super) fn r074(subject: &Subject<'_>, found: &mut Findings) {
    plain_lines(true, subject, found);
}

/// A plain line with the opposite sign has a remark that is not for it.
pub(super) fn r075(subject: &Subject<'_>, found: &mut Findings) {
    plain_lines(false, subject, found);
}

/// The sign that a line without specification usually has.
fn usual_sign(line: &LineFacts<'_>, subject: &Subject<'_>) -> Sign {
    if subject.category() == Category::Compensation
        || INPUT.has(line.code)
        || BOTH.has(line.code) && !line.has(Traits::BASE)
    {
        Sign::Minus
    } else {
        Sign::Plus
    }
}

fn plain_lines(usual: bool, subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::CHOSEN_REMARK).without(Traits::SPECIFICATION).iter() {
        let expected = usual_sign(line, subject);
        if (filed_sign(line) == expected) == usual {
            look_up(line, expected, None, subject, found);
        }
    }
}

/// A line with a specification has a remark that is not for it, whatever the sign.
pub(super) fn r076(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::CHOSEN_REMARK | Traits::SPECIFICATION).iter() {
        let specification = line.specification().and_then(Specification::of_text);
        let expected = if specification == Some(Specification::LossOnClaims) { Sign::Minus } else { Sign::Plus };
        match specification {
            Some(_) => look_up(line, expected, specification, subject, found),
            // No row has a specification that no list has.
            None => report(line, found),
        }
    }
}

fn filed_sign(line: &LineFacts<'_>) -> Sign {
    let amount = if line.has(Traits::BASE) { line.base() } else { line.vat() };
    if amount.is_sign_negative() && !amount.is_zero() { Sign::Minus } else { Sign::Plus }
}

fn look_up(
    line: &LineFacts<'_>,
    expected: Sign,
    specification: Option<Specification>,
    subject: &Subject<'_>,
    found: &mut Findings,
) {
    let Some(remark) = line.chosen_remark() else { return };
    let place =
        RemarkPlace { category: subject.category(), specification, filed: filed_sign(line), expected, code: line.code };
    if !subject.tables.remark_allowed(remark, &place) {
        report(line, found);
    }
}

fn report(line: &LineFacts<'_>, found: &mut Findings) {
    let remark = line.chosen_remark().unwrap_or_default();
    let amount = if line.has(Traits::BASE) { line.base() } else { line.vat() };
    found.line(line, [("remark", Value::Text(remark.into())), ("amount", Value::Kroner(amount))]);
}
