//! The window's commands for deadlines, the calendar and reminders.

use access::work::rights::Action;
use view::{CategoryName, DeadlinesView, DutyChoice, ErrorCode, ReminderSettings, RemindersView, Snooze};

use crate::{
    dialogs::write_for_others,
    fault::{Answer, fault},
    host::Shell,
};

/// A year of deadlines; without a year, the one that needs attention.
#[tauri::command]
#[specta::specta]
pub(crate) async fn deadlines(shell: Shell, year: Option<i32>) -> Answer<DeadlinesView> {
    Ok(shell.office().await?.calendar().year(year)?)
}

/// Follows a company's deadlines as the user says.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_duty(shell: Shell, choice: DutyChoice) -> Answer<()> {
    Ok(shell.office().await?.calendar().choose_duty(&choice)?)
}

/// Follows a company's deadlines of a category no longer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unfollow_duty(shell: Shell, org_number: String, category: CategoryName) -> Answer<()> {
    Ok(shell.office().await?.calendar().unfollow_duty(&org_number, category)?)
}

/// Puts a period aside with a reason, or takes it back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn put_aside(shell: Shell, key: String, reason: Option<String>) -> Answer<()> {
    Ok(shell.office().await?.calendar().put_aside(&key, reason.as_deref())?)
}

/// Has no reminders for a company, or has them again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mute_company(shell: Shell, org_number: String, muted: bool) -> Answer<()> {
    Ok(shell.office().await?.calendar().mute_company(&org_number, muted)?)
}

/// Makes somebody responsible for companies at the office register, or nobody: for all of them or for none. Why not, in words,
/// where the register does not do that.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_over(shell: Shell, companies: Vec<String>, to: Option<String>) -> Answer<Option<String>> {
    Ok(shell.office().await?.calendar().hand_over(&companies, to.as_deref()).await?)
}

/// Is away until the end of a day, with somebody who stands in, or is back. Why not, in words, where the office register does not
/// take that.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_away(shell: Shell, until: Option<String>, stand_in: Option<String>) -> Answer<Option<String>> {
    Ok(shell.office().await?.calendar().set_away(until.as_deref(), stand_in.as_deref()).await?)
}

/// Saves the calendar where the person chooses; false when she chose nowhere.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_calendar(shell: Shell) -> Answer<bool> {
    let office = shell.office().await?;
    office.may_change(Action::Calendar)?;
    let name = office.calendar().path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(file) = shell.host.save_as(&name, "ics").await else { return Ok(false) };
    write_for_others(&file, office.calendar().text()?.as_bytes())
        .map(|()| true)
        .map_err(|error| fault(ErrorCode::DataUnusable, "The calendar cannot be written there.", &error))
}

/// Shows the calendar file that is kept up to date, in the system's file manager.
#[tauri::command]
#[specta::specta]
pub(crate) async fn show_calendar(shell: Shell) -> Answer<()> {
    let office = shell.office().await?;
    office.may_change(Action::Calendar)?;
    office.calendar().write()?;
    shell.host.show(&office.calendar().path())
}

/// What the bell and the tray tell.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminders(shell: Shell) -> Answer<RemindersView> {
    Ok(shell.office().await?.reminders().view()?)
}

/// Puts a notice off.
#[tauri::command]
#[specta::specta]
pub(crate) async fn snooze_notice(shell: Shell, key: String, snooze: Snooze) -> Answer<()> {
    Ok(shell.office().await?.reminders().snooze(&key, snooze)?)
}

/// Takes a notice from the list.
#[tauri::command]
#[specta::specta]
pub(crate) async fn dismiss_notice(shell: Shell, key: String) -> Answer<()> {
    Ok(shell.office().await?.reminders().dismiss(&key)?)
}

/// What the user has chosen about reminders.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reminder_settings(shell: Shell) -> Answer<ReminderSettings> {
    Ok(shell.office().await?.reminders().settings()?)
}

/// Keeps it; the answer is what was kept.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_reminder_settings(shell: Shell, settings: ReminderSettings) -> Answer<ReminderSettings> {
    let kept = shell.office().await?.reminders().set_settings(settings)?;
    shell.host.keep_running(kept.keep_running);
    Ok(kept)
}
