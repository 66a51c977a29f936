//! SAF-T deliveries in the office: opened, chosen for, answered, made into returns.

use std::{
    io::BufWriter,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use access::work::rights::Action;
use disk::WholeFile;
use filing::saft::{
    self, Book, Delivery, File, MadeOf, Origin, Place, SAMPLES, StoredAnswers, drafting, gone, memory, questions,
    vouchers,
};
use saf_t::Limits;
use store::database::DatabaseError;
use vat_return::{Category, PeriodKind};
use view::{
    BooksMemory, BooksPage, BooksQuery, BooksQuestionView, BooksSample, BooksView, BooksVoucher, CategoryName,
    ErrorCode, PeriodKindName, ReturnCard,
    ids::DeliveryId,
    problem::{self, Problem},
};

use super::returns::card_key;
use super::{
    deliveries::{joined, lacks, memory_key, read},
    desk::Desk,
    gate::{NoPermitNeeded, Permit},
    parts::Books,
    refusal::Refusal,
};
use crate::cards::ReadFile;

impl Books<'_> {
    /// The SAF-T deliveries that lie open.
    ///
    /// # Errors
    /// The work account.
    pub fn list(self) -> Result<Vec<BooksView>, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        Ok(permit.desk.books_views())
    }

    /// Opens SAF-T files: those of one company are one delivery. A delivery that lies open and lacks a part, or days, takes
    /// what is brought for the same company. Reading goes on by itself, and is told of.
    ///
    /// # Errors
    /// The work account.
    pub async fn open(self, paths: Vec<PathBuf>) -> Result<(), Problem> {
        let permit = self.0.may(Action::OpenPaths, None)?;
        permit.read_books(paths.into_iter().map(File::at).collect(), None).await
    }

    /// Adds files to a delivery that lies open.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn add(self, id: &str, paths: Vec<PathBuf>) -> Result<(), Problem> {
        let permit = self.0.may(Action::OpenPaths, None)?;
        let delivery = permit.delivery(id)?;
        permit.read_books(paths.into_iter().map(File::at).collect(), Some(delivery)).await
    }

    /// The sample SAF-T files of practice; none elsewhere.
    #[must_use]
    pub fn samples(self) -> Vec<BooksSample> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let language = permit.desk.preferences().language;
        let view = |sample: &saft::Sample| BooksSample {
            id: sample.id.to_owned(),
            company: sample.company.to_owned(),
            about: sample.about(language).to_owned(),
        };
        if permit.may(Action::OpenSample, None).is_err() { Vec::new() } else { SAMPLES.iter().map(view).collect() }
    }

    /// Opens a sample SAF-T file.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn open_sample(self, id: &str) -> Result<(), Problem> {
        let permit = self.0.may(Action::OpenSample, None)?;
        let sample = SAMPLES.iter().find(|sample| sample.id == id);
        let sample = sample.ok_or(Refusal::NoSample)?;
        let bytes = sample.bytes();
        let file =
            File { name: sample.file_name(), size: bytes.len() as u64, place: Place::Bytes(bytes), sha256: None };
        permit.read_books(vec![file], None).await
    }

    /// Reads deliveries of several companies as one: they are registered for VAT together.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn join(self, ids: &[String]) -> Result<(), Problem> {
        let permit = self.0.may(Action::AnswerBooks, None)?;
        let mut deliveries = Vec::new();
        for id in ids {
            deliveries.push(permit.delivery(id)?);
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
            head: None,
            done: AtomicU64::new(0),
            total: deliveries.iter().map(|delivery| delivery.total).sum(),
            stop: AtomicBool::new(false),
            outcome: OnceLock::new(),
        });
        {
            let mut open = permit.desk.deliveries();
            open.retain(|known| !rest.iter().any(|gone| gone.id == known.id));
            if let Some(place) = open.iter_mut().find(|known| known.id == first.id) {
                *place = Arc::clone(&joint);
            }
        }
        permit.desk.publish_books();
        let desk = Arc::clone(&permit.desk);
        tokio::task::spawn_blocking(move || read(&desk, &joint));
        Ok(())
    }

    /// Puts a delivery away, or breaks its reading off. Its files are not touched.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn close(self, id: &str) -> Result<(), Problem> {
        let permit = self.0.may(Action::CloseCard, None)?;
        let closed = {
            let mut open = permit.desk.deliveries();
            let id: DeliveryId = id.parse().map_err(|_| gone())?;
            open.iter().position(|known| known.id == id).map(|at| open.remove(at))
        };
        let closed = closed.ok_or_else(gone)?;
        closed.stop.store(true, Ordering::Relaxed);
        permit.desk.publish_books();
        Ok(())
    }

    /// Chooses the period, how long periods are, the category, and whether the file is kept with the filing.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn choose(
        self,
        id: &str,
        period: Option<String>,
        kind: PeriodKindName,
        category: CategoryName,
        keep_file: bool,
    ) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        permit
            .change_books(id, Action::AnswerBooks, move |desk, book| {
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
    pub async fn answer(self, id: &str, question: &str, answer: Option<String>, remember: bool) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let question = question.to_owned();
        let now = permit.desk.clock.now();
        permit
            .change_books(id, Action::AnswerBooks, move |desk, book| {
                let (company, system) = memory_key(book);
                let (period, lasting, keys) = {
                    let choice = book.choice();
                    let asked = choice.drafted.as_ref().and_then(|drafted| drafted.question(&question).cloned());
                    let lasting = asked.as_ref().and_then(|asked| questions::lasting_id(book, asked));
                    let keys = asked.map_or_else(|| vec![question.clone()], |it| it.kept_under(&book.ledger));
                    (choice.period.map(drafting::key_of), lasting, keys)
                };
                drafting::answer(book, &question, answer.as_deref());
                let keep = |question: String, period: Option<String>, answer: String| StoredAnswers {
                    org_number: company.clone(),
                    system: system.clone(),
                    question,
                    period,
                    answer,
                };
                let answer = answer.unwrap_or_default();
                let each = keys.into_iter().map(|key| keep(key, period.clone(), answer.clone()));
                let mut kept: Vec<StoredAnswers> = each.collect();
                if let Some(lasting) = lasting.filter(|_| remember || answer.is_empty()) {
                    if answer.is_empty() && lasting != question {
                        drafting::answer(book, &lasting, None);
                    }
                    kept.push(keep(lasting, None, answer));
                }
                let written =
                    desk.db.write(|tx| kept.iter().try_for_each(|one| memory::keep(tx, desk.environment, one, now)));
                if let Err::<(), DatabaseError>(error) = written {
                    tracing::error!(%error, "An answer could not be kept.");
                }
            })
            .await
    }

    /// Some of the vouchers behind a line.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn vouchers(self, id: &str, query: BooksQuery, from: u32, count: u32) -> Result<BooksPage, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        permit.look_into(id, move |book, drafted| Some(vouchers::page(book, drafted, &query, from, count))).await
    }

    /// A voucher with all its lines.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn voucher(self, id: &str, voucher: u32) -> Result<BooksVoucher, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        permit.look_into(id, move |book, _| vouchers::voucher(book, voucher)).await
    }

    /// The vouchers that a query finds, as text for the clipboard.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn tsv(self, id: &str, query: BooksQuery) -> Result<String, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        let language = permit.desk.preferences().language;
        permit
            .look_into(id, move |book, drafted| {
                book.wait_for_texts();
                Some(vouchers::tsv(book, drafted, &query, language))
            })
            .await
    }

    /// The vouchers that a query finds, as a table on the disk; answers how many.
    ///
    /// # Errors
    /// `NotFound`, `ExportRefused`, or the work account.
    pub async fn csv(self, id: &str, query: BooksQuery, to: PathBuf) -> Result<u32, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        let language = permit.desk.preferences().language;
        let written = permit.look_into(id, move |book, drafted| {
            book.wait_for_texts();
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
    pub async fn question(self, id: &str, question: &str) -> Result<BooksQuestionView, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        let (language, question) = (permit.desk.preferences().language, question.to_owned());
        permit.look_into(id, move |book, drafted| questions::opened(book, drafted, &question, language)).await
    }

    /// Makes the return: an ordinary card, with what it was made of. A card that was made of the delivery before, and is
    /// not filed, goes.
    ///
    /// # Errors
    /// `NotFound`, `NotChecked` while questions are open that must be answered, or the work account.
    pub async fn make_return(self, id: &str) -> Result<ReturnCard, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let book = permit.book(id, Action::MakeReturn)?;
        let (now, language) = (permit.desk.clock.now(), permit.desk.preferences().language);
        let key = id.to_owned();
        let made = tokio::task::spawn_blocking(move || {
            let (drafted, keep_file, before) = {
                let choice = book.choice();
                (choice.drafted.clone()?, choice.keep_file, choice.made.clone())
            };
            let making = drafting::making(&book, drafted.period, &drafted.answers);
            let built = books::build(&drafted.draft, &drafted.answers, &making);
            let company = books::company(&book.ledger, &drafted.answers);
            let file_name = format!(
                "mva-melding {} {}.xml",
                company.org_number.unwrap_or_default(),
                drafted.period.in_words(vat_return::Language::Nb)
            );
            let origin = Origin::of(Some(key), &book, &drafted, keep_file, now, language);
            Some((built, origin, file_name, company.name, before, book))
        });
        let made = made.await.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let (built, origin, file_name, company, before, book) = made.ok_or_else(gone)?;
        let (xml, _) = built.map_err(|not_made| match not_made {
            books::NotMade::Open => Refusal::QuestionsOpen,
            other => Refusal::ReturnNotMade { why: other.to_string() },
        })?;
        if let Some(before) = before {
            let gone = permit.desk.cards().take(|card| card.id == before && card.filing.is_none());
            permit.throw_away(&gone, true);
        }
        let found = ReadFile::a_return(file_name, Some(company), xml.into_bytes().into());
        let opened = permit.add_cards(vec![found]).into_iter().next();
        let card = opened.ok_or(Refusal::ReturnNotOpened)?;
        let origin = Arc::new(origin);
        let key = card_key(&card.id)?;
        permit.change_card(&key, |card| card.origin = Some(origin));
        permit.store_opened(std::slice::from_ref(&card.id));
        book.choice().made = Some(key.clone());
        permit.desk.publish_books();
        Ok(permit.desk.one_card_view(&permit.card(&key)?))
    }

    /// Says of a return that lies open what it was made of: a filing of it keeps the reconciliation.
    ///
    /// # Errors
    /// `NotFound`, or the work account.
    pub async fn made_of(self, card: &str, made: MadeOf) -> Result<(), Problem> {
        let (permit, card) = self.0.card_for(card, Action::MakeReturn)?;
        let (now, language) = (permit.desk.clock.now(), permit.desk.preferences().language);
        let origin = tokio::task::spawn_blocking(move || Origin::of_files(made, now, language)).await;
        let origin = Arc::new(origin.map_err(|error| problem::of(ErrorCode::Internal, &error))?);
        permit.change_card(&card.id, |card| card.origin = Some(origin));
        Ok(())
    }

    /// Answers that are remembered, by company and accounting system.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn memory(self) -> Result<Vec<BooksMemory>, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        let all = permit.desk.db.read(|db| memory::all(db, permit.desk.environment))?;
        let language = permit.desk.preferences().language;
        let companies = permit.desk.companies();
        let mut memories: Vec<BooksMemory> = Vec::new();
        for one in all.iter().filter(|one| permit.desk.work.sees(&one.org_number)) {
            let view = one.view(language);
            match memories.last_mut().filter(|it| it.org_number == one.org_number && it.system == one.system) {
                Some(memory) => memory.answers.push(view),
                None => memories.push(BooksMemory {
                    org_number: one.org_number.clone(),
                    company: permit.desk.company_name(&one.org_number, &companies),
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
    pub fn forget_answers(
        self,
        org_number: &str,
        system: &str,
        question: Option<&str>,
    ) -> Result<Vec<BooksMemory>, Problem> {
        let permit = self.0.may(Action::AnswerBooks, Some(org_number))?;
        permit.desk.db.write(|tx| memory::forget(tx, permit.desk.environment, org_number, system, question))?;
        self.memory()
    }

    /// The remembered answers as JSON, to take along.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn memory_json(self) -> Result<String, Problem> {
        let permit = self.0.may(Action::Books, None)?;
        let mut all = permit.desk.db.read(|db| memory::all(db, permit.desk.environment))?;
        all.retain(|one| permit.desk.work.sees(&one.org_number));
        serde_json::to_string_pretty(&all).map_err(|error| problem::of(ErrorCode::Internal, &error))
    }
}

impl Permit<'_> {
    async fn read_books(self, files: Vec<File>, onto: Option<Arc<Delivery>>) -> Result<(), Problem> {
        let (random, clock) = (Arc::clone(&self.random), Arc::clone(&self.desk.clock));
        let key = move || super::key(random.as_ref(), clock.as_ref()).into();
        let split = tokio::task::spawn_blocking(move || saft::split(files, key)).await;
        let found = split.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let mut begun = Vec::new();
        {
            let mut open = self.desk.deliveries();
            for delivery in found {
                if let Some(Err(refused)) = delivery.company().map(|it| self.may(Action::OpenPaths, Some(&it))) {
                    tracing::warn!(code = ?refused.code, "A SAF-T file is of a company that may not be seen.");
                    continue;
                }
                let refused = delivery.outcome.get().is_some();
                let same = |known: &&Arc<Delivery>| delivery.head.is_some() && known.head == delivery.head;
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
        self.desk.publish_books();
        for delivery in begun {
            let desk = Arc::clone(&self.desk);
            tokio::task::spawn_blocking(move || read(&desk, &delivery));
        }
        Ok(())
    }

    async fn change_books(
        self,
        id: &str,
        action: Action,
        change: impl FnOnce(&Desk, &Book) + Send + 'static,
    ) -> Result<(), Problem> {
        let book = self.book(id, action)?;
        let desk = Arc::clone(&self.desk);
        let changed = tokio::task::spawn_blocking(move || {
            change(&desk, &book);
            desk.publish_books();
        });
        changed.await.map_err(|error| problem::of(ErrorCode::Internal, &error))
    }

    /// Looks into a draft, on a thread that may be kept waiting.
    async fn look_into<T: Send + 'static>(
        self,
        id: &str,
        look: impl FnOnce(&Book, &saft::Drafted) -> Option<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let book = self.book(id, Action::Books)?;
        let looked = tokio::task::spawn_blocking(move || {
            let drafted = book.choice().drafted.clone()?;
            look(&book, &drafted)
        });
        looked.await.map_err(|error| problem::of(ErrorCode::Internal, &error))?.ok_or_else(gone)
    }

    fn delivery(self, id: &str) -> Result<Arc<Delivery>, Problem> {
        let id: DeliveryId = id.parse().map_err(|_| gone())?;
        self.desk.deliveries().iter().find(|delivery| delivery.id == id).cloned().ok_or_else(gone)
    }

    /// A delivery that was read, if this may be done with its company's.
    fn book(self, id: &str, action: Action) -> Result<Arc<Book>, Problem> {
        self.may(action, None)?;
        let delivery = self.delivery(id)?;
        if let Some(company) = delivery.company() {
            self.may(action, Some(&company))?;
        }
        delivery.book().cloned().ok_or_else(gone)
    }
}
