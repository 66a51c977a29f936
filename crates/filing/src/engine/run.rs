//! One filing under way: step after step, and what happens when something comes between.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use access::authorizations::AuthorizationId;
use altinn::{DataElement, Instance};
use bytes::Bytes;
use store::database::DatabaseError;
use tokio::{sync::Notify, time::Instant};
use vat_return::validation_result::ValidationResult;
use view::{Delivered, ErrorCode, FilingState, StepName, TimelineEvent, Verdict, ids::FilingId, problem::Problem};

use super::{
    Control, Engine, JournaledStep, Moment,
    claims::Claimed,
    reconcile::WASTEBASKET,
    trouble::{Remedy, Trouble},
};
use crate::filings::{self, Entry, FiledAttachment, Filing};

/// How many filings together may ask for their receipts within the time in which one alone asks once.
const ASKED_TOGETHER: u32 = 8;

/// What comes after a step.
pub(super) enum Flow {
    /// The next one.
    Moved,
    /// Nothing.
    Finished,
    /// The same again, later.
    Poll(Duration),
    /// Nothing more by itself: a person looks at it.
    Rest,
}

/// A filing under way.
pub(super) struct Run<'a> {
    pub(super) engine: &'a Engine,
    pub(super) control: &'a Control,
    pub(super) filing: Filing,
    /// Whether the step is known to be the one that the authority waits for.
    pub(super) sure: bool,
    /// The step whose intention has been written already, with the outcome of the one before.
    pub(super) intended: Option<StepName>,
    /// The instance as last read, until something is done to it.
    pub(super) instance: Option<Instance>,
    /// The envelope in the instance is ours.
    pub(super) has_envelope: bool,
    /// The return in the instance is ours, byte for byte.
    pub(super) has_return: bool,
    /// What goes with the return.
    pub(super) attachments: Vec<FiledAttachment>,
    /// Whose preparation another person has taken over to sign it; nobody's where that went with a lost database.
    prepared_by: Option<Option<AuthorizationId>>,
    /// When asking began.
    pub(super) asking_since: Option<Instant>,
    /// The older interface's feedback/status has said what it can, or the app does not have it.
    pub(super) no_feedback_status: bool,
    /// What the delivered filing ends as, once the verdict is ripe, and what is said of it.
    pub(super) ending: Option<(FilingState, Option<Problem>)>,
    /// The result as last read.
    pub(super) result: Option<ValidationResult>,
    /// Its file, where it is written down together with what comes of it.
    pub(super) result_file: Option<Bytes>,
    /// The element that holds the verdict as it was last read, and what it said.
    pub(super) verdict_read: Option<(DataElement, Verdict)>,
    /// Since when the verdict says what it says.
    pub(super) verdict_since: Option<(Verdict, Instant)>,
    /// When the instance was made, or first found not to be there.
    pub(super) made_at: Option<Instant>,
    /// It was made since the filing was last gone on with.
    pub(super) made_here: bool,
    /// Since when the process is known to have ended.
    pub(super) ended_since: Option<Instant>,
    /// What to pay, as it was fetched, and of which element.
    pub(super) payment_file: Option<(DataElement, Bytes)>,
    /// Somebody wants it to go on, and it has not been tried since; she is told when it has.
    pushed: Option<Arc<Notify>>,
    /// A step was answered with 401, and none has been taken since: the token has been renewed, and is tried once.
    token_refused: bool,
    /// What it last waited for, since its last step.
    pub(super) waited_for: Option<ErrorCode>,
    /// Held while it is one of those that wait for their receipt.
    asking: Option<Asking>,
    /// The claim of the period in the office register.
    pub(super) claim: Option<Claimed>,
}

/// One of the filings that wait for their receipt, counted until dropped.
struct Asking(Arc<AtomicUsize>);

