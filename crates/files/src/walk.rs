//! The one walker: which files lie in the folders that somebody named, each real file once.
//!
//! Links are decided about last, when every real file is known: one that leads to a file that was found already brings
//! nothing new, one that leads out of what was named brings somebody else's files and is left out, said and counted. So
//! folders that lead to themselves, however often, end at once. Nothing is opened but to see what a folder is.

use std::{
    collections::HashSet,
    fs::{self, DirEntry, Metadata},
    io,
    path::{Path, PathBuf},
};

use shown::NameKey;

use crate::{
    name::is_hidden,
    open::{self, Special},
    packed,
};

/// How much is looked at. The bounds stop what runs away (a whole disk, a folder made to harm), never an office's work.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Entries of folders.
    pub entries: usize,
    /// Folders within folders.
    pub depth: usize,
    /// Bytes that returns may have together.
    pub bytes: u64,
    /// What may be in packed files.
    pub packed: packed::Bounds,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries: 2_000_000, depth: 100, bytes: 4_000_000_000, packed: packed::Bounds::default() }
    }
}

/// A file that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it lies.
    pub path: PathBuf,
    /// Which of the named paths it was found in: a place in the list of those.
    pub root: usize,
    /// It was named itself, and so was meant; others merely lie in a folder.
    pub named: bool,
}

/// What was found, and what was passed by.
#[derive(Debug, Default)]
pub struct Listed {
    /// Files, in the order of the named paths and by name within folders.
    pub places: Vec<Place>,
    /// What was passed by.
    pub passed: Passed,
    /// The folders of the program's own archive that were met; they are not looked into.
    pub archived: Vec<Archived>,
}

/// A filing's folder in the program's own archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archived {
    /// The folder.
    pub folder: PathBuf,
    /// Which of the named paths it lies in.
    pub root: usize,
}

/// What was passed by: nothing of it is silent.
#[derive(Debug, Default)]
pub struct Passed {
    /// Hidden files and folders: their names begin with a dot, as those that macOS lays beside others.
    pub hidden: usize,
    /// Files and folders that were found once more, by a link or under a second name.
    pub again: usize,
    /// The named paths in which that was so: they are not empty, though nothing of theirs may be listed.
    pub again_in: HashSet<usize>,
    /// What may have been wanted, and was not looked at.
    pub left_out: Vec<LeftOut>,
    /// How many more were left out than are named.
    pub more: usize,
}

impl Passed {
    /// How many are named; of more only the number is kept.
    pub const MOST_NAMED: usize = 1_000;

    /// Whether anything was left out that may have been wanted.
    pub fn is_whole(&self) -> bool {
        self.left_out.is_empty()
    }

    /// How many were left out.
    pub fn count(&self) -> usize {
        self.left_out.len() + self.more
    }

    pub(crate) fn leave_out(&mut self, path: &Path, root: usize, why: SkipReason) {
        if self.left_out.len() < Self::MOST_NAMED {
            self.left_out.push(LeftOut { path: path.to_owned(), root, why });
        } else {
            self.more += 1;
        }
    }
}

/// Something that was left out.
#[derive(Debug)]
pub struct LeftOut {
    /// The file, folder or link.
    pub path: PathBuf,
    /// Which of the named paths it lies in.
    pub root: usize,
    /// Why.
    pub why: SkipReason,
}

/// Why something was left out.
#[derive(Debug)]
#[non_exhaustive]
pub enum SkipReason {
    /// A folder that the operating system does not let be read, or a link that leads nowhere.
    Unreadable(io::Error),
    /// A link that leads out of what was named.
    LeadsOut {
        /// Where it leads.
        target: PathBuf,
    },
    /// A folder deeper than is looked.
    TooDeep {
        /// The bound.
        limit: usize,
    },
    /// More entries than are looked at: this folder and what comes after it.
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// A pipe, a device or a socket.
    Special(Special),
    /// Somebody stopped the search here.
    Stopped,
}

