//! The relying party: begins sign-ins, keeps them going, ends them.

use crate::clock::Clock;
use crate::discovery::{Discovery, Endpoints};
use crate::error::{Endpoint, Fate, IdTokenFault, NotRefreshed, TokenError};
use crate::grant::Grant;
use crate::http::{Form, Http};
use crate::id_token::{self, Expected, Validated};
use crate::identity::{Identity, WorkClaims};
use crate::integration::{AuthenticationMethod, Integration};
use crate::logout::EndSession;
use crate::options::SignInOptions;
use crate::pending::Pending;
use crate::random::{self, Random, SystemRandom};
use crate::secrets::{AccessToken, IdToken, RefreshToken};
use crate::tokens::{self, TokenAnswer, asked_scopes};
use crate::userinfo;
use jiff::SignedDuration;
use openidconnect::{Nonce, PkceCodeChallenge};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Signs people in through any integration. Cheap to clone; clones share the cache of metadata and keys.
#[derive(Clone)]
pub struct RelyingParty {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) http: Http,
    clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) discovery: Discovery,
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty").finish_non_exhaustive()
    }
}

/// Which token to revoke.
#[derive(Debug, Clone, Copy)]
pub enum Revocable<'a> {
    /// The refresh token; at ID-porten every token of the grant goes with it.
    Refresh(&'a RefreshToken),
    /// The access token.
    Access(&'a AccessToken),
}

impl RelyingParty {
    /// A relying party on an HTTP client that follows no redirects ([`crate::client_builder`] makes one), with the
    /// operating system's randomness and twenty seconds for each request.
    #[must_use]
    pub fn new(http: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self::assembled(Http::new(http, clock.clone()), clock, Arc::new(SystemRandom))
    }

    /// The same with another source of randomness.
    #[must_use]
    pub fn with_random(self, random: Arc<dyn Random>) -> Self {
        Self::assembled(self.inner.http.clone(), self.inner.clock.clone(), random)
    }

    /// The same with another time for each request, from connecting to the last byte.
    #[must_use]
    pub fn with_request_limit(self, limit: Duration) -> Self {
        Self::assembled(self.inner.http.clone().with_limit(limit), self.inner.clock.clone(), self.inner.random.clone())
    }

    fn assembled(http: Http, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let discovery = Discovery::new(clock.clone());
        Self { inner: Arc::new(Inner { http, clock, random, discovery }) }
    }

    /// The same without what is remembered of issuers.
    pub(crate) fn without_cache(&self) -> Self {
        Self::assembled(self.inner.http.clone(), self.inner.clock.clone(), self.inner.random.clone())
    }

    /// How far the issuer's clock was ahead of this machine's (negative: behind) at the last answer; none before any.
    /// More than five minutes is worth a word to the person.
    #[must_use]
    pub fn clock_skew(&self) -> Option<SignedDuration> {
        self.inner.http.skew()
    }

    pub(crate) async fn authorization_url(
        &self,
        pending: &Pending,
        options: &SignInOptions,
    ) -> Result<Url, TokenError> {
        let integration = &pending.integration;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&pending.verifier);
        let acr_values = Some(integration.acr_values.join(" ")).filter(|values| !values.is_empty());
        let form = Form::default()
            .with("response_type", "code")
            .with("redirect_uri", pending.redirect_uri.as_str())
            .with("scope", asked_scopes(integration).join(" "))
            .with("state", pending.state.expose_secret())
            .with("nonce", pending.nonce.secret().as_str())
            .with("code_challenge", challenge.as_str())
            .with("code_challenge_method", challenge.method().as_str())
            .with("ui_locales", options.ui_locale.code())
            .with_some("acr_values", acr_values)
            .with_some("prompt", options.prompt_login.then_some("login"))
            .with_some("login_hint", options.login_hint.as_deref())
            .with_some("authorization_details", integration.authorization_details.as_ref().map(ToString::to_string));
        let front = Form::default().with("client_id", integration.client_id.as_str());
        let authorization = &pending.endpoints.authorization;
        if !integration.use_par {
            return Ok(form.onto(&front.onto(authorization)));
        }
        Ok(front.with("request_uri", self.push(pending, form).await?).onto(authorization))
    }

    /// Pushes the authorization request (RFC 9126 section 2) and returns its `request_uri`.
    async fn push(&self, pending: &Pending, form: Form) -> Result<String, TokenError> {
        #[derive(Deserialize)]
        struct Pushed {
            request_uri: String,
        }
        let endpoint = Endpoint::PushedAuthorizationRequest;
        let Some(address) = &pending.endpoints.pushed_authorization_request else {
            return Err(TokenError::Configuration("the issuer takes no pushed authorization requests".to_owned()));
        };
        // Required in the form however the client proves itself (section 2.1); every method but this one has it there.
        let integration = &pending.integration;
        let in_header = integration.authentication.method() == AuthenticationMethod::ClientSecretBasic;
        let form = form.with_some("client_id", in_header.then_some(integration.client_id.as_str()));
        let answer = self.post(integration, endpoint, address, form).await?;
        Ok(tokens::json::<Pushed>(&answer, endpoint)?.request_uri)
    }

    /// Exchanges the code: once, whatever comes of it (RFC 6749 section 4.1.2: a code used twice is an attack, and the
    /// issuer may take everything back).
    pub(crate) async fn redeem(&self, pending: &Pending, code: &SecretString) -> Result<Grant, TokenError> {
        let inner = &self.inner;
        let integration = &pending.integration;
        let form = Form::default()
            .with("grant_type", "authorization_code")
            .with("code", code.expose_secret())
            .with("redirect_uri", pending.redirect_uri.as_str())
            .with("code_verifier", pending.verifier.secret().as_str());
        let sent = inner.clock.now();
        let answer = self.post(integration, Endpoint::Token, &pending.endpoints.token, form).await?;
        let answer = TokenAnswer::read(&answer)?;
        answer.check()?;
        let id_token = answer.id_token().ok_or(TokenError::UntrustedIdToken { what: IdTokenFault::Missing })?;
        let access_token = answer.access_token();
        let mut validated =
            self.validated(integration, &pending.endpoints, &id_token, &access_token, Some(&pending.nonce)).await?;
        if integration.use_userinfo && validated.identity.name.is_none() {
            let sub = &validated.identity.sub;
            validated.identity.name = userinfo::name(&inner.http, &pending.endpoints, &access_token, sub).await?;
        }
        Ok(answer.into_grant(integration, validated, sent))
    }

    /// Fetches new tokens without the person. `first` is the identity of the sign-in; a new id_token must be about the
    /// same person from the same issuer (OpenID Connect Core 1.0 section 12.2).
    ///
    /// A refresh token serves once: whoever keeps it takes it out before this is called ([`RelyingParty::ready`] says
    /// whether it is worth it), and puts back what [`Fate`] says.
    ///
    /// # Errors
    /// [`NotRefreshed`], with a [`TokenError::TooLate`] when the refresh token has ended, was used or revoked, and with every
    /// other [`TokenError`]; and with what has become of the token.
    pub async fn refresh(
        &self,
        integration: &Integration,
        token: &RefreshToken,
        first: &Identity,
    ) -> Result<Grant, NotRefreshed> {
        let inner = &self.inner;
        let before = |error: TokenError| NotRefreshed { fate: Fate::Unused, error };
        let endpoints = inner.discovery.endpoints(&inner.http, integration).await.map_err(before)?;
        let form = Form::default().with("grant_type", "refresh_token").with("refresh_token", token.expose());
        let sent = inner.clock.now();
        let answer = self.post(integration, Endpoint::Token, &endpoints.token, form).await;
        let answer = answer.map_err(|error| NotRefreshed { fate: error.fate(), error })?;
        // From here on the old one has been used. What has come in its place is kept whatever else is wrong.
        let answer = TokenAnswer::read(&answer).map_err(|error| NotRefreshed { fate: Fate::Spent, error })?;
        let validated = async {
            answer.check()?;
            match answer.id_token() {
                None => Ok(Validated { identity: first.clone(), work: WorkClaims::default() }),
                Some(id_token) => {
                    let now = self.validated(integration, &endpoints, &id_token, &answer.access_token(), None).await?;
                    Ok(Validated { identity: same_person(first, now.identity)?, work: now.work })
                }
            }
        };
        match validated.await {
            Ok(validated) => Ok(answer.into_grant(integration, validated, sent)),
            Err(error) => {
                let fate = match answer.refresh_token(integration, sent) {
                    Some((by, until)) => Fate::Replaced { by, until },
                    // RFC 6749 section 6: without a new one the old one goes on serving.
                    None => Fate::Unused,
                };
                Err(NotRefreshed { error, fate })
            }
        }
    }

    /// Whether a refresh is worth a refresh token now: the issuer answers, and this machine's clock is right by its `Date`.
    /// With a wrong clock its good answer would look bad.
    ///
    /// # Errors
    /// [`TokenError::ClockSkew`], and every [`TokenError`] of discovery.
    pub async fn ready(&self, integration: &Integration) -> Result<(), TokenError> {
        let inner = &self.inner;
        inner.discovery.anew(&inner.http, integration).await?;
        match inner.http.wrong_clock() {
            Some(by) => Err(TokenError::ClockSkew { by }),
            None => Ok(()),
        }
    }

    /// Takes tokens back (RFC 7009). Nothing to do, and no error, where the issuer has no revocation endpoint.
    ///
    /// # Errors
    /// Every [`TokenError`] but those about the id_token; the token may then still be good.
    pub async fn revoke(&self, integration: &Integration, token: Revocable<'_>) -> Result<(), TokenError> {
        let inner = &self.inner;
        let endpoints = inner.discovery.endpoints(&inner.http, integration).await?;
        let Some(address) = &endpoints.revocation else { return Ok(()) };
        let (secret, hint) = match token {
            Revocable::Refresh(token) => (token.expose(), "refresh_token"),
            Revocable::Access(token) => (token.expose(), "access_token"),
        };
        let form = Form::default().with("token", secret).with("token_type_hint", hint);
        self.post(integration, Endpoint::Revocation, address, form).await.map(|_| ())
    }

    /// Where to send the browser to end the session at the issuer (OpenID Connect RP-Initiated Logout 1.0); none where
    /// the issuer offers nothing. Tokens live on: revoke them first.
    ///
    /// # Errors
    /// Every [`TokenError`] of discovery.
    pub async fn end_session_url(
        &self,
        integration: &Integration,
        id_token: Option<&IdToken>,
    ) -> Result<Option<EndSession>, TokenError> {
        let inner = &self.inner;
        let endpoints = inner.discovery.endpoints(&inner.http, integration).await?;
        let Some(address) = &endpoints.end_session else { return Ok(None) };
        let state = random::token(&*inner.random)?;
        Ok(Some(EndSession::new(address, integration, id_token, state)))
    }

    async fn validated(
        &self,
        integration: &Integration,
        endpoints: &Endpoints,
        id_token: &IdToken,
        access_token: &AccessToken,
        nonce: Option<&Nonce>,
    ) -> Result<Validated, TokenError> {
        let inner = &self.inner;
        let expected = Expected { integration, nonce, access_token, now: inner.clock.now() };
        id_token::validate(id_token, &expected, &inner.discovery, endpoints, &inner.http).await
    }

    async fn post(
        &self,
        integration: &Integration,
        endpoint: Endpoint,
        address: &Url,
        form: Form,
    ) -> Result<crate::http::Answer, TokenError> {
        let inner = &self.inner;
        tokens::post(&inner.http, integration, endpoint, address, form, inner.clock.now(), &*inner.random).await
    }
}

/// The refreshed identity, if it is the first one's. What the new id_token leaves out is kept from the first.
fn same_person(first: &Identity, now: Identity) -> Result<Identity, TokenError> {
    let untrusted = |what| Err(TokenError::UntrustedIdToken { what });
    if now.issuer != first.issuer {
        return untrusted(IdTokenFault::Issuer);
    }
    if now.sub != first.sub {
        return untrusted(IdTokenFault::Subject);
    }
    let or = |now: Option<String>, first: &Option<String>| now.or_else(|| first.clone());
    Ok(Identity {
        name: or(now.name, &first.name),
        masked_id: or(now.masked_id, &first.masked_id),
        acr: or(now.acr, &first.acr),
        auth_time: now.auth_time.or(first.auth_time),
        sid: or(now.sid, &first.sid),
        ..now
    })
}
