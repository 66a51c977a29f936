//! Reads what was dropped: files as they are, folders for the returns in them.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;

use crate::{
    problem,
    view::{ErrorCode, ErrorView},
};

/// No return is larger: 25 MB, as the reader counts them.
const LARGEST: u64 = 25_000_000;
/// How deep folders are looked into; a link that leads back up ends there at last.
const DEEPEST: usize = 8;
/// How many files one drop may bring; more is a mistaken drop (a whole disk) rather than a week's work.
const MOST_FILES: usize = 2_000;

/// What was found at a path.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) file_name: String,
    pub(crate) company: Option<String>,
    pub(crate) bytes: Result<Bytes, ErrorView>,
}

/// Reads files and folders, in the order given and by name within folders.
pub(crate) fn read_paths(paths: &[PathBuf]) -> Vec<Found> {
    let mut found = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                let before = found.len();
                look_into(path, 0, &mut found);
                if found.len() == before {
                    found.push(trouble(path, ErrorCode::FileIsFolder, "There are no returns in the folder."));
                }
            }
            _ => found.push(read(path)),
        }
    }
    found
}

fn look_into(folder: &Path, depth: usize, found: &mut Vec<Found>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            found.push(refused(folder, &error));
            return;
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let hidden = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('.'));
        if hidden || found.len() >= MOST_FILES {
            continue;
        }
        if path.is_dir() {
            if depth < DEEPEST {
                look_into(&path, depth + 1, found);
            }
        } else if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml")) || is_return(&path) {
            found.push(read(&path));
        }
    }
}

/// Whether a file that is not called one is a return all the same.
fn is_return(path: &Path) -> bool {
    read(path)
        .bytes
        .is_ok_and(|bytes| matches!(vat_return::read(&bytes), Ok(_) | Err(vat_return::Rejection::Structure(_))))
}

fn read(path: &Path) -> Found {
    match read_bytes(path) {
        Ok(Ok(bytes)) if bytes.is_empty() => trouble(path, ErrorCode::FileEmpty, "The file is empty."),
        Ok(Ok(bytes)) => Found { file_name: name(path), company: None, bytes: Ok(bytes.into()) },
        Ok(Err(size)) => {
            let mut found = trouble(path, ErrorCode::FileTooLarge, "The file is larger than a return can be.");
            found.bytes = found.bytes.map_err(|view| view.with("size", size.to_string()));
            found
        }
        Err(error) => refused(path, &error),
    }
}

/// The bytes, or the size of a file that is too large to be read.
fn read_bytes(path: &Path) -> io::Result<Result<Vec<u8>, u64>> {
    // Asked before it is opened: opening a pipe would wait for whoever writes into it.
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    if metadata.len() > LARGEST {
        return Ok(Err(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0));
    let read = File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    let read = read as u64;
    Ok(if read > LARGEST { Err(read) } else { Ok(bytes) })
}

fn refused(path: &Path, error: &io::Error) -> Found {
    let (code, message) = match error.kind() {
        io::ErrorKind::NotFound => (ErrorCode::FileMissing, "The file is not there any more."),
        _ => (ErrorCode::FileUnreadable, "The operating system does not let the file be read."),
    };
    let mut found = trouble(path, code, message);
    found.bytes = found.bytes.map_err(|view| view.detail(error.to_string()));
    found
}

fn trouble(path: &Path, code: ErrorCode, message: &str) -> Found {
    let file_name = name(path);
    let view = problem::says(code, message).with("file", file_name.clone());
    Found { file_name, company: None, bytes: Err(view) }
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
