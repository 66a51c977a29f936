//! How much a spreadsheet asks for, before a reader that believes it is let at it.
//!
//! calamine reserves what a file says it has (`uniqueCount`, `DIMENSIONS`), lays sheets out as full rectangles and copies
//! a text for each cell that has it. A few hundred bytes can so ask for terabytes, and a program that is refused memory is
//! ended, not told. What is measured here is what calamine would make; what is too much never reaches it.

use super::open::{NotASheet, damaged};
use super::text::CELLS;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{Cursor, Read, Write};

/// Cells of the rectangles around what the sheets of a file hold, all of them together.
const RECTANGLE: u64 = 8_000_000;
/// Bytes of the texts of all cells.
const TEXT: u64 = 128 << 20;
/// Bytes of the part that holds the texts that cells share.
const STRINGS: u64 = 100 << 20;
/// Texts that cells share; two a row of the longest sheet.
const SHARED: usize = 2_000_000;
/// Bytes that a part may have which tells of a workbook and holds no cells.
const ABOUT: u64 = 16 << 20;
/// Bytes of sheets that are read, one that is named several times counted as often.
const READ: u64 = 4 << 30;
/// Cells that `DIMENSIONS` may name: all that a sheet of that kind of file can have.
const DIMENSIONS: u64 = 65_536 * 256;
/// Records that may continue one: more than the largest workbook has, and few enough to be put together.
const CONTINUED: usize = 20_000;

/// What may still be read of a file.
pub(super) struct Budget {
    cells: u64,
    text: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { cells: CELLS as u64, text: TEXT }
    }
}

impl Budget {
    /// Takes a cell with a text of so many bytes.
    pub(super) fn cell(&mut self, text: usize) -> Result<(), NotASheet> {
        self.cells = self.cells.checked_sub(1).ok_or(NotASheet::TooLarge)?;
        self.text = self.text.checked_sub(text as u64).ok_or(NotASheet::TooLarge)?;
        Ok(())
    }
}

/// The parts of an `.xlsx`, as they are unfolded one after the other.
#[derive(Default)]
pub(super) struct Parts {
    largest: u64,
}

impl Parts {
    /// Looks at a part while it is unfolded, at most `left` bytes of it; returns how many it had.
    pub(super) fn part(&mut self, name: &str, part: &mut impl Read, left: u64) -> Result<u64, NotASheet> {
        let name = name.to_lowercase();
        if name.ends_with("sharedstrings.xml") {
            let mut bytes = Vec::new();
            let count = part.take(left.min(STRINGS + 1)).read_to_end(&mut bytes).map_err(damaged)? as u64;
            if count > STRINGS {
                return Err(NotASheet::TooLarge);
            }
            shared_strings(&bytes)?;
            return Ok(count);
        }
        let count = std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(damaged)?;
        if count > ABOUT && [".rels", "workbook.xml", "styles.xml"].iter().any(|end| name.ends_with(end)) {
            return Err(NotASheet::TooLarge);
        }
        self.largest = self.largest.max(count);
        Ok(count)
    }

    /// Whether so many sheets can be read: several may name the same part.
    pub(super) fn sheets(&self, count: usize) -> Result<(), NotASheet> {
        if self.largest.saturating_mul(count as u64) > READ { Err(NotASheet::TooLarge) } else { Ok(()) }
    }
}

