//! Signing in with a work account: through the browser to Ansattporten and back, and then past the policy.

use std::{sync::Arc, time::Duration};

use id_porten::{
    Attempt, Delivery, DeliveryError, Integration, Link, SignInError, SignInOptions, UiLocale, work::Employee,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;
use url::Url;
use zeroize::Zeroizing;

use super::{
    Failure, Inner, Standing, Work,
    kept::{ATTEMPT, Signed},
    lock::{Reason, after},
    policy::WorkPolicy,
    rights::Rights,
};
use crate::{
    filings::word,
    problem,
    vault::Vault,
    view::{ErrorCode, ErrorView, LanguageName, SignInView, WorkView},
};

/// How long a sign-in may take.
const LIMIT: Duration = Duration::from_secs(5 * 60);
/// How long the browser may take to start.
const BROWSER_PATIENCE: Duration = Duration::from_secs(10);

/// What one sign-in asks for.
#[derive(Debug, Clone, Default)]
pub struct WorkSignInRequest {
    /// Who is expected, in the practice Ansattporten's form; nobody else takes one.
    pub login_hint: Option<String>,
    /// How long it may take; five minutes when nothing is said.
    pub limit: Option<Duration>,
}

/// A sign-in under way.
pub(super) struct UnderWay {
    cancel: CancellationToken,
    link: Option<Url>,
    again: Option<Link>,
    delivery: Option<Delivery>,
    gives_up_at: Timestamp,
    browser_opened: bool,
}

impl UnderWay {
    pub(super) fn view(&self) -> SignInView {
        SignInView { gives_up_at: self.gives_up_at.to_string(), browser_opened: self.browser_opened }
    }
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
        let Some((policy, cancel, place)) = self.begin(request.limit.unwrap_or(LIMIT)) else { return };
        let ended = ask(self, &policy, &request, &cancel).await;
        self.settle(&policy, ended).await;
        drop(place);
    }

    /// Takes the one place there is for a sign-in; none where one is under way, or where no policy asks for any.
    fn begin(&self, limit: Duration) -> Option<(WorkPolicy, CancellationToken, Place<'_>)> {
        let inner = &self.0;
        let cancel = CancellationToken::new();
        let policy = {
            let mut state = inner.state();
            let policy = match &state.policy {
                Standing::InForce(in_force) if in_force.policy.governs(inner.environment) => in_force.policy.clone(),
                _ => return None,
            };
            if state.under_way.is_some() {
                return None;
            }
            let gives_up_at = after(inner.clock.now(), i64::try_from(limit.as_secs()).unwrap_or(i64::MAX));
            state.under_way = Some(UnderWay {
                cancel: cancel.clone(),
                link: None,
                again: None,
                delivery: None,
                gives_up_at,
                browser_opened: true,
            });
            state.problem = None;
            policy
        };
        self.tell();
        Some((policy, cancel, Place(self)))
    }

    /// Lets an employee in, or says why not.
    async fn settle(&self, policy: &WorkPolicy, ended: Result<Option<Employee>, Failure>) {
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
        let vault = if self.keeps_key_back_always() {
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
        if let Some(under_way) = &self.0.state().under_way {
            under_way.cancel.cancel();
        }
    }

    /// The link of the sign-in that is under way, as soon as there is one.
    #[must_use]
    pub fn sign_in_link(&self) -> Option<Url> {
        self.0.state().under_way.as_ref().and_then(|under_way| under_way.link.clone())
    }

    /// Hands a deep link (`momsbud://callback?…`) to the sign-in that waits for it.
    ///
    /// # Errors
    /// It is for no sign-in, or for another one; the one under way goes on.
    pub fn deliver(&self, link: &Url) -> Result<(), DeliveryError> {
        let delivery = self.0.state().under_way.as_ref().and_then(|under_way| under_way.delivery.clone());
        delivery.ok_or(DeliveryError::Over)?.deliver(link)
    }

    /// Takes up the sign-in that an earlier run of the program began, with the link that has started this one; returns when
    /// it has ended, and whether the link was its.
    pub async fn resume(&self, link: &Url) -> bool {
        let (work, link) = (self.clone(), link.clone());
        tokio::spawn(async move { work.take_up_attempt(&link).await }).await.unwrap_or(false)
    }

    async fn take_up_attempt(&self, link: &Url) -> bool {
        let inner = &self.0;
        let id = word(&inner.environment);
        let Some(way_in) = &inner.way_in else { return false };
        if !inner.kept.has(ATTEMPT, &id).unwrap_or(false) {
            return false;
        }
        // On a thread that may wait: the keyring may ask to be unlocked.
        let work = self.clone();
        let kept = tokio::task::spawn_blocking(move || {
            let vault = work.vault().ok()?;
            let kept = work.0.kept.get(ATTEMPT, &word(&work.0.environment), &vault)?;
            serde_json::from_slice::<KeptAttempt>(&kept).ok()
        });
        let Some(kept) = kept.await.ok().flatten().filter(|kept| inner.clock.now() <= kept.until) else {
            inner.kept.delete(ATTEMPT, &id);
            return false;
        };
        let Some((policy, cancel, place)) = self.begin(LIMIT) else { return false };
        let options = SignInOptions { limit: LIMIT, ..SignInOptions::default() };
        let attempt = match integration(self, &policy).await {
            Ok(integration) => way_in.party.resume(&integration, &SecretString::from(kept.attempt), options).await.ok(),
            Err(_) => None,
        };
        let Some(attempt) = attempt else { return false };
        if attempt.delivery().is_none_or(|delivery| delivery.deliver(link).is_err()) {
            // Somebody else's link: any page may open one, and none may end a sign-in by it.
            return false;
        }
        inner.kept.delete(ATTEMPT, &id);
        let ended = finish(attempt, &policy, &cancel).await;
        self.settle(&policy, ended).await;
        drop(place);
        true
    }

    /// A link that has not been used: a pushed request serves once.
    ///
    /// # Errors
    /// `NotFound` where no sign-in is under way, `Unreachable` where there is no new link to be had.
    pub async fn fresh_link(&self) -> Result<Url, ErrorView> {
        let again = self.0.state().under_way.as_ref().and_then(|under_way| under_way.again.clone());
        let again = again.ok_or_else(|| problem::says(ErrorCode::NotFound, "No sign-in is under way."))?;
        again.again().await.map_err(|error| problem::of(ErrorCode::Unreachable, &error))
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// As [`Work::fresh_link`]; `NoBrowser`.
    pub async fn reopen_browser(&self) -> Result<(), ErrorView> {
        let link = self.fresh_link().await?;
        let opened = open_browser(&self.0, link).await;
        if let Some(under_way) = self.0.state().under_way.as_mut() {
            under_way.browser_opened = opened.is_ok();
        }
        self.tell();
        opened.map_err(|message| problem::says(ErrorCode::NoBrowser, message))
    }
}

/// A sign-in's place; whatever way it ends, the place is free again and everybody hears of it.
struct Place<'a>(&'a Work);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.0.state().under_way = None;
        self.0.tell();
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
    integration.redirect = policy.sign_in.redirect.clone();
    integration.endpoints = policy.sign_in.endpoints.clone();
    Ok(integration)
}

