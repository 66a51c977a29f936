//! Takes filings out of the archive: their folders as a zip, or a list of them as a table for a spreadsheet.
//!
//! Both appear whole or not at all, so that a full disk leaves no half of one.

use std::{
    collections::HashSet,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::SystemTime,
};

use disk::{
    WholeFile,
    tree::{self, Next, TreeEntry},
};
use jiff::{Timestamp, tz::TimeZone};
use vat_return::Language;
use view::{
    ErrorCode,
    problem::{self, Problem},
    texts::{norwegian_date, state_name},
};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    Archive,
    manifest::{MANIFEST, Manifest},
    seal::{SEAL, Sealed},
    verify::{self, LARGEST, NOBODYS},
};
use crate::{
    filings::Filing,
    table::{Cell, Payable, Table},
};

/// Why something could not be written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A file cannot be written. Remedy: room, or another folder.
    #[error("{} cannot be written", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The history cannot be read.
    #[error("the history cannot be read")]
    History(#[from] store::database::DatabaseError),
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::History(error) => error.into(),
            ExportError::Write { path, source } => {
                let code = match problem::of_io(&source) {
                    ErrorCode::DiskFull => ErrorCode::DiskFull,
                    _ => ErrorCode::ExportRefused,
                };
                let shown = path.display().to_string();
                problem::of(code, &ExportError::Write { path, source }).with("path", shown)
            }
        }
    }
}

/// Writes a file whole or not at all.
pub fn write_whole<T>(
    path: &Path,
    write: impl FnOnce(&mut WholeFile) -> Result<T, ExportError>,
) -> Result<T, ExportError> {
    let refused = refused(path);
    let mut file = WholeFile::for_others(path).map_err(refused)?;
    let written = write(&mut file)?;
    file.finish().map_err(refused)?;
    Ok(written)
}

/// That something cannot be written there.
pub fn refused(path: &Path) -> impl Fn(io::Error) -> ExportError + Copy {
    move |source| ExportError::Write { path: path.to_owned(), source }
}

/// What was packed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packed {
    /// Folders that were there, and ours.
    pub folders: u32,
    /// What is not in it: folders that were not made here, and of the others each file that their lists name and they do not
    /// hold as it was, and each that they hold and no list names.
    pub left_out: u32,
}

/// Packs folders of the archive that are `ours`, under the names they have there; unpacked they are an archive that can be
/// verified.
pub fn zip(
    archive: &Archive,
    folders: &[String],
    ours: &dyn Fn(&Sealed) -> bool,
    to: &Path,
) -> Result<Packed, ExportError> {
    let refused = refused(to);
    write_whole(to, |file| {
        let mut zip = ZipWriter::new(file);
        let mut packed = Packed::default();
        for folder in folders {
            let Ok(root) = archive.root_of(folder) else { continue };
            if root.join(folder).is_dir() {
                packed.add(pack(&mut zip, root, folder, folder, ours).map_err(refused)?);
            }
        }
        zip.finish().map_err(|error| refused(error.into()))?;
        Ok(packed)
    })
}

impl Packed {
    /// Counts a folder, with how much of it was left out; nothing for one that is not in it.
    pub fn add(&mut self, folder: Option<u32>) {
        self.folders = self.folders.saturating_add(u32::from(folder.is_some()));
        self.left_out = self.left_out.saturating_add(folder.unwrap_or(1));
    }
}

