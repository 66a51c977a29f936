//! The office as window and command line use it.

pub mod alone;
mod archive;
mod attachments;
mod batch;
mod closing;
mod company_names;
mod deliveries;
mod desk;
mod drafts;
mod earlier_returns;
mod entity_register;
mod gate;
mod keyring;
mod live;
mod opened;
mod parts;
mod refusal;
mod reminding;
mod resuming;
mod returns;
mod saft;
mod setup;
mod sharing;
mod sheets;
mod sign_in;
mod staff;
mod submission;
mod takeout;
mod taking;
mod unfinished;
mod work_account;
mod writing;

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, RwLock,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use access::{
    authorizations::Authorizations,
    environment::Environment,
    machine_policy::{Policy, WithoutRegister},
    registering::Access,
    session::{self, CHECK_EVERY, SIGN_IN_LIMIT, Session},
    work::{
        self, WayIn, Work,
        rights::{Action, Companies},
    },
};
use altinn::Client;
pub use archive::{Adoptable, verify_archive, verify_folder};
use desk::{Desk, DeskParts};
use disk::private::Whose;
use filing::{
    archive::{Archive, RECEIPT},
    attachments::Store,
    draft_store,
    engine::{Engine, EngineParts, Listener, Pace, claims::Claims},
    filings::{self, Filing},
};
use gate::Permit;
use id_porten::{Clock, Random, RelyingParty};
use jiff::Timestamp;
use refusal::Refusal;
use reminders::{Announcement, Grounds, Watch, deadlines};
pub use returns::OpenedReturns;
pub use setup::{AT_ONCE, OfficeError, Setup};
use store::{
    database::Database,
    vault::{ArchiveKey, SecretStore},
};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use vat_return::samples;
use view::{
    ErrorCode, FilingView, HistoryPage, HistoryQuery, Language, OfficeEvent, Preferences, RemindersView, SampleView,
    StartView,
    ids::FilingId,
    problem::{self, Problem},
    texts::norwegian_date,
};

use crate::{filing_view, history, preferences, recovery, register, review};
pub use parts::{
    Archived, Batches, Books, Calendar, Drafting, Filings, Reminding, Returns, Sharing, SigningIn, WorkAccount,
};

/// How many events a listener may lag behind before it misses some.
const EVENTS_KEPT: usize = 1024;
/// How long the end waits for the office register to be told what it has not heard yet.
const TELLING: Duration = Duration::from_secs(3);
/// How many filings the first screen shows.
const RECENT: u32 = 5;

/// The office of one environment. It works until it is dropped; what is under way then goes on at the next opening.
pub struct Office {
    access: Access,
    desk: Arc<Desk>,
    engine: Arc<Engine>,
    authorities: Environment,
    client: Client,
    attachments: Arc<Store>,
    random: Arc<dyn Random>,
    pace: Pace,
    /// What can be undone in drafts.
    writing: writing::Writings,
    /// The drafts as they were told of last.
    told_drafts: Mutex<draft_store::State>,
    /// The spreadsheet that is looked at.
    sheets: sheets::Sheets,
    /// Counts the wishes to check no further.
    checking: AtomicU64,
    /// A link has come that was nobody's, and has been written down.
    strangers: AtomicBool,
    watch: Watch,
    /// The office register, where this desk has moved into one.
    at_register: Option<Arc<register::AtRegister>>,
    /// Where the administrator's file says that it is.
    register_preset: Option<String>,
    /// What was told last of reminders, and of what it was made.
    told: RwLock<Option<(RemindersView, Arc<Grounds>)>>,
    announcements: broadcast::Sender<Announcement>,
    closing: CancellationToken,
}

