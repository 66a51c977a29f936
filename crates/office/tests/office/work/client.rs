//! The client at Ansattporten: how it proves itself, by which way it comes home, and where its secret lies.

use std::{fs, sync::Arc, time::Duration};

use access::work::WorkSignInRequest;
use office::Office;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use url::Url;
use view::{ErrorCode, SecretState, WorkClientView, WorkFailureKind};

use super::firm::{Firm, Still, fails, group, one_rule, policy, signs_in};

const NORA: &str = "nora-lund";

/// Nora may see, and the client is this.
fn rules(client: Value) -> Value {
    let mut rules = policy(one_rule(&group(NORA, 3), &["see"], &["all"]));
    rules["signIn"]["clients"]["practice"] = client;
    rules
}

fn web(authentication: &str) -> Value {
    json!({"clientId": "momsbud-practice-web", "authentication": authentication})
}

fn client(office: &Office) -> WorkClientView {
    office.work().view().unwrap().client.unwrap()
}

async fn enter(office: &Office, secret: &str) -> Result<(), ErrorCode> {
    office.work_account().set_client_secret(secret.to_owned().into()).await.map_err(|error| error.code)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_entered_once_sealed_and_then_the_administrators() {
    for method in ["client_secret_post", "client_secret_basic"] {
        let firm = Firm::new().await;
        firm.decides(&rules(web(method)));
        let office = firm.open().await;
        assert_eq!((client(&office).secret, client(&office).open), (SecretState::Missing, true));
        assert_eq!(fails(&office, NORA).await, WorkFailureKind::SecretMissing);
        // A wrong one is told as such, and may be entered again: nobody could sign in and mend it.
        enter(&office, "wrong").await.unwrap();
        assert_eq!((client(&office).secret, client(&office).open), (SecretState::Kept, false));
        assert_eq!(enter(&office, "hers").await, Err(ErrorCode::WorkLocked), "not before it has been tried");
        assert_eq!(fails(&office, NORA).await, WorkFailureKind::Setup);
        assert!(client(&office).open);
        enter(&office, " practice-secret\n").await.unwrap();
        assert!(!signs_in(&office, NORA).await.locked, "{method}");
        // It works: now it takes the permission to administer.
        assert_eq!(enter(&office, "another").await, Err(ErrorCode::WorkForbidden));
        office.work_account().lock().await;
        assert_eq!(enter(&office, "another").await, Err(ErrorCode::WorkLocked));
        // A key is something else.
        assert_eq!(office.work_account().make_client_key().await.unwrap_err().code, ErrorCode::NotFound);
        office.close().await;
        for file in fs::read_dir(firm.desk.data()).unwrap() {
            let path = file.unwrap().path();
            let content = fs::read(&path).unwrap_or_default();
            let found = content.windows(b"practice-secret".len()).any(|bytes| bytes == b"practice-secret");
            assert!(!found, "in the open in {}", path.display());
        }
        // The next start has it.
        let office = firm.open().await;
        assert_eq!(client(&office).secret, SecretState::Kept);
        assert!(!signs_in(&office, NORA).await.locked);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_changes_a_secret_and_another_client_never_gets_it() {
    let firm = Firm::new().await;
    let mut administers = rules(web("client_secret_post"));
    administers["rules"][0]["permissions"] = json!(["see", "administer"]);
    firm.decides(&administers);
    let office = firm.open().await;
    enter(&office, "practice-secret").await.unwrap();
    assert!(!signs_in(&office, NORA).await.locked);
    enter(&office, "practice-secret").await.unwrap();
    // The rules name another client: nothing of the first one's is there for it, nor for another issuer's.
    firm.decides(&rules(json!({"clientId": "another", "authentication": "client_secret_post"})));
    office.work().look();
    office.work_account().lock().await;
    assert_eq!(client(&office).secret, SecretState::Missing);
    assert_eq!(fails(&office, NORA).await, WorkFailureKind::SecretMissing);
    // And the first one's is forgotten as soon as the new one has its own.
    enter(&office, "something").await.unwrap();
    firm.decides(&rules(web("client_secret_post")));
    office.work().look();
    assert_eq!(client(&office).secret, SecretState::Missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_here_or_taken_from_a_file() {
    let firm = Firm::new().await;
    firm.decides(&rules(json!({"clientId": "momsbud-practice-jwt", "authentication": "private_key_jwt"})));
    let office = firm.open().await;
    assert_eq!(fails(&office, NORA).await, WorkFailureKind::SecretMissing);
    let jwk: Value = serde_json::from_str(&office.work_account().make_client_key().await.unwrap()).unwrap();
    assert!(jwk.get("d").is_none() && jwk["kty"] == "RSA", "only the public half");
    assert_eq!(fails(&office, NORA).await, WorkFailureKind::Setup, "it is not registered yet");
    let register = |jwk: Value| {
        let body = json!({"client_id": "momsbud-practice-jwt", "jwks": {"keys": [jwk]}});
        firm.desk.control("POST", "/clients/ansattporten", Some(body))
    };
    register(jwk).await;
    assert!(!signs_in(&office, NORA).await.locked);
    office.work_account().lock().await;
    assert_eq!(office.work().may_set_client_key().unwrap_err().code, ErrorCode::WorkLocked);
    // Another key is registered meanwhile: the one here is refused, and the file of the other may be brought.
    let other = id_porten::SigningKey::generate().unwrap();
    register(other.public_jwk()).await;
    assert_eq!(fails(&office, NORA).await, WorkFailureKind::Setup);
    let refused = office.work_account().import_client_key("no key".to_owned().into()).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::KeyUnusable);
    office.work_account().import_client_key(other.to_pem().unwrap()).await.unwrap();
    assert!(!signs_in(&office, NORA).await.locked);
}

/// A firm whose client comes home by the page that it hosts.
async fn hosted(firm: &Firm) -> (Arc<Office>, Arc<Still>) {
    let mut rules = rules(web("client_secret_basic"));
    rules["signIn"]["redirect"] =
        json!({"kind": "hosted_page", "page": "https://momsbud.example/innlogging", "deep_link": "momsbud://callback"});
    firm.decides(&rules);
    open_still(firm).await
}

async fn open_still(firm: &Firm) -> (Arc<Office>, Arc<Still>) {
    let browser = Arc::new(Still::default());
    let mut setup = firm.setup();
    setup.browser = browser.clone();
    (Office::open(setup).await.unwrap(), browser)
}

/// Begins a sign-in, and gives the link that the firm's page makes of Ansattporten's answer.
async fn begin(office: &Arc<Office>, browser: &Still) -> (JoinHandle<()>, Url) {
    let waiting = {
        let office = Arc::clone(office);
        let hint = Some(format!("entraid:{NORA}"));
        let request = WorkSignInRequest { login_hint: hint, ..WorkSignInRequest::default() };
        tokio::spawn(async move { drop(office.work_account().sign_in(request).await) })
    };
    let authorize = loop {
        // The browser is sent off when everything is kept that another run would need.
        if let Some(sent) = browser.sent(0) {
            break sent;
        }
        assert!(!waiting.is_finished(), "{:?}", office.work().view());
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = http.get(authorize).send().await.unwrap();
    let home = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(home.host_str(), Some("momsbud.example"));
    (waiting, Url::parse(&format!("momsbud://callback?{}", home.query().unwrap())).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosted_page_brings_a_work_account_home_by_a_link() {
    let firm = Firm::new().await;
    let (office, browser) = hosted(&firm).await;
    assert_eq!(client(&office).redirect_uri, "https://momsbud.example/innlogging");
    enter(&office, "practice-secret").await.unwrap();
    let (waiting, home) = begin(&office, &browser).await;
    let mut stray = home.clone();
    stray.set_query(Some("code=x&state=somebody-elses"));
    assert!(office.session().expected(&stray).is_none());
    assert!(office.work().is_locked() && office.work().view().unwrap().sign_in.is_some(), "it still waits");
    office.session().deliver(office.session().expected(&home).unwrap()).await;
    waiting.await.unwrap();
    assert!(!office.work().is_locked(), "{:?}", office.work().view());
    // Used, it serves no more, and opens nothing that was locked after it.
    office.work_account().lock().await;
    assert!(office.session().expected(&home).is_none());
    assert!(office.work().is_locked());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_starts_the_program_lets_the_work_account_in() {
    let firm = Firm::new().await;
    let (office, browser) = hosted(&firm).await;
    enter(&office, "practice-secret").await.unwrap();
    let (waiting, home) = begin(&office, &browser).await;
    // The program is gone, without a word, while she is in her browser.
    waiting.abort();
    drop(office);
    let (office, _) = open_still(&firm).await;
    assert!(office.work().is_locked());
    let mut stray = home.clone();
    stray.set_query(Some("code=x&state=somebody-elses"));
    assert!(office.session().expected(&stray).is_none());
    assert!(office.work().is_locked(), "somebody else's link is not hers, and hers is still waited for");
    office.session().deliver(office.session().expected(&home).unwrap()).await;
    assert!(!office.work().is_locked(), "{:?}", office.work().view());
    assert!(office.work().view().unwrap().sign_in.is_none());
}
