//! kill -9 between ID-porten's answer to a refresh and the storing of it, in a process of its own: the one-time token is
//! used and its successor lost. It costs a new sign-in, and nothing else.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use access::PracticeAddresses;
use id_porten::RandomError;
use id_porten::{Random, SystemRandom};
use office::Office;
use serde_json::json;
use view::{ErrorCode, FilingState, HistoryQuery};

use crate::desk::{Desk, INGRID, checked_sample, file_sample, reason, setup, sign_in, until, until_it};

/// Gives randomness until it is told to die instead. Sealing draws a nonce: once when the old token is taken out of the vault,
/// before it is sent, and once when a renewed one has come and is not stored yet. There it dies.
struct DiesWhenAsked {
    now: Arc<AtomicBool>,
    drawn: AtomicUsize,
}

impl Random for DiesWhenAsked {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        if self.now.load(Ordering::SeqCst) && self.drawn.fetch_add(1, Ordering::SeqCst) == 1 {
            let me = std::process::id().to_string();
            let _ = Command::new("kill").args(["-9", &me]).status();
            loop {
                std::thread::park();
            }
        }
        SystemRandom.fill(bytes)
    }
}

/// What the child process does: files, then renews and dies of it. Not a test of its own.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "run by the other test, in a process of its own"]
async fn renewing_child() {
    let Some((addresses, data, archive)) = work() else { return };
    let mut setup = setup(&addresses, &data, &archive);
    let now = Arc::new(AtomicBool::new(false));
    setup.random = Arc::new(DiesWhenAsked { now: Arc::clone(&now), drawn: AtomicUsize::new(0) });
    let office = Office::open(setup).await.unwrap();
    sign_in(&office, INGRID).await;
    file_sample(&office, "fjordlys").await;
    let id = office.start_view().session.unwrap().authorization_id;
    now.store(true, Ordering::SeqCst);
    // The token is refused once, so it is renewed; the process does not outlive that.
    let session = office.access().session().clone();
    let _ = session
        .with_id_porten(&access::authorizations::AuthorizationId::new(id), |_| async {
            Err::<(), _>(unauthorized().await)
        })
        .await;
}

/// A real 401, of Altinn's exchange for a token that is none.
async fn unauthorized() -> altinn::ApiError {
    let (addresses, ..) = work().unwrap();
    let validation = format!("{}/valider", addresses.skatteetaten);
    let endpoints = altinn::Endpoints::parse(&addresses.altinn_platform, &addresses.altinn_app, &validation).unwrap();
    let client = altinn::Client::new(altinn::http::client("Momsbud/test").unwrap(), endpoints);
    client.exchange(&altinn::BearerToken::new("none")).await.err().unwrap()
}

fn work() -> Option<(PracticeAddresses, PathBuf, PathBuf)> {
    let get = |name: &str| env::var(name).ok();
    let addresses = PracticeAddresses {
        id_porten: get("CHILD_ID_PORTEN")?,
        altinn_platform: get("CHILD_PLATFORM")?,
        altinn_app: get("CHILD_APP")?,
        skatteetaten: get("CHILD_SKATTEETATEN")?,
    };
    Some((addresses, get("CHILD_DATA")?.into(), get("CHILD_ARCHIVE")?.into()))
}

fn child(desk: &Desk, data: &Path) -> Command {
    let at = desk.addresses();
    let mut command = Command::new(env::current_exe().unwrap());
    command
        .args(["--exact", "renewal_crash::renewing_child", "--ignored", "--nocapture"])
        .env("CHILD_ID_PORTEN", at.id_porten)
        .env("CHILD_PLATFORM", at.altinn_platform)
        .env("CHILD_APP", at.altinn_app)
        .env("CHILD_SKATTEETATEN", at.skatteetaten)
        .env("CHILD_DATA", data)
        .env("CHILD_ARCHIVE", desk.archive());
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_new_token_and_its_storing_costs_a_sign_in_and_nothing_else() {
    use std::os::unix::process::ExitStatusExt as _;
    let desk = Desk::new().await;
    let mut command = child(&desk, &desk.data());
    let status = tokio::task::spawn_blocking(move || command.status().unwrap()).await.unwrap();
    assert_eq!(status.signal(), Some(9), "the child died where it should: {status:?}");
    let log = desk.control("GET", "/log", None).await;
    let refreshed = |entry: &serde_json::Value| entry["effect"] == "tokens refreshed";
    assert!(log["requests"].as_array().unwrap().iter().any(refreshed), "ID-porten had answered");

    // The old token is used up, and is not in the vault to be sent again; the practice ID-porten would take the whole grant
    // back, as the real one does.
    let office = desk.open().await;
    let before = office.start_view().session.expect("the access token still serves");
    let history = office.filings().history(&HistoryQuery { limit: 5, ..HistoryQuery::default() }).unwrap().rows;
    assert_eq!(history.len(), 1, "nothing of what was filed is lost");
    assert_eq!(history[0].state, FilingState::Received);
    assert!(office.filings().receipt_path(&history[0].id).is_ok());
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": 7300}))).await;
    let card = office.returns().open_sample("vika").await.unwrap();
    assert_eq!(office.returns().check(&card.id).await.unwrap_err().code, ErrorCode::NeedsSignIn);
    assert!(office.start_view().session.is_none());
    assert_eq!(office.start_view().cards.len(), 1, "the work waits");
    let log = desk.control("GET", "/log", None).await;
    let refused = |entry: &serde_json::Value| entry["call"] == "token" && entry["status"] == 400;
    assert!(!log["requests"].as_array().unwrap().iter().any(refused), "the used token was not sent again");

    sign_in(&office, INGRID).await;
    let after = office.start_view().session.unwrap();
    assert_eq!(after.authorization_id, before.authorization_id, "it is the same authorization, renewed");
    let card = checked_sample(&office, "vika").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let filing = until_it(&office, &filing.id, "without a problem", |filing| reason(filing).is_none()).await;
    assert_eq!(filing.row.filed_by.as_deref(), Some("Ingrid Solvang"));
}
