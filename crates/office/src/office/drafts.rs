//! Drafts: returns in the making.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use ::drafts::Draft;
use access::work::rights::Action;
use filing::{
    draft_making,
    draft_store::{self, DraftStoreError, StoredDraft},
};
use store::database::DatabaseError;
use view::{
    ErrorCode, OfficeEvent,
    ids::DraftId,
    problem::{self, Problem},
};

use super::{
    Office,
    gate::{Gate, Permit},
    parts::Drafting,
};

/// How soon what another program has done to drafts is seen.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

impl Drafting<'_> {
    /// The drafts that may be seen, the one changed last first; those in the wastebasket, or the others. Those whose return
    /// has been delivered are put away first, and what has lain in the wastebasket for thirty days is gone.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn list(self, discarded: bool) -> Result<Vec<StoredDraft>, Problem> {
        self.0.may(Action::Drafts, None)?.drafts_seen(discarded)
    }

    /// A draft, in the wastebasket too.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn get(self, id: &str) -> Result<StoredDraft, Problem> {
        Ok(self.0.draft(id, Action::Drafts)?.1.stored)
    }

    /// Keeps a new draft.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn create(self, draft: &Draft) -> Result<StoredDraft, Problem> {
        self.0.may(Action::ChangeDraft, company_of(draft))?.add_draft(draft)
    }

    /// Keeps new drafts, all or none.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn create_all(self, drafts: &[Draft]) -> Result<Vec<StoredDraft>, Problem> {
        for draft in drafts {
            self.0.may(Action::ChangeDraft, company_of(draft))?;
        }
        self.0.may(Action::ChangeDraft, None)?.add_drafts(drafts)
    }

    /// Keeps a change that was made to this revision of a draft.
    ///
    /// # Errors
    /// `NotFound`, `DraftChangedElsewhere` when another has changed it since, the database, or the work account.
    pub fn change(self, id: &str, revision: u32, draft: &Draft) -> Result<StoredDraft, Problem> {
        let (_, found) = self.0.draft(id, Action::ChangeDraft)?;
        self.0.may(Action::ChangeDraft, company_of(draft))?.change_draft(&found.key, revision, draft)
    }

    /// Puts a draft in the wastebasket, where it lies for thirty days; `filed` when it went there because it was filed.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn discard(self, id: &str, filed: bool) -> Result<(), Problem> {
        let (permit, FoundDraft { key, .. }) = self.0.draft(id, Action::ChangeDraft)?;
        let desk = &permit.desk;
        let now = desk.clock.now();
        desk.db.write(|tx| draft_store::discard(tx, desk.environment, &key, Some(now), filed))?;
        permit.close_cards_of(&key);
        permit.drafts_changed();
        Ok(())
    }

    /// Takes a draft back out of the wastebasket.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn restore(self, id: &str) -> Result<StoredDraft, Problem> {
        let (permit, found) = self.0.draft(id, Action::ChangeDraft)?;
        permit.restore_draft(&found.key)
    }
}

/// A draft with its key.
pub(super) struct FoundDraft {
    pub(super) key: DraftId,
    pub(super) stored: StoredDraft,
}

impl<'a> Gate<'a> {
    /// Asks for an action with a draft, which is its company's.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`; the database.
    pub(super) fn draft(self, id: &str, action: Action) -> Result<(Permit<'a>, FoundDraft), Problem> {
        let permit = self.may(action, None)?;
        let key: DraftId = id.parse().map_err(|_| DraftStoreError::Gone)?;
        let stored = permit.stored_draft(&key)?;
        match company_of(&stored.draft) {
            Some(company) => Ok((self.may(action, Some(company))?, FoundDraft { key, stored })),
            None => Ok((permit, FoundDraft { key, stored })),
        }
    }
}

