//! Keeping tokens fresh: one renewal at a time, however many callers and programs want one.

use std::{
    fs::File,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use altinn::{ApiError, BearerToken};
use id_porten::{AccessToken, Fate, NotRefreshed, TokenError};
use jiff::Timestamp;
use tokio::sync::MutexGuard as AsyncMutexGuard;

use super::{Inner, Restored, SessionError, SignedIn, error::exchange_problem, restore};
use crate::authorizations::{AltinnToken, AuthorizationId, Tokens};

/// How long before its end a token is renewed, at most; a quarter of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
/// How long the task that keeps tokens fresh waits after a renewal that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Which token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    IdPorten,
    Altinn,
}

/// The renewals of one session.
#[derive(Default)]
pub(super) struct Renewals {
    turn: tokio::sync::Mutex<()>,
    ended: AtomicU64,
    closed: AtomicBool,
    failure: Mutex<Option<SessionError>>,
}

impl Renewals {
    /// Keeps renewals from running until the guard is dropped: while the person changes.
    pub(super) async fn pause(&self) -> AsyncMutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Lets the renewal that is running end, and none begin any more.
    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let _none_runs = self.pause().await;
    }
}

/// A token of that authorization that is good now, and is not `rejected`.
pub(super) async fn token(
    inner: &Arc<Inner>,
    id: &AuthorizationId,
    want: Want,
    rejected: Option<&BearerToken>,
) -> Result<BearerToken, SessionError> {
    if let Some(token) = inner.good(id, want, rejected)? {
        return Ok(token);
    }
    let seen = inner.renewals.ended.load(Ordering::Acquire);
    let (task, id, rejected) = (Arc::clone(inner), id.clone(), rejected.cloned());
    // In a task of its own: a caller who gives up must not take a one-time token with him.
    let renewal = tokio::spawn(async move {
        let _turn = task.renewals.turn.lock().await;
        if task.renewals.closed.load(Ordering::Acquire) {
            return Err(SessionError::Ending);
        }
        if task.renewals.ended.load(Ordering::Acquire) != seen {
            // Somebody's renewal has ended while this one waited. If it failed, so would this one.
            if let Some(token) = task.good(&id, want, rejected.as_ref())? {
                return Ok(token);
            }
            if let Some(failure) = task.renewals.failure.lock().unwrap_or_else(PoisonError::into_inner).clone() {
                return Err(failure);
            }
        }
        let renewed = task.renew(&id, want, rejected.as_ref()).await;
        *task.renewals.failure.lock().unwrap_or_else(PoisonError::into_inner) = renewed.as_ref().err().cloned();
        task.renewals.ended.fetch_add(1, Ordering::Release);
        renewed
    });
    renewal.await.unwrap_or(Err(SessionError::Ending))
}

/// Renews what is due, and signs out what has ended, for as long as the session lives.
pub(super) async fn renew_in_time(session: Weak<Inner>) {
    let mut pause = Duration::ZERO;
    loop {
        let Some(every) = session.upgrade().map(|inner| inner.parts.check_every) else { return };
        tokio::time::sleep(every.max(pause)).await;
        pause = Duration::ZERO;
        let Some(inner) = session.upgrade() else { return };
        inner.follow_others().await;
        inner.retry_lapsed_session();
        let Some((id, wanted)) = inner.due() else { continue };
        if let Err(error) = token(&inner, &id, wanted, None).await {
            tracing::info!(%error, "A token could not be renewed.");
            pause = AFTER_FAILURE;
        }
    }
}

impl Inner {
    /// The token if it is good, `None` if it must be renewed.
    fn good(
        &self,
        id: &AuthorizationId,
        want: Want,
        rejected: Option<&BearerToken>,
    ) -> Result<Option<BearerToken>, SessionError> {
        let state = self.state();
        let signed_in = state.signed_in.as_ref().ok_or(SessionError::NeedsSignIn)?;
        if signed_in.authorization.id != *id {
            return Err(SessionError::AnotherPerson { signed_in: signed_in.authorization.person() });
        }
        let now = self.now();
        let tokens = &signed_in.tokens;
        let found = match want {
            Want::IdPorten => is_fresh(tokens, now).then(|| bearer(&tokens.access)),
            Want::Altinn => tokens
                .altinn
                .as_ref()
                .filter(|altinn| altinn_is_fresh(tokens, altinn, now))
                .map(|altinn| altinn.token.clone()),
        };
        Ok(found.filter(|token| rejected.is_none_or(|rejected| rejected.expose() != token.expose())))
    }

