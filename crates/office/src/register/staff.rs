//! Who is responsible for which company, and who stands in for whom: said at the office register, and kept here as it says it.

use std::collections::HashMap;

use ::register::{Register, RegisterError};
use access::work::rights::Action;
use filing::filings;
use jiff::civil::Date;
use store::database::Database;
use vat_return::OrgNumber;

use super::{Seat, SeatError, moving::companies, telling::TellError};

/// Keeps here what the register says of the office; whether that is anything new.
///
/// # Errors
/// [`TellError`].
pub(crate) async fn look_at_staff(db: &Database, register: &Register) -> Result<bool, TellError> {
    let staff = register.staff().await?;
    if db.is_only_read() {
        return Ok(false);
    }
    let me = register.address().role();
    Ok(db.write(|tx| filings::keep_staff(tx, &staff, me))?)
}

/// Hands companies over at the register, with the names that are known here, and keeps what it says then.
///
/// # Errors
/// [`TellError`]; where the register refuses one company it has handed over none.
pub(crate) async fn hand_over(
    db: &Database,
    register: &Register,
    to_hand_over: &[OrgNumber],
    to: Option<&str>,
) -> Result<(), TellError> {
    let mut names: HashMap<String, String> = db.read(companies)?.into_iter().collect();
    let named: Vec<_> = to_hand_over.iter().map(|it| (it.clone(), names.remove(it.as_str()))).collect();
    register.hand_over(&named, to).await?;
    look_at_staff(db, register).await.map(drop)
}

/// Somebody is away until the end of a day, with somebody who stands in for her, or is back; keeps what the register says then.
///
/// # Errors
/// [`TellError`].
pub(crate) async fn set_away(
    db: &Database,
    register: &Register,
    role: &str,
    until: Option<Date>,
    stand_in: Option<&str>,
) -> Result<(), TellError> {
    register.set_away(role, until, stand_in).await?;
    look_at_staff(db, register).await.map(drop)
}

impl Seat {
    /// Keeps here what the register says of who works at the office, and for whom.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn look_at_staff(&self, register: &Register) -> Result<(), SeatError> {
        Ok(look_at_staff(&self.db, register).await.map(drop)?)
    }

    /// Hands companies over to a bookkeeper, or to nobody: all of them or none.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn hand_over(
        &self,
        register: &Register,
        companies: &[OrgNumber],
        to: Option<&str>,
    ) -> Result<(), SeatError> {
        self.may(Action::HandOver, None)?;
        for company in companies {
            self.may(Action::HandOver, Some(company.as_str()))?;
        }
        Ok(hand_over(&self.db, register, companies, to).await?)
    }

    /// A bookkeeper, or without a role whoever's desk this is, is away until the end of a day; without a day she is back.
    ///
    /// # Errors
    /// [`SeatError`].
    pub async fn set_away(
        &self,
        register: &Register,
        role: Option<&str>,
        until: Option<Date>,
        stand_in: Option<&str>,
    ) -> Result<(), SeatError> {
        self.may(Action::SetAway, None)?;
        let role = role.unwrap_or_else(|| register.address().role());
        Ok(set_away(&self.db, register, role, until, stand_in).await?)
    }
}

/// Why the register has not done it, in words, where it is the register that says so.
pub(crate) fn why_not(error: TellError, language: view::Language) -> Result<String, view::problem::Problem> {
    match error {
        TellError::Register(error) => Ok(RegisterError::text(&error, language)),
        TellError::Database(error) => Err(error.into()),
    }
}
