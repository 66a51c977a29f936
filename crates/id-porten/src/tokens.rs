//! The token endpoint and its neighbours: client authentication, the request, and what the answer says.

use crate::error::{AnswerFault, Endpoint, TokenError};
use crate::grant::Grant;
use crate::http::{Answer, Basic, Form, Http};
use crate::id_token::Validated;
use crate::integration::{AuthenticationMethod, ClientAuthentication, Integration};
use crate::random::Random;
use crate::secrets::{AccessToken, IdToken, RefreshToken};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use shown::Shown;
use std::time::Duration;
use url::Url;

/// The registered value of `client_assertion_type` (RFC 7523 section 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Errors that pass by themselves. RFC 6749 has them for authorization responses (section 4.1.2.1); issuers and what stands
/// before them use them here too.
const FAULTS: [&str; 2] = ["server_error", "temporarily_unavailable"];

/// A successful answer of the token endpoint (RFC 6749 section 5.1).
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: SecretString,
    token_type: String,
    expires_in: Option<u64>,
    refresh_token: Option<SecretString>,
    /// Digdir's own: seconds that the refresh token lives (apis.md section 3.5).
    refresh_token_expires_in: Option<u64>,
    id_token: Option<SecretString>,
    scope: Option<String>,
    authorization_details: Option<serde_json::Value>,
}

/// A refusal (RFC 6749 section 5.2).
#[derive(Deserialize)]
struct Refusal {
    error: String,
    error_description: Option<String>,
}

impl TokenAnswer {
    pub(crate) fn read(answer: &Answer) -> Result<Self, TokenError> {
        json(answer, Endpoint::Token)
    }

    /// Whether the tokens are ones that can be used; to be asked when what must be kept of the answer has been.
    pub(crate) fn check(&self) -> Result<(), TokenError> {
        if !self.token_type.eq_ignore_ascii_case("bearer") {
            return Err(not_as_expected(Endpoint::Token, "the token type is not Bearer"));
        }
        // RFC 6750 section 2.1, a little wider. A line break in it would end the header that carries it; whoever sends one
        // is told so here, and not at the first call that it is for.
        let fits = |token: &SecretString| {
            let token = token.expose_secret();
            !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic())
        };
        let refresh_fits = self.refresh_token.as_ref().is_none_or(fits);
        if fits(&self.access_token) && refresh_fits {
            Ok(())
        } else {
            Err(not_as_expected(Endpoint::Token, "a token has characters that no header can carry"))
        }
    }

    /// The refresh token of the answer and when it ends, where there is one that serves.
    pub(crate) fn refresh_token(
        &self,
        integration: &Integration,
        sent: Timestamp,
    ) -> Option<(RefreshToken, Timestamp)> {
        let token = self.refresh_token.as_ref()?.expose_secret();
        let serves = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        serves.then(|| (RefreshToken::new(token), self.refresh_end(integration, sent)))
    }

    fn refresh_end(&self, integration: &Integration, sent: Timestamp) -> Timestamp {
        let lifetimes = &integration.lifetimes;
        let after = |duration: Duration| sent.saturating_add(duration).unwrap_or(Timestamp::MAX);
        match self.refresh_token_expires_in {
            Some(seconds) => after(Duration::from_secs(seconds)),
            None if lifetimes.refresh_token.is_zero() => after(lifetimes.authorization),
            None => after(lifetimes.refresh_token),
        }
    }

    pub(crate) fn access_token(&self) -> AccessToken {
        AccessToken::new(self.access_token.expose_secret())
    }

    pub(crate) fn id_token(&self) -> Option<IdToken> {
        self.id_token.as_ref().map(|token| IdToken::new(token.expose_secret()))
    }

    /// The grant; every lifetime is counted from `sent`, the moment before the request left, so that none is taken for
    /// longer than it is.
    pub(crate) fn into_grant(self, integration: &Integration, validated: Validated, sent: Timestamp) -> Grant {
        let lifetimes = &integration.lifetimes;
        let after = |duration: Duration| sent.saturating_add(duration).unwrap_or(Timestamp::MAX);
        let access_expires_at = match self.expires_in {
            Some(seconds) => after(Duration::from_secs(seconds)),
            None => jwt_expiry(self.access_token.expose_secret()).unwrap_or_else(|| after(lifetimes.access_token)),
        };
        let refresh_expires_at = self.refresh_token.as_ref().map(|_| self.refresh_end(integration, sent));
        let granted_scopes = match &self.scope {
            Some(scope) => scope.split_ascii_whitespace().map(str::to_owned).collect(),
            // RFC 6749 section 5.1: left out where it is what was asked for.
            None => asked_scopes(integration),
        };
        Grant {
            access_token: self.access_token(),
            id_token: self.id_token(),
            refresh_token: self.refresh_token.map(|token| RefreshToken::new(token.expose_secret())),
            access_expires_at,
            refresh_expires_at,
            granted_scopes,
            identity: validated.identity,
            authorization_details: self.authorization_details,
            work: validated.work,
        }
    }
}

