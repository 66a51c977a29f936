//! The listener for the callback (RFC 8252 section 7.3): on 127.0.0.1 only, open for one attempt, closed after one
//! answer, deaf to everything that is not that answer.
//!
//! It speaks just enough HTTP to be strict. Any program and any web page on this machine can reach it while it is open,
//! so a request must have the exact path, method and host, a small head, and not dawdle. Whatever else comes (a browser's
//! question for an icon, a speculative connection, a port scan) is answered or dropped without ending the attempt.
//!
//! An answer with another state than this attempt's is answered so and dropped: it is an old tab's, or forged, and
//! nothing that a page can send may end a sign-in. Another user of this machine is not even answered, where the system
//! tells who is at the other end ([`loopback::owner`]): a link that he read in the list of processes would sign *him* in.

use super::page::{Ending, Page};
use super::response::AuthorizationResponse;
use crate::error::SignInError;
use crate::integration::LoopbackHost;
use loopback::Owner;
use secrecy::SecretString;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The longest request head; a code and a state take a few hundred bytes.
const LARGEST_HEAD: usize = 8 * 1024;
/// How long a client may take to send its head.
const HEAD_LIMIT: Duration = Duration::from_secs(5);
/// How long an answer may take to be written.
const WRITE_LIMIT: Duration = Duration::from_secs(2);
/// How many may be connected at once; a browser opens a handful.
const MOST_CONNECTIONS: usize = 32;

/// The open port.
pub(crate) struct Listener {
    socket: TcpListener,
    shape: Arc<Shape>,
    strangers: Arc<Strangers>,
}

/// Those who came and were not the browser that is waited for. The first of each kind is written down; what comes by the
/// thousand must not fill a log.
#[derive(Default)]
struct Strangers {
    another_user: AtomicBool,
    another_state: AtomicBool,
}

impl Strangers {
    fn note(seen: &AtomicBool, what: &str) {
        if !seen.swap(true, Ordering::Relaxed) {
            tracing::warn!("{what} It was not taken, and the sign-in goes on; more of the kind are not written down.");
        }
    }
}

/// What a callback must look like.
struct Shape {
    /// The one value of `Host` that is answered: a page of another name that was made to resolve to 127.0.0.1 is not.
    host: String,
    path: String,
}

/// A browser that waits for its page.
pub(crate) struct Browser {
    stream: TcpStream,
}

impl Listener {
    /// Opens the port; 0 lets the operating system pick one.
    pub(crate) async fn bind(name: LoopbackHost, port: u16, path: &str) -> Result<Self, SignInError> {
        let failed = |source| SignInError::Listener { address: format!("127.0.0.1:{port}"), source: Arc::new(source) };
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let port = socket.local_addr().map_err(failed)?.port();
        let shape = Arc::new(Shape { host: format!("{name}:{port}"), path: path.to_owned() });
        Ok(Self { socket, shape, strangers: Arc::default() })
    }

    /// The address that the browser is sent home to.
    pub(crate) fn redirect_uri(&self) -> String {
        format!("http://{}{}", self.shape.host, self.shape.path)
    }

    /// Waits for the authorization response of the attempt with this state. Everything else is answered on the side;
    /// those conversations end with this one.
    pub(crate) async fn answer(&mut self, page: &Page, state: &SecretString) -> (AuthorizationResponse, Browser) {
        let mut conversations = JoinSet::new();
        loop {
            tokio::select! {
                Some(ended) = conversations.join_next() => {
                    if let Ok(Some(found)) = ended {
                        return found;
                    }
                }
                accepted = self.socket.accept(), if conversations.len() < MOST_CONNECTIONS => match accepted {
                    Ok((stream, there)) => {
                        let (shape, strangers) = (self.shape.clone(), self.strangers.clone());
                        conversations.spawn(converse(stream, there, shape, strangers, *page, state.clone()));
                    }
                    // Out of file descriptors, most likely; trying again at once would only burn the processor.
                    Err(error) => {
                        tracing::warn!(%error, "The callback's listener could not accept.");
                        tokio::time::sleep(Duration::from_millis(200)).await;
                    }
                },
            }
        }
    }
}

/// Why a request is no callback.
struct Refusal {
    status: &'static str,
    more: &'static str,
}

async fn converse(
    mut stream: TcpStream,
    there: SocketAddr,
    shape: Arc<Shape>,
    strangers: Arc<Strangers>,
    page: Page,
    state: SecretString,
) -> Option<(AuthorizationResponse, Browser)> {
    let here = stream.local_addr().ok()?;
    let owner = tokio::task::spawn_blocking(move || loopback::owner(here, there)).await.ok()?;
    if owner == Owner::Another {
        Strangers::note(&strangers.another_user, "Another user of this machine came to the sign-in's address.");
        return None;
    }
    // Too slow, or gone: there is nobody to answer.
    let head = tokio::time::timeout(HEAD_LIMIT, read_head(&mut stream)).await.ok()?.ok()?;
    match head.and_then(|head| shape.response(&head)) {
        Ok(response) if response.is_for(&state) => Some((response, Browser { stream })),
        Ok(_) => {
            Strangers::note(&strangers.another_state, "An answer came that belongs to another sign-in.");
            Browser { stream }.answer(&page, Ending::NotOurs).await;
            None
        }
        Err(refusal) => {
            write(&mut stream, refusal.status, refusal.more, &page.html(Ending::Nothing)).await;
            drain(stream).await;
            None
        }
    }
}

