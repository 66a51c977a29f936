//! Filings of before the verdict was read: what had been called received, or refused, is looked at once more, by the
//! `valideringsresultat` in its archive folder.
//!
//! A return that Skatteetaten had rejected used to be called received, receipt and all; and a delivered return whose
//! receipt could not be read for a time used to be called refused. What comes of the second look is said until the user has
//! taken notice of it, and the archive's folder says the same from then on. A filing whose archive cannot be reached now is
//! looked at the next time.

use filing::{
    archive::{
        Archive,
        archived::{VERDICT, is_of},
        manifest::Manifest,
        revise::revise,
        seal::{self, Sealed},
    },
    engine::{rejection, unclear},
    filings::{self, Filing, RESULT},
};
use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Transaction, params};
use serde::{Deserialize, Serialize};
use shown::Shown;
use store::{
    database::{Database, DatabaseError, columns::word},
    vault::ArchiveKey,
};
use vat_return::Language;
use view::{Delivered, FilingState, ReviewView, ReviewedFiling, StepName, TimelineEvent, Verdict, texts::moment};

use crate::filing_view;

/// The row of the preferences that holds what the user is to be told.
const REVIEW_ROW: &str = "review";
/// How many filings are written in one go.
const STRETCH: usize = 200;

/// What is kept of a review until it has been told.
#[derive(Debug, Default, Serialize, Deserialize)]
struct StoredReview {
    at: String,
    looked: u32,
    /// Keys of the filings that stand otherwise now, and how they stood before.
    changed: Vec<(String, FilingState)>,
}

/// Looks at every filing that has an end and no verdict. The archive's account for people is in that language.
///
/// # Errors
/// The database.
pub(crate) fn review(
    db: &Database,
    archive: &Archive,
    key: Option<&ArchiveKey>,
    language: Language,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    if db.is_only_read() {
        return Ok(());
    }
    let ended = FilingState::ALL.into_iter().filter(|state| state.may_lack_its_verdict());
    let ended = ended.map(|state| word(&state)).collect::<Vec<_>>().join("', '");
    let which = format!("verdict IS NULL AND delivered <> 'no' AND state IN ('{ended}') ORDER BY number");
    let candidates = db.read(|db| filings::many(db, &which, []))?;
    if candidates.is_empty() {
        return Ok(());
    }
    let mut kept = stored(db)?.unwrap_or_default();
    for stretch in candidates.chunks(STRETCH) {
        let mut looked = Vec::new();
        for filing in stretch {
            looked.extend(look(filing, archive, db, key)?);
        }
        db.write(|tx| {
            for CheckedFiling { filing, before, document } in &mut looked {
                // A period lies open once at a time: where another filing of it is under way, this one stays as it is.
                let saved = tx.execute_batch("SAVEPOINT one").is_ok() && filings::save(tx, filing).is_ok();
                tx.execute_batch(if saved { "RELEASE one" } else { "ROLLBACK TO one; RELEASE one" })?;
                if !saved {
                    continue;
                }
                if let Some(bytes) = document {
                    filings::store_document(tx, filing, RESULT, bytes)?;
                }
                kept.looked += 1;
                if filing.state != *before {
                    let was = Filing { state: *before, verdict: None, ..filing.clone() };
                    filings::record_event(tx, filing, now, TimelineEvent::Reviewed)?;
                    update_folder(tx, archive, filing, &was, language)?;
                    kept.changed.push((filing.id.to_string(), *before));
                    tracing::warn!(filing = %filing.id, ?before, now = ?filing.state, "The verdict says otherwise.");
                }
            }
            kept.at = moment(now);
            if !kept.changed.is_empty() {
                let json = serde_json::to_string(&kept)
                    .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
                tx.execute(
                    "INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)",
                    params![REVIEW_ROW, json],
                )?;
            }
            Ok::<_, DatabaseError>(())
        })?;
    }
    Ok(())
}

/// Lets the archive's folder say the same. One that cannot be written, or is not as it was, stays: the history counts.
fn update_folder(
    tx: &Transaction<'_>,
    archive: &Archive,
    filing: &mut Filing,
    was: &Filing,
    language: Language,
) -> Result<(), DatabaseError> {
    let Some(folder) = filing.archive_folder.clone() else { return Ok(()) };
    let (Ok(root), Ok(found)) = (archive.root_of(&folder), archive.sealed(&folder)) else { return Ok(()) };
    let before = seal::remembered(tx, filing.number)?;
    if !is_of(&found.manifest, was, before.as_ref()) {
        return Ok(());
    }
    let events = filings::timeline(tx, filing.number)?;
    let (remembered, files) = match revise(root, &folder, &found.manifest, filing, &events, language) {
        Ok(Some(revised)) => revised,
        Ok(None) => return Ok(()),
        Err(error) => {
            tracing::warn!(%error, filing = %filing.id, "The archive's folder says what it said before.");
            return Ok(());
        }
    };
    for file in files {
        filing.files.retain(|known| known.name != file.name);
        filing.files.push(file);
    }
    filings::save(tx, filing)?;
    match before {
        Some(_) => seal::update(tx, filing.number, &remembered),
        None => seal::come_to_know(tx, filing.number, &remembered),
    }
}

