//! What goes into the archive folder of a filing beside the return: of one that was made of SAF-T the reconciliation, and the
//! files if they are wanted; of one that was mended here the file as it was, and what was changed.

use rusqlite::Connection;
use store::database::DatabaseError;

use super::{ArchivedSource, ORIGIN_FILE, SHEET_CSV, SHEET_HTML};
use crate::{
    archive::Document,
    draft_making::{MENDED, ORIGINAL},
    filings,
};

/// The folder that the files lie in.
const FOLDER: &str = "saf-t";

/// The documents that show what a filing was made of; none where it was dropped and filed as it was.
///
/// # Errors
/// The database.
pub(crate) fn archived(db: &Connection, filing: i64, with_files: bool) -> Result<Vec<Document>, DatabaseError> {
    let mut documents = Vec::new();
    for name in [SHEET_CSV, SHEET_HTML, ORIGINAL, MENDED] {
        documents.extend(filings::document(db, filing, name)?.map(|bytes| Document::new(name, bytes)));
    }
    if with_files && let Some(json) = filings::document(db, filing, ORIGIN_FILE)? {
        let kept: Vec<ArchivedSource> = serde_json::from_slice(&json).unwrap_or_default();
        for ArchivedSource { path, name, sha256 } in kept {
            // The place is of a row of the database: whether it still is what the return was made of is looked at while it is
            // copied.
            documents.push(Document::kept(FOLDER, &name, path, sha256, &documents));
        }
    }
    Ok(documents)
}
