//! Reads rows out of the pages of a damaged database, whatever leads to them.
//!
//! The bundled SQLite has no recovery of its own (`sqlite3_recover` is an extension). The file format is simple enough:
//! a page of the leaf kind holds rows, each with its number, its values and the kinds of them
//! (<https://www.sqlite.org/fileformat.html>, 1.6 and 2.1). Which table a row belongs to is told by what stands in it.
//! Only what a filing is made of is looked for (filings, documents, journal, timeline), and what somebody has typed (drafts).

use std::{io, path::Path};

use rusqlite::{Connection, params_from_iter, types::Value};
use view::ids::{DraftId, FilingId};

use super::{DatabaseError, FILE, recover};

/// The page size where the head does not say one that there is.
const USUAL_PAGE: usize = 4096;
/// Where a page's number of rows, and the places of its rows, stand within it.
const HEAD: usize = 8;
/// The kind of page that holds rows of a table.
const LEAF: u8 = 13;
/// The longest chain of pages that one row is read from; a return of 64 MB.
const LONGEST_CHAIN: usize = 16_384;

/// What a database's head says of the size of its pages.
pub(super) fn page_size(bytes: &[u8]) -> usize {
    match bytes.get(16..18).map(|it| u16::from_be_bytes([it[0], it[1]])) {
        Some(1) => 65_536,
        Some(size) if size >= 512 && size.is_power_of_two() => usize::from(size),
        _ => USUAL_PAGE,
    }
}

/// Brings over every row that can be told; says how many were new.
pub(super) fn bring_over(place: &Path, into: &Connection) -> Result<usize, DatabaseError> {
    let refused = |source: io::Error| DatabaseError::Folder { path: place.to_owned(), source };
    let main = disk::read_regular(&place.join(FILE), recover::MOST).map_err(refused)?;
    let size = page_size(&main);
    let mut sources = vec![log_pages(
        &disk::read_regular(&place.join(format!("{FILE}-wal")), recover::MOST).unwrap_or_default(),
        size,
    )];
    sources.push(main.chunks(size).map(<[u8]>::to_vec).collect());
    into.pragma_update(None, "foreign_keys", false)?;
    into.execute_batch("BEGIN IMMEDIATE")?;
    let mut brought = 0;
    for (source, pages) in sources.iter().enumerate() {
        // Of the log the last pages are the newest, and the first row of a number is the one that stays.
        let order: Vec<usize> = if source == 0 { (0..pages.len()).rev().collect() } else { (0..pages.len()).collect() };
        for number in order {
            let Some(page) = pages.get(number) else { continue };
            let chains = sources.get(1).map_or(pages.as_slice(), Vec::as_slice);
            for row in rows(page, number == 0 && source == 1, size, chains) {
                brought += put(into, &row).unwrap_or_default();
            }
        }
    }
    into.execute_batch("COMMIT")?;
    into.pragma_update(None, "foreign_keys", true)?;
    Ok(brought)
}

/// The pages of a write-ahead log, in the order in which they were written.
fn log_pages(log: &[u8], size: usize) -> Vec<Vec<u8>> {
    let frames = log.get(32..).unwrap_or_default().chunks_exact(24 + size);
    frames.filter_map(|frame| frame.get(24..)).map(<[u8]>::to_vec).collect()
}

struct Row {
    number: i64,
    values: Vec<Value>,
}

/// The rows of a page, as far as they can be read.
fn rows(page: &[u8], is_first: bool, size: usize, pages: &[Vec<u8>]) -> Vec<Row> {
    let start = if is_first { 100 } else { 0 };
    if page.get(start) != Some(&LEAF) {
        return Vec::new();
    }
    let Some(count) = u16_at(page, start + 3) else { return Vec::new() };
    let places = (0..usize::from(count)).map_while(|n| u16_at(page, start + HEAD + 2 * n));
    places.filter_map(|place| row(page, usize::from(place), size, pages)).collect()
}

fn row(page: &[u8], place: usize, size: usize, pages: &[Vec<u8>]) -> Option<Row> {
    let mut at = place;
    let length = usize::try_from(varint(page, &mut at)?).ok()?;
    let number = varint(page, &mut at)?;
    // How much of a row lies on its own page (file format, 1.6).
    let (most, least) = (size.checked_sub(35)?, (size.checked_sub(12)? * 32 / 255).checked_sub(23)?);
    let local = if length <= most {
        length
    } else {
        let rest = least + (length - least) % (size - 4);
        if rest <= most { rest } else { least }
    };
    let mut bytes = page.get(at..at.checked_add(local)?)?.to_vec();
    if local < length {
        let mut next = u32_at(page, at + local)?;
        let mut steps = 0;
        while bytes.len() < length && next != 0 && steps < LONGEST_CHAIN {
            let more = pages.get(usize::try_from(next).ok()?.checked_sub(1)?)?;
            let part = more.get(4..)?;
            bytes.extend_from_slice(part.get(..part.len().min(length - bytes.len()))?);
            next = u32_at(more, 0)?;
            steps += 1;
        }
        if bytes.len() < length {
            return None;
        }
    }
    Some(Row { number, values: values(&bytes)? })
}

