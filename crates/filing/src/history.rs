//! The history: every filing of an environment, newest first, to be searched and leafed through.

use rusqlite::{Connection, ToSql, params_from_iter};

use crate::{
    database::DatabaseError,
    filings::{self, Filing, word},
    view::{EnvironmentName, HistoryQuery},
};

/// The most rows that one page holds.
const LONGEST_PAGE: u32 = 500;

/// Looks in the history: a page of filings, and how many there are in all.
pub(crate) fn search(
    db: &Connection,
    environment: EnvironmentName,
    query: &HistoryQuery,
) -> Result<(Vec<Filing>, u32), DatabaseError> {
    let mut conditions = vec!["environment = ?".to_owned()];
    let mut values = vec![word(&environment)];
    if let Some(state) = query.state {
        conditions.push("state = ?".into());
        values.push(word(&state));
    }
    for wanted in wanted(&query.text) {
        conditions.push("instr(search, ?) > 0".into());
        values.push(wanted);
    }
    let condition = conditions.join(" AND ");
    // The index holds everything that is looked at; the rows themselves are read for one page only.
    let total = db
        .prepare_cached(&format!("SELECT count(*) FROM filings INDEXED BY filings_to_search WHERE {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    let page = query.limit.min(LONGEST_PAGE);
    let mut all: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    all.extend([&page as &dyn ToSql, &query.offset]);
    let filings = filings::many(
        db,
        &format!(
            "number IN (SELECT number FROM filings INDEXED BY filings_to_search WHERE {condition}
                ORDER BY number DESC LIMIT ? OFFSET ?)
             ORDER BY number DESC"
        ),
        params_from_iter(all),
    )?;
    Ok((filings, total))
}

/// The words to look for, in lower case. Digits with blanks between them are one number: "311 797 816", "79 857".
fn wanted(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let blank = |c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}');
    if text.chars().all(|c| c.is_ascii_digit() || blank(c) || matches!(c, '-' | '−' | '.')) {
        let number: String = text.chars().filter(|c| c.is_ascii_digit()).collect();
        return if number.is_empty() { Vec::new() } else { vec![number] };
    }
    text.split(blank).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
