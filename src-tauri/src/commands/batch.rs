//! The window's commands for many returns at once.

use crate::{
    dialogs::save_as,
    fault::{Answer, fault},
    folders::Saved,
    open_office::Office,
};
use filing::view::{BatchStart, BatchView, ErrorCode, ReturnCard};
use filing::work::rights::Action;
use tauri::{AppHandle, State};
use tauri_plugin_opener::OpenerExt;

/// One return that lies open, with its lines; the list of many leaves them out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card(office: Office<'_>, id: String) -> Answer<ReturnCard> {
    office.get().await?.card_view(&id)
}

/// Asks Skatteetaten about many returns; each answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_all(office: Office<'_>, ids: Vec<String>) -> Answer<()> {
    office.get().await?.check_all(&ids).await
}

/// Asks about no more returns.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_checking(office: Office<'_>) -> Answer<()> {
    office.get().await?.stop_checking();
    Ok(())
}

/// Files many returns in one go; what follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_batch(office: Office<'_>, ids: Vec<String>) -> Answer<BatchStart> {
    // A new version of a period is filed from its own card, where the difference can be seen.
    office.get().await?.start_batch(&ids, false)
}

/// Begins nothing new.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_batch(office: Office<'_>) -> Answer<BatchView> {
    office.get().await?.pause_batch()
}

/// Goes on with a batch that stands still.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_batch(office: Office<'_>) -> Answer<BatchView> {
    office.get().await?.continue_batch()
}

/// Takes out of the batch what has not been begun.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_batch(office: Office<'_>) -> Answer<BatchView> {
    office.get().await?.cancel_batch()
}

/// Puts the batch away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_batch(office: Office<'_>) -> Answer<()> {
    office.get().await?.close_batch()
}

/// Puts every return away that has been received, and the batch with them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_cards(office: Office<'_>, ids: Vec<String>) -> Answer<()> {
    office.get().await?.close_cards(&ids);
    Ok(())
}

/// Opens what was closed last again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_cards(office: Office<'_>) -> Answer<()> {
    office.get().await?.reopen_cards()
}

/// Shows the file that was saved last in the system's file manager. Which one that is, the window does not say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_saved(app: AppHandle, saved: State<'_, Saved>) -> Answer<()> {
    let none =
        || fault(ErrorCode::NotFound, "Nothing has been saved.", &std::io::Error::from(std::io::ErrorKind::NotFound));
    let path = saved.path().ok_or_else(none)?;
    app.opener()
        .reveal_item_in_dir(path)
        .map_err(|error| fault(ErrorCode::CannotOpen, "No program shows the folder.", &error))
}

/// Lets the person choose a file for the result of the batch, and writes it; where it is, or nothing when the person chose
/// nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_batch(app: AppHandle, office: Office<'_>, name: String) -> Answer<Option<String>> {
    let office = office.get().await?;
    office.may_change(Action::ExportBatch)?;
    let Some(path) = save_as(&app, &name, "csv").await else { return Ok(None) };
    office.export_batch(&path)?;
    Ok(Some(path.display().to_string()))
}
