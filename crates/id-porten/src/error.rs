//! What can go wrong, each with its cause and what to do about it. No text here carries a code, a token or an address
//! with a query, so every error may be shown and logged.

use crate::random::RandomError;
use crate::secrets::RefreshToken;
use crate::signing_key::SigningKeyError;
use jiff::{SignedDuration, Timestamp};
use std::fmt;
use std::sync::Arc;

/// Which of the issuer's addresses an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The issuer's metadata.
    Discovery,
    /// The issuer's keys.
    Jwks,
    /// The pushed authorization request endpoint.
    PushedAuthorizationRequest,
    /// The authorization endpoint.
    Authorization,
    /// The token endpoint.
    Token,
    /// The userinfo endpoint.
    Userinfo,
    /// The revocation endpoint.
    Revocation,
    /// The end-session endpoint.
    EndSession,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Discovery => "openid-configuration",
            Self::Jwks => "jwks",
            Self::PushedAuthorizationRequest => "par",
            Self::Authorization => "authorize",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Revocation => "revoke",
            Self::EndSession => "logout",
        })
    }
}

/// What was wrong with an id_token; each refuses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IdTokenFault {
    /// The answer to a code had none.
    Missing,
    /// It is no JWT, or lacks a claim that OpenID Connect requires (iss, sub, aud, exp, iat).
    Malformed,
    /// It is signed with another algorithm than RS256, or not at all.
    Algorithm,
    /// Its signature is wrong.
    Signature,
    /// The issuer has no such key, also after asking again, or several that could be meant.
    Key,
    /// Another issuer made it.
    Issuer,
    /// It is for another client, or for others too.
    Audience,
    /// It has ended.
    Expired,
    /// It is from the future.
    IssuedInFuture,
    /// It does not answer this attempt.
    Nonce,
    /// It belongs to another access token (`at_hash`).
    AccessTokenHash,
    /// It is about another person than before.
    Subject,
    /// It uses what this program does not know: encryption, nesting, critical headers.
    Unsupported,
}

impl fmt::Display for IdTokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "it is missing",
            Self::Malformed => "it is malformed",
            Self::Algorithm => "its signature algorithm is not RS256",
            Self::Signature => "its signature is wrong",
            Self::Key => "its key is unknown",
            Self::Issuer => "its issuer is another",
            Self::Audience => "its audience is another",
            Self::Expired => "it has expired",
            Self::IssuedInFuture => "it was issued in the future",
            Self::Nonce => "its nonce is another",
            Self::AccessTokenHash => "its access token is another",
            Self::Subject => "its subject is another",
            Self::Unsupported => "it has a form that is not supported",
        })
    }
}

/// What was wrong with an answer that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerFault {
    /// It is not JSON of the expected form: HTML, truncated, or a required member is missing.
    NotAsExpected(String),
    /// It is larger than the limit.
    TooLarge,
    /// It sends the program elsewhere, which is never followed: a token must not leave for an unknown address.
    Redirected,
    /// It has a status that the protocol does not know.
    Status(u16),
}

impl fmt::Display for AnswerFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAsExpected(what) => f.write_str(what),
            Self::TooLarge => f.write_str("it is too large"),
            Self::Redirected => f.write_str("it redirects elsewhere"),
            Self::Status(status) => write!(f, "it has status {status}"),
        }
    }
}

/// Why an endpoint was not reached.
#[derive(Debug, Clone)]
pub struct Unreached {
    cause: Arc<dyn std::error::Error + Send + Sync>,
    sent: bool,
}

impl Unreached {
    pub(crate) fn new(cause: Arc<dyn std::error::Error + Send + Sync>, sent: bool) -> Self {
        Self { cause, sent }
    }

