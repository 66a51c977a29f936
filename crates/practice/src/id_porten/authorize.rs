//! The authorization endpoint: the page where a person signs in, and the way back (apis.md 3.3, 3.4, 3.7).

use super::ansattporten;
use super::client_auth::authenticate;
use super::request::{self, Refusal, SentBack};
use super::{Params, Provider, oauth_error};
use crate::reply::{self, Reply};
use crate::state::{AuthorizationRequest, Code, Office, ResponseMode, Session, Subject, Which};
use crate::world::{Person, World};
use crate::{pages, random};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use url::Url;

/// The browser's session at ID-porten.
pub(super) const SESSION_COOKIE: &str = "practice_idporten_session";
/// How long a sign-in page may stay open, seconds; then it is the "utløpt sesjon" of apis.md 3.3.
const PAGE_LIFETIME: i64 = 600;

/// One cookie of a request.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// `POST /par` (apis.md 3.4).
pub(super) async fn push(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    let params = Params::parse(&body);
    let mut office = provider.office();
    let known = match authenticate(&provider, &mut office, &headers, &params) {
        Ok(known) => known,
        Err(refusal) => return *refusal,
    };
    if params.get("client_id").is_some_and(|id| id != known.client.client_id) {
        return oauth_error(
            StatusCode::BAD_REQUEST,
            "invalid_request",
            "client_id differs from the authenticated client",
        );
    }
    if params.get("request_uri").is_some() {
        return oauth_error(StatusCode::BAD_REQUEST, "invalid_request", "request_uri cannot be pushed");
    }
    match request::check(&provider, &office, &params) {
        Ok(request) => {
            let lifetime = provider.authorities.settings().id_porten.pushed_request_lifetime_seconds;
            let uri = format!("urn:idporten:{}", random::token());
            office.pushed.insert(uri.clone(), (request, provider.now() + lifetime));
            reply::with(
                reply::json(StatusCode::CREATED, &json!({ "request_uri": uri, "expires_in": lifetime })),
                CACHE_CONTROL,
                "no-store",
            )
        }
        Err(Refusal::OwnPage { error, description }) => oauth_error(StatusCode::BAD_REQUEST, error, &description),
        Err(Refusal::Redirect(sent)) => oauth_error(StatusCode::BAD_REQUEST, sent.error, &sent.description),
    }
}

/// `GET /authorize`.
pub(super) async fn authorize(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    begin(&provider, &headers, &Params::parse(query.unwrap_or_default().as_bytes()))
}

/// `POST /authorize`, the same with a form.
pub(super) async fn authorize_by_form(State(provider): State<Provider>, headers: HeaderMap, body: Bytes) -> Reply {
    begin(&provider, &headers, &Params::parse(&body))
}

fn begin(provider: &Provider, headers: &HeaderMap, params: &Params) -> Reply {
    let mut office = provider.office();
    let request = match requested(provider, &mut office, params) {
        Ok(request) => request,
        Err(Refusal::OwnPage { error, description }) => {
            return pages::own_error(provider.name(), error, &description);
        }
        Err(Refusal::Redirect(sent)) => return send_error(provider, &sent),
    };
    let now = provider.now();
    // TestID signs in without a page (apis.md 3.3).
    match hinted(provider, &request) {
        Ok(Some(subject)) => return signed_in(provider, &mut office, request, subject),
        Ok(None) => {}
        Err(sent) => return send_error(provider, &sent),
    }
    // A browser with a session signs in silently, unless the client or the request wants otherwise (apis.md 3.7).
    let alone = office.client(&request.client_id).is_some_and(|client| client.sso_disabled);
    let session = cookie(headers, SESSION_COOKIE)
        .and_then(|id| office.sessions.get(&id).cloned())
        .filter(|session| session.expires > now && provider.which == Which::IdPorten && !alone)
        .filter(|session| request.max_age.is_none_or(|age| now - session.auth_time <= age))
        .filter(|session| level(&session.subject.acr) >= wanted_level(&request));
    match session {
        Some(session) if !request.prompt.iter().any(|prompt| prompt == "login") => {
            return give_code(provider, &mut office, request, session.subject, session.auth_time, session.sid);
        }
        None if request.prompt.iter().any(|prompt| prompt == "none") => {
            return send_error(provider, &refused(&request, "login_required", "There is no session"));
        }
        _ => {}
    }
    let client_name = office.client(&request.client_id).map(|client| client.client_name.clone()).unwrap_or_default();
    let attempt = random::token();
    let page = match provider.which {
        Which::IdPorten => pages::sign_in(&attempt, &request, &client_name, &provider.authorities.world()),
        Which::Ansattporten => pages::work_sign_in(&attempt, &request, &client_name),
    };
    office.attempts.retain(|_, (_, expires)| *expires > now);
    office.attempts.insert(attempt, (request, now + PAGE_LIFETIME));
    page
}

