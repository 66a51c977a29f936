//! A folder that is held open while something is made, written, renamed or removed in it.
//!
//! Others may write to an archive. Between a look at a path and a write by the same path one of them can put a link in a
//! folder's place, so nothing is done by paths here: each folder is opened within the one above it, through no link, by the
//! operating system, and what is done in it is done in what was opened, whatever bears its name by then.

use std::{
    ffi::OsStr,
    fs::File,
    hash::{BuildHasher as _, RandomState},
    io::{self, Write as _},
    path::{Component, Path, PathBuf},
};

use cap_fs_ext::{DirExt as _, FollowSymlinks, OpenOptionsFollowExt as _};
use cap_std::{
    ambient_authority,
    fs::{Dir, DirBuilder, OpenOptions},
};

use crate::{
    private::{self, Whose},
    whole::HALF,
};

/// How often a name that nobody else has is looked for.
const TRIES: usize = 16;

/// A folder of the program's own that is held open. On Windows it, and what lies above it up to where it was opened, cannot be
/// renamed meanwhile.
#[derive(Debug)]
pub struct Folder {
    dir: Dir,
    /// Where it lay when it was opened, for messages.
    path: PathBuf,
}

impl Folder {
    /// Opens the folder that a person has named, which may be a link.
    ///
    /// # Errors
    /// The disk.
    pub fn open(root: &Path) -> io::Result<Self> {
        Ok(Self { dir: Dir::open_ambient_dir(root, ambient_authority())?, path: root.to_owned() })
    }

    /// The same, made for its owner alone if it is not there: on Windows too, whatever the folder above gives to whom. One that
    /// is there stays as it is: it may be shared on purpose.
    ///
    /// # Errors
    /// The disk.
    pub fn make(root: &Path) -> io::Result<Self> {
        let is_new = !root.exists();
        crate::create_folder(root)?;
        // A disk without access lists is no reason to stop.
        if is_new && let Err(error) = private::close(root, Whose::Owners) {
            tracing::debug!(%error, "Who gets into a new folder cannot be said.");
        }
        Self::open(root)
    }

    /// Where it lay when it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A folder anywhere below it, through no link.
    ///
    /// # Errors
    /// `InvalidInput` for names that are none, or the disk: a link is no folder.
    pub fn below(&self, names: impl AsRef<Path>) -> io::Result<Self> {
        self.walk(names.as_ref(), &|_, _| Ok(()))
    }

    /// The same; what is not there is made for its owner alone.
    ///
    /// # Errors
    /// As for [`Self::below`].
    pub fn make_below(&self, names: impl AsRef<Path>) -> io::Result<Self> {
        self.walk(names.as_ref(), &|dir, name| {
            #[allow(unused_mut)]
            let mut builder = DirBuilder::new();
            #[cfg(unix)]
            cap_std::fs::DirBuilderExt::mode(&mut builder, 0o700);
            match dir.create_dir_with(name, &builder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
                _ => Ok(()),
            }
        })
    }

    fn walk(&self, names: &Path, before: &dyn Fn(&Dir, &OsStr) -> io::Result<()>) -> io::Result<Self> {
        let mut dir = self.dir.try_clone()?;
        for name in names.components() {
            let Component::Normal(name) = name else { return Err(no_name(names)) };
            let name = ordinary(name)?;
            before(&dir, name)?;
            dir = dir.open_dir_nofollow(name)?;
        }
        Ok(Self { dir, path: self.path.join(names) })
    }

    /// Whether something has that name in it, a link that leads nowhere too.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        ordinary(name.as_ref()).is_ok_and(|name| self.dir.symlink_metadata(name).is_ok())
    }

    /// Makes a file in it that is not there, for its owner alone, to be written and read.
    ///
    /// # Errors
    /// `AlreadyExists` (a link counts), `InvalidInput` for a name that is none, or the disk.
    pub fn create_new(&self, name: impl AsRef<OsStr>) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).follow(FollowSymlinks::No);
        #[cfg(unix)]
        cap_std::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(self.dir.open_with(ordinary(name.as_ref())?, &options)?.into_std())
    }

    /// Writes a file in it whole, for its owner alone, through to the disk; it replaces what was there.
    ///
    /// # Errors
    /// As for [`Self::create_new`]; what was there is as it was.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        ordinary(name.as_ref())?;
        let (half, mut file) = self.half()?;
        let written = file.write_all(bytes).and_then(|()| file.sync_all());
        drop(file);
        if let Err(error) = written.and_then(|()| self.rename(&half, name)) {
            drop(self.dir.remove_file(&half));
            return Err(error);
        }
        self.sync()
    }

    fn half(&self) -> io::Result<(String, File)> {
        let mut tries = 0;
        loop {
            let half = format!("{}{:016x}{}", HALF.0, RandomState::new().hash_one(tries), HALF.1);
            match self.create_new(&half) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < TRIES => tries += 1,
                made => return made.map(|file| (half, file)),
            }
        }
    }

    /// Gives what is in it another name; what had that one is replaced, as the system does it.
    ///
    /// # Errors
    /// `InvalidInput` for a name that is none, or the disk.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.dir.rename(ordinary(from.as_ref())?, &self.dir, ordinary(to.as_ref())?)
    }

    /// Removes what has that name, a folder with all that is in it; what is not there is removed already. A link goes itself, in
    /// it too.
    ///
    /// # Errors
    /// `InvalidInput` for a name that is none, or the disk.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        remove(&self.dir, Path::new(ordinary(name.as_ref())?))
    }

    /// Removes a folder in it in which nothing lies.
    ///
    /// # Errors
    /// Something lies in it, `InvalidInput` for a name that is none, or the disk: a link is no folder.
    pub fn remove_empty(&self, name: impl AsRef<OsStr>) -> io::Result<()> {
        self.dir.remove_dir(ordinary(name.as_ref())?)
    }

    /// Writes its entries through to the disk. Windows does so by itself.
    ///
    /// # Errors
    /// The disk.
    pub fn sync(&self) -> io::Result<()> {
        // What it was opened for is to look names up in it, and no more.
        if cfg!(windows) { Ok(()) } else { self.dir.open(".")?.into_std().sync_all() }
    }
}

