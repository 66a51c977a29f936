//! What a person may do with the archive as a whole: verify it, take filings along, build the history anew from it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use access::work::{
    Work,
    rights::{Action, Companies},
};
use filing::{
    archive::{
        Archive, archived,
        export::{self, ExportError, List},
        manifest::Manifest,
        seal::{self, Sealed},
        verify::{self, ArchiveEntry},
    },
    engine::Listener as _,
    filings,
};
use rusqlite::params;
use shown::Shown;
use store::{
    database::{Database, DatabaseError, columns::word},
    digest::sha256,
    vault::ArchiveKey,
};
use view::{
    ArchiveComplaint, ArchiveFault, ArchiveReport, EnvironmentName, ErrorCode, ExportFormat, ExportSelection,
    ExportView, FilingRow, HistoryQuery, PeriodChoice,
    problem::{self, Problem},
};

use super::{desk::Desk, existing, parts::Archived, refusal::Refusal};
use crate::{
    filing_view, history,
    recovery::{self, Claimed, Trust},
    review,
};

/// A folder that a person may take in on her word, and what it says of itself: anybody who can write to the archive may have
/// written that.
#[derive(Debug, Clone)]
pub struct Adoptable {
    /// Relative to the archive, as it is shown.
    pub folder: String,
    /// The filing.
    pub filing: FilingRow,
    /// Of its manifest.
    sum: String,
}