impl Asking {
    fn among(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Engine {
    /// Works on a filing until it is finished (`true`) or rests.
    pub(super) async fn run(&self, id: &FilingId, control: &Control) -> bool {
        let found = self.parts.db.read(|db| filings::find(db, self.parts.environment, id));
        let filing = match found {
            Ok(Some(filing)) => filing,
            Ok(None) => return false,
            Err(error) => {
                tracing::error!(%error, "A filing could not be read.");
                return false;
            }
        };
        if filing.is_finished() {
            return true;
        }
        // Its turn has not come; only a wish to give it up is heard.
        if filing.state == FilingState::Queued && !control.cancelled.load(Ordering::SeqCst) {
            return false;
        }
        let attachments = match self.parts.db.read(|db| filings::attachments(db, filing.number)) {
            Ok(attachments) => attachments,
            Err(error) => {
                tracing::error!(%error, "A filing's attachments could not be read.");
                return false;
            }
        };
        let mut run = Run::new(self, control, filing, attachments);
        run.run_to_end().await;
        if run.filing.is_finished() {
            self.parts.attachments.release(id);
            if run.filing.delivered == Delivered::No
                && let Err(error) = self.parts.archive.take_back(&run.filing)
            {
                tracing::warn!(%error, "The folder of a filing that came to nothing stays in the archive.");
            }
        }
        run.filing.is_finished()
    }
}

impl<'a> Run<'a> {
    pub(super) fn new(
        engine: &'a Engine,
        control: &'a Control,
        filing: Filing,
        attachments: Vec<FiledAttachment>,
    ) -> Self {
        Self {
            engine,
            control,
            filing,
            // A filing that has just begun has no instance and no intention of one: the first look at the journal shows
            // it, without asking anybody.
            sure: false,
            intended: None,
            instance: None,
            has_envelope: false,
            has_return: false,
            attachments,
            prepared_by: None,
            asking_since: None,
            no_feedback_status: false,
            ending: None,
            result: None,
            result_file: None,
            verdict_read: None,
            verdict_since: None,
            made_at: None,
            made_here: false,
            ended_since: None,
            payment_file: None,
            pushed: None,
            token_refused: false,
            waited_for: None,
            asking: None,
            claim: None,
        }
    }

    async fn run_to_end(&mut self) {
        let mut retries = self.engine.parts.pace.retries();
        let mut place = None;
        loop {
            // A wish to stop takes no place.
            if place.is_none() && !self.control.cancelled.load(Ordering::SeqCst) {
                place = self.engine.place().await;
            }
            let flow = self.on().await;
            if !matches!(flow, Ok(Flow::Moved)) {
                self.control.fetches_no_more();
            }
            let trouble = match flow {
                Ok(Flow::Moved) => {
                    self.token_refused = false;
                    retries = self.engine.parts.pace.retries();
                    // Prepared by now; what is written next says so.
                    self.filing.problem.take_if(|problem| problem.code == ErrorCode::Preparing);
                    continue;
                }
                Ok(Flow::Finished) => return,
                Ok(Flow::Rest) => {
                    self.acknowledge_push();
                    return;
                }
                Ok(Flow::Poll(after)) => {
                    retries = self.engine.parts.pace.retries();
                    place = None;
                    self.asking.get_or_insert_with(|| Asking::among(&self.engine.asking));
                    self.pause(after.max(self.crowded())).await;
                    continue;
                }
                Err(trouble) => trouble,
            };
            let Some(trouble) = self.second_look(trouble).await else { continue };
            if trouble.is_refused_token() && !self.renewed_token_is_refused().await {
                continue;
            }
            let settle = if trouble.may_be_under_way() { self.engine.parts.pace.settle } else { Duration::ZERO };
            let (now, step) = (self.engine.parts.clock.now(), self.filing.step);
            let missing = trouble.is_missing(&self.filing);
            let remedy = trouble.remedy(&self.filing, step, now);
            let remedy = if missing { self.preparing(remedy).await } else { remedy };
            let preparing = matches!(remedy, Remedy::Preparing(..));
            match remedy {
                Remedy::Again(view, asked) | Remedy::Preparing(view, asked) => {
                    let wait = match self.made_at.filter(|_| preparing) {
                        // Retries grow so rare that three minutes would become seven.
                        Some(made) => self.engine.parts.pace.prepared(made.elapsed()),
                        None => retries.next().unwrap_or(self.engine.parts.pace.retry_longest),
                    };
                    let wait = wait.max(asked.unwrap_or_default()).max(settle);
                    tracing::info!(filing = %self.filing.id, ?step, ?wait, reason = %view.message, "Trying again later.");
                    if preparing && self.filing.state != FilingState::WaitingSignature {
                        self.is_prepared(view);
                    } else if wait >= self.engine.parts.pace.shown_from {
                        self.rest(view);
                    }
                    place = None;
                    let listener = &self.engine.parts.listener;
                    listener.pausing(&self.filing.id, true);
                    self.pause(wait).await;
                    listener.pausing(&self.filing.id, false);
                }
                // Not the end of it: she may sign in Altinn's inbox, or be given the right, or another signs here.
                Remedy::Signature(view) => self.wait_for_signature(view),
                Remedy::Wait(view) => {
                    if self.filing.instance.is_none() {
                        self.let_go(true).await;
                    }
                    self.rest(view);
                    self.acknowledge_push();
                    return;
                }
                Remedy::Gone(view) => {
                    self.let_go(true).await;
                    self.end(FilingState::Abandoned, Some(view), TimelineEvent::Abandoned);
                    return;
                }
                Remedy::Superseded(view) => {
                    let gone = self.throw_away().await;
                    self.let_go(gone).await;
                    self.end(FilingState::Abandoned, Some(view), TimelineEvent::Abandoned);
                    return;
                }
                Remedy::Refused(view, validation) => {
                    let gone = self.throw_away().await;
                    self.let_go(gone).await;
                    // The findings first: who sees the refusal wants to read why.
                    self.engine.parts.listener.changed(&self.filing, validation.as_deref());
                    self.end(FilingState::Refused, Some(view), TimelineEvent::Refused);
                    return;
                }
                Remedy::Abandon => {
                    let gone = self.throw_away().await;
                    self.let_go(gone).await;
                    self.end(FilingState::Abandoned, None, TimelineEvent::Abandoned);
                    return;
                }
            }
        }
    }

    /// A 404 is not what it says for a while after the instance was made (apis.md 1.9). One that has never answered then
    /// rests until it is gone on with; and later an instance counts as gone only when Altinn's own list does not have it
    /// either.
    async fn preparing(&mut self, remedy: Remedy) -> Remedy {
        let (Remedy::Gone(view) | Remedy::Again(view, _)) = &remedy else { return remedy };
        let thrown_away = view.details.iter().any(|detail| detail == WASTEBASKET);
        if self.filing.delivered != Delivered::No || thrown_away {
            return remedy;
        }
        let young = self.made_at.is_none_or(|made| made.elapsed() < self.engine.parts.pace.preparing);
        let preparing = Problem { code: ErrorCode::Preparing, ..view.clone() };
        if young {
            self.made_at.get_or_insert_with(Instant::now);
            return Remedy::Preparing(preparing, None);
        }
        if self.made_here && self.filing.step == StepName::Envelope {
            return Remedy::Wait(preparing);
        }
        let Remedy::Gone(view) = remedy else { return remedy };
        let Some(id) = &self.filing.instance else { return Remedy::Gone(view) };
        let (client, org_number) = (&self.engine.parts.client, self.filing.subject.org_number.as_str());
        let call = |token| async move { client.unfinished_instances(&token, org_number).await };
        match self.engine.altinn(&self.filing, call).await {
            Ok(list) if list.iter().all(|instance| instance.id != *id) => Remedy::Gone(view),
            Ok(_) => Remedy::Preparing(preparing, None),
            Err(trouble) => {
                tracing::info!(?trouble, "Whether the instance is gone could not be found out.");
                Remedy::Again(view, None)
            }
        }
    }

    /// One step on.
    async fn on(&mut self) -> Result<Flow, Trouble> {
        self.control.again.store(false, Ordering::SeqCst);
        self.heed_cancelling()?;
        self.take_push();
        self.engine.is_gone_on_with(&mut self.filing)?;
        if !self.sure || (self.filing.state == FilingState::WaitingSignature && self.pushed.is_none()) {
            self.reconcile().await?;
            self.sure = true;
        }
        // The boundary between reading and doing: a wish to stop that came meanwhile counts.
        self.heed_cancelling()?;
        self.claim_period().await?;
        match self.filing.step {
            StepName::Instance => self.create().await,
            StepName::Envelope => self.put_envelope().await,
            StepName::Return => self.post_return().await,
            StepName::Attachments => self.post_attachments().await,
            StepName::Fill => self.fill().await,
            StepName::Confirm if self.filing.state == FilingState::WaitingSignature && self.pushed.is_none() => {
                let since = self.asking_since.get_or_insert_with(Instant::now).elapsed();
                Ok(Flow::Poll(self.engine.parts.pace.poll(since)))
            }
            StepName::Confirm => self.confirm().await,
            StepName::Feedback => self.ask_for_feedback().await,
            StepName::Archive => self.put_away().await,
        }
    }

    fn heed_cancelling(&self) -> Result<(), Trouble> {
        if !self.control.cancelled.swap(false, Ordering::SeqCst) {
            return Ok(());
        }
        if self.filing.can_cancel() {
            return Err(Trouble::Cancelled);
        }
        self.control.too_late.notify_one();
        Ok(())
    }

    /// Somebody pressed "continue", perhaps another person who may sign.
    fn take_push(&mut self) {
        let Some(push) = self.control.push.lock().ok().and_then(|mut push| push.take()) else { return };
        if let Some(signer) = push.signer {
            if signer.instead {
                self.filing.authorization = Some(signer.authorization);
                self.filing.filed_by = signer.name;
                self.pushed = Some(push.heard);
                return;
            }
            self.prepared_by = Some(self.filing.authorization.replace(signer.authorization));
            // None would say that whoever filled it in has signed it.
            let nameless = || crate::text(self.engine.parts.listener.language(), "signer.nameless").to_owned();
            self.filing.signed_by = Some(signer.name.unwrap_or_else(nameless));
            self.sure = false;
        }
        self.pushed = Some(push.heard);
    }

    /// Gives the filing back to the one who filled it in: the other may not sign it either.
    fn return_to_filer(&mut self) {
        if let Some(person) = self.prepared_by.take() {
            self.filing.authorization = person;
            self.filing.signed_by = None;
        }
    }

    /// A refusal may come because the call was one too many: the first one's answer was lost, or somebody went on in
    /// Altinn. Before a refusal counts, the instance is read; if it stands elsewhere by now, that is where to go on.
    async fn second_look(&mut self, trouble: Trouble) -> Option<Trouble> {
        self.sure = false;
        let step = self.filing.step;
        if !trouble.is_refusal() || self.filing.instance.is_none() || step >= StepName::Feedback {
            return Some(trouble);
        }
        match self.reconcile().await {
            Ok(()) if self.filing.step != step => {
                self.sure = true;
                None
            }
            Ok(()) => Some(trouble),
            Err(other) => Some(other),
        }
    }

    /// Whether a step is refused with a token that has just been renewed: then the person signs in anew. The first time the
    /// authority's state is read and, where it is as it was, the step taken with the new one.
    async fn renewed_token_is_refused(&mut self) -> bool {
        if !std::mem::replace(&mut self.token_refused, true) {
            return false;
        }
        if let Some(person) = &self.filing.authorization {
            self.engine.parts.session.is_refused(person).await;
        }
        self.token_refused = false;
        true
    }

    /// How long to wait at least when many wait for an answer, so that together they do not ask without pause.
    fn crowded(&self) -> Duration {
        let together = u32::try_from(self.engine.asking.load(Ordering::Relaxed)).unwrap_or(u32::MAX);
        self.engine.parts.pace.poll_first.saturating_mul(together) / ASKED_TOGETHER
    }

    /// Waits, unless somebody has something to say.
    async fn pause(&self, wait: Duration) {
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.control.wake.notified() => {}
        }
    }

    /// Altinn is still at it, and nobody is waited for: it goes on by itself, and says so.
    fn is_prepared(&mut self, view: Problem) {
        let told = self.waited_for.replace(view.code) == Some(view.code);
        self.filing.problem = Some(view);
        self.filing.state = FilingState::Running;
        let events: &[TimelineEvent] = if told { &[] } else { &[TimelineEvent::Waited] };
        self.write_down(&[], events);
    }

    /// Stands still, visibly.
    fn rest(&mut self, view: Problem) {
        let state = match (self.filing.delivered, self.filing.state) {
            (Delivered::Yes, FilingState::Unclear) => FilingState::Unclear,
            (Delivered::Yes, _) => FilingState::WaitingAnswer,
            (_, FilingState::WaitingSignature) => FilingState::WaitingSignature,
            _ => FilingState::Waiting,
        };
        if state == FilingState::WaitingSignature {
            self.return_to_filer();
        }
        // One line of the timeline for one reason, however often it is tried in between.
        let told = self.waited_for.replace(view.code) == Some(view.code);
        // What a filing waits for a signature for does not change with who happens to be signed in, and an unclear answer
        // not with what keeps it from being read again.
        let keeps = matches!(state, FilingState::WaitingSignature | FilingState::Unclear);
        if !keeps || self.filing.problem.is_none() {
            self.filing.problem = Some(Problem { delivered: self.filing.delivered, ..view });
        }
        self.filing.state = state;
        let events: &[TimelineEvent] = if told { &[] } else { &[TimelineEvent::Waited] };
        self.write_down(&[], events);
    }

    fn wait_for_signature(&mut self, view: Problem) {
        self.return_to_filer();
        self.filing.state = FilingState::WaitingSignature;
        self.asking_since = None;
        let told = self.waited_for.replace(view.code) == Some(view.code);
        self.filing.problem = Some(view);
        let events: &[TimelineEvent] = if told { &[] } else { &[TimelineEvent::Waited] };
        self.write_down(&[], events);
        self.acknowledge_push();
    }

    /// Tells who wanted it to go on that it has been tried.
    pub(super) fn acknowledge_push(&mut self) {
        if let Some(pushed) = self.pushed.take() {
            pushed.notify_one();
        }
    }

    fn end(&mut self, state: FilingState, problem: Option<Problem>, event: TimelineEvent) {
        self.filing.state = state;
        self.filing.problem = problem;
        self.write_down(&[], &[event]);
    }

    /// Writes what is so anyway. If even that is not possible the window is told all the same, and the next start finds
    /// out anew.
    fn write_down(&self, lines: &[(StepName, Entry, Option<&str>)], events: &[TimelineEvent]) {
        if let Err(error) = self.engine.record(&self.filing, lines, events) {
            tracing::error!(%error, filing = %self.filing.id, "The state of a filing could not be written.");
            let filing = Filing { problem: Some(error.into()), ..self.filing.clone() };
            self.engine.parts.listener.changed(&filing, None);
        }
    }

    /// Records a step that the authority has carried out.
    pub(super) fn done(
        &mut self,
        step: StepName,
        next: StepName,
        events: &[TimelineEvent],
    ) -> Result<Flow, DatabaseError> {
        self.done_noted(step, next, events, None, &[])
    }

    /// The same with a note, and with what has become of an attachment. Where nothing comes between, the intention of the
    /// next step is written with it: one write to the disk instead of two.
    pub(super) fn done_noted(
        &mut self,
        step: StepName,
        next: StepName,
        events: &[TimelineEvent],
        note: Option<&str>,
        attachments: &[FiledAttachment],
    ) -> Result<Flow, DatabaseError> {
        self.done_together(&[step], next, events, note, attachments)
    }

    /// The same for steps that were taken together.
    pub(super) fn done_together(
        &mut self,
        steps: &[StepName],
        next: StepName,
        events: &[TimelineEvent],
        note: Option<&str>,
        attachments: &[FiledAttachment],
    ) -> Result<Flow, DatabaseError> {
        self.waited_for = None;
        let before = (self.filing.step, self.filing.delivered);
        self.filing.step = next;
        let mut lines: Vec<_> = steps.iter().map(|step| (*step, Entry::Done, note)).collect();
        let goes_on = self.proceeds_to(next);
        if goes_on {
            for step in self.sent_together(next) {
                self.engine.boundary(step, Moment::BeforeIntention);
                lines.push((step, Entry::Intention, None));
            }
            self.about_to(next);
        }
        let written = JournaledStep { lines: &lines, events, attachments, document: None };
        let at = self.engine.parts.clock.now();
        if let Err(error) = self.engine.write(at, &self.filing, &written) {
            (self.filing.step, self.filing.delivered) = before;
            return Err(error);
        }
        self.intended = goes_on.then_some(next);
        steps.iter().for_each(|step| self.engine.boundary(*step, Moment::AfterOutcome));
        Ok(Flow::Moved)
    }

    /// The steps that are taken together when it is this one's turn.
    pub(super) fn sent_together(&self, step: StepName) -> Vec<StepName> {
        match step {
            StepName::Envelope if !self.has_return => vec![StepName::Envelope, StepName::Return],
            alone => vec![alone],
        }
    }

    /// Whether the next step is a call that nothing stands before: no doubt where the authority is, nobody who wants
    /// something else, nothing to be looked at first (a file that is sent, what is in the instance).
    fn proceeds_to(&self, next: StepName) -> bool {
        let is_plain = matches!(next, StepName::Envelope | StepName::Return | StepName::Fill | StepName::Confirm);
        is_plain && self.sure && !self.control.cancelled.load(Ordering::SeqCst)
    }

    /// What a filing says of itself from the intention of a step on.
    pub(super) fn about_to(&mut self, step: StepName) {
        if step == StepName::Confirm {
            // From the intention on nobody may say that nothing was delivered, until the authority has said so.
            self.filing.delivered = Delivered::Unknown;
        }
    }

    /// The step after the return has been taken.
    pub(super) fn after_return(&self) -> StepName {
        let missing = self.attachments.iter().any(|it| it.element.is_none());
        if missing { StepName::Attachments } else { StepName::Fill }
    }
}
