//! Opening a spreadsheet: `.xlsx`, `.xls`, `.ods` through calamine, and text.
//!
//! calamine lays a sheet out as a full rectangle (its issue 693): two cells far apart ask for half a terabyte. Sheets of
//! `.xlsx` are therefore read cell by cell, and every file is measured first.

use super::grid::{Grid, Row, SheetCell, Value};
use super::measure::{self, Budget, Parts};
use super::text::{self, CELLS};
use calamine::{
    CellErrorType, Data, DataRef, Ods, OdsError, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError,
};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Read};
use vat_return::OrgNumber;

/// Bytes that a packed spreadsheet may unfold to.
const UNPACKED: u64 = 400 << 20;
/// Parts that it may have.
const PARTS: usize = 4_000;

/// Why a file is no spreadsheet that can be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotASheet {
    /// It asks for a password.
    Password,
    /// It unfolds to more than a spreadsheet of returns has, or has more cells.
    TooLarge,
    /// It is an Excel workbook of the binary kind (`.xlsb`).
    Binary,
    /// It is none, or a damaged one; what the reader said.
    Damaged(String),
    /// It has no sheet with anything in it.
    Empty,
}

impl fmt::Display for NotASheet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password => f.write_str("the spreadsheet is protected by a password"),
            Self::TooLarge => f.write_str("the spreadsheet is too large"),
            Self::Binary => f.write_str("the spreadsheet is a binary workbook (.xlsb)"),
            Self::Damaged(why) => write!(f, "the spreadsheet cannot be read: {why}"),
            Self::Empty => f.write_str("the spreadsheet is empty"),
        }
    }
}

impl std::error::Error for NotASheet {}

/// The sheets of a file that are shown and hold something; the second are the names of those that are hidden.
///
/// Macros are not read. Formulas are what they gave when the file was saved; one that was saved without is an error.
///
/// # Errors
/// [`NotASheet`].
pub fn open(bytes: &[u8]) -> Result<(Vec<Grid>, Vec<String>), NotASheet> {
    let (grids, hidden) = match bytes {
        [b'P', b'K', 3, 4, ..] => contained(|| packed(bytes))?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => contained(|| xls(bytes))?,
        _ => (vec![text::file(bytes)?], Vec::new()),
    };
    let grids: Vec<Grid> = grids.into_iter().filter(|grid| !grid.rows.is_empty()).collect();
    if grids.is_empty() { Err(NotASheet::Empty) } else { Ok((grids, hidden)) }
}

/// calamine breaks off at some damaged files; then such a file cannot be read, and that is all.
fn contained<T>(read: impl FnOnce() -> Result<T, NotASheet>) -> Result<T, NotASheet> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(NotASheet::Damaged("the reader gave up".to_owned())))
}

pub(super) fn damaged(error: impl fmt::Display) -> NotASheet {
    NotASheet::Damaged(error.to_string())
}

fn packed(bytes: &[u8]) -> Result<(Vec<Grid>, Vec<String>), NotASheet> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > PARTS {
        return Err(NotASheet::TooLarge);
    }
    if is_encrypted(&mut archive) {
        return Err(NotASheet::Password);
    }
    // What the parts say of their size is not believed: they are unfolded once, and counted.
    let (mut left, mut ods, mut parts) = (UNPACKED, None, Parts::default());
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => NotASheet::Password,
            other => damaged(other),
        })?;
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        if name == "xl/workbook.bin" {
            return Err(NotASheet::Binary);
        }
        if name == "content.xml" {
            let mut content = Vec::new();
            left -= part.by_ref().take(left).read_to_end(&mut content).map_err(damaged)? as u64;
            measure::ods(&content)?;
            ods = Some(());
        } else {
            left -= parts.part(&name, &mut part, left)?;
        }
        if left == 0 {
            return Err(NotASheet::TooLarge);
        }
    }
    match ods {
        Some(()) => self::ods(bytes),
        None => xlsx(bytes, &parts),
    }
}

/// Whether the manifest of an `.ods` says that its parts are encrypted, one by one or all together: what is in them is then
/// no text, and would be called damaged.
fn is_encrypted(archive: &mut zip::ZipArchive<Cursor<&[u8]>>) -> bool {
    /// A manifest has some hundred bytes a part.
    const MANIFEST: u64 = 1 << 20;
    let Ok(manifest) = archive.by_name("META-INF/manifest.xml") else { return false };
    let mut text = Vec::new();
    // One that breaks off is damaged, and that is seen when its parts are read.
    let _ = manifest.take(MANIFEST).read_to_end(&mut text);
    String::from_utf8_lossy(&text).contains("encryption-data")
}