impl Archived<'_> {
    /// The years and periods that the history has filings of, the latest first.
    ///
    /// # Errors
    /// The database.
    pub fn periods(self) -> Result<Vec<PeriodChoice>, Problem> {
        let permit = self.0.may(Action::HistoryPeriods, None)?;
        let desk = &permit.desk;
        let seen = desk.work.seen();
        let only = seen.as_ref().and_then(Companies::listed);
        Ok(desk.db.read(|db| history::periods(db, desk.environment, desk.language(), only))?)
    }

    /// One file of a filing's folder.
    ///
    /// # Errors
    /// `NotFound` when the filing has no file of that name, or it has been removed from the archive.
    pub fn file(self, id: &str, name: &str) -> Result<PathBuf, Problem> {
        let (permit, filing) = self.0.find(id, Action::ArchivedFile)?;
        // Only what was put there: the name comes from outside.
        if !filing.files.iter().any(|file| file.name == name) {
            return Err(Refusal::NoSuchFile.into());
        }
        let folder = permit.folder(filing.clone())?;
        let path = disk::below(&folder, name).map_err(|error| problem::of(ErrorCode::NotFound, &error))?;
        existing(path)
    }

    /// Compares every file of the archive with the sum of when it was put there, and the archive with the history of this
    /// environment.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn verify(self) -> Result<ArchiveReport, Problem> {
        let permit = self.0.may(Action::VerifyArchive, None)?;
        let (archive, db) = (permit.desk.archive.clone(), Arc::clone(&permit.desk.db));
        let (environment, key) = (permit.desk.environment, permit.desk.session.archive_key());
        apart(move || verify_with_history(&archive, &db, Some(environment), &mut || key.clone())).await
    }

    /// Writes filings to `to` in that format.
    ///
    /// # Errors
    /// See [`Archived::export_zip`] and [`Archived::export_csv`].
    pub async fn export(
        self,
        selection: ExportSelection,
        format: ExportFormat,
        to: PathBuf,
    ) -> Result<ExportView, Problem> {
        self.0.may(Action::ExportFilings, None)?;
        match format {
            ExportFormat::Zip => self.export_zip(selection, to).await,
            ExportFormat::Csv => self.export_csv(selection, to).await,
        }
    }

    /// Writes the folders of filings as a zip to `to`, which is replaced if it is there.
    ///
    /// # Errors
    /// `ExportRefused`, `DiskFull`, or the database.
    pub async fn export_zip(self, selection: ExportSelection, to: PathBuf) -> Result<ExportView, Problem> {
        let permit = self.0.may(Action::ExportZip, None)?;
        let (archive, desk) = (permit.desk.archive.clone(), Arc::clone(&permit.desk));
        let key = permit.desk.session.archive_key();
        apart(move || {
            let ours = |sealed: &Sealed| desk.db.read(|db| sealed.is_ours(db, key.as_ref())).unwrap_or(false);
            let (mut folders, mut wanted) = (BTreeSet::new(), 0_u32);
            chosen(&desk, &selection, |filing| {
                wanted += 1;
                folders.extend(filing.archive_folder.filter(|_| !filing.files.is_empty()));
                Ok(())
            })?;
            let folders: Vec<String> = folders.into_iter().collect();
            let packed = export::zip(&archive, &folders, &ours, &to)?;
            Ok::<_, ExportError>(ExportView {
                path: to.display().to_string(),
                filings: packed.folders,
                without_folder: wanted - packed.folders,
                left_out: packed.left_out,
            })
        })
        .await
    }

    /// Writes a list of filings for a spreadsheet to `to`, which is replaced if it is there.
    ///
    /// # Errors
    /// `ExportRefused`, `DiskFull`, or the database.
    pub async fn export_csv(self, selection: ExportSelection, to: PathBuf) -> Result<ExportView, Problem> {
        let permit = self.0.may(Action::ExportCsv, None)?;
        let desk = Arc::clone(&permit.desk);
        apart(move || {
            let refused = export::refused(&to);
            let filings = export::write_whole(&to, |file| {
                let mut written = 0;
                let mut table = List::new(file, desk.language()).map_err(refused)?;
                chosen(&desk, &selection, |filing| {
                    written += 1;
                    table.row(&filing).map_err(refused)
                })?;
                table.finish().map_err(refused)?;
                Ok(written)
            })?;
            Ok::<_, ExportError>(ExportView { path: to.display().to_string(), filings, without_folder: 0, left_out: 0 })
        })
        .await
    }

    /// Puts filings of the archive into the history that are not in it: of another computer's archive, or of one whose
    /// disk was not there when the history was lost. Says how many.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn into_history(self) -> Result<u32, Problem> {
        let permit = self.0.may(Action::HistoryFromArchive, None)?;
        let (archive, db) = (permit.desk.archive.clone(), Arc::clone(&permit.desk.db));
        let key = permit.desk.session.archive_key();
        apart(move || {
            verify::folders(archive.root()).map_err(|error| unusable(archive.root(), &error))?;
            Ok::<_, Problem>(recovery::from_archive(&db, &archive, key.as_ref(), Trust::Seal)?.filings)
        })
        .await
    }

    /// Folders of the archive that were not written here, as far as can be told: of another computer, of an older keyring,
    /// or of whoever can write to the archive.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn foreign_folders(self) -> Result<Vec<String>, Problem> {
        self.0.may(Action::VerifyArchive, None)?;
        let report = self.verify().await?;
        let unknown = |it: &ArchiveComplaint| matches!(it.what, ArchiveFault::NotFromHere | ArchiveFault::SealUnread);
        Ok(report.complaints.into_iter().filter(unknown).map(|it| it.folder).collect())
    }

    /// What [`Archived::adopt`] would take in, and what its folders say of it: for a person to look at before she gives her word.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn adoptable(self) -> Result<Vec<Adoptable>, Problem> {
        let permit = self.0.may(Action::HistoryFromArchive, None)?;
        let (archive, db) = (permit.desk.archive.clone(), Arc::clone(&permit.desk.db));
        let key = permit.desk.session.archive_key();
        let language = permit.desk.language();
        apart(move || {
            verify::folders(archive.root()).map_err(|error| unusable(archive.root(), &error))?;
            let found = recovery::adoptable(&db, &archive, key.as_ref())?;
            let told = |Claimed { folder, filing, sum }: Claimed| Adoptable {
                folder: Shown::text(&folder).into_string(),
                filing: filing_view::row(&filing, language),
                sum,
            };
            Ok::<_, Problem>(found.into_iter().map(told).collect())
        })
        .await
    }

    /// Takes in those folders of the archive, which were not written here, on the word of a person who has seen them and knows
    /// that they are hers: their filings are put into the history as delivered, and Altinn is asked what became of them, and
    /// what is to be paid. Then the folders are sealed. Says how many. One that has changed since it was listed is left out.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn adopt(self, seen: &[Adoptable]) -> Result<u32, Problem> {
        let permit = self.0.may(Action::HistoryFromArchive, None)?;
        let (archive, db) = (permit.desk.archive.clone(), Arc::clone(&permit.desk.db));
        let key = permit.desk.session.archive_key();
        let (language, now) = (permit.desk.language(), permit.desk.clock.now());
        let seen: BTreeSet<String> = seen.iter().map(|it| it.sum.clone()).collect();
        apart(move || {
            verify::folders(archive.root()).map_err(|error| unusable(archive.root(), &error))?;
            let back = recovery::from_archive(&db, &archive, key.as_ref(), Trust::Word(&seen))?;
            // Of before the verdict was read, perhaps.
            review::review(&db, &archive, key.as_ref(), language, now)?;
            Ok::<_, Problem>(back.filings)
        })
        .await
    }

    /// The user has taken notice of what a second look at old filings has changed.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss_review(self) -> Result<(), Problem> {
        let permit = self.0.may(Action::DismissRecovery, None)?;
        Ok(review::acknowledge(&permit.desk.db)?)
    }

    /// The user has taken notice of what became of a lost history.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss_recovery(self) -> Result<(), Problem> {
        let permit = self.0.may(Action::DismissRecovery, None)?;
        Ok(recovery::acknowledge(&permit.desk.db)?)
    }
}

