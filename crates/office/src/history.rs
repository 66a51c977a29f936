//! The history: every filing of an environment, to be searched, sorted and leafed through.
//!
//! Everything is asked of SQLite, a page at a time: the window never holds more of the history than it shows.

mod query;

use std::collections::BTreeSet;

use filing::filings::{self, Filing};
use rusqlite::{Connection, ToSql, params_from_iter};
use store::database::{DatabaseError, columns::word};
use vat_return::{Language, Period};
use view::{EnvironmentName, HistoryQuery, HistorySort, PeriodChoice};

use self::query::{Part, order_of_periods, parts};

/// The most rows that one page holds.
const LONGEST_PAGE: u32 = 500;

/// As the column "sent" shows it: the moment of delivery, or of the beginning until there is one. The indexes hold it so.
const ORDER: &str = "COALESCE(delivered_at, begun_at) DESC, number DESC";

/// What is looked for, as SQL.
struct Condition {
    /// After `FROM filings`.
    index: &'static str,
    /// After `WHERE`.
    sql: String,
    values: Vec<String>,
}

impl Condition {
    fn of(environment: EnvironmentName, query: &HistoryQuery) -> Self {
        let mut sql = vec!["environment = ?".to_owned()];
        let mut values = vec![word(&environment)];
        if let Some(state) = query.state {
            sql.push("state = ?".to_owned());
            values.push(word(&state));
        }
        let period = query.period.as_deref().unwrap_or_default();
        for (part, column) in
            period.splitn(3, '/').zip(["period_year = CAST(? AS INTEGER)", "period_element = ?", "period_value = ?"])
        {
            if !part.is_empty() {
                sql.push(column.to_owned());
                values.push(part.to_owned());
            }
        }
        let mut by_period = false;
        for part in parts(&query.text) {
            match part {
                Part::Text(text) => {
                    sql.push("instr(search, ?) > 0".to_owned());
                    values.push(text);
                }
                Part::Year(year, text) => {
                    by_period = true;
                    sql.push("(period_year = CAST(? AS INTEGER) OR instr(search, ?) > 0)".to_owned());
                    values.extend([year.to_string(), text]);
                }
                Part::Periods(periods, text) => {
                    by_period = true;
                    let mut any: Vec<&str> = vec!["(period_element = ? AND period_value = ?)"; periods.len()];
                    values.extend(periods.into_iter().flat_map(|(element, value)| [element.to_owned(), value]));
                    if let Some(text) = text {
                        any.push("instr(search, ?) > 0");
                        values.push(text);
                    }
                    // A place that no period has finds nothing.
                    sql.push(if any.is_empty() { "0".to_owned() } else { format!("({})", any.join(" OR ")) });
                }
            }
        }
        // Each of these holds everything that is looked at, in the order that is wanted; the rows themselves are read for
        // one page only.
        let index = match (period.is_empty(), query.state, query.text.trim().is_empty()) {
            _ if by_period || query.sort != HistorySort::Sent => "",
            (false, ..) => "INDEXED BY filings_by_period",
            (true, _, false) => "INDEXED BY filings_to_search",
            (true, Some(_), true) => "INDEXED BY filings_by_state",
            (true, None, true) => "INDEXED BY filings_in_order",
        };
        Self { index, sql: sql.join(" AND "), values }
    }

    /// The same of these companies only.
    fn of_companies(mut self, only: Option<&BTreeSet<String>>) -> Self {
        if let Some(only) = only {
            let marks = vec!["?"; only.len()].join(", ");
            self.sql = format!("{} AND org_number IN ({marks})", self.sql);
            self.values.extend(only.iter().cloned());
        }
        self
    }
}

