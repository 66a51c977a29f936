//! Control of the practice: the log, the fault plan, the clock, the settings, the world, the registrations.
//!
//! Plain JSON for tests, for the window's practice menu and for other clients. Not an authority, so nothing here
//! is documented anywhere else.

use crate::authorities::Authorities;
use crate::clock::seven_decimals;
use crate::faults::Rule;
use crate::reply::{self, Reply};
use crate::situations::Situation;
use crate::state::{Client, Office, Task};
use crate::world::{Grant, Role};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::{delete, get, post};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::sync::Arc;

type Shared = State<Arc<Authorities>>;

/// The routes of the control.
pub(crate) fn router(authorities: &Arc<Authorities>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/log", get(read_log).delete(clear_log))
        .route("/faults", get(read_faults).post(add_faults).put(set_faults).delete(clear_faults))
        .route("/clock", get(read_clock).post(move_clock).delete(reset_clock))
        .route("/settings", get(read_settings).put(replace_settings).post(change_settings).patch(change_settings))
        .route("/situations", get(read_situations).post(switch_situation))
        .route("/instances", get(read_instances))
        .route("/instances/{guid}", delete(delete_instance))
        .route("/issued", get(read_issued))
        .route("/world", get(read_world))
        .route("/world/grants", post(add_grant).delete(remove_grant))
        .route("/clients", get(read_clients).post(register_client))
        .route("/clients/{provider}", get(read_provider_clients).post(register_provider_client))
        .route("/keys/{provider}/rotate", post(rotate_keys))
        .layer(from_fn(refuse_browsers))
        .with_state(Arc::clone(authorities))
}

/// Pages of the web must not steer the practice: a request with an origin, or for another host, is refused.
async fn refuse_browsers(headers: HeaderMap, request: Request, next: Next) -> Reply {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let here = ["127.0.0.1", "localhost"].contains(&host.split(':').next().unwrap_or_default());
    if headers.contains_key(ORIGIN) || !here {
        return complaint(StatusCode::FORBIDDEN, "the control answers programs on this machine only");
    }
    next.run(request).await
}

fn complaint(status: StatusCode, text: &str) -> Reply {
    reply::json(status, &json!({ "error": text }))
}

fn parsed<T: DeserializeOwned>(body: &Bytes) -> Result<T, Box<Reply>> {
    serde_json::from_slice(body).map_err(|error| Box::new(complaint(StatusCode::BAD_REQUEST, &error.to_string())))
}

async fn index(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.addresses)
}

async fn read_log(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.log.snapshot())
}

/// Every code and token given out in this run, for a test that looks for them where they must not lie.
async fn read_issued(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.issued())
}

async fn clear_log(State(authorities): Shared) -> Reply {
    authorities.log.clear();
    reply::json(StatusCode::OK, &authorities.log.snapshot())
}

async fn read_faults(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.plan.snapshot())
}

async fn add_faults(State(authorities): Shared, body: Bytes) -> Reply {
    match rules(&body) {
        Ok(rules) => {
            authorities.plan.add(rules);
            reply::json(StatusCode::OK, &authorities.plan.snapshot())
        }
        Err(refusal) => *refusal,
    }
}

async fn set_faults(State(authorities): Shared, body: Bytes) -> Reply {
    match rules(&body) {
        Ok(rules) => {
            authorities.plan.clear();
            authorities.plan.add(rules);
            reply::json(StatusCode::OK, &authorities.plan.snapshot())
        }
        Err(refusal) => *refusal,
    }
}

/// One rule or a list of them.
fn rules(body: &Bytes) -> Result<Vec<Rule>, Box<Reply>> {
    let value: Value = parsed(body)?;
    let list = if value.is_array() { value } else { json!([value]) };
    serde_json::from_value(list).map_err(|error| Box::new(complaint(StatusCode::BAD_REQUEST, &error.to_string())))
}

async fn clear_faults(State(authorities): Shared) -> Reply {
    authorities.plan.clear();
    reply::json(StatusCode::OK, &authorities.plan.snapshot())
}

fn clock(authorities: &Authorities) -> Reply {
    let clock = &authorities.clock;
    reply::json(
        StatusCode::OK,
        &json!({ "now": seven_decimals(clock.now()), "offsetSeconds": clock.offset_seconds(), "frozen": clock.is_frozen() }),
    )
}

