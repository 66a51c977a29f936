//! The token endpoint: authorization codes and refresh tokens become tokens (apis.md 3.5).

use super::client_auth::{AuthenticatedClient, authenticate};
use super::tokens::Material;
use super::{AuthMethod, Params, Provider, RefreshTokenUsage, oauth_error};
use crate::jwt::base64url;
use crate::random;
use crate::reply::{self, Reply};
use crate::state::{Grant, Office, RefreshToken};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use sha2::{Digest, Sha256};

/// What is kept of a refresh token: enough to know it again, of no use to a thief.
pub(super) fn hashed(refresh_token: &str) -> String {
    crate::jwt::base64url(&Sha256::digest(refresh_token))
}

fn invalid_grant(description: &str) -> Box<Reply> {
    Box::new(oauth_error(StatusCode::BAD_REQUEST, "invalid_grant", description))
}

/// `POST /token`.
pub(super) async fn token(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !form.starts_with("application/x-www-form-urlencoded") {
        let description = "The request must be application/x-www-form-urlencoded";
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", description);
    }
    let params = Params::parse(&body);
    let mut office = provider.office();
    answer(&provider, &mut office, &headers, &params).unwrap_or_else(|refusal| *refusal)
}

fn answer(provider: &Provider, office: &mut Office, headers: &HeaderMap, params: &Params) -> Result<Reply, Box<Reply>> {
    if let Some(name) = params.repeated() {
        let description = format!("The parameter {name} is repeated");
        return Err(Box::new(oauth_error(StatusCode::BAD_REQUEST, "invalid_request", &description)));
    }
    let known = authenticate(provider, office, headers, params)?;
    let grant_type = params.get("grant_type").unwrap_or_default();
    if ["authorization_code", "refresh_token"].contains(&grant_type)
        && !known.client.grant_types.iter().any(|allowed| allowed == grant_type)
    {
        let description = "The client is not registered with this grant type";
        return Err(Box::new(oauth_error(StatusCode::BAD_REQUEST, "unauthorized_client", description)));
    }
    match grant_type {
        "authorization_code" => redeem_code(provider, office, &known, params),
        "refresh_token" => refresh(provider, office, &known, params),
        _ => {
            let description = "grant_type must be authorization_code or refresh_token";
            Err(Box::new(oauth_error(StatusCode::BAD_REQUEST, "unsupported_grant_type", description)))
        }
    }
}

fn redeem_code(
    provider: &Provider,
    office: &mut Office,
    known: &AuthenticatedClient,
    params: &Params,
) -> Result<Reply, Box<Reply>> {
    let now = provider.now();
    let text = params.get("code").ok_or_else(|| invalid_grant("code is missing"))?;
    let code = office.codes.get(text).cloned().ok_or_else(|| invalid_grant("The authorization code is unknown"))?;
    if code.request.client_id != known.client.client_id {
        return Err(invalid_grant("The authorization code was issued to another client"));
    }
    if let Some(grant) = &code.used {
        // A code that comes twice may have been stolen: what it gave is taken back (RFC 9700 section 4.5.3).
        if let Some(grant) = office.grants.get_mut(grant) {
            grant.revoked = true;
        }
        return Err(invalid_grant("The authorization code has been used before"));
    }
    if code.expires < now {
        return Err(invalid_grant("The authorization code has expired"));
    }
    // The same port as in the authorization request (apis.md 3.2).
    if params.get("redirect_uri") != Some(code.request.redirect_uri.as_str()) {
        return Err(invalid_grant("redirect_uri differs from that of the authorization request"));
    }
    let verifier = params.get("code_verifier").unwrap_or_default();
    let well_formed = (43..=128).contains(&verifier.len())
        && verifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if !well_formed || base64url(&Sha256::digest(verifier)) != code.request.code_challenge {
        return Err(invalid_grant("PKCE verification failed"));
    }
    let lifetime = provider
        .authorities
        .settings()
        .id_porten
        .authorization_lifetime_seconds
        .unwrap_or(known.client.authorization_lifetime);
    let grant_id = random::token();
    let grant = Grant {
        client_id: known.client.client_id.clone(),
        subject: code.subject.clone(),
        scopes: code.request.scopes.clone(),
        resource: code.request.resource.clone(),
        ui_locale: code.request.ui_locale.clone(),
        auth_time: code.auth_time,
        sid: code.sid.clone(),
        ends: now + lifetime,
        revoked: false,
    };
    if let Some(code) = office.codes.get_mut(text) {
        code.used = Some(grant_id.clone());
    }
    let refresh_token = new_refresh_token(provider, office, known, &grant_id, &grant, now);
    let reply =
        issue(provider, office, known, &grant_id, &grant, &grant.scopes, Some(&code.request.nonce), refresh_token);
    office.grants.insert(grant_id, grant);
    reply
}

/// A refresh token, where this client may have one. The documentation contradicts itself on public clients.
fn new_refresh_token(
    provider: &Provider,
    office: &mut Office,
    known: &AuthenticatedClient,
    grant_id: &str,
    grant: &Grant,
    now: i64,
) -> Option<(String, i64)> {
    let settings = provider.authorities.settings().id_porten;
    let allowed = known.client.grant_types.iter().any(|kind| kind == "refresh_token")
        && (known.method != AuthMethod::None || settings.public_refresh_tokens);
    if !allowed {
        return None;
    }
    let lifetime = match settings.refresh_token_lifetime_seconds.unwrap_or(known.client.refresh_token_lifetime) {
        0 => grant.ends - now,
        seconds => seconds.min(grant.ends - now),
    };
    let token = random::token();
    let entry = RefreshToken { grant: grant_id.into(), expires: now + lifetime, used: false };
    office.refresh_tokens.insert(hashed(&token), entry);
    Some((token, lifetime))
}

