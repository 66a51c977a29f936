//! The practice Ansattporten (apis.md 4): the same provider as ID-porten, with work accounts and organisations.

use super::authorize::{refused, send_error, signed_in};
use super::request::SentBack;
use super::{Params, Provider};
use crate::authorities::Authorities;
use crate::reply::Reply;
use crate::settings::{Consent, OrgnoShape};
use crate::state::{AuthorizationRequest, Office, Subject, Which};
use crate::world::Employee;
use crate::{pages, random};
use axum::Router;
use serde_json::{Value, json};
use std::sync::Arc;

/// The routes of Ansattporten.
pub(crate) fn router(authorities: &Arc<Authorities>) -> Router {
    super::routes(Provider { authorities: Arc::clone(authorities), which: Which::Ansattporten })
}

/// How long a page of a sign-in may stay open, seconds.
const PAGE_LIFETIME: i64 = 600;

/// The page after the choice of how to sign in.
pub(crate) fn chosen_way(provider: &Provider, office: &mut Office, request: AuthorizationRequest, way: &str) -> Reply {
    let attempt = random::token();
    let world = provider.authorities.world();
    let page = match way {
        "entraid" => pages::work_accounts(&attempt, &request, &world),
        _ => pages::electronic_ids(&attempt, &request, &world),
    };
    office.attempts.insert(attempt, (request, provider.now() + PAGE_LIFETIME));
    page
}

/// An employee has signed in with a work account; her consent and her organisation may be left to ask for.
pub(crate) fn work_login(
    provider: &Provider,
    office: &mut Office,
    request: AuthorizationRequest,
    key: &str,
    params: &Params,
) -> Reply {
    let organisation = params.get("organisation");
    let settings = provider.authorities.settings().ansattporten;
    let Some(employee) = &provider.authorities.world().employee(key).cloned() else {
        return pages::own_error(provider.name(), "invalid_request", "Den ansatte finnes ikke i øvingsverdenen.");
    };
    if employee.blocked && settings.blocked_sends_back {
        let description = "AADSTS50105: The administrator has not assigned the user to the application";
        return send_error(provider, &refused(&request, "access_denied", description));
    }
    if employee.blocked {
        // What Entra ID shows when an administrator has not let the application in; nothing comes back to the client.
        return pages::own_error(
            provider.name(),
            "access_denied",
            "Administratoren i virksomheten din har ikke godkjent Ansattporten i Entra ID.",
        );
    }
    let agreed = (request.client_id.clone(), employee.key.clone());
    match (settings.consent, params.get("consent")) {
        _ if office.consents.contains(&agreed) => {}
        (Consent::Given, _) => {}
        (Consent::AdministratorOnly, Some(_)) => {
            let description = "AADSTS90094: An administrator must consent to Ansattporten";
            return send_error(provider, &refused(&request, "access_denied", description));
        }
        (Consent::FirstTime, Some("yes")) => {
            office.consents.insert(agreed);
        }
        (Consent::FirstTime, Some(_)) => {
            let description = "AADSTS65004: User declined to consent to access the app";
            return send_error(provider, &refused(&request, "access_denied", description));
        }
        (consent, None) => {
            let attempt = random::token();
            let page = pages::consent(&attempt, &request, employee, consent == Consent::AdministratorOnly);
            office.attempts.insert(attempt, (request, provider.now() + PAGE_LIFETIME));
            return page;
        }
    }
    let choosing = asks_for_organisation(&request)
        && organisation.is_none()
        && employee.organisations.len() > 1
        && !flag(&request, "allow_multiple_organizations")
        && !settings.organisations_unknown;
    if choosing {
        let attempt = random::token();
        let page = pages::choose_organisation(&attempt, &request, employee, &provider.authorities.world());
        office.attempts.insert(attempt, (request, provider.now() + PAGE_LIFETIME));
        return page;
    }
    let subject = Subject::employee(employee, &settings);
    let outcome = with_organisations(provider, &request, subject, employee, organisation);
    match outcome {
        Ok(subject) => signed_in(provider, office, request, subject),
        Err(sent) => send_error(provider, &sent),
    }
}

fn asks_for_organisation(request: &AuthorizationRequest) -> bool {
    request.authorization_details.is_some()
}

/// A boolean of the request, given as a boolean or as text: both are seen (apis.md 4.3). It holds for all objects.
fn flag(request: &AuthorizationRequest, name: &str) -> bool {
    let objects = request.authorization_details.as_ref().and_then(Value::as_array);
    objects.is_some_and(|objects| objects.iter().any(|object| object[name] == true || object[name] == "true"))
}

