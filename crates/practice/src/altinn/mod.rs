//! The practice Altinn (apis.md 1.4, 2): the platform with token exchange, storage and parties, and Skatteetaten's
//! app with instances, data and process.

mod app;
mod conflict;
mod data;
mod envelope;
mod feedback;
mod instance;
mod multipart;
mod newtonsoft;
mod parties;
mod platform;
mod policy;
mod process;
mod storage;
mod upload;
mod user;

pub use crate::addresses::APP_PATH;

use crate::authorities::Authorities;
use crate::reply::{self, Reply};
use crate::state::Task;
use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::http::{Request, StatusCode};
use axum::routing::{get, post, put};
use std::sync::Arc;

/// `appId`.
pub(crate) const APP_ID: &str = "skd/mva-melding-innsending-v1";

/// The routes of the app (apis.md 2.2).
pub(crate) fn app_router(authorities: &Arc<Authorities>) -> Router {
    let app = Router::new()
        .route("/instances", post(app::create))
        .route("/instances/{party}/active", get(app::active))
        .route("/instances/{party}/{guid}", get(app::read).delete(app::delete))
        .route("/instances/{party}/{guid}/complete", post(app::complete))
        .route("/instances/{party}/{guid}/validate", get(process::validate))
        .route("/instances/{party}/{guid}/data", post(data::upload))
        .route("/instances/{party}/{guid}/data/{id}", get(data::download).put(data::replace).delete(data::delete))
        .route("/instances/{party}/{guid}/data/{id}/validate", get(process::validate_element))
        .route("/instances/{party}/{guid}/process", get(process::read))
        .route("/instances/{party}/{guid}/process/next", put(process::next))
        .route("/instances/{party}/{guid}/process/completeProcess", put(process::complete))
        .route("/instances/{party}/{guid}/process/history", get(process::history))
        .route("/instances/{party}/{guid}/feedback", get(feedback::wait))
        .route("/instances/{party}/{guid}/feedback/status", get(feedback::status))
        .route("/api/v1/parties", get(parties::app_parties))
        .route("/api/v1/parties/{party}", put(parties::choose));
    Router::new()
        .nest(APP_PATH, app)
        // The limits are the app's own, with its own words (apis.md 2.2).
        .layer(DefaultBodyLimit::disable())
        .with_state(Arc::clone(authorities))
}

/// The routes of the platform (apis.md 2.1, 2.3, 2.4).
pub(crate) fn platform_router(authorities: &Arc<Authorities>) -> Router {
    Router::new()
        .route("/authentication/api/v1/exchange/{provider}", get(platform::exchange))
        .route("/authentication/api/v1/refresh", get(platform::refresh))
        .route("/authentication/api/v1/openid/.well-known/openid-configuration", get(platform::discovery))
        .route("/authentication/api/v1/openid/.well-known/openid-configuration/jwks", get(platform::jwks))
        .route("/accessmanagement/api/v1/enduser/authorizedparties", get(parties::end_user))
        .route("/accessmanagement/api/v1/authorizedparties", get(parties::older))
        .route("/storage/api/v1/instances", get(storage::list))
        .route("/storage/api/v1/instances/{party}/{guid}", get(app::read))
        .route("/storage/api/v1/instances/{party}", get(storage::by_guid))
        .route("/storage/api/v1/instances/{party}/{guid}/events", get(storage::events))
        .route("/storage/api/v1/instances/{party}/{guid}/data/{id}", get(data::download))
        .with_state(Arc::clone(authorities))
}

/// Takes a path as ASP.NET does: a slash at the end and the case of letters make no difference.
pub(crate) fn normalise(request: &mut Request<Body>) {
    const WORDS: [&str; 33] = [
        "skd",
        "mva-melding-innsending-v1",
        "instances",
        "active",
        "complete",
        "validate",
        "data",
        "process",
        "next",
        "completeProcess",
        "history",
        "feedback",
        "status",
        "api",
        "v1",
        "parties",
        "authentication",
        "exchange",
        "refresh",
        "openid",
        ".well-known",
        "openid-configuration",
        "jwks",
        "accessmanagement",
        "enduser",
        "authorizedparties",
        "storage",
        "events",
        "id-porten",
        "maskinporten",
        "altinnstudio",
        "substatus",
        "presentationtexts",
    ];
    let uri = request.uri();
    let path = uri.path();
    let parts = path.trim_end_matches('/').split('/').map(|part| {
        let word = WORDS.iter().find(|word| word.eq_ignore_ascii_case(part));
        match (word, uuid::Uuid::try_parse(part)) {
            (Some(word), _) => (*word).to_owned(),
            (None, Ok(_)) => part.to_ascii_lowercase(),
            (None, Err(_)) => part.to_owned(),
        }
    });
    let mut plain = parts.collect::<Vec<_>>().join("/");
    if plain.is_empty() {
        plain.push('/');
    }
    if plain == path {
        return;
    }
    if let Some(query) = uri.query() {
        plain.push('?');
        plain.push_str(query);
    }
    if let Ok(uri) = plain.parse() {
        *request.uri_mut() = uri;
    }
}

