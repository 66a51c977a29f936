//! What this desk must remember of claims in the office register: how many deliveries a person has been shown before she
//! filed, and which filings the register is to be told of.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use store::database::{DatabaseError, columns::word};
use view::{Delivered, EnvironmentName, ErrorCode, FilingState, ids::FilingId};

use super::{Filing, Subject, many};

/// How many deliveries of the period the person had been shown when she filed it: as many as the register had told, else
/// those of this desk.
///
/// # Errors
/// The database.
pub(crate) fn seen(db: &Connection, filing: &Filing) -> Result<usize, DatabaseError> {
    let told: Option<i64> = db
        .query_row("SELECT seen FROM register_claims WHERE filing = ?1 AND seen > 0", params![filing.id], |row| {
            row.get(0)
        })
        .optional()?;
    if let Some(told) = told {
        return Ok(usize::try_from(told).unwrap_or_default());
    }
    if !filing.correction {
        return Ok(0);
    }
    let Subject { environment, org_number, category, period } = &filing.subject;
    let own: i64 = db.query_row(
        "SELECT count(*) FROM filings WHERE environment = ?1 AND org_number = ?2 AND category = ?3 AND period_element = ?4
            AND period_value = ?5 AND period_year = ?6 AND delivered = 'yes' AND number < ?7",
        params![
            word(environment),
            org_number.as_str(),
            category.xml(),
            period.xml_element(),
            period.xml_value().as_str(),
            period.year,
            filing.number
        ],
        |row| row.get(0),
    )?;
    Ok(usize::try_from(own).unwrap_or_default())
}

/// Remembers how many she has been shown.
///
/// # Errors
/// The database.
pub fn has_seen(tx: &Transaction<'_>, filing: &FilingId, deliveries: usize) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO register_claims (filing, seen) VALUES (?1, ?2)
         ON CONFLICT (filing) DO UPDATE SET seen = excluded.seen",
        params![filing, i64::try_from(deliveries).unwrap_or(i64::MAX)],
    )?;
    Ok(())
}

/// Forgets what was begun of a period and ended because others had filed it, before anything of it was at the authority: who
/// tries again keeps the last try alone. What a batch lists stays: its row says why that company is left.
///
/// # Errors
/// The database.
pub(super) fn forget_superseded(tx: &Transaction<'_>, subject: &Subject) -> Result<(), DatabaseError> {
    let Subject { environment, org_number, category, period } = subject;
    let ended = many(
        tx,
        "environment = ?1 AND org_number = ?2 AND category = ?3 AND period_element = ?4 AND period_value = ?5
            AND period_year = ?6 AND state = ?7 AND delivered = ?8 AND instance IS NULL AND archive_folder IS NULL
            AND number NOT IN (SELECT filing FROM batch_filings)",
        params![
            word(environment),
            org_number.as_str(),
            category.xml(),
            period.xml_element(),
            period.xml_value().as_str(),
            period.year,
            word(&FilingState::Abandoned),
            word(&Delivered::No)
        ],
    )?;
    let superseded = |filing: &&Filing| filing.problem.as_ref().is_some_and(|it| it.code == ErrorCode::AlreadyFiled);
    for filing in ended.iter().filter(superseded) {
        tx.execute("DELETE FROM register_claims WHERE filing = ?1", params![filing.id])?;
        tx.execute("DELETE FROM filings WHERE number = ?1", params![filing.number])?;
    }
    Ok(())
}

/// Remembers that the register is to be told what became of a filing, or that it has been.
///
/// # Errors
/// The database.
pub fn is_to_be_told(tx: &Transaction<'_>, filing: &FilingId, open: bool) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO register_claims (filing, open) VALUES (?1, ?2)
         ON CONFLICT (filing) DO UPDATE SET open = excluded.open",
        params![filing, open],
    )?;
    Ok(())
}

/// Whether the register is to be told yet what became of a filing.
///
/// # Errors
/// The database.
pub(crate) fn is_untold(db: &Connection, filing: &FilingId) -> Result<bool, DatabaseError> {
    let open: Option<bool> = db
        .query_row("SELECT open FROM register_claims WHERE filing = ?1", params![filing], |row| row.get(0))
        .optional()?;
    Ok(open.unwrap_or_default())
}

