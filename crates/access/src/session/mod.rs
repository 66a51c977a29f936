//! The session: who is signed in, with tokens kept fresh for whoever calls the authorities in her name.
//!
//! One person at a time. A token is handed out only for the authorization of the person who is signed in, so that a
//! filing cannot travel under somebody else's name. However many ask at once, one renewal runs at a time, and it runs
//! to its end even when nobody waits for it any more: a renewed one-time token that is not stored would be lost.

mod companies;
mod error;
mod expected_person;
mod machine;
mod once;
mod portal;
mod renewal;
mod restored;
mod revocation;
mod sign_in;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use altinn::{ApiError, BearerToken, Client};
pub use error::{Cure, SessionError};
use id_porten::{Browser, Clock, Conversation, Integration, Random, RelyingParty};
use jiff::Timestamp;
pub use portal::open_without_argv;
use renewal::{Renewals, Want};
use restored::{Restored, restore};
use secrecy::SecretString;
pub use sign_in::{DeliveryError, SignInRequest};
use store::vault::ArchiveKey;
use tokio::sync::broadcast;
use view::{
    ClockView, CompanyView, KeyringState, OfficeEvent, ScopeView, SessionView, SignInView, problem::Problem,
    readable_name, texts,
};

use crate::{
    authorizations::{Authorization, AuthorizationId, Authorizations, StoredIntegration, Tokens},
    integrations::{IntegrationError, IntegrationId, IntegrationSettings},
    work::{Permit, Work, rights::Action},
};

/// How long a sign-in may take.
pub const SIGN_IN_LIMIT: Duration = Duration::from_secs(5 * 60);
/// How often the session looks whether a token is due.
pub const CHECK_EVERY: Duration = Duration::from_secs(15);
/// How long the authorities are given to take tokens back at a sign-out; the person is signed out here all the same.
const SIGN_OUT_PATIENCE: Duration = Duration::from_secs(10);

/// What a session is made of.
pub struct SessionParts {
    /// The integration that the environment brings along; others are in the store.
    pub integration: IntegrationSettings,
    /// The store.
    pub authorizations: Authorizations,
    /// The relying party.
    pub id_porten: RelyingParty,
    /// Altinn and Skatteetaten.
    pub altinn: Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for keys of authorizations.
    pub random: Arc<dyn Random>,
    /// The person's browser.
    pub browser: Arc<dyn Browser>,
    /// A file that is locked while a token is renewed, so that two programs on the same data never use the same one-time
    /// token; created when needed.
    pub renewal_lock: PathBuf,
    /// How long a sign-in may take; [`SIGN_IN_LIMIT`].
    pub sign_in_limit: Duration,
    /// How often to look whether a token is due; [`CHECK_EVERY`].
    pub check_every: Duration,
    /// Where changes are told.
    pub events: broadcast::Sender<OfficeEvent>,
    /// Who may do what.
    pub work: Work,
}

/// Who is signed in. Cheap to clone; all clones are the same session.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    parts: SessionParts,
    state: Mutex<State>,
    renewals: Renewals,
    conversation: Arc<Conversation>,
}

#[derive(Default)]
struct State {
    signed_in: Option<SignedIn>,
    /// Who came back and was not expected.
    question: Option<expected_person::Question>,
    /// Who was signed in until the session ran out: who signs in next is expected to be her.
    lost: Option<AuthorizationId>,
    /// Somebody was signed in when the program ended, and the clock says that her tokens have ended. It may be the clock.
    lapsed: bool,
    /// Keyring and clock, as the window was last told.
    machine_told: Option<(KeyringState, Option<u32>)>,
}

#[derive(Clone)]
struct SignedIn {
    pub authorization: Authorization,
    integration: IntegrationSettings,
    tokens: Tokens,
    altinn_problem: Option<Problem>,
    companies: Vec<CompanyView>,
}

