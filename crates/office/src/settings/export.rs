//! A person's data, to take along: settings and history as JSON and CSV, with the archive if she wants it.
//!
//! No secret is among it: tokens, client secrets and keys lie sealed in the vault, which is never read here, and
//! persons are named as the history names them.

use std::{
    io::{self, Write},
    path::Path,
};

use disk::WholeFile;
use filing::{
    archive::{
        export::{self as archive, Packed},
        seal::Sealed,
        verify::{self, ArchiveEntry},
    },
    table::{Cell, Table},
};
use serde::Serialize;
use vat_return::Language;
use view::{
    ErrorCode,
    problem::{self, Problem},
};
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// What the archive's folder is called within the file.
const ARCHIVE: &str = "arkiv";

/// An export that could not be written; a half-written file has been removed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The disk.
    #[error("the export cannot be written")]
    File(#[from] io::Error),
    /// The file's own structure.
    #[error("the export cannot be put together")]
    Zip(#[from] ZipError),
    /// What is exported has no JSON.
    #[error("the export cannot be put into words")]
    Json(#[from] serde_json::Error),
    /// The history.
    #[error(transparent)]
    History(#[from] store::database::DatabaseError),
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        let code = match &error {
            ExportError::File(error) | ExportError::Zip(ZipError::Io(error)) => match problem::of_io(error) {
                ErrorCode::DiskFull => ErrorCode::DiskFull,
                _ => ErrorCode::FolderRefused,
            },
            ExportError::History(_) => ErrorCode::DataUnusable,
            _ => ErrorCode::Internal,
        };
        problem::of(code, &error)
    }
}

/// What is in an export, and what is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenAlong {
    /// How many filings are in it.
    pub filings: u32,
    /// How much of the archive is not: links, pipes, folders that were not made here, and in those that were what others laid in
    /// or changed, and what is missing.
    pub left_out: u32,
}

/// One filing as it is exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExportedFiling {
    pub(crate) environment: String,
    pub(crate) org_number: String,
    pub(crate) company: Option<String>,
    pub(crate) period: String,
    pub(crate) kind: String,
    pub(crate) assessed_vat: String,
    pub(crate) state: String,
    pub(crate) verdict: Option<String>,
    pub(crate) correction: bool,
    pub(crate) replaced: bool,
    pub(crate) filed_by: Option<String>,
    pub(crate) begun_at: String,
    pub(crate) delivered_at: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) kid: Option<String>,
    pub(crate) account: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) file_name: String,
    pub(crate) sha256: String,
    pub(crate) archive_folder: Option<String>,
}

/// The headings of the table, as keys of the message files.
const HEADING: [&str; 21] = [
    "takeout.environment",
    "takeout.orgNumber",
    "takeout.company",
    "takeout.period",
    "takeout.kind",
    "takeout.assessedVat",
    "takeout.state",
    "takeout.answer",
    "takeout.newVersion",
    "takeout.replaced",
    "takeout.filedBy",
    "takeout.begun",
    "takeout.filed",
    "takeout.amount",
    "takeout.kid",
    "takeout.account",
    "takeout.due",
    "takeout.instance",
    "takeout.file",
    "takeout.sha256",
    "takeout.archiveFolder",
];

impl ExportedFiling {
    fn cells(&self, language: Language) -> [Cell; 21] {
        let Self {
            environment,
            org_number,
            company,
            period,
            kind,
            assessed_vat,
            state,
            verdict,
            correction,
            replaced,
            filed_by,
            begun_at,
            delivered_at,
            amount: to_pay,
            kid,
            account,
            due,
            instance,
            file_name,
            sha256,
            archive_folder,
        } = self;
        let yes = |flag: bool| if flag { Cell::text(crate::text(language, "takeout.yes")) } else { Cell::Empty };
        fn or(value: &Option<String>) -> Cell {
            Cell::some(value.as_ref(), Cell::text)
        }
        fn digits(value: &Option<String>) -> Cell {
            Cell::some(value.as_ref(), |value| Cell::Digits(value.clone()))
        }
        fn amount(value: &str) -> Cell {
            value.parse().map_or_else(|_| Cell::text(value), Cell::Amount)
        }
        [
            Cell::text(environment),
            Cell::text(org_number),
            or(company),
            Cell::text(period),
            Cell::text(kind),
            amount(assessed_vat),
            Cell::text(state),
            or(verdict),
            yes(*correction),
            yes(*replaced),
            or(filed_by),
            Cell::text(begun_at),
            or(delivered_at),
            Cell::some(to_pay.as_deref(), amount),
            digits(kid),
            digits(account),
            or(due),
            or(instance),
            Cell::text(file_name),
            Cell::text(sha256),
            or(archive_folder),
        ]
    }
}

/// Writes the export to `to`, whole or not at all.
///
/// `pages` is asked for the next stretch of the history until it gives an empty one, so that a long history never
/// stands in memory as a whole; it is gone through twice.
pub(crate) fn write(
    to: &Path,
    language: Language,
    settings: &impl Serialize,
    archives: &[&Path],
    ours: &dyn Fn(&Sealed) -> bool,
    mut pages: impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
) -> Result<TakenAlong, ExportError> {
    let mut file = WholeFile::for_others(to)?;
    let taken = fill(&mut file, language, settings, archives, ours, &mut pages)?;
    file.finish()?;
    Ok(taken)
}

