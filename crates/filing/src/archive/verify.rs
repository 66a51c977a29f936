//! Whether the archive still is what was put there: every file against the sum in its folder's manifest.

use std::{
    io::{self, Read as _},
    path::{Path, PathBuf},
    time::Duration,
};

use disk::tree::{self, Entry, Next, TreeEntry};
use store::digest::sha256;
use view::{ArchiveComplaint, ArchiveFault, ArchiveReport};

use super::{
    Archive, SEAL, copy,
    manifest::{MANIFEST, Manifest, ManifestFile},
    within,
};

/// Files that operating systems leave in folders that somebody has looked at.
pub(super) const NOBODYS: [&str; 4] = ["desktop.ini", ".DS_Store", "Thumbs.db", ".directory"];

/// How long a file may be in the writing.
const JUST_NOW: Duration = Duration::from_secs(60);

/// Larger files than were ever put there, bytes: whoever says that one is as large only wants it to be read for hours.
pub const LARGEST: u64 = 256 * 1024 * 1024;

/// Looks through all folders of filings below `root`.
///
/// # Errors
/// `root` is no folder that can be read. What lies below it and cannot be read is a complaint.
pub fn verify(root: &Path) -> io::Result<ArchiveReport> {
    Ok(compared(&folders(root)?, |_| true))
}

/// Compares the files of those folders that are `wanted`; the others are counted.
pub fn compared(found: &[ArchiveEntry], wanted: impl Fn(&str) -> bool) -> ArchiveReport {
    let mut report = ArchiveReport::default();
    for found in found {
        match found {
            ArchiveEntry::Filing(root, folder) => {
                report.folders += 1;
                if wanted(folder) {
                    filing(root, folder, &mut report);
                }
            }
            ArchiveEntry::Unfinished(folder) => complain(&mut report, folder, None, ArchiveFault::Unfinished),
            ArchiveEntry::Link(folder) => complain(&mut report, folder, None, ArchiveFault::Surplus),
            ArchiveEntry::Unreadable(folder) => complain(&mut report, folder, None, ArchiveFault::Unreadable),
        }
    }
    report.complaints.sort();
    report
}

/// All folders of filings of an archive with the roots it had before.
///
/// # Errors
/// Its present root is no folder that can be read.
pub fn all_folders(archive: &Archive) -> io::Result<Vec<ArchiveEntry>> {
    let mut all = Vec::new();
    for root in archive.roots() {
        match folders(root) {
            Err(error) if root == archive.root() => return Err(error),
            Err(_) => {}
            Ok(found) => all.extend(found),
        }
    }
    Ok(all)
}

/// A folder of the archive, with its name relative to the root.
pub enum ArchiveEntry {
    /// A filing's, below its root; with no name the root itself.
    Filing(PathBuf, String),
    /// Half of one.
    Unfinished(String),
    /// A link in the place of one; it is not followed.
    Link(String),
    /// It could not be looked into.
    Unreadable(String),
}

impl ArchiveEntry {
    /// The name of a filing's folder.
    #[must_use]
    pub fn filing(&self) -> Option<&str> {
        match self {
            Self::Filing(_, folder) => Some(folder),
            Self::Unfinished(_) | Self::Link(_) | Self::Unreadable(_) => None,
        }
    }
}

/// All folders of filings below `root`, in the order of their names. One is known by its manifest, or by a return in it.
///
/// # Errors
/// `root` is no folder that can be read.
pub fn folders(root: &Path) -> io::Result<Vec<ArchiveEntry>> {
    let mut found = Vec::new();
    tree::each::<io::Error>(root, &mut |entry| {
        let (name, folder) = (entry.name(), entry.names.to_owned());
        match entry.met {
            TreeEntry::Folder if entry.contains(MANIFEST) || entry.contains(super::SENT_RETURN) => {
                found.push(ArchiveEntry::Filing(root.to_owned(), folder));
                return Ok(Next::Past);
            }
            TreeEntry::Folder if name.starts_with('.') && (name.ends_with(".partial") || name.ends_with(".old")) => {
                found.push(ArchiveEntry::Unfinished(folder));
                return Ok(Next::Past);
            }
            // Nobody put them there, and they may lead anywhere.
            TreeEntry::Link => found.push(ArchiveEntry::Link(folder)),
            TreeEntry::Unreadable(_) => found.push(ArchiveEntry::Unreadable(folder)),
            // A person's own files beside those of filings are hers.
            TreeEntry::Folder | TreeEntry::File { .. } | TreeEntry::Special => {}
        }
        Ok(Next::Into)
    })?;
    Ok(found)
}

fn complain(report: &mut ArchiveReport, folder: &str, file: Option<&str>, what: ArchiveFault) {
    report.complaints.push(ArchiveComplaint::new(folder, file, what));
}

