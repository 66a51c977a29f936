//! Returns that were dropped, and what goes with drafts: kept until they are filed or thrown away.
//!
//! A file as it was dropped is a draft too, byte for byte, until something of it is changed. So it is there after a restart,
//! and in the command line.

use std::{path::PathBuf, sync::Arc};

use ::drafts::{Draft, Origin};
use access::work::rights::Action;
use bytes::Bytes;
use filing::{
    attachments::{CardAttachment, StoreFileError, StoredFile, refused, same_name},
    draft_files::{self, DraftFile},
    draft_making,
    draft_store::{self, DraftStoreError, StoredDraft},
    saft,
};
use store::{database::DatabaseError, digest::sha256};
use vat_return::mend::mend;
use view::{
    AttachmentView, DraftView, ErrorCode, ReturnCard,
    ids::{AttachmentId, CardId, DraftId},
    problem::{self, Problem},
};

use super::returns::card_key;
use super::{Office, drafts::FoundDraft, gate::Permit, parts::Drafting, refusal::Refusal};
use crate::cards::{Card, ReadFile};

/// Returns that are written down at once; others want to write too.
const AT_ONCE: usize = 100;

/// A file that is to be attached, copied and looked into.
pub(super) struct Brought {
    pub(super) id: AttachmentId,
    pub(super) name: String,
    pub(super) size: u64,
    pub(super) kept: Result<StoredFile, StoreFileError>,
    /// Why it cannot be read, in words.
    pub(super) unread: Option<String>,
}

/// A return as it is kept.
struct Dropped {
    draft: Draft,
    bytes: Bytes,
    sha256: String,
    books: Option<String>,
}

impl Drafting<'_> {
    /// Keeps returns as they are, by the names of their files, as if they had been dropped.
    ///
    /// # Errors
    /// Why one is no return, the database, or the work account; those before it may have been kept.
    pub fn keep_returns(self, files: Vec<(String, Vec<u8>)>) -> Result<Vec<StoredDraft>, Problem> {
        let permit = self.0.may(Action::ChangeDraft, None)?;
        let mut all = Vec::with_capacity(files.len());
        for (file, bytes) in files {
            let read = vat_return::read(&bytes).map_err(|why| problem::of(ErrorCode::SchemaInvalid, &why))?;
            let sha256 = sha256(&bytes);
            let draft = Draft::of_return(&read, Origin::Return { file: Some(file), sha256: sha256.clone() });
            self.0.may(Action::ChangeDraft, super::drafts::company_of(&draft))?;
            all.push(Dropped { draft, bytes: bytes.into(), sha256, books: None });
        }
        let mut kept = Vec::with_capacity(all.len());
        for some in all.chunks(AT_ONCE) {
            kept.extend(permit.store_all(some)?);
        }
        kept.iter().map(|id| permit.stored_draft(id)).collect()
    }

    /// The file that a draft still is, byte for byte: its name and its bytes. None once something of it was changed.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn original(self, id: &str) -> Result<Option<(String, Vec<u8>)>, Problem> {
        let (permit, found) = self.0.draft(id, Action::Drafts)?;
        permit.dropped_file(&found.stored)
    }

    /// The files that go with a draft's return: the name of each and where it lies.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn attachments(self, id: &str) -> Result<Vec<(String, PathBuf)>, Problem> {
        let (permit, found) = self.0.draft(id, Action::Drafts)?;
        let files = permit.desk.db.read(|db| draft_files::of(db, &found.stored.id))?;
        Ok(files.into_iter().map(|it| (it.name, permit.attachments.draft_path(&found.key, &it.id))).collect())
    }

    /// Lets files go with a draft's return: each is copied, looked into and measured.
    ///
    /// # Errors
    /// `NotFound`, why the first of those that cannot be attached cannot, the database, or the work account. The others
    /// have been attached.
    pub async fn attach(self, id: &str, paths: Vec<PathBuf>) -> Result<DraftView, Problem> {
        let (permit, found) = self.0.draft(id, Action::ChangeDraft)?;
        let mut files = permit.files_of(&found.key)?;
        let mut refused = None;
        for path in paths {
            let Brought { id, name, size, kept, unread } = permit.bring(path).await?;
            let new = CardAttachment::of(&permit.attachments, id, &name, size, kept, &files);
            match new.map(|new| (new.content.clone(), new)) {
                Some((Ok(_), new)) => files.push(new),
                Some((Err(mut why), _)) => {
                    // In the person's language, in place of the program's own.
                    if let Some(words) = unread {
                        why.details = vec![words];
                    }
                    refused = refused.or(Some(why));
                }
                None => {}
            }
        }
        permit.store_files(&found.key, &files)?;
        for file in &files {
            if let Ok(kept) = &file.content {
                permit.attachments.discard(kept);
            }
        }
        match refused {
            Some(why) => Err(why),
            None => permit.draft_view_of(&found.stored, Vec::new()),
        }
    }

    /// Takes the file of a name off a draft.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn detach_named(self, id: &str, name: &str) -> Result<(), Problem> {
        let (permit, found) = self.0.draft(id, Action::ChangeDraft)?;
        let files = permit.desk.db.read(|db| draft_files::of(db, &found.stored.id))?;
        let file = files.into_iter().find(|file| same_name(&file.name, name)).ok_or(Refusal::NoAttachment)?;
        self.detach(id, &file.id.to_string()).map(drop)
    }

    /// Takes a file off a draft; the file it came from is not touched.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn detach(self, id: &str, attachment: &str) -> Result<DraftView, Problem> {
        let (permit, FoundDraft { key, stored }) = self.0.draft(id, Action::ChangeDraft)?;
        let attachment: AttachmentId = attachment.parse().map_err(|_| Refusal::NoAttachment)?;
        if !permit.desk.db.write(|tx| draft_files::remove(tx, &stored.id, &attachment))? {
            return Err(Refusal::NoAttachment.into());
        }
        permit.attachments.take_away(&key, &attachment);
        permit.draft_view_of(&stored, Vec::new())
    }
}

