//! Attachments on the cards: put there, taken away.

use std::{path::PathBuf, sync::Arc};

use super::{Office, returns::no_card};
use crate::{
    attachments::{CardAttachment, NotKept},
    cards::Card,
    ids::AttachmentId,
    problem,
    view::{ErrorCode, ErrorView, ReturnCard},
    work::rights::Action,
};

impl Office {
    /// Says which card is shown: what is dropped on the window goes with it, if it is no return itself.
    pub fn aim(&self, card: Option<String>) {
        if self.may(Action::Aim, None).is_err() {
            return;
        }
        if let Ok(mut aim) = self.desk.aim.lock() {
            *aim = card;
        }
    }

    /// The card that attachments are dropped on: the one they were let go on, the one that is shown, or the only one,
    /// while it can take any.
    pub(super) fn aimed(&self, card: Option<String>) -> Option<String> {
        let aim = card.or_else(|| self.desk.aim.lock().ok()?.clone());
        let id = {
            let open = self.desk.cards();
            match (aim, &**open) {
                (Some(id), _) if open.find(&id).is_some() => id,
                (_, [only]) => only.id.clone(),
                _ => return None,
            }
        };
        self.takes_attachments(&id).is_ok().then_some(id)
    }

    /// Puts files on a card. Each is copied, looked into and measured first; one that cannot be attached is shown there
    /// with the reason, and nothing is filed before it is removed.
    ///
    /// # Errors
    /// `NotFound`, the reason why the card's file is no return, or `AttachmentLate` once its filing has begun.
    pub async fn attach(&self, card_id: &str, paths: Vec<PathBuf>) -> Result<ReturnCard, ErrorView> {
        self.card_for(card_id, Action::Attach)?;
        self.takes_attachments(card_id)?;
        for path in paths {
            let (store, id) = (Arc::clone(&self.attachments), AttachmentId::from(self.key()));
            let (file, key) = (path.clone(), id.clone());
            // Large files and network shares take their time.
            let kept = tokio::task::spawn_blocking(move || store.keep(&file, &key)).await;
            let kept = kept.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let size = std::fs::metadata(&path).map(|metadata| metadata.len()).unwrap_or_default();
            self.takes_attachments(card_id)?;
            let unread = match &kept {
                Err(NotKept::Unreadable(error)) => {
                    Some(files::io_words(error, self.desk.preferences().language.into()))
                }
                _ => None,
            };
            self.change_card(card_id, |card| {
                let others = &card.attachments;
                let mut new = CardAttachment::of(&self.attachments, id, &name, size, kept, others);
                if let (Some(Err(view)), Some(words)) = (new.as_mut().map(|new| &mut new.content), unread) {
                    view.details = vec![words];
                }
                card.attachments.extend(new);
            });
        }
        Ok(self.desk.one_card_view(&self.card(card_id)?))
    }

    /// Takes a file off a card; the file it came from is not touched.
    ///
    /// # Errors
    /// `NotFound`, or `AttachmentLate` once the filing has begun.
    pub fn detach(&self, card_id: &str, attachment: &str) -> Result<ReturnCard, ErrorView> {
        self.card_for(card_id, Action::Detach)?;
        self.takes_attachments(card_id)?;
        let mut removed = None;
        let attachment = attachment.parse::<AttachmentId>().ok();
        self.change_card(card_id, |card| {
            let place = card.attachments.iter().position(|known| Some(&known.id) == attachment.as_ref());
            removed = place.map(|place| card.attachments.remove(place));
        });
        match removed {
            Some(CardAttachment { content: Ok(kept), .. }) => self.attachments.forget(&kept),
            Some(_) => {}
            None => return Err(problem::says(ErrorCode::NotFound, "The attachment is not there any more.")),
        }
        Ok(self.desk.one_card_view(&self.card(card_id)?))
    }

    /// Whether a card can take attachments: a return lies on it and is not being filed.
    fn takes_attachments(&self, id: &str) -> Result<(), ErrorView> {
        let Card { content, filing, .. } = self.desk.cards().find(id).cloned().ok_or_else(no_card)?;
        content?;
        let Some(filing) = filing else { return Ok(()) };
        if self.find_key(&filing)?.state.may_be_filed_again() {
            return Ok(());
        }
        Err(problem::says(ErrorCode::AttachmentLate, "The filing has begun; its attachments stay as they are."))
    }
}
