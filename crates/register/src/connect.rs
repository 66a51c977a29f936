//! One connection: each host in turn until one lets the desk in and takes writes.
//!
//! Why not the client library's own way through the hosts: its patience (`connect_timeout`) ends with the TCP connection, so
//! that a server that accepts and says nothing, as one that is stopped or out of memory does, holds a desk for ever; and of
//! several hosts it tells the last one's fault only.

use std::{
    collections::HashMap,
    io,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{StreamExt as _, stream};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    sync::mpsc,
};
use tokio_postgres::{
    AsyncMessage, Client, Config, Connection, NoTls, Row, Statement,
    config::{Host, SslMode},
    tls::TlsStream,
    types::ToSql,
};
use uuid::Uuid;

use crate::{
    address::{Address, Place},
    error::RegisterError,
    guard::{Guarded, Refusal},
    tls::Tls,
};

/// How long the server works on one statement at most.
const STATEMENT: Duration = Duration::from_secs(15);
/// How many rows an answer has at most: what is asked for page by page has a thousand, and nothing else has many.
const MOST_ROWS: usize = 100_000;
/// How many bytes they have together: a document of the archive is one row.
const MOST_BYTES: usize = 300 << 20;
/// The oldest server: 15.0, as `server_version_num` has it.
const OLDEST_SERVER: i32 = 150_000;

/// Makes connections.
#[derive(Debug)]
pub(crate) struct Connector {
    address: Address,
    password: SecretString,
    desk: Uuid,
    tls: Option<Tls>,
    /// The host that was let in by last.
    found: Mutex<String>,
}

/// Why a statement has no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    /// The client library's word, or the server's.
    Said(tokio_postgres::Error),
    /// There is more than an answer can be; the rest is still to come.
    TooMuch,
}

impl From<tokio_postgres::Error> for Unanswered {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Said(error)
    }
}

/// A connection.
#[derive(Debug)]
pub(crate) struct Connected {
    pub(crate) client: Client,
    /// Nothing more may be asked over it: an answer is missing, or the server has become another's standby.
    pub(crate) spoilt: bool,
    /// Statements that the server has prepared: asked again they are one round trip.
    prepared: HashMap<&'static str, Statement>,
    /// The server has answered without its standby's word (somebody has cancelled the waiting for it).
    unreplicated: Arc<AtomicBool>,
}

impl Connected {
    /// One statement.
    pub(crate) async fn query(
        &mut self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Unanswered> {
        let statement = match self.prepared.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).await?;
                self.prepared.insert(sql, statement.clone());
                statement
            }
        };
        let mut rows = pin!(self.client.query_raw(&statement, parameters.iter().copied()).await?);
        let (mut answer, mut bytes) = (Vec::new(), 0_usize);
        while let Some(row) = rows.next().await {
            let row = row?;
            bytes = bytes.saturating_add(row.raw_size_bytes());
            if answer.len() >= MOST_ROWS || bytes > MOST_BYTES {
                return Err(Unanswered::TooMuch);
            }
            answer.push(row);
        }
        Ok(answer)
    }

    /// Whether something has been answered, since this was last asked, that a failover may lose.
    pub(crate) fn is_unreplicated(&self) -> bool {
        self.unreplicated.swap(false, Ordering::SeqCst)
    }
}

/// What a session says of itself in the beginning.
struct Session {
    version: i32,
    version_name: String,
    reads_only: bool,
    desk: Option<String>,
}

impl Connector {
    /// # Errors
    /// [`RegisterError::Roots`].
    pub(crate) fn new(address: Address, password: SecretString, desk: Uuid) -> Result<Self, RegisterError> {
        let tls = address.places().iter().any(|place| place.tls);
        let tls = if tls { Some(Tls::new(address.roots.as_deref())?) } else { None };
        Ok(Self { address, password, desk, tls, found: Mutex::default() })
    }

