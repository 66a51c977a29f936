//! What a sign-in or a refresh brings home.

use crate::identity::{Identity, WorkClaims};
use crate::secrets::{AccessToken, IdToken, RefreshToken};
use jiff::Timestamp;

/// Tokens, how long they live, and for whom.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Grant {
    /// For the services.
    pub access_token: AccessToken,
    /// The id_token, validated. Always there after a sign-in; after a refresh only where the issuer sent a new one.
    pub id_token: Option<IdToken>,
    /// For the next refresh. None is normal (apis.md section 3.5); after a refresh, none means: keep the one you have.
    pub refresh_token: Option<RefreshToken>,
    /// When the access token ends, counted from before the request was sent.
    pub access_expires_at: Timestamp,
    /// When the refresh token ends unless used; none where there is no refresh token.
    pub refresh_expires_at: Option<Timestamp>,
    /// What was granted, which may be less than what was asked for.
    pub granted_scopes: Vec<String>,
    /// Who gave it.
    pub identity: Identity,
    /// The answer to a rich authorization request, as the issuer gave it (RFC 9396 section 7).
    pub authorization_details: Option<serde_json::Value>,
    /// What Ansattporten's id_token says beside the identity; nothing at other issuers.
    pub work: WorkClaims,
}
