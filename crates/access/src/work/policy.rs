//! The firm's policy: who may do what for which company, and how the work account is signed in to. docs/work-policy.md is
//! its description for administrators.
//!
//! It comes from one of two places. An administrator's `policy.json` in [`crate::machine_policy::folder`] may have it as `work`:
//! the operating system keeps it from everybody else, so it needs no signature, and it goes ahead. Otherwise a signed file
//! may be imported into the data folder. The first one holds only after a person has compared its key with the one that the
//! administrator has given ([`signed_by`]): a stranger's file must not lock the program. Its key stays: only what is signed
//! with it can replace it, so a newer file gets a locked program open again and nobody else's does.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use id_porten::{
    AuthenticationMethod, EndpointOverrides, Issuer, Redirect,
    work::{OrganisationNumber, WorkRequest},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use shown::Shown;
use view::EnvironmentName;
use zeroize::Zeroizing;

use super::rights::Permission;
use crate::{link, machine_policy::POLICY_FILE, misread::Misread, trusted};

/// The imported file's name in the data folder.
pub const IMPORTED_FILE: &str = "work-policy.json";
/// What a signed file says of itself.
const SIGNED: &str = "signed-work-policy";
/// A file of this size is no policy.
pub const LARGEST: u64 = 256 * 1024;

/// What a firm has decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkPolicy {
    /// Counts up: an imported file must not be older than the one it replaces.
    pub version: u32,
    /// The firm's name, for the lock screen.
    #[serde(deserialize_with = "line")]
    pub firm: String,
    /// Where who cannot get in is sent: an address, a telephone number.
    #[serde(default, deserialize_with = "line_or_none", skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// In which environments it holds.
    #[serde(default = "real_ones")]
    pub environments: BTreeSet<Governed>,
    /// The firm's own organisation numbers: a work account must act for one of them. None: any.
    #[serde(default)]
    pub organisations: BTreeSet<OrganisationNumber>,
    /// How the work account is signed in to.
    pub sign_in: WorkSignIn,
    /// When the program locks.
    #[serde(default)]
    pub lock: Lock,
    /// Who may do what.
    pub rules: Vec<Rule>,
    /// Whether the policy is no more: a signed file that says so opens the program for everybody.
    #[serde(default)]
    pub withdrawn: bool,
}

/// An environment's name in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Governed {
    /// The practice authorities.
    Practice,
    /// The authorities' test environment.
    Test,
    /// The real authorities.
    Production,
}

impl From<EnvironmentName> for Governed {
    fn from(name: EnvironmentName) -> Self {
        match name {
            EnvironmentName::Practice => Self::Practice,
            EnvironmentName::Test => Self::Test,
            EnvironmentName::Production => Self::Production,
        }
    }
}

fn real_ones() -> BTreeSet<Governed> {
    BTreeSet::from([Governed::Test, Governed::Production])
}

/// A client at Ansattporten. Never its secret: what stood in a file for everybody would be none. It is entered on each
/// machine and sealed there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "serde_json::Value", into = "serde_json::Value")]
pub struct WorkClient {
    /// The client id.
    pub client_id: String,
    /// How it proves itself.
    pub authentication: AuthenticationMethod,
}

/// A client as a file has it where it is more than an id.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WholeClient {
    client_id: String,
    #[serde(default = "public")]
    authentication: AuthenticationMethod,
}

fn public() -> AuthenticationMethod {
    AuthenticationMethod::None
}

impl TryFrom<serde_json::Value> for WorkClient {
    type Error = String;

    /// An id alone is a public client's.
    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        if let serde_json::Value::String(client_id) = value {
            return Ok(Self { client_id, authentication: public() });
        }
        let WholeClient { client_id, authentication } =
            serde_json::from_value(value).map_err(|error| format!("a client: {error}"))?;
        Ok(Self { client_id, authentication })
    }
}

impl From<WorkClient> for serde_json::Value {
    fn from(client: WorkClient) -> Self {
        match client.authentication {
            AuthenticationMethod::None => Self::String(client.client_id),
            authentication => serde_json::json!({"clientId": client.client_id, "authentication": authentication}),
        }
    }
}

/// How the work account is signed in to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkSignIn {
    /// The client at Ansattporten, by environment.
    pub clients: BTreeMap<Governed, WorkClient>,
    /// Another issuer than Ansattporten's published one, by environment.
    #[serde(default)]
    pub issuers: BTreeMap<Governed, Issuer>,
    /// Where the browser comes home to: a loopback address, or the page that the firm hosts.
    #[serde(default)]
    pub redirect: Redirect,
    /// Endpoints that override discovery.
    #[serde(default)]
    pub endpoints: EndpointOverrides,
    /// What Ansattporten is asked for.
    #[serde(default)]
    pub request: WorkRequest,
    /// Whether Entra ID must have asked for a second factor.
    #[serde(default)]
    pub second_factor: bool,
}

