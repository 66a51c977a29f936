//! A person's data, to take along: settings and history as JSON and CSV, with the archive if she wants it.
//!
//! No secret is among it: tokens, client secrets and keys lie sealed in the vault, which is never read here, and
//! persons are named as the history names them.

use std::{
    io::{self, Read as _, Write},
    path::Path,
};

use disk::{
    WholeFile,
    tree::{self, TreeEntry},
};
use filing::{
    archive::verify::LARGEST,
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
    /// How many entries of the archive are not: links, pipes, and files larger than any that Momsbud puts there.
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
    pub(crate) filed_by: String,
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
            Cell::text(filed_by),
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
    mut pages: impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
) -> Result<TakenAlong, ExportError> {
    let mut file = WholeFile::for_others(to)?;
    let taken = fill(&mut file, language, settings, archives, &mut pages)?;
    file.finish()?;
    Ok(taken)
}

fn fill(
    file: &mut WholeFile,
    language: Language,
    settings: &impl Serialize,
    archives: &[&Path],
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
        taken.left_out = taken.left_out.saturating_add(add(&mut zip, archive, ARCHIVE, packed)?);
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

/// Adds a folder with everything below it, and says how much is left out of it: links, which may lead anywhere, what is
/// no file, and files larger than any that Momsbud puts there.
fn add(
    zip: &mut ZipWriter<&mut WholeFile>,
    folder: &Path,
    name: &str,
    packed: SimpleFileOptions,
) -> Result<u32, ExportError> {
    if !folder.exists() {
        return Ok(0);
    }
    let mut left_out = 0_u32;
    tree::each(folder, &mut |entry| -> Result<tree::Next, ExportError> {
        match entry.met {
            TreeEntry::File { size, .. } if size <= LARGEST => {
                zip.start_file(format!("{name}/{}", entry.names), packed)?;
                io::copy(&mut entry.open()?.take(LARGEST), zip)?;
            }
            TreeEntry::File { .. } | TreeEntry::Link | TreeEntry::Special => left_out = left_out.saturating_add(1),
            TreeEntry::Folder | TreeEntry::Unreadable(_) => {}
        }
        Ok(tree::readable(entry)?)
    })?;
    Ok(left_out)
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
        assert!(write(&to, Language::Nb, &1, &[], broken).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn what_of_an_archive_is_not_taken_along_is_counted() {
        let folder = tempfile::tempdir().unwrap();
        let archive = folder.path().join("archive");
        fs::create_dir_all(archive.join("2026")).unwrap();
        fs::write(archive.join("2026/kvittering.pdf"), "%PDF").unwrap();
        std::os::unix::fs::symlink("/etc/passwd", archive.join("2026/lenke.pdf")).unwrap();
        std::os::unix::fs::symlink("/etc", archive.join("lenke")).unwrap();
        // It says that it is larger than memory, and holds nothing.
        fs::File::create(archive.join("2026/stor.xml")).unwrap().set_len(1 << 42).unwrap();
        let to = folder.path().join("x.zip");
        let taken = write(&to, Language::Nb, &1, &[&archive], |_| Ok(Vec::new())).unwrap();
        assert_eq!(taken, TakenAlong { filings: 0, left_out: 3 });
        let mut zip = zip::ZipArchive::new(fs::File::open(&to).unwrap()).unwrap();
        let mut receipt = String::new();
        zip.by_name("arkiv/2026/kvittering.pdf").unwrap().read_to_string(&mut receipt).unwrap();
        assert_eq!((receipt.as_str(), zip.len()), ("%PDF", 4));
    }
}
