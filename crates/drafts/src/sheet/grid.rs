//! A sheet as cells that hold something.

use crate::amount::Decimals;
use rust_decimal::Decimal;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number, as the spreadsheet holds it.
    Number(Decimal),
    /// A text.
    Text(String),
    /// A day.
    Day(jiff::civil::Date),
    /// What a formula gave instead of a value, as `#REF!`.
    Error(String),
}

impl Value {
    /// A text without the blanks around it and without the controls in it, which no return can hold and a terminal would
    /// obey; none where nothing is left.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let is_order = |letter: char| letter.is_control() && !matches!(letter, '\n' | '\t');
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_order(letter));
        let kept = if text.contains(is_order) { text.replace(is_order, "") } else { text.to_owned() };
        (!kept.is_empty()).then_some(Self::Text(kept))
    }

    /// Bytes of text.
    pub(super) fn length(&self) -> usize {
        match self {
            Self::Text(text) | Self::Error(text) => text.len(),
            Self::Number(_) | Self::Day(_) => 0,
        }
    }
}

/// A cell that holds something.
#[derive(Debug, Clone, PartialEq)]
pub struct SheetCell {
    /// From 0.
    pub column: u32,
    /// What it holds.
    pub value: Value,
}

impl SheetCell {
    /// The cell as a text, the way a person would read it.
    pub fn text(&self) -> String {
        match &self.value {
            Value::Number(number) => number.normalize().to_string().replace('.', ","),
            Value::Text(text) => text.trim().to_owned(),
            Value::Day(day) => day.to_string(),
            Value::Error(error) => error.clone(),
        }
    }
}

/// A row with at least one cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// From 1, as the spreadsheet counts.
    pub number: u32,
    /// By column.
    pub cells: Vec<SheetCell>,
}

impl Row {
    /// The cell of a column.
    pub fn cell(&self, column: u32) -> Option<&SheetCell> {
        let at = self.cells.partition_point(|cell| cell.column < column);
        self.cells.get(at).filter(|cell| cell.column == column)
    }
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Grid {
    /// Its name; empty for what was pasted and for a text file.
    pub name: String,
    /// Its rows, those without anything left out.
    pub rows: Vec<Row>,
    /// How numbers that are text separate decimals where a column does not tell: where commas separate the cells, a point.
    pub decimals: Decimals,
    /// How they do, where a person has said it. It goes before all that the sheet tells.
    pub said: Option<Decimals>,
}

/// `B17`: how a spreadsheet calls a cell. `row` counts from 1, `column` from 0.
///
/// ```
/// assert_eq!(drafts::sheet::address(17, 1), "B17");
/// assert_eq!(drafts::sheet::address(1, 27), "AB1");
/// ```
pub fn address(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().chain(row.to_string().chars().collect::<Vec<_>>().iter()).collect()
}
