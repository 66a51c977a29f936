//! What is left of the session that the last run of the program had.

use super::{SessionError, SessionParts, SignedIn, settings_of};

/// What is left of the session that the last run had.
pub(super) enum Restored {
    /// All of it.
    Whole(Box<SignedIn>),
    /// Tokens that have ended, as far as this machine's clock knows.
    Lapsed,
    /// Nothing that serves.
    None,
}

pub(super) fn restore(parts: &SessionParts) -> Result<Restored, SessionError> {
    let Some(authorization) = parts.authorizations.current()? else { return Ok(Restored::None) };
    let Ok(integration) = settings_of(parts, &authorization.integration) else { return Ok(Restored::None) };
    let Some(tokens) = parts.authorizations.tokens(&authorization.id, &integration)? else {
        return Ok(Restored::None);
    };
    // The issuer has another address than it had: other keys, other grants. The practice authorities have, after every
    // start.
    if tokens.identity.issuer != integration.issuer.as_str() {
        return Ok(Restored::None);
    }
    let now = parts.clock.now();
    let renews = tokens.refresh.is_some() && tokens.refresh_until.is_none_or(|until| until > now);
    if tokens.access_until <= now && !renews {
        return Ok(Restored::Lapsed);
    }
    let companies = Vec::new();
    Ok(Restored::Whole(Box::new(SignedIn { authorization, integration, tokens, altinn_problem: None, companies })))
}
