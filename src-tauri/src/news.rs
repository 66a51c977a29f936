//! What the office tells the window by itself: over a channel of the window's own, and over nothing else.
//!
//! The window may not listen to events (`src-tauri/capabilities/main.json`): plugins and Tauri send codes of sign-ins and the
//! paths of dropped files as such, to whoever listens.

use std::sync::{Mutex, PoisonError};
use tauri::{AppHandle, Manager, ipc::Channel};
use view::OfficeEvent;

/// The way to the window that is there now, if there is one.
#[derive(Default)]
pub(crate) struct News(Mutex<Option<Channel<OfficeEvent>>>);

impl News {
    /// From now on this way. A page that was read anew has brought another.
    pub(crate) fn go_to(&self, window: Channel<OfficeEvent>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(window);
    }

    /// There is no window any more.
    pub(crate) fn stop(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Tells the window; without one there is nobody to tell.
pub(crate) fn publish(app: &AppHandle, event: OfficeEvent) {
    let window = app.state::<News>().0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(Err(error)) = window.map(|window| window.send(event)) {
        tracing::warn!(%error, "The window could not be told.");
    }
}
