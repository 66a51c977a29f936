//! The window's commands for the program itself: its start, choices, clipboard, first aid and updates.

use crate::{
    autostart, doctor,
    fault::{Answer, fault},
    look::Look,
    news::News,
    open_office::Office,
    places::Places,
    update::{self, UpdateView},
    window,
};
use filing::{
    doctor::DoctorReport,
    view::{ErrorCode, OfficeEvent, Preferences, StartView},
};
use tauri::{AppHandle, State, ipc::Channel};
use tauri_plugin_clipboard_manager::ClipboardExt;

/// Everything the window needs to draw itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_view(office: Office<'_>) -> Answer<StartView> {
    Ok(office.get().await?.start_view())
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
pub(crate) async fn ui_ready(app: AppHandle, drawn: State<'_, window::Drawn>) -> Answer<()> {
    drawn.now();
    window::ready(&app);
    let Some(file) = std::env::var_os("MOMSBUD_READY_FILE") else { return Ok(()) };
    disk::write(std::path::Path::new(&file), b"ready\n")
        .map_err(|error| fault(ErrorCode::Internal, "The ready file cannot be written.", &error))
}

/// Keeps the user's choices.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preferences(app: AppHandle, office: Office<'_>, preferences: Preferences) -> Answer<()> {
    if let Ok(places) = Places::find(&app) {
        Look::from(&preferences).store(&places.data);
    }
    office.get().await?.set_preferences(preferences)
}

/// Whether the program starts with the system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn starts_with_system(app: AppHandle) -> Answer<bool> {
    autostart::is_on(&app).map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be read.", &error))
}

/// Starts the program with the system from now on, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_with_system(app: AppHandle, on: bool) -> Answer<()> {
    autostart::set(&app, on).map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be changed.", &error))
}

/// Puts a text on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_text(app: AppHandle, text: String) -> Answer<()> {
    app.clipboard()
        .write_text(text)
        .map_err(|error| fault(ErrorCode::Internal, "The clipboard cannot be written.", &error))
}

/// First aid: what is in order on this machine, and what is not. With `everywhere`, the authorities of test and production
/// are tried as well as those in use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn doctor_report(app: AppHandle, everywhere: bool) -> Answer<DoctorReport> {
    doctor::report(&app, everywhere).await
}

/// Looks for an update of the program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_update(app: AppHandle) -> Answer<UpdateView> {
    Ok(update::look(&app).await)
}

/// Installs the update that was found and starts the program anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn install_update(app: AppHandle, office: Office<'_>) -> Answer<UpdateView> {
    Ok(update::install(&app, &office.get().await?).await)
}
