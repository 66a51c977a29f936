//! The service itself: who may ask, and in which words it refuses (apis.md 1.3).

use super::assess::assess;
use crate::authorities::Authorities;
use crate::id_porten::bearer;
use crate::reply::{self, Reply};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use std::sync::Arc;

/// The documented statuses with a code each; which of MVA-001 to MVA-008 is which is not published.
fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::BAD_REQUEST => ("MVA-004", "Forespørselen er ikke riktig utformet."),
        StatusCode::UNAUTHORIZED => ("MVA-002", "Uautorisert kall. Tokenet mangler, er utløpt eller er ikke gyldig."),
        StatusCode::FORBIDDEN => ("MVA-003", "Tokenet har ikke tilgang til tjenesten."),
        StatusCode::NOT_FOUND => ("MVA-005", "Ukjent adresse."),
        StatusCode::NOT_ACCEPTABLE => ("MVA-006", "Tjenesten svarer med XML."),
        _ => ("MVA-001", "Uventet feil på tjenesten."),
    }
}

/// `{kode, melding, korrelasjonsid}` as JSON (docs/om/feil.md).
pub(crate) fn failure(status: StatusCode) -> Reply {
    let (code, text) = words(status);
    let correlation = uuid::Uuid::new_v4().to_string();
    reply::json(status, &json!({ "kode": code, "melding": text, "korrelasjonsid": correlation }))
}

/// The same, as XML when the client asks for XML.
fn refuse(status: StatusCode, headers: &HeaderMap) -> Reply {
    if !reply::accept(headers).contains("xml") {
        return failure(status);
    }
    let (code, text) = words(status);
    let xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feil xmlns=\"urn:no:skatteetaten:datasamarbeid:feil:v1\">\
         <kode>{code}</kode><melding>{text}</melding><korrelasjonsid>{}</korrelasjonsid></feil>\n",
        uuid::Uuid::new_v4(),
    );
    reply::body(status, "application/xml;charset=UTF-8", xml)
}

/// `POST …/mva-melding/valider`, with ID-porten's access token and not Altinn's. 200 for an invalid return too.
pub(super) async fn validate(State(authorities): State<Arc<Authorities>>, headers: HeaderMap, body: Bytes) -> Reply {
    let settings = authorities.settings().skatteetaten;
    let claims = bearer(&headers)
        .and_then(|token| authorities.id_porten_keys.verify(token).ok())
        .filter(|claims| claims["iss"] == authorities.addresses.id_porten.as_str())
        .filter(|claims| claims["exp"].as_i64().is_some_and(|exp| exp > authorities.clock.now().as_second()))
        // An id_token has no scope; it is not for this. A machine's token names no person (apis.md 1.9).
        .filter(|claims| claims["scope"].is_string() && claims["pid"].is_string());
    let Some(claims) = claims else { return refuse(StatusCode::UNAUTHORIZED, &headers) };
    let actor = claims["pid"]
        .as_str()
        .and_then(|pid| authorities.world().person(pid).map(crate::world::Person::name))
        .unwrap_or_else(|| "somebody".into());
    let refuse = |status| reply::traced(refuse(status, &headers), actor.clone(), None);
    let scope = claims["scope"].as_str().unwrap_or_default();
    if settings.scope_required && !scope.split_whitespace().any(|scope| scope == "skatteetaten:mvameldingvalidering") {
        return refuse(StatusCode::FORBIDDEN);
    }
    let accept = reply::accept(&headers);
    if !accept.is_empty() && !accept.contains("xml") && !accept.contains("*/*") {
        return refuse(StatusCode::NOT_ACCEPTABLE);
    }
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if body.is_empty() || !content_type.contains("xml") {
        return refuse(StatusCode::BAD_REQUEST);
    }
    let result = assess(&authorities, &body);
    let effect = format!("validated: {}", result.outcome.current());
    let xml = result.write(settings.result_shape, settings.null_vat_code);
    reply::traced(reply::body(StatusCode::OK, "application/xml;charset=UTF-8", xml), actor, Some(effect))
}
