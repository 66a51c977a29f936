//! The gate in front of every authority: accepts connections, plays faults, writes the log, sets the date.
//!
//! hyper is driven directly because a fault must be able to close the connection without an answer, after the
//! server has acted; axum's own server always answers.

use crate::authorities::Authorities;
use crate::authority::Authority;
use crate::clock::seven_decimals;
use crate::faults::{CallInfo, Fault, Instructions};
use crate::log::{Entry, Trace};
use crate::reply::{self, Reply};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST, RETRY_AFTER};
use axum::http::{HeaderValue, Request, StatusCode};
use futures_util::stream::{self, StreamExt as _};
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use loopback::Owner;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The page of a proxy that stands in the way.
const HTML: &str = "<html><head><title>Logg inn</title></head><body><h1>Logg inn på nettverket</h1></body></html>";
/// The largest request that is read; the app takes attachments of 25 MB.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the practice drops this connection")]
pub(crate) struct Dropped;

/// One authority's door.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) authority: Authority,
    /// Where it listens.
    pub(crate) port: u16,
    pub(crate) authorities: Arc<Authorities>,
    pub(crate) router: Router,
}

impl Gate {
    /// Accepts connections until stopped.
    pub(crate) async fn serve(self, listener: TcpListener, stop: CancellationToken, tasks: TaskTracker) {
        let service = TowerToHyperService::new(self.router.clone());
        let gate = Arc::new(self);
        loop {
            let (stream, there) = tokio::select! {
                () = stop.cancelled() => return,
                accepted = listener.accept() => match accepted {
                    Ok(accepted) => accepted,
                    Err(error) => {
                        tracing::warn!(%error, "A practice connection could not be accepted.");
                        tokio::time::sleep(Duration::from_millis(20)).await;
                        continue;
                    }
                },
            };
            // Answers are small and come one at a time; waiting to fill a packet only costs.
            let _ = stream.set_nodelay(true);
            let (gate, service, stop) = (Arc::clone(&gate), service.clone(), stop.clone());
            tasks.spawn(async move {
                if !is_own(&stream, there).await {
                    tracing::warn!(
                        "Another user of this machine came to the practice authorities, and is not answered."
                    );
                    return;
                }
                let answer = service_fn(move |request: Request<hyper::body::Incoming>| {
                    let (gate, service) = (Arc::clone(&gate), service.clone());
                    async move { gate.answer(request.map(Body::new), service).await }
                });
                let connection =
                    http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), answer);
                let mut connection = std::pin::pin!(connection);
                let ended = tokio::select! {
                    ended = connection.as_mut() => ended,
                    () = stop.cancelled() => {
                        connection.as_mut().graceful_shutdown();
                        connection.await
                    }
                };
                if let Err(error) = ended {
                    tracing::debug!(%error, "A practice connection ended early.");
                }
            });
        }
    }

    async fn answer(&self, mut request: Request<Body>, service: TowerToHyperService<Router>) -> Result<Reply, Dropped> {
        // A page whose name was made to resolve to this machine sends its own name.
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        if !loopback::is_host(host, self.port) {
            return Ok(reply::text(
                StatusCode::MISDIRECTED_REQUEST,
                "The practice authorities answer under their own address.",
            ));
        }
        let began = Instant::now();
        if matches!(self.authority, Authority::AltinnApp | Authority::AltinnPlatform) {
            crate::altinn::normalise(&mut request);
        }
        let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
        let method_changes = method != "GET";
        let call = self.call(&method, &path, request.uri().query().unwrap_or_default());
        let mut faults = match self.authority {
            Authority::Control => Vec::new(),
            authority => {
                let latency = self.authorities.settings().latency_ms;
                if latency > 0 {
                    tokio::time::sleep(Duration::from_millis(latency)).await;
                }
                let delivered =
                    authority == Authority::AltinnApp && crate::altinn::is_delivered(&self.authorities, &path);
                self.authorities.plan.strike(&CallInfo { authority, method: &method, path: &path, call, delivered })
            }
        };
        let played: Vec<String> = faults.iter().map(|fault| format!("{fault:?}")).collect();
        for fault in &faults {
            if let Fault::Delay { milliseconds } = fault {
                tokio::time::sleep(Duration::from_millis(*milliseconds)).await;
            }
        }
        faults.retain(|fault| !matches!(fault, Fault::Delay { .. }));
        let instructions = faults.iter().filter_map(Fault::instruction).collect();
        request.extensions_mut().insert(Instructions(instructions));
        let fault = faults.into_iter().find(|fault| fault.instruction().is_none());

        // Read to its end before anything is answered: a refusal that leaves half a request behind would break the
        // connection for whatever the client sends next.
        if fault != Some(Fault::DropBefore) {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = to_bytes(body, MOST_BYTES).await else {
                let reply = reply::with(reply::empty(StatusCode::PAYLOAD_TOO_LARGE), CONNECTION, "close");
                return Ok(reply);
            };
            request = Request::from_parts(parts, Body::from(bytes));
        }
        let standing = match self.authority {
            Authority::AltinnApp => crate::altinn::standing_in_the_way(&self.authorities, &path),
            _ => None,
        };

        let acts = match &fault {
            None
            | Some(
                Fault::DropAfter
                | Fault::Truncate
                | Fault::Drip { .. }
                | Fault::WrongType
                | Fault::Garbled
                | Fault::Status { acted: true, .. }
                | Fault::Html { acted: true }
                | Fault::Empty { acted: true },
            ) => true,
            Some(
                Fault::DropBefore
                | Fault::TooManyRequests { .. }
                | Fault::ExpiredToken
                | Fault::Status { acted: false, .. }
                | Fault::Html { acted: false }
                | Fault::Empty { acted: false }
                // Those were taken out above.
                | Fault::Delay { .. }
                | Fault::FeedbackDelay { .. }
                | Fault::LateRejection
                | Fault::Verdict { .. },
            ) => false,
        };
        let acted = if acts && let Some(refusal) = standing {
            Some(refusal)
        } else if acts {
            // The router never fails; the type says so.
            match service.call(request).await {
                Ok(reply) => Some(reply),
                Err(impossible) => match impossible {},
            }
        } else {
            None
        };
        // An authority that has said yes has written it down.
        if acted.is_some() && method_changes {
            self.authorities.save();
        }
        let trace = acted.as_ref().and_then(|reply| reply.extensions().get::<Trace>().cloned()).unwrap_or_default();
        let meant = acted.as_ref().map(|reply| reply.status().as_u16());
        let outcome = match (fault, acted) {
            (None, Some(reply)) => Ok(reply),
            (Some(Fault::Truncate), Some(reply)) => Ok(truncated(reply).await),
            (Some(Fault::Drip { milliseconds }), Some(reply)) => Ok(dripping(reply, milliseconds).await),
            (Some(Fault::Status { status, text: Some(text), .. }), _) => {
                Ok(reply::text(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), text))
            }
            (Some(Fault::Status { status, .. }), _) => Ok(self.failure(status)),
            (Some(Fault::TooManyRequests { retry_after_seconds }), _) => Ok(reply::with(
                reply::text(StatusCode::TOO_MANY_REQUESTS, "Too many requests."),
                RETRY_AFTER,
                &retry_after_seconds.to_string(),
            )),
            (Some(Fault::ExpiredToken), _) => Ok(reply::empty(StatusCode::UNAUTHORIZED)),
            (Some(Fault::Html { .. }), _) => Ok(reply::body(StatusCode::OK, "text/html", HTML)),
            (Some(Fault::Empty { .. }), _) => Ok(reply::empty(StatusCode::OK)),
            (Some(Fault::WrongType), Some(reply)) => Ok(reply::with(reply, CONTENT_TYPE, "application/octet-stream")),
            (Some(Fault::Garbled), Some(reply)) => Ok(garbled(reply)),
            (
                Some(
                    Fault::DropBefore
                    | Fault::DropAfter
                    | Fault::Truncate
                    | Fault::Drip { .. }
                    | Fault::WrongType
                    | Fault::Garbled,
                ),
                _,
            )
            | (None, None) => Err(Dropped),
            // Those delay the answer, or tell the second process/next what to do; they were taken out above.
            (
                Some(Fault::Delay { .. } | Fault::FeedbackDelay { .. } | Fault::LateRejection | Fault::Verdict { .. }),
                _,
            ) => Err(Dropped),
        };
        if self.authority != Authority::Control {
            self.authorities.log.record(Entry {
                n: 0,
                at: seven_decimals(self.authorities.clock.now()),
                authority: self.authority,
                call,
                method,
                path,
                status: outcome.as_ref().map_or(meant, |reply| Some(reply.status().as_u16())),
                answered: outcome.is_ok(),
                actor: trace.actor,
                effect: trace.effect,
                fault: (!played.is_empty()).then(|| played.join(", ")),
                milliseconds: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            });
        }
        // A client that doubts its clock compares it with this header, so it goes by the practice clock.
        outcome.map(|mut reply| {
            let date = self.authorities.clock.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
            if let Ok(date) = HeaderValue::from_str(&date) {
                reply.headers_mut().insert(DATE, date);
            }
            reply
        })
    }

    /// A failure of the server or of what stands before it, in the words of each.
    fn failure(&self, status: u16) -> Reply {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match (self.authority, status) {
            (_, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT) => {
                let html = format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
                reply::body(status, "text/html", html)
            }
            (Authority::Skatteetaten, status) => crate::skatteetaten::failure(status),
            (Authority::AltinnApp, StatusCode::INTERNAL_SERVER_ERROR) => reply::problem(
                status,
                &serde_json::json!({ "title": "Internal server error", "detail": "Process next failed.", "status": 500 }),
            ),
            (Authority::IdPorten | Authority::Ansattporten, status) => {
                reply::json(status, &serde_json::json!({ "error": "server_error", "status": status.as_u16() }))
            }
            (_, status) => reply::empty(status),
        }
    }

    /// The name of a call, for the log and for fault rules.
    fn call(&self, method: &str, path: &str, query: &str) -> &'static str {
        match self.authority {
            Authority::IdPorten | Authority::Ansattporten => crate::id_porten::call(path),
            Authority::AltinnPlatform => crate::altinn::platform_call(path),
            Authority::AltinnApp => crate::altinn::app_call(&self.authorities, method, path, query),
            Authority::Skatteetaten => "validate",
            Authority::Control => "control",
        }
    }
}

