//! Signing in: the browser is sent off, and comes home with a grant or not.

use std::{sync::Arc, time::Duration};

pub use id_porten::DeliveryError;
use id_porten::{Attempt, Delivery, Grant, Link, SignInError, SignInOptions, UiLocale};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{Browser, BrowserError, Inner, Session, SessionError, SignedIn, error};
use crate::{
    authorizations::{NewAuthorization, Tokens},
    integrations::IntegrationSettings,
    view::{ErrorCode, ErrorView, LanguageName, SignInOutcome, SignInView},
    work::rights::Action,
};

/// How long a browser may take to start; after that the link is shown.
const BROWSER_PATIENCE: Duration = Duration::from_secs(10);

/// What a sign-in is asked for.
#[derive(Debug, Clone, Default)]
pub struct SignInRequest {
    /// Whether the person must prove herself even where ID-porten still knows her: "logg inn som en annen".
    pub as_another: bool,
    /// Language of ID-porten's pages and of the page after them.
    pub language: LanguageName,
    /// Who is expected, in ID-porten's own form; only test environments take one.
    pub login_hint: Option<String>,
    /// The key of the integration to go through; the chosen one when none is named.
    pub integration: Option<String>,
}

/// A sign-in under way.
pub(super) struct UnderWay {
    cancel: CancellationToken,
    link: Option<Url>,
    again: Option<Link>,
    delivery: Option<Delivery>,
    gives_up_at: Timestamp,
    browser_opened: bool,
}

impl UnderWay {
    pub(super) fn view(&self) -> SignInView {
        SignInView { gives_up_at: self.gives_up_at.to_string(), browser_opened: self.browser_opened }
    }
}

impl Session {
    /// Signs a person in through her browser, and returns when that has ended one way or another. It goes on to its end
    /// even when the answer is not waited for; [`Session::cancel_sign_in`] ends it.
    pub async fn sign_in(&self, request: SignInRequest) -> SignInOutcome {
        let inner = Arc::clone(&self.0);
        match tokio::spawn(run(inner, request)).await {
            Ok(outcome) => outcome,
            Err(_) => SignInOutcome::Refused { error: SessionError::Ending.view() },
        }
    }

    /// Gives up the sign-in that is under way, if any.
    pub fn cancel_sign_in(&self) {
        if let Some(under_way) = &self.0.state().under_way {
            under_way.cancel.cancel();
        }
    }

    /// The link of the sign-in that is under way, for a browser that could not be opened, or another one.
    #[must_use]
    pub fn sign_in_link(&self) -> Option<Url> {
        self.0.state().under_way.as_ref().and_then(|under_way| under_way.link.clone())
    }

