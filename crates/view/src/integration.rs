//! An integration as it is filled in: plain fields, each of which can be wrong by itself.
//!
//! The same words in the window, in the database, in an exported file and in `environments.json`.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What happens to a refresh token that has been used (apis.md 3.5, "Type refresh token").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum RefreshTokenKind {
    /// "Engangs": each use gives a new one.
    #[default]
    OneTime,
    /// "Gjenbrukbart": it serves until it ends.
    Reusable,
}

/// How the client proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ClientProof {
    /// Not at all: a public client.
    #[default]
    None,
    /// A secret in the request.
    ClientSecretPost,
    /// A secret in the header.
    ClientSecretBasic,
    /// A signature.
    PrivateKeyJwt,
}

/// The three ways home from the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RedirectForm {
    /// This computer, on whichever port is free.
    LoopbackAnyPort {
        /// The path, with its leading slash.
        path: String,
    },
    /// This computer, on one port.
    LoopbackFixedPort {
        /// `127.0.0.1` or `localhost`.
        host: String,
        /// The port, from 1.
        port: u16,
        /// The path, with its leading slash.
        path: String,
    },
    /// The page that the firm hosts.
    HostedPage {
        /// Its https address.
        page: String,
    },
}

/// Endpoints that go ahead of discovery; empty for what discovery says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EndpointsForm {
    /// Where the metadata lies.
    pub discovery: String,
    /// The authorization endpoint.
    pub authorization: String,
    /// The token endpoint.
    pub token: String,
    /// The pushed authorization request endpoint.
    pub pushed_authorization_request: String,
    /// The issuer's keys.
    pub jwks: String,
    /// The userinfo endpoint.
    pub userinfo: String,
    /// The revocation endpoint.
    pub revocation: String,
    /// The end-session endpoint.
    pub end_session: String,
}

/// Everything of an integration but its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationForm {
    /// Name for people.
    pub name: String,
    /// The issuer's address.
    pub issuer: String,
    /// The client id.
    pub client_id: String,
    /// How the client proves itself.
    pub authentication: ClientProof,
    /// Where the browser comes home to.
    pub redirect: RedirectForm,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Whether Skatteetaten's old submission scope is asked for too.
    pub ask_for_old_scope: bool,
    /// The levels of assurance asked for.
    pub acr_values: Vec<String>,
    /// Whether the request is pushed first.
    pub use_par: bool,
    /// Lifetime of the authorization, seconds.
    pub authorization_seconds: u32,
    /// Lifetime of an access token, seconds.
    pub access_token_seconds: u32,
    /// Lifetime of a refresh token, seconds; 0 is as long as the authorization.
    pub refresh_token_seconds: u32,
    /// Kind of refresh token.
    pub refresh_token_kind: RefreshTokenKind,
    /// The id (`kid`) that the key of `private_key_jwt` is registered under; empty for its thumbprint (RFC 7638).
    #[serde(default)]
    pub key_id: String,
    /// Endpoints that go ahead of discovery.
    pub endpoints: EndpointsForm,
    /// Where the browser goes after logging out; empty for ID-porten's own page.
    pub post_logout_redirect_uri: String,
}

/// A field of the form, or of the self-service form that it mirrors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FieldName {
    /// Name for people.
    Name,
    /// The issuer.
    Issuer,
    /// The client id.
    ClientId,
    /// Client authentication method.
    Authentication,
    /// The client secret or private key.
    Secret,
    /// The id that the private key is registered under.
    KeyId,
    /// Redirect URIs.
    Redirect,
    /// The redirect's port.
    Port,
    /// The redirect's path.
    Path,
    /// The hosted page.
    Page,
    /// Scopes.
    Scopes,
    /// Levels of assurance.
    AcrValues,
    /// Whether the request is pushed.
    UsePar,
    /// Authorization lifetime.
    AuthorizationSeconds,
    /// Access token lifetime.
    AccessTokenSeconds,
    /// Refresh token lifetime.
    RefreshTokenSeconds,
    /// Endpoints.
    Endpoints,
    /// Post logout redirect URI.
    PostLogout,
    /// Allowed grant types; in the self-service form only.
    GrantTypes,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum FaultReason {
    /// It is empty.
    Missing,
    /// It is no address, or one that others can read along with (http elsewhere than on this computer).
    NotPrivateAddress,
    /// It is no path.
    NotAPath,
    /// It is no port.
    NotAPort,
    /// It has characters that a scope or a level cannot have.
    NotAWord,
    /// It is too large.
    TooLong,
}

impl Default for IntegrationForm {
    fn default() -> Self {
        Self {
            name: String::new(),
            issuer: String::new(),
            client_id: String::new(),
            authentication: ClientProof::default(),
            redirect: RedirectForm::LoopbackAnyPort { path: "/callback".into() },
            scopes: Vec::new(),
            ask_for_old_scope: false,
            acr_values: Vec::new(),
            use_par: false,
            authorization_seconds: 31_536_000,
            access_token_seconds: 7_200,
            refresh_token_seconds: 0,
            refresh_token_kind: RefreshTokenKind::default(),
            key_id: String::new(),
            endpoints: EndpointsForm::default(),
            post_logout_redirect_uri: String::new(),
        }
    }
}