/// Sends the browser off and waits for an employee to come home; nobody where she gave it up in the program.
async fn ask(
    work: &Work,
    policy: &WorkPolicy,
    request: &WorkSignInRequest,
    cancel: &CancellationToken,
) -> Result<Option<Employee>, Failure> {
    let inner = &work.0;
    let integration = integration(work, policy).await?;
    let Some(way_in) = &inner.way_in else { return Err(Failure::other(&"there is no way in here")) };
    let limit = request.limit.unwrap_or(LIMIT);
    let options = SignInOptions {
        ui_locale: match inner.language() {
            LanguageName::Nb => UiLocale::Nb,
            LanguageName::Nn => UiLocale::Nn,
            LanguageName::En => UiLocale::En,
        },
        login_hint: request.login_hint.clone(),
        limit,
        ..SignInOptions::default()
    };
    let begun = tokio::select! {
        attempt = way_in.party.begin(&integration, options) => attempt,
        () = cancel.cancelled() => return Ok(None),
    };
    let attempt = match begun {
        Ok(attempt) => attempt,
        Err(error) => return failed(&error),
    };
    let link = attempt.url().clone();
    if let Some(under_way) = inner.state().under_way.as_mut() {
        under_way.link = Some(link.clone());
        under_way.again = Some(attempt.link());
        under_way.delivery = attempt.delivery();
    }
    work.tell();
    let kept = keep(work, &attempt, limit).await;
    // Beside the waiting and not before it: a browser that takes its time to start may come home before it is done.
    let opening = async {
        if let Err(error) = open_browser(inner, link).await {
            tracing::warn!(%error, "The sign-in waits for its link to be opened by hand.");
            if let Some(under_way) = inner.state().under_way.as_mut() {
                under_way.browser_opened = false;
            }
            work.tell();
        }
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = finish(attempt, policy, cancel) => ended,
        () = opening => return Ok(None),
    };
    if kept {
        // Ended here, however: no other run may go on with it.
        inner.kept.delete(ATTEMPT, &word(&inner.environment));
    }
    ended
}

