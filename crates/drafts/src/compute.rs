//! What is not typed: the rate of a code in a period, VAT from base and rate, the deduction of reverse charge.

use crate::draft::{Cell, Draft, DraftLine, Rate};
use rust_decimal::Decimal;
use vat_return::Category;
use vat_return::tables::{Categories, Direction, Specification, tables};

/// Whether a line of this code with a base has another that deducts it (`81`, `83`, `86`, `88`, `91`): in an ordinary return. A
/// return of compensation has one line for both, one of reverse charge no deductions (R109, R124).
pub(crate) fn deducts(code: &str, category: Category) -> bool {
    is_ordinary(category) && direction(code) == Some(Direction::Both)
}

/// Whether a code asks for VAT alone (`1`, `11` to `15`): in an ordinary return (R065). One of compensation has base and rate
/// on every line (R093).
pub(crate) fn is_input(code: &str, category: Category) -> bool {
    is_ordinary(category) && direction(code) == Some(Direction::Input)
}

fn is_ordinary(category: Category) -> bool {
    Categories::ORDINARY.has(category)
}

fn direction(code: &str) -> Option<Direction> {
    tables().code(code).and_then(|code| tables().row(code)).map(|row| row.direction)
}

/// Whether VAT of a line is usually negative: a deduction that nothing specifies otherwise.
pub(crate) fn is_deduction(line: &DraftLine, category: Category) -> bool {
    is_claimed(line, category) || (!raises(line) && (is_input(line.written_code(), category) || line.deducts.is_some()))
}

/// Whether base and VAT of a line are both usually negative: what is claimed back in a return of compensation.
pub(crate) fn is_claimed(line: &DraftLine, category: Category) -> bool {
    category == Category::Compensation && !raises(line)
}

fn raises(line: &DraftLine) -> bool {
    line.specification.as_deref().and_then(Specification::of_text).is_some_and(|specification| {
        matches!(
            specification,
            Specification::Adjustment
                | Specification::Reversal
                | Specification::LossOnClaims
                | Specification::CompensationAdjustment
        )
    })
}

/// Base × rate in whole kroner, cut toward zero as the rules' own suggestion is (R019).
fn vat(base: Decimal, rate: &str) -> Option<Decimal> {
    let rate = vat_return::number(&rate.trim().replace(',', "."))?;
    let vat = base.checked_mul(rate)?.checked_div(Decimal::ONE_HUNDRED)?.trunc().normalize();
    Some(if vat.is_zero() { Decimal::ZERO } else { vat })
}

impl Draft {
    /// The rate of a code in the draft's period, where there is only one: written as a return writes it.
    pub fn usual_rate(&self, code: &str) -> Option<&'static str> {
        let code = tables().code(code)?;
        let mut rates = tables().rates_of(code, self.period.first_day(), self.period.last_day());
        let first = rates.next()?;
        // A rate that changed within the period is chosen by the person.
        if rates.any(|other| other != first) { None } else { Some(first) }
    }

    /// Whether a line has no base and rate of its own: a deduction.
    pub fn is_without_base(&self, line: &DraftLine) -> bool {
        line.deducts.is_some() || is_input(line.written_code(), self.category)
    }

    /// The rate of a line: typed, or that of its code; none for lines without a base.
    pub fn rate_of<'a>(&'a self, line: &'a DraftLine) -> Option<&'a str> {
        match &line.rate {
            Rate::Typed(rate) => Some(rate),
            Rate::Absent => None,
            Rate::Usual if line.base == Cell::Empty => None,
            Rate::Usual => self.usual_rate(line.written_code()),
        }
    }

    /// The VAT of a line: typed or computed; none where nothing can be computed.
    pub fn vat_of(&self, line: &DraftLine) -> Option<Decimal> {
        match &line.vat {
            Some(Cell::Amount(amount)) => Some(*amount),
            Some(Cell::Text(_)) => None,
            Some(Cell::Empty) | None => self.computed_vat(line),
        }
    }

    /// The VAT a line would have if none was typed.
    pub fn computed_vat(&self, line: &DraftLine) -> Option<Decimal> {
        if let Some(output) = line.deducts {
            // A deduction of a deduction is none; two that deduct each other would never come to an end.
            let output = self.line(output).filter(|output| output.deducts.is_none())?;
            let vat = self.vat_of(output)?;
            return Some(if vat.is_zero() { Decimal::ZERO } else { -vat });
        }
        let base = line.base.amount()?;
        vat(base, self.rate_of(line)?)
    }

    /// By how much the VAT that was typed differs from what is computed; none where both are the same or one is missing.
    pub fn typed_over(&self, line: &DraftLine) -> Option<Decimal> {
        let typed = line.vat.as_ref()?.amount()?;
        let computed = self.computed_vat(line)?;
        (typed != computed).then(|| typed - computed)
    }
}
