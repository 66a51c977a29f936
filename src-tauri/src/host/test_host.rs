//! A desktop for tests: its dialogs answer what the test has laid out, and it writes down what was asked of it.

#![allow(clippy::unwrap_used)]

use super::{Host, Shell};
use crate::{
    dialogs::Pick,
    fault::{Answer, fault},
    open_office::{Changing, OpenOffice},
    opener::{self, OpenMethod},
    places::Places,
    update::UpdateView,
};
use access::{Environment, PracticeAddresses};
use futures_util::future::{BoxFuture, FutureExt as _};
use id_porten::{Browser, BrowserError};
use office::{Office, Setup, doctor::DoctorReport, settings::Settings};
use practice::Practice;
use serde_json::{Value, json};
use std::{
    collections::VecDeque,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};
use store::keyring::MemoryKeyring;
use tempfile::TempDir;
use url::Url;
use view::{ErrorCode, Problem, SignInOutcome, confirmation::Confirmation};

/// A program without a window: practice authorities, folders of its own and a desktop that plays.
pub(crate) struct Program {
    pub(crate) shell: Shell,
    pub(crate) desktop: Arc<TestHost>,
}

/// The desktop.
pub(crate) struct TestHost {
    open: OpenOffice,
    practice: Practice,
    folders: TempDir,
    keyring: Arc<MemoryKeyring>,
    /// What the dialogs answer, the next one first; one that finds nothing here is closed.
    pub(crate) answers: Mutex<VecDeque<PathBuf>>,
    /// What the person says to a question.
    pub(crate) says_yes: Mutex<bool>,
    /// What was asked of the desktop, in order.
    pub(crate) asked: Mutex<Vec<String>>,
    pub(crate) clipboard: Mutex<String>,
    saved: Mutex<Option<PathBuf>>,
}

impl Program {
    /// One that has just started.
    pub(crate) async fn start() -> Self {
        Self::start_with(None).await
    }

    /// The same in a firm whose administrator has decided who may do what.
    pub(crate) async fn start_with(policy: Option<Value>) -> Self {
        let mut settings = practice::Settings::default();
        settings.altinn.feedback_delay_seconds = 0.1;
        let practice = Practice::start(practice::Options { settings, ..practice::Options::default() }).await.unwrap();
        let open = OpenOffice::default();
        let desktop = Arc::new(TestHost {
            open: open.clone(),
            practice,
            folders: tempfile::tempdir().unwrap(),
            keyring: Arc::new(MemoryKeyring::new()),
            answers: Mutex::default(),
            says_yes: Mutex::new(false),
            asked: Mutex::default(),
            clipboard: Mutex::default(),
            saved: Mutex::default(),
        });
        if let Some(policy) = policy {
            fs::create_dir_all(desktop.folder("system")).unwrap();
            fs::write(desktop.folder("system").join("policy.json"), policy.to_string()).unwrap();
        }
        desktop.open_office(desktop.places().unwrap()).await;
        let host: Arc<dyn Host> = desktop.clone();
        Self { shell: Shell { open, host, changing: Arc::new(Changing::default()) }, desktop }
    }

    /// Has a person of the practice world sign in.
    pub(crate) async fn signs_in(&self, pid: &str) {
        let office = self.shell.office().await.unwrap();
        let came = office.session().sign_in_hinted(true, Some(format!("testid:{pid}_idporten-loa-high"))).await;
        assert!(matches!(came, SignInOutcome::SignedIn { .. }), "{came:?}");
    }
}

impl TestHost {
    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.folders.path().join(name)
    }

    /// The next dialog is answered with this.
    pub(crate) fn chooses(&self, path: PathBuf) {
        self.answers.lock().unwrap().push_back(path);
    }

    /// What was asked of the desktop since this was called last.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn note(&self, what: impl Into<String>) {
        self.asked.lock().unwrap().push(what.into());
    }

    fn answer(&self) -> Option<PathBuf> {
        self.answers.lock().unwrap().pop_front()
    }

    async fn opened(&self, places: &Places) -> Result<Arc<Office>, Problem> {
        let at = self.practice.addresses();
        let addresses = PracticeAddresses {
            id_porten: at.id_porten.clone(),
            altinn_platform: at.altinn_platform.clone(),
            altinn_app: at.altinn_app.clone(),
            skatteetaten: at.skatteetaten.clone(),
        };
        let environment = Environment::practice(&addresses).unwrap().with_ansattporten(&at.ansattporten).unwrap();
        let mut setup = Setup::new(&places.data, &places.archive, environment, Arc::new(Follower))?;
        setup.earlier_archives.clone_from(&places.earlier_archives);
        setup.system_dir = self.folder("system");
        setup.keyring = self.keyring.clone();
        Ok(Office::open(setup).await?)
    }
}

