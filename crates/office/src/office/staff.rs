//! Who is responsible for which company, and who stands in for whom, said from the window.

use access::work::rights::Action;
use filing::engine::Listener as _;
use jiff::civil::Date;
use vat_return::OrgNumber;
use view::{
    ErrorCode,
    problem::{self, Problem},
};

use super::{Office, gate::Permit, parts::Calendar, refusal::Refusal};
use crate::register::{TellError, hand_over, set_away, why_not};

impl Calendar<'_> {
    /// Makes somebody responsible for companies at the office register, or nobody: for all of them or for none. Where the
    /// register does not do that, the answer is why, in words.
    ///
    /// # Errors
    /// `CompanyUnknown` for a number that is no organisation number, or the database.
    pub async fn hand_over(self, companies: &[String], to: Option<&str>) -> Result<Option<String>, Problem> {
        let permit = self.0.may(Action::HandOver, None)?;
        let mut numbers = Vec::with_capacity(companies.len());
        for company in companies {
            self.0.may(Action::HandOver, Some(company))?;
            let number = OrgNumber::parse(company);
            numbers.push(number.map_err(|_| Refusal::NoOrgNumber { company: company.clone() })?);
        }
        let office: &Office = &permit;
        let Some(at) = &office.at_register else { return Ok(Some(permit.no_register())) };
        let done = async { hand_over(&office.desk.db, &at.register().await?, &numbers, to).await };
        permit.told(done.await).await
    }

    /// Whoever's desk this is is away until the end of a day, and somebody stands in for her; without a day she is back. Where
    /// the register does not take that, the answer is why, in words.
    ///
    /// # Errors
    /// `DataUnusable` for a day that is none, or the database.
    pub async fn set_away(self, until: Option<&str>, stand_in: Option<&str>) -> Result<Option<String>, Problem> {
        let permit = self.0.may(Action::SetAway, None)?;
        let until = until.map(str::parse::<Date>).transpose();
        let until = until.map_err(|error| problem::of(ErrorCode::DataUnusable, &error))?;
        let office: &Office = &permit;
        let Some(at) = &office.at_register else { return Ok(Some(permit.no_register())) };
        let done = async {
            let register = at.register().await?;
            let me = register.address().role().to_owned();
            set_away(&office.desk.db, &register, &me, until, stand_in).await
        };
        permit.told(done.await).await
    }
}

impl Permit<'_> {
    fn no_register(self) -> String {
        crate::text(self.desk.language(), "register.none").to_owned()
    }

    /// Shows what has changed, or says why nothing has.
    async fn told(self, done: Result<(), TellError>) -> Result<Option<String>, Problem> {
        let Err(error) = done else {
            self.desk.publish_cards();
            return Ok(None);
        };
        tracing::info!(%error, "The office register has not changed who is responsible.");
        if let (TellError::Register(error), Some(at)) = (&error, &self.at_register) {
            at.shut_by(error).await;
        }
        why_not(error, self.desk.language()).map(Some)
    }
}
