//! The archive: one folder a filing, with everything that was sent and everything that came back.
//!
//! Made for people: company, period, first or second time. A folder appears whole or not at all: it is written beside
//! its place, through to the disk, and then renamed.

mod account;
pub mod archived;
pub mod export;
mod keeping;
pub mod manifest;
mod names;
pub mod revise;
pub mod seal;
pub mod verify;

use base16ct::lower::encode_string;
use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    panic,
    path::{Path, PathBuf},
    thread,
};
use store::{digest::sha256, vault::ArchiveKey};
use view::{
    ArchivedFile, ErrorCode, TimelineEvent,
    ids::FilingId,
    problem::{self, Problem},
};

use bytes::Bytes;
use disk::{Folder, private::Whose, tree};
use jiff::Timestamp;
use keeping::keep;
pub use manifest::manifest_names;
use manifest::{MANIFEST, Manifest, ManifestFile};
use seal::{SEAL, Sealed, StoredManifest};
use sha2::{Digest as _, Sha256};
use vat_return::Language;
use verify::LARGEST;

use crate::filings::{FiledAttachment, Filing};

/// What happened, for people.
const TIMELINE: &str = "tidslinje.txt";
/// The receipt.
pub const RECEIPT: &str = "kvittering.pdf";
/// The return as it was sent.
pub const SENT_RETURN: &str = "mva-melding.xml";
/// The envelope as it was sent.
pub const SENT_ENVELOPE: &str = "konvolutt.xml";
/// The folder of attachments within a filing's folder.
const ATTACHMENTS: &str = "attachments";
/// How many files are written through to the disk at once.
const SYNCED_TOGETHER: usize = 8;
/// Bytes that are copied at a time.
const PIECE: usize = 64 * 1024;

/// The file in the archive's own folder that says which filing was put there last: a database that does not know that one
/// is older than the archive. Where there is a key its name has that of the key behind it, and it is sealed: another desk
/// that shares the archive has its own, and who can only write to the archive makes none.
const LATEST: &str = ".momsbud-latest";
/// What is sealed of it, with the filing's key behind it; it is no manifest.
const LATEST_SAYS: &str = "momsbud latest ";

/// Where receipts are kept.
#[derive(Debug, Clone)]
pub struct Archive {
    root: PathBuf,
    /// In the data folder: where a filing is put before it is delivered when the archive cannot be written.
    reserve: Option<PathBuf>,
    /// Where folders lie that stayed when the root was changed; looked into, never given new folders.
    earlier: Vec<PathBuf>,
}

/// A file for the archive.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// Its name in the filing's folder; `/` stands between folders.
    pub(crate) name: String,
    pub(crate) content: Content,
}

/// Where a file's bytes are.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// In memory.
    Bytes(Bytes),
    /// On the disk, to be copied piece by piece.
    File(PathBuf),
    /// A person's own file, to be copied if it still is what it was: where she has it, and its sum. What is not is left out, and
    /// that is told.
    Kept(PathBuf, String),
}

impl Document {
    pub(crate) fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content: Content::Bytes(bytes.into()) }
    }

    /// A person's own file that is kept beside the return, if it still is what it was. Its name is made one that every system
    /// takes, and that no other has.
    pub(crate) fn kept(folder: &str, name: &str, from: PathBuf, sha256: String, others: &[Self]) -> Self {
        let is_free = |name: &str| others.iter().all(|it| it.name.to_lowercase() != name.to_lowercase());
        let own = (1..).map(|number| format!("{folder}/{}", names::kept(name, number))).find(|name| is_free(name));
        Self { name: own.unwrap_or_default(), content: Content::Kept(from, sha256) }
    }

    /// An attachment: numbered, in a folder of attachments, so that it can take no other document's place.
    pub(crate) fn attachment(place: u32, name: &str, file: PathBuf) -> Self {
        Self { name: format!("{ATTACHMENTS}/{}", names::attachment(place, name)), content: Content::File(file) }
    }
}

/// Why the archive does not serve. The filing itself is delivered; it is tried again, and the authority keeps the files.
#[derive(Debug, thiserror::Error)]
#[error("the archive folder {} cannot be written", path.display())]
pub struct ArchiveError {
    pub(crate) path: PathBuf,
    pub(crate) source: io::Error,
}

