//! The work account: whether the program is open, for whom, and what she may do in it.
//!
//! [`Work::may`] is the one place that decides. Every function of the office, of access and of the session that does or
//! shows anything asks it first, so that the window, the command line and whatever comes later cannot go around it: the inner
//! functions want the [`Permit`] that it gives, and a test goes through every action and every permission. Without a policy it
//! always says yes.
//!
//! It is a gate and no wall: who may read this user's files and memory can read what the program can. What it guards is
//! the program; what a person may file is decided by Altinn, whatever stands here.

mod account_store;
mod account_view;
mod client;
pub(crate) mod failure;
mod key;
mod lock;
pub mod policy;
mod policy_state;
mod refusals;
pub mod rights;
mod sign_in;
mod texts;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
    time::Duration,
};

use account_store::{Signed, WorkAccountStore};
use failure::Failure;
use id_porten::{Browser, Clock, Conversation, Issuer, Random, RelyingParty};
use jiff::Timestamp;
use lock::Reason;
use policy_state::{PolicyState, read_policy};
pub use refusals::REFUSALS_FILE;
use refusals::Refusals;
use rights::{Action, Companies, Permission, Rights};
use secrecy::SecretString;
use shown::Shown;
pub use sign_in::WorkSignInRequest;
use store::{
    database::{Database, DatabaseError, OwnConnection, columns::word},
    keyring::Keyring,
    vault::Vault,
};
use tokio::sync::broadcast;
use view::{
    EnvironmentName, ErrorCode, Language, OfficeEvent,
    problem::{self, Problem},
};

/// What the gate is made of.
pub struct WorkParts {
    /// Where this person's data lies.
    pub data_dir: PathBuf,
    /// Where an administrator's rules lie.
    pub system_dir: PathBuf,
    /// Which authorities the gate stands before.
    pub environment: EnvironmentName,
    /// The database, in a connection of its own.
    pub db: OwnConnection,
    /// Where the vault's key lies.
    pub keyring: Arc<dyn Keyring>,
    /// Random bytes.
    pub random: Arc<dyn Random>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where it tells what happens.
    pub events: broadcast::Sender<OfficeEvent>,
    /// What signing in takes; none where it is only asked who has.
    pub way_in: Option<WayIn>,
    /// How long a person may take who is asked to unlock the keyring; none: as long as she likes.
    pub patience: Option<Duration>,
}

/// What signing in takes.
pub struct WayIn {
    /// Who says who somebody is.
    pub issuer: Issuer,
    /// The conversation with it.
    pub party: RelyingParty,
    /// The browser that is opened.
    pub browser: Arc<dyn Browser>,
}

/// Why the gate says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Nobody has signed in. Remedy: a work account does.
    #[error("Momsbud is locked until a work account has signed in.")]
    Locked,
    /// The firm's rules cannot be read or are not believed. Remedy: whoever makes them.
    #[error("The firm's rules for the work account cannot be read: {0}")]
    Unusable(Shown),
    /// The firm's rules do not give her the permission. Remedy: the firm's administrator.
    #[error("The work account does not permit “{needs}” here.")]
    Forbidden {
        /// The permission that is missing.
        needs: String,
        /// The same in the user's language.
        right: String,
        /// For which company.
        company: String,
    },
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::Locked => problem::says(ErrorCode::WorkLocked, message),
            Refused::Unusable(_) => problem::says(ErrorCode::WorkPolicyUnusable, message),
            Refused::Forbidden { needs, right, company } => problem::says(ErrorCode::WorkForbidden, message)
                .with("permission", needs)
                .with("right", right)
                .with("company", company),
        }
    }
}

/// That the gate has been asked, and has said yes. Only [`Work::may`] gives one, and the inner functions want one: what has
/// not asked does not compile.
#[derive(Debug, Clone, Copy)]
pub struct Permit(());

/// The gate. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    data_dir: PathBuf,
    system_dir: PathBuf,
    environment: EnvironmentName,
    kept: WorkAccountStore,
    keyring: Arc<dyn Keyring>,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
    events: broadcast::Sender<OfficeEvent>,
    way_in: Option<WayIn>,
    refusals: Refusals,
    language: RwLock<Language>,
    state: Mutex<State>,
    conversation: Arc<Conversation>,
    /// Whether the keyring did not give its key when it was asked for a sign-in that is kept.
    keyring_refused: Mutex<bool>,
}

struct State {
    policy: PolicyState,
    /// Who has signed in; nobody: locked.
    signed: Option<Signed>,
    rights: Rights,
    locked: Reason,
    /// The keyring's key, for the row that is kept; only while somebody is signed in.
    vault: Option<Arc<Vault>>,
    written: Timestamp,
    /// A sign-in that was kept has been taken up after the program had opened without it.
    came_late: bool,
    problem: Option<Failure>,
    /// The client's secret where there is no keyring to seal it: until the program closes.
    client_secret: Option<(String, SecretString)>,
}

impl Work {
    /// The gate of a data folder, to be asked and not to be signed in through.
    ///
    /// # Errors
    /// The database.
    pub fn alone(
        data_dir: &Path,
        system_dir: &Path,
        environment: EnvironmentName,
        keyring: Arc<dyn Keyring>,
    ) -> Result<Self, DatabaseError> {
        Ok(Self::open(WorkParts {
            data_dir: data_dir.to_owned(),
            system_dir: system_dir.to_owned(),
            environment,
            db: Database::open_or_read(data_dir)?.connect()?,
            keyring,
            random: Arc::new(id_porten::SystemRandom),
            clock: Arc::new(id_porten::SystemClock),
            events: broadcast::channel(1).0,
            way_in: None,
            patience: None,
        }))
    }
}

