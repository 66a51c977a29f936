//! An integration as it is filled in, stored and exported: plain fields, each of which can be wrong by itself.
//!
//! The same words in the window, in the database, in an exported file and in `environments.json`. A client secret or a
//! private key is never among them.

use std::time::Duration;

use id_porten::{AuthenticationMethod, EndpointOverrides, Issuer, Lifetimes, LoopbackHost, Redirect};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shown::Shown;
use specta::Type;
use url::Url;
use view::{ClientProof, EndpointsForm, EnvironmentName, FaultReason, FieldName, IntegrationForm, RedirectForm};

use super::{IntegrationId, IntegrationSettings, entered};
use crate::{link, misread::Misread};

/// No documented lifetime is longer than a year; ten are a slip of the finger.
const LONGEST: u32 = 10 * 31_536_000;
/// Longest client id, scope or key id, in characters: those of ID-porten have some forty.
const LONGEST_WORD: usize = 200;
/// Longest address or path, in characters.
const LONGEST_ADDRESS: usize = 2_000;
/// Scopes, or levels of sign-in, in one integration.
const MOST_WORDS: usize = 100;
/// The first line of an exported file, so that another JSON file is not taken for one.
const FORMAT: &str = "momsbud-integration/1";

/// A field that must be mended before the integration can be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldFault {
    /// Which.
    pub field: FieldName,
    /// What is wrong with it.
    pub reason: FaultReason,
}

/// An integration in a file of its own, to be given to a colleague. Without secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IntegrationFile {
    format: String,
    /// Which set of authorities it is registered with.
    pub environment: EnvironmentName,
    /// The integration.
    pub integration: IntegrationForm,
}

/// A file that holds no integration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IntegrationFileError {
    /// Not the JSON that an export writes; where, and nothing that stands there.
    #[error("the file holds no integration: {0}")]
    Content(Misread),
    /// Another format.
    #[error("the file is of another kind: {0}")]
    Format(String),
}

impl IntegrationFile {
    /// The file of an integration.
    #[must_use]
    pub fn new(environment: EnvironmentName, integration: IntegrationForm) -> Self {
        Self { format: FORMAT.into(), environment, integration }
    }

    /// The file's content.
    ///
    /// # Errors
    /// None in practice: every field is text, a number or a list.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Reads a file's content.
    ///
    /// # Errors
    /// See [`IntegrationFileError`].
    pub fn parse(content: &[u8]) -> Result<Self, IntegrationFileError> {
        let file: Self =
            serde_json::from_slice(content).map_err(|error| IntegrationFileError::Content(error.into()))?;
        if file.format == FORMAT { Ok(file) } else { Err(IntegrationFileError::Format(file.format)) }
    }
}

/// How a client proves who it is, as a form has it.
pub(crate) const fn client_proof(method: AuthenticationMethod) -> ClientProof {
    match method {
        AuthenticationMethod::None => ClientProof::None,
        AuthenticationMethod::ClientSecretPost => ClientProof::ClientSecretPost,
        AuthenticationMethod::ClientSecretBasic => ClientProof::ClientSecretBasic,
        AuthenticationMethod::PrivateKeyJwt => ClientProof::PrivateKeyJwt,
    }
}

/// How a client proves who it is, as a form has it, for the conversation.
const fn authentication_method(proof: ClientProof) -> AuthenticationMethod {
    match proof {
        ClientProof::None => AuthenticationMethod::None,
        ClientProof::ClientSecretPost => AuthenticationMethod::ClientSecretPost,
        ClientProof::ClientSecretBasic => AuthenticationMethod::ClientSecretBasic,
        ClientProof::PrivateKeyJwt => AuthenticationMethod::PrivateKeyJwt,
    }
}

impl From<&IntegrationSettings> for IntegrationForm {
    fn from(settings: &IntegrationSettings) -> Self {
        let seconds = |duration: Duration| u32::try_from(duration.as_secs()).unwrap_or(u32::MAX);
        let text = |url: &Option<Url>| url.as_ref().map(ToString::to_string).unwrap_or_default();
        let own = &settings.endpoints;
        Self {
            name: settings.name.clone(),
            issuer: settings.issuer.to_string(),
            client_id: settings.client_id.clone().unwrap_or_default(),
            authentication: client_proof(settings.authentication),
            redirect: match &settings.redirect {
                Redirect::LoopbackAnyPort { path } => RedirectForm::LoopbackAnyPort { path: path.clone() },
                Redirect::LoopbackFixedPort { host, port, path } => {
                    RedirectForm::LoopbackFixedPort { host: host.to_string(), port: *port, path: path.clone() }
                }
                Redirect::HostedPage { page, .. } => RedirectForm::HostedPage { page: page.to_string() },
            },
            scopes: settings.scopes.clone(),
            ask_for_old_scope: settings.ask_for_old_scope,
            acr_values: settings.acr_values.clone(),
            use_par: settings.use_par,
            authorization_seconds: seconds(settings.lifetimes.authorization),
            access_token_seconds: seconds(settings.lifetimes.access_token),
            refresh_token_seconds: seconds(settings.lifetimes.refresh_token),
            refresh_token_kind: settings.refresh_token_kind,
            key_id: settings.key_id.clone().unwrap_or_default(),
            endpoints: EndpointsForm {
                discovery: text(&own.discovery),
                authorization: text(&own.authorization),
                token: text(&own.token),
                pushed_authorization_request: text(&own.pushed_authorization_request),
                jwks: text(&own.jwks),
                userinfo: text(&own.userinfo),
                revocation: text(&own.revocation),
                end_session: text(&own.end_session),
            },
            post_logout_redirect_uri: text(&settings.post_logout_redirect_uri),
        }
    }
}

