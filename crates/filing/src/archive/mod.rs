//! The archive: one folder a filing, with everything that was sent and everything that came back.
//!
//! Made for people: company, period, first or second time. A folder appears whole or not at all: it is written beside
//! its place, through to the disk, and then renamed.

mod account;
mod names;

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use vat_return::Language;

use crate::{
    engine::sha256,
    filings::{Filing, word},
    problem,
    view::{ArchivedFile, ErrorCode, ErrorView, TimelineEvent},
};

/// The list of a folder's files with their sums.
const MANIFEST: &str = "manifest.json";
/// What happened, for people.
const TIMELINE: &str = "tidslinje.txt";
/// The receipt.
pub(crate) const RECEIPT: &str = "kvittering.pdf";

/// Where receipts are kept.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    root: PathBuf,
    /// Where folders lie that stayed when the root was changed; looked into, never given new folders.
    earlier: Vec<PathBuf>,
}

/// A file for the archive.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) name: &'static str,
    pub(crate) bytes: Bytes,
}

/// Why the archive does not serve. The filing itself is delivered; it is tried again, and the authority keeps the files.
#[derive(Debug, thiserror::Error)]
#[error("the archive folder {} cannot be written", path.display())]
pub(crate) struct ArchiveError {
    path: PathBuf,
    source: io::Error,
}

impl From<ArchiveError> for ErrorView {
    fn from(error: ArchiveError) -> Self {
        let code = match problem::of_io(&error.source) {
            ErrorCode::DiskFull => ErrorCode::DiskFull,
            _ => ErrorCode::DataUnusable,
        };
        let path = error.path.display().to_string();
        problem::of(code, &error).with("path", path)
    }
}

/// What a folder says of itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    /// Version of this shape.
    version: u32,
    filing: String,
    environment: String,
    org_number: String,
    company: Option<String>,
    category: String,
    period: String,
    year: i32,
    assessed_vat: String,
    instance: Option<String>,
    filed_by: String,
    begun_at: String,
    delivered_at: Option<String>,
    correction: bool,
    files: BTreeMap<String, ManifestFile>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ManifestFile {
    size: u64,
    sha256: String,
}

impl Archive {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, earlier: Vec::new() }
    }

    /// The same, with the roots of before.
    pub(crate) fn with_earlier(mut self, earlier: Vec<PathBuf>) -> Self {
        self.earlier = earlier;
        self
    }

    /// The folder of all folders.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Where a folder of the archive is: under the root, unless it stayed under an earlier one.
    pub(crate) fn path(&self, folder: &str) -> PathBuf {
        let place = under(&self.root, folder);
        if self.earlier.is_empty() || place.exists() {
            return place;
        }
        self.earlier.iter().map(|root| under(root, folder)).find(|path| path.exists()).unwrap_or(place)
    }

    /// Chooses a folder for a filing: the next number of its period.
    pub(crate) fn choose(&self, filing: &Filing) -> Result<String, ArchiveError> {
        let parent = names::parent(filing);
        let mut taken = 0;
        for root in [&self.root].into_iter().chain(&self.earlier) {
            taken = taken.max(last_number(&under(root, &parent))?);
        }
        Ok(format!("{parent}/{}", names::own(taken + 1, filing)))
    }

    /// Puts a filing's files into its folder. Done twice it replaces what it did before; a folder of that name that is
    /// another filing's is never touched: the files then go to one beside it, which is what is returned.
    pub(crate) fn put(
        &self,
        filing: &Filing,
        folder: &str,
        documents: &[Document],
        events: &[(Timestamp, TimelineEvent)],
        language: Language,
    ) -> Result<(String, Vec<ArchivedFile>), ArchiveError> {
        let mut folder = folder.to_owned();
        let mut path = self.path(&folder);
        if path.exists() && !belongs_to(&path, filing) {
            folder = self.choose(filing)?;
            path = self.path(&folder);
        }
        let refused = |source| ArchiveError { path: path.clone(), source };
        let parent = path.parent().unwrap_or(&self.root).to_owned();
        fs::create_dir_all(&parent).map_err(refused)?;
        let half = parent.join(format!(".{}.partial", filing.id));
        // What an earlier try left behind when it was cut off.
        remove(&half).map_err(refused)?;
        let files = write_all(&half, filing, documents, events, language).map_err(|source| {
            if let Err(error) = remove(&half) {
                tracing::warn!(%error, "A half-written archive folder stays behind.");
            }
            refused(source)
        })?;
        if path.exists() {
            let old = parent.join(format!(".{}.old", filing.id));
            remove(&old).map_err(refused)?;
            fs::rename(&path, &old).map_err(refused)?;
            fs::rename(&half, &path).map_err(refused)?;
            remove(&old).map_err(refused)?;
        } else {
            fs::rename(&half, &path).map_err(refused)?;
        }
        sync_folder(&parent).map_err(refused)?;
        Ok((folder, files))
    }
}

