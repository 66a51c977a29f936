//! The office's database: SQLite, written through to the disk, so that what the journal says is so.
//!
//! Several programs may have it open at once (a window and the command line). Writing happens in immediate
//! transactions, which wait for each other; who may work on a filing is settled by `filing::ownership`.

pub mod columns;
mod error;
mod pages;
mod recover;
mod short;
pub mod texts;

use std::{
    fs::{self, File, TryLockError},
    io,
    ops::{Deref, DerefMut},
    path::{Path, PathBuf},
    sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use disk::{WholeFile, private};
pub use error::DatabaseError;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::{M, Migrations, SchemaVersion};

/// Name of the file within the data folder.
const FILE: &str = "momsbud.db";
/// How long one program waits for another that is writing.
const PATIENCE: Duration = Duration::from_secs(20);
/// Largest file that is looked through to its last page at every start, bytes; of a larger one the documents are left out,
/// which are most of it and have sums of their own.
const LOOKED_THROUGH: u64 = 64 * 1024 * 1024;
/// How many statements a connection keeps prepared: all that a filing uses on its way.
const STATEMENTS_KEPT: usize = 64;
/// From how many steps ahead on no newer program can have made a database.
const FAR_AHEAD: u32 = 200;
/// How many backups are kept.
const BACKUPS_KEPT: usize = 5;

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| {
    Migrations::new(vec![
        M::up(include_str!("schema.sql")),
        M::up(include_str!("vault.sql")),
        M::up(include_str!("batches.sql")),
        M::up(include_str!("marks.sql")),
        M::up(include_str!("history.sql")),
        M::up(include_str!("deadlines.sql")),
        M::up(include_str!("attachments.sql")),
        M::up(include_str!("sent.sql")),
        M::up(include_str!("verdict.sql")),
        M::up(include_str!("aside.sql")),
        M::up(include_str!("manifests.sql")),
        M::up(include_str!("answers.sql")),
        M::up(include_str!("drafts.sql")),
        M::up(include_str!("draft_making.sql")),
        M::up(include_str!("draft_files.sql")),
        M::up(include_str!("standings.sql")),
        M::up(include_str!("register.sql")),
        M::up(include_str!("outbox.sql")),
        M::up(include_str!("staff.sql")),
        M::up(include_str!("vouched.sql")),
    ])
});

/// The open database.
#[derive(Debug)]
pub struct Database {
    connection: Mutex<Connection>,
    folder: PathBuf,
    // Held for its lock: a database that is open somewhere is not set aside.
    in_use: Arc<File>,
    only_read: bool,
}

/// A connection of its own to the database. As long as it lives the database counts as open, so that no other program
/// sets it aside, whether the [`Database`] it came from is still there or not.
#[derive(Debug)]
pub struct OwnConnection {
    connection: Connection,
    // Held for its lock.
    _in_use: Option<Arc<File>>,
}

impl From<Connection> for OwnConnection {
    /// To a file that belongs to no [`Database`], and that nobody sets aside.
    fn from(connection: Connection) -> Self {
        Self { connection, _in_use: None }
    }
}

impl Deref for OwnConnection {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for OwnConnection {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// What was found at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseState {
    /// A sound database.
    Sound,
    /// None; the new one is empty.
    Nothing,
    /// A damaged one, which lies in this folder now; the new one holds what could still be read of it.
    Damaged(PathBuf),
}

impl Database {
    /// Opens the database in a folder, which is made if it is not there; an older one is brought up to date after a
    /// backup, and every one is looked through for damage.
    ///
    /// # Errors
    /// See [`DatabaseError`]; nothing is left half-done.
    pub fn open(folder: &Path) -> Result<Self, DatabaseError> {
        let _turn = turn(folder)?;
        Self::open_in_turn(folder).map(|(db, _)| db)
    }

    /// The same for what mostly looks: one that may only be read is opened to be read, and whoever writes is refused then.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn open_or_read(folder: &Path) -> Result<Self, DatabaseError> {
        match Self::open(folder) {
            Err(error @ (DatabaseError::ReadOnly(_) | DatabaseError::Folder { .. })) => {
                Self::open_to_read(folder).map(|(db, _)| db).map_err(|_| error)
            }
            other => other,
        }
    }

