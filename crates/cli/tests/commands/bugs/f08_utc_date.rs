//! Filed at 00:20 on 11 December in Norway, the history said the 10th. What the history prints a day of is
//! [`filing::local`]; the rows of the database are sealed, so that a test cannot move them.

use crate::desk::{Desk, INGRID};

#[test]
fn the_day_of_a_filing_is_that_of_norway() {
    assert!(filing::local("2026-12-10T23:20:00Z").starts_with("2026-12-11 00.20"));
    let desk = Desk::new();
    desk.files(INGRID, &[&desk.sample("fjordlys")]);
    let begun = desk.history()[0]["begunAt"].as_str().unwrap().to_owned();
    let (_, said) = desk.said(&["history"]);
    assert!(said.starts_with(&filing::local(&begun)[..10]), "{said}");
}
