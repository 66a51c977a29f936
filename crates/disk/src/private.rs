//! Files and folders that are their owner's alone: 0600 and 0700. On Windows they have what the person's own folder has,
//! which is hers alone already.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
    time::Duration,
};

/// How old what a writer left half-done must be to be swept: none is that slow.
const LEFT_BEHIND: Duration = Duration::from_secs(24 * 60 * 60);

/// Makes a folder, and those above it that are not there, for their owner alone. One that is there stays as it is.
///
/// # Errors
/// The disk.
pub fn create_folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// How to open a file that is made if it is not there, for its owner alone. Says nothing yet of reading or writing.
#[must_use]
pub fn options() -> OpenOptions {
    #[allow(unused_mut)]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Opens a file that programs lock to keep apart; it is made if it is not there, and nothing is written into it.
///
/// # Errors
/// The disk.
pub fn open_lock(path: &Path) -> io::Result<File> {
    options().create(true).truncate(false).write(true).open(path)
}

/// Opens a file to write at its end; it is made if it is not there, for its owner alone.
///
/// # Errors
/// The disk.
pub fn append(path: &Path) -> io::Result<File> {
    options().create(true).append(true).open(path)
}

/// Makes a file that is not there, for its owner alone, to be written and read.
///
/// # Errors
/// `AlreadyExists` (a link counts), or the disk.
pub fn create_new(path: &Path) -> io::Result<File> {
    options().read(true).write(true).create_new(true).open(path)
}

/// Mends what an earlier version made readable to everybody: takes from a folder and all below it what others may do, and
/// sweeps what was left half-written. Links are not followed, and what belongs to somebody else stays as it is.
///
/// A folder that its group may write into was made so by a person who shares it, since this program makes none such: there
/// the group keeps what it may.
///
/// # Errors
/// The folder itself cannot be read. What cannot be mended below it is logged.
pub fn mend(root: &Path) -> io::Result<()> {
    #[cfg(unix)]
    let keep = {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(root)?.permissions().mode() & 0o020 != 0 { 0o770 } else { 0o700 }
    };
    #[cfg(not(unix))]
    let keep = 0o700;
    mend_folder(root, keep)
}

fn mend_folder(folder: &Path, keep: u32) -> io::Result<()> {
    narrow(folder, keep);
    if let Err(error) = crate::whole::sweep(folder, LEFT_BEHIND) {
        tracing::debug!(%error, "Half-written files stay behind.");
    }
    for entry in fs::read_dir(folder)?.filter_map(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                if let Err(error) = mend_folder(&entry.path(), keep) {
                    tracing::debug!(%error, "A folder cannot be looked into.");
                }
            }
            Ok(kind) if kind.is_file() => narrow(&entry.path(), keep),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(unix)]
fn narrow(path: &Path, keep: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(metadata) = fs::symlink_metadata(path) else { return };
    let mode = metadata.permissions().mode();
    // Bits above (a set group of a shared folder) are no permissions.
    let narrower = (mode & !0o777) | (mode & keep);
    if mode != narrower
        && !metadata.is_symlink()
        && let Err(error) = fs::set_permissions(path, fs::Permissions::from_mode(narrower))
    {
        tracing::debug!(%error, "Who may read it cannot be changed.");
    }
}

#[cfg(not(unix))]
fn narrow(_: &Path, _: u32) {}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    fn make(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_is_made_is_its_owners_alone() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a/b");
        create_folder(&folder).unwrap();
        create_new(&folder.join("c")).unwrap();
        assert_eq!((mode(&root.path().join("a")), mode(&folder), mode(&folder.join("c"))), (0o700, 0o700, 0o600));
        assert_eq!(create_new(&folder.join("c")).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn what_was_open_to_others_is_mended() {
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (folder, file) = (root.path().join("a"), root.path().join("a/b"));
        let foreign = elsewhere.path().join("c");
        fs::create_dir(&folder).unwrap();
        fs::write(&file, b"x").unwrap();
        fs::write(&foreign, b"x").unwrap();
        symlink(&foreign, folder.join("link")).unwrap();
        symlink(elsewhere.path(), folder.join("folder")).unwrap();
        for (path, mode) in [(root.path(), 0o755), (&*folder, 0o755), (&*file, 0o644), (&*foreign, 0o644)] {
            make(path, mode);
        }
        mend(root.path()).unwrap();
        assert_eq!((mode(root.path()), mode(&folder), mode(&file)), (0o700, 0o700, 0o600));
        assert_eq!(mode(&foreign), 0o644, "no link is followed");
    }

    #[test]
    fn a_folder_that_is_shared_with_a_group_stays_so() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("b");
        fs::write(&file, b"x").unwrap();
        make(root.path(), 0o775);
        make(&file, 0o664);
        mend(root.path()).unwrap();
        assert_eq!((mode(root.path()), mode(&file)), (0o770, 0o660));
    }
}