impl Permit<'_> {
    /// Keeps returns that were opened, each as it is. What cannot be kept lies open all the same.
    pub(super) fn store_opened(self, ids: &[String]) {
        let desk = &self.desk;
        if desk.db.is_only_read() {
            return;
        }
        let cards: Vec<Card> = {
            let lying = desk.cards();
            ids.iter().filter_map(|id| lying.find(&id.parse().ok()?).cloned()).collect()
        };
        let is_new = |card: &Card| card.kept.is_none() && card.draft.is_none() && card.filing.is_none();
        let allowed = |card: &Card| self.may(Action::ChangeDraft, card.org_number().as_deref()).is_ok();
        let (cards, dropped): (Vec<Card>, Vec<Dropped>) = cards
            .into_iter()
            .filter(|card| is_new(card) && allowed(card))
            .filter_map(|card| as_dropped(&card).map(|dropped| (card, dropped)))
            .unzip();
        for (cards, dropped) in cards.chunks(AT_ONCE).zip(dropped.chunks(AT_ONCE)) {
            match self.store_all(dropped) {
                Ok(kept) => {
                    for (card, id) in cards.iter().zip(kept) {
                        if let Err(error) = self.store_files(&id, &card.attachments) {
                            tracing::warn!(code = ?error.code, "Attachments of a return that was opened are not kept.");
                        }
                        desk.cards().change(&card.id, |card| card.kept = Some(id));
                    }
                }
                Err(error) => tracing::warn!(code = ?error.code, "Returns that were opened are not kept."),
            }
        }
    }

    fn store_all(self, all: &[Dropped]) -> Result<Vec<DraftId>, Problem> {
        let (desk, now) = (&self.desk, self.desk.clock.now());
        let kept = desk.db.write(|tx| {
            let mut kept = Vec::with_capacity(all.len());
            for Dropped { draft, bytes, sha256, books } in all {
                let known = draft_making::of_dropped(tx, desk.environment, sha256)?;
                let id = match known {
                    Some(id) => {
                        draft_store::discard(tx, desk.environment, &id, None, false)?;
                        id
                    }
                    None => {
                        let id = DraftId::from(self.key());
                        draft_store::add(tx, desk.environment, &id, draft, now)?;
                        draft_making::store_dropped(tx, &id, bytes, sha256, books.as_deref())?;
                        id
                    }
                };
                kept.push(id);
            }
            Ok::<_, DraftStoreError>(kept)
        })?;
        self.drafts_changed();
        Ok(kept)
    }

    pub(super) fn dropped_file(self, stored: &StoredDraft) -> Result<Option<(String, Vec<u8>)>, Problem> {
        if !stored.dropped {
            return Ok(None);
        }
        let original = self.desk.db.read(|db| draft_making::original(db, &stored.id))?;
        let name = match &stored.draft.origin {
            Origin::Return { file: Some(file), .. } => file.clone(),
            _ => super::writing::file_name(&stored.draft),
        };
        Ok(original.map(|original| (name, original.bytes)))
    }

    /// Lays a file that was dropped open again, as it was.
    pub(super) fn reopen_draft(self, found: &FoundDraft, file: String, bytes: Vec<u8>) -> Result<ReturnCard, Problem> {
        let (desk, stored) = (&self.desk, &found.stored);
        let company = desk.company_name(&stored.draft.org_number, &desk.companies());
        let opened = self.add_cards(vec![ReadFile::a_return(file, company, bytes.into())]).into_iter().next();
        let card = opened.ok_or_else(|| problem::says(ErrorCode::Internal, "The return could not be opened."))?;
        let origin = self.books_of(stored)?;
        let files = self.files_of(&found.key)?;
        let key = card_key(&card.id)?;
        self.change_card(&key, |card| {
            card.kept = Some(found.key.clone());
            card.origin = card.origin.take().or(origin);
            if card.attachments.is_empty() {
                card.attachments = files;
            }
        });
        Ok(desk.one_card_view(&self.card(&key)?))
    }

    /// What a draft's return was made of, where it was made from SAF-T files.
    pub(super) fn books_of(self, stored: &StoredDraft) -> Result<Option<Arc<saft::Origin>>, Problem> {
        let json = self.desk.db.read(|db| draft_making::books(db, &stored.id))?;
        Ok(json.and_then(|json| saft::Origin::from_json(&json)).map(Arc::new))
    }

    /// The files that go with a draft, for a card of it.
    pub(super) fn files_of(self, draft: &DraftId) -> Result<Vec<CardAttachment>, Problem> {
        let files = self.desk.db.read(|db| draft_files::of(db, draft))?;
        let file = |DraftFile { id, name, size, sha256 }| {
            let kept = self.attachments.take_from(draft, &id).and_then(|kept| {
                let same = kept.sha256 == sha256;
                if same { Ok(kept) } else { Err(StoreFileError::Unreadable(std::io::ErrorKind::InvalidData.into())) }
            });
            CardAttachment { content: kept.map_err(|why| refused(&why, &name)), id, name, size }
        };
        Ok(files.into_iter().map(file).collect())
    }

    /// What the window shows of them.
    pub(super) fn file_views(self, draft: &DraftId) -> Result<Vec<AttachmentView>, Problem> {
        let view = |DraftFile { id, name, size, .. }| AttachmentView {
            id: id.to_string(),
            ending: name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()),
            name,
            size: u32::try_from(size).unwrap_or(u32::MAX),
            problem: None,
        };
        Ok(self.desk.db.read(|db| draft_files::of(db, draft))?.into_iter().map(view).collect())
    }

    /// Keeps with a draft what lies on its card, and nothing else.
    pub(super) fn store_files(self, draft: &DraftId, files: &[CardAttachment]) -> Result<(), Problem> {
        let gone = self.desk.db.write(|tx| {
            let known = draft_files::of(tx, draft)?;
            for file in files.iter().filter(|file| !known.iter().any(|it| it.id == file.id)) {
                let Ok(kept) = &file.content else { continue };
                self.attachments
                    .retain_referenced(kept, draft, &file.id)
                    .map_err(|source| DatabaseError::Folder { path: self.desk.db.folder().to_owned(), source })?;
                let (id, name, sha256) = (file.id.clone(), file.name.clone(), kept.sha256.clone());
                draft_files::add(tx, draft, &DraftFile { id, name, size: kept.size, sha256 })?;
            }
            let gone: Vec<DraftFile> =
                known.into_iter().filter(|it| !files.iter().any(|file| file.id == it.id)).collect();
            for file in &gone {
                draft_files::remove(tx, draft, &file.id)?;
            }
            Ok::<_, DatabaseError>(gone)
        })?;
        for file in gone {
            self.attachments.take_away(draft, &file.id);
        }
        Ok(())
    }

    /// Keeps what lies on a card with the draft it is of.
    pub(super) fn store_files_of_card(self, id: &CardId) {
        let Ok(card) = self.card(id) else { return };
        let made_of = card.draft.as_ref().map(|of| of.id.clone());
        let Some(draft) = card.kept.or(made_of) else { return };
        if let Err(error) = self.store_files(&draft, &card.attachments) {
            tracing::warn!(code = ?error.code, "Attachments are not kept with the draft.");
        }
    }

    /// Copies a file, looks into it and measures it.
    pub(super) async fn bring(self, path: PathBuf) -> Result<Brought, Problem> {
        let (store, id) = (Arc::clone(&self.attachments), AttachmentId::from(self.key()));
        let (file, key) = (path.clone(), id.clone());
        // Large files and network shares take their time.
        let kept = tokio::task::spawn_blocking(move || store.store(&file, &key)).await;
        let kept = kept.map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let size = std::fs::metadata(&path).map(|metadata| metadata.len()).unwrap_or_default();
        let unread = match &kept {
            Err(StoreFileError::Unreadable(error)) => Some(files::io_words(error, self.desk.preferences().language)),
            _ => None,
        };
        Ok(Brought { id, name, size, kept, unread })
    }

    /// Puts the drafts of cards that were closed in the wastebasket, or takes them out again.
    pub(super) fn throw_away(self, cards: &[Card], away: bool) {
        let kept: Vec<&DraftId> =
            cards.iter().filter(|card| card.filing.is_none()).filter_map(|card| card.kept.as_ref()).collect();
        if kept.is_empty() || self.desk.db.is_only_read() {
            return;
        }
        let at = away.then(|| self.desk.clock.now());
        let written = self.desk.db.write(|tx| {
            for id in kept {
                match draft_store::discard(tx, self.desk.environment, id, at, false) {
                    Err(DraftStoreError::Gone) => {}
                    other => other?,
                }
            }
            Ok::<_, DraftStoreError>(())
        });
        if let Err(error) = written {
            tracing::warn!(%error, "Returns that were closed stay among the drafts.");
        }
        self.drafts_changed();
    }
}

