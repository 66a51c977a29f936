//! After delivery: what to pay, Skatteetaten's verdict, the archive.
//!
//! What a filing ends as is read from `valideringsresultat`, whatever else is there: a return that was rejected ends with
//! a receipt and the label "Mottatt", as one that was accepted (apis.md 1.9). What was read of it is kept at once, so that
//! a payment that came before it stops being provisional and nothing has to be read twice after a restart.

use altinn::{DataElement, Instance, Stage};
use bytes::Bytes;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use std::time::Duration;
use store::{
    database::{DatabaseError, columns},
    digest::sha256,
};
use tokio::time::Instant;
use vat_return::validation_result::ValidationResult;
use view::{
    Delivered, ErrorCode, FilingState, StepName, SubstatusView, TimelineEvent, Verdict,
    problem::{self, Problem},
};

use super::{
    Control, Engine, JournaledStep, Moment,
    run::{Flow, Run},
    trouble::{Trouble, with_reasons},
};
use crate::{
    archive::{Content, Document, FolderContents, RECEIPT, SENT_ENVELOPE, SENT_RETURN, seal},
    filings::{self, ENVELOPE, Entry, Filing, RESULT, RETURN},
    payment::{self, NotTold},
    saft,
};

/// The data element that holds the verdict.
const VERDICT: &str = "valideringsresultat";

/// The files that come back: type of the data element, and name in the archive.
const COMING_BACK: [(&str, &str); 3] =
    [(VERDICT, "valideringsresultat.xml"), ("betalingsinformasjon", PAYMENT), ("kvittering", RECEIPT)];

/// How long an answer that was not understood is looked at again by itself, from delivery.
const UNCLEAR_FOR: Duration = Duration::from_secs(14 * 24 * 60 * 60);
/// This computer's clock may differ so much from Altinn's before anything is concluded from both.
const CLOCK_WRONG: Duration = Duration::from_secs(5 * 60);
/// How long a receipt is waited for, from delivery, when the process has ended and the return is accepted.
const RECEIPT_PATIENCE: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What to pay, in the archive.
const PAYMENT: &str = "betalingsinformasjon.xml";

/// Whether a verdict says how it ended.
fn understood(verdict: Verdict) -> bool {
    verdict.ends_as() != FilingState::Unclear
}

