//! Attachments: one POST each, and what a lost answer leaves to be found out.
//!
//! A POST of an attachment whose answer was lost may have made a data element. The instance says so: an element of that
//! name whose bytes are ours is it; anything else among the attachments is none that was shown to anybody, and goes.

use base16ct::lower::encode_string;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::database::DatabaseError;
use view::{StepName, TimelineEvent, ids::FilingId};

use altinn::{ApiError, Attachment, AttachmentName, DataElement, Instance, Stage};
use disk::WholeFile;
use sha2::{Digest as _, Sha256};

use super::{
    JournaledStep,
    run::{Flow, Run},
    trouble::Trouble,
};
use crate::{
    attachments::{self, same_name},
    filings::{Entry, FiledAttachment},
};

/// The data type of attachments (apis.md 1.4, step 5).
const ATTACHMENT: &str = "binaerVedlegg";
/// How often progress is told while bytes flow.
const TELL_EVERY: Duration = Duration::from_millis(100);

impl Run<'_> {
    /// POST the next attachment that Altinn does not have; when it has all, the step is passed.
    pub(super) async fn post_attachments(&mut self) -> Result<Flow, Trouble> {
        let Some(at) = self.attachments.iter().position(|it| it.element.is_none()) else {
            self.filing.step = StepName::Fill;
            self.engine.record(&self.filing, &[], &[])?;
            return Ok(Flow::Moved);
        };
        let Some(mut attachment) = self.attachments.get(at).cloned() else {
            return Err(Trouble::Lost("An attachment of the filing is missing."));
        };
        self.look_at_file(&attachment).await?;
        let path = self.engine.parts.attachments.path(&self.filing.id, attachment.place);
        let total = self.attachments.iter().map(|it| it.size).sum();
        let before = self.attachments.iter().filter(|it| it.element.is_some()).map(|it| it.size).sum();
        let teller = UploadProgress::new(self, before, total);
        let (client, id, sent) = (&self.engine.parts.client.clone(), &self.instance_id()?, &attachment);
        let (path, teller) = (&path, &teller);
        let call = |token| async move {
            let file = disk::place::open_regular(path)
                .map(tokio::fs::File::from_std)
                .map_err(|error| ApiError::Source { name: sent.name.clone(), reason: error.to_string() })?;
            let upload = Attachment {
                name: AttachmentName::new(&sent.name),
                content_type: sent.content_type.clone(),
                length: sent.size,
                reader: file,
            };
            let teller = Arc::clone(teller);
            client.post_attachment(&token, id, upload, move |done| teller.report_progress(done)).await
        };
        let element = self.write_noted(StepName::Attachments, Some(&attachment.name), call).await?;
        attachment.element = Some(element.id);
        // What was read of the instance is no longer all there is.
        self.instance = None;
        let last = self.attachments.iter().filter(|it| it.element.is_none()).count() == 1;
        let next = if last { StepName::Fill } else { StepName::Attachments };
        let events: &[TimelineEvent] = if last { &[TimelineEvent::Attached] } else { &[] };
        let written = [attachment.clone()];
        let done = self.done_noted(StepName::Attachments, next, events, Some(&attachment.name), &written)?;
        if let Some(known) = self.attachments.get_mut(at) {
            *known = attachment;
        }
        Ok(done)
    }

    /// Whether the file that is about to be sent is still the one that was checked.
    async fn look_at_file(&self, attachment: &FiledAttachment) -> Result<(), Trouble> {
        let path = self.engine.parts.attachments.path(&self.filing.id, attachment.place);
        let looked =
            tokio::task::spawn_blocking(move || attachments::store::digest(&mut disk::place::open_regular(&path)?));
        match looked.await {
            Ok(Ok(sha256)) if sha256 == attachment.sha256 => Ok(()),
            Ok(Ok(_)) => Err(Trouble::Lost("A kept attachment is not what it was when it was checked.")),
            Ok(Err(error)) => {
                tracing::error!(%error, filing = %self.filing.id, "A kept attachment cannot be read.");
                Err(Trouble::Lost("A kept attachment cannot be read."))
            }
            Err(_) => Err(Trouble::Lost("A kept attachment could not be looked at.")),
        }
    }

    /// Sets which attachments Altinn has by what the instance says, and removes what is none of ours. `true` when that
    /// has shown the last of them to be there.
    pub(super) async fn reconcile_attachments(&mut self, instance: &Instance) -> Result<bool, Trouble> {
        let elements: Vec<DataElement> = instance.of_type(ATTACHMENT).cloned().collect();
        let missing = |all: &[FiledAttachment]| all.iter().any(|it| it.element.is_none());
        let missed_before = missing(&self.attachments);
        let settled = self.matched(instance, &elements).await?;
        let changed: Vec<FiledAttachment> = settled
            .iter()
            .zip(&self.attachments)
            .filter(|(now, before)| now.element != before.element)
            .map(|(now, _)| now.clone())
            .collect();
        if !changed.is_empty() {
            let lines: Vec<_> = changed
                .iter()
                .filter(|it| it.element.is_some())
                .map(|it| (StepName::Attachments, Entry::Found, Some(it.name.as_str())))
                .collect();
            let written = JournaledStep { lines: &lines, attachments: &changed, ..JournaledStep::default() };
            self.engine.write(self.engine.parts.clock.now(), &self.filing, &written)?;
            self.attachments = settled;
        }
        for element in &elements {
            if instance.stage() != Stage::Filling || self.attachments.iter().any(|it| it.element == Some(element.id)) {
                continue;
            }
            tracing::warn!(filing = %self.filing.id, "The instance holds an attachment that is not ours; it is removed.");
            let (client, id) = (&self.engine.parts.client, &instance.id);
            let call = |token| async move { client.delete_data(&token, id, element).await };
            self.engine.altinn(&self.filing, call).await?;
            self.instance = None;
        }
        Ok(missed_before && !missing(&self.attachments))
    }

    /// Whether a form that somebody else has completed holds our attachments and no others.
    pub(super) async fn attachments_agree(&self, instance: &Instance) -> Result<bool, Trouble> {
        let elements: Vec<DataElement> = instance.of_type(ATTACHMENT).cloned().collect();
        let settled = self.matched(instance, &elements).await?;
        Ok(elements.len() == settled.len() && settled.iter().all(|it| it.element.is_some()))
    }

    /// Our attachments with the elements that hold them.
    async fn matched(&self, instance: &Instance, elements: &[DataElement]) -> Result<Vec<FiledAttachment>, Trouble> {
        let mut settled = self.attachments.clone();
        for attachment in &mut settled {
            attachment.element = attachment.element.filter(|id| elements.iter().any(|element| element.id == *id));
        }
        for at in 0..settled.len() {
            let Some(attachment) = settled.get(at).filter(|it| it.element.is_none()).cloned() else { continue };
            let namesakes = elements.iter().filter(|element| {
                element.filename.as_deref().is_some_and(|name| same_name(name, &attachment.name))
                    && (element.size == 0 || element.size == attachment.size)
            });
            for element in namesakes {
                let taken = settled.iter().any(|it| it.element == Some(element.id));
                if !taken && self.digest_of(instance, element).await? == attachment.sha256 {
                    if let Some(found) = settled.get_mut(at) {
                        found.element = Some(element.id);
                    }
                    break;
                }
            }
        }
        Ok(settled)
    }

    /// SHA-256 of what Altinn has, without holding it.
    async fn digest_of(&self, instance: &Instance, element: &DataElement) -> Result<String, Trouble> {
        let (client, id) = (&self.engine.parts.client, &instance.id);
        let call = |token| async move {
            let mut hasher = Sha256::new();
            client.download_parts(&token, id, element, |part| hasher.update(part)).await?;
            Ok(encode_string(&hasher.finalize()))
        };
        self.engine.altinn(&self.filing, call).await
    }

    /// Makes sure that an attachment lies in the store: after the archive was written it does no longer, and comes from
    /// there, or from Altinn.
    pub(super) async fn bring_back(&self, instance: &Instance, attachment: &FiledAttachment) -> Result<(), Trouble> {
        let store = &self.engine.parts.attachments;
        let path = store.path(&self.filing.id, attachment.place);
        if path.exists() {
            return Ok(());
        }
        let Some(element) = instance
            .of_type(ATTACHMENT)
            .find(|element| element.filename.as_deref().is_some_and(|name| same_name(name, &attachment.name)))
            .cloned()
        else {
            return Err(Trouble::Lost("Altinn has an attachment of the filing no more."));
        };
        // A full disk has room again some time.
        let refused = |source| {
            Trouble::Database(DatabaseError::Folder { path: self.engine.parts.db.folder().to_owned(), source })
        };
        if let Some(folder) = path.parent() {
            disk::create_folder(folder).map_err(refused)?;
        }
        let (client, id, element, target) = (&self.engine.parts.client, &instance.id, &element, &path);
        let call = |token| async move { client.download_into(&token, id, element, WholeFile::new(target)).await };
        let mut file = self.engine.altinn(&self.filing, call).await?.map_err(refused)?;
        let sha256 = file.look().and_then(|mut written| attachments::store::digest(&mut written)).map_err(refused)?;
        if sha256 != attachment.sha256 {
            return Err(Trouble::Lost("Altinn has another file in an attachment's place."));
        }
        file.finish().map_err(refused)
    }
}

/// Tells how far an upload has come, a few times a second.
struct UploadProgress {
    listener: Arc<dyn super::Listener>,
    filing: FilingId,
    before: u64,
    total: u64,
    told: Mutex<Option<Instant>>,
    whole: AtomicBool,
}

impl UploadProgress {
    fn new(run: &Run<'_>, before: u64, total: u64) -> Arc<Self> {
        Arc::new(Self {
            listener: Arc::clone(&run.engine.parts.listener),
            filing: run.filing.id.clone(),
            before,
            total,
            told: Mutex::default(),
            whole: AtomicBool::new(false),
        })
    }

    fn report_progress(&self, done: u64) {
        let done = self.before + done;
        let whole = done == self.total && !self.whole.swap(true, Ordering::SeqCst);
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if whole || told.is_none_or(|at| at.elapsed() >= TELL_EVERY) {
            *told = Some(Instant::now());
            drop(told);
            self.listener.uploading(&self.filing, done, self.total);
        }
    }
}