async fn read_clock(State(authorities): Shared) -> Reply {
    clock(&authorities)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockChange {
    /// Move by this much; negative is back.
    advance_seconds: Option<f64>,
    /// Set to this moment.
    set: Option<Timestamp>,
    /// Stop, or go on.
    freeze: Option<bool>,
}

async fn move_clock(State(authorities): Shared, body: Bytes) -> Reply {
    let change: ClockChange = match parsed(&body) {
        Ok(change) => change,
        Err(refusal) => return *refusal,
    };
    if let Some(moment) = change.set {
        authorities.clock.set(moment);
    }
    if let Some(seconds) = change.advance_seconds {
        match SignedDuration::try_from_secs_f64(seconds) {
            Ok(by) => authorities.clock.advance(by),
            Err(error) => return complaint(StatusCode::BAD_REQUEST, &error.to_string()),
        }
    }
    if let Some(frozen) = change.freeze {
        authorities.clock.freeze(frozen);
    }
    clock(&authorities)
}

async fn reset_clock(State(authorities): Shared) -> Reply {
    authorities.clock.reset();
    clock(&authorities)
}

async fn read_settings(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.settings())
}

async fn replace_settings(State(authorities): Shared, body: Bytes) -> Reply {
    match parsed(&body) {
        Ok(settings) => {
            authorities.set_settings(settings);
            reply::json(StatusCode::OK, &authorities.settings())
        }
        Err(refusal) => *refusal,
    }
}

