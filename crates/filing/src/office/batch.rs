//! Batches: begun, paused, gone on with, given up, put away.

use std::{collections::HashSet, path::Path, sync::Arc, time::Duration};

use super::{
    Office,
    returns::needs_sign_in,
    submission::{Begun, already_filed, another_person, not_begun, not_started, under_way},
};
use crate::{
    batch::{Batch, csv, store},
    cards::{Card, Found},
    database::{DatabaseError, columns},
    engine::{Listener as _, Started},
    filings::{self, Filing, RETURN},
    ids::BatchId,
    problem,
    view::{BatchStart, BatchView, CardNote, ErrorCode, ErrorView, FilingState, LeftOut, OfficeEvent},
    work::rights::Action,
};

/// How often the state of filings that another program works on is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

impl Office {
    /// Files many returns that Skatteetaten has checked, in the name of the person who is signed in. Returns as soon as
    /// all of them are in the database; what follows comes as events. A batch that is under way is added to; one that
    /// stands still goes on standing still.
    ///
    /// # Errors
    /// `NeedsSignIn`, `AnotherPerson` when a batch of another person is under way, `FiledElsewhere`, or a fault of the
    /// disk; then nothing has been begun. A return that cannot be filed is left out, with the reason.
    pub fn start_batch(&self, cards: &[String], confirm_corrections: bool) -> Result<BatchStart, ErrorView> {
        self.may(Action::StartBatch, None)?;
        let person = self.desk.session.authorization().ok_or_else(needs_sign_in)?;
        let under_way_already = {
            let batch = self.desk.batch();
            match batch.as_ref().filter(|batch| !batch.is_all_sent()) {
                Some(batch) if batch.kept.authorization != person.id.as_str() => {
                    let view = problem::says(ErrorCode::AnotherPerson, "A batch of another person is under way.");
                    return Err(view.with("person", batch.kept.filed_by.clone()));
                }
                batch => batch.map(|batch| batch.kept.clone()),
            }
        };
        let mut left_out = Vec::new();
        let mut chosen = Vec::new();
        let mut seen = HashSet::new();
        for id in cards.iter().filter(|id| seen.insert(id.as_str())) {
            match self.card_for(id, Action::StartBatch) {
                Ok(card) => chosen.push(card),
                Err(error) => left_out.push(LeftOut { card: id.clone(), error }),
            }
        }
        let mut ready = Vec::new();
        for card in &chosen {
            match self.ready(card) {
                Ok(one) => ready.push(one),
                Err(error) => left_out.push(LeftOut { card: card.id.clone(), error }),
            }
        }
        if ready.is_empty() {
            return Ok(BatchStart { batch: None, left_out });
        }
        let (key, at, filed_by) = (BatchId::from(self.key()), self.desk.clock.now(), person.person());
        // All or nothing: a crash in between leaves no half of a batch behind.
        let written = self.desk.db.write(|tx| {
            let kept = match under_way_already.clone() {
                Some(kept) => kept,
                None => store::begin(tx, self.desk.environment, &key, person.id.as_str(), &filed_by, at)?,
            };
            let (mut begun, mut refused) = (Vec::new(), Vec::new());
            for one in &ready {
                match self.begin_in(tx, one, &person, confirm_corrections, true)? {
                    Begun::New(filing) => begun.push((one.card.id.clone(), filing)),
                    Begun::Same(filing) if store::in_another(tx, &kept, &filing)? => {
                        refused.push((one.card.id.clone(), under_way(&filing)));
                    }
                    Begun::Same(filing) if filing.authorization == person.id.as_str() => {
                        begun.push((one.card.id.clone(), filing));
                    }
                    Begun::Same(filing) => refused.push((one.card.id.clone(), another_person(&filing))),
                    Begun::Other(filing) => refused.push((one.card.id.clone(), under_way(&filing))),
                    Begun::Earlier(filing) => refused.push((one.card.id.clone(), already_filed(&filing))),
                }
            }
            for (_, filing) in &begun {
                store::add(tx, &kept, filing)?;
            }
            if begun.is_empty() && under_way_already.is_none() {
                store::close(tx, &kept.id)?;
            }
            Ok::<_, DatabaseError>((kept, begun, refused))
        });
        let (kept, begun, refused) = written.map_err(not_begun)?;
        left_out.extend(refused.into_iter().map(|(card, error)| LeftOut { card, error }));
        self.mark(&begun, &left_out);
        let started =
            if begun.is_empty() { None } else { Some(self.take_on(kept, &begun, under_way_already.is_some())?) };
        self.desk.tell_cards();
        self.desk.tell_batch();
        self.desk.turns.notify_one();
        Ok(BatchStart { batch: started, left_out })
    }

