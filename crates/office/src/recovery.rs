//! A history that was lost is built anew from the archive, and the user is told so until she has taken notice.
//!
//! In two parts. Before the keyring is asked, the database is looked at: was it there, was it damaged, is it older than
//! the archive ([`look`]). When the key that folders are sealed with is known, or known not to be, the archive is looked
//! through ([`DatabaseDamage::build_anew`]). What came of it is told by [`unacknowledged`]. Whatever was lost, the companies' own instances
//! at Altinn are read before anything of theirs is filed again ([`filing::doubt`]).

use std::collections::{BTreeSet, HashSet};

use filing::{
    archive::{
        Archive,
        archived::{self, Archived, Origin},
        manifest::Manifest,
        seal,
        verify::{ArchiveEntry, folders},
    },
    doubt,
    filings::{self, Filing},
};
use reminders::deadlines;
use rusqlite::{OptionalExtension as _, params};
use shown::Shown;
use store::{
    database::{Database, DatabaseError, DatabaseState, texts},
    vault::ArchiveKey,
};
use view::{Delivered, FilingState, RecoveryView, StepName, ids::FilingId, moment};

/// The row of the preferences that holds what the user is to be told.
const RECOVERY_ROW: &str = "recovery";
/// Whether a filing is known as one that has come into the archive.
const KNOWN: &str = "SELECT 1 FROM filings WHERE id = ?1 AND (archive_folder IS NOT NULL OR delivered <> 'no')";
/// Whether it is known at all: what is filed at this moment may be in the archive before that is written down.
const BEGUN: &str = "SELECT 1 FROM filings WHERE id = ?1";
/// The row that says which filings of the archive's marks have been found to be unknown.
const DEALT_WITH: &str = "archive-latest-dealt-with";
/// The row that says that the archive has been looked through for what the database does not know.
const LOOKED: &str = "archive-looked-through";

/// What was put back from the archive.
#[derive(Debug, Default)]
pub(crate) struct PutBack {
    pub(crate) filings: u32,
    /// Folders that could not be read, relative to the archive.
    pub(crate) unreadable: Vec<String>,
    /// Folders that were not written here, as far as can be told, relative to the archive.
    pub(crate) foreign: Vec<String>,
}

/// What a start has found wrong with the database.
#[derive(Debug, Default)]
pub(crate) struct DatabaseDamage {
    set_aside: Option<String>,
    saved: u32,
    /// Rows that were set aside, as far as they can be told.
    rows: Vec<String>,
    /// There is something to look for in the archive.
    look: bool,
    /// The database is not only read.
    may_write: bool,
}

/// Looks at the database that a start has found, and sets aside what cannot be read.
///
/// # Errors
/// The database cannot be written.
pub(crate) fn look(
    found: &DatabaseState,
    db: &Database,
    archive: &Archive,
    now: jiff::Timestamp,
) -> Result<DatabaseDamage, DatabaseError> {
    if db.is_only_read() {
        return Ok(DatabaseDamage::default());
    }
    let mut lost = DatabaseDamage {
        set_aside: match found {
            DatabaseState::Damaged(place) => Some(place.display().to_string()),
            DatabaseState::Sound | DatabaseState::Nothing => None,
        },
        ..DatabaseDamage::default()
    };
    // Of filings nothing stands there; it is no reason not to start.
    if let Err(error) = texts::mend(db, now) {
        tracing::error!(%error, "The texts in the database could not be looked through.");
    }
    lost.rows = set_rows_aside(db, now)?;
    if lost.set_aside.is_some() {
        lost.saved = reassign_filings(db)?;
    }
    // A start that ended before it had come to this counts for nothing.
    let first = !is_set(db, LOOKED)?;
    lost.may_write = true;
    lost.look = first || lost.set_aside.is_some() || !lost.rows.is_empty();
    // An empty database beside an archive is a lost one; so is one beside what programs leave in a data folder.
    let traces = || {
        let left = ["locks", "damaged", "backups", "under-way"];
        left.iter().any(|name| db.folder().join(name).is_dir())
            || archive.roots().any(|root| folders(root).is_ok_and(|found| !found.is_empty()))
    };
    let anything = lost.look && (!first || lost.set_aside.is_some() || traces());
    if anything {
        doubt::begin(db, now)?;
    }
    Ok(lost)
}

