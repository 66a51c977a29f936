//! Takes filings out of the archive: their folders as a zip, or a list of them as a table for a spreadsheet.
//!
//! Both are written beside their place and then renamed, so that a full disk leaves no half of one.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use jiff::{Timestamp, tz::TimeZone};
use vat_return::Language;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{Archive, copy};
use crate::{
    filings::Filing,
    problem,
    view::{ErrorCode, ErrorView, FilingState},
    words::{kroner, norwegian_date},
};

/// What Excel knows UTF-8 by.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Why something could not be written out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    #[error("{} cannot be written", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the history cannot be read")]
    History(#[from] crate::database::DatabaseError),
}

impl From<ExportError> for ErrorView {
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

/// A file that appears whole or not at all.
pub(crate) struct Whole {
    path: PathBuf,
    half: PathBuf,
}

impl Whole {
    pub(crate) fn new(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self { path: path.to_owned(), half: path.with_file_name(format!(".{name}.partial")) }
    }

    /// Writes it.
    pub(crate) fn write<T>(
        &self,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let written = self.try_write(write);
        if written.is_err() && self.half.exists() {
            // Nothing half-written stays; what cannot be removed is named for what it is.
            let _ = fs::remove_file(&self.half);
        }
        written
    }

    fn try_write<T>(
        &self,
        write: impl FnOnce(&mut BufWriter<File>) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let mut file = BufWriter::new(File::create(&self.half).map_err(|error| self.refused(error))?);
        let written = write(&mut file)?;
        let file = file.into_inner().map_err(|error| self.refused(error.into_error()))?;
        file.sync_all().map_err(|error| self.refused(error))?;
        fs::rename(&self.half, &self.path).map_err(|error| self.refused(error))?;
        Ok(written)
    }

    pub(crate) fn refused(&self, source: io::Error) -> ExportError {
        ExportError::Write { path: self.path.clone(), source }
    }
}

/// Packs folders of the archive, under the names they have there; unpacked they are an archive that can be verified.
/// Says how many of them were there.
pub(crate) fn zip(archive: &Archive, folders: &[String], to: &Path) -> Result<u32, ExportError> {
    let whole = Whole::new(to);
    whole.write(|file| {
        let mut zip = ZipWriter::new(file);
        let mut packed = 0;
        for folder in folders {
            let path = archive.path(folder);
            if path.is_dir() {
                pack(&mut zip, &path, folder).map_err(|error| whole.refused(error))?;
                packed += 1;
            }
        }
        zip.finish().map_err(|error| whole.refused(error.into()))?;
        Ok(packed)
    })
}

fn pack<W: io::Write + io::Seek>(zip: &mut ZipWriter<W>, path: &Path, name: &str) -> io::Result<()> {
    let mut entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (below, kind) = (format!("{name}/{}", entry.file_name().to_string_lossy()), entry.file_type()?);
        if kind.is_dir() {
            pack(zip, &entry.path(), &below)?;
        } else if kind.is_file() {
            let mut options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
            if let Some(at) = entry.metadata()?.modified().ok().and_then(moment) {
                options = options.last_modified_time(at);
            }
            zip.start_file(below, options)?;
            copy(&mut File::open(entry.path())?, zip)?;
        }
    }
    Ok(())
}

/// Zip keeps local time without a zone.
fn moment(at: std::time::SystemTime) -> Option<zip::DateTime> {
    let oslo = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    zip::DateTime::try_from(Timestamp::try_from(at).ok()?.to_zoned(oslo).datetime()).ok()
}

/// A table of filings: semicolons and a mark, as Norwegian spreadsheets read them.
pub(crate) struct Table<W: io::Write> {
    csv: csv::Writer<W>,
    language: Language,
}

impl<W: io::Write> Table<W> {
    pub(crate) fn new(mut out: W, language: Language) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK.as_bytes())?;
        let mut csv = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(headings(language))?;
        Ok(Self { csv, language })
    }

    pub(crate) fn row(&mut self, filing: &Filing) -> io::Result<()> {
        let day = |at: Option<Timestamp>| at.map(|at| norwegian_date(at).to_string()).unwrap_or_default();
        // What is provisional, or of a rejected return, is nobody's to pay.
        let payment = filing.payable();
        let kid = payment.and_then(|payment| payment.kid.as_ref()).map(ToString::to_string).unwrap_or_default();
        let account = payment.and_then(|payment| payment.account.clone()).unwrap_or_default();
        self.csv.write_record([
            text(filing.company_name.as_deref().unwrap_or_default()),
            filing.subject.org_number.clone(),
            filing.subject.period.in_words(self.language),
            kroner(filing.assessed_vat),
            state(filing, self.language).to_owned(),
            day(Some(filing.begun_at)),
            day(filing.delivered_at),
            payment.map(|payment| kroner(payment.amount)).unwrap_or_default(),
            kid,
            account,
            payment.and_then(|payment| payment.due).map(|due| due.to_string()).unwrap_or_default(),
            text(&filing.filed_by),
            filing.instance.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(filing.archive_folder.as_deref().unwrap_or_default()),
        ])?;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.csv.flush()
    }
}

