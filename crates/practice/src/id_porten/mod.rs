//! The practice ID-porten (apis.md 3): an OpenID provider with PAR, PKCE, rotation, revocation, logout and SSO.
//!
//! Ansattporten is the same software at Digdir, and here too: `Which` tells them apart.

mod ansattporten;
mod authorize;
mod client_auth;
mod other;
mod params;
mod request;
mod token;
mod tokens;

pub use crate::state::{ApplicationType, AuthMethod, Client, RefreshTokenUsage};
pub(crate) use ansattporten::router as ansattporten_router;
pub(crate) use other::bearer;
pub(crate) use params::Params;

use crate::authorities::Authorities;
use crate::jwt::SigningKeys;
use crate::reply::{self, Reply};
use crate::state::{Office, Which};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::sync::{Arc, MutexGuard};

/// One provider, as its handlers see it.
#[derive(Debug, Clone)]
pub(crate) struct Provider {
    pub(crate) authorities: Arc<Authorities>,
    pub(crate) which: Which,
}

impl Provider {
    pub(crate) fn issuer(&self) -> &str {
        match self.which {
            Which::IdPorten => &self.authorities.addresses.id_porten,
            Which::Ansattporten => &self.authorities.addresses.ansattporten,
        }
    }

    pub(crate) fn office(&self) -> MutexGuard<'_, Office> {
        match self.which {
            Which::IdPorten => self.authorities.id_porten(),
            Which::Ansattporten => self.authorities.ansattporten(),
        }
    }

    pub(crate) fn keys(&self) -> &SigningKeys {
        match self.which {
            Which::IdPorten => &self.authorities.id_porten_keys,
            Which::Ansattporten => &self.authorities.ansattporten_keys,
        }
    }

    pub(crate) fn now(&self) -> i64 {
        self.authorities.clock.now().as_second()
    }

    pub(crate) fn name(&self) -> &'static str {
        match self.which {
            Which::IdPorten => "ID-porten",
            Which::Ansattporten => "Ansattporten",
        }
    }
}

/// The routes of ID-porten.
pub(crate) fn router(authorities: &Arc<Authorities>) -> Router {
    routes(Provider { authorities: Arc::clone(authorities), which: Which::IdPorten })
}

/// The routes of a provider.
pub(crate) fn routes(provider: Provider) -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery))
        .route("/.well-known/oauth-authorization-server", get(discovery))
        .route("/jwks.json", get(jwks))
        .route("/authorize", get(authorize::authorize).post(authorize::authorize_by_form))
        .route("/login", post(authorize::login))
        .route("/par", post(authorize::push))
        .route("/token", post(token::token))
        .route("/token/introspect", post(other::introspect))
        .route("/token/revoke", post(other::revoke))
        .route("/userinfo", get(other::userinfo).post(other::userinfo))
        .route("/logout", get(other::logout).post(other::logout_by_form))
        .with_state(provider)
}

/// The name of a call, for the log and for fault rules.
pub(crate) fn call(path: &str) -> &'static str {
    match path {
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => "discovery",
        "/jwks.json" => "jwks",
        "/authorize" => "authorize",
        "/login" => "login",
        "/par" => "par",
        "/token" => "token",
        "/token/introspect" => "introspect",
        "/token/revoke" => "revoke",
        "/userinfo" => "userinfo",
        "/logout" => "logout",
        _ => "other",
    }
}

/// The discovery document (apis.md 3.1).
async fn discovery(State(provider): State<Provider>) -> Reply {
    reply::json(StatusCode::OK, &metadata(&provider))
}

fn metadata(provider: &Provider) -> Value {
    let at = |path: &str| format!("{}{path}", provider.issuer());
    let mut acr_values = vec!["idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"];
    let mut document = json!({
        "issuer": provider.issuer(),
        "authorization_endpoint": at("/authorize"),
        "pushed_authorization_request_endpoint": at("/par"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks.json"),
        "introspection_endpoint": at("/token/introspect"),
        "revocation_endpoint": at("/token/revoke"),
        "userinfo_endpoint": at("/userinfo"),
        "end_session_endpoint": at("/logout"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post", "query.jwt", "form_post.jwt"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt", "none"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "ui_locales_supported": ["nb", "nn", "en", "se"],
        "prompt_values_supported": ["login", "none", "consent"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_signing_alg_values_supported": ["RS256"],
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "scopes_supported": ["openid", "profile"],
    });
    if provider.which == Which::Ansattporten {
        // The contents of Ansattporten's document are not published (apis.md 4.6, "Unknown"); these follow from 4.1 to 4.4.
        acr_values.push("entraid");
        document["authorization_details_types_supported"] =
            json!(["ansattporten:orgno", "ansattporten:altinn:resource", "ansattporten:altinn:service"]);
    }
    document["acr_values_supported"] = json!(acr_values);
    document
}

async fn jwks(State(provider): State<Provider>) -> Reply {
    match provider.keys().public_set() {
        Ok(set) => reply::json(StatusCode::OK, &set),
        Err(_) => reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

/// An OAuth error as JSON (RFC 6749 section 5.2; apis.md 3.5: the precise texts are not documented).
pub(crate) fn oauth_error(status: StatusCode, error: &str, description: &str) -> Reply {
    reply::with(
        reply::json(status, &json!({ "error": error, "error_description": description })),
        CACHE_CONTROL,
        "no-store",
    )
}
