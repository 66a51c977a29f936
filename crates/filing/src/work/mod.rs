//! The work account: whether the program is open, for whom, and what she may do in it.
//!
//! [`Work::may`] is the one place that decides. Every function of the office, of access and of the session that does or
//! shows anything asks it first, so that the window, the command line and whatever comes later cannot go around it; a test
//! goes through those functions' source and through every permission to see that it is so. Without a policy it always says
//! yes.
//!
//! It is a gate and no wall: who may read this user's files and memory can read what the program can. What it guards is
//! the program; what a person may file is decided by Altinn, whatever stands here.

pub(crate) mod failure;
mod kept;
pub mod policy;
mod refusals;
pub mod rights;
mod sign_in;
mod words;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock},
};

use failure::Failure;
use id_porten::{Clock, Issuer, Random, RelyingParty};
use jiff::{Timestamp, tz::TimeZone};
use kept::{Kept, Signed};
use policy::{InForce, Source, WorkPolicy};
pub use refusals::REFUSALS_FILE;
use refusals::Refusals;
use rights::{Action, Companies, Permission, Rights};
use sign_in::UnderWay;
pub use sign_in::WorkSignInRequest;
use tokio::sync::broadcast;

use crate::{
    database::{Database, OwnConnection},
    filings::word,
    keyring::Keyring,
    office::OfficeError,
    problem,
    session::Browser,
    vault::Vault,
    view::{
        ClockView, CompanyView, EnvironmentName, ErrorCode, ErrorView, LanguageName, OfficeEvent, PermissionView,
        WorkPersonView, WorkView,
    },
};

/// How often the sign-in's last use is written down, seconds.
const WRITE_USE_AFTER: i64 = 30;

/// What the gate is made of.
pub(crate) struct Parts {
    pub(crate) data_dir: PathBuf,
    pub(crate) system_dir: PathBuf,
    pub(crate) environment: EnvironmentName,
    pub(crate) db: OwnConnection,
    pub(crate) keyring: Arc<dyn Keyring>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) events: broadcast::Sender<OfficeEvent>,
    /// What signing in takes; none where it is only asked who has.
    pub(crate) way_in: Option<WayIn>,
}

/// What signing in takes.
pub(crate) struct WayIn {
    pub(crate) issuer: Issuer,
    pub(crate) party: RelyingParty,
    pub(crate) browser: Arc<dyn Browser>,
}

/// The gate. Cheap to clone; all clones are the same.
#[derive(Clone)]
pub struct Work(Arc<Inner>);

struct Inner {
    data_dir: PathBuf,
    system_dir: PathBuf,
    environment: EnvironmentName,
    kept: Kept,
    keyring: Arc<dyn Keyring>,
    random: Arc<dyn Random>,
    clock: Arc<dyn Clock>,
    events: broadcast::Sender<OfficeEvent>,
    way_in: Option<WayIn>,
    refusals: Refusals,
    language: RwLock<LanguageName>,
    state: Mutex<State>,
}

struct State {
    policy: Standing,
    /// Who has signed in; nobody: locked.
    signed: Option<Signed>,
    rights: Rights,
    locked: Reason,
    /// The keyring's key, for the row that is kept; only while somebody is signed in.
    vault: Option<Arc<Vault>>,
    written: Timestamp,
    under_way: Option<UnderWay>,
    problem: Option<Failure>,
}

/// What there is of a policy.
enum Standing {
    None,
    InForce(Box<InForce>),
    Unusable(String),
}

/// Why it is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    Start,
    Idle(Timestamp),
    Now(Timestamp),
    Ended(Timestamp),
    Elsewhere(Timestamp),
    Changed,
}

impl Work {
    /// Opens the gate as far as a sign-in that was kept goes. May wait for a person whose keyring is locked.
    pub(crate) fn open(parts: Parts) -> Self {
        let Parts { data_dir, system_dir, environment, db, keyring, random, clock, events, way_in } = parts;
        let policy = standing(&system_dir, &data_dir);
        let state = State {
            policy,
            signed: None,
            rights: Rights::default(),
            locked: Reason::Start,
            vault: None,
            written: Timestamp::MIN,
            under_way: None,
            problem: None,
        };
        let work = Self(Arc::new(Inner {
            refusals: Refusals::new(&data_dir),
            kept: Kept::new(db, word(&environment)),
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
        }));
        work.take_up();
        work
    }

