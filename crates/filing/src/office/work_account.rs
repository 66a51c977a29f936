//! The work account as window and command line use it, and what the lock takes with it.

use std::{sync::Arc, time::Duration};

use secrecy::SecretString;

use super::Office;
use crate::{
    consent::Consent,
    problem,
    view::{BooksView, ErrorCode, ErrorView, OfficeEvent, WorkView},
    work::{Work, WorkSignInRequest, rights::Action},
};

/// How often the lock is looked after.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Office {
    /// Asks the gate, and names the company as the firm knows it.
    pub(super) fn may(&self, action: Action, company: Option<&str>) -> Result<(), ErrorView> {
        self.desk.work.may(action, company).map_err(|view| match company {
            Some(number) => {
                let name = self.desk.company_name(number, &self.desk.companies());
                view.with("company", name.unwrap_or_else(|| number.to_owned()))
            }
            None => view,
        })
    }

    /// Whether one of the actions may be done that no function of the office does itself: settings that lie in files.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`.
    pub fn may_change(&self, action: Action) -> Result<(), ErrorView> {
        self.may(action, None)
    }

    /// The same for a return that lies open.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub fn may_with_card(&self, action: Action, card: &str) -> Result<(), ErrorView> {
        self.card_for(card, action).map(drop)
    }

    /// The same for a filing.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub fn may_with_filing(&self, action: Action, filing: &str) -> Result<(), ErrorView> {
        self.find(filing, action).map(drop)
    }

    /// Signs a work account in through the browser; returns when that has ended, however it ended.
    pub async fn work_sign_in(&self, request: WorkSignInRequest) -> Option<WorkView> {
        let view = self.desk.work.sign_in(request).await;
        if !self.desk.work.is_locked() {
            self.desk.session.release().await;
            self.desk.tell_cards();
        }
        view
    }

    /// Locks at once.
    pub async fn work_lock(&self) {
        self.desk.work.lock();
        self.follow_lock().await;
    }

    /// Keeps the secret of the client at Ansattporten.
    ///
    /// # Errors
    /// See [`crate::work::Work::set_client_secret`].
    pub async fn set_work_secret(&self, secret: SecretString) -> Result<(), ErrorView> {
        self.with_keyring(move |work| work.set_client_secret(&secret)).await
    }

    /// Makes a key for the client at Ansattporten, and gives its public half to register.
    ///
    /// # Errors
    /// See [`crate::work::Work::make_client_key`].
    pub async fn make_work_key(&self) -> Result<String, ErrorView> {
        self.with_keyring(|work| work.make_client_key()).await
    }

    /// Takes a private key over from a file in PEM form, and gives its public half to register.
    ///
    /// # Errors
    /// See [`crate::work::Work::import_client_key`].
    pub async fn import_work_key(&self, pem: SecretString) -> Result<String, ErrorView> {
        self.with_keyring(move |work| work.import_client_key(&pem)).await
    }

    /// On a thread that may wait: the keyring may ask to be unlocked.
    async fn with_keyring<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Work) -> Result<T, ErrorView> + Send + 'static,
    ) -> Result<T, ErrorView> {
        let work = self.desk.work.clone();
        let acted = tokio::task::spawn_blocking(move || act(&work)).await;
        acted.map_err(|error| problem::of(ErrorCode::Internal, &error))?
    }

    /// Takes a signed policy over; nothing where the person has not recognised its key.
    ///
    /// # Errors
    /// See [`crate::work::Work::import`].
    pub async fn work_import(
        &self,
        content: Vec<u8>,
        consent: Arc<dyn Consent>,
    ) -> Result<Option<Option<WorkView>>, ErrorView> {
        if !self.with_keyring(move |work| work.import(&content, consent.as_ref())).await? {
            return Ok(None);
        }
        self.follow_lock().await;
        Ok(Some(self.desk.work.view()))
    }

    /// Brings the vault and what is shown in step with the lock. A filing that is being delivered keeps its tokens until it
    /// is, so that a lock tears nothing apart.
    pub(super) async fn follow_lock(&self) {
        if self.desk.work.is_locked() {
            self.cancel_sign_in();
            if self.under_way().unwrap_or(0) == 0 {
                self.desk.session.withhold().await;
            }
        } else {
            self.desk.session.release().await;
        }
        self.desk.tell_cards();
        self.desk.tell_batch();
    }

    /// Looks after the lock until the office is closed.
    pub(super) fn keep_locked(self: &Arc<Self>) {
        let (closing, office) = (self.closing.clone(), Arc::downgrade(self));
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    () = closing.cancelled() => return,
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
                let Some(office) = office.upgrade() else { return };
                let work = office.desk.work.clone();
                let changed = tokio::task::spawn_blocking(move || work.look()).await.unwrap_or(false);
                let withheld = office.desk.session.parts().authorizations.secrets().vault().is_withheld();
                if changed || withheld != office.desk.work.keeps_key_back() {
                    office.follow_lock().await;
                }
            }
        });
    }

    /// What of an event may be told to whoever sits at the window: nothing of companies that she may not see, and while
    /// the program is locked nothing but the lock.
    #[must_use]
    pub fn told(&self, event: OfficeEvent) -> Option<OfficeEvent> {
        let work = &self.desk.work;
        let harmless = matches!(event, OfficeEvent::Work { .. } | OfficeEvent::DropHover { .. } | OfficeEvent::Missed);
        if harmless || !work.governed() {
            return Some(event);
        }
        if work.is_locked() {
            return match event {
                OfficeEvent::Session { .. } => Some(OfficeEvent::Session { session: None }),
                OfficeEvent::SignIn { .. } => Some(OfficeEvent::SignIn { sign_in: None }),
                _ => None,
            };
        }
        match event {
            OfficeEvent::Filing { filing } if !work.sees(&filing.row.org_number) => None,
            OfficeEvent::Card { card } if !self.desk.shows(&card) => None,
            OfficeEvent::Cards { mut cards } => {
                if !cards.iter().all(|card| self.desk.shows(card)) {
                    Arc::make_mut(&mut cards).retain(|card| self.desk.shows(card));
                }
                Some(OfficeEvent::Cards { cards })
            }
            OfficeEvent::Books { mut books } => {
                let company = |view: &BooksView| view.book.as_ref().and_then(|book| book.org_number.clone());
                Arc::make_mut(&mut books).retain(|view| company(view).is_none_or(|company| work.sees(&company)));
                Some(OfficeEvent::Books { books })
            }
            OfficeEvent::Reminders { mut reminders } => {
                self.only_seen(&mut reminders);
                Some(OfficeEvent::Reminders { reminders })
            }
            OfficeEvent::Session { session: Some(_) } => {
                Some(OfficeEvent::Session { session: self.desk.shown_session().map(Box::new) })
            }
            other => Some(other),
        }
    }
}
