//! Signing in: off to the browser, home with a grant, stored before it is used.

use std::{sync::Arc, time::Duration};

use id_porten::{
    BrowserError, ConversationHost, Grant, LinkAnswer, OpenError, SignInError, SignInOptions, StateKey, StoredAttempt,
    Turn,
};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;
use view::{
    ErrorCode, Language, SignInOutcome, SignInView,
    problem::{self, Problem},
};

pub use id_porten::DeliveryError;

use super::{Inner, SIGN_OUT_PATIENCE, Session, SessionError, SignedIn, error, expected_person::Question};
use crate::{
    authorizations::{AuthorizationId, NewAuthorization, Tokens},
    integrations::{IntegrationId, IntegrationSettings},
    link::Awaited,
    work::rights::Action,
};

/// What a sign-in is asked for.
#[derive(Debug, Clone, Default)]
pub struct SignInRequest {
    /// Whether the person must prove herself even where ID-porten still knows her: "logg inn som en annen".
    pub as_another: bool,
    /// Language of ID-porten's pages and of the page after them.
    pub language: Language,
    /// Who is expected, in ID-porten's own form; only test environments take one. Whoever names somebody expects her.
    pub login_hint: Option<String>,
    /// The key of the integration to go through; the chosen one when none is named.
    pub integration: Option<IntegrationId>,
    /// Whose work waits for this sign-in: anybody else who comes is asked about first. Who is signed in, or was when the
    /// session ran out, is expected without being named.
    pub expected: Vec<AuthorizationId>,
}

/// What a sign-in was begun with, for the run of the program that takes its answer.
#[derive(Serialize, Deserialize)]
struct Tag {
    integration: IntegrationId,
    /// Where its tokens went when the browser was sent off.
    destinations: String,
    as_another: bool,
}

impl Session {
    /// Signs a person in through her browser, and returns when that has ended one way or another. It goes on to its end
    /// even when the answer is not waited for; [`Session::cancel_sign_in`] ends it.
    pub async fn sign_in(&self, request: SignInRequest) -> SignInOutcome {
        let session = self.clone();
        match tokio::spawn(async move { session.run(request).await }).await {
            Ok(outcome) => outcome,
            Err(_) => SignInOutcome::Refused { error: SessionError::Ending.problem().into() },
        }
    }

    /// Gives up the sign-in that is under way, if any.
    pub fn cancel_sign_in(&self) {
        self.0.conversation.cancel();
    }

    /// The link of the sign-in that is under way, for a browser that could not be opened, or another one.
    #[must_use]
    pub fn sign_in_link(&self) -> Option<Url> {
        self.0.conversation.link()
    }

