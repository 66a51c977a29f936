//! The seal of a folder: that its manifest, and with the manifest's sums every file, was written by this person's
//! Momsbud and by nobody else who can write to the archive.
//!
//! Beside the manifest lies a code (HMAC-SHA-256) over its bytes, by a key that is made from the one in the keyring. The
//! database remembers the manifests it has written, too, so that it knows its own where there is no keyring.

use std::{io, path::Path};

use disk::Folder;
use rusqlite::{Connection, OptionalExtension as _, params};
use store::{database::DatabaseError, digest::sha256, vault::ArchiveKey};

use super::{
    manifest::{LONGEST_MANIFEST, MANIFEST},
    within,
};

/// The file's name.
pub(crate) const SEAL: &str = "manifest.hmac";
/// Longest seal, bytes.
const LONGEST: u64 = 1024;

/// A manifest as the database remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredManifest {
    /// Of the manifest's bytes.
    pub(crate) sha256: String,
    /// The key that the folder is sealed with, if it is.
    pub(crate) sealed_by: Option<String>,
}

/// Remembers the manifest of a filing's folder, all of which has just been written.
///
/// # Errors
/// The database.
pub fn remember(db: &Connection, filing: i64, manifest: &StoredManifest) -> Result<(), DatabaseError> {
    update(db, filing, manifest)?;
    db.execute("UPDATE manifests SET vouched = 1 WHERE filing = ?1", params![filing])?;
    Ok(())
}

/// Remembers what has become of a manifest, while the documents stay as they are: whether they are vouched for does too.
///
/// # Errors
/// The database.
pub fn update(db: &Connection, filing: i64, manifest: &StoredManifest) -> Result<(), DatabaseError> {
    db.execute(
        "INSERT INTO manifests (filing, sha256, sealed_by) VALUES (?1, ?2, ?3)
         ON CONFLICT (filing) DO UPDATE SET sha256 = excluded.sha256, sealed_by = excluded.sealed_by",
        params![filing, manifest.sha256, manifest.sealed_by],
    )?;
    Ok(())
}

/// Remembers the manifest of a folder of an earlier version, of which nothing was remembered: it says and lists what the
/// database does, and of what the database does not keep nobody knows what it was.
///
/// # Errors
/// The database.
pub fn come_to_know(db: &Connection, filing: i64, manifest: &StoredManifest) -> Result<(), DatabaseError> {
    update(db, filing, manifest)?;
    db.execute("UPDATE manifests SET vouched = 0 WHERE filing = ?1", params![filing])?;
    Ok(())
}

/// Whether what its folder holds was written under the eyes of the database.
///
/// # Errors
/// The database.
pub fn is_vouched_for(db: &Connection, sha256: &str) -> Result<bool, DatabaseError> {
    let one = "SELECT 1 FROM manifests WHERE sha256 = ?1 AND vouched = 0";
    Ok(db.query_row(one, params![sha256], |_| Ok(())).optional()?.is_none())
}

/// What is remembered of it.
///
/// # Errors
/// The database.
pub fn remembered(db: &Connection, filing: i64) -> Result<Option<StoredManifest>, DatabaseError> {
    let read = |row: &rusqlite::Row<'_>| Ok(StoredManifest { sha256: row.get(0)?, sealed_by: row.get(1)? });
    Ok(db.query_row("SELECT sha256, sealed_by FROM manifests WHERE filing = ?1", params![filing], read).optional()?)
}

/// Whether a manifest of that sum is one that the database has written.
///
/// # Errors
/// The database.
pub fn knows(db: &Connection, sha256: &str) -> Result<bool, DatabaseError> {
    let one = "SELECT 1 FROM manifests WHERE sha256 = ?1";
    Ok(db.query_row(one, params![sha256], |_| Ok(())).optional()?.is_some())
}

/// The manifest of a folder below a root, byte for byte, with whether that key has sealed it.
///
/// # Errors
/// The disk; `InvalidData` for what is no ordinary file of a decent size.
pub fn read(root: &Path, folder: &str, key: Option<&ArchiveKey>) -> io::Result<(Vec<u8>, bool)> {
    let read = Sealed::below(root, folder)?;
    let sealed = key.is_some_and(|key| read.is_by(key));
    Ok((read.manifest, sealed))
}

/// A folder's manifest with what lies beside it as its seal.
#[derive(Debug)]
pub struct Sealed {
    /// Byte for byte.
    pub manifest: Vec<u8>,
    seal: Option<String>,
}

impl Sealed {
    /// Reads both of a folder that lies below a root, through no link; no seal is none.
    ///
    /// # Errors
    /// As for [`read`].
    pub fn below(root: &Path, folder: &str) -> io::Result<Self> {
        let manifest = disk::tree::read_below(root, &within(folder, MANIFEST), LONGEST_MANIFEST)?;
        let seal = disk::tree::read_below(root, &within(folder, SEAL), LONGEST).ok();
        Ok(Self { manifest, seal: seal.and_then(|seal| String::from_utf8(seal).ok()) })
    }

    /// Whether it was written here: that key has sealed it, or the database knows it.
    ///
    /// # Errors
    /// The database.
    pub fn is_ours(&self, db: &Connection, key: Option<&ArchiveKey>) -> Result<bool, DatabaseError> {
        Ok(key.is_some_and(|key| self.is_by(key)) || knows(db, &sha256(&self.manifest))?)
    }

    /// Whether that key has sealed it.
    #[must_use]
    pub fn is_by(&self, key: &ArchiveKey) -> bool {
        self.seal.as_deref().is_some_and(|seal| key.has_sealed(&self.manifest, seal))
    }

    /// What lies beside the manifest as its seal.
    pub(crate) fn text(&self) -> Option<&str> {
        self.seal.as_deref()
    }

    /// Whether it bears what could be a seal; only the key tells whether it is one.
    #[must_use]
    pub fn looks_sealed(&self) -> bool {
        self.seal.is_some()
    }
}

/// Seals a folder that is known to be ours, and lies below a root.
///
/// # Errors
/// The disk; a link on the way to it is no folder.
pub fn seal(root: &Path, folder: &str, manifest: &[u8], key: &ArchiveKey) -> io::Result<StoredManifest> {
    Folder::open(root)?.below(folder)?.write(SEAL, key.seal(manifest).as_bytes())?;
    Ok(StoredManifest { sha256: sha256(manifest), sealed_by: Some(key.name().to_owned()) })
}
