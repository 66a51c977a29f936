//! The window's commands for returns that lie open: choosing, checking, filing.

use crate::{
    dialogs::{Pick, pick},
    fault::Answer,
    open_office::Office,
    window,
};
use filing::{
    view::{FilingView, ReturnCard},
    work::rights::Action,
};
use tauri::AppHandle;

/// Lets the person choose returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(app: AppHandle, office: Office<'_>) -> Answer<()> {
    // Who may not is told so before she has chosen anything; here and wherever a dialog comes first.
    office.get().await?.may_change(Action::OpenPaths)?;
    tauri::async_runtime::spawn(async move { window::open(&app, pick(&app, Pick::Files).await) });
    Ok(())
}

/// Lets the person choose a folder of returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(app: AppHandle, office: Office<'_>) -> Answer<()> {
    office.get().await?.may_change(Action::OpenPaths)?;
    tauri::async_runtime::spawn(async move { window::open(&app, pick(&app, Pick::Folder).await) });
    Ok(())
}

/// Says which card is shown: attachments that are dropped on the window go with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn aim_drops(office: Office<'_>, card: Option<String>) -> Answer<()> {
    office.get().await?.aim(card);
    Ok(())
}

/// Opens what was let go over the window; attachments go on this card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_dropped(app: AppHandle, card: Option<String>) -> Answer<()> {
    window::open_let_go(&app, card).await;
    Ok(())
}

/// Lets the person choose attachments for a card; nothing when nothing was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_attachments(app: AppHandle, office: Office<'_>, card: String) -> Answer<Option<ReturnCard>> {
    office.get().await?.may_with_card(Action::Attach, &card)?;
    match pick(&app, Pick::Files).await {
        chosen if chosen.is_empty() => Ok(None),
        chosen => office.get().await?.attach(&card, chosen).await.map(Some),
    }
}

/// Takes an attachment off a card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn detach(office: Office<'_>, card: String, attachment: String) -> Answer<ReturnCard> {
    office.get().await?.detach(&card, &attachment)
}

/// Lets the person choose the new version of a return that was delivered; nothing when nothing was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_new_version(
    app: AppHandle,
    office: Office<'_>,
    filing: String,
) -> Answer<Option<ReturnCard>> {
    office.get().await?.may_with_filing(Action::Correct, &filing)?;
    match pick(&app, Pick::File).await.into_iter().next() {
        None => Ok(None),
        Some(path) => office.get().await?.correct(&filing, path).await.map(Some),
    }
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

/// Lets a return be filed although nobody could find out at Altinn what its company has delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file_without_altinn(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.file_without_altinn(&id)
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
