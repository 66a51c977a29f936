//! What the user has answered: remembered per company and system for the next file.

use crate::question::{Question, QuestionKind};
use std::collections::BTreeMap;

/// Answers, by the question's [`id`](Question::id). An empty answer is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, String>);

impl Answers {
    /// No answers.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an answer; an empty one takes it away.
    pub fn set(&mut self, id: impl Into<String>, answer: impl Into<String>) {
        let (id, answer) = (id.into(), answer.into());
        if answer.trim().is_empty() {
            self.0.remove(&id);
        } else {
            self.0.insert(id, answer);
        }
    }

    /// Whether there is none: then no question's name has to be made up to look for it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answer to a question.
    pub fn get(&self, kind: QuestionKind, about: &str) -> Option<&str> {
        self.0.get(&Question::id_of(kind, about)).map(|answer| answer.trim()).filter(|answer| !answer.is_empty())
    }

    /// What was answered of a voucher whose debit and credit differ: of itself, or of all of them.
    pub(crate) fn of_unbalanced(&self, name: &str) -> Option<&str> {
        let kind = QuestionKind::UnbalancedVoucher;
        if self.is_empty() { None } else { self.get(kind, name).or_else(|| self.get(kind, "")) }
    }

    /// Whether the question is answered with this word.
    pub fn is(&self, kind: QuestionKind, about: &str, answer: &str) -> bool {
        self.get(kind, about) == Some(answer)
    }

    /// The standard code that an own code was answered to mean.
    pub(crate) fn standard_code(&self, own: &str) -> Option<&str> {
        [QuestionKind::UnmappedCode, QuestionKind::AmbiguousCode, QuestionKind::TaxTableMissing]
            .into_iter()
            .find_map(|kind| self.get(kind, own))
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(id, answer)| (id.as_str(), answer.as_str()))
    }
}

impl FromIterator<(String, String)> for Answers {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut answers = Self::default();
        for (id, answer) in pairs {
            answers.set(id, answer);
        }
        answers
    }
}