impl From<ArchiveError> for Problem {
    fn from(error: ArchiveError) -> Self {
        let code = match problem::of_io(&error.source) {
            ErrorCode::DiskFull => ErrorCode::DiskFull,
            _ => ErrorCode::ArchiveUnusable,
        };
        let path = error.path.display().to_string();
        problem::of(code, &error).with("path", path)
    }
}

impl Archive {
    /// The archive in a folder, which need not be there yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root, reserve: None, earlier: Vec::new() }
    }

    /// The same, with the roots of before.
    pub fn with_earlier(mut self, earlier: Vec<PathBuf>) -> Self {
        self.earlier = earlier;
        self
    }

    /// The same, with a place in the data folder for when it cannot be written.
    pub fn with_reserve(mut self, reserve: PathBuf) -> Self {
        self.reserve = Some(reserve);
        self
    }

    /// The folder of all folders.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of all folders, and those of before that are there.
    pub fn roots(&self) -> impl Iterator<Item = &Path> {
        let earlier = self.earlier.iter().chain(&self.reserve).filter(|root| root.is_dir());
        [&self.root].into_iter().chain(earlier).map(PathBuf::as_path)
    }

    /// Takes from the archive's folders what others may do with them, whoever gave it to them: what is below is out of their
    /// reach then. For whoever only looks; [`disk::private::mend`] goes through all of it.
    pub fn close_to_others(&self) {
        for root in self.roots() {
            match disk::private::close(root, Whose::SharedOnPurpose) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    tracing::warn!(%error, "Who may read the archive could not be looked at.");
                }
                _ => {}
            }
        }
    }

    /// Where a folder of the archive is: under the root, unless it stayed under an earlier one.
    ///
    /// # Errors
    /// It is the name of no folder of the archive's (it comes from a row of the database), or a link on the way to it leads
    /// out of the archive.
    pub fn path(&self, folder: &str) -> Result<PathBuf, ArchiveError> {
        self.under(self.root_of(folder)?, folder)
    }

    /// The root that a folder of the archive lies under.
    ///
    /// # Errors
    /// As for [`Self::path`].
    pub fn root_of(&self, folder: &str) -> Result<&Path, ArchiveError> {
        if self.earlier.is_empty() || self.under(&self.root, folder)?.exists() {
            return Ok(&self.root);
        }
        for root in &self.earlier {
            if self.under(root, folder)?.exists() {
                return Ok(root);
            }
        }
        Ok(&self.root)
    }

    /// A folder's manifest with what lies beside it as its seal, read through no link.
    ///
    /// # Errors
    /// The disk; `InvalidData` for what is no ordinary file of a decent size.
    pub fn sealed(&self, folder: &str) -> io::Result<Sealed> {
        Sealed::below(self.root_of(folder).map_err(|error| error.source)?, folder)
    }

    /// A folder's manifest, read through no link.
    ///
    /// # Errors
    /// As for [`Self::sealed`].
    pub fn manifest(&self, folder: &str) -> io::Result<Manifest> {
        Manifest::below(self.root_of(folder).map_err(|error| error.source)?, folder)
    }

    /// A file of a folder, read through no link; nothing where it is not the one that the folder's manifest lists.
    pub fn listed(&self, folder: &str, name: &str, listed: &ManifestFile) -> Option<Vec<u8>> {
        let root = self.root_of(folder).ok()?;
        let bytes = tree::read_below(root, &within(folder, name), LARGEST).ok()?;
        (sha256(&bytes) == listed.sha256).then_some(bytes)
    }

    fn under(&self, root: &Path, folder: &str) -> Result<PathBuf, ArchiveError> {
        tree::stays_within(root, folder).map_err(|source| ArchiveError { path: root.to_owned(), source })
    }

    /// The filing that was put away last by who has that key, by what the archive says of itself; a mark without its seal is
    /// none.
    pub fn latest(&self, key: &ArchiveKey) -> Vec<FilingId> {
        let name = format!("{LATEST}-{}", key.name());
        let read = |root: &Path| disk::read_regular(&root.join(&name), 512).ok();
        let all = self.roots().filter_map(read).filter_map(|bytes| String::from_utf8(bytes).ok());
        let sealed = |text: String| {
            let (id, seal) = text.split_once('\n')?;
            let id: FilingId = id.parse().ok()?;
            key.has_sealed(format!("{LATEST_SAYS}{id}").as_bytes(), seal).then_some(id)
        };
        all.filter_map(sealed).collect()
    }

    /// The same by a mark that nobody has sealed: of earlier versions of the program, of desks without a keyring, or of whoever
    /// can write to the archive.
    pub fn unsealed_latest(&self) -> Vec<FilingId> {
        let read = |root: &Path| disk::read_regular(&root.join(LATEST), 64).ok();
        let all = self.roots().filter_map(read).filter_map(|bytes| String::from_utf8(bytes).ok());
        all.filter_map(|text| text.trim().parse().ok()).collect()
    }

    fn mark_latest(&self, filing: &FilingId, key: Option<&ArchiveKey>) -> io::Result<()> {
        let (name, line) = match key {
            Some(key) => {
                let seal = key.seal(format!("{LATEST_SAYS}{filing}").as_bytes());
                (format!("{LATEST}-{}", key.name()), format!("{filing}\n{seal}"))
            }
            None => (LATEST.to_owned(), format!("{filing}\n")),
        };
        disk::write(&self.root.join(name), line.as_bytes())
    }

    /// Chooses a folder for a filing: the one that it has already, if it was written and the program killed before it was
    /// written down where; otherwise the next number of its period.
    pub(crate) fn choose(&self, filing: &Filing) -> Result<String, ArchiveError> {
        let parent = names::parent(filing);
        let mut taken = 0;
        for root in [&self.root].into_iter().chain(&self.earlier) {
            let place = self.under(root, &parent)?;
            if let Some(own) = own_folder(&place, filing) {
                return Ok(format!("{parent}/{own}"));
            }
            taken = taken.max(last_number(&place)?);
        }
        loop {
            taken += 1;
            let own = names::own(taken, filing);
            // Whatever has the name, a link that leads out among it, keeps it.
            let mut there = false;
            for root in [&self.root].into_iter().chain(&self.earlier) {
                there |= self.under(root, &parent)?.join(&own).symlink_metadata().is_ok();
            }
            if !there {
                return Ok(format!("{parent}/{own}"));
            }
        }
    }

    /// Puts a filing that is about to be delivered into the archive, through to the disk: with its return, its envelope, the
    /// instance that it is delivered in, and a manifest that says that it is under way. Says where. An archive that
    /// cannot be written (a disk that is full or gone) does not keep a return from being delivered in time: then it is put
    /// into the data folder, where it is found just as well.
    ///
    /// # Errors
    /// Neither can be written.
    pub(crate) fn put_under_way(
        &self,
        filing: &Filing,
        documents: &[Document],
        telling: &FolderContents<'_>,
    ) -> Result<StoredFolder, ArchiveError> {
        let put = |archive: &Self| {
            let folder = match &filing.archive_folder {
                Some(folder) => folder.clone(),
                None => archive.choose(filing)?,
            };
            archive.put(filing, &folder, documents, telling)
        };
        match (put(self), &self.reserve) {
            (Err(error), Some(reserve)) => {
                tracing::warn!(%error, "The archive cannot be written; what is about to be delivered is kept beside it.");
                put(&Self::new(reserve.clone()))
            }
            (put, _) => put,
        }
    }

    /// Takes a filing's folder out of the archive again that was put there before delivery, and came to nothing.
    ///
    /// # Errors
    /// The disk. A folder that is another's, or has what came back in it, stays.
    pub(crate) fn take_back(&self, filing: &Filing) -> Result<(), ArchiveError> {
        let Some(folder) = &filing.archive_folder else { return Ok(()) };
        for root in self.roots() {
            let path = self.under(root, folder)?;
            let under_way = Manifest::below(root, folder).is_ok_and(|manifest| {
                manifest.filing == filing.id && manifest.state.as_deref() == Some(manifest::UNDER_WAY)
            });
            if under_way {
                disk::remove_folder(root, folder).map_err(|source| ArchiveError { path, source })?;
            }
        }
        Ok(())
    }

    /// Puts a filing's files into its folder. Done twice it replaces what it did before; a folder of that name that is
    /// another filing's is never touched: the files then go to one beside it, which is what is returned.
    pub(crate) fn put(
        &self,
        filing: &Filing,
        folder: &str,
        documents: &[Document],
        telling: &FolderContents<'_>,
    ) -> Result<StoredFolder, ArchiveError> {
        let mut folder = folder.to_owned();
        let mut path = self.path(&folder)?;
        if path.exists() && !belongs_to(self.root_of(&folder)?, &folder, filing) {
            folder = self.choose(filing)?;
            path = self.path(&folder)?;
        }
        let refused = |source| ArchiveError { path: path.clone(), source };
        let (files, manifest) = self.write_folder(&folder, filing, documents, telling).map_err(refused)?;
        self.mark_latest(&filing.id, telling.key).map_err(refused)?;
        if let Some(reserve) = self.reserve.as_ref().filter(|reserve| reserve.is_dir()) {
            // Now that it is in the archive, nobody needs what was kept beside it.
            let kept = Self::new(reserve.clone())
                .take_back(&Filing { archive_folder: Some(folder.clone()), ..filing.clone() });
            if let Err(error) = kept {
                tracing::warn!(%error, "What was kept beside the archive stays there.");
            }
        }
        Ok(StoredFolder { folder, files, manifest })
    }

    /// Writes a filing's folder beside its place and puts it there, all of it within the folder above, which is held open: what
    /// others put in its place meanwhile is not written into.
    fn write_folder(
        &self,
        folder: &str,
        filing: &Filing,
        documents: &[Document],
        telling: &FolderContents<'_>,
    ) -> io::Result<(Vec<ArchivedFile>, StoredManifest)> {
        let root = Folder::make(self.root_of(folder).map_err(|error| error.source)?)?;
        let (above, own) = match folder.rsplit_once('/') {
            Some((above, own)) => (root.make_below(above)?, own),
            None => (root, folder),
        };
        let (half, old) = (format!(".{}.partial", filing.id), format!(".{}.old", filing.id));
        // What an earlier try left behind when it was cut off.
        above.remove(&half)?;
        if above.contains(&old) && !above.contains(own) {
            // Cut off between the two renames below: what was there is good until the new one is.
            above.rename(&old, own)?;
        }
        let written = write_all(&above, &half, filing, documents, telling).inspect_err(|_| {
            if let Err(error) = above.remove(&half) {
                tracing::warn!(%error, "A half-written archive folder stays behind.");
            }
        })?;
        if above.contains(own) {
            above.remove(&old)?;
            above.rename(own, &old)?;
            above.rename(&half, own)?;
            above.remove(&old)?;
        } else {
            above.rename(&half, own)?;
        }
        above.sync()?;
        Ok(written)
    }
}

