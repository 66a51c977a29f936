//! Where the program keeps its files.
//!
//! Two environment variables move them, for tests and for administrators: `MOMSBUD_DATA_DIR` and
//! `MOMSBUD_ARCHIVE_DIR`.

use office::settings::Settings;
use std::{env, path::PathBuf};
use tauri::{AppHandle, Manager};

/// The folders of one run.
pub(crate) struct Places {
    /// Database, sealed secrets, logs.
    pub(crate) data: PathBuf,
    /// Receipts, where a person finds them.
    pub(crate) archive: PathBuf,
    /// An administrator says where receipts go; it cannot be changed in the window.
    pub(crate) archive_fixed: bool,
    /// Where receipts lie that stayed when the folder was changed; the newest first.
    pub(crate) earlier_archives: Vec<PathBuf>,
}

impl Places {
    /// The folders as the environment variables, or else the user, or else the operating system give them.
    pub(crate) fn find(app: &AppHandle) -> tauri::Result<Self> {
        let data = match folder("MOMSBUD_DATA_DIR") {
            Some(given) => given,
            None => app.path().app_data_dir()?,
        };
        // Settings that cannot be read are reported where the environment is chosen: nothing opens without it.
        let settings = Settings::load(&data).unwrap_or_default();
        let fixed = folder("MOMSBUD_ARCHIVE_DIR");
        let archive_fixed = fixed.is_some();
        let archive = match fixed.or(settings.archive) {
            Some(given) => given,
            // A machine without a documents folder (a bare server account) still gets an archive.
            None => app.path().document_dir().or_else(|_| app.path().home_dir())?.join("Momsbud"),
        };
        Ok(Self { data, archive, archive_fixed, earlier_archives: settings.earlier_archives })
    }

    /// Where the log files lie.
    pub(crate) fn logs(&self) -> PathBuf {
        self.data.join("logs")
    }
}

/// The data folder where there is no program to ask, because it could not start.
pub(crate) fn data_without_app() -> Option<PathBuf> {
    folder("MOMSBUD_DATA_DIR").or_else(|| Some(dirs::data_dir()?.join("no.momsbud.desktop")))
}

fn folder(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
