//! What a query finds of the vouchers of a draft, with what is said of all of it: counted once, so that a page of it costs a
//! page, however many there are.

use std::{collections::VecDeque, sync::Arc};

use books::Draft;
use view::BooksQuery;

/// Answers that are kept, for leafing and for going back.
const KEPT: usize = 8;

/// What a query found.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    rows: Rows,
    /// The rows are read from the end.
    backwards: bool,
    /// Credit notes and what else has turned round.
    pub(crate) reversed: usize,
    /// Base of all, in øre.
    pub(crate) base: i128,
    /// VAT of all, in øre.
    pub(crate) vat: i128,
}

#[derive(Debug, Clone)]
enum Rows {
    /// Of a line: postings by index.
    Postings(Arc<Vec<u32>>),
    /// Of a question: its vouchers.
    Vouchers(Arc<Vec<AskedVoucher>>),
}

/// A voucher that a question is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedVoucher {
    /// Its index.
    pub(crate) voucher: u32,
    /// Debit minus credit, in øre.
    pub(crate) balance: i128,
    /// What it gives the return, in øre.
    pub(crate) vat: i128,
}

/// A row of what was found.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Row {
    /// A posting of a line, by index.
    Posting(u32),
    /// A voucher of a question.
    Voucher(AskedVoucher),
}

impl Found {
    /// Postings of a line, in this order.
    pub(crate) fn of_line(draft: &Draft, line: usize, rows: Vec<u32>) -> Self {
        let of = draft.lines.get(line);
        let deduction = of.is_some_and(|line| line.base_ore.is_none());
        let expected = of.map_or(1, |line| if line.vat_ore < 0 { -1 } else { 1 });
        let (mut reversed, mut base, mut vat) = (0, 0, 0);
        for posting in rows.iter().filter_map(|at| draft.postings.get(*at as usize)) {
            base += i128::from(posting.base);
            vat += i128::from(posting.vat);
            let turned = if deduction { i128::from(posting.vat) * expected < 0 } else { posting.base < 0 };
            reversed += usize::from(turned);
        }
        Self { rows: Rows::Postings(Arc::new(rows)), backwards: false, reversed, base, vat }
    }

    /// Vouchers of a question, in this order.
    pub(crate) fn of_question(rows: Vec<AskedVoucher>) -> Self {
        let vat = rows.iter().map(|row| row.vat).sum();
        let base = rows.iter().map(|row| row.balance).sum();
        Self { rows: Rows::Vouchers(Arc::new(rows)), backwards: false, reversed: 0, base, vat }
    }

    /// The same the other way round; nothing is copied.
    pub(crate) fn turned_round(&self) -> Self {
        Self { backwards: !self.backwards, ..self.clone() }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.rows {
            Rows::Postings(rows) => rows.len(),
            Rows::Vouchers(rows) => rows.len(),
        }
    }

    fn row(&self, at: usize) -> Option<Row> {
        let at = if self.backwards { self.len().checked_sub(at + 1)? } else { at };
        match &self.rows {
            Rows::Postings(rows) => rows.get(at).copied().map(Row::Posting),
            Rows::Vouchers(rows) => rows.get(at).copied().map(Row::Voucher),
        }
    }

    /// The rows from one to before another.
    pub(crate) fn rows(&self, from: usize, to: usize) -> impl Iterator<Item = Row> {
        (from..to.min(self.len())).filter_map(|at| self.row(at))
    }

    /// All rows.
    pub(crate) fn all(&self) -> impl Iterator<Item = Row> {
        self.rows(0, self.len())
    }

    /// The postings, for what is told of a line.
    pub(crate) fn postings(&self) -> impl Iterator<Item = u32> {
        self.all().filter_map(|row| match row {
            Row::Posting(at) => Some(at),
            Row::Voucher(_) => None,
        })
    }
}

/// The answers that were given last.
#[derive(Debug, Default)]
pub(crate) struct Kept(VecDeque<(BooksQuery, Arc<Found>)>);

impl Kept {
    /// What this query found.
    pub(crate) fn get(&self, query: &BooksQuery) -> Option<Arc<Found>> {
        self.0.iter().find(|(known, _)| known == query).map(|(_, found)| Arc::clone(found))
    }

    /// What a query found of which this one can only find a part: what is typed on finds among what was found.
    pub(crate) fn wider(&self, query: &BooksQuery) -> Option<Arc<Found>> {
        // The last letter of a word decides how a sigma is written small.
        let narrows = |known: &BooksQuery| {
            !known.search.is_empty()
                && !known.search.contains('Σ')
                && query.search.starts_with(&known.search)
                && (known.line, &known.own, &known.question, known.order)
                    == (query.line, &query.own, &query.question, query.order)
        };
        let known = self.0.iter().filter(|(known, _)| narrows(known));
        known.max_by_key(|(known, _)| known.search.len()).map(|(_, found)| Arc::clone(found))
    }

    pub(crate) fn keep(&mut self, query: &BooksQuery, found: &Arc<Found>) {
        self.0.push_back((query.clone(), Arc::clone(found)));
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }
}
