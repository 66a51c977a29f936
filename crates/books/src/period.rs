//! Spans, two-month terms, fiscal years, and the period a line declares (facts, section 5).

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use saf_t::{Ledger, Selection};
use std::collections::HashMap;
use vat_return::{Period, PeriodKind};

/// Days from the first to the last, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Span {
    /// The days of a period of the return.
    pub fn of(period: &Period) -> Self {
        Self { from: period.first_day(), to: period.last_day() }
    }

    /// Whether the day is in it.
    pub fn has(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// Whether they have a day in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.from <= other.to && other.from <= self.to
    }

    /// Whether all of `other` is in it.
    pub fn covers(&self, other: &Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }

    /// The period of the return that has exactly these days, the usual kinds first.
    pub fn period(&self) -> Option<Period> {
        use PeriodKind::{HalfMonth, Month, SixMonths, ThreeMonths, TwoMonths, Week, Year};
        let year = i32::from(self.from.year());
        let years = [year, year + 1];
        [TwoMonths, Month, Year, SixMonths, ThreeMonths, HalfMonth, Week].into_iter().find_map(|kind| {
            years.iter().flat_map(|year| (1..=kind.count()).map(|index| Period { kind, index, year: *year })).find(
                |period| {
                    let same = Self::of(period) == *self;
                    // "Week 53" of a year of 52 is a week of the next.
                    same && (kind != Week
                        || self.from.saturating_add(3.days()).year() == i16::try_from(period.year).unwrap_or(0))
                },
            )
        })
    }
}

/// The two-month term of a day: year and number from 1.
pub fn term(day: Date) -> (i16, i8) {
    (day.year(), (day.month() + 1) / 2)
}

/// The days of a term.
pub fn term_span((year, number): (i16, i8)) -> Span {
    let period = Period { kind: PeriodKind::TwoMonths, index: number.unsigned_abs(), year: i32::from(year) };
    Span::of(&period)
}

/// Months since year 0.
fn month_number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

fn month_span(number: i32) -> Option<Span> {
    let year = i16::try_from(number.div_euclid(12)).ok()?;
    let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
    let from = Date::new(year, month, 1).ok()?;
    Some(Span { from, to: from.last_of_month() })
}

/// Months from calendar to accounting period, where (almost) all vouchers agree.
pub(crate) fn fiscal_shift(ledger: &Ledger) -> Option<i32> {
    let mut counts: HashMap<i32, usize> = HashMap::new();
    let mut all = 0;
    for (_, row) in ledger.vouchers() {
        if let Some(period @ 1..=12) = row.period
            && row.period_year > 0
        {
            let accounting = i32::from(row.period_year) * 12 + i32::from(period) - 1;
            *counts.entry(accounting - month_number(row.date)).or_default() += 1;
            all += 1;
        }
    }
    let (shift, count) = counts.into_iter().max_by_key(|(shift, count)| (*count, -shift.abs(), *shift))?;
    (count * 2 > all).then_some(shift)
}

/// The calendar month of an accounting period: 0 is the first month of the fiscal year, 13 and up the last.
pub(crate) fn accounting_month(period: u16, year: i16, shift: i32) -> Option<Span> {
    let period = i32::from(period.clamp(1, 12));
    month_span(i32::from(year) * 12 + period - 1 - shift)
}

/// The days that `SelectionCriteria` cover, if they say so.
pub(crate) fn selected(selection: &Selection, shift: i32) -> Option<Span> {
    if let (Some(from), Some(to)) = selection.dates {
        return Some(Span { from, to });
    }
    let month = |period: (Option<u16>, Option<i16>)| accounting_month(period.0?, period.1?, shift);
    Some(Span { from: month(selection.first)?.from, to: month(selection.last)?.to })
}

/// The days that a file covers, where its fiscal year is the calendar's.
pub fn covered(selection: &Selection) -> Option<Span> {
    selected(selection, 0)
}

/// The days of a span that none of the others covers.
pub(crate) fn missing_days(wanted: Span, covered: &[Span]) -> Vec<Span> {
    let mut covered: Vec<Span> = covered.iter().copied().filter(|span| span.meets(&wanted)).collect();
    covered.sort_by_key(|span| span.from);
    let mut missing = Vec::new();
    let mut from = wanted.from;
    for span in covered {
        if span.from > from {
            missing.push(Span { from, to: span.from.saturating_sub(1.days()) });
        }
        match span.to.checked_add(1.days()) {
            Ok(next) => from = from.max(next),
            Err(_) => return missing,
        }
    }
    if from <= wanted.to {
        missing.push(Span { from, to: wanted.to });
    }
    missing
}

/// How the file's texts of `TaxDeclarationPeriod` are meant: a bare number may be a term or a month, and the file as a
/// whole tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeclaredAs {
    Term,
    Month,
}