/// What is told of a filing in its folder beside its documents.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FolderContents<'a> {
    /// What happened.
    pub(crate) events: &'a [(Timestamp, TimelineEvent)],
    /// What goes with the return.
    pub(crate) attachments: &'a [FiledAttachment],
    /// The language of the account for people.
    pub(crate) language: Language,
    /// What the folder is sealed with, where the keyring gives it.
    pub(crate) key: Option<&'a ArchiveKey>,
}

/// A filing's folder as it was written.
#[derive(Debug, Clone)]
pub(crate) struct StoredFolder {
    /// Relative to the archive.
    pub(crate) folder: String,
    pub(crate) files: Vec<ArchivedFile>,
    /// For the database to remember.
    pub(crate) manifest: StoredManifest,
}

/// No period is filed that often; a higher number in a name is somebody else's.
const HIGHEST: u32 = 99_999;

/// The highest number a folder of this period has; 0 when there is none yet.
fn last_number(path: &Path) -> Result<u32, ArchiveError> {
    match disk::entries(path) {
        Ok(entries) => Ok(entries
            .iter()
            .filter_map(|entry| entry.file_name().to_str()?.split(' ').next()?.parse::<u32>().ok())
            .filter(|number| *number <= HIGHEST)
            .max()
            .unwrap_or(0)),
        Err(source) => Err(ArchiveError { path: path.to_owned(), source }),
    }
}

