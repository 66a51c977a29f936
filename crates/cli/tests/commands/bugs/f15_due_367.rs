//! `due` forgot what was late after 366 days.

use access::work::Work;
use jiff::{ToSpan as _, civil::date, tz::TimeZone};
use store::{database::Database, database::DatabaseError};
use vat_return::Language;
use view::EnvironmentName;

use crate::desk::{Desk, FJORDLYS};

#[test]
fn what_is_late_stays_late() {
    let desk = Desk::new();
    let data = desk.folder.path().join("data");
    Database::open(&data)
        .unwrap()
        .write(|tx| {
            tx.execute(
                "INSERT INTO duties VALUES ('test', ?1, 'alminnelig', 'skattleggingsperiodeToMaaneder', '2026-11-01',
                 '2026-11-01', 1, 1)",
                [FJORDLYS],
            )?;
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
    let folder = desk.folder.path().join("system");
    let keyring = std::sync::Arc::new(store::keyring::SystemKeyring::new());
    let work = Work::alone(&data, &folder, EnvironmentName::Test, keyring).unwrap();
    // November and December 2026 are due on 10 February 2027.
    let due_on = date(2027, 2, 10);
    for days in [1, 366, 367, 800] {
        let day = due_on.checked_add(days.days()).unwrap();
        let now = day.at(12, 0, 0, 0).to_zoned(TimeZone::get("Europe/Oslo").unwrap()).unwrap().timestamp();
        let due = reminders::deadlines::due(&work, &data, EnvironmentName::Test, now, 14, Language::Nb).unwrap();
        let first = due.iter().find(|due| due.deadline == "2027-02-10");
        assert!(first.is_some(), "{days} days late: {due:?}");
    }
}
