//! How long a sign-in lasts, and what the lock takes with it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::SignedDuration;
use office::Office;
use serde_json::json;
use store::keyring::{Keyring, KeyringError, MemoryKeyring};
use view::{ErrorCode, HistoryQuery, KeyringState, OfficeEvent};
use zeroize::Zeroizing;

use super::firm::{Firm, group, one_rule, policy, signs_in};
use crate::{
    desk::{INGRID, sign_in},
    keyring::{Asking, until},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_lasts_as_long_as_the_policy_says_and_is_shared() {
    let firm = Firm::new().await;
    let mut rules = policy(one_rule(&group("nora-lund", 3), &["see"], &["all"]));
    rules["lock"] = json!({"sessionMinutes": 60, "idleMinutes": 15});
    firm.decides(&rules);
    let office = firm.open().await;
    let clock = firm.desk.practice.clock().clone();
    let pass = |minutes: i64| clock.advance(SignedDuration::from_mins(minutes));
    let allowed = || office.filings().history(&HistoryQuery::default()).is_ok();
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
    second.work_account().lock().await;
    office.work().look();
    assert!(office.work().is_locked());
    assert_eq!(office.returns().open_sample("fjordlys").await.unwrap_err().code, ErrorCode::WorkLocked);
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
    office.work_account().lock().await;
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

/// A firm where Nora's sign-in has been kept, and the keyring that was unlocked then.
async fn signed_in_before() -> (Firm, Arc<MemoryKeyring>) {
    let firm = Firm::new().await;
    firm.decides(&policy(one_rule(&group("nora-lund", 3), &["see"], &["all"])));
    let keyring = Arc::new(MemoryKeyring::new());
    let office = open_with(&firm, Arc::clone(&keyring) as Arc<dyn Keyring>).await;
    signs_in(&office, "nora-lund").await;
    office.close().await;
    (firm, keyring)
}

async fn open_with(firm: &Firm, keyring: Arc<dyn Keyring>) -> Arc<Office> {
    let mut setup = firm.setup();
    setup.keyring = keyring;
    setup.keyring_patience = Some(Duration::from_millis(50));
    Office::open(setup).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_keyring_keeps_the_program_locked_and_nobody_waiting() {
    let (firm, unlocked) = signed_in_before().await;
    let (keyring, person) = Asking::new(&unlocked);
    let office = open_with(&firm, keyring).await;
    assert!(office.work().is_locked());
    let mut events = office.events();
    person.send(Ok(())).unwrap();
    until("the work account is back", || !office.work().is_locked()).await;
    while !matches!(events.recv().await.unwrap(), OfficeEvent::Work { work: Some(work) } if !work.locked) {}
    office.close().await;
}

/// A keyring that is locked for good, until somebody opens it.
struct Refusing {
    within: Arc<MemoryKeyring>,
    asked: AtomicUsize,
    open: std::sync::atomic::AtomicBool,
}

impl Keyring for Refusing {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.open.load(Ordering::SeqCst) {
            self.within.load()
        } else {
            Err(KeyringError::Locked("dismissed".into()))
        }
    }

    fn store(&self, secret: &[u8]) -> Result<(), KeyringError> {
        self.within.store(secret)
    }

    fn delete(&self) -> Result<(), KeyringError> {
        self.within.delete()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_has_dismissed_the_question_is_not_asked_again_by_itself() {
    let (firm, within) = signed_in_before().await;
    let keyring = Arc::new(Refusing { within, asked: AtomicUsize::new(0), open: false.into() });
    let office = open_with(&firm, Arc::clone(&keyring) as Arc<dyn Keyring>).await;
    let asked = keyring.asked.load(Ordering::SeqCst);
    for _ in 0..3 {
        office.work().look();
    }
    assert_eq!(keyring.asked.load(Ordering::SeqCst), asked);
    assert!(office.work().is_locked());
    keyring.open.store(true, Ordering::SeqCst);
    assert_eq!(office.session().unlock_keyring().await.unwrap(), KeyringState::Available);
    office.work().look();
    assert!(!office.work().is_locked());
    office.close().await;
}