/// Compares every file of an archive folder, wherever it lies, with the sum of when it was put there.
///
/// # Errors
/// `ArchiveUnusable` when the folder cannot be read at all.
pub fn verify_folder(folder: &Path) -> Result<ArchiveReport, Problem> {
    verify::verify(folder).map_err(|error| unusable(folder, &error))
}

/// The same for the archive of a data folder, and whether it has every filing that the history knows. Nothing is opened but
/// the database; the keyring is asked only where there are folders that the database does not know, as after it was lost.
///
/// # Errors
/// `ArchiveUnusable` when the folder cannot be read at all, the database, or the refusal of `work`.
pub fn verify_archive(work: &Work, data_dir: &Path, archive_dir: &Path) -> Result<ArchiveReport, Problem> {
    work.may(Action::VerifyArchive, None)?;
    let archive = Archive::new(archive_dir.to_owned());
    archive.close_to_others();
    let mut key = || {
        work.archive_key().unwrap_or_else(|error| {
            tracing::warn!(%error, "The keyring does not say which folders of the archive are sealed by it.");
            None
        })
    };
    verify_with_history(&archive, &Database::open_or_read(data_dir)?, None, &mut key)
}

fn verify_with_history(
    archive: &Archive,
    db: &Database,
    environment: Option<EnvironmentName>,
    ask: &mut dyn FnMut() -> Option<ArchiveKey>,
) -> Result<ArchiveReport, Problem> {
    let known = archived_filings(db, environment)?;
    let found = match verify::all_folders(archive) {
        // Nothing has been put away yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound && known.is_empty() => Vec::new(),
        found => found.map_err(|error| unusable(archive.root(), &error))?,
    };
    let there: BTreeSet<&str> = found.iter().filter_map(ArchiveEntry::filing).collect();
    // Where each filing lies: a copy of its folder bears its seal as well.
    let mut lies: BTreeMap<String, &str> =
        known.iter().filter(|it| there.contains(&*it.folder)).map(|it| (it.filing.clone(), &*it.folder)).collect();
    // Asked for once, and only where it is needed: a keyring that is locked asks a person for its password.
    let mut key: Option<Option<ArchiveKey>> = None;
    let mut strange: BTreeMap<&str, ArchiveFault> = BTreeMap::new();
    let mut unvouched = Vec::new();
    for folder in &there {
        // What has no manifest is a complaint below.
        let Ok(sealed) = archive.sealed(folder) else { continue };
        let known = db.read(|db| seal::knows(db, &sha256(&sealed.manifest)))?;
        if !known && !key.get_or_insert_with(&mut *ask).as_ref().is_some_and(|key| sealed.is_by(key)) {
            // One that bears no seal at all is a stranger's whatever the keyring would say.
            let unread = matches!(key, Some(None)) && sealed.looks_sealed();
            strange.insert(folder, if unread { ArchiveFault::SealUnread } else { ArchiveFault::NotFromHere });
        } else if let Ok(manifest) = Manifest::parse(&sealed.manifest) {
            if *lies.entry(manifest.filing.to_string()).or_insert(folder) != *folder {
                strange.insert(folder, ArchiveFault::Surplus);
            } else if known && !db.read(|db| seal::is_vouched_for(db, &sha256(&sealed.manifest)))? {
                let nobodys = |name| ArchiveComplaint::new(folder, Some(name), ArchiveFault::Unvouched);
                unvouched.extend(archived::not_compared(&manifest).map(nobodys));
            }
        }
    }
    // What a stranger says of his own files is of no interest, and could keep whoever reads them busy for hours.
    let mut report = verify::compared(&found, |folder| !matches!(strange.get(folder), Some(ArchiveFault::NotFromHere)));
    report.complaints.extend(strange.iter().map(|(folder, what)| ArchiveComplaint::new(folder, None, *what)));
    // Whoever has changed it is told so, and no more.
    unvouched
        .retain(|it| !report.complaints.iter().any(|other| (&other.folder, &other.file) == (&it.folder, &it.file)));
    report.complaints.extend(unvouched);
    for ArchivedFiling { folder, sha256, .. } in &known {
        let complaint = |file: Option<&str>, what| ArchiveComplaint::new(folder, file, what);
        // What lies behind a link is not there.
        let lies = archive.path(folder).is_ok() && there.contains(&**folder);
        match lies.then(|| archive.manifest(folder)) {
            None => report.complaints.push(complaint(None, ArchiveFault::FolderMissing)),
            // The manifest agrees with its folder, but not with what was sent.
            Some(Ok(manifest))
                if manifest.files.get(filing::archive::SENT_RETURN).is_some_and(|file| file.sha256 != *sha256) =>
            {
                report.complaints.push(complaint(Some(filing::archive::SENT_RETURN), ArchiveFault::Changed));
            }
            Some(_) => {}
        }
    }
    report.complaints.sort();
    report.complaints.dedup();
    Ok(report)
}

