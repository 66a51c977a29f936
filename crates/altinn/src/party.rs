//! Who the signed-in person may file for, as the app's party list tells (apis.md 2.4, number 3).

use serde::Deserialize;
use shown::Shown;

use crate::instance::or_default;

/// A person or an organisation in Altinn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Party {
    /// Party id.
    #[serde(default, deserialize_with = "or_default")]
    pub party_id: u64,
    /// Nine digits; none for a person.
    #[serde(default)]
    pub org_number: Option<String>,
    /// Name.
    #[serde(default, deserialize_with = "or_default")]
    pub name: Shown,
    /// Dissolved.
    #[serde(default, deserialize_with = "or_default")]
    pub is_deleted: bool,
    /// Only there so that its sub-units have a place; the person has no right for it.
    #[serde(default, deserialize_with = "or_default")]
    pub only_hierarchy_element_with_no_access: bool,
    /// Sub-units.
    #[serde(default, deserialize_with = "or_default")]
    pub child_parties: Vec<Party>,
}

impl Party {
    /// Lays the tree flat: parents before their sub-units.
    pub(crate) fn flatten(parties: Vec<Self>) -> Vec<Self> {
        let mut flat = Vec::with_capacity(parties.len());
        let mut waiting: Vec<Self> = parties.into_iter().rev().collect();
        while let Some(mut party) = waiting.pop() {
            let children = std::mem::take(&mut party.child_parties);
            waiting.extend(children.into_iter().rev());
            flat.push(party);
        }
        flat
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_name_is_one_line_of_bounded_length_without_what_cannot_be_seen() {
        let long = "å".repeat(300_000);
        for (name, shown) in [
            ("\u{1b}[2JFjordlys AS", "[2JFjordlys AS"),
            ("Fjordlys AS\n  Konto: 9999 99 99999", "Fjordlys AS Konto: 9999 99 99999"),
            ("Fjordlys \u{202e}SA", "Fjordlys SA"),
            (&long, &format!("{}…", "å".repeat(shown::LONGEST_LINE - 1))),
        ] {
            let party: Party = serde_json::from_value(serde_json::json!({ "name": name })).unwrap();
            assert_eq!(party.name, *shown);
        }
    }

    #[test]
    fn a_tree_is_laid_flat_in_order() {
        let parties: Vec<Party> = serde_json::from_str(
            r#"[{"partyId":1,"name":"A","orgNumber":"311797816","childParties":[{"partyId":2,"name":"B","childParties":null}]},
                {"partyId":3,"name":"C","orgNumber":null,"ssn":"140381*****"}]"#,
        )
        .unwrap();
        let names: Vec<Shown> = Party::flatten(parties).into_iter().map(|party| party.name).collect();
        assert_eq!(names, ["A", "B", "C"]);
    }
}