/// The texts that cells of an `.xlsx` share: no more than there may be, and none promised beyond that.
fn shared_strings(part: &[u8]) -> Result<(), NotASheet> {
    let mut reader = Reader::from_reader(part);
    reader.config_mut().check_end_names = false;
    let (mut count, mut buffer) = (0, Vec::new());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Eof => return Ok(()),
            Event::Start(start) | Event::Empty(start) => match start.local_name().as_ref() {
                "si" => {
                    count += 1;
                    if count > SHARED {
                        return Err(NotASheet::TooLarge);
                    }
                }
                "sst" => {
                    for one in attributes(&start) {
                        let (name, value) = one?;
                        // Digits and nothing else: what another reader may make of other signs is not tried.
                        if name == "uniqueCount" && !value.parse().is_ok_and(|promised: usize| promised <= SHARED) {
                            return Err(NotASheet::TooLarge);
                        }
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// The rectangles around what the sheets of an `.ods` hold, and the texts in them as often as they are repeated.
///
/// Names are compared as calamine compares them, prefix and all. What stands where no spreadsheet has it, a table in a
/// cell or a count that is no number, is refused, so that nothing is counted otherwise than it is read.
pub(super) fn ods(content: &[u8]) -> Result<(), NotASheet> {
    let mut reader = Reader::from_reader(content);
    reader.config_mut().check_end_names = false;
    reader.config_mut().expand_empty_elements = true;
    let mut sheet = OdsSheet::default();
    let (mut cells, mut text, mut within, mut buffer) = (0_u64, 0_u64, Within::Nothing, Vec::new());
    let misplaced = || NotASheet::Damaged("a table within a cell".to_owned());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(damaged)? {
            Event::Eof if matches!(within, Within::Nothing) => return Ok(()),
            // calamine would wait for the end of the table, or of a remark, for ever.
            Event::Eof => return Err(damaged("it is cut off")),
            Event::Text(words) => sheet.length = sheet.length.saturating_add(words.len() as u64),
            // One letter.
            Event::GeneralRef(_) => sheet.length = sheet.length.saturating_add(4),
            Event::Start(start) => {
                within = match (start.name().as_ref(), within) {
                    ("table:table", Within::Nothing) => Within::Table,
                    ("table:table-row", Within::Table) => {
                        sheet.begin_row(times(&start, "table:number-rows-repeated")?);
                        Within::Row
                    }
                    ("table:table-cell" | "table:covered-table-cell", Within::Row) => {
                        sheet.begin_cell(times(&start, "table:number-columns-repeated")?);
                        for one in attributes(&start) {
                            let (name, value) = one?;
                            if ["formula", "value", "value-type"].iter().any(|end| name.ends_with(end)) {
                                sheet.has_value = true;
                                sheet.length = sheet.length.saturating_add(value.len() as u64);
                            }
                        }
                        Within::Cell
                    }
                    ("office:annotation", Within::Cell) => Within::Annotation,
                    ("text:s", Within::Cell) => {
                        sheet.length = sheet.length.saturating_add(times(&start, "text:c")?);
                        Within::Cell
                    }
                    (
                        "table:table" | "table:table-row" | "table:table-cell" | "table:covered-table-cell",
                        Within::Table | Within::Row | Within::Cell | Within::Annotation,
                    ) => return Err(misplaced()),
                    (_, within) => within,
                };
            }
            Event::End(end) => {
                within = match (end.name().as_ref(), within) {
                    ("table:table-cell" | "table:covered-table-cell", Within::Cell) => {
                        sheet.end_cell();
                        Within::Row
                    }
                    ("office:annotation", Within::Annotation) => Within::Cell,
                    ("table:table-row", Within::Row) => {
                        sheet.end_row();
                        Within::Table
                    }
                    ("table:table", Within::Table) => {
                        cells = cells.saturating_add(sheet.cells());
                        text = text.saturating_add(sheet.text);
                        sheet = OdsSheet::default();
                        Within::Nothing
                    }
                    (
                        "table:table" | "table:table-row" | "table:table-cell" | "table:covered-table-cell",
                        Within::Table | Within::Row | Within::Cell | Within::Annotation,
                    ) => return Err(misplaced()),
                    (_, within) => within,
                };
                if cells.saturating_add(sheet.cells()) > RECTANGLE || text.saturating_add(sheet.text) > TEXT {
                    return Err(NotASheet::TooLarge);
                }
            }
            _ => {}
        }
    }
}

/// Where in an `.ods` something stands.
#[derive(Clone, Copy)]
enum Within {
    Nothing,
    Table,
    Row,
    Cell,
    /// A remark on a cell.
    Annotation,
}

/// How often a row or cell is repeated: the largest number that is said.
fn times(start: &BytesStart<'_>, name: &str) -> Result<u64, NotASheet> {
    let mut times = None;
    for one in attributes(start) {
        let (key, value) = one?;
        if key == name {
            times = times.max(Some(value.parse::<u64>().map_err(damaged)?));
        }
    }
    Ok(times.unwrap_or(1))
}

fn attributes<'a>(start: &'a BytesStart<'_>) -> impl Iterator<Item = Result<(String, String), NotASheet>> + 'a {
    let mut all = start.attributes();
    all.with_checks(false);
    all.map(|one| one.map(|it| (it.key.as_ref().to_owned(), it.value.into_owned())).map_err(damaged))
}

/// A sheet of an `.ods`, as far as it has been measured.
#[derive(Default)]
struct OdsSheet {
    row: u64,
    rows: u64,
    column: u64,
    columns: u64,
    has_value: bool,
    length: u64,
    row_last: u64,
    row_text: u64,
    last_row: u64,
    last_column: u64,
    text: u64,
    /// Of rows as they stand, which are held beside the rectangle.
    held: u64,
}

impl OdsSheet {
    fn begin_row(&mut self, rows: u64) {
        (self.rows, self.column, self.row_last, self.row_text) = (rows, 0, 0, 0);
    }

    fn begin_cell(&mut self, columns: u64) {
        (self.columns, self.has_value, self.length) = (columns, false, 0);
    }

    fn end_cell(&mut self) {
        self.column = self.column.saturating_add(self.columns);
        if self.has_value {
            self.row_last = self.column.max(1);
            self.last_column = self.last_column.max(self.row_last);
            self.row_text = self.row_text.saturating_add(self.length.saturating_mul(self.columns.max(1)));
        }
    }

    fn end_row(&mut self) {
        self.row = self.row.saturating_add(self.rows);
        if self.row_last > 0 {
            self.last_row = self.row;
            self.held = self.held.saturating_add(self.row_last);
            // Once as they stand, and once laid out.
            self.text = self.text.saturating_add(self.row_text.saturating_mul(self.rows.saturating_add(1)));
        }
    }

    fn cells(&self) -> u64 {
        self.last_row.saturating_mul(self.last_column).max(self.held)
    }
}

/// The workbook of an `.xls` in a container of its own, when it asks for no more than it may have.
///
/// The container is written anew, so that what was measured is what is read, whichever of two streams of a name another
/// reader would take.
pub(super) fn xls(bytes: &[u8]) -> Result<Vec<u8>, NotASheet> {
    let mut old = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if old.exists("/EncryptedPackage") || old.exists("/EncryptionInfo") {
        // A newer workbook with a password lies in the container of the older kind.
        return Err(NotASheet::Password);
    }
    let name = if old.is_stream("/Workbook") { "/Workbook" } else { "/Book" };
    let mut stream = Vec::new();
    old.open_stream(name).map_err(damaged)?.read_to_end(&mut stream).map_err(damaged)?;
    if let Err(what) = workbook(&stream) {
        return Err(what.unwrap_or_else(|| damaged("a record is cut off")));
    }
    let mut new = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).map_err(damaged)?;
    new.create_stream("/Workbook").and_then(|mut into| into.write_all(&stream)).map_err(damaged)?;
    new.flush().map_err(damaged)?;
    Ok(new.into_inner().into_inner())
}

/// A record: its kind, its bytes, and those of the records that continue it.
struct Record<'a> {
    kind: u16,
    data: &'a [u8],
    more: Vec<&'a [u8]>,
}

/// The records from a place on; none is one that is cut off.
fn records(mut stream: &[u8]) -> impl Iterator<Item = Option<Record<'_>>> {
    fn one<'a>(stream: &mut &'a [u8]) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(stream, 0)?, usize::from(u16_at(stream, 2)?));
        let data = stream.get(4..4 + length)?;
        *stream = stream.get(4 + length..)?;
        Some((kind, data))
    }
    std::iter::from_fn(move || {
        if stream.is_empty() {
            return None;
        }
        let Some((kind, data)) = one(&mut stream) else {
            stream = &[];
            return Some(None);
        };
        let mut more = Vec::new();
        while u16_at(stream, 0) == Some(0x003c) {
            let Some((_, data)) = one(&mut stream) else {
                stream = &[];
                return Some(None);
            };
            more.push(data);
            if more.len() > CONTINUED {
                stream = &[];
                return Some(None);
            }
        }
        Some(Some(Record { kind, data, more }))
    })
}

fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

/// Measures the sheets of a workbook. No error is one of a record that is cut off.
fn workbook(stream: &[u8]) -> Result<(), Option<NotASheet>> {
    let (mut sheets, mut lengths, mut longest) = (Vec::new(), Vec::new(), 0);
    for record in records(stream) {
        let record = record.ok_or(None)?;
        match record.kind {
            0x0085 => {
                sheets.push(u32_at(record.data, 0).ok_or(None)?);
                longest = longest.max(record.data.len() * 3);
            }
            0x0018 => longest = longest.max(usize::from(*record.data.get(3).ok_or(None)?) * 3),
            0x00fc => lengths = texts(&record).ok_or(None)?,
            // Of a workbook with a password calamine reads no further.
            0x002f if u16_at(record.data, 0) != Some(0) => return Err(Some(NotASheet::Password)),
            0x000a => break,
            _ => {}
        }
    }
    let (mut cells, mut read) = (0_u64, 0_u64);
    let mut budget = Budget { cells: RECTANGLE, text: TEXT };
    for at in sheets {
        let from = usize::try_from(at).ok().and_then(|at| stream.get(at..)).ok_or(None)?;
        let sheet = sheet(from, &lengths, longest, &mut budget)?;
        cells = cells.saturating_add(sheet.0);
        read = read.saturating_add(sheet.1);
        if cells > RECTANGLE || read > READ {
            return Err(Some(NotASheet::TooLarge));
        }
    }
    Ok(())
}

