//! How the amounts of a sheet separate decimals: as they show themselves, as those beside them do, or as base, rate and VAT
//! prove. What none of it tells is not guessed.

use super::columns::{Cells, Column, Meaning};
use super::grid::{Grid, Row, SheetCell, Value};
use crate::amount::{self, Decimals, NotAnAmount};
use rust_decimal::Decimal;
use vat_return::tables::tables;

/// Rows that are looked at for a proof.
const LOOKED_AT: usize = 5_000;

/// Settles how base and VAT are written.
pub(super) fn settle(columns: &mut [Column], grid: &Grid, body: &[Row], cells: &Cells<'_>, said: Option<Decimals>) {
    if let Some(said) = said {
        columns.iter_mut().for_each(|column| column.decimals = said);
        return;
    }
    let is_amount = |column: &Column| matches!(column.meaning, Meaning::Base | Meaning::Vat);
    let texts = |column: &Column| {
        let cells = cells.get(&column.column).map_or(&[][..], Vec::as_slice);
        cells.iter().filter_map(|cell| text(cell))
    };
    let own: Vec<Option<Decimals>> =
        columns.iter().map(|column| is_amount(column).then(|| amount::told_by(texts(column))).flatten()).collect();
    let together = || {
        let mut told = own.iter().flatten().copied();
        let first = told.next()?;
        Some(if told.all(|other| other == first) { first } else { Decimals::Unknown })
    };
    let by_rates = || {
        let rate = columns.iter().find(|column| column.meaning == Meaning::Rate)?;
        have_point(texts(rate)).then_some(Decimals::Point)
    };
    let told = together().or_else(|| proven(columns, body)).or_else(by_rates).unwrap_or(grid.decimals);
    for (column, own) in columns.iter_mut().zip(&own) {
        if is_amount(column) {
            column.decimals = own.unwrap_or(told);
        }
    }
}

fn text(cell: &SheetCell) -> Option<&str> {
    match &cell.value {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// Whether rates have decimals, and always behind a point: `11.11`. The amounts beside them are written alike.
fn have_point<'a>(rates: impl Iterator<Item = &'a str>) -> bool {
    let mut found = false;
    for rate in rates {
        if rate.contains(',') {
            return false;
        }
        found |= rate.trim_end_matches(['%', ' ']).split_once('.').is_some_and(|(before, after)| {
            [before, after].iter().all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
        });
    }
    found
}

/// What the rows prove in which base times rate is the VAT in one reading only.
fn proven(columns: &[Column], body: &[Row]) -> Option<Decimals> {
    let of = |meaning| columns.iter().find(|column| column.meaning == meaning);
    let (base, vat) = (of(Meaning::Base)?, of(Meaning::Vat)?);
    let rate = of(Meaning::Rate);
    let (mut comma, mut point) = (false, false);
    let unsure = |cell: &&SheetCell| {
        text(cell).is_some_and(|text| amount::read(text, Decimals::Unknown) == Err(NotAnAmount::Ambiguous))
    };
    let rows = body.iter().filter_map(|row| Some((row, row.cell(base.column)?, row.cell(vat.column)?)));
    for (row, base, vat) in rows.filter(|(_, base, vat)| unsure(base) || unsure(vat)).take(LOOKED_AT) {
        let rates: Vec<Decimal> = match rate.and_then(|column| row.cell(column.column)) {
            Some(cell) => vat_return::number(&super::rows::rate_text(cell).replace(',', ".")).into_iter().collect(),
            None => listed_rates(),
        };
        let holds = |decimals| match (figure(base, decimals), figure(vat, decimals)) {
            (Some(base), Some(vat)) => rates.iter().any(|rate| is_vat_of(base, *rate, vat)),
            _ => false,
        };
        let (as_comma, as_point) = (holds(Decimals::CommaForCertain), holds(Decimals::Point));
        comma |= as_comma && !as_point;
        point |= as_point && !as_comma;
    }
    match (comma, point) {
        (true, true) => Some(Decimals::Unknown),
        (true, false) => Some(Decimals::CommaForCertain),
        (false, true) => Some(Decimals::Point),
        (false, false) => None,
    }
}

fn figure(cell: &SheetCell, decimals: Decimals) -> Option<Decimal> {
    match &cell.value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => amount::read(text, decimals).ok().flatten(),
        Value::Day(_) | Value::Error(_) => None,
    }
}

/// Every rate there is but none.
fn listed_rates() -> Vec<Decimal> {
    let rates = tables().rates.iter().filter_map(|row| vat_return::number(&row.rate.replace(',', ".")));
    rates.filter(|rate| !rate.is_zero()).collect()
}

/// Whether an amount is the VAT of a base: to the øre, or where both are whole kroner to the krone. One with part of an øre
/// was never rounded, and is the VAT exactly.
fn is_vat_of(base: Decimal, rate: Decimal, vat: Decimal) -> bool {
    let Some(product) = base.checked_mul(rate) else { return false };
    let misses = (product.abs() / Decimal::ONE_HUNDRED - vat.abs()).abs();
    let whole = base.fract().is_zero() && vat.fract().is_zero();
    let allowed = if whole { Decimal::ONE } else { Decimal::new(1, 2) };
    let rounded = vat.normalize().scale() <= 2;
    !vat.is_zero() && (misses.is_zero() || (rounded && misses < allowed))
}
