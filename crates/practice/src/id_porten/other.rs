//! userinfo, introspection, revocation and logout (apis.md 3.5, 3.8).

use super::authorize::{SESSION_COOKIE, cookie};
use super::client_auth::authenticate;
use super::{Params, Provider, oauth_error};
use crate::pages;
use crate::reply::{self, Reply};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{AUTHORIZATION, LOCATION, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// The token of `Authorization: Bearer`.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    value.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))?;
    value.get(7..).map(str::trim).filter(|token| !token.is_empty())
}

/// The claims of one of this provider's access tokens that has not expired and whose grant stands.
fn live_access_token(provider: &Provider, token: &str) -> Option<Value> {
    let claims = provider.keys().verify(token).ok()?;
    let alive = claims["exp"].as_i64()? > provider.now() && claims["client_id"].is_string();
    let office = provider.office();
    let grant = office.grants.get(office.access_tokens.get(claims["jti"].as_str()?)?)?;
    (alive && !grant.revoked).then_some(claims)
}

/// `GET|POST /userinfo`.
pub(super) async fn userinfo(State(provider): State<Provider>, headers: HeaderMap) -> Reply {
    let refused =
        || reply::with(reply::empty(StatusCode::UNAUTHORIZED), WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
    let Some(claims) = bearer(&headers).and_then(|token| live_access_token(&provider, token)) else {
        return refused();
    };
    let office = provider.office();
    let grant = claims["jti"].as_str().and_then(|jti| office.grants.get(office.access_tokens.get(jti)?));
    let Some(grant) = grant else { return refused() };
    let mut info = json!({ "sub": claims["sub"], "acr": claims["acr"], "amr": claims["amr"] });
    for (name, value) in [("pid", &grant.subject.pid), ("email", &grant.subject.email)] {
        if let Some(value) = value {
            info[name] = json!(value);
        }
    }
    if grant.scopes.iter().any(|scope| scope == "profile") {
        info["name"] = json!(grant.subject.name());
        info["given_name"] = json!(grant.subject.given_name);
        info["family_name"] = json!(grant.subject.family_name);
    }
    reply::traced(reply::json(StatusCode::OK, &info), grant.subject.name(), None)
}

/// `POST /token/introspect`, with client authentication.
pub(super) async fn introspect(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    let params = Params::parse(&body);
    if let Err(refusal) = authenticate(&provider, &mut provider.office(), &headers, &params) {
        return *refusal;
    }
    let token = params.get("token").unwrap_or_default();
    let answer = match live_access_token(&provider, token) {
        Some(mut claims) => {
            claims["active"] = json!(true);
            claims
        }
        None => json!({ "active": false }),
    };
    reply::json(StatusCode::OK, &answer)
}

/// `POST /token/revoke`: ends every token of the grant for this client, and not the browser's session.
pub(super) async fn revoke(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    let params = Params::parse(&body);
    let mut office = provider.office();
    let known = match authenticate(&provider, &mut office, &headers, &params) {
        Ok(known) => known,
        Err(refusal) => return *refusal,
    };
    let Some(token) = params.get("token") else {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "token is missing");
    };
    let by_refresh = office.refresh_tokens.get(&super::token::hashed(token)).map(|entry| entry.grant.clone());
    let grant = by_refresh.or_else(|| {
        let claims = provider.keys().verify(token).ok()?;
        office.access_tokens.get(claims["jti"].as_str()?).cloned()
    });
    // An unknown token is answered the same way (RFC 7009 section 2.2).
    let reply = reply::empty(StatusCode::OK);
    match grant.and_then(|id| office.grants.get_mut(&id)) {
        Some(grant) if grant.client_id == known.client.client_id => {
            grant.revoked = true;
            reply::traced(reply, grant.subject.name(), Some("authorization revoked".into()))
        }
        _ => reply,
    }
}

/// `GET /logout`.
pub(super) async fn logout(State(provider): State<Provider>, headers: HeaderMap, RawQuery(query): RawQuery) -> Reply {
    end_session(&provider, &headers, &Params::parse(query.unwrap_or_default().as_bytes()))
}

/// `POST /logout`.
pub(super) async fn logout_by_form(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    end_session(&provider, &headers, &Params::parse(&body))
}

/// Logout is global: it ends the browser's session and the one that the hint names (apis.md 3.7, 3.8).
fn end_session(provider: &Provider, headers: &HeaderMap, params: &Params) -> Reply {
    // An id_token's own expiry does not matter here; it only tells which session is meant.
    let hint = params.get("id_token_hint").and_then(|token| provider.keys().verify(token).ok());
    let mut office = provider.office();
    let own = cookie(headers, SESSION_COOKIE).and_then(|id| office.sessions.remove(&id));
    let named = hint.as_ref().and_then(|claims| claims["sid"].as_str());
    let mut ended = own.map(|session| session.subject.name());
    if let Some(sid) = named {
        office.sessions.retain(|_, session| {
            let kept = session.sid != sid;
            if !kept {
                ended = Some(session.subject.name());
            }
            kept
        });
    }
    let client_id = params
        .get("client_id")
        .map(str::to_owned)
        .or_else(|| hint.as_ref().and_then(|claims| claims["aud"].as_str().map(str::to_owned)));
    let target = params.get("post_logout_redirect_uri").filter(|uri| {
        client_id.as_deref().and_then(|id| office.client(id)).is_some_and(|client| client.allows_logout_redirect(uri))
    });
    let reply = match target.and_then(|uri| Url::parse(uri).ok()) {
        Some(mut url) => {
            if let Some(state) = params.get("state") {
                url.query_pairs_mut().append_pair("state", state);
            }
            reply::with(reply::empty(StatusCode::FOUND), LOCATION, url.as_str())
        }
        // Without a registered redirect the person sees ID-porten's own page.
        None => pages::signed_out(provider.name()),
    };
    let reply =
        reply::with(reply, SET_COOKIE, &format!("{SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"));
    match ended {
        Some(name) => reply::traced(reply, name, Some("session ended".into())),
        None => reply,
    }
}