/// The request of the parameters, or the one that was pushed.
fn requested(provider: &Provider, office: &mut Office, params: &Params) -> Result<AuthorizationRequest, Refusal> {
    let Some(uri) = params.get("request_uri") else { return request::check(provider, office, params) };
    let stale = || Refusal::OwnPage {
        error: "invalid_request",
        description: "request_uri er ukjent, brukt eller utløpt.".into(),
    };
    let (request, expires) = office.pushed.remove(uri).ok_or_else(stale)?;
    if expires < provider.now() {
        return Err(stale());
    }
    if params.get("client_id") != Some(request.client_id.as_str()) {
        return Err(Refusal::OwnPage {
            error: "invalid_request",
            description: "client_id er ikke den som sendte forespørselen.".into(),
        });
    }
    Ok(request)
}

/// Who `login_hint=testid:{pid}_idporten-loa-high` names; at Ansattporten also `entraid:{key}`.
fn hinted(provider: &Provider, request: &AuthorizationRequest) -> Result<Option<Subject>, SentBack> {
    let Some(hint) = request.login_hint.as_deref() else { return Ok(None) };
    if let Some(key) = hint.strip_prefix("entraid:").filter(|_| provider.which == Which::Ansattporten) {
        let employee = provider.authorities.world().employee(key).filter(|employee| !employee.blocked).cloned();
        let Some(employee) = employee else { return Ok(None) };
        let subject = Subject::employee(&employee, &provider.authorities.settings().ansattporten);
        return ansattporten::with_organisations(provider, request, subject, &employee, None).map(Some);
    }
    let Some((pid, acr)) = hint.strip_prefix("testid:").and_then(|rest| rest.split_once('_')) else {
        return Ok(None);
    };
    if !["idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"].contains(&acr) {
        return Ok(None);
    }
    let acr = provider.authorities.settings().id_porten.granted_acr.unwrap_or_else(|| acr.to_owned());
    let world = provider.authorities.world();
    Ok(world.person(pid).map(|person| Subject::person(returning_person(provider, &world, person), acr)))
}

/// The person who was chosen; or, where the browser's session is another's, the next of this world's (apis.md 1.9).
fn returning_person<'w>(provider: &Provider, world: &'w World, chosen: &'w Person) -> &'w Person {
    if provider.which != Which::IdPorten || !provider.authorities.settings().id_porten.another_person {
        return chosen;
    }
    let others = world.persons.iter().cycle().skip_while(|person| person.key != chosen.key).skip(1);
    others.take(world.persons.len()).find(|person| person.altinn.is_some()).unwrap_or(chosen)
}

fn level(acr: &str) -> u8 {
    match acr {
        "idporten-loa-high" | "high" => 4,
        "idporten-loa-substantial" | "substantial" => 3,
        _ => 0,
    }
}

fn wanted_level(request: &AuthorizationRequest) -> u8 {
    request.acr_values.iter().map(|acr| level(acr)).min().unwrap_or(0)
}