    /// The same as [`Database::open`], but for a damaged one: it is set aside, and what can still be read of it is brought
    /// over into a new one.
    /// One that may only be read is opened to be read.
    ///
    /// # Errors
    /// See [`DatabaseError`]; `Damaged` when another program has the damaged database open.
    pub fn open_or_recover(folder: &Path, now: Timestamp) -> Result<(Self, DatabaseState), DatabaseError> {
        let _turn = match turn(folder) {
            Err(error @ DatabaseError::Folder { .. }) => return Self::open_to_read(folder).map_err(|_| error),
            turn => turn?,
        };
        let damaged = match Self::open_in_turn(folder) {
            Err(DatabaseError::Damaged { found }) => found,
            // SQLite says it in many ways: a schema it does not understand, a head of a format it does not know, a
            // migration that finds what it is about to make.
            Err(error) if is_damage(&error, folder) => vec![error.to_string()],
            Err(error) if matches!(error, DatabaseError::ReadOnly(_) | DatabaseError::Folder { .. }) => {
                return Self::open_to_read(folder).map_err(|_| error);
            }
            other => return other,
        };
        if in_use(folder)?.try_lock().is_err() {
            return Err(DatabaseError::Damaged { found: damaged });
        }
        tracing::error!(?damaged, "The database is damaged; it is set aside.");
        let place = recover::set_aside(folder, now)?;
        let (db, _) = Self::open_in_turn(folder)?;
        recover::salvage(&place, &db.lock());
        Ok((db, DatabaseState::Damaged(place)))
    }

    fn open_in_turn(folder: &Path) -> Result<(Self, DatabaseState), DatabaseError> {
        let in_use = in_use(folder)?;
        // Where there are no locks (some network shares) two programs must get by without.
        if let Err(error) = in_use.try_lock_shared() {
            tracing::debug!(%error, "The database is open without a lock.");
        }
        let fresh = !folder.join(FILE).exists();
        let mut connection = connect(folder)?;
        if !fresh {
            look_for_damage(&connection, folder)?;
        }
        // Also where nothing is to be brought up to date: a write would be the first to hear of it.
        if connection.is_readonly("main")? {
            let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
            return Err(DatabaseError::from(rusqlite::Error::SqliteFailure(code, None)));
        }
        bring_up_to_date(&mut connection, folder)?;
        let found = if fresh { DatabaseState::Nothing } else { DatabaseState::Sound };
        let db = Self {
            connection: Mutex::new(connection),
            folder: folder.to_owned(),
            in_use: Arc::new(in_use),
            only_read: false,
        };
        Ok((db, found))
    }

    /// Opens a database that may only be read, to show what is in it.
    fn open_to_read(folder: &Path) -> Result<(Self, DatabaseState), DatabaseError> {
        let (in_use, _) = files::open::open(&folder.join(FILE))
            .map_err(io::Error::from)
            .map_err(|source| DatabaseError::Folder { path: folder.to_owned(), source })?;
        let connection = connect_to_read(folder)?;
        look_for_damage(&connection, folder)?;
        match MIGRATIONS.pending_migrations(&connection)? {
            0 => {}
            // It cannot be brought up to date.
            _ => return Err(DatabaseError::Busy),
        }
        tracing::warn!("The database may only be read; it is shown, and nothing can be done.");
        let db = Self {
            connection: Mutex::new(connection),
            folder: folder.to_owned(),
            in_use: Arc::new(in_use),
            only_read: true,
        };
        Ok((db, DatabaseState::Sound))
    }

    /// Whether it may only be read.
    #[must_use]
    pub fn is_only_read(&self) -> bool {
        self.only_read
    }

    /// Whether there is one in this folder.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(FILE).exists()
    }

    /// The data folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Another connection to the same file, for what keeps its own.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn connect(&self) -> Result<OwnConnection, DatabaseError> {
        let connection = if self.only_read { connect_to_read(&self.folder)? } else { connect(&self.folder)? };
        Ok(OwnConnection { connection, _in_use: Some(Arc::clone(&self.in_use)) })
    }

    /// Reads.
    ///
    /// # Errors
    /// What the reading says.
    pub fn read<T, E: From<rusqlite::Error>>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E> {
        read(&self.lock())
    }

    /// Writes in one transaction, which is on the disk when this returns, or has not happened.
    ///
    /// # Errors
    /// What the writing says, or SQLite when it cannot begin or commit.
    pub fn write<T, E: From<rusqlite::Error>>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction)?;
        transaction.commit()?;
        Ok(written)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere leaves no transaction open: it was rolled back when it was dropped.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an error of opening says that the file is damaged, and not that something stands in its way.