fn values(record: &[u8]) -> Option<Vec<Value>> {
    let mut at = 0;
    let head = usize::try_from(varint(record, &mut at)?).ok()?;
    let mut kinds = Vec::new();
    while at < head {
        kinds.push(varint(record, &mut at)?);
    }
    let mut body = head;
    let mut take = |length: usize| {
        let part = record.get(body..body.checked_add(length)?)?;
        body += length;
        Some(part)
    };
    kinds
        .into_iter()
        .map(|kind| {
            Some(match kind {
                0 => Value::Null,
                1..=6 => {
                    let length = [1, 2, 3, 4, 6, 8].get(usize::try_from(kind - 1).ok()?).copied()?;
                    let part = take(length)?;
                    let negative = part.first().is_some_and(|byte| byte & 0x80 != 0);
                    let begin = if negative { -1_i64 } else { 0 };
                    Value::Integer(part.iter().fold(begin, |sum, byte| (sum << 8) | i64::from(*byte)))
                }
                7 => Value::Real(f64::from_be_bytes(take(8)?.try_into().ok()?)),
                8 => Value::Integer(0),
                9 => Value::Integer(1),
                kind if kind >= 12 => {
                    let part = take(usize::try_from((kind - 12) / 2).ok()?)?;
                    if kind % 2 == 0 {
                        Value::Blob(part.to_vec())
                    } else {
                        Value::Text(String::from_utf8_lossy(part).into_owned())
                    }
                }
                _ => return None,
            })
        })
        .collect()
}

/// Puts a row where it belongs, if that can be told.
fn put(into: &Connection, row: &Row) -> Result<usize, rusqlite::Error> {
    let text = |place: usize| match row.values.get(place) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let number = |place: usize| matches!(row.values.get(place), Some(Value::Integer(_)));
    let is_null = matches!(row.values.first(), Some(Value::Null));
    let table = match row.values.len() {
        27.. if is_null
            && text(1).parse::<FilingId>().is_ok()
            && ["practice", "test", "production"].contains(&text(2)) =>
        {
            "filings"
        }
        3 if number(0)
            && ["return", "envelope"].contains(&text(1))
            && matches!(row.values.get(2), Some(Value::Blob(_))) =>
        {
            "documents"
        }
        5 | 6 if is_null && number(1) && ["intention", "done", "refused", "unknown", "found"].contains(&text(4)) => {
            "journal"
        }
        9 if text(0).parse::<DraftId>().is_ok() && text(3).starts_with('{') && number(4) => "drafts",
        4 if is_null && number(1) && text(2).parse::<jiff::Timestamp>().is_ok() => "timeline",
        _ => return Ok(0),
    };
    let columns: Vec<String> = into
        .prepare_cached("SELECT name FROM pragma_table_info(?1)")?
        .query_map([table], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    // Columns were added at the end, so that those of an older row are the first ones.
    let columns: Vec<&str> = columns.iter().map(String::as_str).take(row.values.len()).collect();
    let mut values = row.values.clone();
    values.truncate(columns.len());
    if is_null && let Some(first) = values.first_mut() {
        *first = Value::Integer(row.number);
    }
    if table == "drafts" {
        // Of a draft that was written many times the newest stays, wherever the others still lie.
        let older = "DELETE FROM drafts WHERE id = ?1 AND revision < ?2";
        into.execute(older, (&row.values.first(), &row.values.get(4)))?;
    }
    let marks = vec!["?"; columns.len()].join(", ");
    into.prepare_cached(&format!("INSERT OR IGNORE INTO {table} ({}) VALUES ({marks})", columns.join(", ")))?
        .execute(params_from_iter(values))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A number of one to nine bytes, and the place after it.
fn varint(bytes: &[u8], at: &mut usize) -> Option<i64> {
    let mut number = 0_u64;
    for place in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        if place == 8 {
            number = (number << 8) | u64::from(byte);
        } else {
            number = (number << 7) | u64::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
        }
    }
    Some(number.cast_signed())
}
