//! The window's commands for the program itself: its start, choices, clipboard, first aid and updates.

use crate::{
    appearance::Look,
    fault::{Answer, fault},
    host::Shell,
    news::News,
    update::UpdateView,
    window,
};
use office::doctor::DoctorReport;
use tauri::{State, ipc::Channel};
use view::{ErrorCode, OfficeEvent, Preferences, StartView};

/// Everything the window needs to draw itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_view(shell: Shell) -> Answer<StartView> {
    Ok(shell.office().await?.start_view())
}

/// The window brings the way on which the office tells it what happens; the one before it ends.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hear(news: State<'_, News>, window: Channel<OfficeEvent>) -> Answer<()> {
    news.go_to(window);
    Ok(())
}

/// The window says that its first paint with data is done; benchmarks and tests wait for the file named in
/// `MOMSBUD_READY_FILE`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ui_ready(shell: Shell, drawn: State<'_, window::FirstPaint>) -> Answer<()> {
    drawn.now();
    shell.host.ready();
    let Some(file) = std::env::var_os("MOMSBUD_READY_FILE") else { return Ok(()) };
    disk::write(std::path::Path::new(&file), b"ready\n")
        .map_err(|error| fault(ErrorCode::Internal, "The ready file cannot be written.", &error))
}

/// Keeps the user's choices.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preferences(shell: Shell, preferences: Preferences) -> Answer<()> {
    if let Ok(places) = shell.host.places() {
        Look::from(&preferences).store(&places.data);
    }
    Ok(shell.office().await?.set_preferences(preferences)?)
}

/// Whether the program starts with the system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn starts_with_system(shell: Shell) -> Answer<bool> {
    shell
        .host
        .starts_with_system()
        .map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be read.", &error))
}

/// Starts the program with the system from now on, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_with_system(shell: Shell, on: bool) -> Answer<()> {
    shell
        .host
        .start_with_system(on)
        .map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be changed.", &error))
}

/// Puts a text on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_text(shell: Shell, text: String) -> Answer<()> {
    shell.host.copy(text)
}

/// First aid: what is in order on this machine, and what is not. With `everywhere`, the authorities of test and production
/// are tried as well as those in use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn doctor_report(shell: Shell, everywhere: bool) -> Answer<DoctorReport> {
    shell.host.doctor(everywhere).await
}

/// Looks for an update of the program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_update(shell: Shell) -> Answer<UpdateView> {
    Ok(shell.host.look_for_update().await)
}

/// Installs the update that was found and starts the program anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn install_update(shell: Shell) -> Answer<UpdateView> {
    Ok(shell.host.install_update(&shell.office().await?).await)
}
