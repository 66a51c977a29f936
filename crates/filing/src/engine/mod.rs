//! The engine: takes a filing from step to step until its receipt is in the archive.
//!
//! A filing must arrive exactly once, and `process/next` is not idempotent. So before each remote step the intention
//! is written to the journal and is on the disk; after it the outcome, before the next call. The outcome of one step and
//! the intention of the next go to the disk together. Whenever the two do not match (a crash, a lost
//! answer, a fault, a refusal that should not be) nothing is tried again before the instance has been read, and what
//! comes next is what the authority's state says ([`reconcile`]).
#![doc = include_str!("invariants.md")]

mod attachments;
mod boundaries;
mod claiming;
pub mod claims;
mod feedback;
#[cfg(test)]
mod model;
mod odd;
mod pace;
mod reconcile;
mod run;
mod steps;
mod trouble;

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use access::{
    authorizations::AuthorizationId,
    session::{Session, SessionError},
};
use altinn::{ApiError, BearerToken, Client};
pub use boundaries::{Boundaries, Moment, Unwatched};
pub use claiming::filed;
use claims::Claims;
pub use feedback::{rejection, unclear};
use id_porten::Clock;
use jiff::Timestamp;
pub use pace::Pace;
use store::database::{Database, DatabaseError};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use trouble::Trouble;
pub use trouble::shown_of_check;
use vat_return::{Language, validation_result::ValidationResult};
use view::{
    Delivered, EnvironmentName, FilingState, StepName, TimelineEvent,
    ids::{BatchId, FilingId},
    problem::Problem,
};

use crate::{
    archive::Archive,
    attachments::Store,
    filings::{self, Entry, FiledAttachment, Filing},
    ownership::{Claim, Lock, Ownership},
};

/// How long the end waits for a receipt that is being fetched.
const FETCH_PATIENCE: Duration = Duration::from_secs(10);

/// Is told of every change of a filing.
pub trait Listener: Send + Sync + 'static {
    /// A filing has changed; `refusal` is what the authority found wrong with its return, if it has just said so.
    fn changed(&self, filing: &Filing, refusal: Option<&ValidationResult>);

    /// A filing leaves the authority alone for a moment before it tries again, or goes on after that.
    fn pausing(&self, filing: &FilingId, pausing: bool);

    /// So many bytes of a filing's attachments have been handed over, of so many.
    fn uploading(&self, filing: &FilingId, done: u64, total: u64);

    /// The language of what is written for people.
    fn language(&self) -> Language;
}

/// What the engine is made of.
pub struct EngineParts {
    /// The database with the journal.
    pub db: Arc<Database>,
    /// Altinn.
    pub client: Client,
    /// Whose tokens it goes by.
    pub session: Session,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where it keeps what came back.
    pub archive: Archive,
    /// Attachments that lie ready.
    pub attachments: Arc<Store>,
    /// Which authorities it files with.
    pub environment: EnvironmentName,
    /// How long it waits.
    pub pace: Pace,
    /// What happens between two steps; nothing outside tests.
    pub boundaries: Arc<dyn Boundaries>,
    /// Who is told.
    pub listener: Arc<dyn Listener>,
    /// How many filings may be talking to the authorities at once.
    pub places: usize,
    /// The office register, where this desk has moved into one.
    pub claims: Option<Arc<dyn Claims>>,
}

/// The engine of one environment.
pub struct Engine {
    parts: EngineParts,
    ownership: Ownership,
    running: Mutex<HashMap<FilingId, Arc<Control>>>,
    queues: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
    /// A filing that works holds one; one that waits for an answer, a person or a better moment does not.
    places: Arc<Semaphore>,
    /// How many filings are waiting for their receipt.
    asking: Arc<AtomicUsize>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

/// What is written of a filing at one moment, besides the filing itself.
#[derive(Default)]
struct JournaledStep<'a> {
    /// Lines of its journal: step, what of it, and a note.
    lines: &'a [(StepName, Entry, Option<&'a str>)],
    /// Events of its timeline.
    events: &'a [TimelineEvent],
    /// What has become of attachments.
    attachments: &'a [FiledAttachment],
    /// A document that is kept, by its name.
    document: Option<(&'a str, &'a [u8])>,
}

