//! Where drafts lie: in the database, written through at every change, so that what was typed is there after a crash.
//!
//! Several programs may have one open. Each change names the revision it was made to; one made to an older one is refused,
//! so that nothing of the other is lost. What is thrown away can be taken back for thirty days.

use drafts::Draft;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use store::database::{DatabaseError, columns::word};
use view::{
    EnvironmentName, ErrorCode,
    ids::{DraftId, NoKey},
    problem::{self, Problem},
};

/// How long something lies in the wastebasket.
const WASTEBASKET_TIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A draft with what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDraft {
    /// Its key.
    pub id: DraftId,
    /// What was typed.
    pub draft: Draft,
    /// Counts its changes.
    pub revision: u32,
    /// When it was begun.
    pub created: Timestamp,
    /// When it was changed last.
    pub changed: Timestamp,
    /// When it was thrown away, if it was.
    pub discarded: Option<Timestamp>,
    /// It was put away because it was filed.
    pub filed: bool,
    /// It is a file as it was dropped: nothing of it has been changed, and it is sent byte for byte.
    pub dropped: bool,
}

/// Why a change was not kept.
#[derive(Debug, thiserror::Error)]
pub enum DraftStoreError {
    /// There is no such draft, or it lies in the wastebasket.
    #[error("there is no such draft")]
    Gone,
    /// Another window or program has changed it since.
    #[error("another window or program has changed the draft since")]
    ChangedElsewhere,
    /// It cannot be written as JSON. That would be a fault of this program.
    #[error("the draft cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<DraftStoreError> for Problem {
    fn from(error: DraftStoreError) -> Self {
        match error {
            DraftStoreError::Gone => problem::of(ErrorCode::NotFound, &error),
            DraftStoreError::ChangedElsewhere => problem::of(ErrorCode::DraftChangedElsewhere, &error),
            DraftStoreError::Unwritable(_) => problem::of(ErrorCode::Internal, &error),
            DraftStoreError::Database(error) => error.into(),
        }
    }
}

impl From<rusqlite::Error> for DraftStoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A change gives a draft another revision: it is the file no more.
const COLUMNS: &str = "id, draft, revision, created, changed, discarded, filed,
    EXISTS (SELECT 1 FROM draft_making AS m WHERE m.draft = drafts.id AND m.dropped = 1 AND drafts.revision = 1)";

fn stored(row: &Row<'_>) -> rusqlite::Result<StoredDraft> {
    let time = |at: usize| -> rusqlite::Result<Timestamp> {
        let text: String = row.get(at)?;
        text.parse().map_err(|error: jiff::Error| unreadable(at, error))
    };
    let json: String = row.get(1)?;
    let discarded: Option<String> = row.get(5)?;
    Ok(StoredDraft {
        id: row.get::<_, String>(0)?.parse().map_err(|error: NoKey| unreadable(0, error))?,
        draft: serde_json::from_str(&json).map_err(|error| unreadable(1, error))?,
        revision: row.get(2)?,
        created: time(3)?,
        changed: time(4)?,
        discarded: discarded.map(|_| time(5)).transpose()?,
        filed: row.get(6)?,
        dropped: row.get(7)?,
    })
}

fn unreadable(at: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(error))
}

/// The drafts of an environment, the one changed last first; those in the wastebasket, or the others. A row that cannot be
/// read is left out, and counted in the second.
///
/// # Errors
/// The database.
pub fn list(
    db: &Connection,
    environment: EnvironmentName,
    discarded: bool,
) -> Result<(Vec<StoredDraft>, usize), DatabaseError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM drafts WHERE environment = ?1 AND (discarded IS NOT NULL) = ?2 ORDER BY changed DESC, id"
    ))?;
    let mut rows = statement.query(params![word(&environment), discarded])?;
    let (mut drafts, mut unreadable) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        match stored(row) {
            Ok(draft) => drafts.push(draft),
            Err(_) => unreadable += 1,
        }
    }
    Ok((drafts, unreadable))
}

