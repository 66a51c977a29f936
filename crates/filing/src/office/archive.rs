//! What a person may do with the archive as a whole: verify it, take filings along, build the history anew from it.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::params;

use super::{Office, desk::Desk, existing, opener};
use crate::{
    archive::{
        Archive,
        export::{self, ExportError, List},
        manifest::Manifest,
        seal, verify,
    },
    database::{Database, DatabaseError, columns::word},
    digest::sha256,
    engine::Listener as _,
    filings, history, problem,
    recovery::{self, Trust},
    review,
    vault::ArchiveKey,
    view::{
        ArchiveComplaint, ArchiveFault, ArchiveReport, EnvironmentName, ErrorCode, ErrorView, ExportFormat,
        ExportSelection, ExportView, HistoryQuery, PeriodChoice,
    },
    work::{
        Work,
        rights::{Action, Companies},
    },
};

impl Office {
    /// The years and periods that the history has filings of, the latest first.
    ///
    /// # Errors
    /// The database.
    pub fn history_periods(&self) -> Result<Vec<PeriodChoice>, ErrorView> {
        self.may(Action::HistoryPeriods, None)?;
        let desk = &self.desk;
        let seen = desk.work.seen();
        let only = seen.as_ref().and_then(Companies::listed);
        Ok(desk.db.read(|db| history::periods(db, desk.environment, desk.language(), only))?)
    }

    /// One file of a filing's folder.
    ///
    /// # Errors
    /// `NotFound` when the filing has no file of that name, or it has been removed from the archive.
    pub fn archived_file(&self, id: &str, name: &str) -> Result<PathBuf, ErrorView> {
        let filing = self.find(id, Action::ArchivedFile)?;
        // Only what was put there: the name comes from outside.
        if !filing.files.iter().any(|file| file.name == name) {
            return Err(problem::says(ErrorCode::NotFound, "The filing has no such file."));
        }
        let folder = self.folder(id, Action::ArchivedFile)?;
        let path = disk::below(&folder, name).map_err(|error| problem::of(ErrorCode::NotFound, &error))?;
        opener::openable(existing(path)?)
    }

    /// Compares every file of the archive with the sum of when it was put there, and the archive with the history of this
    /// environment.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn verify_archive(&self) -> Result<ArchiveReport, ErrorView> {
        self.may(Action::VerifyArchive, None)?;
        let (archive, db) = (self.desk.archive.clone(), Arc::clone(&self.desk.db));
        let (environment, key) = (self.desk.environment, self.desk.session.archive_key());
        apart(move || verify_with_history(&archive, &db, Some(environment), key.as_ref())).await
    }

    /// Writes filings to `to` in that format.
    ///
    /// # Errors
    /// See [`Office::export_zip`] and [`Office::export_csv`].
    pub async fn export_filings(
        &self,
        selection: ExportSelection,
        format: ExportFormat,
        to: PathBuf,
    ) -> Result<ExportView, ErrorView> {
        self.may(Action::ExportFilings, None)?;
        match format {
            ExportFormat::Zip => self.export_zip(selection, to).await,
            ExportFormat::Csv => self.export_csv(selection, to).await,
        }
    }

    /// Writes the folders of filings as a zip to `to`, which is replaced if it is there.
    ///
    /// # Errors
    /// `ExportRefused`, `DiskFull`, or the database.
    pub async fn export_zip(&self, selection: ExportSelection, to: PathBuf) -> Result<ExportView, ErrorView> {
        self.may(Action::ExportZip, None)?;
        let (archive, desk) = (self.desk.archive.clone(), Arc::clone(&self.desk));
        apart(move || {
            let (mut folders, mut wanted) = (BTreeSet::new(), 0_u32);
            chosen(&desk, &selection, |filing| {
                wanted += 1;
                folders.extend(filing.archive_folder.filter(|_| !filing.files.is_empty()));
                Ok(())
            })?;
            let folders: Vec<String> = folders.into_iter().collect();
            let filings = export::zip(&archive, &folders, &to)?;
            Ok::<_, ExportError>(ExportView {
                path: to.display().to_string(),
                filings,
                without_folder: wanted - filings,
            })
        })
        .await
    }

    /// Writes a list of filings for a spreadsheet to `to`, which is replaced if it is there.
    ///
    /// # Errors
    /// `ExportRefused`, `DiskFull`, or the database.
    pub async fn export_csv(&self, selection: ExportSelection, to: PathBuf) -> Result<ExportView, ErrorView> {
        self.may(Action::ExportCsv, None)?;
        let desk = Arc::clone(&self.desk);
        apart(move || {
            let refused = export::refused(&to);
            let filings = export::whole(&to, |file| {
                let mut written = 0;
                let mut table = List::new(file, desk.language()).map_err(refused)?;
                chosen(&desk, &selection, |filing| {
                    written += 1;
                    table.row(&filing).map_err(refused)
                })?;
                table.finish().map_err(refused)?;
                Ok(written)
            })?;
            Ok::<_, ExportError>(ExportView { path: to.display().to_string(), filings, without_folder: 0 })
        })
        .await
    }

    /// Puts filings of the archive into the history that are not in it: of another computer's archive, or of one whose
    /// disk was not there when the history was lost. Says how many.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn history_from_archive(&self) -> Result<u32, ErrorView> {
        self.may(Action::HistoryFromArchive, None)?;
        let (archive, db) = (self.desk.archive.clone(), Arc::clone(&self.desk.db));
        let key = self.desk.session.archive_key();
        apart(move || {
            verify::folders(archive.root()).map_err(|error| unusable(archive.root(), &error))?;
            Ok::<_, ErrorView>(recovery::from_archive(&db, &archive, key.as_ref(), Trust::Seal)?.filings)
        })
        .await
    }

    /// Folders of the archive that were not written here, as far as can be told: of another computer, of an older keyring,
    /// or of whoever can write to the archive.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn foreign_folders(&self) -> Result<Vec<String>, ErrorView> {
        self.may(Action::VerifyArchive, None)?;
        let report = self.verify_archive().await?;
        let foreign = report.complaints.into_iter().filter(|it| it.what == ArchiveFault::NotFromHere);
        Ok(foreign.map(|it| it.folder).collect())
    }

    /// Takes in the folders of the archive that were not written here, on the word of a person who knows that they are
    /// hers: they are sealed, and their filings put into the history. Says how many.
    ///
    /// # Errors
    /// `ArchiveUnusable` when the archive cannot be read at all, or the database.
    pub async fn adopt_archive(&self) -> Result<u32, ErrorView> {
        self.may(Action::HistoryFromArchive, None)?;
        let (archive, db) = (self.desk.archive.clone(), Arc::clone(&self.desk.db));
        let key = self.desk.session.archive_key();
        let (language, now) = (self.desk.language(), self.desk.clock.now());
        apart(move || {
            verify::folders(archive.root()).map_err(|error| unusable(archive.root(), &error))?;
            let back = recovery::from_archive(&db, &archive, key.as_ref(), Trust::Word)?;
            // Of before the verdict was read, perhaps.
            review::review(&db, &archive, language, now)?;
            Ok::<_, ErrorView>(back.filings)
        })
        .await
    }

    /// The user has taken notice of what a second look at old filings has changed.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss_review(&self) -> Result<(), ErrorView> {
        self.may(Action::DismissRecovery, None)?;
        Ok(review::told(&self.desk.db)?)
    }

    /// The user has taken notice of what became of a lost history.
    ///
    /// # Errors
    /// The database.
    pub fn dismiss_recovery(&self) -> Result<(), ErrorView> {
        self.may(Action::DismissRecovery, None)?;
        Ok(recovery::told(&self.desk.db)?)
    }
}

