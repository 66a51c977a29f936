//! Whether the archive still is what was put there: every file against the sum in its folder's manifest.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Archive, SEAL, copy,
    manifest::{MANIFEST, Manifest, ManifestFile},
};
use crate::view::{ArchiveComplaint, ArchiveFault, ArchiveReport};

/// Files that operating systems leave in folders that somebody has looked at.
const NOBODYS: [&str; 4] = ["desktop.ini", ".DS_Store", "Thumbs.db", ".directory"];

/// Looks through all folders of filings below `root`.
///
/// # Errors
/// `root` is no folder that can be read. What lies below it and cannot be read is a complaint.
pub(crate) fn verify(root: &Path) -> io::Result<ArchiveReport> {
    let mut report = ArchiveReport::default();
    for found in folders(root)? {
        match found {
            Found::Filing(path, folder) => {
                report.folders += 1;
                filing(&path, &folder, &mut report);
            }
            Found::Unfinished(folder) => complain(&mut report, &folder, None, ArchiveFault::Unfinished),
            Found::Unreadable(folder) => complain(&mut report, &folder, None, ArchiveFault::Unreadable),
        }
    }
    report.complaints.sort();
    Ok(report)
}

/// The same for an archive with the roots it had before. Says too which folders of filings are there.
///
/// # Errors
/// Its present root is no folder that can be read.
pub(crate) fn verify_all(archive: &Archive) -> io::Result<(ArchiveReport, BTreeSet<String>)> {
    let (mut all, mut there) = (ArchiveReport::default(), BTreeSet::new());
    for root in archive.roots() {
        let report = match verify(root) {
            Err(error) if root == archive.root() => return Err(error),
            Err(_) => continue,
            Ok(report) => report,
        };
        all.folders += report.folders;
        all.files += report.files;
        all.complaints.extend(report.complaints);
        there.extend(folders(root)?.into_iter().filter_map(|found| match found {
            Found::Filing(_, folder) => Some(folder),
            Found::Unfinished(_) | Found::Unreadable(_) => None,
        }));
    }
    Ok((all, there))
}

/// A folder of the archive, with its name relative to the root.
pub(crate) enum Found {
    /// A filing's.
    Filing(PathBuf, String),
    /// Half of one.
    Unfinished(String),
    /// It could not be looked into.
    Unreadable(String),
}

/// All folders of filings below `root`, in the order of their names. One is known by its manifest, or by a return in it.
///
/// # Errors
/// `root` is no folder that can be read.
pub(crate) fn folders(root: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    gather(root, "", &mut found)?;
    Ok(found)
}

fn gather(path: &Path, folder: &str, found: &mut Vec<Found>) -> io::Result<()> {
    if path.join(MANIFEST).exists() || path.join(super::SENT_RETURN).exists() {
        found.push(Found::Filing(path.to_owned(), folder.to_owned()));
        return Ok(());
    }
    // Links are not followed: they may lead in circles, and nobody put them there.
    let below: BTreeMap<_, _> = fs::read_dir(path)?
        .collect::<io::Result<Vec<_>>>()?
        .into_iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    for (name, path) in below {
        let folder = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if name.starts_with('.') && (name.ends_with(".partial") || name.ends_with(".old")) {
            found.push(Found::Unfinished(folder));
        } else if gather(&path, &folder, found).is_err() {
            found.push(Found::Unreadable(folder));
        }
    }
    Ok(())
}

fn complain(report: &mut ArchiveReport, folder: &str, file: Option<&str>, what: ArchiveFault) {
    report.complaints.push(ArchiveComplaint { folder: folder.to_owned(), file: file.map(str::to_owned), what });
}

fn filing(path: &Path, folder: &str, report: &mut ArchiveReport) {
    let Ok(manifest) = Manifest::read(path) else {
        return complain(report, folder, Some(MANIFEST), ArchiveFault::NoManifest);
    };
    let mut there = BTreeSet::new();
    if files(path, "", &mut there).is_err() {
        return complain(report, folder, None, ArchiveFault::Unreadable);
    }
    for (name, wanted) in &manifest.files {
        if !there.remove(name) {
            complain(report, folder, Some(name), ArchiveFault::Missing);
            continue;
        }
        report.files += 1;
        let Ok(file) = disk::below(path, name) else { continue };
        match disk::place::open_regular(&file).and_then(|mut file| copy(&mut file, &mut io::sink())) {
            Ok(is) if is.size == wanted.size && is.sha256 == wanted.sha256 => {}
            Ok(_) => complain(report, folder, Some(name), ArchiveFault::Changed),
            Err(_) => complain(report, folder, Some(name), ArchiveFault::Unreadable),
        }
    }
    for name in there {
        complain(report, folder, Some(&name), ArchiveFault::Surplus);
    }
}

/// Whether a folder holds every file that its manifest lists, as it was written; but for one.
pub(super) fn holds(path: &Path, manifest: &Manifest, but: &str) -> bool {
    manifest.files.iter().filter(|(name, _)| *name != but).all(|(name, wanted)| is_as_it_was(path, name, wanted))
}

fn is_as_it_was(path: &Path, name: &str, wanted: &ManifestFile) -> bool {
    let read = disk::below(path, name).and_then(|file| disk::place::open_regular(&file));
    read.and_then(|mut file| copy(&mut file, &mut io::sink()))
        .is_ok_and(|is| is.size == wanted.size && is.sha256 == wanted.sha256)
}

/// The files of a folder and of those below it, but for the manifest and what belongs to nobody. A link is a file that
/// nobody put there.
fn files(path: &Path, below: &str, there: &mut BTreeSet<String>) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let name = if below.is_empty() { own.clone() } else { format!("{below}/{own}") };
        if entry.file_type()?.is_dir() {
            files(&entry.path(), &name, there)?;
        } else if name != MANIFEST && name != SEAL && !NOBODYS.contains(&own.as_str()) {
            there.insert(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
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
