//! Returns on the desk: opened, checked, put away.

use std::{
    collections::{HashMap, HashSet},
    mem,
    path::PathBuf,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use shown::Shown;
use uuid::Uuid;
use vat_return::{VatReturn, samples};

use super::{Office, desk::Desk};
use crate::{
    cards::{Brought, Card, Dropped, Found, open_all, read_alone, read_paths},
    engine::{Listener as _, shown_of_check},
    problem, saft,
    session::CallError,
    view::{ErrorCode, ErrorView, NeighbourName, OfficeEvent, PassedView, ReturnCard},
    work::rights::Action,
};

/// What was opened.
#[derive(Debug, Clone, Default)]
pub struct Opened {
    /// The returns, what cannot be read, and what was left out: whatever needs a word.
    pub cards: Vec<ReturnCard>,
    /// What was passed by.
    pub passed: PassedView,
}

impl Office {
    /// Opens files and folders; whatever cannot be read is a card that says why. A return that lies open already, byte
    /// for byte, is not opened twice.
    ///
    /// What may go with a return is told from the content: with no return beside it, it goes on the card that is shown
    /// ([`Office::aim`]); with one return beside it, on that one's, but for XML, which somebody may have taken for a
    /// return. What has no card to go on is a card that says so.
    pub async fn open_paths(&self, paths: Vec<PathBuf>) -> Vec<ReturnCard> {
        self.open_all(paths, None).await.cards
    }

    /// The same, with what was passed by: hidden files, files that are no returns, and what was left out.
    pub async fn open_counted(&self, paths: Vec<PathBuf>) -> Opened {
        self.open_all(paths, None).await
    }

    /// The same for files that were let go on one of several returns: attachments go on that one.
    ///
    /// SAF-T files among them, and packed files of them, become deliveries ([`Office::books`]) and no cards.
    pub async fn open_dropped(&self, paths: Vec<PathBuf>, card: Option<String>) -> Vec<ReturnCard> {
        let found = match tokio::task::spawn_blocking(move || saft::sorted(paths)).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "Files could not be looked at.");
                return Vec::new();
            }
        };
        if found.saft.is_empty() {
            return self.open_all(found.others, card).await.cards;
        }
        if let Err(refused) = self.open_books(found.saft).await {
            tracing::warn!(code = ?refused.code, "SAF-T files were dropped, and may not be opened.");
        }
        if found.others.is_empty() {
            return Vec::new();
        }
        let opened = self.open_all(found.others, card).await.cards;
        // A folder that held SAF-T files and no return has brought something.
        let empty: Vec<String> = opened
            .iter()
            .filter(|card| card.neighbour.as_ref().is_some_and(|it| it.kind == NeighbourName::SafTFinancial))
            .map(|card| card.id.clone())
            .collect();
        if !found.folders.is_empty() && !empty.is_empty() {
            self.close_cards(&empty);
        }
        opened.into_iter().filter(|card| !empty.contains(&card.id)).collect()
    }

    async fn open_all(&self, paths: Vec<PathBuf>, card: Option<String>) -> Opened {
        if self.may(Action::OpenPaths, None).is_err() {
            return Opened::default();
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
        let aimed = if returns == 0 { self.aimed(card) } else { None };
        let mut found = Vec::new();
        let mut attachments = Vec::new();
        for item in dropped {
            match item {
                Dropped::Return(it) => found.push(it),
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
        let mut opened = self.put_down(found);
        let target = aimed.or_else(|| opened.iter().find(|card| card.content.is_some()).map(|card| card.id.clone()));
        if attachments.is_empty() {
            return Opened { cards: opened, passed };
        }
        match target {
            Some(target) => match self.attach(&target, attachments).await {
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
                opened.extend(self.put_down(alone.await.unwrap_or_default()));
            }
        }
        Opened { cards: opened, passed }
    }

    /// Opens a sample return that the program carries.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn open_sample(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        self.may(Action::OpenSample, None)?;
        let sample =
            samples::by_id(id).ok_or_else(|| problem::says(ErrorCode::NotFound, "There is no such sample."))?;
        let found = Found::a_return(sample.file_name(), Desk::sample_company(id), Bytes::from_static(sample.bytes));
        let opened = self.put_down(vec![found]).into_iter().next();
        opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The sample could not be opened."))
    }

    pub(super) fn put_down(&self, found: Vec<Found>) -> Vec<ReturnCard> {
        let at = self.desk.clock.now();
        let named = |found: Found| Found { file_name: Shown::line(&found.file_name).into(), ..found };
        let mut new = open_all(found.into_iter().map(|found| (self.key().to_string(), named(found))).collect(), at);
        for card in &mut new {
            if let Some(company) = card.org_number()
                && let Err(refused) = self.may(Action::OpenPaths, Some(&company))
            {
                card.content = Err(refused);
                card.check.own = None;
            }
        }
        self.desk.look_back(&mut new, at);
        let mut opened = Vec::new();
        {
            let mut cards = self.desk.cards();
            // One that has been filed may be opened again: to be looked at, or filed as a correction.
            let mut lying: HashMap<String, String> = cards
                .iter()
                .filter(|card| card.filing.is_none())
                .filter_map(|card| Some((card.content.as_ref().ok()?.sha256.clone(), card.id.clone())))
                .collect();
            // One return may lie in a folder ten thousand times: what is the same is put on its card at once.
            let mut copies: HashMap<String, Vec<String>> = HashMap::new();
            let mut fresh: HashSet<String> = HashSet::new();
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
        let opened: HashSet<String> = opened.into_iter().collect();
        let known = self.desk.known_names();
        let turn = self.desk.telling();
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
        views.iter().filter(|card| opened.contains(&card.id)).cloned().collect()
    }

    /// A return that lies open, with everything.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn card_view(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        Ok(self.desk.one_card_view(&self.card_for(id, Action::CardView)?))
    }

    /// Asks Skatteetaten about many returns, a few at a time; each answer comes as an event. Ends early when nobody is
    /// signed in any more, or when `stop_checking` is called.
    ///
    /// # Errors
    /// `NeedsSignIn`. What kept the authority from answering about one return is shown on its card.
    pub async fn check_all(&self, ids: &[String]) -> Result<(), ErrorView> {
        self.may(Action::CheckAll, None)?;
        let over = AtomicBool::new(false);
        let wished = self.checking.load(Ordering::SeqCst);
        let ended = || over.load(Ordering::SeqCst) || self.checking.load(Ordering::SeqCst) != wished;
        let (over_now, ended) = (&over, &ended);
        let checks = stream::iter(ids.to_vec()).for_each_concurrent(self.engine.places(), |id| async move {
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
    pub fn stop_checking(&self) {
        if self.may(Action::StopChecking, None).is_err() {
            return;
        }
        self.checking.fetch_add(1, Ordering::SeqCst);
    }

    /// Puts a return away. Its file is not touched, and a filing that it has become goes on.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn close_card(&self, id: &str) -> Result<(), ErrorView> {
        self.may(Action::CloseCard, None)?;
        let Some(closed) = self.desk.cards().remove(id) else { return Err(no_card()) };
        self.keep_closed(vec![closed]);
        self.desk.tell_cards();
        Ok(())
    }

    /// Keeps what was closed until something else is.
    fn keep_closed(&self, closed: Vec<Card>) {
        let before = mem::replace(&mut *self.desk.closed.lock().unwrap_or_else(PoisonError::into_inner), closed);
        for attachment in before.iter().flat_map(|card| &card.attachments) {
            if let Ok(kept) = &attachment.content {
                self.attachments.forget(kept);
            }
        }
    }

    /// Opens what was closed last again, as it was: with what the checks found and its attachments.
    ///
    /// # Errors
    /// The refusal of the work account.
    pub fn reopen_cards(&self) -> Result<(), ErrorView> {
        self.may(Action::ReopenCards, None)?;
        let back = mem::take(&mut *self.desk.closed.lock().unwrap_or_else(PoisonError::into_inner));
        let mut cards = self.desk.cards();
        back.into_iter().for_each(|card| cards.push(card));
        drop(cards);
        self.desk.tell_cards();
        Ok(())
    }

    /// Puts many returns away; those that are not open any more are none the worse for it.
    pub fn close_cards(&self, ids: &[String]) {
        if self.may(Action::CloseCards, None).is_err() {
            return;
        }
        let ids: HashSet<&String> = ids.iter().collect();
        let closed = self.desk.cards().take(|card| ids.contains(&card.id));
        self.keep_closed(closed);
        self.desk.tell_cards();
    }

    /// Asks Skatteetaten what it finds, with the person's ID-porten token, and puts it beside our own findings. Delivers
    /// nothing.
    ///
    /// # Errors
    /// `NotFound`, the reason why the file is no return, `NeedsSignIn`, or what kept the authority from answering; the
    /// card shows that too.
    pub async fn check(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        let card = self.card_for(id, Action::CheckReturn)?;
        let content = card.content?;
        let Some(person) = self.desk.session.authorization() else {
            let view = needs_sign_in();
            self.change_card(id, |card| card.check.problem = Some(view.clone()));
            return Err(view);
        };
        self.change_card(id, |card| {
            card.check.running = true;
            card.check.problem = None;
        });
        let (client, bytes) = (self.client.clone(), content.bytes);
        let pace = self.pace;
        let mut retries = pace.retries();
        let answer = loop {
            let call = |token| {
                let (client, bytes) = (client.clone(), bytes.clone());
                async move { client.validate(&token, bytes).await }
            };
            let answer = self.desk.session.with_id_porten(&person.id, call).await;
            // It delivers nothing and may be asked again; a person is waiting, so not for long.
            let asked = match &answer {
                Err(CallError::Api(error)) if error.is_transient() => {
                    error.retry_after().map(|after| after.wait(self.desk.clock.now())).unwrap_or_default()
                }
                _ => break answer,
            };
            let wait = retries.next().unwrap_or(pace.retry_longest).max(asked);
            if wait >= pace.shown_from {
                break answer;
            }
            tokio::time::sleep(wait).await;
        };
        let at = self.desk.clock.now();
        let problem = answer.as_ref().err().map(shown);
        self.change_card(id, |card| {
            card.check.running = false;
            card.check.problem.clone_from(&problem);
            if let Ok(result) = answer {
                card.check.authority = Some((at, result));
            }
        });
        match problem {
            Some(problem) => Err(problem),
            None => Ok(self.desk.one_card_view(&self.card(id)?)),
        }
    }

    /// A card, if this may be done with its company's; what is no return is nobody's.
    pub(super) fn card_for(&self, id: &str, action: Action) -> Result<Card, ErrorView> {
        self.may(action, None)?;
        let card = self.card(id)?;
        if let Some(company) = card.org_number() {
            self.may(action, Some(&company))?;
        }
        Ok(card)
    }

    pub(super) fn card(&self, id: &str) -> Result<Card, ErrorView> {
        self.desk.cards().find(id).cloned().ok_or_else(no_card)
    }

    /// Changes a card, if it is still there, and tells of it.
    pub(super) fn change_card(&self, id: &str, change: impl FnOnce(&mut Card)) {
        self.desk.cards().change(id, change);
        self.desk.tell_card(id);
    }

    /// A new key, for a card or a filing.
    pub(super) fn key(&self) -> Uuid {
        super::key(self.random.as_ref(), self.desk.clock.as_ref())
    }
}

/// Why the authority could not be asked.
pub(super) fn shown(error: &CallError) -> ErrorView {
    match error {
        CallError::Session(error) => error.view(),
        CallError::Api(error) => shown_of_check(error),
    }
}

pub(super) fn needs_sign_in() -> ErrorView {
    problem::says(ErrorCode::NeedsSignIn, "Nobody is signed in.")
}

pub(super) fn no_card() -> ErrorView {
    problem::says(ErrorCode::NotFound, "The return is not open any more.")
}
