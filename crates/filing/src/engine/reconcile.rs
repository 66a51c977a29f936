//! Finds out where a filing stands at the authority, and goes on from there.
//!
//! Asked after every start, lost answer, fault and refusal. The journal says what was meant to be done; only the
//! authority knows what was.

use std::time::Duration;

use altinn::{ApiError, Instance, Stage};
use jiff::Timestamp;
use store::digest::sha256;
use view::{Delivered, FilingState, StepName, TimelineEvent};

use super::{odd::Odd, run::Run, trouble::Trouble};
use crate::filings::{self, Entry, JournalLine};

/// How far this computer's clock and the authority's may differ for an instance to count as made after the intention.
const CLOCK_TOLERANCE: Duration = Duration::from_secs(5 * 60);
/// What is said of an instance that somebody has deleted.
pub(super) const WASTEBASKET: &str = "The instance lies in Altinn's wastebasket.";
/// How much later than its creation an untouched envelope may claim to have been changed.
const UNTOUCHED: Duration = Duration::from_millis(100);

impl Run<'_> {
    /// Reads where the instance stands and sets the next step by it.
    pub(super) async fn reconcile(&mut self) -> Result<(), Trouble> {
        self.instance = None;
        self.intended = None;
        let number = self.filing.number;
        let journal = self.engine.parts.db.read(|db| filings::journal(db, number))?;
        if self.filing.instance.is_none() {
            return self.find_created_instance(&journal).await;
        }
        let instance = self.instance_now().await?;
        self.follow(&instance, &journal).await
    }

    /// A POST whose answer was lost may have made an instance. It is among the company's unfinished ones: made since,
    /// nobody's, with nothing in it yet.
    async fn find_created_instance(&mut self, journal: &[JournalLine]) -> Result<(), Trouble> {
        self.filing.step = StepName::Instance;
        let tried = |line: &&JournalLine| line.step == StepName::Instance;
        let Some(last) = journal.iter().rfind(tried) else { return Ok(()) };
        if last.entry == Entry::Refused {
            return Ok(());
        }
        // With a register another desk of the firm may have made it a moment ago, for another period: what is lost stays
        // lost, empty and harmless, and is offered for deletion.
        if self.engine.parts.claims.is_some() {
            let note = "It is not looked for: other desks make instances as well.";
            self.engine.record(&self.filing, &[(StepName::Instance, Entry::Refused, Some(note))], &[])?;
            return Ok(());
        }
        let since =
            journal.iter().rfind(|line| tried(line) && line.entry == Entry::Intention).map_or(last.at, |l| l.at);
        let queue = self.engine.queue(self.filing.subject.org_number.as_str());
        let _turn = queue.lock().await;
        let (client, org_number) = (&self.engine.parts.client, self.filing.subject.org_number.as_str());
        let call = |token| async move { client.unfinished_instances(&token, org_number).await };
        let unfinished = self.engine.altinn(&self.filing, call).await?;
        let environment = self.filing.subject.environment;
        for candidate in unfinished {
            let ours = self.engine.parts.db.read(|db| filings::has_instance(db, environment, &candidate.id))?;
            if ours || !could_be(&candidate, since) {
                continue;
            }
            self.filing.instance = Some(candidate.id.clone());
            self.filing.step = StepName::Envelope;
            let note = candidate.id.to_string();
            let found = (StepName::Instance, Entry::Found, Some(note.as_str()));
            let events = [TimelineEvent::Created, TimelineEvent::Resumed];
            if let Err(error) = self.engine.record(&self.filing, &[found], &events) {
                self.filing.instance = None;
                return Err(error.into());
            }
            let instance = self.instance_now().await?;
            return self.follow(&instance, journal).await;
        }
        let note = "The authority has no such instance.";
        self.engine.record(&self.filing, &[(StepName::Instance, Entry::Refused, Some(note))], &[])?;
        Ok(())
    }

    /// Sets the next step by what the instance says.
    async fn follow(&mut self, instance: &Instance, journal: &[JournalLine]) -> Result<(), Trouble> {
        if instance.is_deleted() {
            // What was thrown away before it was delivered is delivered by nobody any more.
            if self.filing.delivered == Delivered::Unknown
                && matches!(instance.stage(), Stage::Filling | Stage::Confirming)
            {
                self.filing.delivered = Delivered::No;
            }
            let text = WASTEBASKET.to_owned();
            return Err(Trouble::Api(ApiError::NotFound { text }));
        }
        // What was delivered cannot come back: an answer that says so is not to be built upon.
        if self.filing.delivered == Delivered::Yes && !matches!(instance.stage(), Stage::Feedback | Stage::Ended) {
            return Err(Trouble::Odd(Odd::NotDelivered));
        }
        let said = |step| journal.iter().any(|l| l.step == step && matches!(l.entry, Entry::Done | Entry::Found));
        let open = journal.last().is_some_and(|line| matches!(line.entry, Entry::Intention | Entry::Unknown));
        let before = (self.filing.step, self.filing.delivered);
        let mut found = Vec::new();
        let mut events = Vec::new();
        match instance.stage() {
            Stage::Filling => {
                self.filing.delivered = Delivered::No;
                self.has_envelope = said(StepName::Envelope);
                self.has_return = self.reconcile_return(instance, said(StepName::Return)).await?;
                if self.has_return && !said(StepName::Return) {
                    found.push(StepName::Return);
                    events.push(TimelineEvent::Uploaded);
                }
                if self.reconcile_attachments(instance).await? {
                    events.push(TimelineEvent::Attached);
                }
                self.filing.step = match (self.has_envelope, self.has_return) {
                    (false, _) => StepName::Envelope,
                    (true, false) => StepName::Return,
                    (true, true) => self.after_return(),
                };
            }
            Stage::Confirming => {
                self.filing.delivered = Delivered::No;
                if !said(StepName::Return) && !self.reconcile_return(instance, false).await? {
                    return Err(Trouble::Odd(Odd::OtherReturn));
                }
                if !said(StepName::Fill) && !self.attachments_agree(instance).await? {
                    return Err(Trouble::Odd(Odd::OtherAttachments));
                }
                self.filing.step = StepName::Confirm;
                if !said(StepName::Fill) {
                    found.push(StepName::Fill);
                    events.push(TimelineEvent::Filled);
                }
            }
            Stage::Feedback | Stage::Ended => {
                // Put back from the archive, where others may have written what it is said to be: Altinn has it.
                if !said(StepName::Return)
                    && !said(StepName::Confirm)
                    && instance.of_type("mvamelding").next().is_some()
                {
                    if !self.is_of_filing(instance) || !self.reconcile_return(instance, false).await? {
                        return Err(Trouble::Odd(Odd::OtherDelivery));
                    }
                    found.push(StepName::Return);
                }
                if self.filing.delivered != Delivered::Yes {
                    self.filing.delivered = Delivered::Yes;
                    self.filing.delivered_at = Some(self.engine.parts.clock.now());
                    self.filing.state = FilingState::WaitingAnswer;
                    self.filing.problem = None;
                    found.push(StepName::Confirm);
                    events.push(TimelineEvent::Confirmed);
                    self.asking_since = None;
                }
                if self.filing.step != StepName::Archive {
                    self.filing.step = StepName::Feedback;
                }
            }
            Stage::NotStarted | Stage::Unknown => {
                return Err(Trouble::Odd(Odd::UnknownTask));
            }
        }
        let moved = before != (self.filing.step, self.filing.delivered);
        if open && (moved || !found.is_empty()) {
            events.push(TimelineEvent::Resumed);
        }
        let lines: Vec<_> = found.iter().map(|step| (*step, Entry::Found, None)).collect();
        if moved || !lines.is_empty() || !events.is_empty() {
            self.engine.record(&self.filing, &lines, &events)?;
        }
        Ok(())
    }

    /// Whether an instance is of the filing's company, as far as it says whose it is.
    fn is_of_filing(&self, instance: &Instance) -> bool {
        let owner = instance.instance_owner.organisation_number.as_deref();
        owner.is_none_or(|owner| owner == self.filing.subject.org_number.as_str())
    }

    /// Whether the instance holds our return. One that is not ours, byte for byte, or is there a second time, is removed:
    /// half an upload, or the second try of a call whose first had succeeded.
    async fn reconcile_return(&mut self, instance: &Instance, certain: bool) -> Result<bool, Trouble> {
        let elements: Vec<_> = instance.of_type("mvamelding").cloned().collect();
        if certain && elements.len() == 1 {
            return Ok(true);
        }
        let (client, id) = (&self.engine.parts.client, &instance.id);
        let mut ours = false;
        for element in &elements {
            let call = |token| async move { client.download(&token, id, element).await };
            let bytes = self.engine.altinn(&self.filing, call).await?;
            if !ours && sha256(&bytes) == self.filing.sha256 {
                ours = true;
            } else if instance.stage() == Stage::Filling {
                tracing::warn!(filing = %self.filing.id, "The instance holds a return that is not ours; it is removed.");
                let call = |token| async move { client.delete_data(&token, id, element).await };
                self.engine.altinn(&self.filing, call).await?;
                self.instance = None;
            }
        }
        Ok(ours)
    }
}

/// Whether an instance can be the one of a lost answer: made since the intention, the form not begun.
fn could_be(instance: &Instance, since: Timestamp) -> bool {
    let made_since =
        instance.created.is_some_and(|created| created.duration_since(since) > -tolerance(CLOCK_TOLERANCE));
    let untouched = instance.envelope().is_none_or(|envelope| match (envelope.created, envelope.last_changed) {
        (Some(created), Some(changed)) => changed.duration_since(created) <= tolerance(UNTOUCHED),
        _ => true,
    });
    let filling = matches!(instance.stage(), Stage::Filling | Stage::Unknown);
    made_since && untouched && filling && instance.of_type("mvamelding").next().is_none()
}

fn tolerance(duration: Duration) -> jiff::SignedDuration {
    jiff::SignedDuration::try_from(duration).unwrap_or_default()
}
