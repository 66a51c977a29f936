//! The work account as window and command line use it, and what the lock takes with it.

use std::{sync::Arc, time::Duration};

use access::work::{Work, WorkSignInRequest, rights::Action};
use secrecy::SecretString;
use view::{
    BooksView, ErrorCode, OfficeEvent, WorkView,
    consent::Consent,
    problem::{self, Problem},
};

use super::{
    Office,
    gate::{NoPermitNeeded, Permit},
    parts::{Filings, Returns, WorkAccount},
};

/// How often the lock is looked after.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Office {
    /// Whether one of the actions may be done that no function of the office does itself: settings that lie in files.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`.
    pub fn may_change(&self, action: Action) -> Result<(), Problem> {
        self.may(action, None).map(drop)
    }

    /// Brings the vault and what is shown in step with the lock. A filing that is being delivered keeps its tokens until it
    /// is, so that a lock tears nothing apart.
    pub(super) async fn follow_lock(&self) {
        if self.desk.work.is_locked() {
            self.desk.session.cancel_sign_in();
            if self.under_way().unwrap_or(0) == 0 {
                self.desk.session.withhold().await;
            }
        } else {
            self.desk.session.release().await;
        }
        self.desk.publish_cards();
        self.desk.publish_batch();
    }

    /// Looks after the lock until the office is closed.
    pub(super) fn watch_lock(self: &Arc<Self>) {
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
                let withheld = office.desk.session.keyring_is_withheld();
                if changed || withheld != office.desk.work.withholds_vault_key() {
                    office.follow_lock().await;
                }
            }
        });
    }

    /// What of an event may be told to whoever sits at the window: nothing of companies that she may not see, and while
    /// the program is locked nothing but the lock.
    #[must_use]
    pub fn visible_event(&self, event: OfficeEvent) -> Option<OfficeEvent> {
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
                self.own().only_seen(&mut reminders);
                Some(OfficeEvent::Reminders { reminders })
            }
            OfficeEvent::Session { session: Some(_) } => {
                Some(OfficeEvent::Session { session: self.desk.shown_session().map(Box::new) })
            }
            other => Some(other),
        }
    }
}

impl Returns<'_> {
    /// The same for a return that lies open.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub fn may_with_card(self, action: Action, card: &str) -> Result<(), Problem> {
        self.0.card_for(card, action).map(drop)
    }
}

impl Filings<'_> {
    /// The same for a filing.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub fn may_with_filing(self, action: Action, filing: &str) -> Result<(), Problem> {
        self.0.find(filing, action).map(drop)
    }
}

impl WorkAccount<'_> {
    /// Signs a work account in through the browser; returns when that has ended, however it ended.
    pub async fn sign_in(self, request: WorkSignInRequest) -> Option<WorkView> {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        let view = permit.desk.work.sign_in(request).await;
        if !permit.desk.work.is_locked() {
            permit.desk.session.release().await;
            permit.desk.publish_cards();
        }
        view
    }

    /// Locks at once.
    pub async fn lock(self) {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        permit.desk.work.lock();
        permit.follow_lock().await;
    }

    /// Keeps the secret of the client at Ansattporten.
    ///
    /// # Errors
    /// See [`access::work::Work::set_client_secret`].
    pub async fn set_client_secret(self, secret: SecretString) -> Result<(), Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        permit.with_keyring(move |work| work.set_client_secret(&secret)).await
    }

    /// Makes a key for the client at Ansattporten, and gives its public half to register.
    ///
    /// # Errors
    /// See [`access::work::Work::make_client_key`].
    pub async fn make_client_key(self) -> Result<String, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        permit.with_keyring(|work| work.make_client_key()).await
    }

    /// Takes a private key over from a file in PEM form, and gives its public half to register.
    ///
    /// # Errors
    /// See [`access::work::Work::import_client_key`].
    pub async fn import_client_key(self, pem: SecretString) -> Result<String, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        permit.with_keyring(move |work| work.import_client_key(&pem)).await
    }

    /// Takes a signed policy over; nothing where the person has not recognised its key.
    ///
    /// # Errors
    /// See [`access::work::Work::import`].
    pub async fn import_policy(
        self,
        content: Vec<u8>,
        consent: Arc<dyn Consent>,
    ) -> Result<Option<Option<WorkView>>, Problem> {
        let permit = self.0.without_permit(NoPermitNeeded::Gate);
        if !permit.with_keyring(move |work| work.import(&content, consent.as_ref())).await? {
            return Ok(None);
        }
        permit.follow_lock().await;
        Ok(Some(permit.desk.work.view()))
    }
}

impl Permit<'_> {
    /// On a thread that may wait: the keyring may ask to be unlocked.
    async fn with_keyring<T: Send + 'static>(
        self,
        act: impl FnOnce(&Work) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let work = self.desk.work.clone();
        let acted = tokio::task::spawn_blocking(move || act(&work)).await;
        acted.map_err(|error| problem::of(ErrorCode::Internal, &error))?
    }
}
