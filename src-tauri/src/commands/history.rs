//! The window's commands for what has been filed, and for what lies begun in Altinn.

use crate::{fault::Answer, open_office::Office, opener};
use filing::view::{FilingView, HistoryPage, HistoryQuery, ReturnCard, UnfinishedView};

/// Looks in the history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history(office: Office<'_>, query: HistoryQuery) -> Answer<HistoryPage> {
    office.get().await?.history(&query)
}

/// One filing with everything about it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn filing(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.filing(&id)
}

/// Fetches the receipt files of a delivered filing again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_receipt_again(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.fetch_receipt_again(&id).await
}

/// Opens the receipt in the system's viewer; WebKitGTK shows no PDF.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_receipt(office: Office<'_>, id: String) -> Answer<()> {
    opener::open(&office.get().await?.receipt_path(&id)?)
}

/// Opens a filing's archive folder in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_archive(office: Office<'_>, id: String) -> Answer<()> {
    opener::open(&office.get().await?.archive_path(&id)?)
}

/// What lies begun in Altinn for a company and was never delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unfinished(office: Office<'_>, org_number: String) -> Answer<Vec<UnfinishedView>> {
    office.get().await?.unfinished(&org_number).await
}

/// Opens the return that lies in an unfinished instance, to go on with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_unfinished(office: Office<'_>, instance: String) -> Answer<ReturnCard> {
    office.get().await?.continue_unfinished(&instance).await
}

/// Deletes an unfinished instance in Altinn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_unfinished(office: Office<'_>, instance: String) -> Answer<()> {
    office.get().await?.delete_unfinished(&instance).await
}
