//! A line's tax as the analysis sees it: code, rate, side, and the amounts that are stated.

use crate::accounts::Kind;
use crate::codes::{Meaning, Row, is_zero_rated, statutory_rate};
use jiff::civil::Date;
use saf_t::{Hints, Rate, TaxLine};

/// What one TaxInformation of a return code says. Amounts are in øre and have no sign of their own: the side gives it
/// (facts, section 2, "Key and signs").
#[derive(Debug, Clone)]
pub(crate) struct Item<'a> {
    pub(crate) tax: usize,
    pub(crate) own: usize,
    pub(crate) code: u8,
    pub(crate) row: Option<&'a Row>,
    pub(crate) rate: Rate,
    /// `TaxBase`, without sign; 0 where there is none.
    pub(crate) stated_base: i128,
    /// The base, once it is told.
    pub(crate) base: i128,
    /// The VAT, once it is told.
    pub(crate) vat: i128,
    /// Whether the VAT is stated, or known to be nothing.
    pub(crate) known: bool,
    /// Debit minus credit of the line.
    pub(crate) net: i128,
    /// Debit 1, credit -1.
    pub(crate) side: i128,
    pub(crate) kind: Kind,
    pub(crate) hints: Hints,
    /// Several TaxInformation on the line.
    pub(crate) shared_line: bool,
    /// The code is what was answered, not what its own code leads to.
    pub(crate) turned: bool,
}

impl<'a> Item<'a> {
    /// The item of a line of tax whose own code leads to a code of the return.
    pub(crate) fn new(
        tax: usize,
        line: &TaxLine,
        meaning: (u8, Option<&'a Row>),
        on: Date,
        kind: Kind,
        net: i64,
        shared_line: bool,
    ) -> Self {
        let (code, row) = meaning;
        let zero_rated = is_zero_rated(code);
        let told = |rate: Option<Rate>| rate.filter(|rate| *rate != Rate::ZERO);
        let rate = if zero_rated {
            Rate::ZERO
        } else {
            told(line.rate())
                .or_else(|| told(row.and_then(|row| row.rate)))
                .or_else(|| statutory_rate(code, on))
                .unwrap_or_default()
        };
        let net = i128::from(net);
        let stated = i128::from(line.amount).abs();
        // An exporter falls back to the line's amount where it has none for the tax.
        let falls_back = kind.vat.is_none() && !shared_line && stated == net.abs() && rate != Rate::HUNDRED;
        let vat = if falls_back { 0 } else { stated };
        Self {
            tax,
            own: line.code().unwrap_or(usize::MAX),
            code,
            row,
            rate,
            stated_base: i128::from(line.base).abs(),
            base: 0,
            vat,
            known: vat != 0 || zero_rated,
            net,
            side: if line.is_credit() { -1 } else { 1 },
            kind,
            hints: line.hints.with(kind.hints),
            shared_line,
            turned: false,
        }
    }

    /// The same line with another code of the return: what its own code means where it goes the other way.
    pub(crate) fn turn(&mut self, code: u8, on: Date) {
        if code == self.code {
            return;
        }
        (self.code, self.turned) = (code, true);
        if is_zero_rated(code) {
            (self.rate, self.known) = (Rate::ZERO, true);
        } else if self.rate == Rate::ZERO {
            self.rate = statutory_rate(code, on).unwrap_or_default();
        }
    }

    /// Whether the line stands on a VAT account.
    pub(crate) fn on_vat_line(&self) -> bool {
        self.kind.vat.is_some()
    }

    pub(crate) fn compensation(&self) -> bool {
        self.row.is_some_and(|row| row.compensation)
    }

    pub(crate) fn shares(&self) -> &'a [Rate] {
        self.row.map(|row| row.shares.as_slice()).unwrap_or_default()
    }

    /// Base of a base line (facts, section 3, "Base"). With unknown VAT it is `TaxBase` or the line.
    pub(crate) fn settle_base(&mut self) {
        let line = self.net.abs();
        if self.on_vat_line() {
            self.base = self.stated_base;
            return;
        }
        if self.rate == Rate::ZERO || !self.known {
            self.base = if self.stated_base != 0 || self.shared_line { self.stated_base } else { line };
            return;
        }
        if self.stated_base != 0 {
            let misses = |base: i128| (times(base, self.rate) - self.vat).abs() > 100;
            // A base that is a quantity.
            let quantity = !self.shared_line && misses(self.stated_base) && !misses(line);
            self.base = if quantity { line } else { self.stated_base };
            return;
        }
        if self.shared_line {
            self.base = from_vat(self.vat, self.rate);
            return;
        }
        let net = (times(line, self.rate) - self.vat).abs();
        let gross = (within(line, self.rate) - self.vat).abs();
        self.base = if gross < net && gross <= 100 { line - self.vat } else { line };
    }
}

/// What an own code means for an item, or why it makes none.
pub(crate) fn code_of<'a>(meaning: &Meaning<'a>) -> Option<(u8, Option<&'a Row>)> {
    match meaning {
        Meaning::Code { code, row } => Some((*code, *row)),
        _ => None,
    }
}

/// Base times rate in øre, half away from zero.
pub(crate) fn times(base: i128, rate: Rate) -> i128 {
    divide(base * i128::from(rate.parts()), 1_000_000)
}

/// The VAT within a gross amount.
pub(crate) fn within(gross: i128, rate: Rate) -> i128 {
    let parts = i128::from(rate.parts());
    divide(gross * parts, 1_000_000 + parts)
}

/// VAT over rate.
pub(crate) fn from_vat(vat: i128, rate: Rate) -> i128 {
    match i128::from(rate.parts()) {
        0 => 0,
        parts => divide(vat * 1_000_000, parts),
    }
}

fn divide(value: i128, by: i128) -> i128 {
    if by == 0 {
        return 0;
    }
    (value + by.abs() / 2 * value.signum()) / by
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_rounded_half_away_from_zero() {
        assert_eq!(times(6_451_619, Rate::percent(25)), 1_612_905);
        assert_eq!(times(-2, Rate::percent(25)), -1);
        assert_eq!(times(2, Rate::percent(25)), 1);
        assert_eq!(times(1, Rate::percent(25)), 0);
        assert_eq!(within(12_500, Rate::percent(25)), 2_500);
        assert_eq!(from_vat(2_500, Rate::percent(25)), 10_000);
        assert_eq!(from_vat(2_500, Rate::ZERO), 0);
    }
}