/// Reads what was stored, perhaps by an earlier version: a field that it did not know has its default.
pub(crate) fn stored(json: &str) -> Result<IntegrationForm, serde_json::Error> {
    let mut form = serde_json::to_value(IntegrationForm::default())?;
    fill(&mut form, serde_json::from_str(json)?);
    serde_json::from_value(form)
}

/// The settings, if every field can be what it says in an environment.
///
/// # Errors
/// Every field that cannot, in the form's order.
pub fn settings_in(
    form: &IntegrationForm,
    environment: EnvironmentName,
    id: &IntegrationId,
) -> Result<IntegrationSettings, Vec<FieldFault>> {
    let settings = settings(form, id)?;
    if environment != EnvironmentName::Production {
        return Ok(settings);
    }
    // The real tokens leave this machine by TLS, or not at all: what listens at a loopback port may be anybody's.
    let mut faults = Faults(Vec::new());
    let plain = |url: &Url| url.scheme() != "https";
    if Url::parse(settings.issuer.as_str()).is_ok_and(|url| plain(&url)) {
        faults.note(FieldName::Issuer, FaultReason::NotPrivateAddress);
    }
    if settings.endpoints.each().any(|(_, url)| plain(url)) {
        faults.note(FieldName::Endpoints, FaultReason::NotPrivateAddress);
    }
    if let Redirect::HostedPage { page, .. } = &settings.redirect
        && plain(page)
    {
        faults.note(FieldName::Page, FaultReason::NotPrivateAddress);
    }
    if faults.0.is_empty() { Ok(settings) } else { Err(faults.0) }
}

/// The same wherever it is registered: `http` serves within this machine.
///
/// # Errors
/// As [`settings_in`].
pub fn settings(form: &IntegrationForm, id: &IntegrationId) -> Result<IntegrationSettings, Vec<FieldFault>> {
    let mut faults = Faults(Vec::new());
    let name = Shown::line(&form.name);
    if name.is_empty() {
        faults.note(FieldName::Name, FaultReason::Missing);
    }
    let issuer = match form.issuer.trim() {
        "" => faults.reject(FieldName::Issuer, FaultReason::Missing),
        text if !is_plain(text, LONGEST_ADDRESS) => faults.reject(FieldName::Issuer, FaultReason::NotPrivateAddress),
        text => Issuer::parse(text).or_else(|_| faults.reject(FieldName::Issuer, FaultReason::NotPrivateAddress)),
    };
    let client_id = form.client_id.trim();
    if client_id.is_empty() {
        faults.note(FieldName::ClientId, FaultReason::Missing);
    } else if !is_plain(client_id, LONGEST_WORD) {
        faults.note(FieldName::ClientId, FaultReason::NotAWord);
    }
    let redirect = redirect(form, &mut faults);
    let scopes = faults.words(FieldName::Scopes, &form.scopes);
    if form.scopes.iter().all(|scope| scope.trim().is_empty()) {
        faults.note(FieldName::Scopes, FaultReason::Missing);
    }
    let acr_values = faults.words(FieldName::AcrValues, &form.acr_values);
    let lifetimes = Lifetimes {
        authorization: faults.lifetime(FieldName::AuthorizationSeconds, form.authorization_seconds, 1),
        access_token: faults.lifetime(FieldName::AccessTokenSeconds, form.access_token_seconds, 1),
        refresh_token: faults.lifetime(FieldName::RefreshTokenSeconds, form.refresh_token_seconds, 0),
    };
    let own = &form.endpoints;
    let endpoints = EndpointOverrides {
        discovery: faults.address(FieldName::Endpoints, &own.discovery),
        authorization: faults.address(FieldName::Endpoints, &own.authorization),
        token: faults.address(FieldName::Endpoints, &own.token),
        pushed_authorization_request: faults.address(FieldName::Endpoints, &own.pushed_authorization_request),
        jwks: faults.address(FieldName::Endpoints, &own.jwks),
        userinfo: faults.address(FieldName::Endpoints, &own.userinfo),
        revocation: faults.address(FieldName::Endpoints, &own.revocation),
        end_session: faults.address(FieldName::Endpoints, &own.end_session),
    };
    if !form.key_id.trim().is_empty() && !is_plain(form.key_id.trim(), LONGEST_WORD) {
        faults.note(FieldName::KeyId, FaultReason::NotAWord);
    }
    let post_logout_redirect_uri = faults.address(FieldName::PostLogout, &form.post_logout_redirect_uri);
    let (Ok(issuer), Ok(redirect), true) = (issuer, redirect, faults.0.is_empty()) else {
        faults.0.dedup();
        return Err(faults.0);
    };
    Ok(IntegrationSettings {
        id: id.to_owned(),
        name: name.into(),
        issuer,
        client_id: entered(&form.client_id),
        authentication: authentication_method(form.authentication),
        redirect,
        scopes,
        ask_for_old_scope: form.ask_for_old_scope,
        acr_values,
        use_par: form.use_par,
        lifetimes,
        refresh_token_kind: form.refresh_token_kind,
        key_id: entered(&form.key_id),
        endpoints,
        post_logout_redirect_uri,
    })
}