impl Run<'_> {
    /// Reads the instance until Skatteetaten's verdict is there with what belongs to it (apis.md 1.4, step 8; 1.9).
    pub(super) async fn ask_for_feedback(&mut self) -> Result<Flow, Trouble> {
        // Delivered, by whoever it was.
        self.acknowledge_push();
        let instance = self.instance_now().await?;
        // Used up: the next time it is read anew.
        self.instance = None;
        if COMING_BACK.iter().any(|(data_type, _)| instance.of_type(data_type).next().is_some()) {
            self.control.fetches();
        }
        let label = label_of(&instance);
        let relabelled = label.is_some() && label != self.filing.substatus;
        if relabelled {
            self.filing.substatus = label;
        }
        let unclear = self.filing.state == FilingState::Unclear;
        // What an unclear answer is shown with stays until there is a clearer one.
        if (!unclear && self.filing.problem.take().is_some()) || relabelled {
            self.engine.record(&self.filing, &[], &[])?;
        }
        let before = self.filing.verdict;
        let verdict = self.read_verdict(&instance).await?;
        // What nobody understands is put away once; what is understood now counts, whatever was written down of it before.
        let is_news = !unclear || before != Some(verdict) || understood(verdict);
        if self.is_ripe(&instance, verdict) && is_news {
            return self.decided(instance, verdict);
        }
        self.fetch_payment(&instance).await?;
        let since = self.asking_since.get_or_insert_with(Instant::now).elapsed();
        let pace = self.engine.parts.pace;
        if unclear {
            let waited = self.filing.delivered_at.map(|at| self.engine.parts.clock.now().duration_since(at));
            let over = waited.is_some_and(|waited| waited.unsigned_abs() > UNCLEAR_FOR);
            return Ok(if over { Flow::Rest } else { Flow::Poll(pace.unclear(since)) });
        }
        let pause = pace.poll(since);
        let soon = pause > pace.poll_first && self.feedback_is_announced(&instance).await;
        Ok(Flow::Poll(if soon { pace.poll_first } else { pause }))
    }

    /// Reads the verdict, if that file has changed since it was last read, and keeps what it says.
    async fn read_verdict(&mut self, instance: &Instance) -> Result<Verdict, Trouble> {
        // The last of a type: a corrected one comes after the one it corrects.
        let element = instance.of_type(VERDICT).last();
        let known = match (&self.verdict_read, element) {
            (Some((read, verdict)), Some(element)) if is_same(read, element) => Some(*verdict),
            _ => None,
        };
        if let Some(verdict) = known {
            return Ok(verdict);
        }
        let file = self.download(instance, VERDICT).await?;
        let (verdict, result) = filings::verdict(file.as_deref());
        self.result = result;
        // What was not understood may have been spoilt on the way; it is fetched again the next time.
        self.verdict_read = element.filter(|_| understood(verdict)).map(|element| (element.clone(), verdict));
        self.verdict_since = (Some(verdict) == self.verdict_since.map(|(of, _)| of))
            .then_some(self.verdict_since)
            .flatten()
            .or_else(|| Some((verdict, Instant::now())));
        // Not there yet is no verdict; what has been understood before is not unlearnt because it cannot be read now.
        let unlearns = self.filing.verdict.is_some_and(understood) && !understood(verdict);
        if verdict == Verdict::Missing || unlearns || self.filing.verdict == Some(verdict) {
            return Ok(verdict);
        }
        if self.filing.state == FilingState::Unclear {
            // What must be looked at is so with the verdict that was put away, until the new one is put away with what
            // belongs to it: whoever stops in between decides upon it anew.
            self.result_file = file;
            return Ok(verdict);
        }
        self.filing.verdict = Some(verdict);
        let document = file.as_deref().map(|bytes| (RESULT, bytes));
        self.engine.write(
            self.engine.parts.clock.now(),
            &self.filing,
            &JournaledStep { document, ..JournaledStep::default() },
        )?;
        Ok(verdict)
    }

    /// Whether a verdict is to be acted upon, or something that belongs to it is still to come.
    fn is_ripe(&mut self, instance: &Instance, verdict: Verdict) -> bool {
        let ended = instance.stage() == Stage::Ended;
        let receipt = instance.of_type("kvittering").next().is_some();
        let payment = instance.of_type("betalingsinformasjon").next().is_some();
        let pace = self.engine.parts.pace;
        let ended_for = match (&mut self.ended_since, ended) {
            (Some(since), true) => since.elapsed(),
            (since, true) => {
                *since = Some(Instant::now());
                Duration::ZERO
            }
            (since, false) => {
                *since = None;
                Duration::ZERO
            }
        };
        // By Altinn's own time too: a program that is closed again and again must not begin to wait anew each time.
        let now = self.engine.parts.clock.now();
        let since = |at: Option<Timestamp>| {
            let passed = at.and_then(|at| Duration::try_from(now.duration_since(at)).ok()).unwrap_or_default();
            passed.saturating_sub(CLOCK_WRONG)
        };
        let ended_for = if ended {
            ended_for.max(since(instance.process.as_ref().and_then(|process| process.ended)))
        } else {
            ended_for
        };
        let so_for = self.verdict_since.map_or(Duration::ZERO, |(_, since)| since.elapsed());
        let so_for = so_for.max(since(instance.of_type(VERDICT).next().and_then(|element| element.created)));
        let delivered_for = self.filing.delivered_at.map(|at| self.engine.parts.clock.now().duration_since(at));
        let long_ago = delivered_for.is_some_and(|passed| passed.unsigned_abs() > RECEIPT_PATIENCE);
        match verdict {
            // The receipt belongs to it; one that has not come after a week is not waited for any longer.
            Verdict::Accepted | Verdict::Deviating | Verdict::Incomplete => {
                ended && (receipt && (payment || ended_for >= pace.verdict_grace) || long_ago)
            }
            // The deadline runs: told at once, with the receipt where that comes with it.
            Verdict::Invalid => ended || receipt || so_for >= pace.verdict_grace,
            Verdict::Unknown | Verdict::Unreadable => ended || so_for >= pace.verdict_grace,
            // What comes with the end of the process may be a moment behind it.
            Verdict::Missing => ended && ended_for >= pace.verdict_grace,
        }
    }

    /// The verdict counts: what comes of it is about to be put away.
    fn decided(&mut self, instance: Instance, verdict: Verdict) -> Result<Flow, Trouble> {
        let before = self.filing.verdict.replace(verdict);
        let ends_as = verdict.ends_as();
        let event = match ends_as {
            FilingState::Rejected => {
                let text = instance.status.substatus.as_ref().map(|said| said.description.clone()).unwrap_or_default();
                self.ending = Some((ends_as, Some(rejection(self.result.as_ref(), &text))));
                self.engine.parts.listener.changed(&self.filing, self.result.as_ref());
                TimelineEvent::Rejected
            }
            FilingState::Unclear => {
                self.ending = Some((ends_as, Some(unclear(verdict))));
                TimelineEvent::Unclear
            }
            FilingState::Received
            | FilingState::Queued
            | FilingState::Running
            | FilingState::Waiting
            | FilingState::WaitingSignature
            | FilingState::WaitingAnswer
            | FilingState::Refused
            | FilingState::Abandoned => {
                self.ending = Some((ends_as, None));
                TimelineEvent::Received
            }
        };
        // What was just read is what is put away: nobody but Skatteetaten writes from here on.
        self.instance = Some(instance);
        let answered = self.answered(event);
        if answered.is_err() {
            self.filing.verdict = before;
        }
        Ok(answered?)
    }

    /// Whether the older interface says that the answer is there, where the app still has it (apis.md 1.4, step 8): asked
    /// once the instance is read seldom. An extra, so what goes wrong with it is nobody's trouble.
    async fn feedback_is_announced(&mut self, instance: &Instance) -> bool {
        if self.no_feedback_status {
            return false;
        }
        let (client, id) = (&self.engine.parts.client, &instance.id);
        let call = |token| async move { client.feedback_status(&token, id).await };
        match self.engine.altinn(&self.filing, call).await {
            // Whatever it says from now on: the instance counts, and what it does not bear out must not hurry anybody again.
            Ok(Some(true)) => {
                self.no_feedback_status = true;
                true
            }
            Ok(Some(false)) | Err(_) => false,
            Ok(None) => {
                self.no_feedback_status = true;
                false
            }
        }
    }

    /// The answer is there; it is about to be put away. A folder that cannot be chosen now is chosen when it is.
    fn answered(&mut self, event: TimelineEvent) -> Result<Flow, DatabaseError> {
        let chosen = match &self.filing.archive_folder {
            Some(_) => true,
            None => {
                self.filing.archive_folder = self.engine.parts.archive.choose(&self.filing).ok();
                self.filing.archive_folder.is_some()
            }
        };
        let done = (StepName::Feedback, Entry::Done, None);
        let intention = (StepName::Archive, Entry::Intention, None);
        let lines = if chosen { vec![done, intention] } else { vec![done] };
        if chosen {
            self.engine.boundary(StepName::Archive, Moment::BeforeIntention);
        }
        self.waited_for = None;
        self.filing.step = StepName::Archive;
        let document = self.result_file.as_deref().map(|bytes| (RESULT, bytes));
        let written = JournaledStep { lines: &lines, events: &[event], document, ..JournaledStep::default() };
        if let Err(error) = self.engine.write(self.engine.parts.clock.now(), &self.filing, &written) {
            self.filing.step = StepName::Feedback;
            return Err(error);
        }
        self.result_file = None;
        self.intended = chosen.then_some(StepName::Archive);
        self.engine.boundary(StepName::Feedback, Moment::AfterOutcome);
        Ok(Flow::Moved)
    }

    /// What to pay, as soon as it is there: with the confirmation, before the receipt.
    async fn fetch_payment(&mut self, instance: &Instance) -> Result<(), Trouble> {
        if self.filing.payment.is_some() || instance.of_type("betalingsinformasjon").next().is_none() {
            return Ok(());
        }
        let Some(bytes) = self.download(instance, "betalingsinformasjon").await? else { return Ok(()) };
        self.payment_file = instance.of_type("betalingsinformasjon").last().cloned().map(|of| (of, bytes.clone()));
        let Ok(payment) = payment::told(&bytes, &self.filing) else { return Ok(()) };
        self.filing.payment = Some(payment);
        self.engine.record(&self.filing, &[], &[])?;
        Ok(())
    }

    async fn download(&self, instance: &Instance, data_type: &str) -> Result<Option<Bytes>, Trouble> {
        // The last of a type: a corrected one comes after the one it corrects.
        let Some(element) = instance.of_type(data_type).last().cloned() else { return Ok(None) };
        // The same element, not changed since it was fetched.
        if let Some((_, bytes)) = self.payment_file.as_ref().filter(|(fetched, _)| is_same(fetched, &element)) {
            return Ok(Some(bytes.clone()));
        }
        let (client, id, element) = (&self.engine.parts.client, &instance.id, &element);
        let call = |token| async move { client.download(&token, id, element).await };
        let bytes = self.engine.altinn(&self.filing, call).await?;
        Ok(Some(bytes))
    }

    /// Fetches what came back and puts everything into the archive. Who closes meanwhile waits for it.
    pub(super) async fn put_away(&mut self) -> Result<Flow, Trouble> {
        self.control.fetches();
        let Some((ends_as, problem)) = self.ending.clone() else {
            // After a restart the verdict has to be read again.
            self.filing.step = StepName::Feedback;
            return Ok(Flow::Moved);
        };
        let instance = self.instance_now().await?;
        let folder = match (self.intended.take(), self.filing.archive_folder.clone()) {
            (Some(StepName::Archive), Some(folder)) => folder,
            (_, folder) => {
                self.engine.boundary(StepName::Archive, Moment::BeforeIntention);
                let folder = match folder {
                    Some(folder) => folder,
                    None => self.engine.parts.archive.choose(&self.filing)?,
                };
                self.filing.archive_folder = Some(folder.clone());
                self.engine.record(&self.filing, &[(StepName::Archive, Entry::Intention, None)], &[])?;
                folder
            }
        };
        self.engine.boundary(StepName::Archive, Moment::AfterIntention);
        let at = self.write_folder(&instance, &folder).await?;
        self.engine.boundary(StepName::Archive, Moment::AfterCall);
        self.ending = None;
        self.filing.state = ends_as;
        self.filing.problem = problem;
        if !ends_as.is_finished() {
            // An answer that nobody understands is looked at again: the next one may be clearer.
            self.filing.step = StepName::Feedback;
            self.asking_since = None;
        }
        self.fetched(at)?;
        self.engine.boundary(StepName::Archive, Moment::AfterOutcome);
        if ends_as.is_finished() {
            return Ok(Flow::Finished);
        }
        Ok(Flow::Poll(self.engine.parts.pace.unclear(Duration::ZERO)))
    }

    /// Puts what is about to be delivered into the archive, through to the disk, so that it is known whatever becomes of
    /// the database: where it is delivered, and what. Before the call that delivers it, every time.
    pub(super) async fn put_under_way(&mut self) -> Result<(), Trouble> {
        let mut documents = vec![Document::new(SENT_RETURN, self.document(RETURN)?)];
        let envelope = self.engine.parts.db.read(|db| filings::document(db, self.filing.number, ENVELOPE))?;
        documents.extend(envelope.map(|bytes| Document::new(SENT_ENVELOPE, bytes)));
        documents.extend(self.engine.parts.db.read(|db| saft::archived(db, self.filing.number, false))?);
        let events = self.engine.parts.db.read(|db| filings::timeline(db, self.filing.number))?;
        let (archive, filing) = (self.engine.parts.archive.clone(), self.filing.clone());
        let (language, key) = (self.engine.parts.listener.language(), self.engine.parts.session.archive_key());
        let attachments = self.attachments.clone();
        let put = tokio::task::spawn_blocking(move || {
            let telling = FolderContents { events: &events, attachments: &attachments, language, key: key.as_ref() };
            archive.put_under_way(&filing, &documents, &telling)
        });
        let put = put.await.map_err(|_| Trouble::Lost("The archive could not be written."))??;
        self.filing.archive_folder = Some(put.folder);
        self.engine.parts.db.write(|tx| {
            filings::save(tx, &self.filing)?;
            seal::remember(tx, self.filing.number, &put.manifest)
        })?;
        Ok(())
    }

    /// Writes down that everything has been fetched, at the moment that the folder's own account has.
    fn fetched(&self, at: Timestamp) -> Result<(), DatabaseError> {
        self.fetched_as(at, &[TimelineEvent::Fetched])
    }

    fn fetched_as(&self, at: Timestamp, events: &[TimelineEvent]) -> Result<(), DatabaseError> {
        let lines = [(StepName::Archive, Entry::Done, None)];
        let written = JournaledStep { lines: &lines, events, ..JournaledStep::default() };
        self.engine.write(at, &self.filing, &written)
    }

    /// Fetches the files and writes the folder. The last event of its account is the one that is happening: "fetched", at
    /// the moment that is returned, for the database to say the same.
    async fn write_folder(&mut self, instance: &Instance, folder: &str) -> Result<Timestamp, Trouble> {
        let documents = self.documents(instance).await?;
        let payment = documents.iter().find(|document| document.name == PAYMENT).map(|document| &document.content);
        if let Some(Content::Bytes(bytes)) = payment {
            match payment::told(bytes, &self.filing) {
                Ok(payment) => self.filing.payment = Some(payment),
                // What was read before stays.
                Err(NotTold::Unreadable) => {}
                Err(NotTold::Foreign(_)) => self.filing.payment = None,
            }
        }
        let mut events = self.engine.parts.db.read(|db| filings::timeline(db, self.filing.number))?;
        let at = self.engine.parts.clock.now();
        events.push((at, TimelineEvent::Fetched));
        let language = self.engine.parts.listener.language();
        // The folder tells how it ended, so that a lost history can be built anew from it.
        let ended = match &self.ending {
            Some((state, problem)) => Filing { state: *state, problem: problem.clone(), ..self.filing.clone() },
            None => self.filing.clone(),
        };
        let (archive, folder) = (self.engine.parts.archive.clone(), folder.to_owned());
        // Attachments may be hundreds of megabytes: copied where it keeps nobody waiting.
        let (attachments, key) = (self.attachments.clone(), self.engine.parts.session.archive_key());
        let put = tokio::task::spawn_blocking(move || {
            let telling = FolderContents { events: &events, attachments: &attachments, language, key: key.as_ref() };
            archive.put(&ended, &folder, &documents, &telling)
        });
        let put = put.await.map_err(|_| Trouble::Lost("The archive could not be written."))??;
        self.engine.parts.db.write(|tx| seal::remember(tx, self.filing.number, &put.manifest))?;
        self.filing.archive_folder = Some(put.folder);
        self.filing.files = put.files;
        Ok(at)
    }

    async fn documents(&self, instance: &Instance) -> Result<Vec<Document>, Trouble> {
        let sent = match self.document(RETURN) {
            // It went with a damaged database; Altinn has it.
            Err(Trouble::Lost(why)) => {
                let delivered = self.download(instance, "mvamelding").await?;
                delivered.filter(|bytes| sha256(bytes) == self.filing.sha256).ok_or(Trouble::Lost(why))?
            }
            sent => Bytes::from(sent?),
        };
        let mut documents =
            vec![Document::new(SENT_RETURN, sent), Document::new("instans.json", instance.json.clone())];
        let envelope = self.engine.parts.db.read(|db| filings::document(db, self.filing.number, ENVELOPE))?;
        documents.extend(envelope.map(|bytes| Document::new(SENT_ENVELOPE, bytes)));
        documents.extend(self.engine.parts.db.read(|db| saft::archived(db, self.filing.number, true))?);
        // Reading changes nothing, so the files come side by side.
        let coming = COMING_BACK.map(|(data_type, name)| async move {
            Ok::<_, Trouble>(self.download(instance, data_type).await?.map(|bytes| Document::new(name, bytes)))
        });
        documents.extend(try_join_all(coming).await?.into_iter().flatten());
        for attachment in &self.attachments {
            self.bring_back(instance, attachment).await?;
            let path = self.engine.parts.attachments.path(&self.filing.id, attachment.place);
            documents.push(Document::attachment(attachment.place, &attachment.name, path));
        }
        Ok(documents)
    }
}

