//! Returns on the desk: opened, checked, put away.

use std::{
    collections::{HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use access::{session::CallError, work::rights::Action};
use bytes::Bytes;
use filing::{
    engine::{Listener as _, shown_of_check},
    saft,
};
use futures_util::{StreamExt as _, stream};
use shown::Shown;
use uuid::Uuid;
use vat_return::{VatReturn, samples};
use view::{ErrorCode, NeighbourName, OfficeEvent, PassedView, ReturnCard, ids::CardId, problem::Problem};

use super::{
    Office,
    desk::Desk,
    gate::{NoPermitNeeded, Permit},
    parts::Returns,
    refusal::Refusal,
};
use crate::cards::{Brought, Card, Dropped, ReadFile, open_all, read_alone, read_paths};

/// What was opened.
#[derive(Debug, Clone, Default)]
pub struct OpenedReturns {
    /// The returns, what cannot be read, and what was left out: whatever needs a word.
    pub cards: Vec<ReturnCard>,
    /// What was passed by.
    pub passed: PassedView,
}

impl Office {
    /// A card, if this may be done with its company's; what is no return is nobody's.
    pub(super) fn card_for(&self, id: &str, action: Action) -> Result<Card, Problem> {
        self.may(action, None)?;
        let card = self.card(&card_key(id)?)?;
        if let Some(company) = card.org_number() {
            self.may(action, Some(&company))?;
        }
        Ok(card)
    }

    pub(super) fn card(&self, id: &CardId) -> Result<Card, Problem> {
        self.desk.cards().find(id).cloned().ok_or_else(no_card)
    }

    /// A new key, for a card or a filing.
    pub(super) fn key(&self) -> Uuid {
        super::key(self.random.as_ref(), self.desk.clock.as_ref())
    }
}

impl Returns<'_> {
    /// Opens files and folders; whatever cannot be read is a card that says why. A return that lies open already, byte
    /// for byte, is not opened twice.
    ///
    /// What may go with a return is told from the content: with no return beside it, it goes on the card that is shown
    /// ([`Returns::aim`]); with one return beside it, on that one's, but for XML, which somebody may have taken for a
    /// return. What has no card to go on is a card that says so.
    pub async fn open_paths(self, paths: Vec<PathBuf>) -> Vec<ReturnCard> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        permit.open_all(paths, None).await.cards
    }

    /// The same, with what was passed by: hidden files, files that are no returns, and what was left out.
    pub async fn open_counted(self, paths: Vec<PathBuf>) -> OpenedReturns {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        permit.open_all(paths, None).await
    }

    /// The same for files that were let go on one of several returns: attachments go on that one.
    ///
    /// SAF-T files among them, and packed files of them, become deliveries ([`Books::list`]) and no cards.
    ///
    /// What is opened so is kept until it is filed or thrown away.
    pub async fn open_dropped(self, paths: Vec<PathBuf>, card: Option<String>) -> Vec<ReturnCard> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let opened = permit.open_sorted(paths, card).await;
        permit.store_opened(&opened.iter().map(|card| card.id.clone()).collect::<Vec<_>>());
        opened
    }

    /// Opens a sample return that the program carries.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn open_sample(self, id: &str) -> Result<ReturnCard, Problem> {
        let permit = self.0.may(Action::OpenSample, None)?;
        let sample = samples::by_id(id).ok_or(Refusal::NoSample)?;
        let found = ReadFile::a_return(sample.file_name(), Desk::sample_company(id), Bytes::from_static(sample.bytes));
        let opened = permit.add_cards(vec![found]).into_iter().next();
        Ok(opened.ok_or(Refusal::SampleNotOpened)?)
    }

    /// A return that lies open, with everything.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn card_view(self, id: &str) -> Result<ReturnCard, Problem> {
        let (permit, card) = self.0.card_for(id, Action::CardView)?;
        Ok(permit.desk.one_card_view(&card))
    }

    /// Asks Skatteetaten about many returns, a few at a time; each answer comes as an event. Ends early when nobody is
    /// signed in any more, or when `stop_checking` is called.
    ///
    /// # Errors
    /// `NeedsSignIn`. What kept the authority from answering about one return is shown on its card.
    pub async fn check_all(self, ids: &[String]) -> Result<(), Problem> {
        let permit = self.0.may(Action::CheckAll, None)?;
        let over = AtomicBool::new(false);
        let wished = permit.checking.load(Ordering::SeqCst);
        let ended = || over.load(Ordering::SeqCst) || permit.checking.load(Ordering::SeqCst) != wished;
        let (over_now, ended) = (&over, &ended);
        let checks = stream::iter(ids.to_vec()).for_each_concurrent(permit.engine.places(), |id| async move {
            if ended() {
                return;
            }
            if let Err(error) = self.check(&id).await
                && error.code == ErrorCode::NeedsSignIn
            {
                over_now.store(true, Ordering::SeqCst);
            }
        });
        checks.await;
        if over.load(Ordering::SeqCst) { Err(needs_sign_in()) } else { Ok(()) }
    }

    /// Asks about no more returns; what is being asked is answered.
    pub fn stop_checking(self) {
        let Ok(permit) = self.0.may(Action::StopChecking, None) else {
            return;
        };
        permit.checking.fetch_add(1, Ordering::SeqCst);
    }

    /// Puts a return away. Its file is not touched, and a filing that it has become goes on.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn close_card(self, id: &str) -> Result<(), Problem> {
        let permit = self.0.may(Action::CloseCard, None)?;
        let Some(closed) = permit.desk.cards().remove(&card_key(id)?) else { return Err(no_card()) };
        permit.throw_away(std::slice::from_ref(&closed), true);
        permit.keep_for_undo(vec![closed]);
        permit.desk.publish_cards();
        Ok(())
    }

    /// Opens what was closed last again, as it was: with what the checks found and its attachments.
    ///
    /// # Errors
    /// The refusal of the work account.
    pub fn reopen_cards(self) -> Result<(), Problem> {
        let permit = self.0.may(Action::ReopenCards, None)?;
        let back = permit.desk.keep_closed(Vec::new());
        permit.throw_away(&back, false);
        let mut cards = permit.desk.cards();
        back.into_iter().for_each(|card| cards.push(card));
        drop(cards);
        permit.desk.publish_cards();
        Ok(())
    }

    /// Puts many returns away; those that are not open any more are none the worse for it.
    pub fn close_cards(self, ids: &[String]) {
        let Ok(permit) = self.0.may(Action::CloseCards, None) else {
            return;
        };
        let ids: HashSet<CardId> = ids.iter().filter_map(|id| id.parse().ok()).collect();
        let closed = permit.desk.cards().take(|card| ids.contains(&card.id));
        permit.throw_away(&closed, true);
        permit.keep_for_undo(closed);
        permit.desk.publish_cards();
    }

    /// Asks Skatteetaten what it finds, with the person's ID-porten token, and puts it beside our own findings. Delivers
    /// nothing.
    ///
    /// # Errors
    /// `NotFound`, the reason why the file is no return, `NeedsSignIn`, or what kept the authority from answering; the
    /// card shows that too.
    pub async fn check(self, id: &str) -> Result<ReturnCard, Problem> {
        let (permit, card) = self.0.card_for(id, Action::CheckReturn)?;
        let key = card.id;
        let content = card.content?;
        let Some(person) = permit.desk.session.authorization() else {
            let view = needs_sign_in();
            permit.change_card(&key, |card| card.check.problem = Some(view.clone()));
            return Err(view);
        };
        permit.change_card(&key, |card| {
            card.check.running = true;
            card.check.problem = None;
        });
        let (client, bytes) = (permit.client.clone(), content.bytes);
        let pace = permit.pace;
        let mut retries = pace.retries();
        let answer = loop {
            let call = |token| {
                let (client, bytes) = (client.clone(), bytes.clone());
                async move { client.validate(&token, bytes).await }
            };
            let answer = permit.desk.session.with_id_porten(&person.id, call).await;
            // It delivers nothing and may be asked again; a person is waiting, so not for long.
            let asked = match &answer {
                Err(CallError::Api(error)) if error.is_transient() => {
                    error.retry_after().map(|after| after.wait(permit.desk.clock.now())).unwrap_or_default()
                }
                _ => break answer,
            };
            let wait = retries.next().unwrap_or(pace.retry_longest).max(asked);
            if wait >= pace.shown_from {
                break answer;
            }
            tokio::time::sleep(wait).await;
        };
        let at = permit.desk.clock.now();
        let problem = answer.as_ref().err().map(shown);
        permit.change_card(&key, |card| {
            card.check.running = false;
            card.check.problem.clone_from(&problem);
            if let Ok(result) = answer {
                card.check.authority = Some((at, result));
            }
        });
        match problem {
            Some(problem) => Err(problem),
            None => Ok(permit.desk.one_card_view(&permit.card(&key)?)),
        }
    }
}