fn fill(
    file: &mut WholeFile,
    language: Language,
    settings: &impl Serialize,
    archives: &[&Path],
    ours: &dyn Fn(&Sealed) -> bool,
    pages: &mut impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
) -> Result<TakenAlong, ExportError> {
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut zip = ZipWriter::new(file);
    zip.start_file("innstillinger.json", packed)?;
    zip.write_all(&serde_json::to_vec_pretty(settings)?)?;

    zip.start_file("historikk.json", packed)?;
    zip.write_all(b"[")?;
    let mut taken = TakenAlong::default();
    each(pages, |filing| {
        zip.write_all(if taken.filings == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut zip, filing)?;
        taken.filings = taken.filings.saturating_add(1);
        Ok(())
    })?;
    zip.write_all(b"\n]\n")?;

    zip.start_file("historikk.csv", packed)?;
    let heading = HEADING.map(|key| crate::text(language, key));
    let mut table = Table::new(&mut zip, &heading)?;
    each(pages, |filing| Ok(table.row(&filing.cells(language))?))?;
    table.finish()?;

    for archive in archives {
        taken.left_out = taken.left_out.saturating_add(add(&mut zip, archive, ours)?);
    }
    zip.finish()?;
    Ok(taken)
}

fn each(
    pages: &mut impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
    mut work: impl FnMut(&ExportedFiling) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = pages(after)?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = Some(*last);
        for (_, filing) in &page {
            work(filing)?;
        }
    }
}

/// Adds the folders of an archive that are ours, each as it was put there, and says how much is left out of it: links, which may
/// lead anywhere, what others laid in or changed, and what is larger than any that Momsbud puts there. What lies beside the
/// folders of filings is no part of the archive.
fn add(zip: &mut ZipWriter<&mut WholeFile>, root: &Path, ours: &dyn Fn(&Sealed) -> bool) -> Result<u32, ExportError> {
    if !root.exists() {
        return Ok(0);
    }
    let mut packed = Packed::default();
    for found in verify::folders(root)? {
        packed.add(match &found {
            ArchiveEntry::Filing(_, folder) => archive::pack(zip, root, folder, &format!("{ARCHIVE}/{folder}"), ours)?,
            ArchiveEntry::Unfinished(_) | ArchiveEntry::Link(_) | ArchiveEntry::Unreadable(_) => None,
        });
    }
    Ok(packed.left_out)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_failed_export_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("x.zip");
        let broken = |_: Option<i64>| Err(ExportError::File(io::Error::other("broken")));
        assert!(write(&to, Language::Nb, &1, &[], &|_| true, broken).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_of_an_archive_is_not_taken_along_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        let sum = |bytes: &[u8]| store::digest::sha256(bytes);
        let own = archive.join("Øving/Fjordlys/2026/1");
        for place in [&own, &archive.join("Øving/Fremmed/2026/1")] {
            fs::create_dir_all(place).unwrap();
            fs::write(place.join("kvittering.pdf"), "%PDF").unwrap();
            let manifest = serde_json::json!({
                "version": 3, "filing": "0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44", "environment": "practice",
                "orgNumber": "311797816", "company": null, "category": "alminnelig", "period": "x", "year": 2026,
                "assessedVat": "0", "instance": null, "filedBy": "x", "begunAt": "x", "deliveredAt": null, "correction": false,
                "files": {
                    "kvittering.pdf": {"size": 4, "sha256": sum(b"%PDF")}, "mva-melding.xml": {"size": 1, "sha256": sum(b"1")},
                    "stor.xml": {"size": 1_u64 << 42, "sha256": sum(b"")}
                }
            });
            let manifest = if place == &own { manifest.to_string() } else { format!("{manifest} ") };
            fs::write(place.join("manifest.json"), manifest).unwrap();
        }
        fs::write(archive.join("notat.txt"), "hers, beside").unwrap();
        // Changed, laid in, and one that says that it is larger than memory, and holds nothing.
        fs::write(own.join("mva-melding.xml"), "2").unwrap();
        fs::write(own.join("Kvittering fra Skatteetaten.pdf.exe"), "MZ").unwrap();
        fs::File::create(own.join("stor.xml")).unwrap().set_len(1 << 42).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", own.join("lenke.pdf")).unwrap();
        std::os::unix::fs::symlink("/etc", archive.join("lenke")).unwrap();
        let to = folder.path().join("x.zip");
        let ours = |sealed: &Sealed| !sealed.manifest.ends_with(b" ");
        let taken = write(&to, Language::Nb, &1, &[&archive], &ours, |_| Ok(Vec::new())).unwrap();
        assert_eq!(taken, TakenAlong { filings: 0, left_out: 6 });
        let mut zip = zip::ZipArchive::new(fs::File::open(&to).unwrap()).unwrap();
        let mut receipt = String::new();
        let name = "arkiv/Øving/Fjordlys/2026/1/kvittering.pdf";
        std::io::Read::read_to_string(&mut zip.by_name(name).unwrap(), &mut receipt).unwrap();
        assert_eq!((receipt.as_str(), zip.len()), ("%PDF", 5));
    }
}
