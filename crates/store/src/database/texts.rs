//! Texts that are none: a flipped bit makes bytes that are no UTF-8, and whatever reads the row fails. They are mended at
//! the start, so that one of them keeps nothing else from working.

use jiff::Timestamp;
use rusqlite::{
    Connection, params,
    types::{Value, ValueRef},
};
use serde_json::json;

use super::{Database, DatabaseError};

/// Tables that are not looked through: what reads them sets a bad row aside or passes it over, and they are large.
const OTHERS: [&str; 6] = ["filings", "documents", "journal", "timeline", "attachments", "set_aside"];

/// A row with such a text.
#[derive(Debug)]
struct BadRow {
    table: String,
    pub number: i64,
    /// What can be read of each text that is none, by its column.
    left: Vec<(String, String)>,
}

/// Puts what can be read of such texts in their place; a row in which that may not stand is removed, and kept among what
/// was set aside. Says how many there were.
///
/// # Errors
/// The database.
pub fn mend(db: &Database, now: Timestamp) -> Result<usize, DatabaseError> {
    let bad = db.read(look)?;
    if bad.is_empty() {
        return Ok(0);
    }
    db.write(|tx| {
        for row in &bad {
            tracing::error!(table = row.table, columns = ?row.left, "A text in the database is damaged.");
            row.mend(tx, now)?;
        }
        Ok(bad.len())
    })
}

impl BadRow {
    fn mend(&self, tx: &Connection, now: Timestamp) -> Result<(), DatabaseError> {
        let Self { table, number, left } = self;
        let content: serde_json::Map<_, _> = left.iter().map(|(column, text)| (column.clone(), json!(text))).collect();
        let content = serde_json::Value::Object(content).to_string();
        let kept = "INSERT INTO set_aside (at, what, content) VALUES (?1, ?2, ?3)";
        tx.execute(kept, params![now.to_string(), format!("{table} {number}"), content])?;
        let columns: Vec<_> = left.iter().map(|(column, _)| format!("\"{column}\" = ?")).collect();
        let mut values: Vec<Value> = left.iter().map(|(_, text)| text.clone().into()).collect();
        values.push((*number).into());
        let set = format!("UPDATE \"{table}\" SET {} WHERE rowid = ?", columns.join(", "));
        if let Err(error) = tx.execute(&set, rusqlite::params_from_iter(values)) {
            tracing::error!(table, %error, "What can be read of it may not stand there; the row is removed.");
            tx.execute(&format!("DELETE FROM \"{table}\" WHERE rowid = ?1"), params![number])?;
        }
        Ok(())
    }
}

fn look(db: &Connection) -> Result<Vec<BadRow>, DatabaseError> {
    let mut tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")?;
    let tables = tables.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let mut bad = Vec::new();
    for table in tables.into_iter().filter(|table| !OTHERS.contains(&table.as_str())) {
        let mut statement = db.prepare(&format!("SELECT rowid, * FROM \"{table}\""))?;
        let columns: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let mut left = Vec::new();
            for (place, column) in columns.iter().enumerate().skip(1) {
                let ValueRef::Text(bytes) = row.get_ref(place)? else { continue };
                if std::str::from_utf8(bytes).is_err() {
                    left.push((column.clone(), String::from_utf8_lossy(bytes).into_owned()));
                }
            }
            if !left.is_empty() {
                bad.push(BadRow { table: table.clone(), number: row.get(0)?, left });
            }
        }
    }
    Ok(bad)
}