/// Changes what is named and leaves the rest, e.g. `{"altinn":{"appVersion":"v7"}}`.
async fn change_settings(State(authorities): Shared, body: Bytes) -> Reply {
    let change: Value = match parsed(&body) {
        Ok(change) => change,
        Err(refusal) => return *refusal,
    };
    let merged = serde_json::to_value(authorities.settings()).map(|mut settings| {
        merge(&mut settings, change);
        settings
    });
    match merged.and_then(serde_json::from_value) {
        Ok(settings) => {
            authorities.set_settings(settings);
            reply::json(StatusCode::OK, &authorities.settings())
        }
        Err(error) => complaint(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

/// Every instance there is, oldest first, and what became of it.
async fn read_instances(State(authorities): Shared) -> Reply {
    let storage = authorities.altinn();
    let mut all: Vec<_> = storage.instances().collect();
    all.sort_by_key(|instance| instance.created);
    let all: Vec<Value> = all
        .into_iter()
        .map(|instance| {
            json!({
                "id": instance.id(),
                "orgNumber": instance.company.org_number,
                "task": instance.task.map(Task::name),
                "delivered": storage.is_delivered(&instance.guid),
                "deleted": instance.soft_deleted.is_some() || instance.hard_deleted.is_some(),
            })
        })
        .collect();
    reply::json(StatusCode::OK, &all)
}

/// Somebody deletes an instance in Altinn's inbox, into the wastebasket.
async fn delete_instance(State(authorities): Shared, Path(guid): Path<String>) -> Reply {
    let now = authorities.clock.now();
    match authorities.altinn().current(&authorities, &guid) {
        Some(instance) => {
            instance.soft_deleted = Some(now);
            reply::json(StatusCode::OK, &json!({ "deleted": instance.id() }))
        }
        None => complaint(StatusCode::NOT_FOUND, "no such instance"),
    }
}

fn situations(authorities: &Authorities) -> Reply {
    let settings = authorities.settings();
    let all: Vec<Value> = Situation::ALL
        .into_iter()
        .map(|situation| json!({ "situation": situation, "on": situation.is_on(&settings) }))
        .collect();
    reply::json(StatusCode::OK, &all)
}

async fn read_situations(State(authorities): Shared) -> Reply {
    situations(&authorities)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Switch {
    situation: Situation,
    on: bool,
}

async fn switch_situation(State(authorities): Shared, body: Bytes) -> Reply {
    let Switch { situation, on } = match parsed(&body) {
        Ok(switch) => switch,
        Err(refusal) => return *refusal,
    };
    let mut settings = authorities.settings();
    situation.switch(&mut settings, on);
    authorities.set_settings(settings);
    situations(&authorities)
}

fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (key, value) in change {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, change) => *into = change,
    }
}

async fn read_world(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &*authorities.world())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct GrantChange {
    /// The person's key.
    person: String,
    /// Organisation number.
    org_number: String,
    /// The role; every role of the person for the company when taken away without one.
    role: Option<Role>,
}

async fn add_grant(State(authorities): Shared, body: Bytes) -> Reply {
    change_grant(&authorities, &body, |roles, change| {
        let role = change.role.unwrap_or(Role::LimitedSigning);
        roles.push(Grant { org_number: change.org_number.clone(), role });
    })
}

async fn remove_grant(State(authorities): Shared, body: Bytes) -> Reply {
    change_grant(&authorities, &body, |roles, change| {
        roles.retain(|grant| {
            grant.org_number != change.org_number || change.role.is_some_and(|role| role != grant.role)
        });
    })
}

fn change_grant(authorities: &Authorities, body: &Bytes, change: impl FnOnce(&mut Vec<Grant>, &GrantChange)) -> Reply {
    let wanted: GrantChange = match parsed(body) {
        Ok(wanted) => wanted,
        Err(refusal) => return *refusal,
    };
    authorities.change_world(|world| {
        if world.company(&wanted.org_number).is_none() {
            return complaint(StatusCode::NOT_FOUND, "no such company");
        }
        match world.persons.iter_mut().find(|person| person.key == wanted.person) {
            Some(person) => {
                change(&mut person.roles, &wanted);
                reply::json(StatusCode::OK, person)
            }
            None => complaint(StatusCode::NOT_FOUND, "no such person"),
        }
    })
}

async fn read_clients(State(authorities): Shared) -> Reply {
    reply::json(StatusCode::OK, &authorities.id_porten().clients)
}

async fn register_client(State(authorities): Shared, body: Bytes) -> Reply {
    register(&mut authorities.id_porten(), &body)
}

async fn read_provider_clients(State(authorities): Shared, Path(provider): Path<String>) -> Reply {
    match provider.as_str() {
        "id_porten" => reply::json(StatusCode::OK, &authorities.id_porten().clients),
        "ansattporten" => reply::json(StatusCode::OK, &authorities.ansattporten().clients),
        _ => complaint(StatusCode::NOT_FOUND, "no such provider"),
    }
}

async fn register_provider_client(State(authorities): Shared, Path(provider): Path<String>, body: Bytes) -> Reply {
    match provider.as_str() {
        "id_porten" => register(&mut authorities.id_porten(), &body),
        "ansattporten" => register(&mut authorities.ansattporten(), &body),
        _ => complaint(StatusCode::NOT_FOUND, "no such provider"),
    }
}

/// Registers an integration, or changes the one with the same `client_id`; what is not named stays as it was.
fn register(office: &mut Office, body: &Bytes) -> Reply {
    let change: Value = match parsed(body) {
        Ok(change) => change,
        Err(refusal) => return *refusal,
    };
    let position = office.clients.iter().position(|client| change["client_id"] == client.client_id.as_str());
    let before = position.and_then(|n| office.clients.get(n)).cloned();
    let mut wanted = before.as_ref().and_then(|client| serde_json::to_value(client).ok()).unwrap_or_else(|| json!({}));
    merge(&mut wanted, change);
    let mut client: Client = match serde_json::from_value(wanted) {
        Ok(client) => client,
        Err(error) => return complaint(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    if client.client_secret.is_none() {
        client.client_secret = before.and_then(|before| before.client_secret);
    }
    let reply = reply::json(StatusCode::OK, &client);
    match position.and_then(|n| office.clients.get_mut(n)) {
        Some(place) => *place = client,
        None => office.clients.push(client),
    }
    reply
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct Rotation {
    /// The old keys are no longer published.
    retire_old: bool,
}

async fn rotate_keys(State(authorities): Shared, Path(provider): Path<String>, body: Bytes) -> Reply {
    let rotation: Rotation = match if body.is_empty() { Ok(Rotation::default()) } else { parsed(&body) } {
        Ok(rotation) => rotation,
        Err(refusal) => return *refusal,
    };
    let keys = match provider.as_str() {
        "id_porten" => &authorities.id_porten_keys,
        "ansattporten" => &authorities.ansattporten_keys,
        "altinn" => &authorities.altinn_keys,
        _ => return complaint(StatusCode::NOT_FOUND, "no such provider"),
    };
    match keys.rotate(rotation.retire_old).and_then(|()| keys.public_set()) {
        Ok(set) => reply::json(StatusCode::OK, &set),
        Err(error) => complaint(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()),
    }
}