/// Looks in the history, of all companies or of these only: a page of filings, and how many there are in all.
pub(crate) fn search(
    db: &Connection,
    environment: EnvironmentName,
    query: &HistoryQuery,
    only: Option<&BTreeSet<String>>,
) -> Result<(Vec<Filing>, u32), DatabaseError> {
    let Condition { index, sql, values } = Condition::of(environment, query).of_companies(only);
    let page = query.limit.min(LONGEST_PAGE);
    let mut all: Vec<&dyn ToSql> = values.iter().map(|value| value as &dyn ToSql).collect();
    all.extend([&page as &dyn ToSql, &query.offset]);
    let order = order(query);
    let filings = filings::many(
        db,
        &format!(
            "number IN (SELECT number FROM filings {index} WHERE {sql} ORDER BY {order} LIMIT ? OFFSET ?)
             ORDER BY {order}"
        ),
        params_from_iter(all),
    )?;
    let shown = u32::try_from(filings.len()).unwrap_or(u32::MAX);
    // A page that is not full is the last: who types gets by without a second look at everything.
    if shown < page && (shown > 0 || query.offset == 0) {
        return Ok((filings, query.offset + shown));
    }
    let total = db
        .prepare_cached(&format!("SELECT count(*) FROM filings {index} WHERE {sql}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    Ok((filings, total))
}

/// Every filing that a search finds, newest first, one at a time.
pub(crate) fn each<E: From<DatabaseError>>(
    db: &Connection,
    environment: EnvironmentName,
    query: &HistoryQuery,
    take: impl FnMut(Filing) -> Result<(), E>,
) -> Result<(), E> {
    let Condition { sql, values, .. } = Condition::of(environment, query);
    filings::each(db, &format!("{sql} ORDER BY {}", order(query)), params_from_iter(values), take)
}

/// The years and periods that the history has filings of, of all companies or of these only, the latest first.
pub(crate) fn periods(
    db: &Connection,
    environment: EnvironmentName,
    language: Language,
    only: Option<&BTreeSet<String>>,
) -> Result<Vec<PeriodChoice>, DatabaseError> {
    let whole = Condition { index: "", sql: "environment = ?".to_owned(), values: vec![word(&environment)] };
    let Condition { sql, values, .. } = whole.of_companies(only);
    let mut statement = db.prepare_cached(&format!(
        "SELECT DISTINCT period_year, period_element, period_value FROM filings WHERE {sql}"
    ))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (year, element, value): (i32, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if let Some(period) = Period::from_xml(&element, &value, year) {
            found.push((period, format!("{year}/{element}/{value}")));
        }
    }
    // Within a year by their last day, the longer one first of those that end together.
    found.sort_by_key(|(period, _)| std::cmp::Reverse((period.year, period.last_day(), period.first_day())));
    let mut choices = Vec::new();
    let mut year = None;
    for (period, key) in found {
        if year.replace(period.year) != Some(period.year) {
            choices.push(PeriodChoice { key: period.year.to_string(), year: period.year, words: None });
        }
        choices.push(PeriodChoice { key, year: period.year, words: Some(period.in_words(language)) });
    }
    Ok(choices)
}

/// How rows are to stand, as SQL. What is equal stands as it was sent, the latest first.
fn order(query: &HistoryQuery) -> String {
    let by = match query.sort {
        HistorySort::Sent if !query.ascending => return ORDER.to_owned(),
        HistorySort::Sent => return "COALESCE(delivered_at, begun_at) ASC, number ASC".to_owned(),
        HistorySort::Company => order_of_names(),
        HistorySort::Period => order_of_periods(),
        HistorySort::Amount => "CAST(assessed_vat AS REAL)".to_owned(),
        HistorySort::State => "state".to_owned(),
    };
    format!("{by} {}, {ORDER}", if query.ascending { "ASC" } else { "DESC" })
}

/// Without case, and æ, ø and å after z: SQLite knows the letters of English only.
fn order_of_names() -> String {
    const LETTERS: [(&str, &str); 6] = [("æ", "{"), ("Æ", "{"), ("ø", "|"), ("Ø", "|"), ("å", "}"), ("Å", "}")];
    let name = LETTERS.iter().fold("COALESCE(company_name, org_number)".to_owned(), |name, (letter, place)| {
        format!("replace({name}, '{letter}', '{place}')")
    });
    format!("{name} COLLATE NOCASE")
}

#[cfg(test)]
mod tests;
