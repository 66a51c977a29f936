//! Returns made by hand, for tests.
#![allow(clippy::unwrap_used)]

use crate::kid::RefundKid;
use crate::model::{Category, Line, Located, Position, Remark, VatReturn};
use crate::period::{Period, PeriodKind};
use compact_str::ToCompactString;
use rust_decimal::Decimal;

/// A place of its own for each element: those of a line by column, until [`ordinary`] gives the line its row.
const fn place(column: u32) -> Position {
    Position { line: 1, column }
}

/// A line under construction: code only, no tax.
pub(crate) fn line(code: &str) -> Line {
    Line {
        at: place(0),
        code: located(1, code.into()),
        specification: None,
        own_code: None,
        base: None,
        rate: None,
        vat: located(5, Decimal::ZERO),
        remark: None,
    }
}

/// An ordinary return for September–October 2026 of these lines and their sum.
pub(crate) fn ordinary<const N: usize>(lines: [Line; N]) -> VatReturn {
    let sum = lines.iter().map(|line| line.vat.value).sum();
    VatReturn {
        reference: located(10, "made by hand".into()),
        system: None,
        period: located(11, Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }),
        assessed_vat: located(12, sum),
        lines: (2..).zip(lines).map(|(row, line)| on_row(row, line)).collect(),
        kid: None,
        org_number: Some(located(14, "311797816".into())),
        identification_number: None,
        category: located(15, Category::Ordinary),
        remark: None,
    }
}

fn located<T>(column: u32, value: T) -> Located<T> {
    Located { value, at: place(column) }
}

/// Puts everything of a line on a row.
fn on_row(row: u32, mut line: Line) -> Line {
    let places = [
        Some(&mut line.at),
        Some(&mut line.code.at),
        line.specification.as_mut().map(|text| &mut text.at),
        line.base.as_mut().map(|base| &mut base.at),
        line.rate.as_mut().map(|rate| &mut rate.at),
        Some(&mut line.vat.at),
        line.remark.as_mut().map(|remark| match remark {
            Remark::Chosen(text) | Remark::Description(text) => &mut text.at,
        }),
    ];
    for at in places.into_iter().flatten() {
        at.line = row;
    }
    line
}

/// An amount written as in a return.
pub(crate) fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

impl Line {
    pub(crate) fn base(self, base: i64) -> Self {
        Self { base: Some(located(3, base.into())), ..self }
    }

    pub(crate) fn rate(self, rate: &str) -> Self {
        Self { rate: Some(located(4, rate.into())), ..self }
    }

    pub(crate) fn vat(self, vat: i64) -> Self {
        Self { vat: located(5, vat.into()), ..self }
    }

    pub(crate) fn exact_vat(self, vat: &str) -> Self {
        Self { vat: located(5, amount(vat)), ..self }
    }

    pub(crate) fn exact_base(self, base: &str) -> Self {
        Self { base: Some(located(3, amount(base))), ..self }
    }

    pub(crate) fn specified(self, specification: &str) -> Self {
        Self { specification: Some(located(2, specification.into())), ..self }
    }

    pub(crate) fn chosen(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Chosen(located(6, remark.into()))), ..self }
    }

    pub(crate) fn described(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Description(located(6, remark.into()))), ..self }
    }
}

impl VatReturn {
    /// The return of another category, for a period that category has.
    pub(crate) fn of(self, category: Category) -> Self {
        let (kind, index) = match category {
            Category::ReverseCharge => (PeriodKind::ThreeMonths, 3),
            _ => (PeriodKind::TwoMonths, 5),
        };
        Self { category: located(15, category), ..self }.during(kind, index, 2026)
    }

    pub(crate) fn during(self, kind: PeriodKind, index: u8, year: i32) -> Self {
        Self { period: located(11, Period { kind, index, year }), ..self }
    }

    pub(crate) fn assessed(self, assessed: &str) -> Self {
        Self { assessed_vat: located(12, amount(assessed)), ..self }
    }

    pub(crate) fn with_kid(self, kid: impl ToCompactString) -> Self {
        let kid = RefundKid::new(kid.to_compact_string());
        Self { kid: Some(located(13, kid)), ..self }
    }

    pub(crate) fn remarked(self, remark: &str) -> Self {
        Self { remark: Some(Remark::Chosen(located(16, remark.into()))), ..self }
    }
}
