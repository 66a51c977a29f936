//! Zip and gzip files, read like folders: nothing is written to disk, and names in them are only shown.

use std::io::{self, Read, Seek};

use shown::Shown;
use zip::{ZipArchive, result::ZipError};

/// What may be in packed files.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Entries of all packed files together.
    pub entries: usize,
    /// Packed files within packed files.
    pub depth: usize,
    /// Bytes that are unpacked in all.
    pub bytes: u64,
    /// How many times larger than its packed bytes a file of more than a megabyte may be. Returns come to 40 at most.
    pub ratio: u64,
    /// Bytes of a packed file within another; it is kept in memory.
    pub nested: u64,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { entries: 500_000, depth: 3, bytes: 4_000_000_000, ratio: 300, nested: 200_000_000 }
    }
}

/// Why something packed is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackedError {
    /// It asks for a password.
    #[error("it is encrypted with a password")]
    Encrypted,
    /// It is no whole zip or gzip file.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It is packed in a way that is not known here.
    #[error("it is packed in a way that Momsbud does not know: {0}")]
    Method(String),
    /// It is a link, packed as such: only the computer it comes from knows where it leads.
    #[error("it is a link, and not followed")]
    Link,
    /// It grows beyond what a return can.
    #[error("it grows more than {limit} times when it is unpacked")]
    TooDense {
        /// The bound.
        limit: u64,
    },
    /// Several files in it have one name, and only the last of each can be read.
    #[error("several files in it have the same name")]
    SameNames,
    /// More files than are looked at.
    #[error("there are more than {limit} files in it")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// Packed within packed within packed.
    #[error("packed files lie deeper than {limit} within each other")]
    TooDeep {
        /// The bound.
        limit: usize,
    },
    /// More bytes than are unpacked.
    #[error("more than {limit} bytes come out of it")]
    TooMuch {
        /// The bound.
        limit: u64,
    },
}

impl From<ZipError> for PackedError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => Self::Encrypted,
            ZipError::UnsupportedArchive(what) => Self::Method(what.to_owned()),
            ZipError::CompressionMethodNotSupported(number) => Self::Method(number.to_string()),
            other => Self::Damaged(other.to_string()),
        }
    }
}

impl From<io::Error> for PackedError {
    fn from(error: io::Error) -> Self {
        // How something is packed is found out when its first byte is read.
        match error.get_ref().and_then(|inner| inner.downcast_ref::<ZipError>()) {
            Some(ZipError::CompressionMethodNotSupported(number)) => Self::Method(number.to_string()),
            Some(ZipError::UnsupportedArchive(what)) => Self::Method((*what).to_owned()),
            _ => Self::Damaged(error.to_string()),
        }
    }
}

/// What an entry of a zip file is before it is unpacked.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name, as it may be shown.
    pub(crate) name: String,
    /// Bytes it takes packed.
    pub(crate) packed: u64,
    pub(crate) is_folder: bool,
    /// Hidden: a name or a folder with a dot, or what macOS lays beside.
    pub(crate) hidden: bool,
}

/// Opens a zip file.
pub(crate) fn zip<R: Read + Seek>(reader: R) -> Result<ZipArchive<R>, PackedError> {
    Ok(ZipArchive::new(reader)?)
}

/// Looks at an entry without unpacking it.
pub(crate) fn entry<R: Read + Seek>(zip: &mut ZipArchive<R>, index: usize) -> Result<Entry, (String, PackedError)> {
    match zip.by_index_raw(index) {
        Ok(file) => {
            let name = shown(&String::from_utf8_lossy(file.name_raw()));
            let entry = Entry {
                packed: file.compressed_size(),
                is_folder: name.ends_with('/'),
                hidden: name.split('/').any(|part| {
                    part == "__MACOSX" || !matches!(part, "." | "..") && crate::name::is_hidden(part.as_bytes())
                }),
                name,
            };
            if file.encrypted() {
                Err((entry.name, PackedError::Encrypted))
            } else if file.is_symlink() && !entry.hidden {
                Err((entry.name, PackedError::Link))
            } else {
                Ok(entry)
            }
        }
        Err(error) => Err((format!("{}", index + 1), error.into())),
    }
}

/// A name from a packed file as it may be shown: `/` between folders.
fn shown(name: &str) -> String {
    Shown::line(&name.replace('\\', "/")).into()
}
