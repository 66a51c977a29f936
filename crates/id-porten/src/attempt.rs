//! One sign-in under way: the address to open, the way home, and the end.

use crate::callback::{AuthorizationResponse, Browser, Ending, Listener, Page};
use crate::error::{SignInError, TokenError};
use crate::grant::Grant;
use crate::integration::{Integration, Redirect};
use crate::link_answer::LinkAnswer;
use crate::options::SignInOptions;
use crate::pending::Pending;
use crate::random;
use crate::relying_party::RelyingParty;
use openidconnect::{Nonce, PkceCodeVerifier};
use secrecy::SecretString;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use url::Url;

/// How long the browser's page waits for the exchange before it is answered without knowing the end.
const PATIENCE: Duration = Duration::from_secs(15);

impl RelyingParty {
    /// Prepares a sign-in: reads the metadata, opens the callback's listener, pushes the request where the integration
    /// asks for it. Nothing is opened in a browser; that is done with [`Attempt::url`].
    ///
    /// # Errors
    /// [`SignInError::Listener`], and every [`TokenError`] of discovery and PAR.
    pub async fn begin(&self, integration: &Integration, options: SignInOptions) -> Result<Attempt, SignInError> {
        let inner = &self.inner;
        if let Some(fault) = integration.redirect.fault() {
            return Err(TokenError::Configuration(fault.to_owned()).into());
        }
        let endpoints = inner.discovery.endpoints(&inner.http, integration).await?;
        let listener = match integration.redirect.loopback() {
            Some((host, port, path)) => Some(Listener::bind(host, port, path).await?),
            None => None,
        };
        let redirect_uri = listener.as_ref().map_or_else(|| integration.redirect.registered(), Listener::redirect_uri);
        let verifier = PkceCodeVerifier::new(random::token(&*inner.random)?);
        let pending = Pending {
            integration: integration.clone(),
            endpoints,
            redirect_uri,
            state: SecretString::from(random::token(&*inner.random)?),
            nonce: Nonce::new(random::token(&*inner.random)?),
            verifier,
        };
        let url = self.authorization_url(&pending, &options).await?;
        tracing::debug!(issuer = %integration.issuer, pushed = integration.use_par, "A sign-in has begun.");
        Ok(Attempt::new(self.clone(), Arc::new(pending), listener, url, options))
    }
}

/// A sign-in under way. Dropping it closes the listener.
pub struct Attempt {
    party: RelyingParty,
    pending: Arc<Pending>,
    listener: Option<Listener>,
    url: Url,
    options: SignInOptions,
    delivery: Option<Delivery>,
    delivered: mpsc::Receiver<AuthorizationResponse>,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt").field("issuer", &self.pending.integration.issuer).finish_non_exhaustive()
    }
}

impl Attempt {
    pub(crate) fn new(
        party: RelyingParty,
        pending: Arc<Pending>,
        listener: Option<Listener>,
        url: Url,
        options: SignInOptions,
    ) -> Self {
        let (sender, delivered) = mpsc::channel(1);
        let delivery = match &pending.integration.redirect {
            Redirect::HostedPage { deep_link, .. } => {
                Some(Delivery { deep_link: deep_link.clone(), state: pending.state.clone(), sender })
            }
            _ => None,
        };
        Self { party, pending, listener, url, options, delivery, delivered }
    }

    pub(crate) fn pending(&self) -> &Pending {
        &self.pending
    }

    /// The address to open in the browser, to show and to copy. With a pushed request it serves once and for about two
    /// minutes (apis.md section 3.4).
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The handle that gives the address again, for "open the browser again" while the attempt runs.
    #[must_use]
    pub fn link(&self) -> Link {
        Link {
            party: self.party.clone(),
            pending: self.pending.clone(),
            options: self.options.clone(),
            first: self.url.clone(),
        }
    }

