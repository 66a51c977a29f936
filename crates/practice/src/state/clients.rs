//! Registered integrations, with the fields and words of Digdir's self-service API (apis.md 3.2, 3.5).

use super::Which;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;

/// `application_type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// A server that keeps a secret.
    Web,
    /// A program in a browser.
    Browser,
    /// A program on a desktop or telephone.
    Native,
}

/// `token_endpoint_auth_method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// Public client.
    None,
    /// Secret in the form.
    ClientSecretPost,
    /// Secret in the Authorization header.
    ClientSecretBasic,
    /// Signed assertion.
    PrivateKeyJwt,
}

impl AuthMethod {
    /// As in `client_amr` (apis.md 3.6).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

/// `refresh_token_usage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RefreshTokenUsage {
    /// "Engangs": each use gives a new one.
    #[serde(rename = "ONETIME")]
    OneTime,
    /// "Gjenbrukbart".
    #[serde(rename = "REUSE")]
    Reuse,
}

/// One integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// Name, shown on the sign-in page.
    #[serde(default)]
    pub client_name: String,
    /// Organisation that owns the integration: the token's `consumer`.
    #[serde(default = "owner")]
    pub client_orgno: String,
    /// `application_type`.
    pub application_type: ApplicationType,
    /// `token_endpoint_auth_method`; one, or several that are all accepted.
    #[serde(deserialize_with = "one_or_many")]
    pub token_endpoint_auth_method: Vec<AuthMethod>,
    /// Secret; can be set and never read.
    #[serde(default, skip_serializing)]
    pub client_secret: Option<String>,
    /// Public keys for `private_key_jwt`, a JWK set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwks: Option<Value>,
    /// Redirects. `http://127.0.0.1:0/path` stands for every port (apis.md 3.2).
    pub redirect_uris: Vec<String>,
    /// Redirects after logout.
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    /// Scopes it may ask for; asking for another refuses the whole login (apis.md 1.2).
    pub scopes: Vec<String>,
    /// `grant_types`: only with `refresh_token` does it get one (apis.md 3.5).
    #[serde(default = "both_grants")]
    pub grant_types: Vec<String>,
    /// Absolute maximum of the grant, seconds.
    #[serde(default = "two_hours")]
    pub authorization_lifetime: i64,
    /// Seconds.
    #[serde(default = "two_minutes")]
    pub access_token_lifetime: i64,
    /// Longest pause between uses, seconds; 0 is as long as the authorization.
    #[serde(default = "ten_minutes")]
    pub refresh_token_lifetime: i64,
    /// One-time or reusable.
    #[serde(default = "one_time")]
    pub refresh_token_usage: RefreshTokenUsage,
    /// `integration_type`, e.g. `api_klient`. Kept and not acted upon, as the three that follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub integration_type: Option<String>,
    /// `description`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `client_uri`: where a person goes who wants back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    /// `frontchannel_logout_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    /// The client has sessions of its own and never signs in silently (apis.md 3.7).
    #[serde(default)]
    pub sso_disabled: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(AuthMethod),
    Many(Vec<AuthMethod>),
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<AuthMethod>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(method) => vec![method],
        OneOrMany::Many(methods) => methods,
    })
}

fn owner() -> String {
    crate::world::FJORDLYS.into()
}
fn both_grants() -> Vec<String> {
    vec!["authorization_code".into(), "refresh_token".into()]
}
fn two_hours() -> i64 {
    7200
}
fn two_minutes() -> i64 {
    120
}
fn ten_minutes() -> i64 {
    600
}
fn one_time() -> RefreshTokenUsage {
    RefreshTokenUsage::OneTime
}

impl Client {
    /// Whether the client cannot keep a secret.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == [AuthMethod::None]
    }

    /// Whether a redirect is registered: exactly, or but for the port where port 0 is registered (apis.md 3.2).
    #[must_use]
    pub fn allows_redirect(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|registered| redirect_matches(registered, uri))
    }

    /// The same for logout.
    #[must_use]
    pub fn allows_logout_redirect(&self, uri: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|registered| redirect_matches(registered, uri))
    }
}

fn redirect_matches(registered: &str, uri: &str) -> bool {
    if registered == uri {
        return true;
    }
    let Some(tail) = registered.strip_prefix("http://127.0.0.1:0/") else { return false };
    let Ok(url) = Url::parse(uri) else { return false };
    // Compared as text beside the parsed form, so that nothing is normalised into a match.
    url.port().is_some_and(|port| uri == format!("http://127.0.0.1:{port}/{tail}"))
}

/// What a fresh practice has registered.
pub(crate) fn built_in(which: Which) -> Vec<Client> {
    let scopes: Vec<String> = match which {
        Which::IdPorten => &[
            "openid",
            "profile",
            "skatteetaten:mvameldingvalidering",
            "skatteetaten:mvameldinginnsending",
            "altinn:instances.read",
            "altinn:instances.write",
            "altinn:accessmanagement/authorizedparties",
        ][..],
        Which::Ansattporten => &["openid", "profile"][..],
    }
    .iter()
    .map(|scope| (*scope).to_owned())
    .collect();
    let client = |client_id: &str, name: &str, kind, methods: &[AuthMethod], redirects: &[&str]| Client {
        client_id: client_id.into(),
        client_name: name.into(),
        client_orgno: owner(),
        application_type: kind,
        token_endpoint_auth_method: methods.to_vec(),
        client_secret: None,
        jwks: None,
        redirect_uris: redirects.iter().map(|uri| (*uri).into()).collect(),
        post_logout_redirect_uris: vec![
            "http://127.0.0.1:0/callback".into(),
            "http://127.0.0.1:0/logout".into(),
            "http://localhost:12345/logout".into(),
        ],
        scopes: scopes.clone(),
        grant_types: both_grants(),
        authorization_lifetime: 31_536_000,
        access_token_lifetime: 7200,
        refresh_token_lifetime: 0,
        refresh_token_usage: RefreshTokenUsage::OneTime,
        integration_type: Some("api_klient".into()),
        description: None,
        client_uri: None,
        frontchannel_logout_uri: None,
        sso_disabled: false,
    };
    let web = ["http://localhost:12345/token", "http://127.0.0.1:0/callback", "https://momsbud.example/innlogging"];
    vec![
        client(
            "momsbud-practice",
            "Momsbud",
            ApplicationType::Native,
            &[AuthMethod::None],
            &["http://127.0.0.1:0/callback"],
        ),
        Client {
            client_secret: Some("practice-secret".into()),
            ..client(
                "momsbud-practice-web",
                "Momsbud (web)",
                ApplicationType::Web,
                &[AuthMethod::ClientSecretPost, AuthMethod::ClientSecretBasic],
                &web,
            )
        },
        client("momsbud-practice-jwt", "Momsbud (nøkkel)", ApplicationType::Web, &[AuthMethod::PrivateKeyJwt], &web),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_zero_stands_for_every_port_and_nothing_else() {
        let matches = |uri| redirect_matches("http://127.0.0.1:0/callback", uri);
        assert!(matches("http://127.0.0.1:35432/callback"));
        for other in [
            "http://localhost:35432/callback",
            "http://127.0.0.1:35432/other",
            "http://127.0.0.1:35432/callback?x=1",
            "http://127.0.0.1/callback",
            "https://127.0.0.1:35432/callback",
            "http://127.0.0.1:35432@evil.example/callback",
            "http://127.0.0.1:35432/a/../callback",
        ] {
            assert!(!matches(other), "{other}");
        }
    }
}
