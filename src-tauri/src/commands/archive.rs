//! The window's commands for the archive as a whole: leaf by period, verify, take along, build the history anew.

use access::work::rights::Action;
use view::{ArchiveReport, ExportFormat, ExportSelection, ExportView, PeriodChoice};

use crate::{fault::Answer, host::Shell};

/// The years and periods that the history has filings of.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history_periods(shell: Shell) -> Answer<Vec<PeriodChoice>> {
    Ok(shell.office().await?.archive().periods()?)
}

/// Opens one file of a filing's archive folder in the system's viewer; one that no viewer shows is shown where it lies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_archived(shell: Shell, id: String, name: String) -> Answer<()> {
    shell.host.open(&shell.office().await?.archive().file(&id, &name)?)
}

/// Compares every file of the archive with the sum of when it was put there.
#[tauri::command]
#[specta::specta]
pub(crate) async fn verify_archive(shell: Shell) -> Answer<ArchiveReport> {
    Ok(shell.office().await?.archive().verify().await?)
}

/// Lets the person choose where filings go, and writes them there; nothing when she has chosen nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_history(
    shell: Shell,
    selection: ExportSelection,
    format: ExportFormat,
    name: String,
) -> Answer<Option<ExportView>> {
    shell.office().await?.may_change(Action::ExportFilings)?;
    let ending = match format {
        ExportFormat::Zip => "zip",
        ExportFormat::Csv => "csv",
    };
    let Some(to) = shell.host.save_as(&format!("{name}.{ending}"), ending).await else { return Ok(None) };
    Ok(Some(shell.office().await?.archive().export(selection, format, to).await?))
}

/// Puts filings of the archive into the history that are not in it; answers how many.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history_from_archive(shell: Shell) -> Answer<u32> {
    Ok(shell.office().await?.archive().into_history().await?)
}

/// The person has taken notice of what a second look at old filings has changed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_review(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.archive().dismiss_review()?)
}

/// The person has taken notice of what became of a lost history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_recovery(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.archive().dismiss_recovery()?)
}
