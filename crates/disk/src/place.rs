//! Paths that stay where they belong.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Component, Path, PathBuf},
};

use cap_std::{ambient_authority, fs::Dir};

/// Whether a name is one ordinary component of a path, on this system and on the others that may read the folder.
#[must_use]
pub fn is_ordinary(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let one = matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name);
    // A colon names a drive or a stream on Windows, and is a letter elsewhere.
    one && !name.contains(['/', '\\', '\0']) && !(cfg!(windows) && name.contains(':'))
}

/// A name that every file system takes: without the characters Windows reserves, what is not seen of a name, device names,
/// and dots and blanks at the end.
///
/// ```
/// assert_eq!(disk::safe_name("A/S \"Nord\" <1>: ..."), "A_S _Nord_ _1__");
/// ```
#[must_use]
pub fn safe_name(name: &str) -> String {
    let reserved = |letter: char| {
        letter.is_control() || matches!(letter, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') || turns(letter)
    };
    let kept: String = name.chars().map(|letter| if reserved(letter) { '_' } else { letter }).collect();
    let kept = kept.trim().trim_end_matches(['.', ' ']).to_owned();
    if kept.is_empty() || is_device(&kept) || kept.starts_with('.') { format!("_{kept}") } else { kept }
}

/// The same in so many bytes at most: what is too long is cut before its ending.
#[must_use]
pub fn short_name(name: &str, longest: usize) -> String {
    let name = safe_name(name);
    if name.len() <= longest {
        return name;
    }
    let (stem, ending) = match name.rsplit_once('.') {
        // What is longer tells no kind of file.
        Some((stem, ending)) if ending.len() < longest.min(LONGEST_ENDING) => (stem, format!(".{ending}")),
        _ => (name.as_str(), String::new()),
    };
    let room = longest.saturating_sub(ending.len());
    let end = stem.floor_char_boundary(room);
    safe_name(&format!("{}{ending}", stem.get(..end).unwrap_or_default()))
}

/// Longest ending of a name that is kept whatever is cut, bytes.
const LONGEST_ENDING: usize = 16;

/// What turns the letters behind it around: `exe.fdp` could be made to read as another kind of file.
fn turns(letter: char) -> bool {
    matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether Windows takes a name, whatever its ending, for a device.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = ["COM", "LPT"].iter().filter_map(|kind| stem.strip_prefix(kind)).any(|number| {
        let mut digits = number.chars();
        matches!((digits.next(), digits.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    });
    numbered || matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
}

/// The path of something that lies directly in a folder.
///
/// # Errors
/// `InvalidInput` when the name is anything else than one ordinary component of a path.
pub fn child(folder: &Path, name: &str) -> io::Result<PathBuf> {
    if is_ordinary(name) {
        return Ok(folder.join(name));
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{name:?} is no name of a file")))
}

/// The path of something that lies anywhere below a folder; `/` stands between the names.
///
/// # Errors
/// `InvalidInput` when one of them is no ordinary component of a path.
pub fn below(folder: &Path, names: &str) -> io::Result<PathBuf> {
    names.split('/').try_fold(folder.to_owned(), |path, name| child(&path, name))
}

/// Removes a folder below another with all that is in it; one that is not there is removed already.
///
/// The way is gone from `root` name by name without leaving it: a link on the way that leads out is refused by the
/// operating system at the moment it is met, and one below the folder is removed and not followed.
///
/// # Errors
/// `InvalidInput` for a name that is none, `PermissionDenied` for a way that leads out of `root`, or the disk.
pub fn remove_folder(root: &Path, names: &str) -> io::Result<()> {
    let path = below(Path::new(""), names)?;
    match Dir::open_ambient_dir(root, ambient_authority()) {
        Ok(root) => crate::folder::remove(&root, &path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// Reads a file that should be small: an ordinary one, no link, of at most so many bytes. A pipe or device in its place
/// is refused without waiting for it.
///
/// # Errors
/// `InvalidData` for anything else than an ordinary file of that size; the disk.
pub fn read_regular(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let file = open_regular(path)?;
    let too_long = || io::Error::new(io::ErrorKind::InvalidData, "the file is longer than it can rightly be");
    if file.metadata()?.len() > longest {
        return Err(too_long());
    }
    let mut bytes = Vec::new();
    file.take(longest.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest { Err(too_long()) } else { Ok(bytes) }
}

/// What lies directly in a folder of the program's own; one that is not there has nothing in it.
///
/// # Errors
/// The disk.
pub fn entries(folder: &Path) -> io::Result<Vec<std::fs::DirEntry>> {
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Opens an ordinary file to be read; no link, pipe or device.
///
/// # Errors
/// `InvalidData` for anything else; the disk.
pub fn open_regular(path: &Path) -> io::Result<File> {
    let strange = || io::Error::new(io::ErrorKind::InvalidData, "it is no ordinary file");
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // Opening a pipe would wait for whoever writes into it.
        let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
        options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    }
    // Asked before as well: where opening follows a link, or does something (a device), the kind is known already.
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(strange());
    }
    let file = options.open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(strange()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn names_suit_every_file_system() {
        assert_eq!(safe_name("Hansen & Sønn AS"), "Hansen & Sønn AS");
        assert_eq!(safe_name("A/S \"Nord\" <1>: ..."), "A_S _Nord_ _1__");
        assert_eq!(safe_name("../../etc"), "_.._.._etc");
        assert_eq!(safe_name(""), "_");
        assert_eq!(safe_name("faktura\u{202e}fdp.exe"), "faktura_fdp.exe");
        for device in ["con", "NUL.xml", "aux .txt", "COM1", "com¹.pdf", "LPT0.x", "conin$", "CONOUT$.txt"] {
            assert_eq!(safe_name(device), format!("_{device}"));
        }
        for name in ["COMA", "Connect AS", "COM10", "LPT", "nullmelding.xml"] {
            assert_eq!(safe_name(name), name);
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        assert_eq!(short_name("kvittering.pdf", 200), "kvittering.pdf");
        let long = short_name(&format!("{}.pdf", "å".repeat(200)), 101);
        assert!(long.len() <= 101 && long.starts_with("åå") && long.ends_with("å.pdf"), "{long}");
        let endless = short_name(&format!("a.{}", "b".repeat(500)), 100);
        assert_eq!(endless.len(), 100);
        assert_eq!(short_name("NUL", 100), "_NUL");
    }

    #[test]
    fn only_an_ordinary_name_is_a_child() {
        let folder = Path::new("/archive");
        assert_eq!(child(folder, "Øving").unwrap(), Path::new("/archive/Øving"));
        assert_eq!(below(folder, "a/b c").unwrap(), Path::new("/archive/a/b c"));
        for bad in ["", ".", "..", "/", "/etc", "a/b", "a/", "./a", "a\\b", "a\0b"] {
            assert!(child(folder, bad).is_err(), "{bad:?}");
        }
        for bad in ["", "/etc/passwd", "a//b", "a/../b", "../a", "a/..", "a/"] {
            assert!(below(folder, bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_folder_is_removed_with_all_that_is_in_it() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/b/c")).unwrap();
        fs::write(root.path().join("a/b/c/d"), b"x").unwrap();
        remove_folder(root.path(), "a/b").unwrap();
        assert!(root.path().join("a").exists() && !root.path().join("a/b").exists());
        remove_folder(root.path(), "a/b").unwrap();
        remove_folder(&root.path().join("nowhere"), "a").unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn nothing_outside_is_removed() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir_all(elsewhere.path().join("hers/deep")).unwrap();
        let link = |to: &Path, name: &str| std::os::unix::fs::symlink(to, root.path().join(name)).unwrap();
        link(elsewhere.path(), "out");
        assert!(remove_folder(root.path(), "out/hers").is_err());
        for bad in [elsewhere.path().join("hers").to_str().unwrap(), "../hers", "..", "", "."] {
            assert!(remove_folder(root.path(), bad).is_err(), "{bad:?}");
        }
        // The link itself goes, and one within a folder; never what they lead to.
        fs::create_dir(root.path().join("own")).unwrap();
        link(&elsewhere.path().join("hers"), "own/link");
        remove_folder(root.path(), "own").unwrap();
        remove_folder(root.path(), "out").unwrap();
        assert!(!root.path().join("own").exists() && fs::symlink_metadata(root.path().join("out")).is_err());
        assert!(elsewhere.path().join("hers/deep").exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_ordinary_files_of_a_decent_size_are_read() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        fs::write(path("good"), b"12345").unwrap();
        assert_eq!(read_regular(&path("good"), 5).unwrap(), b"12345");
        assert!(read_regular(&path("good"), 4).is_err());
        std::os::unix::fs::symlink(path("good"), path("link")).unwrap();
        std::os::unix::fs::symlink("/dev/zero", path("zero")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
        for bad in ["link", "zero", "pipe", "."] {
            assert!(read_regular(&path(bad), 1000).is_err(), "{bad}");
        }
        assert_eq!(read_regular(&path("none"), 5).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
