//! What an older version has left, read as filings.
#![allow(clippy::unwrap_used)]

use filing::filings;
use rusqlite::Connection;
use store::database::Database;

#[test]
fn every_filing_of_an_older_database_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let left = include_str!("../../store/tests/data/momsbud-version-2.sql");
    Connection::open(folder.path().join("momsbud.db")).unwrap().execute_batch(left).unwrap();
    let rows: i64 = Connection::open(folder.path().join("momsbud.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM filings", [], |row| row.get(0))
        .unwrap();
    let db = Database::open(folder.path()).unwrap();
    let read = db.read(|db| filings::many(db, "1 ORDER BY number", [])).unwrap();
    assert!(rows >= 3);
    assert_eq!(i64::try_from(read.len()).unwrap(), rows);
}
