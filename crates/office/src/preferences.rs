//! The user's choices about the window.

use rusqlite::{OptionalExtension as _, params};
use store::database::{Database, DatabaseError};
use view::{Language, Preferences, Theme};

/// The row that holds them.
const WINDOW: &str = "window";

/// What nobody has chosen yet.
fn unchosen() -> Preferences {
    Preferences { language: Language::Nb, theme: Theme::System, text_size: 100, introduced: false }
}

pub(crate) fn load(db: &Database) -> Result<Preferences, DatabaseError> {
    let kept: Option<String> = db.read(|db| {
        db.query_row("SELECT value FROM preferences WHERE name = ?1", params![WINDOW], |row| row.get(0)).optional()
    })?;
    // Choices of a newer program that this one does not understand are no reason not to start.
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_else(unchosen))
}

pub(crate) fn store(db: &Database, preferences: &Preferences) -> Result<(), DatabaseError> {
    let json = serde_json::to_string(preferences)
        .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
    db.write(|tx| {
        tx.execute(
            "INSERT INTO preferences (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            params![WINDOW, json],
        )?;
        Ok(())
    })
}