impl Work {
    /// Opens the gate as far as a sign-in that was kept goes. May wait for a person whose keyring is locked.
    pub fn open(parts: WorkParts) -> Self {
        let WorkParts { data_dir, system_dir, environment, db, keyring, random, clock, events, way_in, patience } =
            parts;
        let policy = read_policy(&system_dir, &data_dir);
        let state = State {
            policy,
            signed: None,
            rights: Rights::default(),
            locked: Reason::Start,
            vault: None,
            written: Timestamp::MIN,
            came_late: false,
            problem: None,
            client_secret: None,
        };
        let work = Self(Arc::new(Inner {
            refusals: Refusals::new(&data_dir),
            kept: WorkAccountStore::new(db, word(&environment)),
            data_dir,
            system_dir,
            environment,
            keyring,
            random,
            clock,
            events,
            way_in,
            language: RwLock::default(),
            state: Mutex::new(state),
            conversation: Arc::default(),
            keyring_refused: Mutex::new(false),
        }));
        work.restore_sign_in_within(patience);
        work
    }

    /// Whether something may be done, for a company where it is for one. Every refusal is written down for the firm.
    ///
    /// # Errors
    /// `WorkLocked`, `WorkPolicyUnusable` with what is wrong with the rules, or `WorkForbidden` with the permission that is
    /// missing and the company.
    pub fn may(&self, action: Action, company: Option<&str>) -> Result<Permit, Refused> {
        let inner = &self.0;
        let now = inner.clock.now();
        self.expire(now);
        let mut state = inner.state();
        let in_force = match &state.policy {
            PolicyState::None => return Ok(Permit(())),
            PolicyState::Unusable(detail) => {
                let refused = Refused::Unusable(detail.clone());
                drop(state);
                self.note(now, action, company, true);
                return Err(refused);
            }
            PolicyState::InForce(in_force) => in_force,
        };
        let administers = action.needs() == Some(Permission::Administer);
        // A synthetic employee of the practice authorities opens practice and decides nothing about the rest.
        let practising = inner.environment == EnvironmentName::Practice
            && in_force.policy.environments.iter().any(|name| *name != policy::Governed::Practice);
        if !in_force.policy.governs(inner.environment) {
            let allowed = !administers || action == Action::SwitchEnvironment;
            drop(state);
            return if allowed { Ok(Permit(())) } else { Err(self.forbidden(now, action, company)) };
        }
        let Some(signed) = state.signed.as_mut() else {
            drop(state);
            self.note(now, action, company, true);
            return Err(Refused::Locked);
        };
        signed.used = signed.used.max(now);
        let allowed = match action.needs() {
            None => true,
            Some(Permission::Administer) if practising && action != Action::SwitchEnvironment => false,
            Some(permission) => state.rights.allow(permission, company),
        };
        drop(state);
        if allowed { Ok(Permit(())) } else { Err(self.forbidden(now, action, company)) }
    }

    /// Writes a refusal down for the firm.
    fn note(&self, now: Timestamp, action: Action, company: Option<&str>, locked: bool) {
        let inner = &self.0;
        let account = inner.state().signed.as_ref().map(|signed| signed.sub.clone());
        inner.refusals.note(now, inner.environment, action, company, account.as_deref(), locked);
        tracing::info!(action = action.name(), locked, "The work account does not permit this.");
    }

    fn forbidden(&self, now: Timestamp, action: Action, company: Option<&str>) -> Refused {
        self.note(now, action, company, false);
        let needs = action.needs().map(|permission| word(&permission)).unwrap_or_default();
        let language = self.0.language();
        let right = texts::text(&format!("right.{needs}"), language, &[]);
        let anybody = || texts::text("right.anybody", language, &[]);
        Refused::Forbidden { needs, right, company: company.map_or_else(anybody, str::to_owned) }
    }

    /// Whether a company may be seen at all; asked for each row that is shown, so that nothing is written down.
    #[must_use]
    pub fn sees(&self, company: &str) -> bool {
        self.seen().is_none_or(|companies| companies.has(company))
    }

    /// Which companies may be seen; none: all of them, because nothing limits it.
    pub fn seen(&self) -> Option<Companies> {
        self.expire(self.0.clock.now());
        let state = self.0.state();
        match &state.policy {
            PolicyState::None => None,
            PolicyState::InForce(in_force) if !in_force.policy.governs(self.0.environment) => None,
            _ => Some(state.rights.companies(Permission::See)),
        }
    }

    /// Whether anything limits what may be done here.
    #[must_use]
    pub fn governed(&self) -> bool {
        match &self.0.state().policy {
            PolicyState::None => false,
            PolicyState::Unusable(_) => true,
            PolicyState::InForce(in_force) => in_force.policy.governs(self.0.environment),
        }
    }

    /// Whether nothing may be done until a work account has signed in.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.expire(self.0.clock.now());
        self.governed() && self.0.state().signed.is_none()
    }

    /// Texts are in this language from now on.
    pub fn speak(&self, language: Language) {
        *self.0.language.write().unwrap_or_else(PoisonError::into_inner) = language;
    }
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("locked", &self.is_locked()).finish_non_exhaustive()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The environment, as rows are named after it.
    fn id(&self) -> String {
        word(&self.environment)
    }

    fn language(&self) -> Language {
        *self.language.read().unwrap_or_else(PoisonError::into_inner)
    }
}
