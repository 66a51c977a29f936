//! The vault: what is secret lies sealed in the database, under one random key that the keyring keeps.
//!
//! Without a keyring nothing secret is written at all: it stays in memory, and the program says so. Sealing binds each
//! secret to its purpose and its row, so that a row copied over another does not open.

mod archive_key;
mod secrets;

pub use archive_key::ArchiveKey;
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use id_porten::{Random, RandomError};
pub use secrets::{OpenedSecret, SecretStore, SecretStoreError};
use view::KeyringState;
use zeroize::Zeroizing;

use crate::keyring::{Keyring, KeyringError};

/// Bytes of the key: 256 bits.
const KEY_LENGTH: usize = 32;
/// Bytes of XChaCha20-Poly1305's nonce, long enough to be drawn at random without counting.
const NONCE_LENGTH: usize = 24;
/// The form of what is sealed to a purpose and a row.
const VERSION: u8 = 1;
/// The form of what is sealed to where it goes as well.
const BOUND: u8 = 2;

/// Seals and opens.
pub struct Vault {
    cipher: XChaCha20Poly1305,
    /// What folders of the archive are sealed with; none where the key is forgotten when the program ends.
    archive: Option<ArchiveKey>,
    problem: Option<KeyringError>,
    withheld: bool,
}

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// Sealed by another key, for another row, or damaged. Cause: the keyring was emptied, or the database comes from
    /// another computer. Remedy: sign in again.
    #[error("it was not sealed by this vault, or is damaged")]
    NotOurs,
}

impl Vault {
    /// Opens the vault with the keyring's key; the first time one is made. A keyring that does not serve gives a vault
    /// whose key is forgotten when the program ends.
    ///
    /// May wait for a person who is asked to unlock the keyring.
    ///
    /// # Errors
    /// Only when there are no random bytes to make a key of.
    pub fn open(keyring: &dyn Keyring, random: &dyn Random) -> Result<Self, RandomError> {
        match stored_key(keyring, random)? {
            Ok(key) => Ok(Self {
                cipher: cipher(&key),
                archive: Some(ArchiveKey::of(key.as_slice())),
                problem: None,
                withheld: false,
            }),
            Err(problem) => {
                tracing::warn!(%problem, "Secrets are kept in memory only.");
                Self::without_keyring(random, problem)
            }
        }
    }

    /// A vault whose key is forgotten when the program ends.
    ///
    /// # Errors
    /// No random bytes.
    pub fn without_keyring(random: &dyn Random, problem: KeyringError) -> Result<Self, RandomError> {
        Ok(Self { cipher: cipher(&new_key(random)?), archive: None, problem: Some(problem), withheld: false })
    }

    /// A vault whose key is not asked for: until a work account has signed in nothing that was sealed can be opened, and
    /// nothing is kept.
    ///
    /// # Errors
    /// No random bytes.
    pub fn withheld(random: &dyn Random) -> Result<Self, RandomError> {
        let problem = KeyringError::Locked("no work account has signed in".into());
        Ok(Self { cipher: cipher(&new_key(random)?), archive: None, problem: Some(problem), withheld: true })
    }

    /// The key that folders of the archive are sealed with; none where nothing is kept.
    pub fn archive_key(&self) -> Option<ArchiveKey> {
        self.archive.clone()
    }