impl Permit<'_> {
    async fn open_sorted(self, paths: Vec<PathBuf>, card: Option<String>) -> Vec<ReturnCard> {
        let found = match tokio::task::spawn_blocking(move || saft::sorted(paths)).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "Files could not be looked at.");
                return Vec::new();
            }
        };
        if found.saft.is_empty() {
            let OpenedReturns { cards, passed } = self.open_all(found.others, card).await;
            self.publish_passed(passed);
            return cards;
        }
        let taken =
            found.saft.iter().filter(|file| found.folders.iter().any(|folder| file.starts_with(folder))).count();
        let deliveries = found.saft.clone();
        if let Err(refused) = self.books().open(found.saft).await {
            tracing::warn!(code = ?refused.code, "SAF-T files were dropped, and may not be opened.");
        }
        if found.others.is_empty() {
            return Vec::new();
        }
        let OpenedReturns { cards: opened, mut passed } = self.open_all(found.others, card).await;
        // What has become a delivery is none of the other files.
        passed.others = passed.others.saturating_sub(u32::try_from(taken).unwrap_or(u32::MAX));
        passed.named.retain(|other| !deliveries.iter().any(|file| file.ends_with(&other.file)));
        self.publish_passed(passed);
        // A folder that held SAF-T files and no return has brought something.
        let empty: Vec<String> = opened
            .iter()
            .filter(|card| card.neighbour.as_ref().is_some_and(|it| it.kind == NeighbourName::SafTFinancial))
            .map(|card| card.id.clone())
            .collect();
        if !found.folders.is_empty() && !empty.is_empty() {
            self.returns().close_cards(&empty);
        }
        opened.into_iter().filter(|card| !empty.contains(&card.id)).collect()
    }

    /// Tells the window how much of what was opened has no card to say so.
    fn publish_passed(self, passed: PassedView) {
        if passed.hidden > 0 || passed.others > 0 {
            let _ = self.desk.events.send(OfficeEvent::Passed { passed });
        }
    }

    async fn open_all(self, paths: Vec<PathBuf>, card: Option<String>) -> OpenedReturns {
        if self.may(Action::OpenPaths, None).is_err() {
            return OpenedReturns::default();
        }
        let language = self.desk.language();
        // Disks and network shares may keep one waiting.
        let read = tokio::task::spawn_blocking(move || read_paths(&paths, language)).await;
        let Brought { items: dropped, passed } = match read {
            Ok(brought) => brought,
            Err(error) => {
                tracing::error!(%error, "Files could not be read.");
                Brought::default()
            }
        };
        let returns = dropped.iter().filter(|it| matches!(it, Dropped::Return(_))).count();
        let draft = if returns == 0 { self.aimed_draft() } else { None };
        let aimed = if returns == 0 && draft.is_none() { self.aimed(card.as_deref()) } else { None };
        let mut found = Vec::new();
        let mut attachments = Vec::new();
        for item in dropped {
            match item {
                Dropped::Return(it) => found.push(it),
                // A table that is dropped on a draft is looked at: its lines may be meant.
                Dropped::Attachment { path, xml: false } if draft.is_some() && !is_table(&path) => {
                    attachments.push(path)
                }
                Dropped::Attachment { path, .. } if aimed.is_some() => attachments.push(path),
                Dropped::Attachment { path, xml: false } if returns == 1 => attachments.push(path),
                Dropped::Attachment { path, .. } => {
                    match tokio::task::spawn_blocking(move || read_alone(&path, language)).await {
                        Ok(it) => found.push(it),
                        Err(error) => tracing::error!(%error, "A file could not be read."),
                    }
                }
            }
        }
        let mut opened = self.add_cards(found);
        let target =
            aimed.or_else(|| opened.iter().find(|card| card.content.is_some()).and_then(|card| card.id.parse().ok()));
        if attachments.is_empty() {
            return OpenedReturns { cards: opened, passed };
        }
        if let Some(draft) = draft {
            match self.drafts().attach(&draft.to_string(), attachments).await {
                Ok(_) => {}
                Err(error) => tracing::warn!(code = ?error.code, "A file was dropped on a draft, and cannot be taken."),
            }
            let _ = self.desk.events.send(OfficeEvent::Drafts);
            return OpenedReturns { cards: opened, passed };
        }
        match target {
            Some(target) => match self.returns().attach(&target.to_string(), attachments).await {
                Ok(card) => {
                    opened.retain(|it| it.id != card.id);
                    opened.push(card);
                }
                Err(error) => tracing::warn!(code = ?error.code, "Attachments were dropped, and cannot be taken."),
            },
            // The one return beside them cannot be read.
            None => {
                let alone = tokio::task::spawn_blocking(move || {
                    attachments.iter().map(|it| read_alone(it, language)).collect()
                });
                opened.extend(self.add_cards(alone.await.unwrap_or_default()));
            }
        }
        OpenedReturns { cards: opened, passed }
    }

    pub(super) fn add_cards(self, found: Vec<ReadFile>) -> Vec<ReturnCard> {
        let at = self.desk.clock.now();
        let named = |found: ReadFile| ReadFile { file_name: Shown::line(&found.file_name).into(), ..found };
        let mut new = open_all(found.into_iter().map(|found| (self.key().into(), named(found))).collect(), at);
        for card in &mut new {
            if let Some(company) = card.org_number()
                && let Err(refused) = self.may(Action::OpenPaths, Some(&company))
            {
                card.content = Err(refused);
                card.check.own = None;
            }
        }
        self.desk.check_against_history(&mut new, at);
        let mut opened = Vec::new();
        {
            let mut cards = self.desk.cards();
            // One that has been filed may be opened again: to be looked at, or filed as a correction.
            let mut lying: HashMap<String, CardId> = cards
                .iter()
                .filter(|card| card.filing.is_none())
                .filter_map(|card| Some((card.content.as_ref().ok()?.sha256.clone(), card.id.clone())))
                .collect();
            // One return may lie in a folder ten thousand times: what is the same is put on its card at once.
            let mut copies: HashMap<CardId, Vec<String>> = HashMap::new();
            let mut fresh: HashSet<CardId> = HashSet::new();
            for card in new {
                let sha256 = card.content.as_ref().ok().map(|content| content.sha256.clone());
                let same = sha256.as_ref().and_then(|sha256| lying.get(sha256).cloned());
                if let Some(old) = same {
                    copies.entry(old.clone()).or_default().push(card.file_name);
                    opened.push(old);
                    continue;
                }
                if let Some(sha256) = sha256 {
                    lying.insert(sha256, card.id.clone());
                }
                opened.push(card.id.clone());
                fresh.insert(card.id.clone());
                cards.push(card);
            }
            for (old, names) in copies {
                cards.change(&old, |old| {
                    // Dropped once more it is the same file; dropped together they are two, whatever they are called.
                    let again = !fresh.contains(&old.id);
                    let mut known: HashSet<String> = old.copies.iter().chain([&old.file_name]).cloned().collect();
                    old.copies.extend(names.into_iter().filter(|name| known.insert(name.clone()) || !again));
                });
            }
        }
        let opened: HashSet<CardId> = opened.into_iter().collect();
        let known = self.desk.known_names();
        let turn = self.desk.publishing();
        let cards = self.desk.cards().clone();
        let learnt =
            cards.iter().filter(|card| opened.contains(&card.id)).filter_map(|card| card.content.as_ref().ok());
        let learnt: Vec<&VatReturn> = learnt.map(|content| content.vat_return.as_ref()).collect();
        let views = thread::scope(|scope| {
            // What is learnt waits for the disk, and nothing of it is shown on the cards. The window is told of both at
            // once, because it may ask for the deadlines then.
            scope.spawn(|| self.learn_duties(&learnt));
            Arc::new(self.desk.views_of(&cards, &known))
        });
        let _ = self.desk.events.send(OfficeEvent::Cards { cards: Arc::clone(&views) });
        drop(turn);
        let told: HashSet<String> = opened.iter().map(CardId::to_string).collect();
        views.iter().filter(|card| told.contains(&card.id)).cloned().collect()
    }

    /// Keeps what was closed until something else is.
    fn keep_for_undo(self, closed: Vec<Card>) {
        let before = self.desk.keep_closed(closed);
        for attachment in before.iter().flat_map(|card| &card.attachments) {
            if let Ok(kept) = &attachment.content {
                self.attachments.discard(kept);
            }
        }
    }

    /// Changes a card, if it is still there, and tells of it.
    pub(super) fn change_card(self, id: &CardId, change: impl FnOnce(&mut Card)) {
        self.desk.cards().change(id, change);
        self.desk.publish_card(id);
    }
}

/// What a card's key reads as; what is no key is no card's.
pub(super) fn card_key(id: &str) -> Result<CardId, Problem> {
    id.parse().map_err(|_| no_card())
}

/// Whether a file is called as a spreadsheet is.
fn is_table(path: &Path) -> bool {
    let ends = |with: &&str| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(with));
    ["xlsx", "xls", "ods", "csv"].iter().any(ends)
}

/// Why the authority could not be asked.
pub(super) fn shown(error: &CallError) -> Problem {
    match error {
        CallError::Session(error) => error.problem(),
        CallError::Api(error) => shown_of_check(error),
    }
}

pub(super) fn needs_sign_in() -> Problem {
    Refusal::NobodySignedIn.into()
}

pub(super) fn no_card() -> Problem {
    Refusal::NoCard.into()
}
