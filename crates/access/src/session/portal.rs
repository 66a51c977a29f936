//! Handing an address to the person's browser without writing it into anybody's list of processes.
//!
//! What a program is started with stands in `/proc` for every user of the machine, and a sign-in's link is worth reading.
//! The desktop's portal takes it over the session bus instead. Where there is no portal (a bare window manager, a session
//! without a bus) the caller starts the browser as ever. A browser that the portal has to start may still be given the
//! address on its command line, by the desktop: that the callback answers only the user's own processes
//! ([`loopback::owner`]) is what holds then.

#[cfg(all(unix, not(target_os = "macos")))]
use std::{collections::HashMap, time::Duration};

use url::Url;

/// Asks the desktop's portal to open an address; whether it has taken it. May wait a second or two.
#[cfg(all(unix, not(target_os = "macos")))]
#[must_use]
pub fn open_without_argv(address: &Url) -> bool {
    match open(address) {
        Ok(()) => true,
        Err(error) => {
            tracing::debug!(%error, "The desktop's portal did not take an address.");
            false
        }
    }
}

/// On Windows and macOS the system's own call takes an address without starting a program with it.
#[cfg(not(all(unix, not(target_os = "macos"))))]
#[must_use]
pub fn open_without_argv(_: &Url) -> bool {
    false
}

#[cfg(all(unix, not(target_os = "macos")))]
fn open(address: &Url) -> zbus::Result<()> {
    use zbus::zvariant::{OwnedObjectPath, Value};
    /// A portal that does not answer is as good as none.
    const PATIENCE: Duration = Duration::from_secs(2);

    let bus = zbus::blocking::connection::Builder::session()?.method_timeout(PATIENCE).build()?;
    let options = HashMap::from([("ask", Value::from(false))]);
    // No parent window; the answer is the request's path, and what becomes of it is the portal's and the person's.
    let answer = bus.call_method(
        Some("org.freedesktop.portal.Desktop"),
        "/org/freedesktop/portal/desktop",
        Some("org.freedesktop.portal.OpenURI"),
        "OpenURI",
        &("", address.as_str(), options),
    )?;
    answer.body().deserialize::<OwnedObjectPath>().map(drop)
}