/// Whether the archive's last filing is one that the database does not know, or does not know to have come so far: it is
/// a copy of an earlier day. That is asked once of each: what the database does not come to know is known to be unknown.
///
/// Where there is a key only what it vouches for says so: the mark's own seal or, of a version that did not seal it, that of the
/// filing's folder. Another desk that shares the archive, and who can only write there, begin nothing. If it is, every company is
/// in doubt from then on.
fn is_older(
    db: &Database,
    archive: &Archive,
    key: Option<&ArchiveKey>,
    known: &str,
    now: jiff::Timestamp,
) -> Result<bool, DatabaseError> {
    let unsealed = archive.unsealed_latest();
    let sealed = key.map(|key| archive.latest(key)).unwrap_or_default();
    let unknown = |ids: Vec<FilingId>| -> Result<Vec<FilingId>, DatabaseError> {
        let mut unknown = Vec::new();
        for id in ids {
            if db.read(|db| db.query_row(known, params![id], |_| Ok(())).optional())?.is_none() {
                unknown.push(id);
            }
        }
        Ok(unknown)
    };
    let (sealed, unsealed) = (unknown(sealed)?, unknown(unsealed)?);
    if sealed.is_empty() && unsealed.is_empty() {
        return Ok(false);
    }
    let line = |ids: &[FilingId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    let marks = format!("{} / {} / {}", line(&sealed), line(&unsealed), key.map(ArchiveKey::name).unwrap_or_default());
    if kept(db, DEALT_WITH)?.as_ref() == Some(&marks) {
        return Ok(false);
    }
    let older = !sealed.is_empty()
        || match key {
            None => !unsealed.is_empty(),
            Some(key) => archive.roots().filter_map(|root| folders(root).ok()).flatten().any(|found| match found {
                ArchiveEntry::Filing(root, folder) => {
                    seal::read(&root, &folder, Some(key)).is_ok_and(|(manifest, sealed)| {
                        sealed && Manifest::parse(&manifest).is_ok_and(|manifest| unsealed.contains(&manifest.filing))
                    })
                }
                ArchiveEntry::Unfinished(_) | ArchiveEntry::Link(_) | ArchiveEntry::Unreadable(_) => false,
            }),
        };
    if older {
        doubt::begin(db, now)?;
    }
    db.write(|tx| set(tx, DEALT_WITH, &marks))?;
    Ok(older)
}

fn set_rows_aside(db: &Database, now: jiff::Timestamp) -> Result<Vec<String>, DatabaseError> {
    let bad = db.read(filings::bad_rows)?;
    db.write(|tx| {
        let mut told = Vec::new();
        for row in &bad {
            tracing::error!(number = row.number, why = %row.why, "A damaged row of the history is set aside.");
            told.push(filings::set_aside(tx, row, now)?);
        }
        told.extend(deadlines::set_bad_aside(tx, now)?);
        // What is damaged may hold anything, and is shown in a window and a terminal.
        Ok(told.iter().map(|row| Shown::line(row).into_string()).collect())
    })
}

impl DatabaseDamage {
    /// Builds the history anew from the archive, as far as it was lost, and writes down what the user is to be told.
    ///
    /// # Errors
    /// The new database cannot be written.
    pub(crate) fn build_anew(
        self,
        db: &Database,
        archive: &Archive,
        key: Option<&ArchiveKey>,
        now: jiff::Timestamp,
    ) -> Result<(), DatabaseError> {
        let older = self.may_write && is_older(db, archive, key, KNOWN, now)?;
        if !self.look && !older {
            return Ok(());
        }
        let back = from_archive(db, archive, key, Trust::Seal)?;
        let nothing = self.set_aside.is_none() && self.rows.is_empty();
        if nothing && back.filings == 0 && (back.foreign.is_empty() || is_set(db, LOOKED)?) {
            // A first start, or an archive that another computer has put something into.
            return db.write(|tx| set(tx, LOOKED, "yes"));
        }
        tracing::warn!(
            saved = self.saved,
            from_archive = back.filings,
            unreadable = back.unreadable.len(),
            foreign = back.foreign.len(),
            rows = self.rows.len(),
            "The history was lost."
        );
        let view = RecoveryView {
            at: moment(now),
            set_aside: self.set_aside,
            saved: self.saved,
            from_archive: back.filings,
            unreadable: shown(&back.unreadable),
            foreign: shown(&back.foreign),
            rows: self.rows,
        };
        let json = serde_json::to_string(&view)
            .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
        db.write(|tx| {
            set(tx, LOOKED, "yes")?;
            set(tx, RECOVERY_ROW, &json)
        })
    }
}

/// Names of folders, which anybody who can write to the archive has given, as they are told.
fn shown(folders: &[String]) -> Vec<String> {
    folders.iter().map(|folder| Shown::text(folder).into_string()).collect()
}

fn set(tx: &rusqlite::Transaction<'_>, name: &str, value: &str) -> Result<(), DatabaseError> {
    tx.execute("INSERT OR REPLACE INTO preferences (name, value) VALUES (?1, ?2)", params![name, value])?;
    Ok(())
}

fn kept(db: &Database, name: &str) -> Result<Option<String>, DatabaseError> {
    let one = "SELECT value FROM preferences WHERE name = ?1";
    Ok(db.read(|db| db.query_row(one, params![name], |row| row.get(0)).optional())?)
}

fn is_set(db: &Database, name: &str) -> Result<bool, DatabaseError> {
    Ok(kept(db, name)?.is_some())
}

/// What the user has not taken notice of yet.
pub(crate) fn unacknowledged(db: &Database) -> Result<Option<RecoveryView>, DatabaseError> {
    Ok(kept(db, RECOVERY_ROW)?.and_then(|json| serde_json::from_str(&json).ok()))
}

/// Asks once more whether the database is older than the archive, now that the keyring has answered; then what each company has
/// delivered is read from Altinn before anything of it is filed.
///
/// # Errors
/// The database.
pub(crate) fn look_for_newer(
    db: &Database,
    archive: &Archive,
    key: &ArchiveKey,
    now: jiff::Timestamp,
) -> Result<(), DatabaseError> {
    if is_older(db, archive, Some(key), BEGUN, now)? {
        from_archive(db, archive, Some(key), Trust::Seal)?;
    }
    Ok(())
}

/// Looks once more at folders that bore no seal that could be read, now that the keyring has answered. Says how many
/// filings have come back by that.
///
/// # Errors
/// The database.
pub(crate) fn look_again(db: &Database, archive: &Archive, key: &ArchiveKey) -> Result<u32, DatabaseError> {
    let Some(mut view) = unacknowledged(db)?.filter(|view| !view.foreign.is_empty()) else { return Ok(0) };
    let back = from_archive(db, archive, Some(key), Trust::Seal)?;
    if back.filings > 0 {
        view.from_archive += back.filings;
        view.foreign = shown(&back.foreign);
        let json = serde_json::to_string(&view)
            .map_err(|error| DatabaseError::Value { column: "value", found: error.to_string() })?;
        db.write(|tx| set(tx, RECOVERY_ROW, &json))?;
    }
    Ok(back.filings)
}

/// The user has taken notice.
pub(crate) fn acknowledge(db: &Database) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute("DELETE FROM preferences WHERE name = ?1", params![RECOVERY_ROW])?;
        Ok(())
    })
}

