//! The integration: this program as a client registered with an issuer, and everything that the registration decides.

use crate::secrets::ClientSecret;
use crate::signing_key::SigningKey;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;
use url::Url;

/// A client registered with ID-porten or Ansattporten (apis.md section 3.2), and how it signs in.
#[derive(Debug, Clone)]
pub struct Integration {
    /// Who is asked to sign the person in.
    pub issuer: Issuer,
    /// The client's public name at the issuer.
    pub client_id: String,
    /// How the client proves itself at the token endpoint.
    pub authentication: ClientAuthentication,
    /// Where the browser comes home to.
    pub redirect: Redirect,
    /// The scopes asked for; `openid` is added where it is missing.
    pub scopes: Vec<String>,
    /// The levels of assurance asked for, for example `idporten-loa-substantial`. Empty: whatever the issuer gives.
    pub acr_values: Vec<String>,
    /// Whether the authorization request is pushed first (RFC 9126).
    pub use_par: bool,
    /// Whether userinfo is asked where the id_token has no name.
    pub use_userinfo: bool,
    /// Rich authorization request (RFC 9396), passed on as it is; for Ansattporten's choice of organisation.
    pub authorization_details: Option<serde_json::Value>,
    /// How long things live according to the registration.
    pub lifetimes: Lifetimes,
    /// Endpoints that override discovery.
    pub endpoints: EndpointOverrides,
    /// Where the browser goes after logging out; must be registered.
    pub post_logout_redirect_uri: Option<Url>,
}

impl Integration {
    /// A public native client with loopback redirect on any port at `/callback`, and nothing else asked than `openid`:
    /// the documented default for desktop programs (apis.md section 3.2). The fields are there to be changed.
    #[must_use]
    pub fn native(issuer: Issuer, client_id: impl Into<String>) -> Self {
        Self {
            issuer,
            client_id: client_id.into(),
            authentication: ClientAuthentication::None,
            redirect: Redirect::default(),
            scopes: vec!["openid".to_owned()],
            acr_values: Vec::new(),
            use_par: false,
            use_userinfo: false,
            authorization_details: None,
            lifetimes: Lifetimes::default(),
            endpoints: EndpointOverrides::default(),
            post_logout_redirect_uri: None,
        }
    }
}

/// An issuer identifier, character for character as its metadata spells it (OpenID Connect Discovery 1.0 section 3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Issuer(String);

/// The text is no issuer identifier. Remedy: enter the address that the authority prints, for example
/// `https://idporten.no`, without query or fragment. It is not quoted: a password may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the issuer must be an https address (or http on loopback) without user, query and fragment")]
pub struct IssuerError;

impl Issuer {
    /// Reads an issuer identifier.
    ///
    /// # Errors
    /// Anything but `https` (or `http` on a loopback address) without query, fragment and user.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        // The parser drops line breaks and tabs wherever they stand; an issuer is compared, bound and shown as it is written.
        if text.chars().any(|letter| letter.is_control() || letter.is_whitespace()) {
            return Err(IssuerError);
        }
        let url = Url::parse(text).map_err(|_| IssuerError)?;
        let plain =
            url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
        if plain && is_private_transport(&url) { Ok(Self(text.to_owned())) } else { Err(IssuerError) }
    }

    /// As the issuer spells itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Issuer {
    type Error = IssuerError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Issuer> for String {
    fn from(issuer: Issuer) -> Self {
        issuer.0
    }
}

/// Whether nobody between here and there can read along: TLS, or a connection that does not leave the machine.
pub(crate) fn is_private_transport(url: &Url) -> bool {
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => true,
        ("http", Some(url::Host::Ipv4(address))) => address.is_loopback(),
        ("http", Some(url::Host::Ipv6(address))) => address.is_loopback(),
        ("http", Some(url::Host::Domain(name))) => name == "localhost",
        _ => false,
    }
}

