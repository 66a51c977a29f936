//! The vouchers behind a line: leafed through, searched, opened, copied and written down.

use std::{
    io,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use books::Posting;
use rust_decimal::Decimal;
use saf_t::{Ledger, Texts};
use shown::cell::inert;
use vat_return::Language;
use view::{BooksOrder, BooksPage, BooksQuery, BooksRow, BooksVoucher, BooksVoucherLine, Kroner};

use super::{Book, Drafted};
use crate::table::{Cell, Table};

/// Rows of one answer, however many are asked for.
const MOST: usize = 500;

/// Øre as kroner with two decimals: `"-1600.00"`.
pub(super) fn exact(ore: i128) -> Kroner {
    Decimal::try_from_i128_with_scale(ore, 2).unwrap_or(Decimal::MAX).to_string()
}

/// How long a table that is to be written waits for the texts of its vouchers.
const TEXTS_COME: Duration = Duration::from_secs(60);

impl Book {
    /// Waits until the texts have been read, or cannot be: a table is complete, and cannot be looked at again in a moment as
    /// a page can.
    pub fn wait_for_texts(&self) {
        let begun = Instant::now();
        while self.texts.get().is_none() && begun.elapsed() < TEXTS_COME {
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(super) fn texts(&self) -> Option<&Texts> {
        self.texts.get()?.as_ref()
    }
}

/// The postings that a query finds, in its order; the last answer is kept, for leafing.
pub(crate) fn found(book: &Book, drafted: &Drafted, query: &BooksQuery) -> Arc<Vec<u32>> {
    if let Some((known, found)) = &*drafted.kept()
        && known == query
    {
        return Arc::clone(found);
    }
    let all = drafted.by_line.get(query.line as usize).map(Vec::as_slice).unwrap_or_default();
    let posting = |at: u32| drafted.draft.postings.get(at as usize);
    let own = query.own.as_deref();
    let of_code = |posting: &Posting| own.is_none_or(|own| own_code(&book.ledger, posting) == own);
    let wanted = Search::new(&query.search);
    let mut rows: Vec<u32> =
        all.iter().copied().filter(|at| posting(*at).is_some_and(|it| of_code(it) && wanted.fits(book, it))).collect();
    match query.order {
        BooksOrder::Newest => {}
        BooksOrder::Oldest => rows.reverse(),
        BooksOrder::Largest => {
            rows.sort_by_key(|at| {
                std::cmp::Reverse(posting(*at).map(|it| it.vat.unsigned_abs().max(it.base.unsigned_abs())))
            });
        }
    }
    let rows = Arc::new(rows);
    // Searching again while texts are still being read must find more.
    if book.texts.get().is_some() || query.search.is_empty() {
        *drafted.kept() = Some((query.clone(), Arc::clone(&rows)));
    }
    rows
}

/// A page of what a query finds.
pub fn page(book: &Book, drafted: &Drafted, query: &BooksQuery, from: u32, count: u32) -> BooksPage {
    let found = found(book, drafted, query);
    let posting = |at: &u32| drafted.draft.postings.get(*at as usize);
    let line = drafted.draft.lines.get(query.line as usize);
    let deduction = line.is_some_and(|line| line.base_ore.is_none());
    let from = from as usize;
    let to = from.saturating_add((count as usize).min(MOST)).min(found.len());
    let rows = found.get(from.min(to)..to).unwrap_or_default().iter().filter_map(posting);
    let expected = line.map_or(1, |line| if line.vat_ore < 0 { -1 } else { 1 });
    let turned = |it: &&Posting| if deduction { i128::from(it.vat) * expected < 0 } else { it.base < 0 };
    BooksPage {
        found: short(found.len()),
        total: short(drafted.by_line.get(query.line as usize).map_or(0, Vec::len)),
        reversed: short(found.iter().filter_map(posting).filter(turned).count()),
        rows: rows.map(|posting| row(book, posting, deduction)).collect(),
        base: exact(found.iter().filter_map(posting).map(|it| i128::from(it.base)).sum()),
        vat: exact(found.iter().filter_map(posting).map(|it| i128::from(it.vat)).sum()),
        without_texts: book.texts().is_none(),
    }
}

pub(super) fn short(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn own_code<'a>(ledger: &'a Ledger, posting: &Posting) -> &'a str {
    posting.own(ledger).and_then(|own| ledger.codes.get(own)).map_or("", |code| code.text.as_str())
}

/// The line of a posting, and the account it stands on.
fn place<'a>(ledger: &'a Ledger, posting: &Posting) -> (Option<usize>, &'a str, &'a str) {
    let line = posting.tax.and_then(|tax| ledger.tax(tax as usize)).map(|tax| tax.line as usize);
    let account = line.and_then(|line| ledger.accounts.get(ledger.line(line).0));
    account.map_or((line, "", ""), |account| (line, account.id.as_str(), account.name.as_str()))
}

fn texts_of(book: &Book, voucher: usize, line: Option<usize>) -> (&str, &str) {
    let Some(texts) = book.texts() else { return ("", "") };
    let text = line.map_or_else(|| texts.voucher(voucher), |line| texts.line(voucher, line));
    let party = line.and_then(|line| texts.party_of_line(line)).unwrap_or_else(|| texts.party(voucher));
    (text, party)
}

fn row(book: &Book, posting: &Posting, deduction: bool) -> BooksRow {
    let ledger = &book.ledger;
    let voucher = posting.voucher as usize;
    let (line, account, account_name) = place(ledger, posting);
    let (text, party) = texts_of(book, voucher, line);
    BooksRow {
        voucher: posting.voucher,
        number: clean(ledger.number(voucher)),
        date: ledger.voucher(voucher).map(|row| row.date.to_string()).unwrap_or_default(),
        text: clean(text),
        account: clean(account),
        account_name: clean(account_name),
        party: clean(party),
        own: clean(own_code(ledger, posting)),
        base: (!deduction).then(|| exact(posting.base.into())),
        vat: exact(posting.vat.into()),
    }
}

/// What comes from outside, made fit to be shown.
pub(super) fn clean(text: &str) -> String {
    if text.is_empty() { String::new() } else { shown::Shown::line(text).into() }
}

/// A voucher with all its lines.
pub fn voucher(book: &Book, index: u32) -> Option<BooksVoucher> {
    let ledger = &book.ledger;
    let at = index as usize;
    let row = ledger.voucher(at)?;
    let texts = book.texts();
    let taxes = ledger.taxes_of(at);
    let lines: Vec<usize> = ledger.lines_of(at).collect();
    let side = |net: i64, wanted: bool| ((net < 0) == wanted && net != 0).then(|| exact(i128::from(net).abs()));
    let shown = lines.iter().map(|line| {
        let (account, net) = ledger.line(*line);
        let account = ledger.accounts.get(account);
        let own = taxes
            .clone()
            .filter_map(|tax| ledger.tax(tax))
            .filter(|tax| tax.line as usize == *line)
            .find_map(|tax| ledger.codes.get(tax.code()?))
            .map_or("", |code| code.text.as_str());
        let text = texts.map_or("", |texts| texts.line(at, *line));
        let same = texts.is_some_and(|texts| texts.voucher(at) == text);
        BooksVoucherLine {
            account: clean(account.map_or("", |account| account.id.as_str())),
            name: clean(account.map_or("", |account| account.name.as_str())),
            text: if same { String::new() } else { clean(text) },
            own: clean(own),
            debit: side(net, false),
            credit: side(net, true),
        }
    });
    let balance: i128 = lines.iter().map(|line| i128::from(ledger.line(*line).1)).sum();
    let year = row.period_year;
    let period = row.period.map(|period| if year > 0 { format!("{period}/{year}") } else { period.to_string() });
    Some(BooksVoucher {
        voucher: index,
        number: clean(ledger.number(at)),
        journal: clean(ledger.journals.get(row.journal as usize).map_or("", String::as_str)),
        date: row.date.to_string(),
        period,
        text: clean(texts.map_or("", |texts| texts.voucher(at))),
        party: clean(texts.map_or("", |texts| texts.party(at))),
        reference: clean(
            texts
                .and_then(|texts| lines.iter().map(|line| texts.reference(*line)).find(|it| !it.is_empty()))
                .unwrap_or_default(),
        ),
        lines: shown.collect(),
        balanced: balance == 0,
    })
}

/// What is searched for: every word in some column.
struct Search {
    words: Vec<String>,
}

impl Search {
    fn new(text: &str) -> Self {
        Self { words: text.split_whitespace().map(str::to_lowercase).collect() }
    }

    fn fits(&self, book: &Book, posting: &Posting) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let ledger = &book.ledger;
        let voucher = posting.voucher as usize;
        let (line, account, _) = place(ledger, posting);
        let (text, party) = texts_of(book, voucher, line);
        let amounts = [posting.base, posting.vat].map(|ore| {
            let ore = ore.unsigned_abs();
            format!("{},{:02}", ore / 100, ore % 100)
        });
        self.words.iter().all(|word| {
            has(ledger.number(voucher), word)
                || has(account, word)
                || has(own_code(ledger, posting), word)
                || has(text, word)
                || has(party, word)
                || amounts.iter().any(|amount| amount.starts_with(word.as_str()))
        })
    }
}

