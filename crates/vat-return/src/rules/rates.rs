//! Rates, and the tax they give.

use super::findings::Findings;
use super::subject::{LineFacts, Subject, Traits};
use crate::amount::{Percent, Sum};
use crate::finding::Value;
use crate::tables::{CodeSet, Tables};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Kroner that the tax of a line may be off at least (official FAQ: one krone a line, at least ten).
const LEAST_TOLERANCE: u32 = 10;

/// What R003 and R019 say of a line, told when it is first looked at: a return may have a hundred thousand, and going
/// through them again costs more than the question.
pub(super) fn traits(line: &LineFacts<'_>, tables: &Tables, period: (Date, Date), lines: usize) -> Traits {
    let mut traits = Traits::NONE;
    let Some(rate) = line.rate() else { return traits };
    let right = tables.rate_applies(line.code, rate, period.0, period.1) && tables.known.has(line.code);
    traits.set(Traits::WRONG_RATE, !right);
    if line.has(Traits::BASE) {
        let tolerance = u32::try_from(lines).unwrap_or(u32::MAX).max(LEAST_TOLERANCE);
        let off = Percent::read(rate).is_some_and(|percent| percent.misses(line.base(), line.vat(), tolerance));
        traits.set(Traits::WRONG_TAX, off);
    }
    traits
}

/// Some line's sats is not a rate of its code on any day of the period, compared as written.
pub(super) fn r003(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::WRONG_RATE).iter() {
        let Some(rate) = &line.line.rate else { continue };
        let (first, last) = (subject.first_day, subject.last_day);
        let written = ("rate", Value::Text(rate.value.clone()));
        if subject.tables.known.has(line.code) {
            let right: Vec<_> = subject.tables.rates_of(line.code, first, last).collect();
            // Of years before the list there is nothing to say.
            let variant = if right.is_empty() { "no rates" } else { "" };
            let period = ("period", Value::Period(subject.ret.period.value));
            found.line_at(line, rate.at, variant, [written, ("rates", Value::Rates(right)), period]);
        } else {
            found.line_at(line, rate.at, "unknown code", [written]);
        }
    }
}

/// Some line with grunnlag has a merverdiavgift further from grunnlag × sats than the tolerance.
pub(super) fn r019(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::WRONG_TAX).iter() {
        let Some((rate, percent)) = line.rate().and_then(|rate| Some((rate, Percent::read(rate)?))) else { continue };
        let (base, vat) = (line.base(), line.vat());
        let expected = percent.of(base).unwrap_or_default();
        let difference = expected.checked_sub(vat).unwrap_or(Decimal::MAX).abs();
        // Two digits that have changed places make a difference that nine divides.
        let swapped = (difference % Decimal::from(9)).is_zero();
        let at = line.line.vat.at;
        found.line_at(
            line,
            at,
            if swapped { "swapped" } else { "" },
            [
                ("base", Value::Kroner(base)),
                ("rate", Value::Percent(rate.into())),
                ("expected", Value::Kroner(expected)),
                ("vat", Value::Kroner(vat)),
                ("difference", Value::Kroner(difference)),
            ],
        );
    }
}

/// Some line with grunnlag above zero has a merverdiavgift that is not below it.
pub(super) fn r122(subject: &Subject<'_>, found: &mut Findings) {
    for line in subject.lines(CodeSet::ANY).with(Traits::POSITIVE_BASE | Traits::VAT_REACHES_BASE).iter() {
        found.line_at(
            line,
            line.line.vat.at,
            "",
            [("base", Value::Kroner(line.base())), ("vat", Value::Kroner(line.vat()))],
        );
    }
}

/// Some line's grunnlag × sats gives at least one krone, but its merverdiavgift is zero.
pub(super) fn r127(subject: &Subject<'_>, found: &mut Findings) {
    let lines = subject.lines(CodeSet::ANY).with(Traits::BASE_AND_RATE | Traits::NO_VAT).without(Traits::NEGATIVE_BASE);
    for line in lines.iter() {
        let Some((rate, percent)) = line.rate().and_then(|rate| Some((rate, Percent::read(rate)?))) else { continue };
        if percent.reaches(line.base(), 100) {
            found.line_at(
                line,
                line.line.vat.at,
                "",
                [
                    ("base", Value::Kroner(line.base())),
                    ("rate", Value::Percent(rate.into())),
                    ("expected", Value::Kroner(percent.of(line.base()).unwrap_or_default())),
                ],
            );
        }
    }
}

/// A yearly return with a turnover of 1 100 000 kr or more, withdrawals included.
pub(super) fn r052(subject: &Subject<'_>, found: &mut Findings) {
    const TURNOVER: CodeSet = CodeSet::of(&[3, 5, 31, 32, 33, 51, 52]);
    let limit = Decimal::from(1_100_000);
    if subject.ret.period.value.kind != crate::period::PeriodKind::Year {
        return;
    }
    let turnover: Sum = subject.lines(TURNOVER).iter().map(super::subject::LineFacts::base).collect();
    if turnover >= limit.into() {
        found.on_return(
            subject.ret.period.at,
            [("turnover", Value::Kroner(turnover.amount())), ("limit", Value::Kroner(limit))],
        );
    }
}