/// Whether a call is about an instance that has been delivered.
pub(crate) fn is_delivered(authorities: &Authorities, path: &str) -> bool {
    let parts: Vec<&str> = path.strip_prefix(APP_PATH).unwrap_or_default().trim_matches('/').split('/').collect();
    let ["instances", _, guid, ..] = parts.as_slice() else { return false };
    authorities.altinn().is_delivered(guid)
}

/// What keeps the app from looking at a call at all: it has moved, or the instance is not ready (apis.md 1.9).
pub(crate) fn standing_in_the_way(authorities: &Authorities, path: &str) -> Option<Reply> {
    let settings = authorities.settings().altinn;
    if settings.app_moved {
        return Some(reply::empty(StatusCode::IM_A_TEAPOT));
    }
    if settings.instance_delay_seconds <= 0.0 {
        return None;
    }
    let parts: Vec<&str> = path.strip_prefix(APP_PATH)?.trim_matches('/').split('/').collect();
    let ["instances", _, guid, rest @ ..] = parts.as_slice() else { return None };
    let concerns = match rest.first() {
        Some(first) => ["data", "process", "validate", "feedback"].contains(first),
        None => settings.instance_unread,
    };
    let created = authorities.altinn().created(guid)?;
    let delay = jiff::SignedDuration::try_from_secs_f64(settings.instance_delay_seconds).unwrap_or_default();
    let ready = created.saturating_add(delay).unwrap_or(created);
    (concerns && authorities.clock.now() < ready).then(|| conflict::not_found(authorities, "Instance Not Found"))
}

/// The name of a call to the platform, for the log and for fault rules.
pub(crate) fn platform_call(path: &str) -> &'static str {
    if path.contains("/exchange/") {
        "exchange"
    } else if path.ends_with("/refresh") {
        "refresh"
    } else if path.contains("authorizedparties") {
        "authorizedParties"
    } else if path.contains("openid-configuration") {
        "discovery"
    } else if path == "/storage/api/v1/instances" {
        "listInstances"
    } else if path.starts_with("/storage/") {
        if path.contains("/data/") { "download" } else { "readInstance" }
    } else {
        "other"
    }
}

/// The name of a call to the app. Both `process/next` of a filing have the same address, so the instance is asked
/// where it stands.
pub(crate) fn app_call(authorities: &Authorities, method: &str, path: &str, query: &str) -> &'static str {
    let Some(path) = path.strip_prefix(APP_PATH) else { return "other" };
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (method, parts.as_slice()) {
        ("POST", ["instances"]) => "createInstance",
        ("GET", ["instances", _, "active"]) => "activeInstances",
        ("GET", ["instances", _, _]) => "readInstance",
        ("DELETE", ["instances", _, _]) => "deleteInstance",
        ("POST", ["instances", _, _, "data"]) => {
            if query.to_ascii_lowercase().contains("=mvamelding") {
                "postReturn"
            } else {
                "postAttachment"
            }
        }
        ("PUT", ["instances", _, _, "data", _]) => "putEnvelope",
        ("DELETE", ["instances", _, _, "data", _]) => "deleteData",
        ("GET", ["instances", _, _, "data", _]) => "download",
        ("GET", ["instances", _, _, "process"]) => "readProcess",
        ("PUT", ["instances", _, guid, "process", "next"]) => match authorities.altinn().task(guid) {
            Some(Task::Fill) => "firstNext",
            Some(Task::Confirm) => "secondNext",
            _ => "laterNext",
        },
        ("GET", ["instances", _, _, "feedback"]) => "feedback",
        ("GET", ["instances", _, _, "feedback", "status"]) => "feedbackStatus",
        (_, ["api", "v1", "parties", ..]) => "parties",
        (_, ["instances", _, _, .., "validate"]) => "validateInstance",
        _ => "other",
    }
}