impl Permit<'_> {
    pub(super) fn drafts_seen(self, discarded: bool) -> Result<Vec<StoredDraft>, Problem> {
        self.tidy_drafts()?;
        let desk = &self.desk;
        let (mut drafts, unreadable) = desk.db.read(|db| draft_store::list(db, desk.environment, discarded))?;
        if unreadable > 0 {
            tracing::warn!(unreadable, "drafts cannot be read and are left out");
        }
        drafts.retain(|stored| desk.work.sees(&stored.draft.org_number));
        Ok(drafts)
    }

    pub(super) fn add_draft(self, draft: &Draft) -> Result<StoredDraft, Problem> {
        let added = self.add_drafts(std::slice::from_ref(draft))?.pop();
        Ok(added.ok_or(DraftStoreError::Gone)?)
    }

    /// New drafts, each with a key of its own.
    pub(super) fn with_keys(self, drafts: &[Draft]) -> Result<Vec<(DraftId, &Draft)>, Problem> {
        let key = |draft| {
            let mut bytes = [0; 16];
            self.random.fill(&mut bytes).map_err(|error| problem::of(ErrorCode::Internal, &error))?;
            Ok((DraftId::from(uuid::Builder::from_random_bytes(bytes).into_uuid()), draft))
        };
        drafts.iter().map(key).collect()
    }

    fn add_drafts(self, drafts: &[Draft]) -> Result<Vec<StoredDraft>, Problem> {
        let desk = &self.desk;
        let now = desk.clock.now();
        let added = self.with_keys(drafts)?;
        desk.db.write(|tx| {
            added.iter().try_for_each(|(id, draft)| draft_store::add(tx, desk.environment, id, draft, now))
        })?;
        self.drafts_changed();
        added.iter().map(|(id, _)| self.stored_draft(id)).collect()
    }

    pub(super) fn change_draft(self, key: &DraftId, revision: u32, draft: &Draft) -> Result<StoredDraft, Problem> {
        let desk = &self.desk;
        let now = desk.clock.now();
        desk.db.write(|tx| draft_store::change(tx, desk.environment, key, revision, draft, now))?;
        self.drafts_changed();
        self.stored_draft(key)
    }

    pub(super) fn restore_draft(self, key: &DraftId) -> Result<StoredDraft, Problem> {
        let desk = &self.desk;
        desk.db.write(|tx| draft_store::discard(tx, desk.environment, key, None, false))?;
        self.drafts_changed();
        self.stored_draft(key)
    }

    pub(super) fn stored_draft(self, key: &DraftId) -> Result<StoredDraft, Problem> {
        let desk = &self.desk;
        let found = desk.db.read(|db| draft_store::get(db, desk.environment, key))?;
        Ok(found.ok_or(DraftStoreError::Gone)?)
    }
}

impl Office {
    /// Puts away what has been filed, and empties the wastebasket of what has lain there for thirty days.
    fn tidy_drafts(&self) -> Result<(), Problem> {
        let (desk, now) = (&self.desk, self.desk.clock.now());
        let due = |db: &rusqlite::Connection| {
            let filed = draft_making::any_filed(db, desk.environment)?;
            Ok::<_, DatabaseError>(filed || draft_store::any_to_sweep(db, now)?)
        };
        if desk.db.is_only_read() || !desk.db.read(due)? {
            return Ok(());
        }
        desk.db.write(|tx| {
            draft_making::close_filed(tx, desk.environment, now)?;
            draft_store::sweep(tx, now)
        })?;
        Ok(())
    }

    /// This program has changed drafts, and its window knows.
    pub(super) fn drafts_changed(&self) {
        if let Ok(now) = self.desk.db.read(|db| draft_store::state(db, self.desk.environment)) {
            *self.told_drafts.lock().unwrap_or_else(PoisonError::into_inner) = now;
        }
    }

    /// Tells when another window or the command line has changed drafts, until the office closes.
    pub(super) fn watch_drafts(self: &Arc<Self>) {
        self.drafts_changed();
        let (office, closing) = (Arc::downgrade(self), self.closing.clone());
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = closing.cancelled() => return,
                    () = tokio::time::sleep(LOOK_AGAIN) => {}
                }
                let Some(office) = office.upgrade() else { return };
                let Ok(now) = office.desk.db.read(|db| draft_store::state(db, office.desk.environment)) else {
                    continue;
                };
                let before = {
                    let mut told = office.told_drafts.lock().unwrap_or_else(PoisonError::into_inner);
                    std::mem::replace(&mut *told, now.clone())
                };
                if before != now {
                    let _ = office.desk.events.send(OfficeEvent::Drafts);
                }
            }
        });
    }
}

/// Whose a draft is: what is typed for a company is asked about for that company; while none is typed, only whether it may be
/// done at all.
pub(super) fn company_of(draft: &Draft) -> Option<&str> {
    (!draft.org_number.is_empty()).then_some(draft.org_number.as_str())
}