/// Fetches what came back once more: the archive folder is written anew, and a verdict that can be read counts.
pub(super) async fn fetch_again(engine: &Engine, filing: &mut Filing) -> Result<(), Problem> {
    let control = Control::default();
    let attachments = engine.parts.db.read(|db| filings::attachments(db, filing.number))?;
    let mut run = Run::new(engine, &control, filing.clone(), attachments);
    let fetched = async {
        let instance = run.instance_now().await?;
        let folder = match run.filing.archive_folder.clone() {
            Some(folder) => folder,
            None => engine.parts.archive.choose(&run.filing)?,
        };
        let before = run.filing.state;
        run.filing.substatus = label_of(&instance).or(run.filing.substatus.take());
        let verdict = run.read_verdict(&instance).await?;
        // An authority that has tidied up does not undo what it has said.
        let counts = run.filing.verdict.is_none() || verdict.ends_as() != FilingState::Unclear;
        if counts {
            run.filing.verdict = Some(verdict);
            let problem = match verdict {
                Verdict::Invalid => Some(rejection(run.result.as_ref(), "")),
                Verdict::Unknown | Verdict::Unreadable | Verdict::Missing => Some(unclear(verdict)),
                Verdict::Accepted | Verdict::Deviating | Verdict::Incomplete => None,
            };
            run.ending = Some((verdict.ends_as(), problem));
        }
        let at = run.write_folder(&instance, &folder).await?;
        if let Some((state, problem)) = run.ending.take() {
            (run.filing.state, run.filing.problem) = (state, problem);
        }
        let changed = run.filing.state != before;
        run.fetched_as(
            at,
            if changed { &[TimelineEvent::Fetched, TimelineEvent::Reviewed] } else { &[TimelineEvent::Fetched] },
        )?;
        Ok::<_, Trouble>(())
    };
    let fetched = fetched.await;
    engine.parts.attachments.release(&filing.id);
    match fetched {
        Ok(()) => {
            *filing = run.filing;
            Ok(())
        }
        Err(trouble) => Err(trouble.remedy(filing, StepName::Archive, engine.parts.clock.now()).view()),
    }
}

