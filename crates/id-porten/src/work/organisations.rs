//! The organisations that an employee acts for, in every shape in which Ansattporten has published them (apis.md 4.3, 4.4).

use super::WorkRequest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shown::Shown;
use std::fmt;

/// The scheme of Norwegian organisation numbers among those of ISO 6523.
const NORWEGIAN: &str = "0192";
/// What the number is written by.
const AUTHORITY: &str = "iso6523-actorid-upis";

/// A Norwegian organisation number: nine digits, the last of them right (apis.md section 7.4).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrganisationNumber(String);

/// Why an organisation cannot be taken for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrganisationNumberError {
    /// There is no number at all.
    #[error("it has no identifier")]
    Missing,
    /// Another authority's identifier.
    #[error("its identifier is one of “{0}”, not of {AUTHORITY}")]
    Authority(String),
    /// An identifier of another country's or scheme's register.
    #[error("its scheme is “{0}”, not {NORWEGIAN}, the Norwegian register")]
    Scheme(String),
    /// Not nine digits.
    #[error("it is not nine digits")]
    Length,
    /// The last digit does not fit the others.
    #[error("its check digit is wrong")]
    CheckDigit,
}

impl OrganisationNumber {
    /// Reads nine digits.
    ///
    /// # Errors
    /// Not nine digits, or a wrong check digit.
    pub fn parse(text: &str) -> Result<Self, OrganisationNumberError> {
        if text.len() != 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(OrganisationNumberError::Length);
        }
        // Weights 3 2 7 6 5 4 3 2 and 1 for the check digit: a right number's sum is a multiple of eleven.
        let sum: u32 =
            text.bytes().zip([3, 2, 7, 6, 5, 4, 3, 2, 1]).map(|(digit, by)| u32::from(digit - b'0') * by).sum();
        if sum.is_multiple_of(11) { Ok(Self(text.to_owned())) } else { Err(OrganisationNumberError::CheckDigit) }
    }

    /// Reads an identifier such as `0192:312206498`.
    ///
    /// # Errors
    /// Another scheme, or a number that is none.
    pub fn of_identifier(text: &str) -> Result<Self, OrganisationNumberError> {
        match text.split_once(':') {
            Some((NORWEGIAN, number)) => Self::parse(number),
            Some((scheme, _)) => Err(OrganisationNumberError::Scheme(short(scheme))),
            None => Err(OrganisationNumberError::Scheme(String::new())),
        }
    }

    /// The nine digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OrganisationNumber {
    type Error = OrganisationNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<OrganisationNumber> for String {
    fn from(number: OrganisationNumber) -> Self {
        number.0
    }
}

/// An organisation that the employee acts for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Its number.
    pub number: OrganisationNumber,
    /// Its name, where Ansattporten gives one.
    pub name: Option<String>,
    /// Rights or actions, as Ansattporten writes them.
    pub rights: Vec<String>,
}

/// A party of the answer that cannot be taken for an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedOrganisation {
    /// Its name, where there is one.
    pub name: Option<String>,
    /// Why.
    pub reason: OrganisationNumberError,
}

/// The organisations that an employee acts for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organisations {
    /// Each once, in the order given.
    pub known: Vec<Organisation>,
    /// What was named and cannot be taken for an organisation.
    pub refused: Vec<RefusedOrganisation>,
}

/// Why an answer's organisations cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrganisationsError {
    /// It is neither an object nor a list of objects. Cause: a shape that is not published. Remedy: tell the makers.
    #[error("the organisations are in a form that is not known")]
    Form,
    /// It answers another question than the one that was put.
    #[error("the answer is of type “{found}”, not “{asked}”")]
    Kind {
        /// The type of the request.
        asked: &'static str,
        /// The type of the answer.
        found: String,
    },
    /// The id_token, which is signed, and the answer around it name different organisations.
    #[error("the id_token and the answer around it name different organisations")]
    Differ,
}

