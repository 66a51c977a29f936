//! The platform's authentication: ID-porten's token becomes Altinn's (apis.md 2.1).

use super::user;
use crate::authorities::Authorities;
use crate::id_porten::bearer;
use crate::random;
use crate::reply::{self, Reply};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// Clocks may differ this much, seconds.
const SKEW: i64 = 10;
/// Scopes that pass the exchange beside everything that begins with `altinn:`.
const PARTNER_SCOPES: [&str; 3] = [
    "skatteetaten:formueinntekt/skattemelding",
    "skatteetaten:mvameldinginnsending",
    "skatteetaten:mvameldingvalidering",
];
/// Lifetime of a refreshed token, and of the whole session, minutes.
const JWT_VALIDITY_MINUTES: i64 = 30;
const SESSION_MINUTES: i64 = 720;

/// `GET /authentication/api/v1/exchange/{tokenProvider}`.
pub(super) async fn exchange(
    State(authorities): State<Arc<Authorities>>,
    Path(provider): Path<String>,
    headers: HeaderMap,
) -> Reply {
    let unauthorized = || reply::empty(StatusCode::UNAUTHORIZED);
    let Some(token) = bearer(&headers) else { return unauthorized() };
    match provider.to_ascii_lowercase().as_str() {
        "id-porten" => {}
        // There are no such issuers in the practice, so no token of theirs can be right.
        "maskinporten" | "altinnstudio" => return unauthorized(),
        _ => {
            let text = format!(
                "Invalid token provider: {provider}. Trusted token providers are 'Maskinporten', 'Id-porten' and 'AltinnStudio'."
            );
            return reply::negotiated(StatusCode::BAD_REQUEST, &headers, &text);
        }
    }
    // Signature, issuer, expiry; then scope; then pid and acr; then the user.
    let Ok(claims) = authorities.id_porten_keys.verify(token) else { return unauthorized() };
    let expires = claims["exp"].as_i64().unwrap_or(0);
    let now = authorities.clock.now().as_second();
    if claims["iss"] != authorities.addresses.id_porten.as_str() || expires + SKEW <= now {
        return unauthorized();
    }
    let scope = claims["scope"].as_str().unwrap_or_default();
    if !scope.split_whitespace().any(|scope| scope.starts_with("altinn:") || PARTNER_SCOPES.contains(&scope)) {
        return reply::empty(StatusCode::FORBIDDEN);
    }
    let (Some(pid), Some(acr)) = (claims["pid"].as_str(), claims["acr"].as_str()) else { return unauthorized() };
    let Some(person) = authorities.world().person(pid).cloned() else { return unauthorized() };
    let Some(altinn) = &person.altinn else { return unauthorized() };

    let mut altinn_claims = claims.clone();
    if let Some(object) = altinn_claims.as_object_mut() {
        for name in ["aud", "iss", "at_hash", "sid", "sub"] {
            object.remove(name);
        }
        let user_id = altinn.user_id.to_string();
        let level = match acr {
            "idporten-loa-high" => 4,
            "idporten-loa-substantial" => 3,
            _ => 0,
        };
        let method = claims["amr"][0].as_str().unwrap_or("NotDefined");
        for (name, value) in [
            ("nameid", json!(user_id)),
            ("urn:altinn:userid", json!(user_id)),
            ("urn:altinn:username", json!("")),
            ("urn:altinn:partyid", json!(altinn.party_id)),
            ("urn:altinn:party:uuid", json!(altinn.party_uuid)),
            ("urn:altinn:authenticatemethod", json!(method)),
            ("urn:altinn:authlevel", json!(level)),
            ("iss", json!(issuer(&authorities))),
            ("sid", json!(random::token())),
            ("iat", json!(now)),
            ("nbf", json!(now)),
            // Exactly as long as ID-porten's: the documentation's eight hours are only the scope's maximum.
            ("exp", json!(expires)),
        ] {
            object.insert(name.into(), value);
        }
    }
    answer(&authorities, &headers, &altinn_claims, &person.name(), "token exchanged")
}

fn answer(authorities: &Authorities, headers: &HeaderMap, claims: &Value, actor: &str, effect: &str) -> Reply {
    let Ok(token) = authorities.altinn_keys.sign(claims) else { return reply::empty(StatusCode::UNAUTHORIZED) };
    authorities.issue(&token);
    let reply = if authorities.settings().altinn.quoted_exchange_token {
        reply::json(StatusCode::OK, &token)
    } else {
        reply::negotiated(StatusCode::OK, headers, &token)
    };
    reply::traced(reply, actor, Some(effect.into()))
}

/// `GET /authentication/api/v1/refresh`: half an hour more, twelve hours at most.
pub(super) async fn refresh(State(authorities): State<Arc<Authorities>>, headers: HeaderMap) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let now = authorities.clock.now().as_second();
    let mut claims = user.claims;
    let began = claims["auth_time"].as_i64().or(claims["iat"].as_i64()).unwrap_or(now);
    let ends = (now + JWT_VALIDITY_MINUTES * 60).min(began + SESSION_MINUTES * 60);
    if ends <= now {
        return reply::empty(StatusCode::UNAUTHORIZED);
    }
    claims["auth_time"] = json!(began);
    claims["iat"] = json!(now);
    claims["nbf"] = json!(now);
    claims["exp"] = json!(ends);
    answer(&authorities, &headers, &claims, &user.name, "token refreshed")
}

fn issuer(authorities: &Authorities) -> String {
    format!("{}/authentication/api/v1/openid/", authorities.addresses.altinn_platform)
}

/// `GET /authentication/api/v1/openid/.well-known/openid-configuration`.
pub(super) async fn discovery(State(authorities): State<Arc<Authorities>>) -> Reply {
    let issuer = issuer(&authorities);
    reply::json(
        StatusCode::OK,
        &json!({
            "issuer": issuer,
            "jwks_uri": format!("{issuer}.well-known/openid-configuration/jwks"),
            "response_types_supported": ["token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }),
    )
}

/// Altinn's public keys.
pub(super) async fn jwks(State(authorities): State<Arc<Authorities>>) -> Reply {
    match authorities.altinn_keys.public_set() {
        Ok(set) => reply::json(StatusCode::OK, &set),
        Err(_) => reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
