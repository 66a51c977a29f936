//! The seal of a folder: that its manifest, and with the manifest's sums every file, was written by this person's
//! Momsbud and by nobody else who can write to the archive.
//!
//! Beside the manifest lies a code (HMAC-SHA-256) over its bytes, by a key that is made from the one in the keyring. The
//! database remembers the manifests it has written, too, so that it knows its own where there is no keyring.

use std::{fmt, io, path::Path};

use aws_lc_rs::hmac;
use base16ct::lower::encode_string;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::manifest::{LONGEST_MANIFEST, MANIFEST};
use crate::{database::DatabaseError, engine::sha256};

/// The file's name.
pub(crate) const SEAL: &str = "manifest.hmac";
/// What the key is made for; another purpose has another key.
const PURPOSE: &[u8] = b"momsbud archive manifest 1";
/// What names the key without telling it.
const NAME: &[u8] = b"name";
/// How the file begins.
const VERSION: &str = "hmac-sha256-1";
/// Longest seal, bytes.
const LONGEST: u64 = 1024;

/// The key that folders are sealed with.
#[derive(Clone)]
pub(crate) struct ArchiveKey {
    key: hmac::Key,
    name: String,
}

impl ArchiveKey {
    /// Made from the vault's key.
    pub(crate) fn of(vault_key: &[u8]) -> Self {
        let made = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, vault_key), PURPOSE);
        let key = hmac::Key::new(hmac::HMAC_SHA256, made.as_ref());
        let name = encode_string(hmac::sign(&key, NAME).as_ref().get(..8).unwrap_or_default());
        Self { key, name }
    }

    /// What it is called; it tells nothing of the key.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The seal of a manifest, as it is written.
    pub(crate) fn seal(&self, manifest: &[u8]) -> String {
        format!("{VERSION} {} {}\n", self.name, encode_string(hmac::sign(&self.key, manifest).as_ref()))
    }

    /// Whether it has sealed that manifest.
    pub(crate) fn has_sealed(&self, manifest: &[u8], seal: &str) -> bool {
        let mut words = seal.split_ascii_whitespace();
        let (Some(VERSION), Some(name), Some(code), None) = (words.next(), words.next(), words.next(), words.next())
        else {
            return false;
        };
        let Ok(code) = base16ct::lower::decode_vec(code) else { return false };
        name == self.name && hmac::verify(&self.key, manifest, &code).is_ok()
    }
}

impl fmt::Debug for ArchiveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArchiveKey").field("name", &self.name).finish_non_exhaustive()
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_for_its_manifest_and_its_key_alone() {
        let (key, other) = (ArchiveKey::of(&[7; 32]), ArchiveKey::of(&[8; 32]));
        let seal = key.seal(b"{}");
        assert!(key.has_sealed(b"{}", &seal));
        assert!(!key.has_sealed(b"{ }", &seal) && !other.has_sealed(b"{}", &seal));
        let renamed = seal.replace(key.name(), other.name());
        assert!(!other.has_sealed(b"{}", &renamed) && !key.has_sealed(b"{}", &renamed));
        for bad in ["", "hmac-sha256-1", &seal[..seal.len() - 3], &seal.to_uppercase(), &format!("{seal} x")] {
            assert!(!key.has_sealed(b"{}", bad), "{bad:?}");
        }
        // The key is the keyring's, so that another start of the program has the same.
        assert!(ArchiveKey::of(&[7; 32]).has_sealed(b"{}", &seal));
    }
}
