//! Trying an integration without a person: does the issuer answer, and would it take this client's request?
//!
//! A pushed authorization request (RFC 9126 section 2.1) is checked by the issuer as one through the browser is, and is
//! answered in words instead of on a page; one that nobody follows ends by itself after a minute or two.

use crate::error::TokenError;
use crate::integration::{Integration, Redirect};
use crate::options::SignInOptions;
use crate::pending::Pending;
use crate::random;
use crate::relying_party::RelyingParty;
use openidconnect::{Nonce, PkceCodeVerifier};
use secrecy::SecretString;

/// A port that stands for any: nothing listens there, and nobody is sent there.
const SOME_PORT: u16 = 49_152;

impl RelyingParty {
    /// Reads the issuer's metadata and keys anew, whatever is known of them.
    ///
    /// # Errors
    /// Every [`TokenError`] of discovery.
    pub async fn probe_issuer(&self, integration: &Integration) -> Result<(), TokenError> {
        let fresh = self.without_cache();
        let endpoints = fresh.inner.discovery.endpoints(&fresh.inner.http, integration).await?;
        fresh.inner.discovery.fetch_keys(&fresh.inner.http, &endpoints.jwks).await.map(|_| ())
    }

    /// Pushes an authorization request that nobody will follow, and says whether the issuer takes such requests; where
    /// it does and this is no error, it knows the client, takes its proof, and allows its redirect and scopes.
    ///
    /// # Errors
    /// [`TokenError::IntegrationRefused`] and [`TokenError::Refused`] with the issuer's words; every other
    /// [`TokenError`] of discovery and PAR.
    pub async fn probe_request(&self, integration: &Integration) -> Result<bool, TokenError> {
        if let Some(fault) = integration.redirect.fault() {
            return Err(TokenError::Configuration(fault.to_owned()));
        }
        let inner = &self.inner;
        let endpoints = inner.discovery.endpoints(&inner.http, integration).await?;
        if endpoints.pushed_authorization_request.is_none() {
            return Ok(false);
        }
        let redirect_uri = match &integration.redirect {
            Redirect::LoopbackAnyPort { path } => format!("http://127.0.0.1:{SOME_PORT}{path}"),
            other => other.registered(),
        };
        let pending = Pending {
            integration: Integration { use_par: true, ..integration.clone() },
            endpoints,
            redirect_uri,
            state: SecretString::from(random::token(&*inner.random)?),
            nonce: Nonce::new(random::token(&*inner.random)?),
            verifier: PkceCodeVerifier::new(random::token(&*inner.random)?),
        };
        self.authorization_url(&pending, &SignInOptions::default()).await.map(|_| true)
    }
}
