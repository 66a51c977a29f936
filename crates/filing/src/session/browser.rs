//! The system browser, as far as the session needs it.

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
#[error("no browser could be opened: {0}")]
pub struct BrowserError(String);

impl BrowserError {
    /// With the operating system's reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}