/// A filing that was put away.
struct ArchivedFiling {
    filing: String,
    folder: String,
    /// Of its return.
    sha256: String,
}

fn archived_filings(db: &Database, environment: Option<EnvironmentName>) -> Result<Vec<ArchivedFiling>, DatabaseError> {
    db.read(|db| {
        let mut statement = db.prepare(
            "SELECT id, archive_folder, sha256 FROM filings WHERE archive_folder IS NOT NULL AND files <> '[]'
                AND (?1 IS NULL OR environment = ?1)",
        )?;
        let rows = statement.query_map(params![environment.map(|name| word(&name))], |row| {
            Ok(ArchivedFiling { filing: row.get(0)?, folder: row.get(1)?, sha256: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// Every filing of a selection, through a connection of its own: who files meanwhile is not kept waiting.
fn chosen(
    desk: &Desk,
    selection: &ExportSelection,
    mut take: impl FnMut(filings::Filing) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let (db, environment) = (desk.db.connect()?, desk.environment);
    // What she may not see does not leave with her either.
    let seen = desk.work.seen();
    let mut take = |filing: filings::Filing| match &seen {
        Some(companies) if !companies.has(filing.subject.org_number.as_str()) => Ok(()),
        _ => take(filing),
    };
    match selection {
        ExportSelection::Found { query } => history::each(&db, environment, query, take),
        ExportSelection::Answered => {
            let answered = |filing: filings::Filing| if filing.state.is_answered() { take(filing) } else { Ok(()) };
            history::each(&db, environment, &HistoryQuery::default(), answered)
        }
        ExportSelection::Filings { ids } => {
            for id in ids {
                let Ok(id) = id.parse() else { continue };
                filings::find(&db, environment, &id)?.map_or(Ok(()), &mut take)?;
            }
            Ok(())
        }
    }
}

/// Does what takes the disk some time on a thread that may wait.
async fn apart<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, Problem>
where
    T: Send + 'static,
    E: Into<Problem> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => Err(problem::of(ErrorCode::Internal, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> Problem {
    problem::of(ErrorCode::ArchiveUnusable, error).with("path", path.display().to_string())
}
