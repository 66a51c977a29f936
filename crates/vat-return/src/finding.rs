//! One rule's complaint, with what is needed to say it in any language.

use crate::complaint::Complaint;
use crate::model::{Category, Position};
use crate::period::{Period, PeriodKind};
use crate::tables::CodeSet;
use compact_str::CompactString;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// How bad a finding is, as the authority grades it (`avvikstype`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// `avvikende`: the return may be filed; the authority sees the deviation.
    Deviating,
    /// `mangelfull`: it may be filed; something is missing. No rule of the table has it.
    Incomplete,
    /// `ugyldig`: the return is refused.
    Invalid,
}

impl Severity {
    /// The Norwegian word the rules use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Deviating => "avvikende",
            Self::Incomplete => "mangelfull",
            Self::Invalid => "ugyldig",
        }
    }
}

/// One rule's complaint about a return.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Rule number, e.g. `R020`.
    pub rule: &'static str,
    /// Official identifier of the rule.
    pub identifier: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where in the file.
    pub at: Option<Position>,
    /// Which line of the return: an index into [`VatReturn::lines`](crate::VatReturn::lines).
    pub line: Option<usize>,
    /// The code of that line, or the code the rule is about.
    pub vat_code: Option<CompactString>,
    /// Category of the return; the names of the codes depend on it.
    pub(crate) category: Category,
    /// Which of several texts of the rule, mostly the one without a name.
    pub(crate) variant: &'static str,
    /// Values for the text.
    pub(crate) values: Vec<(&'static str, Value)>,
}

/// A value within a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// An amount: `1 234 kr`.
    Kroner(Decimal),
    /// A text as the file has it.
    Text(CompactString),
    /// A rate as the file has it: `15 %`.
    Percent(CompactString),
    /// Rates that would be right: `15 %`, `12 % eller 6 %`.
    Rates(Vec<&'static str>),
    /// How many.
    Count(usize),
    /// A year.
    Year(i32),
    /// A day: `10. juni 2026`.
    Day(Date),
    /// The last day of a period, or one so many days after it: `10. juni 2026`, in whatever year.
    LastDay(Period, i32),
    /// A period: `Mars–april 2026`.
    Period(Period),
    /// Codes: `81, 83 og 86`.
    Codes(CodeSet),
    /// A kind of period: `to måneder`.
    Kind(PeriodKind),
    /// An organisation number: `311 797 816`.
    Payer(CompactString),
    /// What a specification is called.
    Specification(CompactString),
    /// What a category of return is called.
    Category(Category),
    /// A complaint of the reader.
    Complaint(Box<Complaint>),
}

/// A finding in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingText {
    /// A few words, without a full stop.
    pub title: String,
    /// What is wrong, in kroner and names.
    pub message: String,
    /// What to do about it.
    pub advice: String,
}
