//! The window's commands for returns that lie open: choosing, checking, filing.

use access::work::rights::Action;
use view::{FilingView, ReturnCard};

use crate::{dialogs::Pick, fault::Answer, host::Shell};

/// Lets the person choose returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(shell: Shell) -> Answer<()> {
    // Who may not is told so before she has chosen anything; here and wherever a dialog comes first.
    shell.office().await?.may_change(Action::OpenPaths)?;
    tauri::async_runtime::spawn(async move { shell.host.take_in(shell.host.pick(Pick::Files).await) });
    Ok(())
}

/// Lets the person choose a folder of returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(shell: Shell) -> Answer<()> {
    shell.office().await?.may_change(Action::OpenPaths)?;
    tauri::async_runtime::spawn(async move { shell.host.take_in(shell.host.pick(Pick::Folder).await) });
    Ok(())
}

/// Says which card is shown: attachments that are dropped on the window go with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn aim_drops(shell: Shell, card: Option<String>) -> Answer<()> {
    shell.office().await?.returns().aim(card);
    Ok(())
}

/// Opens what was let go over the window; attachments go on this card. What the window itself had held is not opened.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_dropped(shell: Shell, card: Option<String>, own: bool) -> Answer<()> {
    if own {
        shell.host.forget_dropped();
    } else {
        shell.host.take_dropped(card).await;
    }
    Ok(())
}

/// Lets the person choose attachments for a card; nothing when nothing was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_attachments(shell: Shell, card: String) -> Answer<Option<ReturnCard>> {
    shell.office().await?.returns().may_with_card(Action::Attach, &card)?;
    match shell.host.pick(Pick::Files).await {
        chosen if chosen.is_empty() => Ok(None),
        chosen => Ok(Some(shell.office().await?.returns().attach(&card, chosen).await?)),
    }
}

/// Opens a copy of an attachment in the system's viewer; one that no viewer shows is shown where the copy lies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_attachment(shell: Shell, card: String, attachment: String) -> Answer<()> {
    shell.host.open(&shell.office().await?.returns().attachment_to_look_at(&card, &attachment)?)
}

/// Takes an attachment off a card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn detach(shell: Shell, card: String, attachment: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.returns().detach(&card, &attachment)?)
}

/// Lets the person choose the new version of a return that was delivered; nothing when nothing was chosen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_new_version(shell: Shell, filing: String) -> Answer<Option<ReturnCard>> {
    shell.office().await?.filings().may_with_filing(Action::Correct, &filing)?;
    match shell.pick_one(Pick::File).await {
        None => Ok(None),
        Some(path) => Ok(Some(shell.office().await?.returns().correct(&filing, path).await?)),
    }
}

/// Opens one of the sample returns that the program carries.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_sample(shell: Shell, id: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.returns().open_sample(&id).await?)
}

/// Puts a return away; its file is not touched.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_card(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.returns().close_card(&id)?)
}

/// Checks a return, here and at Skatteetaten.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check(shell: Shell, id: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.returns().check(&id).await?)
}

/// Begins to file a return; what follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file(shell: Shell, id: String, confirm_correction: bool) -> Answer<FilingView> {
    Ok(shell.office().await?.filings().file(&id, confirm_correction).await?)
}

/// Lets a return be filed although nobody could find out at Altinn what its company has delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn file_without_altinn(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.filings().file_without_altinn(&id)?)
}

/// Lets a filing go on although the office register does not answer, where the administrator permits it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn go_without_register(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.filings().go_without_register(&id)?)
}

/// Goes on with a filing that waits.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_filing(shell: Shell, id: String) -> Answer<FilingView> {
    Ok(shell.office().await?.filings().continue_filing(&id).await?)
}

/// Gives up a filing that has not been delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_filing(shell: Shell, id: String) -> Answer<FilingView> {
    Ok(shell.office().await?.filings().cancel_filing(&id).await?)
}
