//! Lines of a spreadsheet taken into drafts: into the one that is written, or into several returns at once, all or none.

use ::drafts::Draft;
use access::work::rights::Action;
use filing::draft_store::{self, DraftStoreError};
use view::{SheetInto, ids::DraftId, problem::Problem};

use super::{
    drafts::{FoundDraft, company_of},
    gate::Permit,
    parts::Drafting,
    writing::Changes,
};

/// A draft that lies there, and what it becomes.
struct Taken {
    found: FoundDraft,
    changes: Changes,
    next: Draft,
    /// Lines have been taken: those that follow go behind them.
    begun: bool,
}

impl Drafting<'_> {
    /// Takes lines that were pasted into a draft: one change, that can be undone at once.
    ///
    /// # Errors
    /// As [`Drafting::edit`].
    pub(super) fn take_into(self, id: &str, revision: u32, lines: &Draft, replace: bool) -> Result<(), Problem> {
        let (permit, found) = self.0.revision(id, revision)?;
        let mut changes = permit.writing().of(&found.stored);
        let mut next = changes.undo.draft().clone();
        next.take_lines(lines, replace);
        changes.field = None;
        changes.undo.replace(next);
        permit.set_changes(&found, changes, Vec::new()).map(drop)
    }

    /// Takes the lines of each return into its draft among `into`, where it has one, and makes drafts of the others: their keys,
    /// in this order. All or none; of each draft it is one change, that can be undone.
    ///
    /// # Errors
    /// `NotFound`, `DraftChangedElsewhere`, the database, or the work account.
    pub(super) fn take_all(self, returns: &[Draft], into: &[SheetInto], replace: bool) -> Result<Vec<String>, Problem> {
        let mut there = Vec::new();
        for one in into {
            let (permit, found) = self.0.revision(&one.id, one.revision)?;
            let changes = permit.writing().of(&found.stored);
            let next = changes.undo.draft().clone();
            there.push(Taken { found, changes, next, begun: false });
        }
        let mut new = Vec::new();
        let mut keys: Vec<Option<DraftId>> = Vec::new();
        for lines in returns {
            self.0.may(Action::ChangeDraft, company_of(lines))?;
            let key = lines.return_key();
            // A file as it was dropped stays what it was.
            let takes = |it: &&mut Taken| {
                key.is_some() && !it.found.stored.dropped && it.found.stored.draft.return_key() == key
            };
            match there.iter_mut().find(takes) {
                Some(taken) => {
                    taken.next.take_lines(lines, replace && !taken.begun);
                    taken.begun = true;
                    keys.push(Some(taken.found.key.clone()));
                }
                None => {
                    new.push(lines.clone());
                    keys.push(None);
                }
            }
        }
        there.retain(|taken| taken.begun && taken.next != taken.found.stored.draft);
        let made = self.0.may(Action::ChangeDraft, None)?.keep_taken(there, &new)?;
        let mut made = made.into_iter();
        let mut all: Vec<String> = Vec::new();
        for key in keys.into_iter().filter_map(|key| key.or_else(|| made.next())) {
            let key = key.to_string();
            if !all.contains(&key) {
                all.push(key);
            }
        }
        Ok(all)
    }
}

impl Permit<'_> {
    /// Keeps what drafts have become, and new ones: the new ones' keys.
    fn keep_taken(self, taken: Vec<Taken>, new: &[Draft]) -> Result<Vec<DraftId>, Problem> {
        let (desk, now) = (&self.desk, self.desk.clock.now());
        let new = self.with_keys(new)?;
        desk.db.write(|tx| {
            for Taken { found, next, .. } in &taken {
                draft_store::change(tx, desk.environment, &found.key, found.stored.revision, next, now)?;
            }
            for (id, draft) in &new {
                draft_store::add(tx, desk.environment, id, draft, now)?;
            }
            Ok::<(), DraftStoreError>(())
        })?;
        self.drafts_changed();
        for Taken { found, mut changes, next, .. } in taken {
            changes.undo.replace(next);
            changes.field = None;
            changes.revision = found.stored.revision.saturating_add(1);
            self.writing().set_changes(&found.key, changes);
        }
        Ok(new.into_iter().map(|(id, _)| id).collect())
    }
}