impl Office {
    /// Opens the office to look at what is there. Nothing goes on by itself: what is under way is left to others.
    ///
    /// # Errors
    /// See [`OfficeError`].
    pub async fn look(setup: Setup) -> Result<Arc<Self>, OfficeError> {
        let archive = Archive::new(setup.archive_dir.clone())
            .with_earlier(setup.earlier_archives.clone())
            .with_reserve(setup.data_dir.join("under-way"));
        let (events, _) = broadcast::channel(EVENTS_KEPT);
        let party =
            RelyingParty::new(setup.http.clone(), Arc::clone(&setup.clock)).with_random(Arc::clone(&setup.random));
        let Stores { db, preferences: kept, work, lost } =
            open_stores(&setup, archive.clone(), party.clone(), events.clone()).await?;
        let (vault, asked) = keyring::ask(&work, setup.random.as_ref(), setup.keyring_patience).await?;
        let (db, archive_key) = (Arc::new(db), vault.archive_key());
        build_anew(lost, &db, &archive, archive_key, kept.language, setup.clock.now()).await?;
        work.speak(kept.language);
        if !db.is_only_read() {
            deadlines::learn_from_history(&db, setup.environment.name, norwegian_date(setup.clock.now()))?;
        }
        let watch = Watch::new(Arc::clone(&db), setup.environment.name);
        let (clock, random) = (Arc::clone(&setup.clock), Arc::clone(&setup.random));
        let secrets =
            SecretStore::new(vault, Arc::clone(&clock), Arc::clone(&random)).with_keyring(Arc::clone(&setup.keyring));
        let authorizations = Authorizations::new(db.connect()?, secrets, setup.environment.name)?
            .with_authorities(setup.environment.endpoints.clone());
        let client = Client::new(setup.http.clone(), setup.environment.endpoints.clone());
        let session = Session::open(session::SessionParts {
            integration: setup.environment.integration.clone(),
            authorizations,
            id_porten: party,
            altinn: client.clone(),
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
            browser: setup.browser,
            renewal_lock: setup.data_dir.join("renewal.lock"),
            sign_in_limit: SIGN_IN_LIMIT,
            check_every: CHECK_EVERY,
            events: events.clone(),
            work: work.clone(),
        })?;
        if let Some(asked) = asked {
            tokio::spawn(keyring::adopt_late_vault(asked, session.clone()));
        }
        let access = Access::new(session.clone(), setup.environment.clone(), setup.data_dir.clone());
        let at_register = register::at_register(&db, &session)?;
        // A file that cannot be followed permits nothing; first aid names it.
        let policy = Policy::load(&setup.system_dir, None).unwrap_or_default();
        let policy = policy.register.unwrap_or_default();
        let without_register = policy.without == WithoutRegister::Ask;
        let parts = DeskParts {
            db: Arc::clone(&db),
            environment: setup.environment.name,
            session: session.clone(),
            work,
            archive: archive.clone(),
            clock: Arc::clone(&clock),
            events,
            has_register: at_register.is_some(),
            without_register,
        };
        let desk = Arc::new(Desk::new(parts, kept));
        let attachments = Arc::new(Store::new(&setup.data_dir, key(random.as_ref(), clock.as_ref()).to_string()));
        let claims = at_register.clone().map(|at| at as Arc<dyn Claims>);
        let engine = Engine::new(EngineParts {
            db,
            client: client.clone(),
            session,
            clock,
            archive,
            attachments: Arc::clone(&attachments),
            environment: setup.environment.name,
            pace: setup.pace,
            boundaries: setup.boundaries,
            listener: Arc::clone(&desk) as Arc<dyn Listener>,
            places: setup.at_once,
            claims,
        });
        let office = Arc::new(Self {
            at_register,
            register_preset: policy.address,
            access,
            desk,
            engine,
            authorities: setup.environment,
            client,
            attachments,
            random,
            pace: setup.pace,
            writing: writing::Writings::default(),
            told_drafts: Mutex::default(),
            sheets: sheets::Sheets::default(),
            checking: AtomicU64::new(0),
            strangers: AtomicBool::new(false),
            watch,
            told: RwLock::default(),
            announcements: broadcast::channel(EVENTS_KEPT).0,
            closing: CancellationToken::new(),
        });
        Ok(office)
    }