    /// A link of the sign-in that is under way that has not been used: a pushed request serves once.
    ///
    /// # Errors
    /// No sign-in, or ID-porten gives no new link.
    pub async fn fresh_link(&self) -> Result<Url, Problem> {
        self.0.conversation.fresh_link().await.map_err(|error| error::link_problem(&error))
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// No browser, no sign-in, or ID-porten gives no new link.
    pub async fn reopen_browser(&self) -> Result<(), Problem> {
        self.0.conversation.reopen(self).await.map_err(|error| error::link_problem(&error))
    }

    /// Whether a sign-in of this session waits for an answer, and how. Found out by its state alone: nothing sealed is
    /// opened, and nobody is asked for a password.
    #[must_use]
    pub fn awaits(&self, answer: &LinkAnswer) -> Option<Awaited> {
        if self.0.conversation.expects(answer) {
            return Some(Awaited::UnderWay);
        }
        self.has_stored(answer.key()).then_some(Awaited::Stored)
    }

    fn has_stored(&self, key: &StateKey) -> bool {
        self.0.parts.authorizations.has_stored_sign_in(key.as_str()).unwrap_or_else(|error| {
            tracing::warn!(%error, "A sign-in that an earlier run began could not be looked for.");
            false
        })
    }

    /// Takes up the sign-in that an earlier run of the program began, with the answer that has started this one, and
    /// returns when it has ended. None where a sign-in of this run is under way, or where the answer is to none that is
    /// waited for.
    pub async fn resume(&self, answer: LinkAnswer) -> Option<SignInOutcome> {
        if !self.has_stored(answer.key()) {
            return None;
        }
        let session = self.clone();
        tokio::spawn(async move { session.resume_stored(answer).await }).await.unwrap_or(None)
    }

    /// Hands an answer to the sign-in that waits for it.
    ///
    /// # Errors
    /// It is for no sign-in, or for another one; the one under way goes on.
    pub fn deliver(&self, answer: &LinkAnswer) -> Result<(), DeliveryError> {
        self.0.conversation.deliver(answer)
    }

    fn begin(&self) -> Option<Turn<Self>> {
        self.0.conversation.begin(self, self.0.now(), self.0.parts.sign_in_limit)
    }

    async fn run(self, request: SignInRequest) -> SignInOutcome {
        let inner = &self.0;
        if let Err(error) = inner.may(Action::SignIn) {
            return SignInOutcome::Refused { error: error.problem().into() };
        }
        let Some(turn) = self.begin() else {
            return SignInOutcome::Refused {
                error: problem::as_it_says(ErrorCode::SignInBusy, &AlreadyUnderWay).into(),
            };
        };
        inner.unlock_keyring().await;
        let named = request.as_another || request.login_hint.is_some();
        let expected = if named { Vec::new() } else { inner.expected(&request.expected) };
        match self.ask(&turn, request).await {
            Ok(granted) => self.finish(turn, granted, &expected).await,
            Err(outcome) => outcome,
        }
    }

    /// Sends the browser off and waits for it to come home with a grant.
    async fn ask(&self, turn: &Turn<Self>, request: SignInRequest) -> Result<Granted, SignInOutcome> {
        let inner = &self.0;
        let failed = |error: SessionError| SignInOutcome::Refused { error: error.problem().into() };
        let settings = match &request.integration {
            Some(id) => inner.settings_of(id),
            // Who renews what she has, renews it where she has it.
            None if !request.as_another => inner.current_or_chosen(),
            None => inner.chosen(),
        };
        let settings = settings.map_err(failed)?;
        let integration = inner.integration(&settings).map_err(failed)?;
        let options = SignInOptions {
            ui_locale: request.language,
            prompt_login: request.as_another,
            login_hint: request.login_hint,
            ..SignInOptions::default()
        };
        let tag = Tag {
            integration: settings.id.clone(),
            destinations: inner.destinations(&settings),
            as_another: request.as_another,
        };
        let tag = serde_json::to_string(&tag).unwrap_or_default();
        let grant = turn.ask(&inner.parts.id_porten, &integration, options, inner.now(), &tag).await;
        let grant = grant.map_err(|error: SignInError| error::outcome(&error))?;
        Ok(Granted { grant, at: inner.now(), integration: settings })
    }

    /// Gives the kept attempt its answer.
    async fn resume_stored(self, answer: LinkAnswer) -> Option<SignInOutcome> {
        let inner = &self.0;
        if let Err(error) = inner.may(Action::SignIn) {
            return Some(SignInOutcome::Refused { error: error.problem().into() });
        }
        let turn = self.begin()?;
        inner.unlock_keyring().await;
        Some(match self.granted_by(&turn, &answer).await {
            Ok(Some((granted, as_another))) => {
                let expected = if as_another { Vec::new() } else { inner.expected(&[]) };
                self.finish(turn, granted, &expected).await
            }
            Ok(None) => {
                SignInOutcome::Refused { error: problem::as_it_says(ErrorCode::SignInTooLate, &TooLate).into() }
            }
            Err(outcome) => outcome,
        })
    }

    /// None where what was kept serves no more.
    async fn granted_by(
        &self,
        turn: &Turn<Self>,
        answer: &LinkAnswer,
    ) -> Result<Option<(Granted, bool)>, SignInOutcome> {
        let inner = &self.0;
        let failed = |error: SessionError| SignInOutcome::Refused { error: error.problem().into() };
        let kept =
            inner.parts.authorizations.take_sign_in(answer.key().as_str()).map_err(|error| failed(error.into()))?;
        let Some(kept) = kept.and_then(|text| StoredAttempt::read(&text, inner.now())) else { return Ok(None) };
        let Ok(tag) = serde_json::from_str::<Tag>(kept.tag()) else { return Ok(None) };
        let settings = inner.settings_of(&tag.integration).map_err(failed)?;
        if inner.destinations(&settings) != tag.destinations {
            // The code was asked for by other addresses, and is not shown to these.
            return Ok(None);
        }
        let integration = inner.integration(&settings).map_err(failed)?;
        let grant = turn.resume(&inner.parts.id_porten, &integration, &kept, SignInOptions::default(), answer).await;
        let grant = grant.map_err(|error| error::outcome(&error))?;
        Ok(Some((Granted { grant, at: inner.now(), integration: settings }, tag.as_another)))
    }

    /// Asks about a person who was not expected, stores what the sign-in gave, and says how it ended.
    async fn finish(&self, turn: Turn<Self>, granted: Granted, expected: &[AuthorizationId]) -> SignInOutcome {
        let inner = &self.0;
        let failed = |error: SessionError| SignInOutcome::Refused { error: error.problem().into() };
        match Question::about(inner, &granted.integration, &granted.grant.identity, expected) {
            Ok(None) => {}
            Ok(Some(question)) => {
                if !self.is_right(&turn, question).await {
                    self.revoke(granted).await;
                    return SignInOutcome::Cancelled;
                }
            }
            Err(error) => return failed(error),
        }
        match inner.accept(granted).await {
            Ok(()) => {
                drop(turn);
                inner.fetch_companies().await;
                match inner.shown() {
                    Some(session) => SignInOutcome::SignedIn { session: Box::new(session) },
                    // Signed out again, or locked, before the companies were there.
                    None => SignInOutcome::Cancelled,
                }
            }
            Err(error) => failed(error),
        }
    }

    /// Nothing in the name of somebody whom nobody wanted lives on.
    async fn revoke(&self, granted: Granted) {
        let inner = &self.0;
        let tokens = Tokens::of_grant(granted.grant, granted.at, None);
        match inner.integration(&granted.integration) {
            Ok(integration) => {
                let _ = tokio::time::timeout(SIGN_OUT_PATIENCE, inner.revoke_tokens(&integration, &tokens)).await;
            }
            Err(error) => tracing::warn!(%error, "The tokens could not be taken back."),
        }
    }
}

impl ConversationHost for Session {
    fn open(&self, address: &Url) -> Result<(), OpenError> {
        self.0.parts.browser.open(address).map_err(OpenError::from)
    }

