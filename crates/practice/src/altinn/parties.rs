//! Who a user may represent: the app's party list and access management's two (apis.md 2.4).

use super::user::{self, User};
use crate::authorities::Authorities;
use crate::id_porten::Params;
use crate::reply::{self, Reply};
use crate::world::Company;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::sync::Arc;

/// The scope of access management's lists.
const SCOPE: &str = "altinn:accessmanagement/authorizedparties";

/// A party as the app's library writes it.
pub(super) fn party(company: &Company) -> Value {
    json!({
        "partyId": company.party_id,
        "partyUuid": company.party_uuid,
        "partyTypeName": 2,
        "orgNumber": company.org_number,
        "ssn": null,
        "unitType": company.unit_type,
        "name": company.name,
        "isDeleted": false,
        "onlyHierarchyElementWithNoAccess": false,
        "person": null,
        "organization": null,
        "childParties": null,
    })
}

fn represented(authorities: &Authorities, user: &User) -> Vec<Company> {
    let world = authorities.world();
    let may = |company: &&Company| user.person.roles_for(&company.org_number).next().is_some();
    world.companies.iter().filter(may).cloned().collect()
}

/// `GET {app}/api/v1/parties?allowedToInstantiateFilter=true`. Needs only the exchanged token.
pub(super) async fn app_parties(
    State(authorities): State<Arc<Authorities>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let filtered = params.get_any_case("allowedToInstantiateFilter") == Some("true");
    let mut list: Vec<Value> = represented(&authorities, &user).iter().map(party).collect();
    if !filtered {
        // The person's own party comes too, and may not instantiate this app. The id is masked in newer versions.
        if let Some(altinn) = &user.person.altinn {
            list.insert(
                0,
                json!({
                    "partyId": altinn.party_id,
                    "partyUuid": altinn.party_uuid,
                    "partyTypeName": 1,
                    "orgNumber": null,
                    "ssn": format!("{}*****", user.person.pid.get(..6).unwrap_or_default()),
                    "unitType": null,
                    "name": user.name,
                    "isDeleted": false,
                    "onlyHierarchyElementWithNoAccess": false,
                    "person": null,
                    "organization": null,
                    "childParties": null,
                }),
            );
        }
    }
    reply::traced(reply::json(StatusCode::OK, &list), user.name, None)
}

/// `PUT {app}/api/v1/parties/{partyId}`: sets a cookie, for browsers only.
pub(super) async fn choose(
    State(authorities): State<Arc<Authorities>>,
    Path(party_id): Path<u32>,
    headers: HeaderMap,
) -> Reply {
    let user = match user::of(&authorities, &headers) {
        Ok(user) => user,
        Err(refusal) => return *refusal,
    };
    if !represented(&authorities, &user).iter().any(|company| company.party_id == party_id) {
        let text = format!("User {} cannot represent party {party_id}.", user.user_id);
        return reply::negotiated(StatusCode::BAD_REQUEST, &headers, &text);
    }
    let reply = reply::negotiated(StatusCode::OK, &headers, "Party successfully updated");
    reply::with(reply, axum::http::header::SET_COOKIE, &format!("AltinnPartyId={party_id}; Path=/"))
}

fn authorized(company: &Company, user: &User, roles: bool, packages: bool) -> Value {
    let held: Vec<_> = user.person.roles_for(&company.org_number).collect();
    let list = |wanted: bool, values: Vec<String>| if wanted { values } else { Vec::new() };
    json!({
        "partyUuid": company.party_uuid,
        "name": company.name,
        "organizationNumber": company.org_number,
        "partyId": company.party_id,
        "type": "Organization",
        "unitType": company.unit_type,
        "isDeleted": false,
        "onlyHierarchyElementWithNoAccess": false,
        "authorizedAccessPackages": list(packages, held.iter().map(|role| role.access_package().to_owned()).collect()),
        "authorizedRoles": list(roles, held.iter().map(|role| format!("urn:altinn:rolecode:{}", role.code())).collect()),
        "authorizedResources": [],
        "authorizedInstances": [],
        "subunits": [],
    })
}

fn list(
    authorities: &Authorities,
    headers: &HeaderMap,
    query: Option<String>,
) -> Result<(User, Vec<Value>), Box<Reply>> {
    let user = user::of(authorities, headers)?;
    if !user.has_scope(SCOPE) {
        return Err(Box::new(reply::empty(StatusCode::FORBIDDEN)));
    }
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let wanted = |name| params.get_any_case(name) != Some("false");
    let list = represented(authorities, &user)
        .iter()
        .map(|company| authorized(company, &user, wanted("includeRoles"), wanted("includeAccessPackages")))
        .collect();
    Ok((user, list))
}

/// `GET /accessmanagement/api/v1/enduser/authorizedparties`; the documented answer has a list in a list.
pub(super) async fn end_user(
    State(authorities): State<Arc<Authorities>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    match list(&authorities, &headers, query) {
        Ok((user, list)) => {
            let answer = json!({ "links": { "next": null }, "data": [list] });
            reply::traced(reply::json(StatusCode::OK, &answer), user.name, None)
        }
        Err(refusal) => *refusal,
    }
}

/// `GET /accessmanagement/api/v1/authorizedparties?includeAltinn2=true`: the older, flat list.
pub(super) async fn older(
    State(authorities): State<Arc<Authorities>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Reply {
    match list(&authorities, &headers, query) {
        Ok((user, list)) => reply::traced(reply::json(StatusCode::OK, &list), user.name, None),
        Err(refusal) => *refusal,
    }
}
