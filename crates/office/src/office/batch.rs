//! Batches: begun, paused, gone on with, given up, put away.

use std::{collections::HashSet, path::Path, sync::Arc, time::Duration};

use access::work::rights::Action;
use filing::{
    engine::{Listener as _, Started},
    filings::{self, Filing, RETURN},
};
use store::database::DatabaseError;
use vat_return::Language;
use view::{
    BatchStart, BatchView, ErrorCode, FilingState, LeftOut, OfficeEvent,
    ids::{BatchId, CardId},
    problem::{self, Problem},
};

use super::{
    Office,
    earlier_returns::filed_before,
    gate::{NoPermitNeeded, Permit},
    parts::Batches,
    refusal::Refusal,
    returns::needs_sign_in,
    submission::{BeginOutcome, already_filed, another_person, not_begun, not_started, under_way},
};
use crate::{
    batch::{self, Batch, csv},
    cards::{Card, ReadFile},
};

/// How often the state of filings that another program works on is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

impl Office {
    /// Begins the filings of the batch as their turns come, until the office closes.
    pub(super) fn take_turns(&self) {
        let (desk, engine, closing) = (Arc::clone(&self.desk), Arc::clone(&self.engine), self.closing.clone());
        tokio::spawn(async move {
            loop {
                let stall = desk.batch().as_ref().and_then(Batch::next_stall).unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN);
                let looked = tokio::select! {
                    () = closing.cancelled() => return,
                    () = desk.turns() => false,
                    () = tokio::time::sleep(stall) => true,
                };
                if looked {
                    look_again(&desk);
                }
                let due = desk.batch().as_ref().map(|batch| batch.due(engine.places())).unwrap_or_default();
                for id in due {
                    match desk.db.write(|tx| batch::store::release(tx, desk.environment, &id)) {
                        Ok(_) => {}
                        Err(error) => {
                            stop(&desk, error.into());
                            break;
                        }
                    }
                    let now = desk.clock.now();
                    if let Some(batch) = desk.batch().as_mut() {
                        batch.mark_running(&id, now);
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
                    desk.publish_batch();
                }
            }
        });
    }
}

