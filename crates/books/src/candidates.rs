//! The periods that a delivery can be filed for.

use crate::period::{self, Span};
use saf_t::Ledger;
use std::collections::BTreeMap;
use vat_return::{Period, PeriodKind};

/// A period, and how the ways of placing a voucher differ on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The period.
    pub period: Period,
    /// Vouchers with a VAT code in it, by voucher date.
    pub by_date: usize,
    /// By accounting period.
    pub by_accounting: usize,
    /// By the period that the lines declare, where any do; else by date.
    pub by_declared: usize,
    /// Days that no file covers.
    pub missing_days: Vec<Span>,
}

/// Every period of a kind in which there are vouchers with a VAT code, in order.
pub fn candidates(ledger: &Ledger, kind: PeriodKind) -> Vec<Candidate> {
    let shift = period::fiscal_shift(ledger);
    let declared_as = period::DeclaredAs::of(ledger);
    let mut counts: BTreeMap<(i32, u8), [usize; 3]> = BTreeMap::new();
    let mut count = |day: jiff::civil::Date, which: usize| {
        if let Some(place) = place(day, kind).and_then(|at| counts.entry(at).or_default().get_mut(which)) {
            *place += 1;
        }
    };
    for (index, row) in ledger.vouchers() {
        let mut coded = ledger.taxes_of(index).filter_map(|tax| ledger.tax(tax)).filter(|tax| tax.code().is_some());
        let Some(first) = coded.next() else { continue };
        count(row.date, 0);
        let month = row.period.zip(shift).and_then(|(at, shift)| period::accounting_month(at, row.period_year, shift));
        let by_accounting = month.filter(|month| !month.has(row.date)).map_or(row.date, |month| month.from);
        count(by_accounting, 1);
        let declared = first.declared().and_then(|at| declared_as.span(ledger.declared.get(at)?, row.date));
        count(declared.filter(|span| !span.has(row.date)).map_or(row.date, |span| span.from), 2);
    }
    let selected: Option<Vec<Span>> =
        ledger.files.iter().map(|file| period::selected(&file.header.selection, shift.unwrap_or(0))).collect();
    counts
        .into_iter()
        .map(|((year, index), [by_date, by_accounting, by_declared])| {
            let period = Period { kind, index, year };
            let missing_days = selected.as_deref().map(|all| period::missing_days(Span::of(&period), all));
            Candidate { period, by_date, by_accounting, by_declared, missing_days: missing_days.unwrap_or_default() }
        })
        .collect()
}

/// The period of that kind that has the day.
fn place(day: jiff::civil::Date, kind: PeriodKind) -> Option<(i32, u8)> {
    let year = i32::from(day.year());
    [year, year - 1, year + 1].into_iter().find_map(|year| {
        (1..=kind.count())
            .find(|index| Span::of(&Period { kind, index: *index, year }).has(day))
            .map(|index| (year, index))
    })
}
