//! The system browser, through the operating system's opener.

use access::session::open_without_argv;
use id_porten::{Browser, BrowserError};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;
use url::Url;

/// Opens addresses in the person's own browser; RFC 8252 section 8.12 forbids an embedded one.
pub(crate) struct SystemBrowser(pub(crate) AppHandle);

impl Browser for SystemBrowser {
    #[expect(clippy::disallowed_methods, reason = "addresses of a sign-in, which the office made")]
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        if open_without_argv(address) {
            return Ok(());
        }
        self.0.opener().open_url(address.as_str(), None::<&str>).map_err(|error| BrowserError::new(error.to_string()))
    }
}
