//! Staying signed in: restarts, renewals, ends.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use access::session::{CallError, Session, SessionError};
use altinn::ApiError;
use id_porten::RelyingParty;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::keyring::{KeyringError, NoKeyring};
use tokio::task::JoinSet;
use view::{ErrorCode, KeyringState, OfficeEvent, SignInOutcome};

use crate::desk::{Act, Desk, INGRID, JONAS, as_person, in_data};

#[tokio::test]
async fn a_restart_keeps_the_sign_in() {
    let desk = Desk::new().await;
    let before = desk.start();
    let authorization = desk.sign_in(&before, INGRID).await;
    drop(before);
    let opened = desk.browser.opened().len();

    let after = desk.start();
    let view = after.view().unwrap();
    assert_eq!(view.authorization_id, authorization.id.as_str());
    assert_eq!(view.name.as_deref(), Some("Ingrid Solvang"));
    after.altinn_token(&authorization.id).await.unwrap();
    assert_eq!(desk.browser.opened().len(), opened, "without the browser");

    // The next working day: the access token has run out, the refresh token has not.
    drop(after);
    desk.pass(18 * 3600);
    let later = desk.start();
    later.altinn_token(&authorization.id).await.unwrap();
    assert_eq!(desk.browser.opened().len(), opened);
}

#[tokio::test]
async fn without_refresh_tokens_a_restart_keeps_the_sign_in_until_its_token_ends() {
    let desk = Desk::new().await;
    desk.settings(json!({"idPorten": {"publicRefreshTokens": false}})).await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    assert!(!session.view().unwrap().renews_itself);
    drop(session);
    desk.pass(3600);
    let session = desk.start();
    session.altinn_token(&authorization.id).await.unwrap();
    drop(session);
    desk.pass(3700);
    let session = desk.start();
    assert_eq!(session.view(), None);
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
}

#[tokio::test]
async fn without_a_keyring_the_sign_in_lasts_as_long_as_the_program_and_leaves_no_secret() {
    let desk = Desk::new().await;
    let session = Session::open(desk.parts_with(Arc::new(NoKeyring)).0).unwrap();
    assert_eq!(session.keyring(), KeyringState::Missing);
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7100);
    session.altinn_token(&authorization.id).await.unwrap();
    drop(session);
    let db = rusqlite::Connection::open(in_data(&desk, "momsbud.db")).unwrap();
    let secrets: i64 = db.query_row("SELECT count(*) FROM secrets", [], |row| row.get(0)).unwrap();
    assert_eq!(secrets, 0);
    let session = Session::open(desk.parts_with(Arc::new(NoKeyring)).0).unwrap();
    assert_eq!(session.view(), None);
    let again = desk.sign_in(&session, INGRID).await;
    assert_eq!(again.id, authorization.id, "she is recognised all the same");
}

#[tokio::test]
async fn a_keyring_unlocked_at_a_later_sign_in_keeps_that_and_the_earlier_one() {
    let desk = Desk::new().await;
    desk.keyring.complain(Some(KeyringError::Locked("prompt dismissed".into())));
    let session = desk.start();
    assert_eq!(session.keyring(), KeyringState::Locked);
    let jonas = desk.sign_in(&session, JONAS).await;
    desk.keyring.complain(None);
    let ingrid = desk.sign_in(&session, INGRID).await;
    assert_eq!(session.keyring(), KeyringState::Available);
    drop(session);
    let session = desk.start();
    assert_eq!(session.authorization().map(|it| it.id), Some(ingrid.id));
    assert!(
        desk.authorizations(desk.keyring.clone()).tokens(&jonas.id, &desk.environment().integration).unwrap().is_some()
    );
}

#[tokio::test]
async fn a_keyring_unlocked_later_brings_the_person_back_and_the_window_is_told() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    drop(session);
    desk.keyring.complain(Some(KeyringError::Locked("prompt dismissed".into())));
    let (parts, mut heard) = desk.parts();
    let session = Session::open(parts).unwrap();
    assert_eq!(session.authorization(), None, "what is sealed cannot be read");
    // Dismissed once more: still locked, nobody signed in, and no harm done.
    assert_eq!(session.unlock_keyring().await.unwrap(), KeyringState::Locked);
    assert_eq!(session.authorization(), None);
    desk.keyring.complain(None);
    assert_eq!(session.unlock_keyring().await.unwrap(), KeyringState::Available);
    assert_eq!(session.authorization().map(|it| it.id), Some(ingrid.id.clone()));
    session.altinn_token(&ingrid.id).await.unwrap();
    let mut told = Vec::new();
    while let Ok(event) = heard.try_recv() {
        if let OfficeEvent::Machine { keyring, .. } = event {
            told.push(keyring);
        }
    }
    assert_eq!(told, [KeyringState::Locked, KeyringState::Available], "once each");
}

