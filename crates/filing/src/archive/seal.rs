//! The seal of a folder: that its manifest, and with the manifest's sums every file, was written by this person's
//! Momsbud and by nobody else who can write to the archive.
//!
//! Beside the manifest lies a code (HMAC-SHA-256) over its bytes, by a key that is made from the one in the keyring. The
//! database remembers the manifests it has written, too, so that it knows its own where there is no keyring.

use std::{io, path::Path};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::manifest::{LONGEST_MANIFEST, MANIFEST};
use crate::{database::DatabaseError, digest::sha256, vault::ArchiveKey};

/// The file's name.
pub(crate) const SEAL: &str = "manifest.hmac";
/// Longest seal, bytes.
const LONGEST: u64 = 1024;

/// A manifest as the database remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remembered {
    /// Of the manifest's bytes.
    pub(crate) sha256: String,
    /// The key that the folder is sealed with, if it is.
    pub(crate) sealed_by: Option<String>,
}

/// Remembers the manifest of a filing's folder.
///
/// # Errors
/// The database.
pub(crate) fn remember(db: &Connection, filing: i64, manifest: &Remembered) -> Result<(), DatabaseError> {
    db.execute(
        "INSERT INTO manifests (filing, sha256, sealed_by) VALUES (?1, ?2, ?3)
         ON CONFLICT (filing) DO UPDATE SET sha256 = excluded.sha256, sealed_by = excluded.sealed_by",
        params![filing, manifest.sha256, manifest.sealed_by],
    )?;
    Ok(())
}

/// What is remembered of it.
///
/// # Errors
/// The database.
pub(crate) fn remembered(db: &Connection, filing: i64) -> Result<Option<Remembered>, DatabaseError> {
    let read = |row: &rusqlite::Row<'_>| Ok(Remembered { sha256: row.get(0)?, sealed_by: row.get(1)? });
    Ok(db.query_row("SELECT sha256, sealed_by FROM manifests WHERE filing = ?1", params![filing], read).optional()?)
}

/// Whether a manifest of that sum is one that the database has written.
///
/// # Errors
/// The database.
pub(crate) fn knows(db: &Connection, sha256: &str) -> Result<bool, DatabaseError> {
    let one = "SELECT 1 FROM manifests WHERE sha256 = ?1";
    Ok(db.query_row(one, params![sha256], |_| Ok(())).optional()?.is_some())
}

/// A folder's manifest, byte for byte, with whether that key has sealed it.
///
/// # Errors
/// The disk; `InvalidData` for what is no ordinary file of a decent size.
pub(crate) fn read(folder: &Path, key: Option<&ArchiveKey>) -> io::Result<(Vec<u8>, bool)> {
    let manifest = disk::read_regular(&folder.join(MANIFEST), LONGEST_MANIFEST)?;
    let seal = disk::read_regular(&folder.join(SEAL), LONGEST).unwrap_or_default();
    let sealed = key.is_some_and(|key| std::str::from_utf8(&seal).is_ok_and(|seal| key.has_sealed(&manifest, seal)));
    Ok((manifest, sealed))
}

/// Seals a folder that is known to be ours.
///
/// # Errors
/// The disk.
pub(crate) fn seal(folder: &Path, manifest: &[u8], key: &ArchiveKey) -> io::Result<Remembered> {
    disk::write(&folder.join(SEAL), key.seal(manifest).as_bytes())?;
    Ok(Remembered { sha256: sha256(manifest), sealed_by: Some(key.name().to_owned()) })
}