impl Office {
    /// Takes what lies open of a draft away: it was thrown away.
    pub(super) fn close_cards_of(&self, draft: &DraftId) {
        let of =
            |card: &Card| card.kept.as_ref() == Some(draft) || card.draft.as_ref().is_some_and(|of| of.id == *draft);
        let closed = self.desk.cards().take(|card| card.filing.is_none() && of(card));
        for attachment in closed.iter().flat_map(|card| &card.attachments) {
            if let Ok(kept) = &attachment.content {
                self.attachments.discard(kept);
            }
        }
        if !closed.is_empty() {
            self.desk.publish_cards();
        }
    }
}

/// A return as it is kept; one that is none, but can be mended, says what it would say then.
fn as_dropped(card: &Card) -> Option<Dropped> {
    let file = card.file_name.clone();
    let (bytes, sha256, read) = match &card.content {
        Ok(content) => (content.bytes.clone(), content.sha256.clone(), (*content.vat_return).clone()),
        Err(_) => {
            let bytes = card.raw.clone()?;
            let read = vat_return::read(&mend(&bytes).ok()?.bytes).ok()?;
            let sha256 = sha256(&bytes);
            (bytes, sha256, read)
        }
    };
    let books = card.origin.as_ref().and_then(|origin| origin.to_json().ok());
    let origin = match &card.origin {
        Some(origin) => Origin::Books { file: origin.files.first().map(|it| it.name.clone()) },
        None => Origin::Return { file: Some(file), sha256: sha256.clone() },
    };
    Some(Dropped { draft: Draft::of_return(&read, origin), bytes, sha256, books })
}