fn filing(root: &Path, folder: &str, report: &mut ArchiveReport) {
    let Ok(manifest) = Manifest::below(root, folder) else {
        return complain(report, folder, Some(MANIFEST), ArchiveFault::NoManifest);
    };
    let mut left = manifest.files;
    let mut found = Vec::new();
    let mut visit = |entry: &Entry<'_>| {
        let own = entry.name();
        match entry.met {
            TreeEntry::Folder => {}
            TreeEntry::Unreadable(_) => found.push((Some(entry.names.to_owned()), ArchiveFault::Unreadable)),
            _ if [MANIFEST, SEAL].contains(&entry.names) || NOBODYS.contains(&own) => {}
            _ => match left.remove(entry.names) {
                // Whatever has the name: what is no ordinary file is not opened, and so cannot be read.
                Some(wanted) => {
                    report.files += 1;
                    if let Some(fault) = compare(entry, &wanted) {
                        found.push((Some(entry.names.to_owned()), fault));
                    }
                }
                None => found.push((Some(entry.names.to_owned()), ArchiveFault::Surplus)),
            },
        }
        Ok::<_, io::Error>(Next::Into)
    };
    let looked = match folder {
        "" => tree::each(root, &mut visit),
        folder => tree::each_below(root, folder, &mut visit),
    };
    if looked.is_err() {
        return complain(report, folder, None, ArchiveFault::Unreadable);
    }
    // What is being written whole lies beside its name for a moment.
    found.retain(|(file, fault)| {
        *fault != ArchiveFault::Surplus
            || !file.as_deref().is_some_and(|name| is_being_written(&root.join(folder), name))
    });
    found.extend(left.into_keys().map(|name| (Some(name), ArchiveFault::Missing)));
    for (file, what) in found {
        complain(report, folder, file.as_deref(), what);
    }
}

/// Whether a folder below a root holds every file that its manifest lists, as it was written; but for one.
pub(super) fn is_complete(root: &Path, folder: &str, manifest: &Manifest, but: &str) -> bool {
    manifest.files.iter().filter(|(name, _)| *name != but).all(|(name, wanted)| {
        // No more of it is read than it should have.
        let read = || tree::read_below(root, &within(folder, name), wanted.size);
        wanted.size <= LARGEST && read().is_ok_and(|bytes| sha256(&bytes) == wanted.sha256)
    })
}

/// Whether a file is one that this program is writing just now, and gives its name when it is whole.
fn is_being_written(path: &Path, name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or(name);
    disk::is_half_written(own)
        && disk::below(path, name).and_then(|file| file.symlink_metadata()).map_or(true, |metadata| {
            metadata.modified().ok().and_then(|at| at.elapsed().ok()).is_some_and(|since| since < JUST_NOW)
        })
}

