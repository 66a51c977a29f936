//! The SAF-T deliveries that lie open on the desk: read, drafted, told of.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Instant,
};

use books::Answers;
use filing::{
    filings::{self, Filing},
    saft::{self, Book, Delivery, Surroundings, drafting, memory},
};
use reminders::deadlines;
use store::database::columns::word;
use vat_return::{Category, Period, PeriodKind};
use view::{BooksView, OfficeEvent, ids::CardId, texts::norwegian_date};

use super::desk::Desk;

/// Milliseconds between two words about how far the reading has come.
const TOLD_EVERY: u128 = 150;

impl Desk {
    /// Every delivery as the window shows it, of companies that the work account may see.
    pub(super) fn books_views(&self) -> Vec<BooksView> {
        if self.work.is_locked() {
            return Vec::new();
        }
        let session = self.session.view();
        let person = session.as_ref().and_then(|session| session.name.clone());
        let companies = session.map(|session| session.companies.into_iter().map(|it| it.org_number).collect());
        let has_card = |id: &CardId| self.cards().find(id).is_some_and(|card| card.filing.is_none());
        let filed = |company: &str| self.filed_by(company);
        let db = |read: &mut dyn FnMut(&rusqlite::Connection)| {
            let _: Result<(), rusqlite::Error> = self.db.read(|db| {
                read(db);
                Ok(())
            });
        };
        let around = Surroundings {
            language: self.preferences().language,
            today: norwegian_date(self.clock.now()),
            person,
            companies,
            has_card: &has_card,
            filed: &filed,
            db: &db,
        };
        let seen = |delivery: &Arc<Delivery>| delivery.company().is_none_or(|company| self.work.sees(&company));
        let open = self.deliveries().clone();
        open.iter().filter(|delivery| seen(delivery)).map(|delivery| delivery.view(&around)).collect()
    }

    pub(super) fn publish_books(&self) {
        let _ = self.events.send(OfficeEvent::Books { books: Arc::new(self.books_views()) });
    }

    /// What a company has delivered, in every category.
    pub(super) fn filed_by(&self, company: &str) -> Vec<Filing> {
        let read = self.db.read(|db| {
            filings::many(
                db,
                "environment = ?1 AND org_number = ?2 AND delivered = 'yes'",
                rusqlite::params![word(&self.environment), company],
            )
        });
        read.unwrap_or_else(|error| {
            tracing::error!(%error, "What a company has filed could not be read.");
            Vec::new()
        })
    }

    /// How long a company's periods are and what its returns are for: as its newest return has it, else as it is followed.
    pub(super) fn learnt_of(&self, company: &str) -> Option<(PeriodKind, Category)> {
        let filed = self.filed_by(company);
        let newest = filed.iter().max_by_key(|filing| filing.subject.period.last_day());
        let by_return = newest.map(|filing| (filing.subject.period.kind, filing.subject.category));
        by_return.or_else(|| {
            let duties = self.db.read(|db| deadlines::duties_of(db, self.environment)).unwrap_or_default();
            duties
                .into_iter()
                .find(|(number, ..)| number.as_str() == company)
                .map(|(_, kind, category)| (kind, category))
        })
    }

    pub(super) fn remembered(&self, book: &Book, period: Option<Period>) -> Answers {
        let (company, system) = memory_key(book);
        let period = period.map(drafting::key_of);
        let read = self.db.read(|db| memory::answers(db, self.environment, &company, &system, period.as_deref()));
        read.unwrap_or_else(|error| {
            tracing::error!(%error, "Remembered answers could not be read.");
            Answers::new()
        })
    }

    /// Makes the draft of a delivery that has just been read, with what is known of the company.
    pub(super) fn prepare(&self, book: &Book) {
        let company = book.org_number();
        let learnt = company.as_deref().and_then(|company| self.learnt_of(company));
        drafting::learn(book, learnt, self.remembered(book, None));
        self.choose(book);
        let period = book.choice().period;
        let of_period = self.remembered(book, period);
        if of_period != book.choice().answers {
            drafting::learn(book, None, of_period);
            self.choose(book);
        }
    }

    pub(super) fn choose(&self, book: &Book) {
        let filed = book.org_number().map(|company| self.filed_by(&company)).unwrap_or_default();
        let is_filed = |period: Period, category: Category| {
            filed
                .iter()
                .any(|it| it.subject.period == period && it.subject.category == category && it.state.counts_as_filed())
        };
        drafting::choose(book, norwegian_date(self.clock.now()), &is_filed);
    }
}

/// What answers are kept under: the number, or the name where there is none; and the accounting system.
pub(super) fn memory_key(book: &Book) -> (String, String) {
    let company = books::company(&book.ledger, &Answers::new());
    (company.org_number.unwrap_or(company.name), book.system())
}

/// Whether a delivery waits for more: a part, or days.
pub(super) fn lacks(delivery: &Delivery) -> bool {
    let Some(book) = delivery.book() else { return false };
    let choice = book.choice();
    choice.drafted.as_ref().is_some_and(|drafted| {
        drafted.draft.questions.iter().any(|question| {
            matches!(question.kind, books::QuestionKind::MissingPart | books::QuestionKind::PeriodIncomplete)
        })
    })
}

/// What lay open, and what has come.
pub(super) fn joined(before: &Delivery, new: Delivery) -> Delivery {
    let mut files = before.files.clone();
    for file in new.files {
        if !files.iter().any(|known| known.is_same_place(&file)) {
            files.push(file);
        }
    }
    Delivery { total: before.total + new.total, files, limits: before.limits.clone(), head: before.head.clone(), ..new }
}

/// Reads a delivery to its end, and tells of it on the way.
pub(super) fn read(desk: &Arc<Desk>, delivery: &Arc<Delivery>) {
    let last = Mutex::new(Instant::now());
    let told = || {
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.elapsed().as_millis() >= TOLD_EVERY {
            *last = Instant::now();
            desk.publish_books();
        }
    };
    saft::read(delivery, desk.clock.now(), &told, &|book| desk.prepare(book));
    desk.publish_books();
    saft::read_its_texts(delivery);
    desk.publish_books();
}
