//! What is in a sheet twice: columns of one meaning, and tables below one another that name their columns otherwise.

use super::columns::{Column, Meaning, by_name, code, company};
use super::grid::{Row, SheetCell, Value};
use super::rows::rate_text;
use crate::amount::{self, Decimals, NotAnAmount};

/// A column that is not read, because another one has its meaning, though it holds something that the other does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeated {
    /// From 0.
    pub column: u32,
    /// Its name; empty where it has none.
    pub name: String,
    /// What it would hold.
    pub meaning: Meaning,
    /// The column that is read for it.
    pub first: u32,
}

/// Those of the columns that were left out that tell something which the one of their meaning does not.
pub(super) fn that_tell_more(columns: &[Column], body: &[Row], again: &[(u32, Meaning)]) -> Vec<Repeated> {
    again
        .iter()
        .filter_map(|(column, meaning)| {
            let first = columns.iter().find(|it| it.meaning == *meaning)?;
            let name = columns.iter().find(|it| it.column == *column).map(|it| it.name.clone()).unwrap_or_default();
            let said = |row: &Row, at: u32| row.cell(at).and_then(|cell| said(cell, *meaning, first));
            let more = |row: &Row| said(row, *column).is_some_and(|it| said(row, first.column) != Some(it));
            let found = body.iter().any(more);
            found.then_some(Repeated { column: *column, name, meaning: *meaning, first: first.column })
        })
        .collect()
}

/// What a cell says to a column of the meaning, however it is written; none where it is nothing of the kind.
fn said(cell: &SheetCell, meaning: Meaning, first: &Column) -> Option<String> {
    let text = cell.text();
    match meaning {
        Meaning::Company => company(&text).map(|number| number.as_str().to_owned()),
        Meaning::Code => code(&text).map(|code| code.to_string()),
        Meaning::Rate => Some(rate_text(cell).to_string()),
        Meaning::Base | Meaning::Vat => match &cell.value {
            Value::Number(number) => (!number.is_zero()).then(|| number.normalize().to_string()),
            Value::Text(written) => match amount::read(written, first.decimals) {
                Ok(amount) => amount.filter(|amount| !amount.is_zero()).map(|amount| amount.normalize().to_string()),
                Err(NotAnAmount::Words) => None,
                Err(_) => Some(text),
            },
            Value::Day(_) => None,
            Value::Error(_) => Some(text),
        },
        _ => Some(text),
    }
}

/// What a row below the first names of columns is, that has names itself.
pub(super) enum Names<'a> {
    /// None.
    None,
    /// The same as above.
    Same,
    /// Others: the cells whose column was taken for something else.
    Other(Vec<&'a SheetCell>),
}

/// Whether a row names the columns once more, and as they were taken.
pub(super) fn names<'a>(row: &'a Row, columns: &[Column], again: &[Repeated]) -> Names<'a> {
    // Of a million rows most have a number in one of their first cells.
    if row.cells.iter().any(is_figure) {
        return Names::None;
    }
    let named: Vec<(&SheetCell, Meaning)> = row
        .cells
        .iter()
        .filter_map(|cell| match &cell.value {
            Value::Text(text) => Some((cell, by_name(text)?)),
            _ => None,
        })
        .collect();
    if named.len() < 2 {
        return Names::None;
    }
    let of = |at: u32| columns.iter().find(|column| column.column == at);
    let fits = |(cell, meaning): &(&SheetCell, Meaning)| {
        let known = of(cell.column).is_some_and(|column| column.meaning == *meaning || column.name == cell.text());
        known || again.iter().any(|other| other.column == cell.column && other.meaning == *meaning)
    };
    let others: Vec<&SheetCell> = named.iter().filter(|it| !fits(it)).map(|(cell, _)| *cell).collect();
    if others.is_empty() { Names::Same } else { Names::Other(others) }
}

/// Whether a cell holds a number, or a text that is one.
pub(super) fn is_figure(cell: &SheetCell) -> bool {
    match &cell.value {
        Value::Number(_) | Value::Error(_) => true,
        Value::Text(text) => !matches!(amount::read(text, Decimals::Comma), Ok(None) | Err(NotAnAmount::Words)),
        Value::Day(_) => false,
    }
}
