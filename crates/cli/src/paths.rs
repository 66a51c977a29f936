//! Files that a person names at the terminal: read when they are ordinary files of a decent size, written whole.

use std::{
    io::{self, Read as _},
    path::Path,
};

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
    let says = console.say("paths.theFileIsNoUtf");
    format!("{}: {says}", Shown::path(path)).into()
}

/// Says why a file is not read.
pub(crate) fn refused(path: &Path, why: &files::open::Refused, console: &Console<'_>) -> Failure {
    format!("{}: {}", Shown::path(path), why.text(console.language)).into()
}

/// Longest secret that is taken, bytes; ID-porten's have some thirty.
const LONGEST_SECRET: u64 = 16 * 1024;

/// Reads a secret from standard input.
///
/// # Errors
/// It cannot be read, is no UTF-8, or is longer than a secret can be: half of one would be kept and fail at the sign-in.
pub(crate) fn read_secret(console: &Console<'_>) -> Result<String, Failure> {
    let mut typed = String::new();
    io::stdin().take(LONGEST_SECRET + 1).read_to_string(&mut typed)?;
    if typed.len() as u64 > LONGEST_SECRET {
        return Err(console.say("paths.theSecretIsTooLong").into());
    }
    Ok(typed)
}

/// Writes to a place that a person has named: a file whole or not at all, and through no link; a pipe or a device
/// (`/dev/stdout`) takes the bytes as they come.
///
/// # Errors
/// The place, and why it is not written, in the language of the console.
pub(crate) fn write_file(path: &Path, bytes: &[u8], console: &Console<'_>) -> Result<(), Failure> {
    disk::write_out(path, bytes).map_err(|error| unwritten(path, &error, console))
}

/// The same of a file that only its owner may read, and whose folder is made where it is not there.
///
/// # Errors
/// As [`write_file`].
pub(crate) fn write_own(path: &Path, bytes: &[u8], console: &Console<'_>) -> Result<(), Failure> {
    let special = std::fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if special {
        return write_file(path, bytes, console);
    }
    let written = std::path::absolute(path).and_then(|path| disk::write(&path, bytes));
    written.map_err(|error| unwritten(path, &error, console))
}

fn unwritten(path: &Path, error: &io::Error, console: &Console<'_>) -> Failure {
    let says = console.say("paths.cannotBeWritten");
    format!("{} {says}: {}", Shown::path(path), files::io_words(error, console.language)).into()
}
