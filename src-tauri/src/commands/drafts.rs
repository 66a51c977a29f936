//! The window's commands for drafts: beginning, writing, mending, spreadsheets, making a return.

use crate::{
    dialogs::{Pick, pick, save_as, write_for_others},
    fault::{Answer, fault},
    open_office::Office,
};
use filing::{
    view::{
        CompanyView, DraftCode, DraftEdit, DraftForm, DraftView, DraftsView, ErrorCode, ReturnCard, SheetMeaning,
        SheetView,
    },
    work::rights::Action,
};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

/// The drafts, open and in the wastebasket.
#[tauri::command]
#[specta::specta]
pub(crate) async fn drafts(office: Office<'_>) -> Answer<DraftsView> {
    office.get().await?.drafts_view()
}

/// Begins a draft for a company, or for none yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn begin_draft(office: Office<'_>, org_number: Option<String>) -> Answer<DraftView> {
    office.get().await?.begin_draft(org_number.as_deref())
}

/// A draft as it is written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft(office: Office<'_>, id: String) -> Answer<DraftView> {
    office.get().await?.draft_view(&id)
}

/// Makes changes to a revision of a draft and keeps them.
#[tauri::command]
#[specta::specta]
pub(crate) async fn edit_draft(
    office: Office<'_>,
    id: String,
    revision: u32,
    edits: Vec<DraftEdit>,
) -> Answer<DraftView> {
    office.get().await?.edit_draft(&id, revision, &edits)
}

/// Takes the last change back, or makes it again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_draft(office: Office<'_>, id: String, revision: u32, again: bool) -> Answer<DraftView> {
    office.get().await?.undo_draft(&id, revision, again)
}

/// Puts a draft in the wastebasket.
#[tauri::command]
#[specta::specta]
pub(crate) async fn discard_draft(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.discard_draft(&id, false)
}

/// Takes a draft back out of it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_draft(office: Office<'_>, id: String) -> Answer<DraftView> {
    office.get().await?.take_draft_back(&id)
}

/// The codes that a draft may use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_codes(office: Office<'_>, id: String) -> Answer<Vec<DraftCode>> {
    office.get().await?.draft_codes(&id)
}

/// The companies that a draft may be for.
#[tauri::command]
#[specta::specta]
pub(crate) async fn draft_companies(office: Office<'_>) -> Answer<Vec<CompanyView>> {
    office.get().await?.draft_companies()
}

/// Makes the return of a draft: an ordinary card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_draft(office: Office<'_>, id: String) -> Answer<ReturnCard> {
    office.get().await?.make_draft(&id).await
}

/// Makes a draft of a return that lies open, with what a machine can mend mended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mend_card(office: Office<'_>, card: String) -> Answer<DraftView> {
    office.get().await?.mend_card(&card)
}

/// Looks at what was pasted; without a text, at what lies on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn paste_sheet(
    app: AppHandle,
    office: Office<'_>,
    draft: Option<String>,
    text: Option<String>,
) -> Answer<SheetView> {
    let office = office.get().await?;
    office.may_change(Action::ChangeDraft)?;
    let text = match text {
        Some(text) => text,
        // A clipboard with a picture has no text: that is said as an empty table is.
        None => app.clipboard().read_text().unwrap_or_default(),
    };
    office.paste_sheet(draft.as_deref(), &text)
}

/// Lets the person choose a spreadsheet; nothing when she chose none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_sheet_file(
    app: AppHandle,
    office: Office<'_>,
    draft: Option<String>,
) -> Answer<Option<SheetView>> {
    let office = office.get().await?;
    office.may_change(Action::OpenPaths)?;
    let Some(path) = pick(&app, Pick::File).await.into_iter().next() else { return Ok(None) };
    office.open_sheet(draft.as_deref(), path).await.map(Some)
}

/// Looks at the spreadsheet that was dropped.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_card_sheet(office: Office<'_>, card: String) -> Answer<SheetView> {
    office.get().await?.open_card_sheet(&card).await
}

/// Says what the columns of the sheet are, or looks at another one of its sheets.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_sheet(office: Office<'_>, sheet: u32, meanings: Vec<SheetMeaning>) -> Answer<SheetView> {
    office.get().await?.choose_sheet(sheet, &meanings)
}

/// Takes the lines of the sheet into a draft, or makes drafts of them: their keys.
#[tauri::command]
#[specta::specta]
pub(crate) async fn use_sheet(
    office: Office<'_>,
    draft: Option<String>,
    revision: u32,
    replace: bool,
    remember: bool,
) -> Answer<Vec<String>> {
    office.get().await?.use_sheet(draft.as_deref().map(|id| (id, revision)), replace, remember)
}

/// Writes a draft where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_draft(app: AppHandle, office: Office<'_>, id: String, form: DraftForm) -> Answer<bool> {
    let (name, bytes) = office.get().await?.draft_file(&id, form)?;
    let kind = if form == DraftForm::Xml { "xml" } else { "xlsx" };
    write(&app, &format!("{name}.{kind}"), kind, &bytes).await
}

/// Writes a return that lies open on the template; false when the person chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_card(app: AppHandle, office: Office<'_>, card: String) -> Answer<bool> {
    let (name, bytes) = office.get().await?.card_sheet(&card)?;
    write(&app, &format!("{name}.xlsx"), "xlsx", &bytes).await
}

async fn write(app: &AppHandle, name: &str, kind: &str, bytes: &[u8]) -> Answer<bool> {
    let Some(to) = save_as(app, name, kind).await else { return Ok(false) };
    write_for_others(&to, bytes)
        .map_err(|error| fault(ErrorCode::ExportRefused, "The file cannot be written.", &error))?;
    Ok(true)
}