/// The rectangles of a sheet's values and of its formulas, and the bytes it was read from.
///
/// A formula is written out: five bytes of it may be a name, the longest of which has so many bytes.
fn sheet(stream: &[u8], lengths: &[u64], longest: usize, budget: &mut Budget) -> Result<(u64, u64), Option<NotASheet>> {
    let (mut values, mut formulas) = (Rectangle::default(), Rectangle::default());
    let (mut read, mut begun, mut depth) = (0_u64, false, 0_u32);
    let mut last = (0, 0);
    for record in records(stream) {
        let record = record.ok_or(None)?;
        let bytes = record.data.len() + record.more.iter().map(|more| more.len()).sum::<usize>();
        read = read.saturating_add(bytes as u64 + 4);
        match record.kind {
            0x0809 if begun => depth += 1,
            0x0809 => begun = true,
            0x000a if depth > 0 => depth -= 1,
            0x000a => break,
            _ if depth > 0 => {}
            0x0200 => dimensions(record.data).ok_or(None)?,
            0x0203 | 0x0204 | 0x00d6 | 0x0205 | 0x027e | 0x00fd | 0x00bd | 0x0006 => {
                let (row, column) = (u16_at(record.data, 0).ok_or(None)?, u16_at(record.data, 2).ok_or(None)?);
                last = (row, column);
                values.take(row, column);
                let mut length = record.data.len() as u64 * 3;
                match record.kind {
                    0x0006 => {
                        formulas.take(row, column);
                        length = length.saturating_mul(1 + longest as u64 / 5);
                    }
                    0x00bd => {
                        let end = record.data.len().checked_sub(2).and_then(|at| u16_at(record.data, at));
                        let by_count = usize::from(column).saturating_add(record.data.len() / 6);
                        let by_count = u16::try_from(by_count).map_err(|_| None)?;
                        values.take(row, end.ok_or(None)?.max(by_count));
                    }
                    0x00fd => {
                        let of = u32_at(record.data, 6).and_then(|at| usize::try_from(at).ok());
                        length = of.and_then(|at| lengths.get(at)).copied().unwrap_or(0);
                    }
                    _ => {}
                }
                budget.cell(usize::try_from(length).unwrap_or(usize::MAX)).map_err(Some)?;
            }
            0x0207 => {
                values.take(last.0, last.1);
                budget.cell(record.data.len() * 3).map_err(Some)?;
            }
            _ => {}
        }
    }
    Ok((values.cells().saturating_add(formulas.cells()), read))
}

