//! Files that decide for everybody on a machine: read only where nobody but who administers it can have written them.
//!
//! Where tokens go, and who gets in, stands in such a file. On Unix it and every folder above it must be root's and writable
//! by nobody else, and so must whatever a link on the way leads to. On Windows it and its folder must be owned by, and
//! writable for, the system and administrators alone; the folder above is the one that the system itself names
//! ([`system_folder`]), into which everybody may put folders and nobody may take another's place. The installer for
//! all users makes the folder so (`xtask/src/package/windows/msi.rs`).

#[cfg(any(windows, test))]
mod sddl;

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use shown::Shown;
use vat_return::Language;

/// No file of an administrator's comes near this size.
const LARGEST: u64 = 1024 * 1024;

/// The operating system's folder, whatever any variable says: `ProgramData` is the user's own to set.
#[cfg(windows)]
pub(crate) fn system_folder() -> PathBuf {
    let programs = known_folders::get_known_folder_path(known_folders::KnownFolder::ProgramData);
    programs.unwrap_or_else(|| PathBuf::from(r"C:\ProgramData")).join("Momsbud")
}

/// The operating system's folder.
#[cfg(not(windows))]
pub(crate) fn system_folder() -> PathBuf {
    PathBuf::from(if cfg!(target_os = "macos") { "/Library/Application Support/Momsbud" } else { "/etc/momsbud" })
}

/// Why a file is not read. Remedy: `chown root` and `chmod go-w` for what is named, on Windows `icacls` as docs/install.md has
/// it, or remove it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// Somebody else than an administrator owns it.
    #[error("{} belongs to somebody who does not administer this machine (user {owner})", .path.display())]
    Owner {
        /// What.
        path: PathBuf,
        /// The user's number, on Windows the identifier.
        owner: String,
    },
    /// Others can write it.
    #[error("{} can be written by others than administrators", .path.display())]
    Writable {
        /// What.
        path: PathBuf,
    },
    /// It is no ordinary file.
    #[error("{} is not a file", .path.display())]
    NotAFile {
        /// What.
        path: PathBuf,
    },
    /// It is larger than such a file can be.
    #[error("{} is larger than a megabyte", .path.display())]
    TooLarge {
        /// What.
        path: PathBuf,
    },
    /// Links lead in a circle.
    #[error("the links on the way to {} do not end", .path.display())]
    Links {
        /// What.
        path: PathBuf,
    },
}

impl Untrusted {
    /// The same in words for a person.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let (path, key) = match self {
            Self::Owner { path, owner } => {
                let values: [(&str, &dyn std::fmt::Display); 2] = [("path", &Shown::path(path)), ("owner", owner)];
                return crate::filled(language, "trusted.owner", &values);
            }
            Self::Writable { path } => (path, "trusted.writable"),
            Self::NotAFile { path } => (path, "trusted.notAFile"),
            Self::TooLarge { path } => (path, "trusted.tooLarge"),
            Self::Links { path } => (path, "trusted.links"),
        };
        crate::filled(language, key, &[("path", &Shown::path(path))])
    }
}

impl From<Untrusted> for io::Error {
    fn from(why: Untrusted) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, why)
    }
}

/// Reads an administrator's file; none is no error.
///
/// # Errors
/// It cannot be read, or not be trusted: an [`Untrusted`] is inside then.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match open(path, &Trust::of(path)) {
        Ok(file) => content(file, path).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn content(file: File, path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LARGEST {
        return Err(Untrusted::TooLarge { path: path.to_owned() }.into());
    }
    Ok(content)
}

/// Whom to trust with a path.
#[cfg(unix)]
struct Trust {
    /// The users who administer.
    owners: Vec<u32>,
    /// Where the looking begins: everything above is taken as it is.
    from: PathBuf,
}

#[cfg(unix)]
impl Trust {
    fn of(path: &Path) -> Self {
        let root = Self { owners: vec![0], from: PathBuf::from("/") };
        if path.starts_with(system_folder()) || !cfg!(debug_assertions) {
            return root;
        }
        // A test's own folder, which a release does not look at: the rules are the same from there on, for whoever tests.
        let owners = vec![0, rustix::process::geteuid().as_raw()];
        Self { owners, from: path.parent().map(Path::to_owned).unwrap_or_default() }
    }

    fn check(&self, path: &Path, meta: &std::fs::Metadata) -> Result<(), Untrusted> {
        use std::os::unix::fs::MetadataExt as _;
        if !self.owners.contains(&meta.uid()) {
            return Err(Untrusted::Owner { path: path.to_owned(), owner: meta.uid().to_string() });
        }
        // A link's own bits mean nothing: who may put another in its place is decided by its folder.
        if !meta.is_symlink() && meta.mode() & 0o022 != 0 {
            return Err(Untrusted::Writable { path: path.to_owned() });
        }
        Ok(())
    }
}

