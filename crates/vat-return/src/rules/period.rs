//! Periods: their kind, their year, and whether they are over.

use super::findings::Findings;
use super::subject::Subject;
use crate::finding::Value;
use crate::period::PeriodKind;
use jiff::civil::{Date, date};

/// The first day of filing under the law on compensation of 2026 (facts, R089: the date is taken, not given).
pub(super) const COMPENSATION_LAW: Date = date(2026, 1, 1);

/// Filed before 2022-01-01.
pub(super) fn r000(subject: &Subject<'_>, found: &mut Findings) {
    filed_before(date(2022, 1, 1), subject, found);
}

/// A compensation return filed before 2023-01-01.
pub(super) fn r090(subject: &Subject<'_>, found: &mut Findings) {
    filed_before(date(2023, 1, 1), subject, found);
}

/// A reverse charge return filed before 2023-02-01.
pub(super) fn r105(subject: &Subject<'_>, found: &mut Findings) {
    filed_before(date(2023, 2, 1), subject, found);
}

fn filed_before(first: Date, subject: &Subject<'_>, found: &mut Findings) {
    if subject.context.submitted < first {
        found.on_return(
            subject.ret.category.at,
            [("first", Value::Day(first)), ("submitted", Value::Day(subject.context.submitted))],
        );
    }
}

/// A return for a year before 2022.
pub(super) fn r077(subject: &Subject<'_>, found: &mut Findings) {
    year_before(2022, subject, found);
}

/// A compensation return for a year before 2023.
pub(super) fn r092(subject: &Subject<'_>, found: &mut Findings) {
    year_before(2023, subject, found);
}

/// A reverse charge return for a year before 2023.
pub(super) fn r103(subject: &Subject<'_>, found: &mut Findings) {
    year_before(2023, subject, found);
}

fn year_before(first: i32, subject: &Subject<'_>, found: &mut Findings) {
    let period = &subject.ret.period;
    if period.value.year < first {
        found.on_return(period.at, [("period", Value::Period(period.value)), ("first", Value::Year(first))]);
    }
}

/// A compensation return for another kind of period than two months.
pub(super) fn r095(subject: &Subject<'_>, found: &mut Findings) {
    only_kind(PeriodKind::TwoMonths, subject, found);
}

/// A reverse charge return for another kind of period than three months.
pub(super) fn r106(subject: &Subject<'_>, found: &mut Findings) {
    only_kind(PeriodKind::ThreeMonths, subject, found);
}

fn only_kind(kind: PeriodKind, subject: &Subject<'_>, found: &mut Findings) {
    let period = &subject.ret.period;
    if period.value.kind != kind {
        found.on_return(period.at, [("period", Value::Period(period.value))]);
    }
}

/// Not filed after the last day of the period. Exempt from the first day on: a payer that closes down.
pub(super) fn r059(subject: &Subject<'_>, found: &mut Findings) {
    if !(has_begun(subject) && closing(subject)) {
        must_be_over(subject, found);
    }
}

/// The same for primary industry, where the remark forlis exempts as well.
pub(super) fn r060(subject: &Subject<'_>, found: &mut Findings) {
    let shipwreck = || {
        let remark = subject.chosen_remark().and_then(|name| subject.tables.remark(name));
        remark.is_some_and(|remark| remark.name == "forlis")
    };
    if !(has_begun(subject) && (closing(subject) || shipwreck())) {
        must_be_over(subject, found);
    }
}

/// A compensation return, filed before the law of 2026 and not after the last day of the period.
pub(super) fn r089(subject: &Subject<'_>, found: &mut Findings) {
    if subject.context.submitted < COMPENSATION_LAW {
        must_be_over(subject, found);
    }
}

/// A reverse charge return, not filed after the last day of the period. Exempt as R059.
pub(super) fn r120(subject: &Subject<'_>, found: &mut Findings) {
    let deleted = || {
        let entity = subject.context.register.and_then(|register| register.entity.as_ref());
        entity.is_some_and(|entity| entity.deleted.is_some())
    };
    if !(has_begun(subject) && (closing(subject) || deleted())) {
        must_be_over(subject, found);
    }
}

fn has_begun(subject: &Subject<'_>) -> bool {
    subject.context.submitted >= subject.first_day
}

fn closing(subject: &Subject<'_>) -> bool {
    let entity = subject.context.register.and_then(|register| register.entity.as_ref());
    entity.is_some_and(|entity| entity.closing)
}

/// Reports a period that is not over on the day of filing.
pub(super) fn must_be_over(subject: &Subject<'_>, found: &mut Findings) {
    if subject.context.submitted <= subject.last_day {
        let period = &subject.ret.period;
        found.on_return(
            period.at,
            [
                ("period", Value::Period(period.value)),
                ("last", Value::LastDay(period.value, 0)),
                ("first", Value::LastDay(period.value, 1)),
            ],
        );
    }
}
