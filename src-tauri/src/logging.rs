//! The log: one file a day, two weeks kept, no secrets.
//!
//! What is secret has types that print as `[secret]`; this module only decides where the lines go. The
//! libraries below log whole requests at debug level, so they are kept at warnings whatever is asked for.

use std::path::Path;
use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{InitError, RollingFileAppender, Rotation},
};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

const DAYS_KEPT: usize = 14;
const QUIET: [&str; 6] = ["hyper=warn", "hyper_util=warn", "reqwest=warn", "rustls=warn", "zbus=warn", "tao=warn"];

/// Starts logging into `folder`; the guard writes what is left when it is dropped.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn start(folder: &Path) -> Result<WorkerGuard, InitError> {
    // The appender looks for old files before it makes the folder, and complains about that on the terminal. That it
    // cannot be made is said below.
    let _ = std::fs::create_dir_all(folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("momsbud")
        .filename_suffix("log")
        .max_log_files(DAYS_KEPT)
        .build(folder)?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(false);
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

fn filter() -> EnvFilter {
    let asked = std::env::var("MOMSBUD_LOG").unwrap_or_else(|_| "info".to_owned());
    QUIET.iter().filter_map(|directive| directive.parse().ok()).fold(EnvFilter::new(asked), EnvFilter::add_directive)
}