/// Whether a text holds a word that is in small letters already.
fn has(text: &str, word: &str) -> bool {
    if word.is_ascii() && text.is_ascii() {
        let word = word.as_bytes();
        return text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}

fn headings(language: Language) -> [&'static str; 9] {
    [
        "saft.vouchers.voucher",
        "saft.vouchers.date",
        "saft.vouchers.text",
        "saft.vouchers.account",
        "saft.vouchers.accountName",
        "saft.vouchers.counterparty",
        "saft.vouchers.ownCode",
        "saft.vouchers.base",
        "saft.vouchers.vat",
    ]
    .map(|key| crate::text(language, key))
}

/// The rows that a query finds, as a table for a spreadsheet.
///
/// # Errors
/// The writing.
pub fn csv(
    book: &Book,
    drafted: &Drafted,
    query: &BooksQuery,
    language: Language,
    out: impl io::Write,
) -> io::Result<u32> {
    let deduction = drafted.draft.lines.get(query.line as usize).is_some_and(|line| line.base_ore.is_none());
    let mut table = Table::new(out, &headings(language))?;
    let found = found(book, drafted, query);
    for posting in found.iter().filter_map(|at| drafted.draft.postings.get(*at as usize)) {
        let row = row(book, posting, deduction);
        let amount = |text: &str| text.parse().map_or(Cell::Empty, Cell::Amount);
        table.row(&[
            Cell::text(row.number),
            Cell::text(row.date),
            Cell::text(row.text),
            Cell::text(row.account),
            Cell::text(row.account_name),
            Cell::text(row.party),
            Cell::text(row.own),
            row.base.as_deref().map_or(Cell::Empty, amount),
            amount(&row.vat),
        ])?;
    }
    table.finish()?;
    Ok(short(found.len()))
}

/// The same for the clipboard: tabs between, one line a row, a decimal comma and a plain minus.
pub fn tsv(book: &Book, drafted: &Drafted, query: &BooksQuery, language: Language) -> String {
    let deduction = drafted.draft.lines.get(query.line as usize).is_some_and(|line| line.base_ore.is_none());
    let mut text = headings(language).join("\t");
    text.push('\n');
    let found = found(book, drafted, query);
    for posting in found.iter().filter_map(|at| drafted.draft.postings.get(*at as usize)) {
        text.push_str(&copied(row(book, posting, deduction)).join("\t"));
        text.push('\n');
    }
    text
}

/// A row's cells: in those that hold words no tab, and nothing that a spreadsheet would take for a formula.
fn copied(row: BooksRow) -> [String; 9] {
    let amount = |text: String| text.replace('.', ",");
    [
        inert(&row.number),
        row.date,
        inert(&row.text),
        inert(&row.account),
        inert(&row.account_name),
        inert(&row.party),
        inert(&row.own),
        row.base.map(amount).unwrap_or_default(),
        amount(row.vat),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_computes_nothing() {
        for evil in shown::cell::FORMULAS {
            let words = || evil.to_owned();
            let cells = copied(BooksRow {
                voucher: 1,
                number: words(),
                date: "2026-06-10".to_owned(),
                text: words(),
                account: words(),
                account_name: words(),
                party: words(),
                own: words(),
                base: Some("-1000.50".to_owned()),
                vat: "250".to_owned(),
            });
            for at in [0, 2, 3, 4, 5, 6] {
                assert!(!shown::cell::begins_formula(&cells[at]) && !cells[at].contains('\t'), "{evil:?} {at}");
            }
            assert_eq!((cells[7].as_str(), cells[8].as_str()), ("-1000,50", "250"));
        }
    }
}