/// Compares every file of an archive folder, wherever it lies, with the sum of when it was put there.
///
/// # Errors
/// `ArchiveUnusable` when the folder cannot be read at all.
pub fn verify_folder(folder: &Path) -> Result<ArchiveReport, ErrorView> {
    verify::verify(folder).map_err(|error| unusable(folder, &error))
}

/// The same for the archive of a data folder, and whether it has every filing that the history knows; nothing is opened
/// but the database, and nothing asked of anybody.
///
/// # Errors
/// `ArchiveUnusable` when the folder cannot be read at all, the database, or the refusal of `work`.
pub fn verify_archive(work: &Work, data_dir: &Path, archive_dir: &Path) -> Result<ArchiveReport, ErrorView> {
    work.may(Action::VerifyArchive, None)?;
    let archive = Archive::new(archive_dir.to_owned());
    if !Database::is_in(data_dir) {
        return verify_folder(archive_dir);
    }
    verify_with_history(&archive, &Database::open_or_read(data_dir)?, None, None)
}

fn verify_with_history(
    archive: &Archive,
    db: &Database,
    environment: Option<EnvironmentName>,
    key: Option<&ArchiveKey>,
) -> Result<ArchiveReport, ErrorView> {
    let known = known(db, environment)?;
    let (mut report, there) = match verify::verify_all(archive) {
        // Nothing has been put away yet.
        Err(error) if error.kind() == io::ErrorKind::NotFound && known.is_empty() => Default::default(),
        verified => verified.map_err(|error| unusable(archive.root(), &error))?,
    };
    for folder in &there {
        let Ok(path) = archive.path(folder) else { continue };
        // What has no manifest is a complaint already.
        let Ok((bytes, sealed)) = seal::read(&path, key) else { continue };
        if !sealed && !db.read(|db| seal::knows(db, &sha256(&bytes)))? {
            let what = ArchiveFault::NotFromHere;
            report.complaints.push(ArchiveComplaint { folder: folder.clone(), file: None, what });
        }
    }
    for (folder, sha256) in known {
        let Ok(path) = archive.path(&folder) else { continue };
        let complaint =
            |file: Option<&str>, what| ArchiveComplaint { folder: folder.clone(), file: file.map(str::to_owned), what };
        if !there.contains(&folder) {
            report.complaints.push(complaint(None, ArchiveFault::FolderMissing));
        } else if let Ok(manifest) = Manifest::read(&path)
            && manifest.files.get(crate::archive::SENT_RETURN).is_some_and(|file| file.sha256 != sha256)
        {
            // The manifest agrees with its folder, but not with what was sent.
            report.complaints.push(complaint(Some(crate::archive::SENT_RETURN), ArchiveFault::Changed));
        }
    }
    report.complaints.sort();
    report.complaints.dedup();
    Ok(report)
}

/// Folder and sum of the return of every filing that was put away.
fn known(db: &Database, environment: Option<EnvironmentName>) -> Result<Vec<(String, String)>, DatabaseError> {
    db.read(|db| {
        let mut statement = db.prepare(
            "SELECT archive_folder, sha256 FROM filings WHERE archive_folder IS NOT NULL AND files <> '[]'
                AND (?1 IS NULL OR environment = ?1)",
        )?;
        let rows =
            statement.query_map(params![environment.map(|name| word(&name))], |row| Ok((row.get(0)?, row.get(1)?)))?;
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
        Some(companies) if !companies.has(&filing.subject.org_number) => Ok(()),
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
async fn apart<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, ErrorView>
where
    T: Send + 'static,
    E: Into<ErrorView> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done.map_err(Into::into),
        Err(error) => Err(problem::of(ErrorCode::Internal, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> ErrorView {
    problem::of(ErrorCode::ArchiveUnusable, error).with("path", path.display().to_string())
}
