//! A draft held against what was filed before: for the same period voucher by voucher, and the company's latest returns.

use books::compare::{Mark, marks, since};
use rust_decimal::Decimal;
use store::database::DatabaseError;
use vat_return::{Language, VatReturn};
use view::{
    BooksChange, BooksRecent, BooksSince,
    texts::{kroner, moment},
};

use super::{
    Book, Drafted, MARKS,
    vouchers::{clean, exact, short},
};
use crate::filings::{self, Filing, RETURN};

/// Vouchers of each sort that are named.
const NAMED: usize = 200;
/// Earlier returns that are shown.
const RECENT: usize = 3;

/// What has come since a filing of the same period.
pub(super) fn compared(
    db: &rusqlite::Connection,
    book: &Book,
    drafted: &Drafted,
    filing: &Filing,
) -> Result<BooksSince, DatabaseError> {
    let kept = filings::document(db, filing.number, MARKS)?;
    let before: Option<Vec<Mark>> = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let found = before.as_deref().map(|before| since(before, &marks(&drafted.draft, &book.ledger))).unwrap_or_default();
    let vat = |mark: &Mark| mark.gives.iter().map(|(_, _, vat)| i128::from(*vat)).sum::<i128>();
    let change = |mark: &Mark, vat: i128| BooksChange { voucher: clean(&mark.voucher), vat: exact(vat) };
    Ok(BooksSince {
        filing: filing.id.to_string(),
        at: moment(filing.delivered_at.unwrap_or(filing.begun_at)),
        sum: kroner(filing.assessed_vat),
        known: before.is_some(),
        added: found.added.iter().take(NAMED).map(|mark| change(mark, vat(mark))).collect(),
        removed: found.removed.iter().take(NAMED).map(|mark| change(mark, -vat(mark))).collect(),
        changed: found.changed.iter().take(NAMED).map(|(old, new)| change(new, vat(new) - vat(old))).collect(),
        count: short(found.added.len() + found.removed.len() + found.changed.len()),
    })
}

/// The company's latest returns of earlier periods.
pub(super) fn recent(
    db: &rusqlite::Connection,
    filed: &[Filing],
    drafted: &Drafted,
    language: Language,
) -> Result<Vec<BooksRecent>, DatabaseError> {
    let first = drafted.period.first_day();
    let mut earlier: Vec<&Filing> = filed
        .iter()
        .filter(|filing| !filing.replaced && filing.state.counts_as_filed() && filing.subject.period.last_day() < first)
        .collect();
    earlier.sort_by_key(|filing| std::cmp::Reverse(filing.subject.period.last_day()));
    let mut recent = Vec::new();
    for filing in earlier.into_iter().take(RECENT) {
        let bytes = filings::document(db, filing.number, RETURN)?;
        let read = bytes.and_then(|bytes| vat_return::read(&bytes).ok());
        let (output, input) = read.as_ref().map(sides).unwrap_or_default();
        recent.push(BooksRecent {
            period: filing.subject.period.in_words(language),
            sum: kroner(filing.assessed_vat),
            output: kroner(output),
            input: kroner(input),
        });
    }
    Ok(recent)
}

/// Output VAT and deductions of a return.
pub(super) fn sides(read: &VatReturn) -> (Decimal, Decimal) {
    let sum = |deductions: bool| {
        read.lines.iter().filter(|line| line.base.is_none() == deductions).map(|line| line.vat.value).sum()
    };
    (sum(false), sum(true))
}
