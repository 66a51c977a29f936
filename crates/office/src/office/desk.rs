//! The desk: what lies open, and the telling of what changes. Shared by the office and the engine.

use std::{
    collections::HashMap,
    mem,
    ops::Deref,
    str::FromStr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use access::{session::Session, work::Work};
use filing::{
    archive::Archive,
    engine::Listener,
    filings::{self, Filing, RETURN},
    saft::Delivery,
};
use id_porten::Clock;
use store::database::{Database, DatabaseError};
use tokio::sync::{Notify, broadcast};
use vat_return::{Language, VatReturn, validation_result::ValidationResult};
use view::{
    BatchView, CardNote, EarlierView, EnvironmentName, FilingView, OfficeEvent, Preferences, ReturnCard, SessionView,
    ids::{CardId, FilingId},
    problem::Problem,
    texts::moment,
};

use crate::{
    batch::Batch,
    cards::{Card, OpenCards, difference_view},
    filing_view,
    parallel::side_by_side,
    register::Others,
};

/// What a desk is made with. It is read, and none of it is ever replaced.
pub(super) struct DeskParts {
    pub(super) db: Arc<Database>,
    pub(super) environment: EnvironmentName,
    pub(super) session: Session,
    pub(super) work: Work,
    pub(super) archive: Archive,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) events: broadcast::Sender<OfficeEvent>,
    /// Whether this desk has moved into an office register.
    pub(super) has_register: bool,
    /// The administrator lets a person file without it while it does not answer.
    pub(super) without_register: bool,
}

/// What lies open, and the telling of what changes. What changes is had by the functions below alone.
pub(super) struct Desk {
    parts: DeskParts,
    preferences: RwLock<Preferences>,
    cards: Mutex<OpenCards>,
    /// SAF-T deliveries that lie open.
    books: Mutex<Vec<Arc<Delivery>>>,
    /// What was closed last, to be opened again.
    closed: Mutex<Vec<Card>>,
    /// Held from looking at the cards until they have been told of, so that the last that is told is how they are.
    telling: Mutex<()>,
    batch: Mutex<Option<Batch>>,
    /// Told when the turn of a filing of the batch may have come.
    turns: Notify,
    /// The key of what the window shows, a card's or a draft's: files that are dropped go with it.
    aim: Mutex<Option<String>>,
    /// Returns that were delivered before, by their filing's number: corrections are compared with them.
    delivered: Mutex<HashMap<i64, Arc<VatReturn>>>,
    /// What the other desks do, as it was last seen.
    others: Mutex<Others>,
    /// Told when the office register is to be told something.
    outbox: Notify,
}

impl Deref for Desk {
    type Target = DeskParts;

    fn deref(&self) -> &DeskParts {
        &self.parts
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From how many cards on a list of them leaves out the lines of the returns: the window draws a table of them and asks
/// for the one that is opened.
const MANY: usize = 12;

impl Desk {
    /// A desk on which nothing lies.
    pub(super) fn new(parts: DeskParts, preferences: Preferences) -> Self {
        Self {
            parts,
            preferences: RwLock::new(preferences),
            cards: Mutex::default(),
            books: Mutex::default(),
            closed: Mutex::default(),
            telling: Mutex::default(),
            batch: Mutex::default(),
            turns: Notify::new(),
            aim: Mutex::default(),
            delivered: Mutex::default(),
            others: Mutex::default(),
            outbox: Notify::new(),
        }
    }

    pub(super) fn preferences(&self) -> Preferences {
        self.preferences.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes what the person has chosen; gives back what it was.
    pub(super) fn change_preferences(&self, change: impl FnOnce(&mut Preferences)) -> Preferences {
        let mut preferences = self.preferences.write().unwrap_or_else(PoisonError::into_inner);
        let before = preferences.clone();
        change(&mut preferences);
        before
    }

    pub(super) fn cards(&self) -> MutexGuard<'_, OpenCards> {
        locked(&self.cards)
    }

    /// The SAF-T deliveries that lie open, in order.
    pub(super) fn deliveries(&self) -> MutexGuard<'_, Vec<Arc<Delivery>>> {
        locked(&self.books)
    }

    /// Keeps what was closed last, and gives back what was kept before.
    pub(super) fn keep_closed(&self, cards: Vec<Card>) -> Vec<Card> {
        mem::replace(&mut *locked(&self.closed), cards)
    }

    /// What the other desks do, as it was last seen.
    pub(super) fn others(&self) -> MutexGuard<'_, Others> {
        locked(&self.others)
    }

    /// Says what the window shows.
    pub(super) fn take_aim(&self, at: Option<String>) {
        *locked(&self.aim) = at;
    }

