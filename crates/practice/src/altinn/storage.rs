//! What Altinn has stored, and the platform's listing of it (apis.md 2.3).

use super::instance::Shape;
use super::policy::{Action, permits};
use super::user::{self, User};
use super::{APP_ID, feedback};
use crate::authorities::Authorities;
use crate::clock::seven_decimals;
use crate::id_porten::Params;
use crate::reply::{self, Reply};
use crate::state::{Instance, Storage};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;

impl Storage {
    /// An instance with its feedback, if that has come meanwhile.
    pub(crate) fn current(&mut self, authorities: &Authorities, guid: &str) -> Option<&mut Instance> {
        let instance = self.instances.get_mut(guid)?;
        feedback::settle_feedback(authorities, instance);
        Some(instance)
    }

    /// Every instance with its feedback.
    fn all(&mut self, authorities: &Authorities) -> impl Iterator<Item = &Instance> {
        self.instances.values_mut().map(|instance| {
            feedback::settle_feedback(authorities, instance);
            &*instance
        })
    }

    /// Unfinished instances of a party.
    pub(crate) fn active(&mut self, authorities: &Authorities, party_id: u32) -> Vec<Instance> {
        let mut list: Vec<Instance> = self
            .all(authorities)
            .filter(|instance| {
                instance.company.party_id == party_id
                    && instance.ended.is_none()
                    && instance.soft_deleted.is_none()
                    && instance.hard_deleted.is_none()
            })
            .cloned()
            .collect();
        list.sort_by_key(|instance| std::cmp::Reverse(instance.last_changed));
        list
    }
}

/// The instance that a path names, for one who may do this with it. Unknown is 404, forbidden 403.
pub(crate) fn find<'a>(
    authorities: &Authorities,
    storage: &'a mut Storage,
    user: &User,
    party: &str,
    guid: &str,
    action: Action,
) -> Result<&'a mut Instance, Box<Reply>> {
    let missing = || Box::new(super::conflict::not_found(authorities, "Instance Not Found"));
    let instance = storage
        .current(authorities, guid)
        .filter(|instance| instance.company.party_id.to_string() == party && instance.hard_deleted.is_none())
        .ok_or_else(missing)?;
    user::check_level(user)?;
    if permits(&user.person, &instance.company, instance.task, action) {
        Ok(instance)
    } else {
        Err(Box::new(reply::traced(reply::empty(StatusCode::FORBIDDEN), user.name.clone(), None)))
    }
}

/// Answers with what the caller is shown of the instance that a path names, and says who she is in the log.
pub(super) fn shown(
    authorities: &Authorities,
    headers: &HeaderMap,
    (party, guid): (&str, &str),
    answer: impl FnOnce(&User, &Instance) -> Reply,
) -> Reply {
    let user = match user::of(authorities, headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let mut storage = authorities.altinn();
    match find(authorities, &mut storage, &user, party, guid, Action::Read) {
        Ok(instance) => reply::traced(answer(&user, instance), user.name, None),
        Err(refusal) => *refusal,
    }
}

/// `GET {platform}/storage/api/v1/instances/{guid}`.
pub(super) async fn by_guid(
    State(authorities): State<Arc<Authorities>>,
    Path(guid): Path<String>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let mut storage = authorities.altinn();
    let party = storage.current(&authorities, &guid).map(|instance| instance.company.party_id.to_string());
    match find(&authorities, &mut storage, &user, &party.unwrap_or_default(), &guid, Action::Read) {
        Ok(instance) => {
            let shape = Shape { addresses: &authorities.addresses, version: authorities.settings().altinn.app_version };
            reply::traced(reply::json(StatusCode::OK, &shape.instance(instance, true)), user.name, None)
        }
        Err(refusal) => *refusal,
    }
}

/// `GET {platform}/storage/api/v1/instances/{party}/{guid}/events`.
pub(super) async fn events(
    State(authorities): State<Arc<Authorities>>,
    Path((party, guid)): Path<(String, String)>,
    headers: HeaderMap,
) -> Reply {
    shown(&authorities, &headers, (&party, &guid), |_, instance| {
        let list: Vec<Value> = instance
                .events
                .iter()
                .map(|event| {
                    json!({
                        "instanceId": instance.id(),
                        "instanceOwnerPartyId": instance.company.party_id.to_string(),
                        "eventType": event.kind,
                        "created": seven_decimals(event.at),
                        "user": { "userId": event.by.parse::<u32>().ok(), "orgId": event.by.parse::<u32>().ok().filter(|id| *id == 974_761_076).map(|_| "skd") },
                        "processInfo": { "currentTask": { "elementId": event.element_id } },
                    })
                })
                .collect();
        reply::json(StatusCode::OK, &json!({ "instanceEvents": list }))
    })
}

/// `GET {platform}/storage/api/v1/instances?…`: one owner, by party or by header; filtered and sorted.
pub(super) async fn list(
    State(authorities): State<Arc<Authorities>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let query = query.unwrap_or_default();
    let params = Params::parse(query.as_bytes());
    let by_header = headers.get("X-Ai-InstanceOwnerIdentifier").and_then(|value| value.to_str().ok());
    let company = match (params.get_any_case("instanceOwner.partyId"), by_header) {
        (Some(party), None) => {
            party.parse().ok().and_then(|party| authorities.world().company_by_party(party).cloned())
        }
        (None, Some(identifier)) => {
            identifier.strip_prefix("organisation:").and_then(|org| authorities.world().company(org).cloned())
        }
        (None, None) => {
            let text = "Either InstanceOwnerPartyId or InstanceOwnerIdentifier need to be defined.";
            return reply::negotiated(StatusCode::BAD_REQUEST, &headers, text);
        }
        (Some(_), Some(_)) => {
            let text = "Both InstanceOwner.PartyId and InstanceOwnerIdentifier cannot be present at the same time.";
            return reply::negotiated(StatusCode::BAD_REQUEST, &headers, text);
        }
    };
    let wanted = match Filter::of(&params) {
        Ok(wanted) => wanted,
        Err(text) => return reply::negotiated(StatusCode::BAD_REQUEST, &headers, &text),
    };
    let size = params.get_any_case("size").and_then(|size| size.parse::<usize>().ok()).unwrap_or(100).clamp(1, 10_000);
    let skip = params.get_any_case("continuationToken").and_then(|token| token.parse::<usize>().ok()).unwrap_or(0);
    let with_data = params.get_any_case("includeDataElements") != Some("false");
    let newest_last = params.get_any_case("order") == Some("asc:lastChanged");

    let mut storage = authorities.altinn();
    let mut found: Vec<&Instance> = Vec::new();
    if let Some(company) = &company {
        // What the user may not read is left out, not refused.
        let may = |instance: &&Instance| permits(&user.person, company, instance.task, Action::Read);
        found = storage
            .all(&authorities)
            .filter(|instance| instance.company.org_number == company.org_number && wanted.fits(instance))
            .filter(may)
            .collect();
    }
    found.sort_by(|a, b| b.last_changed.cmp(&a.last_changed).then_with(|| a.guid.cmp(&b.guid)));
    if newest_last {
        found.reverse();
    }
    let total = found.len();
    let shape = Shape { addresses: &authorities.addresses, version: authorities.settings().altinn.app_version };
    let page: Vec<_> =
        found.into_iter().skip(skip).take(size).map(|instance| shape.instance(instance, with_data)).collect();
    let address = format!("{}/storage/api/v1/instances", authorities.addresses.altinn_platform);
    let next = (skip + page.len() < total).then(|| {
        let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("continuationToken")).collect();
        format!("{address}?{}&continuationToken={}", rest.join("&"), skip + page.len())
    });
    let answer = Listing { count: page.len(), this: format!("{address}?{query}"), next, instances: page };
    reply::traced(reply::json(StatusCode::OK, &answer), user.name, None)
}

