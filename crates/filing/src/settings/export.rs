//! A person's data, to take along: settings and history as JSON and CSV, with the archive if she wants it.
//!
//! No secret is among it: tokens, client secrets and keys lie sealed in the vault, which is never read here, and
//! persons are named as the history names them.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

use crate::{
    problem,
    view::{ErrorCode, ErrorView},
};

/// What the archive's folder is called within the file.
const ARCHIVE: &str = "arkiv";
/// A byte order mark: without it the spreadsheets people use take UTF-8 for something else.
const BOM: &str = "\u{feff}";

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
    fn cells(&self) -> [&str; 21] {
        let yes = |flag: bool| if flag { "ja" } else { "" };
        fn or(value: &Option<String>) -> &str {
            value.as_deref().unwrap_or_default()
        }
        [
            &self.environment,
            &self.org_number,
            or(&self.company),
            &self.period,
            &self.kind,
            &self.assessed_vat,
            &self.state,
            or(&self.verdict),
            yes(self.correction),
            yes(self.replaced),
            &self.filed_by,
            &self.begun_at,
            or(&self.delivered_at),
            or(&self.amount),
            or(&self.kid),
            or(&self.account),
            or(&self.due),
            or(&self.instance),
            &self.file_name,
            &self.sha256,
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
    let half = to.with_extension("partial");
    let written =
        File::create(&half).map_err(ExportError::from).and_then(|file| fill(file, settings, archives, &mut pages));
    let done = written.and_then(|count| Ok(fs::rename(&half, to).map(|()| count)?));
    if done.is_err() {
        drop(fs::remove_file(&half));
    }
    done
}

fn fill(
    file: File,
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
    zip.write_all(BOM.as_bytes())?;
    zip.write_all(row(&HEADING).as_bytes())?;
    each(pages, |filing| Ok(zip.write_all(row(&filing.cells()).as_bytes())?))?;

    for archive in archives {
        add(&mut zip, archive, ARCHIVE, packed)?;
    }
    zip.finish()?.sync_all()?;
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

/// A line of CSV as Norwegian spreadsheets read it: semicolons, quotation marks where they are needed. What begins as a
/// formula does is kept from being one.
fn row(cells: &[&str]) -> String {
    let cells = cells.iter().map(|cell| {
        let number =
            cell.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        let formula = cell.starts_with(['=', '+', '-', '@', '\t']) && !number;
        let cell = if formula { format!("'{cell}") } else { (*cell).to_owned() };
        if cell.contains([';', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    });
    let mut line = cells.collect::<Vec<_>>().join(";");
    line.push_str("\r\n");
    line
}

/// Adds a folder with everything below it. Links are left out: they may lead anywhere.
fn add(zip: &mut ZipWriter<File>, folder: &Path, name: &str, packed: SimpleFileOptions) -> Result<(), ExportError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        let inside = format!("{name}/{}", entry.file_name().to_string_lossy());
        if kind.is_dir() {
            add(zip, &entry.path(), &inside, packed)?;
        } else if kind.is_file() {
            zip.start_file(inside, packed)?;
            io::copy(&mut File::open(entry.path())?, zip)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cells_are_kept_apart_and_none_is_a_formula() {
        assert_eq!(row(&["a;b", "say \"x\"", "", "-12640"]), "\"a;b\";\"say \"\"x\"\"\";;-12640\r\n");
        assert_eq!(row(&["=1+1", "+47", "-", "@x"]), "'=1+1;'+47;'-;'@x\r\n");
        assert_eq!(HEADING.len(), row(&HEADING).split(';').count());
    }

    #[test]
    fn a_failed_export_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("x.zip");
        let broken = |_: Option<i64>| Err(ExportError::File(io::Error::other("broken")));
        assert!(write(&to, &1, &[], broken).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
