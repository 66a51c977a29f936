//! What a person is told when there will be no window: on the terminal, and in a box of the system's own where it has one.

use shown::Shown;
use view::Language;

use crate::{appearance::Look, places};
use std::{error::Error as _, io::Write as _};

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no desktop to show a window on. Remedy: start it on one, or use the command line.
    #[error("there is no display")]
    NoDisplay,
    /// The system lacks the web view that shows the window (Windows). Remedy: install Microsoft Edge WebView2.
    #[error("there is no web view: {0}")]
    NoWebView(String),
    /// The program was given a name that is not text, and could not be started anew with its address. Remedy: start it
    /// without, and choose the file in it.
    #[error("the arguments cannot be read")]
    Arguments(#[source] std::io::Error),
    /// Tauri could not open its window. Remedy: the system packages of the README.
    #[error("the window cannot be opened")]
    Window(#[from] tauri::Error),
}

/// Whether there is a desktop: Tauri panics where there is none.
pub(crate) fn display() -> Result<(), StartError> {
    #[cfg(all(unix, not(target_os = "macos")))]
    gtk::init().map_err(|_| StartError::NoDisplay)?;
    Ok(())
}

/// Whether there is what shows a window's content. Windows may lack it, and Tauri panics when its first window fails.
pub(crate) fn web_view() -> Result<(), StartError> {
    #[cfg(windows)]
    tauri::webview_version().map_err(|error| StartError::NoWebView(error.to_string()))?;
    Ok(())
}

/// Tells it, and waits until the box has been closed.
pub fn show_error(error: &StartError) {
    let language = places::data_without_app().map(|folder| Look::load(&folder).language()).unwrap_or_default();
    let mut text = text(error, language).to_owned();
    if let Some(cause) = error.source() {
        text = format!("{text}\n\n{}", Shown::text(&cause.to_string()));
    }
    tracing::error!(?error, "The window could not be opened.");
    // A terminal that is closed is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
    if !matches!(error, StartError::NoDisplay) {
        rfd::MessageDialog::new()
            .set_level(rfd::MessageLevel::Error)
            .set_title(crate::text(language, "noWindow.title"))
            .set_description(text)
            .show();
    }
}

fn text(error: &StartError, language: Language) -> &'static str {
    let key = match error {
        StartError::NoDisplay => "noWindow.noDisplay",
        StartError::NoWebView(_) => "noWindow.noWebView",
        StartError::Window(_) | StartError::Arguments(_) => "noWindow.other",
    };
    crate::text(language, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_told_in_three_languages_with_what_to_do_next() {
        let causes = [
            (StartError::NoDisplay, "momsbud-cli"),
            (StartError::NoWebView(String::new()), "WebView2 Runtime"),
            (StartError::Arguments(std::io::ErrorKind::NotFound.into()), "momsbud-cli doctor"),
            (StartError::Window(tauri::Error::WindowNotFound), "momsbud-cli doctor"),
        ];
        for (error, remedy) in &causes {
            let told = [Language::Nb, Language::Nn, Language::En].map(|language| text(error, language));
            assert!(told.iter().all(|text| text.contains(remedy)), "{told:?}");
            assert!(told[0] != told[1] && told[1] != told[2], "{told:?}");
        }
    }
}
