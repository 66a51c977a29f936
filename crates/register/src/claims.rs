//! Claims in the register: [`crate::claim`] over the wire, each request one statement.
//!
//! What may be done with a claim is what its type can: nobody delivers who only holds, and nobody files who has not settled
//! a doubt.

use std::{collections::BTreeSet, time::Duration};

use jiff::{Timestamp, civil::Date};
use tokio_postgres::Row;
use uuid::Uuid;
use vat_return::{Category, OrgNumber, Period};

use crate::{
    claim::{Answer, Request, Token},
    error::RegisterError,
    register::Register,
    row,
};

/// How long a claim is held without a word from its desk. Renewed every third of it.
pub const LEASE: Duration = Duration::from_secs(90);

/// Which authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// The practice authorities.
    Practice,
    /// The authorities' test environment.
    Test,
    /// The real ones.
    Production,
}

impl Environment {
    /// As the database has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Practice => "practice",
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

/// What is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Which authorities.
    pub environment: Environment,
    /// Whose return.
    pub company: OrgNumber,
    /// Its category.
    pub category: Category,
    /// Its period.
    pub period: Period,
}

/// Who has a claim, or had it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Her role.
    pub role: String,
    /// Her name.
    pub name: String,
    /// Her desk.
    pub desk: Uuid,
    /// What that is called.
    pub desk_name: String,
    /// Her filing.
    pub filing: String,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when, if she says nothing more.
    pub until: Option<Timestamp>,
}

/// A delivery that the register knows of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its instance.
    pub instance: String,
    /// Whose filing.
    pub filing: String,
    /// Whose role.
    pub role: String,
    /// Her name.
    pub name: String,
    /// From which desk.
    pub desk: Option<String>,
    /// When the register was told.
    pub at: Timestamp,
}

/// A claim that this desk has.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Had {
    subject: Subject,
    filing: String,
    token: Token,
}

/// A period that this desk prepares a filing of.
#[derive(Debug, PartialEq, Eq)]
pub struct Held(Had);

/// A period that this desk delivers.
#[derive(Debug, PartialEq, Eq)]
pub struct Delivering(Had, String);

/// A period that somebody may have delivered, or may be delivering: nothing is prepared before that is settled.
#[derive(Debug, PartialEq, Eq)]
pub struct Doubt {
    had: Had,
    /// The instance it may be delivered through.
    pub instance: Option<String>,
    /// Whether it may be any instance of the company: all that are unfinished are thrown away, all that are delivered told.
    pub search: bool,
    /// What the register knows to be delivered.
    pub delivered: BTreeSet<String>,
}

/// What came of asking for a period.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is this desk's. `leftover` is what the one before had prepared: it can be thrown away.
    Held {
        /// The claim.
        held: Held,
        /// An instance that nobody will deliver.
        leftover: Option<String>,
    },
    /// It is this desk's, and may have been delivered.
    InDoubt(Doubt),
    /// Another desk has it.
    Busy {
        /// Who.
        holder: Holder,
        /// Whether it delivers at this moment.
        delivering: bool,
    },
    /// It is delivered, and the person has not seen all of that.
    Filed(Vec<Delivery>),
}

/// The claim is another's by now; nothing was noted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed;

impl Held {
    /// The token, for the journal.
    #[must_use]
    pub fn token(&self) -> Token {
        self.0.token
    }
}

impl Delivering {
    /// The token, for the journal.
    #[must_use]
    pub fn token(&self) -> Token {
        self.0.token
    }
}

impl Doubt {
    /// The token, for the journal.
    #[must_use]
    pub fn token(&self) -> Token {
        self.had.token
    }
}

/// What a row of `register.claim` says, raw.
pub(crate) struct Said {
    pub(crate) answer: Answer<(), String>,
    pub(crate) holder: Option<Holder>,
}

impl Register {
    /// Asks for a period. `seen` is how many deliveries of it the person knows of.
    ///
    /// # Errors
    /// [`RegisterError`]. Where no answer came the same may be asked again.
    pub async fn take(&self, subject: &Subject, filing: &str, seen: usize) -> Result<Taken, RegisterError> {
        let said = self.ask(subject, filing, &Request::Take { seen }, LEASE).await?;
        let had = |token| Had { subject: subject.clone(), filing: filing.to_owned(), token };
        Ok(match said.answer {
            Answer::Clear { token, leftover } => Taken::Held { held: Held(had(token)), leftover },
            Answer::InDoubt { token, instance, search, delivered } => {
                Taken::InDoubt(Doubt { had: had(token), instance, search, delivered })
            }
            Answer::Busy { delivering, .. } => {
                let holder = said.holder.ok_or_else(|| RegisterError::Odd("a holder without a name".to_owned()))?;
                Taken::Busy { holder, delivering }
            }
            Answer::Filed { .. } => Taken::Filed(self.deliveries(subject).await?),
            Answer::Done | Answer::Stale => return Err(RegisterError::Odd("no answer to take".to_owned())),
        })
    }