/// Packs what the list of a folder of ours names, as it was put there, under `name`. Others may write to the archive: what they
/// laid in or changed goes to nobody under our name. Says how much was left out; nothing where the folder is not ours.
///
/// # Errors
/// The disk.
pub fn pack<W: io::Write + io::Seek>(
    zip: &mut ZipWriter<W>,
    root: &Path,
    folder: &str,
    name: &str,
    ours: &dyn Fn(&Sealed) -> bool,
) -> io::Result<Option<u32>> {
    let Ok(sealed) = Sealed::below(root, folder) else { return Ok(None) };
    let Some(manifest) = Manifest::parse(&sealed.manifest).ok().filter(|_| ours(&sealed)) else { return Ok(None) };
    let mut missing = manifest.files;
    let (mut left_out, mut names) = (0_u32, HashSet::new());
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut whole = |zip: &mut ZipWriter<W>, own: &str, modified: Option<SystemTime>| {
        // What unpacks it may take a backslash for a way, and show a name turned around.
        let own: Vec<String> = own.split('/').map(disk::safe_name).collect();
        let name = format!("{name}/{}", own.join("/"));
        if !names.insert(name.to_lowercase()) {
            return Ok(false);
        }
        let options = modified.and_then(moment).map_or(packed, |at| packed.last_modified_time(at));
        zip.start_file(name, options)?;
        Ok::<_, io::Error>(true)
    };
    whole(zip, MANIFEST, None)?;
    zip.write_all(&sealed.manifest)?;
    if let Some(seal) = sealed.text() {
        whole(zip, SEAL, None)?;
        zip.write_all(seal.as_bytes())?;
    }
    tree::each_below(root, folder, &mut |entry| {
        let modified = match entry.met {
            TreeEntry::Folder | TreeEntry::Unreadable(_) => return tree::readable(entry),
            _ if [MANIFEST, SEAL].contains(&entry.names) || NOBODYS.contains(&entry.name()) => return Ok(Next::Into),
            TreeEntry::File { modified, .. } => modified,
            // Not followed: it may lead to anything of whoever takes the zip along.
            TreeEntry::Link | TreeEntry::Special => None,
        };
        let taken = match missing.remove(entry.names) {
            Some(listed) if verify::compare(entry, &listed).is_none() => match whole(zip, entry.names, modified)? {
                true => {
                    let copied = super::copy(&mut entry.open()?.take(LARGEST), zip)?;
                    let same = copied.sha256 == listed.sha256;
                    if !same {
                        // Changed between two looks.
                        zip.abort_file()?;
                    }
                    same
                }
                false => false,
            },
            Some(_) => false,
            None => disk::is_half_written(entry.name()),
        };
        left_out = left_out.saturating_add(u32::from(!taken));
        Ok(Next::Into)
    })?;
    Ok(Some(u32::try_from(missing.len()).unwrap_or(u32::MAX).saturating_add(left_out)))
}

/// Zip keeps local time without a zone.
fn moment(at: std::time::SystemTime) -> Option<zip::DateTime> {
    let oslo = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    zip::DateTime::try_from(Timestamp::try_from(at).ok()?.to_zoned(oslo).datetime()).ok()
}

/// A table of filings.
pub struct List<W: io::Write> {
    table: Table<W>,
    language: Language,
}

impl<W: io::Write> List<W> {
    /// Begins the list with its heading.
    ///
    /// # Errors
    /// What it is written to.
    pub fn new(out: W, language: Language) -> io::Result<Self> {
        Ok(Self { table: Table::new(out, &headings(language))?, language })
    }

    /// Writes the row of a filing.
    ///
    /// # Errors
    /// What it is written to.
    pub fn row(&mut self, filing: &Filing) -> io::Result<()> {
        let language = self.language;
        let day = |at: Timestamp| Cell::text(norwegian_date(at).to_string());
        // Named whole, so that a new field is either a column or knowingly none.
        let Filing {
            subject,
            company_name,
            assessed_vat,
            filed_by,
            state,
            instance,
            begun_at,
            delivered_at,
            verdict,
            archive_folder,
            replaced,
            // Told by `Payable`, which knows what there is to pay.
            payment: _,
            // In the filing's own folder, or in its export of everything.
            number: _,
            id: _,
            sha256: _,
            file_name: _,
            authorization: _,
            signed_by: _,
            correction: _,
            step: _,
            delivered: _,
            problem: _,
            substatus: _,
            files: _,
        } = filing;
        let payable = Payable::of(filing);
        self.table.row(&[
            Cell::some(company_name.as_ref(), Cell::text),
            Cell::text(subject.org_number.as_str()),
            Cell::text(subject.period.in_words(language)),
            Cell::Amount(*assessed_vat),
            Cell::text(state_name(*state, *verdict, *replaced, language)),
            day(*begun_at),
            Cell::some(*delivered_at, day),
            payable.amount(),
            payable.kid(language),
            payable.account(language),
            payable.due(|due| due.to_string()),
            Cell::some(filed_by.as_ref(), Cell::text),
            Cell::some(instance.as_ref(), |instance| Cell::text(instance.to_string())),
            Cell::some(archive_folder.as_ref(), Cell::text),
        ])
    }