fn is_damage(error: &DatabaseError, folder: &Path) -> bool {
    match error {
        DatabaseError::Sql(_) | DatabaseError::Migration(_) | DatabaseError::Value { .. } => true,
        // A head that says that it may not be written, while the system lets it.
        DatabaseError::ReadOnly(_) => {
            #[expect(clippy::disallowed_methods, reason = "nothing is written: whether it could be is what is asked")]
            let opened = File::options().write(true).open(folder.join(FILE));
            opened.is_ok_and(|_| tempfile::tempfile_in(folder).is_ok())
        }
        // No program is so far ahead; or it is not ahead at all, and only its number is.
        DatabaseError::TooNew { newer_by } => *newer_by > FAR_AHEAD || has_this_shape(folder),
        _ => false,
    }
}

/// Whether a database has the very tables that this program makes.
fn has_this_shape(folder: &Path) -> bool {
    let shape = |db: &Connection| look(db, "SELECT name || coalesce(sql, '') FROM sqlite_schema ORDER BY name");
    let ours = || -> Result<bool, DatabaseError> {
        let mut fresh = Connection::open_in_memory()?;
        MIGRATIONS.to_latest(&mut fresh)?;
        Ok(shape(&fresh)? == shape(&connect(folder)?)?)
    };
    ours().unwrap_or_default()
}

/// To a database that may only be read, and whose folder perhaps too.
fn connect_to_read(folder: &Path) -> Result<Connection, DatabaseError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let plain = Connection::open_with_flags(folder.join(FILE), flags)?;
    plain.busy_timeout(PATIENCE)?;
    if look(&plain, "SELECT count(*) || '' FROM sqlite_schema").is_ok() {
        return Ok(plain);
    }
    // Its log cannot be made in a folder that may only be read: nobody can be writing then, and it is as it lies there.
    let file = url::Url::from_file_path(folder.join(FILE)).map_err(|()| DatabaseError::Busy)?;
    let unchanging = format!("file:{}?immutable=1", file.path());
    Ok(Connection::open_with_flags(unchanging, flags | OpenFlags::SQLITE_OPEN_URI)?)
}

fn connect(folder: &Path) -> Result<Connection, DatabaseError> {
    // Made here if it is not there: what SQLite makes everybody may read.
    match disk::create_new(&folder.join(FILE)) {
        Err(source) if source.kind() == io::ErrorKind::StorageFull => {
            return Err(DatabaseError::Folder { path: folder.to_owned(), source });
        }
        // SQLite says what else there is to say.
        _ => {}
    }
    let connection = Connection::open_with_flags(
        folder.join(FILE),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Sealed secrets that are deleted are wiped from the file too.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    Ok(connection)
}

/// The file whose lock says that the database is open.
fn in_use(folder: &Path) -> Result<File, DatabaseError> {
    let open = private::options().create(true).truncate(false).write(true).open(folder.join("in-use.lock"));
    open.map_err(|source| DatabaseError::Folder { path: folder.to_owned(), source })
}

/// Waits for the right to open the database; given back when the file is closed. Two programs that start together must
/// not migrate together.
fn turn(folder: &Path) -> Result<File, DatabaseError> {
    let refused = |source| DatabaseError::Folder { path: folder.to_owned(), source };
    disk::create_folder(folder).map_err(refused)?;
    // Tokens lie sealed in it, and business secrets open: it is its owner's alone, whatever somebody has made of it.
    if let Err(error) = private::close(folder, private::Whose::Owners) {
        tracing::warn!(%error, "Who may read the data folder could not be looked at.");
    }
    let file = private::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join("opening.lock"))
        .map_err(refused)?;
    let began = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(DatabaseError::Busy),
            // A file system without locks (some network shares): SQLite's own must do.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => return Ok(file),
            Err(TryLockError::Error(error)) => return Err(refused(error)),
        }
    }
}

fn look_for_damage(connection: &Connection, folder: &Path) -> Result<(), DatabaseError> {
    let size = fs::metadata(folder.join(FILE)).map_or(0, |metadata| metadata.len());
    let said = if size <= LOOKED_THROUGH {
        look(connection, "PRAGMA integrity_check(20)")?
    } else {
        let mut said = Vec::new();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'documents'";
        for table in look(connection, tables)? {
            said.extend(look(connection, &format!("PRAGMA integrity_check({table})"))?);
        }
        said
    };
    if !said.iter().all(|line| line == "ok") {
        return Err(DatabaseError::Damaged { found: said });
    }
    match short::missing_page(connection, folder)? {
        Some(page) => Err(DatabaseError::Damaged { found: vec![format!("page {page} is missing")] }),
        None => Ok(()),
    }
}

