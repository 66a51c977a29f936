//! Amounts with an unusual sign, which need a remark.

use super::findings::Findings;
use super::subject::{LineFacts, Subject, Traits};
use crate::finding::Value;
use crate::tables::{CodeSet, Specification};

/// A negative base on a code of output tax without a remark. The published list has no code 5.
pub(super) fn r020(subject: &Subject<'_>, found: &mut Findings) {
    const CODES: CodeSet = CodeSet::of(&[3, 6, 31, 32, 33, 51, 52, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 92]);
    negative_base(CODES, subject, found);
}

/// A positive tax on a code of input tax, or on the deduction of a code of both, without a remark.
pub(super) fn r021(subject: &Subject<'_>, found: &mut Findings) {
    const CODES: CodeSet = CodeSet::of(&[1, 11, 12, 13, 14, 15, 81, 83, 86, 88, 91]);
    const TO_BE_PAID_BACK: CodeSet = CodeSet::of(&[1, 81]);
    const RECOVERED: CodeSet = CodeSet::of(&[1, 11, 12, 13]);
    let lines = subject.lines(CODES).with(Traits::POSITIVE_VAT).without(Traits::BASE | Traits::REMARK);
    for line in lines.iter() {
        let specified = |specification| line.has(Traits::specified(specification));
        let exempt = TO_BE_PAID_BACK.has(line.code)
            && (specified(Specification::Reversal) || specified(Specification::Adjustment))
            || RECOVERED.has(line.code) && specified(Specification::LossOnClaims);
        if !exempt {
            positive_tax(line, found);
        }
    }
}

/// A reversal of input tax without a remark.
pub(super) fn r078(subject: &Subject<'_>, found: &mut Findings) {
    let reversal = Traits::specified(Specification::Reversal);
    for line in subject.lines(CodeSet::ANY).with(reversal).without(Traits::REMARK).iter() {
        found.line(line, [("vat", Value::Kroner(line.vat()))]);
    }
}

/// A positive tax in a compensation return without a remark.
pub(super) fn r086(subject: &Subject<'_>, found: &mut Findings) {
    const CODES: CodeSet = CodeSet::of(&[1, 11, 13, 14, 15, 81, 83, 86, 88, 91]);
    const ADJUSTED: CodeSet = CodeSet::of(&[1, 14, 81]);
    let adjustment = Traits::specified(Specification::CompensationAdjustment);
    for line in subject.lines(CODES).with(Traits::POSITIVE_VAT).without(Traits::REMARK).iter() {
        if !(ADJUSTED.has(line.code) && line.has(adjustment)) {
            positive_tax(line, found);
        }
    }
}

/// A negative base in a reverse charge return without a remark.
pub(super) fn r108(subject: &Subject<'_>, found: &mut Findings) {
    negative_base(CodeSet::of(&[86, 87, 88, 89, 91, 92]), subject, found);
}

fn negative_base(codes: CodeSet, subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(codes).with(Traits::NEGATIVE_BASE).without(Traits::REMARK).iter() {
        let at = line.line.base.as_ref().map_or(line.line.at, |base| base.at);
        found.line_at(line, at, "", [("base", Value::Kroner(line.base()))]);
    }
}

fn positive_tax(line: &LineFacts<'_>, found: &mut Findings) {
    found.line_at(line, line.line.vat.at, "", [("vat", Value::Kroner(line.vat()))]);
}