    /// What the task that keeps tokens fresh has to do.
    fn due(&self) -> Option<(AuthorizationId, Want)> {
        let state = self.state();
        let signed_in = state.signed_in.as_ref()?;
        let id = signed_in.authorization.id.clone();
        let now = self.now();
        // A refresh token that dies of disuse is used before it does.
        let refresh_is_due = signed_in.tokens.refresh.is_some()
            && signed_in.tokens.refresh_until.is_some_and(|until| !is_early(now, signed_in.tokens.access_from, until));
        if !is_fresh(&signed_in.tokens, now) || refresh_is_due {
            return Some((id, Want::IdPorten));
        }
        // A refusal of Altinn's is not asked for again every few seconds; whoever needs the token asks.
        let altinn = signed_in.tokens.altinn.as_ref()?;
        (!altinn_is_fresh(&signed_in.tokens, altinn, now)).then_some((id, Want::Altinn))
    }

    /// Renews what is needed. To be called with the turn held.
    async fn renew(
        &self,
        id: &AuthorizationId,
        want: Want,
        rejected: Option<&BearerToken>,
    ) -> Result<BearerToken, SessionError> {
        let _lock = self.lock_against_others().await;
        self.adopt_others_renewal(id)?;
        if let Some(token) = self.good(id, want, rejected)? {
            return Ok(token);
        }
        let Some(mut tokens) = self.state().signed_in.as_ref().map(|signed_in| signed_in.tokens.clone()) else {
            return Err(SessionError::NeedsSignIn);
        };
        let now = self.now();
        // A refused Altinn token lives as long as the token it was exchanged for, so that one is doubtful too.
        let distrusted = rejected.is_some() && (tokens.refresh.is_some() || want == Want::IdPorten);
        let mut refreshed = false;
        if !is_fresh(&tokens, now) || distrusted {
            match self.refresh(id, &tokens).await {
                Ok(Some(_)) => refreshed = true,
                // Nothing to renew it with: it serves as long as it lasts, if nobody has refused it.
                Ok(None) if tokens.access_until > now && !(distrusted && want == Want::IdPorten) => {}
                Ok(None) => return self.end_unless_clock_is_wrong(id, distrusted).await,
                // Not due to the last second: the old one still serves.
                Err(error) if tokens.access_until > now && !distrusted => {
                    tracing::info!(%error, "The token could not be renewed and is used to its end.");
                }
                Err(error) => return Err(error),
            }
            // As they are now: a token that has been used, or replaced, must not be put back by what follows.
            match self.state().signed_in.as_ref() {
                Some(signed_in) if signed_in.authorization.id == *id => tokens = signed_in.tokens.clone(),
                _ => return Err(SessionError::NeedsSignIn),
            }
        }
        let exchanged = self.exchange_for(id, tokens, want, refreshed).await;
        self.publish_session();
        exchanged
    }

    /// Exchanges for Altinn where that is needed, and gives the token that was wanted.
    async fn exchange_for(
        &self,
        id: &AuthorizationId,
        mut tokens: Tokens,
        want: Want,
        refreshed: bool,
    ) -> Result<BearerToken, SessionError> {
        if want == Want::IdPorten && !refreshed {
            return Ok(bearer(&tokens.access));
        }
        let exchanged_before = tokens.altinn.is_some() && !refreshed;
        match self.exchange(&mut tokens).await {
            Ok(()) => {
                self.store_and_show(id, &tokens, None);
                match (want, &tokens.altinn) {
                    (Want::Altinn, Some(altinn)) => Ok(altinn.token.clone()),
                    _ => Ok(bearer(&tokens.access)),
                }
            }
            // The token was good for Altinn before and cannot be renewed: it has ended before its time.
            Err(ApiError::Unauthorized { .. }) if exchanged_before && !refreshed && want == Want::Altinn => {
                self.end_session(id)
            }
            Err(error) => {
                self.store_and_show(id, &tokens, Some(&error));
                match want {
                    Want::IdPorten => Ok(bearer(&tokens.access)),
                    Want::Altinn => Err(SessionError::Exchange(error)),
                }
            }
        }
    }