impl DeclaredAs {
    /// What most of the vouchers agree with.
    pub(crate) fn of(ledger: &Ledger) -> Self {
        let (mut terms, mut months) = (0_u32, 0_u32);
        for (index, row) in ledger.vouchers() {
            for tax in ledger.taxes_of(index).filter_map(|tax| ledger.tax(tax)) {
                let Some((_, number)) = tax.declared().and_then(|at| ledger.declared.get(at)).and_then(|t| declared(t))
                else {
                    continue;
                };
                if number > 6 {
                    months += 1;
                }
                terms += u32::from(i16::from(term(row.date).1) == number);
                months += u32::from(i16::from(row.date.month()) == number);
            }
        }
        if months > terms { Self::Month } else { Self::Term }
    }

    /// The days that a declared period stands for; a year that is not said is the one nearest to the voucher's date.
    pub(crate) fn span(self, text: &str, date: Date) -> Option<Span> {
        let (year, number) = declared(text)?;
        let span = |year: i16| match self {
            Self::Term => (1..=6).contains(&number).then(|| term_span((year, i8::try_from(number).unwrap_or(1)))),
            Self::Month => month_span(i32::from(year) * 12 + i32::from(number) - 1),
        };
        match year {
            Some(year) => span(year),
            None => [date.year() - 1, date.year(), date.year() + 1]
                .into_iter()
                .filter_map(span)
                .min_by_key(|span| if span.has(date) { 0 } else { days(span.from, date).min(days(span.to, date)) }),
        }
    }
}

fn days(one: Date, other: Date) -> i32 {
    one.until((Unit::Day, other)).map_or(i32::MAX, |span| span.get_days().abs())
}

/// The year, if there is one, and the number in a `TaxDeclarationPeriod`: `5`, `05`, `2024-5`, `5/2024`, `T5`.
fn declared(text: &str) -> Option<(Option<i16>, i16)> {
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let short = |text: &str| text.parse::<i16>().ok().filter(|number| (1..=12).contains(number));
    let year = |text: &str| text.parse::<i16>().ok().filter(|year| text.len() == 4 && *year > 1900);
    match *numbers.as_slice() {
        [number] if number.len() == 6 => Some((Some(year(number.get(..4)?)?), short(number.get(4..)?)?)),
        [number] => Some((None, short(number)?)),
        [first, second] => match (year(first), year(second)) {
            (Some(year), None) => Some((Some(year), short(second)?)),
            (None, Some(year)) => Some((Some(year), short(first)?)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn declared_periods() {
        for (text, expected) in [
            ("5", Some((None, 5))),
            ("05", Some((None, 5))),
            ("2024-10", Some((Some(2024), 10))),
            ("10/2024", Some((Some(2024), 10))),
            ("202405", Some((Some(2024), 5))),
            ("5. termin 2024", Some((Some(2024), 5))),
            ("13", None),
            ("høst", None),
        ] {
            assert_eq!(declared(text), expected, "{text}");
        }
        let sixth = DeclaredAs::Term.span("6", date(2025, 1, 3)).unwrap();
        assert_eq!(sixth, term_span((2024, 6)));
    }

    #[test]
    fn days_that_no_file_covers() {
        let span = |from: (i8, i8), to: (i8, i8)| Span { from: date(2025, from.0, from.1), to: date(2025, to.0, to.1) };
        let wanted = span((3, 1), (4, 30));
        assert_eq!(missing_days(wanted, &[span((1, 1), (12, 31))]), []);
        assert_eq!(missing_days(wanted, &[span((1, 1), (3, 31))]), [span((4, 1), (4, 30))]);
        assert_eq!(
            missing_days(wanted, &[span((4, 1), (4, 10)), span((3, 5), (3, 31))]),
            [span((3, 1), (3, 4)), span((4, 11), (4, 30))]
        );
        assert_eq!(missing_days(wanted, &[]), [wanted]);
    }

    #[test]
    fn spans_are_periods() {
        let span = |from: Date, to: Date| Span { from, to }.period().map(|p| (p.kind, p.index, p.year));
        assert_eq!(span(date(2025, 3, 1), date(2025, 4, 30)), Some((PeriodKind::TwoMonths, 2, 2025)));
        assert_eq!(span(date(2025, 3, 1), date(2025, 3, 31)), Some((PeriodKind::Month, 3, 2025)));
        assert_eq!(span(date(2025, 1, 1), date(2025, 12, 31)), Some((PeriodKind::Year, 1, 2025)));
        assert_eq!(span(date(2024, 12, 30), date(2025, 1, 5)), Some((PeriodKind::Week, 1, 2025)));
        assert_eq!(span(date(2025, 3, 2), date(2025, 4, 30)), None);
    }
}