fn xlsx(bytes: &[u8], parts: &Parts) -> Result<(Vec<Grid>, Vec<String>), NotASheet> {
    let of = |error: XlsxError| match error {
        XlsxError::Password => NotASheet::Password,
        other => damaged(other),
    };
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(of)?;
    let (shown, hidden) = sheets(book.sheets_metadata());
    parts.sheets(shown.len())?;
    let (mut grids, mut budget) = (Vec::new(), Budget::default());
    for name in shown {
        let mut reader = book.worksheet_cells_reader(&name).map_err(of)?;
        let mut rows: BTreeMap<u32, Vec<SheetCell>> = BTreeMap::new();
        while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(of)? {
            let (row, column) = cell.pos;
            let value = match &cell.value {
                DataRef::SharedString(text) => Value::of_text(text),
                DataRef::String(text) => Value::of_text(text),
                DataRef::Int(number) => Some(Value::Number((*number).into())),
                DataRef::Float(number) => Some(of_float(*number)),
                DataRef::Bool(truth) => Value::of_text(&truth.to_string()),
                DataRef::DateTime(day) => day_of(day),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
                DataRef::Error(error) => Some(Value::Error(error.to_string())),
                // Programs that compute nothing save a formula without what it gives: that is no empty cell.
                DataRef::Empty => cell.formula.as_ref().map(|_| Value::Error(NO_VALUE.to_string())),
            };
            if let Some(value) = value {
                budget.cell(value.length())?;
                rows.entry(row).or_default().push(SheetCell { column, value });
            }
        }
        drop(reader);
        let grid = grid(name, rows);
        // Not every workbook says it in a way that can be read; then each cell stands for itself.
        let merged = book.merge_cells_by_sheet_name(&grid.name).unwrap_or_default();
        grids.push(spread(grid, &merged, &mut budget)?);
    }
    Ok((grids, hidden))
}

/// A word or company that stands once for several rows stands on each of them: a merged company is that of all its rows. An
/// amount is not repeated.
fn spread(mut grid: Grid, merged: &[calamine::Dimensions], budget: &mut Budget) -> Result<Grid, NotASheet> {
    // Regions may lie over each other, and each over a million rows.
    let mut left = CELLS;
    for region in merged.iter().filter(|region| region.end.0 > region.start.0) {
        let (first, column) = (region.start.0.saturating_add(1), region.start.1);
        let from = grid.rows.partition_point(|row| row.number < first);
        let Some(value) = grid.rows.get(from).filter(|row| row.number == first).and_then(|row| row.cell(column)) else {
            continue;
        };
        let is_word = match &value.value {
            Value::Text(_) | Value::Day(_) => true,
            Value::Number(_) => OrgNumber::parse(&value.text()).is_ok(),
            Value::Error(_) => false,
        };
        let value = value.clone();
        let last = region.end.0.saturating_add(1);
        let rest = grid.rows.iter_mut().skip(from + 1).take_while(|row| row.number <= last).take(left);
        for row in rest.filter(|_| is_word) {
            left -= 1;
            if row.cell(column).is_some() {
                continue;
            }
            budget.cell(value.value.length())?;
            row.cells.push(value.clone());
            row.cells.sort_by_key(|cell| cell.column);
        }
    }
    Ok(grid)
}

fn xls(bytes: &[u8]) -> Result<(Vec<Grid>, Vec<String>), NotASheet> {
    let bytes = measure::xls(bytes)?;
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => NotASheet::Password,
        other => damaged(other),
    })?;
    let (shown, hidden) = sheets(book.sheets_metadata());
    let (mut grids, mut budget) = (Vec::new(), Budget::default());
    for name in shown {
        let range = book.worksheet_range(&name).map_err(damaged)?;
        let formulas = book.worksheet_formula(&name).map_err(damaged)?;
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let grid = laid_out(name, &range, &formulas, &mut budget)?;
        grids.push(spread(grid, &merged, &mut budget)?);
    }
    Ok((grids, hidden))
}