    /// The gate of a data folder, to be asked and not to be signed in through.
    ///
    /// # Errors
    /// The database.
    pub fn alone(
        data_dir: &Path,
        system_dir: &Path,
        environment: EnvironmentName,
        keyring: Arc<dyn Keyring>,
    ) -> Result<Self, OfficeError> {
        Ok(Self::open(Parts {
            data_dir: data_dir.to_owned(),
            system_dir: system_dir.to_owned(),
            environment,
            db: Database::open(data_dir)?.connect()?,
            keyring,
            random: Arc::new(id_porten::SystemRandom),
            clock: Arc::new(id_porten::SystemClock),
            events: broadcast::channel(1).0,
            way_in: None,
        }))
    }

    /// Goes on with a sign-in that another run or another program has kept.
    fn take_up(&self) {
        let inner = &self.0;
        let now = inner.clock.now();
        if !self.governed() || !inner.kept.is_there().unwrap_or(false) || self.keeps_key_back_always() {
            return;
        }
        let Ok(vault) = Vault::open(inner.keyring.as_ref(), inner.random.as_ref()) else { return };
        let Some(signed) = inner.kept.read(&vault) else { return };
        let mut state = inner.state();
        let Standing::InForce(in_force) = &state.policy else { return };
        let rights = Rights::of(&in_force.policy, &signed.groups, &signed.organisations);
        if over(&in_force.policy, &signed, now).is_none() && !rights.are_none() {
            state.written = signed.used;
            state.signed = Some(signed);
            state.rights = rights;
            state.vault = Some(Arc::new(vault));
        }
    }

    /// Whether something may be done, for a company where it is for one. Every refusal is written down for the firm.
    ///
    /// # Errors
    /// `WorkLocked`, or `WorkForbidden` with the permission that is missing and the company.
    pub fn may(&self, action: Action, company: Option<&str>) -> Result<(), ErrorView> {
        let inner = &self.0;
        let now = inner.clock.now();
        self.expire(now);
        let mut state = inner.state();
        let in_force = match &state.policy {
            Standing::None => return Ok(()),
            Standing::Unusable(_) => {
                drop(state);
                return Err(self.refused(now, action, company, true));
            }
            Standing::InForce(in_force) => in_force,
        };
        let administers = action.needs() == Some(Permission::Administer);
        // A synthetic employee of the practice authorities opens practice and decides nothing about the rest.
        let practising = inner.environment == EnvironmentName::Practice
            && in_force.policy.environments.iter().any(|name| *name != policy::Governed::Practice);
        if !in_force.policy.governs(inner.environment) {
            let allowed = !administers || action == Action::SwitchEnvironment;
            drop(state);
            return if allowed { Ok(()) } else { Err(self.refused(now, action, company, false)) };
        }
        let Some(signed) = state.signed.as_mut() else {
            drop(state);
            return Err(self.refused(now, action, company, true));
        };
        signed.used = signed.used.max(now);
        let allowed = match action.needs() {
            None => true,
            Some(Permission::Administer) if practising && action != Action::SwitchEnvironment => false,
            Some(permission) => state.rights.allow(permission, company),
        };
        drop(state);
        if allowed { Ok(()) } else { Err(self.refused(now, action, company, false)) }
    }

    fn refused(&self, now: Timestamp, action: Action, company: Option<&str>, locked: bool) -> ErrorView {
        let inner = &self.0;
        let account = inner.state().signed.as_ref().map(|signed| signed.sub.clone());
        inner.refusals.note(now, inner.environment, action, company, account.as_deref(), locked);
        tracing::info!(action = action.name(), locked, "The work account does not permit this.");
        if locked {
            return problem::says(ErrorCode::WorkLocked, "Momsbud is locked until a work account has signed in.");
        }
        let needs = action.needs().map(|permission| word(&permission)).unwrap_or_default();
        let message = format!("The work account does not permit “{needs}” here.");
        let language = inner.language().into();
        let right = words::text(&format!("right.{needs}"), language, &[]);
        let anybody = || words::text("right.anybody", language, &[]);
        problem::says(ErrorCode::WorkForbidden, message)
            .with("permission", needs)
            .with("right", right)
            .with("company", company.map_or_else(anybody, str::to_owned))
    }