/// Why a call in the person's name did not succeed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CallError {
    /// There was no token for it.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The authority said no, or nothing.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl Session {
    /// Opens the session: whoever was signed in when the program ended still is, if her tokens are stored and have not
    /// run out. Starts the task that keeps tokens fresh; it ends with the session.
    ///
    /// # Errors
    /// The database.
    pub fn open(parts: SessionParts) -> Result<Self, SessionError> {
        let (restored, lapsed) = match restore(&parts)? {
            Restored::Whole(restored) => (Some(*restored), false),
            Restored::Lapsed => (None, true),
            Restored::None => (None, false),
        };
        let was_signed_in = restored.is_some();
        let lost = match &restored {
            Some(_) => None,
            None => parts.authorizations.current()?.map(|authorization| authorization.id),
        };
        let inner = Arc::new(Inner {
            parts,
            state: Mutex::new(State { signed_in: restored, lapsed, lost, ..State::default() }),
            renewals: Renewals::default(),
            conversation: Arc::default(),
        });
        tokio::spawn(renewal::renew_in_time(Arc::downgrade(&inner)));
        let session = Self(inner);
        if was_signed_in {
            let restored = session.clone();
            tokio::spawn(async move { restored.0.fetch_companies().await });
        }
        Ok(session)
    }

    /// Who is signed in, for the window.
    #[must_use]
    pub fn view(&self) -> Option<SessionView> {
        self.0.view()
    }

    /// Who is signed in, as far as the work account may see it: nobody while the program is locked, and no companies that
    /// the firm's rules keep from her.
    #[must_use]
    pub fn shown(&self) -> Option<SessionView> {
        self.0.shown()
    }

    /// The sign-in that is under way, for the window.
    #[must_use]
    pub fn sign_in_view(&self) -> Option<SignInView> {
        self.0.sign_in_view()
    }

    /// The key that folders of the archive are sealed with, where the keyring gives one.
    pub fn archive_key(&self) -> Option<ArchiveKey> {
        self.0.parts.authorizations.secrets().vault().archive_key()
    }

    /// The password of this desk at the office register, for this way; none where none is kept or the vault is shut.
    ///
    /// # Errors
    /// The database.
    pub fn register_password(&self, way: &str) -> Result<Option<SecretString>, SessionError> {
        Ok(self.0.parts.authorizations.register_password(way)?)
    }

    /// What is kept sealed, for what belongs to no session.
    #[must_use]
    pub fn store(&self) -> &Authorizations {
        &self.0.parts.authorizations
    }

    /// The authorization of the person who is signed in: what a filing that begins now belongs to.
    #[must_use]
    pub fn authorization(&self) -> Option<Authorization> {
        self.0.state().signed_in.as_ref().map(|signed_in| signed_in.authorization.clone())
    }

    /// When the person who is signed in must sign in again, whatever the program does by itself until then.
    #[must_use]
    pub fn signs_in_again(&self) -> Option<(Authorization, Timestamp)> {
        let state = self.0.state();
        let SignedIn { authorization, tokens, .. } = state.signed_in.as_ref()?;
        let until = match (&tokens.refresh, tokens.refresh_until) {
            (Some(_), Some(until)) => until.min(authorization.ends_at),
            (Some(_), None) => authorization.ends_at,
            (None, _) => tokens.access_until.min(authorization.ends_at),
        };
        Some((authorization.clone(), until))
    }

    /// All authorizations of this environment, the newest first.
    ///
    /// # Errors
    /// The database.
    pub fn authorizations(&self) -> Result<Vec<Authorization>, SessionError> {
        Ok(self.0.parts.authorizations.all()?)
    }

    /// The ID-porten token of that authorization, renewed if it is due; for Skatteetaten's validation.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn id_porten_token(&self, id: &AuthorizationId) -> Result<BearerToken, SessionError> {
        renewal::token(&self.0, id, Want::IdPorten, None).await
    }

    /// The Altinn token of that authorization, renewed if it is due.
    ///
    /// # Errors
    /// See [`SessionError`].
    pub async fn altinn_token(&self, id: &AuthorizationId) -> Result<BearerToken, SessionError> {
        renewal::token(&self.0, id, Want::Altinn, None).await
    }

    /// Calls Altinn in the name of that authorization. A 401, with which nothing has been done, renews the tokens once
    /// and calls once more; a second 401 is [`SessionError::NeedsSignIn`].
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn with_altinn<T, F, Called>(&self, id: &AuthorizationId, call: F) -> Result<T, CallError>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        self.with(id, Want::Altinn, call).await
    }

    /// The same with the ID-porten token.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn with_id_porten<T, F, Called>(&self, id: &AuthorizationId, call: F) -> Result<T, CallError>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        self.with(id, Want::IdPorten, call).await
    }

    async fn with<T, F, Called>(&self, id: &AuthorizationId, want: Want, call: F) -> Result<T, CallError>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        let token = renewal::token(&self.0, id, want, None).await?;
        match call(token.clone()).await {
            Err(ApiError::Unauthorized { .. }) => {}
            other => return Ok(other?),
        }
        tracing::info!("A token was refused before its time and is renewed.");
        let renewed = renewal::token(&self.0, id, want, Some(&token)).await?;
        match call(renewed).await {
            Err(ApiError::Unauthorized { .. }) => {
                // Altinn has just given that token itself: it accepts this person's sign-in no more. Skatteetaten's
                // validation may have reasons of its own, which must not end what works with Altinn.
                if want == Want::Altinn {
                    let _none_renews = self.0.renewals.pause().await;
                    self.0.end(id);
                }
                Err(SessionError::NeedsSignIn.into())
            }
            other => Ok(other?),
        }
    }

    /// Lets a renewal that is running end and be stored; none begins any more. To be waited for before the program ends:
    /// a one-time token that has been used and not been replaced costs the person a sign-in.
    pub async fn close(&self) {
        self.cancel_sign_in();
        self.0.renewals.close().await;
    }

    /// Signs the person out: her tokens are dropped here, taken back at ID-porten as far as it can be reached, and the
    /// browser is sent to end her session there.
    ///
    /// # Errors
    /// The database; then she is signed out only until the program starts again.
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        self.0.may(Action::SignOut)?;
        self.cancel_sign_in();
        let inner = &self.0;
        let (signed_in, stored) = {
            let _none_renews = inner.renewals.pause().await;
            let Some(signed_in) = inner.state().signed_in.take() else {
                inner.state().lost = None;
                return Ok(());
            };
            inner.state().lost = None;
            let stored = inner.parts.authorizations.signed_out(&signed_in.authorization.id);
            (signed_in, stored)
        };
        inner.publish_session();
        let revoked = tokio::time::timeout(SIGN_OUT_PATIENCE, inner.revoke(&signed_in)).await;
        if revoked.is_err() {
            tracing::warn!("ID-porten did not answer the sign-out in time.");
        }
        Ok(stored?)
    }

    /// Takes the vault's key into use that was withheld until a work account had signed in, and goes on with the sign-in
    /// that lies in the vault.
    pub async fn release(&self) {
        let inner = Arc::clone(&self.0);
        if inner.parts.work.withholds_vault_key() || !inner.parts.authorizations.secrets().vault().is_withheld() {
            return;
        }
        // On a thread that may wait: the keyring may ask to be unlocked.
        let opening = tokio::task::spawn_blocking(move || {
            let released = inner.parts.authorizations.release_key();
            if let Err(error) = &released {
                tracing::error!(%error, "The vault could not be opened.");
            }
            restore(&inner.parts)
        });
        match opening.await {
            Ok(Ok(Restored::Whole(restored))) => {
                self.0.state().signed_in.get_or_insert(*restored);
                self.0.publish_session();
                let restored = self.clone();
                tokio::spawn(async move { restored.0.fetch_companies().await });
            }
            Ok(Ok(restored)) => self.0.state().lapsed = matches!(restored, Restored::Lapsed),
            Ok(Err(error)) => tracing::error!(%error, "The sign-in could not be gone on with."),
            Err(error) => tracing::error!(%error, "The vault could not be opened."),
        }
    }

    /// Forgets the vault's key and what was opened with it, where the key is to be withheld now. Nothing that is stored is
    /// touched.
    pub async fn withhold(&self) {
        let inner = &self.0;
        let secrets = inner.parts.authorizations.secrets();
        if !inner.parts.work.withholds_vault_key() || secrets.vault().is_withheld() {
            return;
        }
        let _none_renews = inner.renewals.pause().await;
        self.cancel_sign_in();
        inner.state().signed_in = None;
        if let Err(error) = secrets.withhold() {
            tracing::error!(%error, "The vault's key could not be forgotten.");
        }
        inner.publish_session();
    }

    /// Forgets an authorization altogether: signed out if it is the current one, its tokens taken back as far as they
    /// can be, everything of it gone from database and keyring.
    ///
    /// # Errors
    /// The database.
    pub async fn forget(&self, id: &AuthorizationId) -> Result<(), SessionError> {
        self.0.may(Action::Forget)?;
        let known = self.authorizations()?.into_iter().find(|known| known.id == *id);
        if self.authorization().is_some_and(|current| current.id == *id) {
            self.sign_out().await?;
        } else if let Some(settings) = known.and_then(|known| self.0.settings_of(&known.integration).ok())
            && let Some(tokens) = self.0.parts.authorizations.tokens(id, &settings)?
        {
            // An integration that lacks its secret is no reason to keep what she wants forgotten.
            match self.0.integration(&settings) {
                Ok(integration) => {
                    let _ = tokio::time::timeout(SIGN_OUT_PATIENCE, self.0.revoke_tokens(&integration, &tokens)).await;
                }
                Err(error) => tracing::warn!(%error, "The tokens could not be taken back."),
            }
        }
        let (inner, id) = (Arc::clone(&self.0), id.clone());
        // On a thread that may wait: the keyring may ask to be unlocked.
        match tokio::task::spawn_blocking(move || inner.parts.authorizations.forget(&id)).await {
            Ok(forgotten) => Ok(forgotten?),
            Err(_) => Err(SessionError::Ending),
        }
    }

    /// The integration that a sign-in goes through when none is named: the chosen one, else the environment's own, else
    /// the first there is.
    ///
    /// # Errors
    /// The database.
    pub fn chosen_integration(&self) -> Result<IntegrationSettings, SessionError> {
        self.0.chosen()
    }

    /// Takes over what has become of an integration: the person who is signed in through it goes on with its new
    /// settings, or is signed out here where it is gone or has become another client.
    pub async fn integration_changed(&self, id: &IntegrationId) {
        let inner = &self.0;
        let _none_renews = inner.renewals.pause().await;
        let now = inner.settings_of(id).ok();
        let ended = {
            let mut state = inner.state();
            let Some(signed_in) = state.signed_in.as_mut().filter(|signed_in| signed_in.integration.id == *id) else {
                return;
            };
            match now {
                Some(now)
                    if !now.is_another_client_than(&signed_in.integration)
                        && now.destinations() == signed_in.integration.destinations() =>
                {
                    signed_in.integration = now;
                    None
                }
                _ => Some(signed_in.authorization.id.clone()),
            }
        };
        match ended {
            Some(id) => inner.end(&id),
            None => inner.publish_session(),
        }
    }

    /// The work account and the lock.
    #[must_use]
    pub fn work(&self) -> &Work {
        &self.0.parts.work
    }

    pub(crate) fn parts(&self) -> &SessionParts {
        &self.0.parts
    }

    /// Whether the tokens of the person who is signed in can be renewed without her; none where nobody is.
    pub(crate) fn has_refresh_token(&self) -> Option<bool> {
        self.0.state().signed_in.as_ref().map(|signed_in| signed_in.tokens.refresh.is_some())
    }
}

