//! Returns made by hand, for tests.
#![allow(clippy::unwrap_used)]

use crate::model::{Category, Line, Located, Position, Remark, VatReturn};
use crate::period::{Period, PeriodKind};
use compact_str::{CompactString, ToCompactString};
use rust_decimal::Decimal;

/// A line under construction: code only, no tax.
pub(crate) fn line(code: &str) -> Line {
    Line {
        at: Position::default(),
        code: located(code.into()),
        specification: None,
        own_code: None,
        base: None,
        rate: None,
        vat: located(Decimal::ZERO),
        remark: None,
    }
}

/// An ordinary return for September–October 2026 of these lines and their sum.
pub(crate) fn ordinary<const N: usize>(lines: [Line; N]) -> VatReturn {
    let sum = lines.iter().map(|line| line.vat.value).sum();
    VatReturn {
        reference: located("made by hand".into()),
        system: None,
        period: located(Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }),
        assessed_vat: located(sum),
        lines: lines.into(),
        kid: None,
        org_number: Some(located("311797816".into())),
        identification_number: None,
        category: located(Category::Ordinary),
        remark: None,
    }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, at: Position { line: 1, column: 1 } }
}

/// An amount written as in a return.
pub(crate) fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

impl Line {
    pub(crate) fn base(self, base: i64) -> Self {
        Self { base: Some(located(base.into())), ..self }
    }

    pub(crate) fn rate(self, rate: &str) -> Self {
        Self { rate: Some(located(rate.into())), ..self }
    }

    pub(crate) fn vat(self, vat: i64) -> Self {
        Self { vat: located(vat.into()), ..self }
    }

    pub(crate) fn exact_vat(self, vat: &str) -> Self {
        Self { vat: located(amount(vat)), ..self }
    }

    pub(crate) fn exact_base(self, base: &str) -> Self {
        Self { base: Some(located(amount(base))), ..self }
    }

    pub(crate) fn specified(self, specification: &str) -> Self {
        Self { specification: Some(located(specification.into())), ..self }
    }

    pub(crate) fn chosen(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Chosen(located(remark.into()))), ..self }
    }

    pub(crate) fn described(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Description(located(remark.into()))), ..self }
    }
}

impl VatReturn {
    /// The return of another category, for a period that category has.
    pub(crate) fn of(self, category: Category) -> Self {
        let (kind, index) = match category {
            Category::ReverseCharge => (PeriodKind::ThreeMonths, 3),
            _ => (PeriodKind::TwoMonths, 5),
        };
        Self { category: located(category), ..self }.during(kind, index, 2026)
    }

    pub(crate) fn during(self, kind: PeriodKind, index: u8, year: i32) -> Self {
        Self { period: located(Period { kind, index, year }), ..self }
    }

    pub(crate) fn assessed(self, assessed: &str) -> Self {
        Self { assessed_vat: located(amount(assessed)), ..self }
    }

    pub(crate) fn with_kid(self, kid: impl ToCompactString) -> Self {
        let kid: CompactString = kid.to_compact_string();
        Self { kid: Some(located(kid)), ..self }
    }

    pub(crate) fn remarked(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Chosen(located(remark.into()))), ..self }
    }
}
