//! SAF-T deliveries that lie open: read, looked through, and made into returns.
//!
//! A delivery is read once, in memory; nothing of it is written down but what a person keeps: her answers, and with a
//! filing the reconciliation. Names of customers and suppliers stay in memory, and go when the delivery is closed.

mod archived;
pub(crate) mod drafting;
mod facts;
pub(crate) mod memory;
pub(crate) mod questions;
mod samples;
pub(crate) mod sheet;
mod showing;
mod since;
mod source;
pub(crate) mod vouchers;

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

pub(crate) use archived::archived;
pub(crate) use drafting::Drafted;
pub(crate) use memory::Remembered;
pub(crate) use samples::{SAMPLES, Sample};
pub(crate) use showing::Surroundings;
pub(crate) use source::{read, read_its_texts, sorted, split};

use crate::view::{BooksFile, BooksProblem, BooksState, BooksView, ErrorView, MayFile, OriginView};

/// The reconciliation sheet as a table, in a filing's documents and its archive folder.
pub(crate) const SHEET_CSV: &str = "avstemming.csv";
/// The same as a page that prints.
pub(crate) const SHEET_HTML: &str = "avstemming.html";
/// What each voucher gave, so that a later file can be held against it: no text and no name.
pub(crate) const MARKS: &str = "bilag.json";

/// A file of a delivery.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) place: Place,
    pub(crate) size: u64,
    pub(crate) sha256: String,
}

/// Where a file's bytes are.
#[derive(Debug, Clone)]
pub(crate) enum Place {
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
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) files: Vec<File>,
    pub(crate) limits: Limits,
    /// The nine digits of its company, as its headers have them; empty where they name none.
    pub(crate) head: String,
    pub(crate) done: AtomicU64,
    pub(crate) total: u64,
    pub(crate) stop: AtomicBool,
    pub(crate) outcome: OnceLock<Result<Arc<Book>, Refused>>,
}

/// Why a delivery cannot be used, with what it can be said of in any language.
#[derive(Debug)]
pub(crate) struct Refused(pub(crate) saf_t::Refusal);

/// A delivery that was read.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) ledger: Ledger,
    /// The files with their sums.
    pub(crate) files: Vec<File>,
    pub(crate) read_at: Timestamp,
    /// The texts, once they have been read; nothing where they cannot be.
    pub(crate) texts: OnceLock<Option<Texts>>,
    /// Vouchers whose debit and credit differ.
    pub(crate) unbalanced: Vec<usize>,
    pub(crate) state: Mutex<Choice>,
}

/// What a person has chosen for a delivery, and what comes of it.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) kind: PeriodKind,
    pub(crate) category: Category,
    pub(crate) learnt: bool,
    pub(crate) period: Option<Period>,
    pub(crate) answers: Answers,
    /// Answers that were there when the delivery was opened.
    pub(crate) remembered: Answers,
    pub(crate) keep_file: bool,
    /// The card that was made of it.
    pub(crate) made: Option<String>,
    /// What each period gives.
    pub(crate) periods: Vec<(books::Candidate, i128)>,
    pub(crate) drafted: Option<Arc<Drafted>>,
}

impl Book {
    pub(crate) fn choice(&self) -> MutexGuard<'_, Choice> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The company's number, as the files or an answer have it.
    pub(crate) fn org_number(&self) -> Option<String> {
        let choice = self.choice();
        let drafted = choice.drafted.as_ref().and_then(|drafted| drafted.draft.company.org_number.clone());
        drafted.or_else(|| books::company(&self.ledger, &choice.answers).org_number)
    }

    /// What the accounting system is called, for keeping answers by.
    pub(crate) fn system(&self) -> String {
        let (vendor, name, _) = books::company(&self.ledger, &Answers::new()).system;
        if name.is_empty() { vendor } else { name }
    }
}

impl Delivery {
    pub(crate) fn book(&self) -> Option<&Arc<Book>> {
        self.outcome.get()?.as_ref().ok()
    }

    /// What the window shows.
    pub(crate) fn view(&self, around: &Surroundings<'_>) -> BooksView {
        let (state, problem, book) = match self.outcome.get() {
            None => (BooksState::Reading, None, None),
            Some(Err(refused)) => (BooksState::Refused, Some(refused.view(around.language)), None),
            Some(Ok(book)) => (BooksState::Open, None, Some(showing::book(book, around))),
        };
        let files = self.book().map_or(&self.files, |book| &book.files);
        BooksView {
            id: self.id.clone(),
            files: files.iter().map(File::view).collect(),
            state,
            done: thousands(self.done.load(Ordering::Relaxed)),
            total: thousands(self.total),
            problem,
            book,
        }
    }

    /// The companies of the delivery, as far as they are known.
    pub(crate) fn company(&self) -> Option<String> {
        self.book()
            .and_then(|book| book.org_number())
            .or_else(|| Some(self.head.clone()).filter(|head| !head.is_empty()))
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
pub(crate) struct Origin {
    pub(crate) books: String,
    pub(crate) files: Vec<File>,
    pub(crate) keep_file: bool,
    pub(crate) vouchers: u32,
    pub(crate) answers: u32,
    pub(crate) made_at: Timestamp,
    pub(crate) csv: Bytes,
    pub(crate) html: Bytes,
    pub(crate) marks: Vec<Mark>,
}

impl Origin {
    pub(crate) fn view(&self) -> OriginView {
        OriginView {
            books: self.books.clone(),
            files: self.files.iter().map(File::view).collect(),
            vouchers: self.vouchers,
            answers: self.answers,
            made_at: crate::words::moment(self.made_at),
            open: true,
        }
    }

    /// The documents that a filing keeps of it.
    pub(crate) fn documents(&self) -> Vec<(&'static str, Bytes)> {
        let marks = serde_json::to_vec(&self.marks).unwrap_or_default();
        let mut documents = vec![(SHEET_CSV, self.csv.clone()), (SHEET_HTML, self.html.clone()), (MARKS, marks.into())];
        if self.keep_file {
            let kept: Vec<KeptFile> = self
                .files
                .iter()
                .filter_map(|file| match &file.place {
                    Place::Path(path) => {
                        Some(KeptFile { path: path.clone(), name: file.name.clone(), sha256: file.sha256.clone() })
                    }
                    Place::Bytes(_) => None,
                })
                .collect();
            documents.push((KEPT, serde_json::to_vec(&kept).unwrap_or_default().into()));
        }
        documents
    }
}

/// Where the files are that are to go into the archive with a filing.
pub(crate) const KEPT: &str = "saf-t.json";

/// A file that is to go into the archive, if it still is what was read.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct KeptFile {
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
pub(crate) fn gone() -> ErrorView {
    crate::problem::says(crate::view::ErrorCode::NotFound, "The SAF-T file is not open any more.")
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
