//! What a voucher gives to a line of the return.

use saf_t::{Ledger, Rate};
use vat_return::tables::Specification;

/// Which line of the return: one per standard code, specification, output or deduction, and rate (facts, section 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineKey {
    /// Standard code.
    pub code: u8,
    /// Specification.
    pub specification: Option<Specification>,
    /// Input tax or the deduction of a reverse charge: neither base nor rate.
    pub deduction: bool,
    /// Rate; nothing for deductions.
    pub rate: Rate,
}

impl LineKey {
    /// Codes by number, outputs before deductions, high rates last.
    pub(crate) fn order(&self) -> (u8, bool, Option<&'static str>, Rate) {
        (self.code, self.deduction, self.specification.map(Specification::xml), self.rate)
    }
}

/// Where an amount of VAT was taken from (facts, section 3), for telling what was assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// Stated on the line.
    Stated,
    /// The VAT accounts of the voucher.
    Accounts,
    /// Base times rate, the VAT posted in a lump sum.
    LumpSum,
    /// Base times rate, and nothing that confirms it.
    Assumed,
    /// The user's answer.
    Answer,
}

/// A voucher's share in a line of the return, in øre and with the return's sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// The voucher, by index in the ledger.
    pub voucher: u32,
    /// The line of tax, by index in the ledger.
    pub tax: Option<u32>,
    /// Index of the line of the return, in [`Draft::lines`](crate::Draft::lines).
    pub line: u16,
    /// Where the VAT was taken from.
    pub evidence: Evidence,
    /// Base.
    pub base: i64,
    /// VAT.
    pub vat: i64,
}

impl Posting {
    /// The own code, by index in the ledger: what its line of tax has.
    pub fn own(&self, ledger: &Ledger) -> Option<usize> {
        ledger.tax(self.tax? as usize)?.code()
    }
}