/// The folder among those of a period that says that it is this filing's.
fn own_folder(path: &Path, filing: &Filing) -> Option<String> {
    let names = disk::entries(path).ok()?;
    let mut names = names.iter().filter_map(|entry| entry.file_name().into_string().ok());
    names.find(|name| {
        // What is half-written is no folder of the archive's.
        let whole = !name.starts_with('.') && tree::stays_within(path, name).is_ok();
        whole && belongs_to(path, name, filing)
    })
}

/// Writes a folder that is not there, with all that belongs into it, through to the disk.
fn write_all(
    above: &Folder,
    half: &str,
    filing: &Filing,
    documents: &[Document],
    telling: &FolderContents<'_>,
) -> io::Result<(Vec<ArchivedFile>, StoredManifest)> {
    let half = above.make_below(half)?;
    let mut written = Written::default();
    documents.iter().try_for_each(|document| written.put(&half, document))?;
    // What is left out is known by now.
    let account = account::of(filing, telling.events, &written.left_out, telling.language);
    written.put(&half, &Document::new(TIMELINE, account.into_bytes()))?;
    let Written { mut files, mut open, sums, folders, .. } = written;
    let json = serde_json::to_vec_pretty(&Manifest::of(filing, telling, sums))?;
    let (file, written) = write_new(&half, MANIFEST, json.as_slice())?;
    open.push(file);
    if let Some(key) = telling.key {
        let (file, _) = write_new(&half, SEAL, key.seal(&json).as_bytes())?;
        open.push(file);
    }
    sync_files(&open)?;
    files.push(ArchivedFile { name: MANIFEST.to_owned(), size: u32::try_from(written.size).unwrap_or(u32::MAX) });
    folders.values().chain([&half]).try_for_each(Folder::sync)?;
    let sealed_by = telling.key.map(|key| key.name().to_owned());
    Ok((files, StoredManifest { sha256: sha256(&json), sealed_by }))
}