fn refresh(
    provider: &Provider,
    office: &mut Office,
    known: &AuthenticatedClient,
    params: &Params,
) -> Result<Reply, Box<Reply>> {
    let now = provider.now();
    if known.method == AuthMethod::None && !provider.authorities.settings().id_porten.public_refresh_tokens {
        let description = "Client authentication method none cannot be used for the refresh_token grant";
        return Err(Box::new(super::client_auth::invalid_client(description)));
    }
    let text = params.get("refresh_token").ok_or_else(|| invalid_grant("refresh_token is missing"))?;
    let entry = office
        .refresh_tokens
        .get(&hashed(text))
        .cloned()
        .ok_or_else(|| invalid_grant("The refresh token is unknown"))?;
    let grant =
        office.grants.get(&entry.grant).cloned().ok_or_else(|| invalid_grant("The authorization is unknown"))?;
    if grant.client_id != known.client.client_id {
        return Err(invalid_grant("The refresh token was issued to another client"));
    }
    if entry.used {
        // Somebody has both the old and the new one: the whole grant ends (RFC 9700 section 4.14.2).
        if let Some(grant) = office.grants.get_mut(&entry.grant) {
            grant.revoked = true;
        }
        return Err(invalid_grant("The refresh token has been used before"));
    }
    if grant.revoked {
        return Err(invalid_grant("The authorization has been revoked"));
    }
    if entry.expires < now {
        return Err(invalid_grant("The refresh token has expired"));
    }
    if grant.ends <= now {
        return Err(invalid_grant("The authorization has expired"));
    }
    let scopes = match params.words("scope") {
        asked if asked.is_empty() => grant.scopes.clone(),
        asked => {
            if let Some(wider) = asked.iter().find(|scope| !grant.scopes.contains(scope)) {
                let description = format!("The scope {wider} was not granted");
                return Err(Box::new(oauth_error(StatusCode::BAD_REQUEST, "invalid_scope", &description)));
            }
            asked
        }
    };
    let next = match known.client.refresh_token_usage {
        RefreshTokenUsage::OneTime => {
            if let Some(entry) = office.refresh_tokens.get_mut(&hashed(text)) {
                entry.used = true;
            }
            new_refresh_token(provider, office, known, &entry.grant, &grant, now)
        }
        RefreshTokenUsage::Reuse => {
            let configured = provider.authorities.settings().id_porten.refresh_token_lifetime_seconds;
            let lifetime = match configured.unwrap_or(known.client.refresh_token_lifetime) {
                0 => grant.ends - now,
                seconds => seconds.min(grant.ends - now),
            };
            // The lifetime is the longest pause between uses, so each use begins it anew (apis.md 3.5).
            if let Some(entry) = office.refresh_tokens.get_mut(&hashed(text)) {
                entry.expires = now + lifetime;
            }
            Some((text.to_owned(), lifetime))
        }
    };
    issue(provider, office, known, &entry.grant, &grant, &scopes, None, next)
}

#[allow(clippy::too_many_arguments, reason = "one answer is made of this much")]
fn issue(
    provider: &Provider,
    office: &mut Office,
    known: &AuthenticatedClient,
    grant_id: &str,
    grant: &Grant,
    scopes: &[String],
    nonce: Option<&str>,
    refresh_token: Option<(String, i64)>,
) -> Result<Reply, Box<Reply>> {
    let now = provider.now();
    let settings = provider.authorities.settings().id_porten;
    let lifetime = settings.access_token_lifetime_seconds.unwrap_or(known.client.access_token_lifetime);
    // The lowest of token lifetime and what is left of the authorization wins.
    let expires = (now + lifetime).min(grant.ends);
    let material = Material {
        provider,
        client: &known.client,
        method: known.method,
        subject: &grant.subject,
        scopes,
        resource: grant.resource.as_deref(),
        auth_time: grant.auth_time,
        sid: &grant.sid,
        ui_locale: &grant.ui_locale,
        now,
    };
    let refused = |_| Box::new(oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", "Signing failed"));
    let jti = random::token();
    let access_token = provider.keys().sign(&material.access_token(&jti, expires)).map_err(refused)?;
    provider.authorities.issue(&access_token);
    let mut answer = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": expires - now,
        "scope": scopes.join(" "),
    });
    if scopes.iter().any(|scope| scope == "openid") {
        let id_token = provider.keys().sign(&material.id_token(nonce, &access_token)).map_err(refused)?;
        provider.authorities.issue(&id_token);
        answer["id_token"] = json!(id_token);
    }
    if let Some((token, lifetime)) = refresh_token {
        provider.authorities.issue(&token);
        answer["refresh_token"] = json!(token);
        answer["refresh_token_expires_in"] = json!(lifetime);
    }
    if let Some(details) = &grant.subject.authorization_details {
        answer["authorization_details"] = details.clone();
    }
    office.access_tokens.insert(jti, grant_id.into());
    let effect = if nonce.is_some() { "tokens issued" } else { "tokens refreshed" };
    let reply = reply::with(reply::json(StatusCode::OK, &answer), CACHE_CONTROL, "no-store");
    Ok(reply::traced(reply, grant.subject.name(), Some(effect.into())))
}