fn under(root: &Path, folder: &str) -> PathBuf {
    folder.split('/').fold(root.to_owned(), |path, part| path.join(part))
}

/// The highest number a folder of this period has; 0 when there is none yet.
fn last_number(path: &Path) -> Result<u32, ArchiveError> {
    match fs::read_dir(path) {
        Ok(entries) => Ok(entries
            .filter_map(Result::ok)
            .filter_map(|entry| entry.file_name().to_str()?.split(' ').next()?.parse::<u32>().ok())
            .max()
            .unwrap_or(0)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(source) => Err(ArchiveError { path: path.to_owned(), source }),
    }
}

fn write_all(
    half: &Path,
    filing: &Filing,
    documents: &[Document],
    events: &[(Timestamp, TimelineEvent)],
    language: Language,
) -> io::Result<Vec<ArchivedFile>> {
    fs::create_dir(half)?;
    let account = account::of(filing, events, language);
    let mut files = Vec::new();
    let mut sums = BTreeMap::new();
    let all = documents.iter().map(|document| (document.name, document.bytes.as_ref()));
    for (name, bytes) in all.chain([(TIMELINE, account.as_bytes())]) {
        write_through(&half.join(name), bytes)?;
        files.push(ArchivedFile { name: name.to_owned(), size: u32::try_from(bytes.len()).unwrap_or(u32::MAX) });
        sums.insert(name.to_owned(), ManifestFile { size: bytes.len() as u64, sha256: sha256(bytes) });
    }
    let subject = &filing.subject;
    let manifest = Manifest {
        version: 1,
        filing: filing.id.clone(),
        environment: word(&subject.environment),
        org_number: subject.org_number.clone(),
        company: filing.company_name.clone(),
        category: subject.category.xml().to_owned(),
        period: subject.period.xml_value().to_string(),
        year: subject.period.year,
        assessed_vat: filing.assessed_vat.to_string(),
        instance: filing.instance.as_ref().map(ToString::to_string),
        filed_by: filing.filed_by.clone(),
        begun_at: filing.begun_at.to_string(),
        delivered_at: filing.delivered_at.map(|at| at.to_string()),
        correction: filing.correction,
        files: sums,
    };
    let json = serde_json::to_vec_pretty(&manifest)?;
    write_through(&half.join(MANIFEST), &json)?;
    files.push(ArchivedFile { name: MANIFEST.to_owned(), size: u32::try_from(json.len()).unwrap_or(u32::MAX) });
    sync_folder(half)?;
    Ok(files)
}

/// Whether a folder is this filing's own, from an earlier try.
fn belongs_to(path: &Path, filing: &Filing) -> bool {
    fs::read(path.join(MANIFEST))
        .ok()
        .and_then(|json| serde_json::from_slice::<Manifest>(&json).ok())
        .is_some_and(|manifest| manifest.filing == filing.id)
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a folder's entries through to the disk. Windows does so by itself and does not let a folder be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(path)?.sync_all() }
}

#[cfg(test)]
mod tests;