/// Lists the files of the named paths. A path that is no folder is listed as it is, readable or not; `go_on` is asked now
/// and then, and may stop it.
pub fn list(paths: &[PathBuf], bounds: &Bounds, go_on: &dyn Fn() -> bool) -> Listed {
    let mut walk = Walk {
        bounds,
        go_on,
        listed: Listed::default(),
        seen: HashSet::new(),
        links: Vec::new(),
        roots: Vec::new(),
        entries: 0,
        over: false,
    };
    // A file that was named is listed where it was named, though it lies in a folder that was named too.
    let mut named = vec![false; paths.len()];
    for (path, first) in paths.iter().zip(&mut named) {
        if let Ok(metadata) = fs::metadata(path)
            && !metadata.is_dir()
        {
            *first = walk.seen.insert(key(path, &metadata));
        }
    }
    for (root, (path, first)) in paths.iter().zip(named).enumerate() {
        let metadata = fs::metadata(path);
        if metadata.as_ref().is_ok_and(Metadata::is_dir) {
            match fs::canonicalize(path) {
                Ok(real) => walk.roots.push(real),
                Err(error) => walk.listed.passed.leave_out(path, root, SkipReason::Unreadable(error)),
            }
            walk.folder_and_below(Folder { path: path.clone(), depth: 0, root }, metadata.ok().as_ref());
        } else if first || metadata.is_err() {
            walk.listed.places.push(Place { path: path.clone(), root, named: true });
        } else {
            walk.again(root);
        }
    }
    walk.follow_links();
    walk.listed
}

/// Tells one file or folder from all others, by whatever name it was found.
#[cfg(unix)]
type Key = (u64, u64);
#[cfg(not(unix))]
type Key = PathBuf;

#[cfg(unix)]
fn key(_: &Path, metadata: &Metadata) -> Key {
    use std::os::unix::fs::MetadataExt as _;
    (metadata.dev(), metadata.ino())
}

#[cfg(not(unix))]
fn key(path: &Path, _: &Metadata) -> Key {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

struct Folder {
    path: PathBuf,
    depth: usize,
    root: usize,
}

enum Step {
    Folder(Folder),
    File(PathBuf, usize),
}

struct Walk<'a> {
    bounds: &'a Bounds,
    go_on: &'a dyn Fn() -> bool,
    listed: Listed,
    /// Every file and folder that was looked at.
    seen: HashSet<Key>,
    /// Links to be decided about, with the depth they were found at.
    links: Vec<Folder>,
    /// The folders that were named, where they really are.
    roots: Vec<PathBuf>,
    entries: usize,
    /// A bound was met or somebody stopped it: nothing more is looked at.
    over: bool,
}

