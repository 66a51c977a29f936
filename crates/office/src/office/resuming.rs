//! What an earlier run of the program left open: who goes on with it, and when.
//!
//! The window goes on with all of it and shows each filing as it goes ([`Office::open`]). A command shows nothing but what
//! it prints, so there nothing goes on before the command has said so ([`Office::open_quietly`], [`Filings::resume`]): a person who
//! has stopped a filing must not find it delivered by a command about another company.

use std::{collections::HashSet, sync::Arc};

use access::work::rights::Action;
use filing::{
    engine::Started,
    filings::{self, Filing},
};
use view::{Delivered, FilingState, FilingView, problem::Problem};

use super::{
    Office, OfficeError, Setup,
    gate::NoPermitNeeded,
    parts::Filings,
    submission::{elsewhere, not_started, was_refused_to_begin},
};

impl Office {
    /// Opens the office, and goes on with whatever was under way when it was closed or the program died.
    ///
    /// # Errors
    /// See [`OfficeError`].
    pub async fn open(setup: Setup) -> Result<Arc<Self>, OfficeError> {
        let office = Self::look(setup).await?;
        office.start_background_work(true);
        office.open_unfinished();
        office.resume_unfinished();
        Ok(office)
    }

    /// Opens the office to work in it, and leaves what was under way as it is until [`Filings::resume`] is called for it,
    /// or [`Batches::resume`].
    ///
    /// # Errors
    /// See [`OfficeError`].
    pub async fn open_quietly(setup: Setup) -> Result<Arc<Self>, OfficeError> {
        let office = Self::look(setup).await?;
        office.start_background_work(false);
        Ok(office)
    }

    fn start_background_work(self: &Arc<Self>, goes_on: bool) {
        let (store, db) = (Arc::clone(&self.attachments), Arc::clone(&self.desk.db));
        tokio::task::spawn_blocking(move || store.sweep(&db));
        self.mend_modes();
        self.seal_archive();
        self.own().find_batch();
        self.follow_session(goes_on);
        self.take_turns();
        self.tell_register();
        self.share(goes_on);
        self.watch_drafts();
        self.watch_lock();
    }

    /// Tells the office register, where there is one, what it has not heard yet.
    fn tell_register(&self) {
        if self.engine.claims().is_some() {
            let (engine, closing) = (Arc::clone(&self.engine), self.closing.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = closing.cancelled() => {}
                    () = engine.tell_register() => {}
                }
            });
        }
    }

    /// Lays the returns of filings open that were left in the middle, so that what goes on is seen, and how it ends. What
    /// waits for another person's signature goes on with her, and is found in the history.
    fn open_unfinished(&self) {
        let unfinished = match self.desk.db.read(|db| filings::unfinished(db, self.desk.environment)) {
            Ok(unfinished) => unfinished,
            Err(error) => {
                tracing::error!(%error, "The unfinished filings could not be read.");
                return;
            }
        };
        let lying: HashSet<String> =
            self.desk.cards().iter().filter_map(|card| card.filing.as_ref().map(ToString::to_string)).collect();
        let left = unfinished
            .into_iter()
            .filter(|filing| filing.state != FilingState::WaitingSignature && !lying.contains(&filing.id.to_string()));
        self.own().open_cards_of(&left.collect::<Vec<_>>());
    }

    /// Ends all work and waits until it has ended; what was being fetched is fetched first. Nothing is begun any more, and
    /// what is there can still be looked at.
    pub async fn halt(&self) {
        self.closing.cancel();
        self.engine.close();
        self.engine.closed().await;
    }

    /// Goes on with every filing on which something remains to be done and nobody else is working.
    pub(super) fn resume_unfinished(&self) {
        // What was begun was permitted when it was begun.
        match self.desk.db.read(|db| filings::unfinished(db, self.desk.environment)) {
            Ok(unfinished) => self.resume_filings(&unfinished),
            Err(error) => tracing::error!(%error, "The unfinished filings could not be read."),
        }
    }

    pub(super) fn resume_filings(&self, unfinished: &[Filing]) {
        let person = self.desk.session.authorization().map(|authorization| authorization.id);
        for filing in unfinished {
            // Whom Altinn refused to begin it is not helped by somebody else's sign-in; she may take it on, if she says so.
            if person.as_ref().is_some_and(|person| filing.authorization.as_ref() != Some(person))
                && was_refused_to_begin(filing)
            {
                continue;
            }
            match self.engine.start(&filing.id, None) {
                Ok(started) => tracing::info!(filing = %filing.id, ?started, "An unfinished filing goes on."),
                Err(error) => tracing::error!(%error, filing = %filing.id, "An unfinished filing could not go on."),
            }
        }
    }
}

impl Filings<'_> {
    /// Filings on which something remains to be done, oldest first; what waits for its turn in a batch is the batch's.
    ///
    /// # Errors
    /// The database, or the firm's rules.
    pub fn open_filings(self) -> Result<Vec<FilingView>, Problem> {
        let permit = self.0.may(Action::History, None)?;
        let unfinished = permit.desk.db.read(|db| filings::unfinished(db, permit.desk.environment))?;
        let seen = unfinished.iter().filter(|filing| permit.desk.work.sees(filing.subject.org_number.as_str()));
        seen.map(|filing| permit.desk.view_of(filing)).collect()
    }

    /// The filing that has delivered the very return that lies open as this card, if one has.
    #[must_use]
    pub fn delivered_already(self, card: &str) -> Option<FilingView> {
        let (permit, card) = self.0.card_for(card, Action::CardView).ok()?;
        let content = card.content.as_ref().ok()?;
        let subject = content.subject(permit.desk.environment)?;
        let found = permit.desk.db.read(|db| filings::delivered(db, &subject)).ok().flatten();
        found.filter(|filing| filing.sha256 == content.sha256).and_then(|filing| permit.desk.view_of(&filing).ok())
    }

    /// Goes on with a filing that was left open, as the next start of the window would: nothing is signed that waits for
    /// another person's signature.
    ///
    /// # Errors
    /// `NotFound`, `FiledElsewhere` when another program is working on it, or the firm's rules.
    pub fn resume(self, id: &str) -> Result<FilingView, Problem> {
        let found = self.0.without_permit(NoPermitNeeded::AsksBelow).find_any(id)?;
        let action = if found.delivered == Delivered::Yes { Action::FetchReceiptAgain } else { Action::ContinueFiling };
        let (permit, filing) = self.0.find(id, action)?;
        if !filing.is_finished() && permit.engine.start(&filing.id, None).map_err(not_started)? == Started::Elsewhere {
            return Err(elsewhere(&filing));
        }
        permit.desk.view_of(&permit.find_any(id)?)
    }
}
