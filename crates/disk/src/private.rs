//! Files and folders that are their owner's alone: 0600 and 0700. On Windows they have what the folder has that they are made in,
//! and a folder that is to be its owner's alone gets an access list that says so when it is mended.

#[cfg(any(windows, test))]
mod access_list;

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
    time::Duration,
};

use crate::tree::{self, Entry, Next, TreeEntry};

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

/// Whose a folder is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Its owner's alone.
    Owners,
    /// Its owner's, and that of those she shares it with: where its group, or a user whom its access control list names, may
    /// write, a person has made it so, since this program makes none such, and they keep what they may.
    SharedOnPurpose,
}

/// Mends what an earlier version, or somebody else, made readable to everybody: takes from a folder and all below it what
/// others may do, and sweeps what was left half-written. Links are not followed, and what belongs to somebody else stays as
/// it is.
///
/// # Errors
/// The folder itself cannot be read. What cannot be mended below it is logged.
pub fn mend(root: &Path, whose: Whose) -> io::Result<()> {
    let keep = mode_to_keep(root, whose)?;
    close_list(root, whose);
    tree::each(root, &mut |entry| {
        narrow(entry, keep);
        if let TreeEntry::File { modified, .. } = entry.met
            && crate::is_half_written(entry.name())
            && modified.and_then(|at| at.elapsed().ok()).is_some_and(|age| age > LEFT_BEHIND)
            && let Err(error) = entry.remove()
        {
            tracing::debug!(%error, "A half-written file stays behind.");
        }
        Ok(Next::Into)
    })
}

/// Takes from a folder what others may do with it, as [`mend`] does, and leaves what is below it as it is: no other gets to
/// that. It costs next to nothing, and is for who only looks.
///
/// # Errors
/// The folder cannot be read.
pub fn close(root: &Path, whose: Whose) -> io::Result<()> {
    let keep = mode_to_keep(root, whose)?;
    close_list(root, whose);
    tree::each(root, &mut |entry| {
        narrow(entry, keep);
        Ok(Next::Past)
    })
}

/// Who gets into a folder beside its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Nobody.
    Nobody,
    /// A group, or users that its access control list names.
    Some,
    /// Every user of the machine.
    Everybody,
}

/// Who gets into a folder beside its owner.
///
/// An access control list (POSIX) gives nobody more than the bits of the group let through, so the bits tell of it too.
///
/// # Errors
/// The folder cannot be looked at.
#[cfg(unix)]
pub fn others(folder: &Path) -> io::Result<Others> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = fs::metadata(folder)?.permissions().mode();
    Ok(match (mode & 0o007, mode & 0o070) {
        (0, 0) => Others::Nobody,
        (0, _) => Others::Some,
        _ => Others::Everybody,
    })
}

/// Who gets into a folder beside its owner.
///
/// # Errors
/// The folder cannot be looked at.
#[cfg(windows)]
pub fn others(folder: &Path) -> io::Result<Others> {
    access_list::others(folder)
}

/// On Windows: keeps others out of what is to be its owner's alone. A disk without access lists is no reason to stop.
#[cfg(windows)]
fn close_list(root: &Path, whose: Whose) {
    if whose == Whose::Owners
        && let Err(error) = access_list::close(root)
    {
        tracing::debug!(%error, "Who gets into a folder cannot be changed.");
    }
}

#[cfg(not(windows))]
fn close_list(_: &Path, _: Whose) {}

/// What others than the owner may keep of a folder.
#[cfg(unix)]
fn mode_to_keep(root: &Path, whose: Whose) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    let shared = fs::metadata(root)?.permissions().mode() & 0o020 != 0;
    Ok(if shared && whose == Whose::SharedOnPurpose { 0o770 } else { 0o700 })
}

#[cfg(not(unix))]
fn mode_to_keep(_: &Path, _: Whose) -> io::Result<u32> {
    Ok(0o700)
}

fn narrow(entry: &Entry<'_>, keep: u32) {
    if let Err(error) = entry.narrow(keep) {
        tracing::debug!(%error, "Who may read it cannot be changed.");
    }
}

