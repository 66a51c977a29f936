//! What the office register is to be told of this desk's filings, and what was last seen there of the others'.
//!
//! A change of a filing and the wish to tell of it are one write. A filing is told as it is when it is told, so that what the
//! register missed while it was away is made up for by the last change.

use jiff::Timestamp;
use register::{Delivery, SeenFiling, claim::Token};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use store::database::{
    DatabaseError,
    columns::{from_word, word},
};
use vat_return::{Category, Period};
use view::{EnvironmentName, FilingState, ids::FilingId, state::sql};

use super::{Filing, Subject, many};

/// The row of the preferences that says where the office register is; without it nothing is kept for one.
pub const REGISTER: &str = "register";

/// A filing that the register is to be told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untold {
    /// Its key.
    pub filing: String,
    /// Which of its changes was the last.
    pub change: i64,
    /// Why the register did not take it.
    pub refused: Option<String>,
}

/// The register is to be told of a filing, where this desk has one.
pub(super) fn is_to_be_shared(tx: &Transaction<'_>, filing: &FilingId) -> Result<(), DatabaseError> {
    tx.prepare_cached(
        "INSERT INTO register_outbox (filing) SELECT ?1 WHERE EXISTS (SELECT 1 FROM preferences WHERE name = ?2)
         ON CONFLICT (filing) DO UPDATE SET change = change + 1, refused = NULL",
    )?
    .execute(params![filing, REGISTER])?;
    Ok(())
}

