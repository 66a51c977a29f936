//! The log: one file a day, two weeks kept, no secrets.
//!
//! What is secret has types that print as `[secret]`; this module only decides where the lines go. The
//! libraries below log whole requests at debug level, so they are kept at warnings whatever is asked for.

use std::{
    io::{self, Write},
    path::Path,
};
use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{InitError, RollingFileAppender, Rotation},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

const DAYS_KEPT: usize = 14;
/// The updater's own lines name the address it asks, which may carry a token of the firm's; [`crate::update`] says what came of it.
const QUIET: [&str; 7] = [
    "hyper=warn",
    "hyper_util=warn",
    "reqwest=warn",
    "rustls=warn",
    "zbus=warn",
    "tao=warn",
    "tauri_plugin_updater=off",
];

/// Starts logging into `folder`; the guard writes what is left when it is dropped.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn start(folder: &Path) -> Result<WorkerGuard, InitError> {
    // The appender looks for old files before it makes the folder, and complains about that on the terminal. That it
    // cannot be made is said below.
    let _ = disk::create_folder(folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("momsbud")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let lines = tracing_subscriber::fmt::layer().with_writer(move || OneLine(writer.clone())).with_ansi(false);
    // A second start in one process (tests) keeps the first subscriber.
    let _ = tracing_subscriber::registry().with(filter()).with(lines).try_init();
    std::panic::set_hook(Box::new(|info| {
        // The payload may hold anything; the place is enough to find the fault.
        match info.location() {
            Some(place) => tracing::error!(file = place.file(), line = place.line(), "Fault of the program."),
            None => tracing::error!("Fault of the program at an unknown place."),
        }
    }));
    Ok(guard)
}

/// Writes every event as one line, whatever somebody else's words in it hold.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    /// The layer hands over an event at a time, whole.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(shown::log_line(&String::from_utf8_lossy(event)).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn filter() -> EnvFilter {
    let asked = std::env::var("MOMSBUD_LOG").unwrap_or_else(|_| "info".to_owned());
    QUIET.iter().filter_map(|directive| directive.parse().ok()).fold(EnvFilter::new(asked), EnvFilter::add_directive)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct CapturedLog(Arc<Mutex<Vec<u8>>>);

    impl Write for CapturedLog {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn somebody_elses_words_make_no_line_of_their_own() {
        let kept = CapturedLog::default();
        let writer = kept.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || OneLine(writer.clone())).with_ansi(false);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            let error = "refused\n2026-11-28T23:00:00Z  INFO Delivered.\u{1b}[2J\u{202e}";
            tracing::warn!(%error, "No answer.");
        });
        let written = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(written.lines().count(), 1, "{written:?}");
        assert!(!written.contains(['\u{1b}', '\u{202e}']), "{written:?}");
    }

    #[test]
    fn the_updaters_own_lines_are_never_written() {
        let kept = CapturedLog::default();
        let writer = kept.clone();
        let lines = tracing_subscriber::fmt::layer().with_writer(move || writer.clone());
        let everything = QUIET.iter().fold(EnvFilter::new("trace"), |f, d| f.add_directive(d.parse().unwrap()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(everything).with(lines), || {
            tracing::error!(target: "tauri_plugin_updater::updater", "https://intern.example/latest.json?token=secret");
        });
        assert!(kept.0.lock().unwrap().is_empty());
    }
}
