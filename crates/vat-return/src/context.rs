//! What a check may know beside the return itself: the day, the company's earlier returns, the registers.

use crate::model::Category;
use crate::period::{Period, PeriodKind};
use compact_str::CompactString;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What a check may know. What is absent is not guessed: the rules that need it are left out.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The day of filing, a calendar date in Norway.
    pub submitted: Date,
    /// The company's earlier returns.
    pub history: Option<&'a History>,
    /// The entity register and the VAT register.
    pub register: Option<&'a Register>,
    /// The company's account for refunds.
    pub account: Option<&'a Account>,
}

impl Context<'_> {
    /// Nothing but the day of filing.
    pub const fn on(submitted: Date) -> Self {
        Self { submitted, history: None, register: None, account: None }
    }
}

/// The company's earlier returns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    /// The returns, in any order; several of one period are a return and its corrections.
    pub returns: Vec<FiledReturn>,
    /// Whether `returns` is all the authority has. Momsbud's own filings are not: the company may have filed
    /// elsewhere, so that a return it cannot see proves nothing (but a gap between two that it can, does).
    pub complete: bool,
    /// Whether the period after the return's can be filed already, where the authority has told (R134).
    pub next_period_open: Option<bool>,
}

/// An earlier return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledReturn {
    /// Category.
    pub category: Category,
    /// Period.
    pub period: Period,
    /// `fastsattMerverdiavgift`, in kroner.
    pub assessed_vat: Decimal,
    /// The day it was delivered, a calendar date in Norway.
    pub delivered: Date,
}

/// What the entity register and the VAT register say of the payer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The payer's obligations in the VAT register; none when the register has none.
    pub obligations: Vec<Obligation>,
    /// The payer in the entity register; absent when the register does not know it.
    pub entity: Option<Entity>,
    /// Belongs to a joint registration and is not its reporting entity (R051).
    pub represented_by_another: bool,
}

/// A VAT obligation (mva-plikt).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Category of the returns.
    pub category: Category,
    /// Kind of period, where one is registered.
    pub kind: Option<PeriodKind>,
    /// First day.
    pub from: Date,
    /// Last day; absent while it lasts.
    pub to: Option<Date>,
    /// A one-off registration (engangsregistrering).
    pub one_off: bool,
}

/// The payer in the entity register (Enhetsregisteret).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Organisation form, e.g. `AS`, `ENK`, `KF`, `UDEF`.
    pub form: CompactString,
    /// The day it was deleted.
    pub deleted: Option<Date>,
    /// Closing down, bankrupt, or a bankrupt's or deceased's estate: it may file before the period is over.
    pub closing: bool,
}

/// The company's account for refunds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Eleven digits; absent when none is registered.
    pub number: Option<CompactString>,
}
