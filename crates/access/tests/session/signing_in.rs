//! Ways that a sign-in can go.

use std::time::Duration;

use access::session::{Session, SignInRequest};
use id_porten::Clock as _;
use serde_json::json;
use view::{ErrorCode, KeyringState, OfficeEvent, SignInOutcome};

use crate::desk::{Act, Desk, INGRID, JONAS, ODD, as_person};

fn refused(outcome: SignInOutcome) -> view::ErrorView {
    match outcome {
        SignInOutcome::Refused { error } => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_person_signs_in_and_sees_who_she_is_what_she_granted_and_whom_she_may_file_for() {
    let desk = Desk::new().await;
    let (parts, mut heard) = desk.parts();
    let session = Session::open(parts).unwrap();
    assert_eq!(session.view(), None);

    let SignInOutcome::SignedIn { session: view } = session.sign_in(as_person(INGRID)).await else {
        panic!("not signed in")
    };
    assert_eq!(view.name.as_deref(), Some("Ingrid Solvang"));
    assert_eq!(view.masked_id.as_deref(), Some("148384 •••••"));
    assert!(view.scopes.iter().all(|scope| scope.granted), "{:?}", view.scopes);
    assert_eq!(view.scopes.len(), 5);
    let (id_porten, altinn) = (&view.id_porten, view.altinn.as_ref().unwrap());
    assert!(altinn.until <= id_porten.until, "Altinn's token lives no longer than ID-porten's");
    assert!(view.renews_itself);
    assert_eq!(view.altinn_problem, None);
    let companies: Vec<&str> = view.companies.iter().map(|company| company.name.as_str()).collect();
    assert_eq!(companies, ["Fjordlys Interiør AS", "Vika Tolketjenester AS"]);
    assert_eq!(session.keyring(), KeyringState::Available);
    // The browser's page is answered when the program has what it needs.
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(desk.browser.page().contains("Momsbud"), "{}", desk.browser.page());

    let mut events = Vec::new();
    while let Ok(event) = heard.try_recv() {
        events.push(event);
    }
    assert!(matches!(events.first(), Some(OfficeEvent::SignIn { sign_in: Some(_) })));
    assert!(events.iter().any(|event| matches!(event, OfficeEvent::SignIn { sign_in: None })));
    assert!(matches!(events.last(), Some(OfficeEvent::Session { session: Some(_) })));
}

#[tokio::test]
async fn a_person_signs_in_by_the_form_on_the_page() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.browser.does(Act::Form(Some("jonas-eide".into())));
    let outcome = session.sign_in(SignInRequest::default()).await;
    assert!(matches!(outcome, SignInOutcome::SignedIn { .. }), "{outcome:?}");
    assert_eq!(session.view().unwrap().name.as_deref(), Some("Jonas Eide"));
}

#[tokio::test]
async fn cancelling_on_the_page_is_told_as_the_persons_wish() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.browser.does(Act::Form(None));
    let error = refused(session.sign_in(SignInRequest::default()).await);
    assert_eq!(error.code, ErrorCode::SignInDenied);
    assert_eq!(error.values["error"], "access_denied");
    assert_eq!(session.view(), None);
    assert_eq!(session.sign_in_view(), None);
}

#[tokio::test]
async fn cancelling_here_works_at_once_and_leaves_room_for_the_next() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.browser.does(Act::Nothing);
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.sign_in(as_person(INGRID)).await }
    });
    let link = until_there(|| session.sign_in_link()).await;
    assert_eq!(session.sign_in_view().map(|view| view.browser_opened), Some(true));
    assert_eq!(refused(session.sign_in(as_person(INGRID)).await).code, ErrorCode::SignInBusy);
    // The same link again, in a browser that is opened anew.
    until_there(|| (!desk.browser.opened().is_empty()).then_some(())).await;
    session.reopen_browser().await.unwrap();
    assert_eq!(desk.browser.opened(), [link.clone(), link]);
    session.cancel_sign_in();
    assert_eq!(tokio::time::timeout(Duration::from_secs(2), waiting).await.unwrap().unwrap(), SignInOutcome::Cancelled);
    assert_eq!(session.sign_in_view(), None);
    assert_eq!(session.sign_in_link(), None);
    desk.sign_in(&session, INGRID).await;
}

#[tokio::test]
async fn nobody_coming_back_ends_with_the_time() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.sign_in_limit = Duration::from_millis(300);
    let session = Session::open(parts).unwrap();
    desk.browser.does(Act::Nothing);
    assert_eq!(session.sign_in(as_person(INGRID)).await, SignInOutcome::TimedOut);
    assert_eq!(session.view(), None);
}

#[tokio::test]
async fn without_a_browser_the_link_is_there_and_works() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.browser.does(Act::Fail);
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.sign_in(as_person(INGRID)).await }
    });
    until_there(|| session.sign_in_view().filter(|view| !view.browser_opened)).await;
    assert_eq!(session.reopen_browser().await.unwrap_err().code, ErrorCode::NoBrowser);
    desk.browser.does(Act::Home);
    session.reopen_browser().await.unwrap();
    assert!(matches!(waiting.await.unwrap(), SignInOutcome::SignedIn { .. }));
}

