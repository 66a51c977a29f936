//! This computer's clock is wrong, at a provider that takes the whole authorization back when a one-time token comes twice.

use std::time::Duration;

use access::session::{Session, SessionError};
use futures_util::future::join_all;
use id_porten::TokenError;
use serde_json::json;
use view::{ErrorCode, SignInOutcome};

use crate::desk::{Act, Desk, INGRID, as_person};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// How often a token came to the token endpoint that had been used before.
async fn reused(desk: &Desk) -> usize {
    let log = desk.control("GET", "/log", None).await;
    let refused = |entry: &&serde_json::Value| entry["call"] == "token" && entry["status"] == 400;
    log["requests"].as_array().unwrap().iter().filter(refused).count()
}

#[tokio::test]
async fn a_wrong_clock_costs_no_authorization_and_is_said_with_how_much() {
    for wrong in [HOUR, -HOUR, DAY, -DAY, YEAR, -YEAR, 3 * HOUR] {
        let desk = Desk::new().await;
        let session = desk.start();
        let authorization = desk.sign_in(&session, INGRID).await;
        // The next day's first renewal falls into the hour in which the clock is wrong.
        desk.pass(20 * HOUR);
        desk.goes_wrong(wrong);
        for _ in 0..3 {
            match session.altinn_token(&authorization.id).await {
                Err(SessionError::Renewal(TokenError::ClockSkew { by })) => {
                    assert!((by.as_secs() + wrong).abs() < 60, "{wrong}: {by}");
                }
                // A clock that is far behind knows of no reason to renew: the token has not ended by it.
                Ok(_) if wrong < -18 * HOUR => {}
                other => panic!("{wrong}: {other:?}"),
            }
        }
        assert!(session.view().is_some(), "{wrong}: she is still signed in");
        // Also over a restart under the wrong clock.
        drop(session);
        drop(desk.start());
        desk.goes_wrong(0);
        let session = desk.start();
        let opened = desk.browser.opened().len();
        session.altinn_token(&authorization.id).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
        assert_eq!(desk.browser.opened().len(), opened, "{wrong}: without the browser");
        assert_eq!(reused(&desk).await, 0, "{wrong}: no token was sent twice");
        desk.pass(20 * HOUR);
        session.altinn_token(&authorization.id).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
    }
}

#[tokio::test]
async fn a_clock_that_steps_while_the_answer_is_under_way_loses_nothing() {
    let steps = [HOUR, -HOUR, 3 * HOUR, -3 * HOUR, DAY, -DAY, YEAR, -YEAR];
    // Each waits for an answer that is slow: they wait together.
    join_all(steps.map(steps_by)).await;
}

async fn steps_by(wrong: i64) {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    // The token endpoint thinks for a moment, and the clock is set meanwhile.
    desk.fault(json!({"call": "token", "fault": {"kind": "delay", "milliseconds": 1_500}})).await;
    let before = desk.calls("/token").await;
    let (asking, id) = (session.clone(), authorization.id.clone());
    let renewal = tokio::spawn(async move { asking.altinn_token(&id).await.map(drop) });
    while desk.calls("/openid-configuration").await < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(600)).await;
    desk.goes_wrong(wrong);
    let outcome = renewal.await.unwrap();
    assert!(matches!(outcome, Err(SessionError::Renewal(TokenError::ClockSkew { .. }))), "{wrong}: {outcome:?}");
    assert_eq!(desk.calls("/token").await - before, 1);
    desk.goes_wrong(0);
    session.altinn_token(&authorization.id).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
    drop(session);
    desk.start().altinn_token(&authorization.id).await.unwrap_or_else(|error| panic!("{wrong}: {error}"));
    assert_eq!(reused(&desk).await, 0, "{wrong}");
}

#[tokio::test]
async fn a_token_that_nothing_renews_is_not_dropped_by_a_clock_that_runs_ahead() {
    let desk = Desk::new().await;
    desk.settings(json!({"idPorten": {"publicRefreshTokens": false}})).await;
    let (mut parts, _heard) = desk.parts();
    parts.check_every = Duration::from_millis(30);
    let session = Session::open(parts).unwrap();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.goes_wrong(DAY);
    tokio::time::sleep(Duration::from_millis(400)).await;
    let refused = session.altinn_token(&authorization.id).await.unwrap_err();
    assert_eq!(refused.problem().code, ErrorCode::ClockWrong);
    assert!(session.view().is_some());
    // A start under the wrong clock cannot know better; put right, it takes her in again by itself.
    drop(session);
    let (mut parts, _heard) = desk.parts();
    parts.check_every = Duration::from_millis(30);
    let session = Session::open(parts).unwrap();
    assert_eq!(session.view(), None);
    desk.goes_wrong(0);
    tokio::time::timeout(Duration::from_secs(10), async {
        while session.view().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await
    .expect("signed in again");
    session.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn a_token_whose_answer_was_lost_is_never_sent_again() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    let first = session.id_porten_token(&authorization.id).await.unwrap();
    // A minute before its end: the renewal's answer is lost, and the token serves on to its end.
    desk.pass(7170);
    desk.fault(json!({"call": "token", "fault": {"kind": "dropAfter"}})).await;
    let still = session.id_porten_token(&authorization.id).await.unwrap();
    assert_eq!(still.expose(), first.expose());
    assert!(!session.view().unwrap().renews_itself, "what was sent is not in the vault any more");
    drop(session);
    let session = desk.start();
    let still = session.id_porten_token(&authorization.id).await.unwrap();
    assert_eq!(still.expose(), first.expose(), "also over a restart");
    desk.pass(60);
    assert!(matches!(session.id_porten_token(&authorization.id).await, Err(SessionError::NeedsSignIn)));
    assert_eq!(reused(&desk).await, 0);
}

#[tokio::test]
async fn an_issuer_that_does_not_answer_costs_no_token() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, INGRID).await;
    desk.pass(7300);
    desk.fault(json!({"call": "discovery", "times": 3, "fault": {"kind": "dropBefore"}})).await;
    let before = desk.calls("/token").await;
    assert!(matches!(session.altinn_token(&authorization.id).await, Err(SessionError::Renewal(_))));
    assert_eq!(desk.calls("/token").await, before, "nothing is sent to a network that is not there");
    desk.control("DELETE", "/faults", None).await;
    session.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn a_client_secret_that_is_refused_for_a_while_costs_no_authorization() {
    let desk = Desk::new().await;
    let session = |secret: &str| {
        let (mut parts, _heard) = desk.parts();
        parts.integration.client_id = Some("momsbud-practice-web-loopback".into());
        parts.integration.authentication = id_porten::AuthenticationMethod::ClientSecretPost;
        parts.authorizations.set_client_secret(&parts.integration, &secret.to_owned().into()).unwrap();
        Session::open(parts).unwrap()
    };
    let good = session("practice-secret");
    desk.browser.does(Act::Home);
    let SignInOutcome::SignedIn { .. } = good.sign_in(as_person(INGRID)).await else { return };
    let authorization = good.authorization().unwrap();
    drop(good);
    desk.pass(7300);
    let wrong = session("another-secret");
    let refused = wrong.altinn_token(&authorization.id).await.unwrap_err();
    assert_eq!(refused.problem().code, ErrorCode::IntegrationRefused);
    drop(wrong);
    session("practice-secret").altinn_token(&authorization.id).await.unwrap();
}