impl Organisations {
    /// What id_token and token response say together: they must agree, where both say something.
    pub(super) fn agreed(
        request: &WorkRequest,
        id_token: Option<&Value>,
        answer: Option<&Value>,
    ) -> Result<Self, OrganisationsError> {
        let read = |details: Option<&Value>| details.map(|details| Self::read(request, details)).transpose();
        match (read(id_token)?, read(answer)?) {
            (Some(signed), Some(around)) if signed.numbers() == around.numbers() => Ok(signed),
            (Some(_), Some(_)) => Err(OrganisationsError::Differ),
            (signed, around) => Ok(signed.or(around).unwrap_or_default()),
        }
    }

    /// Reads `authorization_details` of an answer to `request`.
    ///
    /// # Errors
    /// [`OrganisationsError`].
    pub fn read(request: &WorkRequest, details: &Value) -> Result<Self, OrganisationsError> {
        let objects: Vec<&Map<String, Value>> = match details {
            Value::Null => Vec::new(),
            Value::Object(object) => vec![object],
            Value::Array(list) => {
                list.iter().map(|it| it.as_object().ok_or(OrganisationsError::Form)).collect::<Result<_, _>>()?
            }
            _ => return Err(OrganisationsError::Form),
        };
        let mut found = Self::default();
        for object in objects {
            let kind = object.get("type").and_then(Value::as_str).ok_or(OrganisationsError::Form)?;
            if !answers(request.kind(), kind) {
                return Err(OrganisationsError::Kind { asked: request.kind(), found: short(kind) });
            }
            found.take(object)?;
        }
        Ok(found)
    }

    fn take(&mut self, object: &Map<String, Value>) -> Result<(), OrganisationsError> {
        // The published lists; an older answer has one party in the object itself, and one documented example has a colon
        // in its key.
        for list in ["authorized_parties", "reportees"] {
            match object.get(list) {
                None | Some(Value::Null) => {}
                Some(Value::Array(parties)) => {
                    for party in parties {
                        self.party(party.as_object().ok_or(OrganisationsError::Form)?);
                    }
                }
                Some(_) => return Err(OrganisationsError::Form),
            }
        }
        if object.contains_key("orgno") || object.contains_key("orgno:") {
            self.party(object);
        }
        Ok(())
    }

    fn party(&mut self, party: &Map<String, Value>) {
        let text = |map: &Map<String, Value>, names: [&str; 3]| {
            names.iter().find_map(|name| map.get(*name)).and_then(Value::as_str).map(str::to_owned)
        };
        let name = text(party, ["name", "Name", "NAME"]).map(|name| Shown::line(&name).into());
        // A reportee carries its identifier itself.
        let holder = ["orgno", "orgno:", "OrgNo"].iter().find_map(|key| party.get(*key)?.as_object()).unwrap_or(party);
        let authority = text(holder, ["authority", "Authority", "AUTHORITY"]);
        let number = match (authority, text(holder, ["ID", "Id", "id"])) {
            (Some(other), _) if other != AUTHORITY => Err(OrganisationNumberError::Authority(short(&other))),
            (_, None) => Err(OrganisationNumberError::Missing),
            (_, Some(identifier)) => OrganisationNumber::of_identifier(&identifier),
        };
        match number {
            Err(reason) => self.refused.push(RefusedOrganisation { name, reason }),
            Ok(number) => {
                let rights = ["rights", "Rights", "actions"].iter().find_map(|key| party.get(*key)?.as_array());
                let rights = rights.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
                match self.known.iter_mut().find(|known| known.number == number) {
                    None => self.known.push(Organisation { number, name, rights }),
                    // Several resources name the same organisation with the rights of each.
                    Some(known) => {
                        known.name = known.name.take().or(name);
                        for right in rights {
                            if !known.rights.contains(&right) {
                                known.rights.push(right);
                            }
                        }
                    }
                }
            }
        }
    }

