//! How long a sign-in lasts, and what the lock takes with it.

use filing::{
    Office,
    view::{ErrorCode, HistoryQuery},
};
use jiff::SignedDuration;
use serde_json::json;

use super::firm::{Firm, group, one_rule, policy, signs_in};
use crate::desk::{INGRID, sign_in};

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_lasts_as_long_as_the_policy_says_and_is_shared() {
    let firm = Firm::new().await;
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    rules["lock"] = json!({"sessionMinutes": 60, "idleMinutes": 15});
    firm.decides(&rules);
    let office = firm.open().await;
    let clock = firm.desk.practice.clock().clone();
    let pass = |minutes: i64| clock.advance(SignedDuration::from_mins(minutes));
    let allowed = || office.history(&HistoryQuery::default()).is_ok();
    assert!(!allowed());
    signs_in(&office, "nora-lund").await;
    // Another program on the same data need not sign in.
    let second = Office::look(firm.setup()).await.unwrap();
    assert!(!second.work().is_locked());
    for _ in 0..4 {
        pass(12);
        office.work().touch();
        assert!(allowed(), "in use");
    }
    pass(11);
    assert!(allowed());
    pass(2);
    assert!(!allowed(), "an hour is an hour");
    assert!(office.work().view().unwrap().reason.unwrap().contains("varte til"));
    signs_in(&office, "nora-lund").await;
    pass(16);
    assert!(!allowed());
    assert!(office.work().view().unwrap().reason.unwrap().starts_with("Låst etter 15 minutter uten bruk"));
    // Locked here is locked there.
    signs_in(&office, "nora-lund").await;
    second.work().look();
    assert!(!second.work().is_locked());
    second.work_lock().await;
    office.work().look();
    assert!(office.work().is_locked());
    assert_eq!(office.open_sample("fjordlys").await.unwrap_err().code, ErrorCode::WorkLocked);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vaults_key_is_had_only_after_the_work_account() {
    let firm = Firm::new().await;
    {
        let office = firm.open().await;
        sign_in(&office, INGRID).await;
        office.close().await;
    }
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["check"], &["all"]));
    rules["lock"] = json!({"vaultAfterSignIn": true});
    firm.decides(&rules);
    let office = firm.open().await;
    assert!(office.access().session().authorization().is_none(), "her tokens cannot be opened");
    signs_in(&office, "nora-lund").await;
    assert!(office.access().session().authorization().is_some(), "and now they can");
    office.work_lock().await;
    assert!(office.access().session().authorization().is_none());
    signs_in(&office, "nora-lund").await;
    assert!(office.access().session().authorization().is_some(), "nothing was lost by it");
    office.close().await;
    // In practice anybody is whoever she likes: a policy for real environments keeps its key from there.
    rules["environments"] = json!(["practice", "production"]);
    firm.decides(&rules);
    let office = firm.open().await;
    signs_in(&office, "nora-lund").await;
    assert!(!office.work().is_locked() && office.access().session().authorization().is_none());
}
