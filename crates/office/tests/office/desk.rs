//! Somewhere to work: practice authorities, folders, a keyring that outlives the program, and a browser that follows
//! links.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use access::{Environment, PracticeAddresses};
use filing::Pace;
use id_porten::{Browser, BrowserError};
use office::{Office, Setup};
use practice::{Options, Practice, Settings};
use serde_json::Value;
use store::keyring::{Keyring, KeyringError};
use tempfile::TempDir;
use url::Url;
use view::{ErrorCode, FilingState, FilingView, OfficeEvent, ReturnCard, SignInOutcome};
use zeroize::Zeroizing;

pub(crate) use practice::world::{INGRID, JONAS, KARI, ODD};

/// How long anything may take before a test gives up; the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// A person who agrees to everything that she is asked in a dialog.
pub(crate) fn yes() -> Arc<dyn view::consent::Consent> {
    Arc::new(view::consent::Always(true))
}

pub(crate) struct Desk {
    pub(crate) practice: Practice,
    folders: TempDir,
    http: reqwest::Client,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let mut settings = Settings::default();
        settings.altinn.feedback_delay_seconds = 0.3;
        Self::with(settings).await
    }

    /// Authorities that answer soon, for tests that file often and are about something else.
    pub(crate) async fn quick() -> Self {
        let mut settings = Settings::default();
        settings.altinn.feedback_delay_seconds = 0.05;
        Self::with(settings).await
    }

    /// Authorities as they have been seen: a new instance is not there at once, and the payment comes before the verdict.
    pub(crate) async fn as_seen() -> Self {
        let mut settings = Settings::default();
        settings.altinn.feedback_delay_seconds = 0.3;
        settings.altinn.payment_delay_seconds = 0.1;
        settings.altinn.instance_delay_seconds = 0.1;
        settings.altinn.instance_unread = true;
        Self::with(settings).await
    }

    pub(crate) async fn with(settings: Settings) -> Self {
        Self {
            practice: Practice::start(Options { settings, ..Options::default() }).await.unwrap(),
            folders: tempfile::tempdir().unwrap(),
            http: altinn::http::client("Momsbud/test").unwrap(),
        }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folders.path().join("data")
    }

    pub(crate) fn archive(&self) -> PathBuf {
        self.folders.path().join("archive")
    }

    /// A file of the person's own.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folders.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) fn addresses(&self) -> PracticeAddresses {
        let at = self.practice.addresses();
        PracticeAddresses {
            id_porten: at.id_porten.clone(),
            altinn_platform: at.altinn_platform.clone(),
            altinn_app: at.altinn_app.clone(),
            skatteetaten: at.skatteetaten.clone(),
        }
    }

    pub(crate) fn setup(&self) -> Setup {
        let mut setup = setup(&self.addresses(), &self.data(), &self.archive());
        // This computer's clock is right, whatever the time has been set to.
        let clock = self.practice.clock().clone();
        setup.clock = Arc::new(move || clock.now());
        setup
    }

    /// A start of the program.
    pub(crate) async fn open(&self) -> Arc<Office> {
        Office::open(self.setup()).await.unwrap()
    }

    /// A start of the program with a person signed in.
    pub(crate) async fn open_as(&self, pid: &str) -> Arc<Office> {
        let office = self.open().await;
        sign_in(&office, pid).await;
        office
    }

    pub(crate) async fn settings(&self, change: Value) {
        self.control("POST", "/settings", Some(change)).await;
    }

    pub(crate) async fn fault(&self, rule: Value) {
        self.control("POST", "/faults", Some(rule)).await;
    }

    pub(crate) async fn no_more_faults(&self) {
        self.control("DELETE", "/faults", None).await;
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.practice.addresses().control);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        // A connection that was kept may be gone by now; what is asked of the control may be asked twice.
        let again = request.try_clone().unwrap();
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(_) => again.send().await.unwrap(),
        };
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// What the authorities have, by their own log.
    pub(crate) async fn deliveries(&self) -> Vec<Value> {
        self.control("GET", "/log", None).await["deliveries"].as_array().unwrap().clone()
    }

    /// The calls that reached Altinn's app, in order.
    pub(crate) async fn calls(&self) -> Vec<String> {
        let log = self.control("GET", "/log", None).await;
        let app = log["requests"].as_array().unwrap().iter().filter(|entry| entry["authority"] == "altinn_app");
        app.map(|entry| entry["call"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn count(&self, call: &str) -> usize {
        self.calls().await.iter().filter(|made| *made == call).count()
    }
}

/// What every test opens the office with; the child processes too.
pub(crate) fn setup(addresses: &PracticeAddresses, data: &Path, archive: &Path) -> Setup {
    let environment = Environment::practice(addresses).unwrap();
    let mut setup = Setup::new(data, archive, environment, Arc::new(Follower)).unwrap();
    setup.keyring = Arc::new(SameKey);
    setup.pace = Pace {
        retry_first: Duration::from_millis(20),
        retry_longest: Duration::from_millis(400),
        settle: Duration::from_millis(20),
        shown_from: Duration::from_millis(300),
        poll_first: Duration::from_millis(40),
        poll_longest: Duration::from_millis(200),
        verdict_grace: Duration::from_millis(400),
        unclear_first: Duration::from_millis(200),
        unclear_longest: Duration::from_millis(400),
        preparing: Duration::from_millis(1500),
    };
    setup
}

pub(crate) async fn sign_in(office: &Arc<Office>, pid: &str) {
    match try_sign_in(office, pid).await {
        SignInOutcome::SignedIn { .. } => {}
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn try_sign_in(office: &Arc<Office>, pid: &str) -> SignInOutcome {
    office.session().sign_in_hinted(true, Some(format!("testid:{pid}_idporten-loa-high"))).await
}

/// A sample, opened and checked by Skatteetaten.
pub(crate) async fn checked_sample(office: &Arc<Office>, id: &str) -> ReturnCard {
    let card = office.returns().open_sample(id).await.unwrap();
    office.returns().check(&card.id).await.unwrap()
}

/// A file, opened and checked by Skatteetaten.
pub(crate) async fn checked_file(office: &Arc<Office>, path: PathBuf) -> ReturnCard {
    let card = office.returns().open_paths(vec![path]).await.remove(0);
    office.returns().check(&card.id).await.unwrap()
}

/// Files a sample and waits for its receipt.
pub(crate) async fn file_sample(office: &Arc<Office>, id: &str) -> FilingView {
    let card = checked_sample(office, id).await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(office, &filing.id, FilingState::Received).await
}

/// Waits until a filing has come to a state.
pub(crate) async fn until(office: &Arc<Office>, id: &str, state: FilingState) -> FilingView {
    until_it(office, id, &format!("{state:?}"), |filing| filing.row.state == state).await
}

/// Waits until a filing is as wanted.
pub(crate) async fn until_it(
    office: &Arc<Office>,
    id: &str,
    what: &str,
    wanted: impl Fn(&FilingView) -> bool,
) -> FilingView {
    let began = std::time::Instant::now();
    loop {
        let filing = office.filings().filing(id).unwrap();
        if wanted(&filing) {
            return filing;
        }
        assert!(began.elapsed() < PATIENCE, "not {what} in time: {filing:#?}");
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

/// The code of what a filing waits for.
pub(crate) fn reason(filing: &FilingView) -> Option<ErrorCode> {
    filing.problem.as_ref().map(|problem| problem.code)
}

/// All events that have come so far.
pub(crate) fn heard(events: &mut tokio::sync::broadcast::Receiver<OfficeEvent>) -> Vec<OfficeEvent> {
    std::iter::from_fn(|| events.try_recv().ok()).collect()
}

/// A keyring with the same key whenever the program starts.
pub(crate) struct SameKey;

impl Keyring for SameKey {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        Ok(Some(Zeroizing::new(vec![7; 32])))
    }

    fn store(&self, _: &[u8]) -> Result<(), KeyringError> {
        Ok(())
    }

    fn delete(&self) -> Result<(), KeyringError> {
        Ok(())
    }
}

/// A browser that goes wherever it is sent.
struct Follower;

impl Browser for Follower {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        let address = address.clone();
        tokio::runtime::Handle::current().spawn(async move {
            let _ = reqwest::get(address).await;
        });
        Ok(())
    }
}

/// SHA-256, hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