impl Batches<'_> {
    /// Files many returns that Skatteetaten has checked, in the name of the person who is signed in. Returns as soon as
    /// all of them are in the database; what follows comes as events. A batch that is under way is added to; one that
    /// stands still goes on standing still.
    ///
    /// # Errors
    /// `NeedsSignIn`, `AnotherPerson` when a batch of another person is under way, `FiledElsewhere`, or a fault of the
    /// disk; then nothing has been begun. A return that cannot be filed is left out, with the reason.
    pub fn start(self, cards: &[String], confirm_corrections: bool) -> Result<BatchStart, Problem> {
        let permit = self.0.may(Action::StartBatch, None)?;
        let person = permit.desk.session.authorization().ok_or_else(needs_sign_in)?;
        let under_way_already = {
            let batch = permit.desk.batch();
            match batch.as_ref().filter(|batch| !batch.is_all_sent()) {
                Some(batch) if batch.kept.authorization != person.id => {
                    return Err(Refusal::AnothersBatchUnderWay { person: batch.kept.filed_by.clone() }.into());
                }
                batch => batch.map(|batch| batch.kept.clone()),
            }
        };
        let mut left_out = Vec::new();
        let mut chosen = Vec::new();
        let mut seen = HashSet::new();
        for id in cards.iter().filter(|id| seen.insert(id.as_str())) {
            match permit.card_for(id, Action::StartBatch) {
                Ok(card) => chosen.push(card),
                Err(error) => left_out.push(LeftOut { card: id.clone(), error: error.into() }),
            }
        }
        let mut ready = Vec::new();
        for card in &chosen {
            match permit.ready(card) {
                Ok(one) => ready.push(one),
                Err(error) => left_out.push(LeftOut { card: card.id.to_string(), error: error.into() }),
            }
        }
        if ready.is_empty() {
            return Ok(BatchStart { batch: None, left_out });
        }
        let (key, at, filed_by) = (BatchId::from(permit.key()), permit.desk.clock.now(), person.person());
        // All or nothing: a crash in between leaves no half of a batch behind.
        let written = permit.desk.db.write(|tx| {
            let kept = match under_way_already.clone() {
                Some(kept) => kept,
                None => batch::store::begin(tx, permit.desk.environment, &key, &person.id, filed_by.as_deref(), at)?,
            };
            let (mut begun, mut refused, mut earlier) = (Vec::new(), Vec::new(), Vec::new());
            for one in &ready {
                match permit.begin_in(tx, one, &person, confirm_corrections, true)? {
                    BeginOutcome::New(filing) => begun.push((one.card.id.clone(), filing)),
                    BeginOutcome::Same(filing) if batch::store::in_another(tx, &kept, &filing)? => {
                        refused.push((one.card.id.clone(), under_way(&filing)));
                    }
                    BeginOutcome::Same(filing) if filing.authorization.as_ref() == Some(&person.id) => {
                        begun.push((one.card.id.clone(), filing));
                    }
                    BeginOutcome::Same(filing) => refused.push((one.card.id.clone(), another_person(&filing))),
                    BeginOutcome::Other(filing) => refused.push((one.card.id.clone(), under_way(&filing))),
                    BeginOutcome::Earlier(filing) => earlier.push((one.card.id.clone(), filing)),
                }
            }
            for (_, filing) in &begun {
                batch::store::add(tx, &kept, filing)?;
            }
            if begun.is_empty() && under_way_already.is_none() {
                batch::store::close(tx, &kept.id)?;
            }
            Ok::<_, DatabaseError>((kept, begun, refused, earlier))
        });
        let (kept, begun, mut refused, earlier) = written.map_err(not_begun)?;
        refused.extend(earlier.iter().map(|(card, filing)| (card.clone(), already_filed(filing))));
        left_out
            .extend(refused.into_iter().map(|(card, error)| LeftOut { card: card.to_string(), error: error.into() }));
        permit.mark(&begun, &earlier);
        let started =
            if begun.is_empty() { None } else { Some(permit.take_on(kept, &begun, under_way_already.is_some())?) };
        permit.desk.publish_cards();
        permit.desk.publish_batch();
        permit.desk.turns_may_have_come();
        Ok(BatchStart { batch: started, left_out })
    }

    /// The batch that is under way, or was until just now.
    #[must_use]
    pub fn view(self) -> Option<BatchView> {
        let permit = self.0.without_permit(NoPermitNeeded::Filters);
        permit.desk.batch_view()
    }

    /// Begins nothing new; what is under way goes on to its end.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn pause(self) -> Result<BatchView, Problem> {
        let permit = self.0.may_all(Action::PauseBatch)?;
        permit.with_batch(Batch::pause)
    }

    /// Goes on with a batch that was paused, or that an earlier run of the program left in the middle.
    ///
    /// # Errors
    /// `NotFound`, `NeedsSignIn`, `AnotherPerson`.
    pub fn resume(self) -> Result<BatchView, Problem> {
        let permit = self.0.may_all(Action::ContinueBatch)?;
        let person = permit.desk.session.authorization().ok_or_else(needs_sign_in)?;
        let whose = permit.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        if whose.authorization != person.id {
            return Err(Refusal::AnothersBatch { person: whose.filed_by }.into());
        }
        let stopped = permit.unfinished_of_batch();
        let view = permit.with_batch(|batch| {
            batch.set_signed_in(true);
            batch.resume();
        })?;
        // What stopped with the batch is tried again with it.
        permit.resume_filings(&stopped);
        Ok(view)
    }

    /// Takes out of the batch whatever has not been begun. What is under way goes on to its end.
    ///
    /// # Errors
    /// `NotFound`, or the database; then nothing has been taken out.
    pub fn cancel(self) -> Result<BatchView, Problem> {
        let permit = self.0.may_all(Action::CancelBatch)?;
        let kept = permit.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        let at = permit.desk.clock.now();
        let cancelled = permit.desk.db.write(|tx| batch::store::cancel_queued(tx, &kept, at))?;
        let view = permit.with_batch(|batch| {
            for filing in &cancelled {
                batch.follow(filing);
            }
            batch.resume();
        })?;
        permit.desk.publish_cards();
        for filing in &cancelled {
            if let Ok(view) = permit.desk.view_of(filing) {
                let _ = permit.desk.events.send(OfficeEvent::Filing { filing: Box::new(view) });
            }
        }
        Ok(view)
    }

    /// Puts a finished batch away; one that is not finished is given up first ([`Batches::cancel`]).
    ///
    /// # Errors
    /// The database.
    pub fn close(self) -> Result<(), Problem> {
        let permit = self.0.may_all(Action::CloseBatch)?;
        if permit.desk.batch().as_ref().is_some_and(|batch| !batch.is_all_sent()) {
            self.cancel()?;
        }
        if let Some(batch) = permit.desk.batch().take() {
            permit.shut(batch);
        }
        permit.desk.publish_batch();
        Ok(())
    }

    /// The result as a table for a spreadsheet: UTF-8 with a byte-order mark, semicolons.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn csv(self) -> Result<Vec<u8>, Problem> {
        let permit = self.0.may_all(Action::BatchCsv)?;
        let kept = permit.desk.batch().as_ref().map(|batch| batch.kept.clone()).ok_or_else(no_batch)?;
        let filings = permit.desk.db.read(|db| batch::store::filings_of(db, &kept))?;
        csv(&filings, permit.desk.language()).map_err(|error| problem::of(ErrorCode::Internal, &error))
    }

    /// A place for the table, found to take it before anything is filed that it is to tell of.
    ///
    /// # Errors
    /// `ExportRefused`: the folder is missing or does not take files, the disk is full, or nobody reads the pipe.
    pub fn place_for(self, file: &Path) -> Result<disk::Out, Problem> {
        disk::Out::open(file).map_err(|error| unwritten(&error, file))
    }

    /// Whether the place still takes the table: whoever reads a pipe may have gone.
    ///
    /// # Errors
    /// `ExportRefused`: nobody reads it.
    pub fn is_taken(self, place: &disk::Out) -> Result<(), Problem> {
        place.is_taken().map_err(|error| unwritten(&error, place.path()))
    }

    /// Writes the table to a file: whole, or not at all.
    ///
    /// # Errors
    /// `NotFound`, the database or the disk.
    pub fn export(self, file: &Path) -> Result<(), Problem> {
        self.0.may_all(Action::ExportBatch)?;
        let table = self.csv()?;
        disk::write_out(file, &table)
            .map_err(|error| problem::of(problem::of_io(&error), &error).with("path", file.display().to_string()))
    }

    /// The same to a place that was found before.
    ///
    /// # Errors
    /// `NotFound`, the database, or `ExportRefused`.
    pub fn export_to(self, place: disk::Out) -> Result<(), Problem> {
        self.0.may_all(Action::ExportBatch)?;
        let table = self.csv()?;
        let path = place.path().to_owned();
        place.write(&table).map_err(|error| unwritten(&error, &path))
    }
}

