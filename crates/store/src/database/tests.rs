#![allow(clippy::unwrap_used, clippy::panic)]
use rusqlite::params;
use view::{ErrorCode, problem::Problem};

use super::*;

fn count(db: &Database) -> i64 {
    db.read(|db| db.query_row("SELECT count(*) FROM preferences", [], |row| row.get::<_, i64>(0))).unwrap()
}

fn insert(db: &Database, name: &str) -> Result<(), DatabaseError> {
    db.write(|tx| {
        tx.execute("INSERT INTO preferences (name, value) VALUES (?1, 'x')", params![name])?;
        Ok(())
    })
}

#[test]
fn migrations_are_sound_and_what_is_written_stays() {
    MIGRATIONS.validate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(&folder.path().join("a/b")).unwrap();
    insert(&db, "one").unwrap();
    drop(db);
    let db = Database::open(&folder.path().join("a/b")).unwrap();
    assert_eq!(count(&db), 1);
    let (mode, sync): (String, i64) = db
        .read(|db| {
            let mode = db.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
            Ok::<_, rusqlite::Error>((mode, db.query_row("PRAGMA synchronous", [], |row| row.get(0))?))
        })
        .unwrap();
    assert_eq!((mode.as_str(), sync), ("wal", 2));
    assert!(!folder.path().join("a/b/backups").exists(), "a new database needs no backup");
}

#[test]
fn an_older_database_is_backed_up_before_it_is_changed() {
    let folder = tempfile::tempdir().unwrap();
    // As the first version of the program left it.
    let first = Connection::open(folder.path().join(FILE)).unwrap();
    first.execute_batch(include_str!("schema.sql")).unwrap();
    first.execute_batch("INSERT INTO preferences (name, value) VALUES ('old', ''); PRAGMA user_version = 1;").unwrap();
    let sealed = b"sealed, and forgotten later".to_vec();
    first.execute_batch(include_str!("vault.sql")).unwrap();
    first
        .execute("INSERT INTO secrets (purpose, id, sealed, stored_at) VALUES ('tokens', 'a', ?1, '')", params![sealed])
        .unwrap();
    drop(first);
    let db = Database::open(folder.path()).unwrap();
    assert_eq!(count(&db), 1);
    let backups: Vec<_> =
        fs::read_dir(folder.path().join("backups")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(backups.len(), 1, "{backups:?}");
    let backup = Connection::open(&backups[0]).unwrap();
    let version: i64 = backup.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let rows: i64 = backup.query_row("SELECT count(*) FROM preferences", [], |row| row.get(0)).unwrap();
    assert_eq!((version, rows), (1, 1));
    let secrets: i64 = backup.query_row("SELECT count(*) FROM secrets", [], |row| row.get(0)).unwrap();
    assert_eq!(secrets, 0);
    drop(backup);
    let bytes = fs::read(&backups[0]).unwrap();
    assert!(!bytes.windows(sealed.len()).any(|window| window == sealed), "a secret lies in the backup");
    let kept: i64 = db.read(|db| db.query_row("SELECT count(*) FROM secrets", [], |row| row.get(0))).unwrap();
    assert_eq!(kept, 1, "the database itself keeps it");
}

#[test]
fn a_newer_database_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    Database::open(folder.path()).unwrap().read(|db| db.execute_batch("PRAGMA user_version = 999")).unwrap();
    let error = Database::open(folder.path()).unwrap_err();
    assert!(matches!(error, DatabaseError::TooNew { newer_by: 900..999 }), "{error}");
    assert_eq!(Problem::from(error).code, ErrorCode::DataUnusable);
}

#[test]
fn a_damaged_database_is_set_aside_and_read_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let now = "2026-11-21T13:33:00Z".parse().unwrap();
    let db = Database::open(folder.path()).unwrap();
    db.write(|tx| {
        for n in 0..2000 {
            let name = format!("name {n:04} {}", "x".repeat(200));
            tx.execute("INSERT INTO preferences (name, value) VALUES (?1, 'x')", params![name])?;
        }
        Ok::<_, DatabaseError>(())
    })
    .unwrap();
    db.read(|db| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))).unwrap();
    let path = folder.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0x5A);
    fs::write(&path, &bytes).unwrap();
    // Open elsewhere it stays where it is: the other program would go on writing into what was set aside.
    assert!(matches!(Database::open_or_recover(folder.path(), now), Err(DatabaseError::Damaged { .. })));
    // A connection that outlives what it came from is open too.
    let connection = db.connect().unwrap();
    drop(db);
    assert!(matches!(Database::open_or_recover(folder.path(), now), Err(DatabaseError::Damaged { .. })));
    drop(connection);
    let (db, found) = Database::open_or_recover(folder.path(), now).unwrap();
    let DatabaseState::Damaged(place) = found else { panic!("{found:?}") };
    assert!(fs::read(place.join(FILE)).unwrap() == bytes, "what is set aside is as it was");
    assert!(place.ends_with("damaged/2026-11-21 13.33.00"), "{place:?}");
    let saved = count(&db);
    assert!((1000..2000).contains(&saved), "{saved}");
    // From both ends.
    let both = "SELECT count(*) FROM preferences WHERE name LIKE 'name 0000%' OR name LIKE 'name 1999%'";
    assert_eq!(db.read(|db| db.query_row(both, [], |row| row.get::<_, i64>(0))).unwrap(), 2);
    drop(db);
    assert_eq!(Database::open_or_recover(folder.path(), now).unwrap().1, DatabaseState::Sound);
    fs::write(&path, b"this is no database at all, but a text that somebody put in its place").unwrap();
    let (db, found) = Database::open_or_recover(folder.path(), now).unwrap();
    assert!(matches!(found, DatabaseState::Damaged(place) if place.ends_with("2026-11-21 13.33.00 2")));
    assert_eq!(count(&db), 0);
}