/// Skatteetaten's no after delivery, with its reasons.
pub fn rejection(result: Option<&ValidationResult>, label: &str) -> Problem {
    let view = problem::says(ErrorCode::ReturnRejected, "Skatteetaten rejected the return after delivery.")
        .detail(label)
        .when(Delivered::Yes);
    with_reasons(view, result)
}

/// An answer that nobody has understood.
pub fn unclear(verdict: Verdict) -> Problem {
    let message = match verdict {
        Verdict::Missing => "The process has ended, and Skatteetaten's verdict is not there.",
        Verdict::Unreadable => "Skatteetaten's verdict cannot be read.",
        Verdict::Unknown | Verdict::Accepted | Verdict::Deviating | Verdict::Incomplete | Verdict::Invalid => {
            "Skatteetaten's verdict says something that this program does not know."
        }
    };
    problem::says(ErrorCode::AnswerUnclear, message)
        .with("verdict", columns::word(&verdict))
        .with("file", "valideringsresultat.xml")
        .when(Delivered::Yes)
}

/// The authority's label on an instance.
fn label_of(instance: &Instance) -> Option<SubstatusView> {
    let said = instance.status.substatus.as_ref()?;
    (!said.label.is_empty() || !said.description.is_empty())
        .then(|| SubstatusView { label: said.label.to_string(), description: said.description.to_string() })
}

/// Whether two readings of an instance show the same version of a file. One that does not say when it was changed may
/// have been.
fn is_same(fetched: &DataElement, now: &DataElement) -> bool {
    fetched.id == now.id && fetched.last_changed.is_some() && fetched.last_changed == now.last_changed
}