/// What is wrong with a file. No more of it is read than it should have.
pub(super) fn compare(entry: &Entry<'_>, wanted: &ManifestFile) -> Option<ArchiveFault> {
    if matches!(entry.met, TreeEntry::File { size, .. } if size != wanted.size) {
        return Some(ArchiveFault::Changed);
    }
    if wanted.size > LARGEST {
        return Some(ArchiveFault::Unreadable);
    }
    let read = entry.open().and_then(|file| copy(&mut file.take(wanted.size.saturating_add(1)), &mut io::sink()));
    match read {
        Ok(is) if is.size == wanted.size && is.sha256 == wanted.sha256 => None,
        Ok(_) => Some(ArchiveFault::Changed),
        Err(_) => Some(ArchiveFault::Unreadable),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;
    use crate::archive::{
        Document,
        tests::{filing, plain},
    };

    fn complaints(root: &Path) -> Vec<(Option<String>, ArchiveFault)> {
        verify(root).unwrap().complaints.into_iter().map(|found| (found.file, found.what)).collect()
    }

    #[test]
    fn what_is_changed_missing_or_surplus_is_named() {
        let root = tempfile::tempdir().unwrap();
        let large = root.path().join("brief.pdf");
        fs::write(&large, vec![7; 200_000]).unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let documents = [
            Document::new("mva-melding.xml", "return"),
            Document::new("kvittering.pdf", "receipt"),
            Document::attachment(1, "Brev: avtale.pdf", large),
        ];
        let (own, other) = (filing("one"), filing("two"));
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &documents, &plain()).unwrap();
        archive.put(&other, &archive.choose(&other).unwrap(), &documents, &plain()).unwrap();
        let report = verify(archive.root()).unwrap();
        assert_eq!((report.folders, report.files), (2, 8));
        assert_eq!(report.complaints, []);

        let path = archive.path(&folder).unwrap();
        // As long as before, so that only the sum can tell.
        let mut attachment = vec![7; 200_000];
        attachment[150_000] = 8;
        fs::write(path.join("attachments/vedlegg 1 Brev_ avtale.pdf"), attachment).unwrap();
        fs::remove_file(path.join("kvittering.pdf")).unwrap();
        fs::write(path.join("notat.txt"), "somebody's").unwrap();
        fs::write(path.join("desktop.ini"), "the system's").unwrap();
        fs::create_dir(path.parent().unwrap().join(".one.partial")).unwrap();
        let found = verify(archive.root()).unwrap().complaints;
        assert!(found.iter().any(|complaint| complaint.folder == folder), "{found:?}");
        assert_eq!(
            complaints(archive.root()),
            [
                (None, ArchiveFault::Unfinished),
                (Some("attachments/vedlegg 1 Brev_ avtale.pdf".into()), ArchiveFault::Changed),
                (Some("kvittering.pdf".into()), ArchiveFault::Missing),
                (Some("notat.txt".into()), ArchiveFault::Surplus),
            ]
        );
        assert_eq!(complaints(&path).len(), 3, "a filing's folder can be verified by itself");
    }

    #[cfg(unix)]
    #[test]
    fn links_and_pipes_that_somebody_laid_in_are_named_and_not_followed() {
        use std::os::unix::fs::symlink;
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let archive = Archive::new(root.path().to_owned());
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &[Document::new("mva-melding.xml", "x")], &plain()).unwrap();
        let path = archive.path(&folder).unwrap();
        fs::write(elsewhere.path().join(MANIFEST), fs::read(path.join(MANIFEST)).unwrap()).unwrap();
        for n in 0..12 {
            symlink(root.path(), root.path().join(format!("loop{n}"))).unwrap();
        }
        symlink(elsewhere.path(), path.parent().unwrap().join("2 (2026-11-21)")).unwrap();
        symlink("/dev/zero", path.join("zero")).unwrap();
        fs::rename(path.join("mva-melding.xml"), elsewhere.path().join("hers")).unwrap();
        symlink(elsewhere.path().join("hers"), path.join("mva-melding.xml")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(path.join("pipe")).status().unwrap().success());
        let report = verify(root.path()).unwrap();
        assert_eq!(report.folders, 1, "what a link leads to is no folder of this archive");
        let found: Vec<_> = report.complaints.iter().map(|it| (it.file.as_deref(), it.what)).collect();
        assert_eq!(found.iter().filter(|it| **it == (None, ArchiveFault::Surplus)).count(), 13, "{found:?}");
        for named in [
            (Some("mva-melding.xml"), ArchiveFault::Unreadable),
            (Some("pipe"), ArchiveFault::Surplus),
            (Some("zero"), ArchiveFault::Surplus),
        ] {
            assert!(found.contains(&named), "{named:?} of {found:?}");
        }
    }

    /// A file with a hole takes no room, and hours to be read.
    #[cfg(unix)]
    #[test]
    fn a_file_that_is_said_to_be_endless_is_not_read() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().to_owned());
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &[Document::new("kvittering.pdf", "x")], &plain()).unwrap();
        let path = archive.path(&folder).unwrap();
        let hole = 1_u64 << 38;
        fs::File::create(path.join("kvittering.pdf")).unwrap().set_len(hole).unwrap();
        let mut manifest: serde_json::Value = serde_json::from_slice(&fs::read(path.join(MANIFEST)).unwrap()).unwrap();
        manifest["files"]["kvittering.pdf"]["size"] = hole.into();
        fs::write(path.join(MANIFEST), manifest.to_string()).unwrap();
        // In a thread of its own: a test that reads it would not end.
        let (tells, heard) = std::sync::mpsc::channel();
        let (of, place) = (root.path().to_owned(), folder.clone());
        std::thread::spawn(move || {
            let whole = is_complete(&of, &place, &Manifest::read(&path).unwrap(), MANIFEST);
            tells.send((complaints(&of), whole)).unwrap();
        });
        let said = heard.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(said, (vec![(Some("kvittering.pdf".into()), ArchiveFault::Unreadable)], false));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_in_the_archive_forges_no_line_of_the_report() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().to_owned());
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &[Document::new("mva-melding.xml", "x")], &plain()).unwrap();
        fs::write(archive.path(&folder).unwrap().join("a\n0 avvik\u{1b}[2J\u{202e}"), "x").unwrap();
        let hostile = root.path().join("2026\nalt er uendret\u{9b}2J");
        fs::create_dir(&hostile).unwrap();
        fs::write(hostile.join(MANIFEST), "{").unwrap();
        let found = verify(root.path()).unwrap().complaints;
        let named: Vec<_> =
            found.iter().map(|it| (it.folder.as_str(), it.file.as_deref().unwrap_or_default())).collect();
        assert!(named.contains(&("2026 alt er uendret2J", MANIFEST)), "{named:?}");
        assert!(named.contains(&(folder.as_str(), "a 0 avvik[2J")), "{named:?}");
    }

    #[test]
    fn a_manifest_that_is_gone_or_leads_elsewhere_is_a_complaint() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().to_owned());
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &[Document::new("mva-melding.xml", "x")], &plain()).unwrap();
        let manifest = archive.path(&folder).unwrap().join(MANIFEST);
        let text = fs::read_to_string(&manifest).unwrap();
        for bad in
            [text.replace("mva-melding.xml", "../../x"), text.replace("mva-melding.xml", "/etc/passwd"), "{".into()]
        {
            fs::write(&manifest, bad).unwrap();
            assert_eq!(complaints(root.path()), [(Some(MANIFEST.into()), ArchiveFault::NoManifest)]);
        }
        fs::remove_file(&manifest).unwrap();
        assert_eq!(complaints(root.path()), [(Some(MANIFEST.into()), ArchiveFault::NoManifest)]);
        assert!(verify(&root.path().join("nowhere")).is_err());
    }
}
