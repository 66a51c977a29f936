//! The system browser, as far as a sign-in needs it.

use crate::conversation::OpenError;
use url::Url;

/// Opens addresses in the person's own browser; RFC 8252 section 8.12 forbids an embedded one.
pub trait Browser: Send + Sync + 'static {
    /// Opens an address. Called on a thread that may wait; nobody waits for it longer than ten seconds.
    ///
    /// # Errors
    /// No browser could be started.
    fn open(&self, address: &Url) -> Result<(), BrowserError>;
}

/// No browser could be started. Remedy: open the link by hand; the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no browser could be opened: {reason}")]
pub struct BrowserError {
    reason: String,
    astray: bool,
}

impl BrowserError {
    /// With the operating system's reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), astray: false }
    }

    /// Of a browser without a person in front of it that has come to another end than this program's address: nobody will
    /// come home any more, and the sign-in ends.
    #[must_use]
    pub fn astray(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), astray: true }
    }
}

impl From<BrowserError> for OpenError {
    fn from(BrowserError { reason, astray }: BrowserError) -> Self {
        Self { reason, astray }
    }
}
