//! A damaged database: set aside as it is, never deleted, and what can still be read of it brought over into a new one.
//!
//! Damage is in pages. A table is read row by row from its beginning until a damaged page, and then from its end, so that
//! one bad page costs the rows on it and not the table.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};

use super::{DatabaseError, FILE};

/// The database and what SQLite keeps beside it.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

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

/// Brings over what can be read of the database in `place`. Nothing that goes wrong here is a reason not to go on with
/// what there is.
pub(super) fn salvage(place: &Path, into: &Connection) {
    // A copy, because reading a database with its log changes both.
    let copy = place.join("copy");
    let copied = fs::create_dir(&copy).and_then(|()| {
        for part in PARTS.iter().take(2) {
            let name = format!("{FILE}{part}");
            if place.join(&name).exists() {
                fs::copy(place.join(&name), copy.join(name))?;
            }
        }
        Ok(())
    });
    match copied {
        Ok(()) => {
            if let Err(error) = bring_over(&copy.join(FILE), into) {
                tracing::warn!(%error, "Nothing (more) could be read of the damaged database.");
            }
        }
        Err(error) => tracing::warn!(%error, "The damaged database could not be copied to be read."),
    }
    if let Err(error) = fs::remove_dir_all(&copy) {
        tracing::warn!(%error, "The copy of the damaged database stays behind.");
    }
}

fn bring_over(from: &Path, into: &Connection) -> Result<(), rusqlite::Error> {
    let old = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
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
        take_out_orphans(into)?;
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
            let values: Vec<Value> = (1..=common.len()).map(|n| row.get(n)).collect::<Result<_, _>>()?;
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

/// Takes out what belongs to something that could not be read.
fn take_out_orphans(db: &Connection) -> Result<(), rusqlite::Error> {
    let orphans: Vec<(String, i64)> = db
        .prepare("SELECT \"table\", rowid FROM pragma_foreign_key_check WHERE rowid IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (table, row) in orphans {
        db.execute(&format!("DELETE FROM {table} WHERE rowid = ?1"), [row])?;
    }
    Ok(())
}