    /// Fetches new tokens with the refresh token and commits them before anybody gets to see them; `None` when there is
    /// nothing to fetch them with.
    ///
    /// A one-time token is taken out of the vault before it is sent and never sent again, whatever becomes of this program
    /// meanwhile: an issuer that sees it twice takes the whole authorization back, a year of it. So that a network or a
    /// clock that is out of order costs none, the issuer is asked for an answer first.
    async fn refresh(&self, id: &AuthorizationId, tokens: &Tokens) -> Result<Option<Tokens>, SessionError> {
        let Some(refresh) = &tokens.refresh else { return Ok(None) };
        let integration = self.current_integration()?;
        self.parts.id_porten.ready(&integration).await.map_err(SessionError::Renewal)?;
        let taken_out = Tokens { refresh: None, refresh_until: None, ..tokens.clone() };
        // A vault that does not let go of it would give it to the next run; then it is not used at all.
        self.store(id, &taken_out)?;
        let from = self.now();
        let NotRefreshed { error, fate } =
            match self.parts.id_porten.refresh(&integration, refresh, &tokens.identity).await {
                Ok(grant) => {
                    // What serves more than once is not sent anew.
                    let new = Tokens::of_grant(grant, from, Some(tokens));
                    self.store_and_show(id, &new, None);
                    tracing::info!("The tokens have been renewed.");
                    return Ok(Some(new));
                }
                Err(refused) => refused,
            };
        let left = match fate {
            Fate::Unused => tokens.clone(),
            Fate::Replaced { by, until } => Tokens { refresh: Some(by), refresh_until: Some(until), ..tokens.clone() },
            Fate::Spent => taken_out,
        };
        // A client that may not refresh after all (apis.md 3.5): no use to try it again.
        let may_not = matches!(
            &error,
            TokenError::IntegrationRefused { error, .. } if error == "unauthorized_client" || error == "unsupported_grant_type"
        );
        let left = if may_not { Tokens { refresh: None, refresh_until: None, ..left } } else { left };
        self.store_and_show(id, &left, None);
        match error {
            TokenError::TooLate { .. } => {
                tracing::info!(%error, "The refresh token serves no more.");
                Ok(None)
            }
            error if may_not => {
                tracing::info!(%error, "The refresh token serves no more.");
                Ok(None)
            }
            error => {
                tracing::warn!(%error, kept = left.refresh.is_some(), "A renewal gave no tokens.");
                Err(SessionError::Renewal(error))
            }
        }
    }

    /// Exchanges the ID-porten token for Altinn's.
    pub(super) async fn exchange(&self, tokens: &mut Tokens) -> Result<(), ApiError> {
        let from = self.now();
        let exchanged = self.parts.altinn.exchange(&bearer(&tokens.access)).await?;
        // The end is told by Altinn's clock, and is measured by it where its answer says what time it was there.
        let until = match (exchanged.expires_at, exchanged.server_time) {
            (Some(end), Some(there)) => {
                from.saturating_add(end.duration_since(there)).unwrap_or(tokens.access_until).min(tokens.access_until)
            }
            (Some(end), None) => end.min(tokens.access_until),
            (None, _) => tokens.access_until,
        };
        tokens.altinn = Some(AltinnToken { token: exchanged.token, from, until });
        Ok(())
    }

    /// Commits tokens.
    fn store(&self, id: &AuthorizationId, tokens: &Tokens) -> Result<(), SessionError> {
        let (integration, ends_at) = match &self.state().signed_in {
            Some(SignedIn { integration, authorization, .. }) => {
                (integration.clone(), Self::authorization_end(integration, authorization.granted_at, tokens))
            }
            None => return Err(SessionError::NeedsSignIn),
        };
        Ok(self.parts.authorizations.renewed(id, &integration, ends_at, tokens)?)
    }

    /// Commits tokens, then shows them. A database that does not take them must not end a session that works: then they
    /// live in memory, and the next start asks for a sign-in.
    fn store_and_show(&self, id: &AuthorizationId, tokens: &Tokens, altinn_problem: Option<&ApiError>) {
        let ends_at = match &self.state().signed_in {
            Some(SignedIn { integration, authorization, .. }) => {
                Self::authorization_end(integration, authorization.granted_at, tokens)
            }
            None => return,
        };
        if let Err(error) = self.store(id, tokens) {
            tracing::error!(%error, "Renewed tokens could not be stored.");
        }
        if let Some(signed_in) = self.state().signed_in.as_mut().filter(|signed_in| signed_in.authorization.id == *id) {
            signed_in.authorization.ends_at = ends_at;
            signed_in.tokens = tokens.clone();
            signed_in.altinn_problem = altinn_problem.map(exchange_problem);
        }
    }

    fn end_session<T>(&self, id: &AuthorizationId) -> Result<T, SessionError> {
        self.end(id);
        Err(SessionError::NeedsSignIn)
    }

    /// Nothing renews the token any more, and by this machine's clock it has ended. Where the authorities say that the clock
    /// is wrong, or say nothing, nothing is dropped: it may still be good.
    async fn end_unless_clock_is_wrong<T>(&self, id: &AuthorizationId, refused: bool) -> Result<T, SessionError> {
        if !refused {
            let integration = self.current_integration()?;
            self.parts.id_porten.ready(&integration).await.map_err(SessionError::Renewal)?;
        }
        self.end_session(id)
    }