/// A text that a spreadsheet takes for a text: one that begins like a formula would be run.
fn text(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn headings(language: Language) -> [&'static str; 14] {
    match language {
        Language::Nb => [
            "Virksomhet",
            "Org.nr.",
            "Termin",
            "Fastsatt merverdiavgift",
            "Tilstand",
            "Påbegynt",
            "Levert",
            "Beløp å betale",
            "KID",
            "Kontonummer",
            "Betalingsfrist",
            "Sendt inn av",
            "Referanse i Altinn",
            "Mappe",
        ],
        Language::Nn => [
            "Verksemd",
            "Org.nr.",
            "Termin",
            "Fastsett meirverdiavgift",
            "Tilstand",
            "Påbyrja",
            "Levert",
            "Beløp å betale",
            "KID",
            "Kontonummer",
            "Betalingsfrist",
            "Sendt inn av",
            "Referanse i Altinn",
            "Mappe",
        ],
        Language::En => [
            "Company",
            "Org. no.",
            "Period",
            "Assessed VAT",
            "State",
            "Begun",
            "Delivered",
            "Amount to pay",
            "KID",
            "Account number",
            "Due date",
            "Filed by",
            "Reference in Altinn",
            "Folder",
        ],
    }
}

fn state(filing: &Filing, language: Language) -> &'static str {
    let [nb, nn, en] = match filing.state {
        _ if filing.replaced => ["Erstattet", "Erstatta", "Replaced"],
        FilingState::Queued => ["I kø", "I kø", "Queued"],
        FilingState::Running => ["Pågår", "Går føre seg", "Under way"],
        FilingState::Waiting => ["Venter på deg", "Ventar på deg", "Waiting for you"],
        FilingState::WaitingSignature => ["Venter på signering", "Ventar på signering", "Waiting for a signature"],
        FilingState::WaitingAnswer => ["Venter på svar", "Ventar på svar", "Waiting for the answer"],
        FilingState::Received => ["Mottatt", "Motteken", "Received"],
        FilingState::Refused => ["Avvist", "Avvist", "Refused"],
        FilingState::Rejected => ["Levert, avvist", "Levert, avvist", "Delivered, rejected"],
        FilingState::Unclear => {
            ["Levert, svaret må ses på", "Levert, svaret må sjåast på", "Delivered, look at the answer"]
        }
        FilingState::Abandoned => ["Avbrutt", "Avbroten", "Given up"],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Read as _;

    use super::*;
    use crate::{
        archive::{Document, tests::filing, verify::verify},
        filings::Payment,
    };

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
            folders.push(archive.put(&filing, &folder, &documents, &[], Language::Nb).unwrap().0);
        }
        let to = root.path().join("eksport.zip");
        let wanted = [folders[0].clone(), folders[2].clone(), "Produksjon/gone".into()];
        assert_eq!(zip(&archive, &wanted, &to).unwrap(), 2);
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

    #[test]
    fn what_cannot_be_written_leaves_nothing_and_says_where() {
        let root = tempfile::tempdir().unwrap();
        let archive = Archive::new(root.path().join("Momsbud"));
        let to = root.path().join("nowhere/eksport.zip");
        let view = ErrorView::from(zip(&archive, &[], &to).unwrap_err());
        assert_eq!((view.code, view.values["path"].as_str()), (ErrorCode::ExportRefused, to.to_str().unwrap()));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_table_is_read_by_a_norwegian_spreadsheet() {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, Language::Nb).unwrap();
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
        let lines: Vec<&str> = text.strip_prefix(BYTE_ORDER_MARK).unwrap().split("\r\n").collect();
        assert!(lines[0].starts_with("Virksomhet;Org.nr.;Termin;"), "{text}");
        assert_eq!(
            lines[1],
            "\"'=Sum; \"\"AS\"\"\";311797816;September–oktober 2026;79857;Mottatt;2026-11-21;2026-11-22;79857;\
             0311797816202605;12345678903;2026-12-10;Ingrid Solvang;;"
        );
    }
}