    /// Whether the key is withheld.
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.withheld
    }

    /// Whether what is sealed can be opened after a restart.
    #[must_use]
    pub fn is_persistent(&self) -> bool {
        self.problem.is_none()
    }

    /// What is wrong with the keyring, if anything.
    #[must_use]
    pub fn problem(&self) -> Option<&KeyringError> {
        self.problem.as_ref()
    }

    /// What the window shows of the keyring. One that refuses is as good as missing, but for its words.
    #[must_use]
    pub fn state(&self) -> KeyringState {
        match &self.problem {
            None => KeyringState::Available,
            Some(KeyringError::Locked(_)) => KeyringState::Locked,
            Some(KeyringError::Missing(_) | KeyringError::Refused(_)) => KeyringState::Missing,
        }
    }

    /// Takes over what another attempt at the keyring has found out.
    pub(super) fn has_problem_of(&mut self, other: &Self) {
        self.problem.clone_from(&other.problem);
        self.withheld = other.withheld;
    }

    /// Seals a secret for one purpose and one row.
    ///
    /// # Errors
    /// No random bytes.
    pub fn seal(&self, random: &dyn Random, purpose: &str, id: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        self.sealed(random, VERSION, &bound_to(purpose, id), secret)
    }

    /// The same for where it goes (`access::integrations::Destinations::bound`): it opens for nothing else.
    ///
    /// # Errors
    /// No random bytes.
    pub fn seal_for(
        &self,
        random: &dyn Random,
        purpose: &str,
        id: &str,
        bound: &str,
        secret: &[u8],
    ) -> Result<Vec<u8>, VaultError> {
        self.sealed(random, BOUND, &bound_for(purpose, id, bound), secret)
    }

    fn sealed(&self, random: &dyn Random, version: u8, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0_u8; NONCE_LENGTH];
        random.fill(&mut nonce)?;
        let payload = Payload { msg: secret, aad };
        let ciphertext = self.cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| VaultError::NotOurs)?;
        let mut sealed = Vec::with_capacity(1 + NONCE_LENGTH + ciphertext.len());
        sealed.push(version);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(sealed)
    }

    /// Opens what was sealed for that purpose and row.
    ///
    /// # Errors
    /// [`VaultError::NotOurs`].
    pub fn unseal(&self, purpose: &str, id: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.opened(VERSION, &bound_to(purpose, id), sealed)
    }

    /// Opens what was sealed for that purpose, row and way.
    ///
    /// # Errors
    /// [`VaultError::NotOurs`].
    pub fn unseal_for(
        &self,
        purpose: &str,
        id: &str,
        bound: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.opened(BOUND, &bound_for(purpose, id, bound), sealed)
    }

    /// Whether it was sealed before ways were bound: by an earlier version of the program.
    pub(crate) fn is_unbound(sealed: &[u8]) -> bool {
        sealed.first() == Some(&VERSION)
    }

    fn opened(&self, version: u8, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let Some((_, rest)) = sealed.split_first().filter(|(first, _)| **first == version) else {
            return Err(VaultError::NotOurs);
        };
        let Some((nonce, ciphertext)) = rest.split_at_checked(NONCE_LENGTH) else {
            return Err(VaultError::NotOurs);
        };
        let payload = Payload { msg: ciphertext, aad };
        let secret = self.cipher.decrypt(XNonce::from_slice(nonce), payload).map_err(|_| VaultError::NotOurs)?;
        Ok(Zeroizing::new(secret))
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("problem", &self.problem).finish_non_exhaustive()
    }
}

type Key = Zeroizing<[u8; KEY_LENGTH]>;

fn stored_key(keyring: &dyn Keyring, random: &dyn Random) -> Result<Result<Key, KeyringError>, RandomError> {
    let loaded = match keyring.load() {
        Ok(loaded) => loaded.as_deref().and_then(|bytes| key(bytes)),
        Err(problem) => return Ok(Err(problem)),
    };
    if let Some(key) = loaded {
        return Ok(Ok(key));
    }
    let made = new_key(random)?;
    if let Err(problem) = keyring.store(made.as_slice()) {
        return Ok(Err(problem));
    }
    // Read back: another program may have stored its key at the same moment, and a keyring that takes a secret and
    // does not give it back must not cost the user her sign-in tomorrow without a word today.
    Ok(match keyring.load() {
        Ok(Some(bytes)) => {
            key(&bytes).ok_or_else(|| KeyringError::Refused("it does not give back what it took".into()))
        }
        Ok(None) => Err(KeyringError::Refused("it does not keep what it took".into())),
        Err(problem) => Err(problem),
    })
}

fn new_key(random: &dyn Random) -> Result<Key, RandomError> {
    let mut key = Key::default();
    random.fill(key.as_mut_slice())?;
    Ok(key)
}

fn key(bytes: &[u8]) -> Option<Key> {
    <[u8; KEY_LENGTH]>::try_from(bytes).ok().map(Zeroizing::new)
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(chacha20poly1305::Key::from_slice(key.as_slice()))
}

/// Purpose and row as associated data; the length keeps `("a", "bc")` and `("ab", "c")` apart.
fn bound_to(purpose: &str, id: &str) -> Vec<u8> {
    let mut bound = (purpose.len() as u64).to_be_bytes().to_vec();
    bound.extend_from_slice(purpose.as_bytes());
    bound.extend_from_slice(id.as_bytes());
    bound
}

