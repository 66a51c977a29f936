//! A receipt that takes days, over restarts and sign-ins that run out; and one that is asked for long after.

use std::time::Duration;

use office::Office;
use serde_json::json;
use view::{Delivered, ErrorCode, FilingState};

use crate::desk::{Desk, INGRID, checked_file, checked_sample, reason, sign_in, until, until_it};

const DAY: i64 = 24 * 60 * 60;

async fn days_go_by(desk: &Desk, days: i64) {
    desk.control("POST", "/clock", Some(json!({"advanceSeconds": days * DAY}))).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn feedback_that_takes_days_is_waited_for_over_restarts_and_expired_sign_ins() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "secondNext", "fault": {"kind": "feedbackDelay", "seconds": 4 * DAY - 60}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let paid = until_it(&office, &filing.id, "paid", |filing| filing.payment.is_some()).await;
    assert_eq!((paid.row.state, paid.has_receipt), (FilingState::WaitingAnswer, false));
    office.close().await;
    drop(office);
    for day in 1..=3 {
        days_go_by(&desk, 1).await;
        let office = desk.open().await;
        let waiting = office.filings().filing(&filing.id).unwrap();
        assert_eq!((waiting.row.state, waiting.delivered), (FilingState::WaitingAnswer, Delivered::Yes), "day {day}");
        assert_eq!(waiting.payment, paid.payment, "what to pay is known all the time");
        // Asked for in between by hand: nothing comes, and nothing is lost by it.
        sign_in(&office, INGRID).await;
        let asked = office.filings().fetch_receipt_again(&filing.id).await.unwrap();
        assert_eq!((asked.row.state, asked.has_receipt), (FilingState::WaitingAnswer, false), "day {day}");
        office.close().await;
    }
    days_go_by(&desk, 1).await;
    // On the fourth day the receipt is there; the sign-in may have run out, and then it is fetched after the next one.
    let office = desk.open().await;
    sign_in(&office, INGRID).await;
    let received = until(&office, &filing.id, FilingState::Received).await;
    assert!(received.has_receipt && received.problem.is_none());
    assert_eq!(desk.deliveries().await.len(), 1);
    assert_eq!(office.archive().verify().await.unwrap().complaints, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_interface_is_asked_too_as_long_as_it_answers() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let mut asked_before = 0;
    for (sample, exists) in [("fjordlys", true), ("vika", false)] {
        desk.settings(json!({"altinn": {"feedbackEndpoints": exists, "feedbackDelaySeconds": 3}})).await;
        let card = checked_sample(&office, sample).await;
        let filing = office.filings().file(&card.id, false).await.unwrap();
        until(&office, &filing.id, FilingState::Received).await;
        let log = desk.control("GET", "/log", None).await;
        let requests = log["requests"].as_array().unwrap();
        let status =
            |it: &&serde_json::Value| it["path"].as_str().is_some_and(|path| path.ends_with("/feedback/status"));
        let asked = requests.iter().filter(status).count() - asked_before;
        assert!(if exists { asked > 1 } else { asked == 1 }, "{sample}: asked {asked} times");
        asked_before += asked;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_can_be_fetched_again_long_after_and_says_what_it_takes() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "vika").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    days_go_by(&desk, 200).await;
    std::fs::remove_dir_all(office.filings().archive_path(&filing.id).unwrap()).unwrap();
    office.session().sign_out().await.unwrap();
    let refused = office.filings().fetch_receipt_again(&filing.id).await.unwrap_err();
    assert_eq!((refused.code, refused.delivered), (ErrorCode::NeedsSignIn, Delivered::Yes));
    sign_in(&office, INGRID).await;
    let fetched = office.filings().fetch_receipt_again(&filing.id).await.unwrap();
    assert!(fetched.has_receipt && office.filings().receipt_path(&filing.id).is_ok());
    assert_eq!(fetched.row.state, FilingState::Received);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_that_comes_after_days_is_shown_with_its_reason() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!([
        {"call": "secondNext", "fault": {"kind": "lateRejection"}},
    ]))
    .await;
    desk.settings(json!({"altinn": {"feedbackDelaySeconds": 2 * DAY}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::WaitingAnswer).await;
    office.close().await;
    drop(office);
    days_go_by(&desk, 3).await;
    let office = desk.open().await;
    sign_in(&office, INGRID).await;
    let refused = until(&office, &filing.id, FilingState::Rejected).await;
    assert_eq!((reason(&refused), refused.delivered), (Some(ErrorCode::ReturnRejected), Delivered::Yes));
    assert!(!refused.problem.unwrap().details.is_empty());
    // The folder tells it too, for whoever reads it years later.
    let folder = office.filings().archive_path(&filing.id).unwrap();
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.join("manifest.json")).unwrap()).unwrap();
    assert_eq!(
        (manifest["state"].as_str(), manifest["problem"]["code"].as_str()),
        (Some("rejected"), Some("returnRejected"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_left_in_the_middle_lies_open_at_the_next_start_and_rests_where_nothing_is_shown() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    desk.fault(json!({"call": "firstNext", "times": 1, "fault": {"kind": "delay", "milliseconds": 8_000}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    while desk.count("postReturn").await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    office.close().await;
    drop(office);

    // A command goes on with nothing before it has said so.
    let quiet = Office::open_quietly(desk.setup()).await.unwrap();
    sign_in(&quiet, INGRID).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let open = quiet.filings().open_filings().unwrap();
    assert_eq!(
        open.iter().map(|it| (it.id.clone(), it.delivered)).collect::<Vec<_>>(),
        [(filing.id.clone(), Delivered::No)]
    );
    assert_eq!((desk.deliveries().await.len(), quiet.start_view().cards.len()), (0, 0));
    quiet.close().await;
    drop(quiet);

    // The window goes on, and shows that it does, and how it ends.
    let office = desk.open().await;
    let lies = office.start_view().cards;
    assert_eq!(
        lies.iter().map(|card| card.filing.as_ref().unwrap().id.as_str()).collect::<Vec<_>>(),
        [filing.id.as_str()]
    );
    sign_in(&office, INGRID).await;
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(office.returns().card_view(&lies[0].id).unwrap().filing.unwrap().row.state, FilingState::Received);
    assert_eq!(desk.deliveries().await.len(), 1);
    office.close().await;
    drop(office);
    assert!(desk.open().await.start_view().cards.is_empty(), "what is done lies open no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_returns_of_one_period_neither_is_filed() {
    let desk = Desk::new().await;
    let office = desk.open_as(INGRID).await;
    let sample = std::str::from_utf8(vat_return::samples::by_id("fjordlys").unwrap().bytes).unwrap();
    let first = checked_file(&office, desk.file("v1.xml", sample.as_bytes())).await;
    let second = checked_file(&office, desk.file("v2.xml", sample.replace("Balanse", "Ballanse").as_bytes())).await;
    for (card, other) in [(&first, "v2.xml"), (&second, "v1.xml")] {
        let refused = office.filings().file(&card.id, false).await.unwrap_err();
        assert_eq!((refused.code, refused.values["other"].as_str()), (ErrorCode::SamePeriod, other));
    }
    let batch = office.batch().start(&[first.id.clone(), second.id.clone()], false).unwrap();
    assert_eq!((batch.batch, batch.left_out.len()), (None, 2));
    office.returns().close_card(&first.id).unwrap();
    let filing = office.filings().file(&second.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::Received).await;
    assert_eq!(desk.deliveries().await.len(), 1);
}
