//! Claims of id_token and access_token (apis.md 3.6; Ansattporten's: 4.2, 4.3).

use super::{AuthMethod, Client, Provider, Which};
use crate::jwt::base64url;
use crate::settings::AnsattportenSettings;
use crate::world::{Employee, Person};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Who signed in, and how.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Subject {
    /// Key in the world; the log's actor is the name.
    pub(crate) key: String,
    pub(crate) given_name: String,
    pub(crate) family_name: String,
    pub(crate) pid: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) acr: String,
    pub(crate) amr: Vec<String>,
    /// Ansattporten: the organisations chosen, as they stand in token response and id_token.
    pub(crate) authorization_details: Option<Value>,
}

impl Subject {
    /// A person with TestID, the test environment's login.
    pub(crate) fn person(person: &Person, acr: String) -> Self {
        Self {
            key: person.key.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            pid: Some(person.pid.clone()),
            email: None,
            groups: Vec::new(),
            acr,
            amr: vec!["TestID".into()],
            authorization_details: None,
        }
    }

    /// An employee with a work account: no pid, and at most twenty groups (apis.md 4.2).
    pub(crate) fn employee(employee: &Employee, settings: &AnsattportenSettings) -> Self {
        let second_factor = if settings.amr_with_underscore { "entraid_mfa" } else { "entraid-mfa" };
        let mut amr = vec!["entraid_pwd".to_owned()];
        if !settings.password_only {
            amr.push(second_factor.to_owned());
        }
        Self {
            key: employee.key.clone(),
            given_name: employee.given_name.clone(),
            family_name: employee.family_name.clone(),
            pid: None,
            email: Some(employee.email.clone()),
            groups: employee.groups.iter().take(20).cloned().collect(),
            acr: "entraid".into(),
            amr,
            authorization_details: None,
        }
    }

    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name)
    }

    /// `sub`: pairwise, and the same after every start of the practice.
    pub(crate) fn sub(&self, client_id: &str) -> String {
        base64url(&Sha256::digest(format!("practice sub\n{client_id}\n{}", self.key)))
    }
}

/// What both tokens of one answer are made from.
pub(crate) struct Material<'a> {
    pub(crate) provider: &'a Provider,
    pub(crate) client: &'a Client,
    pub(crate) method: AuthMethod,
    pub(crate) subject: &'a Subject,
    pub(crate) scopes: &'a [String],
    pub(crate) resource: Option<&'a str>,
    pub(crate) auth_time: i64,
    pub(crate) sid: &'a str,
    pub(crate) ui_locale: &'a str,
    pub(crate) now: i64,
}

impl Material<'_> {
    /// The access token's claims.
    pub(crate) fn access_token(&self, jti: &str, expires: i64) -> Value {
        let mut claims = json!({
            "iss": self.provider.issuer(),
            "sub": self.subject.sub(&self.client.client_id),
            "aud": self.resource.unwrap_or("unspecified"),
            "scope": self.scopes.join(" "),
            "client_id": self.client.client_id,
            "client_amr": self.method.as_str(),
            "token_type": "Bearer",
            "acr": self.subject.acr,
            "amr": self.subject.amr,
            "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{}", self.client.client_orgno) },
            "iat": self.now,
            "exp": expires,
            "jti": jti,
        });
        if let Some(pid) = &self.subject.pid {
            claims["pid"] = json!(pid);
        }
        let machine =
            self.provider.which == Which::IdPorten && self.provider.authorities.settings().id_porten.machine_tokens;
        if machine && let Some(claims) = claims.as_object_mut() {
            for of_a_person in ["pid", "sub", "acr", "amr"] {
                claims.remove(of_a_person);
            }
        }
        claims
    }

    /// The id_token's claims; `nonce` only in the answer to the authorization code.
    pub(crate) fn id_token(&self, nonce: Option<&str>, access_token: &str) -> Value {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| claims.insert(name.into(), value);
        set("iss", json!(self.provider.issuer()));
        set("sub", json!(self.subject.sub(&self.client.client_id)));
        set("aud", json!(self.client.client_id));
        set("iat", json!(self.now));
        set("exp", json!(self.now + 120));
        set("auth_time", json!(self.auth_time));
        set("sid", json!(self.sid));
        set("jti", json!(crate::random::token()));
        set("acr", json!(self.subject.acr));
        set("amr", json!(self.subject.amr));
        set("locale", json!(self.ui_locale));
        if let Some(nonce) = nonce {
            set("nonce", json!(nonce));
        }
        if let Some(pid) = &self.subject.pid {
            set("pid", json!(pid));
        }
        if self.scopes.iter().any(|scope| scope == "profile") {
            set("name", json!(self.subject.name()));
            set("given_name", json!(self.subject.given_name));
            set("family_name", json!(self.subject.family_name));
        }
        if self.provider.which == Which::Ansattporten {
            if let Some(email) = &self.subject.email {
                set("email", json!(email));
                set("groups", json!(self.subject.groups));
            }
            if let Some(details) = &self.subject.authorization_details {
                set("authorization_details", details.clone());
            }
        }
        if self.provider.authorities.settings().id_porten.at_hash {
            let digest = Sha256::digest(access_token);
            set("at_hash", json!(base64url(digest.get(..16).unwrap_or_default())));
        }
        Value::Object(claims)
    }
}
