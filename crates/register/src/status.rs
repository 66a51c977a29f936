//! What a register says of itself: which server, which version, who asks, who else is there.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use tokio_postgres::Row;
use uuid::Uuid;

use crate::{error::RegisterError, register::Register, row};

/// What a register says of itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// The host that takes writes, with its port.
    pub host: String,
    /// PostgreSQL's version.
    pub server: String,
    /// Whether the connection is encrypted.
    pub encrypted: bool,
    /// The version of the schema.
    pub version: i32,
    /// The oldest version whose programs may use it.
    pub oldest: i32,
    /// How far behind its standbys are; none where there are none, or the role is not told (`pg_monitor`).
    pub lag: Option<Duration>,
    /// How many standbys follow.
    pub standbys: i64,
    /// Whether a standby is waited for.
    pub synchronous: bool,
    /// How long the server took to answer.
    pub answered_in: Duration,
    /// How much this computer's clock is ahead of the server's.
    pub clock_ahead: SignedDuration,
    /// The role that asks.
    pub role: String,
    /// Who that is, where she is a bookkeeper.
    pub me: Option<Bookkeeper>,
    /// Who is admitted, and who was.
    pub bookkeepers: Vec<Bookkeeper>,
    /// The desks that have come in, the one seen last first.
    pub desks: Vec<SeenDesk>,
}

/// A bookkeeper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bookkeeper {
    /// Her role.
    pub role: String,
    /// Her name.
    pub name: String,
    /// Whether she administers.
    pub administers: bool,
    /// When she was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// A desk that has come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenDesk {
    /// Its number.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub role: String,
    /// Its program's version.
    pub program: String,
    /// When it last came in.
    pub last_seen: Timestamp,
}

impl Register {
    /// What the register says of itself.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn status(&self) -> Result<Status, RegisterError> {
        // The first statement of a connection is prepared; the second says how long an answer takes.
        self.query("SELECT 1", &[]).await?;
        let (asked, began) = (Timestamp::now(), Instant::now());
        let row = self
            .query_one(
                "SELECT f.version, f.oldest, current_setting('server_version'), \
                 current_setting('synchronous_standby_names') <> '', clock_timestamp(), session_user::text, \
                 (SELECT count(*) FROM pg_catalog.pg_stat_replication), \
                 (SELECT extract(epoch FROM max(replay_lag))::double precision FROM pg_catalog.pg_stat_replication), \
                 coalesce((SELECT s.ssl FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) \
                 FROM register.format f",
                &[],
            )
            .await?;
        let answered_in = began.elapsed();
        let bookkeepers = self
            .query("SELECT role, name, administers, revoked_at FROM register.bookkeepers ORDER BY role", &[])
            .await?;
        let desks = self
            .query(
                "SELECT id, name, role, program, last_seen FROM register.desks ORDER BY last_seen DESC, id LIMIT 1000",
                &[],
            )
            .await?;
        let read = |row: &Row| {
            Ok(Bookkeeper {
                role: row::name(row, 0)?,
                name: row::name(row, 1)?,
                administers: row.try_get(2)?,
                revoked_at: row.try_get(3)?,
            })
        };
        let bookkeepers: Vec<Bookkeeper> =
            bookkeepers.iter().map(read).collect::<Result<_, _>>().map_err(RegisterError::row)?;
        let read = |row: &Row| {
            Ok(SeenDesk {
                id: row.try_get(0)?,
                name: row::name(row, 1)?,
                role: row::name(row, 2)?,
                program: row::name(row, 3)?,
                last_seen: row.try_get(4)?,
            })
        };
        let desks = desks.iter().map(read).collect::<Result<_, _>>().map_err(RegisterError::row)?;
        let role = row::name(&row, 5).map_err(RegisterError::row)?;
        let at_server: Timestamp = row.try_get(4).map_err(RegisterError::row)?;
        // The server has looked at its clock somewhere between question and answer.
        let half = SignedDuration::try_from(answered_in / 2).unwrap_or_default();
        let lag: Option<f64> = row.try_get(7).map_err(RegisterError::row)?;
        Ok(Status {
            host: self.writes_to(),
            server: row::name(&row, 2).map_err(RegisterError::row)?,
            encrypted: row.try_get(8).map_err(RegisterError::row)?,
            version: row.try_get(0).map_err(RegisterError::row)?,
            oldest: row.try_get(1).map_err(RegisterError::row)?,
            lag: lag.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            standbys: row.try_get(6).map_err(RegisterError::row)?,
            synchronous: row.try_get(3).map_err(RegisterError::row)?,
            answered_in,
            clock_ahead: asked.duration_since(at_server).saturating_add(half),
            me: bookkeepers.iter().find(|it| it.role == role && it.revoked_at.is_none()).cloned(),
            role,
            bookkeepers,
            desks,
        })
    }
}
