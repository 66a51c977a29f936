//! Signing a person in and out, and the links that come home to a sign-in.

use std::sync::atomic::Ordering;

use access::{
    authorizations::AuthorizationId,
    link::{self, Awaited},
    session::{SessionError, SignInRequest},
    work::rights::Action,
};
use id_porten::LinkAnswer;
use view::{KeyringState, OfficeEvent, SignInOutcome, problem::Problem};

use super::{
    gate::{NoPermitNeeded, Permit},
    parts::SigningIn,
};

/// The answer of a sign-in that is waited for: read once, and by its state known whose it is.
#[derive(Debug)]
pub struct ExpectedAnswer {
    answer: LinkAnswer,
    of: SignInOf,
    awaited: Awaited,
}

/// What a sign-in is for.
#[derive(Debug, Clone, Copy)]
enum SignInOf {
    /// Opening the program with a work account.
    Work,
    /// Filing, at ID-porten.
    Person,
}

impl SigningIn<'_> {
    /// Signs a person in through her browser; returns when that has ended, however it ended.
    pub async fn sign_in(self, as_another: bool) -> SignInOutcome {
        self.sign_in_hinted(as_another, None).await
    }

    /// The same with a hint who is expected, which only test environments take.
    pub async fn sign_in_hinted(self, as_another: bool, login_hint: Option<String>) -> SignInOutcome {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let language = permit.desk.preferences().language;
        let expected = permit.whose_work_waits();
        let request = SignInRequest { as_another, language, login_hint, integration: None, expected };
        permit.desk.session.sign_in(request).await
    }

    /// Answers whether the person who came back may be signed in, where she was not expected.
    ///
    /// # Errors
    /// `NotFound` where nothing was asked; yes only where a sign-in is permitted now.
    pub fn answer_who_came(self, right: bool) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        if right {
            permit.may(Action::SignIn, None)?;
        }
        permit.desk.session.answer_who_came(right)
    }

    /// Gives up the sign-in that is under way.
    pub fn cancel(self) {
        let permit = self.0.without_permit(NoPermitNeeded::Ends);
        permit.desk.session.cancel_sign_in();
    }

    /// Opens the browser again for the sign-in that is under way.
    ///
    /// # Errors
    /// No browser, or no sign-in.
    pub async fn reopen_browser(self) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Permitted);
        permit.desk.session.reopen_browser().await
    }

    /// Tries a keyring again that was locked or missing, and says how it is now; see [`Session::unlock_keyring`].
    ///
    /// # Errors
    /// The database.
    pub async fn unlock_keyring(self) -> Result<KeyringState, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Harmless);
        let keyring = permit.desk.session.unlock_keyring().await.map_err(|error| error.problem())?;
        if keyring == KeyringState::Available {
            permit.desk.work.keyring_answers();
        }
        Ok(keyring)
    }

    /// A fresh address of the sign-in that is under way, for another browser.
    pub async fn link(self) -> Option<String> {
        let permit = self.0.without_permit(NoPermitNeeded::Permitted);
        permit.desk.session.fresh_link().await.ok().map(String::from)
    }

    /// The answer in a link (`no.momsbud.desktop:/callback?…`), if a sign-in waits for it, of this run or of an earlier one.
    /// Any page may open one, so this is found out by its state before anything is opened, asked or shown; the first that is
    /// nobody's is written down, and no more.
    #[must_use]
    pub fn expected(self, link: &url::Url) -> Option<ExpectedAnswer> {
        let permit = self.0.without_permit(NoPermitNeeded::Harmless);
        let expected = link::answer(link).and_then(|answer| {
            let work = permit.desk.work.awaits(&answer).map(|awaited| (SignInOf::Work, awaited));
            let (of, awaited) = work.or_else(|| Some((SignInOf::Person, permit.desk.session.awaits(&answer)?)))?;
            Some(ExpectedAnswer { answer, of, awaited })
        });
        if expected.is_none() && !permit.strangers.swap(true, Ordering::Relaxed) {
            tracing::warn!("A link came that no sign-in was waiting for. More of the kind are not written down.");
        }
        expected
    }

    /// Hands an answer to the sign-in that waits for it; one of an earlier run, which was closed while the person was in her
    /// browser, is gone on with here.
    pub async fn deliver(self, expected: ExpectedAnswer) {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        let (session, work) = (&permit.desk.session, &permit.desk.work);
        let ExpectedAnswer { answer, of, awaited } = expected;
        let late = match (of, awaited) {
            (SignInOf::Work, Awaited::UnderWay) => work.deliver(&answer).err(),
            (SignInOf::Person, Awaited::UnderWay) => session.deliver(&answer).err(),
            (SignInOf::Work, Awaited::Stored) => {
                if work.resume(answer).await {
                    permit.follow_lock().await;
                }
                None
            }
            (SignInOf::Person, Awaited::Stored) => {
                if let Some(outcome) = session.resume(answer).await {
                    // Nobody may be listening, and that is well.
                    let _ = permit.desk.events.send(OfficeEvent::SignInEnded { outcome });
                }
                None
            }
        };
        if let Some(error) = late {
            tracing::info!(%error, "The sign-in ended before its answer was handed over.");
        }
    }

    /// Signs the person out.
    ///
    /// # Errors
    /// The database.
    pub async fn sign_out(self) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::AsksBelow);
        permit.desk.session.sign_out().await.map_err(|error: SessionError| error.problem())
    }
}

impl Permit<'_> {
    /// The persons whose filings cannot go on without them.
    fn whose_work_waits(self) -> Vec<AuthorizationId> {
        let unfinished = self.desk.db.read(|db| filing::filings::unfinished(db, self.desk.environment));
        let waiting = unfinished.unwrap_or_default().into_iter();
        let mut persons: Vec<_> = waiting.filter_map(|filing| filing.authorization).collect();
        persons.dedup();
        persons
    }
}