/// What the integration asks for, `openid` included.
pub(crate) fn asked_scopes(integration: &Integration) -> Vec<String> {
    let mut scopes = integration.scopes.clone();
    if !scopes.iter().any(|scope| scope == "openid") {
        scopes.insert(0, "openid".to_owned());
    }
    scopes
}

/// When a JWT says it ends; nothing for an opaque token. Its signature is not ours to check: the token is for others.
fn jwt_expiry(token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let mut parts = token.split('.');
    let (_header, payload, _signature, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
    Timestamp::from_second(claims.exp).ok()
}

/// Sends a form to an endpoint that wants the client to prove itself, and sorts the answer.
pub(crate) async fn post(
    http: &Http,
    integration: &Integration,
    endpoint: Endpoint,
    address: &Url,
    form: Form,
    now: Timestamp,
    random: &dyn Random,
) -> Result<Answer, TokenError> {
    let (form, basic) = authenticated(integration, form, now, random)?;
    let refused = |error: &str, description| {
        let password = basic.as_ref().map(|basic| basic.password.expose_secret());
        refused(error, description, &form.secrets().chain(password).collect::<Vec<_>>())
    };
    let answer = http.post(address, &form, basic.as_ref()).await.map_err(|error| error.at(endpoint))?;
    match answer.status {
        200 | 201 => Ok(answer),
        // "Too many requests" is a fault that passes, whatever the class of its number says.
        429 => Err(TokenError::Fault { endpoint, status: 429 }),
        status => match serde_json::from_slice::<Refusal>(&answer.body) {
            // An assertion from the wrong hour is refused as if the key were wrong; the clock is what to mend then.
            Ok(refusal) if refusal.error == "invalid_client" && signs(integration) => match http.wrong_clock() {
                Some(by) => Err(TokenError::ClockSkew { by }),
                None => Err(refused(&refusal.error, refusal.error_description)),
            },
            // A fault by its own words, whatever the class of its number says.
            Ok(refusal) if FAULTS.contains(&refusal.error.as_str()) => Err(TokenError::Fault { endpoint, status }),
            Ok(refusal) => Err(refused(&refusal.error, refusal.error_description)),
            Err(_) => Err(TokenError::UnreadableAnswer { endpoint, what: AnswerFault::Status(status) }),
        },
    }
}

fn signs(integration: &Integration) -> bool {
    integration.authentication.method() == AuthenticationMethod::PrivateKeyJwt
}

fn authenticated(
    integration: &Integration,
    form: Form,
    now: Timestamp,
    random: &dyn Random,
) -> Result<(Form, Option<Basic>), TokenError> {
    let id = integration.client_id.as_str();
    Ok(match &integration.authentication {
        ClientAuthentication::None => (form.with("client_id", id), None),
        ClientAuthentication::SecretPost(secret) => {
            (form.with("client_id", id).with("client_secret", secret.expose()), None)
        }
        ClientAuthentication::SecretBasic(secret) => {
            // RFC 6749 section 2.3.1: both are form-encoded first, which ordinary Basic authentication does not do.
            let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
            (form, Some(Basic { user: encode(id), password: SecretString::from(encode(secret.expose())) }))
        }
        ClientAuthentication::PrivateKeyJwt(key) => {
            let assertion = key.assertion(id, integration.issuer.as_str(), now, random)?;
            let form = form.with("client_id", id).with("client_assertion_type", JWT_BEARER);
            (form.with("client_assertion", assertion.expose_secret()), None)
        }
    })
}

/// Sorts an OAuth error by whose turn it is to act. A description that quotes one of `secrets`, which is what was sent, is
/// dropped: it would be shown, and copied to whoever helps.
pub(crate) fn refused(error: &str, description: Option<String>, secrets: &[&str]) -> TokenError {
    let error = if quotes(error, secrets) { "error".to_owned() } else { presentable(error) };
    let description = description.filter(|text| !quotes(text, secrets));
    let description = description.map(|text| presentable(&text)).filter(|text| !text.is_empty());
    match error.as_str() {
        "invalid_grant" => TokenError::TooLate { description },
        "invalid_client" | "invalid_scope" | "unauthorized_client" | "unsupported_grant_type" => {
            TokenError::IntegrationRefused { error, description }
        }
        _ => TokenError::Refused { error, description },
    }
}

/// Whether a text quotes a secret or a good part of one, as it is or encoded for a query.
pub(crate) fn quotes(text: &str, secrets: &[&str]) -> bool {
    /// Shorter parts are found in ordinary words.
    const PART: usize = 8;
    let decoded: String = url::form_urlencoded::parse(text.as_bytes()).map(|(a, b)| format!("{a} {b} ")).collect();
    [text, &decoded].into_iter().any(|text| {
        let of_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
        let mut words = text.split(|c| !of_token(c)).filter(|word| word.len() >= PART);
        let whole = secrets.iter().any(|secret| secret.len() >= PART / 2 && text.contains(secret));
        whole || words.any(|word| secrets.iter().any(|secret| secret.contains(word)))
    })
}

/// A text from outside, fit to be shown: of one line and of bounded length.
pub(crate) fn presentable(text: &str) -> String {
    Shown::within(text, 500).into_string()
}

/// Reads the JSON of an answer that may hold secrets: what is wrong is said by place, never by quoting.
pub(crate) fn json<T: serde::de::DeserializeOwned>(answer: &Answer, endpoint: Endpoint) -> Result<T, TokenError> {
    if !answer.is_json {
        return Err(not_as_expected(endpoint, "it is not JSON"));
    }
    serde_json::from_slice(&answer.body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof => "it breaks off",
            serde_json::error::Category::Data => "a member is missing or of another type",
            _ => "it is not JSON",
        };
        not_as_expected(endpoint, what)
    })
}