/// Reads up to the empty line that ends the head.
async fn read_head(stream: &mut TcpStream) -> std::io::Result<Result<Vec<u8>, Refusal>> {
    let mut head = Vec::with_capacity(1024);
    let mut chunk = [0_u8; 1024];
    loop {
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(chunk.get(..read).unwrap_or_default());
        if head.windows(4).any(|end| end == b"\r\n\r\n") {
            return Ok(Ok(head));
        }
        if head.len() > LARGEST_HEAD {
            return Ok(Err(Refusal { status: "431 Request Header Fields Too Large", more: "" }));
        }
    }
}

impl Shape {
    fn response(&self, head: &[u8]) -> Result<AuthorizationResponse, Refusal> {
        let bad = || Refusal { status: "400 Bad Request", more: "" };
        if head.len() > LARGEST_HEAD {
            return Err(Refusal { status: "431 Request Header Fields Too Large", more: "" });
        }
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(head) {
            Ok(httparse::Status::Complete(_)) => {}
            _ => return Err(bad()),
        }
        let all =
            |name: &'static str| request.headers.iter().filter(move |header| header.name.eq_ignore_ascii_case(name));
        let mut hosts = all("host");
        match (hosts.next(), hosts.next()) {
            (Some(host), None) if host.value.eq_ignore_ascii_case(self.host.as_bytes()) => {}
            _ => return Err(Refusal { status: "421 Misdirected Request", more: "" }),
        }
        let target = request.path.unwrap_or_default();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        if path != self.path {
            return Err(Refusal { status: "404 Not Found", more: "" });
        }
        if request.method != Some("GET") {
            return Err(Refusal { status: "405 Method Not Allowed", more: "Allow: GET\r\n" });
        }
        let has_body =
            all("transfer-encoding").next().is_some() || all("content-length").any(|header| header.value != b"0");
        if has_body {
            return Err(bad());
        }
        AuthorizationResponse::from_query(query).ok_or_else(bad)
    }
}

impl Browser {
    /// Answers with the page and lets the browser go.
    pub(crate) async fn answer(mut self, page: &Page, ending: Ending) {
        let status = match ending {
            Ending::NotOurs | Ending::Nothing => "400 Bad Request",
            _ => "200 OK",
        };
        write(&mut self.stream, status, "", &page.html(ending)).await;
    }
}

/// Writes a whole answer. A browser that has gone, or does not read, is not waited for.
async fn write(stream: &mut TcpStream, status: &str, more: &str, html: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: {}\r\nReferrer-Policy: no-referrer\r\nCache-Control: no-store\r\n\
         X-Content-Type-Options: nosniff\r\n{more}Connection: close\r\n\r\n",
        html.len(),
        Page::policy(),
    );
    let whole = [head.as_bytes(), html.as_bytes()].concat();
    let writing = async {
        stream.write_all(&whole).await?;
        stream.shutdown().await
    };
    if !matches!(tokio::time::timeout(WRITE_LIMIT, writing).await, Ok(Ok(()))) {
        tracing::debug!("The browser did not take its page.");
    }
}

/// Reads what a refused client still sends: closing on unread bytes would reset the connection, and the answer with it.
async fn drain(mut stream: TcpStream) {
    let reading = async {
        let mut left = 64 * 1024_usize;
        let mut chunk = [0_u8; 1024];
        while let Ok(read @ 1..) = stream.read(&mut chunk).await {
            left = left.saturating_sub(read);
            if left == 0 {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(Duration::from_secs(1), reading).await;
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use proptest::prelude::*;

    fn shape() -> Shape {
        Shape { host: "127.0.0.1:4711".to_owned(), path: "/callback".to_owned() }
    }

    proptest! {
        #[test]
        fn no_bytes_are_a_callback_by_accident(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
            prop_assert!(shape().response(&bytes).is_err());
        }

        #[test]
        fn every_query_is_read_or_refused(query in "[ -~]{0,300}", path in "/[a-z/]{0,12}", host in "[a-z0-9.:]{0,20}") {
            let head = |path: &str, host: &str| format!("GET {path}?{} HTTP/1.1\r\nHost: {host}\r\n\r\n", query.replace(' ', "+"));
            let _ = shape().response(head("/callback", "127.0.0.1:4711").as_bytes());
            prop_assume!(path != "/callback" && host != "127.0.0.1:4711");
            prop_assert!(shape().response(head(&path, "127.0.0.1:4711").as_bytes()).is_err());
            prop_assert!(shape().response(head("/callback", &host).as_bytes()).is_err());
        }
    }
}
