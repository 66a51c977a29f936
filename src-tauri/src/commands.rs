//! The window's commands: take typed arguments, call the office, hand back a typed answer.

use crate::{
    autostart,
    background::KeepRunning,
    doctor,
    look::Look,
    places::Places,
    start::OpenOffice,
    update::{self, UpdateView},
    window,
};
use filing::doctor::DoctorReport;
use filing::view::{
    CategoryName, DeadlinesView, Delivered, DutyChoice, ErrorCode, ErrorView, FilingView, HistoryPage, HistoryQuery,
    KeyringState, Preferences, ReminderSettings, RemindersView, ReturnCard, SignInOutcome, Snooze, StartView,
    UnfinishedView,
};
use filing::work::rights::Action;
use std::{collections::BTreeMap, path::PathBuf};
use tauri::{AppHandle, Manager, State};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

type Office<'a> = State<'a, OpenOffice>;
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// Everything the window needs to draw itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_view(office: Office<'_>) -> Answer<StartView> {
    Ok(office.get().await?.start_view())
}

/// The window says that its first paint with data is done; benchmarks and tests wait for the file named in
/// `MOMSBUD_READY_FILE`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn ui_ready(app: AppHandle, drawn: State<'_, window::Drawn>) -> Answer<()> {
    drawn.now();
    window::ready(&app);
    let Some(file) = std::env::var_os("MOMSBUD_READY_FILE") else { return Ok(()) };
    std::fs::write(file, b"ready\n")
        .map_err(|error| fault(ErrorCode::Internal, "The ready file cannot be written.", &error))
}

/// Keeps the user's choices.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_preferences(app: AppHandle, office: Office<'_>, preferences: Preferences) -> Answer<()> {
    if let Ok(places) = Places::find(&app) {
        Look::from(&preferences).store(&places.data);
    }
    office.get().await?.set_preferences(preferences)
}

/// Signs a person in through the browser; answers when that has ended, however it ended.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(app: AppHandle, office: Office<'_>, as_another: bool) -> Answer<SignInOutcome> {
    let outcome = office.get().await?.sign_in(as_another).await;
    window::to_front(&app);
    Ok(outcome)
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

/// Lets the person choose returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_files(app: AppHandle, office: Office<'_>) -> Answer<()> {
    // Who may not is told so before she has chosen anything; here and wherever a dialog comes first.
    office.get().await?.may_change(Action::OpenPaths)?;
    let opened = app.clone();
    app.dialog().file().pick_files(move |chosen| window::open(&opened, paths(chosen.unwrap_or_default())));
    Ok(())
}

/// Lets the person choose a folder of returns; the answer comes as an event.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_folder(app: AppHandle, office: Office<'_>) -> Answer<()> {
    office.get().await?.may_change(Action::OpenPaths)?;
    let opened = app.clone();
    app.dialog().file().pick_folder(move |chosen| window::open(&opened, paths(chosen)));
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
    let (send, chosen) = oneshot::channel();
    app.dialog().file().pick_files(move |files| drop(send.send(paths(files.unwrap_or_default()))));
    match chosen.await.unwrap_or_default() {
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
    let (send, chosen) = oneshot::channel();
    app.dialog().file().pick_file(move |file| drop(send.send(paths(file))));
    match chosen.await.unwrap_or_default().into_iter().next() {
        None => Ok(None),
        Some(path) => office.get().await?.correct(&filing, path).await.map(Some),
    }
}

/// What lies begun in Altinn for a company and was never delivered.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unfinished(office: Office<'_>, org_number: String) -> Answer<Vec<UnfinishedView>> {
    office.get().await?.unfinished(&org_number).await
}

/// Opens the return that lies in an unfinished instance, to go on with it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn continue_unfinished(office: Office<'_>, instance: String) -> Answer<ReturnCard> {
    office.get().await?.continue_unfinished(&instance).await
}

/// Deletes an unfinished instance in Altinn.
#[tauri::command]
#[specta::specta]
pub(crate) async fn delete_unfinished(office: Office<'_>, instance: String) -> Answer<()> {
    office.get().await?.delete_unfinished(&instance).await
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

/// Looks in the history.
#[tauri::command]
#[specta::specta]
pub(crate) async fn history(office: Office<'_>, query: HistoryQuery) -> Answer<HistoryPage> {
    office.get().await?.history(&query)
}

/// One filing with everything about it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn filing(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.filing(&id)
}

/// Fetches the receipt files of a delivered filing again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn fetch_receipt_again(office: Office<'_>, id: String) -> Answer<FilingView> {
    office.get().await?.fetch_receipt_again(&id).await
}

/// Opens the receipt in the system's viewer; WebKitGTK shows no PDF.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_receipt(app: AppHandle, office: Office<'_>, id: String) -> Answer<()> {
    open(&app, office.get().await?.receipt_path(&id)?)
}

/// Opens a filing's archive folder in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_archive(app: AppHandle, office: Office<'_>, id: String) -> Answer<()> {
    open(&app, office.get().await?.archive_path(&id)?)
}

/// A year of deadlines; without a year, the one that needs attention.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deadlines(office: Office<'_>, year: Option<i32>) -> Answer<DeadlinesView> {
    office.get().await?.deadlines(year)
}