    /// A connection to the first host that takes writes. What is notified on it goes into `notified`.
    ///
    /// # Errors
    /// What a host says that no other can mend (a wrong password, a role that is not admitted, a certificate, a pooler), at
    /// once; else [`RegisterError::ReadOnly`] where at least one answered, [`RegisterError::Unreachable`] where none did.
    pub(crate) async fn connect(&self, notified: Option<mpsc::Sender<String>>) -> Result<Connected, RegisterError> {
        let (mut tried, mut reads_only) = (Vec::new(), false);
        for place in self.address.places() {
            let one = self.one(place, notified.clone());
            let reason = match tokio::time::timeout(self.address.patience, one).await {
                Ok(Ok(connected)) => {
                    *self.found.lock().unwrap_or_else(PoisonError::into_inner) = place.name();
                    return Ok(connected);
                }
                Ok(Err(RegisterError::ReadOnly { .. })) => {
                    reads_only = true;
                    "takes no writes".to_owned()
                }
                Ok(Err(RegisterError::NoAnswer(reason))) => reason,
                Ok(Err(error)) => return Err(error),
                Err(_) => format!("no answer within {} s", self.address.patience.as_secs()),
            };
            tried.push(format!("{}: {reason}", place.name()));
        }
        Err(if reads_only { RegisterError::ReadOnly { tried } } else { RegisterError::Unreachable { tried } })
    }

    /// The host that let this desk in last.
    pub(crate) fn found(&self) -> String {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn one(&self, place: &Place, notified: Option<mpsc::Sender<String>>) -> Result<Connected, RegisterError> {
        let mut config = Config::new();
        match &place.host {
            Host::Tcp(host) => config.host(host),
            #[cfg(unix)]
            Host::Unix(path) => config.host_path(path),
        };
        config
            .port(place.port)
            .user(&self.address.user)
            .dbname(&self.address.database)
            .password(self.password.expose_secret())
            .application_name("momsbud")
            // A pooler refuses this, or swallows it: both are noticed below.
            .options(format!(
                "-c momsbud.desk={} -c statement_timeout={} -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
                self.desk,
                STATEMENT.as_millis()
            ))
            .keepalives_idle(Duration::from_secs(30))
            .keepalives_interval(Duration::from_secs(10))
            .keepalives_retries(3)
            .tcp_user_timeout(Duration::from_secs(30));
        let unreplicated = Arc::new(AtomicBool::new(false));
        let failed = |error: tokio_postgres::Error| refused(&place.name(), &error);
        let client = match &self.tls {
            Some(tls) if place.tls => {
                config.ssl_mode(SslMode::Require);
                let (client, connection) = config.connect(tls.clone()).await.map_err(failed)?;
                drive(connection, notified, Arc::clone(&unreplicated));
                client
            }
            _ => {
                config.ssl_mode(SslMode::Disable);
                let stream = Local::connect(place).await.map_err(|error| not_let_in(&place.name(), &error))?;
                let ends = stream.ends();
                let (client, connection) =
                    config.connect_raw(Guarded::new(stream, ends), NoTls).await.map_err(failed)?;
                drive(connection, notified, Arc::clone(&unreplicated));
                client
            }
        };
        let session = session(&client).await.map_err(|error| RegisterError::of(&error))?;
        if session.desk.as_deref() != Some(self.desk.to_string().as_str()) {
            return Err(RegisterError::Pooler { host: place.name() });
        }
        if session.version < OLDEST_SERVER {
            return Err(RegisterError::TooOld { found: session.version_name });
        }
        if session.reads_only {
            return Err(RegisterError::ReadOnly { tried: Vec::new() });
        }
        Ok(Connected { client, spoilt: false, prepared: HashMap::new(), unreplicated })
    }
}

/// A connection within this machine. Made here, because the library does not let its own be looked at.
enum Local {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(tokio::net::UnixStream),
}

impl Local {
    async fn connect(place: &Place) -> io::Result<Self> {
        match &place.host {
            Host::Tcp(host) => {
                let stream = TcpStream::connect((host.as_str(), place.port)).await?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream))
            }
            #[cfg(unix)]
            Host::Unix(folder) => {
                let stream = tokio::net::UnixStream::connect(folder.join(format!(".s.PGSQL.{}", place.port))).await?;
                // Whoever may write into the folder could have laid it there.
                if loopback::of_service(stream.peer_cred()?.uid()) == loopback::Owner::Another {
                    return Err(Refusal::Stranger.into());
                }
                Ok(Self::Unix(stream))
            }
        }
    }

    /// Both ends, ours first, where the system's table tells whose they are.
    fn ends(&self) -> Option<(std::net::SocketAddr, std::net::SocketAddr)> {
        match self {
            Self::Tcp(stream) => stream.local_addr().ok().zip(stream.peer_addr().ok()),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }
}

