//! Files that appear whole or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile};

/// What half-written files are called, with something random in the middle: hidden, and known for what they are.
pub(crate) const HALF: (&str, &str) = (".momsbud-", ".partial");

/// Whether a name is that of a file which this program writes, before it is whole and gets its own.
pub fn is_half_written(name: &str) -> bool {
    name.starts_with(HALF.0) && name.ends_with(HALF.1)
}

/// A file that is being written beside its place, under a name that nobody can guess and that nothing else has. It comes
/// to its place with [`WholeFile::finish`], through to the disk; dropped before that it is gone.
#[derive(Debug)]
pub struct WholeFile {
    half: BufWriter<NamedTempFile>,
    path: PathBuf,
}

impl WholeFile {
    /// Begins a file that only its owner may read.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn new(path: &Path) -> io::Result<Self> {
        // What tempfile makes is 0600.
        Self::begin(path, &Builder::new())
    }

    /// Begins a file that a person takes along to a place of her choice: who may read it is as of every file she makes.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn for_others(path: &Path) -> io::Result<Self> {
        #[cfg_attr(not(unix), expect(unused_mut, reason = "what a person makes is her own there"))]
        let mut builder = Builder::new();
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        Self::begin(path, &builder)
    }

    fn begin(path: &Path, builder: &Builder<'_, '_>) -> io::Result<Self> {
        // A file that came into the place of /dev/null would stay there for everybody.
        if is_special(path) {
            return Err(no_file());
        }
        let folder = folder_of(path)?;
        let mut builder = builder.clone();
        let half = builder.prefix(HALF.0).suffix(HALF.1).tempfile_in(folder)?;
        Ok(Self { half: BufWriter::new(half), path: path.to_owned() })
    }

    /// Writes it through to the disk and puts it in its place, where it replaces what was there.
    ///
    /// # Errors
    /// The disk; nothing is left of it then, and what was there is as it was.
    pub fn finish(self) -> io::Result<()> {
        let half = self.half.into_inner().map_err(|error| error.into_error())?;
        half.as_file().sync_all()?;
        half.persist(&self.path).map_err(|error| error.error)?;
        sync_folder(folder_of(&self.path)?)
    }

    /// What has been written so far, from its beginning, to be looked at before it is finished.
    ///
    /// # Errors
    /// The disk.
    pub fn look(&mut self) -> io::Result<File> {
        self.half.flush()?;
        self.half.get_ref().reopen()
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.half.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.half.flush()
    }
}

impl io::Seek for WholeFile {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        self.half.seek(to)
    }
}

/// Writes a file whole that only its owner may read; its folder is made if it is not there.
///
/// # Errors
/// The disk; what was there is as it was.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path)?;
    if !folder.exists() {
        crate::create_folder(folder)?;
    }
    let mut file = WholeFile::new(path)?;
    file.write_all(bytes)?;
    file.finish()
}

pub(crate) fn no_file() -> io::Error {
    io::Error::new(io::ErrorKind::Unsupported, "it is a pipe, a socket or a device, and no file")
}

/// Whether something is there that is neither a file nor a folder; links are followed.
pub(crate) fn is_special(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Whether a folder can be written into, found out by writing; nothing stays behind. The name is one that nobody can have
/// planted a link under.
///
/// # Errors
/// The disk.
pub fn try_out(folder: &Path) -> io::Result<()> {
    let mut file = Builder::new().prefix(HALF.0).suffix(HALF.1).tempfile_in(folder)?;
    file.write_all(&[0; 4096])?;
    file.as_file().sync_all()?;
    file.close()
}

/// Writes a folder's entries through to the disk. Windows does so by itself and does not let a folder be opened.
///
/// # Errors
/// The disk.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { File::open(folder)?.sync_all() }
}

fn folder_of(path: &Path) -> io::Result<&Path> {
    match path.parent() {
        Some(here) if here.as_os_str().is_empty() => Ok(Path::new(".")),
        Some(folder) => Ok(folder),
        None => Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no place for a file")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write(&path, b"one").unwrap();
        let mut half = WholeFile::new(&path).unwrap();
        half.write_all(b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"one");
        drop(half);
        assert_eq!(names(folder.path()), ["a.json"]);
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(folder.path()), ["a.json"]);
        assert!(write(&path.join("below a file"), b"x").is_err());
    }

    #[test]
    fn a_folder_is_tried_out_without_a_trace() {
        let folder = tempfile::tempdir().unwrap();
        try_out(folder.path()).unwrap();
        assert!(names(folder.path()).is_empty());
        assert!(try_out(&folder.path().join("nowhere")).is_err());
    }

    #[test]
    fn two_writers_of_one_file_do_not_meet() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let mut one = WholeFile::new(&path).unwrap();
        let mut two = WholeFile::new(&path).unwrap();
        one.write_all(b"from one").unwrap();
        two.write_all(b"from two, longer").unwrap();
        one.finish().unwrap();
        two.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"from two, longer");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_that_was_planted() {
        let folder = tempfile::tempdir().unwrap();
        let (path, victim) = (folder.path().join("a.csv"), folder.path().join("victim"));
        fs::write(&victim, b"hers").unwrap();
        // The names that the program used to write under, and the place itself.
        for name in [".a.csv.partial", "a.partial", "a.csv.partial", "a.csv"] {
            std::os::unix::fs::symlink(&victim, folder.path().join(name)).unwrap();
        }
        write(&path, b"ours").unwrap();
        assert_eq!(fs::read(&victim).unwrap(), b"hers");
        assert_eq!(fs::read(&path).unwrap(), b"ours");
        assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
    }

    #[cfg(unix)]
    #[test]
    fn who_may_read_a_file_is_settled_when_it_is_made() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        write(&folder.path().join("own"), b"x").unwrap();
        let mut file = WholeFile::for_others(&folder.path().join("export")).unwrap();
        file.write_all(b"x").unwrap();
        file.finish().unwrap();
        fs::write(folder.path().join("any"), b"x").unwrap();
        assert_eq!(mode("own"), 0o600);
        assert_eq!(mode("export"), mode("any"));
    }
}
