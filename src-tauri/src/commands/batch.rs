//! The window's commands for many returns at once.

use crate::{
    fault::{Answer, fault},
    open_office::Office,
};
use filing::view::{BatchStart, BatchView, ErrorCode, ReturnCard};
use filing::work::rights::Action;
use std::io;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot;

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

/// Lets the person choose a file for the result of the batch, and writes it; the file's name, or nothing when the person
/// chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_batch(app: AppHandle, office: Office<'_>, name: String) -> Answer<Option<String>> {
    let office = office.get().await?;
    office.may_change(Action::ExportBatch)?;
    let (answer, chosen) = oneshot::channel();
    app.dialog().file().add_filter("CSV", &["csv"]).set_file_name(name).save_file(move |file| {
        // The window may be gone; then nobody waits.
        let _ = answer.send(file);
    });
    let gone =
        || fault(ErrorCode::Internal, "The dialog did not answer.", &io::Error::from(io::ErrorKind::Interrupted));
    let Some(file) = chosen.await.map_err(|_| gone())? else { return Ok(None) };
    let Ok(path) = file.into_path() else {
        return Err(fault(
            ErrorCode::DataUnusable,
            "The file chosen is not on this computer.",
            &io::Error::from(io::ErrorKind::Unsupported),
        ));
    };
    let path = if path.extension().is_some() { path } else { path.with_extension("csv") };
    office.export_batch(&path)?;
    Ok(path.file_name().map(|name| name.to_string_lossy().into_owned()))
}
