//! The commands of the work account: signing in, the lock, the firm's rules.

use crate::{
    dialogs::{Pick, Typed},
    fault::Answer,
    host::{Dialog, Shell},
};
use access::{registering::Access, work::WorkSignInRequest};
use secrecy::SecretString;
use std::sync::Arc;
use view::WorkView;
use zeroize::Zeroizing;

/// The page for the firm's Entra administrator.
const FOR_ADMINISTRATORS: &str = "https://github.com/momsbud/momsbud/blob/main/docs/entra.md";

/// Signs a work account in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_sign_in(shell: Shell) -> Answer<Option<WorkView>> {
    let view = shell.office().await?.work_account().sign_in(WorkSignInRequest::default()).await;
    shell.host.to_front();
    Ok(view)
}

/// Ends the work account's sign-in that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_work_sign_in(shell: Shell) -> Answer<()> {
    shell.office().await?.work().cancel_sign_in();
    Ok(())
}

/// Opens the browser again for the work account's sign-in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_work_browser(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.work().reopen_browser().await?)
}

/// The address of the work account's sign-in under way, for another browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_sign_in_link(shell: Shell) -> Answer<Option<String>> {
    Ok(shell.office().await?.work().fresh_link().await.ok().map(String::from))
}

/// Keeps the secret of the client at Ansattporten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_work_secret(shell: Shell, secret: Typed) -> Answer<()> {
    Ok(shell.office().await?.work_account().set_client_secret(secret.into()).await?)
}

/// Makes a key for the client at Ansattporten, and answers with its public half as a JWK.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_work_key(shell: Shell) -> Answer<String> {
    Ok(shell.office().await?.work_account().make_client_key().await?)
}

/// Lets the person choose the private key of the client at Ansattporten in PEM form, and answers with its public half as a
/// JWK; nothing when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_work_key(shell: Shell) -> Answer<Option<String>> {
    let office = shell.office().await?;
    office.work().may_set_client_key()?;
    let Some(path) = shell.pick_one(Pick::Key).await else { return Ok(None) };
    let content = Zeroizing::new(Access::read_file(path).await?);
    let pem = SecretString::from(String::from_utf8_lossy(&content).into_owned());
    Ok(Some(office.work_account().import_client_key(pem).await?))
}

/// Locks the program at once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock_work(shell: Shell) -> Answer<()> {
    shell.office().await?.work_account().lock().await;
    Ok(())
}

/// Somebody is at the keyboard or the mouse.
#[tauri::command]
#[specta::specta]
pub(crate) async fn work_active(shell: Shell) -> Answer<()> {
    shell.office().await?.work().touch();
    Ok(())
}

/// Lets the person choose a signed file with the firm's rules, and takes it over; false when she chose none, or did not
/// recognise the key of the first one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_work_policy(shell: Shell) -> Answer<bool> {
    let Some(path) = shell.pick_one(Pick::Json).await else { return Ok(false) };
    let content = Access::read_file(path).await?;
    let office = shell.office().await?;
    let language = office.language();
    Ok(office.work_account().import_policy(content, Arc::new(Dialog { host: shell.host, language })).await?.is_some())
}

/// Opens the page for the firm's Entra administrator in the browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_work_guide(shell: Shell) -> Answer<()> {
    shell.host.browse(FOR_ADMINISTRATORS)
}