/// A filing as it stands after the second look.
struct CheckedFiling {
    filing: Filing,
    before: FilingState,
    document: Option<Vec<u8>>,
}

/// Looks at one; nothing when its archive cannot be reached, or is not what was put there: then the filing stays as it is, and
/// Altinn is asked when a person fetches its receipt anew.
fn look(
    filing: &Filing,
    archive: &Archive,
    db: &Database,
    key: Option<&ArchiveKey>,
) -> Result<Option<CheckedFiling>, DatabaseError> {
    let mut filing = filing.clone();
    let before = filing.state;
    let document = match (filing.archive_folder.clone(), filing.delivered) {
        (Some(folder), Delivered::Yes) if !filing.files.is_empty() => {
            let Ok(sealed) = archive.sealed(&folder) else { return Ok(None) };
            match archived_verdict(&filing, archive, &folder, &sealed, db, key)? {
                Some(document) => document,
                None => {
                    let folder = Shown::text(&folder).into_string();
                    tracing::warn!(filing = %filing.id, folder, "The folder is not what was put there; it is not looked at.");
                    return Ok(None);
                }
            }
        }
        // Nothing came back before it was called refused, or received: it waits for its answer, as it always should have.
        (_, Delivered::Yes) => {
            (filing.state, filing.step, filing.problem) = (FilingState::WaitingAnswer, StepName::Feedback, None);
            return Ok(Some(CheckedFiling { filing, before, document: None }));
        }
        // Whether it was delivered was never found out.
        (_, Delivered::Unknown) => {
            (filing.state, filing.problem) = (FilingState::Waiting, None);
            return Ok(Some(CheckedFiling { filing, before, document: None }));
        }
        (_, Delivered::No) => return Ok(None),
    };
    let (verdict, result) = filings::verdict(document.as_deref());
    filing.verdict = Some(verdict);
    filing.state = verdict.ends_as();
    filing.problem = match filing.state {
        FilingState::Rejected => Some(rejection(result.as_ref(), "")),
        FilingState::Unclear => Some(unclear(verdict)),
        FilingState::Queued
        | FilingState::Running
        | FilingState::Waiting
        | FilingState::WaitingSignature
        | FilingState::WaitingAnswer
        | FilingState::Received
        | FilingState::Refused
        | FilingState::Abandoned => None,
    };
    if filing.state == FilingState::Unclear {
        filing.step = StepName::Feedback;
    }
    Ok(Some(CheckedFiling { filing, before, document: document.filter(|_| verdict != Verdict::Missing) }))
}

/// The verdict in a folder of ours, as its manifest lists it: none where it lists none; nothing where the folder, or the file,
/// is not what was put there.
fn archived_verdict(
    filing: &Filing,
    archive: &Archive,
    folder: &str,
    sealed: &Sealed,
    db: &Database,
    key: Option<&ArchiveKey>,
) -> Result<Option<Option<Vec<u8>>>, DatabaseError> {
    let before = db.read(|db| seal::remembered(db, filing.number))?;
    let ours = match key.filter(|_| before.is_none()) {
        Some(key) if sealed.is_by(key) => true,
        _ => is_of(&sealed.manifest, filing, before.as_ref()),
    };
    let Some(manifest) = Manifest::parse(&sealed.manifest).ok().filter(|it| ours && it.filing == filing.id) else {
        return Ok(None);
    };
    Ok(match manifest.files.get(VERDICT) {
        None => Some(None),
        Some(listed) => archive.listed(folder, VERDICT, listed).map(Some),
    })
}

fn stored(db: &Database) -> Result<Option<StoredReview>, DatabaseError> {
    let kept: Option<String> = db.read(|db| {
        db.query_row("SELECT value FROM preferences WHERE name = ?1", params![REVIEW_ROW], |row| row.get(0)).optional()
    })?;
    Ok(kept.and_then(|json| serde_json::from_str(&json).ok()))
}

/// What the user has not taken notice of yet.
pub(crate) fn unacknowledged(db: &Database, language: Language) -> Result<Option<ReviewView>, DatabaseError> {
    let Some(kept) = stored(db)? else { return Ok(None) };
    let mut filings = Vec::new();
    for (id, before) in &kept.changed {
        if let Some(filing) = db.read(|db| filings::one(db, "id = ?1", params![id]))? {
            filings.push(ReviewedFiling { before: *before, now: filing_view::row(&filing, language) });
        }
    }
    Ok(Some(ReviewView { at: kept.at, looked: kept.looked, filings }))
}

/// The user has taken notice.
pub(crate) fn acknowledge(db: &Database) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute("DELETE FROM preferences WHERE name = ?1", params![REVIEW_ROW])?;
        Ok(())
    })
}