    /// Everything the window needs to draw itself the first time.
    #[must_use]
    pub fn start_view(&self) -> StartView {
        let desk = &self.desk;
        let language = desk.language();
        let samples = samples::ALL.iter().map(|sample| SampleView {
            id: sample.id.to_owned(),
            company: sample.company.to_owned(),
            period: vat_return::read(sample.bytes)
                .map(|vat_return| vat_return.period.value.in_words(language))
                .unwrap_or_default(),
            about: sample.about(language).to_owned(),
        });
        let newest = HistoryQuery { limit: RECENT, ..HistoryQuery::default() };
        let locked = desk.work.is_locked();
        StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            environment: desk.environment,
            preferences: desk.preferences(),
            today: norwegian_date(desk.clock.now()).to_string(),
            session: desk.shown_session(),
            sign_in: if locked { None } else { desk.session.sign_in_view() },
            work: desk.work.view(),
            keyring: desk.session.keyring(),
            clock_off_minutes: desk.session.clock_off_minutes(),
            cards: desk.card_views(),
            batch: desk.batch_view(),
            // Who may not see it is shown nothing: no wish of hers was refused.
            recent: self.own().search(&newest).map(|page| page.rows).unwrap_or_default(),
            samples: samples.collect(),
            archive_folder: desk.archive.root().display().to_string(),
            recovery: if locked { None } else { recovery::unacknowledged(&desk.db).unwrap_or_default() },
            register: desk.register_view(),
            review: if locked { None } else { review::unacknowledged(&desk.db, desk.language()).unwrap_or_default() },
        }
    }

    /// Integrations and authorizations.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The work account and the lock.
    #[must_use]
    pub fn work(&self) -> &Work {
        &self.desk.work
    }

    /// The user's language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.desk.preferences().language
    }

    /// What happens by itself from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<OfficeEvent> {
        self.desk.events.subscribe()
    }

    /// Keeps the user's choices.
    ///
    /// # Errors
    /// The database.
    pub fn set_preferences(&self, chosen: Preferences) -> Result<(), Problem> {
        preferences::store(&self.desk.db, &chosen)?;
        let before = self.desk.change_preferences(|preferences| preferences.clone_from(&chosen));
        self.desk.work.speak(chosen.language);
        if before.language != chosen.language {
            self.desk.publish_cards();
            self.own().reminders_changed();
        }
        Ok(())
    }

    /// Speaks this language for as long as the office is open; what the user has chosen for the window stays.
    pub fn speak(&self, language: Language) {
        self.desk.work.speak(language);
        self.desk.change_preferences(|preferences| preferences.language = language);
    }

    /// Ends all work and waits until it has ended, as [`Office::halt`] does. The next opening goes on with it.
    pub async fn close(&self) {
        // A command that was short has not told the office register yet.
        if self.at_register.is_some() {
            let _ = tokio::time::timeout(TELLING, self.tell_the_rest()).await;
        }
        self.halt().await;
        // Whoever opens the office next may take the batch on.
        drop(self.desk.batch().take());
        // A one-time refresh token that was used and not replaced would cost the person a sign-in.
        self.desk.session.close().await;
    }

    /// Mends who may read data and archive, where an earlier version left them open to everybody.
    fn mend_modes(&self) {
        let (data, archive) = (self.desk.db.folder().to_owned(), self.desk.archive.clone());
        tokio::task::spawn_blocking(move || {
            let archives = archive.roots().map(|root| (root, Whose::SharedOnPurpose));
            for (folder, whose) in [(data.as_path(), Whose::Owners)].into_iter().chain(archives) {
                match disk::private::mend(folder, whose) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        tracing::warn!(%error, "Who may read a folder could not be mended.");
                    }
                    _ => {}
                }
            }
        });
    }

    /// Seals the folders of the archive that are known to be ours and bear no seal of this keyring's yet, and takes in what
    /// a keyring that answers late vouches for. Best effort, and beside everything else.
    fn seal_archive(&self) {
        if self.desk.db.is_only_read() {
            return;
        }
        let (db, archive, key) =
            (Arc::clone(&self.desk.db), self.desk.archive.clone(), self.desk.session.archive_key());
        let (language, now) = (self.desk.language(), self.desk.clock.now());
        tokio::task::spawn_blocking(move || {
            let again = key.as_ref().map_or(Ok(0), |key| {
                recovery::look_for_newer(&db, &archive, key, now)?;
                recovery::look_again(&db, &archive, key)
            });
            let looked = again.and_then(|_| review::review(&db, &archive, key.as_ref(), language, now));
            match looked.and_then(|()| recovery::seal_known(&db, &archive, key.as_ref())) {
                Ok(0) => {}
                Ok(sealed) => tracing::info!(sealed, "Folders of the archive were sealed."),
                Err(error) => tracing::warn!(%error, "The archive could not be sealed."),
            }
        });
    }

    /// A filing, for who has been asked already.
    fn find_any(&self, id: &str) -> Result<Filing, Problem> {
        // What is no key is none of ours, and goes no further.
        let id = id.parse().map_err(|error| problem::of(ErrorCode::NotFound, &error))?;
        self.find_key(&id)
    }

    /// The same by its key.
    fn find_key(&self, id: &FilingId) -> Result<Filing, Problem> {
        let found = self.desk.db.read(|db| filings::find(db, self.desk.environment, id))?;
        Ok(found.ok_or(Refusal::NoFiling)?)
    }

    /// Goes on with what waited for a sign-in as soon as there is one: with everything, or with the batch only.
    fn follow_session(self: &Arc<Self>, with_everything: bool) {
        let (mut events, office, closing) = (self.events(), Arc::downgrade(self), self.closing.clone());
        tokio::spawn(async move {
            let mut signed_in: Option<String> = None;
            loop {
                let event = tokio::select! {
                    () = closing.cancelled() => return,
                    event = events.recv() => event,
                };
                let (Some(office), false) = (office.upgrade(), closing.is_cancelled()) else { return };
                match event {
                    Ok(OfficeEvent::Session { .. }) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Ok(_) => continue,
                    Err(broadcast::error::RecvError::Closed) => return,
                }
                let now = office.desk.session.authorization().map(|authorization| authorization.id.to_string());
                office.seal_archive();
                office.desk.store_companies();
                office.desk.publish_cards();
                office.desk.follow_sign_in();
                if now.is_some() && now != signed_in {
                    if with_everything {
                        office.resume_unfinished()
                    } else {
                        office.resume_filings(&office.own().unfinished_of_batch())
                    }
                }
                signed_in = now;
            }
        });
    }
}

