//! A register that a desk has joined: a few connections, kept as long as they are good.

use std::time::Duration;

use deadpool::managed::{Object, Pool, PoolError, TimeoutType};
use secrecy::SecretString;
use tokio_postgres::{Row, error::SqlState, types::ToSql};
use uuid::Uuid;

use crate::{
    address::Address,
    connect::{Connected, Connector, Unanswered},
    error::RegisterError,
    format::{self, is_missing},
};

/// How many connections one desk has at most, besides the one that listens. Fifty desks: a server with the usual hundred.
const CONNECTIONS: usize = 1;
/// How long an answer is waited for. The server gives up on the statement before.
const PATIENCE: Duration = Duration::from_secs(20);

/// Who joins: one installation, by a number that it has made for itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Its number, for good.
    pub id: Uuid,
    /// What it is called to others: the computer's name.
    pub name: String,
    /// The program's version.
    pub program: String,
}

impl Desk {
    /// None: an administrator's session.
    pub(crate) fn none() -> Self {
        Self { id: Uuid::nil(), name: String::new(), program: String::new() }
    }
}

/// A register.
#[derive(Debug, Clone)]
pub struct Register {
    pool: Pool<Connector>,
    address: Address,
    password: SecretString,
    desk: Desk,
}

impl Register {
    /// Joins: finds the server that takes writes, looks whether the register and this program go together, and says which
    /// desk this is.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn join(address: Address, password: SecretString, desk: Desk) -> Result<Self, RegisterError> {
        let register = Self::at(address, password, desk)?;
        register.goes_together().await?;
        let desk = &register.desk;
        register.query("SELECT register.come_in($1, $2, $3)", &[&desk.id, &desk.name, &desk.program]).await?;
        Ok(register)
    }

    /// The same for the administrator who has made the register and is no bookkeeper: there is no desk, and nothing is
    /// filed.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn administer(address: Address, password: SecretString) -> Result<Self, RegisterError> {
        let register = Self::at(address, password, Desk::none())?;
        register.goes_together().await?;
        Ok(register)
    }

    /// The same without looking or saying anything: before there is a register.
    ///
    /// # Errors
    /// [`RegisterError::Roots`].
    pub(crate) fn at(address: Address, password: SecretString, desk: Desk) -> Result<Self, RegisterError> {
        let connector = Connector::new(address.clone(), password.clone(), desk.id)?;
        let built = Pool::builder(connector).max_size(CONNECTIONS).runtime(deadpool::Runtime::Tokio1).build();
        let pool = built.map_err(|error| RegisterError::Connections(error.to_string()))?;
        Ok(Self { pool, address, password, desk })
    }

    /// Whether the register and this program go together.
    async fn goes_together(&self) -> Result<(), RegisterError> {
        let row = match self.query_one("SELECT version, oldest FROM register.format", &[]).await {
            Ok(row) => row,
            Err(RegisterError::Refused { code, .. }) if is_missing(Some(&SqlState::from_code(&code))) => {
                return Err(RegisterError::NoRegister);
            }
            // A role of the server's that is no bookkeeper.
            Err(RegisterError::NotPermitted(_)) => return Err(RegisterError::NotAdmitted),
            Err(error) => return Err(error),
        };
        let read = |at: usize| row.try_get::<_, i32>(at).map_err(RegisterError::row);
        format::go_together(read(0)?, read(1)?)
    }

    /// Which desk this is.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The host that was found to take writes, the last time that a connection was made.
    pub(crate) fn writes_to(&self) -> String {
        self.pool.manager().found()
    }

    /// A connector of the same kind, for a connection beside the pool.
    pub(crate) fn connector(&self) -> Result<Connector, RegisterError> {
        Connector::new(self.address.clone(), self.password.clone(), self.desk.id)
    }

    /// One statement, one round trip once it is prepared.
    pub(crate) async fn query(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, RegisterError> {
        let mut connected = self.connection().await?;
        let answer = tokio::time::timeout(PATIENCE, connected.query(sql, parameters)).await;
        let answer = match answer {
            Ok(Ok(rows)) if connected.is_unreplicated() => {
                drop(rows);
                Err(RegisterError::NoAnswer("the standby has not confirmed it".to_owned()))
            }
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(Unanswered::Said(error))) => Err(RegisterError::of(&error)),
            Ok(Err(Unanswered::TooMuch)) => {
                // What is still to come is nobody's answer.
                connected.spoilt = true;
                Err(RegisterError::Odd("there is more of it than an answer can be".to_owned()))
            }
            Err(_) => Err(RegisterError::NoAnswer(format!("nothing within {} s", PATIENCE.as_secs()))),
        };
        // What has no answer may still be under way on that connection; and a server that takes no writes is left.
        connected.spoilt |= matches!(answer, Err(RegisterError::NoAnswer(_) | RegisterError::ReadOnly { .. }));
        answer
    }

    /// One row of one statement.
    pub(crate) async fn query_one(
        &self,
        sql: &'static str,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Row, RegisterError> {
        let rows = self.query(sql, parameters).await?;
        rows.into_iter().next().ok_or_else(|| RegisterError::Odd("no row".to_owned()))
    }

    async fn connection(&self) -> Result<Object<Connector>, RegisterError> {
        let timeouts = deadpool::managed::Timeouts { wait: Some(PATIENCE), ..Default::default() };
        self.pool.timeout_get(&timeouts).await.map_err(|error| match error {
            PoolError::Backend(error) => error,
            PoolError::Timeout(TimeoutType::Wait) => RegisterError::NoAnswer("all connections are busy".to_owned()),
            other => RegisterError::Connections(other.to_string()),
        })
    }

    /// A connection for as long as several statements belong together.
    pub(crate) async fn alone(&self) -> Result<Connected, RegisterError> {
        self.connector()?.connect(None).await
    }
}