/// How a filing under way is reached.
#[derive(Debug, Default)]
struct Control {
    /// Stop waiting and look again.
    wake: Notify,
    /// Somebody wants it to go on.
    push: Mutex<Option<Push>>,
    /// Somebody has woken it since it last looked.
    again: AtomicBool,
    /// The user wants to give it up.
    cancelled: AtomicBool,
    /// The wish to give it up has been heard, and came too late.
    too_late: Notify,
    /// It has come to its end, for now or for good.
    ended: CancellationToken,
    /// What came back is being fetched, or put away.
    fetching: AtomicBool,
    /// The fetching has ended, one way or another.
    fetched: Notify,
}

impl Control {
    /// What came back is about to be fetched: who closes waits until it is put away, or cannot be.
    fn fetches(&self) {
        self.fetching.store(true, Ordering::SeqCst);
    }

    /// Nothing is being fetched any more, or for now.
    fn fetches_no_more(&self) {
        if self.fetching.swap(false, Ordering::SeqCst) {
            self.fetched.notify_one();
        }
    }

    /// Waits while a receipt is being fetched.
    async fn until_fetched(&self) {
        while self.fetching.load(Ordering::SeqCst) {
            self.fetched.notified().await;
        }
    }
}

/// Somebody's wish that a filing go on.
#[derive(Debug, Clone, Default)]
pub struct Push {
    /// The person who is to sign it, when that is another than the one who filled it in.
    pub signer: Option<Signer>,
    /// Told when what was wished for has been done, or has come to nothing.
    pub heard: Arc<Notify>,
}

/// Who signs what another has filled in.
#[derive(Debug, Clone)]
pub struct Signer {
    /// Key of her authorization.
    pub authorization: AuthorizationId,
    /// The filing becomes hers: the other was refused before anything was made of it in Altinn.
    pub instead: bool,
    /// Her name, or her masked id, where ID-porten gave one.
    pub name: Option<String>,
}

/// What became of the wish to work on a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Started {
    /// It is under way now.
    Here,
    /// It was under way already, and has been woken.
    Woken,
    /// Another program is working on it.
    Elsewhere,
}

/// Why a filing could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The lock of the filing.
    #[error("the filing could not be locked")]
    Lock(#[source] io::Error),
}

impl Engine {
    /// An engine that nothing has been started with.
    pub fn new(parts: EngineParts) -> Arc<Self> {
        Arc::new(Self {
            ownership: Ownership::new(parts.db.folder()),
            places: Arc::new(Semaphore::new(parts.places.max(1))),
            asking: Arc::default(),
            parts,
            running: Mutex::default(),
            queues: Mutex::default(),
            tasks: TaskTracker::new(),
            closing: CancellationToken::new(),
        })
    }

    /// Works on a filing in the background, if nobody else does.
    pub fn start(self: &Arc<Self>, id: &FilingId, push: Option<Push>) -> Result<Started, StartError> {
        let wish = |control: &Control| {
            if push.is_some() {
                control.push.lock().unwrap_or_else(PoisonError::into_inner).clone_from(&push);
            }
        };
        Ok(match self.reach(id, wish)? {
            Some((_, true)) => Started::Here,
            Some((_, false)) => Started::Woken,
            None => Started::Elsewhere,
        })
    }

    /// The same with a wish, and waits until what was wished for has been done or has come to nothing. `false` when another
    /// program is working on it.
    pub async fn push(self: &Arc<Self>, id: &FilingId, push: Push) -> Result<bool, StartError> {
        let heard = Arc::clone(&push.heard);
        let wish = |control: &Control| *control.push.lock().unwrap_or_else(PoisonError::into_inner) = Some(push);
        let Some((control, _)) = self.reach(id, wish)? else { return Ok(false) };
        tokio::select! {
            () = control.ended.cancelled() => {}
            () = heard.notified() => {}
        }
        Ok(true)
    }

