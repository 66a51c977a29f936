//! SAF-T deliveries that lie open: read, looked through, and made into returns.
//!
//! A delivery is read once, in memory; nothing of it is written down but what a person keeps: her answers, and with a
//! filing the reconciliation. Names of customers and suppliers stay in memory, and go when the delivery is closed.

mod archived;
mod draft_origin;
pub mod drafting;
mod facts;
mod found;
pub mod memory;
pub mod questions;
mod samples;
pub mod sheet;
mod showing;
mod since;
mod source;
pub mod vouchers;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use books::{Answers, compare::Mark};
use bytes::Bytes;
use jiff::Timestamp;
use saf_t::{Ledger, Limits, Texts};
use vat_return::{Category, Language, Period, PeriodKind};
use view::{
    BooksFile, BooksProblem, BooksState, BooksView, MayFile, OriginView, ids::CardId, ids::DeliveryId, problem::Problem,
};

pub(crate) use archived::archived;
pub use draft_origin::MadeOf;
pub use drafting::Drafted;
pub use memory::StoredAnswers;
pub use samples::{SAMPLES, Sample};
pub use showing::Surroundings;
pub use source::{read, read_its_texts, sorted, split};

/// The reconciliation sheet as a table, in a filing's documents and its archive folder.
pub const SHEET_CSV: &str = "avstemming.csv";
/// The same as a page that prints.
pub const SHEET_HTML: &str = "avstemming.html";
/// What each voucher gave, so that a later file can be held against it: no text and no name.
pub(crate) const MARKS: &str = "bilag.json";

/// A file of a delivery.
#[derive(Debug, Clone)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub place: Place,
    /// Its size in bytes.
    pub size: u64,
    /// SHA-256 of its bytes, hexadecimal; none before they have been read to their end.
    pub sha256: Option<String>,
}

/// Where a file's bytes are.
#[derive(Debug, Clone)]
pub enum Place {
    /// On the disk.
    Path(PathBuf),
    /// In memory: a sample.
    Bytes(Bytes),
}

impl File {
    fn view(&self) -> BooksFile {
        BooksFile { name: self.name.clone(), size: thousands(self.size), sha256: self.sha256.clone() }
    }
}

/// Thousands of bytes, rounded up.
pub(crate) fn thousands(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1000)).unwrap_or(u32::MAX)
}

/// A delivery that lies open.
#[derive(Debug)]
pub struct Delivery {
    /// Its key.
    pub id: DeliveryId,
    /// Its files.
    pub files: Vec<File>,
    /// How much of it is read.
    pub limits: Limits,
    /// The nine digits of its company, where its headers name one.
    pub head: Option<String>,
    /// Bytes read so far.
    pub done: AtomicU64,
    /// Bytes in all.
    pub total: u64,
    /// Set to end the reading.
    pub stop: AtomicBool,
    /// What the reading came to.
    pub outcome: OnceLock<Result<Arc<Book>, Refused>>,
}

/// Why a delivery cannot be used, with what it can be said of in any language.
#[derive(Debug)]
pub struct Refused(pub(crate) saf_t::Refusal);

/// A delivery that was read.
#[derive(Debug)]
pub struct Book {
    /// The lines.
    pub ledger: Ledger,
    /// The files with their sums.
    pub files: Vec<File>,
    pub(crate) read_at: Timestamp,
    /// The texts, once they have been read; nothing where they cannot be.
    pub(crate) texts: OnceLock<Option<Texts>>,
    /// Vouchers whose debit and credit differ.
    pub(crate) unbalanced: Vec<usize>,
    pub(crate) state: Mutex<Choice>,
}

/// What a person has chosen for a delivery, and what comes of it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The kind of period.
    pub kind: PeriodKind,
    /// The kind of return.
    pub category: Category,
    pub(crate) learnt: bool,
    /// The period, once one is chosen.
    pub period: Option<Period>,
    /// What was answered.
    pub answers: Answers,
    /// Answers that were there when the delivery was opened.
    pub(crate) remembered: Answers,
    /// The file goes into the archive too.
    pub keep_file: bool,
    /// The card that was made of it.
    pub made: Option<CardId>,
    /// What each period gives.
    pub(crate) periods: Vec<(books::Candidate, i128)>,
    /// The return that was made last, if its choice still holds.
    pub drafted: Option<Arc<Drafted>>,
}

impl Book {
    /// What is chosen at present.
    pub fn choice(&self) -> MutexGuard<'_, Choice> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The company's number, as the files or an answer have it.
    pub fn org_number(&self) -> Option<String> {
        let choice = self.choice();
        let drafted = choice.drafted.as_ref().and_then(|drafted| drafted.draft.company.org_number.clone());
        drafted.or_else(|| books::company(&self.ledger, &choice.answers).org_number)
    }

