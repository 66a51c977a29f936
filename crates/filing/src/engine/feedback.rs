//! After delivery: what to pay, the answer, the archive.

use altinn::{DataElement, Instance, Stage};
use bytes::Bytes;
use futures_util::future::try_join_all;
use jiff::Timestamp;
use tokio::time::Instant;
use vat_return::{
    payment_information::PaymentInformation,
    validation_result::{Outcome, ValidationResult},
};

use super::{
    Control, Engine, Moment, Written,
    run::{Flow, Run},
    trouble::Trouble,
};
use crate::{
    archive::{Content, Document, RECEIPT, SENT_ENVELOPE, SENT_RETURN},
    database::DatabaseError,
    filings::{self, ENVELOPE, Entry, Filing, Payment, RETURN},
    problem,
    view::{Delivered, ErrorCode, ErrorView, FilingState, StepName, TimelineEvent},
};

/// Skatteetaten's word for a filing it has received (apis.md 6.7).
const RECEIVED: &str = "Mottatt";

/// The files that come back: type of the data element, and name in the archive.
const COMING_BACK: [(&str, &str); 3] =
    [("valideringsresultat", "valideringsresultat.xml"), ("betalingsinformasjon", PAYMENT), ("kvittering", RECEIPT)];

/// What to pay, in the archive.
const PAYMENT: &str = "betalingsinformasjon.xml";

