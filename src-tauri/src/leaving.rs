//! Closing the window while something goes on: a person is told what has been delivered and what will go on, and may stay.

use crate::{background::KeepRunning, dialogs::confirms, notifications, open_office::OpenOffice};
use filing::view::LanguageName;
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{CloseRequestApi, Manager, Window, WindowEvent};

/// Since when the program runs, and whether a person has been told and wants to leave.
pub(crate) struct Leaving {
    since: Timestamp,
    asking: AtomicBool,
}

impl Default for Leaving {
    fn default() -> Self {
        Self { since: Timestamp::now(), asking: AtomicBool::new(false) }
    }
}

/// Asks when the window is to be closed.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    if let WindowEvent::CloseRequested { api, .. } = event {
        close_requested(window, api);
    }
}

/// The person closes the window. If the program ends with it and leaves something unfinished, she is asked first; if it
/// goes on in the tray, she is told what goes on.
fn close_requested(window: &Window, closing: &CloseRequestApi) {
    let app = window.app_handle();
    let state = app.state::<Leaving>();
    let Some(office) = app.state::<OpenOffice>().now() else { return };
    let Some(question) = office.leaving(state.since) else { return };
    if app.state::<KeepRunning>().get() {
        let text = question.text.clone();
        tauri::async_runtime::spawn(notifications::say(app.clone(), goes_on(office.language()), text));
        return;
    }
    closing.prevent_close();
    if state.asking.swap(true, Ordering::SeqCst) {
        // She is being asked already.
        return;
    }
    let (app, window) = (app.clone(), window.clone());
    tauri::async_runtime::spawn(async move {
        let leaves = confirms(&app, question).await;
        app.state::<Leaving>().asking.store(false, Ordering::SeqCst);
        if leaves && let Err(error) = window.destroy() {
            tracing::warn!(%error, "The window could not be closed.");
        }
    });
}

/// The title of what is said when the program goes on without its window.
fn goes_on(language: LanguageName) -> &'static str {
    match language {
        LanguageName::Nb => "Momsbud går videre uten vindu",
        LanguageName::Nn => "Momsbud held fram utan vindauge",
        LanguageName::En => "Momsbud goes on without its window",
    }
}
