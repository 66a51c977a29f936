//! SAF-T deliveries in the office: opened, chosen for, answered, made into returns.

use std::{
    io::BufWriter,
    path::PathBuf,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use books::compare::marks;
use disk::WholeFile;
use saf_t::Limits;
use vat_return::{Category, PeriodKind};

use super::{
    Office,
    deliveries::{joined, lacks, memory_key, read},
    desk::Desk,
};
use crate::{
    cards::Found as FoundReturn,
    database::DatabaseError,
    problem,
    saft::{
        self, Book, Delivery, File, Origin, Place, Remembered, SAMPLES, drafting, gone, memory, questions, sheet,
        vouchers,
    },
    view::{
        BooksMemory, BooksPage, BooksQuery, BooksQuestionView, BooksSample, BooksView, BooksVoucher, CategoryName,
        ErrorCode, ErrorView, PeriodKindName, ReturnCard,
    },
    work::rights::Action,
};

/// The SAF-T deliveries that lie open, in order.
pub(super) type Deliveries = Mutex<Vec<Arc<Delivery>>>;

impl Office {
    /// The SAF-T deliveries that lie open.
    ///
    /// # Errors
    /// The work account.
    pub fn books(&self) -> Result<Vec<BooksView>, ErrorView> {
        self.may(Action::Books, None)?;
        Ok(self.desk.books_views())
    }

    /// Opens SAF-T files: those of one company are one delivery. A delivery that lies open and lacks a part, or days, takes
    /// what is brought for the same company. Reading goes on by itself, and is told of.
    ///
    /// # Errors
    /// The work account.
    pub async fn open_books(&self, paths: Vec<PathBuf>) -> Result<(), ErrorView> {
        self.may(Action::OpenPaths, None)?;
        self.read_books(paths.into_iter().map(File::at).collect(), None).await
    }

    /// Adds files to a delivery that lies open.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn add_to_books(&self, id: &str, paths: Vec<PathBuf>) -> Result<(), ErrorView> {
        self.may(Action::OpenPaths, None)?;
        let delivery = self.delivery(id)?;
        self.read_books(paths.into_iter().map(File::at).collect(), Some(delivery)).await
    }

    /// The sample SAF-T files of practice; none elsewhere.
    #[must_use]
    pub fn books_samples(&self) -> Vec<BooksSample> {
        let language = self.desk.preferences().language.into();
        let view = |sample: &saft::Sample| BooksSample {
            id: sample.id.to_owned(),
            company: sample.company.to_owned(),
            about: sample.about(language).to_owned(),
        };
        if self.may(Action::OpenSample, None).is_err() { Vec::new() } else { SAMPLES.iter().map(view).collect() }
    }

    /// Opens a sample SAF-T file.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn open_books_sample(&self, id: &str) -> Result<(), ErrorView> {
        self.may(Action::OpenSample, None)?;
        let sample = SAMPLES.iter().find(|sample| sample.id == id);
        let sample = sample.ok_or_else(|| problem::says(ErrorCode::NotFound, "There is no such sample."))?;
        let bytes = sample.bytes();
        let file = File {
            name: sample.file_name(),
            size: bytes.len() as u64,
            place: Place::Bytes(bytes),
            sha256: String::new(),
        };
        self.read_books(vec![file], None).await
    }

    async fn read_books(&self, files: Vec<File>, onto: Option<Arc<Delivery>>) -> Result<(), ErrorView> {
        let (random, clock) = (Arc::clone(&self.random), Arc::clone(&self.desk.clock));
        let key = move || super::key(random.as_ref(), clock.as_ref()).to_string();
        let split = tokio::task::spawn_blocking(move || saft::split(files, key)).await;
        let found = split.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let mut begun = Vec::new();
        {
            let mut open = self.desk.books.lock().unwrap_or_else(PoisonError::into_inner);
            for delivery in found {
                if let Err(refused) = delivery.company().map_or(Ok(()), |it| self.may(Action::OpenPaths, Some(&it))) {
                    tracing::warn!(code = ?refused.code, "A SAF-T file is of a company that may not be seen.");
                    continue;
                }
                let refused = delivery.outcome.get().is_some();
                let same = |known: &&Arc<Delivery>| !delivery.head.is_empty() && known.head == delivery.head;
                let before = if refused { None } else { onto.clone().or_else(|| open.iter().find(same).cloned()) };
                let delivery = Arc::new(match &before {
                    Some(before) if onto.is_some() || lacks(before) => joined(before, delivery),
                    // The same company anew: this file is the newer one, and takes the other's place.
                    _ => delivery,
                });
                if let Some(before) = before {
                    before.stop.store(true, Ordering::Relaxed);
                    match open.iter_mut().find(|known| known.id == before.id) {
                        Some(place) => *place = Arc::clone(&delivery),
                        None => open.push(Arc::clone(&delivery)),
                    }
                } else {
                    open.push(Arc::clone(&delivery));
                }
                if !refused {
                    begun.push(delivery);
                }
            }
        }
        self.desk.tell_books();
        for delivery in begun {
            let desk = Arc::clone(&self.desk);
            tokio::task::spawn_blocking(move || read(&desk, &delivery));
        }
        Ok(())
    }

    /// Reads deliveries of several companies as one: they are registered for VAT together.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn join_books(&self, ids: &[String]) -> Result<(), ErrorView> {
        self.may(Action::AnswerBooks, None)?;
        let mut deliveries = Vec::new();
        for id in ids {
            deliveries.push(self.delivery(id)?);
        }
        let [first, rest @ ..] = deliveries.as_slice() else { return Err(gone()) };
        let mut files: Vec<File> = Vec::new();
        for file in deliveries.iter().flat_map(|delivery| &delivery.files) {
            if !files.iter().any(|known| known.is_same_place(file)) {
                files.push(file.clone());
            }
        }
        let joint = Arc::new(Delivery {
            id: first.id.clone(),
            files,
            limits: Limits { joint: true, ..Limits::default() },
            head: String::new(),
            done: AtomicU64::new(0),
            total: deliveries.iter().map(|delivery| delivery.total).sum(),
            stop: AtomicBool::new(false),
            outcome: OnceLock::new(),
        });
        {
            let mut open = self.desk.books.lock().unwrap_or_else(PoisonError::into_inner);
            open.retain(|known| !rest.iter().any(|gone| gone.id == known.id));
            if let Some(place) = open.iter_mut().find(|known| known.id == first.id) {
                *place = Arc::clone(&joint);
            }
        }
        self.desk.tell_books();
        let desk = Arc::clone(&self.desk);
        tokio::task::spawn_blocking(move || read(&desk, &joint));
        Ok(())
    }

    /// Puts a delivery away, or breaks its reading off. Its files are not touched.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn close_books(&self, id: &str) -> Result<(), ErrorView> {
        self.may(Action::CloseCard, None)?;
        let closed = {
            let mut open = self.desk.books.lock().unwrap_or_else(PoisonError::into_inner);
            open.iter().position(|known| known.id == id).map(|at| open.remove(at))
        };
        let closed = closed.ok_or_else(gone)?;
        closed.stop.store(true, Ordering::Relaxed);
        self.desk.tell_books();
        Ok(())
    }

    /// Chooses the period, how long periods are, the category, and whether the file is kept with the filing.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn choose_books(
        &self,
        id: &str,
        period: Option<String>,
        kind: PeriodKindName,
        category: CategoryName,
        keep_file: bool,
    ) -> Result<(), ErrorView> {
        self.change_books(id, Action::AnswerBooks, move |desk, book| {
            let anew = {
                let mut choice = book.choice();
                let kind: PeriodKind = kind.into();
                let category: Category = category.into();
                let wanted = period.as_deref().and_then(|key| drafting::period_of(&choice, key));
                let anew = (choice.kind, choice.category) != (kind, category) || choice.period != wanted;
                if choice.kind != kind {
                    choice.period = None;
                } else if period.is_some() {
                    choice.period = wanted;
                }
                (choice.kind, choice.category, choice.keep_file) = (kind, category, keep_file);
                anew
            };
            if anew {
                let period = book.choice().period;
                let answers = desk.remembered(book, period);
                drafting::learn(book, None, answers);
                desk.choose(book);
            }
        })
        .await
    }

    /// Answers a question, or takes an answer back. The answer is kept for the period, and for every file from now on
    /// where that is wished.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub async fn answer_books(
        &self,
        id: &str,
        question: &str,
        answer: Option<String>,
        remember: bool,
    ) -> Result<(), ErrorView> {
        let question = question.to_owned();
        let now = self.desk.clock.now();
        self.change_books(id, Action::AnswerBooks, move |desk, book| {
            let (company, system) = memory_key(book);
            let (period, lasting) = {
                let choice = book.choice();
                let asked = choice.drafted.as_ref().and_then(|drafted| drafted.question(&question).cloned());
                let lasting = asked.and_then(|asked| questions::lasting_id(book, &asked));
                (choice.period.map(drafting::key_of).unwrap_or_default(), lasting)
            };
            drafting::answer(book, &question, answer.as_deref());
            let keep = |question: String, period: String, answer: String| Remembered {
                org_number: company.clone(),
                system: system.clone(),
                question,
                period,
                answer,
            };
            let answer = answer.unwrap_or_default();
            let mut kept = vec![keep(question.clone(), period, answer.clone())];
            if let Some(lasting) = lasting.filter(|_| remember || answer.is_empty()) {
                if answer.is_empty() && lasting != question {
                    drafting::answer(book, &lasting, None);
                }
                kept.push(keep(lasting, String::new(), answer));
            }
            let written =
                desk.db.write(|tx| kept.iter().try_for_each(|one| memory::keep(tx, desk.environment, one, now)));
            if let Err::<(), DatabaseError>(error) = written {
                tracing::error!(%error, "An answer could not be kept.");
            }
        })
        .await
    }

    async fn change_books(
        &self,
        id: &str,
        action: Action,
        change: impl FnOnce(&Desk, &Book) + Send + 'static,
    ) -> Result<(), ErrorView> {
        let book = self.book(id, action)?;
        let desk = Arc::clone(&self.desk);
        let changed = tokio::task::spawn_blocking(move || {
            change(&desk, &book);
            desk.tell_books();
        });
        changed.await.map_err(|error| problem::of(ErrorCode::Internal, &error))
    }

    /// Some of the vouchers behind a line.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn books_vouchers(
        &self,
        id: &str,
        query: BooksQuery,
        from: u32,
        count: u32,
    ) -> Result<BooksPage, ErrorView> {
        self.may(Action::Books, None)?;
        self.look_into(id, move |book, drafted| Some(vouchers::page(book, drafted, &query, from, count))).await
    }

    /// A voucher with all its lines.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn books_voucher(&self, id: &str, voucher: u32) -> Result<BooksVoucher, ErrorView> {
        self.may(Action::Books, None)?;
        self.look_into(id, move |book, _| vouchers::voucher(book, voucher)).await
    }

    /// The vouchers that a query finds, as text for the clipboard.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn books_tsv(&self, id: &str, query: BooksQuery) -> Result<String, ErrorView> {
        self.may(Action::Books, None)?;
        let language = self.desk.preferences().language.into();
        self.look_into(id, move |book, drafted| Some(vouchers::tsv(book, drafted, &query, language))).await
    }

    /// The vouchers that a query finds, as a table on the disk; answers how many.
    ///
    /// # Errors
    /// `NotFound`, `ExportRefused`, or the work account.
    pub async fn books_csv(&self, id: &str, query: BooksQuery, to: PathBuf) -> Result<u32, ErrorView> {
        self.may(Action::Books, None)?;
        let language = self.desk.preferences().language.into();
        let written = self.look_into(id, move |book, drafted| {
            let write = || {
                let mut file = WholeFile::for_others(&to)?;
                let rows = vouchers::csv(book, drafted, &query, language, BufWriter::new(&mut file))?;
                file.finish()?;
                Ok::<_, std::io::Error>(rows)
            };
            Some(write())
        });
        written.await?.map_err(|error| problem::of(ErrorCode::ExportRefused, &error))
    }

    /// A question, opened.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn books_question(&self, id: &str, question: &str) -> Result<BooksQuestionView, ErrorView> {
        self.may(Action::Books, None)?;
        let (language, question) = (self.desk.preferences().language.into(), question.to_owned());
        self.look_into(id, move |book, drafted| questions::opened(book, drafted, &question, language)).await
    }

    /// Looks into a draft, on a thread that may be kept waiting.
    async fn look_into<T: Send + 'static>(
        &self,
        id: &str,
        look: impl FnOnce(&Book, &saft::Drafted) -> Option<T> + Send + 'static,
    ) -> Result<T, ErrorView> {
        let book = self.book(id, Action::Books)?;
        let looked = tokio::task::spawn_blocking(move || {
            let drafted = book.choice().drafted.clone()?;
            look(&book, &drafted)
        });
        looked.await.map_err(|error| problem::of(ErrorCode::Internal, &error))?.ok_or_else(gone)
    }

    /// Makes the return: an ordinary card, with what it was made of. A card that was made of the delivery before, and is
    /// not filed, goes.
    ///
    /// # Errors
    /// `NotFound`, `NotChecked` while questions are open that must be answered, or the work account.
    pub async fn make_return(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        let book = self.book(id, Action::MakeReturn)?;
        let (now, language) = (self.desk.clock.now(), self.desk.preferences().language.into());
        let key = id.to_owned();
        let made = tokio::task::spawn_blocking(move || {
            let (drafted, keep_file, before) = {
                let choice = book.choice();
                (choice.drafted.clone()?, choice.keep_file, choice.made.clone())
            };
            let making = drafting::making(&book, drafted.period, &drafted.answers);
            let built = books::build(&drafted.draft, &drafted.answers, &making);
            let (csv, html) = sheet::of(&book, &drafted, &book.files, now, language);
            let company = books::company(&book.ledger, &drafted.answers);
            let file_name = format!(
                "mva-melding {} {}.xml",
                company.org_number.unwrap_or_default(),
                drafted.period.in_words(vat_return::Language::Nb)
            );
            let origin = Origin {
                books: key,
                files: book.files.clone(),
                keep_file,
                vouchers: u32::try_from(drafted.vouchers()).unwrap_or(u32::MAX),
                answers: u32::try_from(drafted.answered.len()).unwrap_or(u32::MAX),
                made_at: now,
                csv,
                html,
                marks: marks(&drafted.draft, &book.ledger),
            };
            Some((built, origin, file_name, company.name, before, book))
        });
        let made = made.await.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let (built, origin, file_name, company, before, book) = made.ok_or_else(gone)?;
        let (xml, _) = built.map_err(|not_made| match not_made {
            books::NotMade::Open => problem::says(ErrorCode::NotChecked, "Questions are open that must be answered."),
            other => problem::says(ErrorCode::Internal, "The return could not be made.").detail(format!("{other:?}")),
        })?;
        if let Some(before) = before {
            let mut cards = self.desk.cards();
            cards.retain(|card| card.id != before || card.filing.is_some());
        }
        let found = FoundReturn::a_return(file_name, Some(company), xml.into_bytes().into());
        let opened = self.put_down(vec![found]).into_iter().next();
        let card = opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The return could not be opened."))?;
        let origin = Arc::new(origin);
        self.change_card(&card.id, |card| card.origin = Some(origin));
        book.choice().made = Some(card.id.clone());
        self.desk.tell_books();
        Ok(self.desk.one_card_view(&self.card(&card.id)?))
    }

    /// Answers that are remembered, by company and accounting system.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn books_memory(&self) -> Result<Vec<BooksMemory>, ErrorView> {
        self.may(Action::Books, None)?;
        let all = self.desk.db.read(|db| memory::all(db, self.desk.environment))?;
        let language = self.desk.preferences().language.into();
        let companies = self.desk.companies();
        let mut memories: Vec<BooksMemory> = Vec::new();
        for one in all.iter().filter(|one| self.desk.work.sees(&one.org_number)) {
            let view = one.view(language);
            match memories.last_mut().filter(|it| it.org_number == one.org_number && it.system == one.system) {
                Some(memory) => memory.answers.push(view),
                None => memories.push(BooksMemory {
                    org_number: one.org_number.clone(),
                    company: self.desk.company_name(&one.org_number, &companies),
                    system: one.system.clone(),
                    answers: vec![view],
                }),
            }
        }
        Ok(memories)
    }

    /// Forgets a remembered answer, or all of a company and its system.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn forget_books_answers(
        &self,
        org_number: &str,
        system: &str,
        question: Option<&str>,
    ) -> Result<Vec<BooksMemory>, ErrorView> {
        self.may(Action::AnswerBooks, Some(org_number))?;
        self.desk.db.write(|tx| memory::forget(tx, self.desk.environment, org_number, system, question))?;
        self.books_memory()
    }

    /// The remembered answers as JSON, to take along.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn books_memory_json(&self) -> Result<String, ErrorView> {
        self.may(Action::Books, None)?;
        let mut all = self.desk.db.read(|db| memory::all(db, self.desk.environment))?;
        all.retain(|one| self.desk.work.sees(&one.org_number));
        serde_json::to_string_pretty(&all).map_err(|error| problem::of(ErrorCode::Internal, &error))
    }

    fn delivery(&self, id: &str) -> Result<Arc<Delivery>, ErrorView> {
        self.desk.deliveries().into_iter().find(|delivery| delivery.id == id).ok_or_else(gone)
    }

    /// A delivery that was read, if this may be done with its company's.
    fn book(&self, id: &str, action: Action) -> Result<Arc<Book>, ErrorView> {
        self.may(action, None)?;
        let delivery = self.delivery(id)?;
        if let Some(company) = delivery.company() {
            self.may(action, Some(&company))?;
        }
        delivery.book().cloned().ok_or_else(gone)
    }
}