/// Opens a file after a look at every step of the way to it, and at what was opened in the end.
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "it is opened more strictly here than anywhere else")]
fn open(path: &Path, trust: &Trust) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    const MOST_LINKS: usize = 32;
    let mut links = 0;
    let mut way = PathBuf::new();
    let mut left: Vec<std::ffi::OsString> = parts(path);
    while let Some(part) = left.pop() {
        if part == ".." {
            way.pop();
            continue;
        }
        way.push(&part);
        let meta = std::fs::symlink_metadata(&way)?;
        // Above the beginning all is taken as it is, the links too; but what a link leads to is looked at wherever it is.
        if links > 0 || way.starts_with(&trust.from) {
            trust.check(&way, &meta)?;
        }
        if meta.is_symlink() {
            links += 1;
            if links > MOST_LINKS {
                return Err(Untrusted::Links { path: path.to_owned() }.into());
            }
            let target = std::fs::read_link(&way)?;
            way.pop();
            if target.is_absolute() {
                way = PathBuf::new();
            }
            left.extend(parts(&target));
        }
    }
    // Should somebody have put a link in its place since: it is not followed; a pipe keeps nobody waiting.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = std::fs::OpenOptions::new().read(true).custom_flags(flags).open(&way)?;
    let meta = file.metadata()?;
    trust.check(&way, &meta)?;
    if !meta.is_file() {
        return Err(Untrusted::NotAFile { path: way }.into());
    }
    Ok(file)
}

/// The steps of a path, the last one first.
#[cfg(unix)]
fn parts(path: &Path) -> Vec<std::ffi::OsString> {
    use std::path::Component;
    let parts = path.components().filter(|part| *part != Component::CurDir);
    parts.map(|part| part.as_os_str().to_owned()).rev().collect()
}

/// Whom to trust with a path.
#[cfg(windows)]
struct Trust {
    /// Whether it is looked at: always, but for a test's own folder, which a release does not look at.
    looks: bool,
}

#[cfg(windows)]
impl Trust {
    fn of(path: &Path) -> Self {
        Self { looks: path.starts_with(system_folder()) || !cfg!(debug_assertions) }
    }

    fn check(&self, path: &Path, opened: &File) -> io::Result<()> {
        use windows_permissions::{
            constants::{SeObjectType, SecurityInformation},
            wrappers::GetSecurityInfo,
        };
        if !self.looks {
            return Ok(());
        }
        let what = SecurityInformation::Owner | SecurityInformation::Dacl;
        let descriptor = GetSecurityInfo(opened, SeObjectType::SE_FILE_OBJECT, what)?;
        judge(&descriptor, path)
    }
}

/// Whether only administrators own and may change what has this descriptor, in the system's own words for it.
#[cfg(windows)]
fn judge(descriptor: &windows_permissions::SecurityDescriptor, path: &Path) -> io::Result<()> {
    use windows_permissions::{
        constants::SecurityInformation, wrappers::ConvertSecurityDescriptorToStringSecurityDescriptor,
    };
    let what = SecurityInformation::Owner | SecurityInformation::Dacl;
    let written = ConvertSecurityDescriptorToStringSecurityDescriptor(descriptor, what)?;
    let path = path.to_owned();
    sddl::judge(&written.to_string_lossy()).map_err(|fault| match fault {
        sddl::Fault::Owner(owner) => Untrusted::Owner { path, owner }.into(),
        sddl::Fault::Writable => Untrusted::Writable { path }.into(),
    })
}

/// Opens a file after a look at its folder and at what was opened.
#[cfg(windows)]
#[expect(clippy::disallowed_methods, reason = "it is opened more strictly here than anywhere else")]
fn open(path: &Path, trust: &Trust) -> io::Result<File> {
    use std::os::windows::fs::OpenOptionsExt as _;
    // FILE_FLAG_BACKUP_SEMANTICS, by which a folder can be opened, and FILE_FLAG_OPEN_REPARSE_POINT: a link itself.
    const FLAGS: u32 = 0x0200_0000 | 0x0020_0000;
    let open = |path: &Path| std::fs::OpenOptions::new().read(true).custom_flags(FLAGS).open(path);
    // Everybody may make a folder below ProgramData: an empty one decides nothing, and keeps nobody from anything.
    std::fs::symlink_metadata(path)?;
    let folder = path.parent().unwrap_or(path);
    let opened = open(folder)?;
    if !opened.metadata()?.is_dir() {
        return Err(Untrusted::NotAFile { path: folder.to_owned() }.into());
    }
    trust.check(folder, &opened)?;
    let file = open(path)?;
    trust.check(path, &file)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(Untrusted::NotAFile { path: path.to_owned() }.into()) }
}

#[cfg(all(test, windows))]
mod on_windows;

