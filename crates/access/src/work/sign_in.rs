//! Signing in with a work account: through the browser to Ansattporten and back, and then past the policy.

use std::{sync::Arc, time::Duration};

use id_porten::{
    ConversationHost, DeliveryError, Grant, Integration, LinkAnswer, LinkError, OpenError, SignInError, SignInOptions,
    StateKey, StoredAttempt, Turn, work::Employee,
};
use secrecy::{ExposeSecret as _, SecretString};
use store::vault::Vault;
use url::Url;
use view::{
    ErrorCode, SignInView, WorkView,
    problem::{self, Problem},
};

use super::{
    Failure, PolicyState, Work,
    account_store::{ATTEMPT, Signed},
    lock::{Reason, after},
    policy::WorkPolicy,
    rights::Rights,
};
use crate::{
    integrations::Destinations,
    link::{self, Awaited},
};

/// How long a sign-in may take.
const LIMIT: Duration = Duration::from_secs(5 * 60);

/// What one sign-in asks for.
#[derive(Debug, Clone, Default)]
pub struct WorkSignInRequest {
    /// Who is expected, in the practice Ansattporten's form; nobody else takes one.
    pub login_hint: Option<String>,
    /// How long it may take; five minutes when nothing is said.
    pub limit: Option<Duration>,
}

impl Work {
    /// Signs an employee in through her browser; returns how everything stands when that has ended, however it ended. It
    /// goes on to its end even when the answer is not waited for; [`Work::cancel_sign_in`] ends it.
    pub async fn sign_in(&self, request: WorkSignInRequest) -> Option<WorkView> {
        let work = self.clone();
        // Who does not wait any more must not leave half a sign-in behind.
        let _ = tokio::spawn(async move { work.run(request).await }).await;
        self.view()
    }

    async fn run(&self, request: WorkSignInRequest) {
        let Some((policy, turn)) = self.begin(request.limit.unwrap_or(LIMIT)) else { return };
        let ended = self.ask(&policy, &request, &turn).await;
        self.finish(&policy, ended).await;
        drop(turn);
    }

    /// Takes the one place there is for a sign-in; none where one is under way, or where no policy asks for any.
    fn begin(&self, limit: Duration) -> Option<(WorkPolicy, Turn<Self>)> {
        let inner = &self.0;
        let policy = match &inner.state().policy {
            PolicyState::InForce(in_force) if in_force.policy.governs(inner.environment) => in_force.policy.clone(),
            _ => return None,
        };
        let turn = inner.conversation.begin(self, inner.clock.now(), limit)?;
        inner.state().problem = None;
        self.publish();
        Some((policy, turn))
    }

    /// Lets an employee in, or says why not.
    async fn finish(&self, policy: &WorkPolicy, ended: Result<Option<Employee>, Failure>) {
        let let_in = match ended {
            Ok(Some(employee)) => match Failure::of_employee(policy, &employee) {
                None => Ok(Some(employee)),
                Some(failure) => Err(failure),
            },
            other => other,
        };
        match let_in {
            Ok(Some(employee)) => self.let_in(employee, policy).await,
            Ok(None) => {}
            Err(failure) => {
                tracing::info!(kind = ?failure.kind, "A work account did not get in.");
                self.0.state().problem = Some(failure);
            }
        }
    }

    /// Opens the program for an employee.
    async fn let_in(&self, employee: Employee, policy: &WorkPolicy) {
        let inner = &self.0;
        let now = inner.clock.now();
        let signed = Signed {
            issuer: employee.identity.issuer.clone(),
            sub: employee.identity.sub.clone(),
            name: employee.identity.name.clone(),
            email: employee.email.clone(),
            groups: employee.groups.clone(),
            organisations: employee.organisations.known.clone(),
            since: now,
            until: after(now, i64::from(policy.lock.session_minutes) * 60),
            used: now,
        };
        let rights = Rights::of(policy, &signed.groups, &signed.organisations);
        let vault = if self.always_withholds_vault_key() {
            None
        } else {
            let (keyring, random) = (Arc::clone(&inner.keyring), Arc::clone(&inner.random));
            // On a thread that may wait: the keyring may ask to be unlocked.
            let opened = tokio::task::spawn_blocking(move || Vault::open(keyring.as_ref(), random.as_ref())).await;
            opened.ok().and_then(Result::ok).map(Arc::new)
        };
        if let Some(vault) = &vault {
            inner.kept.write(vault, inner.random.as_ref(), &signed, now);
        }
        let mut state = inner.state();
        state.signed = Some(signed);
        state.rights = rights;
        state.vault = vault;
        state.written = now;
        state.locked = Reason::Start;
        state.problem = None;
        tracing::info!("A work account has opened Momsbud.");
    }

