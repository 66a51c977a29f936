//! Batches as the database keeps them.

use access::authorizations::AuthorizationId;
use filing::filings::{self, Filing};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use store::database::{
    DatabaseError,
    columns::{self, word},
};
use view::{
    EnvironmentName, FilingState, TimelineEvent,
    ids::{BatchId, FilingId},
};

/// A batch without its filings.
#[derive(Debug, Clone)]
pub(crate) struct StoredBatch {
    pub(crate) number: i64,
    pub(crate) id: BatchId,
    pub(crate) authorization: AuthorizationId,
    pub(crate) filed_by: Option<String>,
    pub(crate) started_at: Timestamp,
}

/// Writes a new batch.
pub(crate) fn begin(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    id: &BatchId,
    authorization: &AuthorizationId,
    filed_by: Option<&str>,
    at: Timestamp,
) -> Result<StoredBatch, DatabaseError> {
    tx.execute(
        "INSERT INTO batches (id, environment, authorization, filed_by, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, word(&environment), authorization, filed_by.unwrap_or_default(), at.to_string()],
    )?;
    Ok(StoredBatch {
        number: tx.last_insert_rowid(),
        id: id.to_owned(),
        authorization: authorization.clone(),
        filed_by: filed_by.map(str::to_owned),
        started_at: at,
    })
}

/// Puts a filing into a batch; one that is in it already stays.
pub(crate) fn add(tx: &Transaction<'_>, batch: &StoredBatch, filing: &Filing) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT OR IGNORE INTO batch_filings (batch, filing) VALUES (?1, ?2)",
        params![batch.number, filing.number],
    )?;
    Ok(())
}

/// Whether a filing belongs to another batch that has not been put away.
pub(crate) fn in_another(tx: &Transaction<'_>, batch: &StoredBatch, filing: &Filing) -> Result<bool, DatabaseError> {
    let found = tx
        .query_row(
            "SELECT 1 FROM batch_filings JOIN batches ON batches.number = batch_filings.batch
             WHERE filing = ?1 AND batch <> ?2 AND closed = 0",
            params![filing.number, batch.number],
            |_| Ok(()),
        )
        .optional()?;
    Ok(found.is_some())
}

/// The batches that have not been put away, whoever is working on them, the newest first.
pub(crate) fn open(db: &Connection, environment: EnvironmentName) -> Result<Vec<StoredBatch>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT number, id, authorization, filed_by, started_at FROM batches
         WHERE environment = ?1 AND closed = 0 ORDER BY number DESC",
    )?;
    let mut rows = statement.query(params![word(&environment)])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        let at: String = row.get(4)?;
        open.push(StoredBatch {
            number: row.get(0)?,
            id: columns::parse("id", row.get(1)?)?,
            authorization: AuthorizationId::new(row.get::<_, String>(2)?),
            // The column takes no NULL: what is not known stands in it as an empty text.
            filed_by: Some(row.get::<_, String>(3)?).filter(|name| !name.is_empty()),
            started_at: at.parse().map_err(|_| DatabaseError::Value { column: "started_at", found: at })?,
        });
    }
    Ok(open)
}

/// The filings of a batch, in the order in which they were put into it.
pub(crate) fn filings_of(db: &Connection, batch: &StoredBatch) -> Result<Vec<Filing>, DatabaseError> {
    filings::many(
        db,
        "number IN (SELECT filing FROM batch_filings WHERE batch = ?1) ORDER BY number",
        params![batch.number],
    )
}

/// Puts a batch away; what it holds stays in the history.
pub(crate) fn close(tx: &Transaction<'_>, id: &BatchId) -> Result<(), DatabaseError> {
    tx.execute("UPDATE batches SET closed = 1 WHERE id = ?1", params![id])?;
    Ok(())
}

/// Lets a filing's turn come; `false` when it no longer waits for it.
pub(crate) fn release(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    filing: &FilingId,
) -> Result<bool, DatabaseError> {
    let changed = tx.execute(
        "UPDATE filings SET state = ?3 WHERE environment = ?1 AND id = ?2 AND state = ?4",
        params![word(&environment), filing, word(&FilingState::Running), word(&FilingState::Queued)],
    )?;
    Ok(changed > 0)
}

/// Takes everything out of a batch that has not been begun; what was taken out.
pub(crate) fn cancel_queued(
    tx: &Transaction<'_>,
    batch: &StoredBatch,
    at: Timestamp,
) -> Result<Vec<Filing>, DatabaseError> {
    let mut cancelled = Vec::new();
    for mut filing in filings_of(tx, batch)? {
        if filing.state == FilingState::Queued {
            filing.state = FilingState::Abandoned;
            filings::save(tx, &filing)?;
            filings::record_event(tx, &filing, at, TimelineEvent::Abandoned)?;
            cancelled.push(filing);
        }
    }
    Ok(cancelled)
}
