//! Which files go with a draft's return. The files themselves lie in [`crate::attachments::Store`].

use rusqlite::{Connection, Transaction, params};
use store::database::{DatabaseError, columns};
use view::ids::{AttachmentId, DraftId};

/// A file that goes with a draft's return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Its key.
    pub id: AttachmentId,
    /// As it will be called at Altinn.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// The files of a draft, in the order they were added.
///
/// # Errors
/// The database.
pub fn of(db: &Connection, draft: &DraftId) -> Result<Vec<DraftFile>, DatabaseError> {
    let mut statement =
        db.prepare_cached("SELECT id, name, size, sha256 FROM draft_attachments WHERE draft = ?1 ORDER BY place")?;
    let mut rows = statement.query(params![draft])?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        files.push(DraftFile {
            id: columns::parse("id", row.get(0)?)?,
            name: row.get(1)?,
            size: row.get::<_, i64>(2)?.unsigned_abs(),
            sha256: row.get(3)?,
        });
    }
    Ok(files)
}

/// Adds a file; one that is there already stays.
///
/// # Errors
/// The database.
pub fn add(tx: &Transaction<'_>, draft: &DraftId, file: &DraftFile) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT OR IGNORE INTO draft_attachments (draft, id, place, name, size, sha256)
         SELECT ?1, ?2, coalesce(max(place), 0) + 1, ?3, ?4, ?5 FROM draft_attachments WHERE draft = ?1",
        params![draft, file.id, file.name, i64::try_from(file.size).unwrap_or(i64::MAX), file.sha256],
    )?;
    Ok(())
}

/// Takes a file away; false when it was not there.
///
/// # Errors
/// The database.
pub fn remove(tx: &Transaction<'_>, draft: &DraftId, id: &AttachmentId) -> Result<bool, DatabaseError> {
    Ok(tx.execute("DELETE FROM draft_attachments WHERE draft = ?1 AND id = ?2", params![draft, id])? == 1)
}