/// Whether the other end is this user's own: whoever else works on the machine has no business with these tokens.
async fn is_own(stream: &TcpStream, there: SocketAddr) -> bool {
    let Ok(here) = stream.local_addr() else { return false };
    let owner = tokio::task::spawn_blocking(move || loopback::owner(here, there)).await;
    !matches!(owner, Ok(Owner::Another) | Err(_))
}

/// What no authority writes, under the headers it wrote.
fn garbled(reply: Reply) -> Reply {
    let (mut parts, _) = reply.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    Reply::from_parts(parts, Body::from("\u{FFFD}<<?"))
}

/// The whole answer, byte by byte.
async fn dripping(reply: Reply, milliseconds: u64) -> Reply {
    let (mut parts, body) = reply.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let between = Duration::from_millis(milliseconds);
    let bytes = stream::iter(0..whole.len()).then(move |at| {
        let byte = whole.slice(at..=at);
        async move {
            tokio::time::sleep(between).await;
            Ok::<Bytes, io::Error>(byte)
        }
    });
    Reply::from_parts(parts, Body::from_stream(bytes))
}

/// Half of the answer under a header that promises all of it, then the end of the connection.
async fn truncated(reply: Reply) -> Reply {
    let (mut parts, body) = reply.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len().max(2)));
    let half = whole.slice(..whole.len() / 2);
    let pieces = stream::once(async move { Ok(half) }).chain(stream::once(async {
        // The half must be on its way before the connection ends, or nothing of it is sent.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err::<Bytes, io::Error>(io::ErrorKind::ConnectionReset.into())
    }));
    Reply::from_parts(parts, Body::from_stream(pieces))
}