    /// Whoever was signed in when the program ended, and whose tokens had ended by a clock that has been put right since.
    fn retry_lapsed_session(self: &Arc<Self>) {
        if !self.state().lapsed {
            return;
        }
        match restore(&self.parts) {
            Ok(Restored::Whole(restored)) => {
                tracing::info!("Her tokens are good again: this machine's clock has been put right.");
                self.take_in(*restored);
            }
            Ok(Restored::Lapsed) => {}
            Ok(Restored::None) => self.state().lapsed = false,
            Err(error) => tracing::warn!(%error, "It could not be seen whether somebody is still signed in."),
        }
    }

    /// Ends what another program on the same data has signed out, without waiting for a renewal to be due.
    async fn follow_others(&self) {
        let Some(id) = self.state().signed_in.as_ref().map(|signed_in| signed_in.authorization.id.clone()) else {
            return;
        };
        if matches!(self.parts.authorizations.has_stored_tokens(&id), Ok(false)) {
            let _none_renews = self.renewals.pause().await;
            // Asked again with the turn held: a sign-in of this program may just have stored others.
            if matches!(self.parts.authorizations.has_stored_tokens(&id), Ok(false)) {
                self.signed_out_elsewhere(&id);
            }
        }
    }

    fn signed_out_elsewhere(&self, id: &AuthorizationId) {
        if self.state().signed_in.take_if(|signed_in| signed_in.authorization.id == *id).is_some() {
            tracing::info!("Another program on the same data has signed the person out.");
            self.publish_session();
        }
    }

    /// The session has run out: nobody is signed in any more. What is known of the authorization stays. To be called
    /// with the turn held.
    pub(super) fn end(&self, id: &AuthorizationId) {
        if self.state().signed_in.take_if(|signed_in| signed_in.authorization.id == *id).is_none() {
            return;
        }
        tracing::info!("The session has run out.");
        self.state().lost = Some(id.clone());
        if let Err(error) = self.parts.authorizations.signed_out(id) {
            tracing::error!(%error, "The end of the session could not be stored.");
        }
        self.publish_session();
    }

    /// Takes over what another program on the same data has renewed meanwhile, or that it has signed out.
    fn adopt_others_renewal(&self, id: &AuthorizationId) -> Result<(), SessionError> {
        let Some(settings) = self.state().signed_in.as_ref().map(|signed_in| signed_in.integration.clone()) else {
            return Err(SessionError::NeedsSignIn);
        };
        if !self.parts.authorizations.secrets().vault().is_persistent() {
            return Ok(());
        }
        let Some(stored) = self.parts.authorizations.tokens(id, &settings)? else {
            self.signed_out_elsewhere(id);
            return Err(SessionError::NeedsSignIn);
        };
        if let Some(signed_in) = self.state().signed_in.as_mut().filter(|signed_in| signed_in.authorization.id == *id) {
            if stored.access.expose() == signed_in.tokens.access.expose() {
                // What the vault does not have any more, somebody has sent.
                signed_in.tokens.refresh = stored.refresh;
                signed_in.tokens.refresh_until = stored.refresh_until;
            } else if stored.access_until >= signed_in.tokens.access_until {
                signed_in.tokens = stored;
            }
        }
        Ok(())
    }

    /// Waits until no other program renews. A file system that knows no locks is no reason not to renew at all.
    async fn lock_against_others(&self) -> Option<File> {
        if !self.parts.authorizations.secrets().vault().is_persistent() {
            return None;
        }
        let path = self.parts.renewal_lock.clone();
        let locked = tokio::task::spawn_blocking(move || {
            let file = disk::private::open_lock(&path)?;
            file.lock()?;
            Ok::<_, std::io::Error>(file)
        });
        match locked.await {
            Ok(Ok(file)) => Some(file),
            Ok(Err(error)) => {
                tracing::warn!(%error, "Renewals cannot be kept apart from other programs'.");
                None
            }
            Err(_) => None,
        }
    }
}

fn bearer(token: &AccessToken) -> BearerToken {
    BearerToken::new(token.expose())
}

/// Whether the access token need not be renewed yet. One that nothing can renew serves to its end.
fn is_fresh(tokens: &Tokens, now: Timestamp) -> bool {
    match tokens.refresh {
        Some(_) => is_early(now, tokens.access_from, tokens.access_until),
        None => now < tokens.access_until,
    }
}

fn altinn_is_fresh(tokens: &Tokens, altinn: &AltinnToken, now: Timestamp) -> bool {
    now < altinn.until && is_fresh(tokens, now)
}

/// Whether there is more than the margin left.
fn is_early(now: Timestamp, from: Timestamp, until: Timestamp) -> bool {
    let life = Duration::try_from(until.duration_since(from)).unwrap_or_default();
    let left = Duration::try_from(until.duration_since(now)).unwrap_or_default();
    left > MARGIN.min(life / 4)
}