impl Host for TestHost {
    fn pick(&self, what: Pick) -> BoxFuture<'_, Vec<PathBuf>> {
        self.note(format!("pick {what:?}"));
        async { self.answer().into_iter().collect() }.boxed()
    }

    fn save_as<'a>(&'a self, name: &'a str, kind: &'a str) -> BoxFuture<'a, Option<PathBuf>> {
        self.note(format!("save as {kind}"));
        async move {
            let chosen = self.answer().map(|folder| folder.join(disk::safe_name(name)));
            self.saved.lock().unwrap().clone_from(&chosen);
            chosen
        }
        .boxed()
    }

    fn confirms(&self, question: Confirmation) -> BoxFuture<'_, bool> {
        self.note(format!("confirm {}", question.title));
        async { *self.says_yes.lock().unwrap() }.boxed()
    }

    fn open(&self, path: &Path) -> Answer<()> {
        let way = opener::way(path).map_err(|error| fault(ErrorCode::CannotOpen, "It is not opened.", &error))?;
        let what = if way == OpenMethod::Open { "open" } else { "show" };
        self.note(format!("{what} {}", path.display()));
        Ok(())
    }

    fn show(&self, path: &Path) -> Answer<()> {
        self.note(format!("show {}", path.display()));
        Ok(())
    }

    fn browse(&self, page: &str) -> Answer<()> {
        self.note(format!("browse {page}"));
        Ok(())
    }

    fn saved(&self) -> Option<PathBuf> {
        self.saved.lock().unwrap().clone()
    }

    fn copy(&self, text: String) -> Answer<()> {
        *self.clipboard.lock().unwrap() = text;
        Ok(())
    }

    fn copied(&self) -> String {
        self.note("read the clipboard");
        self.clipboard.lock().unwrap().clone()
    }

    fn to_front(&self) {
        self.note("to front");
    }

    fn ready(&self) {}

    fn take_in(&self, paths: Vec<PathBuf>) {
        self.note(format!("take in {}", paths.len()));
    }

    fn take_dropped(&self, _card: Option<String>) -> BoxFuture<'_, ()> {
        self.note("take in what was let go");
        async {}.boxed()
    }

    fn forget_dropped(&self) {
        self.note("forget what was let go");
    }

    fn badge(&self, count: u32) {
        self.note(format!("badge {count}"));
    }

    fn keep_running(&self, on: bool) {
        self.note(format!("keep running {on}"));
    }

    fn starts_with_system(&self) -> io::Result<bool> {
        Ok(false)
    }

    fn start_with_system(&self, on: bool) -> io::Result<()> {
        self.note(format!("start with the system {on}"));
        Ok(())
    }

    fn places(&self) -> Answer<Places> {
        let data = self.folder("data");
        let settings = Settings::load(&data).unwrap_or_default();
        let archive = settings.archive.unwrap_or_else(|| self.folder("archive"));
        Ok(Places { data, archive, archive_fixed: false, earlier_archives: settings.earlier_archives })
    }

    fn home(&self) -> Option<PathBuf> {
        None
    }

    fn version(&self) -> String {
        "0.0.0".to_owned()
    }

    fn licences(&self) -> Option<Vec<u8>> {
        None
    }

    fn open_office(&self, places: Places) -> BoxFuture<'_, ()> {
        async move {
            let office = self.opened(&places).await;
            self.open.opened(office.map_err(Into::into));
        }
        .boxed()
    }

    fn practice(&self) -> Option<&Practice> {
        Some(&self.practice)
    }

    fn doctor(&self, _everywhere: bool) -> BoxFuture<'_, Answer<DoctorReport>> {
        async {
            let none = io::Error::from(io::ErrorKind::Unsupported);
            Err(fault(ErrorCode::Internal, "Nobody is examined here.", &none))
        }
        .boxed()
    }

    fn look_for_update(&self) -> BoxFuture<'_, UpdateView> {
        async { UpdateView::Off }.boxed()
    }

    fn install_update<'a>(&'a self, _office: &'a Arc<Office>) -> BoxFuture<'a, UpdateView> {
        async { UpdateView::Off }.boxed()
    }
}

/// A policy for practice that lets in nobody who has not signed in at work.
pub(crate) fn work_account_required() -> Value {
    json!({"work": {
        "version": 1, "firm": "Fjordlys Interiør AS", "contact": "it@fjordlys.example", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice", "test": "t", "production": "p"}},
        "rules": [{"groups": ["11111111-1111-4111-8111-111111111111"], "permissions": ["file"], "companies": ["all"]}],
    }})
}

/// A browser that goes wherever it is sent.
struct Follower;

impl Browser for Follower {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        let address = address.clone();
        tokio::spawn(async move {
            let _ = reqwest::get(address).await;
        });
        Ok(())
    }
}
