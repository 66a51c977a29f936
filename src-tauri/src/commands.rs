//! The window's commands: take typed arguments, call the office, hand back a typed answer.

use crate::{
    doctor,
    look::Look,
    places::Places,
    start::OpenOffice,
    update::{self, UpdateView},
    window,
};
use filing::doctor::DoctorReport;
use filing::view::{
    Delivered, ErrorCode, ErrorView, FilingView, HistoryPage, HistoryQuery, Preferences, ReturnCard, SignInOutcome,
    StartView,
};
use std::{collections::BTreeMap, path::PathBuf};
use tauri::{AppHandle, State};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;

type Office<'a> = State<'a, OpenOffice>;
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Everything the window needs to draw itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_view(office: Office<'_>) -> Answer<StartView> {
    Ok(office.get().await?.start_view())
}

/// The window says that its first paint with data is done; benchmarks and tests wait for the file named in
/// `MOMSBUD_READY_FILE`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ui_ready(drawn: State<'_, window::Drawn>) -> Answer<()> {
    drawn.now();
    let Some(file) = std::env::var_os("MOMSBUD_READY_FILE") else { return Ok(()) };
    std::fs::write(file, b"ready\n")
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

/// Signs a person in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(app: AppHandle, office: Office<'_>, as_another: bool) -> Answer<SignInOutcome> {
    let outcome = office.get().await?.sign_in(as_another).await;
    window::to_front(&app);
    Ok(outcome)
}

/// Ends a sign-in that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(office: Office<'_>) -> Answer<()> {
    office.get().await?.cancel_sign_in();
    Ok(())
}

/// Opens the browser again for the sign-in under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_browser(office: Office<'_>) -> Answer<()> {
    office.get().await?.reopen_browser().await
}

/// The address of the sign-in under way, for another browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_link(office: Office<'_>) -> Answer<Option<String>> {
    Ok(office.get().await?.sign_in_link().await)
}

/// Signs the person out: tokens revoked, session ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(office: Office<'_>) -> Answer<()> {
    office.get().await?.sign_out().await
}

/// Lets the person choose returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(app: AppHandle) -> Answer<()> {
    let opened = app.clone();
    app.dialog().file().pick_files(move |chosen| window::open(&opened, paths(chosen.unwrap_or_default())));
    Ok(())
}

/// Lets the person choose a folder of returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(app: AppHandle) -> Answer<()> {
    let opened = app.clone();
    app.dialog().file().pick_folder(move |chosen| window::open(&opened, paths(chosen)));
    Ok(())
}

/// Opens one of the sample returns that the program carries.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sample(office: Office<'_>, id: String) -> Answer<ReturnCard> {
    office.get().await?.open_sample(&id).await
}

/// Puts a return away; its file is not touched.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_card(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.close_card(&id)
}

/// Checks a return, here and at Skatteetaten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check(office: Office<'_>, id: String) -> Answer<ReturnCard> {
    office.get().await?.check(&id).await
}

/// Begins to file a return; what follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file(office: Office<'_>, id: String, confirm_correction: bool) -> Answer<FilingView> {
    office.get().await?.file(&id, confirm_correction).await
}

/// Goes on with a filing that waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_filing(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.continue_filing(&id).await
}

/// Gives up a filing that has not been delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_filing(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.cancel_filing(&id).await
}

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
pub(crate) async fn open_receipt(app: AppHandle, office: Office<'_>, id: String) -> Answer<()> {
    open(&app, office.get().await?.receipt_path(&id)?)
}

/// Opens a filing's archive folder in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_archive(app: AppHandle, office: Office<'_>, id: String) -> Answer<()> {
    open(&app, office.get().await?.archive_path(&id)?)
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

pub(crate) fn open(app: &AppHandle, path: PathBuf) -> Answer<()> {
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|error| fault(ErrorCode::CannotOpen, "No program opens the file.", &error))
}

fn paths(chosen: impl IntoIterator<Item = tauri_plugin_dialog::FilePath>) -> Vec<PathBuf> {
    chosen.into_iter().filter_map(|file| file.into_path().ok()).collect()
}

/// A fault of the desktop itself; nothing of a filing depends on it.
pub(crate) fn fault(code: ErrorCode, message: &str, cause: &dyn std::error::Error) -> ErrorView {
    ErrorView {
        code,
        message: message.to_owned(),
        details: vec![cause.to_string()],
        values: BTreeMap::new(),
        delivered: Delivered::No,
    }
}
