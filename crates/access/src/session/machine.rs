//! What sign-in needs of the computer itself: a keyring that opens, and a clock that is right.

use super::{Inner, Restored, Session, SessionError, SignedIn, restore};
use jiff::SignedDuration;
use std::{sync::Arc, time::Duration};
use store::vault::Vault;
use view::{KeyringState, OfficeEvent};

/// How long the keyring may keep a sign-in waiting: as long as a person needs to find her password.
const KEYRING_PATIENCE: Duration = Duration::from_secs(60);

/// Beyond this two right clocks do not differ.
const TOLERATED: SignedDuration = SignedDuration::from_mins(5);

/// How wrong a clock is by so much, in whole minutes either way; nothing where that is tolerated.
#[must_use]
pub(crate) fn off_minutes(skew: SignedDuration) -> Option<u32> {
    let by = skew.abs();
    (by.as_mins() > TOLERATED.as_mins()).then(|| u32::try_from(by.as_mins()).unwrap_or(u32::MAX))
}

impl Session {
    /// Whether secrets can be kept.
    #[must_use]
    pub fn keyring(&self) -> KeyringState {
        self.0.keyring()
    }

    /// How many minutes this computer's clock differs from the authorities', where that is more than five; found when
    /// they answer (the `Date` of RFC 9110, section 6.6.1).
    #[must_use]
    pub fn clock_off_minutes(&self) -> Option<u32> {
        self.0.clock_off_minutes()
    }

    /// Tries a keyring again that was locked or missing; the operating system asks the person for her password, and a
    /// minute is waited for it. Whoever was signed in when the program ended is signed in again.
    ///
    /// # Errors
    /// The database.
    pub async fn unlock_keyring(&self) -> Result<KeyringState, SessionError> {
        self.0.unlock_keyring().await;
        self.restore_session()
    }

    /// Takes a vault into use whose keyring answered late, as [`Self::unlock_keyring`] does.
    ///
    /// # Errors
    /// The database.
    pub fn keyring_answered(&self, vault: Vault) -> Result<(), SessionError> {
        let kept = self.0.parts.authorizations.keyring_answered(vault)?;
        tracing::info!(kept, "The keyring has answered.");
        self.restore_session().map(drop)
    }

    /// Signs in again whoever was when the program ended, if the keyring gives her tokens; says how the keyring is.
    fn restore_session(&self) -> Result<KeyringState, SessionError> {
        let inner = &self.0;
        let keyring = inner.keyring();
        if keyring == KeyringState::Available
            && let Restored::Whole(restored) = restore(&inner.parts)?
        {
            inner.take_in(*restored);
        }
        inner.publish_machine_state();
        Ok(keyring)
    }
}

impl Inner {
    /// Signs in again whoever was when the program ended, where nobody is and nobody is about to.
    pub(super) fn take_in(self: &Arc<Self>, restored: SignedIn) {
        {
            let mut state = self.state();
            if state.signed_in.is_some() || self.conversation.shown().is_some() {
                return;
            }
            state.signed_in = Some(restored);
            state.lapsed = false;
            state.lost = None;
        }
        self.publish_session();
        let inner = Arc::clone(self);
        tokio::spawn(async move { inner.fetch_companies().await });
    }

    fn keyring(&self) -> KeyringState {
        self.parts.authorizations.secrets().vault().state()
    }

    fn clock_off_minutes(&self) -> Option<u32> {
        self.parts.id_porten.clock_skew().and_then(off_minutes)
    }

    /// Tells the window when keyring or clock are not what it was last told.
    pub(super) fn publish_machine_state(&self) {
        let now = (self.keyring(), self.clock_off_minutes());
        if self.state().machine_told.replace(now) != Some(now) {
            let (keyring, clock_off_minutes) = now;
            let _ = self.parts.events.send(OfficeEvent::Machine { keyring, clock_off_minutes });
        }
    }

    /// A keyring that was locked or missing when the program began may be had now; a sign-in is the moment when it
    /// matters, and when a person is there to unlock it. Without it the sign-in goes on, for this run only.
    pub(super) async fn unlock_keyring(self: &Arc<Self>) {
        if self.parts.authorizations.secrets().vault().is_persistent() {
            return;
        }
        let inner = Arc::clone(self);
        let tried = tokio::task::spawn_blocking(move || inner.parts.authorizations.try_keyring_again());
        match tokio::time::timeout(KEYRING_PATIENCE, tried).await {
            Ok(Ok(Ok(kept))) => tracing::info!(kept, "The keyring was tried again."),
            Ok(Ok(Err(error))) => tracing::warn!(%error, "The keyring could not be tried again."),
            Ok(Err(_)) | Err(_) => tracing::warn!("The keyring did not answer in time."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_tolerated_either_way() {
        assert_eq!(off_minutes(SignedDuration::from_secs(299)), None);
        assert_eq!(off_minutes(SignedDuration::from_secs(-359)), None);
        assert_eq!(off_minutes(SignedDuration::from_mins(6)), Some(6));
        assert_eq!(off_minutes(SignedDuration::from_hours(-3)), Some(180));
    }
}
