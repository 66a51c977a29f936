//! Files that a person names at the terminal: read when they are ordinary files of a decent size, written whole.

use std::{
    io::{self, Read as _, Write as _},
    path::Path,
};

use disk::WholeFile;
use shown::Shown;

use crate::{Failure, console::Console};

/// Bytes that no key, rule or integration has.
pub(crate) const SMALL: u64 = 1024 * 1024;

/// Reads a small file.
///
/// # Errors
/// Why it is not read, in the language of the console: it is missing, a folder, a pipe or a device, or too large.
pub(crate) fn read_small(path: &Path, console: &Console<'_>) -> Result<Vec<u8>, Failure> {
    files::open::read(path, SMALL).map_err(|why| refused(path, &why, console))
}

/// The same of a text.
///
/// # Errors
/// As [`read_small`], or it is no UTF-8.
pub(crate) fn read_text(path: &Path, console: &Console<'_>) -> Result<String, Failure> {
    String::from_utf8(read_small(path, console)?).map_err(|_| not_text(path, console))
}

/// Says that a file is no text.
pub(crate) fn not_text(path: &Path, console: &Console<'_>) -> Failure {
    let says = console.say("filen er ikke tekst i UTF-8", "fila er ikkje tekst i UTF-8", "the file is no UTF-8 text");
    format!("{}: {says}", Shown::path(path)).into()
}

/// Says why a file is not read.
pub(crate) fn refused(path: &Path, why: &files::open::Refused, console: &Console<'_>) -> Failure {
    format!("{}: {}", Shown::path(path), why.text(console.language)).into()
}

/// Reads a secret from standard input, of which only so much is taken.
///
/// # Errors
/// It cannot be read, or is no UTF-8.
pub(crate) fn read_secret() -> io::Result<String> {
    let mut typed = String::new();
    io::stdin().take(SMALL).read_to_string(&mut typed)?;
    Ok(typed)
}

/// Writes a file to a place of a person's choice: whole or not at all, and through no link. A pipe or a device (`/dev/stdout`)
/// takes the bytes as they come.
///
/// # Errors
/// The disk.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        #[expect(clippy::disallowed_methods, reason = "a pipe or a device cannot be written whole")]
        let opened = std::fs::OpenOptions::new().write(true).open(path);
        return opened?.write_all(bytes);
    }
    let mut file = WholeFile::for_others(path)?;
    file.write_all(bytes)?;
    file.finish()
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_written_is_whole_and_goes_through_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let (hers, out) = (folder.path().join("hers"), folder.path().join("out.xml"));
        std::fs::write(&hers, "hers").unwrap();
        std::os::unix::fs::symlink(&hers, &out).unwrap();
        write_file(&out, b"ours").unwrap();
        assert_eq!(std::fs::read(&hers).unwrap(), b"hers");
        assert_eq!(std::fs::read(&out).unwrap(), b"ours");
        write_file(Path::new("/dev/null"), b"gone").unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
        assert!(write_file(Path::new("/dev/full"), b"x").is_err());
    }
}