    /// Writes what is still held.
    ///
    /// # Errors
    /// What it is written to.
    pub fn finish(self) -> io::Result<()> {
        self.table.finish()
    }
}

fn headings(language: Language) -> [&'static str; 14] {
    [
        "archive.export.company",
        "archive.export.orgNo",
        "archive.export.period",
        "archive.export.assessedVat",
        "archive.export.state",
        "archive.export.begun",
        "archive.export.delivered",
        "archive.export.amountToPay",
        "archive.export.kid",
        "archive.export.accountNumber",
        "archive.export.dueDate",
        "archive.export.filedBy",
        "archive.export.referenceInAltinn",
        "archive.export.folder",
    ]
    .map(|key| crate::text(language, key))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs::{self, File};

    use super::*;
    use crate::{
        archive::{
            Document,
            tests::{filing, plain},
            verify::verify,
        },
        filings::Payment,
    };
    use view::FilingState;

    #[test]
    fn a_zip_unpacked_is_an_archive_again() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let large = root.path().join("large.pdf");
        let bytes: Vec<u8> = (0..300_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        fs::write(&large, &bytes).unwrap();
        let mut folders = Vec::new();
        for id in ["one", "two", "three"] {
            let filing = filing(id);
            let documents = [Document::new("mva-melding.xml", "x"), Document::attachment(1, "æøå.pdf", large.clone())];
            let folder = archive.choose(&filing).unwrap();
            folders.push(archive.put(&filing, &folder, &documents, &plain()).unwrap().folder);
        }
        let to = root.path().join("eksport.zip");
        let wanted = [folders[0].clone(), folders[2].clone(), "Produksjon/gone".into()];
        assert_eq!(zip(&archive, &wanted, &|_| true, &to).unwrap(), Packed { folders: 2, left_out: 0 });
        let mut packed = zip::ZipArchive::new(File::open(&to).unwrap()).unwrap();
        let unpacked = root.path().join("unpacked");
        for n in 0..packed.len() {
            let mut file = packed.by_index(n).unwrap();
            let path = unpacked.join(file.enclosed_name().unwrap());
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let mut content = Vec::new();
            file.read_to_end(&mut content).unwrap();
            fs::write(path, content).unwrap();
        }
        let report = verify(&unpacked).unwrap();
        assert_eq!((report.folders, report.files, report.complaints.len()), (2, 6, 0), "{report:?}");
        let left: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(!left.iter().any(|name| name.to_string_lossy().contains("partial")), "{left:?}");
    }

    /// Whoever can write to the archive lays a program into a folder, changes a receipt, and lays in a folder of his own: none
    /// of it leaves under our name, and all of it is counted.
    #[test]
    fn what_others_laid_in_or_changed_is_not_packed_and_is_counted() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let documents = [Document::new("mva-melding.xml", "x"), Document::new("kvittering.pdf", "receipt")];
        let (own, other) = (filing("one"), filing("two"));
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &documents, &plain()).unwrap();
        let strangers = archive.choose(&other).unwrap();
        archive.put(&other, &strangers, &documents, &plain()).unwrap();
        let path = archive.path(&folder).unwrap();
        fs::write(path.join("Kvittering fra Skatteetaten.pdf.exe"), "MZ").unwrap();
        fs::write(path.join("desktop.ini"), "the system's").unwrap();
        #[cfg(unix)]
        fs::write(path.join("..\\..\\Startup\\x\u{202e}tab.exe"), "MZ").unwrap();
        fs::write(path.join("kvittering.pdf"), "RECEIPT").unwrap();
        let to = root.path().join("eksport.zip");
        let ours = archive.sealed(&folder).unwrap().manifest;
        let is_ours = |sealed: &Sealed| sealed.manifest == ours;
        let packed = zip(&archive, &[folder.clone(), strangers], &is_ours, &to).unwrap();
        assert_eq!(packed, Packed { folders: 1, left_out: if cfg!(unix) { 4 } else { 3 } });
        let zip = zip::ZipArchive::new(File::open(&to).unwrap()).unwrap();
        let mut names: Vec<_> = zip.file_names().map(|name| name.unwrap().into_owned()).collect();
        names.sort();
        let wanted = ["manifest.json", "mva-melding.xml", "tidslinje.txt"].map(|name| format!("{folder}/{name}"));
        assert_eq!(names, wanted);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_a_folders_place_takes_nothing_along() {
        let (root, hers) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(hers.path().join("id_ed25519"), "secret").unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let own = filing("one");
        let folder = archive.choose(&own).unwrap();
        archive.put(&own, &folder, &[Document::new("mva-melding.xml", "x")], &plain()).unwrap();
        let path = archive.path(&folder).unwrap();
        std::os::unix::fs::symlink(hers.path(), path.join("attachments")).unwrap();
        let to = root.path().join("eksport.zip");
        assert_eq!(
            zip(&archive, std::slice::from_ref(&folder), &|_| true, &to).unwrap(),
            Packed { folders: 1, left_out: 1 }
        );
        let names = |to: &Path| {
            let packed = zip::ZipArchive::new(File::open(to).unwrap()).unwrap();
            packed.file_names().map(|name| name.unwrap().into_owned()).collect::<Vec<_>>()
        };
        assert!(!names(&to).is_empty() && !names(&to).iter().any(|name| name.contains("id_ed25519")));
        fs::remove_file(path.join("attachments")).unwrap();
        // A file with a hole takes no room, and hours to be packed. Not every file system has room for one.
        let hole = path.join("hull.pdf");
        if File::create(&hole).unwrap().set_len(1 << 42).is_ok() {
            assert_eq!(
                zip(&archive, std::slice::from_ref(&folder), &|_| true, &to).unwrap(),
                Packed { folders: 1, left_out: 1 }
            );
        }
        fs::remove_file(hole).unwrap();
        // A link in the place of a file that was put there, and one that is gone.
        fs::remove_file(path.join("mva-melding.xml")).unwrap();
        assert_eq!(
            zip(&archive, std::slice::from_ref(&folder), &|_| true, &to).unwrap(),
            Packed { folders: 1, left_out: 1 }
        );
        std::os::unix::fs::symlink(hers.path().join("id_ed25519"), path.join("mva-melding.xml")).unwrap();
        assert_eq!(
            zip(&archive, std::slice::from_ref(&folder), &|_| true, &to).unwrap(),
            Packed { folders: 1, left_out: 1 }
        );
        assert!(!names(&to).iter().any(|name| name.contains("mva-melding")));
        fs::remove_dir_all(&path).unwrap();
        std::os::unix::fs::symlink(hers.path(), &path).unwrap();
        assert_eq!(zip(&archive, &[folder], &|_| true, &to).unwrap(), Packed { folders: 0, left_out: 1 });
        assert!(names(&to).is_empty());
    }

    #[test]
    fn what_cannot_be_written_leaves_nothing_and_says_where() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let to = root.path().join("nowhere/eksport.zip");
        let view = Problem::from(zip(&archive, &[], &|_| true, &to).unwrap_err());
        assert_eq!((view.code, view.values["path"].as_str()), (ErrorCode::ExportRefused, to.to_str().unwrap()));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_table_is_read_by_a_norwegian_spreadsheet() {
        let mut out = Vec::new();
        let mut table = List::new(&mut out, Language::Nb).unwrap();
        let mut own = filing("one");
        own.company_name = Some("=Sum; \"AS\"".into());
        own.state = FilingState::Received;
        own.payment = Some(Payment {
            amount: 79_857.into(),
            kid: vat_return::PaymentKid::new("0311797816202605"),
            account: Some("12345678903".into()),
            due: Some("2026-12-10".parse().unwrap()),
        });
        table.row(&own).unwrap();
        table.finish().unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.strip_prefix('\u{feff}').unwrap().split("\r\n").collect();
        assert!(lines[0].starts_with("Virksomhet;Org.nr.;Termin;"), "{text}");
        assert_eq!(
            lines[1],
            "\"'=Sum; \"\"AS\"\"\";311797816;September–oktober 2026;79857;Mottatt;2026-11-21;2026-11-22;79857;\
             \"=\"\"0311797816202605\"\"\";\"=\"\"12345678903\"\"\";2026-12-10;Ingrid Solvang;;"
        );
    }
}
