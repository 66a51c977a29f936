//! What belongs to a draft beside what is typed: the file it mends with what was mended, and the return made of it.
//!
//! A draft is closed by being filed. Whether it has been is read from the filings themselves: the return that was made of its
//! last revision has been delivered. So nothing has to be told when a filing goes on after a restart, or in another window.

use drafts::sheet::Layout;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use crate::{
    database::{DatabaseError, columns::word},
    draft_store::NotKept,
    view::{DraftChange, EnvironmentName},
};

/// The file as it was dropped, among the documents of a filing and in its archive folder.
pub(crate) const ORIGINAL: &str = "original.xml";
/// What was mended of it.
pub(crate) const MENDED: &str = "rettet-i-momsbud.txt";

/// The file that a draft mends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Original {
    /// As it was dropped.
    pub(crate) bytes: Vec<u8>,
    /// What was mended of it.
    pub(crate) changes: Vec<DraftChange>,
}

/// Keeps the file that a draft mends.
///
/// # Errors
/// [`NotKept`].
pub(crate) fn keep_original(tx: &Transaction<'_>, draft: &str, original: &Original) -> Result<(), NotKept> {
    tx.execute(
        "INSERT INTO draft_making (draft, original, changes) VALUES (?1, ?2, ?3)
         ON CONFLICT (draft) DO UPDATE SET original = excluded.original, changes = excluded.changes",
        params![draft, original.bytes, serde_json::to_string(&original.changes)?],
    )?;
    Ok(())
}

/// The file that a draft mends, if it mends one.
///
/// # Errors
/// The database.
pub(crate) fn original(db: &Connection, draft: &str) -> Result<Option<Original>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT original, changes FROM draft_making WHERE draft = ?1 AND original IS NOT NULL AND changes IS NOT NULL",
    )?;
    let found: Option<(Vec<u8>, String)> =
        statement.query_row(params![draft], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.map(|(bytes, changes)| Original { bytes, changes: serde_json::from_str(&changes).unwrap_or_default() }))
}

/// What was mended of the file a draft came from.
///
/// # Errors
/// The database.
pub(crate) fn changes(db: &Connection, draft: &str) -> Result<Vec<DraftChange>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT changes FROM draft_making WHERE draft = ?1")?;
    let found: Option<Option<String>> = statement.query_row(params![draft], |row| row.get(0)).optional()?;
    Ok(found.flatten().and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

/// Notes the return that was made of a revision of a draft; none when it has been taken back out of the wastebasket.
///
/// # Errors
/// The database.
pub(crate) fn note_made(tx: &Transaction<'_>, draft: &str, made: Option<(&str, u32)>) -> Result<(), DatabaseError> {
    let (sha256, revision) = made.unzip();
    tx.execute(
        "INSERT INTO draft_making (draft, made, made_revision) VALUES (?1, ?2, ?3)
         ON CONFLICT (draft) DO UPDATE SET made = excluded.made, made_revision = excluded.made_revision",
        params![draft, sha256, revision],
    )?;
    Ok(())
}

/// Puts drafts away whose return has been delivered: how many.
///
/// # Errors
/// The database.
pub(crate) fn close_filed(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    now: Timestamp,
) -> Result<usize, DatabaseError> {
    Ok(tx.execute(
        "UPDATE drafts SET discarded = ?2, filed = 1
         WHERE environment = ?1 AND discarded IS NULL AND EXISTS (
             SELECT 1 FROM draft_making AS m JOIN filings AS f ON f.sha256 = m.made
             WHERE m.draft = drafts.id AND m.made_revision = drafts.revision
                AND f.environment = drafts.environment AND f.delivered = 'yes')",
        params![word(&environment), now.to_string()],
    )?)
}

/// Whether there is a draft whose return has been delivered.
///
/// # Errors
/// The database.
pub(crate) fn any_filed(db: &Connection, environment: EnvironmentName) -> Result<bool, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM drafts AS d JOIN draft_making AS m ON m.draft = d.id AND m.made_revision = d.revision
             JOIN filings AS f ON f.sha256 = m.made AND f.environment = d.environment
         WHERE d.environment = ?1 AND d.discarded IS NULL AND f.delivered = 'yes')",
    )?;
    Ok(statement.query_row(params![word(&environment)], |row| row.get(0))?)
}

/// Remembers what the columns of a sheet were said to be.
///
/// # Errors
/// [`NotKept`].
pub(crate) fn remember_layout(tx: &Transaction<'_>, layout: &Layout) -> Result<(), NotKept> {
    tx.execute(
        "INSERT INTO sheet_layouts (columns, layout) VALUES (?1, ?2)
         ON CONFLICT (columns) DO UPDATE SET layout = excluded.layout",
        params![names(layout)?, serde_json::to_string(layout)?],
    )?;
    Ok(())
}

/// What the columns of a sheet with the same names were said to be.
///
/// # Errors
/// [`NotKept`].
pub(crate) fn remembered_layout(db: &Connection, layout: &Layout) -> Result<Option<Layout>, NotKept> {
    let mut statement = db.prepare_cached("SELECT layout FROM sheet_layouts WHERE columns = ?1")?;
    let found: Option<String> = statement.query_row(params![names(layout)?], |row| row.get(0)).optional()?;
    Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
}

fn names(layout: &Layout) -> Result<String, serde_json::Error> {
    let names: Vec<(u32, &str)> = layout.columns.iter().map(|(at, name, _)| (*at, name.as_str())).collect();
    serde_json::to_string(&names)
}
