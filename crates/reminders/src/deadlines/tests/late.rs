//! What is late, and what is due soon.

use super::*;

#[test]
fn what_was_filed_too_late_says_so() {
    let (_folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(1, 2026));
    filed(&db, "f1", FIRST, Category::Ordinary, two_months(1, 2026), "received", "yes");
    let late = |db: &Database| year(db, Some(2026), date(2026, 6, 9)).rows[0].cells[0].late;
    // Delivered on 9 April, due on the 10th.
    assert!(!late(&db));
    db.write(|tx| tx.execute("UPDATE filings SET delivered_at = '2026-04-10T22:30:00Z'", [])).unwrap();
    assert!(late(&db), "half past midnight on the 11th");
}

#[test]
fn what_is_due_is_told_from_a_folder_alone() {
    let (folder, db) = office();
    learns(&db, FIRST, Category::Ordinary, two_months(2, 2026));
    let system = tempfile::tempdir().unwrap();
    let keyring = std::sync::Arc::new(store::keyring::NoKeyring);
    let work = access::work::Work::alone(folder.path(), system.path(), TEST, keyring).unwrap();
    let due = |now: &str, within| due(&work, folder.path(), TEST, now.parse().unwrap(), within, Language::Nb).unwrap();
    assert!(due("2026-05-27T08:00:00Z", 13).is_empty());
    let near = due("2026-05-27T08:00:00Z", 14);
    assert_eq!((near[0].deadline.as_str(), near[0].days), ("2026-06-10", 14));
    assert_eq!(due("2026-06-12T08:00:00Z", 14)[0].days, -2);
    drop(db);
}
