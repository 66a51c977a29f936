//! The address of a register: one or several hosts, a database, a bookkeeper's role. Never a password.
//!
//! ```
//! use register::Address;
//!
//! let address: Address = "postgresql://kari@db1.firma.no,db2.firma.no:5433/momsbud".parse()?;
//! assert_eq!(address.hosts(), ["db1.firma.no:5432", "db2.firma.no:5433"]);
//! assert!("postgresql://kari:secret@db1.firma.no/momsbud".parse::<Address>().is_err());
//! # Ok::<(), register::AddressError>(())
//! ```

use std::{net::IpAddr, path::PathBuf, str::FromStr, time::Duration};

use tokio_postgres::{
    Config,
    config::{Host, TargetSessionAttrs},
};

/// How long one host may take until it has let a desk in, unless the address says otherwise (`connect_timeout`).
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a register is, and as whom.
#[derive(Debug, Clone)]
pub struct Address {
    /// Each host alone: each is tried with a patience of its own.
    places: Vec<Place>,
    pub(crate) user: String,
    pub(crate) database: String,
    pub(crate) patience: Duration,
    /// Certificates that are trusted in place of the system's.
    pub(crate) roots: Option<PathBuf>,
}

/// One host of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) host: Host,
    pub(crate) port: u16,
    /// Whether the connection is encrypted, and the server's name verified.
    pub(crate) tls: bool,
}

/// Why an address cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It is not written as one. Remedy: `postgresql://ROLE@HOST/DATABASE`.
    #[error("this is no address of a PostgreSQL database: {0}")]
    NotOne(String),
    /// It has a password in it. Cause: addresses are shown, logged and kept in plain files. Remedy: leave it out, it is asked
    /// for.
    #[error("a password does not belong in the address")]
    Password,
    /// It lacks the role, a host or the database.
    #[error("the address has no {0}")]
    Lacks(&'static str),
    /// It would talk to another machine without TLS, or without verifying who answers.
    #[error("outside this machine only sslmode=verify-full will do")]
    Tls,
    /// It says something that this program does not follow.
    #[error("{0} is not followed")]
    Option(String),
}

impl Address {
    /// The hosts with their ports, as they are tried.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        self.places.iter().map(Place::name).collect()
    }

    /// The role that signs in.
    #[must_use]
    pub fn role(&self) -> &str {
        &self.user
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &str {
        &self.database
    }

    /// How those who answer prove who they are, where the address says otherwise than is usual for its hosts: which are verified,
    /// and by which certificates. A password goes nowhere else by another address of the same hosts.
    #[must_use]
    pub fn proof(&self) -> Option<String> {
        let usual = self.roots.is_none() && self.places.iter().all(|place| place.tls != Place::is_here(&place.host));
        let verified: String = self.places.iter().map(|place| if place.tls { '1' } else { '0' }).collect();
        let roots = self.roots.as_ref().map(|roots| format!(",sslrootcert={}", roots.display())).unwrap_or_default();
        (!usual).then(|| format!("tls={verified}{roots}"))
    }

    pub(crate) fn places(&self) -> &[Place] {
        &self.places
    }
}

impl Place {
    /// As it is shown.
    pub(crate) fn name(&self) -> String {
        match &self.host {
            Host::Tcp(host) if host.contains(':') => format!("[{host}]:{}", self.port),
            Host::Tcp(host) => format!("{host}:{}", self.port),
            #[cfg(unix)]
            Host::Unix(path) => format!("{}:{}", path.display(), self.port),
        }
    }

