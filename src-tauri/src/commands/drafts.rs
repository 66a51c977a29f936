//! The window's commands for drafts: beginning, writing, mending, spreadsheets, making a return.

use access::work::rights::Action;
use view::{
    CompanyView, DraftCode, DraftEdit, DraftForm, DraftView, DraftsView, ErrorCode, FoundCompany, ReturnCard,
    SheetDecimals, SheetInto, SheetMeaning, SheetView,
};

use crate::{
    dialogs::{Pick, write_for_others},
    fault::{Answer, fault},
    host::Shell,
};

/// The drafts, open and in the wastebasket.
#[tauri::command]
#[specta::specta]
pub(crate) async fn drafts(shell: Shell) -> Answer<DraftsView> {
    Ok(shell.office().await?.drafts().overview()?)
}

/// Begins a draft for a company, or for none yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_draft(shell: Shell, org_number: Option<String>) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().begin(org_number.as_deref())?)
}

/// A draft as it is written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft(shell: Shell, id: String) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().view(&id)?)
}

/// Makes changes to a revision of a draft and keeps them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit_draft(shell: Shell, id: String, revision: u32, edits: Vec<DraftEdit>) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().edit(&id, revision, &edits)?)
}

/// Takes the last change back, or makes it again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_draft(shell: Shell, id: String, revision: u32, again: bool) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().undo(&id, revision, again)?)
}

/// Puts a draft in the wastebasket.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discard_draft(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.drafts().discard(&id, false)?)
}

/// Takes a draft back out of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_draft(shell: Shell, id: String) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().take_back(&id)?)
}

/// The codes that a draft may use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_codes(shell: Shell, id: String) -> Answer<Vec<DraftCode>> {
    Ok(shell.office().await?.drafts().codes(&id)?)
}

/// The companies that a draft may be for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_companies(shell: Shell) -> Answer<Vec<CompanyView>> {
    Ok(shell.office().await?.drafts().companies()?)
}

/// Companies in Enhetsregisteret, by number or by name.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_companies(shell: Shell, words: String) -> Answer<Vec<FoundCompany>> {
    Ok(shell.office().await?.drafts().find_companies(&words).await?)
}

/// Makes the return of a draft: an ordinary card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_draft(shell: Shell, id: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.drafts().make_return(&id).await?)
}

/// Makes a draft of a return that lies open, with what a machine can mend mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mend_card(shell: Shell, card: String) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().mend_card(&card)?)
}

/// Looks at what was pasted; without a text, at what lies on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paste_sheet(shell: Shell, draft: Option<String>, text: Option<String>) -> Answer<SheetView> {
    let office = shell.office().await?;
    office.may_change(Action::ChangeDraft)?;
    let text = match text {
        Some(text) => text,
        // A clipboard with a picture has no text: that is said as an empty table is.
        None => shell.host.copied(),
    };
    Ok(office.drafts().paste_sheet(draft.as_deref(), &text)?)
}

/// Lets the person choose a spreadsheet; nothing when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_sheet_file(shell: Shell, draft: Option<String>) -> Answer<Option<SheetView>> {
    let office = shell.office().await?;
    office.may_change(Action::OpenPaths)?;
    let Some(path) = shell.pick_one(Pick::File).await else { return Ok(None) };
    Ok(Some(office.drafts().open_sheet(draft.as_deref(), path).await?))
}

/// Looks at the spreadsheet that was dropped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_card_sheet(shell: Shell, card: String) -> Answer<SheetView> {
    Ok(shell.office().await?.drafts().open_card_sheet(&card).await?)
}

/// Says what the columns of the sheet are, or looks at another one of its sheets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_sheet(
    shell: Shell,
    sheet: u32,
    meanings: Vec<SheetMeaning>,
    decimals: Option<SheetDecimals>,
) -> Answer<SheetView> {
    Ok(shell.office().await?.drafts().choose_sheet(sheet, &meanings, decimals)?)
}

/// Takes the lines of the sheet into a draft, or makes drafts of them: their keys.
#[tauri::command]
#[specta::specta]
pub(crate) async fn use_sheet(
    shell: Shell,
    draft: Option<String>,
    revision: u32,
    into: Vec<SheetInto>,
    replace: bool,
    remember: bool,
) -> Answer<Vec<String>> {
    let office = shell.office().await?;
    Ok(office.drafts().use_sheet(draft.as_deref().map(|id| (id, revision)), &into, replace, remember)?)
}

/// Lets the person choose files that go with a draft's return; nothing when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn attach_to_draft(shell: Shell, id: String) -> Answer<Option<DraftView>> {
    let office = shell.office().await?;
    office.may_change(Action::ChangeDraft)?;
    let paths = shell.host.pick(Pick::Files).await;
    if paths.is_empty() {
        return Ok(None);
    }
    Ok(Some(office.drafts().attach(&id, paths).await?))
}

/// Takes a file off a draft.
#[tauri::command]
#[specta::specta]
pub(crate) async fn detach_from_draft(shell: Shell, id: String, attachment: String) -> Answer<DraftView> {
    Ok(shell.office().await?.drafts().detach(&id, &attachment)?)
}

/// Writes a draft where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_draft(shell: Shell, id: String, form: DraftForm) -> Answer<bool> {
    let (name, bytes) = shell.office().await?.drafts().file(&id, form)?;
    let kind = if form == DraftForm::Xml { "xml" } else { "xlsx" };
    write(&shell, &format!("{name}.{kind}"), kind, &bytes).await
}

/// Writes a return that lies open on the template; false when the person chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_card(shell: Shell, card: String) -> Answer<bool> {
    let (name, bytes) = shell.office().await?.drafts().card_sheet(&card)?;
    write(&shell, &format!("{name}.xlsx"), "xlsx", &bytes).await
}

async fn write(shell: &Shell, name: &str, kind: &str, bytes: &[u8]) -> Answer<bool> {
    let Some(to) = shell.host.save_as(name, kind).await else { return Ok(false) };
    write_for_others(&to, bytes)
        .map_err(|error| fault(ErrorCode::ExportRefused, "The file cannot be written.", &error))?;
    Ok(true)
}