/// When the program locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Lock {
    /// Minutes that a sign-in lasts at most.
    pub session_minutes: u32,
    /// Minutes without use; zero: never for that.
    pub idle_minutes: u32,
    /// Whether the keyring's key is asked for only when a work account has signed in.
    pub vault_after_sign_in: bool,
}

impl Default for Lock {
    /// A working day, and a quarter of an hour.
    fn default() -> Self {
        Self { session_minutes: 8 * 60, idle_minutes: 15, vault_after_sign_in: false }
    }
}

/// Who may do what: somebody of one of the groups (where there are any) who acts for one of the organisations (where there
/// are any).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Object ids of groups in Entra ID.
    #[serde(default)]
    pub groups: BTreeSet<String>,
    /// Organisation numbers.
    #[serde(default)]
    pub organisations: BTreeSet<OrganisationNumber>,
    /// What.
    pub permissions: BTreeSet<Permission>,
    /// For whom: organisation numbers, or `all`.
    pub companies: BTreeSet<Company>,
}

/// A company of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Company {
    /// Every company.
    All,
    /// One.
    One(OrganisationNumber),
}

impl TryFrom<String> for Company {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text == "all" {
            return Ok(Self::All);
        }
        let number = OrganisationNumber::parse(&text);
        number.map(Self::One).map_err(|error| format!("“{text}” is neither “all” nor an organisation number: {error}"))
    }
}

impl From<Company> for String {
    fn from(company: Company) -> Self {
        match company {
            Company::All => "all".to_owned(),
            Company::One(number) => number.into(),
        }
    }
}

/// What is shown of a file that somebody has handed over.
fn line<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Shown::deserialize(deserializer).map(Shown::into_string)
}

/// The same of what may be left out, or empty.
fn line_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    line(deserializer).map(|line| Some(line).filter(|line| !line.is_empty()))
}

/// Where the policy in force comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The administrator's file.
    Administrator,
    /// An imported, signed file.
    Imported,
}

/// The policy in force.
#[derive(Debug, Clone)]
pub struct InForce {
    /// What has been decided.
    pub policy: WorkPolicy,
    /// Where that stands.
    pub source: Source,
}

/// Why a policy cannot be followed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkPolicyError {
    /// The file cannot be read. Remedy: mend its permissions.
    #[error("{file} cannot be read")]
    File {
        /// Its name.
        file: &'static str,
        /// The operating system's complaint.
        #[source]
        source: io::Error,
    },
    /// The file is not what it should be; the cause says where. Remedy: mend it.
    #[error("{file} is no policy")]
    Content {
        /// Its name.
        file: &'static str,
        /// Where, in words of ours: what stands there is nobody else's to print.
        #[source]
        source: Misread,
    },
    /// A sentence of it cannot be followed. Remedy: mend it.
    #[error("the policy cannot be followed: {0}")]
    Rule(&'static str),
    /// It is not signed, or not in a form that is known.
    #[error("the file is not a signed policy")]
    NotSigned,
    /// The signature does not belong to the content. Cause: the file was changed after it was signed.
    #[error("the signature does not fit: the file was changed after it was signed")]
    Signature,
    /// Another key has signed it than the policy in force. Remedy: sign it with that key.
    #[error("the file is signed with another key than the policy in force")]
    AnotherKey,
    /// It is older than the policy in force.
    #[error("the file's version {found} is older than {in_force}, which is in force")]
    Older {
        /// Of the file.
        found: u32,
        /// Of the policy in force.
        in_force: u32,
    },
    /// An administrator's policy is in force: no other may be imported.
    #[error("an administrator's policy is in force on this machine")]
    Administrators,
    /// The key to sign with cannot be used.
    #[error("the key cannot be used: it is no Ed25519 key in PKCS #8")]
    Key,
}

/// A signed policy as it lies in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    momsbud: String,
    /// The policy's bytes, base64.
    policy: String,
    /// The public half of the key, base64 of 32 bytes.
    key: String,
    /// Ed25519 over the policy's bytes, base64.
    signature: String,
}

/// The administrator's file, as far as it is about this.
#[derive(Deserialize)]
struct Machine {
    work: Option<WorkPolicy>,
}