    fn is_here(host: &Host) -> bool {
        match host {
            Host::Tcp(name) => name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()),
            #[cfg(unix)]
            Host::Unix(_) => true,
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (base, query) = text.trim().split_once('?').unwrap_or((text.trim(), ""));
        if !base.starts_with("postgresql://") && !base.starts_with("postgres://") {
            return Err(AddressError::NotOne("it begins with postgresql://".to_owned()));
        }
        // What libpq knows and the client library does not.
        let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
        for option in query.split('&').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some(("sslmode", value)) => mode = Some(value),
                Some(("sslrootcert", value)) => roots = Some(PathBuf::from(decoded(value))),
                Some(("host" | "port" | "connect_timeout" | "target_session_attrs" | "dbname" | "user", _)) => {
                    rest.push(option);
                }
                Some(("password", _)) => return Err(AddressError::Password),
                Some((name, _)) => return Err(AddressError::Option(name.to_owned())),
                None => return Err(AddressError::Option(option.to_owned())),
            }
        }
        let joined = if rest.is_empty() { base.to_owned() } else { format!("{base}?{}", rest.join("&")) };
        let config: Config = joined.parse().map_err(|error: tokio_postgres::Error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string);
            AddressError::NotOne(cause.unwrap_or_else(|| error.to_string()))
        })?;
        if config.get_password().is_some() {
            return Err(AddressError::Password);
        }
        // Only a server that takes writes is of use; to say so is right, to say another thing is not.
        let asked = config.get_target_session_attrs();
        if !matches!(asked, TargetSessionAttrs::Any | TargetSessionAttrs::ReadWrite) {
            return Err(AddressError::Option("target_session_attrs".to_owned()));
        }
        let verify = match mode {
            None => None,
            Some("verify-full") => Some(true),
            Some("disable") => Some(false),
            Some(_) => return Err(AddressError::Tls),
        };
        let (hosts, ports) = (config.get_hosts(), config.get_ports());
        let mut places = Vec::new();
        for (at, host) in hosts.iter().enumerate() {
            let port = ports.get(at).or_else(|| ports.first()).copied().unwrap_or(5432);
            let tls = verify.unwrap_or_else(|| !Place::is_here(host));
            if !tls && !Place::is_here(host) {
                return Err(AddressError::Tls);
            }
            #[cfg(unix)]
            let tls = tls && !matches!(host, Host::Unix(_));
            places.push(Place { host: host.clone(), port, tls });
        }
        if places.is_empty() {
            return Err(AddressError::Lacks("host"));
        }
        let user = config.get_user().filter(|user| !user.is_empty()).ok_or(AddressError::Lacks("role"))?.to_owned();
        let database = config.get_dbname().filter(|name| !name.is_empty()).ok_or(AddressError::Lacks("database"))?;
        let patience = config.get_connect_timeout().copied().filter(|it| !it.is_zero()).unwrap_or(PATIENCE);
        Ok(Self { places, user, database: database.to_owned(), patience, roots })
    }
}

/// `%2F` and its kin.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.filter(|_| *first == b'%').and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn tls(text: &str) -> Vec<bool> {
        text.parse::<Address>().unwrap().places().iter().map(|place| place.tls).collect()
    }

    #[test]
    fn other_machines_are_verified_and_this_one_need_not_be() {
        assert_eq!(tls("postgresql://k@db.firma.no,127.0.0.1,localhost/m"), [true, false, false]);
        assert_eq!(tls("postgresql://k@127.0.0.1/m?sslmode=verify-full"), [true]);
        assert_eq!(tls("postgresql://k@%2Frun%2Fpostgresql/m?sslmode=verify-full"), [false]);
        for mode in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let refused = format!("postgresql://k@db.firma.no/m?sslmode={mode}").parse::<Address>();
            assert!(matches!(refused, Err(AddressError::Tls)), "{mode}");
        }
    }

    #[test]
    fn who_is_believed_by_what_is_told() {
        let proof = |text: &str| text.parse::<Address>().unwrap().proof();
        for usual in
            ["postgresql://k@db.firma.no/m", "postgresql://k@127.0.0.1/m", "postgresql://k@db.firma.no,localhost/m"]
        {
            assert_eq!(proof(usual), None, "{usual}");
        }
        assert_eq!(proof("postgresql://k@db.firma.no/m?sslmode=verify-full"), None, "it is anyway");
        assert_eq!(proof("postgresql://k@127.0.0.1/m?sslmode=verify-full").as_deref(), Some("tls=1"));
        let own = proof("postgresql://k@db.firma.no,127.0.0.1/m?sslrootcert=%2Ftmp%2Fa.pem");
        assert_eq!(own.as_deref(), Some("tls=10,sslrootcert=/tmp/a.pem"));
    }

    #[test]
    fn what_an_address_must_and_must_not_have() {
        let fault = |text: &str| text.parse::<Address>().unwrap_err();
        assert!(matches!(fault("postgresql://k:secret@h/m"), AddressError::Password));
        assert!(matches!(fault("postgresql://k@h/m?password=secret"), AddressError::Password));
        assert!(matches!(fault("postgresql://h/m"), AddressError::Lacks("role")));
        assert!(matches!(fault("postgresql://k@h"), AddressError::Lacks("database")));
        assert!(
            matches!(fault("postgresql://k@h/m?target_session_attrs=any&x=1"), AddressError::Option(x) if x == "x")
        );
        assert!(matches!(fault("mysql://k@h/m"), AddressError::NotOne(_)));
        assert!(matches!(fault("postgresql://k@h:99999/m"), AddressError::NotOne(_)));
        let address: Address =
            "postgresql://k@a,b/m?connect_timeout=2&sslrootcert=%2Fetc%2Ffirma%20ca.pem".parse().unwrap();
        assert_eq!(address.patience, Duration::from_secs(2));
        assert_eq!(address.roots, Some(PathBuf::from("/etc/firma ca.pem")));
        assert_eq!((address.role(), address.database()), ("k", "m"));
    }
}
