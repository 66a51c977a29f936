//! The window's commands for the archive as a whole: leaf by period, verify, take along, build the history anew.

use crate::{dialogs::save_as, fault::Answer, open_office::Office, opener};
use filing::view::{ArchiveReport, ExportFormat, ExportSelection, ExportView, PeriodChoice};
use filing::work::rights::Action;
use tauri::AppHandle;

/// The years and periods that the history has filings of.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history_periods(office: Office<'_>) -> Answer<Vec<PeriodChoice>> {
    office.get().await?.history_periods()
}

/// Opens one file of a filing's archive folder in the system's viewer; one that no viewer shows is shown where it lies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_archived(office: Office<'_>, id: String, name: String) -> Answer<()> {
    opener::open(&office.get().await?.archived_file(&id, &name)?)
}

/// Compares every file of the archive with the sum of when it was put there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_archive(office: Office<'_>) -> Answer<ArchiveReport> {
    office.get().await?.verify_archive().await
}

/// Lets the person choose where filings go, and writes them there; nothing when she has chosen nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_history(
    app: AppHandle,
    office: Office<'_>,
    selection: ExportSelection,
    format: ExportFormat,
    name: String,
) -> Answer<Option<ExportView>> {
    office.get().await?.may_change(Action::ExportFilings)?;
    let ending = match format {
        ExportFormat::Zip => "zip",
        ExportFormat::Csv => "csv",
    };
    let Some(to) = save_as(&app, &format!("{name}.{ending}"), ending).await else { return Ok(None) };
    office.get().await?.export_filings(selection, format, to).await.map(Some)
}

/// Puts filings of the archive into the history that are not in it; answers how many.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history_from_archive(office: Office<'_>) -> Answer<u32> {
    office.get().await?.history_from_archive().await
}

/// The person has taken notice of what a second look at old filings has changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_review(office: Office<'_>) -> Answer<()> {
    office.get().await?.dismiss_review()
}

/// The person has taken notice of what became of a lost history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_recovery(office: Office<'_>) -> Answer<()> {
    office.get().await?.dismiss_recovery()
}
