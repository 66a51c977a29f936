//! What a person is told when she closes the window while something goes on.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use view::FilingState;

use crate::desk::{Desk, INGRID, checked_sample, file_sample, until};

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_says_what_is_delivered_and_what_goes_on() {
    let desk = Desk::quick().await;
    let office = desk.open_as(INGRID).await;
    let before = Timestamp::now() - SignedDuration::from_hours(1);
    assert_eq!(office.closing_question(before), None, "nothing is under way");
    file_sample(&office, "vika").await;
    assert_eq!(office.closing_question(before), None, "what has ended goes on no more");

    desk.fault(json!({"call": "secondNext", "fault": {"kind": "feedbackDelay", "seconds": 3600}})).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    until(&office, &filing.id, FilingState::WaitingAnswer).await;
    let told = office.closing_question(before).unwrap();
    assert_eq!(
        told.text,
        "Fjordlys Interiør AS · September–oktober 2026: LEVERT. Kvitteringen er ikke kommet; den hentes når Momsbud åpnes."
    );
    assert_eq!((told.yes.as_str(), told.no.as_str()), ("Lukk Momsbud", "Bli her"));
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    assert_eq!(office.closing_question(later), None, "she was told when she closed it the last time");
}
