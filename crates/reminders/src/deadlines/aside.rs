//! Periods that are put aside: nothing will be delivered for them here, and a person has said why.
//!
//! What is late stays late until it is filed or put aside. Nothing else takes it from the list: not time, and not a new year.

use std::{fmt, str::FromStr};

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, params};
use store::database::{DatabaseError, columns::word};
use vat_return::{Category, OrgNumber, Period};
use view::EnvironmentName;

/// The longest reason that is kept, in letters.
const LONGEST_REASON: usize = 500;

/// One period of one company's duty, as window and command line name it:
/// `311797816/alminnelig/2026/skattleggingsperiodeToMaaneder/mars-april`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyPeriod {
    pub(crate) org_number: OrgNumber,
    pub(crate) category: Category,
    pub(crate) period: Period,
}

impl fmt::Display for DutyPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { org_number, category, period } = self;
        write!(f, "{org_number}/{}/{}/{}/{}", category.xml(), period.year, period.xml_element(), period.xml_value())
    }
}

/// A text that names no period of a company.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} names no period of a company")]
pub struct NoDutyPeriod(String);

impl FromStr for DutyPeriod {
    type Err = NoDutyPeriod;

    fn from_str(text: &str) -> Result<Self, NoDutyPeriod> {
        let read = || {
            let [org_number, category, year, element, value] = text.split('/').collect::<Vec<_>>().try_into().ok()?;
            Some(Self {
                org_number: org_number.parse().ok()?,
                category: Category::from_xml(category)?,
                period: Period::from_xml(element, value, year.parse().ok()?)?,
            })
        };
        read().ok_or_else(|| NoDutyPeriod(text.to_owned()))
    }
}

/// Puts a period aside, or takes it back when there is no reason any more.
pub fn put_aside(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    of: &DutyPeriod,
    reason: Option<&str>,
    at: Timestamp,
) -> Result<(), DatabaseError> {
    let DutyPeriod { org_number, category, period } = of;
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let (environment, value) = (word(&environment), period.xml_value());
    match reason {
        Some(reason) => tx.execute(
            "INSERT INTO put_aside VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET reason = excluded.reason, at = excluded.at",
            params![
                environment,
                org_number.as_str(),
                category.xml(),
                period.xml_element(),
                value.as_str(),
                period.year,
                reason.chars().take(LONGEST_REASON).collect::<String>(),
                at.to_string(),
            ],
        )?,
        None => tx.execute(
            "DELETE FROM put_aside WHERE environment = ?1 AND org_number = ?2 AND category = ?3
                AND period_element = ?4 AND period_value = ?5 AND period_year = ?6",
            params![
                environment,
                org_number.as_str(),
                category.xml(),
                period.xml_element(),
                value.as_str(),
                period.year
            ],
        )?,
    };
    Ok(())
}

/// What is put aside of a duty, with the reasons.
pub(crate) fn read_aside(
    db: &Connection,
    environment: EnvironmentName,
    org_number: &OrgNumber,
    category: Category,
) -> Result<Vec<(Period, String)>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT period_element, period_value, period_year, reason FROM put_aside
         WHERE environment = ?1 AND org_number = ?2 AND category = ?3",
    )?;
    let mut rows = statement.query(params![word(&environment), org_number.as_str(), category.xml()])?;
    let mut aside = Vec::new();
    while let Some(row) = rows.next()? {
        let (element, value): (String, String) = (row.get(0)?, row.get(1)?);
        if let Some(period) = Period::from_xml(&element, &value, row.get(2)?) {
            aside.push((period, row.get(3)?));
        }
    }
    Ok(aside)
}
