//! A file that is shorter than it should be, where SQLite does not notice: a page that is missing at its end reads as zeros,
//! and zeros are a sound last page of a long value.

use std::{
    collections::HashSet,
    io::{self, Read as _},
    path::Path,
};

use rusqlite::Connection;

use super::{DatabaseError, FILE};

/// How long the heads of a log and of each of its frames are (sqlite.org/fileformat2.html, section 4).
const HEAD: usize = 32;
const FRAME: usize = 24;
/// The byte whose page is for locks and holds nothing (section 1.4).
const LOCKED: u64 = 0x4000_0000;

/// The first page that should be in the file and is neither there nor in its log.
///
/// # Errors
/// The database.
pub(super) fn missing_page(db: &Connection, folder: &Path) -> Result<Option<u64>, DatabaseError> {
    // While somebody reads, no other program begins its log anew.
    let reading = db.unchecked_transaction()?;
    let number = |question: &str| reading.query_row(question, [], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs);
    number("SELECT count(*) FROM sqlite_schema")?;
    let (pages, size) = (number("PRAGMA page_count")?, number("PRAGMA page_size")?.max(1));
    let there = std::fs::metadata(folder.join(FILE)).map_or(0, |metadata| metadata.len()) / size;
    if there >= pages {
        return Ok(None);
    }
    let logged = logged(&folder.join(format!("{FILE}-wal"))).unwrap_or_default();
    let never_written = LOCKED / size + 1;
    Ok((there + 1..=pages).find(|page| *page != never_written && !logged.contains(page)))
}

/// The pages that a log has.
fn logged(log: &Path) -> io::Result<HashSet<u64>> {
    let mut log = io::BufReader::new(disk::place::open_regular(log)?);
    let mut head = [0; HEAD];
    log.read_exact(&mut head)?;
    let word = |bytes: &[u8], at: usize| {
        bytes.get(at..at + 4).and_then(|it| it.try_into().ok()).map_or(0, |it| u64::from(u32::from_be_bytes(it)))
    };
    let (size, salt) = (word(&head, 8), (word(&head, 16), word(&head, 20)));
    let mut pages = HashSet::new();
    let mut frame = [0; FRAME];
    while log.read_exact(&mut frame).is_ok() {
        // What comes after the last frame of this round is of an earlier one.
        if (word(&frame, 8), word(&frame, 12)) != salt {
            break;
        }
        pages.insert(word(&frame, 0));
        log.seek_relative(i64::try_from(size).unwrap_or_default())?;
    }
    Ok(pages)
}
