//! What the reader hands on: header, accounts, tax codes, and one voucher at a time.

use crate::number::Rate;
use jiff::civil::Date;
use std::ops::Range;

/// The header of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// `AuditFileVersion`, as written.
    pub version: String,
    /// `AuditFileCountry`, as written.
    pub country: String,
    /// `AuditFileDateCreated`, as written.
    pub created: String,
    /// `SoftwareCompanyName`.
    pub software_company: String,
    /// `SoftwareID`.
    pub software: String,
    /// `SoftwareVersion`.
    pub software_version: String,
    /// `Company/RegistrationNumber`, as written.
    pub company_number: String,
    /// `Company/Name`.
    pub company_name: String,
    /// `Company/TaxRegistration/TaxRegistrationNumber`, the first that is not empty.
    pub tax_number: String,
    /// `DefaultCurrencyCode`.
    pub currency: String,
    /// `SelectionCriteria`.
    pub selection: Selection,
}

/// `SelectionCriteria`: dates, or accounting periods, or nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Selection {
    /// `SelectionStartDate` and `SelectionEndDate`.
    pub dates: (Option<Date>, Option<Date>),
    /// `PeriodStart` and its year.
    pub first: (Option<u16>, Option<i16>),
    /// `PeriodEnd` and its year.
    pub last: (Option<u16>, Option<i16>),
}

/// An account of the chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// `AccountID`.
    pub id: String,
    /// `AccountDescription`; empty where the chart does not have the account.
    pub name: String,
    /// `StandardAccountID`, 1.20.
    pub standard: String,
    /// `GroupingCategory`.
    pub category: String,
    /// `GroupingCode`.
    pub grouping: String,
}

/// A row of the tax table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct TaxRow {
    /// `TaxCode`: the accounting system's own code.
    pub code: String,
    /// `EffectiveDate`.
    pub from: Option<Date>,
    /// `ExpirationDate`.
    pub to: Option<Date>,
    /// `Description`.
    pub name: String,
    /// `TaxPercentage`.
    pub rate: Option<Rate>,
    /// `Country`.
    pub country: String,
    /// `StandardTaxCode`, as written.
    pub standard: String,
    /// `Compensation`.
    pub compensation: bool,
    /// Every `BaseRate`: the deductible shares that the code is used with.
    pub shares: Vec<Rate>,
}

/// A part of [`Voucher::words`].
pub type Span = Range<u32>;

/// One voucher, with all that is written in it. The reader fills the same one again and again.
#[derive(Debug, Clone, Default)]
pub struct Voucher {
    /// `TransactionID`.
    pub number: String,
    /// `TransactionDate`.
    pub date: Option<Date>,
    /// `Period`: of the fiscal year; 0 is the opening.
    pub period: Option<u16>,
    /// `PeriodYear`.
    pub period_year: Option<i16>,
    /// `Description`.
    pub text: String,
    /// The lines.
    pub lines: Vec<Line>,
    /// What the lines say of tax; see [`Line::taxes`].
    pub taxes: Vec<Tax>,
    /// The characters of all spans.
    pub words: String,
}

/// A line of a voucher. Amounts are in øre and have the sign that is written.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// `RecordID`.
    pub record: Span,
    /// `AccountID`.
    pub account: Span,
    /// `Description`.
    pub text: Span,
    /// `CustomerID`.
    pub customer: Span,
    /// `SupplierID`.
    pub supplier: Span,
    /// `ReferenceNumber`.
    pub reference: Span,
    /// `SourceDocumentID`.
    pub document: Span,
    /// `DebitAmount`.
    pub debit: Option<Money>,
    /// `CreditAmount`.
    pub credit: Option<Money>,
    /// Which of [`Voucher::taxes`] are the line's.
    pub taxes: Range<u32>,
}

/// An amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Money {
    /// `Amount`, in øre of the file's currency.
    pub amount: i64,
    /// `CurrencyAmount`, where `CurrencyCode` is NOK.
    pub nok: Option<i64>,
}

/// `TaxInformation`.
#[derive(Debug, Clone, Default)]
pub struct Tax {
    /// `TaxCode`.
    pub code: Option<Span>,
    /// `TaxPercentage`.
    pub rate: Option<Rate>,
    /// `TaxBase`.
    pub base: Option<i64>,
    /// `TaxAmount`, `DebitTaxAmount` or `CreditTaxAmount`.
    pub amount: Option<Money>,
    /// `NOKAmount`.
    pub nok: Option<i64>,
    /// `NOKTaxBase`.
    pub nok_base: Option<i64>,
    /// `TaxDeclarationPeriod`.
    pub declared: Option<Span>,
}

impl Voucher {
    /// The characters of a span.
    pub fn words(&self, span: &Span) -> &str {
        self.words.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    pub(crate) fn clear(&mut self) {
        self.number.clear();
        self.date = None;
        self.period = None;
        self.period_year = None;
        self.text.clear();
        self.lines.clear();
        self.taxes.clear();
        self.words.clear();
    }
}

impl Line {
    /// Debit minus credit, in øre. The schema has one of them; where there are both they are netted.
    pub fn net(&self) -> i64 {
        self.debit.map_or(0, |money| money.amount).saturating_sub(self.credit.map_or(0, |money| money.amount))
    }

    /// The same in NOK, where the currency amounts are in NOK.
    pub fn net_nok(&self) -> Option<i64> {
        match (self.debit, self.credit) {
            (Some(debit), None) => debit.nok,
            (None, Some(credit)) => credit.nok.map(|nok| -nok),
            _ => None,
        }
    }

    /// Whether the line stands on the credit side: by its amount, and by its element where the amount is nothing.
    pub fn is_credit(&self) -> bool {
        match self.net() {
            0 => self.debit.is_none() && self.credit.is_some(),
            net => net < 0,
        }
    }
}

/// What takes in what the reader reads.
pub trait Sink {
    /// The header, when it ends. Anything that is wrong with it ends the reading.
    ///
    /// # Errors
    /// What the sink cannot go on with.
    fn header(&mut self, header: &Header) -> Result<(), crate::Problem>;
    /// An account.
    fn account(&mut self, _account: Account) {}
    /// A customer or a supplier: its id and its name.
    fn party(&mut self, _id: &str, _name: &str) {}
    /// A row of the tax table.
    fn tax_row(&mut self, _row: TaxRow) {}
    /// A journal begins: its identification.
    fn journal(&mut self, _id: &str) {}
    /// A voucher.
    ///
    /// # Errors
    /// What the sink cannot go on with.
    fn voucher(&mut self, voucher: &Voucher) -> Result<(), crate::Problem>;
}