#[cfg(all(test, target_os = "linux"))]
#[path = "../../../tests/support/needed.rs"]
mod needed;

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
        mend(root.path(), Whose::Owners).unwrap();
        assert_eq!((mode(root.path()), mode(&folder), mode(&file)), (0o700, 0o700, 0o600));
        assert_eq!(mode(&foreign), 0o644, "no link is followed");
    }

    #[test]
    fn a_folder_is_closed_and_what_is_below_it_left() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("b");
        fs::write(&file, b"x").unwrap();
        make(root.path(), 0o755);
        make(&file, 0o644);
        close(root.path(), Whose::Owners).unwrap();
        assert_eq!((mode(root.path()), mode(&file)), (0o700, 0o644));
        assert!(close(&root.path().join("nowhere"), Whose::Owners).is_err());
    }

    #[test]
    fn what_was_cut_off_long_ago_is_swept() {
        let root = tempfile::tempdir().unwrap();
        let old = fs::FileTimes::new().set_modified(std::time::SystemTime::now() - 2 * LEFT_BEHIND);
        fs::create_dir(root.path().join("a")).unwrap();
        for (name, is_old) in [(".momsbud-x.partial", true), (".momsbud-y.partial", false), ("hers.partial", true)] {
            let file = create_new(&root.path().join("a").join(name)).unwrap();
            if is_old {
                file.set_times(old).unwrap();
            }
        }
        mend(root.path(), Whose::Owners).unwrap();
        let mut left: Vec<_> = fs::read_dir(root.path().join("a")).unwrap().map(|it| it.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, [".momsbud-y.partial", "hers.partial"]);
    }

    /// Whoever can write to a shared archive puts links in the place of folders while they are looked through, and lays in
    /// folders deeper than there are files that can be open.
    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_outside_is_narrowed_and_no_depth_takes_every_open_file() {
        use std::sync::atomic::{AtomicBool, Ordering};
        let (root, hers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(hers.path().join("public")).unwrap();
        fs::write(hers.path().join("public/page"), b"x").unwrap();
        let open = [hers.path().join("public"), hers.path().join("public/page")];
        for path in &open {
            make(path, 0o755);
        }
        make(hers.path(), 0o755);
        let (inside, aside) = (root.path().join("a"), root.path().join("b"));
        let mut deep = root.path().join("d");
        for _ in 0..1_500 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(&inside).unwrap();
        symlink(hers.path(), &aside).unwrap();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                while !over.load(Ordering::Relaxed) {
                    renameat_with(CWD, &inside, CWD, &aside, RenameFlags::EXCHANGE).unwrap();
                }
            });
            for _ in 0..60 {
                mend(root.path(), Whose::Owners).unwrap();
            }
            over.store(true, Ordering::Relaxed);
        });
        assert_eq!(open.map(|path| mode(&path)), [0o755; 2], "what lies elsewhere is somebody else's");
        assert_eq!(mode(hers.path()), 0o755);
    }

    #[test]
    fn a_folder_that_is_shared_with_a_group_stays_so() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join("b");
        fs::write(&file, b"x").unwrap();
        make(root.path(), 0o775);
        make(&file, 0o664);
        mend(root.path(), Whose::SharedOnPurpose).unwrap();
        assert_eq!((mode(root.path()), mode(&file)), (0o770, 0o660));
        mend(root.path(), Whose::Owners).unwrap();
        assert_eq!((mode(root.path()), mode(&file)), (0o700, 0o600), "where secrets lie nothing is shared");
    }

    /// What `setfacl --modify user:65534:rwx` writes.
    #[cfg(target_os = "linux")]
    fn let_in_by_a_list(path: &Path) {
        let entry = |tag: u16, may: u16, who: u32| {
            [tag.to_le_bytes().as_slice(), &may.to_le_bytes(), &who.to_le_bytes()].concat()
        };
        const NOBODY_NAMED: u32 = u32::MAX;
        let list = [
            2_u32.to_le_bytes().to_vec(),
            entry(1, 7, NOBODY_NAMED),
            entry(2, 7, 65534),
            entry(4, 5, NOBODY_NAMED),
            entry(0x10, 7, NOBODY_NAMED),
            entry(0x20, 0, NOBODY_NAMED),
        ];
        rustix::fs::setxattr(path, "system.posix_acl_access", &list.concat(), rustix::fs::XattrFlags::empty()).unwrap();
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn whom_a_list_lets_in_is_told_and_kept_out_of_what_is_its_owners_alone() {
        let root = tempfile::tempdir().unwrap();
        make(root.path(), 0o700);
        assert_eq!(others(root.path()).unwrap(), Others::Nobody);
        let_in_by_a_list(root.path());
        assert_eq!(others(root.path()).unwrap(), Others::Some);
        let file = root.path().join("b");
        fs::write(&file, b"x").unwrap();
        let_in_by_a_list(&file);
        let reads = || {
            let mut other = std::process::Command::new("setpriv");
            other.args(["--reuid=65534", "--regid=65534", "--clear-groups", "cat"]).arg(&file);
            other.current_dir("/").output().unwrap().status.success()
        };
        close(root.path(), Whose::SharedOnPurpose).unwrap();
        assert_eq!(others(root.path()).unwrap(), Others::Some, "it was shared on purpose");
        if !rustix::process::geteuid().is_root() {
            close(root.path(), Whose::Owners).unwrap();
            assert_eq!(others(root.path()).unwrap(), Others::Nobody);
            return needed::absent("root", "only root becomes the user whom the list names");
        }
        assert!(reads(), "the list lets somebody in");
        close(root.path(), Whose::Owners).unwrap();
        assert!(!reads());
        assert_eq!(others(root.path()).unwrap(), Others::Nobody);
        make(root.path(), 0o755);
        mend(root.path(), Whose::Owners).unwrap();
        make(root.path(), 0o755);
        assert!(!reads(), "the file itself is closed too");
    }
}
