//! Who came back: a person other than the one who was expected is asked about before anything is done in her name.
//!
//! The browser may still know somebody else, and lets her through without showing a page; a link may have been opened by
//! another. Whoever works on must not do so under a name that she has not seen.

use std::time::Duration;

use id_porten::{Identity, Turn};
use tokio::sync::oneshot;
use view::{
    AnotherPersonView, ErrorCode,
    problem::{self, Problem},
};

use super::{Inner, Session, SessionError};
use crate::{
    authorizations::{Authorization, AuthorizationId},
    integrations::IntegrationSettings,
};

/// How long an answer is waited for; then it is no.
const PATIENCE: Duration = Duration::from_secs(5 * 60);

/// A question that waits for its answer.
pub(super) struct Question {
    expected: Option<String>,
    came: Option<String>,
    masked_id: Option<String>,
    answer: Option<oneshot::Sender<bool>>,
}

impl Question {
    /// What is to be asked about the person who came; nothing where she is expected, or nobody is.
    pub(super) fn about(
        inner: &Inner,
        integration: &IntegrationSettings,
        came: &Identity,
        expected: &[AuthorizationId],
    ) -> Result<Option<Self>, SessionError> {
        if expected.is_empty() {
            return Ok(None);
        }
        let known: Vec<Authorization> = inner.parts.authorizations.all()?;
        let expected: Vec<&Authorization> = known.iter().filter(|known| expected.contains(&known.id)).collect();
        if expected.is_empty() {
            return Ok(None);
        }
        let it = inner.parts.authorizations.of_person(&integration.id, came)?;
        let is_she = |one: &&Authorization| {
            Some(&one.id) == it.as_ref()
                // Another integration knows her by another `sub` (pairwise): by name and masked id then, or not at all.
                || (one.integration != integration.id
                    && one.name == came.name
                    && one.masked_id == came.masked_id
                    && one.masked_id.is_some())
        };
        if expected.iter().any(is_she) {
            return Ok(None);
        }
        let names: Vec<String> = expected.iter().filter_map(|one| one.person()).collect();
        Ok(Some(Self {
            expected: (!names.is_empty()).then(|| names.join(", ")),
            came: came.name.clone().or_else(|| came.masked_id.clone()),
            masked_id: came.masked_id.clone(),
            answer: None,
        }))
    }

    pub(super) fn view(&self) -> AnotherPersonView {
        AnotherPersonView {
            expected: self.expected.clone(),
            came: self.came.clone(),
            masked_id: self.masked_id.clone(),
        }
    }
}

impl Session {
    /// Whether the keyring holds the key back until somebody unlocks it.
    #[must_use]
    pub fn keyring_is_withheld(&self) -> bool {
        self.0.parts.authorizations.secrets().vault().is_withheld()
    }

    /// Answers whether the person who came may be signed in, where that was asked ([`view::SignInView::another`]).
    /// `false` ends the sign-in, and her tokens are taken back.
    ///
    /// # Errors
    /// `NotFound` where nothing was asked.
    pub fn answer_who_came(&self, right: bool) -> Result<(), Problem> {
        let answer = self.0.state().question.as_mut().and_then(|question| question.answer.take());
        match answer {
            Some(answer) => {
                // Who asked may just have given up.
                let _ = answer.send(right);
                Ok(())
            }
            None => Err(problem::says(ErrorCode::NotFound, "Nobody has come who was not expected.")),
        }
    }

    /// Asks, and waits for the answer; without one it is no.
    pub(super) async fn is_right(&self, turn: &Turn<Self>, question: Question) -> bool {
        let inner = &self.0;
        let (answer, answered) = oneshot::channel();
        tracing::info!("Another person than the one who was expected has come back, and is asked about.");
        inner.state().question = Some(Question { answer: Some(answer), ..question });
        inner.publish_sign_in();
        let cancelled = turn.cancelled();
        let right = tokio::select! {
            answer = answered => answer.unwrap_or(false),
            () = cancelled.cancelled() => false,
            () = tokio::time::sleep(PATIENCE) => false,
        };
        inner.state().question = None;
        right
    }
}

impl Inner {
    /// Who is expected: who is signed in, or was when the session ran out, and those who are named.
    pub(super) fn expected(&self, named: &[AuthorizationId]) -> Vec<AuthorizationId> {
        let state = self.state();
        let current = state.signed_in.as_ref().map(|signed_in| &signed_in.authorization.id).or(state.lost.as_ref());
        current.into_iter().chain(named).cloned().collect()
    }
}
