//! What only the company's earlier returns can tell.
//!
//! Rules that conclude from the absence of a return ask only a history that is complete.

use super::findings::Findings;
use super::period::{COMPENSATION_LAW, must_be_over};
use super::subject::{LineFacts, Subject, Traits};
use crate::amount::{Percent, Sum};
use crate::calendar;
use crate::context::{FiledReturn, History, Register};
use crate::finding::Value;
use crate::period::Period;
use crate::tables::CodeSet;
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::iter;

/// Money to pay, and a return for an earlier period is missing.
pub(super) fn r061(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let assessed = subject.ret.assessed_vat.value;
    if assessed > Decimal::ZERO {
        earlier_missing(subject, history, found);
    }
}

/// Money back, and a return for an earlier period is missing.
pub(super) fn r062(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let assessed = subject.ret.assessed_vat.value;
    if assessed < Decimal::ZERO {
        earlier_missing(subject, history, found);
    }
}

/// Nobody files for centuries, but a return may be written for any year: about two hundred years of weeks.
const MOST_PERIODS: usize = 10_000;

/// A period of the same kind between the first return of the history and this one has no return.
fn earlier_missing(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let this = subject.ret.period.value;
    let of_kind = |filed: &&FiledReturn| filed.category == subject.category() && filed.period.kind == this.kind;
    let first = history.returns.iter().filter(of_kind).map(|filed| filed.period).min_by_key(Period::first_day);
    let Some(first) = first else { return };
    let is_filed = |period: &Period| history.returns.iter().filter(of_kind).any(|filed| filed.period == *period);
    let missing: Vec<Period> = iter::successors(Some(first), |period| Some(next(*period)))
        .take(MOST_PERIODS)
        .take_while(|period| period.first_day() < subject.first_day)
        .filter(|period| !is_filed(period))
        .collect();
    if let Some(earliest) = missing.first() {
        found.on_return(
            subject.ret.assessed_vat.at,
            [
                ("missing", Value::Period(*earliest)),
                ("count", Value::Count(missing.len())),
                ("assessed", Value::Kroner(subject.ret.assessed_vat.value.abs())),
            ],
        );
    }
}

/// The period after this one.
fn next(period: Period) -> Period {
    let following = Period { index: period.index.saturating_add(1), ..period };
    let new_year = Period { index: 1, year: period.year.saturating_add(1), ..period };
    // A year has 52 or 53 weeks; the calendar knows which.
    if period.index >= period.kind.count() || following.first_day() >= new_year.first_day() {
        new_year
    } else {
        following
    }
}

/// An amended return, later than three years after the deadline and not later than five after the period.
pub(super) fn r132(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let Some(deadline) = deadline(subject) else { return };
    let submitted = subject.context.submitted;
    if amended(subject, history)
        && submitted > calendar::years_after(deadline, 3)
        && submitted <= calendar::years_after(subject.last_day, 5)
    {
        found.on_return(subject.ret.period.at, [period(subject), ("deadline", Value::Day(deadline))]);
    }
}

/// An amended return, later than five years after the period.
pub(super) fn r133(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    if amended(subject, history) && subject.context.submitted > calendar::years_after(subject.last_day, 5) {
        found
            .on_return(subject.ret.period.at, [period(subject), ("last", Value::LastDay(subject.ret.period.value, 0))]);
    }
}

/// The first claim for the period, before the law of 2026, after the deadline.
pub(super) fn r096(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    if let Some(deadline) = deadline(subject)
        && first(subject, history)
        && before_the_law(subject)
        && subject.context.submitted > deadline
    {
        found.on_return(subject.ret.period.at, [period(subject), ("deadline", Value::Day(deadline))]);
    }
}

/// An amended claim, before the law of 2026, after the deadline, for more than is already set.
pub(super) fn r097(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let Some(deadline) = deadline(subject) else { return };
    let Some(standing) = same_period(subject, history).max_by_key(|filed| filed.delivered) else { return };
    let assessed = subject.ret.assessed_vat.value;
    if before_the_law(subject) && subject.context.submitted > deadline && assessed < standing.assessed_vat {
        found.on_return(
            subject.ret.assessed_vat.at,
            [
                period(subject),
                ("deadline", Value::Day(deadline)),
                // Claims are negative sums.
                ("standing", Value::Kroner(-standing.assessed_vat)),
                ("assessed", Value::Kroner(-assessed)),
            ],
        );
    }
}

/// The first claim for the period comes to nothing.
pub(super) fn r098(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    if first(subject, history) && subject.ret.assessed_vat.value.is_zero() {
        found.on_return(subject.ret.assessed_vat.at, [period(subject)]);
    }
}