impl WorkPolicy {
    /// Reads a policy and whether it can be followed.
    ///
    /// # Errors
    /// [`WorkPolicyError`].
    pub fn parse(content: &[u8]) -> Result<Self, WorkPolicyError> {
        let policy: Self = serde_json::from_slice(content)
            .map_err(|source| WorkPolicyError::Content { file: "the file", source: source.into() })?;
        policy.followable()
    }

    fn followable(self) -> Result<Self, WorkPolicyError> {
        if self.withdrawn {
            return Ok(self);
        }
        if self.rules.iter().any(|rule| rule.groups.is_empty() && rule.organisations.is_empty()) {
            return Err(WorkPolicyError::Rule(
                "a rule names neither groups nor organisations, and would be for anybody",
            ));
        }
        if self.rules.iter().any(|rule| rule.permissions.is_empty() || rule.companies.is_empty()) {
            return Err(WorkPolicyError::Rule("a rule permits nothing, or for no company"));
        }
        let client = |name| self.sign_in.clients.get(name);
        if self.environments.iter().any(|name| client(name).is_none_or(|it| it.client_id.trim().is_empty())) {
            return Err(WorkPolicyError::Rule("an environment has no client at Ansattporten"));
        }
        if self.environments.is_empty() {
            return Err(WorkPolicyError::Rule("it holds in no environment"));
        }
        if self.environments.contains(&Governed::Production) {
            let issuer = self.sign_in.issuers.get(&Governed::Production);
            let plain = issuer.is_some_and(|issuer| !issuer.as_str().starts_with("https:"))
                || self.sign_in.endpoints.each().any(|(_, url)| url.scheme() != "https");
            if plain {
                return Err(WorkPolicyError::Rule("in production everything is called by https"));
            }
        }
        if let Some(fault) = self.sign_in.redirect.fault() {
            return Err(WorkPolicyError::Rule(fault));
        }
        if let Redirect::HostedPage { deep_link, .. } = &self.sign_in.redirect
            && !link::is_own(deep_link)
        {
            return Err(WorkPolicyError::Rule("the hosted page must hand over to no.momsbud.desktop:/callback"));
        }
        let proves = |client: &WorkClient| client.authentication != AuthenticationMethod::None;
        if self.lock.vault_after_sign_in && self.sign_in.clients.values().any(proves) {
            return Err(WorkPolicyError::Rule(
                "a client's secret would lie in the vault that opens only after the sign-in; use a public client",
            ));
        }
        if self.lock.session_minutes == 0 {
            return Err(WorkPolicyError::Rule("a sign-in that lasts no minute opens nothing"));
        }
        Ok(self)
    }

    /// Whether it holds in an environment.
    #[must_use]
    pub fn governs(&self, environment: EnvironmentName) -> bool {
        self.environments.contains(&environment.into())
    }

    /// Reads the policy in force on this machine: the administrator's, else the imported one; none is no error.
    ///
    /// # Errors
    /// [`WorkPolicyError`]; a policy that cannot be read must not pass for none.
    pub fn in_force(system: &Path, data: &Path) -> Result<Option<InForce>, WorkPolicyError> {
        let machines = trusted::read(&system.join(POLICY_FILE));
        if let Some(content) = machines.map_err(|source| WorkPolicyError::File { file: POLICY_FILE, source })? {
            let machine: Machine = serde_json::from_slice(&content)
                .map_err(|source| WorkPolicyError::Content { file: POLICY_FILE, source: source.into() })?;
            if let Some(policy) = machine.work {
                let policy = policy.followable()?;
                return Ok((!policy.withdrawn).then_some(InForce { policy, source: Source::Administrator }));
            }
        }
        let Some(content) = content(&data.join(IMPORTED_FILE), IMPORTED_FILE)? else { return Ok(None) };
        let policy = opened(&content)?.0;
        Ok((!policy.withdrawn).then_some(InForce { policy, source: Source::Imported }))
    }

    /// Whether a signed file comes from whoever signed the one that was imported before.
    ///
    /// # Errors
    /// [`WorkPolicyError`] where it is not a signed policy.
    pub fn is_by_the_key_of(data: &Path, new: &[u8]) -> Result<bool, WorkPolicyError> {
        let (_, key) = opened(new)?;
        let before = content(&data.join(IMPORTED_FILE), IMPORTED_FILE)?;
        Ok(before.and_then(|before| opened(&before).ok()).is_some_and(|(_, its_key)| its_key == key))
    }

