//! A person's data, to take along: settings and history as JSON and CSV, with the archive if she wants it.
//!
//! No secret is among it: tokens, client secrets and keys lie sealed in the vault, which is never read here, and
//! persons are named as the history names them.

use std::{
    io::{self, Write},
    path::Path,
};

use disk::{
    WholeFile,
    tree::{self, Met},
};
use serde::Serialize;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::{
    problem,
    table::{Cell, Table},
    view::{ErrorCode, ErrorView},
};

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
    History(#[from] crate::database::DatabaseError),
}

impl From<ExportError> for ErrorView {
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

const HEADING: [&str; 21] = [
    "miljø",
    "org.nr.",
    "virksomhet",
    "termin",
    "type",
    "fastsatt mva",
    "tilstand",
    "svar",
    "ny versjon",
    "erstattet",
    "sendt av",
    "begynt",
    "levert",
    "beløp",
    "KID",
    "konto",
    "betalingsfrist",
    "referanse i Altinn",
    "fil",
    "SHA-256",
    "arkivmappe",
];

impl ExportedFiling {
    fn cells(&self) -> [Cell; 21] {
        let yes = |flag: bool| if flag { Cell::text("ja") } else { Cell::Empty };
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
            Cell::text(&self.environment),
            Cell::text(&self.org_number),
            or(&self.company),
            Cell::text(&self.period),
            Cell::text(&self.kind),
            amount(&self.assessed_vat),
            Cell::text(&self.state),
            or(&self.verdict),
            yes(self.correction),
            yes(self.replaced),
            Cell::text(&self.filed_by),
            Cell::text(&self.begun_at),
            or(&self.delivered_at),
            Cell::some(self.amount.as_deref(), amount),
            digits(&self.kid),
            digits(&self.account),
            or(&self.due),
            or(&self.instance),
            Cell::text(&self.file_name),
            Cell::text(&self.sha256),
            or(&self.archive_folder),
        ]
    }
}

/// Writes the export to `to`, whole or not at all.
///
/// `pages` is asked for the next stretch of the history until it gives an empty one, so that a long history never
/// stands in memory as a whole; it is gone through twice.
pub(crate) fn write(
    to: &Path,
    settings: &impl Serialize,
    archives: &[&Path],
    mut pages: impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
) -> Result<u32, ExportError> {
    let mut file = WholeFile::for_others(to)?;
    let count = fill(&mut file, settings, archives, &mut pages)?;
    file.finish()?;
    Ok(count)
}

fn fill(
    file: &mut WholeFile,
    settings: &impl Serialize,
    archives: &[&Path],
    pages: &mut impl FnMut(Option<i64>) -> Result<Vec<(i64, ExportedFiling)>, ExportError>,
) -> Result<u32, ExportError> {
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
    let mut zip = ZipWriter::new(file);
    zip.start_file("innstillinger.json", packed)?;
    zip.write_all(&serde_json::to_vec_pretty(settings)?)?;

    zip.start_file("historikk.json", packed)?;
    zip.write_all(b"[")?;
    let mut count = 0_u32;
    each(pages, |filing| {
        zip.write_all(if count == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut zip, filing)?;
        count = count.saturating_add(1);
        Ok(())
    })?;
    zip.write_all(b"\n]\n")?;

    zip.start_file("historikk.csv", packed)?;
    let mut table = Table::new(&mut zip, &HEADING)?;
    each(pages, |filing| Ok(table.row(&filing.cells())?))?;
    table.finish()?;

    for archive in archives {
        add(&mut zip, archive, ARCHIVE, packed)?;
    }
    zip.finish()?;
    Ok(count)
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

/// Adds a folder with everything below it. Links are left out: they may lead anywhere.
fn add(
    zip: &mut ZipWriter<&mut WholeFile>,
    folder: &Path,
    name: &str,
    packed: SimpleFileOptions,
) -> Result<(), ExportError> {
    if !folder.exists() {
        return Ok(());
    }
    tree::each(folder, &mut |entry| {
        if matches!(entry.met, Met::File { .. }) {
            zip.start_file(format!("{name}/{}", entry.names), packed)?;
            io::copy(&mut entry.open()?, zip)?;
        }
        Ok(tree::readable(entry)?)
    })
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
        assert!(write(&to, &1, &[], broken).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
