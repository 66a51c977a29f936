//! What belongs to a draft beside what is typed: the file it mends with what was mended, and the return made of it.
//!
//! A draft is closed by being filed. Whether it has been is read from the filings themselves: the return that was made of its
//! last revision has been delivered. So nothing has to be told when a filing goes on after a restart, or in another window.

use drafts::sheet::Layout;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use store::database::{DatabaseError, columns::word};
use view::{DraftChange, EnvironmentName, ids::DraftId};

use crate::draft_store::DraftStoreError;

/// The file as it was dropped, among the documents of a filing and in its archive folder.
pub const ORIGINAL: &str = "original.xml";
/// What was mended of it.
pub const MENDED: &str = "rettet-i-momsbud.txt";

/// The file that a draft mends.
#[derive(Debug, Clone, PartialEq)]
pub struct Original {
    /// As it was dropped.
    pub bytes: Vec<u8>,
    /// What was mended of it.
    pub changes: Vec<DraftChange>,
}

/// A change as it is kept: what is not there is an empty text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredChange {
    kind: String,
    element: String,
    vat_code: Option<String>,
    before: String,
    after: String,
    xml_line: u32,
}

impl From<&DraftChange> for StoredChange {
    fn from(change: &DraftChange) -> Self {
        let DraftChange { kind, element, vat_code, before, after, xml_line } = change;
        let [element, before, after] = [element, before, after].map(|text| text.clone().unwrap_or_default());
        Self { kind: kind.clone(), element, vat_code: vat_code.clone(), before, after, xml_line: *xml_line }
    }
}

impl From<StoredChange> for DraftChange {
    fn from(stored: StoredChange) -> Self {
        let StoredChange { kind, element, vat_code, before, after, xml_line } = stored;
        let [element, before, after] = [element, before, after].map(|text| Some(text).filter(|text| !text.is_empty()));
        Self { kind, element, vat_code, before, after, xml_line }
    }
}

fn written(changes: &[DraftChange]) -> serde_json::Result<String> {
    serde_json::to_string(&changes.iter().map(StoredChange::from).collect::<Vec<_>>())
}

/// Changes as they are kept. What cannot be read is none.
fn read(json: &str) -> Vec<DraftChange> {
    let stored: Vec<StoredChange> = serde_json::from_str(json).unwrap_or_default();
    stored.into_iter().map(DraftChange::from).collect()
}

/// Keeps the file that a draft mends.
///
/// # Errors
/// [`DraftStoreError`].
pub fn store_original(tx: &Transaction<'_>, draft: &DraftId, original: &Original) -> Result<(), DraftStoreError> {
    tx.execute(
        "INSERT INTO draft_making (draft, original, changes) VALUES (?1, ?2, ?3)
         ON CONFLICT (draft) DO UPDATE SET original = excluded.original, changes = excluded.changes",
        params![draft, original.bytes, written(&original.changes)?],
    )?;
    Ok(())
}

/// The file that a draft mends, if it mends one.
///
/// # Errors
/// The database.
pub fn original(db: &Connection, draft: &DraftId) -> Result<Option<Original>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT original, changes FROM draft_making WHERE draft = ?1 AND original IS NOT NULL AND changes IS NOT NULL",
    )?;
    let found: Option<(Vec<u8>, String)> =
        statement.query_row(params![draft], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    Ok(found.map(|(bytes, changes)| Original { bytes, changes: read(&changes) }))
}

/// What was mended of the file a draft came from.
///
/// # Errors
/// The database.
pub fn changes(db: &Connection, draft: &DraftId) -> Result<Vec<DraftChange>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT changes FROM draft_making WHERE draft = ?1")?;
    let found: Option<Option<String>> = statement.query_row(params![draft], |row| row.get(0)).optional()?;
    Ok(found.flatten().map(|json| read(&json)).unwrap_or_default())
}

/// Keeps a file as it was dropped, for a draft that says the same.
///
/// # Errors
/// The database.
pub fn store_dropped(
    tx: &Transaction<'_>,
    draft: &DraftId,
    bytes: &[u8],
    sha256: &str,
    books: Option<&str>,
) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO draft_making (draft, original, changes, made, made_revision, dropped, books)
         VALUES (?1, ?2, '[]', ?3, 1, 1, ?4)",
        params![draft, bytes, sha256, books],
    )?;
    Ok(())
}

/// The draft of a file with these bytes that nothing has been changed of and that has not been filed.
///
/// # Errors
/// The database.
pub fn of_dropped(
    db: &Connection,
    environment: EnvironmentName,
    sha256: &str,
) -> Result<Option<DraftId>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT d.id FROM draft_making AS m JOIN drafts AS d ON d.id = m.draft
         WHERE m.made = ?2 AND m.dropped = 1 AND d.revision = 1 AND d.environment = ?1 AND d.filed = 0",
    )?;
    let found: Option<String> =
        statement.query_row(params![word(&environment), sha256], |row| row.get(0)).optional()?;
    Ok(found.and_then(|id| id.parse().ok()))
}

/// What the return of a draft was made of, where it was made from SAF-T files.
///
/// # Errors
/// The database.
pub fn books(db: &Connection, draft: &DraftId) -> Result<Option<String>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT books FROM draft_making WHERE draft = ?1")?;
    let found: Option<Option<String>> = statement.query_row(params![draft], |row| row.get(0)).optional()?;
    Ok(found.flatten())
}

/// Notes the return that was made of a revision of a draft; none when it has been taken back out of the wastebasket.
///
/// # Errors
/// The database.
pub fn note_made(tx: &Transaction<'_>, draft: &DraftId, made: Option<(&str, u32)>) -> Result<(), DatabaseError> {
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
pub fn close_filed(tx: &Transaction<'_>, environment: EnvironmentName, now: Timestamp) -> Result<usize, DatabaseError> {
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
pub fn any_filed(db: &Connection, environment: EnvironmentName) -> Result<bool, DatabaseError> {
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
/// [`DraftStoreError`].
pub fn remember_layout(tx: &Transaction<'_>, layout: &Layout) -> Result<(), DraftStoreError> {
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
/// [`DraftStoreError`].
pub fn remembered_layout(db: &Connection, layout: &Layout) -> Result<Option<Layout>, DraftStoreError> {
    let mut statement = db.prepare_cached("SELECT layout FROM sheet_layouts WHERE columns = ?1")?;
    let found: Option<String> = statement.query_row(params![names(layout)?], |row| row.get(0)).optional()?;
    Ok(found.and_then(|json| serde_json::from_str(&json).ok()))
}

fn names(layout: &Layout) -> Result<String, serde_json::Error> {
    let names: Vec<(u32, &str)> = layout.columns.iter().map(|(at, name, _)| (*at, name.as_str())).collect();
    serde_json::to_string(&names)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The form in which drafts of all versions have their changes.
    #[test]
    fn what_is_not_there_is_kept_as_an_empty_text() {
        let kept = r#"[{"kind":"payment-missing","element":"betalingsinformasjon","vatCode":null,"before":"","after":"","xmlLine":60}]"#;
        let change = DraftChange {
            kind: "payment-missing".into(),
            element: Some("betalingsinformasjon".into()),
            vat_code: None,
            before: None,
            after: None,
            xml_line: 60,
        };
        assert_eq!(read(kept), std::slice::from_ref(&change));
        assert_eq!(written(&[change]).unwrap(), kept);
        assert!(read("no list").is_empty());
    }
}
