//! The window's commands for SAF-T deliveries: opening, looking through, answering, making a return.

use access::work::rights::Action;
use view::{
    BooksMemory, BooksPage, BooksQuery, BooksQuestionView, BooksSample, BooksView, BooksVoucher, CategoryName,
    ErrorCode, PeriodKindName, ReturnCard,
};

use crate::{
    dialogs::{Pick, write_for_others},
    fault::{Answer, fault},
    host::Shell,
};

/// The SAF-T deliveries that lie open.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books(shell: Shell) -> Answer<Vec<BooksView>> {
    Ok(shell.office().await?.books().list()?)
}

/// Lets the person choose SAF-T files; for a delivery that lies open, or as a new one. What follows comes as events.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_books_files(shell: Shell, id: Option<String>) -> Answer<()> {
    let office = shell.office().await?;
    office.may_change(Action::OpenPaths)?;
    let chosen = shell.host.pick(Pick::Files).await;
    if chosen.is_empty() {
        return Ok(());
    }
    match id {
        Some(id) => office.books().add(&id, chosen).await?,
        None => office.books().open(chosen).await?,
    }
    Ok(())
}

/// The sample SAF-T files of practice.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_samples(shell: Shell) -> Answer<Vec<BooksSample>> {
    Ok(shell.office().await?.books().samples())
}

/// Opens a sample SAF-T file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_books_sample(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.books().open_sample(&id).await?)
}

/// Reads deliveries of several companies as one: they are registered for VAT together.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_books(shell: Shell, ids: Vec<String>) -> Answer<()> {
    Ok(shell.office().await?.books().join(&ids).await?)
}

/// Puts a delivery away, or breaks its reading off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_books(shell: Shell, id: String) -> Answer<()> {
    Ok(shell.office().await?.books().close(&id)?)
}

/// Chooses period, length of periods, category, and whether the file is kept with the filing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_books(
    shell: Shell,
    id: String,
    period: Option<String>,
    kind: PeriodKindName,
    category: CategoryName,
    keep_file: bool,
) -> Answer<()> {
    Ok(shell.office().await?.books().choose(&id, period, kind, category, keep_file).await?)
}

/// Some of the vouchers behind a line.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_vouchers(
    shell: Shell,
    id: String,
    query: BooksQuery,
    from: u32,
    count: u32,
) -> Answer<BooksPage> {
    Ok(shell.office().await?.books().vouchers(&id, query, from, count).await?)
}

/// A voucher with all its lines.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_voucher(shell: Shell, id: String, voucher: u32) -> Answer<BooksVoucher> {
    Ok(shell.office().await?.books().voucher(&id, voucher).await?)
}

/// Puts the vouchers that a query finds on the clipboard, for a spreadsheet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_books_vouchers(shell: Shell, id: String, query: BooksQuery) -> Answer<()> {
    let text = shell.office().await?.books().tsv(&id, query).await?;
    shell.host.copy(text)
}

/// Writes the vouchers that a query finds where the person chooses; answers how many, or nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_books_vouchers(
    shell: Shell,
    id: String,
    query: BooksQuery,
    name: String,
) -> Answer<Option<u32>> {
    let office = shell.office().await?;
    office.may_change(Action::Books)?;
    let Some(to) = shell.host.save_as(&name, "csv").await else { return Ok(None) };
    Ok(Some(office.books().csv(&id, query, to).await?))
}

/// A question with its vouchers, and what each answer changes.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_question(shell: Shell, id: String, question: String) -> Answer<BooksQuestionView> {
    Ok(shell.office().await?.books().question(&id, &question).await?)
}

/// Answers a question, or takes the answer back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_books(
    shell: Shell,
    id: String,
    question: String,
    answer: Option<String>,
    remember: bool,
) -> Answer<()> {
    Ok(shell.office().await?.books().answer(&id, &question, answer, remember).await?)
}

/// Makes the return: an ordinary card.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_return(shell: Shell, id: String) -> Answer<ReturnCard> {
    Ok(shell.office().await?.books().make_return(&id).await?)
}

/// Answers that are remembered, by company and accounting system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn books_memory(shell: Shell) -> Answer<Vec<BooksMemory>> {
    Ok(shell.office().await?.books().memory()?)
}

/// Forgets a remembered answer, or all of a company and its system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn forget_books_answers(
    shell: Shell,
    org_number: String,
    system: String,
    question: Option<String>,
) -> Answer<Vec<BooksMemory>> {
    Ok(shell.office().await?.books().forget_answers(&org_number, &system, question.as_deref())?)
}

/// Writes the remembered answers where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_books_memory(shell: Shell) -> Answer<bool> {
    let json = shell.office().await?.books().memory_json()?;
    let Some(to) = shell.host.save_as("momsbud-svar.json", "json").await else { return Ok(false) };
    write_for_others(&to, json.as_bytes())
        .map_err(|error| fault(ErrorCode::ExportRefused, "The file cannot be written.", &error))?;
    Ok(true)
}
