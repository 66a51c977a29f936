//! The conversation with the browser: one sign-in at a time is begun, shown, handed its answer, ended. What becomes of the
//! person who comes home is for whoever asked.
//!
//! It is here once, for ID-porten and for Ansattporten, so that what holds a forged answer off holds it off everywhere:
//! an answer is known by its state before anything else is done about it, and one that is known by none is dropped without
//! a keyring being asked or a window raised.

use crate::attempt::{Attempt, Delivery, DeliveryError, Link};
use crate::error::{SignInError, TokenError};
use crate::grant::Grant;
use crate::integration::Integration;
use crate::link_answer::{LinkAnswer, StateKey};
use crate::options::SignInOptions;
use crate::relying_party::RelyingParty;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long a browser may take to start; after that the link is shown.
const BROWSER_PATIENCE: Duration = Duration::from_secs(10);

/// What a conversation needs of the program around it.
pub trait ConversationHost: Clone + Send + Sync + 'static {
    /// Opens an address in the person's browser. Called on a thread that may wait.
    ///
    /// # Errors
    /// No browser could be started, or it has gone astray.
    fn open(&self, address: &Url) -> Result<(), OpenError>;

    /// What [`Conversation::shown`] gives has changed.
    fn changed(&self);

    /// Keeps what another run of the program needs to take the answer; whether it is kept. Called on a thread that may
    /// wait, for a keyring for one.
    fn store(&self, key: &StateKey, kept: &SecretString) -> bool;

    /// Forgets what was kept.
    fn discard(&self, key: &StateKey);
}

/// Why a browser does not show what it should.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct OpenError {
    /// The operating system's words, or the browser's.
    pub reason: String,
    /// Whether nobody can come home any more: the browser has no person in front of it who could open the link.
    pub astray: bool,
}

/// A sign-in under way, as it may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// When it gives up.
    pub gives_up_at: Timestamp,
    /// Whether the browser was opened.
    pub browser_opened: bool,
}

/// The one place there is for a sign-in.
#[derive(Default)]
pub struct Conversation(Mutex<Option<UnderWay>>);

struct UnderWay {
    cancel: CancellationToken,
    link: Option<Url>,
    again: Option<Link>,
    delivery: Option<Delivery>,
    shown: Shown,
}

/// Why there is no link that has not been used.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// No sign-in is under way. Remedy: begin one.
    #[error("no sign-in is under way")]
    None,
    /// The issuer gives no new one.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// It could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Conversation").field(&self.shown()).finish()
    }
}

impl Conversation {
    /// Takes the place; none where a sign-in is under way.
    #[must_use]
    pub fn begin<A: ConversationHost>(
        self: &Arc<Self>,
        around: &A,
        now: Timestamp,
        limit: Duration,
    ) -> Option<Turn<A>> {
        let cancel = CancellationToken::new();
        {
            let mut state = self.state();
            if state.is_some() {
                return None;
            }
            let gives_up_at = now.saturating_add(limit).unwrap_or(Timestamp::MAX);
            let shown = Shown { gives_up_at, browser_opened: true };
            *state = Some(UnderWay { cancel: cancel.clone(), link: None, again: None, delivery: None, shown });
        }
        around.changed();
        Some(Turn { conversation: Arc::clone(self), around: around.clone(), cancel, limit })
    }

    /// The sign-in that is under way.
    #[must_use]
    pub fn shown(&self) -> Option<Shown> {
        self.state().as_ref().map(|under_way| under_way.shown)
    }

    /// Gives up the sign-in that is under way, if any.
    pub fn cancel(&self) {
        if let Some(under_way) = self.state().as_ref() {
            under_way.cancel.cancel();
        }
    }

    /// The link of the sign-in that is under way, for a browser that could not be opened, or another one.
    #[must_use]
    pub fn link(&self) -> Option<Url> {
        self.state().as_ref().and_then(|under_way| under_way.link.clone())
    }

    /// Whether the sign-in that is under way waits for this very answer.
    #[must_use]
    pub fn expects(&self, answer: &LinkAnswer) -> bool {
        self.state().as_ref().and_then(|under_way| under_way.delivery.as_ref()).is_some_and(|it| it.expects(answer))
    }

    /// Hands an answer to the sign-in that waits for it.
    ///
    /// # Errors
    /// It is for no sign-in, or for another one; the one under way goes on.
    pub fn deliver(&self, answer: &LinkAnswer) -> Result<(), DeliveryError> {
        let delivery = self.state().as_ref().and_then(|under_way| under_way.delivery.clone());
        delivery.ok_or(DeliveryError::Over)?.deliver(answer)
    }

    /// A link of the sign-in that is under way that has not been used: a pushed request serves once.
    ///
    /// # Errors
    /// No sign-in, or the issuer gives no new link.
    pub async fn fresh_link(&self) -> Result<Url, LinkError> {
        let again = self.state().as_ref().and_then(|under_way| under_way.again.clone());
        let link = again.ok_or(LinkError::None)?.again().await?;
        if let Some(under_way) = self.state().as_mut() {
            under_way.link = Some(link.clone());
        }
        Ok(link)
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// As [`Conversation::fresh_link`], or no browser.
    pub async fn reopen<A: ConversationHost>(&self, around: &A) -> Result<(), LinkError> {
        let link = self.fresh_link().await?;
        let opened = open(around, link).await;
        if let Some(under_way) = self.state().as_mut() {
            under_way.shown.browser_opened = opened.is_ok();
        }
        around.changed();
        Ok(opened?)
    }

    fn state(&self) -> MutexGuard<'_, Option<UnderWay>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sign-in's place; whatever way it ends, the place is free again and everybody hears of it.
pub struct Turn<A: ConversationHost> {
    conversation: Arc<Conversation>,
    around: A,
    cancel: CancellationToken,
    limit: Duration,
}

impl<A: ConversationHost> fmt::Debug for Turn<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").finish_non_exhaustive()
    }
}

