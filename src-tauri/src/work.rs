//! The commands of the work account: signing in, the lock, the firm's rules.

use crate::{commands::Answer, start::OpenOffice, window};
use filing::{access::Access, view::WorkView, work::WorkSignInRequest};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

type Office<'a> = State<'a, OpenOffice>;

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

/// Lets the person choose a signed file with the firm's rules, and takes it over; false when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_work_policy(app: AppHandle, office: Office<'_>) -> Answer<bool> {
    let (answer, chosen) = oneshot::channel();
    app.dialog().file().add_filter("JSON", &["json"]).pick_file(move |file| drop(answer.send(file)));
    let Some(path) = chosen.await.ok().flatten().and_then(|file| file.into_path().ok()) else { return Ok(false) };
    let content = Access::read_file(path).await?;
    office.get().await?.work_import(&content).await?;
    Ok(true)
}

/// Opens the page for the firm's Entra administrator in the browser.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_work_guide(app: AppHandle) -> Answer<()> {
    app.opener().open_url(FOR_ADMINISTRATORS, None::<&str>).map_err(|error| {
        crate::commands::fault(filing::view::ErrorCode::NoBrowser, "No browser opens the page.", &error)
    })
}
