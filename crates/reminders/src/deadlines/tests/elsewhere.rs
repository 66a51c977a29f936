//! What other desks of an office register have filed.

use super::*;

/// What was last seen of another desk's filing.
fn seen_elsewhere(db: &Database, id: &str, period: Period, state: &str, delivered: &str) {
    db.write(|tx| {
        tx.execute(
            "INSERT INTO register_filings (environment, id, org_number, category, period_element, period_value, period_year,
                state, delivered, delivered_at, person, desk, changed_at)
             VALUES ('test', ?1, ?2, 'alminnelig', ?3, ?4, ?5, ?6, ?7, ?8, 'Kari', 'pc-kari', 1)",
            params![
                id,
                FIRST,
                period.xml_element(),
                period.xml_value().as_str(),
                period.year,
                state,
                delivered,
                (delivered == "yes").then_some("2026-03-20T08:00:00Z"),
            ],
        )?;
        Ok::<_, DatabaseError>(())
    })
    .unwrap();
}

#[test]
fn what_another_desk_files_turns_the_deadline_here() {
    let (_folder, db) = office();
    let (today, period) = (date(2026, 4, 1), two_months(1, 2026));
    learns(&db, FIRST, Category::Ordinary, period);
    let cell = || {
        let view = db.read(|db| year_view(db, TEST, Some(2026), today, Language::En, &|_| true)).unwrap();
        (view.rows[0].cells[0].state, view.rows[0].cells[0].filing.clone())
    };
    let open = || db.read(|db| open(db, TEST, &load(db, TEST)?, today, NEAR_DAYS)).unwrap();
    assert_eq!((cell().0, open().len()), (DeadlineState::Near, 1));
    // Under way elsewhere it waits, and is no filing that can be shown here.
    seen_elsewhere(&db, "o1", period, "running", "no");
    assert_eq!(cell(), (DeadlineState::Waiting, None));
    assert_eq!(open()[0].because, OpenBecause::UnderWay);
    seen_elsewhere(&db, "o2", period, "received", "yes");
    assert_eq!((cell(), open().len()), ((DeadlineState::Filed, None), 0));
    // A state that only a newer program knows says nothing.
    seen_elsewhere(&db, "o3", two_months(2, 2026), "dreaming", "no");
    assert_eq!(cell().0, DeadlineState::Filed);
    // What this desk has filed itself is told by itself.
    filed(&db, "a1", FIRST, Category::Ordinary, period, "received", "yes");
    assert_eq!(cell(), (DeadlineState::Filed, Some("a1".to_owned())));
}
