//! Who came back: a person who was not expected is asked about before anything is done in her name.

use std::time::Duration;

use access::session::{Session, SignInRequest};
use view::{AnotherPersonView, SignInOutcome};

use crate::desk::{Act, Desk, INGRID, in_data};

/// As the sign-in page of practice has them.
const JONAS: &str = "jonas-eide";
const INGRID_HERSELF: &str = "ingrid-solvang";

/// Signs in without naming anybody; the browser lets this person through, as one does that still knows her.
fn comes(desk: &Desk, session: &Session, pid: &str, request: SignInRequest) -> tokio::task::JoinHandle<SignInOutcome> {
    desk.browser.does(Act::Form(Some(pid.to_owned())));
    let session = session.clone();
    tokio::spawn(async move { session.sign_in(request).await })
}

async fn question(session: &Session) -> AnotherPersonView {
    tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            if let Some(another) = session.sign_in_view().and_then(|view| view.another) {
                return another;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("nobody asks")
}

#[tokio::test]
async fn another_person_than_who_is_signed_in_is_asked_about_and_nothing_is_done_before() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    let exchanges = desk.calls("/exchange/id-porten").await;
    let waiting = comes(&desk, &session, JONAS, SignInRequest::default());
    let asked = question(&session).await;
    assert_eq!((asked.expected.as_deref(), asked.came.as_deref()), (Some("Ingrid Solvang"), Some("Jonas Eide")));
    assert!(asked.masked_id.is_some());
    assert_eq!(desk.calls("/exchange/id-porten").await, exchanges, "Altinn has not heard of her");
    assert_eq!(session.authorization().unwrap().id, ingrid.id, "and Ingrid is still the one");
    assert_eq!(session.authorizations().unwrap().len(), 1, "nothing of Jonas is stored");
    session.answer_who_came(true).unwrap();
    assert!(matches!(waiting.await.unwrap(), SignInOutcome::SignedIn { .. }));
    assert_eq!(session.authorization().unwrap().person().as_deref(), Some("Jonas Eide"));
    assert!(session.answer_who_came(true).is_err(), "and nothing is asked any more");
}

#[tokio::test]
async fn no_ends_the_sign_in_and_her_tokens_are_taken_back() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    let revoked = desk.calls("/token/revoke").await;
    let waiting = comes(&desk, &session, JONAS, SignInRequest::default());
    question(&session).await;
    session.answer_who_came(false).unwrap();
    assert_eq!(waiting.await.unwrap(), SignInOutcome::Cancelled);
    assert_eq!(desk.calls("/token/revoke").await - revoked, 1);
    session.altinn_token(&ingrid.id).await.unwrap();
    drop(session);
    assert_eq!(desk.start().authorization().unwrap().id, ingrid.id);
    let db = rusqlite::Connection::open(in_data(&desk, "momsbud.db")).unwrap();
    let persons: i64 = db.query_row("SELECT count(*) FROM authorizations", [], |row| row.get(0)).unwrap();
    assert_eq!(persons, 1);
}

#[tokio::test]
async fn who_was_signed_in_until_the_session_ran_out_is_expected_back() {
    let desk = Desk::new().await;
    desk.settings(serde_json::json!({"idPorten": {"publicRefreshTokens": false}})).await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    // Two hours, and nothing renews the token.
    desk.pass(7300);
    session.altinn_token(&ingrid.id).await.unwrap_err();
    assert_eq!(session.view(), None);
    let waiting = comes(&desk, &session, JONAS, SignInRequest::default());
    assert_eq!(question(&session).await.expected.as_deref(), Some("Ingrid Solvang"));
    session.answer_who_came(false).unwrap();
    waiting.await.unwrap();
    // She herself is not asked about.
    let back = comes(&desk, &session, INGRID_HERSELF, SignInRequest::default());
    assert!(matches!(back.await.unwrap(), SignInOutcome::SignedIn { .. }));
    assert_eq!(session.authorization().unwrap().id, ingrid.id);
}

#[tokio::test]
async fn whose_work_waits_is_expected_and_nobody_is_after_a_sign_out_or_where_another_is_wanted() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    session.sign_out().await.unwrap();
    let jonas = comes(&desk, &session, JONAS, SignInRequest::default());
    assert!(matches!(jonas.await.unwrap(), SignInOutcome::SignedIn { .. }), "who signs out expects nobody");
    session.sign_out().await.unwrap();
    let waits = SignInRequest { expected: vec![ingrid.id.clone()], ..SignInRequest::default() };
    let waiting = comes(&desk, &session, JONAS, waits);
    assert_eq!(question(&session).await.came.as_deref(), Some("Jonas Eide"));
    session.cancel_sign_in();
    assert_eq!(waiting.await.unwrap(), SignInOutcome::Cancelled);
    desk.sign_in(&session, INGRID).await;
    let wanted = SignInRequest { as_another: true, ..SignInRequest::default() };
    let jonas = comes(&desk, &session, JONAS, wanted);
    assert!(matches!(jonas.await.unwrap(), SignInOutcome::SignedIn { .. }), "“sign in as another”");
}