/// Removes what lies below a folder, as [`Folder::remove`] does.
pub(crate) fn remove(dir: &Dir, names: &Path) -> io::Result<()> {
    let gone = |error: io::Error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) };
    match dir.symlink_metadata(names) {
        // A link in the folder's place goes itself; what it leads to is somebody else's.
        Ok(found) if !found.is_dir() => dir.remove_file_or_symlink(names).or_else(gone),
        Ok(_) => dir.remove_dir_all(names).or_else(gone),
        Err(error) => gone(error),
    }
}

/// One ordinary component of a path, in whatever bytes the system has for it.
fn ordinary(name: &OsStr) -> io::Result<&OsStr> {
    let mut components = Path::new(name).components();
    let one = matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name);
    // A colon names a drive or a stream there.
    let stream = cfg!(windows) && name.as_encoded_bytes().contains(&b':');
    if one && !stream { Ok(name) } else { Err(no_name(Path::new(name))) }
}

fn no_name(names: &Path) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no name of a file", names.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_folder_is_made_written_and_removed_within() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::make(&root.path().join("archive")).unwrap().make_below("a/b").unwrap();
        folder.write("c", b"one").unwrap();
        folder.write("c", b"two").unwrap();
        assert_eq!(fs::read(root.path().join("archive/a/b/c")).unwrap(), b"two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half is left");
        assert_eq!(folder.create_new("c").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        folder.rename("c", "d").unwrap();
        assert!(folder.contains("d") && !folder.contains("c"));
        let above = Folder::open(root.path()).unwrap();
        above.below("archive").unwrap().remove("a").unwrap();
        above.below("archive").unwrap().remove("a").unwrap();
        assert!(root.path().join("archive").exists() && !root.path().join("archive/a").exists());
    }

    #[test]
    fn a_name_is_one_name() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("in")).unwrap();
        let folder = Folder::open(&root.path().join("in")).unwrap();
        for bad in ["", ".", "..", "../x", "/etc/x", "a/b", "a/"] {
            assert!(folder.create_new(bad).is_err() && folder.write(bad, b"x").is_err(), "{bad:?}");
            assert!(folder.remove(bad).is_err() && folder.rename(bad, "x").is_err(), "{bad:?}");
        }
        for bad in ["..", "a/../../x", "/etc"] {
            assert!(folder.make_below(bad).is_err(), "{bad:?}");
        }
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    /// Whoever can write to a shared archive exchanges a folder and a link, again and again, while it is written, renamed and
    /// removed below them.
    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_is_done_elsewhere_whoever_exchanges_a_folder_meanwhile() {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use std::sync::atomic::{AtomicBool, Ordering};
        let (root, hers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(hers.path().join("old/deep")).unwrap();
        let (inside, aside) = (root.path().join("company"), root.path().join("aside"));
        fs::create_dir(&inside).unwrap();
        std::os::unix::fs::symlink(hers.path(), &aside).unwrap();
        let over = AtomicBool::new(false);
        let written = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    renameat_with(CWD, &inside, CWD, &aside, RenameFlags::EXCHANGE).unwrap();
                }
            });
            let write = || -> io::Result<()> {
                let company = Folder::open(root.path())?.make_below("company")?;
                company.remove("old")?;
                company.make_below("half/attachments")?.create_new("file")?.write_all(b"x")?;
                company.remove("new")?;
                company.rename("half", "new")?;
                company.write("manifest.json", b"{}")?;
                company.sync()
            };
            let written = (0..3_000).filter(|_| write().is_ok()).count();
            over.store(true, Ordering::Relaxed);
            written
        });
        let mut names: Vec<_> = fs::read_dir(hers.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["old"], "what lies elsewhere is somebody else's");
        assert!(hers.path().join("old/deep").exists() && written > 0, "{written}");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_gone_through() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let (root, hers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        symlink(hers.path(), root.path().join("link")).unwrap();
        symlink(hers.path().join("file"), root.path().join("file")).unwrap();
        let folder = Folder::open(root.path()).unwrap();
        assert!(folder.below("link").is_err() && folder.make_below("link/a").is_err());
        assert!(folder.create_new("file").is_err());
        folder.write("file", b"ours").unwrap();
        folder.remove("link").unwrap();
        assert_eq!(fs::read_dir(hers.path()).unwrap().count(), 0);
        let mode = |name: &str| fs::metadata(root.path().join(name)).unwrap().permissions().mode() & 0o777;
        folder.make_below("own").unwrap();
        assert_eq!((mode("own"), mode("file")), (0o700, 0o600));
    }
}
