//! The tokens of an authorization, in memory and as they are sealed.

use std::fmt;

use altinn::BearerToken;
use id_porten::{AccessToken, Grant, IdToken, Identity, RefreshToken};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

/// The tokens of an authorization. Printed as `[secret]`.
#[derive(Clone)]
pub struct Tokens {
    /// For Skatteetaten's validation and for Altinn's exchange.
    pub access: AccessToken,
    /// When the access token was fetched.
    pub access_from: Timestamp,
    /// When it ends.
    pub access_until: Timestamp,
    /// For the next renewal.
    pub refresh: Option<RefreshToken>,
    /// When that ends unless used.
    pub refresh_until: Option<Timestamp>,
    /// For logging out.
    pub id_token: Option<IdToken>,
    /// Altinn's token.
    pub altinn: Option<AltinnToken>,
    /// Who signed in; needed to recognise her at a renewal.
    pub identity: Identity,
}

/// Altinn's token and how long it lasts.
#[derive(Clone)]
pub struct AltinnToken {
    /// The token.
    pub token: BearerToken,
    /// When it was exchanged.
    pub from: Timestamp,
    /// When it ends.
    pub until: Timestamp,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens([secret])")
    }
}

impl fmt::Debug for AltinnToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AltinnToken([secret])")
    }
}

impl Tokens {
    /// The tokens of a grant; what a renewal leaves out is kept from before.
    #[must_use]
    pub fn of_grant(grant: Grant, from: Timestamp, before: Option<&Self>) -> Self {
        let (refresh, refresh_until) = match (grant.refresh_token, before) {
            (Some(token), _) => (Some(token), grant.refresh_expires_at),
            (None, Some(before)) => (before.refresh.clone(), before.refresh_until),
            (None, None) => (None, None),
        };
        Self {
            access: grant.access_token,
            access_from: from,
            access_until: grant.access_expires_at,
            refresh,
            refresh_until,
            id_token: grant.id_token.or_else(|| before.and_then(|before| before.id_token.clone())),
            altinn: None,
            identity: grant.identity,
        }
    }
}

/// Tokens as they are written into a sealed row.
#[derive(Serialize)]
pub(super) struct TokensToStore<'a> {
    access: &'a str,
    access_from: Timestamp,
    access_until: Timestamp,
    refresh: Option<&'a str>,
    refresh_until: Option<Timestamp>,
    id_token: Option<&'a str>,
    altinn: Option<WrittenAltinn<'a>>,
    identity: &'a Identity,
}

#[derive(Serialize)]
struct WrittenAltinn<'a> {
    token: &'a str,
    from: Timestamp,
    until: Timestamp,
}

impl<'a> From<&'a Tokens> for TokensToStore<'a> {
    fn from(tokens: &'a Tokens) -> Self {
        Self {
            access: tokens.access.expose(),
            access_from: tokens.access_from,
            access_until: tokens.access_until,
            refresh: tokens.refresh.as_ref().map(RefreshToken::expose),
            refresh_until: tokens.refresh_until,
            id_token: tokens.id_token.as_ref().map(IdToken::expose),
            altinn: tokens.altinn.as_ref().map(|altinn| WrittenAltinn {
                token: altinn.token.expose(),
                from: altinn.from,
                until: altinn.until,
            }),
            identity: &tokens.identity,
        }
    }
}

/// Tokens as they are read from a sealed row.
#[derive(Deserialize)]
pub(super) struct StoredTokens {
    access: SecretString,
    access_from: Timestamp,
    access_until: Timestamp,
    refresh: Option<SecretString>,
    refresh_until: Option<Timestamp>,
    id_token: Option<SecretString>,
    altinn: Option<StoredAltinnToken>,
    identity: Identity,
}

#[derive(Deserialize)]
struct StoredAltinnToken {
    token: SecretString,
    from: Timestamp,
    until: Timestamp,
}

impl StoredTokens {
    pub(super) fn into_tokens(self) -> Tokens {
        Tokens {
            access: AccessToken::new(self.access.expose_secret()),
            access_from: self.access_from,
            access_until: self.access_until,
            refresh: self.refresh.map(|token| RefreshToken::new(token.expose_secret())),
            refresh_until: self.refresh_until,
            id_token: self.id_token.map(|token| IdToken::new(token.expose_secret())),
            altinn: self.altinn.map(|altinn| AltinnToken {
                token: BearerToken::from(altinn.token),
                from: altinn.from,
                until: altinn.until,
            }),
            identity: self.identity,
        }
    }
}
