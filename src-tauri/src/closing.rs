//! Closing the window while something goes on: a person is told what has been delivered and what will go on, and may stay.
//!
//! So it is when another start asks the program to end (`momsbud --quit`), as an installer does that is to replace it.

use crate::{arguments, background::KeepRunning, dialogs::confirms, notifications, open_office::OpenOffice};
use jiff::Timestamp;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{
    AppHandle, CloseRequestApi, Manager, Window, WindowEvent, Wry,
    plugin::{self, TauriPlugin},
};
use view::Language;

/// The argument of a start that only asks the program that runs to end.
const QUIT: &str = "--quit";

/// Since when the program runs, and whether a person has been told and wants to leave.
pub(crate) struct Closing {
    since: Timestamp,
    asking: AtomicBool,
}

impl Default for Closing {
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
    let state = app.state::<Closing>();
    let Some(office) = app.state::<OpenOffice>().now() else { return };
    let Some(question) = office.closing_question(state.since) else { return };
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
        app.state::<Closing>().asking.store(false, Ordering::SeqCst);
        if leaves && let Err(error) = window.destroy() {
            tracing::warn!(%error, "The window could not be closed.");
        }
    });
}

/// Whether a start only asks the program to end. Beside a link it does not: what else stands in such a line may be a page's.
pub(crate) fn is_quit(arguments: &[String]) -> bool {
    !arguments::has_link(arguments) && arguments.iter().skip(1).any(|argument| argument == QUIT)
}

/// Ends a start that only asks, where there was no program to ask: comes after the plugin that asks it.
pub(crate) fn nobody_to_ask(quits: bool) -> TauriPlugin<Wry> {
    let nobody = plugin::Builder::new("quit").setup(move |_, _| {
        if quits {
            std::process::exit(0);
        }
        Ok(())
    });
    nobody.build()
}

/// Another start asks for the end. Where something is unfinished the person is asked first, and may stay.
pub(crate) fn quit_requested(app: &AppHandle) {
    let state = app.state::<Closing>();
    let Some(question) = app.state::<OpenOffice>().now().and_then(|office| office.closing_question(state.since)) else {
        tracing::info!("Asked to end.");
        app.exit(0);
        return;
    };
    if state.asking.swap(true, Ordering::SeqCst) {
        return;
    }
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let leaves = confirms(&app, question).await;
        app.state::<Closing>().asking.store(false, Ordering::SeqCst);
        if leaves {
            app.exit(0);
        }
    });
}

/// The title of what is said when the program goes on without its window.
fn goes_on(language: Language) -> &'static str {
    crate::text(language, "leaving.goesOn")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_asks_for_the_end_by_an_argument_and_by_none_that_a_page_could_give() {
        let quits = |arguments: &[&str]| is_quit(&arguments.iter().map(|&it| it.to_owned()).collect::<Vec<_>>());
        assert!(quits(&["momsbud", "--quit"]));
        assert!(!quits(&["--quit"]) && !quits(&["momsbud", "quit.xml"]) && !quits(&["momsbud"]));
        assert!(!quits(&["momsbud", "momsbud:", "--quit"]) && !quits(&["momsbud", "--quit", "no.momsbud.desktop:/x"]));
    }
}
