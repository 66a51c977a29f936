//! Drafts: returns in the making.

use ::drafts::Draft;

use super::Office;
use crate::{
    draft_store::{self, NotKept, StoredDraft},
    ids::DraftId,
    problem,
    view::{ErrorCode, ErrorView},
    work::rights::Action,
};

impl From<NotKept> for ErrorView {
    fn from(error: NotKept) -> Self {
        match error {
            NotKept::Gone => problem::of(ErrorCode::NotFound, &error),
            NotKept::ChangedElsewhere => problem::of(ErrorCode::DraftChangedElsewhere, &error),
            NotKept::Unwritable(_) => problem::of(ErrorCode::Internal, &error),
            NotKept::Database(error) => error.into(),
        }
    }
}

impl Office {
    /// The drafts that may be seen, the one changed last first; those in the wastebasket, or the others.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn drafts(&self, discarded: bool) -> Result<Vec<StoredDraft>, ErrorView> {
        self.may(Action::Drafts, None)?;
        let (mut drafts, unreadable) =
            self.desk.db.read(|db| draft_store::list(db, self.desk.environment, discarded))?;
        if unreadable > 0 {
            tracing::warn!(unreadable, "drafts cannot be read and are left out");
        }
        drafts.retain(|stored| self.desk.work.sees(&stored.draft.org_number));
        Ok(drafts)
    }

    /// A draft, in the wastebasket too.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn draft(&self, id: &str) -> Result<StoredDraft, ErrorView> {
        self.draft_for(id, Action::Drafts).map(|(_, stored)| stored)
    }

    /// Keeps a new draft.
    ///
    /// # Errors
    /// The database, or the work account.
    pub fn new_draft(&self, draft: &Draft) -> Result<StoredDraft, ErrorView> {
        self.may(Action::ChangeDraft, company_of(draft))?;
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes).map_err(|error| problem::of(ErrorCode::Internal, &error))?;
        let id = DraftId::from(uuid::Builder::from_random_bytes(bytes).into_uuid());
        let now = self.desk.clock.now();
        self.desk.db.write(|tx| draft_store::add(tx, self.desk.environment, &id, draft, now))?;
        self.draft(&id.to_string())
    }

    /// Keeps a change that was made to this revision of a draft.
    ///
    /// # Errors
    /// `NotFound`, `DraftChangedElsewhere` when another has changed it since, the database, or the work account.
    pub fn change_draft(&self, id: &str, revision: u32, draft: &Draft) -> Result<StoredDraft, ErrorView> {
        let (key, _) = self.draft_for(id, Action::ChangeDraft)?;
        self.may(Action::ChangeDraft, company_of(draft))?;
        let now = self.desk.clock.now();
        self.desk.db.write(|tx| draft_store::change(tx, self.desk.environment, &key, revision, draft, now))?;
        self.draft(id)
    }

    /// Puts a draft in the wastebasket, where it lies for thirty days; `filed` when it went there because it was filed.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn discard_draft(&self, id: &str, filed: bool) -> Result<(), ErrorView> {
        let (key, _) = self.draft_for(id, Action::ChangeDraft)?;
        let now = self.desk.clock.now();
        Ok(self.desk.db.write(|tx| draft_store::discard(tx, self.desk.environment, &key, Some(now), filed))?)
    }

    /// Takes a draft back out of the wastebasket.
    ///
    /// # Errors
    /// `NotFound`, the database, or the work account.
    pub fn restore_draft(&self, id: &str) -> Result<StoredDraft, ErrorView> {
        let (key, _) = self.draft_for(id, Action::ChangeDraft)?;
        self.desk.db.write(|tx| draft_store::discard(tx, self.desk.environment, &key, None, false))?;
        self.draft(id)
    }

    fn draft_for(&self, id: &str, action: Action) -> Result<(DraftId, StoredDraft), ErrorView> {
        self.may(action, None)?;
        let gone = || ErrorView::from(NotKept::Gone);
        let key: DraftId = id.parse().map_err(|_| gone())?;
        let stored = self.desk.db.read(|db| draft_store::get(db, self.desk.environment, &key))?.ok_or_else(gone)?;
        if !stored.draft.org_number.is_empty() {
            self.may(action, Some(&stored.draft.org_number))?;
        }
        Ok((key, stored))
    }
}

/// Whose a draft is: what is typed for a company is asked about for that company; while none is typed, only whether it may be
/// done at all.
fn company_of(draft: &Draft) -> Option<&str> {
    (!draft.org_number.is_empty()).then_some(draft.org_number.as_str())
}