#[tokio::test]
async fn a_clock_that_is_hours_off_is_told_once_it_is_known_and_again_when_it_is_right() {
    let desk = Desk::new().await;
    let (mut parts, mut heard) = desk.parts();
    // This computer alone is three hours behind.
    let behind = Arc::new(AtomicI64::new(3));
    let hours = Arc::clone(&behind);
    parts.clock = Arc::new(move || Timestamp::now() - SignedDuration::from_hours(hours.load(Ordering::SeqCst)));
    parts.id_porten = RelyingParty::new(altinn::http::client("Momsbud/test").unwrap(), Arc::clone(&parts.clock));
    let session = Session::open(parts).unwrap();
    assert_eq!(session.clock_off_minutes(), None, "nobody has answered yet");
    desk.browser.does(Act::Home);
    let outcome = session.sign_in(as_person(INGRID)).await;
    assert!(matches!(outcome, SignInOutcome::Refused { error, .. } if error.code == ErrorCode::ClockWrong));
    let off = session.clock_off_minutes().unwrap();
    assert!((178..=180).contains(&off), "{off}");
    behind.store(0, Ordering::SeqCst);
    desk.sign_in(&session, INGRID).await;
    assert_eq!(session.clock_off_minutes(), None);
    let mut told = Vec::new();
    while let Ok(event) = heard.try_recv() {
        if let OfficeEvent::Machine { clock_off_minutes, .. } = event {
            told.push(clock_off_minutes.is_some());
        }
    }
    assert_eq!(told.last(), Some(&false));
    assert_eq!(told.iter().filter(|off| **off).count(), 1, "once: {told:?}");
}

#[tokio::test]
async fn a_thousand_callers_with_an_expired_token_cause_one_refresh_and_one_exchange() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let (tokens, exchanges) = (desk.calls("/token").await, desk.calls("/exchange/id-porten").await);
    desk.pass(7300);
    let mut callers = JoinSet::new();
    for _ in 0..1_000 {
        let (session, id) = (session.clone(), authorization.id.clone());
        callers.spawn(async move { session.altinn_token(&id).await.unwrap().expose().to_owned() });
    }
    let given = callers.join_all().await;
    assert_eq!(given.len(), 1_000);
    assert!(given.iter().all(|token| *token == given[0]), "all get the same token");
    assert_eq!(desk.calls("/token").await - tokens, 1);
    assert_eq!(desk.calls("/exchange/id-porten").await - exchanges, 1);
}

#[tokio::test]
async fn a_failure_is_shared_by_those_who_waited_and_is_tried_anew_by_the_next() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    let before = desk.calls("/token").await;
    desk.fault(json!([{"call": "token", "fault": {"kind": "delay", "milliseconds": 500}},
                      {"call": "token", "fault": {"kind": "status", "status": 503}}]))
        .await;
    let mut callers = JoinSet::new();
    for _ in 0..100 {
        let (session, id) = (session.clone(), authorization.id.clone());
        callers.spawn(async move { session.altinn_token(&id).await.map(drop) });
    }
    let given = callers.join_all().await;
    assert!(given.iter().all(|it| matches!(it, Err(SessionError::Renewal(_)))), "{:?}", given[0]);
    assert_eq!(desk.calls("/token").await - before, 1);
    session.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn a_token_is_renewed_before_it_ends_and_used_to_its_end_when_that_fails() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let first = session.id_porten_token(&authorization.id).await.unwrap();
    desk.pass(7170);
    desk.fault(json!({"call": "token", "fault": {"kind": "status", "status": 503}})).await;
    let still = session.id_porten_token(&authorization.id).await.unwrap();
    assert_eq!(still.expose(), first.expose());
    let renewed = session.id_porten_token(&authorization.id).await.unwrap();
    assert_ne!(renewed.expose(), first.expose());
}

#[tokio::test]
async fn a_refresh_that_may_have_been_lost_behind_a_gateway_is_not_sent_again_and_the_token_used_to_its_end() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let (first, before) = (session.id_porten_token(&authorization.id).await.unwrap(), desk.calls("/token").await);
    desk.pass(7170);
    let fault = json!({"kind": "status", "status": 502, "acted": true});
    desk.fault(json!({"call": "token", "fault": fault})).await;
    for _ in 0..3 {
        let still = session.id_porten_token(&authorization.id).await.unwrap();
        assert_eq!(still.expose(), first.expose());
    }
    assert_eq!(desk.calls("/token").await - before, 1);
    desk.pass(60);
    assert!(matches!(session.id_porten_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    assert_eq!(desk.calls("/token").await - before, 1);
}

#[tokio::test]
async fn one_time_refresh_tokens_are_used_once_each_also_over_restarts() {
    let desk = Desk::new().await;
    let mut session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    for _ in 0..4 {
        desk.pass(7300);
        session.altinn_token(&authorization.id).await.unwrap();
        drop(session);
        session = desk.start();
    }
    assert_eq!(desk.calls("/token").await, 5);
}

#[tokio::test]
async fn a_refresh_whose_answer_was_lost_costs_a_sign_in_and_nothing_else() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    // As after a kill -9 between answer and store: the authority has used the token, and nobody has the new one.
    desk.fault(json!({"call": "token", "fault": {"kind": "dropAfter"}})).await;
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::Renewal(_))));
    drop(session);
    let session = desk.start();
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    assert_eq!(session.view(), None);
    let known = session.authorizations().unwrap();
    assert_eq!(known.len(), 1, "the authorization itself is still known");
    let again = desk.sign_in(&session, INGRID).await;
    assert_eq!(again.id, authorization.id);
    session.altinn_token(&again.id).await.unwrap();
}