impl Walk<'_> {
    fn folder_and_below(&mut self, folder: Folder, metadata: Option<&Metadata>) {
        if let Some(metadata) = metadata
            && !self.seen.insert(key(&folder.path, metadata))
        {
            self.again(folder.root);
            return;
        }
        let mut steps = vec![Step::Folder(folder)];
        while let Some(step) = steps.pop() {
            match step {
                Step::File(path, root) => self.listed.places.push(Place { path, root, named: false }),
                Step::Folder(folder) => {
                    let first = steps.len();
                    self.open_folder(&folder, &mut steps);
                    // The first by name is on top.
                    if let Some(new) = steps.get_mut(first..) {
                        new.reverse();
                    }
                }
            }
        }
    }

    fn open_folder(&mut self, folder: &Folder, steps: &mut Vec<Step>) {
        if self.over {
            // What is left out from here on is counted; the first is named with the reason.
            self.listed.passed.more += 1;
            return;
        }
        if !(self.go_on)() {
            self.over = true;
            self.leave_out(folder, SkipReason::Stopped);
            return;
        }
        let mut entries = match self.entries_of(folder) {
            Ok(entries) => entries,
            Err(error) => return self.leave_out(folder, SkipReason::Unreadable(error)),
        };
        entries.sort_by_cached_key(|entry| {
            let name = entry.file_name();
            (NameKey::of(&name.to_string_lossy()), name)
        });
        let manifest = entries.iter().find(|entry| entry.file_name() == MANIFEST);
        if manifest.is_some_and(|manifest| is_own(&manifest.path())) {
            self.listed.archived.push(Archived { folder: folder.path.clone(), root: folder.root });
            return;
        }
        for entry in entries {
            let path = entry.path();
            if is_hidden(entry.file_name().as_encoded_bytes()) {
                self.listed.passed.hidden += 1;
                continue;
            }
            // The entry itself, not what a link leads to.
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                Err(error) => {
                    self.listed.passed.leave_out(&path, folder.root, SkipReason::Unreadable(error));
                    continue;
                }
            };
            let kind = metadata.file_type();
            if kind.is_symlink() {
                self.links.push(Folder { path, depth: folder.depth, root: folder.root });
            } else {
                self.real(Folder { path, depth: folder.depth + 1, root: folder.root }, &metadata, steps);
            }
        }
    }

    /// Something that is no link.
    fn real(&mut self, at: Folder, metadata: &Metadata, steps: &mut Vec<Step>) {
        let kind = metadata.file_type();
        if !kind.is_dir() && !kind.is_file() {
            self.leave_out(&at, SkipReason::Special(open::special(kind)));
        } else if kind.is_dir() && at.depth > self.bounds.depth {
            self.leave_out(&at, SkipReason::TooDeep { limit: self.bounds.depth });
        } else if !self.seen.insert(key(&at.path, metadata)) {
            self.again(at.root);
        } else if kind.is_dir() {
            steps.push(Step::Folder(at));
        } else {
            steps.push(Step::File(at.path, at.root));
        }
    }

    /// The entries of a folder, as many as may still be looked at.
    fn entries_of(&mut self, folder: &Folder) -> io::Result<Vec<DirEntry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(&folder.path)? {
            if self.entries >= self.bounds.entries {
                self.over = true;
                self.leave_out(folder, SkipReason::TooMany { limit: self.bounds.entries });
                break;
            }
            self.entries += 1;
            entries.push(entry?);
        }
        Ok(entries)
    }

    /// Every real file is known now: a link brings what only it leads to, within what was named.
    fn follow_links(&mut self) {
        // Folders behind links may have links of their own.
        let mut next = 0;
        while let Some(link) = self.links.get(next) {
            let link = Folder { path: link.path.clone(), ..*link };
            next += 1;
            if self.over {
                self.listed.passed.more += 1;
                continue;
            }
            let (target, metadata) = match fs::canonicalize(&link.path).and_then(|to| Ok((fs::metadata(&to)?, to))) {
                Ok((metadata, target)) => (target, metadata),
                Err(error) => {
                    self.leave_out(&link, SkipReason::Unreadable(error));
                    continue;
                }
            };
            if self.seen.contains(&key(&target, &metadata)) {
                self.again(link.root);
            } else if !self.roots.iter().any(|root| target.starts_with(root)) {
                self.leave_out(&link, SkipReason::LeadsOut { target });
            } else {
                let mut steps = Vec::new();
                self.real(Folder { path: link.path, depth: link.depth + 1, root: link.root }, &metadata, &mut steps);
                for step in steps {
                    match step {
                        Step::File(path, root) => self.listed.places.push(Place { path, root, named: false }),
                        // Noted as seen already.
                        Step::Folder(folder) => self.folder_and_below(folder, None),
                    }
                }
            }
        }
    }

    fn again(&mut self, root: usize) {
        self.listed.passed.again += 1;
        self.listed.passed.again_in.insert(root);
    }

    fn leave_out(&mut self, what: &Folder, why: SkipReason) {
        self.listed.passed.leave_out(&what.path, what.root, why);
    }
}

/// The file in each folder of the archive that says what is in it.
const MANIFEST: &str = "manifest.json";
/// No manifest is larger than is looked at to know one.
const LARGEST_MANIFEST: u64 = 4_000_000;

/// Whether a manifest is one of the program's own archive.
fn is_own(path: &Path) -> bool {
    let Ok(bytes) = open::read(path, LARGEST_MANIFEST) else { return false };
    ["\"version\"", "\"filing\"", "\"orgNumber\"", "\"assessedVat\"", "\"files\""]
        .iter()
        .all(|name| memchr::memmem::find(&bytes, name.as_bytes()).is_some())
}

#[cfg(all(test, unix))]
mod tests;
