//! Spreadsheets: opened as a grid of cells, understood as lines of returns, and written as a template.
//!
//! Nothing is skipped silently: each row says what became of it ([`Outcome`]), each column what it was taken for.

mod columns;
mod decimals;
mod grid;
mod measure;
mod names;
mod open;
mod period;
mod repeated;
mod rows;
mod template;
mod text;

pub use columns::{By, Column, Layout, Meaning, specification};
pub use grid::{Grid, Row, SheetCell, Value, address};
pub use open::{NotASheet, open};
pub use repeated::Repeated;
pub use rows::{CellTrouble, Defaults, MOST_DRAFTS, MOST_LINES, Outcome, Trouble, Understood, understand};
pub use template::{NotWritten, csv, template, workbook};
pub use text::pasted;
