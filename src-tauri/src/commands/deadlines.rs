//! The window's commands for deadlines, the calendar and reminders.

use crate::{
    background::KeepRunning,
    dialogs::{save_as, write_for_others},
    fault::{Answer, fault},
    open_office::Office,
};
use filing::{
    view::{CategoryName, DeadlinesView, DutyChoice, ErrorCode, ReminderSettings, RemindersView, Snooze},
    work::rights::Action,
};
use tauri::{AppHandle, Manager};
use tauri_plugin_opener::OpenerExt;

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

/// Puts a period aside with a reason, or takes it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn put_aside(office: Office<'_>, key: String, reason: Option<String>) -> Answer<()> {
    office.get().await?.put_aside(&key, reason.as_deref())
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
    let Some(file) = save_as(&app, &name, "ics").await else { return Ok(false) };
    write_for_others(&file, office.calendar()?.as_bytes())
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