/// Before the law of 2026, within the deadline: a claim below 20 000 kr, and none of the year above it.
pub(super) fn r099(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let assessed = subject.ret.assessed_vat.value;
    if history.complete
        && before_the_law(subject)
        && deadline(subject).is_some_and(|deadline| subject.context.submitted <= deadline)
        && assessed < Decimal::ZERO
        && assessed > -LEAST_CLAIM
        && !claimed_enough(subject, history)
    {
        found.on_return(subject.ret.assessed_vat.at, claim(assessed));
    }
}

/// Under the law of 2026: the first claim for the period, below 20 000 kr, none of the year above it, and the
/// next period not open yet.
pub(super) fn r134(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let assessed = subject.ret.assessed_vat.value;
    if first(subject, history)
        && !before_the_law(subject)
        && !claimed_enough(subject, history)
        && history.next_period_open == Some(false)
        && assessed > -LEAST_CLAIM
    {
        found.on_return(subject.ret.assessed_vat.at, claim(assessed));
    }
}

/// The least that a year's claims for compensation must reach, in kroner.
const LEAST_CLAIM: Decimal = Decimal::from_parts(20_000, 0, 0, false, 0);

fn claim(assessed: Decimal) -> [(&'static str, Value); 2] {
    [("claim", Value::Kroner(assessed.abs())), ("limit", Value::Kroner(LEAST_CLAIM))]
}

fn claimed_enough(subject: &Subject<'_>, history: &History) -> bool {
    of_the_year(subject, history).any(|filed| filed.assessed_vat < -LEAST_CLAIM)
}

/// A reverse charge turnover of less than 2 000 kr, and no earlier return of the year.
pub(super) fn r117(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    let limit = Decimal::from(2000);
    let turnover: Sum = subject.lines(CodeSet::ANY).with(Traits::BASE).iter().map(LineFacts::base).collect();
    if history.complete
        && turnover > Sum::default()
        && turnover < limit.into()
        && of_the_year(subject, history).next().is_none()
    {
        found.on_return(
            subject.ret.assessed_vat.at,
            [("turnover", Value::Kroner(turnover.amount())), ("limit", Value::Kroner(limit))],
        );
    }
}

/// The first reverse charge return for the period comes to nothing.
pub(super) fn r118(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    if first(subject, history) && subject.ret.assessed_vat.value.is_zero() {
        found.on_return(subject.ret.assessed_vat.at, [period(subject)]);
    }
}

/// The first reverse charge return for the period comes to nothing, though a line's base and rate do not.
pub(super) fn r119(subject: &Subject<'_>, history: &History, found: &mut Findings) {
    if !(first(subject, history) && subject.ret.assessed_vat.value.is_zero()) {
        return;
    }
    for line in subject.lines(CodeSet::ANY).with(Traits::BASE_AND_RATE).iter() {
        let Some((rate, percent)) = line.rate().and_then(|rate| Some((rate, Percent::read(rate)?))) else { continue };
        if !percent.is_nothing_of(line.base()) {
            let expected = percent.of(line.base()).unwrap_or_default();
            found.line(
                line,
                [
                    ("base", Value::Kroner(line.base())),
                    ("rate", Value::Percent(rate.into())),
                    ("expected", Value::Kroner(expected)),
                ],
            );
        }
    }
}

/// Under the law of 2026: deleted from the entity register on a day outside the period, and not filed after it.
pub(super) fn r135(subject: &Subject<'_>, register: &Register, found: &mut Findings) {
    let deleted = register.entity.as_ref().and_then(|entity| entity.deleted);
    if !before_the_law(subject) && deleted.is_some_and(|day| day < subject.first_day || day > subject.last_day) {
        must_be_over(subject, found);
    }
}

fn deadline(subject: &Subject<'_>) -> Option<Date> {
    calendar::deadline(subject.category(), &subject.ret.period.value)
}

fn before_the_law(subject: &Subject<'_>) -> bool {
    subject.context.submitted < COMPENSATION_LAW
}

fn same_period<'h>(subject: &Subject<'_>, history: &'h History) -> impl Iterator<Item = &'h FiledReturn> {
    let (category, period) = (subject.category(), subject.ret.period.value);
    history.returns.iter().filter(move |filed| filed.category == category && filed.period == period)
}

fn of_the_year<'h>(subject: &Subject<'_>, history: &'h History) -> impl Iterator<Item = &'h FiledReturn> {
    let (category, year) = (subject.category(), subject.ret.period.value.year);
    history.returns.iter().filter(move |filed| filed.category == category && filed.period.year == year)
}

fn amended(subject: &Subject<'_>, history: &History) -> bool {
    same_period(subject, history).next().is_some()
}

fn first(subject: &Subject<'_>, history: &History) -> bool {
    history.complete && !amended(subject, history)
}

fn period(subject: &Subject<'_>) -> (&'static str, Value) {
    ("period", Value::Period(subject.ret.period.value))
}