    /// What the accounting system is called, for keeping answers by.
    pub fn system(&self) -> String {
        let (vendor, name, _) = books::company(&self.ledger, &Answers::new()).system;
        if name.is_empty() { vendor } else { name }
    }
}

impl Delivery {
    /// The books, once they have been read.
    pub fn book(&self) -> Option<&Arc<Book>> {
        self.outcome.get()?.as_ref().ok()
    }

    /// What the window shows.
    pub fn view(&self, around: &Surroundings<'_>) -> BooksView {
        let (state, problem, book) = match self.outcome.get() {
            None => (BooksState::Reading, None, None),
            Some(Err(refused)) => (BooksState::Refused, Some(refused.view(around.language)), None),
            Some(Ok(book)) => (BooksState::Open, None, Some(showing::book(book, around))),
        };
        let files = self.book().map_or(&self.files, |book| &book.files);
        BooksView {
            id: self.id.to_string(),
            files: files.iter().map(File::view).collect(),
            state,
            done: thousands(self.done.load(Ordering::Relaxed)),
            total: thousands(self.total),
            problem,
            book,
        }
    }

    /// The companies of the delivery, as far as they are known.
    pub fn company(&self) -> Option<String> {
        self.book().and_then(|book| book.org_number()).or_else(|| self.head.clone())
    }
}

impl Refused {
    pub(crate) fn view(&self, language: Language) -> BooksProblem {
        let Self(refusal) = self;
        let said = books::trouble::of(refusal, language);
        BooksProblem {
            kind: refusal.problem.kind().to_owned(),
            file: refusal.file.clone(),
            title: said.title,
            text: said.text,
            todo: said.todo,
            details: refusal.to_string(),
        }
    }
}

/// What a return was made of: kept with its card, and with the filing that comes of it.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Key of the delivery, where that lies open.
    pub books: Option<String>,
    /// The files.
    pub files: Vec<File>,
    /// They go into the archive too.
    pub keep_file: bool,
    /// How many vouchers were read.
    pub vouchers: u32,
    /// How many questions were answered.
    pub answers: u32,
    /// When the return was made.
    pub made_at: Timestamp,
    /// The reconciliation as CSV.
    pub csv: Bytes,
    /// The reconciliation as a page that prints.
    pub html: Bytes,
    /// The vouchers it was made from, to tell later which are new.
    pub marks: Vec<Mark>,
}

impl Origin {
    /// As it is shown.
    pub fn view(&self) -> OriginView {
        OriginView {
            books: self.books.clone(),
            files: self.files.iter().map(File::view).collect(),
            vouchers: self.vouchers,
            answers: self.answers,
            made_at: view::texts::moment(self.made_at),
        }
    }

    /// The documents that a filing keeps of it.
    pub fn documents(&self) -> Vec<(&'static str, Bytes)> {
        let marks = serde_json::to_vec(&self.marks).unwrap_or_default();
        let mut documents = vec![(SHEET_CSV, self.csv.clone()), (SHEET_HTML, self.html.clone()), (MARKS, marks.into())];
        if self.keep_file {
            let kept: Vec<ArchivedSource> = self
                .files
                .iter()
                .filter_map(|file| match &file.place {
                    Place::Path(path) => Some(ArchivedSource {
                        path: path.clone(),
                        name: file.name.clone(),
                        sha256: file.sha256.clone()?,
                    }),
                    Place::Bytes(_) => None,
                })
                .collect();
            documents.push((ORIGIN_FILE, serde_json::to_vec(&kept).unwrap_or_default().into()));
        }
        documents
    }
}

/// Where the files are that are to go into the archive with a filing.
pub(crate) const ORIGIN_FILE: &str = "saf-t.json";

/// A file that is to go into the archive, if it still is what was read.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct ArchivedSource {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) sha256: String,
}

/// A sample SAF-T file of practice: its name and its bytes.
#[must_use]
pub fn sample_file(id: &str) -> Option<(String, Bytes)> {
    SAMPLES.iter().find(|sample| sample.id == id).map(|sample| (sample.file_name(), sample.bytes()))
}

/// Everything that is refused about a delivery that is not there.
pub fn gone() -> Problem {
    view::problem::says(view::ErrorCode::NotFound, "The SAF-T file is not open any more.")
}

/// Whether a person may file for a company.
pub(crate) fn may_file(companies: Option<&[String]>, company: Option<&str>) -> MayFile {
    match (companies, company) {
        (Some(companies), Some(company)) if !companies.is_empty() => {
            if companies.iter().any(|known| known == company) {
                MayFile::Yes
            } else {
                MayFile::No
            }
        }
        _ => MayFile::Unknown,
    }
}