    fn changed(&self) {
        self.0.publish_sign_in();
    }

    fn store(&self, key: &StateKey, kept: &SecretString) -> bool {
        match self.0.parts.authorizations.store_sign_in(key.as_str(), kept) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "A sign-in under way could not be kept.");
                false
            }
        }
    }

    fn discard(&self, key: &StateKey) {
        if let Err(error) = self.0.parts.authorizations.take_sign_in(key.as_str()) {
            tracing::warn!(%error, "A sign-in that has ended could not be forgotten.");
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("a sign-in is already under way")]
struct AlreadyUnderWay;

#[derive(Debug, thiserror::Error)]
#[error("the sign-in was begun before the program was closed, and cannot be ended any more")]
struct TooLate;

pub(super) struct Granted {
    pub(super) grant: Grant,
    pub(super) at: Timestamp,
    pub(super) integration: IntegrationSettings,
}

impl Inner {
    /// Stores a grant and makes its person the one who is signed in; Altinn's token follows at once.
    async fn accept(self: &Arc<Self>, granted: Granted) -> Result<(), SessionError> {
        let _none_renews = self.renewals.pause().await;
        let Granted { grant, at, integration } = granted;
        let scopes = grant.granted_scopes.clone();
        let mut tokens = Tokens::of_grant(grant, at, None);
        let ends_at = Self::authorization_end(&integration, at, &tokens);
        let new = NewAuthorization { scopes: &scopes, granted_at: at, ends_at };
        let store = |tokens: &Tokens| {
            self.parts.authorizations.signed_in(self.parts.random.as_ref(), &integration, &new, tokens)
        };
        // Before the exchange: a program that ends during it must not lose a sign-in that a person has made.
        let authorization = store(&tokens)?;
        let altinn_problem = match self.exchange(&mut tokens).await {
            Ok(()) => {
                store(&tokens)?;
                None
            }
            Err(error) => Some(error::exchange_problem(&error)),
        };
        let companies = Vec::new();
        {
            let mut state = self.state();
            state.lost = None;
            state.signed_in = Some(SignedIn { authorization, integration, tokens, altinn_problem, companies });
        }
        self.publish_session();
        Ok(())
    }

    /// The sign-in that is under way, for the window.
    pub(super) fn sign_in_view(&self) -> Option<SignInView> {
        let shown = self.conversation.shown()?;
        let another = self.state().question.as_ref().map(Question::view);
        Some(SignInView {
            gives_up_at: view::texts::moment(shown.gives_up_at),
            browser_opened: shown.browser_opened,
            another,
        })
    }

    /// Opens the browser on a thread that may wait, and waits no longer than a person would.
    pub(super) async fn open_browser(&self, address: Url) -> Result<(), BrowserError> {
        let browser = Arc::clone(&self.parts.browser);
        let opening = tokio::task::spawn_blocking(move || browser.open(&address));
        match tokio::time::timeout(Duration::from_secs(10), opening).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(_)) => Err(BrowserError::new("the attempt broke off")),
            Err(_) => Err(BrowserError::new("it did not start in time")),
        }
    }
}