impl Filings<'_> {
    /// Looks in the history of this environment.
    ///
    /// # Errors
    /// The database.
    pub fn history(self, query: &HistoryQuery) -> Result<HistoryPage, Problem> {
        let permit = self.0.may(Action::History, None)?;
        permit.search(query)
    }

    /// One filing with everything about it.
    ///
    /// # Errors
    /// `NotFound`, or the database.
    pub fn filing(self, id: &str) -> Result<FilingView, Problem> {
        let (permit, filing) = self.0.find(id, Action::Filing)?;
        permit.desk.view_of(&filing)
    }

    /// Where a filing's receipt lies.
    ///
    /// # Errors
    /// `NotFound` when there is none (yet), or it has been removed from the archive.
    pub fn receipt_path(self, id: &str) -> Result<PathBuf, Problem> {
        let (permit, filing) = self.0.find(id, Action::ReceiptPath)?;
        existing(permit.folder(filing)?.join(RECEIPT))
    }

    /// A filing's folder in the archive.
    ///
    /// # Errors
    /// `NotFound` when there is none (yet), or it has been removed.
    pub fn archive_path(self, id: &str) -> Result<PathBuf, Problem> {
        let (permit, filing) = self.0.find(id, Action::ArchivePath)?;
        existing(permit.folder(filing)?)
    }
}

