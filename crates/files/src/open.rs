//! The one way a file of somebody else's is opened: a regular file of a bounded size, without ever waiting for it.
//!
//! A named pipe, a device or a socket under a file's name is refused before and after it is opened, so that nobody who
//! can change a folder makes a program hang that looks into it.

use std::{
    fs::{self, File, FileType, Metadata, OpenOptions},
    io::{self, Read as _},
    path::Path,
};

/// No return and no attachment is larger: 25 MB, as the reader counts them.
pub const LARGEST: u64 = 25_000_000;

/// No file of settings is larger: a megabyte.
pub const SMALL: u64 = 1024 * 1024;

/// Why a file is not opened or not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Nothing is there.
    #[error("there is no such file")]
    Missing,
    /// It is a folder.
    #[error("it is a folder")]
    Folder,
    /// A named pipe, a device or a socket.
    #[error("it is {0}, not a file")]
    Special(Special),
    /// It has more bytes than are read.
    #[error("the file has {size} bytes, and at most {limit} are read")]
    TooLarge {
        /// Bytes it has, or at least has.
        size: u64,
        /// Bytes it may have.
        limit: u64,
    },
    /// The files that were read before have as many bytes as are read in all.
    #[error("more than {limit} bytes of returns were found")]
    TooMuch {
        /// Bytes that are read in all.
        limit: u64,
    },
    /// A packed file cannot be unpacked.
    #[error("{0}")]
    Packed(#[from] crate::packed::PackedError),
    /// The operating system says no.
    #[error(transparent)]
    Io(io::Error),
}

/// What is no file, though it has a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Special {
    /// A named pipe.
    Pipe,
    /// A device: a disk, a terminal, `/dev/zero`.
    Device,
    /// A socket.
    Socket,
    /// Something else that the system has.
    Other,
}

impl std::fmt::Display for Special {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pipe => "a named pipe",
            Self::Device => "a device",
            Self::Socket => "a socket",
            Self::Other => "something special",
        })
    }
}

impl From<io::Error> for Refused {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Io(error) }
    }
}

/// The operating system's word about a file that is not read, or ours.
impl From<Refused> for io::Error {
    fn from(why: Refused) -> Self {
        match why {
            Refused::Io(error) => error,
            Refused::Missing => Self::new(io::ErrorKind::NotFound, why),
            Refused::Folder => Self::new(io::ErrorKind::IsADirectory, why),
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}

/// Opens a regular file for reading; its size is that of the moment. Links are followed: whoever walks a folder decides
/// about them before.
///
/// # Errors
/// [`Refused`]: it is missing, no regular file, or cannot be opened.
pub fn open(path: &Path) -> Result<(File, u64), Refused> {
    // Asked before it is opened: opening a device may do something.
    regular(&fs::metadata(path)?)?;
    let file = options().open(path)?;
    // And after: it may have been exchanged between the two.
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata.len()))
}

/// Reads a whole file of at most `limit` bytes.
///
/// # Errors
/// [`Refused`], [`Refused::TooLarge`] among them.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    read_into(path, limit, &mut bytes)?;
    Ok(bytes)
}

/// The same into a buffer, in place of what is in it: many files are read into one.
///
/// # Errors
/// As [`read`].
pub fn read_into(path: &Path, limit: u64, bytes: &mut Vec<u8>) -> Result<(), Refused> {
    bytes.clear();
    let (file, size) = open(path)?;
    rest_into(file, size, limit, bytes)
}

/// Reads the rest of an opened file of that size, behind what has been read of it already.
pub(crate) fn rest_into(file: File, size: u64, limit: u64, bytes: &mut Vec<u8>) -> Result<(), Refused> {
    if size > limit {
        return Err(Refused::TooLarge { size, limit });
    }
    let before = bytes.len() as u64;
    bytes.reserve(usize::try_from(size.saturating_sub(before)).unwrap_or(0));
    // One more than there may be, to see that there are more: a file may grow, and some say they have no size.
    file.take((limit + 1).saturating_sub(before)).read_to_end(bytes)?;
    let size = bytes.len() as u64;
    if size > limit { Err(Refused::TooLarge { size, limit }) } else { Ok(()) }
}

fn regular(metadata: &Metadata) -> Result<(), Refused> {
    let kind = metadata.file_type();
    if kind.is_file() {
        Ok(())
    } else if kind.is_dir() {
        Err(Refused::Folder)
    } else {
        Err(Refused::Special(special(kind)))
    }
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut options = OpenOptions::new();
    // A pipe that somebody has put in the file's place opens at once, and no terminal becomes ours.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    options.read(true).custom_flags(flags.cast_signed());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(unix)]
pub(crate) fn special(kind: FileType) -> Special {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        Special::Pipe
    } else if kind.is_socket() {
        Special::Socket
    } else if kind.is_block_device() || kind.is_char_device() {
        Special::Device
    } else {
        Special::Other
    }
}

#[cfg(not(unix))]
pub(crate) fn special(_: FileType) -> Special {
    Special::Other
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::{os::unix::fs::symlink, process::Command};

    #[test]
    fn f14_a_pipe_a_device_and_a_socket_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("ror.xml");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = folder.path().join("socket.xml");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let link = folder.path().join("lenke.xml");
        symlink("/dev/zero", &link).unwrap();
        for (path, wanted) in [
            (pipe, Special::Pipe),
            (socket, Special::Socket),
            (link, Special::Device),
            ("/dev/null".into(), Special::Device),
        ] {
            let refused = open(&path).unwrap_err();
            assert!(matches!(refused, Refused::Special(special) if special == wanted), "{path:?}: {refused}");
        }
        assert!(matches!(open(folder.path()), Err(Refused::Folder)));
        assert!(matches!(open(&folder.path().join("borte")), Err(Refused::Missing)));
    }

    #[test]
    fn a_file_is_read_to_its_limit_and_not_beyond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fil");
        fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read(&path, 100).unwrap().len(), 100);
        assert!(matches!(read(&path, 99), Err(Refused::TooLarge { size: 100, limit: 99 })));
        // Says that it has no size, and has content.
        assert!(!read(Path::new("/proc/self/status"), LARGEST).unwrap().is_empty());
        assert!(matches!(read(Path::new("/proc/self/status"), 10), Err(Refused::TooLarge { limit: 10, .. })));
    }
}
