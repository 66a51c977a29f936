//! Keyrings that are none: one in memory, for tests, and one that is never there.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use zeroize::Zeroizing;

use super::{Keyring, KeyringError};

/// Keeps the secret as long as it lives itself, or complains as it is told.
#[derive(Default)]
pub struct MemoryKeyring {
    secret: Mutex<Option<Zeroizing<Vec<u8>>>>,
    complaint: Mutex<Option<KeyringError>>,
    loads: AtomicUsize,
}

impl MemoryKeyring {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// From now on every call ends in this error; `None` makes it work again.
    pub fn complain(&self, complaint: Option<KeyringError>) {
        *self.complaint.lock().unwrap_or_else(PoisonError::into_inner) = complaint;
    }

    /// How often the secret has been asked for: each may be a question to a person.
    #[must_use]
    pub fn loads(&self) -> usize {
        self.loads.load(Ordering::Relaxed)
    }

    fn willing(&self) -> Result<(), KeyringError> {
        self.complaint.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}

impl Keyring for MemoryKeyring {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.willing()?;
        Ok(self.secret.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn store(&self, secret: &[u8]) -> Result<(), KeyringError> {
        self.willing()?;
        *self.secret.lock().unwrap_or_else(PoisonError::into_inner) = Some(Zeroizing::new(secret.to_vec()));
        Ok(())
    }

    fn delete(&self) -> Result<(), KeyringError> {
        self.willing()?;
        *self.secret.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(())
    }
}

/// No keyring at all: secrets stay in memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        Err(KeyringError::Missing("none is used".into()))
    }

    fn store(&self, _: &[u8]) -> Result<(), KeyringError> {
        Err(KeyringError::Missing("none is used".into()))
    }

    fn delete(&self) -> Result<(), KeyringError> {
        Ok(())
    }
}
