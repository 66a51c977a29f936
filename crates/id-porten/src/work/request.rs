//! What Ansattporten is asked for: who signs in how, and for which organisation.

use super::ENTRA_ID;
use crate::integration::Integration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// Which organisations may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Form {
    /// The main unit.
    Enterprise,
    /// A sub-unit.
    Business,
}

/// How the booleans of the request are written. The documentation has JSON's; some clients send text (apis.md 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Booleans {
    /// `true`
    #[default]
    Json,
    /// `"true"`
    Text,
}

/// How the actions of a right in Altinn are written. The documentation has one text (apis.md 4.4); RFC 9396 section 2.2
/// has a list, and an independent provider takes nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Actions {
    /// `"read,write"`
    #[default]
    Text,
    /// `["read", "write"]`
    List,
}

/// By what the organisation is chosen. One kind a request: Ansattporten refuses types that are mixed (apis.md 4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Representation {
    /// `ansattporten:orgno`: the employer's tie in Virksomhetsbroen.
    Organisation,
    /// `ansattporten:altinn:resource`: rights in Altinn. Only service owners in Altinn get an answer (apis.md 4.4).
    AltinnResource {
        /// Ids in Altinn's resource registry, without `urn:altinn:resource:`; one object of the request each.
        resources: Vec<String>,
        /// For example `read`, `write`.
        actions: Vec<String>,
        /// How they are written.
        #[serde(default)]
        written: Actions,
    },
}

/// What a sign-in with a work account asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WorkRequest {
    /// By what the organisation is chosen.
    pub representation: Representation,
    /// Which organisations may be chosen; none: both kinds.
    pub organisation_form: Option<Form>,
    /// Whether the person may choose several.
    pub allow_multiple: bool,
    /// Whether she must act for one.
    pub required: bool,
    /// How booleans are written.
    pub booleans: Booleans,
    /// Levels that do as well as Entra ID, for example `idporten-loa-substantial`.
    pub or_level: Option<String>,
}

impl Default for WorkRequest {
    fn default() -> Self {
        Self {
            representation: Representation::Organisation,
            organisation_form: None,
            allow_multiple: true,
            required: false,
            booleans: Booleans::Json,
            or_level: None,
        }
    }
}

impl WorkRequest {
    /// The type that the request has and that its answer must have.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.representation {
            Representation::Organisation => "ansattporten:orgno",
            Representation::AltinnResource { .. } => "ansattporten:altinn:resource",
        }
    }

    /// The levels to ask for (apis.md section 4.1).
    #[must_use]
    pub fn acr_values(&self) -> Vec<String> {
        std::iter::once(ENTRA_ID.to_owned()).chain(self.or_level.clone()).collect()
    }

    /// `authorization_details` (RFC 9396).
    #[must_use]
    pub fn details(&self) -> Value {
        match &self.representation {
            Representation::Organisation => Value::Array(vec![self.object(Map::new())]),
            Representation::AltinnResource { resources, actions, written } => resources
                .iter()
                .map(|resource| {
                    let mut object = Map::new();
                    object.insert("resource".to_owned(), json!(format!("urn:altinn:resource:{resource}")));
                    object.insert(
                        "actions".to_owned(),
                        match written {
                            Actions::Text => json!(actions.join(",")),
                            Actions::List => json!(actions),
                        },
                    );
                    self.object(object)
                })
                .collect(),
        }
    }

    fn object(&self, mut object: Map<String, Value>) -> Value {
        object.insert("type".to_owned(), json!(self.kind()));
        if let Some(form) = self.organisation_form {
            object.insert("organizationform".to_owned(), json!(form));
        }
        let boolean = |value: bool| match self.booleans {
            Booleans::Json => json!(value),
            Booleans::Text => json!(value.to_string()),
        };
        object.insert("allow_multiple_organizations".to_owned(), boolean(self.allow_multiple));
        object.insert("representation_is_required".to_owned(), boolean(self.required));
        Value::Object(object)
    }

    /// The same integration asking for this: levels and organisations, pushed, because the request is long (apis.md 4.3),
    /// and with the name of the person.
    #[must_use]
    pub fn through(&self, mut integration: Integration) -> Integration {
        integration.acr_values = self.acr_values();
        integration.authorization_details = Some(self.details());
        integration.use_par = true;
        if !integration.scopes.iter().any(|scope| scope == "profile") {
            integration.scopes.push("profile".to_owned());
        }
        integration
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::integration::Issuer;

    #[test]
    fn an_organisation_is_asked_for_as_documented() {
        let mut request = WorkRequest {
            organisation_form: Some(Form::Enterprise),
            allow_multiple: false,
            required: true,
            ..WorkRequest::default()
        };
        // apis.md section 4.3, letter by letter.
        assert_eq!(
            request.details(),
            json!([{"type": "ansattporten:orgno", "organizationform": "enterprise",
                "allow_multiple_organizations": false, "representation_is_required": true}])
        );
        request.booleans = Booleans::Text;
        request.organisation_form = None;
        assert_eq!(
            request.details(),
            json!([{"type": "ansattporten:orgno", "allow_multiple_organizations": "false",
                "representation_is_required": "true"}])
        );
    }

    #[test]
    fn rights_in_altinn_are_asked_for_as_objects_of_one_type() {
        let request = WorkRequest {
            representation: Representation::AltinnResource {
                resources: vec!["mva".to_owned(), "regnskap".to_owned()],
                actions: vec!["read".to_owned(), "write".to_owned()],
                written: Actions::Text,
            },
            organisation_form: Some(Form::Business),
            ..WorkRequest::default()
        };
        let details = request.details();
        assert_eq!(details.as_array().unwrap().len(), 2);
        for (object, resource) in details.as_array().unwrap().iter().zip(["mva", "regnskap"]) {
            assert_eq!(
                *object,
                json!({"type": "ansattporten:altinn:resource", "resource": format!("urn:altinn:resource:{resource}"),
                    "actions": "read,write", "organizationform": "business", "allow_multiple_organizations": true,
                    "representation_is_required": false})
            );
        }
    }

    #[test]
    fn the_integration_asks_for_entra_id_alone_or_with_a_level() {
        let integration = Integration::native(Issuer::parse("https://ansattporten.no").unwrap(), "client");
        let mut request = WorkRequest::default();
        let asked = request.through(integration.clone());
        assert_eq!(asked.acr_values, ["entraid"]);
        assert_eq!(asked.scopes, ["openid", "profile"]);
        assert!(asked.use_par);
        assert_eq!(asked.authorization_details, Some(request.details()));
        request.or_level = Some("idporten-loa-high".to_owned());
        assert_eq!(request.through(integration).acr_values, ["entraid", "idporten-loa-high"]);
    }

    #[test]
    fn a_request_in_a_file_is_read_and_a_misspelt_one_is_not() {
        let read = |text: &str| serde_json::from_str::<WorkRequest>(text);
        assert_eq!(read("{}").unwrap(), WorkRequest::default());
        let resource =
            read(r#"{"representation": {"by": "altinnResource", "resources": ["mva"], "actions": ["read"]}}"#);
        assert_eq!(resource.unwrap().kind(), "ansattporten:altinn:resource");
        assert!(read(r#"{"representation_is_requierd": true}"#).is_err());
    }
}