#[tokio::test]
async fn two_programs_on_the_same_data_do_not_use_the_same_one_time_token() {
    let desk = Desk::new().await;
    let window = desk.start();
    let authorization = desk.sign_in(&window, INGRID).await;
    let command_line = desk.start();
    let before = desk.calls("/token").await;
    desk.pass(7300);
    let (one, other) =
        tokio::join!(window.altinn_token(&authorization.id), command_line.altinn_token(&authorization.id));
    one.unwrap();
    other.unwrap();
    assert_eq!(desk.calls("/token").await - before, 1, "the second takes over what the first has renewed");
}

#[tokio::test]
async fn a_401_before_the_time_renews_once_and_a_second_one_needs_a_sign_in() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let altinn = altinn::Client::new(altinn::http::client("Momsbud/test").unwrap(), desk.environment().endpoints);
    let before = desk.calls("/token").await;
    desk.fault(json!({"call": "parties", "fault": {"kind": "expiredToken"}})).await;
    let asked = Arc::new(altinn);
    let parties = session
        .with_altinn(&authorization.id, |token| {
            let altinn = Arc::clone(&asked);
            async move { altinn.parties(&token).await }
        })
        .await
        .unwrap();
    assert_eq!(parties.iter().filter(|party| party.org_number.is_some()).count(), 2);
    assert_eq!(desk.calls("/token").await - before, 1);

    let refused = session
        .with_altinn(&authorization.id, |_| async { Err::<(), _>(ApiError::Unauthorized { text: String::new() }) })
        .await
        .unwrap_err();
    assert!(matches!(refused, CallError::Session(SessionError::NeedsSignIn)), "{refused:?}");
    assert_eq!(session.view(), None, "the window asks for a sign-in");
}

#[tokio::test]
async fn a_401_of_the_validation_alone_does_not_end_the_session() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let refused = session
        .with_id_porten(&authorization.id, |_| async { Err::<(), _>(ApiError::Unauthorized { text: String::new() }) })
        .await
        .unwrap_err();
    assert!(matches!(refused, CallError::Session(SessionError::NeedsSignIn)), "{refused:?}");
    session.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn practice_authorities_that_were_started_anew_ask_for_a_sign_in_and_know_the_person_again() {
    let mut desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    drop(session);
    desk.practice = practice::Practice::start(practice::Options::default()).await.unwrap();
    let session = desk.start();
    assert_eq!(session.view(), None);
    assert_eq!(desk.sign_in(&session, INGRID).await.id, authorization.id);
    assert_eq!(desk.sign_in(&session, INGRID).await.person().as_deref(), Some("Ingrid Solvang"));
}

#[tokio::test]
async fn an_exchange_that_fails_for_a_while_is_tried_again_when_needed() {
    let desk = Desk::new().await;
    desk.fault(json!({"call": "exchange", "times": 2, "fault": {"kind": "status", "status": 503}})).await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    assert_eq!(session.view().unwrap().altinn_problem.unwrap().code, ErrorCode::AuthorityFault);
    session.altinn_token(&authorization.id).await.unwrap();
    let view = session.view().unwrap();
    assert_eq!(view.altinn_problem, None);
    assert!(view.altinn.is_some());
}

