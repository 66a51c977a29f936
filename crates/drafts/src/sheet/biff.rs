//! What an old workbook (`.xls`) asks for, before it is given it.
//!
//! calamine sets memory aside for the rectangle that a sheet says it has, and for the one around its cells: two cells far
//! apart ask for 536 MB, a wrong number for more than there is. So the records are gone through first ([MS-XLS] 2.1.4).

use super::open::{NotASheet, RECTANGLE, damaged};
use std::io::{Cursor, Read, Seek, SeekFrom, Write};

const BEGIN: u16 = 0x0809;
const END: u16 = 0x000A;
const PASSWORD: u16 = 0x002F;
const DIMENSIONS: u16 = 0x0200;
const MANY_NUMBERS: u16 = 0x00BD;
/// Formula, RString, LabelSst, Number, Label, BoolErr, RK: row and column come first.
const CELLS: [u16; 7] = [0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// The workbook, with what its sheets say of their size taken out: it is told by their cells.
///
/// # Errors
/// [`NotASheet`]: it asks for a password, its cells span too much, or it is no workbook.
pub(super) fn measured(bytes: &[u8]) -> Result<Vec<u8>, NotASheet> {
    let mut book = cfb::CompoundFile::open(Cursor::new(bytes.to_vec())).map_err(damaged)?;
    // A newer workbook with a password lies in the container of the older kind.
    if book.is_stream("/EncryptedPackage") {
        return Err(NotASheet::Password);
    }
    for name in ["/Workbook", "/Book"] {
        if !book.is_stream(name) {
            continue;
        }
        let mut stream = book.open_stream(name).map_err(damaged)?;
        let mut records = Vec::new();
        Read::by_ref(&mut stream).take(bytes.len() as u64).read_to_end(&mut records).map_err(damaged)?;
        for at in look(&records)? {
            stream.seek(SeekFrom::Start(at as u64)).map_err(damaged)?;
            stream.write_all(&[0; 10]).map_err(damaged)?;
        }
        stream.flush().map_err(damaged)?;
    }
    Ok(book.into_inner().into_inner())
}

/// The rectangle around the cells of a sheet.
#[derive(Debug, Default)]
struct Span {
    rows: Option<(u16, u16)>,
    columns: Option<(u16, u16)>,
}

impl Span {
    fn add(&mut self, row: u16, column: u16) {
        let wider = |span: &mut Option<(u16, u16)>, at: u16| {
            *span = Some(span.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        };
        wider(&mut self.rows, row);
        wider(&mut self.columns, column);
    }

    fn cells(&self) -> u64 {
        let length = |span: Option<(u16, u16)>| span.map_or(0, |(first, last)| u64::from(last - first) + 1);
        length(self.rows) * length(self.columns)
    }
}

/// Goes through the records; where the content of those begins that tell a sheet's size.
fn look(records: &[u8]) -> Result<Vec<usize>, NotASheet> {
    let (mut at, mut sizes) = (0, Vec::new());
    // Charts lie within sheets.
    let mut open: Vec<Span> = Vec::new();
    let number = |at: usize| records.get(at..at + 2).and_then(|it| it.try_into().ok()).map(u16::from_le_bytes);
    while let (Some(kind), Some(length)) = (number(at), number(at + 2)) {
        let (from, length) = (at + 4, usize::from(length));
        at = from + length;
        let cell = number(from).zip(number(from + 2));
        match kind {
            BEGIN => open.push(Span::default()),
            END => {
                open.pop();
            }
            PASSWORD => return Err(NotASheet::Password),
            DIMENSIONS if length >= 10 => sizes.push(from),
            MANY_NUMBERS => {
                let last = at.checked_sub(2).and_then(number);
                if let (Some((row, first)), Some(last), Some(span)) = (cell, last, open.last_mut()) {
                    span.add(row, first);
                    span.add(row, last);
                }
            }
            _ if CELLS.contains(&kind) => {
                if let (Some((row, column)), Some(span)) = (cell, open.last_mut()) {
                    span.add(row, column);
                }
            }
            _ => {}
        }
        if open.last().is_some_and(|span| span.cells() > RECTANGLE) {
            return Err(NotASheet::TooLarge);
        }
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn record(kind: u16, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len()).unwrap();
        [&kind.to_le_bytes(), &length.to_le_bytes(), content].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        let value = 12.5_f64.to_le_bytes();
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0, 0], &value].concat())
    }

    /// A workbook of one sheet with these records.
    fn workbook(records: &[Vec<u8>]) -> Vec<u8> {
        let begin = |kind: u8| record(BEGIN, &[&[0, 6, kind, 0], &[0_u8; 12][..]].concat());
        let globals_end = record(END, &[]);
        // BoundSheet8: where the sheet begins, shown, a worksheet, its name.
        let head = begin(5);
        let sheet_at = u32::try_from(head.len() + 4 + 11 + globals_end.len()).unwrap();
        let bound = record(0x0085, &[&sheet_at.to_le_bytes()[..], &[0, 0, 3, 0], b"Ark"].concat());
        let mut stream = [head, bound, globals_end, begin(0x10)].concat();
        records.iter().for_each(|record| stream.extend(record));
        stream.extend(record(END, &[]));
        let mut book = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        book.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
        book.flush().unwrap();
        book.into_inner().into_inner()
    }

    #[test]
    fn an_old_workbook_is_read_whatever_it_says_of_its_size() {
        let size = |rows: u32, columns: u16| {
            record(DIMENSIONS, &[&[0; 4], &rows.to_le_bytes()[..], &[0, 0], &columns.to_le_bytes(), &[0, 0]].concat())
        };
        for said in [size(2, 2), size(65_536, 256), size(u32::MAX, u16::MAX), size(0, 0)] {
            let bytes = workbook(&[said, number(0, 0), number(1, 1)]);
            let (grids, _) = super::super::open(&bytes).unwrap();
            assert_eq!(grids[0].rows.len(), 2);
        }
    }

    #[test]
    fn two_cells_far_apart_get_no_memory() {
        let bytes = workbook(&[number(0, 0), number(65_535, 255)]);
        assert!(matches!(super::super::open(&bytes), Err(NotASheet::TooLarge)));
        let many = record(MANY_NUMBERS, &[&[0, 0, 0, 0][..], &[0; 12], &[255, 0]].concat());
        let bytes = workbook(&[many, number(65_535, 0)]);
        assert!(matches!(super::super::open(&bytes), Err(NotASheet::TooLarge)));
    }

    #[test]
    fn a_password_is_said() {
        let bytes = workbook(&[record(PASSWORD, &[0; 6]), number(65_535, 255)]);
        assert!(matches!(super::super::open(&bytes), Err(NotASheet::Password)));
        let mut book = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        book.create_stream("/EncryptedPackage").unwrap().write_all(&[1; 5000]).unwrap();
        book.flush().unwrap();
        let bytes = book.into_inner().into_inner();
        assert!(matches!(super::super::open(&bytes), Err(NotASheet::Password)));
    }
}