    /// Renews the lease, and notes the instance as soon as there is one.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn renew(&self, held: &Held, instance: Option<&str>) -> Result<Result<(), Followed>, RegisterError> {
        let request = Request::Renew { token: held.0.token, instance: instance.map(str::to_owned) };
        self.note(&held.0, &request).await
    }

    /// Asks to deliver: before the second `process/next`, which is sent after `Ok(Ok(_))` and never else.
    ///
    /// # Errors
    /// [`RegisterError`]. Where no answer came the same is asked again; nothing is delivered before.
    pub async fn deliver(&self, held: &Held, instance: &str) -> Result<Result<Delivering, Followed>, RegisterError> {
        let request = Request::Deliver { token: held.0.token, instance: instance.to_owned() };
        let noted = self.note(&held.0, &request).await?;
        Ok(noted.map(|()| Delivering(held.0.clone(), instance.to_owned())))
    }

    /// Notes that it is delivered.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn delivered(&self, delivering: &Delivering) -> Result<Result<(), Followed>, RegisterError> {
        let Delivering(had, instance) = delivering;
        self.note(had, &Request::Delivered { token: had.token, instance: instance.clone() }).await
    }

    /// Notes that it was not delivered: Altinn has refused it, and the instance is thrown away.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn not_delivered(&self, delivering: Delivering) -> Result<Result<(), Followed>, RegisterError> {
        self.note(&delivering.0, &Request::Settle { token: delivering.0.token }).await
    }

    /// Lets go of a period that was only held.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn release(&self, held: Held) -> Result<Result<(), Followed>, RegisterError> {
        self.note(&held.0, &Request::Release { token: held.0.token }).await
    }

    /// Tells, of a doubt, that an instance was delivered.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn found(&self, doubt: &Doubt, instance: &str) -> Result<Result<(), Followed>, RegisterError> {
        let request = Request::Delivered { token: doubt.had.token, instance: instance.to_owned() };
        self.note(&doubt.had, &request).await
    }

    /// Tells, of a doubt, that nothing was delivered and that what it was about is thrown away at Altinn. To look is not enough
    /// ([`crate::claim`] says why). The period is free then, and taken anew.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn settle(&self, doubt: Doubt) -> Result<Result<(), Followed>, RegisterError> {
        self.note(&doubt.had, &Request::Settle { token: doubt.had.token }).await
    }

    /// What has been delivered of a period, the first first.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn deliveries(&self, subject: &Subject) -> Result<Vec<Delivery>, RegisterError> {
        let (from, to) = days(subject);
        let rows = self
            .query(
                // Before its desk moved in, a filing was another's than whose role it is; who files with the register is known.
                "SELECT d.instance, d.filing, d.role, CASE WHEN f.fence IS NULL THEN coalesce(f.filed_by, b.name) ELSE b.name END, \
                 k.name, d.at FROM register.deliveries d \
                 LEFT JOIN register.bookkeepers b ON b.role = d.role LEFT JOIN register.desks k ON k.id = d.desk \
                 LEFT JOIN register.filings f ON f.environment = d.environment AND f.id = d.filing \
                 WHERE d.environment = $1 AND d.org_number = $2 AND d.category = $3 AND d.period_from = $4 \
                 AND d.period_to = $5 ORDER BY d.at, d.instance",
                &[&subject.environment.name(), &subject.company.as_str(), &subject.category.xml(), &from, &to],
            )
            .await?;
        let read = |row: &Row| {
            Ok(Delivery {
                instance: row::name(row, 0)?,
                filing: row::name(row, 1)?,
                role: row::name(row, 2)?,
                name: row::name(row, 3)?,
                desk: row.try_get::<_, Option<&str>>(4)?.map(row::line),
                at: row.try_get(5)?,
            })
        };
        rows.iter().map(read).collect::<Result<_, tokio_postgres::Error>>().map_err(RegisterError::row)
    }

    async fn note(&self, had: &Had, request: &Request<String>) -> Result<Result<(), Followed>, RegisterError> {
        match self.ask(&had.subject, &had.filing, request, LEASE).await?.answer {
            Answer::Done => Ok(Ok(())),
            Answer::Stale => Ok(Err(Followed)),
            other => Err(RegisterError::Odd(format!("{other:?} to {request:?}"))),
        }
    }

    /// Any request about a period, and the answer with who has it: for who keeps the token herself. What may be done with which
    /// token is [`crate::claim`]'s to say.
    ///
    /// # Errors
    /// [`RegisterError`]. Where no answer came the same may be asked again.
    pub async fn request(
        &self,
        subject: &Subject,
        filing: &str,
        request: &Request<String>,
    ) -> Result<(Answer<(), String>, Option<Holder>), RegisterError> {
        let said = self.ask(subject, filing, request, LEASE).await?;
        Ok((said.answer, said.holder))
    }

    /// One request, one statement.
    pub(crate) async fn ask(
        &self,
        subject: &Subject,
        filing: &str,
        request: &Request<String>,
        lease: Duration,
    ) -> Result<Said, RegisterError> {
        let (name, token, seen, instance) = match request {
            Request::Take { seen } => ("take", None, *seen, None),
            Request::Renew { token, instance } => ("renew", Some(*token), 0, instance.as_deref()),
            Request::Deliver { token, instance } => ("deliver", Some(*token), 0, Some(instance.as_str())),
            Request::Delivered { token, instance } => ("delivered", Some(*token), 0, Some(instance.as_str())),
            Request::Settle { token } => ("settle", Some(*token), 0, None),
            Request::Release { token } => ("release", Some(*token), 0, None),
        };
        let (from, to) = days(subject);
        let seen = i32::try_from(seen).unwrap_or(i32::MAX);
        let (era, fence) = (token.map(|token| token.era), token.map(|token| token.fence));
        let row = self
            .query_one(
                "SELECT answer, era, fence, instance, search, delivered, who_role, who_name, who_desk, who_desk_name, \
                 who_filing, since, until FROM register.claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
                 make_interval(secs => $12))",
                &[
                    &name,
                    &subject.environment.name(),
                    &subject.company.as_str(),
                    &subject.category.xml(),
                    &from,
                    &to,
                    &filing,
                    &seen,
                    &era,
                    &fence,
                    &instance,
                    &lease.as_secs_f64(),
                ],
            )
            .await?;
        said(&row).map_err(RegisterError::row)?.ok_or_else(|| RegisterError::Odd(format!("{row:?}")))
    }
}