    /// Gives up the sign-in that is under way, if any.
    pub fn cancel_sign_in(&self) {
        self.0.conversation.cancel();
    }

    /// The link of the sign-in that is under way, as soon as there is one.
    #[must_use]
    pub fn sign_in_link(&self) -> Option<Url> {
        self.0.conversation.link()
    }

    /// Whether a sign-in with a work account waits for an answer, and how. Found out by its state alone: nothing sealed is
    /// opened, and nobody is asked for a password.
    #[must_use]
    pub fn awaits(&self, answer: &LinkAnswer) -> Option<Awaited> {
        if self.0.conversation.expects(answer) {
            return Some(Awaited::UnderWay);
        }
        self.stored_attempt_row(answer).map(|_| Awaited::Stored)
    }

    /// Hands an answer to the sign-in that waits for it.
    ///
    /// # Errors
    /// It is for no sign-in, or for another one; the one under way goes on.
    pub fn deliver(&self, answer: &LinkAnswer) -> Result<(), DeliveryError> {
        self.0.conversation.deliver(answer)
    }

    /// Takes up the sign-in that an earlier run of the program began, with the answer that has started this one; returns when
    /// it has ended, and whether the answer was its.
    pub async fn resume(&self, answer: LinkAnswer) -> bool {
        let Some(row) = self.stored_attempt_row(&answer) else { return false };
        let work = self.clone();
        tokio::spawn(async move { work.resume_attempt(&answer, row).await }).await.unwrap_or(false)
    }

    /// What the attempt is kept under that an answer is to, where one is kept.
    fn stored_attempt_row(&self, answer: &LinkAnswer) -> Option<String> {
        let row = self.row(answer.key());
        self.0.kept.has(ATTEMPT, &row).unwrap_or(false).then_some(row)
    }

    fn row(&self, key: &StateKey) -> String {
        format!("{} {}", self.0.id(), key.as_str())
    }

    async fn resume_attempt(&self, answer: &LinkAnswer, row: String) -> bool {
        let inner = &self.0;
        let Some(way_in) = &inner.way_in else { return false };
        // On a thread that may wait: the keyring may ask to be unlocked.
        let (work, its_row) = (self.clone(), row.clone());
        let kept = tokio::task::spawn_blocking(move || {
            let kept = work.0.kept.get(ATTEMPT, &its_row, &work.vault().ok()?)?;
            StoredAttempt::read(std::str::from_utf8(&kept).ok()?, work.0.clock.now())
        });
        let Some(kept) = kept.await.ok().flatten() else {
            inner.kept.delete(ATTEMPT, &row);
            return false;
        };
        let Some((policy, turn)) = self.begin(LIMIT) else { return false };
        // It serves once.
        inner.kept.delete(ATTEMPT, &row);
        let ended = match integration(self, &policy).await {
            // The code was asked for by other addresses, and is not shown to these.
            Ok(integration) if destinations(&integration) != kept.tag() => Ok(None),
            Ok(integration) => {
                let options = SignInOptions::default();
                employee_of(turn.resume(&way_in.party, &integration, &kept, options, answer).await, &policy)
            }
            Err(failure) => Err(failure),
        };
        self.finish(&policy, ended).await;
        drop(turn);
        true
    }