/// Adds the organisations the employee represents, in the shape that the settings say (apis.md 4.3, 4.4).
pub(crate) fn with_organisations(
    provider: &Provider,
    request: &AuthorizationRequest,
    mut subject: Subject,
    employee: &Employee,
    chosen: Option<&str>,
) -> Result<Subject, SentBack> {
    let Some(details) = &request.authorization_details else { return Ok(subject) };
    let settings = provider.authorities.settings().ansattporten;
    let mut organisations: Vec<&str> = match chosen {
        Some(org) => employee.organisations.iter().map(String::as_str).filter(|known| *known == org).collect(),
        None => employee.organisations.iter().map(String::as_str).collect(),
    };
    if settings.organisations_unknown {
        organisations.clear();
    }
    if !flag(request, "allow_multiple_organizations") {
        organisations.truncate(1);
    }
    if organisations.is_empty() && flag(request, "representation_is_required") {
        // Code and page are not published (apis.md 4.6, "Unknown"); this is the standard's.
        return Err(refused(request, "access_denied", "representation_is_required, and there is no organisation"));
    }
    let kind = details[0]["type"].clone();
    if kind == "ansattporten:orgno" && settings.orgno_shape == OrgnoShape::Missing {
        return Ok(subject);
    }
    subject.authorization_details = Some(if kind == "ansattporten:orgno" {
        orgno(provider, &organisations, settings.orgno_shape)
    } else {
        altinn(provider, details, &organisations)
    });
    Ok(subject)
}

fn orgno(provider: &Provider, organisations: &[&str], shape: OrgnoShape) -> Value {
    let id = |org: &str| format!("0192:{org}");
    let kind = "ansattporten:orgno";
    match (shape, organisations.first()) {
        // No representation: only the type (apis.md 4.3).
        (_, None) => json!([{ "type": kind }]),
        (OrgnoShape::AuthorizedParties | OrgnoShape::Missing, Some(_)) => {
            let world = provider.authorities.world();
            let parties: Vec<Value> = organisations
                .iter()
                .map(|org| {
                    json!({
                        "orgno": { "authority": "iso6523-actorid-upis", "ID": id(org) },
                        "name": world.company(org).map(|company| company.name.as_str()),
                        "rights": ["Report", "Write"],
                    })
                })
                .collect();
            json!([{ "type": kind, "authorized_parties": parties }])
        }
        (OrgnoShape::Single, Some(org)) => {
            json!([{ "type": kind, "orgno": { "authority": "iso6523-actorid-upis", "ID": id(org) } }])
        }
        (OrgnoShape::ForeignScheme, Some(org)) => {
            json!([{ "type": kind, "orgno": { "authority": "iso6523-actorid-upis", "ID": format!("0007:{org}") } }])
        }
        (OrgnoShape::WrongCheckDigit, Some(org)) => {
            let last = org.bytes().last().map_or(0, |digit| (digit - b'0' + 1) % 10);
            let wrong = format!("0192:{}{last}", org.get(..8).unwrap_or_default());
            json!([{ "type": kind, "orgno": { "authority": "iso6523-actorid-upis", "ID": wrong } }])
        }
        (OrgnoShape::SingleCapitalised, Some(org)) => {
            json!([{ "type": kind, "orgno:": { "Authority": "iso6523-actorid-upis", "ID": id(org) } }])
        }
    }
}

/// `ansattporten:altinn:resource`, and the older `:service` with its `reportees` (apis.md 4.4).
fn altinn(provider: &Provider, details: &Value, organisations: &[&str]) -> Value {
    let world = provider.authorities.world();
    let objects: Vec<Value> = details
        .as_array()
        .into_iter()
        .flatten()
        .map(|object| {
            let resource = &object["resource"];
            let name = |org: &str| world.company(org).map(|company| company.name.clone());
            if object["type"] == "ansattporten:altinn:service" {
                let reportees: Vec<Value> = organisations
                    .iter()
                    .map(|org| {
                        json!({ "Authority": "iso6523-actorid-upis", "ID": format!("0192:{org}"), "Name": name(org),
                                "Rights": ["Read", "Write"] })
                    })
                    .collect();
                return json!({ "type": object["type"], "resource": resource, "reportees": reportees });
            }
            // One text as documented, or a list as RFC 9396 section 2.2 has it.
            let actions: Vec<&str> = match object["actions"].as_array() {
                Some(list) => list.iter().filter_map(Value::as_str).collect(),
                None => object["actions"].as_str().unwrap_or("read").split(',').map(str::trim).collect(),
            };
            let parties: Vec<Value> = organisations
                .iter()
                .map(|org| {
                    json!({
                        "orgno": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{org}") },
                        "resource": resource,
                        "actions": actions,
                        "name": name(org),
                        "unit_type": world.company(org).map(|company| company.unit_type.clone()),
                    })
                })
                .collect();
            json!({ "type": object["type"], "resource": resource, "resource_name": "Øvingsressurs",
                    "authorized_parties": parties })
        })
        .collect();
    Value::Array(objects)
}
