//! The HTTP client the authorities are called with, and how its failures are told apart.

use std::{error::Error as StdError, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use hyper_util::client::proxy::matcher::Matcher;
use jiff::Timestamp;
use reqwest::{StatusCode, header};
use url::Url;

use crate::{
    ApiError, BearerToken, NoAnswerKind, RetryAfter,
    answer::{PAGE, Refusal},
    clean::clean,
    error::http_date,
};

/// Builds the client: rustls with the operating system's certificate verifier, the system's proxy, connections kept,
/// no redirects (a redirect would take a token to a host nobody configured). What lies on this machine is never asked for
/// through a proxy, whatever the system says: practice is nobody else's business.
///
/// # Errors
/// The operating system's certificate store cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is the client for Altinn and Skatteetaten")]
pub fn client(user_agent: &str) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .user_agent(user_agent)
        .redirect(reqwest::redirect::Policy::none())
        .proxy(system_proxy())
        .connect_timeout(Duration::from_secs(15))
        .pool_idle_timeout(Duration::from_secs(60))
        .tcp_keepalive(Duration::from_secs(30))
        // Without a word of our own a request is sent once: whoever writes must first ask what became of it.
        .retry(reqwest::retry::never())
        .build()
}

/// The system's proxy, for everything but this machine itself.
fn system_proxy() -> reqwest::Proxy {
    let system = Matcher::from_system();
    reqwest::Proxy::custom(move |url| {
        if url.host_str().is_some_and(loopback::is_loopback) {
            return None;
        }
        let intercept = system.intercept(&url.as_str().parse().ok()?)?;
        let mut proxy = Url::parse(&intercept.uri().to_string()).ok()?;
        // The matcher gives away the name and the password of an http proxy only as the header that they make.
        let basic = intercept.basic_auth().and_then(|header| header.to_str().ok()?.strip_prefix("Basic "));
        let decoded = basic.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
        let pair = decoded.as_deref().and_then(|pair| pair.split_once(':'));
        if let Some((user, password)) = pair.or_else(|| intercept.raw_auth()) {
            proxy.set_username(user).ok()?;
            proxy.set_password(Some(password)).ok()?;
        }
        Some(proxy)
    })
}

/// Largest body of a refusal that is read, in bytes; the rest is dropped, the answer stands.
const REFUSAL_LIMIT: usize = 512 * 1024;

/// A good answer with its body.
pub(crate) struct Answer {
    pub(crate) body: Bytes,
    pub(crate) server_time: Option<Timestamp>,
    pub(crate) host: String,
}

impl Answer {
    pub(crate) fn unreadable(&self, reason: impl std::fmt::Display) -> ApiError {
        ApiError::Unreadable { host: self.host.clone(), reason: clean(&reason.to_string(), None) }
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, ApiError> {
        serde_json::from_slice(&self.body).map_err(|error| self.unreadable(error))
    }
}

/// Sends a request and reads the answer: a good one with a body up to `limit` bytes, or why not.
pub(crate) async fn send(
    request: reqwest::RequestBuilder,
    token: &BearerToken,
    limit: usize,
) -> Result<Answer, ApiError> {
    let Head { response, host, server_time } = send_for_head(request, token).await?;
    match read_body(response, limit).await {
        Ok((body, false)) => Ok(Answer { body, server_time, host }),
        Ok((_, true)) => Err(ApiError::Unreadable { host, reason: format!("it is larger than {limit} bytes") }),
        Err(error) => Err(no_answer(&error, &host, token)),
    }
}

/// Sends a request and hands the body of a good answer on part by part; gives back its length in bytes.
pub(crate) async fn send_for_parts(
    request: reqwest::RequestBuilder,
    token: &BearerToken,
    limit: u64,
    mut part: impl FnMut(&[u8]) + Send,
) -> Result<u64, ApiError> {
    let Head { response, host, .. } = send_for_head(request, token).await?;
    let mut stream = response.bytes_stream();
    let mut length = 0_u64;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| no_answer(&error, &host, token))?;
        length += chunk.len() as u64;
        if length > limit {
            return Err(ApiError::Unreadable { host, reason: format!("it is larger than {limit} bytes") });
        }
        part(&chunk);
    }
    Ok(length)
}

/// A good answer whose body has not been read.
struct Head {
    response: reqwest::Response,
    host: String,
    server_time: Option<Timestamp>,
}

