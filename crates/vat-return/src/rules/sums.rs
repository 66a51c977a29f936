//! The sum of the return, and amounts that are no whole kroner.

use super::findings::Findings;
use super::subject::{Subject, Traits, is_whole};
use crate::finding::Value;
use crate::tables::CodeSet;
use rust_decimal::Decimal;

/// The sum of merverdiavgift over all lines differs from fastsattMerverdiavgift.
pub(super) fn r018(subject: &Subject<'_>, found: &mut Findings) {
    let assessed = subject.ret.assessed_vat.value;
    if subject.sum != assessed.into() {
        let sum = subject.sum.amount();
        let difference = sum.checked_sub(assessed).unwrap_or(Decimal::MAX).abs();
        found.on_return(
            subject.ret.assessed_vat.at,
            [
                ("sum", Value::Kroner(sum)),
                ("assessed", Value::Kroner(assessed)),
                ("difference", Value::Kroner(difference)),
            ],
        );
    }
}

/// fastsattMerverdiavgift, or some line's grunnlag or merverdiavgift, is not a whole number.
pub(super) fn r082(subject: &Subject<'_>, found: &mut Findings) {
    let assessed = &subject.ret.assessed_vat;
    if !is_whole(assessed.value) {
        found.on_return(assessed.at, [("amount", Value::Kroner(assessed.value))]);
    }
    for line in subject.lines(CodeSet::ANY).with(Traits::FRACTION).iter() {
        let amounts = line.line.base.iter().chain([&line.line.vat]);
        for amount in amounts.filter(|amount| !is_whole(amount.value)) {
            found.line_at(line, amount.at, "line", [("amount", Value::Kroner(amount.value))]);
        }
    }
}

/// fastsattMerverdiavgift is not zero and there are no lines.
pub(super) fn r084(subject: &Subject<'_>, found: &mut Findings) {
    sum_without_lines(subject, found);
}

/// The same in a compensation return.
pub(super) fn r100(subject: &Subject<'_>, found: &mut Findings) {
    sum_without_lines(subject, found);
}

/// The same in a reverse charge return.
pub(super) fn r107(subject: &Subject<'_>, found: &mut Findings) {
    sum_without_lines(subject, found);
}

fn sum_without_lines(subject: &Subject<'_>, found: &mut Findings) {
    let assessed = &subject.ret.assessed_vat;
    if subject.all_lines().is_empty() && !assessed.value.is_zero() {
        found.on_return(assessed.at, [("assessed", Value::Kroner(assessed.value))]);
    }
}
