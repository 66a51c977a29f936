//! What the user has chosen about reminders.

use rusqlite::{OptionalExtension as _, params};
use store::database::{Database, DatabaseError};
use view::ReminderSettings;

/// The row that holds it.
const REMINDERS: &str = "reminders";
/// No reminder comes earlier than this many days before.
const EARLIEST: u16 = 366;
/// Nobody wants more occasions than this.
const MOST_OCCASIONS: usize = 12;

/// When reminders come, as it was chosen.
///
/// # Errors
/// The database.
pub fn load(db: &Database) -> Result<ReminderSettings, DatabaseError> {
    let kept: Option<String> = db.read(|db| {
        db.query_row("SELECT value FROM preferences WHERE name = ?1", params![REMINDERS], |row| row.get(0)).optional()
    })?;
    Ok(kept.and_then(|json| understood(&json)).unwrap_or_default())
}

/// What was kept, with the usual for whatever it does not say. Choices of a newer program that this one does not
/// understand are no reason not to start.
fn understood(json: &str) -> Option<ReminderSettings> {
    let mut all = serde_json::to_value(ReminderSettings::default()).ok()?;
    let kept: serde_json::Map<String, serde_json::Value> = serde_json::from_str(json).ok()?;
    all.as_object_mut()?.extend(kept);
    serde_json::from_value(all).ok()
}

/// Keeps them, and gives back what was kept: days in order and within reason, hours of a day.
pub fn store(db: &Database, settings: ReminderSettings) -> Result<ReminderSettings, DatabaseError> {
    let settings = ReminderSettings {
        deadline_days: days(settings.deadline_days),
        authorization_days: days(settings.authorization_days),
        quiet_from: settings.quiet_from.min(23),
        quiet_to: settings.quiet_to.min(23),
        ..settings
    };
    let json = serde_json::to_string(&settings)
        .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
    db.write(|tx| {
        tx.execute(
            "INSERT INTO preferences (name, value) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![REMINDERS, json],
        )?;
        Ok::<_, DatabaseError>(())
    })?;
    Ok(settings)
}

fn days(mut days: Vec<u16>) -> Vec<u16> {
    days.retain(|days| *days <= EARLIEST);
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    days.truncate(MOST_OCCASIONS);
    days
}