    /// Where the browser is sent home to.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.pending.redirect_uri
    }

    /// The handle through which the shell hands over a deep link; none where the listener hears the answer itself.
    #[must_use]
    pub fn delivery(&self) -> Option<Delivery> {
        self.delivery.clone()
    }

    /// Waits for the browser to come home, exchanges the code at once and validates what comes. The page in the browser
    /// is answered afterwards, so that it tells the truth.
    ///
    /// # Errors
    /// [`SignInError`]; whatever it is, the attempt is over and its listener closed.
    pub async fn finish(self, cancel: CancellationToken) -> Result<Grant, SignInError> {
        let Self { party, pending, mut listener, url: _, options, delivery: _delivery, mut delivered } = self;
        let page = Page::new(options.ui_locale);
        let mut browser = None;
        let outcome = {
            let work = async {
                let coming_home = async {
                    match listener.as_mut() {
                        Some(listener) => {
                            let (response, waiting) = listener.answer(&page, &pending.state).await;
                            browser = Some(waiting);
                            Some(response)
                        }
                        None => delivered.recv().await,
                    }
                };
                // The limit is the person's; what follows is bounded by the limits of each request, and a code that came
                // in the last second is still used.
                let response = match tokio::time::timeout(options.limit, coming_home).await {
                    Ok(Some(response)) => response,
                    // The sender lives as long as this attempt, so the channel does not end before it.
                    Ok(None) => return Err(SignInError::Cancelled),
                    Err(_) => return Err(SignInError::TimedOut),
                };
                // RFC 8252: open for one attempt, closed after one answer; not first when the exchange is over.
                drop(listener.take());
                delivered.close();
                let code =
                    response.code(&pending.state, &pending.integration.issuer, pending.endpoints.names_itself)?;
                let mut exchange = std::pin::pin!(party.redeem(&pending, &code));
                tokio::select! {
                    grant = &mut exchange => Ok(grant?),
                    () = tokio::time::sleep(PATIENCE) => {
                        respond(&mut browser, &page, Ending::Waiting).await;
                        Ok(exchange.await?)
                    }
                }
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(SignInError::Cancelled),
                outcome = work => outcome,
            }
        };
        respond(&mut browser, &page, ending(&outcome)).await;
        match &outcome {
            Ok(_) => tracing::info!("A sign-in has succeeded."),
            Err(error) => tracing::info!(%error, "A sign-in has ended without tokens."),
        }
        outcome
    }
}

async fn respond(browser: &mut Option<Browser>, page: &Page, ending: Ending) {
    if let Some(browser) = browser.take() {
        browser.answer(page, ending).await;
    }
}

fn ending(outcome: &Result<Grant, SignInError>) -> Ending {
    match outcome {
        Ok(_) => Ending::SignedIn,
        Err(SignInError::Denied { .. } | SignInError::Cancelled) => Ending::NotSignedIn,
        Err(SignInError::InvalidState | SignInError::InvalidIssuer { .. } | SignInError::InvalidAnswer(_)) => {
            Ending::NotOurs
        }
        Err(_) => Ending::Failed,
    }
}

/// The way to the browser for an attempt under way.
#[derive(Clone)]
pub struct Link {
    party: RelyingParty,
    pending: Arc<Pending>,
    options: SignInOptions,
    first: Url,
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link").field("issuer", &self.pending.integration.issuer).finish_non_exhaustive()
    }
}

impl Link {
    /// The address to open once more: the same, or a newly pushed request where the first one has been used up.
    ///
    /// # Errors
    /// Every [`TokenError`] of PAR.
    pub async fn again(&self) -> Result<Url, TokenError> {
        if self.pending.integration.use_par {
            self.party.authorization_url(&self.pending, &self.options).await
        } else {
            Ok(self.first.clone())
        }
    }
}

/// Hands a deep link to the attempt that waits for it. Kept by the shell while the attempt runs.
#[derive(Clone)]
pub struct Delivery {
    deep_link: Url,
    state: SecretString,
    sender: mpsc::Sender<AuthorizationResponse>,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery").field("deep_link", &self.deep_link.as_str()).finish_non_exhaustive()
    }
}

/// Why a link was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// It is not the callback's link. Remedy: give it to whoever it is for.
    #[error("the link is not a sign-in's")]
    NotACallback,
    /// It answers another attempt: a restored tab, or a link that somebody slipped in. The attempt goes on; any page may
    /// open a deep link, and none may end a sign-in by it.
    #[error("the link belongs to another sign-in")]
    InvalidState,
    /// The attempt has its answer or is over.
    #[error("the sign-in is over")]
    Over,
}

impl Delivery {
    /// Whether `answer` is the one that is waited for.
    pub(crate) fn expects(&self, answer: &LinkAnswer) -> bool {
        self.accepted(answer).is_ok()
    }

    /// Hands over what came by a link.
    ///
    /// # Errors
    /// [`DeliveryError`]; the attempt is as before.
    pub fn deliver(&self, answer: &LinkAnswer) -> Result<(), DeliveryError> {
        let response = self.accepted(answer)?.clone();
        self.sender.try_send(response).map_err(|_| DeliveryError::Over)
    }

    fn accepted<'a>(&self, answer: &'a LinkAnswer) -> Result<&'a AuthorizationResponse, DeliveryError> {
        if !answer.came_to(&self.deep_link) {
            return Err(DeliveryError::NotACallback);
        }
        let response = answer.response();
        if response.is_for(&self.state) { Ok(response) } else { Err(DeliveryError::InvalidState) }
    }
}
