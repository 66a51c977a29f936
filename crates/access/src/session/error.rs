//! What keeps a token from being had, and what the window is told about it.

use std::sync::Arc;

use altinn::{ApiError, NoAnswerKind};
use id_porten::{LinkError, SignInError, TokenError};
use view::{
    ErrorCode, SignInOutcome,
    problem::{self, Problem},
};

use crate::{authorizations::AuthorizationError, integrations::IntegrationError, work::Refused};

/// Why there is no token for a call.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Nobody is signed in, or the session has run out. Remedy: sign in; the work waits.
    #[error("nobody is signed in any more")]
    NeedsSignIn,
    /// The authorization is another person's than the one who is signed in. Remedy: that person signs in.
    #[error("the authorization belongs to another person than who is signed in")]
    AnotherPerson {
        /// Who is signed in.
        signed_in: Option<String>,
    },
    /// ID-porten could not renew the token just now. Remedy: try again later.
    #[error("the sign-in could not be renewed: {0}")]
    Renewal(#[source] TokenError),
    /// Altinn gives no token for the sign-in. Remedy: by the error.
    #[error("Altinn gives no token: {0}")]
    Exchange(#[source] ApiError),
    /// The integration cannot be used as it is set up.
    #[error("the integration cannot be used: {0}")]
    Integration(#[source] Arc<IntegrationError>),
    /// The database did not serve.
    #[error("the authorization cannot be read or stored: {0}")]
    Store(#[source] Arc<AuthorizationError>),
    /// The firm's rules do not let the work account do this, or the program is locked.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The program is ending.
    #[error("the program is ending")]
    Ending,
}

impl From<AuthorizationError> for SessionError {
    fn from(error: AuthorizationError) -> Self {
        Self::Store(Arc::new(error))
    }
}

impl From<IntegrationError> for SessionError {
    fn from(error: IntegrationError) -> Self {
        Self::Integration(Arc::new(error))
    }
}

/// What gives a token again where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cure {
    /// It passes by itself: nobody answered, or not well.
    Time,
    /// A person signs in, this one or another, or more strongly.
    Person,
    /// Whatever the error says; trying again does no harm.
    Unknown,
}

impl SessionError {
    /// What helps.
    pub fn cure(&self) -> Cure {
        match self {
            Self::NeedsSignIn | Self::AnotherPerson { .. } => Cure::Person,
            Self::Renewal(error) => match error {
                TokenError::Unreachable { .. } | TokenError::Fault { .. } | TokenError::UnreadableAnswer { .. } => {
                    Cure::Time
                }
                TokenError::AcrTooLow { .. } => Cure::Person,
                _ => Cure::Unknown,
            },
            Self::Exchange(error) => match error {
                ApiError::Forbidden { needs_level: Some(_), .. } => Cure::Person,
                ApiError::Unauthorized { .. } | ApiError::Forbidden { .. } => Cure::Unknown,
                // Everything else is no answer, a fault, or none that can be read.
                _ => Cure::Time,
            },
            Self::Integration(_) | Self::Store(_) | Self::Refused(_) | Self::Ending => Cure::Unknown,
        }
    }

    /// The same as a problem. `delivered` is always `No`: the session delivers nothing; who calls it within a filing
    /// says what he knows.
    #[must_use]
    pub fn problem(&self) -> Problem {
        match self {
            Self::NeedsSignIn => problem::as_it_says(ErrorCode::NeedsSignIn, self),
            Self::AnotherPerson { signed_in } => {
                let mut view = problem::as_it_says(ErrorCode::AnotherPerson, self);
                if let Some(name) = signed_in {
                    view.values.insert("signedIn".into(), name.clone());
                }
                view
            }
            Self::Renewal(error) => token_problem(error),
            Self::Exchange(error) => exchange_problem(error),
            Self::Integration(error) => problem::as_it_says(ErrorCode::IntegrationRefused, error.as_ref()),
            Self::Store(error) => problem::as_it_says(store_code(error), error.as_ref()),
            Self::Refused(refused) => refused.clone().into(),
            Self::Ending => problem::as_it_says(ErrorCode::Internal, self),
        }
    }
}

/// A refusal of Altinn's exchange (apis.md 2.1).
pub(super) fn exchange_problem(error: &ApiError) -> Problem {
    let code = match error {
        ApiError::Unauthorized { .. } => ErrorCode::NoAltinnUser,
        ApiError::Forbidden { needs_level: Some(_), .. } => ErrorCode::SignInTooWeak,
        ApiError::Forbidden { .. } => ErrorCode::ScopeMissing,
        ApiError::TooManyRequests { .. } => ErrorCode::Busy,
        ApiError::Fault { .. } => ErrorCode::AuthorityFault,
        ApiError::NoAnswer { .. } => ErrorCode::Unreachable,
        _ => ErrorCode::UnreadableAnswer,
    };
    let mut view = problem::as_it_says(code, error);
    if let ApiError::NoAnswer { host, kind, .. } = error {
        view.values.insert("host".into(), host.clone());
        if *kind == NoAnswerKind::Certificate {
            view.values.insert("reason".into(), "certificate".into());
        }
    }
    view
}

/// Why ID-porten gave no tokens.
pub(super) fn token_problem(error: &TokenError) -> Problem {
    let code = match error {
        TokenError::TooLate { .. } => ErrorCode::SignInTooLate,
        TokenError::IntegrationRefused { .. }
        | TokenError::Refused { .. }
        | TokenError::IssuerMismatch { .. }
        | TokenError::Configuration(_)
        | TokenError::SigningKey(_) => ErrorCode::IntegrationRefused,
        TokenError::UntrustedIdToken { .. } => ErrorCode::SignInUntrusted,
        TokenError::AcrTooLow { .. } => ErrorCode::SignInTooWeak,
        TokenError::ClockSkew { .. } => ErrorCode::ClockWrong,
        TokenError::Unreachable { .. } => ErrorCode::Unreachable,
        TokenError::Fault { status: 429, .. } => ErrorCode::Busy,
        TokenError::Fault { .. } => ErrorCode::AuthorityFault,
        TokenError::UnreadableAnswer { .. } => ErrorCode::UnreadableAnswer,
        _ => ErrorCode::Internal,
    };
    let mut view = problem::as_it_says(code, error);
    match error {
        TokenError::ClockSkew { by } => {
            view.values.insert("minutes".into(), by.as_mins().unsigned_abs().to_string());
        }
        TokenError::IntegrationRefused { error, .. } | TokenError::Refused { error, .. } => {
            view.values.insert("error".into(), error.clone());
        }
        _ => {}
    }
    view
}

/// Why there is no link to open, or nothing to open it with.
pub(super) fn link_problem(error: &LinkError) -> Problem {
    match error {
        LinkError::Token(error) => token_problem(error),
        LinkError::Open(_) => problem::as_it_says(ErrorCode::NoBrowser, error),
        _ => problem::as_it_says(ErrorCode::NotFound, error),
    }
}

/// How a sign-in that gave no tokens ended.
pub(super) fn outcome(error: &SignInError) -> SignInOutcome {
    let code = match error {
        SignInError::Cancelled => return SignInOutcome::Cancelled,
        SignInError::TimedOut => return SignInOutcome::TimedOut,
        SignInError::Token(error) => return SignInOutcome::Refused { error: token_problem(error).into() },
        // Refused before the person was asked: the integration, not she, has to do something about it.
        SignInError::Denied { error, .. } if matches!(error.as_str(), "invalid_scope" | "unauthorized_client") => {
            ErrorCode::IntegrationRefused
        }
        SignInError::Denied { .. } => ErrorCode::SignInDenied,
        SignInError::Astray(_) => ErrorCode::NoBrowser,
        SignInError::InvalidState | SignInError::InvalidIssuer { .. } | SignInError::InvalidAnswer(_) => {
            ErrorCode::SignInUntrusted
        }
        _ => ErrorCode::Internal,
    };
    let mut view = problem::as_it_says(code, error);
    match error {
        SignInError::Denied { error, .. } => {
            view.values.insert("error".into(), error.clone());
        }
        SignInError::Listener { address, .. } => {
            view.values.insert("address".into(), address.clone());
        }
        _ => {}
    }
    SignInOutcome::Refused { error: view.into() }
}

fn store_code(error: &AuthorizationError) -> ErrorCode {
    use rusqlite::ErrorCode as Sqlite;
    let AuthorizationError::Database(error) = error else { return ErrorCode::DataUnusable };
    match error.sqlite_error_code() {
        Some(Sqlite::DiskFull | Sqlite::ReadOnly) => ErrorCode::DiskFull,
        _ => ErrorCode::DataUnusable,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_cures_what_was_not_answered_and_a_person_what_she_must_prove() {
        let renewal = SessionError::Renewal;
        let endpoint = id_porten::Endpoint::Token;
        for (error, cure) in [
            (SessionError::NeedsSignIn, Cure::Person),
            (SessionError::AnotherPerson { signed_in: Some("Ola".into()) }, Cure::Person),
            (SessionError::Ending, Cure::Unknown),
            (renewal(TokenError::Configuration("no token endpoint".into())), Cure::Unknown),
            (renewal(TokenError::Fault { endpoint, status: 503 }), Cure::Time),
            (renewal(TokenError::Fault { endpoint, status: 429 }), Cure::Time),
        ] {
            assert_eq!(error.cure(), cure, "{error}");
        }
    }
}