#[tokio::test]
async fn an_answer_with_another_state_is_not_trusted() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.sign_in_limit = Duration::from_secs(2);
    let session = Session::open(parts).unwrap();
    desk.browser.does(Act::WrongState);
    match session.sign_in(as_person(INGRID)).await {
        // Refused at once, or passed over in favour of the right answer that never comes: either way nobody is signed in.
        SignInOutcome::Refused { error } => assert_eq!(error.code, ErrorCode::SignInUntrusted),
        SignInOutcome::TimedOut => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(session.view(), None);
    assert_eq!(desk.calls("/token").await, 0, "the code is not used");
}

#[tokio::test]
async fn a_code_that_is_too_old_says_so() {
    let desk = Desk::new().await;
    let session = desk.start();
    desk.browser.does(Act::Wait);
    let waiting = tokio::spawn({
        let session = session.clone();
        async move { session.sign_in(as_person(INGRID)).await }
    });
    until_there(|| session.sign_in_link()).await;
    // Only the authorities' clock: the code grows old on its way.
    tokio::time::sleep(Duration::from_millis(300)).await;
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": 90}))).await;
    desk.browser.go_home().await;
    assert_eq!(refused(waiting.await.unwrap()).code, ErrorCode::SignInTooLate);
    desk.control("DELETE", "/clock", None).await;
    desk.sign_in(&session, INGRID).await;
}

#[tokio::test]
async fn somebody_without_an_altinn_user_is_signed_in_and_told() {
    let desk = Desk::new().await;
    let session = desk.start();
    let authorization = desk.sign_in(&session, ODD).await;
    let view = session.view().unwrap();
    assert_eq!(view.name.as_deref(), Some("Odd Brekke"));
    assert_eq!(view.altinn, None);
    assert_eq!(view.altinn_problem.unwrap().code, ErrorCode::NoAltinnUser);
    // Validation needs no Altinn user.
    session.id_porten_token(&authorization.id).await.unwrap();
    assert_eq!(session.altinn_token(&authorization.id).await.unwrap_err().problem().code, ErrorCode::NoAltinnUser);
}

#[tokio::test]
async fn without_an_altinn_scope_the_exchange_is_refused_and_the_missing_scope_named() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.integration.scopes = vec!["openid".into(), "profile".into()];
    let session = Session::open(parts).unwrap();
    let authorization = desk.sign_in(&session, INGRID).await;
    assert_eq!(session.view().unwrap().altinn_problem.unwrap().code, ErrorCode::ScopeMissing);
    assert_eq!(session.altinn_token(&authorization.id).await.unwrap_err().problem().code, ErrorCode::ScopeMissing);
}

#[tokio::test]
async fn a_scope_that_the_client_does_not_own_is_the_integrations_fault() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.integration.scopes.push("skatteetaten:noe-annet".into());
    let session = Session::open(parts).unwrap();
    desk.browser.does(Act::Home);
    assert_eq!(refused(session.sign_in(as_person(INGRID)).await).code, ErrorCode::IntegrationRefused);
}

#[tokio::test]
async fn an_integration_that_is_not_registered_yet_says_so() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.integration.client_id = None;
    let session = Session::open(parts).unwrap();
    assert_eq!(refused(session.sign_in(as_person(INGRID)).await).code, ErrorCode::IntegrationRefused);
    assert!(desk.browser.opened().is_empty());
}

#[tokio::test]
async fn an_id_porten_that_is_not_there_is_unreachable() {
    let desk = Desk::new().await;
    let (mut parts, _heard) = desk.parts();
    parts.integration.issuer = id_porten::Issuer::parse("http://127.0.0.1:9").unwrap();
    let session = Session::open(parts).unwrap();
    let error = refused(session.sign_in(as_person(INGRID)).await);
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(!error.details.is_empty(), "the chain of causes is told: {error:?}");
}

#[tokio::test]
async fn another_person_gets_an_authorization_of_her_own_and_the_first_ones_stays() {
    let desk = Desk::new().await;
    let session = desk.start();
    let ingrid = desk.sign_in(&session, INGRID).await;
    let jonas = desk.sign_in(&session, JONAS).await;
    assert_ne!(ingrid.id, jonas.id);
    let error = session.altinn_token(&ingrid.id).await.unwrap_err().problem();
    assert_eq!(error.code, ErrorCode::AnotherPerson, "nobody files in another's name");
    assert_eq!(error.values["signedIn"], "Jonas Eide");
    session.altinn_token(&jonas.id).await.unwrap();
    let again = desk.sign_in(&session, INGRID).await;
    assert_eq!(again.id, ingrid.id, "the same person has the same authorization");
    session.altinn_token(&ingrid.id).await.unwrap();
    assert_eq!(session.authorizations().unwrap().len(), 2);
}

#[tokio::test]
async fn signing_in_again_renews_the_authorization_before_it_ends() {
    let desk = Desk::new().await;
    let session = desk.start();
    let first = desk.sign_in(&session, INGRID).await;
    desk.pass(30 * 86_400);
    let second = desk.sign_in(&session, INGRID).await;
    assert_eq!(first.id, second.id);
    assert!(second.ends_at > first.ends_at);
    assert!(second.ends_at > desk.clock().now());
}

async fn until_there<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look() {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it did not come")
}
