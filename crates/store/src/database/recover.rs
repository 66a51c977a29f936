//! A damaged database: set aside as it is, never deleted, and what can still be read of it brought over into a new one.
//!
//! Damage is in pages. A table is read row by row from its beginning until a damaged page, and then from its end, so that
//! one bad page costs the rows on it and not the table. What SQLite cannot read at all is mended on a copy (a schema, a
//! head, a short file), and at last read page by page ([`super::pages`]).

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{
    Connection, OpenFlags, params_from_iter,
    types::{Value, ValueRef},
};

use super::{DatabaseError, FILE, pages};

/// The database and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// No database that is read in one piece is larger, bytes.
pub(super) const MOST: u64 = 4_000_000_000;

/// Moves the database into a folder of its own, and says where it lies now.
pub(super) fn set_aside(folder: &Path, now: Timestamp) -> Result<PathBuf, DatabaseError> {
    let day = now.strftime("%Y-%m-%d %H.%M.%S").to_string();
    let places = folder.join("damaged");
    let place = (1..)
        .map(|n| places.join(if n == 1 { day.clone() } else { format!("{day} {n}") }))
        .find(|place| !place.exists())
        .unwrap_or_else(|| places.join(&day));
    let refused = |source| DatabaseError::Folder { path: place.clone(), source };
    disk::create_folder(&place).map_err(refused)?;
    for part in PARTS {
        let name = format!("{FILE}{part}");
        let from = folder.join(&name);
        if from.exists() {
            fs::rename(from, place.join(name)).map_err(refused)?;
        }
    }
    Ok(place)
}

/// How a damaged database is read: each way after the ones before it, and on a copy of its own. A row that an earlier way
/// has brought is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RecoveryMethod {
    /// As it lies there, with its log; what of its schema cannot be read is passed over.
    AsItIs,
    /// Without its log, which may be of another file.
    WithoutLog,
    /// Filled up to whole pages and as many as it says it has, with the head of a sound database.
    MadeWhole,
    /// The same with the schema of a sound database, each table where the damaged one says that it begins.
    WithSchema,
}

const WAYS: [RecoveryMethod; 4] =
    [RecoveryMethod::AsItIs, RecoveryMethod::WithoutLog, RecoveryMethod::MadeWhole, RecoveryMethod::WithSchema];

/// Brings over what can be read of the database in `place`. Nothing that goes wrong here is a reason not to go on with
/// what there is.
pub(super) fn salvage(place: &Path, into: &Connection) {
    for way in WAYS {
        if let Err(error) = try_way(place, into, way) {
            tracing::warn!(?way, %error, "Nothing (more) could be read of the damaged database in this way.");
        }
    }
    // Last, page by page: what no table leads to any more.
    match pages::bring_over(place, into) {
        Ok(rows) => tracing::info!(rows, "Brought over page by page."),
        Err(error) => tracing::warn!(%error, "The damaged database could not be read page by page."),
    }
    if let Err(error) = take_out_orphans(into) {
        tracing::warn!(%error, "What belongs to nothing any more could not be taken out.");
    }
}

fn try_way(place: &Path, into: &Connection, way: RecoveryMethod) -> Result<(), DatabaseError> {
    let refused = |source| DatabaseError::Folder { path: place.to_owned(), source };
    // A copy, because reading a database with its log changes both.
    let copy = tempfile::Builder::new().prefix("copy-").tempdir_in(place).map_err(refused)?;
    let parts = if way == RecoveryMethod::AsItIs { 2 } else { 1 };
    for part in PARTS.iter().take(parts) {
        let name = format!("{FILE}{part}");
        if place.join(&name).exists() {
            let copied = disk::place::open_regular(&place.join(&name))
                .and_then(|mut from| io::copy(&mut from, &mut disk::create_new(&copy.path().join(name))?));
            copied.map_err(refused)?;
        }
    }
    let file = copy.path().join(FILE);
    if matches!(way, RecoveryMethod::MadeWhole | RecoveryMethod::WithSchema) {
        complete_file(&file, into).map_err(refused)?;
    }
    if way == RecoveryMethod::WithSchema {
        give_schema(&file, into)?;
    }
    Ok(bring_over(&file, into)?)
}

