//! Windows and macOS, through Tauri's plugin (`run` initialises it with the argument).

use std::io;
use tauri::AppHandle;
use tauri_plugin_autostart::ManagerExt;

/// Whether the program starts with the system.
pub(crate) fn is_on(app: &AppHandle) -> io::Result<bool> {
    app.autolaunch().is_enabled().map_err(io::Error::other)
}

/// Starts it with the system from now on, or no longer.
pub(crate) fn set(app: &AppHandle, on: bool) -> io::Result<()> {
    let manager = app.autolaunch();
    if on { manager.enable() } else { manager.disable() }.map_err(io::Error::other)
}
