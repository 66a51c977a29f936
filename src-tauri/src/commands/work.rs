//! The commands of the work account: signing in, the lock, the firm's rules.

use crate::{
    dialogs::{Dialog, Typed, chosen},
    fault::{Answer, fault},
    open_office::Office,
    window,
};
use filing::{
    access::Access,
    view::{ErrorCode, WorkView},
    work::WorkSignInRequest,
};
use secrecy::SecretString;
use std::sync::Arc;
use tauri::AppHandle;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use zeroize::Zeroizing;

/// The page for the firm's Entra administrator.
const FOR_ADMINISTRATORS: &str = "https://github.com/momsbud/momsbud/blob/main/docs/entra.md";

/// Signs a work account in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_sign_in(app: AppHandle, office: Office<'_>) -> Answer<Option<WorkView>> {
    let view = office.get().await?.work_sign_in(WorkSignInRequest::default()).await;
    window::to_front(&app);
    Ok(view)
}

/// Ends the work account's sign-in that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_work_sign_in(office: Office<'_>) -> Answer<()> {
    office.get().await?.work().cancel_sign_in();
    Ok(())
}

/// Opens the browser again for the work account's sign-in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_work_browser(office: Office<'_>) -> Answer<()> {
    office.get().await?.work().reopen_browser().await
}

/// The address of the work account's sign-in under way, for another browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_sign_in_link(office: Office<'_>) -> Answer<Option<String>> {
    Ok(office.get().await?.work().fresh_link().await.ok().map(String::from))
}

/// Keeps the secret of the client at Ansattporten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_work_secret(office: Office<'_>, secret: Typed) -> Answer<()> {
    office.get().await?.set_work_secret(secret.into()).await
}

/// Makes a key for the client at Ansattporten, and answers with its public half as a JWK.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_work_key(office: Office<'_>) -> Answer<String> {
    office.get().await?.make_work_key().await
}

/// Lets the person choose the private key of the client at Ansattporten in PEM form, and answers with its public half as a
/// JWK; nothing when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_work_key(app: AppHandle, office: Office<'_>) -> Answer<Option<String>> {
    let office = office.get().await?;
    office.work().may_set_client_key()?;
    let Some(path) = chosen(|answer| app.dialog().file().pick_file(answer)).await else { return Ok(None) };
    let content = Zeroizing::new(Access::read_file(path).await?);
    let pem = SecretString::from(String::from_utf8_lossy(&content).into_owned());
    office.import_work_key(pem).await.map(Some)
}

/// Locks the program at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_work(office: Office<'_>) -> Answer<()> {
    office.get().await?.work_lock().await;
    Ok(())
}

/// Somebody is at the keyboard or the mouse.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_active(office: Office<'_>) -> Answer<()> {
    office.get().await?.work().touch();
    Ok(())
}

/// Lets the person choose a signed file with the firm's rules, and takes it over; false when she chose none, or did not
/// recognise the key of the first one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_work_policy(app: AppHandle, office: Office<'_>) -> Answer<bool> {
    let dialog = app.dialog().file().add_filter("JSON", &["json"]);
    let Some(path) = chosen(|answer| dialog.pick_file(answer)).await else { return Ok(false) };
    let content = Access::read_file(path).await?;
    let office = office.get().await?;
    let language = office.language();
    Ok(office.work_import(content, Arc::new(Dialog { app, language })).await?.is_some())
}

/// Opens the page for the firm's Entra administrator in the browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_work_guide(app: AppHandle) -> Answer<()> {
    app.opener()
        .open_url(FOR_ADMINISTRATORS, None::<&str>)
        .map_err(|error| fault(ErrorCode::NoBrowser, "No browser opens the page.", &error))
}