    /// What the window shows, if it is of this kind.
    pub(super) fn aim<T: FromStr>(&self) -> Option<T> {
        locked(&self.aim).as_ref()?.parse().ok()
    }

    /// The turn of a filing of the batch may have come.
    pub(super) fn turns_may_have_come(&self) {
        self.turns.notify_one();
    }

    /// Until somebody says so.
    pub(super) async fn turns(&self) {
        self.turns.notified().await;
    }

    /// Until the office register is to be told something.
    pub(super) async fn something_to_tell(&self) {
        self.outbox.notified().await;
    }

    /// Every card as the window shows it, in order.
    pub(super) fn card_views(&self) -> Vec<ReturnCard> {
        self.views_of(&self.cards().clone(), &self.known_names())
    }

    /// The same of cards that are all there are, with the names of the companies that are known.
    pub(super) fn views_of(&self, cards: &OpenCards, names: &HashMap<String, String>) -> Vec<ReturnCard> {
        let brief = cards.len() > MANY;
        if self.work.is_locked() {
            return Vec::new();
        }
        // Another work account may have opened it.
        let seen = cards.iter().filter(|card| card.org_number().is_none_or(|company| self.work.sees(&company)));
        side_by_side(seen.collect(), |card| {
            let company = card.company.clone().or_else(|| card.org_number().and_then(|n| names.get(&n).cloned()));
            self.card_view(card, company, cards.twin_notes(card), brief)
        })
    }

    /// One card with everything.
    pub(super) fn one_card_view(&self, card: &Card) -> ReturnCard {
        self.published_card_view(card, false)
    }

    fn published_card_view(&self, card: &Card, brief: bool) -> ReturnCard {
        let twins = self.cards().twin_notes(card);
        let name = || self.company_name(&card.org_number()?, &self.companies());
        self.card_view(card, card.company.clone().or_else(name), twins, brief)
    }

    fn card_view(&self, card: &Card, company: Option<String>, twins: Vec<CardNote>, brief: bool) -> ReturnCard {
        let filing = card.filing.as_ref().and_then(|id| match self.filing_view(id) {
            Ok(view) => view,
            Err(error) => {
                tracing::error!(%error, "A card's filing could not be read.");
                None
            }
        });
        let mut notes: Vec<CardNote> =
            card.copies.iter().map(|file| CardNote::SameFile { file: file.clone() }).collect();
        notes.extend(twins);
        let others = self.notes_of_others(card);
        // What another desk has filed and stands is told instead of what was rejected here; its lines are not known.
        let stands_elsewhere = others.iter().any(CardNote::is_of_a_standing_return);
        notes.extend(card.earlier.clone().filter(|_| !stands_elsewhere));
        notes.extend(others);
        // A row of a table has no room for what a correction changes; the card that is opened has.
        let earlier = if brief || stands_elsewhere { Ok(None) } else { self.earlier(card) };
        let earlier = earlier.unwrap_or_else(|error| {
            tracing::error!(%error, "The version that was delivered before could not be read.");
            None
        });
        ReturnCard { notes, ..card.view(self.language(), company, filing, earlier, brief) }
    }

    /// The file of another return of a card's company, category and period that lies open unfiled.
    pub(super) fn twin(&self, card: &Card) -> Option<String> {
        self.cards().twins(card).next().map(|(_, file)| file.to_owned())
    }

    /// The version of a card's return that was delivered before, with what the card's changes.
    fn earlier(&self, card: &Card) -> Result<Option<EarlierView>, DatabaseError> {
        let Ok(content) = &card.content else { return Ok(None) };
        let Some(subject) = content.subject(self.environment) else { return Ok(None) };
        let found = self.db.read(|db| match &card.filing {
            Some(id) => match filings::find(db, self.environment, id)? {
                Some(filing) => filings::delivered_before(db, &filing),
                None => Ok(None),
            },
            None => filings::to_be_replaced(db, &subject),
        })?;
        let Some(filing) = found else { return Ok(None) };
        let Some(before) = self.delivered_return(filing.number)? else { return Ok(None) };
        Ok(Some(EarlierView {
            filing: filing.id.to_string(),
            delivered_at: moment(filing.delivered_at.unwrap_or(filing.begun_at)),
            filed_by: filing.filed_by,
            rejected: filing.state.is_rejected(),
            difference: difference_view(&before, &content.vat_return, self.language()),
        }))
    }

    /// A delivered return; read once, because every change of a card asks for it.
    pub(super) fn delivered_return(&self, number: i64) -> Result<Option<Arc<VatReturn>>, DatabaseError> {
        if let Some(known) = locked(&self.delivered).get(&number) {
            return Ok(Some(Arc::clone(known)));
        }
        let bytes = self.db.read(|db| filings::document(db, number, RETURN))?;
        let Some(read) = bytes.and_then(|bytes| vat_return::read(&bytes).ok()).map(Arc::new) else { return Ok(None) };
        locked(&self.delivered).insert(number, Arc::clone(&read));
        Ok(Some(read))
    }