    /// Whether the request may have left, so that the other side may have acted on it.
    #[must_use]
    pub fn may_have_been_sent(&self) -> bool {
        self.sent
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl std::error::Error for Unreached {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.source()
    }
}

/// Why the issuer gave no usable tokens.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// `invalid_grant`. Cause: the code was too old or used before, or the refresh token has ended, was used before or
    /// was revoked. Remedy: sign in again; nothing else is lost.
    #[error("the sign-in came too late or has ended ({})", .description.as_deref().unwrap_or("invalid_grant"))]
    TooLate {
        /// What the issuer says about it.
        description: Option<String>,
    },
    /// The issuer knows the integration otherwise than this program does (`invalid_client`, `invalid_scope`,
    /// `unauthorized_client`, `unsupported_grant_type`). Remedy: compare client id, authentication, scopes and grant
    /// types with the registration; trying again does not help.
    #[error("the integration was refused: {error}{}", colon(.description))]
    IntegrationRefused {
        /// The error code.
        error: String,
        /// What the issuer says about it.
        description: Option<String>,
    },
    /// Another refusal in the protocol's own words, for example `invalid_request`. Remedy: show the text to support.
    #[error("the request was refused: {error}{}", colon(.description))]
    Refused {
        /// The error code.
        error: String,
        /// What the issuer says about it.
        description: Option<String>,
    },
    /// The id_token (or userinfo) is not to be trusted; nothing of the answer was kept. Cause: a fault or a fraud at the
    /// issuer's side, or a wrong issuer in the integration. Remedy: sign in again; if it persists, tell the issuer.
    #[error("the id_token is not trusted: {what}")]
    UntrustedIdToken {
        /// What is wrong with it.
        what: IdTokenFault,
    },
    /// The person proved who she is less strongly than asked for. Remedy: sign in again with a stronger eID.
    #[error("the sign-in was too weak: {} where {} was asked for", .given.as_deref().unwrap_or("nothing"), .asked.join(" or "))]
    AcrTooLow {
        /// What the integration asks for.
        asked: Vec<String>,
        /// What the id_token says.
        given: Option<String>,
    },
    /// The metadata speaks for another issuer. Remedy: correct the issuer in the integration.
    #[error("the metadata is {found}'s, not {expected}'s")]
    IssuerMismatch {
        /// The integration's issuer.
        expected: String,
        /// The metadata's.
        found: String,
    },
    /// This machine's clock is wrong by more than five minutes, which makes good tokens look bad. Remedy: set the clock.
    #[error("this machine's clock is wrong by {} minutes", .by.abs().as_mins())]
    ClockSkew {
        /// How far the issuer's clock is ahead (negative: behind).
        by: SignedDuration,
    },
    /// No connection, no answer in time, or the answer broke off. Remedy: check network, proxy and certificates (the
    /// chain of sources says which), then try again; after a lost answer to a code, sign in again.
    #[error("{endpoint} could not be reached")]
    Unreachable {
        /// Which address.
        endpoint: Endpoint,
        /// The cause.
        source: Unreached,
    },
    /// The issuer has a fault of its own (status 5xx, or one that says so). Remedy: wait and try again.
    #[error("{endpoint} has a fault of its own (status {status})")]
    Fault {
        /// Which address.
        endpoint: Endpoint,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is not what the protocol says. Cause: a proxy's login page, a wrong endpoint, a fault at the issuer.
    /// Remedy: check the endpoints and the network.
    #[error("the answer of {endpoint} cannot be read: {what}")]
    UnreadableAnswer {
        /// Which address.
        endpoint: Endpoint,
        /// What is wrong with it.
        what: AnswerFault,
    },
    /// The integration asks for something that the issuer does not have, or names an address that is not private.
    /// Remedy: correct the integration.
    #[error("the integration does not fit the issuer: {0}")]
    Configuration(String),
    /// The integration's key cannot sign.
    #[error(transparent)]
    SigningKey(#[from] SigningKeyError),
    /// No randomness.
    #[error(transparent)]
    Random(#[from] RandomError),
}

/// What has become of a refresh token that a refresh without usable tokens was tried with.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It never reached the issuer, or the issuer has said that it did not take it: it serves as before.
    Unused,
    /// It has been used or has ended, or nobody can say that it was not: it must never be sent again. An issuer that sees a
    /// one-time token twice takes the whole authorization back (RFC 9700 section 4.14.2).
    Spent,
    /// It has been used, and this one came in its place, whatever was wrong with the rest of the answer.
    Replaced {
        /// The new one.
        by: RefreshToken,
        /// When that ends.
        until: Timestamp,
    },
}

/// A refresh that gave no usable tokens.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{error}")]
pub struct NotRefreshed {
    /// Why.
    pub error: TokenError,
    /// What has become of the token.
    pub fate: Fate,
}

impl TokenError {
    /// What has become of a refresh token whose request ended so before any answer of tokens was read.
    pub(crate) fn fate(&self) -> Fate {
        match self {
            // Broken off in the middle, there or between here and there, perhaps after the tokens were changed. "Not
            // implemented" and "unavailable" say that nothing was begun.
            Self::Fault { status: 500 | 502 | 504.., .. } => Fate::Spent,
            Self::UnreadableAnswer { what: AnswerFault::Status(408), .. } => Fate::Spent,
            // An answer that said no, in whatever words but those for a token that is none any more.
            Self::IntegrationRefused { .. } | Self::Refused { .. } | Self::ClockSkew { .. } | Self::Fault { .. } => {
                Fate::Unused
            }
            Self::Unreachable { source, .. } if !source.may_have_been_sent() => Fate::Unused,
            Self::UnreadableAnswer { what: AnswerFault::Redirected, .. } => Fate::Unused,
            Self::UnreadableAnswer { what: AnswerFault::Status(400..), .. } => Fate::Unused,
            Self::Configuration(_) | Self::SigningKey(_) | Self::Random(_) | Self::IssuerMismatch { .. } => {
                Fate::Unused
            }
            _ => Fate::Spent,
        }
    }
}

/// Why a sign-in ended without tokens.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// The issuer sent the person back without a code: she pressed cancel (`access_denied`), or the issuer refused.
    /// An outcome rather than a fault. Remedy: sign in again when wanted.
    #[error("the sign-in was refused: {error}{}", colon(.description))]
    Denied {
        /// The error code; which one a cancelling person causes is not documented (apis.md section 3.3).
        error: String,
        /// What the issuer says about it.
        description: Option<String>,
    },
    /// The answer carries another state than this attempt's, or none. Cause: an old tab, or somebody else's answer
    /// slipped in. The code was not used. Remedy: sign in again.
    #[error("the answer does not belong to this attempt")]
    InvalidState,
    /// The answer names another issuer than this attempt's, or none where the metadata promises it (RFC 9207). The code
    /// was not used. Remedy: sign in again; if it persists, the issuer is set wrongly or an attack is going on.
    #[error("the answer comes from {}, not from {expected}", .found.as_deref().unwrap_or("an unnamed issuer"))]
    InvalidIssuer {
        /// This attempt's issuer.
        expected: String,
        /// The answer's.
        found: Option<String>,
    },
    /// The answer has neither code nor error, or a parameter twice. The code was not used. Remedy: sign in again.
    #[error("the answer cannot be read: {0}")]
    InvalidAnswer(&'static str),
    /// Nobody came back within the time limit. Cause: the browser was closed, or the issuer showed an error page of its
    /// own. Remedy: sign in again.
    #[error("nobody came back from the browser in time")]
    TimedOut,
    /// The browser has come to an end that is not this program's address: an error page of the issuer's, a connection that
    /// broke. Only a browser without a person in front of it says so. Remedy: by its words.
    #[error("the browser did not come home: {0}")]
    Astray(String),
    /// The program was asked to give up.
    #[error("the sign-in was cancelled")]
    Cancelled,
    /// The callback's port cannot be listened on. Cause: another program has it, or the system reserves it. Remedy: end
    /// the other program, or register a redirect that takes any port.
    #[error("{address} cannot be listened on")]
    Listener {
        /// Address and port.
        address: String,
        /// The operating system's complaint.
        #[source]
        source: Arc<std::io::Error>,
    },
    /// The issuer was not reached, or gave no usable tokens.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl From<RandomError> for SignInError {
    fn from(error: RandomError) -> Self {
        Self::Token(error.into())
    }
}

fn colon(description: &Option<String>) -> String {
    description.as_deref().map(|text| format!(": {text}")).unwrap_or_default()
}