/// Follows a company's deadlines as the user says.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_duty(office: Office<'_>, choice: DutyChoice) -> Answer<()> {
    office.get().await?.choose_duty(&choice)
}

/// Follows a company's deadlines of a category no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unfollow_duty(office: Office<'_>, org_number: String, category: CategoryName) -> Answer<()> {
    office.get().await?.unfollow_duty(&org_number, category)
}

/// Has no reminders for a company, or has them again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mute_company(office: Office<'_>, org_number: String, muted: bool) -> Answer<()> {
    office.get().await?.mute_company(&org_number, muted)
}

/// Saves the calendar where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_calendar(app: AppHandle, office: Office<'_>) -> Answer<bool> {
    let office = office.get().await?;
    office.may_change(Action::Calendar)?;
    let name = office.calendar_path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (chosen, answer) = oneshot::channel();
    app.dialog().file().set_file_name(name).add_filter("iCalendar", &["ics"]).save_file(move |file| {
        // Nobody waits any more: the window is gone.
        let _ = chosen.send(file);
    });
    let Some(file) = answer.await.ok().flatten().and_then(|file| file.into_path().ok()) else { return Ok(false) };
    std::fs::write(file, office.calendar()?)
        .map(|()| true)
        .map_err(|error| fault(ErrorCode::DataUnusable, "The calendar cannot be written there.", &error))
}

/// Shows the calendar file that is kept up to date, in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_calendar(app: AppHandle, office: Office<'_>) -> Answer<()> {
    let office = office.get().await?;
    office.may_change(Action::Calendar)?;
    office.write_calendar()?;
    app.opener()
        .reveal_item_in_dir(office.calendar_path())
        .map_err(|error| fault(ErrorCode::CannotOpen, "No program shows the folder.", &error))
}

/// What the bell and the tray tell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminders(office: Office<'_>) -> Answer<RemindersView> {
    office.get().await?.reminders()
}

/// Puts a notice off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn snooze_notice(office: Office<'_>, key: String, snooze: Snooze) -> Answer<()> {
    office.get().await?.snooze_notice(&key, snooze)
}

/// Takes a notice from the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_notice(office: Office<'_>, key: String) -> Answer<()> {
    office.get().await?.dismiss_notice(&key)
}

/// What the user has chosen about reminders.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminder_settings(office: Office<'_>) -> Answer<ReminderSettings> {
    office.get().await?.reminder_settings()
}

/// Keeps it; the answer is what was kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_reminder_settings(
    app: AppHandle,
    office: Office<'_>,
    settings: ReminderSettings,
) -> Answer<ReminderSettings> {
    let kept = office.get().await?.set_reminder_settings(settings)?;
    app.state::<KeepRunning>().set(kept.keep_running);
    Ok(kept)
}

/// Whether the program starts with the system.
#[tauri::command]
#[specta::specta]
pub(crate) async fn starts_with_system(app: AppHandle) -> Answer<bool> {
    autostart::is_on(&app).map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be read.", &error))
}

/// Starts the program with the system from now on, or no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn start_with_system(app: AppHandle, on: bool) -> Answer<()> {
    autostart::set(&app, on).map_err(|error| fault(ErrorCode::DataUnusable, "The autostart cannot be changed.", &error))
}

/// Puts a text on the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_text(app: AppHandle, text: String) -> Answer<()> {
    app.clipboard()
        .write_text(text)
        .map_err(|error| fault(ErrorCode::Internal, "The clipboard cannot be written.", &error))
}

/// First aid: what is in order on this machine, and what is not. With `everywhere`, the authorities of test and production
/// are tried as well as those in use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn doctor_report(app: AppHandle, everywhere: bool) -> Answer<DoctorReport> {
    doctor::report(&app, everywhere).await
}

/// Looks for an update of the program.
#[tauri::command]
#[specta::specta]
pub(crate) async fn look_for_update(app: AppHandle) -> Answer<UpdateView> {
    Ok(update::look(&app).await)
}

/// Installs the update that was found and starts the program anew.
#[tauri::command]
#[specta::specta]
pub(crate) async fn install_update(app: AppHandle, office: Office<'_>) -> Answer<UpdateView> {
    Ok(update::install(&app, &office.get().await?).await)
}

pub(crate) fn open(app: &AppHandle, path: PathBuf) -> Answer<()> {
    app.opener()
        .open_path(path.to_string_lossy(), None::<&str>)
        .map_err(|error| fault(ErrorCode::CannotOpen, "No program opens the file.", &error))
}

fn paths(chosen: impl IntoIterator<Item = tauri_plugin_dialog::FilePath>) -> Vec<PathBuf> {
    chosen.into_iter().filter_map(|file| file.into_path().ok()).collect()
}

/// A fault of the desktop itself; nothing of a filing depends on it.
pub(crate) fn fault(code: ErrorCode, message: &str, cause: &dyn std::error::Error) -> ErrorView {
    ErrorView {
        code,
        message: message.to_owned(),
        details: vec![cause.to_string()],
        values: BTreeMap::new(),
        delivered: Delivered::No,
    }
}
