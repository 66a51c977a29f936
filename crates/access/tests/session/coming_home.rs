//! The way home through the firm's page: the link finds the program running, or starts it.

use std::sync::Arc;

use access::{
    link::{self, Awaited},
    session::{Session, SignInRequest},
};
use id_porten::{AuthenticationMethod, LinkAnswer, Redirect};
use url::Url;
use view::{ErrorCode, SignInOutcome};

use crate::desk::{Act, Desk, INGRID, as_person};

/// A session whose integration comes home by the page that practice has registered for its web client.
fn session(desk: &Desk) -> Session {
    let (mut parts, _heard) = desk.parts();
    parts.integration.client_id = Some("momsbud-practice-web".into());
    parts.integration.authentication = AuthenticationMethod::ClientSecretPost;
    parts.integration.redirect = Redirect::HostedPage {
        page: Url::parse("https://momsbud.example/innlogging").unwrap(),
        deep_link: Url::parse("momsbud://callback").unwrap(),
    };
    let secret = "practice-secret".to_owned().into();
    parts.authorizations.set_client_secret(&parts.integration, &secret).unwrap();
    Session::open(parts).unwrap()
}

fn answer(link: &Url) -> LinkAnswer {
    link::answer(link).unwrap()
}

/// What the hosted page makes of the address the browser was sent to.
async fn link(desk: &Desk, session: &Session) -> Url {
    let authorize = loop {
        if let Some(link) = session.sign_in_link() {
            break link;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    let http = altinn::http::client("Browser/test").unwrap();
    let answer = http.get(authorize).send().await.unwrap();
    let home = Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
    assert_eq!(home.host_str(), Some("momsbud.example"), "{}", desk.calls("/authorize").await);
    Url::parse(&format!("momsbud://callback?{}", home.query().unwrap())).unwrap()
}

fn begin(desk: &Desk, session: &Session) -> tokio::task::JoinHandle<SignInOutcome> {
    desk.browser.does(Act::Nothing);
    let session = session.clone();
    let request = SignInRequest { ..as_person(INGRID) };
    tokio::spawn(async move { session.sign_in(request).await })
}

#[tokio::test]
async fn a_link_into_the_running_program_ends_its_sign_in() {
    let desk = Desk::new().await;
    let session = session(&desk);
    let waiting = begin(&desk, &session);
    let home = link(&desk, &session).await;
    let mut stray = home.clone();
    stray.set_query(Some("code=x&state=somebody-elses"));
    session.deliver(&answer(&stray)).unwrap_err();
    assert_eq!(session.awaits(&answer(&home)), Some(Awaited::UnderWay));
    session.deliver(&answer(&home)).unwrap();
    assert!(matches!(waiting.await.unwrap(), SignInOutcome::SignedIn { .. }));
    // Used, it serves no more; and nothing of the attempt is left to take up.
    session.deliver(&answer(&home)).unwrap_err();
    assert_eq!(session.awaits(&answer(&home)), None);
    assert!(session.resume(answer(&home)).await.is_none());
}

#[tokio::test]
async fn a_link_that_starts_the_program_ends_the_sign_in_that_was_begun_before() {
    let desk = Desk::new().await;
    let before = session(&desk);
    let waiting = begin(&desk, &before);
    let home = link(&desk, &before).await;
    // The program is ended as a person ends one, and another run is started by the link.
    waiting.abort();
    drop(before);
    let after = session(&desk);
    assert_eq!(after.view(), None);
    let mut stray = home.clone();
    stray.set_query(Some("code=x&state=somebody-elses"));
    assert!(after.resume(answer(&stray)).await.is_none(), "and the right one is still waited for");
    // The way home has two names.
    let home = Url::parse(&format!("no.momsbud.desktop:/callback?{}", home.query().unwrap())).unwrap();
    assert_eq!((after.awaits(&answer(&home)), after.awaits(&answer(&stray))), (Some(Awaited::Stored), None));
    match after.resume(answer(&home)).await {
        Some(SignInOutcome::SignedIn { session }) => assert_eq!(session.name.as_deref(), Some("Ingrid Solvang")),
        other => panic!("{other:?}"),
    }
    let authorization = after.authorization().unwrap();
    after.altinn_token(&authorization.id).await.unwrap();
}

#[tokio::test]
async fn a_link_that_comes_after_the_limit_says_that_it_is_too_late() {
    let desk = Desk::new().await;
    let before = session(&desk);
    let waiting = begin(&desk, &before);
    let home = link(&desk, &before).await;
    waiting.abort();
    drop(before);
    desk.pass(60);
    let after = session(&desk);
    let outcome = after.resume(answer(&home)).await;
    assert!(
        matches!(&outcome, Some(SignInOutcome::Refused { error }) if error.code == ErrorCode::SignInTooLate),
        "{outcome:?}"
    );
    assert_eq!(desk.calls("/token").await, 0, "the code is not used");
    let other = Url::parse("momsbud://annet").unwrap();
    assert!(link::answer(&other).is_none(), "what is no sign-in's is left alone");
}

#[tokio::test]
async fn a_pushed_request_that_was_used_gets_a_fresh_link_for_the_browser_that_is_opened_again() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.integration.use_par = true;
    let session = Session::open(parts).unwrap();
    let waiting = begin(&desk, &session);
    let first = loop {
        if let Some(first) = desk.browser.opened().first().cloned() {
            break first;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    // The first browser has used it up and was closed.
    let http = Arc::new(altinn::http::client("Browser/test").unwrap());
    http.get(first.clone()).send().await.unwrap();
    let copied = session.fresh_link().await.unwrap();
    assert_ne!(copied, first, "a link to copy is one that serves");
    desk.browser.does(Act::Home);
    session.reopen_browser().await.unwrap();
    assert!(matches!(waiting.await.unwrap(), SignInOutcome::SignedIn { .. }));
    assert_eq!(desk.calls("/par").await, 3);
}

#[tokio::test]
async fn links_that_are_nobodys_ask_for_no_keyring_and_end_nothing() {
    let desk = Desk::new().await;
    let before = session(&desk);
    let waiting = begin(&desk, &before);
    let home = link(&desk, &before).await;
    waiting.abort();
    drop(before);
    let after = session(&desk);
    let loads = desk.keyring.loads();
    for n in 0..500 {
        let stray = Url::parse(&format!("momsbud://callback?code=x&state=forged-{n}")).unwrap();
        assert_eq!(after.awaits(&answer(&stray)), None);
        assert!(after.resume(answer(&stray)).await.is_none());
    }
    assert_eq!(desk.keyring.loads(), loads, "nobody is asked for a password");
    assert_eq!(after.sign_in_view(), None, "and nothing begins");
    assert!(matches!(after.resume(answer(&home)).await, Some(SignInOutcome::SignedIn { .. })));
}

#[tokio::test]
async fn a_code_is_not_shown_to_an_address_that_the_integration_got_meanwhile() {
    let desk = Desk::new().await;
    let before = session(&desk);
    let waiting = begin(&desk, &before);
    let home = link(&desk, &before).await;
    waiting.abort();
    drop(before);
    let (mut parts, _heard) = desk.parts();
    parts.integration.client_id = Some("momsbud-practice-web".into());
    parts.integration.authentication = AuthenticationMethod::ClientSecretPost;
    parts.integration.redirect = Redirect::HostedPage {
        page: Url::parse("https://momsbud.example/innlogging").unwrap(),
        deep_link: Url::parse("momsbud://callback").unwrap(),
    };
    let thief = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://{}/token", thief.local_addr().unwrap());
    parts.integration.endpoints.token = Some(Url::parse(&there).unwrap());
    let after = Session::open(parts).unwrap();
    let outcome = after.resume(answer(&home)).await;
    assert!(matches!(outcome, Some(SignInOutcome::Refused { .. })), "{outcome:?}");
    thief.set_nonblocking(true).unwrap();
    assert!(thief.accept().is_err(), "nobody went there");
}
