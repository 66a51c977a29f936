//! A desk to work at: practice authorities, a data folder, a keyring, and a browser that does as it is told.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use access::{
    authorizations::{Authorization, Authorizations},
    environment::{Environment, PracticeAddresses},
    session::{Session, SessionParts, SignInRequest},
    work::Work,
};
use altinn::Client;
use id_porten::{Browser, BrowserError};
use id_porten::{Clock, RelyingParty, SystemRandom};
use jiff::{SignedDuration, Timestamp};
use practice::{Options, Practice};
use serde_json::Value;
use store::{
    database::Database,
    keyring::{Keyring, MemoryKeyring},
    vault::{SecretStore, Vault},
};
use tempfile::TempDir;
use tokio::sync::broadcast;
use url::Url;
use view::{OfficeEvent, SignInOutcome};

pub(crate) const INGRID: &str = practice::world::INGRID;
pub(crate) const JONAS: &str = practice::world::JONAS;
pub(crate) const ODD: &str = practice::world::ODD;

pub(crate) struct Desk {
    pub(crate) practice: Practice,
    pub(crate) browser: Arc<TestBrowser>,
    pub(crate) keyring: Arc<MemoryKeyring>,
    pub(crate) data: TempDir,
    db: Database,
    hands: Arc<AtomicI64>,
    /// How far this computer's clock alone is ahead, seconds.
    wrong: Arc<AtomicI64>,
    http: reqwest::Client,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let hands = Arc::new(AtomicI64::new(0));
        let options = Options { clock: Arc::new(clock(&hands)), ..Options::default() };
        let data = tempfile::tempdir().unwrap();
        Self {
            practice: Practice::start(options).await.unwrap(),
            browser: Arc::new(TestBrowser::new()),
            keyring: Arc::new(MemoryKeyring::new()),
            db: Database::open(data.path()).unwrap(),
            data,
            hands,
            wrong: Arc::default(),
            http: altinn::http::client("Momsbud/test").unwrap(),
        }
    }

    /// Moves this computer's time and the authorities' alike.
    pub(crate) fn pass(&self, seconds: i64) {
        self.hands.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Puts this computer's clock wrong by so many seconds, and nobody else's.
    pub(crate) fn goes_wrong(&self, seconds: i64) {
        self.wrong.store(seconds, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> impl Clock + use<> {
        let (right, wrong) = (clock(&self.hands), Arc::clone(&self.wrong));
        move || Clock::now(&right) + SignedDuration::from_secs(wrong.load(Ordering::SeqCst))
    }

    pub(crate) fn environment(&self) -> Environment {
        let at = self.practice.addresses();
        Environment::practice(&PracticeAddresses {
            id_porten: at.id_porten.clone(),
            altinn_platform: at.altinn_platform.clone(),
            altinn_app: at.altinn_app.clone(),
            skatteetaten: at.skatteetaten.clone(),
        })
        .unwrap()
    }

    pub(crate) fn authorizations(&self, keyring: Arc<dyn Keyring>) -> Authorizations {
        let vault = Vault::open(keyring.as_ref(), &SystemRandom).unwrap();
        let secrets = SecretStore::new(vault, Arc::new(self.clock()), Arc::new(SystemRandom)).with_keyring(keyring);
        Authorizations::new(self.db.connect().unwrap(), secrets, self.environment().name).unwrap()
    }

    pub(crate) fn parts(&self) -> (SessionParts, broadcast::Receiver<OfficeEvent>) {
        self.parts_with(self.keyring.clone())
    }

    pub(crate) fn parts_with(&self, keyring: Arc<dyn Keyring>) -> (SessionParts, broadcast::Receiver<OfficeEvent>) {
        let environment = self.environment();
        let (events, heard) = broadcast::channel(64);
        let clock: Arc<dyn Clock> = Arc::new(self.clock());
        let parts = SessionParts {
            authorizations: self.authorizations(keyring),
            altinn: Client::new(self.http.clone(), environment.endpoints.clone()),
            integration: environment.integration,
            id_porten: RelyingParty::new(self.http.clone(), Arc::clone(&clock)),
            clock,
            random: Arc::new(SystemRandom),
            browser: self.browser.clone(),
            renewal_lock: self.data.path().join("renewal.lock"),
            sign_in_limit: Duration::from_secs(20),
            check_every: Duration::from_secs(3600),
            events,
            work: Work::alone(
                &self.data.path().join("work"),
                &self.data.path().join("system"),
                environment.name,
                self.keyring.clone(),
            )
            .unwrap(),
        };
        (parts, heard)
    }

    /// A start of the program on this data.
    pub(crate) fn start(&self) -> Session {
        Session::open(self.parts().0).unwrap()
    }

    /// Signs a person in and gives her authorization.
    pub(crate) async fn sign_in(&self, session: &Session, pid: &str) -> Authorization {
        self.browser.does(Act::Home);
        match session.sign_in(as_person(pid)).await {
            SignInOutcome::SignedIn { .. } => session.authorization().unwrap(),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn settings(&self, change: Value) {
        self.control("POST", "/settings", Some(change)).await;
    }

    pub(crate) async fn fault(&self, rule: Value) {
        self.control("POST", "/faults", Some(rule)).await;
    }

    pub(crate) async fn control(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let url = format!("{}{path}", self.practice.addresses().control);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {}", answer.status());
        answer.json().await.unwrap()
    }

    /// How often a call has reached an authority, by its path's end.
    pub(crate) async fn calls(&self, path: &str) -> usize {
        let log = self.control("GET", "/log", None).await;
        let ends = |entry: &&Value| entry["path"].as_str().is_some_and(|it| it.ends_with(path));
        log["requests"].as_array().unwrap().iter().filter(ends).count()
    }

    /// Everything that lies in the data folder.
    pub(crate) fn bytes_on_disk(&self) -> Vec<u8> {
        let files = std::fs::read_dir(self.data.path()).unwrap();
        let paths = files.map(|file| file.unwrap().path()).filter(|path| path.is_file());
        paths.flat_map(|path| std::fs::read(path).unwrap()).collect()
    }
}

fn clock(hands: &Arc<AtomicI64>) -> impl Clock + practice::Clock + use<> {
    let hands = Arc::clone(hands);
    move || Timestamp::now() + SignedDuration::from_secs(hands.load(Ordering::SeqCst))
}

pub(crate) fn as_person(pid: &str) -> SignInRequest {
    SignInRequest { login_hint: Some(format!("testid:{pid}_idporten-loa-high")), ..SignInRequest::default() }
}

/// What the browser does with an address.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Act {
    /// Follows every redirect until it is home.
    Home,
    /// Comes to ID-porten's page and posts its form, as this person or, with none, as somebody who cancels.
    Form(Option<String>),
    /// Comes home with another state.
    WrongState,
    /// Comes home when told by [`TestBrowser::go_home`].
    Wait,
    /// Shows the page and is closed.
    Nothing,
    /// Does not start.
    Fail,
}

/// Follows links by HTTP, as a person's browser would.
pub(crate) struct TestBrowser {
    act: Mutex<Act>,
    opened: Mutex<Vec<Url>>,
    waiting: Arc<Mutex<Option<Url>>>,
    pages: Arc<Mutex<Vec<String>>>,
    http: reqwest::Client,
}

impl TestBrowser {
    fn new() -> Self {
        Self {
            act: Mutex::new(Act::Home),
            opened: Mutex::default(),
            waiting: Arc::default(),
            pages: Arc::default(),
            http: altinn::http::client("Browser/test").unwrap(),
        }
    }

    pub(crate) fn does(&self, act: Act) {
        *self.act.lock().unwrap() = act;
    }

    pub(crate) fn opened(&self) -> Vec<Url> {
        self.opened.lock().unwrap().clone()
    }

    /// The last page shown.
    pub(crate) fn page(&self) -> String {
        self.pages.lock().unwrap().last().cloned().unwrap_or_default()
    }

    /// Goes where it was about to go.
    pub(crate) async fn go_home(&self) {
        let url = loop {
            if let Some(url) = self.waiting.lock().unwrap().take() {
                break url;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        };
        follow(&self.http, url, &self.pages).await;
    }
}

impl Browser for TestBrowser {
    fn open(&self, address: &Url) -> Result<(), BrowserError> {
        self.opened.lock().unwrap().push(address.clone());
        let act = self.act.lock().unwrap().clone();
        if act == Act::Fail {
            return Err(BrowserError::new("there is none"));
        }
        let (http, address) = (self.http.clone(), address.clone());
        let (pages, waiting) = (Arc::clone(&self.pages), Arc::clone(&self.waiting));
        tokio::runtime::Handle::current().spawn(async move {
            match act {
                Act::Home => follow(&http, address, &pages).await,
                Act::Form(person) => {
                    let page = http.get(address.clone()).send().await.unwrap().text().await.unwrap();
                    let form = page.split("name=\"attempt\"").nth(1).expect("a form").split('"').nth(1).unwrap();
                    let mut fields = HashMap::from([("attempt", form.to_owned())]);
                    if let Some(person) = person {
                        fields.insert("person", person);
                    }
                    let answer = http.post(address.join("/login").unwrap()).form(&fields).send().await.unwrap();
                    follow(&http, location(&address, &answer).unwrap(), &pages).await;
                }
                Act::WrongState => {
                    let mut home = location(&address, &http.get(address.clone()).send().await.unwrap()).unwrap();
                    let query: Vec<(String, String)> = home
                        .query_pairs()
                        .map(|(name, value)| {
                            (name.to_string(), if name == "state" { "another".into() } else { value.to_string() })
                        })
                        .collect();
                    home.query_pairs_mut().clear().extend_pairs(query);
                    follow(&http, home, &pages).await;
                }
                Act::Wait => {
                    let home = location(&address, &http.get(address.clone()).send().await.unwrap()).unwrap();
                    *waiting.lock().unwrap() = Some(home);
                }
                Act::Nothing | Act::Fail => {}
            }
        });
        Ok(())
    }
}

fn location(from: &Url, answer: &reqwest::Response) -> Option<Url> {
    from.join(answer.headers().get("location")?.to_str().ok()?).ok()
}

async fn follow(http: &reqwest::Client, mut url: Url, pages: &Mutex<Vec<String>>) {
    loop {
        let Ok(answer) = http.get(url.clone()).send().await else { return };
        match location(&url, &answer) {
            Some(next) => url = next,
            None => {
                let page = answer.text().await.unwrap_or_default();
                pages.lock().unwrap().push(page);
                return;
            }
        }
    }
}

/// A file of the data folder.
pub(crate) fn in_data(desk: &Desk, name: &str) -> PathBuf {
    desk.data.path().join(name)
}
