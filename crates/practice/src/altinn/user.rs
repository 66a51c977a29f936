//! Who calls: the exchanged Altinn token, checked (apis.md 2.1, 2.2).

use crate::authorities::Authorities;
use crate::id_porten::bearer;
use crate::reply::{self, Reply};
use crate::world::Person;
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

/// A user of Altinn, as the token tells.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) user_id: String,
    pub(crate) name: String,
    pub(crate) level: i64,
    pub(crate) scopes: Vec<String>,
    pub(crate) person: Person,
    pub(crate) claims: Value,
}

impl User {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// The user of a request; 401 without a body otherwise.
pub(crate) fn of(authorities: &Authorities, headers: &HeaderMap) -> Result<User, Box<Reply>> {
    let refused = || Box::new(reply::empty(StatusCode::UNAUTHORIZED));
    let token = bearer(headers).ok_or_else(refused)?;
    let claims = authorities.altinn_keys.verify(token).map_err(|_| refused())?;
    let expires = claims["exp"].as_i64().ok_or_else(refused)?;
    if expires <= authorities.clock.now().as_second() {
        return Err(refused());
    }
    let pid = claims["pid"].as_str().ok_or_else(refused)?;
    let person = authorities.world().person(pid).cloned().ok_or_else(refused)?;
    Ok(User {
        user_id: claims["urn:altinn:userid"].as_str().unwrap_or_default().to_owned(),
        name: person.name(),
        level: claims["urn:altinn:authlevel"].as_i64().unwrap_or(0),
        scopes: claims["scope"].as_str().unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
        person,
        claims,
    })
}

/// The app's own scopes, where it has any (apis.md 2.2, ScopeAuthorizationMiddleware).
pub(crate) fn check_scope(authorities: &Authorities, user: &User, scope: &str) -> Result<(), Box<Reply>> {
    if authorities.settings().altinn.api_scopes_enforced && !user.has_scope(scope) {
        return Err(Box::new(reply::problem(
            StatusCode::FORBIDDEN,
            &json!({ "title": "Forbidden", "status": 403, "detail": "Insufficient scope",
                     "instance": super::APP_PATH }),
        )));
    }
    Ok(())
}

/// The policy's minimum authentication level is 2 (apis.md 1.4).
pub(crate) fn check_level(user: &User) -> Result<(), Box<Reply>> {
    if user.level < 2 {
        return Err(Box::new(reply::json(
            StatusCode::FORBIDDEN,
            &json!({ "failedObligations": { "urn:altinn:minimum-authenticationlevel": "2" } }),
        )));
    }
    Ok(())
}
