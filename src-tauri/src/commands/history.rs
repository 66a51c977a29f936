//! The window's commands for what has been filed, and for what lies begun in Altinn.

use view::{FilingView, HistoryPage, HistoryQuery, ReturnCard, UnfinishedView};

use crate::{fault::Answer, host::Shell};

/// Looks in the history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history(shell: Shell, query: HistoryQuery) -> Answer<HistoryPage> {
    Ok(shell.office().await?.filings().history(&query)?)
}

/// One filing with everything about it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn filing(shell: Shell, id: String) -> Answer<FilingView> {
    Ok(shell.office().await?.filings().filing(&id)?)
}

/// Fetches the receipt files of a delivered filing again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_receipt_again(shell: Shell, id: String) -> Answer<FilingView> {
    Ok(shell.office().await?.filings().fetch_receipt_again(&id).await?)
}

/// Opens the receipt in the system's viewer; WebKitGTK shows no PDF.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_receipt(shell: Shell, id: String) -> Answer<()> {
    shell.host.open(&shell.office().await?.filings().receipt_path(&id)?)
}

/// Opens a filing's archive folder in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_archive(shell: Shell, id: String) -> Answer<()> {
    shell.host.open(&shell.office().await?.filings().archive_path(&id)?)
}

/// What lies begun in Altinn for a company and was never delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unfinished(shell: Shell, org_number: String) -> Answer<Vec<UnfinishedView>> {
    Ok(shell.office().await?.returns().unfinished(&org_number).await?)
}

/// Opens the return that lies in an unfinished instance, to go on with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_unfinished(shell: Shell, instance: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.returns().continue_unfinished(&instance).await?)
}

/// Deletes an unfinished instance in Altinn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_unfinished(shell: Shell, instance: String) -> Answer<()> {
    Ok(shell.office().await?.returns().delete_unfinished(&instance).await?)
}
