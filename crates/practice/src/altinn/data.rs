//! The app's data elements: upload, replace, download, delete (apis.md 1.4 steps 3 to 5 and 9, 2.2).

use super::app::shape;
use super::policy::Action;
use super::storage::find;
use super::user::{self, check_scope};
use super::{conflict, upload};
use crate::authorities::Authorities;
use crate::id_porten::Params;
use crate::reply::{self, Reply};
use crate::settings::AppVersion;
use crate::state::{ATTACHMENT, ENVELOPE, Instance, RETURN, Task};
use crate::xml;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;
use std::sync::Arc;

/// Complaints about an upload: joined text, or a JSON list.
fn complaint(authorities: &Authorities, headers: &HeaderMap, text: &str) -> Reply {
    if authorities.settings().altinn.upload_errors_as_json {
        let issue =
            json!({ "severity": 1, "code": "DataRestrictionValidation", "description": text, "source": "File" });
        reply::json(StatusCode::BAD_REQUEST, &json!([issue]))
    } else {
        reply::negotiated(StatusCode::BAD_REQUEST, headers, text)
    }
}

fn unknown_type(authorities: &Authorities, headers: &HeaderMap, wanted: &str, instance: &Instance) -> Reply {
    match authorities.settings().altinn.app_version {
        AppVersion::V7 => {
            let text = format!("Element type {wanted} not allowed for instance {}", instance.id());
            reply::negotiated(StatusCode::BAD_REQUEST, headers, &text)
        }
        AppVersion::V8 => {
            let detail = format!("Element type {wanted} not allowed for instance {}", instance.id());
            reply::problem(
                StatusCode::BAD_REQUEST,
                &json!({ "title": "Data Type Not Found", "detail": detail, "status": 400 }),
            )
        }
    }
}

/// Whether data may be written now; the roles have been checked.
fn open(authorities: &Authorities, headers: &HeaderMap, instance: &Instance) -> Result<(), Box<Reply>> {
    if instance.ended.is_some() || instance.soft_deleted.is_some() {
        return Err(Box::new(conflict::closed(authorities, headers, &instance.id())));
    }
    if instance.task != Some(Task::Fill) {
        // The element types belong to utfylling; a locked element or the wrong task is a conflict.
        let text = format!("Cannot upload data in task {}", instance.task.map_or("", Task::element_id));
        return Err(Box::new(conflict::process(authorities, headers, &text)));
    }
    Ok(())
}

/// `POST …/data?dataType={id}`; the name of the parameter in any case.
pub(super) async fn upload(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.write") {
        return *refusal;
    }
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let wanted = params.get_any_case("dataType").unwrap_or_default().to_owned();
    let mut storage = authorities.altinn();
    let instance = match find(&authorities, &mut storage, &user, &party, &guid, Action::Write) {
        Ok(instance) => instance,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = open(&authorities, &headers, instance) {
        return reply::traced(*refusal, user.name, None);
    }
    let (data_type, accepts) = match wanted.as_str() {
        RETURN => (RETURN, upload::RETURN),
        ATTACHMENT => (ATTACHMENT, upload::ATTACHMENT),
        _ => return reply::traced(unknown_type(&authorities, &headers, &wanted, instance), user.name, None),
    };
    match upload::check(accepts, &headers, body.len()) {
        Ok(file) => {
            let now = authorities.clock.now();
            let effect = format!("{data_type} {} uploaded, {} bytes", file.name, body.len());
            instance.add(data_type, Some(file.name), &file.content_type, body, &user.user_id, now);
            let shape = shape(&authorities);
            let Some(element) = instance.data.last() else { return reply::empty(StatusCode::INTERNAL_SERVER_ERROR) };
            let reply = reply::json(StatusCode::CREATED, &shape.element(instance, element));
            let location = shape.location(&format!("{}/data/{}", instance.id(), element.id));
            reply::traced(reply::with(reply, LOCATION, &location), user.name, Some(effect))
        }
        Err(text) => reply::traced(complaint(&authorities, &headers, &text), user.name, None),
    }
}

