//! What a provider of sign-ins (ID-porten, Ansattporten) remembers.

use super::clients::{self, Client};
use crate::jwt::base64url;
use crate::settings::AnsattportenSettings;
use crate::world::{Employee, Person};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};

/// Which of Digdir's two providers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Which {
    IdPorten,
    Ansattporten,
}

/// What one provider remembers.
#[derive(Debug, Default)]
pub(crate) struct Office {
    pub(crate) clients: Vec<Client>,
    /// Pushed requests by `request_uri`, with the moment they expire.
    pub(crate) pushed: HashMap<String, (AuthorizationRequest, i64)>,
    /// Sign-in pages that are open, by their id, with the moment they expire.
    pub(crate) attempts: HashMap<String, (AuthorizationRequest, i64)>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) grants: HashMap<String, Grant>,
    /// By their SHA-256.
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
    /// Grants by the `jti` of their access tokens, for introspection.
    pub(crate) access_tokens: HashMap<String, String>,
    pub(crate) sessions: HashMap<String, Session>,
    /// `jti` of client assertions that have been used.
    pub(crate) assertions: HashSet<String>,
    /// Client and employee: who has agreed that Ansattporten may read her account.
    pub(crate) consents: HashSet<(String, String)>,
}

/// What a provider writes down: who has agreed to what.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredProvider {
    pub(crate) grants: HashMap<String, Grant>,
    pub(crate) refresh_tokens: HashMap<String, RefreshToken>,
}

/// A browser's session (apis.md 3.7).
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) subject: Subject,
    pub(crate) auth_time: i64,
    pub(crate) sid: String,
    pub(crate) expires: i64,
}

impl Office {
    /// An office with the registrations that a fresh practice has.
    pub(crate) fn new(which: Which) -> Self {
        Self { clients: clients::built_in(which), ..Self::default() }
    }

    pub(crate) fn stored(&self) -> StoredProvider {
        StoredProvider { grants: self.grants.clone(), refresh_tokens: self.refresh_tokens.clone() }
    }

    pub(crate) fn restore(&mut self, kept: StoredProvider) {
        self.grants = kept.grants;
        self.refresh_tokens = kept.refresh_tokens;
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }
}

/// A request that has passed every check.
#[derive(Debug, Clone)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) code_challenge: String,
    pub(crate) acr_values: Vec<String>,
    pub(crate) ui_locale: String,
    pub(crate) prompt: Vec<String>,
    pub(crate) login_hint: Option<String>,
    pub(crate) max_age: Option<i64>,
    pub(crate) resource: Option<String>,
    pub(crate) authorization_details: Option<Value>,
    pub(crate) response_mode: ResponseMode,
}

/// How the answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ResponseMode {
    /// By a form instead of the query.
    pub(crate) form_post: bool,
    /// Signed, in one parameter `response`.
    pub(crate) jwt: bool,
}

/// An authorization code that has been given out.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) request: AuthorizationRequest,
    pub(crate) subject: Subject,
    pub(crate) auth_time: i64,
    pub(crate) sid: String,
    pub(crate) expires: i64,
    /// The grant it became, once it has been used.
    pub(crate) used: Option<String>,
}

/// One person's consent through one client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub(crate) client_id: String,
    pub(crate) subject: Subject,
    pub(crate) scopes: Vec<String>,
    pub(crate) resource: Option<String>,
    pub(crate) ui_locale: String,
    pub(crate) auth_time: i64,
    pub(crate) sid: String,
    /// End of the authorization; no token outlives it.
    pub(crate) ends: i64,
    pub(crate) revoked: bool,
}

/// A refresh token that has been given out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) grant: String,
    pub(crate) expires: i64,
    pub(crate) used: bool,
}

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
