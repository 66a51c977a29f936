//! A keyring that asks a person for her password while the program starts.

use std::{
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use office::Office;
use store::keyring::{Keyring, KeyringError, MemoryKeyring};
use view::{KeyringState, OfficeEvent};
use zeroize::Zeroizing;

use crate::desk::{Desk, INGRID, KARI, sign_in};

/// Answers nothing until somebody has given the password, or dismissed the question.
pub(crate) struct Asking {
    within: Arc<MemoryKeyring>,
    answer: Mutex<Option<mpsc::Receiver<Result<(), KeyringError>>>>,
}

impl Asking {
    pub(crate) fn new(within: &Arc<MemoryKeyring>) -> (Arc<Self>, mpsc::Sender<Result<(), KeyringError>>) {
        let (person, answer) = mpsc::channel();
        (Arc::new(Self { within: Arc::clone(within), answer: Mutex::new(Some(answer)) }), person)
    }
}

impl Keyring for Asking {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        // Asked once: it stays open, or the person is asked again by another call.
        let asked = self.answer.lock().unwrap().take();
        if let Some(answer) = asked {
            answer.recv().unwrap_or_else(|_| Err(KeyringError::Locked("the program ends".into())))?;
        }
        self.within.load()
    }

    fn store(&self, secret: &[u8]) -> Result<(), KeyringError> {
        self.within.store(secret)
    }

    fn delete(&self) -> Result<(), KeyringError> {
        self.within.delete()
    }
}

/// A desk where Ingrid has signed in, and the keyring that was unlocked then.
async fn signed_in_before() -> (Desk, Arc<MemoryKeyring>) {
    let desk = Desk::new().await;
    let keyring = Arc::new(MemoryKeyring::new());
    let mut setup = desk.setup();
    setup.keyring = Arc::clone(&keyring) as Arc<dyn Keyring>;
    let office = Office::open(setup).await.unwrap();
    sign_in(&office, INGRID).await;
    office.close().await;
    (desk, keyring)
}

pub(crate) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}

async fn open_with(desk: &Desk, keyring: Arc<Asking>) -> Arc<Office> {
    let mut setup = desk.setup();
    setup.keyring = keyring;
    setup.keyring_patience = Some(Duration::from_millis(50));
    Office::open(setup).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_opens_without_it_and_the_person_is_back_when_it_answers() {
    let (desk, unlocked) = signed_in_before().await;
    let (keyring, person) = Asking::new(&unlocked);
    let office = open_with(&desk, keyring).await;
    let start = office.start_view();
    assert_eq!((start.keyring, start.session.is_none()), (KeyringState::Locked, true));

    let mut events = office.events();
    person.send(Ok(())).unwrap();
    until("she is signed in again", || office.start_view().session.is_some()).await;
    assert_eq!(office.start_view().keyring, KeyringState::Available);
    let mut told = (false, false);
    while told != (true, true) {
        match events.recv().await.unwrap() {
            OfficeEvent::Session { session: Some(_) } => told.0 = true,
            OfficeEvent::Machine { keyring: KeyringState::Available, .. } => told.1 = true,
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissed_question_costs_nothing_that_was_kept() {
    let (desk, unlocked) = signed_in_before().await;
    let (keyring, person) = Asking::new(&unlocked);
    let office = open_with(&desk, keyring).await;
    person.send(Err(KeyringError::Locked("dismissed".into()))).unwrap();
    assert_eq!(office.start_view().keyring, KeyringState::Locked);
    assert!(office.start_view().session.is_none());
    // Asked again, she gives it: before the first answer was taken in, or after.
    assert_eq!(office.session().unlock_keyring().await.unwrap(), KeyringState::Available);
    assert!(office.start_view().session.is_some(), "her tokens were kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_meanwhile_stays_signed_in() {
    let (desk, unlocked) = signed_in_before().await;
    let (keyring, person) = Asking::new(&unlocked);
    let office = open_with(&desk, keyring).await;
    sign_in(&office, KARI).await;
    let who = |office: &Office| office.start_view().session.map(|session| session.name);
    let kari = who(&office);
    assert!(kari.is_some());
    person.send(Ok(())).unwrap();
    until("the keyring is open", || office.start_view().keyring == KeyringState::Available).await;
    assert_eq!(who(&office), kari);
    office.close().await;
    drop(office);

    // What she was given while the keyring was locked is kept since it is open.
    let mut setup = desk.setup();
    setup.keyring = unlocked;
    let office = Office::open(setup).await.unwrap();
    assert_eq!(who(&office), kari);
}