/// What the register is to be told of, in the order in which it has changed first.
///
/// # Errors
/// The database.
pub fn outbox(db: &Connection) -> Result<Vec<Untold>, DatabaseError> {
    let mut statement = db.prepare_cached("SELECT filing, change, refused FROM register_outbox ORDER BY rowid")?;
    let rows =
        statement.query_map([], |row| Ok(Untold { filing: row.get(0)?, change: row.get(1)?, refused: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A filing of the outbox, of whichever environment it is.
///
/// # Errors
/// The database.
pub fn of_outbox(db: &Connection, untold: &Untold) -> Result<Option<Filing>, DatabaseError> {
    Ok(many(db, "id = ?1", params![untold.filing])?.pop())
}

/// The register has been told of this change. A later one stays.
///
/// # Errors
/// The database.
pub fn is_told(tx: &Transaction<'_>, untold: &Untold) -> Result<(), DatabaseError> {
    let told = "DELETE FROM register_outbox WHERE filing = ?1 AND change = ?2";
    tx.execute(told, params![untold.filing, untold.change])?;
    Ok(())
}

/// The register did not take it, and why.
///
/// # Errors
/// The database.
pub fn is_not_taken(tx: &Transaction<'_>, untold: &Untold, why: &str) -> Result<(), DatabaseError> {
    let refused = "UPDATE register_outbox SET refused = ?3 WHERE filing = ?1 AND change = ?2";
    tx.execute(refused, params![untold.filing, untold.change, why])?;
    Ok(())
}

/// Nothing is told any more, and nothing of the others is known: this desk has left.
///
/// # Errors
/// The database.
pub fn forget_register(tx: &Transaction<'_>) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM register_outbox", [])?;
    tx.execute("DELETE FROM register_filings", [])?;
    super::staff::forget_staff(tx)
}

/// The claim that a filing has been given: what it is told under.
///
/// # Errors
/// The database.
pub(crate) fn has_claim(tx: &Transaction<'_>, filing: &FilingId, token: Token) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO register_claims (filing, era, fence) VALUES (?1, ?2, ?3)
         ON CONFLICT (filing) DO UPDATE SET era = excluded.era, fence = excluded.fence",
        params![filing, token.era, token.fence],
    )?;
    Ok(())
}

/// The claim that it was given last.
///
/// # Errors
/// The database.
pub fn claim_of(db: &Connection, filing: &FilingId) -> Result<Option<Token>, DatabaseError> {
    let token = db
        .query_row(
            "SELECT era, fence FROM register_claims WHERE filing = ?1 AND era IS NOT NULL AND fence IS NOT NULL",
            params![filing],
            |row| Ok(Token { era: row.get(0)?, fence: row.get(1)? }),
        )
        .optional()?;
    Ok(token)
}

/// A person has looked in Altinn herself: what lies there delivered and cannot be read is not of this period.
///
/// # Errors
/// The database.
pub fn has_looked(tx: &Transaction<'_>, filing: &FilingId) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO register_claims (filing, looked) VALUES (?1, 1) ON CONFLICT (filing) DO UPDATE SET looked = 1",
        params![filing],
    )?;
    Ok(())
}

/// Whether she has.
///
/// # Errors
/// The database.
pub(crate) fn looked(db: &Connection, filing: &FilingId) -> Result<bool, DatabaseError> {
    let looked: Option<bool> = db
        .query_row("SELECT looked FROM register_claims WHERE filing = ?1", params![filing], |row| row.get(0))
        .optional()?;
    Ok(looked.unwrap_or_default())
}

/// Keeps what was seen of other desks' filings.
///
/// # Errors
/// The database.
pub fn keep_seen(tx: &Transaction<'_>, environment: EnvironmentName, seen: &[SeenFiling]) -> Result<(), DatabaseError> {
    let mut statement = tx.prepare_cached(
        "INSERT OR REPLACE INTO register_filings (environment, id, org_number, category, period_element, period_value,
            period_year, state, delivered, delivered_at, person, desk, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
    )?;
    for filing in seen {
        let period = filing.subject.period;
        statement.execute(params![
            word(&environment),
            filing.id,
            filing.subject.company.as_str(),
            filing.subject.category.xml(),
            period.xml_element(),
            period.xml_value().as_str(),
            period.year,
            filing.state,
            filing.delivered,
            filing.delivered_at.map(|at| at.to_string()),
            filing.name,
            filing.desk,
            filing.changed_at.as_microsecond(),
        ])?;
    }
    Ok(())
}

/// How many filings of other desks have been seen.
///
/// # Errors
/// The database.
pub fn seen_count(db: &Connection, environment: EnvironmentName) -> Result<usize, DatabaseError> {
    let count: i64 = db
        .prepare_cached("SELECT count(*) FROM register_filings WHERE environment = ?1")?
        .query_row(params![word(&environment)], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// The last change of another desk's filing that was seen, by the server's clock.
///
/// # Errors
/// The database.
pub fn seen_until(db: &Connection, environment: EnvironmentName) -> Result<Option<Timestamp>, DatabaseError> {
    let last: Option<i64> = db
        .prepare_cached("SELECT max(changed_at) FROM register_filings WHERE environment = ?1")?
        .query_row(params![word(&environment)], |row| row.get(0))?;
    Ok(last.and_then(|at| Timestamp::from_microsecond(at).ok()))
}

/// A filing of another desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledElsewhere {
    /// Its key.
    pub id: String,
    /// Where it stands.
    pub state: FilingState,
    /// When it was delivered.
    pub delivered_at: Timestamp,
    /// Who filed it, where that is known.
    pub person: Option<String>,
    /// On which desk.
    pub desk: String,
}

/// A receipt that another desk has got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptElsewhere {
    /// The filing's key.
    pub id: String,
    /// What it is of.
    pub subject: Subject,
    /// The company's name, where this desk knows it.
    pub company_name: Option<String>,
    /// Who filed it.
    pub person: String,
    /// When the register was told of it, by the server's clock.
    pub told_at: Timestamp,
}

/// The receipts that other desks have told of since a moment, in the order in which they were told.
///
/// # Errors
/// The database.
pub fn receipts_elsewhere(
    db: &Connection,
    environment: EnvironmentName,
    since: Timestamp,
) -> Result<Vec<ReceiptElsewhere>, DatabaseError> {
    let mut statement = db.prepare_cached(&format!(
        "SELECT id, org_number, category, period_element, period_value, period_year, person, changed_at,
            coalesce((SELECT max(name) FROM companies WHERE companies.org_number = r.org_number),
                (SELECT max(company_name) FROM filings WHERE filings.org_number = r.org_number))
         FROM register_filings AS r
         WHERE environment = ?1 AND changed_at > ?2 AND delivered = 'yes' AND state IN {}
            AND NOT EXISTS (SELECT 1 FROM filings WHERE filings.id = r.id)
         ORDER BY changed_at, id",
        *sql::ACCEPTED
    ))?;
    let mut rows = statement.query(params![word(&environment), since.as_microsecond()])?;
    let mut receipts = Vec::new();
    while let Some(row) = rows.next()? {
        let (company, category, year): (String, String, i32) = (row.get(1)?, row.get(2)?, row.get(5)?);
        let (element, value): (String, String) = (row.get(3)?, row.get(4)?);
        // A subject that only a newer program knows is nothing that anybody here follows.
        let (Ok(org_number), Some(category), Some(period), Ok(told_at)) = (
            company.parse(),
            Category::from_xml(&category),
            Period::from_xml(&element, &value, year),
            Timestamp::from_microsecond(row.get(7)?),
        ) else {
            continue;
        };
        receipts.push(ReceiptElsewhere {
            id: row.get(0)?,
            subject: Subject { environment, org_number, category, period },
            company_name: row.get(8)?,
            person: row.get(6)?,
            told_at,
        });
    }
    Ok(receipts)
}

/// A delivery that the register knows of, with what became of it as far as this desk has heard.
///
/// # Errors
/// The database.
pub fn with_states(
    db: &Connection,
    environment: EnvironmentName,
    deliveries: Vec<Delivery>,
) -> Result<Vec<(Delivery, Option<FilingState>)>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT state FROM filings WHERE environment = ?1 AND id = ?2
         UNION ALL SELECT state FROM register_filings WHERE environment = ?1 AND id = ?2 LIMIT 1",
    )?;
    deliveries
        .into_iter()
        .map(|delivery| {
            let row = |row: &rusqlite::Row<'_>| row.get::<_, String>(0);
            let found = statement.query_row(params![word(&environment), delivery.filing], row).optional()?;
            // A state that only a newer program knows is none of which anything can be said.
            Ok((delivery, found.and_then(|state| from_word::<FilingState>("state", state).ok())))
        })
        .collect()
}