/// The names of something in a folder below a root; a folder of no name is the root itself.
fn within(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Whether a folder is this filing's own, from an earlier try.
fn belongs_to(root: &Path, folder: &str, filing: &Filing) -> bool {
    Manifest::below(root, folder).is_ok_and(|manifest| manifest.filing == filing.id)
}

/// Writes a new file, piece by piece. It is not on the disk before [`sync_files`] says so.
fn write_new(folder: &Folder, name: &str, mut from: impl Read) -> io::Result<(File, ManifestFile)> {
    let mut file = folder.create_new(name)?;
    let written = copy(&mut from, &mut file)?;
    Ok((file, written))
}

/// What has been written of a folder.
#[derive(Debug, Default)]
struct Written {
    files: Vec<ArchivedFile>,
    /// Not on the disk yet.
    open: Vec<File>,
    sums: BTreeMap<String, ManifestFile>,
    /// Names of what was to be kept, and could not be.
    left_out: Vec<String>,
    /// The folders in it, by their names.
    folders: BTreeMap<String, Folder>,
}

impl Written {
    fn put(&mut self, half: &Folder, document: &Document) -> io::Result<()> {
        disk::below(half.path(), &document.name)?;
        let (between, own) = document.name.rsplit_once('/').unwrap_or(("", &document.name));
        if !between.is_empty() && !self.folders.contains_key(between) {
            self.folders.insert(between.to_owned(), half.make_below(between)?);
        }
        let folder = self.folders.get(between).unwrap_or(half);
        let (file, written) = match &document.content {
            Content::Bytes(bytes) => write_new(folder, own, bytes.as_ref())?,
            Content::File(from) => write_new(folder, own, disk::place::open_regular(from)?)?,
            Content::Kept(from, sha256) => match keep(folder, own, from, sha256)? {
                Some(kept) => kept,
                None => {
                    self.left_out.push(document.name.clone());
                    return Ok(());
                }
            },
        };
        self.open.push(file);
        let size = u32::try_from(written.size).unwrap_or(u32::MAX);
        self.files.push(ArchivedFile { name: document.name.clone(), size });
        self.sums.insert(document.name.clone(), written);
        Ok(())
    }
}

/// Writes files through to the disk, several side by side: one after another each would wait for the disk anew, while it
/// can take what many ask of it in one go.
fn sync_files(files: &[File]) -> io::Result<()> {
    thread::scope(|scope| {
        let shares = files.chunks(files.len().div_ceil(SYNCED_TOGETHER).max(1));
        let waits: Vec<_> =
            shares.map(|share| scope.spawn(move || share.iter().try_for_each(File::sync_all))).collect();
        waits.into_iter().try_for_each(|wait| match wait.join() {
            Ok(synced) => synced,
            Err(panicked) => panic::resume_unwind(panicked),
        })
    })
}

/// Copies piece by piece, and says how much it was and its sum.
fn copy(from: &mut impl Read, to: &mut impl io::Write) -> io::Result<ManifestFile> {
    let (mut sum, mut size, mut piece) = (Sha256::new(), 0, vec![0; PIECE]);
    loop {
        let read = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let read = piece.get(..read).unwrap_or_default();
        to.write_all(read)?;
        sum.update(read);
        size += read.len() as u64;
    }
    Ok(ManifestFile { size, sha256: encode_string(&sum.finalize()) })
}

#[cfg(test)]
pub(crate) mod tests;
