//! A row that is not what it should be, in every table of the database: it is set aside or passed over, and nothing else
//! stops for it. The delivered filing is known, and never delivered again.

use std::{fs, path::Path};

use rusqlite::Connection;
use view::{Delivered, FilingState, HistoryQuery};

use crate::{
    damage::copy,
    desk::{Desk, INGRID, checked_sample, setup, sign_in, until},
};

/// What a text is turned into.
const BAD: [(&str, &str); 3] =
    [("no UTF-8", "CAST(x'ff41fe' AS TEXT)"), ("a word of nothing", "'rubbish'"), ("nothing", "''")];

/// Every table with its columns of texts.
fn texts(db: &Connection) -> Vec<(String, Vec<String>)> {
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let names: Vec<String> =
        db.prepare(names).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let columns = |table: &String| {
        let asked = format!("SELECT name FROM pragma_table_info('{table}') WHERE type = 'TEXT'");
        db.prepare(&asked).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    names.into_iter().map(|table| (table.clone(), columns(&table))).collect()
}

/// Opens the database as somebody does who is not the program: nothing of what it holds sacred is looked at.
fn unchecked(file: &Path) -> Connection {
    let db = Connection::open(file).unwrap();
    db.execute_batch("PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on").unwrap();
    db
}

/// Gives each empty table a row of rubbish, so that there is something to read in it.
fn fill(file: &Path) -> usize {
    let db = unchecked(file);
    let mut filled = 0;
    for (table, _) in texts(&db) {
        let count: i64 = db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        if count > 0 {
            continue;
        }
        let value = "CASE type WHEN 'TEXT' THEN '''rubbish''' WHEN 'BLOB' THEN 'x''00''' ELSE '1' END";
        let asked = format!("SELECT group_concat({value}, ', ') FROM pragma_table_xinfo('{table}') WHERE hidden = 0");
        let values: String = db.query_row(&asked, [], |row| row.get(0)).unwrap();
        filled += db.execute(&format!("INSERT INTO {table} VALUES ({values})"), []).unwrap_or_default();
    }
    filled
}

/// A desk that is damaged in one place, opened; what is wrong with what it says.
async fn opened(desk: &Desk, place: &Path, delivered: &str) -> Result<(), String> {
    let with = setup(&desk.addresses(), &place.join("data"), &place.join("archive"));
    let office = office::Office::open(with).await.map_err(|error| format!("it does not start: {error:?}"))?;
    if office.start_view().session.is_none() {
        sign_in(&office, INGRID).await;
    }
    let all = HistoryQuery { limit: 50, ..HistoryQuery::default() };
    let rows = office.filings().history(&all).map_err(|error| format!("no history: {error:?}"))?.rows;
    let filings = rows.iter().filter_map(|row| office.filings().filing(&row.id).ok());
    let known = filings.filter(|it| it.instance.as_deref() == Some(delivered)).any(|it| {
        it.delivered == Delivered::Yes && matches!(it.row.state, FilingState::Received | FilingState::WaitingAnswer)
    });
    office.calendar().year(None).map_err(|error| format!("no deadlines: {error:?}"))?;
    let card = checked_sample(&office, "fjordlys").await;
    let again = office.filings().file(&card.id, false).await;
    office.close().await;
    match (known, again) {
        (true, _) | (false, Err(_)) => Ok(()),
        (false, Ok(filing)) => Err(format!("it is not known, and filed anew: {:?}", filing.row.state)),
    }
}

async fn each(desk: &Desk, damages: &[(String, String)]) {
    let office = desk.open_as(INGRID).await;
    let card = checked_sample(&office, "fjordlys").await;
    let filing = office.filings().file(&card.id, false).await.unwrap();
    let delivered = until(&office, &filing.id, FilingState::Received).await.instance.unwrap();
    office.close().await;
    drop(office);
    let mut wrong = Vec::new();
    for (what, sql) in damages {
        let place = tempfile::tempdir().unwrap();
        copy(&desk.data(), &place.path().join("data"));
        copy(&desk.archive(), &place.path().join("archive"));
        let file = place.path().join("data/momsbud.db");
        fill(&file);
        unchecked(&file).execute_batch(sql).unwrap_or_else(|error| panic!("{what}: {sql}: {error}"));
        if let Err(failure) = opened(desk, place.path(), &delivered).await {
            wrong.push(format!("{what}: {failure}"));
        }
        assert_eq!(desk.deliveries().await.len(), 1, "{what}: delivered again");
    }
    println!("{} rows, {} wrong", damages.len(), wrong.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), damages.len(), wrong.join("\n"));
}

/// The damages to texts, each to one column of one table, or to all columns of a table at once.
async fn damages(desk: &Desk, together: bool) -> Vec<(String, String)> {
    desk.open().await.close().await;
    let db = Connection::open(desk.data().join("momsbud.db")).unwrap();
    let mut damages = Vec::new();
    for (table, columns) in texts(&db) {
        for (what, bad) in BAD {
            if together {
                let set: Vec<_> = columns.iter().map(|column| format!("\"{column}\" = {bad}")).collect();
                if !set.is_empty() {
                    // A key that would be there twice stays what it is.
                    let sql = format!("UPDATE OR IGNORE {table} SET {}", set.join(", "));
                    damages.push((format!("{what} in {table}"), sql));
                }
                continue;
            }
            damages.extend(columns.iter().map(|column| {
                (
                    format!("{what} in {table}.{column}"),
                    format!("UPDATE OR IGNORE {table} SET \"{column}\" = {bad} WHERE rowid = (SELECT max(rowid) FROM {table})"),
                )
            }));
        }
    }
    damages
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_row_in_any_table_stops_nothing() {
    let desk = Desk::quick().await;
    let all = damages(&desk, true).await;
    assert!(fs::exists(desk.data()).unwrap() && all.len() > 40, "every table is tried: {}", all.len());
    each(&desk, &all).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "minutes: cargo xtask damage"]
async fn a_bad_text_in_any_column_stops_nothing() {
    let desk = Desk::quick().await;
    let all = damages(&desk, false).await;
    each(&desk, &all).await;
}