fn redirect(form: &IntegrationForm, faults: &mut Faults) -> Result<Redirect, ()> {
    let path = |faults: &mut Faults, path: &str| {
        let plain = path.starts_with('/')
            && is_plain(path, LONGEST_ADDRESS)
            && path.bytes().all(|byte| !b"?#%\\".contains(&byte));
        if plain { Ok(path.to_owned()) } else { faults.reject(FieldName::Path, FaultReason::NotAPath) }
    };
    match &form.redirect {
        RedirectForm::LoopbackAnyPort { path: given } => {
            Ok(Redirect::LoopbackAnyPort { path: path(faults, given.trim())? })
        }
        RedirectForm::LoopbackFixedPort { host, port, path: given } => {
            let host = match host.trim() {
                "127.0.0.1" => Ok(LoopbackHost::Ipv4),
                "localhost" => Ok(LoopbackHost::Localhost),
                _ => faults.reject(FieldName::Redirect, FaultReason::NotPrivateAddress),
            };
            let port = if *port == 0 { faults.reject(FieldName::Port, FaultReason::NotAPort) } else { Ok(*port) };
            let path = path(faults, given.trim());
            Ok(Redirect::LoopbackFixedPort { host: host?, port: port?, path: path? })
        }
        RedirectForm::HostedPage { page } if page.trim().is_empty() => {
            faults.reject(FieldName::Page, FaultReason::Missing)
        }
        RedirectForm::HostedPage { page } => {
            let page = faults.address(FieldName::Page, page).ok_or(())?;
            // A constant address; it has always one form.
            let deep_link = Url::parse(link::CALLBACK).map_err(|_| ())?;
            Ok(Redirect::HostedPage { page, deep_link })
        }
    }
}

/// Letters that can be seen, of ASCII and without a blank, and no more of them than that: what an integration sends, and what
/// is shown of it, whoever has handed it over.
fn is_plain(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Puts what is known into what is wanted, at any depth; a choice of kinds is replaced whole.
fn fill(into: &mut Value, known: Value) {
    match (into, known) {
        (Value::Object(into), Value::Object(known)) if !known.contains_key("kind") => {
            for (name, value) in known {
                fill(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, known) => *into = known,
    }
}

/// The faults found so far.
struct Faults(Vec<FieldFault>);

impl Faults {
    fn note(&mut self, field: FieldName, reason: FaultReason) {
        self.0.push(FieldFault { field, reason });
    }

    /// The same where a value was wanted.
    fn reject<T>(&mut self, field: FieldName, reason: FaultReason) -> Result<T, ()> {
        self.note(field, reason);
        Err(())
    }

    fn address(&mut self, field: FieldName, text: &str) -> Option<Url> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        // An issuer's rules are an address's: https, or http on this computer, and nobody's password in it.
        match Url::parse(text) {
            Ok(url) if Issuer::parse(text).is_ok() && text.len() <= LONGEST_ADDRESS => Some(url),
            _ => {
                self.note(field, FaultReason::NotPrivateAddress);
                None
            }
        }
    }

    /// Scopes and levels, one each, whatever white space or commas they were written with (RFC 6749 section 3.3).
    fn words(&mut self, field: FieldName, given: &[String]) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in given.iter().flat_map(|text| text.split([' ', ',', '\n', '\t', '\r'])).filter(|w| !w.is_empty()) {
            if !is_plain(word, LONGEST_WORD) || word.contains(['"', '\\']) || words.len() >= MOST_WORDS {
                self.note(field, FaultReason::NotAWord);
            } else if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        words
    }

    fn lifetime(&mut self, field: FieldName, seconds: u32, least: u32) -> Duration {
        if seconds < least {
            self.note(field, FaultReason::Missing);
        } else if seconds > LONGEST {
            self.note(field, FaultReason::TooLong);
        }
        Duration::from_secs(seconds.into())
    }
}

#[cfg(test)]
mod tests;
