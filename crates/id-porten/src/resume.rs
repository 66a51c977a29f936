//! A sign-in that outlives the program: with a hosted page the way home is a link, and the link may start a program that
//! was closed while the person was in her browser.

use crate::attempt::Attempt;
use crate::error::{SignInError, TokenError};
use crate::integration::{Integration, Redirect};
use crate::options::SignInOptions;
use crate::pending::Pending;
use crate::relying_party::RelyingParty;
use openidconnect::{Nonce, PkceCodeVerifier};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use url::Url;

/// What belongs to one attempt and to nobody else.
#[derive(Serialize, Deserialize)]
struct AttemptSecrets {
    redirect_uri: String,
    state: String,
    nonce: String,
    verifier: String,
}

impl Attempt {
    /// What another run of the program needs to take this attempt's answer; none where the answer comes to a listener,
    /// which ends with the program. A secret: whoever has it and the code has the tokens.
    #[must_use]
    pub fn to_stored(&self) -> Option<SecretString> {
        let pending = self.pending();
        if !matches!(pending.integration.redirect, Redirect::HostedPage { .. }) {
            return None;
        }
        let kept = AttemptSecrets {
            redirect_uri: pending.redirect_uri.clone(),
            state: pending.state.expose_secret().to_owned(),
            nonce: pending.nonce.secret().clone(),
            verifier: pending.verifier.secret().clone(),
        };
        serde_json::to_string(&kept).ok().map(SecretString::from)
    }
}

impl RelyingParty {
    /// Takes an attempt up again that an earlier run of the program began, to hand it its answer.
    ///
    /// # Errors
    /// [`SignInError::InvalidState`] where `kept` is not what [`Attempt::to_stored`] gave, and every [`TokenError`] of
    /// discovery.
    pub async fn resume(
        &self,
        integration: &Integration,
        kept: &SecretString,
        options: SignInOptions,
    ) -> Result<Attempt, SignInError> {
        let kept: AttemptSecrets = serde_json::from_str(kept.expose_secret()).map_err(|_| SignInError::InvalidState)?;
        let endpoints = self.inner.discovery.endpoints(&self.inner.http, integration).await?;
        let url = Url::parse(&kept.redirect_uri)
            .map_err(|_| TokenError::Configuration("the redirect is no address".to_owned()))?;
        let pending = Pending {
            integration: integration.clone(),
            endpoints,
            redirect_uri: kept.redirect_uri,
            state: SecretString::from(kept.state),
            nonce: Nonce::new(kept.nonce),
            verifier: PkceCodeVerifier::new(kept.verifier),
        };
        Ok(Attempt::new(self.clone(), Arc::new(pending), None, url, options))
    }
}
