//! Returns on the desk: opened, checked, put away.

use std::path::PathBuf;

use bytes::Bytes;
use vat_return::samples;

use super::{Office, desk::Desk};
use crate::{
    cards::{Card, Found, read_paths},
    engine::shown_of_check,
    problem,
    session::CallError,
    view::{ErrorCode, ErrorView, ReturnCard},
};

impl Office {
    /// Opens files and folders; whatever cannot be read is a card that says why. A return that lies open already, byte
    /// for byte, is not opened twice.
    pub async fn open_paths(&self, paths: Vec<PathBuf>) -> Vec<ReturnCard> {
        // Disks and network shares may keep one waiting.
        let found = match tokio::task::spawn_blocking(move || read_paths(&paths)).await {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(%error, "Files could not be read.");
                Vec::new()
            }
        };
        self.put_down(found)
    }

    /// Opens a sample return that the program carries.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn open_sample(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        let sample =
            samples::by_id(id).ok_or_else(|| problem::says(ErrorCode::NotFound, "There is no such sample."))?;
        let found = Found {
            file_name: sample.file_name(),
            company: Desk::sample_company(id),
            bytes: Ok(Bytes::from_static(sample.bytes)),
        };
        let opened = self.put_down(vec![found]).into_iter().next();
        opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The sample could not be opened."))
    }

    fn put_down(&self, found: Vec<Found>) -> Vec<ReturnCard> {
        let at = self.desk.clock.now();
        let mut opened = Vec::new();
        for found in found {
            let card = Card::new(self.key(), found, at);
            let mut cards = self.desk.cards();
            let same = card.content.as_ref().ok().and_then(|new| {
                // One that has been filed may be opened again: to be looked at, or filed as a correction.
                cards
                    .iter()
                    .find(|old| old.filing.is_none() && old.content.as_ref().is_ok_and(|old| old.sha256 == new.sha256))
            });
            match same {
                Some(old) => opened.push(old.id.clone()),
                None => {
                    opened.push(card.id.clone());
                    cards.push(card);
                }
            }
        }
        self.desk.tell_cards();
        let cards: Vec<Card> = self.desk.cards().iter().filter(|card| opened.contains(&card.id)).cloned().collect();
        cards.iter().map(|card| self.desk.one_card_view(card)).collect()
    }

    /// Puts a return away. Its file is not touched, and a filing that it has become goes on.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn close_card(&self, id: &str) -> Result<(), ErrorView> {
        let mut cards = self.desk.cards();
        let before = cards.len();
        cards.retain(|card| card.id != id);
        let closed = cards.len() < before;
        drop(cards);
        if !closed {
            return Err(no_card());
        }
        self.desk.tell_cards();
        Ok(())
    }

    /// Asks Skatteetaten what it finds, with the person's ID-porten token, and puts it beside our own findings. Delivers
    /// nothing.
    ///
    /// # Errors
    /// `NotFound`, the reason why the file is no return, `NeedsSignIn`, or what kept the authority from answering; the
    /// card shows that too.
    pub async fn check(&self, id: &str) -> Result<ReturnCard, ErrorView> {
        let card = self.card(id)?;
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

    pub(super) fn card(&self, id: &str) -> Result<Card, ErrorView> {
        self.desk.cards().iter().find(|card| card.id == id).cloned().ok_or_else(no_card)
    }

    /// Changes a card, if it is still there, and tells of it.
    pub(super) fn change_card(&self, id: &str, change: impl FnOnce(&mut Card)) {
        if let Some(card) = self.desk.cards().iter_mut().find(|card| card.id == id) {
            change(card);
        }
        self.desk.tell_cards();
    }

    /// A new key, for a card or a filing.
    pub(super) fn key(&self) -> String {
        let mut bytes = [0_u8; 16];
        if let Err(error) = self.random.fill(&mut bytes) {
            // Keys are no secrets: without randomness a counter of moments serves.
            tracing::warn!(%error, "A key is made of the time.");
            bytes = self.desk.clock.now().as_nanosecond().to_be_bytes();
        }
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// Why the authority could not be asked.
fn shown(error: &CallError) -> ErrorView {
    match error {
        CallError::Session(error) => error.view(),
        CallError::Api(error) => shown_of_check(error),
    }
}

pub(super) fn needs_sign_in() -> ErrorView {
    problem::says(ErrorCode::NeedsSignIn, "Nobody is signed in.")
}

fn no_card() -> ErrorView {
    problem::says(ErrorCode::NotFound, "The return is not open any more.")
}