impl<A: ConversationHost> Drop for Turn<A> {
    fn drop(&mut self) {
        *self.conversation.state() = None;
        self.around.changed();
    }
}

impl<A: ConversationHost> Turn<A> {
    /// Ends when the sign-in is given up in the program.
    #[must_use]
    pub fn cancelled(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Sends the browser off and waits for it to come home. `tag` comes back with [`StoredAttempt`], should another run of the
    /// program take the answer.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn ask(
        &self,
        party: &RelyingParty,
        integration: &Integration,
        options: SignInOptions,
        now: Timestamp,
        tag: &str,
    ) -> Result<Grant, SignInError> {
        let options = SignInOptions { limit: self.limit, ..options };
        let attempt = tokio::select! {
            attempt = party.begin(integration, options) => attempt?,
            () = self.cancel.cancelled() => return Err(SignInError::Cancelled),
        };
        let link = attempt.url().clone();
        if let Some(under_way) = self.conversation.state().as_mut() {
            under_way.link = Some(link.clone());
            under_way.again = Some(attempt.link());
            under_way.delivery = attempt.delivery();
        }
        self.around.changed();
        let kept = self.store(&attempt, now, tag).await;
        // Beside the waiting and not before it: a browser that takes its time to start may come home before it is done.
        let opening = async {
            match self.open_in_time(link).await {
                Err(OpenError { reason, astray: true }) => return reason,
                Err(error) => {
                    tracing::warn!(%error, "The sign-in waits for its link to be opened by hand.");
                    self.browser_is_shut();
                }
                Ok(()) => {}
            }
            std::future::pending().await
        };
        let ended = tokio::select! {
            ended = attempt.finish(self.cancel.clone()) => ended,
            reason = opening => Err(SignInError::Astray(reason)),
        };
        if let Some(key) = kept {
            // Ended here, however: no other run may go on with it.
            let around = self.around.clone();
            let _ = tokio::task::spawn_blocking(move || around.discard(&key)).await;
        }
        ended
    }

    /// Gives an attempt that an earlier run of the program began its answer.
    ///
    /// # Errors
    /// [`SignInError::InvalidState`] where it answers another one; every other [`SignInError`].
    pub async fn resume(
        &self,
        party: &RelyingParty,
        integration: &Integration,
        kept: &StoredAttempt,
        options: SignInOptions,
        answer: &LinkAnswer,
    ) -> Result<Grant, SignInError> {
        let options = SignInOptions { limit: self.limit, ..options };
        let attempt = party.resume(integration, &kept.attempt, options).await?;
        let delivery = attempt.delivery().ok_or(SignInError::InvalidState)?;
        delivery.deliver(answer).map_err(|_| SignInError::InvalidState)?;
        attempt.finish(self.cancel.clone()).await
    }

    async fn store(&self, attempt: &Attempt, now: Timestamp, tag: &str) -> Option<StateKey> {
        let key = StateKey::of(attempt.pending().state.expose_secret());
        let until = now.saturating_add(self.limit).unwrap_or(Timestamp::MAX);
        let attempt = attempt.to_stored()?;
        let form = StoredAttemptForm { until, tag: tag.to_owned(), attempt: attempt.expose_secret().to_owned() };
        let text = SecretString::from(serde_json::to_string(&form).ok()?);
        let (around, its_key) = (self.around.clone(), key.clone());
        let kept = tokio::task::spawn_blocking(move || around.store(&its_key, &text)).await;
        kept.unwrap_or(false).then_some(key)
    }

    /// Opens the browser; one that takes long to start is told about and waited for all the same.
    async fn open_in_time(&self, link: Url) -> Result<(), OpenError> {
        let mut opening = std::pin::pin!(open(&self.around, link));
        tokio::select! {
            opened = &mut opening => opened,
            () = tokio::time::sleep(BROWSER_PATIENCE) => {
                self.browser_is_shut();
                opening.await
            }
        }
    }

    fn browser_is_shut(&self) {
        if let Some(under_way) = self.conversation.state().as_mut() {
            under_way.shown.browser_opened = false;
        }
        self.around.changed();
    }
}

async fn open<A: ConversationHost>(around: &A, address: Url) -> Result<(), OpenError> {
    let around = around.clone();
    let opened = tokio::task::spawn_blocking(move || around.open(&address)).await;
    opened.unwrap_or_else(|_| Err(OpenError { reason: "the attempt broke off".to_owned(), astray: false }))
}

#[derive(Serialize, Deserialize)]
struct StoredAttemptForm {
    until: Timestamp,
    tag: String,
    attempt: String,
}

/// An attempt that an earlier run of the program has kept.
pub struct StoredAttempt {
    tag: String,
    attempt: SecretString,
}

impl fmt::Debug for StoredAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredAttempt").field("tag", &self.tag).finish_non_exhaustive()
    }
}

impl StoredAttempt {
    /// Reads what [`ConversationHost::store`] was given; none where its time is over.
    #[must_use]
    pub fn read(text: &str, now: Timestamp) -> Option<Self> {
        let StoredAttemptForm { until, tag, attempt } = serde_json::from_str(text).ok()?;
        (now <= until).then(|| Self { tag, attempt: SecretString::from(attempt) })
    }

    /// What the attempt was begun with.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }
}