/// Whether a sheet's `DIMENSIONS` name no more cells than it can have, the last behind the first.
fn dimensions(data: &[u8]) -> Option<()> {
    let (first_row, rows, first_column, columns) = match data.len() {
        10 => (u16_at(data, 0)?.into(), u16_at(data, 2)?.into(), u16_at(data, 4)?, u16_at(data, 6)?),
        14 | 16 => (u32_at(data, 0)?, u32_at(data, 4)?, u16_at(data, 8)?, u16_at(data, 10)?),
        _ => return None,
    };
    if rows == 0 || columns == 0 {
        return Some(());
    }
    let rows = u64::from(rows).checked_sub(first_row.into())?;
    // One that begins behind the last column, or behind its end, is taken to begin at the first.
    let first_column = if first_column > 0xff || columns < first_column { 0 } else { first_column };
    let columns = u64::from(columns - first_column);
    (rows > 0 && columns > 0 && rows.checked_mul(columns)? <= DIMENSIONS).then_some(())
}

/// A rectangle around cells.
#[derive(Default)]
struct Rectangle(Option<[u64; 4]>);

impl Rectangle {
    fn take(&mut self, row: u16, column: u16) {
        let (row, column) = (u64::from(row), u64::from(column));
        let [top, left, bottom, right] = self.0.unwrap_or([row, column, row, column]);
        self.0 = Some([top.min(row), left.min(column), bottom.max(row), right.max(column)]);
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, left, bottom, right]| (bottom - top + 1) * (right - left + 1))
    }
}

/// The lengths in bytes, at most, of the texts that the cells of a workbook share ([MS-XLS] 2.4.265).
fn texts(record: &Record<'_>) -> Option<Vec<u64>> {
    let mut from = Shared { data: record.data.get(8..)?, more: record.more.iter() };
    let mut lengths = Vec::new();
    while from.ready() {
        if lengths.len() >= CELLS {
            return None;
        }
        lengths.push(from.text()?);
    }
    Some(lengths)
}

/// The bytes of a record and those that continue it.
struct Shared<'a, 'b> {
    data: &'a [u8],
    more: std::slice::Iter<'b, &'a [u8]>,
}

impl Shared<'_, '_> {
    /// Whether there is more, in the next record when this one is at its end.
    fn ready(&mut self) -> bool {
        while self.data.is_empty() {
            match self.more.next() {
                Some(more) => self.data = more,
                None => return false,
            }
        }
        true
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            if !self.ready() {
                return None;
            }
            let now = count.min(self.data.len());
            self.data = self.data.get(now..)?;
            count -= now;
        }
        Some(())
    }

    /// Reads over a text; the bytes it takes as UTF-8, at most.
    fn text(&mut self) -> Option<u64> {
        let (count, flags) = (usize::from(u16_at(self.data, 0)?), *self.data.get(2)?);
        self.data = self.data.get(3..)?;
        let (mut wide, mut rest) = (flags & 1 != 0, count);
        let mut behind = 0_usize;
        if flags & 8 != 0 {
            behind = usize::from(u16_at(self.data, 0)?) * 4;
            self.data = self.data.get(2..)?;
        }
        if flags & 4 != 0 {
            behind = behind.checked_add(usize::try_from(u32_at(self.data, 0)?).ok()?)?;
            self.data = self.data.get(4..)?;
        }
        while rest > 0 {
            let each = if wide { 2 } else { 1 };
            let now = rest.min(self.data.len() / each);
            self.data = self.data.get(now * each..)?;
            rest -= now;
            if rest > 0 {
                // The next record says anew how wide a letter is.
                self.data = self.more.next()?;
                wide = self.data.first()? & 1 != 0;
                self.data = self.data.get(1..)?;
            }
        }
        self.skip(behind)?;
        Some(count as u64 * 3)
    }
}
