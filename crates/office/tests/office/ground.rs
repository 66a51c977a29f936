//! A change of the ground that the office stands on: made whole, or taken back.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex},
};

use access::environment::OVERRIDES_FILE;
use office::{
    Office,
    settings::{
        SETTINGS_FILE, Settings,
        change::{Door, change},
    },
};
use serde_json::json;
use view::{EnvironmentName, ErrorCode, FilingState, Problem};

use crate::desk::{Desk, INGRID, checked_sample, until};

/// The door of a program that reads its settings whenever it opens.
struct Program<'a> {
    desk: &'a Desk,
    open: Mutex<Option<Arc<Office>>>,
    /// What has happened at the door.
    seen: Mutex<Vec<&'static str>>,
}

impl<'a> Program<'a> {
    async fn start(desk: &'a Desk) -> Self {
        let program = Self { desk, open: Mutex::default(), seen: Mutex::default() };
        program.open().await.unwrap();
        program.seen.lock().unwrap().clear();
        program
    }

    fn seen(&self) -> Vec<&'static str> {
        self.seen.lock().unwrap().clone()
    }
}

impl Door for Program<'_> {
    type Refused = Problem;

    async fn office(&self) -> Option<Arc<Office>> {
        self.open.lock().unwrap().clone()
    }

    fn shut(&self) {
        self.seen.lock().unwrap().push("shut");
        self.open.lock().unwrap().take();
    }

    async fn open(&self) -> Result<(), Problem> {
        self.seen.lock().unwrap().push("open");
        let settings = Settings::load(&self.desk.data())?;
        let mut setup = self.desk.setup();
        if let Some(archive) = settings.archive {
            setup.archive_dir = archive;
        }
        *self.open.lock().unwrap() = Some(Office::open(setup).await?);
        Ok(())
    }
}

fn files(desk: &Desk) -> [(PathBuf, Option<String>); 2] {
    [SETTINGS_FILE, OVERRIDES_FILE].map(|name| {
        let file = desk.data().join(name);
        let content = std::fs::read_to_string(&file).ok();
        (file, content)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_kept_when_an_office_opens_with_it() {
    let desk = Desk::quick().await;
    let program = Program::start(&desk).await;
    let elsewhere = desk.data().with_file_name("elsewhere");
    let settings = Settings { archive: Some(elsewhere.clone()), ..Settings::default() };
    change(&desk.data(), &program, || Ok(settings.store(&desk.data())?), || panic!("it opened")).await.unwrap();
    assert_eq!(program.seen(), ["shut", "open"]);
    let office = program.office().await.unwrap();
    assert_eq!(office.start_view().archive_folder, elsewhere.display().to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_with_which_no_office_opens_is_taken_back_and_the_old_one_opens() {
    let desk = Desk::quick().await;
    let program = Program::start(&desk).await;
    Settings { environment: EnvironmentName::Practice, ..Settings::default() }.store(&desk.data()).unwrap();
    let before = files(&desk);
    let mut taken_back = false;
    let made = || {
        std::fs::write(desk.data().join(SETTINGS_FILE), "{").unwrap();
        std::fs::write(desk.data().join(OVERRIDES_FILE), "{}").unwrap();
        Ok(())
    };
    let refused = change(&desk.data(), &program, made, || taken_back = true).await.unwrap_err();
    assert!(taken_back);
    assert_eq!(refused.code, ErrorCode::DataUnusable);
    assert_eq!(files(&desk), before, "one file is as it was, the other is not there as before");
    assert_eq!(program.seen(), ["shut", "open", "shut", "open"]);
    assert!(program.office().await.is_some_and(|office| office.archive().periods().is_ok()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_that_fails_half_way_leaves_everything_as_it_was_and_the_office_open() {
    let desk = Desk::quick().await;
    let program = Program::start(&desk).await;
    let before = files(&desk);
    let mut taken_back = false;
    let made = || {
        std::fs::write(desk.data().join(SETTINGS_FILE), "{").unwrap();
        Settings::load(&desk.data()).map(drop).map_err(Problem::from)
    };
    let refused = change(&desk.data(), &program, made, || taken_back = true).await.unwrap_err();
    assert!(taken_back);
    assert_eq!(refused.code, ErrorCode::DataUnusable);
    assert_eq!(files(&desk), before);
    assert!(program.office().await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_while_a_return_is_being_delivered() {
    let desk = Desk::quick().await;
    let program = Program::start(&desk).await;
    let office = program.office().await.unwrap();
    crate::desk::sign_in(&office, INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let slow = json!({"authority": "altinn_app", "times": 0, "fault": {"kind": "delay", "milliseconds": 700}});
    desk.fault(slow).await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let nothing = || panic!("nothing is to be taken back");
    let refused = change(&desk.data(), &program, || panic!("nothing may be made"), nothing).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::FilingUnderWay);
    assert_eq!(program.seen(), [""; 0], "the door stays as it is");
    desk.no_more_faults().await;
    until(&office, &filing.id, FilingState::Received).await;
    change(&desk.data(), &program, || Ok(()), || panic!("it opened")).await.unwrap();
}
