//! Who works at the office, who is responsible for which company, and who stands in for whom.

use jiff::civil::Date;
use serde_json::{Value, json};
use tokio_postgres::Row;
use vat_return::OrgNumber;

use crate::{error::RegisterError, register::Register, row};

/// A bookkeeper of the office who has not been revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Her role.
    pub role: String,
    /// Her name.
    pub name: String,
    /// The last day on which she is away.
    pub away_until: Option<Date>,
    /// The role of who stands in for her meanwhile.
    pub stand_in: Option<String>,
}

/// Who works at the office, and for whom.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staff {
    /// The bookkeepers, by role.
    pub colleagues: Vec<Colleague>,
    /// The companies that somebody is responsible for, each once, with her role.
    pub responsibles: Vec<(OrgNumber, String)>,
}

impl Register {
    /// Who works at the office, and who is responsible for the companies that this role may see. Where several are, it is the
    /// one who was first.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn staff(&self) -> Result<Staff, RegisterError> {
        let colleagues = self
            .query(
                "SELECT role, name, away_until, stand_in FROM register.bookkeepers WHERE revoked_at IS NULL \
                 ORDER BY role LIMIT 10000",
                &[],
            )
            .await?;
        let colleague = |row: &Row| -> Result<Colleague, tokio_postgres::Error> {
            let stand_in = row::name(row, 3)?;
            Ok(Colleague {
                role: row::name(row, 0)?,
                name: row::name(row, 1)?,
                away_until: row.try_get(2)?,
                stand_in: (!stand_in.is_empty()).then_some(stand_in),
            })
        };
        let colleagues = colleagues.iter().map(colleague).collect::<Result<_, _>>().map_err(RegisterError::row)?;
        let rows = self
            .query(
                "SELECT DISTINCT ON (r.org_number) r.org_number::text, r.role FROM register.responsibles r \
                 JOIN register.bookkeepers b ON b.role = r.role AND b.revoked_at IS NULL \
                 WHERE r.until IS NULL OR r.until >= current_date ORDER BY r.org_number, r.since, r.role LIMIT 200000",
                &[],
            )
            .await?;
        let responsible = |row: &Row| -> Result<Option<(OrgNumber, String)>, tokio_postgres::Error> {
            let number: &str = row.try_get(0)?;
            let role = row::name(row, 1)?;
            Ok(OrgNumber::parse(number).ok().map(|number| (number, role)))
        };
        let responsibles: Result<_, _> = rows.iter().filter_map(|row| responsible(row).transpose()).collect();
        Ok(Staff { colleagues, responsibles: responsibles.map_err(RegisterError::row)? })
    }

    /// Hands companies over to a bookkeeper, or to nobody: all of them, or none where one may not be. A company that the
    /// register does not know is named there first.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn hand_over(
        &self,
        companies: &[(OrgNumber, Option<String>)],
        to: Option<&str>,
    ) -> Result<(), RegisterError> {
        let company =
            |(number, name): &(OrgNumber, Option<String>)| json!({"org_number": number.as_str(), "name": name});
        let companies: Value = companies.iter().map(company).collect();
        self.query("SELECT register.hand_over($1, $2)", &[&companies, &to]).await.map(drop)
    }

    /// A bookkeeper is away until the end of a day, and another stands in for her; without a day she is back.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn set_away(&self, role: &str, until: Option<Date>, stand_in: Option<&str>) -> Result<(), RegisterError> {
        self.query("SELECT register.set_away($1, $2, $3)", &[&role, &until, &stand_in]).await.map(drop)
    }
}
