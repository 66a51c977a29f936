//! Secrets go where they were got, and nowhere else.

use std::time::Duration;

use access::session::{Session, SessionError};
use id_porten::SystemRandom;
use rusqlite::{Connection, params};
use store::vault::{SecretStore, Vault};
use url::Url;
use view::OfficeEvent;

use crate::desk::{Desk, INGRID, in_data};

/// A server that nobody should come to.
fn thief() -> (std::net::TcpListener, Url) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let there = Url::parse(&format!("http://{}/token", listener.local_addr().unwrap())).unwrap();
    (listener, there)
}

#[tokio::test]
async fn a_token_endpoint_that_is_another_now_gets_no_old_token() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    drop(session);
    desk.pass(7300);
    let (thief, there) = thief();
    // As a file of somebody else's says, or a row that somebody has changed.
    let (mut parts, _heard) = desk.parts();
    parts.integration.endpoints.token = Some(there);
    let session = Session::open(parts).unwrap();
    assert_eq!(session.view(), None);
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    drop(session);
    assert!(thief.accept().is_err(), "nobody went there");
}

#[tokio::test]
async fn tokens_and_client_secrets_are_sealed_for_their_way() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    drop(session);
    let (parts, _heard) = desk.parts();
    let integration = parts.integration;
    let store = parts.authorizations;
    store.set_client_secret(&integration, &"hemmelig".to_owned().into()).unwrap();
    let mut elsewhere = integration.clone();
    elsewhere.endpoints.revocation = Some(Url::parse("https://evil.example/revoke").unwrap());
    assert!(store.tokens(&authorization.id, &elsewhere).unwrap().is_none());
    assert!(store.tokens(&authorization.id, &integration).unwrap().is_some());
    assert!(store.client_secret(&integration).unwrap().is_some());
    assert!(store.client_secret(&elsewhere).unwrap().is_none(), "an endpoint more");
    assert!(store.client_secret(&integration).unwrap().is_none(), "and what was asked for so is dropped");
}

#[tokio::test]
async fn what_an_earlier_version_sealed_is_taken_over_once_where_nothing_differs() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    drop(session);
    let integration = desk.environment().integration;
    let vault = || Vault::open(desk.keyring.as_ref(), &SystemRandom).unwrap();
    let file = in_data(&desk, "momsbud.db");
    let store = SecretStore::new(vault(), std::sync::Arc::new(desk.clock()), std::sync::Arc::new(SystemRandom));
    let db = Connection::open(&file).unwrap();
    let bound = integration.destinations().bound();
    let opened = store.get(&db, "tokens", authorization.id.as_str(), &bound).unwrap().expect("sealed for its way");
    let as_before = |db: &Connection| {
        let sealed = vault().seal(&SystemRandom, "tokens", authorization.id.as_str(), &opened.secret).unwrap();
        db.execute("UPDATE secrets SET sealed = ?1 WHERE purpose = 'tokens'", params![sealed]).unwrap();
    };
    as_before(&db);
    let (mut parts, _heard) = desk.parts();
    parts.integration.endpoints.token = Some(Url::parse("https://evil.example/token").unwrap());
    assert!(parts.authorizations.tokens(&authorization.id, &parts.integration).unwrap().is_none());
    as_before(&db);
    let rows: i64 =
        db.query_row("SELECT count(*) FROM secrets WHERE purpose = 'tokens'", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0, "what cannot be told where it was got is dropped");
    let sealed = vault().seal(&SystemRandom, "tokens", authorization.id.as_str(), &opened.secret).unwrap();
    db.execute(
        "INSERT INTO secrets (purpose, id, sealed, stored_at) VALUES ('tokens', ?1, ?2, '')",
        params![authorization.id.as_str(), sealed],
    )
    .unwrap();
    desk.start().altinn_token(&authorization.id).await.unwrap();
    let first: Vec<u8> =
        db.query_row("SELECT sealed FROM secrets WHERE purpose = 'tokens'", [], |row| row.get(0)).unwrap();
    assert_eq!(first.first(), Some(&2), "from now on it is bound");
}

#[tokio::test]
async fn another_programs_sign_out_is_adopted() {
    let desk = Desk::new().await;
    let (mut parts, mut heard) = desk.parts();
    parts.check_every = Duration::from_millis(30);
    let window = Session::open(parts).unwrap();
    let authorization = desk.sign_in(&window, INGRID).await;
    let command_line = desk.start();
    command_line.sign_out().await.unwrap();
    tokio::time::timeout(Duration::from_secs(10), async {
        while window.view().is_some() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await
    .expect("the window still acts in her name");
    assert!(matches!(window.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    let mut told = None;
    while let Ok(event) = heard.try_recv() {
        if let OfficeEvent::Session { session } = event {
            told = Some(session.is_none());
        }
    }
    assert_eq!(told, Some(true), "and the window is told");
}

#[tokio::test]
async fn a_renewal_finds_out_that_another_program_has_signed_out() {
    let desk = Desk::new().await;
    let window = desk.start();
    let authorization = desk.sign_in(&window, INGRID).await;
    desk.start().sign_out().await.unwrap();
    desk.pass(7300);
    let before = desk.calls("/token").await;
    assert!(matches!(window.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    assert_eq!(desk.calls("/token").await, before, "her token is not sent");
    assert_eq!(window.view(), None);
}
