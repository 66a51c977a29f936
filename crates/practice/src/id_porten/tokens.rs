//! Claims of id_token and access_token (apis.md 3.6; Ansattporten's: 4.2, 4.3).

use super::{AuthMethod, Client, Provider};
use crate::jwt::base64url;
use crate::state::{Subject, Which};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

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
