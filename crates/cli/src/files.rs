//! Which files a call means, and their bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Bytes of a file that are read: more than a return may have, so that one that is too large is known as such.
const MOST_BYTES: u64 = 25_000_001;

/// The files in a folder: every `.xml` in it and in the folders below, by name. Links to folders are not followed, they
/// may lead in circles.
pub(crate) fn of(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    gather(folder, &mut files)?;
    if files.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no .xml file in this folder"));
    }
    Ok(files)
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            gather(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml")) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

/// The bytes of a file, in place of those of the one before: opening and reading a return takes longer than checking it,
/// so that many are read into one buffer and nothing is asked of the system but to open, read and close.
pub(crate) fn read(path: &Path, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.clear();
    File::open(path)?.take(MOST_BYTES).read_to_end(bytes)?;
    Ok(())
}
