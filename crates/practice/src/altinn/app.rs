//! The app's instances: create, read, list, delete (apis.md 1.4 step 2, 2.2).

use super::instance::Shape;
use super::multipart::{self, Part};
use super::policy::{Action, permits};
use super::storage::find;
use super::user::{self, User, check_level, check_scope};
use super::{conflict, data, newtonsoft, upload};
use crate::authorities::Authorities;
use crate::clock::seven_decimals;
use crate::id_porten::Params;
use crate::reply::{self, Reply};
use crate::settings::AppVersion;
use crate::state::{ATTACHMENT, ENVELOPE, Event, Instance, RETURN, Task};
use crate::world::Company;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// The answer's shape under the present settings.
pub(super) fn shape(authorities: &Authorities) -> Shape<'_> {
    Shape { addresses: &authorities.addresses, version: authorities.settings().altinn.app_version }
}

/// `POST {app}/instances`.
pub(super) async fn create(
    State(authorities): State<Arc<Authorities>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    match created(&authorities, &user, &headers, &params, &body) {
        Ok(reply) => reply,
        Err(refusal) => reply::traced(*refusal, user.name, None),
    }
}

fn created(
    authorities: &Authorities,
    user: &User,
    headers: &HeaderMap,
    params: &Params,
    body: &Bytes,
) -> Result<Reply, Box<Reply>> {
    check_scope(authorities, user, "altinn:instances.write")?;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let bad = |text: &str| Box::new(reply::negotiated(StatusCode::BAD_REQUEST, headers, text));
    let mut parts = Vec::new();
    let template = match multipart::boundary(content_type) {
        Some(boundary) => {
            parts = multipart::parse(body, boundary)
                .ok_or_else(|| bad("Error when comparing content to application metadata: unreadable multipart"))?;
            let place = parts.iter().position(|part| part.name == "instance");
            place.map(|place| parts.remove(place).bytes).unwrap_or_default()
        }
        None => body.clone(),
    };
    let company = owner(authorities, headers, params, &template)?;
    check_level(user)?;
    if !permits(&user.person, &company, None, Action::Instantiate) {
        // As the documentation prints it (apis.md 1.4 step 2).
        let trace = uuid::Uuid::new_v4().simple().to_string();
        let span = trace.get(..16).unwrap_or_default();
        return Err(Box::new(reply::problem(
            StatusCode::FORBIDDEN,
            &json!({
                "type": "https://tools.ietf.org/html/rfc7231#section-6.5.3",
                "title": "Forbidden",
                "status": 403,
                "traceId": format!("00-{trace}-{span}-00"),
            }),
        )));
    }
    let now = authorities.clock.now();
    let mut instance = Instance {
        guid: uuid::Uuid::new_v4().to_string(),
        company: company.clone(),
        created: now,
        created_by: user.user_id.clone(),
        last_changed: now,
        last_changed_by: user.user_id.clone(),
        task: None,
        task_started: now,
        ended: None,
        substatus: None,
        confirmed: None,
        soft_deleted: None,
        hard_deleted: None,
        data: Vec::new(),
        events: vec![Event { kind: "process_StartEvent", element_id: None, at: now, by: user.user_id.clone() }],
        assessment: None,
        pending: None,
    };
    instance.move_to(Task::Fill, &user.user_id, now);
    let envelope = prefilled(&company.org_number);
    instance.add(ENVELOPE, None, "application/xml", envelope.into(), &user.user_id, now);
    for part in parts {
        add_part(&mut instance, part, &user.user_id)
            .map_err(|text| bad(&format!("Error when comparing content to application metadata: {text}")))?;
    }
    let shape = shape(authorities);
    let reply = reply::json(StatusCode::CREATED, &shape.instance(&instance, true));
    let reply = reply::with(reply, LOCATION, &shape.location(&instance.id()));
    let effect = format!("instance {} created for {}", instance.id(), company.org_number);
    authorities.altinn().insert(instance);
    Ok(reply::traced(reply, user.name.clone(), Some(effect)))
}

