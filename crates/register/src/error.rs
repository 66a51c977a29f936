//! What goes wrong with a register, and how it is said.

use messages::Language;
use shown::Shown;
use tokio_postgres::error::SqlState;

use crate::{address::AddressError, tls::RootsError};

/// Why the register did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The address cannot be used. Remedy: mend it.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No certificates are trusted. Remedy: the file that the address names.
    #[error(transparent)]
    Roots(#[from] RootsError),
    /// No host let the desk in; each with its reason. Remedy: the network, the server, the name.
    #[error("the register cannot be reached: {}", tried.join("; "))]
    Unreachable {
        /// Host and reason, in the order of the address.
        tried: Vec<String>,
    },
    /// Hosts answer, and none takes writes: a standby that has not been promoted, or a server that is set to read only.
    #[error("no host takes writes: {}", tried.join("; "))]
    ReadOnly {
        /// Host and reason.
        tried: Vec<String>,
    },
    /// The server's certificate is not trusted, expired, or of another name.
    #[error("{host} does not prove who it is: {reason}")]
    Certificate {
        /// Which.
        host: String,
        /// The library's words.
        reason: String,
    },
    /// The server asks for the password itself, or for what it can be guessed from. Nothing was sent. Remedy:
    /// `scram-sha-256` in the server's `pg_hba.conf`.
    #[error("{host} asks for the password in a way that gives it away")]
    GivesAway {
        /// Which.
        host: String,
    },
    /// What answers on this machine is another person's. Nothing was sent. Remedy: who it is; `sslmode=verify-full`.
    #[error("{host} belongs to another user of this machine")]
    Stranger {
        /// Which.
        host: String,
    },
    /// The server does not know the password.
    #[error("the server refuses the password")]
    Password,
    /// The role may not sign in, is not admitted, or is admitted no more.
    #[error("the role has no access to the register")]
    NotAdmitted,
    /// Something between desk and server (PgBouncer and its kin) does not hand over what the session says of itself.
    #[error("{host} is a connection pooler, not the server")]
    Pooler {
        /// Which.
        host: String,
    },
    /// The server is older than PostgreSQL 15.
    #[error("the server is PostgreSQL {found}; 15 or newer is needed")]
    TooOld {
        /// Its version.
        found: String,
    },
    /// There is no register in this database.
    #[error("there is no register in this database")]
    NoRegister,
    /// The register is of an older version than this program; an administrator brings it up.
    #[error("the register has version {found}, this program needs {needed}")]
    SchemaOlder {
        /// Of the register.
        found: i32,
        /// Of this program.
        needed: i32,
    },
    /// The register is newer and no longer works with this program.
    #[error("the register has version {found} and needs programs of version {oldest}; this is {known}")]
    SchemaNewer {
        /// Of the register.
        found: i32,
        /// The oldest that it works with.
        oldest: i32,
        /// Of this program.
        known: i32,
    },
    /// The policy, or the database, does not permit it.
    #[error("not permitted: {0}")]
    NotPermitted(String),
    /// A national id would have gone into the register.
    #[error("a national id does not go into the register")]
    NationalId,
    /// The bookkeeper who is named is not admitted, or no more.
    #[error("no such bookkeeper")]
    NoBookkeeper,
    /// A company was to be handed over to somebody who may not see it; nothing has been handed over.
    #[error("she may not see every one of these companies")]
    SeesNot,
    /// The server has no room left; what was asked has not been done.
    #[error("the server's disk is full")]
    Full,
    /// The connection, or the server's patience, ended before the answer came: whether it was done is not known. Asking the
    /// same again is right.
    #[error("no answer came: {0}")]
    NoAnswer(String),
    /// Anything else that the server said.
    #[error("the server refuses ({code}): {message}")]
    Refused {
        /// SQLSTATE.
        code: String,
        /// The server's words.
        message: String,
    },
    /// A row of the register's does not hold what this program reads from it.
    #[error("a row of the register cannot be read: {0}")]
    Row(String),
    /// The register's answer is none that this program knows.
    #[error("the register answers what this program does not know: {0}")]
    Odd(String),
    /// A document that the register has is not what its sum says.
    #[error("{name} of {filing} is not what its sum says")]
    Document {
        /// The filing that it belongs to.
        filing: String,
        /// What it is called there.
        name: String,
    },
    /// This computer makes no connections.
    #[error("no connection can be made: {0}")]
    Connections(String),
    /// A migration of the schema could not be made.
    #[error("the schema cannot be made: {0}")]
    Migration(String),
    /// The role's password lies on this computer and cannot be read.
    #[error("the password cannot be read: {0}")]
    PasswordUnread(String),
}

