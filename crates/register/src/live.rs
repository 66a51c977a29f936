//! What desks do, told while they do it: each filing as its desk has it, and what the others see of it.

use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use serde_json::Value;
use tokio_postgres::Row;
use vat_return::{Category, OrgNumber, Period, PeriodKind};

use crate::{
    claim::Token,
    claims::{Environment, Subject},
    error::RegisterError,
    history::SharedFiling,
    register::Register,
    row,
};

/// What came of telling of a filing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Told {
    /// The register says the same now.
    Done,
    /// Another desk has the period, or has written of this filing: what the register says stays.
    Stale,
}

/// A period that another desk files at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnderWay {
    /// What is filed.
    pub subject: Subject,
    /// Whether it is being delivered.
    pub delivering: bool,
    /// Who files it.
    pub name: String,
    /// On which desk.
    pub desk: String,
    /// Since when.
    pub since: Timestamp,
    /// How long its lease still runs; renewed it runs on.
    pub lasts: Duration,
}

/// A filing of another desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFiling {
    /// Its key.
    pub id: String,
    /// What it is about.
    pub subject: Subject,
    /// Its state, in a word.
    pub state: String,
    /// Whether the authority has it: `no`, `unknown`, `yes`.
    pub delivered: String,
    /// When it was delivered.
    pub delivered_at: Option<Timestamp>,
    /// Who files it.
    pub name: String,
    /// On which desk.
    pub desk: String,
    /// When that was told, by the server's clock.
    pub changed_at: Timestamp,
}

impl Register {
    /// Tells of a filing as this desk has it, under the claim that it was given last.
    ///
    /// # Errors
    /// [`RegisterError`]. Where no answer came the same is told again.
    pub async fn tell(
        &self,
        filing: &SharedFiling,
        company: Option<&str>,
        token: Option<Token>,
    ) -> Result<Told, RegisterError> {
        let mut row = filing.row();
        if let (Some(name), Value::Object(row)) = (company, &mut row) {
            row.insert("company_name".to_owned(), name.into());
        }
        let (era, fence) = (token.map(|token| token.era), token.map(|token| token.fence));
        let row = self.query_one("SELECT register.save_filing($1, $2, $3)", &[&row, &era, &fence]).await?;
        match row.try_get::<_, String>(0).map_err(RegisterError::row)?.as_str() {
            "done" => Ok(Told::Done),
            "stale" => Ok(Told::Stale),
            answer => Err(RegisterError::Odd(answer.to_owned())),
        }
    }

    /// What other desks file at this moment, as far as this role may see it.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn under_way(&self, environment: Environment) -> Result<Vec<UnderWay>, RegisterError> {
        let rows = self
            .query(
                "SELECT c.org_number, c.category, c.period_from, c.period_to, c.phase = 'delivering', b.name, k.name, \
                 c.since, extract(epoch FROM c.lease_until - clock_timestamp())::double precision \
                 FROM register.claims c JOIN register.bookkeepers b ON b.role = c.role \
                 JOIN register.desks k ON k.id = c.desk \
                 WHERE c.environment = $1 AND c.phase <> 'free' AND c.lease_until > clock_timestamp() AND c.desk <> $2 \
                 ORDER BY c.since LIMIT 5000",
                &[&environment.name(), &self.desk().id],
            )
            .await?;
        let read = |row: &Row| -> Result<Option<UnderWay>, tokio_postgres::Error> {
            let Some(subject) = subject(row, environment)? else { return Ok(None) };
            Ok(Some(UnderWay {
                subject,
                delivering: row.try_get(4)?,
                name: row::name(row, 5)?,
                desk: row::name(row, 6)?,
                since: row.try_get(7)?,
                lasts: Duration::try_from_secs_f64(row.try_get(8)?).unwrap_or_default(),
            }))
        };
        all(&rows, read)
    }

    /// Filings of other desks that have changed after a moment of the server's clock and, of that moment, after a key; the
    /// first first, at most so many. What ended before `of` is left out.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn changed(
        &self,
        environment: Environment,
        after: (Timestamp, &str),
        of: Date,
        most: i64,
    ) -> Result<Vec<SeenFiling>, RegisterError> {
        let rows = self
            .query(
                "SELECT org_number, category, period_from, period_to, id, state, delivered, delivered_at, name, desk, \
                 changed_at FROM register.changed_filings($1, $2, $3, $4, $5, $6)",
                &[&environment.name(), &after.0, &after.1, &of, &self.desk().id, &most],
            )
            .await?;
        let read = |row: &Row| -> Result<Option<SeenFiling>, tokio_postgres::Error> {
            let Some(subject) = subject(row, environment)? else { return Ok(None) };
            Ok(Some(SeenFiling {
                subject,
                id: row::name(row, 4)?,
                state: row::name(row, 5)?,
                delivered: row::name(row, 6)?,
                delivered_at: row.try_get(7)?,
                name: row::name(row, 8)?,
                desk: row::name(row, 9)?,
                changed_at: row.try_get(10)?,
            }))
        };
        all(&rows, read)
    }
}

/// All rows that can be told; a company, category or period that this program does not know is another version's.
fn all<T>(
    rows: &[Row],
    read: impl Fn(&Row) -> Result<Option<T>, tokio_postgres::Error>,
) -> Result<Vec<T>, RegisterError> {
    rows.iter().filter_map(|row| read(row).transpose()).collect::<Result<_, _>>().map_err(RegisterError::row)
}

/// What the first four columns are about.
fn subject(row: &Row, environment: Environment) -> Result<Option<Subject>, tokio_postgres::Error> {
    let (company, category): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let (Ok(company), Some(category), Some(period)) =
        (OrgNumber::parse(&company), Category::from_xml(&category), period(row.try_get(2)?, row.try_get(3)?))
    else {
        return Ok(None);
    };
    Ok(Some(Subject { environment, company, category, period }))
}

/// The period of these days, if there is one.
fn period(first: Date, last: Date) -> Option<Period> {
    let years = i32::from(first.year())..=i32::from(last.year()).saturating_add(1);
    let all = years.flat_map(|year| {
        let of = move |kind: PeriodKind| (1..=kind.count()).map(move |index| Period { kind, index, year });
        PeriodKind::ALL.into_iter().flat_map(of)
    });
    all.filter(Period::exists).find(|period| (period.first_day(), period.last_day()) == (first, last))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use vat_return::{Period, PeriodKind, weeks_in};

    #[test]
    fn a_period_is_known_by_its_days() {
        for year in 2019..=2030 {
            for kind in PeriodKind::ALL {
                let count = if kind == PeriodKind::Week { weeks_in(year) } else { kind.count() };
                for index in 1..=count {
                    let period = Period { kind, index, year };
                    assert_eq!(super::period(period.first_day(), period.last_day()), Some(period));
                }
            }
        }
        assert_eq!(super::period("2026-01-02".parse().unwrap(), "2026-02-28".parse().unwrap()), None);
    }
}
