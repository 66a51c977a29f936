//! The schema in the database: made and brought up by administrators only, forward only, one at a time.
//!
//! Migrations lie in `migrations` and are run by refinery, each in a transaction of its own, under an advisory lock: two
//! administrators at once do it one after the other. They run as the role `DATABASE_owner`, which cannot sign in, so that
//! functions with its rights are nobody's account.

use secrecy::SecretString;
use tokio_postgres::Client;

use crate::{
    address::Address,
    error::RegisterError,
    format::{VERSION, is_missing},
    register::{Desk, Register},
};

#[allow(missing_docs, unreachable_pub, clippy::all, reason = "made by refinery")]
mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Where refinery notes what it has run.
const TABLE: &str = "register.migrations";

/// What a server lacks that a register is better with. None of it keeps one from working.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lack {
    /// Connections are not encrypted.
    Tls,
    /// No standby has to confirm: a failover may lose what was written last, and every period is looked at anew after one.
    SynchronousReplication,
    /// Damaged pages are not noticed.
    Checksums,
    /// Passwords are kept in a way that a stolen copy is signed in with.
    Scram,
    /// What is written may be lost by the server's own crash (`fsync` or `full_page_writes` is off).
    Durability,
}

/// What came of making or bringing up a register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The versions that were brought in, in order; none: it was there already.
    pub versions: Vec<i32>,
    /// What the server lacks.
    pub lacks: Vec<Lack>,
}

/// Makes the register in an empty database, or brings one up to this program's version. The role needs CREATEROLE and the
/// right to create in the database; it need not be, and should not be, a superuser.
///
/// # Errors
/// [`RegisterError`]; nothing is left half made: each version is brought in whole or not at all.
pub async fn create(address: Address, password: SecretString) -> Result<Made, RegisterError> {
    let register = Register::at(address, password, Desk::none())?;
    let mut connected = register.alone().await?;
    let client = &mut connected.client;
    // A long migration is no statement that has gone astray.
    let begun = client
        .batch_execute(
            "SET statement_timeout = 0; SET lock_timeout = '60s'; SET idle_in_transaction_session_timeout = 0",
        )
        .await;
    begun.map_err(|error| RegisterError::of(&error))?;
    // A session's lock: it goes with the connection, whatever happens.
    let locked = client.batch_execute("SELECT pg_advisory_lock(hashtextextended('momsbud.register', 0))").await;
    locked.map_err(|error| RegisterError::of(&error))?;
    roles(client).await.map_err(|error| RegisterError::of(&error))?;
    let found = version(client).await.map_err(|error| RegisterError::of(&error))?;
    if let Some((found, oldest)) = found
        && found > VERSION
    {
        return Err(RegisterError::SchemaNewer { found, oldest, known: VERSION });
    }
    let mut runner = embedded::migrations::runner();
    runner.set_migration_table_name(TABLE);
    let report = runner.run_async(client).await.map_err(|error| {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(error) = inner.downcast_ref::<tokio_postgres::Error>() {
                return RegisterError::of(error);
            }
            cause = inner.source();
        }
        RegisterError::Migration(error.to_string())
    })?;
    let versions = report.applied_migrations().iter().map(|it| it.version()).collect();
    let lacks = lacks(client).await.map_err(|error| RegisterError::of(&error))?;
    Ok(Made { versions, lacks })
}

/// The roles that the schema belongs to and is used by, and the schema itself; then acts as its owner.
async fn roles(client: &Client) -> Result<(), tokio_postgres::Error> {
    client
        .batch_execute(
            r"
DO $$
DECLARE
    owner text := current_database() || '_owner';
    them text := current_database() || '_bookkeepers';
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = owner) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN CREATEROLE', owner);
    END IF;
    EXECUTE format('GRANT %I TO %I', owner, session_user);
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), owner);
    EXECUTE format('SET ROLE %I', owner);
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = them) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN', them);
    END IF;
    RESET ROLE;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), them);
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS register AUTHORIZATION %I', owner);
    EXECUTE format('SET ROLE %I', owner);
END
$$;
",
        )
        .await
}

/// The schema's version and the oldest that it works with.
async fn version(client: &Client) -> Result<Option<(i32, i32)>, tokio_postgres::Error> {
    match client.query_opt("SELECT version, oldest FROM register.format", &[]).await {
        Ok(Some(row)) => Ok(Some((row.try_get(0)?, row.try_get(1)?))),
        Ok(None) => Ok(None),
        Err(error) if is_missing(error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn lacks(client: &Client) -> Result<Vec<Lack>, tokio_postgres::Error> {
    let row = client
        .query_one(
            "SELECT current_setting('ssl') = 'off', current_setting('synchronous_standby_names') = '', \
             current_setting('data_checksums') = 'off', current_setting('password_encryption') <> 'scram-sha-256', \
             current_setting('fsync') = 'off' OR current_setting('full_page_writes') = 'off'",
            &[],
        )
        .await?;
    let all = [Lack::Tls, Lack::SynchronousReplication, Lack::Checksums, Lack::Scram, Lack::Durability];
    let mut lacks = Vec::new();
    for (at, lack) in all.into_iter().enumerate() {
        if row.try_get(at)? {
            lacks.push(lack);
        }
    }
    Ok(lacks)
}
