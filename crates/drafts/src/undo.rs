//! Undoing and redoing changes.

use crate::draft::Draft;
use crate::edit::{Edit, Told, Unknown};

/// How many changes can be undone.
const STEPS: usize = 20;

/// A draft with what it was before each of the last changes.
#[derive(Debug, Clone)]
pub struct Undo {
    now: Draft,
    before: Vec<Draft>,
    after: Vec<Draft>,
}

impl Undo {
    /// Begins with a draft as it is.
    pub fn new(draft: Draft) -> Self {
        Self { now: draft, before: Vec::new(), after: Vec::new() }
    }

    /// The draft.
    pub fn draft(&self) -> &Draft {
        &self.now
    }

    /// Makes a change that can be undone; several at once, as of something pasted, are undone at once.
    ///
    /// # Errors
    /// [`Unknown`]; then none of them is made.
    pub fn apply(&mut self, edits: &[Edit]) -> Result<Vec<Told>, Unknown> {
        let mut next = self.now.clone();
        let mut told = Vec::new();
        for edit in edits {
            told.extend(next.apply(edit)?);
        }
        self.replace(next);
        Ok(told)
    }

    /// Puts another draft in its place, which can be undone; nothing when it is the same.
    pub fn replace(&mut self, next: Draft) {
        if next == self.now {
            return;
        }
        self.before.push(std::mem::replace(&mut self.now, next));
        if self.before.len() > STEPS {
            self.before.remove(0);
        }
        self.after.clear();
    }

    /// Whether there is a change to take back.
    pub fn can_undo(&self) -> bool {
        !self.before.is_empty()
    }

    /// Whether there is one to make again.
    pub fn can_redo(&self) -> bool {
        !self.after.is_empty()
    }

    /// Takes the last change back; false when there is none.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.before.pop() else { return false };
        self.after.push(std::mem::replace(&mut self.now, before));
        true
    }

    /// Makes it again; false when nothing was taken back.
    pub fn redo(&mut self) -> bool {
        let Some(after) = self.after.pop() else { return false };
        self.before.push(std::mem::replace(&mut self.now, after));
        true
    }
}
