//! A new place for the archive: everything goes along, or stays and is still found.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read as _, Seek as _, Write as _},
    path::{Component, Path, PathBuf},
};

use disk::{
    Folder,
    tree::{self, Next, TreeEntry},
};
use sha2::{Digest as _, Sha256};
use view::{
    ErrorCode,
    problem::{self, Problem},
};

/// The archive's own folders, one an environment. Whatever else a person keeps beside them is hers.
const OWN: [&str; 3] = ["Øving", "Test", "Produksjon"];

/// Bytes that are copied at a time.
const PART: usize = 1 << 16;

/// A folder that cannot become the archive; the old one is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelocateError {
    /// The folder lies in the old one, or the old one in it, or in the program's own data.
    #[error("the folder lies within a folder of the program, or a folder of the program within it")]
    Within,
    /// There is an archive already: nothing is mixed or overwritten.
    #[error("{} exists already", .0.display())]
    Taken(PathBuf),
    /// A link, a pipe or a device lies in the archive: nobody of ours put it there, and it may lead to anything. Nothing is
    /// moved.
    #[error("{} is no folder and no file, and leads elsewhere", .0.display())]
    LeadsElsewhere(PathBuf),
    /// The folder cannot be written, or the old one not read. What was copied has been removed again.
    #[error("{} cannot be used", path.display())]
    Folder {
        /// Which file or folder.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
}

impl From<io::Error> for RelocateError {
    fn from(source: io::Error) -> Self {
        Self::Folder { path: PathBuf::new(), source }
    }
}

impl From<RelocateError> for Problem {
    fn from(error: RelocateError) -> Self {
        let code = match &error {
            RelocateError::Folder { source, .. } if problem::of_io(source) == ErrorCode::DiskFull => {
                ErrorCode::DiskFull
            }
            _ => ErrorCode::FolderRefused,
        };
        problem::of(code, &error)
    }
}

/// Whether `to` may become the archive in place of `from`, with the program's data in `data`.
///
/// # Errors
/// See [`RelocateError`].
pub fn allow(from: &Path, to: &Path, data: &Path) -> Result<(), RelocateError> {
    let plain = to.is_absolute() && !to.components().any(|part| matches!(part, Component::ParentDir));
    let apart = |other: &Path| !to.starts_with(other) && !other.starts_with(to);
    // A folder above the old one is no trouble by itself, but a copy into itself would never end.
    if !plain || !apart(from) || to.starts_with(data) {
        return Err(RelocateError::Within);
    }
    let refused = |source| RelocateError::Folder { path: to.to_owned(), source };
    Folder::make(to).map_err(refused)?;
    // Whether it can be written is found out by writing.
    disk::try_out(to).map_err(refused)
}

/// Moves the archive's folders: copied through, read back, and only then removed from the old place, each file as it was
/// copied. What others have laid in or changed there meanwhile stays.
///
/// # Errors
/// See [`RelocateError`]; the old place is whole then.
pub fn move_all(from: &Path, to: &Path) -> Result<Moved, RelocateError> {
    let mut copied = Copied::default();
    if let Err(error) = copy_all(from, to, &mut copied) {
        let left = remove(to, &copied);
        if left > 0 {
            tracing::warn!(left, "Half-moved archive files stay behind.");
        }
        return Err(error);
    }
    let left = remove(from, &copied);
    // The old folder goes when nothing else lies in it.
    drop(fs::remove_dir(from));
    Ok(Moved { left })
}

/// What came of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// How many files of the archive lie in the old place still: others have laid them in or changed them while it was moved,
    /// or they could not be removed.
    pub left: u32,
}

/// What was copied: files by their names below the archive with the sum of what is in them, and the folders they lie in.
#[derive(Debug, Default)]
struct Copied {
    files: BTreeMap<PathBuf, [u8; 32]>,
    own: Vec<&'static str>,
}

fn copy_all(from: &Path, to: &Path, copied: &mut Copied) -> Result<(), RelocateError> {
    // Whatever has the name, a link among it.
    let there: Vec<&str> = OWN.into_iter().filter(|name| from.join(name).symlink_metadata().is_ok()).collect();
    if let Some(taken) = there.iter().map(|name| to.join(name)).find(|path| path.symlink_metadata().is_ok()) {
        return Err(RelocateError::Taken(taken));
    }
    for name in there {
        copied.own.push(name);
        copy(from, to, name, &mut copied.files)?;
    }
    Ok(())
}