/// The first column of an answer.
fn look(connection: &Connection, question: &str) -> Result<Vec<String>, DatabaseError> {
    let mut statement = connection.prepare(question)?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// How the database of a folder is, for first aid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// There is none yet.
    None,
    /// Whole, of this size in bytes.
    Whole(u64),
    /// Written by a newer version of the program.
    TooNew,
    /// Damaged; what SQLite found, line by line.
    Damaged(Vec<String>),
    /// It could not be looked at.
    Unreadable(String),
}

/// Looks through a folder's database for damage, thoroughly and without changing anything.
pub fn health(folder: &Path) -> Health {
    let file = folder.join(FILE);
    let size = match fs::metadata(&file) {
        Ok(found) => found.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Health::None,
        Err(error) => return Health::Unreadable(error.to_string()),
    };
    let looked = || -> rusqlite::Result<Vec<String>> {
        let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(PATIENCE)?;
        let mut check = connection.prepare("PRAGMA integrity_check(20)")?;
        check.query_map([], |row| row.get(0))?.collect()
    };
    let newer = || -> Option<bool> {
        let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
        Some(MIGRATIONS.pending_migrations(&connection).ok()? < 0)
    };
    match looked() {
        Ok(said) if said == ["ok"] && newer() == Some(true) => Health::TooNew,
        Ok(said) if said == ["ok"] => Health::Whole(size),
        Ok(said) => Health::Damaged(said),
        Err(rusqlite::Error::SqliteFailure(error, said))
            if matches!(error.code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase) =>
        {
            Health::Damaged(said.into_iter().collect())
        }
        Err(error) => Health::Unreadable(error.to_string()),
    }
}

fn bring_up_to_date(connection: &mut Connection, folder: &Path) -> Result<(), DatabaseError> {
    let pending = MIGRATIONS.pending_migrations(connection)?;
    if pending < 0 {
        return Err(DatabaseError::TooNew { newer_by: pending.unsigned_abs() });
    }
    if pending == 0 {
        return Ok(());
    }
    if let SchemaVersion::Inside(version) = MIGRATIONS.current_version(connection)? {
        back_up(connection, folder, version.get())?;
    }
    MIGRATIONS.to_latest(connection)?;
    Ok(())
}

/// Takes the sealed secrets out of a copy: what a person has the program forget must not go on in a backup. Whoever
/// needs the backup signs in again.
fn without_secrets(copy: &Path) -> Result<(), DatabaseError> {
    let copy = Connection::open(copy)?;
    let kept: i64 =
        copy.query_row("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'secrets'", [], |row| {
            row.get(0)
        })?;
    if kept == 1 {
        // The pages are written anew, so that nothing of them is left between the rows.
        copy.execute_batch("PRAGMA journal_mode = DELETE; DELETE FROM secrets; VACUUM;")?;
    }
    Ok(())
}

/// Copies the database as it is, through SQLite, so that what still lies in the write-ahead log comes along; all but
/// its secrets.
fn back_up(connection: &Connection, folder: &Path, version: usize) -> Result<(), DatabaseError> {
    let backups = folder.join("backups");
    let refused = |source| DatabaseError::Backup { path: backups.clone(), source };
    disk::create_folder(&backups).map_err(refused)?;
    let kept = (1..)
        .map(|n| backups.join(format!("momsbud-version-{version}-{n}.db")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| backups.join("momsbud.db"));
    // SQLite writes into a file by its name; the folder that the name is in is nobody else's.
    let beside =
        tempfile::Builder::new().prefix(".momsbud-").suffix(".partial").tempdir_in(&backups).map_err(refused)?;
    let copy = beside.path().join(FILE);
    disk::create_new(&copy).map_err(refused)?;
    connection.backup("main", &copy, None)?;
    without_secrets(&copy)?;
    let mut whole = WholeFile::new(&kept).map_err(refused)?;
    disk::place::open_regular(&copy).and_then(|mut file| io::copy(&mut file, &mut whole)).map_err(refused)?;
    whole.finish().map_err(refused)?;
    tracing::info!(version, "The database was backed up before it was changed.");
    let mut all: Vec<_> = disk::entries(&backups)
        .map_err(refused)?
        .into_iter()
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    all.sort();
    for (_, old) in all.iter().rev().skip(BACKUPS_KEPT) {
        if let Err(error) = fs::remove_file(old) {
            tracing::warn!(%error, "An old backup could not be removed.");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
