//! A folder of the program's own with all that is below it: the one way in which the archive is looked through, verified,
//! packed and moved.
//!
//! Others may write to such a folder. So no link is followed, not even one that is put in a folder's place between two
//! looks (each folder and file is opened within the one above it, by the operating system); what is no ordinary file is
//! told and opened by nobody; and depth and number are bounded. Nothing is passed by in silence: the visitor is told of
//! everything, and decides.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::{
    ambient_authority,
    fs::{Dir, OpenOptions},
};

/// Folders within folders; an archive has five.
pub const DEEPEST: usize = 64;
/// Entries in all.
pub const MOST: usize = 5_000_000;

/// What was met.
#[derive(Debug)]
pub enum TreeEntry {
    /// A folder.
    Folder,
    /// An ordinary file.
    File {
        /// Bytes.
        size: u64,
        /// When it was written last, where the system says it.
        modified: Option<SystemTime>,
    },
    /// A link, whatever it leads to.
    Link,
    /// A pipe, a device or a socket.
    Special,
    /// It cannot be looked at, or is deeper or more than is looked at.
    Unreadable(io::Error),
}

/// What to do after an entry; it matters for folders alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Look into it.
    Into,
    /// Pass it by.
    Past,
}

/// Something below the folder, or with no name the folder itself.
#[derive(Debug)]
pub struct Entry<'a> {
    /// Its names below the folder, with `/` between them; what is no text in one is replaced.
    pub names: &'a str,
    /// Where it lies.
    pub path: &'a Path,
    /// What it is.
    pub met: TreeEntry,
    /// The folder itself, or the one that it lies in.
    dir: &'a Dir,
    own: &'a OsStr,
}

impl Entry<'_> {
    /// The last of its names.
    #[must_use]
    pub fn name(&self) -> &str {
        self.names.rsplit('/').next().unwrap_or_default()
    }

    /// Whether a folder has an entry of that name, of whatever kind.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        matches!(self.met, TreeEntry::Folder) && self.dir.symlink_metadata(name).is_ok()
    }

    /// Takes from it what others than its owner may do, but for what `keep` leaves. What is no file and no folder, and what
    /// may not be changed, stays as it is.
    ///
    /// # Errors
    /// The disk, or it belongs to somebody else.
    #[cfg(unix)]
    pub(crate) fn narrow(&self, keep: u32) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        if !matches!(self.met, TreeEntry::Folder | TreeEntry::File { .. }) {
            return Ok(());
        }
        // Bits above (a set group of a shared folder) are no permissions.
        let narrower = |mode: u32| (mode & !0o777) | (mode & keep);
        let mode = cap_std::fs::MetadataExt::mode(&self.dir.symlink_metadata(self.own)?);
        if mode == narrower(mode) {
            return Ok(());
        }
        // By what was opened, and not by its name: another may be under it now.
        let opened = match self.met {
            // What it was opened for is to look names up in it, and no more.
            TreeEntry::Folder => self.dir.open(".")?.into_std(),
            _ => self.open()?,
        };
        let mode = opened.metadata()?.permissions().mode();
        opened.set_permissions(std::fs::Permissions::from_mode(narrower(mode)))
    }

    /// Windows keeps in a person's own folder what is hers.
    #[cfg(not(unix))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "as elsewhere")]
    pub(crate) fn narrow(&self, _: u32) -> io::Result<()> {
        Ok(())
    }

    /// Removes a file.
    ///
    /// # Errors
    /// The disk; it is none.
    pub fn remove(&self) -> io::Result<()> {
        match self.met {
            TreeEntry::File { .. } => self.dir.remove_file(self.own),
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }

    /// Opens a file to be read.
    ///
    /// # Errors
    /// `InvalidData` when it is no ordinary file, or is one no longer; the disk.
    pub fn open(&self) -> io::Result<File> {
        let strange = || io::Error::new(io::ErrorKind::InvalidData, "it is no ordinary file");
        if !matches!(self.met, TreeEntry::File { .. }) {
            return Err(strange());
        }
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No);
        #[cfg(unix)]
        {
            use cap_std::fs::OpenOptionsExt as _;
            // Opening a pipe that was put in its place would wait for whoever writes into it.
            options.custom_flags(i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default());
        }
        let file = self.dir.open_with(self.own, &options)?.into_std();
        if file.metadata()?.is_file() { Ok(file) } else { Err(strange()) }
    }
}

