//! The window's commands for SAF-T deliveries: opening, looking through, answering, making a return.

use crate::{
    dialogs::{Pick, pick, save_as, write_for_others},
    fault::{Answer, fault},
    open_office::Office,
};
use filing::{
    view::{
        BooksMemory, BooksPage, BooksQuery, BooksQuestionView, BooksSample, BooksView, BooksVoucher, CategoryName,
        ErrorCode, PeriodKindName, ReturnCard,
    },
    work::rights::Action,
};
use tauri::AppHandle;
use tauri_plugin_clipboard_manager::ClipboardExt;

/// The SAF-T deliveries that lie open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books(office: Office<'_>) -> Answer<Vec<BooksView>> {
    office.get().await?.books()
}

/// Lets the person choose SAF-T files; for a delivery that lies open, or as a new one. What follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_books_files(app: AppHandle, office: Office<'_>, id: Option<String>) -> Answer<()> {
    let office = office.get().await?;
    office.may_change(Action::OpenPaths)?;
    let chosen = pick(&app, Pick::Files).await;
    if chosen.is_empty() {
        return Ok(());
    }
    match id {
        Some(id) => office.add_to_books(&id, chosen).await,
        None => office.open_books(chosen).await,
    }
}

/// The sample SAF-T files of practice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_samples(office: Office<'_>) -> Answer<Vec<BooksSample>> {
    Ok(office.get().await?.books_samples())
}

/// Opens a sample SAF-T file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_books_sample(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.open_books_sample(&id).await
}

/// Reads deliveries of several companies as one: they are registered for VAT together.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_books(office: Office<'_>, ids: Vec<String>) -> Answer<()> {
    office.get().await?.join_books(&ids).await
}

/// Puts a delivery away, or breaks its reading off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_books(office: Office<'_>, id: String) -> Answer<()> {
    office.get().await?.close_books(&id)
}

/// Chooses period, length of periods, category, and whether the file is kept with the filing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_books(
    office: Office<'_>,
    id: String,
    period: Option<String>,
    kind: PeriodKindName,
    category: CategoryName,
    keep_file: bool,
) -> Answer<()> {
    office.get().await?.choose_books(&id, period, kind, category, keep_file).await
}

/// Some of the vouchers behind a line.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_vouchers(
    office: Office<'_>,
    id: String,
    query: BooksQuery,
    from: u32,
    count: u32,
) -> Answer<BooksPage> {
    office.get().await?.books_vouchers(&id, query, from, count).await
}

/// A voucher with all its lines.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_voucher(office: Office<'_>, id: String, voucher: u32) -> Answer<BooksVoucher> {
    office.get().await?.books_voucher(&id, voucher).await
}

/// Puts the vouchers that a query finds on the clipboard, for a spreadsheet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_books_vouchers(
    app: AppHandle,
    office: Office<'_>,
    id: String,
    query: BooksQuery,
) -> Answer<()> {
    let text = office.get().await?.books_tsv(&id, query).await?;
    app.clipboard()
        .write_text(text)
        .map_err(|error| fault(ErrorCode::Internal, "The clipboard cannot be written.", &error))
}

/// Writes the vouchers that a query finds where the person chooses; answers how many, or nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_books_vouchers(
    app: AppHandle,
    office: Office<'_>,
    id: String,
    query: BooksQuery,
    name: String,
) -> Answer<Option<u32>> {
    let office = office.get().await?;
    office.may_change(Action::Books)?;
    let Some(to) = save_as(&app, &name, "csv").await else { return Ok(None) };
    office.books_csv(&id, query, to).await.map(Some)
}

/// A question with its vouchers, and what each answer changes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_question(office: Office<'_>, id: String, question: String) -> Answer<BooksQuestionView> {
    office.get().await?.books_question(&id, &question).await
}

/// Answers a question, or takes the answer back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_books(
    office: Office<'_>,
    id: String,
    question: String,
    answer: Option<String>,
    remember: bool,
) -> Answer<()> {
    office.get().await?.answer_books(&id, &question, answer, remember).await
}

/// Makes the return: an ordinary card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_return(office: Office<'_>, id: String) -> Answer<ReturnCard> {
    office.get().await?.make_return(&id).await
}

/// Answers that are remembered, by company and accounting system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_memory(office: Office<'_>) -> Answer<Vec<BooksMemory>> {
    office.get().await?.books_memory()
}

/// Forgets a remembered answer, or all of a company and its system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_books_answers(
    office: Office<'_>,
    org_number: String,
    system: String,
    question: Option<String>,
) -> Answer<Vec<BooksMemory>> {
    office.get().await?.forget_books_answers(&org_number, &system, question.as_deref())
}

/// Writes the remembered answers where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_books_memory(app: AppHandle, office: Office<'_>) -> Answer<bool> {
    let json = office.get().await?.books_memory_json()?;
    let Some(to) = save_as(&app, "momsbud-svar.json", "json").await else { return Ok(false) };
    write_for_others(&to, json.as_bytes())
        .map_err(|error| fault(ErrorCode::ExportRefused, "The file cannot be written.", &error))?;
    Ok(true)
}
