//! Where attachments lie between the drop and the archive, so that what was checked is what is sent, whatever becomes of
//! the files they came from.
//!
//! Below `attachments` in the data folder: `open/{program}` for what lies on the cards of a running program, `filings/
//! {filing}` for what a filing has taken over, `drafts/{draft}` for what goes with a draft. A file of the first becomes one of the second as a hard link, so that
//! twenty large files are not written twice. What a program that died left behind is swept away by the next start.

use base16ct::lower::encode_string;
use std::{
    fs::{self, File, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use store::database::{Database, DatabaseError};
use view::{
    ids::{AttachmentId, DraftId, FilingId},
    state::sql,
};

use sha2::{Digest as _, Sha256};

use files::attachable::{self, Content, Kind};

use super::LARGEST;

/// The folder of what filings have taken over.
const FILINGS: &str = "filings";
/// The folder of what goes with drafts.
const DRAFTS: &str = "drafts";
/// The folder of what lies on the cards of running programs.
const OPEN: &str = "open";
/// The folder of copies to look at, in the folder of a program.
const SHOWN: &str = "shown";
/// Bytes copied at a time.
const CHUNK: usize = 64 * 1024;

/// A file that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    pub(crate) path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// Hexadecimal.
    pub sha256: String,
    /// What kind of file it is.
    pub kind: Kind,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum StoreFileError {
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It has more bytes than an attachment may have.
    #[error("the file has {0} bytes")]
    TooLarge(u64),
    /// It holds nothing that may be attached.
    #[error("the file is of no kind that may be attached")]
    Other,
    /// It is a return.
    #[error("the file is a VAT return")]
    Return,
    /// The file of the person's cannot be read.
    #[error("the file cannot be read")]
    Unreadable(#[source] io::Error),
    /// The data folder cannot be written.
    #[error("the file cannot be kept")]
    Unwritable(#[source] io::Error),
}

/// The store of one running program.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    /// Names this program's own folder.
    key: String,
    /// Held as long as the program runs; the folder is made when it is first needed.
    lock: Mutex<Option<File>>,
}

impl Store {
    /// The store in a data folder, for a program of that key.
    pub fn new(data_dir: &Path, key: String) -> Self {
        Self { root: data_dir.join("attachments"), key, lock: Mutex::default() }
    }

    /// Copies a file, looks into the copy and measures it. What is checked from now on is the copy.
    pub fn store(&self, source: &Path, id: &AttachmentId) -> Result<StoredFile, StoreFileError> {
        let (mut from, size) = files::open::open(source).map_err(|why| StoreFileError::Unreadable(why.into()))?;
        if size > LARGEST {
            return Err(StoreFileError::TooLarge(size));
        }
        let folder = self.own_folder().map_err(StoreFileError::Unwritable)?;
        let path = folder.join(id.to_string());
        let kept = Self::copy(&mut from, &path);
        if kept.is_err() {
            discard(&path);
        }
        kept
    }

    /// The same for bytes that come from elsewhere.
    pub fn store_file(&self, path: &Path) -> Result<StoredFile, StoreFileError> {
        let mut file = disk::place::open_regular(path).map_err(StoreFileError::Unreadable)?;
        let sha256 = digest(&mut file).map_err(StoreFileError::Unreadable)?;
        Self::look(path, &mut file, sha256)
    }

    fn copy(from: &mut File, path: &Path) -> Result<StoredFile, StoreFileError> {
        let mut to = disk::create_new(path).map_err(StoreFileError::Unwritable)?;
        let (mut chunk, mut hasher, mut size) = (vec![0; CHUNK], Sha256::new(), 0_u64);
        loop {
            let read = from.read(&mut chunk).map_err(StoreFileError::Unreadable)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            if size > LARGEST {
                return Err(StoreFileError::TooLarge(size));
            }
            let Some(part) = chunk.get(..read) else { break };
            hasher.update(part);
            to.write_all(part).map_err(StoreFileError::Unwritable)?;
        }
        to.sync_all().map_err(StoreFileError::Unwritable)?;
        Self::look(path, &mut to, encode_string(&hasher.finalize()))
    }

    fn look(path: &Path, file: &mut File, sha256: String) -> Result<StoredFile, StoreFileError> {
        let size = file.metadata().map_err(StoreFileError::Unreadable)?.len();
        if size == 0 {
            return Err(StoreFileError::Empty);
        }
        if size > LARGEST {
            return Err(StoreFileError::TooLarge(size));
        }
        match attachable::of(file).map_err(StoreFileError::Unreadable)? {
            Content::Attachable(kind) => Ok(StoredFile { path: path.to_owned(), size, sha256, kind }),
            Content::Return => Err(StoreFileError::Return),
            Content::Other => Err(StoreFileError::Other),
        }
    }

    /// A place for a file of this program's that is still to be written.
    pub fn place(&self, id: &AttachmentId) -> io::Result<PathBuf> {
        Ok(self.own_folder()?.join(id.to_string()))
    }

    /// A copy of a file to look at, under the name that people know it by: what is looked at with another program is never what
    /// is sent. It goes with the program's own folder.
    ///
    /// # Errors
    /// [`StoreFileError::Unreadable`] and [`StoreFileError::Unwritable`].
    pub fn to_look_at(&self, kept: &StoredFile, id: &AttachmentId, name: &str) -> Result<PathBuf, StoreFileError> {
        let folder = self.own_folder().map_err(StoreFileError::Unwritable)?.join(SHOWN).join(id.to_string());
        disk::create_folder(&folder).map_err(StoreFileError::Unwritable)?;
        let path = folder.join(disk::safe_name(name));
        // Whoever has changed the last copy sees the file itself again.
        discard(&path);
        let mut from = disk::place::open_regular(&kept.path).map_err(StoreFileError::Unreadable)?;
        let mut to = disk::create_new(&path).map_err(StoreFileError::Unwritable)?;
        io::copy(&mut from, &mut to).map_err(StoreFileError::Unwritable)?;
        Ok(path)
    }

    /// Lets go of a file that no card shows any more.
    pub fn discard(&self, kept: &StoredFile) {
        discard(&kept.path);
    }

    /// Where a filing's attachment of that number lies.
    pub(crate) fn path(&self, filing: &FilingId, place: u32) -> PathBuf {
        self.filing_folder(filing).join(place.to_string())
    }

    /// Gives a filing its own hold of a file; the card's stays, for another try. Within the transaction that begins the
    /// filing, or the sweeping of another program could take it for a leftover.
    pub fn hand_over(&self, kept: &StoredFile, filing: &FilingId, place: u32) -> io::Result<()> {
        let folder = self.filing_folder(filing);
        disk::create_folder(&folder)?;
        link(&kept.path, &self.path(filing, place))?;
        disk::sync_folder(&folder)
    }

    /// Lets go of a filing's attachments: they are in the archive, or will never be sent.
    pub(crate) fn release(&self, filing: &FilingId) {
        self.remove_folder(&format!("{FILINGS}/{filing}"));
    }

    /// Gives a draft its own hold of a file, so that it is there after this program; a card's stays.
    pub fn retain_referenced(&self, kept: &StoredFile, draft: &DraftId, id: &AttachmentId) -> io::Result<()> {
        let folder = self.draft_folder(draft);
        disk::create_folder(&folder)?;
        link(&kept.path, &folder.join(id.to_string()))?;
        disk::sync_folder(&folder)
    }

    /// A file that goes with a draft, in this program's own hold and looked at anew.
    pub fn take_from(&self, draft: &DraftId, id: &AttachmentId) -> Result<StoredFile, StoreFileError> {
        let kept = self.draft_path(draft, id);
        if !kept.exists() {
            return Err(StoreFileError::Unreadable(io::ErrorKind::NotFound.into()));
        }
        let path = self.place(id).map_err(StoreFileError::Unwritable)?;
        link(&kept, &path).map_err(StoreFileError::Unwritable)?;
        self.store_file(&path)
    }

    /// Lets go of a file that goes with a draft no more.
    pub fn take_away(&self, draft: &DraftId, id: &AttachmentId) {
        discard(&self.draft_path(draft, id));
    }

    /// Where a file that goes with a draft lies.
    pub fn draft_path(&self, draft: &DraftId, id: &AttachmentId) -> PathBuf {
        self.draft_folder(draft).join(id.to_string())
    }

    fn draft_folder(&self, draft: &DraftId) -> PathBuf {
        self.root.join(DRAFTS).join(draft.to_string())
    }

    /// Removes what programs that died have left behind. Best effort: a leftover costs space and nothing else.
    pub fn sweep(&self, db: &Database) {
        if let Err(error) = self.sweep_open() {
            tracing::warn!(%error, "Attachments of an earlier run stay behind.");
        }
        // In a writing transaction, as filings are begun: none can be half begun meanwhile.
        let swept = db.write(|tx| {
            let Ok(entries) = disk::entries(&self.root.join(FILINGS)) else { return Ok(()) };
            for entry in entries {
                // What is called otherwise is none of ours, and stays.
                let filing = entry.file_name().to_str().and_then(|name| name.parse::<FilingId>().ok());
                let Some(filing) = filing else { continue };
                let wanted: bool = tx.query_row(
                    &format!(
                        "SELECT EXISTS (SELECT 1 FROM filings WHERE id = ?1 AND state IN {})",
                        *sql::KEEPS_ITS_ATTACHMENTS
                    ),
                    [&filing],
                    |row| row.get(0),
                )?;
                if !wanted {
                    self.release(&filing);
                }
            }
            // Those of drafts that left the wastebasket, and those that were never written down.
            for entry in disk::entries(&self.root.join(DRAFTS)).unwrap_or_default() {
                let draft = entry.file_name().to_str().and_then(|name| name.parse::<DraftId>().ok());
                let Some(draft) = draft else { continue };
                let wanted: bool = tx.query_row(
                    "SELECT EXISTS (SELECT 1 FROM draft_attachments WHERE draft = ?1)",
                    [&draft],
                    |row| row.get(0),
                )?;
                if !wanted {
                    self.remove_folder(&format!("{DRAFTS}/{draft}"));
                }
            }
            Ok::<_, DatabaseError>(())
        });
        if let Err(error) = swept {
            tracing::warn!(%error, "Attachments of finished filings stay behind.");
        }
    }

    fn sweep_open(&self) -> io::Result<()> {
        for entry in disk::entries(&self.root.join(OPEN))? {
            let path = entry.path();
            if path.extension().is_none_or(|ending| ending != "lock") {
                continue;
            }
            let lock = disk::private::open_lock(&path)?;
            match lock.try_lock() {
                Ok(()) => {
                    if let Some(program) = path.file_stem().and_then(|name| name.to_str()) {
                        self.remove_folder(&format!("{OPEN}/{program}"));
                    }
                    discard(&path);
                }
                // Its program is running.
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(())
    }

    fn filing_folder(&self, filing: &FilingId) -> PathBuf {
        self.root.join(FILINGS).join(filing.to_string())
    }

    /// Removes a folder of the store, and nothing that lies outside it.
    fn remove_folder(&self, names: &str) {
        if let Err(error) = disk::remove_folder(&self.root, names) {
            tracing::warn!(%error, "A folder of attachments stays behind.");
        }
    }

    /// This program's own folder, with a lock beside it that the operating system gives back when the program ends.
    fn own_folder(&self) -> io::Result<PathBuf> {
        let folder = self.root.join(OPEN).join(&self.key);
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        if lock.is_none() {
            disk::create_folder(&self.root.join(OPEN))?;
            let lock_file = folder.with_extension("lock");
            let file = disk::private::open_lock(&lock_file)?;
            match file.try_lock() {
                Ok(()) | Err(TryLockError::WouldBlock) => {}
                // A file system without locks: nothing is swept there either.
                Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
                Err(TryLockError::Error(error)) => return Err(error),
            }
            disk::create_folder(&folder)?;
            *lock = Some(file);
        }
        Ok(folder)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let folder = self.root.join(OPEN).join(&self.key);
        if self.lock.get_mut().unwrap_or_else(PoisonError::into_inner).take().is_some() {
            self.remove_folder(&format!("{OPEN}/{}", self.key));
            discard(&folder.with_extension("lock"));
        }
    }
}

/// SHA-256 of a file from its beginning, hexadecimal; read in small parts.
pub(crate) fn digest(file: &mut File) -> io::Result<String> {
    let (mut chunk, mut hasher) = (vec![0; CHUNK], Sha256::new());
    loop {
        let read = file.read(&mut chunk)?;
        let Some(part) = chunk.get(..read).filter(|part| !part.is_empty()) else {
            return Ok(encode_string(&hasher.finalize()));
        };
        hasher.update(part);
    }
}

/// Gives a file a second name; a file system without hard links takes a copy.
#[expect(clippy::disallowed_methods, reason = "both names are in folders of the program's own")]
fn link(from: &Path, to: &Path) -> io::Result<()> {
    discard(to);
    if fs::hard_link(from, to).is_err() {
        let mut copy = disk::create_new(to)?;
        io::copy(&mut disk::place::open_regular(from)?, &mut copy)?;
        copy.sync_all()?;
    }
    Ok(())
}

fn discard(path: &Path) {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "A file of an attachment stays behind.");
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_kept_is_a_copy_and_goes_with_its_program() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.pdf");
        fs::write(&source, b"%PDF-1.7 first").unwrap();
        let store = Store::new(&folder.path().join("data"), "one".into());
        let kept = store.store(&source, &AttachmentId::named("x")).unwrap();
        fs::write(&source, b"%PDF-1.7 changed since").unwrap();
        assert_eq!(fs::read(&kept.path).unwrap(), b"%PDF-1.7 first");
        assert_eq!((kept.size, kept.kind), (14, Kind::Pdf));
        assert_eq!(kept.sha256, digest(&mut File::open(&kept.path).unwrap()).unwrap());
        store.hand_over(&kept, &FilingId::named("filing"), 1).unwrap();
        drop(store);
        assert!(!kept.path.exists());
        let other = Store::new(&folder.path().join("data"), "two".into());
        assert_eq!(fs::read(other.path(&FilingId::named("filing"), 1)).unwrap(), b"%PDF-1.7 first");
    }

    #[test]
    fn what_cannot_be_attached_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(&folder.path().join("data"), "one".into());
        let put = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        assert!(matches!(store.store(&put("a", b""), &AttachmentId::named("1")), Err(StoreFileError::Empty)));
        assert!(matches!(store.store(&put("b", b"text"), &AttachmentId::named("2")), Err(StoreFileError::Other)));
        assert!(matches!(
            store.store(&put("c", vat_return::samples::ALL[0].bytes), &AttachmentId::named("3")),
            Err(StoreFileError::Return)
        ));
        assert!(matches!(
            store.store(&folder.path().join("none"), &AttachmentId::named("4")),
            Err(StoreFileError::Unreadable(_))
        ));
        let large = put("d", b"%PDF-");
        File::options().write(true).open(&large).unwrap().set_len(LARGEST + 1).unwrap();
        assert!(matches!(store.store(&large, &AttachmentId::named("5")), Err(StoreFileError::TooLarge(_))));
        File::options().write(true).open(&large).unwrap().set_len(LARGEST).unwrap();
        assert_eq!(store.store(&large, &AttachmentId::named("6")).unwrap().size, LARGEST);
        let left: Vec<_> = fs::read_dir(folder.path().join("data/attachments/open/one")).unwrap().collect();
        assert_eq!(left.len(), 1, "refused files leave nothing behind: {left:?}");
    }

    #[test]
    fn what_a_dead_program_left_is_swept_and_what_a_living_one_has_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("a.pdf");
        fs::write(&source, b"%PDF-1.7").unwrap();
        let db = Database::open(folder.path()).unwrap();
        let living = Store::new(folder.path(), "living".into());
        let kept = living.store(&source, &AttachmentId::named("x")).unwrap();
        // As a program that was killed leaves them: the files are there, the lock is not held.
        fs::create_dir_all(folder.path().join("attachments/open/dead")).unwrap();
        fs::write(folder.path().join("attachments/open/dead.lock"), b"").unwrap();
        fs::write(folder.path().join("attachments/open/dead/y"), b"%PDF-1.7").unwrap();
        living.hand_over(&kept, &FilingId::named("no such filing"), 1).unwrap();
        Store::new(folder.path(), "next".into()).sweep(&db);
        assert!(kept.path.exists());
        assert!(!folder.path().join("attachments/open/dead").exists());
        assert!(!living.path(&FilingId::named("no such filing"), 1).exists());
    }
}
