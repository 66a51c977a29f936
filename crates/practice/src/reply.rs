//! Answers: JSON, plain text and XML, with what the log should know about them.

use crate::log::Trace;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode};
use serde::Serialize;

/// An answer.
pub(crate) type Reply = Response<Body>;

/// An answer with a body of this type.
pub(crate) fn body(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Reply {
    let mut reply = Response::new(body.into());
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    reply
}

/// An answer without a body, as ASP.NET's `Unauthorized()` and `Forbid()` give.
pub(crate) fn empty(status: StatusCode) -> Reply {
    let mut reply = Response::new(Body::empty());
    *reply.status_mut() = status;
    reply
}

/// JSON.
pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Reply {
    match serde_json::to_vec(value) {
        Ok(bytes) => body(status, "application/json; charset=utf-8", bytes),
        Err(error) => {
            tracing::error!(%error, "A practice answer could not be written as JSON.");
            empty(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

/// RFC 7807 problem JSON.
pub(crate) fn problem(status: StatusCode, value: &impl Serialize) -> Reply {
    with(json(status, value), CONTENT_TYPE, "application/problem+json; charset=utf-8")
}

/// Plain text.
pub(crate) fn text(status: StatusCode, text: impl Into<String>) -> Reply {
    body(status, "text/plain; charset=utf-8", text.into())
}

/// A string as ASP.NET negotiates it: plain text, or a JSON string when the client asks for JSON (apis.md 2.1).
pub(crate) fn negotiated(status: StatusCode, headers: &HeaderMap, string: &str) -> Reply {
    if wants_json(headers) { json(status, &string) } else { text(status, string) }
}

/// Whether `Accept` asks for JSON before plain text.
pub(crate) fn wants_json(headers: &HeaderMap) -> bool {
    let accept = accept(headers);
    match (accept.find("application/json"), accept.find("text/plain")) {
        (Some(json), Some(plain)) => json < plain,
        (Some(_), None) => true,
        _ => false,
    }
}

/// All of `Accept`, in one line.
pub(crate) fn accept(headers: &HeaderMap) -> String {
    headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(", ")
}

/// Sets a header; a value that no header can hold is left out.
pub(crate) fn with(mut reply: Reply, name: HeaderName, value: &str) -> Reply {
    if let Ok(value) = HeaderValue::from_str(value) {
        reply.headers_mut().insert(name, value);
    }
    reply
}

/// Notes who acted and what changed.
pub(crate) fn traced(mut reply: Reply, actor: impl Into<String>, effect: Option<String>) -> Reply {
    reply.extensions_mut().insert(Trace { actor: Some(actor.into()), effect });
    reply
}
