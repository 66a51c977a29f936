//! The operating system's keyring, which keeps one small key for us.
//!
//! Windows' vault takes no more than 2 560 bytes, and every keyring has its own ideas of what a secret is; so it only
//! ever holds the vault's key, and everything else lies sealed in the database. Each system's complaints are turned
//! into three that somebody can act on.

#[cfg(all(unix, not(target_os = "macos")))]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
mod memory;
#[cfg(windows)]
mod windows;

#[cfg(all(unix, not(target_os = "macos")))]
use linux::store;
#[cfg(target_os = "macos")]
use macos::store;
#[cfg(windows)]
use windows::store;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use keyring_core::Entry;
pub use memory::{MemoryKeyring, NoKeyring};
use zeroize::Zeroizing;

/// Keeps one secret of a few bytes between runs.
///
/// The calls may wait for a person who is asked to unlock the keyring: not to be made on a thread that others need.
pub trait Keyring: Send + Sync + 'static {
    /// The secret, if one has been stored.
    ///
    /// # Errors
    /// See [`KeyringError`].
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError>;

    /// Stores the secret in place of any earlier one.
    ///
    /// # Errors
    /// See [`KeyringError`].
    fn store(&self, secret: &[u8]) -> Result<(), KeyringError>;

    /// Removes the secret; one that is not there is no error.
    ///
    /// # Errors
    /// See [`KeyringError`].
    fn delete(&self) -> Result<(), KeyringError>;
}

/// Why the keyring does not serve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is none. Remedy on Linux: install and start a Secret Service (GNOME Keyring, KDE Wallet, KeePassXC);
    /// until then a sign-in lasts until the program closes.
    #[error("there is no keyring: {0}")]
    Missing(String),
    /// It is locked, and was not unlocked when asked. Remedy: unlock it and try again.
    #[error("the keyring is locked: {0}")]
    Locked(String),
    /// It refused or failed. Remedy: its own words say.
    #[error("the keyring refused: {0}")]
    Refused(String),
}

/// The operating system's keyring: Keychain, Credential Manager or Secret Service.
#[derive(Debug, Clone)]
pub struct SystemKeyring {
    service: String,
    user: String,
}

impl SystemKeyring {
    /// The entry that the program's vault uses.
    #[must_use]
    pub fn new() -> Self {
        Self::named("Momsbud", "vault")
    }

    /// Another entry, for tests and for several installations under one user.
    #[must_use]
    pub fn named(service: &str, user: &str) -> Self {
        Self { service: service.to_owned(), user: user.to_owned() }
    }

    /// Opened anew for every call: a keyring that was locked or missing a moment ago may be there now.
    fn entry(&self) -> Result<Entry, KeyringError> {
        store().map_err(KeyringError::opening)?.build(&self.service, &self.user, None).map_err(KeyringError::calling)
    }
}

impl Default for SystemKeyring {
    fn default() -> Self {
        Self::new()
    }
}

impl Keyring for SystemKeyring {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        let text = match self.entry()?.get_password() {
            Ok(text) => Zeroizing::new(text),
            Err(keyring_core::Error::NoEntry) => return Ok(None),
            // Two programs that stored their first key at the same moment: either key will do, if it is always the same.
            Err(keyring_core::Error::Ambiguous(entries)) => match entries.first().map(Entry::get_password) {
                Some(Ok(text)) => Zeroizing::new(text),
                Some(Err(error)) => return Err(KeyringError::calling(error)),
                None => return Ok(None),
            },
            Err(error) => return Err(KeyringError::calling(error)),
        };
        let secret = STANDARD.decode(text.trim()).map_err(|_| KeyringError::Refused("the entry is not ours".into()))?;
        Ok(Some(Zeroizing::new(secret)))
    }

    fn store(&self, secret: &[u8]) -> Result<(), KeyringError> {
        // As text, because KDE's wallet keeps nothing else.
        let text = Zeroizing::new(STANDARD.encode(secret));
        self.entry()?.set_password(&text).map_err(KeyringError::calling)
    }

    fn delete(&self) -> Result<(), KeyringError> {
        match self.entry()?.delete_credential() {
            Ok(()) | Err(keyring_core::Error::NoEntry) => Ok(()),
            Err(keyring_core::Error::Ambiguous(entries)) => {
                entries.iter().try_for_each(Entry::delete_credential).map_err(KeyringError::calling)
            }
            Err(error) => Err(KeyringError::calling(error)),
        }
    }
}

impl KeyringError {
    /// What an error means when the keyring is opened: failing then, it is not there.
    fn opening(error: keyring_core::Error) -> Self {
        match error {
            keyring_core::Error::NoStorageAccess(cause) => Self::Locked(cause.to_string()),
            other => Self::Missing(other.to_string()),
        }
    }

    /// What an error means when the keyring is used.
    fn calling(error: keyring_core::Error) -> Self {
        match error {
            keyring_core::Error::NoStorageAccess(cause) => Self::Locked(cause.to_string()),
            keyring_core::Error::NoDefaultStore => Self::Missing(error.to_string()),
            // The bytes that some errors carry are the secret itself: only the other errors are put into words.
            keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => {
                Self::Refused("the entry is not ours".into())
            }
            other => {
                let text = other.to_string();
                // The service may go away, or never have been behind the bus, after the connection was made.
                let gone =
                    ["ServiceUnknown", "NameHasNoOwner", "not provided by any"].iter().any(|word| text.contains(word));
                if gone { Self::Missing(text) } else { Self::Refused(text) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dismissed_prompt_is_a_locked_keyring() {
        let error = keyring_core::Error::NoStorageAccess("prompt dismissed".into());
        assert_eq!(KeyringError::calling(error), KeyringError::Locked("prompt dismissed".into()));
    }

    #[test]
    fn a_service_that_is_not_there_is_a_missing_keyring() {
        let text = "org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.secrets was not provided by any .service files";
        let error = keyring_core::Error::PlatformFailure(text.into());
        assert!(matches!(KeyringError::calling(error), KeyringError::Missing(_)));
    }

    #[test]
    fn the_bytes_of_a_foreign_entry_do_not_reach_the_text() {
        let error = keyring_core::Error::BadEncoding(b"hemmelig".to_vec());
        assert_eq!(KeyringError::calling(error), KeyringError::Refused("the entry is not ours".into()));
    }
}
