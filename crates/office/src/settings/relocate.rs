//! A new place for the archive: everything goes along, or stays and is still found.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

use disk::{
    Folder,
    tree::{self, Next, TreeEntry},
};
use view::{
    ErrorCode,
    problem::{self, Problem},
};

/// The archive's own folders, one an environment. Whatever else a person keeps beside them is hers.
const OWN: [&str; 3] = ["Øving", "Test", "Produksjon"];

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

/// Moves the archive's folders: copied through, compared in size, and only then removed from the old place.
///
/// # Errors
/// See [`RelocateError`]; the old place is whole then.
pub fn move_all(from: &Path, to: &Path) -> Result<(), RelocateError> {
    // Whatever has the name, a link among it.
    let there: Vec<&str> = OWN.into_iter().filter(|name| from.join(name).symlink_metadata().is_ok()).collect();
    if let Some(taken) = there.iter().map(|name| to.join(name)).find(|path| path.symlink_metadata().is_ok()) {
        return Err(RelocateError::Taken(taken));
    }
    for name in &there {
        if let Err(error) = copy(from, to, name) {
            for name in &there {
                if let Err(error) = disk::remove_folder(to, name) {
                    tracing::warn!(%error, "A half-moved archive folder stays behind.");
                }
            }
            return Err(error);
        }
    }
    for name in there {
        // Everything is in its new place; what cannot be removed here is a copy that hurts nobody.
        if let Err(error) = disk::remove_folder(from, name) {
            tracing::warn!(%error, "An old archive folder could not be removed.");
        }
    }
    // The old folder goes when nothing else lies in it.
    drop(fs::remove_dir(from));
    Ok(())
}

/// Copies one of the archive's own folders. Others may write to the archive: what leads out of it is said, and not followed.
fn copy(from: &Path, to: &Path, name: &str) -> Result<(), RelocateError> {
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
            TreeEntry::File { size, .. } => {
                let (above, own) = (names.parent().unwrap_or(names), names.file_name().unwrap_or_default());
                let folder = match last.take() {
                    Some((lies, folder)) if lies == above => folder,
                    _ => place.below(above).map_err(refused(&new))?,
                };
                let mut old = entry.open().map_err(refused(entry.path))?;
                let mut file = folder.create_new(own).map_err(refused(&new))?;
                let copied = io::copy(&mut old, &mut file).map_err(refused(&new))?;
                file.sync_all().map_err(refused(&new))?;
                if copied != *size {
                    return Err(refused(&new)(io::Error::from(io::ErrorKind::UnexpectedEof)));
                }
                last = Some((above.to_owned(), folder));
            }
            TreeEntry::Link | TreeEntry::Special => return Err(RelocateError::LeadsElsewhere(entry.path.to_owned())),
            TreeEntry::Unreadable(error) => return Err(refused(entry.path)(io::Error::from(error.kind()))),
        }
        Ok(Next::Into)
    })
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
        move_all(&from, &to).unwrap();
        assert_eq!(measure(&to), (2, 5));
        assert_eq!(measure(&from), (0, 0));
        assert!(from.join("mine notater.txt").exists());
        assert!(to.join("Øving/Fjordlys AS 311797816/2026 mars–april/1 (2026-06-09)/kvittering.pdf").exists());
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