/// Filings that are at their end, delivered, and that the register has not been told of.
///
/// # Errors
/// The database.
pub fn untold(db: &Connection, environment: EnvironmentName) -> Result<Vec<Filing>, DatabaseError> {
    many(
        db,
        "environment = ?1 AND delivered = 'yes' AND id IN (SELECT filing FROM register_claims WHERE open = 1)
         ORDER BY number",
        params![word(&environment)],
    )
}

/// A person has said to file without the register where it does not answer; she has been told of the risk.
///
/// # Errors
/// The database.
pub fn goes_without(tx: &Transaction<'_>, filing: &FilingId) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO register_claims (filing, without) VALUES (?1, 1) ON CONFLICT (filing) DO UPDATE SET without = 1",
        params![filing],
    )?;
    Ok(())
}

/// Whether she has.
///
/// # Errors
/// The database.
pub(crate) fn may_go_without(db: &Connection, filing: &FilingId) -> Result<bool, DatabaseError> {
    let without: Option<bool> = db
        .query_row("SELECT without FROM register_claims WHERE filing = ?1", params![filing], |row| row.get(0))
        .optional()?;
    Ok(without.unwrap_or_default())
}

/// Others have filed the period while this desk was without the register.
///
/// # Errors
/// The database.
pub(crate) fn is_twice(tx: &Transaction<'_>, filing: &FilingId) -> Result<(), DatabaseError> {
    tx.execute("UPDATE register_claims SET twice = 1 WHERE filing = ?1", params![filing])?;
    Ok(())
}

/// Filings of this desk whose period others have filed as well.
///
/// # Errors
/// The database.
pub fn twice(db: &Connection) -> Result<Vec<Filing>, DatabaseError> {
    many(db, "id IN (SELECT filing FROM register_claims WHERE twice = 1) ORDER BY number", [])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use access::authorizations::AuthorizationId;
    use rust_decimal::Decimal;
    use store::database::Database;
    use vat_return::{Category, Period, PeriodKind};
    use view::problem;

    use super::*;
    use crate::filings::{NewFiling, begin, save};

    fn begins(db: &Database, name: &str) -> Filing {
        let subject = Subject {
            environment: EnvironmentName::Production,
            org_number: "311797816".parse().unwrap(),
            category: Category::Ordinary,
            period: Period { kind: PeriodKind::TwoMonths, index: 1, year: 2026 },
        };
        let new = NewFiling {
            id: FilingId::named(name),
            subject: &subject,
            company_name: None,
            assessed_vat: Decimal::ZERO,
            sha256: "",
            file_name: "vika.xml",
            authorization: &AuthorizationId::new("kari"),
            filed_by: None,
            correction: false,
            instance: None,
            bytes: b"<mvaMelding/>",
            at: "2026-03-01T10:00:00Z".parse().unwrap(),
            queued: false,
        };
        db.write(|tx| begin(tx, &new)).unwrap()
    }

    fn is_stopped(db: &Database, mut filing: Filing) {
        filing.state = FilingState::Abandoned;
        filing.problem = Some(problem::says(ErrorCode::AlreadyFiled, "The period has been filed already."));
        db.write(|tx| save(tx, &filing)).unwrap();
    }

    /// The row of a batch vanished when its company's period was tried once more.
    #[test]
    fn of_stopped_tries_the_last_is_kept_and_every_one_that_a_batch_lists() {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::open(folder.path()).unwrap();
        let numbers = || {
            db.read(|db| many(db, "1 = 1 ORDER BY number", [])).unwrap().iter().map(|it| it.number).collect::<Vec<_>>()
        };
        let first = begins(&db, "first");
        is_stopped(&db, first.clone());
        let second = begins(&db, "second");
        assert_eq!(numbers(), [second.number]);

        db.write(|tx| {
            tx.execute_batch(&format!(
                "INSERT INTO batches (number, id, environment, authorization, filed_by, started_at)
                     VALUES (1, 'one', 'production', 'kari', 'Kari', '2026-03-01T10:00:00Z');
                 INSERT INTO batch_filings (batch, filing) VALUES (1, {})",
                second.number
            ))?;
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
        is_stopped(&db, second.clone());
        let third = begins(&db, "third");
        assert_eq!(numbers(), [second.number, third.number]);
    }
}