impl Inner {
    /// Asks the gate.
    fn may(&self, action: Action) -> Result<Permit, SessionError> {
        Ok(self.parts.work.may(action, None)?)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// An integration with its secret from the vault.
    fn integration(&self, settings: &IntegrationSettings) -> Result<Integration, SessionError> {
        let secret = self.parts.authorizations.client_secret(settings)?;
        Ok(settings.with_secret(secret.as_ref().map(|secret| secret.as_str()))?)
    }

    /// Where the tokens of an integration go, as they are sealed with it.
    fn destinations(&self, settings: &IntegrationSettings) -> String {
        self.parts.authorizations.destinations(settings)
    }

    /// The integration of the person who is signed in.
    fn current_integration(&self) -> Result<Integration, SessionError> {
        let settings = self.state().signed_in.as_ref().map(|signed_in| signed_in.integration.clone());
        self.integration(&settings.ok_or(SessionError::NeedsSignIn)?)
    }

    /// The settings of an integration of this environment.
    fn settings_of(&self, id: &IntegrationId) -> Result<IntegrationSettings, SessionError> {
        settings_of(&self.parts, id)
    }

    fn current_or_chosen(&self) -> Result<IntegrationSettings, SessionError> {
        let current = self.state().signed_in.as_ref().map(|signed_in| signed_in.integration.clone());
        current.map_or_else(|| self.chosen(), Ok)
    }

    fn chosen(&self) -> Result<IntegrationSettings, SessionError> {
        let store = &self.parts.authorizations;
        if let Some(chosen) = store.chosen_integration()?.and_then(|id| self.settings_of(&id).ok()) {
            return Ok(chosen);
        }
        let own = &self.parts.integration;
        if own.is_registered() {
            return Ok(own.clone());
        }
        // Never one that came in a file: whoever gives it away must not decide where a person's tokens go.
        let is_here = |stored: &StoredIntegration| stored.environment == store.environment() && !stored.imported;
        let first = store.integrations()?.into_iter().find(is_here);
        Ok(first.map_or_else(|| own.clone(), |stored| stored.settings))
    }

    fn view(&self) -> Option<SessionView> {
        let state = self.state();
        let SignedIn { authorization, integration, tokens, altinn_problem, companies } = state.signed_in.as_ref()?;
        Some(SessionView {
            authorization_id: authorization.id.to_string(),
            name: authorization.name.clone(),
            masked_id: authorization.masked_id.clone(),
            integration: integration.name.clone(),
            integration_id: integration.id.to_string(),
            signed_in_at: texts::moment(authorization.granted_at),
            scopes: scope_views(integration, authorization),
            id_porten: clock_view(tokens.access_from, tokens.access_until),
            altinn: tokens.altinn.as_ref().map(|altinn| clock_view(altinn.from, altinn.until)),
            altinn_problem: altinn_problem.clone().map(Into::into),
            authorization: clock_view(authorization.granted_at, authorization.ends_at),
            renews_itself: tokens.refresh.is_some(),
            companies: companies.clone(),
        })
    }

    fn shown(&self) -> Option<SessionView> {
        let work = &self.parts.work;
        if work.is_locked() {
            return None;
        }
        let mut view = self.view()?;
        view.companies.retain(|company| work.sees(&company.org_number));
        for company in &mut view.companies {
            company.name = readable_name(&company.name);
        }
        Some(view)
    }

    fn publish_session(&self) {
        // Nobody may be listening, and that is well.
        let _ = self.parts.events.send(OfficeEvent::Session { session: self.view().map(Box::new) });
        self.publish_machine_state();
    }

    fn publish_sign_in(&self) {
        let sign_in = self.sign_in_view();
        let _ = self.parts.events.send(OfficeEvent::SignIn { sign_in });
        self.publish_machine_state();
    }

    /// When an authorization ends: with the access token where nothing renews it, else as registered, or earlier where
    /// ID-porten says that the refresh token of a whole authorization ends earlier.
    fn authorization_end(integration: &IntegrationSettings, granted_at: Timestamp, tokens: &Tokens) -> Timestamp {
        let lifetimes = &integration.lifetimes;
        let registered = granted_at.saturating_add(lifetimes.authorization).unwrap_or(Timestamp::MAX);
        match (&tokens.refresh, tokens.refresh_until) {
            (None, _) => tokens.access_until.min(registered),
            (Some(_), Some(until)) if lifetimes.refresh_token.is_zero() => until.min(registered),
            (Some(_), _) => registered,
        }
    }
}

/// What was asked for, granted or not.
pub(crate) fn scope_views(integration: &IntegrationSettings, authorization: &Authorization) -> Vec<ScopeView> {
    let asked = integration.asked_scopes().into_iter();
    asked.map(|scope| ScopeView { granted: authorization.scopes.contains(&scope), scope }).collect()
}

fn settings_of(parts: &SessionParts, id: &IntegrationId) -> Result<IntegrationSettings, SessionError> {
    if parts.integration.id == *id {
        return Ok(parts.integration.clone());
    }
    let stored = parts.authorizations.integration(parts.authorizations.environment(), id)?;
    Ok(stored.ok_or(IntegrationError::Gone)?)
}

fn clock_view(from: Timestamp, until: Timestamp) -> ClockView {
    ClockView { from: texts::moment(from), until: texts::moment(until) }
}

impl From<IntegrationError> for CallError {
    fn from(error: IntegrationError) -> Self {
        Self::Session(error.into())
    }
}