    /// Asks for a filing to be given up, and waits until that has been done or has come too late. `false` when another
    /// program is working on it. One that rests is set going for it, so that there is one place where filings end.
    pub async fn give_up(self: &Arc<Self>, id: &FilingId) -> Result<bool, StartError> {
        let reached = self.reach(id, |control| control.cancelled.store(true, Ordering::SeqCst))?;
        let Some((control, _)) = reached else { return Ok(false) };
        tokio::select! {
            () = control.ended.cancelled() => {}
            () = control.too_late.notified() => {}
        }
        Ok(true)
    }

    /// Reaches a filing with a wish: one under way here is woken, one that rests is set going (`true`). `None` when
    /// another program is working on it.
    fn reach(
        self: &Arc<Self>,
        id: &FilingId,
        wish: impl FnOnce(&Control),
    ) -> Result<Option<(Arc<Control>, bool)>, StartError> {
        // Held until the filing is among those under way, or two who press at once would take each other for another
        // program.
        let mut running = self.running();
        if let Some(control) = running.get(id) {
            wish(control);
            // It may be about to rest, and then has to look again.
            control.again.store(true, Ordering::SeqCst);
            control.wake.notify_one();
            return Ok(Some((Arc::clone(control), false)));
        }
        let Some(claim) = self.ownership.claim(&Lock::Filing(id)).map_err(StartError::Lock)? else { return Ok(None) };
        let control = Arc::new(Control::default());
        wish(&control);
        running.insert(id.clone(), Arc::clone(&control));
        drop(running);
        if !control.cancelled.load(Ordering::SeqCst)
            && let Err(error) = self.waits_no_more(id)
        {
            tracing::warn!(%error, filing = %id, "What a filing waited for is said of it until it is looked at.");
        }
        let (engine, id, here) = (Arc::clone(self), id.clone(), Arc::clone(&control));
        self.tasks.spawn(async move {
            let _ended = here.ended.clone().drop_guard();
            let mut work = std::pin::pin!(engine.work(&id, claim, &here));
            tokio::select! {
                biased;
                // What is cut off here is found out at the next start, as after a crash.
                () = engine.closing.cancelled() => {
                    tokio::select! {
                        biased;
                        () = here.until_fetched() => {}
                        () = &mut work => {}
                        () = tokio::time::sleep(FETCH_PATIENCE) => {}
                    }
                    engine.running().remove(&id);
                }
                () = &mut work => {}
            }
        });
        Ok(Some((control, true)))
    }

    /// What a filing rested for is said of it no more once it is set going: whoever follows it from here on would take the
    /// word of before for what has come of it.
    fn waits_no_more(&self, id: &FilingId) -> Result<(), DatabaseError> {
        let found = self.parts.db.read(|db| filings::find(db, self.parts.environment, id))?;
        let Some(mut filing) = found.filter(|_| !self.closing.is_cancelled()) else { return Ok(()) };
        // Its receipt is waited for all the same, and what kept it may be over. What an unclear answer says stays so.
        if filing.state == FilingState::WaitingAnswer && filing.problem.take().is_some() {
            return self.record(&filing, &[], &[]);
        }
        self.is_gone_on_with(&mut filing)
    }

    /// The same of one that is at hand.
    fn is_gone_on_with(&self, filing: &mut Filing) -> Result<(), DatabaseError> {
        if filing.state != FilingState::Waiting {
            return Ok(());
        }
        (filing.state, filing.problem) = (FilingState::Running, None);
        self.record(filing, &[], &[])
    }

    /// Works on a filing until it rests and nobody wants it to go on.
    async fn work(&self, id: &FilingId, claim: Claim, control: &Control) {
        loop {
            let finished = self.run(id, control).await;
            let mut running = self.running();
            if !finished && control.again.load(Ordering::SeqCst) {
                continue;
            }
            running.remove(id);
            if finished {
                claim.finish();
            }
            return;
        }
    }

    /// Ends all work at once, as a crash would; the next start goes on from there. A receipt that is being fetched is still
    /// put away, because that changes nothing at the authority and the person would have to wait for it again.
    pub fn close(&self) {
        self.closing.cancel();
        self.tasks.close();
    }