impl Permit<'_> {
    fn search(self, query: &HistoryQuery) -> Result<HistoryPage, Problem> {
        let seen = self.desk.work.seen();
        let only = seen.as_ref().and_then(Companies::listed);
        let (filings, total) = self.desk.db.read(|db| history::search(db, self.desk.environment, query, only))?;
        let language = self.desk.language();
        Ok(HistoryPage { rows: filings.iter().map(|filing| filing_view::row(filing, language)).collect(), total })
    }

    fn folder(self, filing: Filing) -> Result<PathBuf, Problem> {
        let folder = filing.archive_folder.filter(|_| !filing.files.is_empty());
        let folder = folder.ok_or(Refusal::NoReceiptYet)?;
        Ok(self.desk.archive.path(&folder)?)
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        self.closing.cancel();
        self.engine.close();
        drop(self.desk.batch().take());
    }
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("environment", &self.desk.environment).finish_non_exhaustive()
    }
}

/// What the office keeps its things in.
struct Stores {
    db: Database,
    preferences: Preferences,
    work: Work,
    /// What was found to be lost.
    lost: recovery::DatabaseDamage,
}

/// Builds the history anew from the archive, as far as it was lost, and looks once more at what was called received, on a
/// thread that may wait.
async fn build_anew(
    lost: recovery::DatabaseDamage,
    db: &Arc<Database>,
    archive: &Archive,
    key: Option<ArchiveKey>,
    language: vat_return::Language,
    now: Timestamp,
) -> Result<(), OfficeError> {
    let (db, archive) = (Arc::clone(db), archive.clone());
    let built = tokio::task::spawn_blocking(move || {
        lost.build_anew(&db, &archive, key.as_ref(), now)?;
        review::review(&db, &archive, key.as_ref(), language, now)
    });
    Ok(built.await.map_err(OfficeError::Ended)??)
}

/// Opens what may keep a disk waiting, on a thread that may wait.
async fn open_stores(
    setup: &Setup,
    archive: Archive,
    party: RelyingParty,
    events: broadcast::Sender<OfficeEvent>,
) -> Result<Stores, OfficeError> {
    let (data_dir, keyring, random) = (setup.data_dir.clone(), Arc::clone(&setup.keyring), Arc::clone(&setup.random));
    let (clock, browser) = (Arc::clone(&setup.clock), Arc::clone(&setup.browser));
    let (system_dir, environment) = (setup.system_dir.clone(), setup.environment.name);
    let (issuer, patience) = (setup.environment.work_issuer.clone(), setup.keyring_patience);
    let opened = tokio::task::spawn_blocking(move || {
        let now = clock.now();
        archive.close_to_others();
        let (db, found) = Database::open_or_recover(&data_dir, now)?;
        let lost = recovery::look(&found, &db, &archive, now)?;
        let kept = preferences::load(&db)?;
        let way_in = issuer.map(|issuer| WayIn { issuer, party, browser });
        let db_of_work = db.connect()?;
        let work = Work::open(work::WorkParts {
            data_dir,
            system_dir,
            environment,
            db: db_of_work,
            keyring,
            random,
            clock,
            events,
            way_in,
            patience,
        });
        Ok(Stores { db, preferences: kept, work, lost })
    });
    opened.await.map_err(OfficeError::Ended)?
}

/// A new key, for a card, a filing or a running program.
fn key(random: &dyn Random, clock: &dyn Clock) -> Uuid {
    let mut bytes = [0_u8; 16];
    if let Err(error) = random.fill(&mut bytes) {
        // Keys are no secrets: without randomness a counter of moments serves.
        tracing::warn!(%error, "A key is made of the time.");
        bytes = clock.now().as_nanosecond().to_be_bytes();
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

fn existing(path: PathBuf) -> Result<PathBuf, Problem> {
    if path.exists() {
        return Ok(path);
    }
    Err(Refusal::NotInArchive { path }.into())
}
