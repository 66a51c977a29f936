//! Reading the crate's own tab-separated tables.

use jiff::civil::Date;

/// The rows below the heading, comments left out.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

/// A cell that may be missing at the end of a row.
pub(super) fn cell(row: &[&'static str], column: usize) -> &'static str {
    row.get(column).copied().unwrap_or("")
}

/// A day, or `open` for an empty cell.
pub(super) fn day(cell: &str, open: Date) -> Option<Date> {
    if cell.is_empty() { Some(open) } else { cell.parse().ok() }
}