    /// Waits until all work has ended after [`Engine::close`].
    pub async fn closed(&self) {
        self.tasks.wait().await;
    }

    /// Fetches what came back once more and replaces the archive folder. The filing must be delivered.
    pub async fn fetch_again(&self, filing: &mut Filing) -> Result<(), Problem> {
        feedback::fetch_again(self, filing).await
    }

    /// The office register, where this desk has moved into one.
    pub fn claims(&self) -> Option<&Arc<dyn Claims>> {
        self.parts.claims.as_ref()
    }

    fn running(&self) -> MutexGuard<'_, HashMap<FilingId, Arc<Control>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks Altinn in the name of the filing's person. A token that is refused is renewed once; a question may be asked
    /// again.
    async fn altinn<T, F, Called>(&self, filing: &Filing, call: F) -> Result<T, Trouble>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        Ok(self.parts.session.with_altinn(&self.person(filing)?, call).await?)
    }

    /// Does something at Altinn in the name of the filing's person. Whatever is answered, it is not done again here.
    async fn altinn_once<T, F, Called>(&self, filing: &Filing, call: F) -> Result<T, Trouble>
    where
        F: Fn(BearerToken) -> Called + Send,
        Called: Future<Output = Result<T, ApiError>> + Send,
    {
        let called = self.parts.session.with_altinn_once(&self.person(filing)?, call).await;
        called.map_err(|error| Trouble::from(error).into_write())
    }

    /// In whose name the authorities are called.
    fn person(&self, filing: &Filing) -> Result<AuthorizationId, SessionError> {
        match &filing.authorization {
            // Whose it was went with a lost database. What is delivered, or may be, anybody may look for who may see it; to deliver
            // takes a person who has said so.
            None if filing.delivered != Delivered::No => {
                Ok(self.parts.session.authorization().ok_or(SessionError::NeedsSignIn)?.id)
            }
            None => Err(SessionError::NeedsSignIn),
            Some(own) => Ok(own.clone()),
        }
    }

    /// Waits for a place among the filings that may work at once; first come, first served.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.places).acquire_owned().await.ok()
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.parts.places.max(1)
    }

    /// The right to work on a batch; `None` when another program has it.
    pub fn claim_batch(&self, id: &BatchId) -> io::Result<Option<Claim>> {
        self.ownership.claim(&Lock::Batch(id))
    }

    /// The queue of one company's new instances: whoever looks for a lost one must not find another's that is just being
    /// made.
    fn queue(&self, org_number: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(queues.entry(org_number.to_owned()).or_default())
    }

    /// Writes a filing with lines of its journal and events of its timeline, all or nothing, and tells of it.
    fn record(
        &self,
        filing: &Filing,
        lines: &[(StepName, Entry, Option<&str>)],
        events: &[TimelineEvent],
    ) -> Result<(), DatabaseError> {
        self.write(self.parts.clock.now(), filing, &JournaledStep { lines, events, ..JournaledStep::default() })
    }

    /// Writes a filing with what belongs to one moment, all or nothing and through to the disk, and tells of it.
    fn write(&self, at: Timestamp, filing: &Filing, written: &JournaledStep<'_>) -> Result<(), DatabaseError> {
        self.parts.db.write(|tx| {
            filings::save(tx, filing)?;
            for attachment in written.attachments {
                filings::store_attachment(tx, filing, attachment)?;
            }
            if let Some((name, bytes)) = written.document {
                filings::store_document(tx, filing, name, bytes)?;
            }
            for (step, entry, note) in written.lines {
                filings::write_journal(tx, filing, at, *step, *entry, *note)?;
            }
            for event in written.events {
                filings::record_event(tx, filing, at, *event)?;
            }
            Ok::<_, DatabaseError>(())
        })?;
        self.parts.listener.changed(filing, None);
        Ok(())
    }

    fn boundary(&self, step: StepName, moment: Moment) {
        self.parts.boundaries.reached(step, moment);
    }
}