    /// Takes a signed file over into the data folder. `freely`: whoever asks may administer, so that another key is no
    /// hindrance.
    ///
    /// # Errors
    /// [`WorkPolicyError`]; then nothing has changed.
    pub fn import(system: &Path, data: &Path, new: &[u8], freely: bool) -> Result<Self, WorkPolicyError> {
        if let Ok(Some(InForce { source: Source::Administrator, .. })) = Self::in_force(system, data) {
            return Err(WorkPolicyError::Administrators);
        }
        let (policy, key) = opened(new)?;
        if let Some(before) = content(&data.join(IMPORTED_FILE), IMPORTED_FILE)?
            && let Ok((before, its_key)) = opened(&before)
        {
            if its_key != key && !freely {
                return Err(WorkPolicyError::AnotherKey);
            }
            if its_key == key && policy.version < before.version {
                return Err(WorkPolicyError::Older { found: policy.version, in_force: before.version });
            }
        }
        let failed = |source| WorkPolicyError::File { file: IMPORTED_FILE, source };
        disk::write(&data.join(IMPORTED_FILE), new).map_err(failed)?;
        Ok(policy)
    }
}

/// Who has signed a file: the firm as it calls itself, and what its key is known by: the first 128 bits of its SHA-256 in
/// groups of four, as `momsbud-cli work key` prints them.
///
/// # Errors
/// [`WorkPolicyError`] where the file is not a signed policy.
pub fn signed_by(content: &[u8]) -> Result<(String, String), WorkPolicyError> {
    let (policy, key) = opened(content)?;
    Ok((policy.firm, fingerprint(&key)))
}

/// What the public half of a key to sign with is known by.
///
/// # Errors
/// [`WorkPolicyError::Key`].
pub fn fingerprint_of(key: &[u8]) -> Result<String, WorkPolicyError> {
    let pair = Ed25519KeyPair::from_pkcs8(key).map_err(|_| WorkPolicyError::Key)?;
    Ok(fingerprint(pair.public_key().as_ref()))
}

fn fingerprint(key: &[u8]) -> String {
    let hash = Sha256::digest(key);
    let groups = hash.chunks(2).take(8).map(base16ct::upper::encode_string);
    groups.collect::<Vec<_>>().join(" ")
}

/// A new key to sign policies with, PKCS #8. Whoever has it decides.
///
/// # Errors
/// [`WorkPolicyError::Key`] where the system gives no random bytes.
pub fn new_key() -> Result<Zeroizing<Vec<u8>>, WorkPolicyError> {
    let pair = Ed25519KeyPair::generate().map_err(|_| WorkPolicyError::Key)?;
    let document = pair.to_pkcs8().map_err(|_| WorkPolicyError::Key)?;
    Ok(Zeroizing::new(document.as_ref().to_vec()))
}

/// Signs a policy, after seeing that it can be followed: what to import.
///
/// # Errors
/// [`WorkPolicyError`].
pub fn sign(policy: &[u8], key: &[u8]) -> Result<String, WorkPolicyError> {
    WorkPolicy::parse(policy)?;
    let pair = Ed25519KeyPair::from_pkcs8(key).map_err(|_| WorkPolicyError::Key)?;
    let signed = Signed {
        momsbud: SIGNED.to_owned(),
        policy: STANDARD.encode(policy),
        key: STANDARD.encode(pair.public_key().as_ref()),
        signature: STANDARD.encode(pair.sign(policy).as_ref()),
    };
    serde_json::to_string_pretty(&signed)
        .map_err(|source| WorkPolicyError::Content { file: "the file", source: source.into() })
}

/// The policy in a signed file, and the key that has signed it.
fn opened(content: &[u8]) -> Result<(WorkPolicy, Vec<u8>), WorkPolicyError> {
    let signed: Signed = serde_json::from_slice(content).map_err(|_| WorkPolicyError::NotSigned)?;
    if signed.momsbud != SIGNED {
        return Err(WorkPolicyError::NotSigned);
    }
    let decode = |text: &str| STANDARD.decode(text.trim()).map_err(|_| WorkPolicyError::NotSigned);
    let (policy, key, signature) = (decode(&signed.policy)?, decode(&signed.key)?, decode(&signed.signature)?);
    UnparsedPublicKey::new(&ED25519, &key).verify(&policy, &signature).map_err(|_| WorkPolicyError::Signature)?;
    Ok((WorkPolicy::parse(&policy)?, key))
}

fn content(path: &Path, file: &'static str) -> Result<Option<Vec<u8>>, WorkPolicyError> {
    match files::open::read(path, files::open::SMALL).map_err(io::Error::from) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(WorkPolicyError::File { file, source }),
    }
}

#[cfg(test)]
mod tests;
