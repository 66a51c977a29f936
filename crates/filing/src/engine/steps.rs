//! The steps of a filing, in the order of apis.md 1.4, each between its intention and its outcome.

use access::session::SessionError;
use altinn::{ApiError, BearerToken, Stage};
use bytes::Bytes;
use store::digest::sha256;
use vat_return::envelope::{AttachmentName, Envelope};
use view::{Delivered, FilingState, StepName, TimelineEvent};

use super::{
    JournaledStep, Moment,
    odd::Odd,
    run::{Flow, Run},
    trouble::Trouble,
};
use crate::{
    doubt::Inquiry,
    filings::{self, ENVELOPE, Entry, RETURN},
};

/// What the envelope says that an attachment contains (`filinnhold`, which the schema demands); nobody is asked for more.
const LISTED_AS: &str = "vedlegg";

impl Run<'_> {
    /// POST instances.
    pub(super) async fn create(&mut self) -> Result<Flow, Trouble> {
        self.is_not_delivered_yet().await?;
        let queue = self.engine.queue(self.filing.subject.org_number.as_str());
        let _turn = queue.lock().await;
        let (client, org_number) = (&self.engine.parts.client, &self.filing.subject.org_number.clone());
        let call = |token| async move { client.create_instance(&token, org_number.as_str()).await };
        // Made before there is an instance to put it into, so that it costs no write of its own between two calls.
        let made = self.make_envelope()?;
        let document = made.as_deref().map(|xml| (ENVELOPE, xml));
        let instance = self.write_with(StepName::Instance, None, document, call).await?;
        self.filing.instance = Some(instance.id.clone());
        (self.made_at, self.made_here) = (Some(tokio::time::Instant::now()), true);
        // Where the process stands is known from the answer; only an answer that does not say costs another question.
        self.sure = instance.stage() == Stage::Filling;
        self.instance = Some(instance);
        (self.has_envelope, self.has_return) = (false, false);
        let done = self.done(StepName::Instance, StepName::Envelope, &[TimelineEvent::Created]);
        if done.is_err() {
            // Unwritten is unknown: the next look among the unfinished instances finds it.
            self.filing.instance = None;
        }
        self.note_instance();
        Ok(done?)
    }

    /// Makes sure that what is begun has not been delivered already by a filing that the history had lost.
    async fn is_not_delivered_yet(&self) -> Result<(), Trouble> {
        let parts = &self.engine.parts;
        let subject = &self.filing.subject;
        let person = self.engine.person(&self.filing)?;
        let inquiry = Inquiry {
            db: &parts.db,
            archive: &parts.archive,
            client: &parts.client,
            session: &parts.session,
            person: &person,
            environment: parts.environment,
        };
        inquiry.resolve(&subject.org_number).await?;
        match parts.db.read(|db| filings::to_be_replaced(db, subject))? {
            Some(earlier) if !self.filing.correction => Err(Trouble::Odd(Odd::FiledBefore(Box::new(earlier)))),
            _ => Ok(()),
        }
    }

    /// PUT the envelope into the element that the app has prefilled. Idempotent, but for the time in it, which is
    /// therefore kept.
    ///
    /// The return goes beside it, unless it is there: they are two elements of the instance, and the app compares them
    /// at the first process/next only (apis.md 1.4). Where one of the two does not arrive, the instance is read and the
    /// one that is missing is sent alone.
    pub(super) async fn put_envelope(&mut self) -> Result<Flow, Trouble> {
        let instance = self.instance_now().await?;
        let element = instance.envelope().ok_or(Trouble::Lost("The instance has no envelope."))?.clone();
        let xml = Bytes::from(self.envelope()?);
        let bytes = if self.has_return { None } else { Some(Bytes::from(self.document(RETURN)?)) };
        let steps = self.sent_together(StepName::Envelope);
        if self.intended.take() != Some(StepName::Envelope) {
            steps.iter().for_each(|step| self.engine.boundary(*step, Moment::BeforeIntention));
            let lines: Vec<_> = steps.iter().map(|step| (*step, Entry::Intention, None)).collect();
            self.engine.record(&self.filing, &lines, &[])?;
        }
        steps.iter().for_each(|step| self.engine.boundary(*step, Moment::AfterIntention));
        let (engine, filing, id, element, xml) = (self.engine, &self.filing, &instance.id, &element, &xml);
        let client = &engine.parts.client;
        let envelope = async {
            let call = |token| async move { client.put_envelope(&token, id, element, xml.clone()).await };
            let answer = engine.altinn_once(filing, call).await;
            engine.boundary(StepName::Envelope, Moment::AfterCall);
            answer
        };
        let ret = async {
            let Some(bytes) = &bytes else { return Ok(()) };
            let call = |token| async move { client.post_return(&token, id, bytes.clone()).await };
            let answer = engine.altinn_once(filing, call).await;
            engine.boundary(StepName::Return, Moment::AfterCall);
            answer.map(drop)
        };
        let (envelope, ret) = tokio::join!(envelope, ret);
        self.has_envelope = envelope.is_ok();
        let events: &[TimelineEvent] = if bytes.is_some() && ret.is_ok() { &[TimelineEvent::Uploaded] } else { &[] };
        self.has_return = ret.is_ok();
        // What was read of the instance is no longer all there is.
        self.instance = None;
        if envelope.is_ok() && ret.is_ok() {
            let next = self.after_return();
            return Ok(self.done_together(&steps, next, events, None, &[])?);
        }
        let outcomes = [(StepName::Envelope, envelope.as_ref().err()), (StepName::Return, ret.as_ref().err())];
        self.not_all_done(outcomes.into_iter().take(steps.len()), events);
        match (envelope, ret) {
            // Where the authority asks for a pause, that counts.
            (Err(_), Err(trouble)) if trouble.asks_for_a_pause() => Err(trouble),
            (Err(trouble), _) | (Ok(()), Err(trouble)) => Err(trouble),
            (Ok(()), Ok(())) => Ok(Flow::Moved),
        }
    }

    /// Records how steps taken together came out of which not all succeeded.
    fn not_all_done<'t>(
        &self,
        outcomes: impl Iterator<Item = (StepName, Option<&'t Trouble>)>,
        events: &[TimelineEvent],
    ) {
        let mut lines: Vec<_> = outcomes
            .map(|(step, trouble)| (step, trouble.map_or(Entry::Done, Trouble::entry), trouble.map(Trouble::note)))
            .collect();
        // What is open stands last, as it does after a single step.
        lines.sort_by_key(|(_, entry, _)| *entry != Entry::Done);
        let noted: Vec<_> = lines.iter().map(|(step, entry, note)| (*step, *entry, note.as_deref())).collect();
        // An intention without an outcome means the same as "unknown", so that this need not succeed.
        if let Err(error) = self.engine.record(&self.filing, &noted, events) {
            tracing::error!(%error, "The outcome of a step could not be written.");
        }
        lines.iter().for_each(|(step, ..)| self.engine.boundary(*step, Moment::AfterOutcome));
    }

    /// POST the return: the bytes that were read, checked and shown.
    pub(super) async fn post_return(&mut self) -> Result<Flow, Trouble> {
        let bytes = Bytes::from(self.document(RETURN)?);
        let (client, id, bytes) = (&self.engine.parts.client, &self.instance_id()?, &bytes);
        let call = |token| async move { client.post_return(&token, id, bytes.clone()).await };
        self.write(StepName::Return, call).await?;
        self.has_return = true;
        // What was read of the instance is no longer all there is.
        self.instance = None;
        Ok(self.done(StepName::Return, self.after_return(), &[TimelineEvent::Uploaded])?)
    }

    /// The first process/next: the form is complete. The app asks the validation service once more.
    pub(super) async fn fill(&mut self) -> Result<Flow, Trouble> {
        let (client, id) = (&self.engine.parts.client, &self.instance_id()?);
        let call = |token| async move { client.process_next(&token, id).await };
        let process = self.write(StepName::Fill, call).await?;
        self.instance = None;
        self.sure = process.stage() == Stage::Confirming;
        Ok(self.done(StepName::Fill, StepName::Confirm, &[TimelineEvent::Filled])?)
    }

    /// The second process/next: confirmed, and with it delivered.
    pub(super) async fn confirm(&mut self) -> Result<Flow, Trouble> {
        // To deliver takes a person who has said so; who it was may have gone with a lost database.
        if self.filing.authorization.is_none() {
            self.filing.delivered = Delivered::No;
            return Err(Trouble::Session(SessionError::NeedsSignIn));
        }
        if let Err(trouble) = self.put_under_way().await {
            // Nothing has been sent, whatever the intention said.
            self.filing.delivered = Delivered::No;
            return Err(trouble);
        }
        let id = &self.instance_id()?;
        if let Err(trouble) = self.may_deliver(id).await {
            self.filing.delivered = Delivered::No;
            return Err(trouble);
        }
        let client = &self.engine.parts.client;
        self.about_to(StepName::Confirm);
        let call = |token| async move { client.process_next(&token, id).await };
        let answer = self.write(StepName::Confirm, call).await;
        if let Err(trouble) = &answer
            && !trouble.may_have_happened()
        {
            self.filing.delivered = Delivered::No;
        }
        let process = answer?;
        self.instance = None;
        self.sure = matches!(process.stage(), Stage::Feedback | Stage::Ended);
        if self.sure {
            self.filing.delivered = Delivered::Yes;
            self.filing.delivered_at = Some(self.engine.parts.clock.now());
            self.filing.state = FilingState::WaitingAnswer;
            self.filing.problem = None;
            self.asking_since = None;
        }
        let events: &[TimelineEvent] = if self.sure { &[TimelineEvent::Confirmed] } else { &[] };
        Ok(self.done(StepName::Confirm, StepName::Feedback, events)?)
    }

    /// A remote step between its intention and its outcome. The good outcome is written by the caller, together with
    /// what it changes.
    async fn write<T, F, Called>(&mut self, step: StepName, call: F) -> Result<T, Trouble>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        self.write_noted(step, None, call).await
    }

    /// The same with a note of what the step is about.
    pub(super) async fn write_noted<T, F, Called>(
        &mut self,
        step: StepName,
        about: Option<&str>,
        call: F,
    ) -> Result<T, Trouble>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        self.write_with(step, about, None, call).await
    }

    /// The same with a document that is kept from the intention on.
    async fn write_with<T, F, Called>(
        &mut self,
        step: StepName,
        about: Option<&str>,
        document: Option<(&str, &[u8])>,
        call: F,
    ) -> Result<T, Trouble>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        if self.intended.take() != Some(step) {
            self.engine.boundary(step, Moment::BeforeIntention);
            let lines = [(step, Entry::Intention, about)];
            let written = JournaledStep { lines: &lines, document, ..JournaledStep::default() };
            self.engine.write(self.engine.parts.clock.now(), &self.filing, &written)?;
        }
        self.engine.boundary(step, Moment::AfterIntention);
        let answer = self.engine.altinn_once(&self.filing, call).await;
        self.engine.boundary(step, Moment::AfterCall);
        if let Err(trouble) = &answer {
            if step == StepName::Confirm && !trouble.may_have_happened() {
                self.filing.delivered = Delivered::No;
            }
            let entry = trouble.entry();
            // An intention without an outcome means the same as "unknown", so that this need not succeed.
            if let Err(error) = self.engine.record(&self.filing, &[(step, entry, Some(&trouble.note()))], &[]) {
                tracing::error!(%error, "The outcome of a step could not be written.");
            }
            self.engine.boundary(step, Moment::AfterOutcome);
        }
        answer
    }

    /// The envelope as it is or will be sent; made once, so that it says the same whenever it is sent.
    fn envelope(&self) -> Result<Vec<u8>, Trouble> {
        if let Some(made) = self.make_envelope()? {
            self.engine.parts.db.write(|tx| filings::store_document(tx, &self.filing, ENVELOPE, &made))?;
            return Ok(made);
        }
        self.document(ENVELOPE)
    }

    /// The envelope, if it has not been made before.
    fn make_envelope(&self) -> Result<Option<Vec<u8>>, Trouble> {
        if self.engine.parts.db.read(|db| filings::document(db, self.filing.number, ENVELOPE))?.is_some() {
            return Ok(None);
        }
        let vat_return = vat_return::read(&self.document(RETURN)?)
            .map_err(|_| Trouble::Lost("The stored return can no longer be read."))?;
        let listed: Vec<AttachmentName> =
            self.attachments.iter().map(|it| AttachmentName::of_file(&it.name, LISTED_AS)).collect();
        let now = self.engine.parts.clock.now();
        // The element is one that a client always sends, with nothing in it where nobody's name is known.
        let created_by = self.filing.filed_by.as_deref().unwrap_or_default();
        let envelope = Envelope::for_return(&vat_return, created_by, now, &listed);
        Ok(Some(envelope.write(false).into_bytes()))
    }

    pub(super) fn document(&self, name: &str) -> Result<Vec<u8>, Trouble> {
        let found = self.engine.parts.db.read(|db| filings::document(db, self.filing.number, name))?;
        if name == RETURN && found.as_ref().is_some_and(|bytes| sha256(bytes) != self.filing.sha256) {
            return Err(Trouble::Lost("The stored return is not what it was when it was checked."));
        }
        found.ok_or(Trouble::Lost("A document of the filing is missing in the database."))
    }

    pub(super) fn instance_id(&self) -> Result<altinn::InstanceId, Trouble> {
        self.filing.instance.clone().ok_or(Trouble::Lost("The filing has no instance."))
    }

    /// The instance, read if it is not at hand.
    pub(super) async fn instance_now(&mut self) -> Result<altinn::Instance, Trouble> {
        if let Some(instance) = &self.instance {
            return Ok(instance.clone());
        }
        let (client, id) = (&self.engine.parts.client, &self.instance_id()?);
        let call = |token| async move { client.get_instance(&token, id).await };
        let instance = self.engine.altinn(&self.filing, call).await?;
        self.instance = Some(instance.clone());
        Ok(instance)
    }
}
