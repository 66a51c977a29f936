//! Enhetsregisteret, the public register of legal entities: asked without a token (apis-next.md, section (a)).

use reqwest::header;
use serde::Deserialize;
use shown::Shown;
use std::time::Duration;
use url::Url;

use crate::{ApiError, BearerToken, Client, http};

/// The shape that is understood: a newer one does not change what a plain `application/json` would.
const ACCEPT: &str = "application/vnd.brreg.enhetsregisteret.enhet.v2+json";
/// A branch has a list of its own.
const ACCEPT_BRANCH: &str = "application/vnd.brreg.enhetsregisteret.underenhet.v2+json, application/json";
/// How long a person waits who is typing.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest answer that is read, in bytes.
const LIMIT: usize = 1024 * 1024;
/// How many are asked for by name: as many as are shown.
pub const MOST: usize = 8;

/// How an entity stands in the registers, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntityStatus {
    /// Deleted, or taken out of what is public.
    Deleted,
    /// Bankrupt.
    Bankrupt,
    /// Being wound up.
    WindingUp,
    /// Not registered for VAT; a member of a joint registration is not either.
    NotRegisteredForVat,
    /// In the VAT register.
    Registered,
}

/// An entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Nine digits.
    pub org_number: String,
    /// Its name as the register writes it.
    pub name: String,
    /// How it stands.
    pub standing: EntityStatus,
}

/// What a number is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbered {
    /// An entity.
    Entity(Entity),
    /// A branch: what files is the entity above it.
    Branch {
        /// Its name.
        name: String,
        /// The number of the entity above it.
        of: Option<String>,
    },
    /// Taken out of the public register.
    Removed,
    /// None of the register's.
    Unknown,
}

/// Fields without a value are left out, never null.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Unit {
    organisasjonsnummer: String,
    navn: String,
    slettedato: Option<String>,
    konkurs: bool,
    under_avvikling: bool,
    under_tvangsavvikling_eller_tvangsopplosning: bool,
    #[serde(rename = "registrertIMvaregisteret")]
    registered_for_vat: bool,
    overordnet_enhet: Option<String>,
}

