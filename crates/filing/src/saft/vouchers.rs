//! The vouchers behind a line: leafed through, searched, opened, copied and written down.

use std::{
    collections::HashMap,
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

use super::{
    Book, Drafted,
    found::{AskedVoucher, Found, Row},
};
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

/// What a query finds, in its order; the last answers are kept, for leafing.
pub(crate) fn found(book: &Book, drafted: &Drafted, query: &BooksQuery) -> Arc<Found> {
    let whole = query.search.is_empty() && query.own.is_none() && query.question.is_none();
    if whole
        && query.order == BooksOrder::Newest
        && let Some(of) = drafted.by_line.get(query.line as usize)
    {
        return Arc::clone(of);
    }
    // Searching again while texts are still being read must find more.
    let lasting = book.texts.get().is_some() || query.search.is_empty();
    let wider = {
        let kept = drafted.kept();
        if let Some(found) = kept.get(query) {
            return found;
        }
        if lasting { kept.wider(query) } else { None }
    };
    let found = match &query.question {
        Some(question) => of_question(book, drafted, query, question, wider.as_deref()),
        None => of_line(book, drafted, query, wider.as_deref()),
    };
    let found = Arc::new(found);
    if lasting {
        drafted.kept().keep(query, &found);
    }
    found
}

fn of_line(book: &Book, drafted: &Drafted, query: &BooksQuery, wider: Option<&Found>) -> Found {
    let line = query.line as usize;
    let Some(all) = drafted.by_line.get(line) else { return Found::of_line(&drafted.draft, line, Vec::new()) };
    let posting = |at: u32| drafted.draft.postings.get(at as usize);
    let wanted = Search::new(&query.search);
    let narrowed = query.own.is_some() || !wanted.words.is_empty();
    if !narrowed && query.order == BooksOrder::Oldest {
        return all.turned_round();
    }
    // Postings without a code have no index.
    let own = query.own.as_deref().map(|own| book.ledger.codes.iter().position(|code| code.text.as_str() == own));
    let of_code = |posting: &Posting| own.is_none_or(|own| posting.own(&book.ledger) == own);
    let fits = |at: &u32| posting(*at).is_some_and(|it| of_code(it) && wanted.fits(book, it));
    // What was found before stands in this order already.
    if let Some(wider) = wider {
        return Found::of_line(&drafted.draft, line, wider.postings().filter(fits).collect());
    }
    let mut rows: Vec<u32> = all.postings().filter(fits).collect();
    match query.order {
        BooksOrder::Newest => {}
        BooksOrder::Oldest => rows.reverse(),
        BooksOrder::Largest => rows.sort_by_cached_key(|at| {
            std::cmp::Reverse(posting(*at).map(|it| it.vat.unsigned_abs().max(it.base.unsigned_abs())))
        }),
    }
    Found::of_line(&drafted.draft, line, rows)
}

fn of_question(book: &Book, drafted: &Drafted, query: &BooksQuery, id: &str, wider: Option<&Found>) -> Found {
    let wanted = Search::new(&query.search);
    let fits = |row: &AskedVoucher| wanted.fits_voucher(book, row);
    if let Some(wider) = wider {
        let rows = wider.all().filter_map(|row| if let Row::Voucher(row) = row { Some(row) } else { None });
        return Found::of_question(rows.filter(fits).collect());
    }
    let about = drafted.question(id).map(|question| question.vouchers.as_slice()).unwrap_or_default();
    let mut gives: HashMap<usize, i128> = about.iter().map(|voucher| (*voucher, 0)).collect();
    for posting in &drafted.draft.postings {
        if let Some(vat) = gives.get_mut(&(posting.voucher as usize)) {
            *vat += i128::from(posting.vat);
        }
    }
    let row = |voucher: &usize| {
        Some(AskedVoucher {
            voucher: u32::try_from(*voucher).ok()?,
            balance: balance(&book.ledger, *voucher),
            vat: gives.get(voucher).copied().unwrap_or_default(),
        })
    };
    let mut rows: Vec<AskedVoucher> = about.iter().filter_map(row).filter(fits).collect();
    let day = |row: &AskedVoucher| book.ledger.voucher(row.voucher as usize).map(|it| it.date);
    match query.order {
        BooksOrder::Newest => rows.sort_by_key(|row| std::cmp::Reverse(day(row))),
        BooksOrder::Oldest => rows.sort_by_key(day),
        BooksOrder::Largest => {
            rows.sort_by_key(|row| std::cmp::Reverse(row.vat.unsigned_abs().max(row.balance.unsigned_abs())));
        }
    }
    Found::of_question(rows)
}

/// Debit minus credit of a voucher, in øre.
fn balance(ledger: &Ledger, voucher: usize) -> i128 {
    ledger.lines_of(voucher).map(|line| i128::from(ledger.line(line).1)).sum()
}

/// A page of what a query finds.
pub fn page(book: &Book, drafted: &Drafted, query: &BooksQuery, from: u32, count: u32) -> BooksPage {
    let found = found(book, drafted, query);
    let from = from as usize;
    let to = from.saturating_add((count as usize).min(MOST));
    let total = match &query.question {
        Some(question) => drafted.question(question).map_or(0, |question| question.vouchers.len()),
        None => drafted.by_line.get(query.line as usize).map_or(0, |of| of.len()),
    };
    BooksPage {
        found: short(found.len()),
        total: short(total),
        reversed: short(found.reversed),
        rows: found.rows(from, to).filter_map(|it| row(book, drafted, query, it)).collect(),
        base: exact(found.base),
        vat: exact(found.vat),
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

fn row(book: &Book, drafted: &Drafted, query: &BooksQuery, row: Row) -> Option<BooksRow> {
    match row {
        Row::Posting(at) => {
            let posting = drafted.draft.postings.get(at as usize)?;
            Some(posting_row(book, posting, is_deduction(drafted, query)))
        }
        Row::Voucher(asked) => Some(voucher_row(book, &asked)),
    }
}

/// Whether the rows have no base: those of a deduction.
fn is_deduction(drafted: &Drafted, query: &BooksQuery) -> bool {
    drafted.draft.lines.get(query.line as usize).is_some_and(|line| line.base_ore.is_none())
}

/// A voucher that a question is about: by how much debit and credit differ, and what it gives the return.
fn voucher_row(book: &Book, asked: &AskedVoucher) -> BooksRow {
    let (ledger, voucher) = (&book.ledger, asked.voucher as usize);
    let (text, party) = texts_of(book, voucher, None);
    BooksRow {
        voucher: asked.voucher,
        number: clean(ledger.number(voucher)),
        date: ledger.voucher(voucher).map(|row| row.date.to_string()).unwrap_or_default(),
        text: clean(text),
        account: String::new(),
        account_name: String::new(),
        party: clean(party),
        own: String::new(),
        base: Some(exact(asked.balance)),
        vat: exact(asked.vat),
    }
}

fn posting_row(book: &Book, posting: &Posting, deduction: bool) -> BooksRow {
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
    let balance = balance(ledger, at);
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
        self.words.iter().all(|word| {
            has(ledger.number(voucher), word)
                || has(account, word)
                || has(own_code(ledger, posting), word)
                || has(text, word)
                || has(party, word)
                || begins(&[posting.base.into(), posting.vat.into()], word)
        })
    }

    fn fits_voucher(&self, book: &Book, asked: &AskedVoucher) -> bool {
        let voucher = asked.voucher as usize;
        let (text, party) = texts_of(book, voucher, None);
        self.words.iter().all(|word| {
            has(book.ledger.number(voucher), word)
                || has(text, word)
                || has(party, word)
                || begins(&[asked.balance, asked.vat], word)
        })
    }
}

/// Whether one of these amounts, as it is written, begins with a word.
fn begins(amounts: &[i128], word: &str) -> bool {
    // Most words are none, and then nothing is written.
    word.starts_with(|letter: char| letter.is_ascii_digit())
        && amounts.iter().any(|ore| {
            let ore = ore.unsigned_abs();
            format!("{},{:02}", ore / 100, ore % 100).starts_with(word)
        })
}

/// Whether a text holds a word that is in small letters already.
fn has(text: &str, word: &str) -> bool {
    if word.is_ascii() && text.is_ascii() {
        let word = word.as_bytes();
        return text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    }
    text.to_lowercase().contains(word)
}

fn headings(query: &BooksQuery, language: Language) -> [&'static str; 9] {
    let base = if query.question.is_some() { "saft.vouchers.balance" } else { "saft.vouchers.base" };
    [
        "saft.vouchers.voucher",
        "saft.vouchers.date",
        "saft.vouchers.text",
        "saft.vouchers.account",
        "saft.vouchers.accountName",
        "saft.vouchers.counterparty",
        "saft.vouchers.ownCode",
        base,
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
    let mut table = Table::new(out, &headings(query, language))?;
    let found = found(book, drafted, query);
    for row in found.all().filter_map(|it| row(book, drafted, query, it)) {
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
    let mut text = headings(query, language).join("\t");
    text.push('\n');
    let found = found(book, drafted, query);
    for row in found.all().filter_map(|it| row(book, drafted, query, it)) {
        text.push_str(&copied(row).join("\t"));
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
