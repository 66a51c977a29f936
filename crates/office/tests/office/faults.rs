//! Everything that can go wrong at every remote step, and nothing of it is delivered twice or lost.

use std::time::Duration;

use serde_json::{Value, json};
use view::{Delivered, ErrorCode, FilingState, StepName, TimelineEvent};

use crate::{
    attachments::two_attachments,
    desk::{Desk, INGRID, checked_sample, file_sample, reason, sign_in, until, until_it},
};

/// The calls of a filing, as the practice's log names them.
const CALLS: [&str; 8] = [
    "createInstance",
    "putEnvelope",
    "postReturn",
    "firstNext",
    "secondNext",
    "readInstance",
    "download",
    "postAttachment",
];

fn faults() -> Vec<Value> {
    vec![
        json!({"kind": "dropBefore"}),
        json!({"kind": "dropAfter"}),
        json!({"kind": "truncate"}),
        json!({"kind": "status", "status": 500}),
        json!({"kind": "status", "status": 500, "acted": true}),
        json!({"kind": "status", "status": 502}),
        json!({"kind": "status", "status": 503, "acted": true}),
        json!({"kind": "tooManyRequests", "retryAfterSeconds": 0}),
        json!({"kind": "expiredToken"}),
    ]
}

/// One fault at each call in turn; the same fault twice in a row every other time. One office files them all, each as a
/// correction of the one before: a new office for each would take longer than the filing.
async fn matrix(call: &str) {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    for fault in faults() {
        for times in [1, 2] {
            desk.control("DELETE", "/log", None).await;
            desk.no_more_faults().await;
            desk.fault(json!({"call": call, "times": times, "fault": fault})).await;
            let signs_in_again = fault["kind"] == "expiredToken" && times == 2;
            let attached = if call == "postAttachment" { two_attachments(&desk) } else { Vec::new() };
            let count = attached.len();
            let filing = file_sample_patiently(&office, "fjordlys", attached, signs_in_again).await;
            let about = format!("{call}, {fault}, {times} times");
            let deliveries = desk.deliveries().await;
            assert_eq!(deliveries.len(), 1, "{about}");
            assert_eq!(deliveries[0]["attachments"], count, "{about}: each attachment once");
            assert!(office.filings().receipt_path(&filing).is_ok(), "{about}");
            let struck = desk.control("GET", "/faults", None).await[0]["played"].as_u64().unwrap();
            // A call that has acted is not made again, so that its second fault has nothing to strike.
            assert!((1..=times).contains(&struck), "{about}: {struck}");
        }
    }
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
    office.close().await;
}