/// Purpose, row and way as associated data, each with its length.
fn bound_for(purpose: &str, id: &str, bound: &str) -> Vec<u8> {
    let mut all = Vec::with_capacity(24 + purpose.len() + id.len() + bound.len());
    for part in [purpose, id, bound] {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part.as_bytes());
    }
    all
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use id_porten::SystemRandom;

    use super::*;
    use crate::keyring::{MemoryKeyring, NoKeyring};

    fn vault(keyring: &dyn Keyring) -> Vault {
        Vault::open(keyring, &SystemRandom).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_after_a_restart() {
        let keyring = MemoryKeyring::new();
        let sealed = vault(&keyring).seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
        assert!(!sealed.windows(8).any(|window| window == b"hemmelig"));
        assert_eq!(vault(&keyring).unseal("tokens", "1", &sealed).unwrap().as_slice(), b"hemmelig");
    }

    #[test]
    fn another_row_purpose_or_key_and_every_changed_byte_are_refused() {
        let keyring = MemoryKeyring::new();
        let vault = vault(&keyring);
        let sealed = vault.seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
        assert_eq!(vault.unseal("tokens", "2", &sealed), Err(VaultError::NotOurs));
        assert_eq!(vault.unseal("token", "s1", &sealed), Err(VaultError::NotOurs));
        let other = Vault::open(&MemoryKeyring::new(), &SystemRandom).unwrap();
        assert_eq!(other.unseal("tokens", "1", &sealed), Err(VaultError::NotOurs));
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(vault.unseal("tokens", "1", &damaged), Err(VaultError::NotOurs), "byte {at}");
            assert_eq!(vault.unseal("tokens", "1", &sealed[..at]), Err(VaultError::NotOurs), "{at} bytes");
        }
    }

    #[test]
    fn what_is_bound_to_its_way_opens_for_no_other() {
        let vault = vault(&MemoryKeyring::new());
        let way = "issuer=https://idporten.no\n";
        let sealed = vault.seal_for(&SystemRandom, "tokens", "1", way, b"hemmelig").unwrap();
        assert_eq!(vault.unseal_for("tokens", "1", way, &sealed).unwrap().as_slice(), b"hemmelig");
        let other = "issuer=https://idporten.no\ntoken_endpoint=https://evil.example\n";
        for refused in [
            vault.unseal_for("tokens", "1", other, &sealed),
            vault.unseal_for("tokens", "1", "", &sealed),
            vault.unseal_for("tokens", "2", way, &sealed),
            vault.unseal("tokens", "1", &sealed),
        ] {
            assert_eq!(refused, Err(VaultError::NotOurs));
        }
        // Neither form passes for the other by its first byte.
        let unbound = vault.seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
        let relabelled = [&[BOUND], &unbound[1..]].concat();
        assert_eq!(vault.unseal_for("tokens", "1", "", &relabelled), Err(VaultError::NotOurs));
        assert!(Vault::is_unbound(&unbound) && !Vault::is_unbound(&sealed));
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        let vault = vault(&MemoryKeyring::new());
        let twice = [(); 2].map(|()| vault.seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap());
        assert_ne!(twice[0], twice[1]);
    }

    #[test]
    fn without_a_keyring_the_vault_works_and_says_so() {
        let vault = vault(&NoKeyring);
        assert!(!vault.is_persistent());
        assert_eq!(vault.state(), KeyringState::Missing);
        let sealed = vault.seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
        assert_eq!(vault.unseal("tokens", "1", &sealed).unwrap().as_slice(), b"hemmelig");
    }

    #[test]
    fn a_locked_keyring_is_told_from_a_missing_one_and_can_be_tried_again() {
        let keyring = MemoryKeyring::new();
        let sealed = vault(&keyring).seal(&SystemRandom, "tokens", "1", b"hemmelig").unwrap();
        keyring.complain(Some(KeyringError::Locked("prompt dismissed".into())));
        assert_eq!(vault(&keyring).state(), KeyringState::Locked);
        keyring.complain(None);
        assert_eq!(vault(&keyring).unseal("tokens", "1", &sealed).unwrap().as_slice(), b"hemmelig");
    }

    #[test]
    fn a_keyring_that_keeps_nothing_is_found_out_at_once() {
        struct Forgetful;
        impl Keyring for Forgetful {
            fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
                Ok(None)
            }
            fn store(&self, _: &[u8]) -> Result<(), KeyringError> {
                Ok(())
            }
            fn delete(&self) -> Result<(), KeyringError> {
                Ok(())
            }
        }
        assert!(!vault(&Forgetful).is_persistent());
    }
}