/// `PUT …/data/{id}`: the envelope, or a file anew.
pub(super) async fn replace(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid, id)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.write") {
        return *refusal;
    }
    let settings = authorities.settings().altinn;
    let mut storage = authorities.altinn();
    let instance = match find(&authorities, &mut storage, &user, &party, &guid, Action::Write) {
        Ok(instance) => instance,
        Err(refusal) => return *refusal,
    };
    let Some(place) = instance.data.iter().position(|element| element.id == id) else {
        return conflict::not_found(&authorities, "Data Element Not Found");
    };
    if let Err(refusal) = open(&authorities, &headers, instance) {
        return reply::traced(*refusal, user.name, None);
    }
    let data_type = instance.data[place].data_type;
    let (filename, content_type) = match data_type {
        ENVELOPE => match form(&headers, &body) {
            Ok(content_type) => (None, content_type),
            Err(text) => {
                return reply::traced(reply::negotiated(StatusCode::BAD_REQUEST, &headers, &text), user.name, None);
            }
        },
        RETURN | ATTACHMENT => {
            let accepts = if data_type == RETURN { upload::RETURN } else { upload::ATTACHMENT };
            match upload::check(accepts, &headers, body.len()) {
                Ok(file) => (Some(file.name), file.content_type),
                Err(text) => return reply::traced(complaint(&authorities, &headers, &text), user.name, None),
            }
        }
        other => return reply::traced(unknown_type(&authorities, &headers, other, instance), user.name, None),
    };
    let now = authorities.clock.now();
    instance.touch(&user.user_id, now);
    let size = body.len();
    let element = &mut instance.data[place];
    element.filename = filename;
    element.content_type = content_type;
    element.bytes = body;
    element.last_changed = now;
    element.last_changed_by.clone_from(&user.user_id);
    let what = if data_type == ENVELOPE { "envelope" } else { data_type };
    let effect = format!("{what} replaced, {size} bytes");
    let shape = shape(&authorities);
    let element = &instance.data[place];
    let reply = if settings.changed_fields && data_type == ENVELOPE {
        reply::json(StatusCode::OK, &json!({ "changedFields": {} }))
    } else {
        reply::json(StatusCode::CREATED, &shape.element(instance, element))
    };
    let location = shape.location(&format!("{}/data/{}", instance.id(), element.id));
    reply::traced(reply::with(reply, LOCATION, &location), user.name, Some(effect))
}

/// The envelope is form data: the app reads it into its model, so it must be XML of that root.
pub(super) fn form(headers: &HeaderMap, body: &Bytes) -> Result<String, String> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if !["application/xml", "text/xml"].contains(&essence) {
        return Err(format!("Unknown content type {content_type}. Cannot read the data."));
    }
    match xml::parse(body) {
        Some(root) if root.name == "mvaMeldingInnsending" => Ok("application/xml".into()),
        _ => Err("Cannot deserialize the data: There is an error in XML document.".into()),
    }
}

/// `GET …/data/{id}`, at the app and at the platform.
pub(super) async fn download(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid, id)): Path<(String, String, String)>,
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
    let instance = match find(&authorities, &mut storage, &user, &party, &guid, Action::Read) {
        Ok(instance) => instance,
        Err(refusal) => return *refusal,
    };
    let Some(element) = instance.element(&id) else {
        return conflict::not_found(&authorities, "Data Element Not Found");
    };
    // Form data comes as JSON or XML by Accept (apis.md 2.2).
    if element.data_type == ENVELOPE
        && !reply::accept(&headers).contains("xml")
        && let Some(root) = xml::parse(&element.bytes)
    {
        return reply::traced(reply::json(StatusCode::OK, &root.json()), user.name, None);
    }
    let mut reply = reply::body(StatusCode::OK, "application/octet-stream", element.bytes.clone());
    if let Ok(content_type) = HeaderValue::from_str(&element.content_type) {
        reply.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    if let Some(name) = &element.filename {
        let encoded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
        let disposition = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", encoded.replace('+', "%20"));
        reply = reply::with(reply, CONTENT_DISPOSITION, &disposition);
    }
    reply::traced(reply, user.name, None)
}

/// `DELETE …/data/{id}`.
pub(super) async fn delete(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid, id)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if let Err(refusal) = check_scope(&authorities, &user, "altinn:instances.write") {
        return *refusal;
    }
    let mut storage = authorities.altinn();
    let instance = match find(&authorities, &mut storage, &user, &party, &guid, Action::Write) {
        Ok(instance) => instance,
        Err(refusal) => return *refusal,
    };
    let Some(data_type) = instance.element(&id).map(|element| element.data_type) else {
        return conflict::not_found(&authorities, "Data Element Not Found");
    };
    if let Err(refusal) = open(&authorities, &headers, instance) {
        return reply::traced(*refusal, user.name, None);
    }
    if ![RETURN, ATTACHMENT].contains(&data_type) {
        let text = "Deleting form data is not possible at the moment.";
        return reply::traced(reply::negotiated(StatusCode::BAD_REQUEST, &headers, text), user.name, None);
    }
    instance.data.retain(|element| element.id != id);
    instance.touch(&user.user_id, authorities.clock.now());
    reply::traced(reply::empty(StatusCode::OK), user.name, Some(format!("{data_type} deleted")))
}
