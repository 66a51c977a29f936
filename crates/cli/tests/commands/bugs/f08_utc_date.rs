//! Filed at 00:20 on 11 December in Norway, the history said the 10th. What the history prints a day of is
//! [`view::local`]; the rows of the database are sealed, so that a test cannot move them.

use crate::desk::{Desk, INGRID};

#[test]
fn the_day_of_a_filing_is_that_of_norway() {
    assert!(view::local("2026-12-10T23:20:00Z").starts_with("2026-12-11 00.20"));
    let desk = Desk::new();
    desk.files(INGRID, &[&desk.sample("fjordlys")]);
    let begun = desk.history()[0]["begunAt"].as_str().unwrap().to_owned();
    let (_, said) = desk.said(&["history"]);
    assert!(said.starts_with(&view::local(&begun)[..10]), "{said}");
}

#[test]
fn every_moment_of_a_draft_is_that_of_norway() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["draft", "import", &desk.sample("fjordlys")]).status.code(), Some(0));
    let (_, drafts) = desk.json(&["draft", "list"]);
    for moment in ["created", "changed"] {
        let said = drafts[0][moment].as_str().unwrap();
        assert!(said.ends_with("+01:00") || said.ends_with("+02:00"), "{moment}: {said}");
    }
}

#[test]
fn every_moment_of_a_sign_in_is_that_of_norway() {
    let desk = Desk::new();
    let signed_in = desk.sign_in(&["login", "--json", "--no-browser", "--login-hint", INGRID]);
    let (status, said) = crate::desk::lines(&signed_in);
    assert_eq!(status, 0, "{said:?}");
    for moment in [&said[0]["signedInAt"], &said[0]["idPorten"]["until"], &said[0]["authorization"]["from"]] {
        let moment = moment.as_str().unwrap();
        assert!(moment.ends_with("+01:00") || moment.ends_with("+02:00"), "{moment}");
    }
}

#[test]
fn every_moment_in_the_archive_is_that_of_norway() {
    let desk = Desk::new();
    let filed = desk.files(INGRID, &[&desk.sample("fjordlys")]);
    let folder = filed[0]["filing"]["archiveFolder"].as_str().unwrap();
    let manifest = std::fs::read_to_string(format!("{folder}/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let events = manifest["timeline"].as_array().unwrap().iter().map(|event| &event["at"]);
    for moment in events.chain([&manifest["begunAt"], &manifest["deliveredAt"]]) {
        let moment = moment.as_str().unwrap();
        assert!(moment.ends_with("+01:00") || moment.ends_with("+02:00"), "{moment}");
    }
}