/// Fills a short file up, and gives it the head of a sound database of the same program.
fn complete_file(file: &Path, sound: &Connection) -> io::Result<()> {
    let mut bytes = disk::read_regular(file, MOST)?;
    let page = pages::page_size(&bytes);
    let said = bytes.get(28..32).and_then(|it| it.try_into().ok()).map_or(0, u32::from_be_bytes) as usize;
    let has = bytes.len().div_ceil(page).max(1);
    // A number of pages that no file of this length could rightly have is damage itself.
    let pages = if said > has && said <= has.saturating_mul(4).saturating_add(64) { said } else { has };
    bytes.resize(pages * page, 0);
    let version: i64 = sound.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap_or_default();
    let mut head = *b"SQLite format 3\0";
    let mut put = |at: usize, what: &[u8]| {
        if let Some(place) = bytes.get_mut(at..at + what.len()) {
            place.copy_from_slice(what);
        }
    };
    put(0, &head);
    head.fill(0);
    let size = if page == 65_536 { 1 } else { u16::try_from(page).unwrap_or(4096) };
    put(16, &size.to_be_bytes());
    // Rollback journal for reading and writing, nothing reserved, the fractions that the format demands.
    put(18, &[1, 1, 0, 64, 32, 32]);
    // As many pages as there are, by a change counter that agrees with itself; no free pages.
    put(24, &1_u32.to_be_bytes());
    put(28, &u32::try_from(pages).unwrap_or(u32::MAX).to_be_bytes());
    put(32, &[0; 8]);
    put(40, &1_u32.to_be_bytes());
    put(44, &4_u32.to_be_bytes());
    put(48, &[0; 8]);
    put(56, &1_u32.to_be_bytes());
    put(60, &u32::try_from(version).unwrap_or_default().to_be_bytes());
    put(64, &[0; 28]);
    put(92, &1_u32.to_be_bytes());
    disk::write(file, &bytes)
}

/// Writes the schema of a sound database over that of a damaged one. Each table keeps the page it begins on.
fn give_schema(file: &Path, sound: &Connection) -> Result<(), rusqlite::Error> {
    let old = open_damaged(file)?;
    let mut statement =
        sound.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql IS NOT NULL")?;
    let tables: Vec<(String, String)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    old.execute_batch("BEGIN; DELETE FROM sqlite_schema WHERE type <> 'table';")?;
    for (name, sql) in tables {
        old.execute("UPDATE sqlite_schema SET sql = ?2, tbl_name = ?1 WHERE name = ?1", [name, sql])?;
    }
    old.execute_batch("COMMIT")
}

/// Opens it so that a schema that cannot be read in part is no reason not to read the rest.
fn open_damaged(file: &Path) -> Result<Connection, rusqlite::Error> {
    let old = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    old.execute_batch("PRAGMA writable_schema = ON")?;
    Ok(old)
}

fn bring_over(from: &Path, into: &Connection) -> Result<(), rusqlite::Error> {
    let old = open_damaged(from)?;
    // Rows come in whatever order; what hangs in the air afterwards is taken out again.
    into.pragma_update(None, "foreign_keys", false)?;
    let brought = tables(into).and_then(|tables| {
        into.execute_batch("BEGIN IMMEDIATE")?;
        for table in &tables {
            match bring_table(&old, into, table) {
                Ok(rows) => tracing::info!(table, rows, "Brought over from the damaged database."),
                Err(error) => tracing::warn!(table, %error, "A table could not be read to its end."),
            }
        }
        into.execute_batch("COMMIT")
    });
    if brought.is_err() && !into.is_autocommit() {
        into.execute_batch("ROLLBACK")?;
    }
    into.pragma_update(None, "foreign_keys", true)?;
    brought
}

fn tables(db: &Connection) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement =
        db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

fn columns(db: &Connection, table: &str) -> Result<Vec<String>, rusqlite::Error> {
    db.prepare("SELECT name FROM pragma_table_info(?1)")?.query_map([table], |row| row.get(0))?.collect()
}

/// Copies a table's rows, forwards until something cannot be read, then backwards.
fn bring_table(old: &Connection, into: &Connection, table: &str) -> Result<usize, rusqlite::Error> {
    let there: HashSet<String> = columns(old, table)?.into_iter().collect();
    // Columns that only one of them has (an older shape) are left to their defaults.
    let common: Vec<String> = columns(into, table)?.into_iter().filter(|column| there.contains(column)).collect();
    if common.is_empty() {
        return Ok(0);
    }
    let (names, marks) = (common.join(", "), vec!["?"; common.len()].join(", "));
    let mut insert = into.prepare(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"))?;
    let mut seen = HashSet::new();
    let mut brought = 0;
    let mut pass = |order: &str| -> Result<(), rusqlite::Error> {
        let mut rows =
            old.prepare(&format!("SELECT rowid, {names} FROM {table} NOT INDEXED ORDER BY rowid {order}"))?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            if !seen.insert(row.get::<_, i64>(0)?) {
                return Ok(());
            }
            let values: Vec<Value> =
                (1..=common.len()).map(|n| row.get_ref(n).map(as_far_as_it_goes)).collect::<Result<_, _>>()?;
            // A row that the new database does not take is damaged itself.
            brought += insert.execute(params_from_iter(values)).unwrap_or_default();
        }
        Ok(())
    };
    if pass("ASC").is_err() {
        let _ = pass("DESC");
    }
    Ok(brought)
}

/// A value, and of a text that is none any more what can be read of it.
fn as_far_as_it_goes(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}

/// Takes out what belongs to something that could not be read. A filing belongs to nothing, and stays.
fn take_out_orphans(db: &Connection) -> Result<(), rusqlite::Error> {
    let orphans: Vec<(String, i64)> = db
        .prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check WHERE rowid IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (table, row) in orphans.into_iter().filter(|(table, _)| table != "filings") {
        db.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [row])?;
    }
    Ok(())
}