/// `POST /login`: the sign-in page's form.
pub(super) async fn login(State(provider): State<Provider>, body: Bytes) -> Reply {
    let params = Params::parse(&body);
    let mut office = provider.office();
    let attempt = params.get("attempt").and_then(|id| office.attempts.remove(id));
    let Some((request, _)) = attempt.filter(|(_, expires)| *expires > provider.now()) else {
        return pages::own_error(
            provider.name(),
            "invalid_request",
            "Ugyldig eller utløpt sesjon. Gå tilbake til programmet og start innloggingen på nytt.",
        );
    };
    if provider.which == Which::Ansattporten
        && let Some(way) = params.get("way")
    {
        return ansattporten::chosen_way(&provider, &mut office, request, way);
    }
    let Some(key) = params.get("person") else {
        // The exact code of a cancelled sign-in is not documented; this is the standard's (apis.md 3.3).
        let cancelled = refused(&request, "access_denied", "The user cancelled the login");
        return reply::traced(send_error(&provider, &cancelled), "somebody", Some("sign-in cancelled".into()));
    };
    if provider.which == Which::Ansattporten
        && let Some(key) = key.strip_prefix("entraid:")
    {
        return ansattporten::work_login(&provider, &mut office, request, key, &params);
    }
    let acr = provider.authorities.settings().id_porten.granted_acr.unwrap_or_else(|| "idporten-loa-high".into());
    let world = provider.authorities.world();
    let subject =
        world.person_by_key(key).map(|person| Subject::person(returning_person(&provider, &world, person), acr));
    match subject {
        Some(subject) => signed_in(&provider, &mut office, request, subject),
        None => pages::own_error(provider.name(), "invalid_request", "Personen finnes ikke i øvingsverdenen."),
    }
}

/// A new session, and back to the client.
pub(crate) fn signed_in(
    provider: &Provider,
    office: &mut Office,
    request: AuthorizationRequest,
    subject: Subject,
) -> Reply {
    let now = provider.now();
    let session = Session {
        subject: subject.clone(),
        auth_time: now,
        sid: random::token(),
        expires: now + provider.authorities.settings().id_porten.session_lifetime_seconds,
    };
    let sid = session.sid.clone();
    let reply = give_code(provider, office, request, subject, now, sid);
    if provider.which == Which::Ansattporten {
        // There is no single sign-on at Ansattporten (apis.md 4.1).
        return reply;
    }
    let id = random::token();
    office.sessions.retain(|_, session| session.expires > now);
    office.sessions.insert(id.clone(), session);
    reply::with(reply, SET_COOKIE, &format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"))
}

fn give_code(
    provider: &Provider,
    office: &mut Office,
    request: AuthorizationRequest,
    subject: Subject,
    auth_time: i64,
    sid: String,
) -> Reply {
    let text = random::token();
    let name = subject.name();
    let reply = send(
        provider,
        &request.redirect_uri,
        request.response_mode,
        &request.client_id,
        vec![("code", text.clone()), ("state", request.state.clone())],
    );
    let expires = provider.now() + provider.authorities.settings().id_porten.code_lifetime_seconds;
    provider.authorities.issue(&text);
    office.codes.insert(text, Code { request, subject, auth_time, sid, expires, used: None });
    reply::traced(reply, name, Some("signed in".into()))
}

pub(crate) fn refused(request: &AuthorizationRequest, error: &'static str, description: &str) -> SentBack {
    SentBack {
        redirect_uri: request.redirect_uri.clone(),
        state: Some(request.state.clone()),
        response_mode: request.response_mode,
        client_id: request.client_id.clone(),
        error,
        description: description.into(),
    }
}

pub(crate) fn send_error(provider: &Provider, sent: &SentBack) -> Reply {
    let mut answer = vec![("error", sent.error.to_owned()), ("error_description", sent.description.clone())];
    answer.extend(sent.state.clone().map(|state| ("state", state)));
    send(provider, &sent.redirect_uri, sent.response_mode, &sent.client_id, answer)
}

/// Sends the answer to the client's redirect, always with `iss` (RFC 9207).
fn send(
    provider: &Provider,
    redirect_uri: &str,
    mode: ResponseMode,
    client_id: &str,
    mut answer: Vec<(&'static str, String)>,
) -> Reply {
    answer.push(("iss", provider.issuer().to_owned()));
    if mode.jwt {
        let mut claims: serde_json::Map<String, Value> =
            answer.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        claims.insert("aud".into(), json!(client_id));
        claims.insert("exp".into(), json!(provider.now() + 600));
        match provider.keys().sign(&Value::Object(claims)) {
            Ok(token) => answer = vec![("response", token)],
            Err(_) => return reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
    if mode.form_post {
        return pages::form_post(redirect_uri, &answer);
    }
    match Url::parse(redirect_uri) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(&answer);
            let reply = reply::with(reply::empty(StatusCode::SEE_OTHER), LOCATION, url.as_str());
            reply::with(reply, CACHE_CONTROL, "no-store")
        }
        Err(_) => pages::own_error(provider.name(), "invalid_request", "redirect_uri er ikke en adresse."),
    }
}