    /// A link that has not been used: a pushed request serves once.
    ///
    /// # Errors
    /// `NotFound` where no sign-in is under way, `Unreachable` where there is no new link to be had.
    pub async fn fresh_link(&self) -> Result<Url, Problem> {
        self.0.conversation.fresh_link().await.map_err(|error| no_link(&error))
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// As [`Work::fresh_link`]; `NoBrowser`.
    pub async fn reopen_browser(&self) -> Result<(), Problem> {
        self.0.conversation.reopen(self).await.map_err(|error| no_link(&error))
    }

    /// Sends the browser off and waits for an employee to come home; nobody where she gave it up in the program.
    async fn ask(
        &self,
        policy: &WorkPolicy,
        request: &WorkSignInRequest,
        turn: &Turn<Self>,
    ) -> Result<Option<Employee>, Failure> {
        let inner = &self.0;
        let integration = integration(self, policy).await?;
        let Some(way_in) = &inner.way_in else { return Err(Failure::other(&"there is no way in here")) };
        let options = SignInOptions {
            ui_locale: inner.language(),
            login_hint: request.login_hint.clone(),
            ..SignInOptions::default()
        };
        let (now, tag) = (inner.clock.now(), destinations(&integration));
        employee_of(turn.ask(&way_in.party, &integration, options, now, &tag).await, policy)
    }

    /// The sign-in that is under way, for the window.
    pub(super) fn sign_in_view(&self) -> Option<SignInView> {
        let shown = self.0.conversation.shown()?;
        let gives_up_at = view::texts::moment(shown.gives_up_at);
        Some(SignInView { gives_up_at, browser_opened: shown.browser_opened, another: None })
    }
}

impl ConversationHost for Work {
    fn open(&self, address: &Url) -> Result<(), OpenError> {
        match &self.0.way_in {
            Some(way_in) => way_in.browser.open(address).map_err(OpenError::from),
            None => Err(OpenError { reason: "there is no browser here".to_owned(), astray: false }),
        }
    }

    fn changed(&self) {
        self.publish();
    }

    fn store(&self, key: &StateKey, kept: &SecretString) -> bool {
        let inner = &self.0;
        // A key that is kept back is not asked for: then the program must stay open.
        let Ok(vault) = self.vault() else { return false };
        let now = inner.clock.now();
        inner.kept.remove_old(ATTEMPT, now);
        inner.kept.put(ATTEMPT, &self.row(key), &vault, inner.random.as_ref(), kept.expose_secret().as_bytes(), now)
    }

    fn discard(&self, key: &StateKey) {
        self.0.kept.delete(ATTEMPT, &self.row(key));
    }
}

/// The client that the rules name, asking for what they ask for.
async fn integration(work: &Work, policy: &WorkPolicy) -> Result<Integration, Failure> {
    let inner = &work.0;
    let Some(way_in) = &inner.way_in else { return Err(Failure::other(&"there is no way in here")) };
    let at = inner.environment.into();
    let issuer = policy.sign_in.issuers.get(&at).unwrap_or(&way_in.issuer).clone();
    let client_id = policy.sign_in.clients.get(&at).map(|client| client.client_id.clone()).unwrap_or_default();
    // On a thread that may wait: the keyring may ask to be unlocked.
    let asking = work.clone();
    let proof = tokio::task::spawn_blocking(move || asking.client_proof()).await;
    let mut integration = policy.sign_in.request.through(Integration::native(issuer, client_id));
    integration.authentication = proof.map_err(|error| Failure::other(&error))??;
    integration.redirect = link::with_known_scheme(&policy.sign_in.redirect);
    integration.endpoints = policy.sign_in.endpoints.clone();
    Ok(integration)
}

/// Where the answer's code goes.
fn destinations(integration: &Integration) -> String {
    Destinations::of(&integration.issuer, &integration.endpoints).bound()
}

/// Who came home.
fn employee_of(ended: Result<Grant, SignInError>, policy: &WorkPolicy) -> Result<Option<Employee>, Failure> {
    match ended {
        Ok(grant) => {
            Employee::of(&grant, &policy.sign_in.request).map(Some).map_err(|error| Failure::untrusted(&error))
        }
        Err(error) => Failure::of_sign_in(&error).map_or(Ok(None), Err),
    }
}

fn no_link(error: &LinkError) -> Problem {
    let code = match error {
        LinkError::None => ErrorCode::NotFound,
        LinkError::Open(_) => ErrorCode::NoBrowser,
        _ => ErrorCode::Unreachable,
    };
    problem::of(code, error)
}