/// How the client proves itself at the token endpoint (OpenID Connect Core 1.0 section 9).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ClientAuthentication {
    /// A public client: `client_id` alone, and PKCE.
    None,
    /// The secret in the form body.
    SecretPost(ClientSecret),
    /// The secret in an `Authorization: Basic` header, encoded as RFC 6749 section 2.3.1 says.
    SecretBasic(ClientSecret),
    /// A signed assertion (RFC 7523), RS256.
    PrivateKeyJwt(SigningKey),
}

impl ClientAuthentication {
    /// The method's registered name.
    #[must_use]
    pub fn method(&self) -> AuthenticationMethod {
        match self {
            Self::None => AuthenticationMethod::None,
            Self::SecretPost(_) => AuthenticationMethod::ClientSecretPost,
            Self::SecretBasic(_) => AuthenticationMethod::ClientSecretBasic,
            Self::PrivateKeyJwt(_) => AuthenticationMethod::PrivateKeyJwt,
        }
    }
}

/// The name of a client authentication method, as registrations and metadata spell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationMethod {
    /// `none`
    None,
    /// `client_secret_post`
    ClientSecretPost,
    /// `client_secret_basic`
    ClientSecretBasic,
    /// `private_key_jwt`
    PrivateKeyJwt,
}

/// The three ways home from the browser: the authorities' rules differ by kind of client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Redirect {
    /// `http://127.0.0.1:{port}{path}` on a port that the operating system picks; registered with port 0.
    LoopbackAnyPort {
        /// The path, with its leading slash.
        path: String,
    },
    /// `http://{host}:{port}{path}` exactly as registered; for test integrations.
    LoopbackFixedPort {
        /// The host as registered.
        host: LoopbackHost,
        /// The port as registered.
        port: u16,
        /// The path, with its leading slash.
        path: String,
    },
    /// A page that the firm hosts, which hands the query on to the deep link.
    HostedPage {
        /// The registered https address.
        page: Url,
        /// What the page hands over to.
        deep_link: Url,
    },
}

impl Default for Redirect {
    fn default() -> Self {
        Self::LoopbackAnyPort { path: "/callback".to_owned() }
    }
}

impl Redirect {
    /// Host, port and path of a redirect to this machine, port 0 for any; none for a hosted page.
    pub(crate) fn loopback(&self) -> Option<(LoopbackHost, u16, &str)> {
        match self {
            Self::LoopbackAnyPort { path } => Some((LoopbackHost::Ipv4, 0, path)),
            Self::LoopbackFixedPort { host, port, path } => Some((*host, *port, path)),
            Self::HostedPage { .. } => None,
        }
    }

    /// What makes the redirect unusable, if anything does.
    #[must_use]
    pub fn fault(&self) -> Option<&'static str> {
        match self {
            Self::LoopbackAnyPort { path } | Self::LoopbackFixedPort { path, .. } => {
                let plain =
                    path.starts_with('/') && path.bytes().all(|b| b.is_ascii_graphic() && !b"?#%\\".contains(&b));
                (!plain).then_some("the redirect's path must begin with / and be plain")
            }
            Self::HostedPage { page, .. } => (!is_private_transport(page)).then_some("the hosted page must be https"),
        }
    }

    /// The redirect URI to enter in the registration.
    #[must_use]
    pub fn registered(&self) -> String {
        match self {
            Self::LoopbackAnyPort { path } => format!("http://{}:0{path}", LoopbackHost::Ipv4),
            Self::LoopbackFixedPort { host, port, path } => format!("http://{host}:{port}{path}"),
            Self::HostedPage { page, .. } => page.to_string(),
        }
    }
}

/// The names of this machine that a redirect may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LoopbackHost {
    /// The address; what RFC 8252 section 8.3 recommends.
    #[serde(rename = "127.0.0.1")]
    Ipv4,
    /// The name; some registrations have it. The listener still binds 127.0.0.1 only.
    #[serde(rename = "localhost")]
    Localhost,
}