#[derive(serde::Serialize)]
struct Listing<T> {
    count: usize,
    #[serde(rename = "self")]
    this: String,
    next: Option<String>,
    instances: Vec<T>,
}

/// The documented filters.
struct Filter {
    app_id: Option<String>,
    org: Option<String>,
    task: Option<String>,
    is_complete: Option<bool>,
    archived: Option<bool>,
    soft_deleted: Option<bool>,
    hard_deleted: Option<bool>,
    reference: Option<String>,
    moments: Vec<(&'static str, Bound)>,
}

struct Bound {
    kind: String,
    moment: Timestamp,
}

impl Filter {
    fn of(params: &Params) -> Result<Self, String> {
        let text = |name: &str| params.get_any_case(name).map(str::to_owned);
        let flag = |name: &str| match params.get_any_case(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(format!("The value '{other}' is not valid for {name}.")),
        };
        let mut moments = Vec::new();
        for name in ["lastChanged", "created", "visibleAfter", "process.ended"] {
            if let Some(value) = params.get_any_case(name) {
                moments.push((
                    name,
                    Bound::parse(value).ok_or(format!("Invalid date expression for query key: {name}."))?,
                ));
            }
        }
        Ok(Self {
            app_id: text("appId"),
            org: text("org"),
            task: text("process.currentTask"),
            is_complete: flag("process.isComplete")?,
            archived: flag("status.isArchived")?,
            soft_deleted: flag("status.isSoftDeleted")?,
            hard_deleted: flag("status.isHardDeleted")?,
            reference: text("A3Ref"),
            moments,
        })
    }

    fn fits(&self, instance: &Instance) -> bool {
        let same = |wanted: Option<bool>, is: bool| wanted.is_none_or(|wanted| wanted == is);
        self.app_id.as_deref().is_none_or(|app| app == APP_ID)
            && self.org.as_deref().is_none_or(|org| org == "skd")
            && self.task.as_deref().is_none_or(|task| instance.task.is_some_and(|current| current.element_id() == task))
            && same(self.is_complete, instance.ended.is_some())
            && same(self.archived, instance.ended.is_some())
            && same(self.soft_deleted, instance.soft_deleted.is_some())
            && same(self.hard_deleted, instance.hard_deleted.is_some())
            && self.reference.as_deref().is_none_or(|reference| instance.guid.ends_with(reference))
            && self.moments.iter().all(|(name, bound)| match *name {
                "lastChanged" => bound.holds(instance.last_changed),
                "process.ended" => instance.ended.is_some_and(|ended| bound.holds(ended)),
                _ => bound.holds(instance.created),
            })
    }
}

impl Bound {
    /// `gt:2025-01-01`, `gte:…`, `lt:…`, `lte:…`, `eq:…`, or a bare moment, which is `eq`.
    fn parse(text: &str) -> Option<Self> {
        let (kind, moment) = match text.split_once(':') {
            Some((kind @ ("gt" | "gte" | "lt" | "lte" | "eq"), moment)) => (kind, moment),
            _ => ("eq", text),
        };
        let moment = moment.parse::<Timestamp>().ok().or_else(|| {
            let date: jiff::civil::Date = moment.parse().ok()?;
            date.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
        })?;
        Some(Self { kind: kind.into(), moment })
    }

    fn holds(&self, is: Timestamp) -> bool {
        match self.kind.as_str() {
            "gt" => is > self.moment,
            "gte" => is >= self.moment,
            "lt" => is < self.moment,
            "lte" => is <= self.moment,
            _ => is == self.moment,
        }
    }
}