fn ods(bytes: &[u8]) -> Result<(Vec<Grid>, Vec<String>), NotASheet> {
    let of = |error: OdsError| match error {
        OdsError::Password => NotASheet::Password,
        other => damaged(other),
    };
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(of)?;
    let (shown, hidden) = sheets(book.sheets_metadata());
    let (mut grids, mut budget) = (Vec::new(), Budget::default());
    for name in shown {
        let range = book.worksheet_range(&name).map_err(of)?;
        let formulas = book.worksheet_formula(&name).map_err(of)?;
        grids.push(laid_out(name, &range, &formulas, &mut budget)?);
    }
    Ok((grids, hidden))
}

/// The names of the sheets that are shown, and of those that are hidden.
fn sheets(all: &[calamine::Sheet]) -> (Vec<String>, Vec<String>) {
    let names = |shown: bool| {
        all.iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet && (sheet.visible == SheetVisible::Visible) == shown)
            .map(|sheet| sheet.name.clone())
            .collect()
    };
    (names(true), names(false))
}

/// What a formula without a value is: programs that compute nothing save it so.
const NO_VALUE: CellErrorType = CellErrorType::NA;

fn laid_out(
    name: String,
    range: &calamine::Range<Data>,
    formulas: &calamine::Range<String>,
    budget: &mut Budget,
) -> Result<Grid, NotASheet> {
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut rows: BTreeMap<u32, Vec<SheetCell>> = BTreeMap::new();
    for (row, column, data) in range.used_cells() {
        let value = match data {
            Data::String(text) => Value::of_text(text),
            Data::Int(number) => Some(Value::Number((*number).into())),
            Data::Float(number) => Some(of_float(*number)),
            Data::Bool(truth) => Value::of_text(&truth.to_string()),
            Data::DateTime(day) => day_of(day),
            Data::DateTimeIso(text) | Data::DurationIso(text) => iso(text),
            Data::Error(error) => Some(Value::Error(error.to_string())),
            Data::Empty => None,
        };
        let place = |at: usize, first: u32| u32::try_from(at).ok().and_then(|at| at.checked_add(first));
        if let (Some(value), Some(row), Some(column)) = (value, place(row, first_row), place(column, first_column)) {
            budget.cell(value.length())?;
            rows.entry(row).or_default().push(SheetCell { column, value });
        }
    }
    let (first_row, first_column) = formulas.start().unwrap_or((0, 0));
    for (row, column, formula) in formulas.used_cells() {
        let place = |at: usize, first: u32| u32::try_from(at).ok().and_then(|at| at.checked_add(first));
        let (Some(row), Some(column)) = (place(row, first_row), place(column, first_column)) else { continue };
        let without = match range.get_value((row, column)) {
            None | Some(Data::Empty) => true,
            // The older kind of workbook has one sign for no value and for an empty text, which only a formula with a text
            // in it gives.
            Some(Data::String(text)) => text.is_empty() && !formula.contains('"'),
            Some(_) => false,
        };
        if without {
            let value = Value::Error(NO_VALUE.to_string());
            budget.cell(value.length())?;
            rows.entry(row).or_default().push(SheetCell { column, value });
        }
    }
    Ok(grid(name, rows))
}

fn grid(name: String, rows: BTreeMap<u32, Vec<SheetCell>>) -> Grid {
    let rows = rows.into_iter().map(|(row, mut cells)| {
        cells.sort_by_key(|cell| cell.column);
        Row { number: row.saturating_add(1), cells }
    });
    Grid { name, rows: rows.collect(), ..Grid::default() }
}

/// A spreadsheet's number: what binary fractions add behind the ninth decimal is not meant.
fn of_float(number: f64) -> Value {
    match Decimal::from_f64(number) {
        Some(decimal) => Value::Number(decimal.round_dp(9).normalize()),
        None => Value::Text(number.to_string()),
    }
}

fn day_of(day: &calamine::ExcelDateTime) -> Option<Value> {
    let (year, month, day, ..) = day.to_ymd_hms_milli();
    let date = jiff::civil::Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    date.ok().map(Value::Day)
}

fn iso(text: &str) -> Option<Value> {
    match text.get(..10).and_then(|day| day.parse().ok()) {
        Some(day) => Some(Value::Day(day)),
        None => Value::of_text(text),
    }
}
