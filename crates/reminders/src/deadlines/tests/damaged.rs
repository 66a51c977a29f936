//! Numbers that are nobody's, where an earlier version kept them.

use super::*;

#[test]
fn a_company_with_a_wrong_check_digit_is_set_aside_and_keeps_no_other_deadline_from_being_told() {
    let (folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(3, 2026));
    // As an earlier version followed it.
    db.write(|tx| {
        tx.execute(
            "INSERT INTO duties (environment, org_number, category, kind, first_day, learnt_to, chosen, followed)
             SELECT environment, '311797817', category, kind, first_day, learnt_to, chosen, followed FROM duties",
            [],
        )
    })
    .unwrap();
    let of = |db: &Database| db.read(|db| load(db, TEST));
    assert!(matches!(of(&db), Err(DatabaseError::Value { column: "org_number", .. })));
    drop(db);
    let due = due_of(&folder, "2026-08-20T10:00:00Z");
    assert_eq!(due.iter().map(|due| due.org_number.as_str()).collect::<Vec<_>>(), [FIRST]);
    let db = Database::open(folder.path()).unwrap();
    let kept = db.read(|db| db.query_row("SELECT content FROM set_aside", [], |row| row.get::<_, String>(0))).unwrap();
    assert!(kept.starts_with("311797817 alminnelig "), "{kept}");
    assert_eq!(of(&db).unwrap().len(), 1);
}

#[test]
fn a_period_of_a_number_that_is_nobodys_is_no_period() {
    let named = "311797816/alminnelig/2026/skattleggingsperiodeToMaaneder/mars-april";
    assert_eq!(named.parse::<DutyPeriod>().unwrap().to_string(), named);
    assert!(named.replace("311797816", "311797817").parse::<DutyPeriod>().is_err());
}
