//! The window's commands for signing in and out.

use view::{KeyringState, SignInOutcome};

use crate::{fault::Answer, host::Shell};

/// Signs a person in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(shell: Shell, as_another: bool) -> Answer<SignInOutcome> {
    let outcome = shell.office().await?.session().sign_in(as_another).await;
    shell.host.to_front();
    Ok(outcome)
}

/// Answers whether the person who has come back, and was not expected, may be signed in; no ends the sign-in.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_who_came(shell: Shell, right: bool) -> Answer<()> {
    Ok(shell.office().await?.session().answer_who_came(right)?)
}

/// Ends a sign-in that is under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_sign_in(shell: Shell) -> Answer<()> {
    shell.office().await?.session().cancel();
    Ok(())
}

/// Has the operating system ask for the keyring's password; answers with how the keyring is then.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_keyring(shell: Shell) -> Answer<KeyringState> {
    Ok(shell.office().await?.session().unlock_keyring().await?)
}

/// Opens the browser again for the sign-in under way.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reopen_browser(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.session().reopen_browser().await?)
}

/// The address of the sign-in under way, for another browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in_link(shell: Shell) -> Answer<Option<String>> {
    Ok(shell.office().await?.session().link().await)
}

/// Signs the person out: tokens revoked, session ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(shell: Shell) -> Answer<()> {
    Ok(shell.office().await?.session().sign_out().await?)
}
