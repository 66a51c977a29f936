//! The vouchers behind a return as a table: what a click on a line opens, and what a reconciliation keeps.

use crate::draft::Draft;
use saf_t::{Ledger, Voucher};
use std::collections::BTreeMap;

/// One row: a voucher's share in a line of the return. Amounts in øre.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Index of the line of the return.
    pub line: usize,
    /// Journal.
    pub journal: String,
    /// Voucher number.
    pub number: String,
    /// Voucher date.
    pub date: String,
    /// Text of the line, else of the voucher.
    pub text: String,
    /// Account and its name.
    pub account: (String, String),
    /// Customer or supplier.
    pub counterparty: String,
    /// What is posted on the account, debit minus credit.
    pub amount: i64,
    /// The accounting system's code.
    pub own_code: String,
    /// Share in the base.
    pub base: i64,
    /// Share in the VAT.
    pub vat: i64,
}

/// Rows of the table, to be filled with texts by [`Table::voucher`] as the file is read once more.
#[derive(Debug)]
pub struct Table {
    rows: Vec<Row>,
    /// By voucher: the row, and the line within the voucher.
    wanted: BTreeMap<usize, Vec<(usize, Option<usize>)>>,
}

impl Table {
    /// The rows of all lines, or of one.
    pub fn of(draft: &Draft, ledger: &Ledger, line: Option<usize>) -> Self {
        let (mut rows, mut wanted) = (Vec::new(), BTreeMap::<usize, Vec<_>>::new());
        for posting in &draft.postings {
            let at = usize::from(posting.line);
            if line.is_some_and(|line| line != at) {
                continue;
            }
            let voucher = posting.voucher as usize;
            let Some(row) = ledger.voucher(voucher) else { continue };
            let tax = posting.tax.and_then(|tax| ledger.tax(tax as usize));
            let (account, amount) = tax.map_or((usize::MAX, 0), |tax| ledger.line(tax.line as usize));
            let within = tax.map(|tax| tax.line as usize - ledger.lines_of(voucher).start);
            wanted.entry(voucher).or_default().push((rows.len(), within));
            let account = ledger.accounts.get(account);
            rows.push(Row {
                line: at,
                journal: ledger.journals.get(row.journal as usize).cloned().unwrap_or_default(),
                number: ledger.number(voucher).to_owned(),
                date: row.date.to_string(),
                text: String::new(),
                account: account.map(|account| (account.id.clone(), account.name.clone())).unwrap_or_default(),
                counterparty: String::new(),
                amount,
                own_code: posting
                    .own(ledger)
                    .and_then(|own| ledger.codes.get(own))
                    .map(|code| code.text.clone())
                    .unwrap_or_default(),
                base: posting.base,
                vat: posting.vat,
            });
        }
        Self { rows, wanted }
    }

    /// Takes the texts of a voucher that is read once more; see [`saf_t::read_again`].
    pub fn voucher(&mut self, index: usize, voucher: &Voucher) {
        let Some(wanted) = self.wanted.get(&index) else { return };
        let party = voucher
            .lines
            .iter()
            .map(|line| voucher.words(if line.customer.is_empty() { &line.supplier } else { &line.customer }))
            .find(|party| !party.is_empty())
            .unwrap_or_default();
        for (row, line) in wanted {
            let Some(row) = self.rows.get_mut(*row) else { continue };
            let line = line.and_then(|line| voucher.lines.get(line));
            let own = line.map(|line| voucher.words(&line.text)).unwrap_or_default();
            row.text = if own.is_empty() { voucher.text.clone() } else { own.to_owned() };
            party.clone_into(&mut row.counterparty);
        }
    }

    /// The rows, by line, date and number.
    pub fn rows(mut self) -> Vec<Row> {
        self.rows
            .sort_by(|a, b| (a.line, &a.date, &a.journal, &a.number).cmp(&(b.line, &b.date, &b.journal, &b.number)));
        self.rows
    }
}