/// Visits a folder and all below it, by name, the folder itself first. It is the one that a person has named, and may be a
/// link; what lies below such a folder is visited by [`each_below`].
///
/// # Errors
/// The folder cannot be opened, or the visitor's own.
pub fn each<E: From<io::Error>>(root: &Path, visit: &mut dyn FnMut(&Entry<'_>) -> Result<Next, E>) -> Result<(), E> {
    let dir = Dir::open_ambient_dir(root, ambient_authority())?;
    from(&dir, root, visit)
}

/// Visits a folder that lies below another and all below it, as [`each`] does. Neither it nor anything on the way to it is a
/// link: each is opened within the one above it, by the operating system.
///
/// # Errors
/// The folder cannot be opened, or the visitor's own.
pub fn each_below<E: From<io::Error>>(
    root: &Path,
    names: &str,
    visit: &mut dyn FnMut(&Entry<'_>) -> Result<Next, E>,
) -> Result<(), E> {
    let path = crate::below(root, names)?;
    let dir = folder_below(root, names)?;
    from(&dir, &path, visit)
}

fn from<E: From<io::Error>>(
    dir: &Dir,
    path: &Path,
    visit: &mut dyn FnMut(&Entry<'_>) -> Result<Next, E>,
) -> Result<(), E> {
    let own = OsStr::new(".");
    let folder = Entry { names: "", path, met: TreeEntry::Folder, dir, own };
    if visit(&folder)? == Next::Past {
        return Ok(());
    }
    let entries = names_in(dir, &mut 0)?;
    let mut walk = Walk { visit, entries: entries.len() };
    walk.below(dir, path, "", entries, 1)
}

/// Reads a file that lies below a folder and should be small, as [`crate::read_regular`] does, and neither it nor anything on
/// the way to it is a link.
///
/// # Errors
/// `InvalidData` for anything else than an ordinary file of that size, or the disk.
pub fn read_below(root: &Path, names: &str, longest: u64) -> io::Result<Vec<u8>> {
    crate::below(root, names)?;
    let (dir, own) = match names.rsplit_once('/') {
        Some((folder, own)) => (folder_below(root, folder)?, own),
        None => (Dir::open_ambient_dir(root, ambient_authority())?, names),
    };
    let own = OsStr::new(own);
    let met = match met(&dir, own) {
        TreeEntry::Unreadable(error) => return Err(error),
        met => met,
    };
    let file = Entry { names, path: root, met, dir: &dir, own }.open()?;
    let mut bytes = Vec::new();
    file.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    let too_long = || io::Error::new(io::ErrorKind::InvalidData, "the file is longer than it can rightly be");
    if bytes.len() as u64 > longest { Err(too_long()) } else { Ok(bytes) }
}

/// Opens a folder below another, name by name.
fn folder_below(root: &Path, names: &str) -> io::Result<Dir> {
    crate::below(root, names)?;
    let mut dir = Dir::open_ambient_dir(root, ambient_authority())?;
    for name in names.split('/') {
        dir = dir.open_dir_nofollow(name)?;
    }
    Ok(dir)
}

/// Goes on, unless something cannot be read: for who must have all or nothing.
///
/// # Errors
/// Why it cannot be read.
pub fn readable(entry: &Entry<'_>) -> io::Result<Next> {
    match &entry.met {
        TreeEntry::Unreadable(error) => Err(io::Error::new(error.kind(), format!("{}: {error}", entry.path.display()))),
        _ => Ok(Next::Into),
    }
}

struct Walk<'a, E> {
    visit: &'a mut dyn FnMut(&Entry<'_>) -> Result<Next, E>,
    entries: usize,
}

impl<E: From<io::Error>> Walk<'_, E> {
    fn below(&mut self, dir: &Dir, path: &Path, names: &str, entries: Vec<OsString>, depth: usize) -> Result<(), E> {
        for own in entries {
            let shown = own.to_string_lossy();
            let names = if names.is_empty() { shown.into_owned() } else { format!("{names}/{shown}") };
            self.entry(dir, &own, &path.join(&own), &names, depth)?;
        }
        Ok(())
    }

    fn entry(&mut self, dir: &Dir, own: &OsStr, path: &Path, names: &str, depth: usize) -> Result<(), E> {
        let met = met(dir, own);
        if !matches!(met, TreeEntry::Folder) {
            (self.visit)(&Entry { names, path, met, dir, own })?;
            return Ok(());
        }
        let unreadable = |error| Entry { names, path, met: TreeEntry::Unreadable(error), dir, own };
        if depth > DEEPEST {
            (self.visit)(&unreadable(io::Error::new(io::ErrorKind::InvalidData, "it lies too deep")))?;
            return Ok(());
        }
        let inner = match dir.open_dir_nofollow(own) {
            Ok(inner) => inner,
            Err(error) => return (self.visit)(&unreadable(error)).map(drop),
        };
        let folder = Entry { names, path, met: TreeEntry::Folder, dir: &inner, own: OsStr::new(".") };
        if (self.visit)(&folder)? == Next::Past {
            return Ok(());
        }
        match names_in(&inner, &mut self.entries) {
            Ok(entries) => self.below(&inner, path, names, entries, depth + 1),
            Err(error) => (self.visit)(&unreadable(error)).map(drop),
        }
    }
}