/// The filing of a subject that another desk has delivered: the last that stands, and the last of all where none does.
///
/// # Errors
/// The database.
pub fn filed_elsewhere(db: &Connection, subject: &Subject) -> Result<Option<FiledElsewhere>, DatabaseError> {
    let Subject { environment, org_number, category, period } = subject;
    let mut statement = db.prepare_cached(
        "SELECT id, state, delivered_at, person, desk FROM register_filings
         WHERE environment = ?1 AND org_number = ?2 AND category = ?3 AND period_year = ?4 AND period_element = ?5
            AND period_value = ?6 AND delivered = 'yes' AND delivered_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM filings WHERE filings.id = register_filings.id)",
    )?;
    let mut rows = statement.query(params![
        word(environment),
        org_number.as_str(),
        category.xml(),
        period.year,
        period.xml_element(),
        period.xml_value().as_str()
    ])?;
    let mut found: Option<FiledElsewhere> = None;
    while let Some(row) = rows.next()? {
        let at: String = row.get(2)?;
        // A state that only a newer program knows is none of which anything can be said.
        let (Ok(state), Ok(delivered_at)) = (from_word::<FilingState>("state", row.get(1)?), at.parse()) else {
            continue;
        };
        let rank = |state: FilingState, at: Timestamp| (!state.is_rejected(), at);
        if found.as_ref().is_none_or(|found| rank(found.state, found.delivered_at) < rank(state, delivered_at)) {
            // The column takes no NULL: a desk that did not know it wrote an empty text.
            let person = Some(row.get::<_, String>(3)?).filter(|person| !person.is_empty());
            found = Some(FiledElsewhere { id: row.get(0)?, state, delivered_at, person, desk: row.get(4)? });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use store::database::Database;
    use vat_return::{Category, Period, PeriodKind};
    use view::ErrorCode;

    use super::*;
    use crate::engine::filed;

    const ENVIRONMENT: EnvironmentName = EnvironmentName::Production;

    fn subject() -> Subject {
        Subject {
            environment: ENVIRONMENT,
            org_number: "311797816".parse().unwrap(),
            category: Category::Ordinary,
            period: Period { kind: PeriodKind::TwoMonths, index: 1, year: 2026 },
        }
    }

    /// What a desk has heard of another's filing.
    fn heard(db: &Database, id: &str, state: &str, at: &str) {
        let Subject { org_number: company, category, period, .. } = subject();
        let filing = SeenFiling {
            id: id.to_owned(),
            subject: register::Subject { environment: register::Environment::Production, company, category, period },
            state: state.to_owned(),
            delivered: "yes".to_owned(),
            delivered_at: Some(at.parse().unwrap()),
            name: format!("Ola som sendte {id}"),
            desk: "pc-ola".to_owned(),
            changed_at: at.parse().unwrap(),
        };
        db.write(|tx| keep_seen(tx, ENVIRONMENT, &[filing])).unwrap();
    }

    fn delivery(id: &str) -> Delivery {
        Delivery {
            instance: format!("50000001/{id}"),
            filing: id.to_owned(),
            role: "ola".to_owned(),
            name: format!("Ola som sendte {id}"),
            desk: Some("pc-ola".to_owned()),
            at: "2026-04-12T10:00:00Z".parse().unwrap(),
        }
    }

    /// It was counted among what is filed, and asked about as a return that would be replaced.
    #[test]
    fn what_was_rejected_is_told_as_that_and_only_where_nothing_stands() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        let known = || db.read(|db| filed_elsewhere(db, &subject())).unwrap().map(|it| (it.id, it.state));
        let asked = |ids: &[&str]| {
            let deliveries = ids.iter().map(|id| delivery(id)).collect();
            filed(&db.read(|db| with_states(db, ENVIRONMENT, deliveries)).unwrap())
        };
        assert_eq!(known(), None);
        // Of one that nothing is known of nobody says that it does not count.
        let values = asked(&["unheard"]).values;
        assert_eq!((values.get("state"), values["deliveries"].as_str()), (None, "1"));

        heard(&db, "first", "rejected", "2026-04-12T10:00:00Z");
        assert_eq!(known(), Some(("first".to_owned(), FilingState::Rejected)));
        let problem = asked(&["first"]);
        assert_eq!(problem.code, ErrorCode::AlreadyFiled);
        assert_eq!((problem.values["state"].as_str(), problem.values["deliveries"].as_str()), ("rejected", "0"));

        heard(&db, "second", "received", "2026-04-13T10:00:00Z");
        heard(&db, "third", "rejected", "2026-04-14T10:00:00Z");
        assert_eq!(known(), Some(("second".to_owned(), FilingState::Received)));
        let problem = asked(&["first", "second", "third"]);
        assert_eq!(
            (
                problem.values["person"].as_str(),
                problem.values["state"].as_str(),
                problem.values["deliveries"].as_str()
            ),
            ("Ola som sendte second", "received", "1")
        );
        assert_eq!(problem.details.iter().filter(|line| line.ends_with("rejected")).count(), 2);
    }
}