impl RegisterError {
    /// What an error of the client library means.
    pub(crate) fn of(error: &tokio_postgres::Error) -> Self {
        let Some(db) = error.as_db_error() else {
            let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
            return Self::NoAnswer(cause);
        };
        let message = Shown::line(db.message()).into_string();
        let code = db.code();
        match code.code() {
            "MB001" => Self::NotAdmitted,
            "MB002" | "MB005" => Self::NotPermitted(message),
            "MB004" => Self::NationalId,
            "MB009" => Self::NoBookkeeper,
            "MB010" => Self::SeesNot,
            // The server goes down, comes up, or has been told to stop this.
            // So it does when the schema has changed under a prepared statement (0A000).
            "57P01" | "57P02" | "57P03" | "57014" | "55P03" | "40001" | "40P01" | "0A000" => Self::NoAnswer(message),
            _ if *code == SqlState::INVALID_PASSWORD => Self::Password,
            _ if *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION => Self::NotAdmitted,
            _ if *code == SqlState::INSUFFICIENT_PRIVILEGE => Self::NotPermitted(message),
            _ if *code == SqlState::READ_ONLY_SQL_TRANSACTION => Self::ReadOnly { tried: vec![message] },
            _ if *code == SqlState::DISK_FULL => Self::Full,
            other => Self::Refused { code: other.to_owned(), message },
        }
    }

    /// A value that is not there, or of another type than this program reads.
    pub(crate) fn row(error: tokio_postgres::Error) -> Self {
        Self::Row(error.to_string())
    }

    /// Whether asking the same again may help, because nothing said no.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::ReadOnly { .. } | Self::NoAnswer(_) | Self::Full)
    }

    /// What happened and what to do, for a person: one line, whatever a server or an address says.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        Shown::text(&self.words(language)).into_string()
    }

    fn words(&self, language: Language) -> String {
        let say = |key: &'static str| crate::text(language, key).to_owned();
        let with = |key: &'static str, values: &[(&str, &dyn std::fmt::Display)]| crate::filled(language, key, values);
        match self {
            Self::Address(AddressError::Password) => say("error.address.password"),
            Self::Address(AddressError::Tls) => say("error.address.tls"),
            Self::Address(fault) => with("error.address", &[("fault", fault)]),
            Self::Roots(fault) => with("error.roots", &[("fault", fault)]),
            Self::Unreachable { tried } => with("error.unreachable", &[("hosts", &tried.join("; "))]),
            Self::ReadOnly { tried } => with("error.readOnly", &[("hosts", &tried.join("; "))]),
            Self::Certificate { host, reason } => with("error.certificate", &[("host", host), ("reason", reason)]),
            Self::GivesAway { host } => with("error.givesAway", &[("host", host)]),
            Self::Stranger { host } => with("error.stranger", &[("host", host)]),
            Self::Password => say("error.password"),
            Self::NotAdmitted => say("error.notAdmitted"),
            Self::Pooler { host } => with("error.pooler", &[("host", host)]),
            Self::TooOld { found } => with("error.tooOld", &[("found", found)]),
            Self::NoRegister => say("error.noRegister"),
            Self::SchemaOlder { found, needed } => with("error.schemaOlder", &[("found", found), ("needed", needed)]),
            Self::SchemaNewer { found, known, .. } => with("error.schemaNewer", &[("found", found), ("known", known)]),
            Self::NotPermitted(_) => say("error.notPermitted"),
            Self::NationalId => say("error.nationalId"),
            Self::NoBookkeeper => say("error.noBookkeeper"),
            Self::SeesNot => say("error.seesNot"),
            Self::Full => say("error.full"),
            Self::NoAnswer(_) => say("error.noAnswer"),
            Self::Refused { code, message } => with("error.refused", &[("code", code), ("message", message)]),
            Self::Row(_) | Self::Odd(_) => say("error.odd"),
            Self::Document { name, .. } => with("error.document", &[("name", name)]),
            Self::Connections(fault) => with("error.connections", &[("fault", fault)]),
            Self::Migration(fault) => with("error.schema", &[("fault", fault)]),
            Self::PasswordUnread(fault) => with("error.passwordUnread", &[("fault", fault)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_server_says_is_one_line() {
        let evil = "15\u{1b}[2J\nmomsbud-cli: Alt er i orden.\u{202e}";
        let said = || evil.to_owned();
        for error in [
            RegisterError::TooOld { found: said() },
            RegisterError::Unreachable { tried: vec![said()] },
            RegisterError::ReadOnly { tried: vec![said()] },
            RegisterError::Certificate { host: said(), reason: said() },
            RegisterError::Refused { code: said(), message: said() },
            RegisterError::Document { filing: said(), name: said() },
            RegisterError::Migration(said()),
            RegisterError::Connections(said()),
        ] {
            let text = error.text(Language::Nb);
            assert!(text.contains("15[2J momsbud-cli"), "{text:?}");
            assert!(!text.contains(['\n', '\u{1b}', '\u{202e}']), "{text:?}");
        }
    }
}