impl Permit<'_> {
    /// Notes on the cards what has become of them.
    fn mark(self, begun: &[(CardId, Filing)], earlier: &[(CardId, Filing)]) {
        let mut cards = self.desk.cards();
        for (id, filing) in begun {
            cards.change(id, |card| card.filing = Some(filing.id.clone()));
        }
        for (id, filing) in earlier {
            cards.change(id, |card| card.earlier = Some(filed_before(filing)));
        }
    }

    /// Makes it the batch of this office, or adds to the one that is.
    fn take_on(
        self,
        kept: batch::store::StoredBatch,
        begun: &[(CardId, Filing)],
        adding: bool,
    ) -> Result<BatchView, Problem> {
        let now = self.desk.clock.now();
        let filings: Vec<Filing> = begun.iter().map(|(_, filing)| filing.clone()).collect();
        let mut batch = self.desk.batch();
        if let Some(batch) = batch.as_mut().filter(|batch| adding && batch.kept.id == kept.id) {
            filings.iter().for_each(|filing| batch.add(filing));
            return Ok(batch.view(now));
        }
        let claim = self.claim_batch(&kept.id)?;
        let claim = claim.ok_or(Refusal::BatchElsewhere)?;
        let new = Batch::new(kept, claim, &filings);
        let view = new.view(now);
        let before = batch.replace(new);
        drop(batch);
        if let Some(before) = before {
            self.shut(before);
        }
        Ok(view)
    }

    fn claim_batch(self, id: &BatchId) -> Result<Option<filing::ownership::Claim>, Problem> {
        self.engine.claim_batch(id).map_err(|error| problem::of(problem::of_io(&error), &error))
    }

    fn shut(self, batch: Batch) {
        match self.desk.db.write(|tx| batch::store::close(tx, &batch.kept.id)) {
            Ok(()) => batch.close(),
            // ReadFile again at the next start, and put away then.
            Err(error) => tracing::error!(%error, "A batch could not be put away."),
        }
    }

    fn with_batch(self, change: impl FnOnce(&mut Batch)) -> Result<BatchView, Problem> {
        let view = {
            let mut batch = self.desk.batch();
            let batch = batch.as_mut().ok_or_else(no_batch)?;
            change(batch);
            batch.view(self.desk.clock.now())
        };
        self.desk.publish_batch();
        self.desk.turns_may_have_come();
        Ok(view)
    }

    /// Filings of the batch that are not at their end, as the database has them.
    pub(super) fn unfinished_of_batch(self) -> Vec<Filing> {
        let ids = self.desk.batch().as_ref().map(Batch::under_way).unwrap_or_default();
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
    pub(super) fn find_batch(self) {
        let environment = self.desk.environment;
        let open = match self.desk.db.read(|db| batch::store::open(db, environment)) {
            Ok(open) => open,
            Err(error) => {
                tracing::error!(%error, "The batches could not be read.");
                return;
            }
        };
        for kept in open {
            // Another program is working on it.
            let Ok(Some(claim)) = self.claim_batch(&kept.id) else { continue };
            let filings = match self.desk.db.read(|db| batch::store::filings_of(db, &kept)) {
                Ok(filings) => filings,
                Err(error) => {
                    tracing::error!(%error, "The filings of a batch could not be read.");
                    continue;
                }
            };
            let batch = Batch::restored(kept, claim, &filings);
            if !filings.iter().any(|filing| filing.state == FilingState::Queued) {
                self.shut(batch);
                continue;
            }
            if self.desk.batch().is_some() {
                continue;
            }
            tracing::info!(filings = filings.len(), "A batch was left in the middle.");
            self.open_cards_of(&filings);
            *self.desk.batch() = Some(batch);
            self.desk.follow_sign_in();
        }
    }

    /// The returns of filings, as they were read then.
    pub(super) fn open_cards_of(self, filings: &[Filing]) {
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
            let found = ReadFile::a_return(filing.file_name.clone(), filing.company_name.clone(), bytes.into());
            let mut card = Card::new(self.key().into(), found, at);
            card.filing = Some(filing.id.clone());
            self.desk.cards().push(card);
        }
    }
}

/// Looks how filings stand that other programs may be working on.
fn look_again(desk: &super::desk::Desk) {
    let ids = desk.batch().as_ref().map(Batch::under_way).unwrap_or_default();
    let mut news = false;
    for id in ids {
        if let Ok(Some(filing)) = desk.db.read(|db| filings::find(db, desk.environment, &id)) {
            news |= desk.batch().as_mut().is_some_and(|batch| batch.follow(&filing));
        }
    }
    if news {
        desk.publish_batch();
    }
}

/// The batch stands still, and says why.
fn stop(desk: &super::desk::Desk, error: Problem) {
    tracing::error!(message = %error.message, "The batch stands still.");
    if let Some(batch) = desk.batch().as_mut() {
        batch.stop(error);
    }
    desk.publish_batch();
}

fn unwritten(error: &std::io::Error, file: &Path) -> Problem {
    let why = files::io_words(error, Language::En);
    problem::says(ErrorCode::ExportRefused, why).with("path", file.display().to_string())
}

fn no_batch() -> Problem {
    Refusal::NoBatch.into()
}