#[tokio::test]
async fn the_session_ends_at_the_moment_when_nothing_renews_it() {
    let desk = Desk::new().await;
    desk.settings(json!({"idPorten": {"publicRefreshTokens": false}})).await;
    let (mut parts, mut heard) = desk.parts();
    parts.check_every = Duration::from_millis(50);
    let session = Session::open(parts).unwrap();
    desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    let ended = async {
        loop {
            if let Ok(OfficeEvent::Session { session: None }) = heard.recv().await {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the window is told");
    assert_eq!(session.view(), None);
}

#[tokio::test]
async fn a_short_lived_refresh_token_is_kept_alive() {
    let desk = Desk::new().await;
    desk.settings(json!({"idPorten": {"refreshTokenLifetimeSeconds": 600, "accessTokenLifetimeSeconds": 120}})).await;
    let (mut parts, _heard) = desk.parts();
    parts.check_every = Duration::from_millis(50);
    let session = Session::open(parts).unwrap();
    let authorization = desk.sign_in(&session, INGRID).await;
    for _ in 0..10 {
        desk.pass(110);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    session.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn signing_out_takes_the_tokens_back_and_ends_the_session_in_the_browser() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    session.sign_out().await.unwrap();
    assert_eq!(session.view(), None);
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    assert_eq!(desk.calls("/token/revoke").await, 1);
    let last = desk.browser.opened().pop().unwrap();
    assert_eq!(last.path(), "/logout");
    assert!(!last.as_str().contains("id_token_hint"), "an address stands in the list of processes");
    drop(session);
    assert_eq!(desk.start().view(), None, "also after a restart");
}

#[tokio::test]
async fn signing_out_works_without_the_authority() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.sign_in(&session, INGRID).await;
    desk.fault(json!({"call": "revoke", "times": 0, "fault": {"kind": "dropBefore"}})).await;
    session.sign_out().await.unwrap();
    assert_eq!(session.view(), None);
}

#[tokio::test]
async fn a_forgotten_authorization_leaves_nothing() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    let jonas = desk.sign_in(&session, JONAS).await;
    let key = || store::keyring::Keyring::load(desk.keyring.as_ref()).unwrap().unwrap();
    let key_before = key();
    session.forget(&ingrid.id).await.unwrap();
    assert_eq!(key(), key_before, "what is left is sealed with it");
    assert_eq!(session.authorization().map(|it| it.id), Some(jonas.id.clone()), "the other stays signed in");
    session.forget(&jonas.id).await.unwrap();
    assert_eq!(session.view(), None);
    assert!(session.authorizations().unwrap().is_empty());
    assert_ne!(key(), key_before, "nothing that was sealed can be opened any more, wherever a copy of it lies");
    // And the new key serves.
    desk.sign_in(&session, INGRID).await;
    let again = session.authorization().unwrap().id;
    session.forget(&again).await.unwrap();
    drop(session);
    let bytes = desk.bytes_on_disk();
    let holds = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
    assert!(!holds("Ingrid Solvang") && !holds(ingrid.id.as_str()) && !holds("Jonas Eide"));
}

#[tokio::test]
async fn no_secret_lies_readable_in_the_data_folder() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let mut secrets = vec![INGRID.to_owned()];
    for _ in 0..2 {
        let stored = desk
            .authorizations(desk.keyring.clone())
            .tokens(&authorization.id, &desk.environment().integration)
            .unwrap()
            .unwrap();
        secrets.push(stored.access.expose().to_owned());
        secrets.push(stored.refresh.unwrap().expose().to_owned());
        secrets.push(stored.id_token.unwrap().expose().to_owned());
        secrets.push(stored.altinn.unwrap().token.expose().to_owned());
        secrets.push(stored.identity.sub.clone());
        desk.pass(7300);
        session.altinn_token(&authorization.id).await.unwrap();
    }
    let bytes = desk.bytes_on_disk();
    assert!(bytes.windows(14).any(|window| window == b"Ingrid Solvang"), "the folder is the right one");
    for secret in secrets {
        // The signature alone would do harm enough.
        let tail = &secret[secret.len().saturating_sub(20)..];
        assert!(!bytes.windows(tail.len()).any(|window| window == tail.as_bytes()), "{} bytes", secret.len());
    }
}

#[tokio::test]
async fn a_keyring_that_was_emptied_asks_for_a_sign_in() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    drop(session);
    store::keyring::Keyring::delete(desk.keyring.as_ref()).unwrap();
    let session = desk.start();
    assert_eq!(session.view(), None);
    assert_eq!(desk.sign_in(&session, INGRID).await.id, authorization.id);
}

#[tokio::test]
async fn closing_waits_until_a_renewal_is_stored() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    desk.fault(json!({"call": "token", "fault": {"kind": "delay", "milliseconds": 400}})).await;
    let caller = tokio::spawn({
        let (session, id) = (session.clone(), authorization.id.clone());
        async move { session.altinn_token(&id).await.map(drop) }
    });
    tokio::time::sleep(Duration::from_millis(150)).await;
    // Nobody waits for the token any more, and the program ends.
    caller.abort();
    session.close().await;
    assert!(matches!(session.altinn_token(&authorization.id).await, Ok(_) | Err(SessionError::Ending)));
    drop(session);
    let session = desk.start();
    session.altinn_token(&authorization.id).await.unwrap();
    assert_eq!(desk.calls("/token").await, 2, "the renewed tokens are there");
}
