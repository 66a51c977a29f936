//! Reads what was dropped: files as they are, folders for the returns in them.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use shown::Shown;

use crate::{
    attachments::kind::{self, Content, Kind},
    parallel::side_by_side,
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

/// What a drop brings. The content decides what is what, not the name.
#[derive(Debug)]
pub(crate) enum Dropped {
    /// A return, or what cannot be anything else.
    Return(Found),
    /// What may go with a return, or says why not; and whether it is XML, which may as well have been meant as a return.
    Attachment {
        /// The file.
        path: PathBuf,
        /// It is XML.
        xml: bool,
    },
}

/// Where something may be read.
enum Place {
    /// A path that was dropped itself, and may be anything but a folder.
    Dropped(PathBuf),
    /// A file of a folder, taken for a return.
    InFolder(PathBuf),
    /// Nothing is to be read there, and why.
    Nothing(Found),
}

/// Reads files and folders, in the order given and by name within folders, many side by side. Folders are looked through
/// for returns only.
pub(crate) fn read_paths(paths: &[PathBuf]) -> Vec<Dropped> {
    let mut places = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut found = Vec::new();
            look_into(path, 0, &mut found);
            if found.is_empty() {
                let none = trouble(path, ErrorCode::FileIsFolder, "There are no returns in the folder.");
                found.push(Place::Nothing(none));
            }
            places.extend(found);
        } else {
            places.push(Place::Dropped(path.clone()));
        }
    }
    side_by_side(places, |place| match place {
        Place::Dropped(path) => read_dropped(path),
        Place::InFolder(path) => Dropped::Return(read(&path)),
        Place::Nothing(why) => Dropped::Return(why),
    })
}

fn read_dropped(path: PathBuf) -> Dropped {
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => match attachable(&path, metadata.len()) {
            Some(xml) => Dropped::Attachment { path, xml },
            None => Dropped::Return(read(&path)),
        },
        _ => Dropped::Return(read(&path)),
    }
}

/// An attachment that has no return to go with: a card that says so, or what is wrong with it as a return.
pub(crate) fn read_alone(path: &Path) -> Found {
    let kind = File::open(path).and_then(|mut file| kind::of(&mut file));
    match kind {
        Ok(Content::Attachable(kind)) if kind != Kind::Xml && !is_called_xml(path) => {
            trouble(path, ErrorCode::AttachmentAlone, "The file may go with a return, and none is open.")
        }
        _ => read(path),
    }
}

/// Whether a file is an attachment rather than a return, and whether that is XML. What is called XML and cannot be told
/// to be something else was meant as a return.
fn attachable(path: &Path, size: u64) -> Option<bool> {
    if size > LARGEST {
        return (!is_called_xml(path)).then_some(false);
    }
    match File::open(path).and_then(|mut file| kind::of(&mut file)) {
        Ok(Content::Return) | Err(_) => None,
        Ok(Content::Attachable(kind)) => Some(kind == Kind::Xml || is_called_xml(path)),
        Ok(Content::Other) => (!is_called_xml(path)).then_some(false),
    }
}

fn is_called_xml(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml"))
}

fn look_into(folder: &Path, depth: usize, found: &mut Vec<Place>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            found.push(Place::Nothing(refused(folder, &error)));
            return;
        }
    };
    // What a link leads to counts, so that only what the entry itself says is a file or folder need not be asked for.
    let is_folder = |entry: &fs::DirEntry| match entry.file_type() {
        Ok(kind) if !kind.is_symlink() => kind.is_dir(),
        _ => entry.path().is_dir(),
    };
    let mut paths: Vec<(PathBuf, bool)> =
        entries.filter_map(Result::ok).map(|entry| (entry.path(), is_folder(&entry))).collect();
    paths.sort();
    for (path, is_folder) in paths {
        let hidden = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with('.'));
        if hidden || found.len() >= MOST_FILES {
            continue;
        }
        if is_folder {
            if depth < DEEPEST {
                look_into(&path, depth + 1, found);
            }
        } else if is_called_xml(&path) || is_return(&path) {
            found.push(Place::InFolder(path));
        }
    }
}

/// Whether a file that is not called one is a return all the same.
fn is_return(path: &Path) -> bool {
    read(path)
        .bytes
        .is_ok_and(|bytes| matches!(vat_return::read(&bytes), Ok(_) | Err(vat_return::Rejection::Structure(_))))
}

/// Reads one file that is meant to be a return.
pub(crate) fn read_return(path: &Path) -> Found {
    read(path)
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
    Shown::file_name(path).into()
}
