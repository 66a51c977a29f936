//! Why the database does not serve, in words that lead to a remedy.

use std::{io, path::PathBuf};

use rusqlite::ErrorCode as Sqlite;
use view::{
    ErrorCode,
    problem::{self, Problem},
};

/// Why the database does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The data folder cannot be made or used. Cause: no right, a read-only disk, a file in its place.
    #[error("the data folder {} cannot be used", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The disk is full. Remedy: make room; nothing has been half-written.
    #[error("the disk is full")]
    Full(#[source] rusqlite::Error),
    /// The disk, folder or file may only be read. Remedy: another data folder, or the right to write.
    #[error("the data folder may only be read")]
    ReadOnly(#[source] rusqlite::Error),
    /// The file is damaged. It is set aside at the next start of the only program that has it open; the archive is
    /// untouched, and so is the folder `backups`.
    #[error("the database is damaged: {}", found.join("; "))]
    Damaged {
        /// What SQLite found.
        found: Vec<String>,
    },
    /// It was made by a newer program. Remedy: start that one.
    #[error("the database was made by a newer Momsbud ({newer_by} steps ahead)")]
    TooNew {
        /// How many migrations it is ahead.
        newer_by: u32,
    },
    /// Another program has been writing all the time.
    #[error("another program has been using the database for too long")]
    Busy,
    /// It could not be backed up, and so was not changed.
    #[error("the database could not be backed up in {}", path.display())]
    Backup {
        /// The folder of backups.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// It could not be brought up to date; the backup is in the folder `backups`.
    #[error("the database could not be brought up to date")]
    Migration(#[from] rusqlite_migration::Error),
    /// Anything else SQLite says.
    #[error("the database")]
    Sql(#[source] rusqlite::Error),
    /// A value that this program has never written.
    #[error("the database holds {found:?} for {column}")]
    Value {
        /// Column.
        column: &'static str,
        /// What stands there.
        found: String,
    },
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(Sqlite::DiskFull) => Self::Full(error),
            Some(Sqlite::ReadOnly | Sqlite::PermissionDenied | Sqlite::CannotOpen) => Self::ReadOnly(error),
            Some(Sqlite::DatabaseCorrupt | Sqlite::NotADatabase) => Self::Damaged { found: vec![error.to_string()] },
            // A disk that is full says so in these ways too: the log's index cannot be made longer, or nothing be written.
            Some(Sqlite::SystemIoFailure) if is_of_writing(&error) => Self::Full(error),
            Some(Sqlite::DatabaseBusy | Sqlite::DatabaseLocked) => Self::Busy,
            _ => Self::Sql(error),
        }
    }
}

fn is_of_writing(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{
        SQLITE_IOERR_DIR_FSYNC, SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMMAP, SQLITE_IOERR_SHMOPEN, SQLITE_IOERR_SHMSIZE,
        SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE,
    };
    let code = match error {
        rusqlite::Error::SqliteFailure(failure, _) => failure.extended_code,
        _ => return false,
    };
    [
        SQLITE_IOERR_WRITE,
        SQLITE_IOERR_FSYNC,
        SQLITE_IOERR_DIR_FSYNC,
        SQLITE_IOERR_TRUNCATE,
        SQLITE_IOERR_SHMOPEN,
        SQLITE_IOERR_SHMSIZE,
        SQLITE_IOERR_SHMMAP,
    ]
    .contains(&code)
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        let code = match &error {
            DatabaseError::Full(_) | DatabaseError::ReadOnly(_) => ErrorCode::DiskFull,
            DatabaseError::Folder { source, .. } | DatabaseError::Backup { source, .. } => problem::of_io(source),
            DatabaseError::Damaged { .. }
            | DatabaseError::TooNew { .. }
            | DatabaseError::Busy
            | DatabaseError::Migration(_) => ErrorCode::DataUnusable,
            DatabaseError::Sql(_) | DatabaseError::Value { .. } => ErrorCode::Internal,
        };
        problem::of(code, &error)
    }
}