/// Copies one of the archive's own folders. Others may write to the archive: what leads out of it is said, and not followed.
fn copy(from: &Path, to: &Path, name: &str, copied: &mut BTreeMap<PathBuf, [u8; 32]>) -> Result<(), RelocateError> {
    let refused = |path: &Path| {
        let path = path.to_owned();
        move |source| RelocateError::Folder { path, source }
    };
    let own = from.join(name);
    if !own.symlink_metadata().map_err(refused(&own))?.is_dir() {
        return Err(RelocateError::LeadsElsewhere(own));
    }
    // Others may write to the new place as well: what is written there is written within what is open.
    let place = Folder::make(to).map_err(refused(to))?;
    // The folder that was written into last, and where it lies below `from`.
    let mut last: Option<(PathBuf, Folder)> = None;
    tree::each_below(from, name, &mut |entry| {
        let names = entry.path.strip_prefix(from).unwrap_or(Path::new(name));
        let new = to.join(names);
        match &entry.met {
            TreeEntry::Folder => {
                last = Some((names.to_owned(), place.make_below(names).map_err(refused(&new))?));
            }
            TreeEntry::File { .. } => {
                let (above, own) = (names.parent().unwrap_or(names), names.file_name().unwrap_or_default());
                let folder = match last.take() {
                    Some((lies, folder)) if lies == above => folder,
                    _ => place.below(above).map_err(refused(&new))?,
                };
                let old = entry.open().map_err(refused(entry.path))?;
                let file = folder.create_new(own).map_err(refused(&new))?;
                match copy_file(old, file) {
                    Ok(sum) => copied.insert(names.to_owned(), sum),
                    Err(error) => {
                        drop(folder.remove(&own.to_string_lossy()));
                        return Err(refused(&new)(error));
                    }
                };
                last = Some((above.to_owned(), folder));
            }
            TreeEntry::Link | TreeEntry::Special => return Err(RelocateError::LeadsElsewhere(entry.path.to_owned())),
            TreeEntry::Unreadable(error) => return Err(refused(entry.path)(io::Error::from(error.kind()))),
        }
        Ok(Next::Into)
    })
}

/// Copies a file through to the disk and reads it back.
fn copy_file(mut old: File, mut file: File) -> io::Result<[u8; 32]> {
    let mut sum = Sha256::new();
    let mut part = vec![0; PART];
    loop {
        let read = match old.read(&mut part) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let Some(read) = part.get(..read).filter(|read| !read.is_empty()) else { break };
        sum.update(read);
        file.write_all(read)?;
    }
    file.sync_all()?;
    file.rewind()?;
    let sum = sum.finalize().into();
    if sum_of(file)? == sum { Ok(sum) } else { Err(io::ErrorKind::InvalidData.into()) }
}

fn sum_of(mut file: File) -> io::Result<[u8; 32]> {
    let mut sum = Sha256::new();
    io::copy(&mut file, &mut sum)?;
    Ok(sum.finalize().into())
}

/// Removes what was copied, as it was copied, and the folders that are empty then. Says how many files are still there.
fn remove(root: &Path, copied: &Copied) -> u32 {
    let mut left = 0_u32;
    for name in &copied.own {
        let mut folders = Vec::new();
        let walked = tree::each_below::<io::Error>(root, name, &mut |entry| {
            let names = entry.path.strip_prefix(root).unwrap_or(entry.path);
            match entry.met {
                TreeEntry::Folder => folders.push(names.to_owned()),
                TreeEntry::File { .. } => {
                    let is_as_copied = copied
                        .files
                        .get(names)
                        .is_some_and(|sum| entry.open().and_then(sum_of).is_ok_and(|it| it == *sum));
                    if !is_as_copied || entry.remove().is_err() {
                        left = left.saturating_add(1);
                    }
                }
                TreeEntry::Link | TreeEntry::Special | TreeEntry::Unreadable(_) => left = left.saturating_add(1),
            }
            Ok(Next::Into)
        });
        match walked {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "A folder of the archive could not be looked through.");
                left = left.saturating_add(1);
            }
            _ => {}
        }
        let Ok(root) = Folder::open(root) else { continue };
        for names in folders.iter().rev() {
            let (above, own) = (names.parent().unwrap_or(names), names.file_name().unwrap_or_default());
            // What others have laid in keeps its folder.
            drop(root.below(above).and_then(|folder| folder.remove_empty(own)));
        }
    }
    left
}

/// How many files lie in the archive's own folders and below, and their size in bytes. A folder that cannot be read, or is a
/// link, counts as empty.
#[must_use]
pub fn measure(folder: &Path) -> (u32, u64) {
    let mut sum = (0, 0);
    for own in OWN {
        add(folder, own, &mut sum);
    }
    sum
}

