//! Between what can be asked of the office and what lies behind it.
//!
//! A part of the office holds a [`Gate`] and no office. What is behind it (the desk, the engine, the inner functions) is had
//! with a [`Permit`], and a permit only by asking for an action, or by saying why nothing is asked: what does neither does not
//! compile.

use std::ops::Deref;

use access::work::{self, rights::Action};
use filing::filings::Filing;
use view::problem::Problem;

use super::Office;
use super::returns::card_key;
use crate::{batch::store, cards::Card};

/// An office that has not been entered yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gate<'a>(&'a Office);

/// That the gate has been asked and has said yes: the office with its inner functions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Permit<'a> {
    office: &'a Office,
    /// What the work account's gate gave, where it was asked.
    _asked: Option<work::Permit>,
}

/// Why a function asks for nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum NoPermitNeeded {
    /// What it calls asks.
    AsksBelow,
    /// It shows only what may be seen.
    Filters,
    /// It tells nothing of a filing and changes none.
    Harmless,
    /// It belongs to something that was permitted when it began.
    Permitted,
    /// It ends something.
    Ends,
    /// It is how a work account gets in, or is itself where the gate decides.
    Gate,
}

impl<'a> Gate<'a> {
    pub(super) fn of(office: &'a Office) -> Self {
        Self(office)
    }

    /// Asks for an action, for a company where it is for one.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`.
    pub(super) fn may(self, action: Action, company: Option<&str>) -> Result<Permit<'a>, Problem> {
        self.0.may(action, company)
    }

    /// Asks for an action with a card, which is its company's; what is no return is nobody's.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub(super) fn card_for(self, id: &str, action: Action) -> Result<(Permit<'a>, Card), Problem> {
        let permit = self.may(action, None)?;
        let card = permit.card(&card_key(id)?)?;
        match card.org_number() {
            Some(company) => Ok((self.may(action, Some(&company))?, card)),
            None => Ok((permit, card)),
        }
    }

    /// Asks for an action with a filing, which is its company's.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; `NotFound`.
    pub(super) fn find(self, id: &str, action: Action) -> Result<(Permit<'a>, Filing), Problem> {
        let found = self.may(action, None)?.find_any(id)?;
        Ok((self.may(action, Some(found.subject.org_number.as_str()))?, found))
    }

    /// Asks for an action with every filing of the batch.
    ///
    /// # Errors
    /// `WorkLocked` or `WorkForbidden`; the database.
    pub(super) fn may_all(self, action: Action) -> Result<Permit<'a>, Problem> {
        let permit = self.may(action, None)?;
        let Some(kept) = permit.desk.batch().as_ref().map(|batch| batch.kept.clone()) else { return Ok(permit) };
        let filings = permit.desk.db.read(|db| store::filings_of(db, &kept))?;
        for filing in &filings {
            self.may(action, Some(filing.subject.org_number.as_str()))?;
        }
        Ok(permit)
    }

    /// Goes in without asking, and says why.
    pub(super) fn without_permit(self, _why: NoPermitNeeded) -> Permit<'a> {
        Permit { office: self.0, _asked: None }
    }
}

impl Office {
    /// Asks the gate, and names the company as the firm knows it.
    pub(super) fn may(&self, action: Action, company: Option<&str>) -> Result<Permit<'_>, Problem> {
        let asked = self.desk.work.may(action, company).map_err(|refused| match company {
            Some(number) => {
                let name = self.desk.company_name(number, &self.desk.companies());
                Problem::from(refused).with("company", name.unwrap_or_else(|| number.to_owned()))
            }
            None => refused.into(),
        })?;
        Ok(Permit { office: self, _asked: Some(asked) })
    }

    /// For what the office does by itself: what goes on was permitted when it was begun.
    pub(super) fn own(&self) -> Permit<'_> {
        Permit { office: self, _asked: None }
    }
}

impl Deref for Permit<'_> {
    type Target = Office;

    fn deref(&self) -> &Office {
        self.office
    }
}
