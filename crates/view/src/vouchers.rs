//! The vouchers behind a line of a return that comes of a SAF-T delivery.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Day, Kroner};

/// Which vouchers are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksQuery {
    /// The line of the return.
    pub line: u32,
    /// Instead of those of a line: those that this question is about.
    pub question: Option<String>,
    /// Only of this own code.
    pub own: Option<String>,
    /// What they must hold, in whatever column.
    pub search: String,
    /// In which order.
    pub order: BooksOrder,
}

/// In which order vouchers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum BooksOrder {
    /// The latest first.
    Newest,
    /// The earliest first.
    Oldest,
    /// The largest VAT first, whatever its sign.
    Largest,
}

/// Some of the vouchers behind a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksPage {
    /// Rows that were found.
    pub found: u32,
    /// Rows there are.
    pub total: u32,
    /// Rows with a minus: credit notes, as a rule.
    pub reversed: u32,
    /// The rows from where they were wanted.
    pub rows: Vec<BooksRow>,
    /// Base of what was found, with øre; of a question debit minus credit.
    pub base: Kroner,
    /// VAT of what was found, with øre.
    pub vat: Kroner,
    /// Texts are still being read, or cannot be.
    pub without_texts: bool,
}

/// A voucher's share in a line. Amounts have øre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksRow {
    /// The voucher's index.
    pub voucher: u32,
    /// Its number.
    pub number: String,
    /// Its date.
    pub date: Day,
    /// Text.
    pub text: String,
    /// Account number.
    pub account: String,
    /// Account name.
    pub account_name: String,
    /// Customer or supplier.
    pub party: String,
    /// The accounting system's code.
    pub own: String,
    /// Base; of a question's voucher debit minus credit.
    pub base: Option<Kroner>,
    /// VAT.
    pub vat: Kroner,
}

/// A voucher with all its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksVoucher {
    /// Its index.
    pub voucher: u32,
    /// Its number.
    pub number: String,
    /// Journal.
    pub journal: String,
    /// Date.
    pub date: Day,
    /// Accounting period and its year.
    pub period: Option<String>,
    /// Text.
    pub text: String,
    /// Customer or supplier.
    pub party: String,
    /// Reference.
    pub reference: String,
    /// Its lines.
    pub lines: Vec<BooksVoucherLine>,
    /// Debit and credit are equal.
    pub balanced: bool,
}

/// A line of a voucher. Amounts have øre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BooksVoucherLine {
    /// Account number.
    pub account: String,
    /// Account name.
    pub name: String,
    /// Text, where it is not the voucher's.
    pub text: String,
    /// The accounting system's code.
    pub own: String,
    /// Debit.
    pub debit: Option<Kroner>,
    /// Credit.
    pub credit: Option<Kroner>,
}