impl Run<'_> {
    /// Reads the instance until its process has ended and the receipt is there (apis.md 1.4, step 8).
    pub(super) async fn ask_for_feedback(&mut self) -> Result<Flow, Trouble> {
        // Delivered, by whoever it was.
        self.heard();
        let instance = self.instance_now().await?;
        // Used up: the next time it is read anew.
        self.instance = None;
        if self.filing.problem.take().is_some() {
            self.engine.record(&self.filing, &[], &[])?;
        }
        if instance.has_feedback() {
            // What was just read is what is put away: nobody but Skatteetaten writes from here on.
            self.instance = Some(instance);
            return Ok(self.answered(TimelineEvent::Received)?);
        }
        if let Some(result) = self.late_rejection(&instance).await? {
            let text = instance.status.substatus.as_ref().map(|said| said.description.to_string()).unwrap_or_default();
            let mut view = problem::says(ErrorCode::ReturnRefused, "Skatteetaten rejected the return after delivery.")
                .detail(text)
                .when(Delivered::Yes);
            for detail in result.iter().flat_map(|result| &result.deviations).flat_map(|deviation| &deviation.details) {
                view = view.detail(detail.reason.clone());
            }
            self.rejection = Some(view);
            self.engine.parts.listener.changed(&self.filing, result.as_ref());
            return Ok(self.answered(TimelineEvent::Refused)?);
        }
        self.fetch_payment(&instance).await?;
        let since = self.asking_since.get_or_insert_with(Instant::now).elapsed();
        let pace = self.engine.parts.pace;
        let pause = pace.poll(since);
        let soon = pause > pace.poll_first && self.feedback_is_announced(&instance).await;
        Ok(Flow::Poll(if soon { pace.poll_first } else { pause }))
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
        let written = Written { lines: &lines, events: &[event], ..Written::default() };
        if let Err(error) = self.engine.write(self.engine.parts.clock.now(), &self.filing, &written) {
            self.filing.step = StepName::Feedback;
            return Err(error);
        }
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
        let Some(payment) = read_payment(&bytes) else { return Ok(()) };
        self.filing.payment = Some(payment);
        self.engine.record(&self.filing, &[], &[])?;
        Ok(())
    }

    /// Whether the process has ended without a receipt because the return was rejected. How that looks is not published
    /// (apis.md section 9), so a result that says "ugyldig" counts, and a word of Skatteetaten's other than "Mottatt".
    async fn late_rejection(&self, instance: &Instance) -> Result<Option<Option<ValidationResult>>, Trouble> {
        if instance.stage() != Stage::Ended {
            return Ok(None);
        }
        let result = match self.download(instance, "valideringsresultat").await? {
            Some(bytes) => ValidationResult::read(&bytes).ok(),
            None => None,
        };
        let invalid = result.as_ref().is_some_and(|result| result.outcome == Outcome::Invalid);
        let said = instance.status.substatus.as_ref().map(|said| said.label.as_str()).unwrap_or_default();
        let rejected = invalid || !(said.is_empty() || said.eq_ignore_ascii_case(RECEIVED));
        Ok(rejected.then_some(result))
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

    /// Fetches what came back and puts everything into the archive.
    pub(super) async fn put_away(&mut self) -> Result<Flow, Trouble> {
        let instance = self.instance_now().await?;
        if self.rejection.is_none() && !instance.has_feedback() {
            // After a restart the reason for a rejection has to be read again.
            self.filing.step = StepName::Feedback;
            return Ok(Flow::Moved);
        }
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
        let rejection = self.rejection.take();
        self.filing.state = if rejection.is_some() { FilingState::Refused } else { FilingState::Received };
        self.filing.problem = rejection;
        self.fetched(at)?;
        self.engine.boundary(StepName::Archive, Moment::AfterOutcome);
        Ok(Flow::Finished)
    }

    /// Writes down that everything has been fetched, at the moment that the folder's own account has.
    fn fetched(&self, at: Timestamp) -> Result<(), DatabaseError> {
        let lines = [(StepName::Archive, Entry::Done, None)];
        let written = Written { lines: &lines, events: &[TimelineEvent::Fetched], ..Written::default() };
        self.engine.write(at, &self.filing, &written)
    }

    /// Fetches the files and writes the folder. The last event of its account is the one that is happening: "fetched", at
    /// the moment that is returned, for the database to say the same.
    async fn write_folder(&mut self, instance: &Instance, folder: &str) -> Result<Timestamp, Trouble> {
        let documents = self.documents(instance).await?;
        let payment = documents.iter().find(|document| document.name == PAYMENT).map(|document| &document.content);
        if let Some(Content::Bytes(bytes)) = payment {
            self.filing.payment = read_payment(bytes).or(self.filing.payment.take());
        }
        let mut events = self.engine.parts.db.read(|db| filings::timeline(db, self.filing.number))?;
        let at = self.engine.parts.clock.now();
        events.push((at, TimelineEvent::Fetched));
        let language = self.engine.parts.listener.language();
        // The folder tells how it ended, so that a lost history can be built anew from it.
        let ended = match &self.rejection {
            Some(rejection) => {
                Filing { state: FilingState::Refused, problem: Some(rejection.clone()), ..self.filing.clone() }
            }
            None if self.filing.state == FilingState::Refused => self.filing.clone(),
            None => Filing { state: FilingState::Received, problem: None, ..self.filing.clone() },
        };
        let (archive, folder) = (self.engine.parts.archive.clone(), folder.to_owned());
        // Attachments may be hundreds of megabytes: copied where it keeps nobody waiting.
        let put = tokio::task::spawn_blocking(move || archive.put(&ended, &folder, &documents, &events, language));
        let (folder, files) = put.await.map_err(|_| Trouble::Lost("The archive could not be written."))??;
        self.filing.archive_folder = Some(folder);
        self.filing.files = files;
        Ok(at)
    }

    async fn documents(&self, instance: &Instance) -> Result<Vec<Document>, Trouble> {
        let mut documents = vec![
            Document::new(SENT_RETURN, self.document(RETURN)?),
            Document::new("instans.json", instance.json.clone()),
        ];
        let envelope = self.engine.parts.db.read(|db| filings::document(db, self.filing.number, ENVELOPE))?;
        documents.extend(envelope.map(|bytes| Document::new(SENT_ENVELOPE, bytes)));
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

/// Fetches what came back once more: the archive folder is written anew, the state stays.
pub(super) async fn fetch_again(engine: &Engine, filing: &mut Filing) -> Result<(), ErrorView> {
    let control = Control::default();
    let attachments = engine.parts.db.read(|db| filings::attachments(db, filing.number))?;
    let mut run = Run::new(engine, &control, filing.clone(), attachments);
    let fetched = async {
        let instance = run.instance_now().await?;
        let folder = match run.filing.archive_folder.clone() {
            Some(folder) => folder,
            None => engine.parts.archive.choose(&run.filing)?,
        };
        let at = run.write_folder(&instance, &folder).await?;
        run.fetched(at)?;
        Ok::<_, Trouble>(())
    };
    let fetched = fetched.await;
    engine.parts.attachments.let_go(&filing.id);
    match fetched {
        Ok(()) => {
            *filing = run.filing;
            Ok(())
        }
        Err(trouble) => Err(trouble.remedy(filing, StepName::Archive, engine.parts.clock.now()).view()),
    }
}

/// Whether two readings of an instance show the same version of a file. One that does not say when it was changed may
/// have been.
fn is_same(fetched: &DataElement, now: &DataElement) -> bool {
    fetched.id == now.id && fetched.last_changed.is_some() && fetched.last_changed == now.last_changed
}

fn read_payment(bytes: &[u8]) -> Option<Payment> {
    match PaymentInformation::read(bytes) {
        Ok(read) => Some(Payment {
            amount: read.amount,
            kid: read.kid,
            account: Some(read.account).filter(|account| !account.is_empty()),
            due: Some(read.due),
        }),
        Err(error) => {
            // The file itself reaches the archive; a payment that cannot be read must not keep the receipt away.
            tracing::warn!(%error, "The payment information cannot be read.");
            None
        }
    }
}