fn add(folder: &Path, own: &str, sum: &mut (u32, u64)) {
    let _ = tree::each_below::<io::Error>(folder, own, &mut |entry| {
        if let TreeEntry::File { size, .. } = entry.met {
            sum.0 = sum.0.saturating_add(1);
            sum.1 = sum.1.saturating_add(size);
        }
        Ok(Next::Into)
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn archive(root: &Path) -> PathBuf {
        let from = root.join("gammelt");
        let folder = from.join("Øving/Fjordlys AS 311797816/2026 mars–april/1 (2026-06-09)");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("kvittering.pdf"), b"pdf").unwrap();
        fs::write(folder.join("manifest.json"), b"{}").unwrap();
        fs::create_dir_all(from.join("Produksjon")).unwrap();
        from
    }

    #[test]
    fn everything_goes_along_and_the_persons_own_files_stay() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (archive(root.path()), root.path().join("nytt"));
        fs::write(from.join("mine notater.txt"), b"x").unwrap();
        assert_eq!(measure(&from), (2, 5));
        allow(&from, &to, &root.path().join("data")).unwrap();
        assert_eq!(move_all(&from, &to).unwrap(), Moved { left: 0 });
        assert_eq!(measure(&to), (2, 5));
        assert_eq!(measure(&from), (0, 0));
        assert!(from.join("mine notater.txt").exists());
        assert!(to.join("Øving/Fjordlys AS 311797816/2026 mars–april/1 (2026-06-09)/kvittering.pdf").exists());
    }

    /// Several work on a shared archive, and moving it takes its time.
    #[test]
    fn what_others_lay_in_or_change_meanwhile_stays_and_is_counted() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (archive(root.path()), root.path().join("nytt"));
        let company = from.join("Øving/Fjordlys AS 311797816/2026 mars–april");
        fs::create_dir(company.join("2 (2026-06-10)")).unwrap();
        fs::write(company.join("2 (2026-06-10)/manifest.json"), "{}").unwrap();
        let mut copied = Copied::default();
        copy_all(&from, &to, &mut copied).unwrap();
        // Changed to as many bytes, and laid in.
        fs::write(company.join("1 (2026-06-09)/kvittering.pdf"), "PDF").unwrap();
        fs::create_dir(company.join("3 (2026-06-11)")).unwrap();
        fs::write(company.join("3 (2026-06-11)/manifest.json"), "{}").unwrap();
        assert_eq!(remove(&from, &copied), 2);
        assert_eq!(fs::read_to_string(company.join("1 (2026-06-09)/kvittering.pdf")).unwrap(), "PDF");
        assert!(!company.join("1 (2026-06-09)/manifest.json").exists() && !company.join("2 (2026-06-10)").exists());
        assert!(company.join("3 (2026-06-11)/manifest.json").exists() && !from.join("Produksjon").exists());
        assert_eq!(measure(&to), (3, 7));
    }

    #[test]
    fn a_failed_move_takes_away_what_it_copied_and_nothing_of_others() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (archive(root.path()), root.path().join("nytt"));
        let mut copied = Copied::default();
        copy_all(&from, &to, &mut copied).unwrap();
        fs::write(to.join("Øving/others.txt"), "hers").unwrap();
        assert_eq!(remove(&to, &copied), 1);
        assert_eq!(measure(&to), (1, 4));
    }

    #[test]
    fn an_archive_that_is_there_is_not_mixed_with_another() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (archive(root.path()), root.path().join("nytt"));
        fs::create_dir_all(to.join("Øving")).unwrap();
        assert!(matches!(move_all(&from, &to), Err(RelocateError::Taken(_))));
        assert_eq!(measure(&from), (2, 5));
    }

    /// Whoever can write to the archive puts a link in a folder's place: to the person's own files, which would lie in the new
    /// archive for all to read, and be walked through whenever the settings are opened.
    #[cfg(unix)]
    #[test]
    fn what_a_link_in_the_archive_leads_to_is_not_moved_and_not_measured() {
        use std::os::unix::fs::symlink;
        let root = tempfile::tempdir().unwrap();
        let hers = root.path().join("hers");
        fs::create_dir(&hers).unwrap();
        fs::write(hers.join("id_ed25519"), "secret").unwrap();
        let company = "Øving/Fjordlys AS 311797816";
        for place in ["Øving", "Produksjon", company, "Øving/Fremmed AS 999999999"] {
            let (from, to) = (archive(&root.path().join(place.replace('/', "-"))), root.path().join("nytt"));
            let before = if from.join(place).exists() && place != "Produksjon" { 0 } else { 2 };
            let _ = fs::remove_dir_all(from.join(place));
            symlink(&hers, from.join(place)).unwrap();
            assert!(matches!(move_all(&from, &to), Err(RelocateError::LeadsElsewhere(at)) if at == from.join(place)));
            assert_eq!(measure(&from).0, before, "{place}");
            assert_eq!(measure(&to), (0, 0), "{place}");
            assert!(!to.join("Øving").exists() && !to.join("Produksjon").exists(), "{place}");
            assert!(hers.join("id_ed25519").exists());
        }
    }

    #[test]
    fn a_folder_within_the_old_one_or_the_data_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let (from, data) = (archive(root.path()), root.path().join("data"));
        for wrong in [from.clone(), from.join("inni"), root.path().to_owned(), data.join("x"), "relativ".into()] {
            assert!(matches!(allow(&from, &wrong, &data), Err(RelocateError::Within)), "{}", wrong.display());
        }
    }

    #[test]
    fn a_failed_move_leaves_the_old_place_whole_and_the_new_one_empty() {
        let root = tempfile::tempdir().unwrap();
        let from = archive(root.path());
        // A file stands where the folder should be made.
        let to = root.path().join("fil");
        fs::write(&to, b"").unwrap();
        assert!(allow(&from, &to, &root.path().join("data")).is_err());
        assert!(move_all(&from, &to).is_err());
        assert_eq!(measure(&from), (2, 5));
    }
}