impl Unit {
    fn entity(&self) -> Entity {
        // A deleted one comes with 200 and little else: the date tells, not the status.
        let standing = if self.slettedato.is_some() {
            EntityStatus::Deleted
        } else if self.konkurs {
            EntityStatus::Bankrupt
        } else if self.under_avvikling || self.under_tvangsavvikling_eller_tvangsopplosning {
            EntityStatus::WindingUp
        } else if self.registered_for_vat {
            EntityStatus::Registered
        } else {
            EntityStatus::NotRegisteredForVat
        };
        Entity { org_number: self.organisasjonsnummer.clone(), name: Shown::line(&self.navn).into_string(), standing }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Page {
    /// Missing where there are no hits.
    #[serde(rename = "_embedded")]
    embedded: Embedded,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Embedded {
    enheter: Vec<Unit>,
}

impl Client {
    /// What a number is in the register; nothing where this environment has none. Nothing goes along but the number.
    ///
    /// # Errors
    /// Whatever keeps an answer away; [`ApiError::Unreadable`] for one about another number.
    pub async fn numbered(&self, org_number: &str) -> Result<Option<Numbered>, ApiError> {
        let Some(register) = self.endpoints().entity_register().filter(|_| is_number(org_number)) else {
            return Ok(None);
        };
        match self.unit(register, "enheter", org_number, ACCEPT).await? {
            Answered::Unit(unit) => return Ok(Some(Numbered::Entity(unit.entity()))),
            Answered::Removed => return Ok(Some(Numbered::Removed)),
            // Not a main unit; a branch's number gives the same.
            Answered::Nothing => {}
        }
        Ok(Some(match self.unit(register, "underenheter", org_number, ACCEPT_BRANCH).await? {
            Answered::Unit(unit) => Numbered::Branch {
                name: unit.entity().name,
                of: unit.overordnet_enhet.filter(|number| is_number(number)),
            },
            Answered::Removed => Numbered::Removed,
            Answered::Nothing => Numbered::Unknown,
        }))
    }

    /// Entities by their name, the register's best hits first; nothing where this environment has no register.
    ///
    /// # Errors
    /// Whatever keeps an answer away.
    pub async fn named(&self, name: &str) -> Result<Option<Vec<Entity>>, ApiError> {
        let Some(register) = self.endpoints().entity_register() else { return Ok(None) };
        let mut url = below(register, &["enheter"]);
        url.query_pairs_mut().append_pair("navn", name).append_pair("size", &MOST.to_string());
        let page: Page = self.of_register(url, ACCEPT).await?;
        let entities = page.embedded.enheter.iter().map(Unit::entity);
        Ok(Some(entities.filter(|entity| is_number(&entity.org_number)).take(MOST).collect()))
    }

    async fn unit(&self, register: &Url, list: &str, number: &str, accept: &str) -> Result<Answered, ApiError> {
        match self.of_register::<Unit>(below(register, &[list, number]), accept).await {
            Ok(unit) if unit.organisasjonsnummer == number => Ok(Answered::Unit(Box::new(unit))),
            // What is said of another is not remembered of anybody, and a page without a number says nothing.
            Ok(_) => Err(ApiError::Unreadable {
                host: register.host_str().unwrap_or_default().to_owned(),
                reason: "it is about another number".to_owned(),
            }),
            Err(ApiError::NotFound { .. }) => Ok(Answered::Nothing),
            Err(ApiError::BadRequest { status: 410, .. }) => Ok(Answered::Removed),
            Err(error) => Err(error),
        }
    }

    async fn of_register<T: serde::de::DeserializeOwned>(&self, url: Url, accept: &str) -> Result<T, ApiError> {
        let request = self.plain().get(url).timeout(PATIENCE).header(header::ACCEPT, accept);
        http::send(request, &BearerToken::new(""), LIMIT).await?.json()
    }
}

enum Answered {
    Unit(Box<Unit>),
    Removed,
    Nothing,
}

fn is_number(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn below(register: &Url, path: &[&str]) -> Url {
    let mut url = register.clone();
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop_if_empty().extend(path);
    }
    url
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn standing(json: &str) -> EntityStatus {
        serde_json::from_str::<Unit>(json).unwrap().entity().standing
    }

    #[test]
    fn how_an_entity_stands_is_read_from_what_is_there() {
        let deleted = r#"{"organisasjonsnummer":"974760673","navn":"X","slettedato":"2025-01-02","respons_klasse":"SlettetEnhet"}"#;
        assert_eq!(standing(deleted), EntityStatus::Deleted);
        assert_eq!(standing(r#"{"konkurs":true,"registrertIMvaregisteret":true}"#), EntityStatus::Bankrupt);
        assert_eq!(standing(r#"{"underAvvikling":true}"#), EntityStatus::WindingUp);
        assert_eq!(standing(r#"{"underTvangsavviklingEllerTvangsopplosning":true}"#), EntityStatus::WindingUp);
        assert_eq!(standing(r#"{"registrertIMvaregisteret":true,"konkurs":false}"#), EntityStatus::Registered);
        assert_eq!(standing("{}"), EntityStatus::NotRegisteredForVat);
    }

    #[test]
    fn a_search_without_hits_has_no_list() {
        let none = r#"{"_links":{"self":{"href":"x"}},"page":{"size":20,"totalElements":0,"totalPages":0,"number":0}}"#;
        assert!(serde_json::from_str::<Page>(none).unwrap().embedded.enheter.is_empty());
    }

    #[test]
    fn addresses_stand_below_the_registers() {
        for base in ["https://data.brreg.no/enhetsregisteret/api", "https://data.brreg.no/enhetsregisteret/api/"] {
            let url = below(&Url::parse(base).unwrap(), &["enheter", "974760673"]);
            assert_eq!(url.as_str(), "https://data.brreg.no/enhetsregisteret/api/enheter/974760673");
        }
    }
}