pub(crate) fn not_as_expected(endpoint: Endpoint, what: &str) -> TokenError {
    TokenError::UnreadableAnswer { endpoint, what: AnswerFault::NotAsExpected(what.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jwt_tells_its_end_and_nothing_else_does() {
        let jwt = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(r#"{"exp":1700000000}"#));
        assert_eq!(jwt_expiry(&jwt).map(|t| t.as_second()), Some(1_700_000_000));
        assert_eq!(jwt_expiry("opaque"), None);
        assert_eq!(jwt_expiry("a.b.c"), None);
        assert_eq!(jwt_expiry(&format!("{jwt}.more")), None);
    }

    #[test]
    fn a_description_that_quotes_what_was_sent_is_dropped() {
        let secrets = ["4f1c77a0b2c94c52a1e8", "hemmelig+/passord"];
        let shown = |text: &str| match refused("invalid_request", Some(text.to_owned()), &secrets) {
            TokenError::Refused { description, .. } => description.is_some(),
            other => unreachable!("{other:?}"),
        };
        for quoting in [
            "the code 4f1c77a0b2c94c52a1e8 is bad",
            "code=4f1c77a0b2c94c52a1e8",
            "4f1c77a0b2\u{2026}",
            "got hemmelig%2B%2Fpassord",
            "\"hemmelig+/passord\"",
        ] {
            assert!(!shown(quoting), "{quoting}");
        }
        for plain in ["The authorization code has been used before", "redirect_uri differs", "4f1c"] {
            assert!(shown(plain), "{plain}");
        }
    }

    #[test]
    fn a_refusal_is_shown_on_one_line() {
        let TokenError::Refused { error, description } = refused("odd\nthing", Some("x".repeat(900)), &[]) else {
            unreachable!("an unknown code is a plain refusal")
        };
        assert_eq!(error, "odd thing");
        assert_eq!(description.map(|text| text.chars().count()), Some(500));
    }
}