#[cfg(all(test, unix))]
#[path = "../../../tests/support/needed.rs"]
mod needed;

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{
        fs,
        os::unix::fs::{PermissionsExt as _, chown, symlink},
    };

    use super::*;

    struct Place {
        folder: tempfile::TempDir,
        file: PathBuf,
    }

    fn place() -> Place {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("momsbud");
        fs::create_dir(&inner).unwrap();
        let file = inner.join("policy.json");
        fs::write(&file, "{}").unwrap();
        mode(&inner, 0o755);
        mode(&file, 0o644);
        Place { folder, file }
    }

    fn mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn why(path: &Path) -> Option<Untrusted> {
        let error = read(path).err()?;
        error.get_ref().and_then(|inner| inner.downcast_ref::<Untrusted>()).cloned()
    }

    #[test]
    fn what_only_an_administrator_can_write_is_read() {
        let place = place();
        assert_eq!(read(&place.file).unwrap().as_deref(), Some(b"{}".as_slice()));
        assert_eq!(read(&place.file.with_file_name("none.json")).unwrap(), None);
    }

    #[test]
    fn what_others_can_write_is_not() {
        let Place { folder: _kept, file } = place();
        let inner = file.parent().unwrap();
        for (path, bits) in [(file.as_path(), 0o664), (&file, 0o646), (inner, 0o775), (inner, 0o757), (inner, 0o1777)] {
            let good = if path == inner { 0o755 } else { 0o644 };
            mode(path, bits);
            assert!(matches!(why(&file), Some(Untrusted::Writable { .. })), "{} {bits:o}", path.display());
            mode(path, good);
        }
        assert!(read(&file).is_ok());
    }

    /// What `setfacl --modify user:65534:rwx` writes: a list of version 2 of entries with tag, permissions and user.
    #[cfg(target_os = "linux")]
    #[test]
    fn whom_an_access_control_list_lets_write_is_not_trusted_either() {
        let Place { folder: _kept, file } = place();
        let inner = file.parent().unwrap();
        let list = |may: u16, mask: u16| {
            let none = u32::MAX;
            let entries = [(1, 7, none), (2, may, 65534), (4, 5, none), (0x10, mask, none), (0x20, 5, none)];
            let entries = entries.into_iter().flat_map(|(tag, may, who): (u16, u16, u32)| {
                [tag.to_le_bytes().as_slice(), &may.to_le_bytes(), &who.to_le_bytes()].concat()
            });
            2_u32.to_le_bytes().into_iter().chain(entries).collect::<Vec<u8>>()
        };
        let set = |path: &Path, list: &[u8]| {
            rustix::fs::setxattr(path, "system.posix_acl_access", list, rustix::fs::XattrFlags::empty()).unwrap();
        };
        for path in [file.as_path(), inner] {
            set(path, &list(7, 7));
            assert!(matches!(why(&file), Some(Untrusted::Writable { .. })), "{}", path.display());
            // One that lets nobody write is no harm.
            set(path, &list(5, 5));
            assert!(read(&file).is_ok(), "{:?}", why(&file));
        }
    }

    #[test]
    fn what_belongs_to_another_user_is_not() {
        if !rustix::process::geteuid().is_root() {
            return needed::absent("root", "only root gives a file to another user");
        }
        let Place { folder, file } = place();
        let inner = file.parent().unwrap();
        for path in [file.as_path(), inner] {
            chown(path, Some(65534), None).unwrap();
            assert!(
                matches!(why(&file), Some(Untrusted::Owner { owner, .. }) if owner == "65534"),
                "{}",
                path.display()
            );
            chown(path, Some(0), None).unwrap();
        }
        // A link of root's that leads into another user's folder is that user's.
        let theirs = folder.path().join("theirs");
        fs::create_dir(&theirs).unwrap();
        fs::write(theirs.join("policy.json"), "{}").unwrap();
        chown(&theirs, Some(65534), None).unwrap();
        fs::remove_file(&file).unwrap();
        symlink("../theirs/policy.json", &file).unwrap();
        assert!(matches!(why(&file), Some(Untrusted::Owner { .. })));
    }

    #[test]
    fn links_and_pipes_keep_nobody_waiting() {
        let Place { folder: _kept, file } = place();
        fs::remove_file(&file).unwrap();
        symlink("policy.json", &file).unwrap();
        assert!(matches!(why(&file), Some(Untrusted::Links { .. })));
        fs::remove_file(&file).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&file).status().unwrap().success());
        mode(&file, 0o644);
        assert!(matches!(why(&file), Some(Untrusted::NotAFile { .. })));
    }

    #[test]
    fn the_systems_own_folder_is_looked_at_from_the_root_on() {
        let trust = Trust::of(&system_folder().join("policy.json"));
        assert_eq!((trust.owners.as_slice(), trust.from.as_path()), ([0].as_slice(), Path::new("/")));
        // A world-writable folder above is as bad as one below.
        let Place { folder, file } = place();
        let trust = Trust { owners: vec![0, rustix::process::geteuid().as_raw()], from: folder.path().to_owned() };
        mode(folder.path(), 0o777);
        assert!(open(&file, &trust).is_err());
        mode(folder.path(), 0o755);
        assert!(open(&file, &trust).is_ok());
    }
}