async fn send_for_head(request: reqwest::RequestBuilder, token: &BearerToken) -> Result<Head, ApiError> {
    let (client, request) = request.build_split();
    let request = request.map_err(|error| no_answer(&error, "", token))?;
    let host = request.url().host_str().unwrap_or_default().to_owned();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let response = match client.execute(request).await {
        Ok(response) => response,
        Err(error) => {
            let error = no_answer(&error, &host, token);
            tracing::debug!(%method, %host, path, %error, "No answer.");
            return Err(error);
        }
    };
    let status = response.status();
    tracing::debug!(%method, %host, path, status = status.as_u16(), "Answered.");
    let server_time = response.headers().get(header::DATE).and_then(|value| http_date(value.to_str().ok()?));
    let retry_after = response
        .headers()
        .get(header::RETRY_AFTER)
        .and_then(|value| RetryAfter::read(value.to_str().ok()?, server_time));
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok().map(str::to_owned));
    if status.is_success() {
        // No authority answers in pages; whatever is in between does, and with 200.
        let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if content_type.is_some_and(|content_type| content_type.trim_start().starts_with("text/html")) {
            return Err(ApiError::Unreadable { host, reason: "it is a page of HTML".to_owned() });
        }
        return Ok(Head { response, host, server_time });
    }
    if status.is_redirection() || status.is_informational() {
        let to = location.and_then(|to| Some(url::Url::parse(&to).ok()?.host_str()?.to_owned()));
        let to = to.map_or_else(String::new, |to| format!(" to {to}"));
        return Err(ApiError::Unreadable {
            host,
            reason: clean(&format!("a redirect{to} ({status}), which is not followed"), None),
        });
    }
    // The status alone is an answer: a body that breaks off adds nothing to it but words.
    let body = read_body(response, REFUSAL_LIMIT).await.map(|(body, _)| body).unwrap_or_default();
    Err(refusal(status, Refusal::read(&body, Some(token)), retry_after))
}

fn refusal(status: StatusCode, said: Refusal, retry_after: Option<RetryAfter>) -> ApiError {
    let Refusal { text, validation, issues, needs_level, is_page } = said;
    let text = if is_page && !status.is_server_error() { format!("{PAGE}: {text}") } else { text };
    match status {
        StatusCode::UNAUTHORIZED => ApiError::Unauthorized { text },
        StatusCode::FORBIDDEN => ApiError::Forbidden { text, needs_level },
        StatusCode::NOT_FOUND => ApiError::NotFound { text },
        StatusCode::CONFLICT => ApiError::Conflict { text, validation, issues },
        StatusCode::TOO_MANY_REQUESTS => ApiError::TooManyRequests { retry_after },
        status if status.is_server_error() => ApiError::Fault { status: status.as_u16(), text, retry_after },
        status => ApiError::BadRequest { status: status.as_u16(), text },
    }
}

/// The body up to `limit` bytes, and whether there was more.
async fn read_body(response: reqwest::Response, limit: usize) -> Result<(Bytes, bool), reqwest::Error> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Ok((Bytes::new(), true));
    }
    let mut stream = response.bytes_stream();
    let mut body = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk?;
        if body.len() + chunk.len() > limit {
            body.extend_from_slice(&chunk[..limit - body.len()]);
            return Ok((body.freeze(), true));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((body.freeze(), false))
}

fn no_answer(error: &reqwest::Error, host: &str, token: &BearerToken) -> ApiError {
    let (kind, causes) = why(error);
    let sent = !(error.is_connect() || error.is_builder() || kind == NoAnswerKind::Certificate);
    ApiError::NoAnswer { kind, sent, host: host.to_owned(), causes: clean(&causes, Some(token)) }
}

/// Why there was no answer: its kind, and the error with its causes in its own words, without the address.
#[must_use]
pub fn why(error: &reqwest::Error) -> (NoAnswerKind, String) {
    let mut causes = Vec::new();
    let mut certificate = false;
    let mut next: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = next {
        let said = if causes.is_empty() { without_address(error) } else { cause.to_string() };
        // Wrappers often repeat what they wrap.
        if causes.last() != Some(&said) {
            causes.push(said);
        }
        certificate |= cause.is::<rustls::Error>();
        // An io::Error made from another error names that error's cause as its own, and hides the error itself.
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => cause.source(),
        };
    }
    let kind = if certificate {
        NoAnswerKind::Certificate
    } else if error.is_timeout() {
        NoAnswerKind::Timeout
    } else if error.is_connect() {
        NoAnswerKind::Connect
    } else {
        NoAnswerKind::Lost
    };
    (kind, causes.join(": "))
}

/// The error's own words without its address, which may carry a party or a query.
fn without_address(error: &reqwest::Error) -> String {
    match error.url() {
        Some(url) => error.to_string().replace(&format!(" for url ({url})"), ""),
        None => error.to_string(),
    }
}