    /// Notes on the cards what has become of them.
    fn mark(&self, begun: &[(String, Filing)], left_out: &[LeftOut]) {
        let mut cards = self.desk.cards();
        for (id, filing) in begun {
            cards.change(id, |card| card.filing = Some(filing.id.clone()));
        }
        for LeftOut { card, error } in left_out.iter().filter(|left| left.error.code == ErrorCode::AlreadyFiled) {
            cards.change(card, |card| {
                let value = |name: &str| error.values.get(name).cloned().unwrap_or_default();
                let (filing, at, person) = (value("filing"), value("at"), value("person"));
                let state = columns::from_word("state", value("state")).unwrap_or(FilingState::WaitingAnswer);
                card.earlier = Some(CardNote::FiledBefore { filing, at, state, person });
            });
        }
    }

    /// Makes it the batch of this office, or adds to the one that is.
    fn take_on(&self, kept: store::Kept, begun: &[(String, Filing)], adding: bool) -> Result<BatchView, ErrorView> {
        let now = self.desk.clock.now();
        let filings: Vec<Filing> = begun.iter().map(|(_, filing)| filing.clone()).collect();
        let mut batch = self.desk.batch();
        if let Some(batch) = batch.as_mut().filter(|batch| adding && batch.kept.id == kept.id) {
            filings.iter().for_each(|filing| batch.add(filing));
            return Ok(batch.view(now));
        }
        let claim = self.claim_batch(&kept.id)?;
        let claim =
            claim.ok_or_else(|| problem::says(ErrorCode::FiledElsewhere, "Another program has taken the batch on."))?;
        let new = Batch::new(kept, claim, &filings);
        let view = new.view(now);
        let before = batch.replace(new);
        drop(batch);
        if let Some(before) = before {
            self.shut(before);
        }
        Ok(view)
    }

    fn claim_batch(&self, id: &BatchId) -> Result<Option<crate::ownership::Claim>, ErrorView> {
        self.engine.claim_batch(id).map_err(|error| problem::of(problem::of_io(&error), &error))
    }

    fn shut(&self, batch: Batch) {
        match self.desk.db.write(|tx| store::close(tx, &batch.kept.id)) {
            Ok(()) => batch.put_away(),
            // Found again at the next start, and put away then.
            Err(error) => tracing::error!(%error, "A batch could not be put away."),
        }
    }

    /// The batch that is under way, or was until just now.
    #[must_use]
    pub fn batch(&self) -> Option<BatchView> {
        self.desk.batch_view()
    }

