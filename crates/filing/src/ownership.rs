//! One owner per filing, across windows and programs.
//!
//! Whoever works on a filing holds an operating-system lock on a file of its name. The system gives the lock back
//! when a program ends, however it ends, so that nothing has to guess whether an owner is still alive.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use view::ids::{BatchId, FilingId};

/// The folder of the locks.
#[derive(Debug, Clone)]
pub struct Ownership {
    folder: PathBuf,
}

/// What one program works on at a time. Its key makes the name of the lock, so that no other text can.
#[derive(Debug)]
pub enum Lock<'a> {
    /// Of a filing.
    Filing(&'a FilingId),
    /// Of a batch.
    Batch(&'a BatchId),
}

impl Lock<'_> {
    fn file_name(&self) -> String {
        match self {
            Self::Filing(id) => format!("{id}.lock"),
            Self::Batch(id) => format!("batch-{id}.lock"),
        }
    }
}

/// The right to work on one of them; given back when dropped.
#[derive(Debug)]
pub struct Claim {
    path: PathBuf,
    // Held for its lock.
    _file: File,
}

impl Ownership {
    /// Locks below the data folder.
    pub fn new(data_dir: &Path) -> Self {
        Self { folder: data_dir.join("locks") }
    }

    /// Claims a filing or a batch; `None` when somebody else is working on it, here or in another program.
    ///
    /// # Errors
    /// The folder or the lock cannot be made.
    pub fn claim(&self, what: &Lock<'_>) -> io::Result<Option<Claim>> {
        disk::create_folder(&self.folder)?;
        let path = self.folder.join(what.file_name());
        let file = disk::private::options().create(true).truncate(false).write(true).open(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Claim { path, _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

impl Claim {
    /// Gives the claim back for good: nothing remains to be done to the filing.
    ///
    /// Only then may the file go: who still waits for it finds a finished filing in the database, while removing the
    /// lock of an unfinished one would let two programs hold two files of the same name.
    pub fn finish(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(%error, "The lock of a finished filing stays behind.");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_filing_has_one_owner_until_it_is_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let ownership = Ownership::new(folder.path());
        let (a, b) = (FilingId::named("a"), FilingId::named("b"));
        let (a, b) = (Lock::Filing(&a), Lock::Filing(&b));
        let claim = ownership.claim(&a).unwrap().unwrap();
        assert!(ownership.claim(&a).unwrap().is_none());
        assert!(ownership.claim(&b).unwrap().is_some());
        drop(claim);
        let again = ownership.claim(&a).unwrap().unwrap();
        again.finish();
        assert!(ownership.claim(&a).unwrap().is_some());
    }
}