/// What a row says; nothing where it is not of this register.
fn said(row: &Row) -> Result<Option<Said>, tokio_postgres::Error> {
    let token = || -> Result<Option<Token>, tokio_postgres::Error> {
        let (era, fence): (Option<i64>, Option<i64>) = (row.try_get(1)?, row.try_get(2)?);
        Ok(era.zip(fence).map(|(era, fence)| Token { era, fence }))
    };
    let delivered: BTreeSet<String> =
        row.try_get::<_, Option<Vec<String>>>(5)?.unwrap_or_default().iter().map(|it| row::line(it)).collect();
    let instance = row.try_get::<_, Option<&str>>(3)?.map(row::line);
    let role: Option<String> = row.try_get(6)?;
    let holder = match role {
        Some(role) => Some(Holder {
            role: row::line(&role),
            name: row::name(row, 7)?,
            desk: row.try_get::<_, Option<Uuid>>(8)?.unwrap_or_default(),
            desk_name: row::name(row, 9)?,
            filing: row::name(row, 10)?,
            since: row.try_get(11)?,
            until: row.try_get(12)?,
        }),
        None => None,
    };
    let answer = match (row.try_get::<_, String>(0)?.as_str(), token()?) {
        ("clear", Some(token)) => Answer::Clear { token, leftover: instance },
        ("in doubt", Some(token)) => {
            let search = row.try_get::<_, Option<bool>>(4)?.unwrap_or(true);
            Answer::InDoubt { token, instance, search, delivered }
        }
        ("busy", _) => Answer::Busy { who: (), delivering: false },
        ("busy delivering", _) => Answer::Busy { who: (), delivering: true },
        ("filed", _) => Answer::Filed { delivered },
        ("done", _) => Answer::Done,
        ("stale", _) => Answer::Stale,
        _ => return Ok(None),
    };
    Ok(Some(Said { answer, holder }))
}

/// A period as the register has it: its first and its last day.
pub(crate) fn days(subject: &Subject) -> (Date, Date) {
    (subject.period.first_day(), subject.period.last_day())
}
