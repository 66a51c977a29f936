//! Attachments on the cards: put there, taken away.

use std::path::PathBuf;

use access::work::rights::Action;
use filing::attachments::{CardAttachment, refused};
use view::{
    ReturnCard,
    ids::{AttachmentId, CardId, DraftId},
    problem::Problem,
};

use super::{gate::Permit, opened::Brought, parts::Returns, refusal::Refusal, returns::no_card};
use crate::cards::Card;

impl Returns<'_> {
    /// Says which card or draft is shown: what is dropped on the window goes with it, if it is no return itself.
    pub fn aim(self, card: Option<String>) {
        let Ok(permit) = self.0.may(Action::Aim, None) else {
            return;
        };
        permit.desk.take_aim(card);
    }

    /// Puts files on a card. Each is copied, looked into and measured first; one that cannot be attached is shown there
    /// with the reason, and nothing is filed before it is removed.
    ///
    /// # Errors
    /// `NotFound`, the reason why the card's file is no return, or `AttachmentLate` once its filing has begun.
    pub async fn attach(self, card_id: &str, paths: Vec<PathBuf>) -> Result<ReturnCard, Problem> {
        let (permit, Card { id: card_id, .. }) = self.0.card_for(card_id, Action::Attach)?;
        permit.takes_attachments(&card_id)?;
        for path in paths {
            let Brought { id, name, size, kept, unread } = permit.bring(path).await?;
            permit.takes_attachments(&card_id)?;
            permit.change_card(&card_id, |card| {
                let others = &card.attachments;
                let mut new = CardAttachment::of(&permit.attachments, id, &name, size, kept, others);
                if let (Some(Err(view)), Some(words)) = (new.as_mut().map(|new| &mut new.content), unread) {
                    view.details = vec![words];
                }
                card.attachments.extend(new);
            });
        }
        permit.store_files_of_card(&card_id);
        Ok(permit.desk.one_card_view(&permit.card(&card_id)?))
    }

    /// Where a file of a card's can be looked at: a copy, under the name that it will have at Altinn.
    ///
    /// # Errors
    /// `NotFound`, or the disk.
    pub fn attachment_to_look_at(self, card_id: &str, attachment: &str) -> Result<PathBuf, Problem> {
        let (permit, Card { attachments, .. }) = self.0.card_for(card_id, Action::LookAtAttachment)?;
        let key = attachment.parse::<AttachmentId>().map_err(|_| Refusal::NoAttachment)?;
        match attachments.iter().find(|known| known.id == key) {
            Some(CardAttachment { name, content: Ok(kept), .. }) => {
                permit.attachments.to_look_at(kept, &key, name).map_err(|why| refused(&why, name))
            }
            _ => Err(Refusal::NoAttachment.into()),
        }
    }

    /// Takes a file off a card; the file it came from is not touched.
    ///
    /// # Errors
    /// `NotFound`, or `AttachmentLate` once the filing has begun.
    pub fn detach(self, card_id: &str, attachment: &str) -> Result<ReturnCard, Problem> {
        let (permit, Card { id: card_id, .. }) = self.0.card_for(card_id, Action::Detach)?;
        permit.takes_attachments(&card_id)?;
        let mut removed = None;
        let attachment = attachment.parse::<AttachmentId>().ok();
        permit.change_card(&card_id, |card| {
            let place = card.attachments.iter().position(|known| Some(&known.id) == attachment.as_ref());
            removed = place.map(|place| card.attachments.remove(place));
        });
        match removed {
            Some(CardAttachment { content: Ok(kept), .. }) => permit.attachments.discard(&kept),
            Some(_) => {}
            None => return Err(Refusal::NoAttachment.into()),
        }
        permit.store_files_of_card(&card_id);
        Ok(permit.desk.one_card_view(&permit.card(&card_id)?))
    }
}

impl Permit<'_> {
    /// The card that attachments are dropped on: the one they were let go on, the one that is shown, or the only one,
    /// while it can take any.
    pub(super) fn aimed(self, card: Option<&str>) -> Option<CardId> {
        let aim = match card {
            // What is no key is no card's, and not the shown one's either.
            Some(id) => id.parse().ok(),
            None => self.desk.aim(),
        };
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

    /// The draft that is shown, while it is one.
    pub(super) fn aimed_draft(self) -> Option<DraftId> {
        let key = self.desk.aim()?;
        self.stored_draft(&key).ok().filter(|stored| stored.discarded.is_none()).map(|stored| stored.id)
    }

    /// Whether a card can take attachments: a return lies on it and is not being filed.
    fn takes_attachments(self, id: &CardId) -> Result<(), Problem> {
        let Card { content, filing, .. } = self.desk.cards().find(id).cloned().ok_or_else(no_card)?;
        content?;
        let Some(filing) = filing else { return Ok(()) };
        if self.find_key(&filing)?.state.may_be_filed_again() {
            return Ok(());
        }
        Err(Refusal::AttachmentLate.into())
    }
}