impl AsyncRead for Local {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Local {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            #[cfg(unix)]
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

impl deadpool::managed::Manager for Connector {
    type Type = Connected;
    type Error = RegisterError;

    async fn create(&self) -> Result<Connected, RegisterError> {
        self.connect(None).await
    }

    async fn recycle(
        &self,
        connected: &mut Connected,
        _: &deadpool::managed::Metrics,
    ) -> deadpool::managed::RecycleResult<RegisterError> {
        if connected.spoilt || connected.client.is_closed() {
            return Err(deadpool::managed::RecycleError::message("the connection is used no more"));
        }
        Ok(())
    }
}

async fn session(client: &Client) -> Result<Session, tokio_postgres::Error> {
    let row = client
        .query_one(
            "SELECT current_setting('server_version_num')::integer, current_setting('server_version'), \
             pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean, \
             current_setting('momsbud.desk', true)",
            &[],
        )
        .await?;
    Ok(Session {
        version: row.try_get(0)?,
        version_name: row.try_get(1)?,
        reads_only: row.try_get(2)?,
        desk: row.try_get(3)?,
    })
}

/// What it means that nothing answered, or somebody who is told nothing.
fn not_let_in(host: &str, error: &io::Error) -> RegisterError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()) {
        Some(Refusal::GivesAway) => RegisterError::GivesAway { host: host.to_owned() },
        Some(Refusal::Stranger) => RegisterError::Stranger { host: host.to_owned() },
        None => RegisterError::NoAnswer(error.to_string()),
    }
}

/// What a connection that was not made means.
fn refused(host: &str, error: &tokio_postgres::Error) -> RegisterError {
    if let Some(db) = error.as_db_error() {
        // PgBouncer: "unsupported startup parameter: options", "unsupported startup parameter in options: momsbud.desk".
        if db.message().contains("unsupported startup parameter") {
            return RegisterError::Pooler { host: host.to_owned() };
        }
        return RegisterError::of(error);
    }
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        // Within an io::Error the cause is hidden from `source`.
        let io = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(error) = inner.downcast_ref::<io::Error>().filter(|_| io.is_some_and(|io| io.is::<Refusal>())) {
            return not_let_in(host, error);
        }
        let tls = io.and_then(|io| io.downcast_ref::<rustls::Error>()).or_else(|| inner.downcast_ref());
        if let Some(rustls::Error::InvalidCertificate(reason)) = tls {
            return RegisterError::Certificate { host: host.to_owned(), reason: reason.to_string() };
        }
        if inner.to_string().contains("server does not support TLS") {
            return RegisterError::Certificate { host: host.to_owned(), reason: "it has no TLS".to_owned() };
        }
        cause = inner.source();
    }
    RegisterError::of(error)
}

/// Keeps a connection going until it ends.
fn drive<S, T>(mut connection: Connection<S, T>, notified: Option<mpsc::Sender<String>>, unreplicated: Arc<AtomicBool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: TlsStream + AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        let mut messages = stream::poll_fn(move |cx| connection.poll_message(cx));
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(notification)) => {
                    if let Some(notified) = &notified {
                        // Who is behind reads everything anyway.
                        let _full = notified.try_send(notification.payload().to_owned());
                    }
                }
                // "canceling wait for synchronous replication": it is committed here, and perhaps nowhere else.
                Ok(AsyncMessage::Notice(notice)) if notice.routine() == Some("SyncRepWaitForLSN") => {
                    unreplicated.store(true, Ordering::SeqCst);
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::info!(%error, "A connection to the register has ended.");
                    break;
                }
            }
        }
    });
}