    /// Begins nothing new; what is under way goes on to its end.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn pause_batch(&self) -> Result<BatchView, ErrorView> {
        self.may_all(Action::PauseBatch)?;
        self.with_batch(Batch::pause)
    }

    /// Goes on with a batch that was paused, or that an earlier run of the program left in the middle.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `AnotherPerson`.
    pub fn continue_batch(&self) -> Result<BatchView, ErrorView> {
        self.may_all(Action::ContinueBatch)?;
        let person = self.desk.session.authorization().ok_or_else(needs_sign_in)?;
        let whose = self.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        if whose.authorization != person.id.as_str() {
            let view = problem::says(ErrorCode::AnotherPerson, "The batch belongs to another person.");
            return Err(view.with("person", whose.filed_by));
        }
        let stopped = self.unsettled();
        let view = self.with_batch(|batch| {
            batch.set_signed_in(true);
            batch.go_on();
        })?;
        // What stopped with the batch is tried again with it.
        self.go_on_with(&stopped);
        Ok(view)
    }

    /// Takes out of the batch whatever has not been begun. What is under way goes on to its end.
    ///
    /// # Errors
    /// `NotFound`, or the database; then nothing has been taken out.
    pub fn cancel_batch(&self) -> Result<BatchView, ErrorView> {
        self.may_all(Action::CancelBatch)?;
        let kept = self.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        let at = self.desk.clock.now();
        let cancelled = self.desk.db.write(|tx| store::cancel_queued(tx, &kept, at))?;
        let view = self.with_batch(|batch| {
            for filing in &cancelled {
                batch.follow(filing);
            }
            batch.go_on();
        })?;
        self.desk.tell_cards();
        for filing in &cancelled {
            if let Ok(view) = self.desk.view_of(filing) {
                let _ = self.desk.events.send(OfficeEvent::Filing { filing: Box::new(view) });
            }
        }
        Ok(view)
    }

    /// Puts a finished batch away; one that is not finished is given up first ([`Office::cancel_batch`]).
    ///
    /// # Errors
    /// The database.
    pub fn close_batch(&self) -> Result<(), ErrorView> {
        self.may_all(Action::CloseBatch)?;
        if self.desk.batch().as_ref().is_some_and(|batch| !batch.is_all_sent()) {
            self.cancel_batch()?;
        }
        if let Some(batch) = self.desk.batch().take() {
            self.shut(batch);
        }
        self.desk.tell_batch();
        Ok(())
    }

    /// The result as a table for a spreadsheet: UTF-8 with a byte-order mark, semicolons.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn batch_csv(&self) -> Result<Vec<u8>, ErrorView> {
        self.may_all(Action::BatchCsv)?;
        let kept = self.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        let filings = self.desk.db.read(|db| store::filings_of(db, &kept))?;
        csv(&filings, self.desk.language()).map_err(|error| problem::of(ErrorCode::Internal, &error))
    }

    /// Whether the table can be written there, before anything is filed that it is to tell of.
    ///
    /// # Errors
    /// `ExportRefused`: the folder is missing, or does not take files.
    pub fn may_export_batch(&self, file: &Path) -> Result<(), ErrorView> {
        disk::may_write_out(file)
            .map_err(|error| problem::of(ErrorCode::ExportRefused, &error).with("path", file.display().to_string()))
    }

    /// Writes the same to a file: whole, or not at all.
    ///
    /// # Errors
    /// `NotFound`, the database or the disk.
    pub fn export_batch(&self, file: &Path) -> Result<(), ErrorView> {
        self.may_all(Action::ExportBatch)?;
        let table = self.batch_csv()?;
        disk::write_out(file, &table)
            .map_err(|error| problem::of(problem::of_io(&error), &error).with("path", file.display().to_string()))
    }

    /// Whether something may be done with every company of the batch.
    fn may_all(&self, action: Action) -> Result<(), ErrorView> {
        self.may(action, None)?;
        let Some(kept) = self.desk.batch().as_ref().map(|batch| batch.kept.clone()) else { return Ok(()) };
        let filings = self.desk.db.read(|db| store::filings_of(db, &kept))?;
        filings.iter().try_for_each(|filing| self.may(action, Some(&filing.subject.org_number)))
    }

    fn with_batch(&self, change: impl FnOnce(&mut Batch)) -> Result<BatchView, ErrorView> {
        let view = {
            let mut batch = self.desk.batch();
            let batch = batch.as_mut().ok_or_else(no_batch)?;
            change(batch);
            batch.view(self.desk.clock.now())
        };
        self.desk.tell_batch();
        self.desk.turns.notify_one();
        Ok(view)
    }

    /// Filings of the batch that are not at their end, as the database has them.
    pub(super) fn unsettled(&self) -> Vec<Filing> {
        let ids = self.desk.batch().as_ref().map(Batch::unsettled).unwrap_or_default();
        ids.iter()
            .filter_map(|id| match self.desk.db.read(|db| filings::find(db, self.desk.environment, id)) {
                Ok(filing) => filing,
                Err(error) => {
                    tracing::error!(%error, "A filing of the batch could not be read.");
                    None
                }
            })
            .collect()
    }

    /// Finds a batch that an earlier run of the program left in the middle, and lays its returns open again. It does not
    /// go on before a person says so.
    pub(super) fn find_batch(&self) {
        let environment = self.desk.environment;
        let open = match self.desk.db.read(|db| store::open(db, environment)) {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "The batches could not be read.");
                return;
            }
        };
        for kept in open {
            // Another program is working on it.
            let Ok(Some(claim)) = self.claim_batch(&kept.id) else { continue };
            let filings = match self.desk.db.read(|db| store::filings_of(db, &kept)) {
                Ok(filings) => filings,
                Err(error) => {
                    tracing::error!(%error, "The filings of a batch could not be read.");
                    continue;
                }
            };
            let batch = Batch::found(kept, claim, &filings);
            if !filings.iter().any(|filing| filing.state == FilingState::Queued) {
                self.shut(batch);
                continue;
            }
            if self.desk.batch().is_some() {
                continue;
            }
            tracing::info!(filings = filings.len(), "A batch was left in the middle.");
            self.lay_open(&filings);
            *self.desk.batch() = Some(batch);
            self.desk.follow_sign_in();
        }
    }

    /// The returns of filings, as they were read then.
    pub(super) fn lay_open(&self, filings: &[Filing]) {
        let at = self.desk.clock.now();
        for filing in filings {
            let bytes = match self.desk.db.read(|db| filings::document(db, filing.number, RETURN)) {
                Ok(Some(bytes)) => bytes,
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(%error, "The return of a filing could not be read.");
                    continue;
                }
            };
            let found = Found::a_return(filing.file_name.clone(), filing.company_name.clone(), bytes.into());
            let mut card = Card::new(self.key().to_string(), found, at);
            card.filing = Some(filing.id.clone());
            self.desk.cards().push(card);
        }
    }

    /// Begins the filings of the batch as their turns come, until the office closes.
    pub(super) fn take_turns(&self) {
        let (desk, engine, closing) = (Arc::clone(&self.desk), Arc::clone(&self.engine), self.closing.clone());
        tokio::spawn(async move {
            loop {
                let stall = desk.batch().as_ref().and_then(Batch::next_stall).unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN);
                let looked = tokio::select! {
                    () = closing.cancelled() => return,
                    () = desk.turns.notified() => false,
                    () = tokio::time::sleep(stall) => true,
                };
                if looked {
                    look_again(&desk);
                }
                let due = desk.batch().as_ref().map(|batch| batch.due(engine.places())).unwrap_or_default();
                for id in due {
                    match desk.db.write(|tx| store::release(tx, desk.environment, &id)) {
                        Ok(_) => {}
                        Err(error) => {
                            stop(&desk, error.into());
                            break;
                        }
                    }
                    let now = desk.clock.now();
                    if let Some(batch) = desk.batch().as_mut() {
                        batch.begun(&id, now);
                    }
                    match engine.start(&id, None) {
                        Ok(Started::Here | Started::Woken) => {}
                        Ok(Started::Elsewhere) => {
                            tracing::info!(filing = %id, "Another program works on a filing of the batch.");
                        }
                        Err(error) => {
                            stop(&desk, not_started(error));
                            break;
                        }
                    }
                    desk.tell_batch();
                }
            }
        });
    }
}

/// Looks how filings stand that other programs may be working on.
fn look_again(desk: &super::desk::Desk) {
    let ids = desk.batch().as_ref().map(Batch::unsettled).unwrap_or_default();
    let mut news = false;
    for id in ids {
        if let Ok(Some(filing)) = desk.db.read(|db| filings::find(db, desk.environment, &id)) {
            news |= desk.batch().as_mut().is_some_and(|batch| batch.follow(&filing));
        }
    }
    if news {
        desk.tell_batch();
    }
}

/// The batch stands still, and says why.
fn stop(desk: &super::desk::Desk, error: ErrorView) {
    tracing::error!(message = %error.message, "The batch stands still.");
    if let Some(batch) = desk.batch().as_mut() {
        batch.stop(error);
    }
    desk.tell_batch();
}

fn no_batch() -> ErrorView {
    problem::says(ErrorCode::NotFound, "There is no batch.")
}
