//! The window's commands for many returns at once.

use access::work::rights::Action;
use view::{BatchStart, BatchView, ErrorCode, ReturnCard};

use crate::{
    fault::{Answer, fault},
    host::Shell,
};

/// One return that lies open, with its lines; the list of many leaves them out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn card(shell: Shell, id: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.returns().card_view(&id)?)
}

/// Asks Skatteetaten about many returns; each answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_all(shell: Shell, ids: Vec<String>) -> Answer<()> {
    Ok(shell.office().await?.returns().check_all(&ids).await?)
}

/// Asks about no more returns.
#[tauri::command]
#[specta::specta]
pub(crate) async fn stop_checking(shell: Shell) -> Answer<()> {
    shell.office().await?.returns().stop_checking();
    Ok(())
}

/// Files many returns in one go; what follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_batch(shell: Shell, ids: Vec<String>) -> Answer<BatchStart> {
    // A new version of a period is filed from its own card, where the difference can be seen.
    Ok(shell.office().await?.batch().start(&ids, false)?)
}

/// Begins nothing new.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pause_batch(shell: Shell) -> Answer<BatchView> {
    Ok(shell.office().await?.batch().pause()?)
}

/// Goes on with a batch that stands still.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_batch(shell: Shell) -> Answer<BatchView> {
    Ok(shell.office().await?.batch().resume()?)
}

/// Takes out of the batch what has not been begun.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_batch(shell: Shell) -> Answer<BatchView> {
    Ok(shell.office().await?.batch().cancel()?)
}

/// Puts the batch away.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_batch(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.batch().close()?)
}

/// Puts every return away that has been received, and the batch with them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_cards(shell: Shell, ids: Vec<String>) -> Answer<()> {
    shell.office().await?.returns().close_cards(&ids);
    Ok(())
}

/// Opens what was closed last again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_cards(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.returns().reopen_cards()?)
}

/// Shows the file that was saved last in the system's file manager. Which one that is, the window does not say.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_saved(shell: Shell) -> Answer<()> {
    let none =
        || fault(ErrorCode::NotFound, "Nothing has been saved.", &std::io::Error::from(std::io::ErrorKind::NotFound));
    let path = shell.host.saved().ok_or_else(none)?;
    shell.host.show(&path)
}

/// Lets the person choose a file for the result of the batch, and writes it; where it is, or nothing when the person chose
/// nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_batch(shell: Shell, name: String) -> Answer<Option<String>> {
    let office = shell.office().await?;
    office.may_change(Action::ExportBatch)?;
    let Some(path) = shell.host.save_as(&name, "csv").await else { return Ok(None) };
    office.batch().export(&path)?;
    Ok(Some(path.display().to_string()))
}