/// Files a sample; a person whose token is refused twice over signs in again.
async fn file_sample_patiently(
    office: &std::sync::Arc<office::Office>,
    sample: &str,
    attached: Vec<std::path::PathBuf>,
    signs_in_again: bool,
) -> String {
    let card = checked_sample(office, sample).await;
    let card = office.returns().attach(&card.id, attached).await.unwrap();
    let filing = office.filings().file(&card.id, true).await.unwrap();
    if signs_in_again {
        until_it(office, &filing.id, "waiting for a sign-in", |f| reason(f) == Some(ErrorCode::NeedsSignIn)).await;
        sign_in(office, INGRID).await;
    }
    let received = until(office, &filing.id, FilingState::Received).await;
    assert_eq!(received.delivered, Delivered::Yes);
    office.returns().close_card(&card.id).unwrap();
    filing.id
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_create_instance() {
    matrix(CALLS[0]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_put_envelope() {
    matrix(CALLS[1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_post_return() {
    matrix(CALLS[2]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_the_first_next() {
    matrix(CALLS[3]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_the_second_next() {
    matrix(CALLS[4]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_reading_the_instance() {
    matrix(CALLS[5]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_the_downloads() {
    matrix(CALLS[6]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_at_post_attachment() {
    matrix(CALLS[7]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_envelope_and_return_only_what_did_not_arrive_is_sent_again() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    for fault in [json!({"kind": "dropBefore"}), json!({"kind": "status", "status": 503})] {
        for (call, sent) in [("putEnvelope", (2, 1)), ("postReturn", (1, 2))] {
            desk.control("DELETE", "/log", None).await;
            desk.no_more_faults().await;
            desk.fault(json!({"call": call, "fault": fault})).await;
            let filing = file_sample_patiently(&office, "fjordlys", Vec::new(), false).await;
            let about = format!("{call}, {fault}");
            assert_eq!((desk.count("putEnvelope").await, desk.count("postReturn").await), sent, "{about}");
            let happened = office.filings().filing(&filing).unwrap().timeline;
            let uploaded = happened.iter().filter(|entry| entry.event == TimelineEvent::Uploaded).count();
            assert_eq!((uploaded, desk.deliveries().await.len()), (1, 1), "{about}");
        }
    }
    office.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_new_instance_is_found_again_and_not_made_twice() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "createInstance", "fault": {"kind": "dropAfter"}})).await;
    let filing = file_sample(&office, "fjordlys").await;
    assert_eq!(desk.count("createInstance").await, 1);
    assert!(filing.timeline.iter().any(|entry| entry.event == TimelineEvent::Resumed));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_confirmation_is_not_confirmed_twice() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "dropAfter"}})).await;
    file_sample(&office, "fjordlys").await;
    assert_eq!((desk.count("secondNext").await, desk.count("laterNext").await), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_fault_is_shown_and_passes_by_itself() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "firstNext", "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::Waiting).await;
    assert_eq!(reason(&waiting), Some(ErrorCode::AuthorityFault));
    assert_eq!(waiting.delivered, Delivered::No);
    desk.no_more_faults().await;
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_is_asked_for_is_kept() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "postReturn", "fault": {"kind": "tooManyRequests", "retryAfterSeconds": 2}})).await;
    let began = std::time::Instant::now();
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::Waiting).await;
    assert_eq!(reason(&waiting), Some(ErrorCode::Busy));
    until(&office, &filing.id, FilingState::Received).await;
    assert!(began.elapsed() >= Duration::from_secs(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hour_of_feedback_is_waited_for_across_a_restart() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "feedbackDelay", "seconds": 3600}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until_it(&office, &filing.id, "paid", |filing| filing.payment.is_some()).await;
    assert_eq!(waiting.row.state, FilingState::WaitingAnswer, "what to pay is there before the receipt");
    office.close().await;
    drop(office);
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": 3601}))).await;
    let office = desk.open_as(INGRID).await;
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_after_delivery_is_told_with_its_files() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "lateRejection"}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let refused = until(&office, &filing.id, FilingState::Rejected).await;
    assert_eq!((reason(&refused), refused.delivered), (Some(ErrorCode::ReturnRejected), Delivered::Yes));
    assert!(refused.has_receipt && refused.files.iter().any(|file| file.name == "valideringsresultat.xml"));
    let card = office.start_view().cards.remove(0);
    assert!(card.check.findings.iter().any(|finding| finding.authority_text.is_some()), "{:#?}", card.check);
    // The period is free again, for who knows that something was delivered.
    let again = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&again.id, true).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_at_the_first_next_is_shown_on_the_return_and_leaves_nothing_in_altinn() {
    for shape in ["text", "jsonString", "problem"] {
        for content in ["textAndXml", "xmlOnly"] {
            let desk = Desk::new().await;
            desk.settings(json!({"altinn": {"conflictShape": shape, "invalidReturnShape": content}})).await;
            desk.control("POST", "/clock", Some(json!({"set": "2026-10-31T22:40:00Z"}))).await;
            let office = desk.open_as(INGRID).await;
            desk.control("POST", "/clock", Some(json!({"set": "2026-10-31T23:10:00Z"}))).await;
            let card = checked_sample(&office, "fjordlys").await;
            // Between check and filing the authority comes to think otherwise: by its clock the period is not over.
            desk.control("POST", "/clock", Some(json!({"set": "2026-10-31T22:45:00Z"}))).await;
            let filing = office.filings().file(&card.id, false).await.unwrap();
            let refused = until(&office, &filing.id, FilingState::Refused).await;
            let about = format!("{shape}, {content}: {:#?}", refused.problem);
            assert_eq!(
                (reason(&refused), refused.delivered),
                (Some(ErrorCode::ReturnRefused), Delivered::No),
                "{about}"
            );
            let card = office.start_view().cards.remove(0);
            assert!(card.check.findings.iter().any(|finding| finding.authority_text.is_some()), "{about}");
            assert!(desk.deliveries().await.is_empty());
            assert_eq!(desk.count("deleteInstance").await, 1, "{about}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_not_delivered_and_leaves_nothing_in_altinn() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "firstNext", "times": 0, "fault": {"kind": "status", "status": 503}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Waiting).await;
    let given_up = office.filings().cancel_filing(&filing.id).await.unwrap();
    assert_eq!((given_up.row.state, given_up.delivered), (FilingState::Abandoned, Delivered::No));
    assert_eq!(desk.count("deleteInstance").await, 1);
    desk.no_more_faults().await;
    // The same return can be filed after all.
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let filing = until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(office.filings().cancel_filing(&filing.id).await.unwrap_err().code, ErrorCode::TooLateToCancel);
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_too_late_to_give_up_once_it_is_delivered() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "feedbackDelay", "seconds": 3600}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::WaitingAnswer).await;
    let refused = office.filings().cancel_filing(&filing.id).await.unwrap_err();
    assert_eq!((refused.code, refused.delivered), (ErrorCode::TooLateToCancel, Delivered::Yes));
}

/// apis.md 1.9: the wait for a new instance has an end, which is none of the filing.
#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_not_ready_in_time_rests_and_is_gone_on_with() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    desk.settings(json!({"altinn": {"instanceDelaySeconds": 3600, "instanceUnread": true}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let told = until_it(&office, &filing.id, "being prepared", |filing| filing.problem.is_some()).await;
    assert_eq!((told.row.state, reason(&told)), (FilingState::Running, Some(ErrorCode::Preparing)));
    // Three minutes, in a test a moment and a half: then nobody is asked any more.
    let waits = std::time::Duration::from_millis(2500);
    tokio::time::sleep(waits).await;
    let asked = desk.calls().await.len();
    tokio::time::sleep(waits / 3).await;
    assert_eq!(desk.calls().await.len(), asked, "it rests");
    let rests = office.filings().filing(&filing.id).unwrap();
    assert_eq!((rests.row.state, reason(&rests)), (FilingState::Waiting, Some(ErrorCode::Preparing)));
    desk.settings(json!({"altinn": {"instanceDelaySeconds": 0}})).await;
    office.filings().resume(&filing.id).unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    let instances = desk.control("GET", "/instances", None).await;
    assert_eq!((instances.as_array().unwrap().len(), desk.deliveries().await.len()), (1, 1));
}

/// apis.md 1.9: the old test app answers 418.
#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_has_moved_is_said_and_the_filing_goes_on_at_its_new_address() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    desk.settings(json!({"altinn": {"appMoved": true}})).await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waits = until(&office, &filing.id, FilingState::Waiting).await;
    assert_eq!((reason(&waits), waits.delivered), (Some(ErrorCode::AppMoved), Delivered::No));
    desk.settings(json!({"altinn": {"appMoved": false}})).await;
    office.filings().resume(&filing.id).unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_instance_that_is_gone_ends_what_was_not_delivered() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "firstNext", "times": 0, "fault": {"kind": "dropBefore"}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let waiting = until(&office, &filing.id, FilingState::Waiting).await;
    let instance = waiting.instance.unwrap();
    // Somebody has deleted it in Altinn's inbox.
    let guid = instance.split('/').nth(1).unwrap();
    desk.control("DELETE", &format!("/instances/{guid}"), None).await;
    let gone = until(&office, &filing.id, FilingState::Abandoned).await;
    assert_eq!(gone.instance.as_deref(), Some(instance.as_str()));
    assert_eq!(reason(&gone), Some(ErrorCode::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_receipt_can_always_be_fetched_again() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let filing = file_sample(&office, "fjordlys").await;
    let folder = office.filings().archive_path(&filing.id).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(office.filings().receipt_path(&filing.id).unwrap_err().code, ErrorCode::NotFound);
    office.filings().fetch_receipt_again(&filing.id).await.unwrap();
    assert!(office.filings().receipt_path(&filing.id).is_ok());
    assert_eq!(office.filings().archive_path(&filing.id).unwrap(), folder);
    let step =
        |step| office.filings().filing(&filing.id).unwrap().steps.into_iter().find(|it| it.step == step).unwrap();
    assert!(step(StepName::Archive).at.is_some());
}
