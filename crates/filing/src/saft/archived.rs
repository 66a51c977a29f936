//! What goes into the archive folder of a filing beside the return: of one that was made of SAF-T the reconciliation, and the
//! files if they are wanted; of one that was mended here the file as it was, and what was changed.

use std::io::{self, Read};

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};
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
        for file in kept {
            // What has changed since is not what the return was made of.
            match is_still(&file) {
                Ok(true) => documents.push(Document::file(format!("{FOLDER}/{}", file.name), file.path)),
                Ok(false) => tracing::warn!("A SAF-T file has changed since, and does not go into the archive."),
                Err(error) => tracing::warn!(kind = ?error.kind(), "A SAF-T file cannot be read for the archive."),
            }
        }
    }
    Ok(documents)
}

fn is_still(file: &ArchivedSource) -> io::Result<bool> {
    let (mut open, _) = files::open::open(&file.path).map_err(|why| io::Error::other(why.to_string()))?;
    let mut sum = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = open.read(&mut piece)?;
        if read == 0 {
            break;
        }
        sum.update(piece.get(..read).unwrap_or_default());
    }
    Ok(base16ct::lower::encode_string(&sum.finalize()) == file.sha256)
}