    fn numbers(&self) -> Vec<&OrganisationNumber> {
        let mut numbers: Vec<_> = self.known.iter().map(|known| &known.number).collect();
        numbers.sort();
        numbers
    }
}

/// Whether an answer's type is the one asked for, or an earlier name of it (apis.md section 4.3).
fn answers(asked: &str, found: &str) -> bool {
    asked == found
        || (asked == "ansattporten:orgno" && matches!(found, "ansattporten:entra" | "ansattporten:organisasjonsnummer"))
}

/// A text from outside, short enough to show.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::Representation;
    use super::*;
    use serde_json::json;

    fn read(details: Value) -> Result<Organisations, OrganisationsError> {
        Organisations::read(&WorkRequest::default(), &details)
    }

    fn numbers(details: Value) -> Vec<String> {
        read(details).unwrap().known.into_iter().map(|known| known.number.into()).collect()
    }

    fn by_altinn() -> WorkRequest {
        let representation = Representation::AltinnResource {
            resources: vec!["mva".into()],
            actions: vec!["read".into()],
            written: crate::work::Actions::Text,
        };
        WorkRequest { representation, ..WorkRequest::default() }
    }

    #[test]
    fn authorized_parties_as_documented() {
        let found = read(json!([{"type": "ansattporten:orgno", "authorized_parties": [
            {"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:312206498"}, "name": "Fjell AS", "rights": ["Report", "Write"]},
            {"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:987464291"}}]}]))
        .unwrap();
        assert_eq!(found.known.len(), 2);
        assert_eq!(found.known[0].name.as_deref(), Some("Fjell AS"));
        assert_eq!(found.known[0].rights, ["Report", "Write"]);
        assert_eq!(found.known[1].number.as_str(), "987464291");
        assert!(found.refused.is_empty());
    }

    #[test]
    fn the_older_single_object_in_either_capitalisation() {
        let small = json!([{"type": "ansattporten:orgno", "orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:987464291"}}]);
        let capital = json!([{"type": "ansattporten:orgno", "orgno:": {"Authority": "iso6523-actorid-upis", "ID": "0192:987464291"}}]);
        let alone = json!({"type": "ansattporten:orgno", "orgno": {"authority": "iso6523-actorid-upis", "id": "0192:987464291"}});
        for shape in [small, capital, alone] {
            assert_eq!(numbers(shape.clone()), ["987464291"], "{shape}");
        }
        for earlier in ["ansattporten:entra", "ansattporten:organisasjonsnummer"] {
            assert_eq!(numbers(json!([{"type": earlier, "orgno": {"ID": "0192:987464291"}}])), ["987464291"]);
        }
    }

    #[test]
    fn none_is_no_fault() {
        for nothing in [
            json!([{"type": "ansattporten:orgno"}]),
            json!([]),
            json!(null),
            json!([{"type": "ansattporten:orgno", "authorized_parties": []}]),
            json!([{"type": "ansattporten:orgno", "authorized_parties": null}]),
        ] {
            assert_eq!(read(nothing).unwrap(), Organisations::default());
        }
    }

    #[test]
    fn rights_in_altinn_in_both_generations() {
        let party = |actions: &[&str]| {
            json!({"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:312206498"}, "resource": "urn:altinn:resource:mva",
                "actions": actions, "name": "Fjell AS", "unit_type": "AS"})
        };
        let found = Organisations::read(
            &by_altinn(),
            &json!([{"type": "ansattporten:altinn:resource", "resource": "a", "authorized_parties": [party(&["read"])]},
                {"type": "ansattporten:altinn:resource", "resource": "b", "authorized_parties": [party(&["read", "write"])]}]),
        )
        .unwrap();
        assert_eq!(found.known.len(), 1, "named twice, there once");
        assert_eq!(found.known[0].rights, ["read", "write"]);
        let mut reportees = Organisations::default();
        let object = json!({"reportees": [{"Authority": "iso6523-actorid-upis", "ID": "0192:312206498", "Name": "Fjell AS",
            "Rights": ["Read"]}]});
        reportees.take(object.as_object().unwrap()).unwrap();
        assert_eq!(reportees.known[0].name.as_deref(), Some("Fjell AS"));
    }

    #[test]
    fn what_is_no_norwegian_organisation_is_refused_with_a_reason() {
        let reason = |orgno: Value| {
            let found =
                read(json!([{"type": "ansattporten:orgno", "authorized_parties": [{"orgno": orgno, "name": "X"}]}]))
                    .unwrap();
            assert!(found.known.is_empty());
            found.refused[0].reason.clone()
        };
        use OrganisationNumberError as E;
        assert_eq!(reason(json!({"ID": "0007:5567321707"})), E::Scheme("0007".into()));
        assert_eq!(reason(json!({"ID": "987464291"})), E::Scheme(String::new()));
        assert_eq!(reason(json!({"ID": "0192:98746429"})), E::Length);
        assert_eq!(reason(json!({"ID": "0192:987464290"})), E::CheckDigit);
        assert_eq!(reason(json!({"ID": "0192: 87464291"})), E::Length);
        assert_eq!(reason(json!({"authority": "other", "ID": "0192:987464291"})), E::Authority("other".into()));
        assert_eq!(reason(json!({"ID": 987_464_291})), E::Missing);
        assert_eq!(reason(json!({})), E::Missing);
    }

    #[test]
    fn another_kind_of_answer_and_shapes_nobody_published_are_refused() {
        assert!(matches!(
            read(json!([{"type": "ansattporten:altinn:resource"}])),
            Err(OrganisationsError::Kind { .. })
        ));
        assert!(matches!(
            Organisations::read(&by_altinn(), &json!([{"type": "ansattporten:orgno"}])),
            Err(OrganisationsError::Kind { .. })
        ));
        for odd in [
            json!("ansattporten:orgno"),
            json!([7]),
            json!([{}]),
            json!([{"type": 1}]),
            json!([{"type": "ansattporten:orgno", "authorized_parties": {}}]),
            json!([{"type": "ansattporten:orgno", "authorized_parties": ["0192:987464291"]}]),
        ] {
            assert_eq!(read(odd.clone()), Err(OrganisationsError::Form), "{odd}");
        }
    }

    #[test]
    fn id_token_and_answer_must_agree() {
        let of = |number: &str| json!([{"type": "ansattporten:orgno", "orgno": {"ID": format!("0192:{number}")}}]);
        let (one, other) = (of("987464291"), of("312206498"));
        let agreed = |a: Option<&Value>, b: Option<&Value>| Organisations::agreed(&WorkRequest::default(), a, b);
        assert_eq!(agreed(Some(&one), Some(&one)).unwrap().known.len(), 1);
        assert_eq!(agreed(Some(&one), None).unwrap().known.len(), 1);
        assert_eq!(agreed(None, Some(&one)).unwrap().known.len(), 1);
        assert_eq!(agreed(None, None).unwrap(), Organisations::default());
        assert_eq!(agreed(Some(&one), Some(&other)), Err(OrganisationsError::Differ));
        assert_eq!(agreed(Some(&json!([{"type": "ansattporten:orgno"}])), Some(&one)), Err(OrganisationsError::Differ));
    }

    #[test]
    fn the_check_digit_is_that_of_the_register() {
        for right in ["312206498", "987464291", "311797816", "123456785", "974761076"] {
            assert!(OrganisationNumber::parse(right).is_ok(), "{right}");
        }
        for digit in b'0'..=b'9' {
            let number = format!("12345678{}", char::from(digit));
            assert_eq!(OrganisationNumber::parse(&number).is_ok(), digit == b'5', "{number}");
        }
    }
}