fn met(dir: &Dir, own: &OsStr) -> TreeEntry {
    let metadata = match dir.symlink_metadata(own) {
        Ok(metadata) => metadata,
        Err(error) => return TreeEntry::Unreadable(error),
    };
    let kind = metadata.file_type();
    if kind.is_dir() {
        TreeEntry::Folder
    } else if kind.is_file() {
        TreeEntry::File { size: metadata.len(), modified: metadata.modified().ok().map(|at| at.into_std()) }
    } else if kind.is_symlink() {
        TreeEntry::Link
    } else {
        TreeEntry::Special
    }
}

/// The names in a folder, sorted; `seen` counts all that there are.
fn names_in(dir: &Dir, seen: &mut usize) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in dir.entries()? {
        *seen += 1;
        if *seen > MOST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "there is more than is looked at"));
        }
        names.push(entry?.file_name());
    }
    names.sort();
    Ok(names)
}

/// Whether the way below a folder stays in it, as far as there is one: a link on it that leads out is refused.
///
/// # Errors
/// `InvalidInput` for names that are none, `PermissionDenied` for a way that leads out, or the disk.
pub fn stays_within(root: &Path, names: &str) -> io::Result<PathBuf> {
    let path = crate::below(root, names)?;
    let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
    match Dir::open_ambient_dir(root, ambient_authority()) {
        Ok(dir) => dir.metadata(names).map(drop).or_else(gone)?,
        Err(error) => gone(error)?,
    }
    Ok(path)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    fn seen(root: &Path) -> Vec<(String, &'static str)> {
        let mut seen = Vec::new();
        each::<io::Error>(root, &mut |entry| {
            let what = match entry.met {
                TreeEntry::Folder => "folder",
                TreeEntry::File { .. } => "file",
                TreeEntry::Link => "link",
                TreeEntry::Special => "special",
                TreeEntry::Unreadable(_) => "unreadable",
            };
            seen.push((entry.names.to_owned(), what));
            Ok(if entry.name() == "past" { Next::Past } else { Next::Into })
        })
        .unwrap();
        seen
    }

    #[test]
    fn everything_is_met_once_and_no_link_is_followed() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| root.path().join(name);
        fs::write(elsewhere.path().join("hers"), "secret").unwrap();
        fs::create_dir_all(at("a/b")).unwrap();
        fs::create_dir_all(at("past/c")).unwrap();
        fs::write(at("a/b/file"), "x").unwrap();
        symlink(elsewhere.path(), at("a/out")).unwrap();
        symlink("/dev/zero", at("zero")).unwrap();
        for n in 0..12 {
            symlink(root.path(), at(&format!("a/loop{n}"))).unwrap();
        }
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        let seen: Vec<_> = seen(root.path()).into_iter().filter(|(name, _)| !name.contains("loop")).collect();
        let seen: Vec<_> = seen.iter().map(|(name, what)| (name.as_str(), *what)).collect();
        assert_eq!(
            seen,
            [
                ("", "folder"),
                ("a", "folder"),
                ("a/b", "folder"),
                ("a/b/file", "file"),
                ("a/out", "link"),
                ("past", "folder"),
                ("pipe", "special"),
                ("zero", "link"),
            ]
        );
    }

    #[test]
    fn a_link_that_takes_a_files_place_meanwhile_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::write(at("hers"), "secret").unwrap();
        fs::create_dir(at("in")).unwrap();
        fs::write(at("in/file"), "mine").unwrap();
        let mut read = Vec::new();
        each::<io::Error>(&at("in"), &mut |entry| {
            if matches!(entry.met, TreeEntry::File { .. }) {
                let mut text = String::new();
                entry.open()?.read_to_string(&mut text)?;
                read.push(text);
                fs::remove_file(entry.path)?;
                symlink(at("hers"), entry.path)?;
                read.push(entry.open().map_or_else(|_| "refused".to_owned(), |_| "read".to_owned()));
            }
            Ok(Next::Into)
        })
        .unwrap();
        assert_eq!(read, ["mine", "refused"]);
    }

    #[test]
    fn a_folder_below_another_is_opened_through_no_link() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let at = |name: &str| root.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::create_dir(elsewhere.path().join("b")).unwrap();
        for place in [at("a/b/file"), elsewhere.path().join("b/file")] {
            fs::write(place, "12345").unwrap();
        }
        symlink(elsewhere.path(), at("out")).unwrap();
        symlink("a", at("within")).unwrap();
        symlink(elsewhere.path().join("b/file"), at("a/b/link")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(at("a/b/pipe")).status().unwrap().success());
        let count = |names: &str| {
            let mut count = 0;
            each_below::<io::Error>(root.path(), names, &mut |_| {
                count += 1;
                Ok(Next::Into)
            })
            .map(|()| count)
        };
        assert_eq!((count("a/b").unwrap(), count("a").unwrap()), (4, 5));
        for bad in ["out", "out/b", "within", "within/b", "../x", "/etc", "", "a/b/file", "none"] {
            assert!(count(bad).is_err(), "{bad}");
        }
        assert_eq!(read_below(root.path(), "a/b/file", 5).unwrap(), b"12345");
        assert_eq!(read_below(root.path(), "none", 5).unwrap_err().kind(), io::ErrorKind::NotFound);
        for bad in ["a/b/link", "a/b/pipe", "a/b", "out/b/file", "within/b/file", "../x", "/etc/passwd"] {
            assert!(read_below(root.path(), bad, 1000).is_err(), "{bad}");
        }
        assert!(read_below(root.path(), "a/b/file", 4).is_err());
    }

    #[test]
    fn depth_has_an_end() {
        let root = tempfile::tempdir().unwrap();
        let mut deep = root.path().to_owned();
        for _ in 0..DEEPEST + 5 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        let seen = seen(root.path());
        assert_eq!((seen.len(), seen.last().unwrap().1), (DEEPEST + 2, "unreadable"));
    }

    #[test]
    fn a_way_that_leads_out_is_refused() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(root.path().join("a")).unwrap();
        symlink(elsewhere.path(), root.path().join("out")).unwrap();
        symlink("a", root.path().join("within")).unwrap();
        assert_eq!(stays_within(root.path(), "a/b/c").unwrap(), root.path().join("a/b/c"));
        assert!(stays_within(root.path(), "within/b").is_ok());
        assert!(stays_within(&root.path().join("nowhere"), "a").is_ok());
        for bad in ["out", "out/b", "../x", "/etc"] {
            assert!(stays_within(root.path(), bad).is_err(), "{bad}");
        }
    }
}
