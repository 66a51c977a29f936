//! What a return was made of, kept with the draft of it.

use std::{collections::BTreeMap, path::PathBuf, sync::atomic::AtomicBool};

use jiff::Timestamp;
use saf_t::Ledger;
use serde::{Deserialize, Serialize};

use books::{
    Answers,
    compare::{Mark, marks},
};
use vat_return::{Category, Language, Period};

use super::{Book, Drafted, File, Origin, Place, drafting, sheet, source};

/// What a return was made of where no delivery lies open: by the command line.
#[derive(Debug)]
pub struct MadeOf {
    /// The files.
    pub paths: Vec<PathBuf>,
    /// What was read of them.
    pub ledger: Ledger,
    /// The period of the return.
    pub period: Period,
    /// Its category.
    pub category: Category,
    /// What was answered.
    pub answers: Answers,
}

#[derive(Serialize, Deserialize)]
struct StoredOrigin {
    files: Vec<WrittenFile>,
    keep_file: bool,
    vouchers: u32,
    answers: u32,
    made_at: Timestamp,
    csv: String,
    html: String,
    marks: Vec<Mark>,
}

#[derive(Serialize, Deserialize)]
struct WrittenFile {
    name: String,
    /// Where it lies; none for a sample.
    path: Option<std::path::PathBuf>,
    size: u64,
    /// As files that were kept have it: empty where it was not known.
    sha256: String,
}

impl Origin {
    /// What is kept of a return that was made of a delivery; its key, where it lies open.
    pub fn of(
        delivery: Option<String>,
        book: &Book,
        drafted: &Drafted,
        keep_file: bool,
        at: Timestamp,
        language: Language,
    ) -> Self {
        let (csv, html) = sheet::of(book, drafted, &book.files, at, language);
        Self {
            books: delivery,
            files: book.files.clone(),
            keep_file,
            vouchers: u32::try_from(drafted.vouchers()).unwrap_or(u32::MAX),
            answers: u32::try_from(drafted.answered.len()).unwrap_or(u32::MAX),
            made_at: at,
            csv,
            html,
            marks: marks(&drafted.draft, &book.ledger),
        }
    }

    /// The same of a return whose delivery does not lie open. Reads the files once more, for their sums.
    pub fn of_files(made: MadeOf, at: Timestamp, language: Language) -> Self {
        let files: Vec<File> = made.paths.into_iter().map(File::at).collect();
        let files = source::hashed(&files, &AtomicBool::new(false));
        let book = source::book(made.ledger, files, at);
        let drafted = drafting::drafted(&book, made.period, made.category, &made.answers, &BTreeMap::new());
        Self::of(None, &book, &drafted, false, at, language)
    }

    /// All of it but the delivery, which is not kept.
    ///
    /// # Errors
    /// What cannot be written as JSON, as a path that is no Unicode.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let file = |file: &File| WrittenFile {
            name: file.name.clone(),
            path: match &file.place {
                Place::Path(path) => Some(path.clone()),
                Place::Bytes(_) => None,
            },
            size: file.size,
            sha256: file.sha256.clone().unwrap_or_default(),
        };
        serde_json::to_string(&StoredOrigin {
            files: self.files.iter().map(file).collect(),
            keep_file: self.keep_file,
            vouchers: self.vouchers,
            answers: self.answers,
            made_at: self.made_at,
            csv: text(&self.csv),
            html: text(&self.html),
            marks: self.marks.clone(),
        })
    }

    /// The same again; its delivery does not lie open.
    pub fn from_json(json: &str) -> Option<Self> {
        let written: StoredOrigin = serde_json::from_str(json).ok()?;
        let file = |file: WrittenFile| File {
            name: file.name,
            place: file.path.map_or_else(|| Place::Bytes(bytes::Bytes::new()), Place::Path),
            size: file.size,
            sha256: Some(file.sha256).filter(|sum| !sum.is_empty()),
        };
        Some(Self {
            books: None,
            files: written.files.into_iter().map(file).collect(),
            keep_file: written.keep_file,
            vouchers: written.vouchers,
            answers: written.answers,
            made_at: written.made_at,
            csv: written.csv.into_bytes().into(),
            html: written.html.into_bytes().into(),
            marks: written.marks,
        })
    }
}