/// Gives to whoever goes on with it what belonged to a person whose sign-in could not be read. Says how many filings there
/// are. One whose documents could not be read stays: what was delivered is known to be delivered, and what was not is
/// said to have lost its return when it is gone on with.
fn reassign_filings(db: &Database) -> Result<u32, DatabaseError> {
    db.write(|tx| {
        tx.execute(
            "UPDATE filings SET authorization = '' WHERE authorization NOT IN (SELECT id FROM authorizations)",
            [],
        )?;
        Ok(tx.query_row("SELECT count(*) FROM filings", [], |row| row.get(0))?)
    })
}

/// What makes a folder of the archive one's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust<'a> {
    /// Its seal, or that the database has written it.
    Seal,
    /// A person's word, who may give it, for folders that she has seen a list of, by the sums of their manifests: they come from
    /// another computer of hers, or from an older keyring. What was delivered is taken from them, and what came of that is asked
    /// of Altinn.
    Word(&'a BTreeSet<String>),
}

/// Puts back every filing of the archive that the database does not know, and lets those that it knows from an earlier
/// day catch up. Folders that are not known to be ours are named and passed over.
///
/// # Errors
/// The database cannot be written. A folder that cannot be read is named and passed over.
pub(crate) fn from_archive(
    db: &Database,
    archive: &Archive,
    key: Option<&ArchiveKey>,
    trust: Trust<'_>,
) -> Result<PutBack, DatabaseError> {
    let mut back = PutBack::default();
    // An archive that is not there (a first start, a disk that is gone) has nothing to give.
    let found = archive.roots().filter_map(|root| folders(root).ok()).flatten();
    let mut read = Vec::new();
    for found in found {
        match found {
            ArchiveEntry::Filing(root, folder) => match archived::read(&root, &folder, key) {
                Ok(archived) => match archived.origin(db)? {
                    Origin::Ours => read.push((archived, Origin::Ours)),
                    Origin::Unknown => {
                        let said = |it: &Archived| matches!(trust, Trust::Word(said) if said.contains(it.sum()));
                        match Some(archived).filter(said).and_then(Archived::by_word) {
                            Some(archived) => read.push((archived, Origin::Unknown)),
                            None => back.foreign.push(folder),
                        }
                    }
                },
                Err(reason) => {
                    tracing::warn!(folder, reason, "A folder of the archive cannot be read.");
                    back.unreadable.push(folder);
                }
            },
            ArchiveEntry::Unreadable(folder) => back.unreadable.push(folder),
            ArchiveEntry::Unfinished(_) | ArchiveEntry::Link(_) => {}
        }
    }
    // Those that are known to be ours first: a number, an instance or a key that both claim is theirs.
    read.sort_by_key(|(archived, origin)| (*origin != Origin::Ours, archived.filing.begun_at, archived.filing.number));
    for (archived, origin) in &read {
        // One at a time: one that the database does not take (another lies open of its period) keeps no other away.
        match db.write(|tx| put_back(tx, archived, *origin)) {
            Ok(true) => back.filings += 1,
            Ok(false) => {}
            Err(error @ (DatabaseError::Sql(_) | DatabaseError::Value { .. })) => {
                let folder = archived.filing.archive_folder.clone().unwrap_or_default();
                tracing::error!(%error, folder, "A filing of the archive could not be put back.");
                back.unreadable.push(folder);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(back)
}

/// A filing that a person's word would take in.
pub(crate) struct Claimed {
    /// The folder that it lies in, relative to the archive.
    pub(crate) folder: String,
    /// What the folder says. Its documents are not held: strangers' may be many and large.
    pub(crate) filing: Filing,
    /// Of the folder's manifest.
    pub(crate) sum: String,
}

/// What a person's word would take in: what bears no seal of ours and is said to be delivered. What the history has already is
/// not among it.
///
/// # Errors
/// The database.
pub(crate) fn adoptable(
    db: &Database,
    archive: &Archive,
    key: Option<&ArchiveKey>,
) -> Result<Vec<Claimed>, DatabaseError> {
    let mut adoptable = Vec::new();
    for found in archive.roots().filter_map(|root| folders(root).ok()).flatten() {
        let ArchiveEntry::Filing(root, folder) = found else { continue };
        let Ok(archived) = archived::read(&root, &folder, key) else { continue };
        let id = &archived.filing.id;
        let known = db.read(|db| filings::one(db, "id = ?1", params![id]))?.is_some();
        if !known && archived.origin(db)? == Origin::Unknown && archived.is_said_to_be_delivered() {
            let sum = archived.sum().to_owned();
            adoptable.push(Claimed { folder, filing: archived.filing, sum });
        }
    }
    Ok(adoptable)
}

/// Puts one back, or lets it catch up; `false` when the database knew it as well.
fn put_back(tx: &rusqlite::Transaction<'_>, archived: &Archived, origin: Origin) -> Result<bool, DatabaseError> {
    let Archived { filing, documents, attachments, events, .. } = archived;
    let environment = filing.subject.environment;
    if let Some(known) = filings::one(tx, "id = ?1", params![filing.id])? {
        return if origin == Origin::Ours { catch_up(tx, known, archived) } else { Ok(false) };
    }
    if let Some(instance) = &filing.instance
        && filings::has_instance(tx, environment, instance)?
    {
        return Ok(false);
    }
    let number = filings::put_back(tx, filing, documents, attachments, events)?;
    // What anybody may have written is remembered, and sealed, when Altinn's own answer has been put into the folder.
    if origin == Origin::Ours {
        seal::remember(tx, number, &archived.manifest)?;
    }
    Ok(true)
}

/// A filing that the database knows from an earlier day: that it was about to be delivered, or is, and where.
fn catch_up(tx: &rusqlite::Transaction<'_>, known: Filing, archived: &Archived) -> Result<bool, DatabaseError> {
    if known.delivered != Delivered::No || known.archive_folder.is_some() || known.sha256 != archived.filing.sha256 {
        return Ok(false);
    }
    let told = &archived.filing;
    let filing = Filing {
        instance: told.instance.clone(),
        delivered: Delivered::Unknown,
        step: StepName::Confirm,
        state: if known.state == FilingState::Queued { FilingState::Running } else { known.state },
        archive_folder: told.archive_folder.clone(),
        ..known
    };
    if filing.is_finished() {
        return Ok(false);
    }
    filings::save(tx, &filing)?;
    for (name, bytes) in &archived.documents {
        filings::store_document(tx, &filing, name, bytes)?;
    }
    seal::remember(tx, filing.number, &archived.manifest)?;
    Ok(true)
}

/// Seals the folders of the archive that the database knows and that are sealed by no key, or by an older one: those of
/// earlier versions of the program, and those that were written while the keyring was locked. A manifest that is not the
/// one that was written, or (of an earlier version) says or lists something else than the database, is not sealed.
///
/// # Errors
/// The database.
pub(crate) fn seal_known(db: &Database, archive: &Archive, key: Option<&ArchiveKey>) -> Result<u32, DatabaseError> {
    let name = key.map(ArchiveKey::name);
    let open = db.read(|db| {
        filings::many(
            db,
            "archive_folder IS NOT NULL AND files <> '[]' AND NOT EXISTS (SELECT 1 FROM manifests
                WHERE manifests.filing = number AND (?1 IS NULL OR sealed_by IS ?1))",
            params![name],
        )
    })?;
    let mut sealed = 0;
    let mut said = HashSet::new();
    for filing in open {
        let Some(folder) = &filing.archive_folder else { continue };
        let Ok(root) = archive.root_of(folder) else { continue };
        let Ok(found) = archive.sealed(folder) else { continue };
        let bytes = found.manifest;
        let before = db.read(|db| seal::remembered(db, filing.number))?;
        let is_ours = archived::is_of(&bytes, &filing, before.as_ref())
            && (before.is_some() || archived::agrees(archive, folder, &bytes, &filing, db)?);
        if !is_ours {
            if said.insert(folder.clone()) {
                tracing::warn!(folder, "The folder's manifest is not the one that was written; it is not sealed.");
            }
            continue;
        }
        let manifest = match key {
            Some(key) => match seal::seal(root, folder, &bytes, key) {
                Ok(manifest) => manifest,
                Err(error) => {
                    tracing::warn!(%error, folder, "A folder of the archive could not be sealed.");
                    continue;
                }
            },
            None => archived::remembered(&bytes, None),
        };
        db.write(|tx| match before {
            Some(_) => seal::update(tx, filing.number, &manifest),
            None => seal::come_to_know(tx, filing.number, &manifest),
        })?;
        sealed += 1;
    }
    Ok(sealed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_damaged_row_is_named_in_a_line_that_orders_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        let bad = "INSERT INTO duties (environment, org_number, category, kind, first_day, learnt_to, chosen, followed)
                   VALUES ('practice', '311797816', ?1, 'x', 'y', 'y', 0, 1)";
        db.write(|tx| tx.execute(bad, ["a\u{1b}[2J\nb"])).unwrap();
        let told = set_rows_aside(&db, jiff::Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("311797816") && !told[0].contains(char::is_control), "{told:?}");
        assert!(set_rows_aside(&db, jiff::Timestamp::UNIX_EPOCH).unwrap().is_empty());
    }
}
