//! The key that folders of the archive are sealed with, made from the one in the keyring.

use std::fmt;

use aws_lc_rs::hmac;
use base16ct::lower::encode_string;

use crate::keyring::{Keyring, KeyringError};

/// What the key is made for; another purpose has another key.
const PURPOSE: &[u8] = b"momsbud archive manifest 1";
/// What names the key without telling it.
const NAME: &[u8] = b"name";
/// How a seal begins.
const VERSION: &str = "hmac-sha256-1";

/// The key that folders are sealed with.
#[derive(Clone)]
pub struct ArchiveKey {
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

    /// Made from the key that lies in a keyring, if one lies there.
    ///
    /// # Errors
    /// The keyring does not open.
    pub fn in_keyring(keyring: &dyn Keyring) -> Result<Option<Self>, KeyringError> {
        Ok(keyring.load()?.as_deref().and_then(|bytes| super::key(bytes)).map(|key| Self::of(key.as_slice())))
    }

    /// What it is called; it tells nothing of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The seal of a manifest, as it is written.
    pub fn seal(&self, manifest: &[u8]) -> String {
        format!("{VERSION} {} {}\n", self.name, encode_string(hmac::sign(&self.key, manifest).as_ref()))
    }

    /// Whether it has sealed that manifest.
    pub fn has_sealed(&self, manifest: &[u8], seal: &str) -> bool {
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
