//! Who may do what: persons who may fill in but not sign, who have no role, or no user in Altinn.

use serde_json::json;
use vat_return::samples;
use view::{Delivered, ErrorCode, FilingState, SignInOutcome, StepName, StepState};

use crate::{
    desk::{
        Desk, INGRID, JONAS, KARI, ODD, checked_file, checked_sample, reason, sign_in, try_sign_in, until, until_it,
    },
    unfinished::OtherClient,
};

#[tokio::test(flavor = "multi_thread")]
async fn one_fills_in_and_another_signs_here() {
    let desk = Desk::new().await;
    let office = desk.open_as(JONAS).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::WaitingSignature).await;
    assert_eq!(reason(&waiting), Some(ErrorCode::MayNotSign));
    assert_eq!((waiting.delivered, waiting.can_cancel), (Delivered::No, true));
    let confirm = waiting.steps.iter().find(|step| step.step == StepName::Confirm).unwrap();
    assert_eq!(confirm.state, StepState::Stopped);
    assert!(desk.deliveries().await.is_empty());
    let tried = desk.count("secondNext").await;

    sign_in(&office, INGRID).await;
    let waiting = office.filings().filing(&filing.id).unwrap();
    assert_eq!(waiting.row.state, FilingState::WaitingSignature, "nothing is signed before she says so");
    assert_eq!(desk.count("secondNext").await, tried);
    office.filings().continue_filing(&filing.id).await.unwrap();
    let received = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(received.row.filed_by.as_deref(), Some("Jonas Eide"));
    assert_eq!(received.signed_by.as_deref(), Some("Ingrid Solvang"));
    let folder = office.filings().archive_path(&filing.id).unwrap();
    let manifest = std::fs::read_to_string(folder.join("manifest.json")).unwrap();
    assert!(manifest.contains("\"signedBy\": \"Ingrid Solvang\""), "{manifest}");
    let deliveries = desk.deliveries().await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0]["actor"], "Ingrid Solvang");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_given_in_altinn_is_noticed_even_after_a_restart() {
    for restarted in [false, true] {
        let desk = Desk::new().await;
        let mut office = desk.open_as(JONAS).await;
        let card = checked_sample(&office, "fjordlys").await;
        let filing = office.filings().file(&card.id, false).await.unwrap();
        until(&office, &filing.id, FilingState::WaitingSignature).await;
        if restarted {
            office.close().await;
            drop(office);
            office = desk.open().await;
        }
        let waiting = until(&office, &filing.id, FilingState::WaitingSignature).await;
        assert_eq!(reason(&waiting), Some(ErrorCode::MayNotSign));
        // Somebody signs in Altinn's inbox, with another program than ours.
        let inbox = OtherClient::of(&desk, INGRID).await;
        inbox.client.process_next(&inbox.token, &waiting.instance.unwrap().parse().unwrap()).await.unwrap();
        until(&office, &filing.id, FilingState::Received).await;
        let deliveries = desk.deliveries().await;
        assert_eq!((deliveries.len(), deliveries[0]["actor"].as_str()), (1, Some("Ingrid Solvang")));
        assert_eq!(desk.count("secondNext").await, 2, "his own try, refused, and hers");
        office.close().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_for_a_signature_only_reads_until_he_who_is_given_the_right_goes_on() {
    let desk = Desk::new().await;
    let office = desk.open_as(JONAS).await;
    let card = checked_sample(&office, "vika").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::WaitingSignature).await;
    let tried = desk.count("secondNext").await;
    let signed = json!({"person": "jonas-eide", "orgNumber": practice::world::VIKA, "role": "limitedSigning"});
    desk.control("POST", "/world/grants", Some(signed)).await;
    // It has looked several times since.
    let read = desk.count("readInstance").await;
    while desk.count("readInstance").await < read + 3 {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(desk.count("secondNext").await, tried);
    office.filings().continue_filing(&filing.id).await.unwrap();
    let received = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(received.signed_by, None, "he signed his own");
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_may_not_sign_either_leaves_the_filing_with_the_one_who_filled_it_in() {
    let desk = Desk::new().await;
    let office = desk.open_as(JONAS).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::WaitingSignature).await;
    let his = waiting.authorization_id;
    sign_in(&office, KARI).await;
    let asked = desk.count("readInstance").await;
    office.filings().continue_filing(&filing.id).await.unwrap();
    while desk.count("readInstance").await == asked {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    until_it(&office, &filing.id, "his again", |it| it.authorization_id == his && it.signed_by.is_none()).await;
    sign_in(&office, INGRID).await;
    office.filings().continue_filing(&filing.id).await.unwrap();
    let received = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(received.signed_by.as_deref(), Some("Ingrid Solvang"));
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_role_the_filing_waits_and_says_which_right_is_missing() {
    let desk = Desk::new().await;
    let office = desk.open_as(KARI).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::Waiting).await;
    assert_eq!(reason(&waiting), Some(ErrorCode::NoRight));
    let values = &waiting.problem.as_ref().unwrap().values;
    assert_eq!(values["company"], "Fjordlys Interiør AS");
    assert_eq!(values["right"], "Merverdiavgift");
    // Given the right, she goes on where she was.
    let given = json!({"person": "kari-nygard", "orgNumber": practice::world::FJORDLYS, "role": "limitedSigning"});
    desk.control("POST", "/world/grants", Some(given)).await;
    let going = office.filings().continue_filing(&filing.id).await.unwrap();
    assert_ne!(going.row.state, FilingState::Waiting, "who follows it would take this for what has come of it");
    assert_eq!(reason(&going), None);
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_user_in_altinn_the_filing_waits() {
    let desk = Desk::new().await;
    let office = desk.open().await;
    let SignInOutcome::SignedIn { session } = try_sign_in(&office, ODD).await else { panic!("signed in") };
    assert_eq!(session.altinn_problem.map(|problem| problem.code), Some(ErrorCode::NoAltinnUser));
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::Waiting).await;
    assert_eq!(reason(&waiting), Some(ErrorCode::NoAltinnUser));
    assert!(waiting.can_cancel);
    let cancelled = office.filings().cancel_filing(&filing.id).await.unwrap();
    assert_eq!(cancelled.row.state, FilingState::Abandoned);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_altinn_does_not_know_is_refused() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    // A number with a right check digit that no practice company has.
    let unknown = "310001236";
    let text = String::from_utf8(samples::by_id("fjordlys").unwrap().bytes.to_vec()).unwrap();
    assert!(vat_return::OrgNumber::parse(unknown).is_ok() && text.contains(practice::world::FJORDLYS));
    let path = desk.file("ukjent.xml", text.replace(practice::world::FJORDLYS, unknown).as_bytes());
    let card = checked_file(&office, path).await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let refused = until(&office, &filing.id, FilingState::Refused).await;
    assert_eq!(reason(&refused), Some(ErrorCode::CompanyUnknown));
    assert!(refused.problem.unwrap().details.iter().any(|line| line.contains("Cannot lookup party")));
    assert_eq!(refused.delivered, Delivered::No);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_altinn_refused_to_begin_is_filed_by_another_who_may() {
    for refused in [KARI, ODD] {
        let desk = Desk::new().await;
        let office = desk.open().await;
        try_sign_in(&office, refused).await;
        let card = checked_sample(&office, "fjordlys").await;
        let filing = office.filings().file(&card.id, false).await.unwrap();
        until(&office, &filing.id, FilingState::Waiting).await;
        // What the window offers: "la en med rollen logge inn her".
        sign_in(&office, INGRID).await;
        office.filings().continue_filing(&filing.id).await.unwrap();
        let received = until(&office, &filing.id, FilingState::Received).await;
        assert_eq!((received.row.filed_by.as_deref(), received.signed_by), (Some("Ingrid Solvang"), None));
        let deliveries = desk.deliveries().await;
        assert_eq!((deliveries.len(), deliveries[0]["actor"].as_str()), (1, Some("Ingrid Solvang")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_been_begun_in_altinn_belongs_to_its_person() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "postReturn", "nth": 1, "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Waiting).await;
    sign_in(&office, JONAS).await;
    assert_eq!(office.filings().continue_filing(&filing.id).await.unwrap_err().code, ErrorCode::AnotherPerson);
    assert_eq!(office.filings().filing(&filing.id).unwrap().row.filed_by.as_deref(), Some("Ingrid Solvang"));
    assert!(desk.deliveries().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filing_waits_for_its_person_to_sign_in_again_and_goes_on_by_itself() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.settings(json!({"altinn": {"feedbackDelaySeconds": 1.5}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::WaitingAnswer).await;
    office.session().sign_out().await.unwrap();
    let waiting =
        until_it(&office, &filing.id, "waiting for a sign-in", |filing| reason(filing) == Some(ErrorCode::NeedsSignIn))
            .await;
    assert_eq!(waiting.row.state, FilingState::WaitingAnswer);
    assert_eq!(waiting.problem.unwrap().delivered, Delivered::Yes);
    assert_eq!(office.filings().continue_filing(&filing.id).await.unwrap_err().code, ErrorCode::NeedsSignIn);
    sign_in(&office, INGRID).await;
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}
