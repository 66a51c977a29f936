//! What a command answers when the desktop itself fails, and the one way to the system's own programs.

use filing::view::{Delivered, ErrorCode, ErrorView};
use std::{collections::BTreeMap, path::PathBuf};
use tauri::AppHandle;
use tauri_plugin_opener::OpenerExt;

/// What every command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Opens a file or a folder with the program that the system has for it.
///
/// # Errors
/// No program does.
pub(crate) fn open(app: &AppHandle, path: PathBuf) -> Answer<()> {
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|error| fault(ErrorCode::CannotOpen, "No program opens the file.", &error))
}

/// A fault of the desktop itself; nothing of a filing depends on it.
pub(crate) fn fault(code: ErrorCode, message: &str, cause: &dyn std::error::Error) -> ErrorView {
    ErrorView {
        code,
        message: message.to_owned(),
        details: vec![cause.to_string()],
        values: BTreeMap::new(),
        delivered: Delivered::No,
    }
}