/// One data type of a multipart request.
fn add_part(instance: &mut Instance, part: Part, user_id: &str) -> Result<(), String> {
    let now = instance.created;
    let (data_type, accepts) = match part.name.as_str() {
        RETURN => (RETURN, upload::RETURN),
        ATTACHMENT => (ATTACHMENT, upload::ATTACHMENT),
        ENVELOPE => {
            data::form(&part.headers, &part.bytes)?;
            if let Some(element) = instance.data.first_mut() {
                element.bytes = part.bytes;
            }
            return Ok(());
        }
        other => return Err(format!("Multipart section named, '{other}' does not correspond to an element type")),
    };
    let file = upload::check(accepts, &part.headers, part.bytes.len())?;
    instance.add(data_type, Some(file.name), &file.content_type, part.bytes, user_id, now);
    Ok(())
}

/// The envelope that a new instance already holds, about 273 bytes (apis.md 1.4 step 2).
fn prefilled(org_number: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\
         <mvaMeldingInnsending xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><norskIdentifikator><organisasjonsnummer>{org_number}\
         </organisasjonsnummer></norskIdentifikator></mvaMeldingInnsending>"
    )
}

/// Whom the instance is for: by organisation number or party.
fn owner(authorities: &Authorities, headers: &HeaderMap, params: &Params, body: &Bytes) -> Result<Company, Box<Reply>> {
    let bad = |text: &str| Box::new(reply::negotiated(StatusCode::BAD_REQUEST, headers, text));
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let in_query = params.get_any_case("instanceOwnerPartyId");
    if body.is_empty() && in_query.is_none() {
        return Err(bad(
            "Cannot create an instance without an instanceOwner.partyId. Either provide instanceOwner party Id as a \
             query parameter or an instanceTemplate object in the body.",
        ));
    }
    let template: Value = if body.is_empty() {
        Value::Null
    } else if content_type.starts_with("application/json") || multipart::boundary(content_type).is_some() {
        let text = std::str::from_utf8(body).ok();
        text.and_then(newtonsoft::parse)
            .ok_or_else(|| bad("Error when comparing content to application metadata: it is no JSON."))?
    } else {
        return Err(Box::new(reply::problem(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            &json!({ "title": "Unsupported Media Type", "status": 415 }),
        )));
    };
    let owner = newtonsoft::member(&template, "instanceOwner").cloned().unwrap_or_default();
    if in_query.is_some() && !template.is_null() {
        return Err(bad(
            "You cannot provide an instanceOwnerPartyId as a query param as well as an instance template in the body. \
             Choose one or the other.",
        ));
    }
    let party = newtonsoft::text(&owner, "partyId").or_else(|| in_query.map(str::to_owned));
    let lookup = |what: &str, value: &str| {
        // Word for word, with the space at the end (apis.md 1.4 step 2).
        let text = format!(
            "Cannot lookup party: Failed to lookup party by {what}: {value}. The exception was: 404 - Not Found - "
        );
        Box::new(reply::negotiated(StatusCode::NOT_FOUND, headers, &text))
    };
    let (org, person) = (newtonsoft::text(&owner, "organisationNumber"), newtonsoft::text(&owner, "personNumber"));
    match (org, party, person) {
        (Some(org), _, _) => {
            authorities.world().company(&org).cloned().ok_or_else(|| lookup("organisationNumber", &org))
        }
        (None, Some(party), _) => party
            .parse()
            .ok()
            .and_then(|party| authorities.world().company_by_party(party).cloned())
            .ok_or_else(|| lookup("partyId", &party)),
        // A return is a company's; the number itself is not repeated in the answer.
        (None, None, Some(_)) => Err(lookup("personNumber", "***********")),
        (None, None, None) => Err(bad(
            "Cannot create an instance without an instanceOwner.partyId. Either provide instanceOwner party Id as a \
             query parameter or an instanceTemplate object in the body.",
        )),
    }
}