    /// The turn to tell of cards.
    pub(super) fn publishing(&self) -> MutexGuard<'_, ()> {
        locked(&self.telling)
    }

    pub(super) fn publish_cards(&self) {
        let _turn = self.publishing();
        // Nobody may be listening, and that is well.
        let _ = self.events.send(OfficeEvent::Cards { cards: Arc::new(self.card_views()) });
    }

    /// Tells of one card only: with many of them, each is changed several times.
    pub(super) fn publish_card(&self, id: &CardId) {
        let _turn = self.publishing();
        let found = {
            let cards = self.cards();
            cards.find(id).cloned().map(|card| (card, cards.len() > MANY))
        };
        let Some((card, brief)) = found else { return };
        let _ = self.events.send(OfficeEvent::Card { card: Box::new(self.published_card_view(&card, brief)) });
    }

    pub(super) fn batch(&self) -> MutexGuard<'_, Option<Batch>> {
        locked(&self.batch)
    }

    pub(super) fn batch_view(&self) -> Option<BatchView> {
        if self.work.is_locked() {
            return None;
        }
        // Its numbers and sums are those of all its companies, and it is steered by who may file for them all.
        let batch = self.batch();
        let hers = batch.as_ref().filter(|batch| batch.is_all(|company| self.work.sees(company)));
        hers.map(|batch| batch.view(self.clock.now()))
    }

    pub(super) fn publish_batch(&self) {
        let _ = self.events.send(OfficeEvent::Batch { batch: self.batch_view().map(Box::new) });
    }

    /// The batch belongs to one person; without her it stands still.
    pub(super) fn follow_sign_in(&self) {
        let here = self.session.authorization().map(|authorization| authorization.id.to_string());
        let news = self.batch().as_mut().is_some_and(|batch| {
            let signed_in = here.as_deref() == Some(batch.kept.authorization.as_str());
            batch.set_signed_in(signed_in)
        });
        if news {
            self.publish_batch();
            self.turns.notify_one();
        }
    }

    pub(super) fn filing_view(&self, id: &FilingId) -> Result<Option<FilingView>, DatabaseError> {
        self.db.read(|db| match filings::find(db, self.environment, id)? {
            Some(filing) => filing_view::view(db, &filing, &self.archive, self.language()).map(Some),
            None => Ok(None),
        })
    }

    pub(super) fn view_of(&self, filing: &Filing) -> Result<FilingView, Problem> {
        Ok(self.db.read(|db| filing_view::view(db, filing, &self.archive, self.language()))?)
    }

    /// Who is signed in, as far as the work account may know it: nobody while the program is locked, and companies only
    /// that she may see.
    pub(super) fn shown_session(&self) -> Option<SessionView> {
        self.session.shown()
    }

    /// Whether a card may be shown.
    pub(super) fn shows(&self, card: &ReturnCard) -> bool {
        let company = card.content.as_ref().map(|content| content.org_number.as_str());
        company.is_none_or(|company| company.is_empty() || self.work.sees(company))
    }
}

impl Listener for Desk {
    fn changed(&self, filing: &Filing, refusal: Option<&ValidationResult>) {
        self.outbox.notify_one();
        if let Some(result) = refusal {
            let at = self.clock.now();
            let hers = |card: &&Card| card.filing.as_ref() == Some(&filing.id);
            let changed: Vec<CardId> = self.cards().iter().filter(hers).map(|card| card.id.clone()).collect();
            for id in &changed {
                self.cards().change(id, |card| card.check.authority = Some((at, result.clone())));
                self.publish_card(id);
            }
        }
        if self.batch().as_mut().is_some_and(|batch| batch.follow(filing)) {
            self.publish_batch();
            self.turns.notify_one();
        }
        match self.view_of(filing) {
            Ok(view) => {
                let _ = self.events.send(OfficeEvent::Filing { filing: Box::new(view) });
            }
            Err(error) => tracing::error!(?error, "A filing's change could not be told."),
        }
    }

    fn pausing(&self, filing: &FilingId, pausing: bool) {
        if self.batch().as_mut().is_some_and(|batch| batch.pausing(filing, pausing)) {
            self.turns.notify_one();
        }
    }

    fn uploading(&self, filing: &FilingId, done: u64, total: u64) {
        let bytes = |count| u32::try_from(count).unwrap_or(u32::MAX);
        let (done, total) = (bytes(done), bytes(total));
        let _ = self.events.send(OfficeEvent::Upload { filing: filing.to_string(), done, total });
    }

    fn language(&self) -> Language {
        self.preferences().language
    }
}
