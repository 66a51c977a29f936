//! Codes 81, 83, 86, 88 and 91 in ordinary returns: output tax and its deduction belong together.
//!
//! What is not published, whether lines with a specification count and whether signs are dropped before or
//! after summing, is read as the facts table does: they count, and after.

use super::findings::Findings;
use super::subject::Subject;
use crate::finding::Value;
use crate::tables::Code;

/// The deductions of code 81 come to more than its output tax.
pub(super) fn r023(subject: &Subject<'_>, found: &mut Findings) {
    deduction_above_output(Code::number(81), subject, found);
}

/// The deductions of code 83 come to more than its output tax.
pub(super) fn r024(subject: &Subject<'_>, found: &mut Findings) {
    deduction_above_output(Code::number(83), subject, found);
}

/// The deductions of code 86 come to more than its output tax.
pub(super) fn r025(subject: &Subject<'_>, found: &mut Findings) {
    deduction_above_output(Code::number(86), subject, found);
}

/// The deductions of code 88 come to more than its output tax.
pub(super) fn r026(subject: &Subject<'_>, found: &mut Findings) {
    deduction_above_output(Code::number(88), subject, found);
}

/// The deductions of code 91 come to more than its output tax.
pub(super) fn r027(subject: &Subject<'_>, found: &mut Findings) {
    deduction_above_output(Code::number(91), subject, found);
}

fn deduction_above_output(code: Code, subject: &Subject<'_>, found: &mut Findings) {
    let turned = subject.turned(code);
    let (output, deduction) = (turned.output.abs(), turned.deduction.abs());
    if let Some(line) = turned.first_deduction
        && output < deduction
    {
        let values = [("output", Value::Kroner(output.amount())), ("deduction", Value::Kroner(deduction.amount()))];
        found.code(subject, line, code, values);
    }
}

/// A plain deduction of code 81, and fewer lines with a base than without.
pub(super) fn r028(subject: &Subject<'_>, found: &mut Findings) {
    output_missing(Code::number(81), subject, found);
}

/// A plain deduction of code 83, and fewer lines with a base than without.
pub(super) fn r029(subject: &Subject<'_>, found: &mut Findings) {
    output_missing(Code::number(83), subject, found);
}

/// A plain deduction of code 86, and fewer lines with a base than without.
pub(super) fn r030(subject: &Subject<'_>, found: &mut Findings) {
    output_missing(Code::number(86), subject, found);
}

/// A plain deduction of code 88, and fewer lines with a base than without.
pub(super) fn r031(subject: &Subject<'_>, found: &mut Findings) {
    output_missing(Code::number(88), subject, found);
}

/// A plain deduction of code 91, and fewer lines with a base than without.
pub(super) fn r032(subject: &Subject<'_>, found: &mut Findings) {
    output_missing(Code::number(91), subject, found);
}

fn output_missing(code: Code, subject: &Subject<'_>, found: &mut Findings) {
    let turned = subject.turned(code);
    if let Some(line) = turned.plain_deduction
        && turned.output_lines < turned.deduction_lines
    {
        let values =
            [("outputs", Value::Count(turned.output_lines)), ("deductions", Value::Count(turned.deduction_lines))];
        found.code(subject, line, code, values);
    }
}

/// Output tax of code 81 and no plain deduction.
pub(super) fn r033(subject: &Subject<'_>, found: &mut Findings) {
    deduction_missing(Code::number(81), subject, found);
}

/// Output tax of code 83 and no plain deduction.
pub(super) fn r034(subject: &Subject<'_>, found: &mut Findings) {
    deduction_missing(Code::number(83), subject, found);
}

/// Output tax of code 86 and no plain deduction.
pub(super) fn r035(subject: &Subject<'_>, found: &mut Findings) {
    deduction_missing(Code::number(86), subject, found);
}

/// Output tax of code 88 and no plain deduction.
pub(super) fn r036(subject: &Subject<'_>, found: &mut Findings) {
    deduction_missing(Code::number(88), subject, found);
}

/// Output tax of code 91 and no plain deduction.
pub(super) fn r037(subject: &Subject<'_>, found: &mut Findings) {
    deduction_missing(Code::number(91), subject, found);
}

fn deduction_missing(code: Code, subject: &Subject<'_>, found: &mut Findings) {
    let turned = subject.turned(code);
    if let Some(line) = turned.plain_output
        && turned.plain_deduction.is_none()
    {
        found.code(subject, line, code, [("output", Value::Kroner(turned.output.amount()))]);
    }
}
