//! What a person is told when there will be no window: on the terminal, and in a box of the system's own where it has one.

use crate::{look::Look, places};
use filing::view::LanguageName;
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

/// What is told, and the box's title, in bokmål, nynorsk and English.
const TITLE: [&str; 3] =
    ["Momsbud kan ikke åpne vinduet", "Momsbud kan ikkje opne vindauget", "Momsbud cannot open its window"];
const NO_DISPLAY: [&str; 3] = [
    "Momsbud trenger et skrivebord å vise vinduet sitt på, og finner ingen skjerm (DISPLAY, WAYLAND_DISPLAY). \
     momsbud-cli gjør det samme uten vindu.",
    "Momsbud treng eit skrivebord å vise vindauget sitt på, og finn ingen skjerm (DISPLAY, WAYLAND_DISPLAY). \
     momsbud-cli gjer det same utan vindauge.",
    "Momsbud needs a desktop to show its window on, and finds no display (DISPLAY, WAYLAND_DISPLAY). \
     momsbud-cli does the same without a window.",
];
const NO_WEB_VIEW: [&str; 3] = [
    "Momsbud viser vinduet sitt med Microsoft Edge WebView2, som mangler på denne maskinen. Installer WebView2 Runtime \
     fra Microsoft, eller Momsbud på nytt, og start igjen.\n\nIngenting er sendt, og ingenting er endret.",
    "Momsbud viser vindauget sitt med Microsoft Edge WebView2, som manglar på denne maskina. Installer WebView2 Runtime \
     frå Microsoft, eller Momsbud på nytt, og start igjen.\n\nIngenting er sendt, og ingenting er endra.",
    "Momsbud shows its window with Microsoft Edge WebView2, which this computer lacks. Install the WebView2 Runtime \
     from Microsoft, or Momsbud again, and start anew.\n\nNothing has been sent, and nothing has been changed.",
];
const OTHER: [&str; 3] = [
    "Vinduet kan ikke åpnes. Start maskinen på nytt; hjelper ikke det, ser «momsbud-cli doctor» etter hva som er galt.\n\n\
     Ingenting er sendt, og ingenting er endret.",
    "Vindauget kan ikkje opnast. Start maskina på nytt; hjelper ikkje det, ser «momsbud-cli doctor» etter kva som er \
     gale.\n\nIngenting er sendt, og ingenting er endra.",
    "The window cannot be opened. Restart the computer; if that does not help, “momsbud-cli doctor” looks for what is \
     wrong.\n\nNothing has been sent, and nothing has been changed.",
];

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
pub fn tell(error: &StartError) {
    let language = places::data_without_app().map(|folder| Look::load(&folder).language()).unwrap_or_default();
    let mut text = text(error, language).to_owned();
    if let Some(cause) = error.source() {
        text = format!("{text}\n\n{cause}");
    }
    tracing::error!(?error, "The window could not be opened.");
    // A terminal that is closed is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
    if !matches!(error, StartError::NoDisplay) {
        rfd::MessageDialog::new()
            .set_level(rfd::MessageLevel::Error)
            .set_title(TITLE[index(language)])
            .set_description(text)
            .show();
    }
}

fn text(error: &StartError, language: LanguageName) -> &'static str {
    let texts = match error {
        StartError::NoDisplay => &NO_DISPLAY,
        StartError::NoWebView(_) => &NO_WEB_VIEW,
        StartError::Window(_) | StartError::Arguments(_) => &OTHER,
    };
    texts[index(language)]
}

const fn index(language: LanguageName) -> usize {
    match language {
        LanguageName::Nb => 0,
        LanguageName::Nn => 1,
        LanguageName::En => 2,
    }
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
            let told = [LanguageName::Nb, LanguageName::Nn, LanguageName::En].map(|language| text(error, language));
            assert!(told.iter().all(|text| text.contains(remedy)), "{told:?}");
            assert!(told[0] != told[1] && told[1] != told[2], "{told:?}");
        }
    }
}