    /// A link of the sign-in that is under way that has not been used: a pushed request serves once.
    ///
    /// # Errors
    /// No sign-in, or ID-porten gives no new link.
    pub async fn fresh_link(&self) -> Result<Url, ErrorView> {
        let again = self.0.state().under_way.as_ref().and_then(|under_way| under_way.again.clone());
        let again = again.ok_or_else(|| error::error_view(ErrorCode::NotFound, &NoSignIn))?;
        let link = again.again().await.map_err(|error| error::token_error_view(&error))?;
        if let Some(under_way) = self.0.state().under_way.as_mut() {
            under_way.link = Some(link.clone());
        }
        Ok(link)
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// No browser, no sign-in, or ID-porten gives no new link.
    pub async fn reopen_browser(&self) -> Result<(), ErrorView> {
        let link = self.fresh_link().await?;
        let opened = self.0.open_browser(link).await;
        if let Some(under_way) = self.0.state().under_way.as_mut() {
            under_way.browser_opened = opened.is_ok();
        }
        self.0.tell_sign_in();
        opened.map_err(|error| error::error_view(ErrorCode::NoBrowser, &error))
    }

    /// Takes up the sign-in that an earlier run of the program began, with the link that has started this one, and
    /// returns when it has ended. None where a sign-in of this run is under way, or where the link is no sign-in's.
    pub async fn resume(&self, link: &Url) -> Option<SignInOutcome> {
        if link.scheme() != "momsbud" || !link.query_pairs().any(|(name, _)| name == "state") {
            return None;
        }
        let (inner, link) = (Arc::clone(&self.0), link.clone());
        tokio::spawn(resume(inner, link)).await.unwrap_or(None)
    }

    /// Hands a deep link (`momsbud://callback?…`) to the sign-in that waits for it.
    ///
    /// # Errors
    /// It is for no sign-in, or for another one; the one under way goes on.
    pub fn deliver(&self, link: &Url) -> Result<(), DeliveryError> {
        let delivery = self.0.state().under_way.as_ref().and_then(|under_way| under_way.delivery.clone());
        delivery.ok_or(DeliveryError::Over)?.deliver(link)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no sign-in is under way")]
struct NoSignIn;

#[derive(Debug, thiserror::Error)]
#[error("a sign-in is already under way")]
struct AlreadyUnderWay;

async fn run(inner: Arc<Inner>, request: SignInRequest) -> SignInOutcome {
    if let Err(error) = inner.may(Action::SignIn) {
        return SignInOutcome::Refused { error: error.view() };
    }
    let Some(under_way) = Begun::new(&inner) else {
        return SignInOutcome::Refused { error: error::error_view(ErrorCode::SignInBusy, &AlreadyUnderWay) };
    };
    inner.unlock_keyring().await;
    match ask(&inner, &under_way.cancel, request).await {
        Ok(granted) => settle(&inner, under_way, granted).await,
        Err(outcome) => outcome,
    }
}

/// Stores what a sign-in gave and says how it ended.
async fn settle(inner: &Arc<Inner>, under_way: Begun, granted: Granted) -> SignInOutcome {
    match accept(inner, granted).await {
        Ok(()) => {
            drop(under_way);
            inner.fetch_companies().await;
            match inner.shown() {
                Some(session) => SignInOutcome::SignedIn { session: Box::new(session) },
                // Signed out again, or locked, before the companies were there.
                None => SignInOutcome::Cancelled,
            }
        }
        Err(error) => SignInOutcome::Refused { error: error.view() },
    }
}

/// An attempt as it is sealed while a person is in her browser.
#[derive(Serialize, Deserialize)]
struct KeptAttempt {
    integration: String,
    until: Timestamp,
    attempt: String,
}

#[derive(Debug, thiserror::Error)]
#[error("the sign-in was begun before the program was closed, and cannot be ended any more")]
struct TooLate;

async fn resume(inner: Arc<Inner>, link: Url) -> Option<SignInOutcome> {
    if let Err(error) = inner.may(Action::SignIn) {
        return Some(SignInOutcome::Refused { error: error.view() });
    }
    let under_way = Begun::new(&inner)?;
    inner.unlock_keyring().await;
    let too_late = || SignInOutcome::Refused { error: error::error_view(ErrorCode::SignInTooLate, &TooLate) };
    Some(match take_up(&inner, &under_way.cancel, &link).await {
        Ok(Some(granted)) => settle(&inner, under_way, granted).await,
        Ok(None) => too_late(),
        Err(outcome) => outcome,
    })
}

/// Gives the kept attempt its answer; none where nothing is kept that the link could answer.
async fn take_up(inner: &Arc<Inner>, cancel: &CancellationToken, link: &Url) -> Result<Option<Granted>, SignInOutcome> {
    let failed = |error: SessionError| SignInOutcome::Refused { error: error.view() };
    let kept = inner.parts.authorizations.take_sign_in().map_err(|error| failed(error.into()))?;
    let Some(secret) = kept else { return Ok(None) };
    let Ok(kept) = serde_json::from_str::<KeptAttempt>(secret.expose_secret()) else { return Ok(None) };
    if kept.until < inner.now() {
        return Ok(None);
    }
    let settings = inner.settings_of(&kept.integration).map_err(failed)?;
    let integration = inner.integration(&settings).map_err(failed)?;
    let options = SignInOptions { limit: inner.parts.sign_in_limit, ..SignInOptions::default() };
    let attempt = SecretString::from(kept.attempt);
    let attempt = inner.parts.id_porten.resume(&integration, &attempt, options).await;
    let attempt = attempt.map_err(|error| error::outcome(&error))?;
    if attempt.delivery().is_none_or(|delivery| delivery.deliver(link).is_err()) {
        // Somebody else's link: any page may open one, and none may end a sign-in by it.
        if let Err(error) = inner.parts.authorizations.keep_sign_in(&secret) {
            tracing::warn!(%error, "A sign-in under way could not be kept.");
        }
        return Ok(None);
    }
    let grant = attempt.finish(cancel.clone()).await.map_err(|error| error::outcome(&error))?;
    Ok(Some(Granted { grant, at: inner.now(), integration: settings }))
}

/// A sign-in's place in the state; whatever way it ends, the place is free again and everybody hears of it.
struct Begun {
    inner: Arc<Inner>,
    cancel: CancellationToken,
}

impl Begun {
    fn new(inner: &Arc<Inner>) -> Option<Self> {
        let cancel = CancellationToken::new();
        {
            let mut state = inner.state();
            if state.under_way.is_some() {
                return None;
            }
            let gives_up_at = inner.now().saturating_add(inner.parts.sign_in_limit).unwrap_or(Timestamp::MAX);
            let cancel = cancel.clone();
            let under_way =
                UnderWay { cancel, link: None, again: None, delivery: None, gives_up_at, browser_opened: true };
            state.under_way = Some(under_way);
        }
        inner.tell_sign_in();
        Some(Self { inner: Arc::clone(inner), cancel })
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.inner.state().under_way = None;
        self.inner.tell_sign_in();
    }
}

/// Sends the browser off and waits for it to come home with a grant.
async fn ask(inner: &Arc<Inner>, cancel: &CancellationToken, request: SignInRequest) -> Result<Granted, SignInOutcome> {
    let failed = |error: SessionError| SignInOutcome::Refused { error: error.view() };
    let settings = match &request.integration {
        Some(id) => inner.settings_of(id),
        // Who renews what she has, renews it where she has it.
        None if !request.as_another => inner.current_or_chosen(),
        None => inner.chosen(),
    };
    let settings = settings.map_err(failed)?;
    let integration = inner.integration(&settings).map_err(failed)?;
    let ended = |error: SignInError| error::outcome(&error);
    let options = SignInOptions {
        ui_locale: match request.language {
            LanguageName::Nb => UiLocale::Nb,
            LanguageName::Nn => UiLocale::Nn,
            LanguageName::En => UiLocale::En,
        },
        prompt_login: request.as_another,
        login_hint: request.login_hint,
        limit: inner.parts.sign_in_limit,
    };
    let attempt = tokio::select! {
        attempt = inner.parts.id_porten.begin(&integration, options) => attempt.map_err(ended)?,
        () = cancel.cancelled() => return Err(SignInOutcome::Cancelled),
    };
    let link = attempt.url().clone();
    if let Some(under_way) = inner.state().under_way.as_mut() {
        under_way.link = Some(link.clone());
        under_way.again = Some(attempt.link());
        under_way.delivery = attempt.delivery();
    }
    inner.tell_sign_in();
    let kept = inner.keep_attempt(&settings.id, &attempt);
    let finished = attempt.finish(cancel.clone());
    // Beside the waiting and not before it: a browser that takes its time to start may come home before it is done.
    let opening = async {
        if let Err(error) = inner.open_browser(link).await {
            tracing::warn!(%error, "The sign-in waits for its link to be opened by hand.");
            if let Some(under_way) = inner.state().under_way.as_mut() {
                under_way.browser_opened = false;
            }
            inner.tell_sign_in();
        }
        std::future::pending::<()>().await;
    };
    let grant = tokio::select! {
        grant = finished => grant,
        () = opening => return Err(SignInOutcome::Cancelled),
    };
    if kept {
        // Ended here, however: no other run may go on with it.
        if let Err(error) = inner.parts.authorizations.take_sign_in() {
            tracing::warn!(%error, "A sign-in that has ended could not be forgotten.");
        }
    }
    Ok(Granted { grant: grant.map_err(ended)?, at: inner.now(), integration: settings })
}

struct Granted {
    grant: Grant,
    at: Timestamp,
    integration: IntegrationSettings,
}

/// Stores a grant and makes its person the one who is signed in; Altinn's token follows at once.
async fn accept(inner: &Arc<Inner>, granted: Granted) -> Result<(), SessionError> {
    let _none_renews = inner.renewals.pause().await;
    let Granted { grant, at, integration } = granted;
    let scopes = grant.granted_scopes.clone();
    let mut tokens = Tokens::of_grant(grant, at, None);
    let ends_at = Inner::authorization_end(&integration, at, &tokens);
    let new = NewAuthorization { scopes: &scopes, granted_at: at, ends_at };
    let store =
        |tokens: &Tokens| inner.parts.authorizations.signed_in(inner.parts.random.as_ref(), &integration, &new, tokens);
    // Before the exchange: a program that ends during it must not lose a sign-in that a person has made.
    let authorization = store(&tokens)?;
    let altinn_problem = match inner.exchange(&mut tokens).await {
        Ok(()) => {
            store(&tokens)?;
            None
        }
        Err(error) => Some(error::exchange_error_view(&error)),
    };
    let companies = Vec::new();
    inner.state().signed_in = Some(SignedIn { authorization, integration, tokens, altinn_problem, companies });
    inner.tell_session();
    Ok(())
}

impl Inner {
    /// Keeps what another run needs to take the answer, where the answer is a link that may start it. Returns whether
    /// anything is kept.
    fn keep_attempt(&self, integration: &str, attempt: &Attempt) -> bool {
        let until = self.now().saturating_add(self.parts.sign_in_limit).unwrap_or(Timestamp::MAX);
        let Some(attempt) = attempt.to_keep() else { return false };
        let kept =
            KeptAttempt { integration: integration.to_owned(), until, attempt: attempt.expose_secret().to_owned() };
        let Ok(kept) = serde_json::to_string(&kept).map(SecretString::from) else { return false };
        match self.parts.authorizations.keep_sign_in(&kept) {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "A sign-in under way could not be kept.");
                false
            }
        }
    }

    /// Opens the browser on a thread that may wait, and waits no longer than a person would.
    pub(super) async fn open_browser(&self, address: Url) -> Result<(), BrowserError> {
        let browser: Arc<dyn Browser> = Arc::clone(&self.parts.browser);
        let opening = tokio::task::spawn_blocking(move || browser.open(&address));
        match tokio::time::timeout(BROWSER_PATIENCE, opening).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(_)) => Err(BrowserError::new("the attempt broke off")),
            Err(_) => Err(BrowserError::new("it did not start in time")),
        }
    }
}