/// One draft, in the wastebasket too.
///
/// # Errors
/// The database.
pub fn get(db: &Connection, environment: EnvironmentName, id: &DraftId) -> Result<Option<StoredDraft>, DatabaseError> {
    let mut statement =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM drafts WHERE environment = ?1 AND id = ?2"))?;
    Ok(statement.query_row(params![word(&environment), id], stored).optional()?)
}

/// Keeps a new draft.
///
/// # Errors
/// [`DraftStoreError`].
pub fn add(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    id: &DraftId,
    draft: &Draft,
    now: Timestamp,
) -> Result<(), DraftStoreError> {
    tx.execute(
        "INSERT INTO drafts (id, environment, org_number, draft, revision, created, changed) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
        params![id, word(&environment), draft.org_number.as_str(), serde_json::to_string(draft)?, now.to_string()],
    )?;
    Ok(())
}

/// Keeps a change to the revision it was made to.
///
/// # Errors
/// [`DraftStoreError`]; then what lies there is untouched.
pub fn change(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    id: &DraftId,
    revision: u32,
    draft: &Draft,
    now: Timestamp,
) -> Result<(), DraftStoreError> {
    let changed = tx.execute(
        "UPDATE drafts SET draft = ?4, org_number = ?5, revision = revision + 1, changed = ?6
         WHERE environment = ?1 AND id = ?2 AND revision = ?3 AND discarded IS NULL",
        params![
            word(&environment),
            id,
            revision,
            serde_json::to_string(draft)?,
            draft.org_number.as_str(),
            now.to_string()
        ],
    )?;
    match (changed, get(tx, environment, id)?) {
        (1, _) => Ok(()),
        (_, Some(StoredDraft { discarded: None, .. })) => Err(DraftStoreError::ChangedElsewhere),
        _ => Err(DraftStoreError::Gone),
    }
}

/// Puts a draft in the wastebasket, or takes it back.
///
/// # Errors
/// [`DraftStoreError::Gone`] where there is none, or the database.
pub fn discard(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    id: &DraftId,
    discarded: Option<Timestamp>,
    filed: bool,
) -> Result<(), DraftStoreError> {
    let changed = tx.execute(
        "UPDATE drafts SET discarded = ?3, filed = ?4 WHERE environment = ?1 AND id = ?2",
        params![word(&environment), id, discarded.map(|at| at.to_string()), filed],
    )?;
    if changed == 1 { Ok(()) } else { Err(DraftStoreError::Gone) }
}

/// Empties the wastebasket of what has lain there for longer than thirty days: how many.
///
/// # Errors
/// The database.
pub fn sweep(tx: &Transaction<'_>, now: Timestamp) -> Result<usize, DatabaseError> {
    Ok(tx.execute("DELETE FROM drafts WHERE discarded < ?1", params![long_ago(now)])?)
}

/// Whether something has lain in the wastebasket for longer than thirty days.
///
/// # Errors
/// The database.
pub fn any_to_sweep(db: &Connection, now: Timestamp) -> Result<bool, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM drafts WHERE discarded < ?1)")?;
    Ok(statement.query_row(params![long_ago(now)], |row| row.get(0))?)
}

/// Times are written in one form, and compare as texts.
fn long_ago(now: Timestamp) -> String {
    now.checked_sub(WASTEBASKET_TIME).unwrap_or(Timestamp::MIN).to_string()
}

/// What changes with every change to the drafts of an environment, whichever program makes it.
///
/// # Errors
/// The database.
pub fn state(db: &Connection, environment: EnvironmentName) -> Result<State, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT count(*), coalesce(sum(revision), 0), coalesce(max(changed), ''), coalesce(max(discarded), ''), count(discarded),
            (SELECT count(*) FROM draft_attachments)
         FROM drafts WHERE environment = ?1",
    )?;
    let state = statement.query_row(params![word(&environment)], |row| {
        Ok(State { numbers: [row.get(0)?, row.get(1)?, row.get(4)?, row.get(5)?], times: [row.get(2)?, row.get(3)?] })
    })?;
    Ok(state)
}

/// See [`state`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct State {
    numbers: [i64; 4],
    times: [String; 2],
}