/// `GET {app}/instances/{party}/{guid}`, and the platform's own address of the same.
pub(super) async fn read(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.read") {
        return *refusal;
    }
    let mut storage = authorities.altinn();
    match find(&authorities, &mut storage, &user, &party, &guid, Action::Read) {
        Ok(instance) => {
            reply::traced(reply::json(StatusCode::OK, &shape(&authorities).instance(instance, true)), user.name, None)
        }
        Err(refusal) => *refusal,
    }
}

/// `GET {app}/instances/{party}/active`; version 8 lists them simplified.
pub(super) async fn active(
    State(authorities): State<Arc<Authorities>>,
    Path(party): Path<String>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let company = party.parse().ok().and_then(|party| authorities.world().company_by_party(party).cloned());
    let Some(company) = company.filter(|company| permits(&user.person, company, None, Action::Read)) else {
        return reply::traced(reply::empty(StatusCode::FORBIDDEN), user.name, None);
    };
    let list = authorities.altinn().active(&authorities, company.party_id);
    let shape = shape(&authorities);
    let reply = match shape.version {
        AppVersion::V7 => {
            let full: Vec<_> = list.iter().map(|instance| shape.instance(instance, true)).collect();
            reply::json(StatusCode::OK, &full)
        }
        AppVersion::V8 => {
            let world = authorities.world();
            let name_of = |user_id: &str| {
                let mut persons = world.persons.iter();
                let known = |user: &crate::world::AltinnUser| user.user_id.to_string() == user_id;
                persons.find(|person| person.altinn.as_ref().is_some_and(known)).map(crate::world::Person::name)
            };
            let simple: Vec<Value> = list
                .iter()
                .map(|instance| {
                    json!({
                        "id": instance.id(),
                        "presentationTexts": null,
                        "dueBefore": null,
                        "lastChanged": seven_decimals(instance.last_changed),
                        "lastChangedBy": name_of(&instance.last_changed_by).unwrap_or_else(|| "skd".into()),
                    })
                })
                .collect();
            reply::json(StatusCode::OK, &simple)
        }
    };
    reply::traced(reply, user.name, None)
}

/// `DELETE {app}/instances/{party}/{guid}?hard=true|false` (apis.md 2.2; policy: Task_1, signers in Task_2, ended).
pub(super) async fn delete(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.write") {
        return *refusal;
    }
    let hard = Params::parse(query.unwrap_or_default().as_bytes()).get_any_case("hard") == Some("true");
    let mut storage = authorities.altinn();
    if storage.current(&authorities, &guid).is_none() {
        let text = format!("Didn't find the object that should be deleted with instanceId={party}/{guid}");
        return reply::traced(reply::negotiated(StatusCode::NOT_FOUND, &headers, &text), user.name, None);
    }
    match find(&authorities, &mut storage, &user, &party, &guid, Action::Delete) {
        Ok(instance) => {
            let now = authorities.clock.now();
            instance.soft_deleted.get_or_insert(now);
            if hard {
                instance.hard_deleted = Some(now);
            }
            instance.touch(&user.user_id, now);
            let effect = format!("instance {} deleted", instance.id());
            let reply = reply::json(StatusCode::OK, &shape(&authorities).instance(instance, true));
            reply::traced(reply, user.name, Some(effect))
        }
        Err(refusal) => *refusal,
    }
}

/// `POST {app}/instances/{party}/{guid}/complete` is for the app's owner.
pub(super) async fn complete(
    State(authorities): State<Arc<Authorities>>,
    Path((_, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let mut storage = authorities.altinn();
    if storage.current(&authorities, &guid).is_none() {
        return conflict::not_found(&authorities, "Instance Not Found");
    }
    reply::traced(reply::empty(StatusCode::FORBIDDEN), user.name, None)
}