impl fmt::Display for LoopbackHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ipv4 => "127.0.0.1",
            Self::Localhost => "localhost",
        })
    }
}

/// Lifetimes as registered (apis.md section 3.5). What the authority answers goes ahead of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifetimes {
    /// The whole authorization, from the sign-in.
    pub authorization: Duration,
    /// An access token.
    pub access_token: Duration,
    /// A refresh token; zero: as long as the authorization.
    pub refresh_token: Duration,
}

impl Default for Lifetimes {
    /// ID-porten's defaults: 7200, 120 and 600 seconds.
    fn default() -> Self {
        Self {
            authorization: Duration::from_secs(7200),
            access_token: Duration::from_secs(120),
            refresh_token: Duration::from_secs(600),
        }
    }
}

/// Endpoints that go ahead of what discovery says; each must be https, or http on loopback.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EndpointOverrides {
    /// Where the metadata lies, instead of `{issuer}/.well-known/openid-configuration`.
    pub discovery: Option<Url>,
    /// The authorization endpoint.
    pub authorization: Option<Url>,
    /// The token endpoint.
    pub token: Option<Url>,
    /// The pushed authorization request endpoint.
    pub pushed_authorization_request: Option<Url>,
    /// The issuer's keys.
    pub jwks: Option<Url>,
    /// The userinfo endpoint.
    pub userinfo: Option<Url>,
    /// The revocation endpoint.
    pub revocation: Option<Url>,
    /// The end-session endpoint.
    pub end_session: Option<Url>,
}

impl EndpointOverrides {
    /// Those that are given, each with the name that metadata give it.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, &Url)> {
        [
            ("discovery", &self.discovery),
            ("authorization_endpoint", &self.authorization),
            ("token_endpoint", &self.token),
            ("pushed_authorization_request_endpoint", &self.pushed_authorization_request),
            ("jwks_uri", &self.jwks),
            ("userinfo_endpoint", &self.userinfo),
            ("revocation_endpoint", &self.revocation),
            ("end_session_endpoint", &self.end_session),
        ]
        .into_iter()
        .filter_map(|(name, url)| Some((name, url.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_issuer_is_https_or_on_this_machine() {
        for good in [
            "https://idporten.no",
            "https://idporten.no/",
            "http://127.0.0.1:8080",
            "http://[::1]:1",
            "http://localhost:1/x",
        ] {
            assert_eq!(Issuer::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "http://idporten.no",
            "https://idporten.no?x=1",
            "https://idporten.no#x",
            "https://u:p@idporten.no",
            "idporten.no",
            "file:///x",
            "http://127.0.0.1.example.no",
        ] {
            assert!(Issuer::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn redirects_are_registered_as_documented() {
        assert_eq!(Redirect::default().registered(), "http://127.0.0.1:0/callback");
        let fixed =
            Redirect::LoopbackFixedPort { host: LoopbackHost::Localhost, port: 12345, path: "/token".to_owned() };
        assert_eq!(fixed.registered(), "http://localhost:12345/token");
        assert_eq!(fixed.fault(), None);
        for path in ["", "token", "/token?x", "/to ken", "/tøken", "/a#b"] {
            assert!(Redirect::LoopbackAnyPort { path: path.to_owned() }.fault().is_some(), "{path}");
        }
        let deep_link: Url = "momsbud://callback".parse().unwrap();
        let hosted = |page: &str| Redirect::HostedPage { page: page.parse().unwrap(), deep_link: deep_link.clone() };
        assert_eq!(hosted("https://firma.example/i").fault(), None);
        assert!(hosted("http://firma.example/i").fault().is_some());
        let json = serde_json::to_string(&fixed).unwrap();
        assert_eq!(json, r#"{"kind":"loopback_fixed_port","host":"localhost","port":12345,"path":"/token"}"#);
        assert_eq!(serde_json::from_str::<Redirect>(&json).unwrap(), fixed);
    }
}
