//! Integrations: the clients registered with ID-porten, their settings in the open and their secrets sealed.

mod destinations;
pub mod form;

use std::fmt;

use base16ct::lower::encode_string;
pub use destinations::Destinations;
use id_porten::{
    AuthenticationMethod, ClientAuthentication, ClientSecret, EndpointOverrides, Integration, Issuer, Lifetimes,
    Random, RandomError, Redirect, SigningKey, SigningKeyError,
};
use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef},
};
use serde::{Deserialize, Serialize};
use store::vault::SecretStoreError;
use url::Url;
use view::RefreshTokenKind;

/// Skatteetaten's old submission scope, being phased out in 2026 (apis.md 1.2). Asking for a scope that the client does
/// not own makes ID-porten refuse the whole sign-in, so it is asked for only where it is wanted.
pub const OLD_SCOPE: &str = "skatteetaten:mvameldinginnsending";

/// Key of the integration that every environment has: practice's own, or the one of `environments.json`.
const STANDARD: &str = "standard";

/// Key of an integration within its environment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntegrationId(String);

impl IntegrationId {
    /// The one of the integration that every environment has.
    #[must_use]
    pub fn standard() -> Self {
        Self(STANDARD.to_owned())
    }

    /// A new one, which nobody has.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn random(random: &dyn Random) -> Result<Self, RandomError> {
        let mut bytes = [0_u8; 8];
        random.fill(&mut bytes)?;
        Ok(Self(encode_string(&bytes)))
    }

    /// The key as it is stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the one of the integration that every environment has.
    #[must_use]
    pub fn is_standard(&self) -> bool {
        self.0 == STANDARD
    }
}

impl From<String> for IntegrationId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl From<&str> for IntegrationId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for IntegrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ToSql for IntegrationId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for IntegrationId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        String::column_result(value).map(Self)
    }
}

/// What is registered, without secrets: may be shown, exported and stored as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct IntegrationSettings {
    /// Key within the environment.
    pub id: IntegrationId,
    /// Name for people.
    pub name: String,
    /// ID-porten or whoever stands in for it.
    pub issuer: Issuer,
    /// The client id; none until one is registered.
    pub client_id: Option<String>,
    /// How the client proves itself.
    pub authentication: AuthenticationMethod,
    /// Where the browser comes home to.
    pub redirect: Redirect,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Whether [`OLD_SCOPE`] is asked for too.
    pub ask_for_old_scope: bool,
    /// The levels of assurance asked for; empty for whatever ID-porten gives.
    pub acr_values: Vec<String>,
    /// Whether the request is pushed first.
    pub use_par: bool,
    /// Lifetimes as registered.
    pub lifetimes: Lifetimes,
    /// Kind of refresh token as registered; the program takes whichever comes.
    pub refresh_token_kind: RefreshTokenKind,
    /// The id that the key of `private_key_jwt` is registered under; none for its thumbprint.
    pub key_id: Option<String>,
    /// Endpoints that go ahead of discovery.
    pub endpoints: EndpointOverrides,
    /// Where the browser goes after logging out.
    pub post_logout_redirect_uri: Option<Url>,
}

/// An integration that cannot sign anybody in as it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrationError {
    /// There is no client id. Remedy: register an integration and enter its client id.
    #[error("there is no client id: the integration is not registered yet")]
    NotRegistered,
    /// The client proves itself by a secret or a key, and there is none. Remedy: enter it.
    #[error("the client's {0} is missing")]
    SecretMissing(&'static str),
    /// The key is no key.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The secret cannot be read.
    #[error(transparent)]
    Secrets(#[from] SecretStoreError),
    /// It has been removed.
    #[error("there is no such integration any more")]
    Gone,
}

impl IntegrationSettings {
    /// Everything that is asked for at sign-in.
    #[must_use]
    pub fn asked_scopes(&self) -> Vec<String> {
        let mut scopes = self.scopes.clone();
        if self.ask_for_old_scope && !scopes.iter().any(|scope| scope == OLD_SCOPE) {
            scopes.push(OLD_SCOPE.to_owned());
        }
        scopes
    }

    /// Whether there is a client id to ask with.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        self.client_id.is_some()
    }

    /// Whether tokens got through `before` are of no use through this one: another client, or another issuer.
    #[must_use]
    pub fn is_another_client_than(&self, before: &Self) -> bool {
        (&self.client_id, &self.issuer) != (&before.client_id, &before.issuer)
    }

    /// Where everything goes that this integration is trusted with.
    #[must_use]
    pub fn destinations(&self) -> Destinations {
        Destinations::of(&self.issuer, &self.endpoints)
    }

    /// The integration with its secret: a client secret, or a private key in PEM form.
    ///
    /// # Errors
    /// See [`IntegrationError`].
    pub fn with_secret(&self, secret: Option<&str>) -> Result<Integration, IntegrationError> {
        let client_id = self.client_id.as_deref().ok_or(IntegrationError::NotRegistered)?;
        let authentication = match proof(self.authentication, secret)? {
            ClientAuthentication::PrivateKeyJwt(key) => {
                ClientAuthentication::PrivateKeyJwt(key.with_key_id(self.key_id.as_deref()))
            }
            other => other,
        };
        Ok(Integration {
            authentication,
            redirect: crate::link::with_known_scheme(&self.redirect),
            scopes: self.asked_scopes(),
            acr_values: self.acr_values.clone(),
            use_par: self.use_par,
            lifetimes: self.lifetimes,
            endpoints: self.endpoints.clone(),
            post_logout_redirect_uri: self.post_logout_redirect_uri.clone(),
            ..Integration::native(self.issuer.clone(), client_id)
        })
    }
}

/// What a person has entered, or a file says, where it may also say nothing.
pub(crate) fn entered(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// How a client proves itself, with its secret: a client secret, or a private key in PEM form.
pub(crate) fn proof(
    method: AuthenticationMethod,
    secret: Option<&str>,
) -> Result<ClientAuthentication, IntegrationError> {
    let client_secret = || secret.map(ClientSecret::new).ok_or(IntegrationError::SecretMissing("secret"));
    Ok(match method {
        AuthenticationMethod::None => ClientAuthentication::None,
        AuthenticationMethod::ClientSecretPost => ClientAuthentication::SecretPost(client_secret()?),
        AuthenticationMethod::ClientSecretBasic => ClientAuthentication::SecretBasic(client_secret()?),
        AuthenticationMethod::PrivateKeyJwt => {
            let pem = secret.ok_or(IntegrationError::SecretMissing("private key"))?;
            ClientAuthentication::PrivateKeyJwt(SigningKey::from_pem(pem)?)
        }
    })
}