    /// Whether a company may be seen at all; asked for each row that is shown, so that nothing is written down.
    #[must_use]
    pub fn sees(&self, company: &str) -> bool {
        self.seen().is_none_or(|companies| companies.has(company))
    }

    /// Which companies may be seen; none: all of them, because nothing limits it.
    pub(crate) fn seen(&self) -> Option<Companies> {
        self.expire(self.0.clock.now());
        let state = self.0.state();
        match &state.policy {
            Standing::None => None,
            Standing::InForce(in_force) if !in_force.policy.governs(self.0.environment) => None,
            _ => Some(state.rights.companies(Permission::See)),
        }
    }

    /// Whether anything limits what may be done here.
    #[must_use]
    pub fn governed(&self) -> bool {
        match &self.0.state().policy {
            Standing::None => false,
            Standing::Unusable(_) => true,
            Standing::InForce(in_force) => in_force.policy.governs(self.0.environment),
        }
    }

    /// Whether nothing may be done until a work account has signed in.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.expire(self.0.clock.now());
        self.governed() && self.0.state().signed.is_none()
    }

    /// Whether the vault's key must not be had now.
    #[must_use]
    pub fn keeps_key_back(&self) -> bool {
        self.keeps_key_back_always() || (self.asks_for_key() && self.0.state().signed.is_none())
    }

    fn asks_for_key(&self) -> bool {
        match &self.0.state().policy {
            Standing::None => false,
            Standing::Unusable(_) => true,
            Standing::InForce(in_force) => in_force.policy.lock.vault_after_sign_in,
        }
    }

    /// In practice anybody is whoever she likes: that opens no vault that holds real secrets.
    fn keeps_key_back_always(&self) -> bool {
        match &self.0.state().policy {
            Standing::InForce(in_force) if in_force.policy.lock.vault_after_sign_in => {
                !in_force.policy.governs(self.0.environment)
                    || (self.0.environment == EnvironmentName::Practice && in_force.policy.environments.len() > 1)
            }
            _ => false,
        }
    }

    /// The vault as it may be had now.
    ///
    /// # Errors
    /// No random bytes.
    pub(crate) fn vault(&self) -> Result<Vault, id_porten::RandomError> {
        let inner = &self.0;
        if self.keeps_key_back() {
            return Vault::withheld(inner.random.as_ref());
        }
        Vault::open(inner.keyring.as_ref(), inner.random.as_ref())
    }

    /// Texts are in this language from now on.
    pub fn speak(&self, language: LanguageName) {
        *self.0.language.write().unwrap_or_else(PoisonError::into_inner) = language;
    }

    /// Somebody is using the program.
    pub fn touch(&self) {
        let inner = &self.0;
        let now = inner.clock.now();
        self.expire(now);
        let due = {
            let mut state = inner.state();
            let written = state.written;
            let vault = state.vault.clone();
            let Some(signed) = state.signed.as_mut() else { return };
            signed.used = signed.used.max(now);
            if now.duration_since(written).as_secs() < WRITE_USE_AFTER {
                return;
            }
            let signed = signed.clone();
            state.written = now;
            vault.map(|vault| (vault, signed))
        };
        if let Some((vault, signed)) = due {
            inner.kept.write(&vault, inner.random.as_ref(), &signed, now);
        }
    }

    /// Locks at once.
    pub fn lock(&self) {
        let now = self.0.clock.now();
        if self.governed() {
            self.shut(Reason::Now(now));
        }
    }

    /// Locks what has run out, follows what other programs have done, and takes a changed policy over. To be called now
    /// and then; says whether anything has changed.
    pub fn look(&self) -> bool {
        let inner = &self.0;
        let before = self.is_locked();
        let policy = standing(&inner.system_dir, &inner.data_dir);
        let mut changed = false;
        {
            let mut state = inner.state();
            if !same(&policy, &state.policy) {
                changed = true;
                state.policy = policy;
                state.locked = Reason::Changed;
                let rights = match (&state.policy, &state.signed) {
                    (Standing::InForce(in_force), Some(signed)) => {
                        Rights::of(&in_force.policy, &signed.groups, &signed.organisations)
                    }
                    _ => Rights::default(),
                };
                state.rights = rights;
            }
        }
        let (signed, keeps) = {
            let state = inner.state();
            (state.signed.is_some(), state.vault.as_ref().is_some_and(|vault| vault.keeps()))
        };
        if signed && inner.state().rights.are_none() {
            self.shut(Reason::Changed);
        } else if signed && keeps && matches!(inner.kept.is_there(), Ok(false)) {
            self.shut(Reason::Elsewhere(inner.clock.now()));
        } else if !signed && self.governed() {
            self.take_up();
        }
        let changed = changed || self.is_locked() != before;
        if changed {
            self.tell();
        }
        changed
    }

    /// Locks if the sign-in has run out.
    fn expire(&self, now: Timestamp) {
        let inner = &self.0;
        let reason = {
            let mut state = inner.state();
            let (Standing::InForce(in_force), Some(signed)) = (&state.policy, &state.signed) else { return };
            let Some(reason) = over(&in_force.policy, signed, now) else { return };
            // Another program on the same data may be in use, or somebody has signed in there again.
            if let Some(other) = state.vault.as_ref().and_then(|vault| inner.kept.read(vault))
                && over(&in_force.policy, &other, now).is_none()
            {
                let rights = Rights::of(&in_force.policy, &other.groups, &other.organisations);
                if !rights.are_none() {
                    state.signed = Some(other);
                    state.rights = rights;
                    return;
                }
            }
            reason
        };
        self.shut(reason);
    }

    fn shut(&self, reason: Reason) {
        let inner = &self.0;
        {
            let mut state = inner.state();
            if state.signed.take().is_some() {
                tracing::info!(?reason, "Momsbud is locked.");
            }
            state.rights = Rights::default();
            state.vault = None;
            state.locked = reason;
            state.problem = None;
        }
        inner.kept.remove();
        self.tell();
    }

    /// Takes a signed policy over. While one is in force its own key decides; a person who may administer may bring
    /// another.
    ///
    /// # Errors
    /// `WorkForbidden` when an administrator's policy is in force or another key has signed it, `WorkPolicyRefused` with the
    /// reason.
    pub fn import(&self, content: &[u8]) -> Result<(), ErrorView> {
        let inner = &self.0;
        let none = matches!(inner.state().policy, Standing::None);
        let administers = none || (!self.is_locked() && self.may(Action::ImportPolicy, None).is_ok());
        WorkPolicy::import(&inner.system_dir, &inner.data_dir, content, administers)
            .map_err(|error| problem::of(ErrorCode::WorkPolicyRefused, &error))?;
        tracing::info!("A policy for work accounts has been imported.");
        self.look();
        Ok(())
    }

    /// How everything stands; none where no policy holds here.
    #[must_use]
    pub fn view(&self) -> Option<WorkView> {
        self.expire(self.0.clock.now());
        let language: vat_return::Language = self.0.language().into();
        let state = self.0.state();
        let sign_in = state.under_way.as_ref().map(UnderWay::view);
        let in_force = match &state.policy {
            Standing::None => return None,
            Standing::Unusable(detail) => {
                return Some(WorkView {
                    firm: String::new(),
                    contact: String::new(),
                    locked: true,
                    reason: Some(words::text("lock.unusable", language, &[("detail", detail)])),
                    unusable: true,
                    administrators: false,
                    version: 0,
                    person: None,
                    until: None,
                    permissions: Vec::new(),
                    groups_cut: false,
                    sign_in,
                    problem: None,
                });
            }
            Standing::InForce(in_force) => in_force,
        };
        if !in_force.policy.governs(self.0.environment) {
            return None;
        }
        let policy = &in_force.policy;
        let signed = state.signed.as_ref();
        Some(WorkView {
            firm: policy.firm.clone(),
            contact: policy.contact.clone(),
            locked: signed.is_none(),
            reason: signed.is_none().then(|| state.locked.sentence(policy, language)),
            unusable: false,
            administrators: in_force.source == Source::Administrator,
            version: policy.version,
            person: signed.map(|signed| WorkPersonView {
                name: signed.name.clone().or_else(|| signed.email.clone()).unwrap_or_default(),
                email: signed.email.clone(),
                organisations: signed
                    .organisations
                    .iter()
                    .map(|one| CompanyView {
                        org_number: one.number.to_string(),
                        name: one.name.clone().unwrap_or_default(),
                    })
                    .collect(),
            }),
            until: signed.map(|signed| ClockView { from: signed.since.to_string(), until: signed.until.to_string() }),
            permissions: state
                .rights
                .each()
                .map(|(permission, companies)| PermissionView {
                    permission,
                    companies: companies.listed().map(|these| these.iter().cloned().collect()),
                })
                .collect(),
            groups_cut: signed.is_some_and(|signed| !signed.groups.are_all()),
            sign_in,
            problem: state.problem.as_ref().map(|failure| failure.view(policy, language)),
        })
    }

    /// What a button or menu that locks says; none where there is nothing to lock.
    #[must_use]
    pub fn lock_label(&self) -> Option<String> {
        let open = self.governed() && !self.is_locked();
        open.then(|| words::text("lock.label", self.0.language().into(), &[]))
    }

    fn tell(&self) {
        // Nobody may be listening, and that is well.
        let _ = self.0.events.send(OfficeEvent::Work { work: self.view().map(Box::new) });
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

    fn language(&self) -> LanguageName {
        *self.language.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a sign-in has run out.
fn over(policy: &WorkPolicy, signed: &Signed, now: Timestamp) -> Option<Reason> {
    let session = i64::from(policy.lock.session_minutes) * 60;
    let until = signed.until.min(after(signed.since, session));
    if until <= now {
        return Some(Reason::Ended(until));
    }
    let idle = i64::from(policy.lock.idle_minutes) * 60;
    let idle_at = after(signed.used, idle);
    (idle > 0 && idle_at <= now).then_some(Reason::Idle(idle_at))
}

fn after(moment: Timestamp, seconds: i64) -> Timestamp {
    moment.saturating_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

fn standing(system: &Path, data: &Path) -> Standing {
    match WorkPolicy::in_force(system, data) {
        Ok(None) => Standing::None,
        Ok(Some(in_force)) => Standing::InForce(Box::new(in_force)),
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}")).unwrap_or_default();
            Standing::Unusable(format!("{error}{cause}"))
        }
    }
}

fn same(one: &Standing, other: &Standing) -> bool {
    match (one, other) {
        (Standing::None, Standing::None) => true,
        (Standing::Unusable(one), Standing::Unusable(other)) => one == other,
        (Standing::InForce(one), Standing::InForce(other)) => one.policy == other.policy && one.source == other.source,
        _ => false,
    }
}

impl Reason {
    fn sentence(self, policy: &WorkPolicy, language: vat_return::Language) -> String {
        let time = |at: Timestamp| at.to_zoned(TimeZone::system()).strftime("%H.%M").to_string();
        let said = |key: &str, at| words::text(key, language, &[("time", &time(at))]);
        match self {
            Self::Start => words::text("lock.start", language, &[]),
            Self::Idle(at) => {
                let minutes = policy.lock.idle_minutes.to_string();
                words::text("lock.idle", language, &[("minutes", &minutes), ("time", &time(at))])
            }
            Self::Now(at) => said("lock.now", at),
            Self::Ended(at) => said("lock.ended", at),
            Self::Elsewhere(at) => said("lock.elsewhere", at),
            Self::Changed => words::text("lock.changed", language, &[]),
        }
    }
}
