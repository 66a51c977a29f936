//! What the database keeps beside a filing: its journal, its timeline, its documents and attachments.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use store::database::{
    DatabaseError,
    columns::{from_word, moment, parse, word},
};
use view::{StepName, TimelineEvent};

use super::{Entry, FiledAttachment, Filing, JournalLine};

/// Adds a line to the journal.
pub fn write_journal(
    tx: &Transaction<'_>,
    filing: &Filing,
    at: Timestamp,
    step: StepName,
    entry: Entry,
    note: Option<&str>,
) -> Result<(), DatabaseError> {
    tx.prepare_cached("INSERT INTO journal (filing, at, step, entry, note) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![filing.number, at.to_string(), word(&step), word(&entry), note])?;
    Ok(())
}

/// Adds an event to the timeline.
pub fn record_event(
    tx: &Transaction<'_>,
    filing: &Filing,
    at: Timestamp,
    event: TimelineEvent,
) -> Result<(), DatabaseError> {
    tx.prepare_cached("INSERT INTO timeline (filing, at, event) VALUES (?1, ?2, ?3)")?.execute(params![
        filing.number,
        at.to_string(),
        word(&event)
    ])?;
    Ok(())
}

/// Keeps a document of a filing.
pub fn store_document(tx: &Transaction<'_>, filing: &Filing, name: &str, bytes: &[u8]) -> Result<(), DatabaseError> {
    tx.prepare_cached(
        "INSERT INTO documents (filing, name, bytes) VALUES (?1, ?2, ?3)
         ON CONFLICT (filing, name) DO UPDATE SET bytes = excluded.bytes",
    )?
    .execute(params![filing.number, name, bytes])?;
    Ok(())
}

/// A document of a filing.
pub fn document(db: &Connection, number: i64, name: &str) -> Result<Option<Vec<u8>>, DatabaseError> {
    Ok(db
        .query_row("SELECT bytes FROM documents WHERE filing = ?1 AND name = ?2", params![number, name], |row| {
            row.get(0)
        })
        .optional()?)
}

/// Writes down an attachment, or what has become of it.
pub fn store_attachment(
    tx: &Transaction<'_>,
    filing: &Filing,
    attachment: &FiledAttachment,
) -> Result<(), DatabaseError> {
    tx.prepare_cached(
        "INSERT INTO attachments (filing, place, name, content_type, size, sha256, element)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (filing, place) DO UPDATE SET element = excluded.element",
    )?
    .execute(params![
        filing.number,
        attachment.place,
        attachment.name,
        attachment.content_type,
        i64::try_from(attachment.size).unwrap_or(i64::MAX),
        attachment.sha256,
        attachment.element.map(|id| id.to_string()),
    ])?;
    Ok(())
}

/// The attachments of a filing, in their order.
pub fn attachments(db: &Connection, number: i64) -> Result<Vec<FiledAttachment>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT place, name, content_type, size, sha256, element FROM attachments WHERE filing = ?1 ORDER BY place",
    )?;
    let mut rows = statement.query(params![number])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(FiledAttachment {
            place: row.get(0)?,
            name: row.get(1)?,
            content_type: row.get(2)?,
            size: u64::try_from(row.get::<_, i64>(3)?).unwrap_or_default(),
            sha256: row.get(4)?,
            element: row.get::<_, Option<String>>(5)?.map(|id| parse("element", id)).transpose()?,
        });
    }
    Ok(found)
}

/// A text that must be as it was written.
fn text(row: &Row<'_>, place: usize) -> Result<String, DatabaseError> {
    let found = row.get_ref(place)?;
    let bytes = found.as_bytes_or_null().ok().flatten().unwrap_or_default();
    String::from_utf8(bytes.to_vec())
        .map_err(|_| DatabaseError::Value { column: "a text", found: String::from_utf8_lossy(bytes).into_owned() })
}

/// The journal of a filing, oldest first.
pub fn journal(db: &Connection, number: i64) -> Result<Vec<JournalLine>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT at, step, entry FROM journal WHERE filing = ?1 ORDER BY number")?;
    let mut rows = statement.query(params![number])?;
    let mut lines = Vec::new();
    while let Some(row) = rows.next()? {
        let read = || -> Result<JournalLine, DatabaseError> {
            Ok(JournalLine {
                at: moment("at", text(row, 0)?)?,
                step: from_word("step", text(row, 1)?)?,
                entry: from_word("entry", text(row, 2)?)?,
            })
        };
        // What a damaged line said is found out from the authority, as after any other loss.
        lines.extend(read().inspect_err(|error| tracing::error!(%error, "A line of a journal is damaged.")).ok());
    }
    Ok(lines)
}

/// The timeline of a filing, oldest first.
pub fn timeline(db: &Connection, number: i64) -> Result<Vec<(Timestamp, TimelineEvent)>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT at, event FROM timeline WHERE filing = ?1 ORDER BY number")?;
    let mut rows = statement.query(params![number])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        let read =
            || -> Result<_, DatabaseError> { Ok((moment("at", text(row, 0)?)?, from_word("event", text(row, 1)?)?)) };
        events.extend(read().inspect_err(|error| tracing::warn!(%error, "A line of a timeline is damaged.")).ok());
    }
    Ok(events)
}
