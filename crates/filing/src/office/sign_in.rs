//! Signing a person in and out, and the links that come home to a sign-in.

use std::sync::atomic::Ordering;

use super::Office;
use crate::{
    authorizations::AuthorizationId,
    session::{SessionError, SignInRequest},
    view::{ErrorView, KeyringState, OfficeEvent, SignInOutcome},
    work::rights::Action,
};

impl Office {
    /// Signs a person in through her browser; returns when that has ended, however it ended.
    pub async fn sign_in(&self, as_another: bool) -> SignInOutcome {
        self.sign_in_hinted(as_another, None).await
    }

    /// The same with a hint who is expected, which only test environments take.
    pub async fn sign_in_hinted(&self, as_another: bool, login_hint: Option<String>) -> SignInOutcome {
        let language = self.desk.preferences().language;
        let expected = self.whose_work_waits();
        let request = SignInRequest { as_another, language, login_hint, integration: None, expected };
        self.desk.session.sign_in(request).await
    }

    /// Answers whether the person who came back may be signed in, where she was not expected.
    ///
    /// # Errors
    /// `NotFound` where nothing was asked; yes only where a sign-in is permitted now.
    pub fn answer_who_came(&self, right: bool) -> Result<(), ErrorView> {
        if right {
            self.may(Action::SignIn, None)?;
        }
        self.desk.session.answer_who_came(right)
    }

    /// The persons whose filings cannot go on without them.
    fn whose_work_waits(&self) -> Vec<AuthorizationId> {
        let unfinished = self.desk.db.read(|db| crate::filings::unfinished(db, self.desk.environment));
        let waiting = unfinished.unwrap_or_default().into_iter().filter(|filing| !filing.authorization.is_empty());
        let mut persons: Vec<_> = waiting.map(|filing| AuthorizationId::new(filing.authorization)).collect();
        persons.dedup();
        persons
    }

    /// Gives up the sign-in that is under way.
    pub fn cancel_sign_in(&self) {
        self.desk.session.cancel_sign_in();
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// No browser, or no sign-in.
    pub async fn reopen_browser(&self) -> Result<(), ErrorView> {
        self.desk.session.reopen_browser().await
    }

    /// Tries a keyring again that was locked or missing, and says how it is now; see [`Session::unlock_keyring`].
    ///
    /// # Errors
    /// The database.
    pub async fn unlock_keyring(&self) -> Result<KeyringState, ErrorView> {
        let keyring = self.desk.session.unlock_keyring().await.map_err(|error| error.view())?;
        if keyring == KeyringState::Available {
            self.desk.work.keyring_answers();
        }
        Ok(keyring)
    }

    /// A fresh address of the sign-in that is under way, for another browser.
    pub async fn sign_in_link(&self) -> Option<String> {
        self.desk.session.fresh_link().await.ok().map(String::from)
    }

    /// Whether a link is the answer of a sign-in that is waited for, of this run or of an earlier one. Any page may open
    /// one, so this is found out by its state before anything is opened, asked or shown; the first that is nobody's is
    /// written down, and no more.
    #[must_use]
    pub fn expects(&self, link: &url::Url) -> bool {
        let expected = self.desk.work.expects(link) || self.desk.session.expects(link);
        if !expected && !self.strangers.swap(true, Ordering::Relaxed) {
            tracing::warn!("A link came that no sign-in was waiting for. More of the kind are not written down.");
        }
        expected
    }

    /// Hands a deep link (`no.momsbud.desktop:/callback?…`) to the sign-in that waits for it, of this run or of an earlier
    /// one that was closed while the person was in her browser; one that is for none is dropped. Whether it was for one.
    pub async fn deliver(&self, link: &url::Url) -> bool {
        if !self.expects(link) {
            return false;
        }
        let (session, work) = (&self.desk.session, &self.desk.work);
        if work.deliver(link).is_ok() || session.deliver(link).is_ok() {
            return true;
        }
        if work.resume(link).await {
            self.follow_lock().await;
        } else if let Some(outcome) = session.resume(link).await {
            // Nobody may be listening, and that is well.
            let _ = self.desk.events.send(OfficeEvent::SignInEnded { outcome });
        }
        true
    }

    /// Signs the person out.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(&self) -> Result<(), ErrorView> {
        self.desk.session.sign_out().await.map_err(|error: SessionError| error.view())
    }
}
