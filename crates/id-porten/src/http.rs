//! The HTTP client below the protocol: one request, one answer, nothing followed, nothing endless.
//!
//! The crates `oauth2` and `openidconnect` bring an adapter for an older `reqwest`; this one is ours because an answer
//! must also be small, in time and from the address that was asked, and because the `Date` of every answer tells
//! whether this machine's clock can be trusted.

use crate::clock::Clock;
use crate::error::{AnswerFault, Endpoint, TokenError, Unreached};
use jiff::{SignedDuration, Timestamp};
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE};
use secrecy::{ExposeSecret as _, SecretString};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// No answer of an OpenID provider comes near this; a larger one is something else.
const LARGEST_BODY: usize = 1_000_000;

/// How long one request may take, from connecting to the last byte.
const DEFAULT_LIMIT: Duration = Duration::from_secs(20);

/// How far two clocks may differ without being called wrong (issue "Sign-in and authorizations": ±5 minutes).
pub(crate) const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// A builder for the HTTP client that [`crate::RelyingParty`] needs: no redirects followed, and a quick end of
/// connecting. Proxy, certificates and user agent are the caller's to add.
#[expect(clippy::disallowed_methods, reason = "this is the client for ID-porten and its kin")]
pub fn client_builder() -> reqwest::ClientBuilder {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).connect_timeout(Duration::from_secs(10))
}

/// One HTTP client, with the limits that every request has.
#[derive(Clone)]
pub(crate) struct Http {
    client: reqwest::Client,
    clock: Arc<dyn Clock>,
    limit: Duration,
    skew: Arc<Mutex<Option<SignedDuration>>>,
}

/// An answer that was read to its end. Its memory is overwritten afterwards: it may hold tokens.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) is_json: bool,
    pub(crate) body: Zeroizing<Vec<u8>>,
}

/// The user and password of an `Authorization: Basic` header.
pub(crate) struct Basic {
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

/// Why there is no answer, or none to be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("no answer")]
    Unreached(#[source] Unreached),
    #[error("the other side has a fault of its own (status {0})")]
    Fault(u16),
    #[error("the answer cannot be used: {0}")]
    Answer(AnswerFault),
}

impl HttpError {
    pub(crate) fn at(self, endpoint: Endpoint) -> TokenError {
        match self {
            Self::Unreached(source) => TokenError::Unreachable { endpoint, source },
            Self::Fault(status) => TokenError::Fault { endpoint, status },
            Self::Answer(what) => TokenError::UnreadableAnswer { endpoint, what },
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no complete answer within {} seconds", .0.as_secs_f32())]
struct TooSlow(Duration);

impl Http {
    pub(crate) fn new(client: reqwest::Client, clock: Arc<dyn Clock>) -> Self {
        Self { client, clock, limit: DEFAULT_LIMIT, skew: Arc::default() }
    }

    pub(crate) fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// How far the clock of the side that last answered is ahead of ours.
    pub(crate) fn skew(&self) -> Option<SignedDuration> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, if it is more than two right clocks may differ.
    pub(crate) fn wrong_clock(&self) -> Option<SignedDuration> {
        self.skew().filter(|by| by.abs() > TOLERANCE)
    }

    /// Reads a document, with a bearer token where one is needed.
    pub(crate) async fn get(&self, address: &Url, bearer: Option<&str>) -> Result<Answer, HttpError> {
        let request = self.client.get(address.clone()).header(ACCEPT, "application/json");
        self.send(match bearer {
            Some(token) => request.bearer_auth(token),
            None => request,
        })
        .await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, address: &Url, form: &Form, basic: Option<&Basic>) -> Result<Answer, HttpError> {
        let request = self.client.post(address.clone()).header(ACCEPT, "application/json");
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.encoded());
        self.send(match basic {
            Some(basic) => request.basic_auth(&basic.user, Some(basic.password.expose_secret())),
            None => request,
        })
        .await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer, HttpError> {
        let request = request.build().map_err(unreached)?;
        match tokio::time::timeout(self.limit, self.exchange(request)).await {
            Ok(answer) => answer,
            Err(_) => Err(HttpError::Unreached(Unreached::new(Arc::new(TooSlow(self.limit)), true))),
        }
    }

    async fn exchange(&self, request: reqwest::Request) -> Result<Answer, HttpError> {
        let asked = request.url().clone();
        let mut response = self.client.execute(request).await.map_err(unreached)?;
        self.note_date(&response);
        let status = response.status();
        // The second half is for a client that was built without `client_builder` and follows redirects.
        if status.is_redirection() || *response.url() != asked {
            return Err(HttpError::Answer(AnswerFault::Redirected));
        }
        if status.is_server_error() {
            return Err(HttpError::Fault(status.as_u16()));
        }
        if response.content_length().is_some_and(|length| length > LARGEST_BODY as u64) {
            return Err(HttpError::Answer(AnswerFault::TooLarge));
        }
        let content_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = content_type.is_none_or(|kind| kind.to_ascii_lowercase().contains("json"));
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(unreached)? {
            if body.len() + chunk.len() > LARGEST_BODY {
                return Err(HttpError::Answer(AnswerFault::TooLarge));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status: status.as_u16(), is_json, body })
    }

    fn note_date(&self, response: &reqwest::Response) {
        let date = response.headers().get(DATE).and_then(|value| value.to_str().ok());
        if let Some(theirs) = date.and_then(http_date) {
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(theirs.duration_since(self.clock.now()));
        }
    }
}

/// An HTTP date (RFC 9110 section 5.6.7), in the one form that senders may use.
fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// The address is left out: where it says anything that the endpoint's name does not, it is a query.
fn unreached(error: reqwest::Error) -> HttpError {
    // Without a connection, or a request to send on it, nothing has left this machine.
    let sent = !(error.is_connect() || error.is_builder());
    HttpError::Unreached(Unreached::new(Arc::new(error.without_url()), sent))
}

/// The fields of a form or a query, in order.
#[derive(Default)]
pub(crate) struct Form(Vec<(&'static str, SecretString)>);

impl Form {
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, SecretString::from(value.into())));
        self
    }

    pub(crate) fn with_some(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// What of it proves something, and must not be quoted.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        const SECRET: [&str; 8] =
            ["code", "code_verifier", "refresh_token", "client_secret", "client_assertion", "token", "state", "nonce"];
        self.0.iter().filter(|(name, _)| SECRET.contains(name)).map(|(_, value)| value.expose_secret())
    }

    /// As `application/x-www-form-urlencoded`.
    pub(crate) fn encoded(&self) -> String {
        let fields = self.0.iter().map(|(name, value)| (name, value.expose_secret()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
    }

    /// As the query of `address`, after what is there.
    pub(crate) fn onto(&self, address: &Url) -> Url {
        let mut address = address.clone();
        address.query_pairs_mut().extend_pairs(self.0.iter().map(|(name, value)| (name, value.expose_secret())));
        address
    }
}

#[cfg(test)]
mod tests {
    use super::http_date;

    #[test]
    fn an_http_date_is_read() {
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT").map(|t| t.as_second()), Some(784_111_777));
        assert_eq!(http_date("yesterday"), None);
    }
}