/// Waits for the browser to come home, and reads who came.
async fn finish(
    attempt: Attempt,
    policy: &WorkPolicy,
    cancel: &CancellationToken,
) -> Result<Option<Employee>, Failure> {
    match attempt.finish(cancel.clone()).await {
        Ok(grant) => {
            Employee::of(&grant, &policy.sign_in.request).map(Some).map_err(|error| Failure::untrusted(&error))
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &SignInError) -> Result<Option<Employee>, Failure> {
    Failure::of_sign_in(error).map_or(Ok(None), Err)
}

/// An attempt as it is sealed while an employee is in her browser.
#[derive(Serialize, Deserialize)]
struct KeptAttempt {
    until: Timestamp,
    attempt: String,
}

/// Keeps what another run needs to take the answer, where the answer is a link that may start it. Whether anything is kept.
async fn keep(work: &Work, attempt: &Attempt, limit: Duration) -> bool {
    let Some(attempt) = attempt.to_keep() else { return false };
    let work = work.clone();
    let keeping = tokio::task::spawn_blocking(move || {
        let inner = &work.0;
        // A key that is kept back is not asked for: then the program must stay open.
        let Ok(vault) = work.vault() else { return false };
        let now = inner.clock.now();
        let until = after(now, i64::try_from(limit.as_secs()).unwrap_or(i64::MAX));
        let kept = KeptAttempt { until, attempt: attempt.expose_secret().to_owned() };
        let Ok(content) = serde_json::to_vec(&kept).map(Zeroizing::new) else { return false };
        inner.kept.put(ATTEMPT, &word(&inner.environment), &vault, inner.random.as_ref(), &content, now)
    });
    keeping.await.unwrap_or(false)
}

async fn open_browser(inner: &Inner, address: Url) -> Result<(), String> {
    let Some(way_in) = &inner.way_in else { return Err("there is no browser here".to_owned()) };
    let browser = Arc::clone(&way_in.browser);
    let opening = tokio::task::spawn_blocking(move || browser.open(&address));
    match tokio::time::timeout(BROWSER_PATIENCE, opening).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(error))) => Err(error.to_string()),
        Ok(Err(_)) => Err("the attempt broke off".to_owned()),
        Err(_) => Err("it did not start in time".to_owned()),
    }
}
