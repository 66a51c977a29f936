//! Text with separators: a CSV file in any encoding, or what was pasted from a spreadsheet.

use super::columns::by_name;
use super::grid::{Grid, Row, SheetCell, Value};
use super::measure::Budget;
use super::open::NotASheet;
use crate::amount::Decimals;
use std::borrow::Cow;

/// What stands for a rate that a line does not have, though it has a base; an empty one is computed.
pub(super) const NO_RATE: &str = "-";
/// The separators that are tried, the surest first.
const SEPARATORS: [u8; 4] = [b'\t', b';', b'|', b','];
/// Cells that are read at most.
pub(super) const CELLS: usize = 5_000_000;

/// What was pasted, as a grid. Of more than a spreadsheet may have nothing is taken.
///
/// ```
/// let grid = drafts::sheet::pasted("kode\tgrunnlag\n3\t1 000,00\n");
/// assert_eq!(grid.rows[1].cells[1].text(), "1 000,00");
/// ```
pub fn pasted(text: &str) -> Grid {
    let text = lines_of(text);
    read(&text, separator(&text)).unwrap_or_default()
}

/// A file as a grid: UTF-8 and UTF-16 with or without mark, else windows-1252, which holds ISO-8859-1.
pub(super) fn file(bytes: &[u8]) -> Result<Grid, NotASheet> {
    let text = decoded(bytes);
    let text = lines_of(&text);
    // Excel names the separator in a first line of its own.
    let told = text.strip_prefix("sep=").and_then(|rest| {
        let separator = *rest.as_bytes().first()?;
        let after = rest.find('\n').map_or("", |at| rest.get(at + 1..).unwrap_or(""));
        separator.is_ascii().then_some((separator, after))
    });
    match told {
        Some((separator, rest)) => read(rest, separator),
        None => read(&text, separator(&text)),
    }
}

/// The lines of a text: those of an old Mac end in a return alone, and a file of DOS in a sign of its own.
fn lines_of(text: &str) -> Cow<'_, str> {
    let text = text.trim_end_matches(['\0', '\u{1a}']);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

/// A text that no spreadsheet takes for a formula: what would begin one has an apostrophe before it.
pub(super) fn guarded(text: &str) -> String {
    if begins_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that was guarded: by an apostrophe, or as a formula that is nothing but a text (`="0123"`).
fn unguarded(text: &str) -> &str {
    let as_formula = || text.strip_prefix("=\"")?.strip_suffix('"').filter(|inner| !inner.contains('"'));
    text.strip_prefix('\'').filter(|rest| begins_formula(rest)).or_else(as_formula).unwrap_or(text)
}

/// A minus or plus before a number begins an amount; before anything else a formula too.
fn begins_formula(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    let amount = bare
        .strip_prefix(['+', '-'])
        .is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit() || matches!(letter, ',' | '.')));
    !amount && shown::cell::begins_formula(bare)
}

fn decoded(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    // UTF-16 without a mark: every other byte of Latin text is nothing.
    let head = bytes.get(..bytes.len().min(64)).unwrap_or(bytes);
    let nothing = |at: usize| head.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
    if head.len() >= 4 && nothing(1) > head.len() / 3 {
        return encoding_rs::UTF_16LE.decode(bytes).0.into_owned();
    }
    if head.len() >= 4 && nothing(0) > head.len() / 3 {
        return encoding_rs::UTF_16BE.decode(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}

/// The separator between the names of columns; where no line has names, the surest that stands in the first lines at all.
fn separator(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let count = |separator: u8| lines.iter().map(|line| outside_quotes(line, separator)).max().unwrap_or(0);
    let names = |separator: u8| {
        let of_line = |line: &&str| {
            line.split(char::from(separator)).filter(|name| by_name(name.trim_matches(['"', ' '])).is_some()).count()
        };
        lines.iter().map(of_line).max().unwrap_or(0)
    };
    // One name alone is a word.
    let named = SEPARATORS.into_iter().rev().max_by_key(|separator| names(*separator)).filter(|it| names(*it) > 1);
    // A comma stands in Norwegian amounts too: it comes last, and only where nothing else separates.
    named.or_else(|| SEPARATORS.into_iter().find(|separator| count(*separator) > 0)).unwrap_or(b'\t')
}

fn outside_quotes(line: &str, separator: u8) -> usize {
    let mut quoted = false;
    line.bytes()
        .filter(|byte| {
            quoted ^= *byte == b'"';
            !quoted && *byte == separator
        })
        .count()
}

fn read(text: &str, separator: u8) -> Result<Grid, NotASheet> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let decimals = if separator == b',' { Decimals::PointPerhaps } else { Decimals::Comma };
    let mut grid = Grid { decimals, ..Grid::default() };
    let mut budget = Budget::default();
    // Lines within cells are none of the spreadsheet's.
    let mut within = 0;
    for record in reader.records().flatten() {
        let line = record.position().map_or(0, csv::Position::line).saturating_sub(within);
        let number = u32::try_from(line).unwrap_or(u32::MAX);
        within += record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count() as u64;
        let filled: Vec<SheetCell> = record
            .iter()
            .enumerate()
            .filter_map(|(column, text)| {
                Some(SheetCell { column: u32::try_from(column).ok()?, value: Value::of_text(unguarded(text.trim()))? })
            })
            .collect();
        for cell in &filled {
            budget.cell(cell.value.length())?;
        }
        if !filled.is_empty() {
            grid.rows.push(Row { number, cells: filled });
        }
    }
    Ok(grid)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn texts(grid: &Grid) -> Vec<Vec<String>> {
        grid.rows.iter().map(|row| row.cells.iter().map(SheetCell::text).collect()).collect()
    }

    #[test]
    fn encodings_and_separators_are_recognised() {
        let text = "kode;grunnlag\n3;1 000,50\n\u{f8}re;5\n";
        let wanted = vec![vec!["kode", "grunnlag"], vec!["3", "1 000,50"], vec!["\u{f8}re", "5"]];
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let utf16_big: Vec<u8> =
            [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
        let latin: Vec<u8> = text.chars().map(|letter| letter as u32 as u8).collect();
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for bytes in [text.as_bytes(), &utf16, &utf16_big, &latin, &marked] {
            assert_eq!(texts(&file(bytes).unwrap()), wanted);
        }
        assert_eq!(texts(&file(b"sep=,\r\na,\"b,c\"\r\n").unwrap()), [["a", "b,c"]]);
        assert_eq!(texts(&pasted("a\tb\n1,5\t2\n")), [["a", "b"], ["1,5", "2"]]);
        assert_eq!(texts(&pasted("a,b\n1,2\n")), [["a", "b"], ["1", "2"]]);
        assert_eq!(texts(&pasted("a|b\n1|2\n")), [["a", "b"], ["1", "2"]]);
    }

    #[test]
    fn nothing_from_outside_becomes_a_formula_and_reading_takes_the_guard_off() {
        for evil in shown::cell::FORMULAS.into_iter().chain(["'=1", "\u{ad}x", "+1+1", "-1,5-"]) {
            let guarded = guarded(evil);
            let amount = ["+47", "-2"].contains(&evil);
            assert!(amount || !shown::cell::begins_formula(&guarded), "{evil:?} becomes {guarded:?}");
            assert_eq!(unguarded(&guarded), evil, "{guarded:?}");
        }
        assert_eq!(unguarded(&shown::cell::exact("0311797816202605123456789")), "0311797816202605123456789");
    }

    #[test]
    fn rows_keep_their_number() {
        let grid = pasted("a\tb\n\n\n\t\n3\t4\n");
        assert_eq!(grid.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 5]);
    }
}
