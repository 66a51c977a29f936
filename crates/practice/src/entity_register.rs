//! The practice Enhetsregisteret: the companies of the practice world, and some that file nothing (apis-next.md, section (a)).
//! It is public: nobody signs in.

use crate::authorities::Authorities;
use crate::reply::{self, Reply};
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// Below the address of the practice Skatteetaten, so that nothing more listens.
pub(crate) const PATH: &str = "/enhetsregisteret/api";

/// The routes.
pub(crate) fn router(authorities: &Arc<Authorities>) -> Router {
    Router::new()
        .route(&format!("{PATH}/enheter"), get(search))
        .route(&format!("{PATH}/enheter/{{number}}"), get(entity))
        .route(&format!("{PATH}/underenheter/{{number}}"), get(branch))
        .with_state(Arc::clone(authorities))
}

/// What stands in the register beside the world's companies: number, name, and what is odd about it.
const OTHERS: [(&str, &str, &str); 4] = [
    ("310029009", "Nedlagt Kiosk AS", "slettedato"),
    ("310029076", "Konkursboet Tømmerdal AS", "konkurs"),
    ("310029149", "Foreningen Uten Mva", "utenMva"),
    ("310029211", "Lakselv Trevare AS", ""),
];
/// A branch, and whose.
const BRANCH: (&str, &str, &str) = ("310029289", "Lakselv Trevare AS avd Alta", "310029211");

fn written(number: &str, name: &str, odd: &str) -> Value {
    // The register writes names in capitals, and leaves out what has no value.
    let mut unit = json!({ "organisasjonsnummer": number, "navn": name.to_uppercase(), "respons_klasse": "Enhet" });
    if odd == "slettedato" {
        unit["slettedato"] = json!("2025-03-31");
        unit["respons_klasse"] = json!("SlettetEnhet");
        return unit;
    }
    unit["registrertIMvaregisteret"] = json!(odd != "utenMva");
    unit["konkurs"] = json!(odd == "konkurs");
    unit["underAvvikling"] = json!(false);
    unit["underTvangsavviklingEllerTvangsopplosning"] = json!(false);
    unit
}

fn units(authorities: &Authorities) -> Vec<Value> {
    let world = authorities.world();
    let companies = world.companies.iter().map(|company| written(&company.org_number, &company.name, ""));
    companies.chain(OTHERS.iter().map(|(number, name, odd)| written(number, name, odd))).collect()
}

fn find(authorities: &Authorities, number: &str) -> Option<Value> {
    units(authorities).into_iter().find(|unit| unit["organisasjonsnummer"] == number)
}

/// `GET …/enheter/{orgnr}`: 400 for what is no number, 404 for a branch and for none.
async fn entity(State(authorities): State<Arc<Authorities>>, Path(number): Path<String>) -> Reply {
    if number.len() != 9 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        let fault = json!({ "feilmelding": "Feilaktig organisasjonsnummer", "parametere": ["organisasjonsnummer"], "feilaktigVerdi": number });
        let body = json!({ "status": 400, "feilmelding": "Feilaktig forespørsel", "antallFeil": 1, "valideringsfeil": [fault] });
        return reply::json(StatusCode::BAD_REQUEST, &body);
    }
    found_or_not(find(&authorities, &number))
}

/// `GET …/underenheter/{orgnr}`.
async fn branch(Path(number): Path<String>) -> Reply {
    let (own, name, of) = BRANCH;
    let unit = json!({ "organisasjonsnummer": own, "navn": name.to_uppercase(), "overordnetEnhet": of, "respons_klasse": "Underenhet" });
    found_or_not((number == own).then_some(unit))
}

fn found_or_not(unit: Option<Value>) -> Reply {
    match unit {
        Some(unit) => reply::json(StatusCode::OK, &unit),
        None => reply::empty(StatusCode::NOT_FOUND),
    }
}

#[derive(Debug, Deserialize)]
struct Search {
    #[serde(default)]
    navn: String,
    #[serde(default = "usual")]
    size: usize,
}

fn usual() -> usize {
    20
}

/// `GET …/enheter?navn=&size=`: deleted ones are not among the hits, and without hits there is no `_embedded`.
async fn search(State(authorities): State<Arc<Authorities>>, Query(asked): Query<Search>) -> Reply {
    let words: Vec<String> = asked.navn.to_uppercase().split_whitespace().map(str::to_owned).collect();
    let hit = |unit: &Value| {
        let name = unit["navn"].as_str().unwrap_or_default();
        unit.get("slettedato").is_none() && words.iter().all(|word| name.contains(word.as_str()))
    };
    let hits: Vec<Value> = units(&authorities).into_iter().filter(hit).collect();
    let (total, size) = (hits.len(), asked.size.max(1));
    let mut body =
        json!({ "page": { "size": size, "totalElements": total, "totalPages": total.div_ceil(size), "number": 0 } });
    if total > 0 {
        body["_embedded"] = json!({ "enheter": hits.into_iter().take(size).collect::<Vec<_>>() });
    }
    reply::json(StatusCode::OK, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_numbers_and_nobody_elses() {
        let world = crate::Options::default().world;
        for number in OTHERS.iter().map(|other| other.0).chain([BRANCH.0]) {
            assert!(vat_return::OrgNumber::has_check_digit(number), "{number}");
            assert!(world.companies.iter().all(|company| company.org_number != number), "{number}");
        }
    }
}
