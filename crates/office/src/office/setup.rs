//! What an office is opened with: folders, authorities, and the operating system's own things.

use std::{path::PathBuf, sync::Arc, time::Duration};

use access::{
    environment::{Environment, EnvironmentError, Overrides, PracticeAddresses},
    session::SessionError,
};
use filing::engine::{Boundaries, Pace, Unwatched};
use id_porten::{Browser, Clock, Random, RandomError, SystemClock, SystemRandom};
use store::{
    database::DatabaseError,
    keyring::{Keyring, SystemKeyring},
};
use view::{
    ErrorCode,
    problem::{self, Problem},
};

/// How many companies are filed for at once when nobody says otherwise. The authorities publish no limit (apis.md 9); four
/// keep a batch of forty within a minute and look like one busy office.
pub const AT_ONCE: usize = 4;

/// What an office is opened with.
pub struct Setup {
    /// Database, locks, logs.
    pub data_dir: PathBuf,
    /// Receipts, where a person finds them.
    pub archive_dir: PathBuf,
    /// Where receipts lie that stayed when the folder was changed; the newest first.
    pub earlier_archives: Vec<PathBuf>,
    /// Where an administrator's files lie ([`access::machine_policy::folder`]).
    pub system_dir: PathBuf,
    /// The authorities and the integration with them.
    pub environment: Environment,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Keeps the vault's key.
    pub keyring: Arc<dyn Keyring>,
    /// The HTTP client; it must follow no redirects ([`Setup::new`] makes one).
    pub http: reqwest::Client,
    /// How long opening waits for a keyring that asks a person for her password; after that the office is open, nobody
    /// is signed in yet, and her answer is taken when it comes. Without end where nothing can be done before it.
    pub keyring_patience: Option<Duration>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// How often things are tried and asked for.
    pub pace: Pace,
    /// How many companies may be filed for at once.
    pub at_once: usize,
    /// Is told of every boundary of the journal; tests end the program there.
    pub boundaries: Arc<dyn Boundaries>,
}

/// Why an office could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The environment is not set up as it must be.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),
    /// The session.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// No random bytes.
    #[error(transparent)]
    Random(#[from] RandomError),
    /// The HTTP client. Cause: the operating system's certificates cannot be read.
    #[error("the HTTP client cannot be made")]
    Http(#[source] reqwest::Error),
    /// The store of authorizations.
    #[error(transparent)]
    Authorizations(#[from] access::authorizations::AuthorizationError),
    /// A task of opening was ended.
    #[error("opening was broken off")]
    Ended(#[source] tokio::task::JoinError),
}

impl From<OfficeError> for Problem {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Database(error) => error.into(),
            OfficeError::Session(error) => error.problem(),
            error @ (OfficeError::Environment(_) | OfficeError::Authorizations(_)) => {
                problem::of(ErrorCode::DataUnusable, &error)
            }
            error => problem::of(ErrorCode::Internal, &error),
        }
    }
}

impl Setup {
    /// An office with the operating system's own keyring, clock and randomness.
    ///
    /// # Errors
    /// The HTTP client.
    pub fn new(
        data_dir: impl Into<PathBuf>,
        archive_dir: impl Into<PathBuf>,
        environment: Environment,
        browser: Arc<dyn Browser>,
    ) -> Result<Self, OfficeError> {
        Ok(Self {
            data_dir: data_dir.into(),
            archive_dir: archive_dir.into(),
            earlier_archives: Vec::new(),
            system_dir: access::machine_policy::folder(),
            environment,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            keyring: Arc::new(SystemKeyring::new()),
            http: Self::http_client()?,
            keyring_patience: None,
            browser,
            pace: Pace::default(),
            at_once: AT_ONCE,
            boundaries: Arc::new(Unwatched),
        })
    }

    /// The client that the authorities are called with: the operating system's certificates and proxy, no redirects.
    ///
    /// # Errors
    /// The operating system's certificates cannot be read.
    pub fn http_client() -> Result<reqwest::Client, OfficeError> {
        altinn::http::client(concat!("Momsbud/", env!("CARGO_PKG_VERSION"))).map_err(OfficeError::Http)
    }

    /// The same with practice authorities at these addresses; what `environments.json` of the data folder says goes
    /// ahead.
    ///
    /// # Errors
    /// See [`OfficeError`].
    pub fn practice(
        data_dir: impl Into<PathBuf>,
        archive_dir: impl Into<PathBuf>,
        addresses: &PracticeAddresses,
        browser: Arc<dyn Browser>,
    ) -> Result<Self, OfficeError> {
        let data_dir = data_dir.into();
        let environment = Environment::practice(addresses)?.overridden(&Overrides::load(&data_dir)?)?;
        Self::new(data_dir, archive_dir, environment, browser)
    }
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("data_dir", &self.data_dir)
            .field("archive_dir", &self.archive_dir)
            .field("environment", &self.environment.name)
            .finish_non_exhaustive()
    }
}