#[test]
fn a_database_of_an_older_version_comes_along_whole() {
    let folder = tempfile::tempdir().unwrap();
    // As version 2 left it, with filings in every state; the text is what `sqlite3 momsbud.db .dump` said of it.
    Connection::open(folder.path().join(FILE))
        .unwrap()
        .execute_batch(include_str!("../../tests/data/momsbud-version-2.sql"))
        .unwrap();
    let before = Connection::open(folder.path().join(FILE)).unwrap();
    let tables = [
        "filings",
        "journal",
        "timeline",
        "documents",
        "companies",
        "preferences",
        "integrations",
        "authorizations",
        "secrets",
    ];
    // Those of version 2: later ones add to them.
    let columns: std::collections::BTreeMap<&str, String> = tables
        .map(|table| {
            let sql = "SELECT group_concat(name, ', ') FROM pragma_table_info(?1)";
            (table, before.query_row(sql, [table], |row| row.get(0)).unwrap())
        })
        .into();
    let all = |db: &Connection| {
        tables.map(|table| {
            let columns = &columns[table];
            let mut rows = db.prepare(&format!("SELECT {columns} FROM {table} ORDER BY rowid")).unwrap();
            let count = rows.column_count();
            let mut rows = rows.query([]).unwrap();
            let mut found = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                found.push((0..count).map(|n| row.get::<_, rusqlite::types::Value>(n).unwrap()).collect::<Vec<_>>());
            }
            assert!(!found.is_empty(), "{table} holds nothing");
            found
        })
    };
    let was = all(&before);
    let db = Database::open(folder.path()).unwrap();
    assert!(db.read(|db| Ok::<_, DatabaseError>(all(db) == was)).unwrap());
    let version: i64 = db.read(|db| db.query_row("PRAGMA user_version", [], |row| row.get(0))).unwrap();
    assert!(version > 2, "{version}");
    assert_eq!(fs::read_dir(folder.path().join("backups")).unwrap().count(), 1);
}

#[test]
fn a_damaged_database_is_noticed_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    for n in 0..500 {
        insert(&db, &format!("name {n} {}", "x".repeat(200))).unwrap();
    }
    db.read(|db| db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))).unwrap();
    drop(db);
    let path = folder.path().join(FILE);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 20_000].fill(0x5A);
    fs::write(&path, bytes).unwrap();
    let error = Database::open(folder.path()).unwrap_err();
    assert!(matches!(error, DatabaseError::Damaged { .. }), "{error}");
    fs::write(&path, b"this is no database at all, but a text that somebody put in its place").unwrap();
    let error = Database::open(folder.path()).unwrap_err();
    assert!(matches!(error, DatabaseError::Damaged { .. }), "{error}");
}

#[test]
fn a_folder_that_cannot_be_used_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    fs::write(&file, b"").unwrap();
    let error = Database::open(&file.join("data")).unwrap_err();
    assert!(matches!(error, DatabaseError::Folder { .. }), "{error}");
    assert_eq!(Problem::from(error).code, ErrorCode::DataUnusable);
}

#[test]
fn a_full_disk_is_said_to_be_full_and_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    // SQLite's own limit answers as a full disk does.
    db.read(|db| {
        let pages: i64 = db.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        db.query_row(&format!("PRAGMA max_page_count = {}", pages + 2), [], |_| Ok(()))
    })
    .unwrap();
    let full = db.write(|tx| {
        for n in 0..10_000 {
            tx.execute(
                "INSERT INTO preferences (name, value) VALUES (?1, ?2)",
                params![format!("{n}"), "x".repeat(500)],
            )?;
        }
        Ok::<_, DatabaseError>(())
    });
    let error = full.unwrap_err();
    assert!(matches!(error, DatabaseError::Full(_)), "{error:?}");
    assert_eq!(Problem::from(error).code, ErrorCode::DiskFull);
    assert_eq!(count(&db), 0);
    insert(&db, "small").unwrap();
}

/// Whatever stands in the head, the database can be written after it was opened, and what was in it is there.
#[test]
fn any_byte_of_the_head_may_be_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    insert(&db, "one").unwrap();
    drop(db);
    let whole = fs::read(folder.path().join(FILE)).unwrap();
    let now: Timestamp = "2026-11-29T12:00:00Z".parse().unwrap();
    for at in 0..100 {
        for wrong in [3, 255] {
            let mut bytes = whole.clone();
            bytes[at] = wrong;
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(FILE), bytes).unwrap();
            let (db, _) = Database::open_or_recover(folder.path(), now).unwrap();
            insert(&db, "two").unwrap_or_else(|error| panic!("byte {at} as {wrong}: {error:?}"));
            assert_eq!(count(&db), 2, "byte {at} as {wrong}");
        }
    }
}

#[test]
fn a_read_only_database_is_said_to_be_so() {
    let folder = tempfile::tempdir().unwrap();
    let db = Database::open(folder.path()).unwrap();
    db.read(|db| db.pragma_update(None, "query_only", true)).unwrap();
    let error = insert(&db, "one").unwrap_err();
    assert!(matches!(error, DatabaseError::ReadOnly(_)), "{error:?}");
    assert_eq!(Problem::from(error).code, ErrorCode::DiskFull);
}

#[test]
fn two_programs_open_and_write_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let path = folder.path().to_owned();
            std::thread::spawn(move || {
                let db = Database::open(&path).unwrap();
                for n in 0..20 {
                    insert(&db, &format!("{writer}-{n}")).unwrap();
                }
            })
        })
        .collect();
    writers.into_iter().for_each(|writer| writer.join().unwrap());
    assert_eq!(count(&Database::open(folder.path()).unwrap()), 80);
}
