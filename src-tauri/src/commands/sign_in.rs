//! The window's commands for signing in and out.

use crate::{fault::Answer, open_office::Office, window};
use filing::view::{KeyringState, SignInOutcome};
use tauri::AppHandle;

/// Signs a person in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(app: AppHandle, office: Office<'_>, as_another: bool) -> Answer<SignInOutcome> {
    let outcome = office.get().await?.sign_in(as_another).await;
    window::to_front(&app);
    Ok(outcome)
}

/// Answers whether the person who has come back, and was not expected, may be signed in; no ends the sign-in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_who_came(office: Office<'_>, right: bool) -> Answer<()> {
    office.get().await?.answer_who_came(right)
}

/// Ends a sign-in that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(office: Office<'_>) -> Answer<()> {
    office.get().await?.cancel_sign_in();
    Ok(())
}

/// Has the operating system ask for the keyring's password; answers with how the keyring is then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_keyring(office: Office<'_>) -> Answer<KeyringState> {
    office.get().await?.unlock_keyring().await
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
