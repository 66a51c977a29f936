//! What there is to be reminded of, as the database has it at a moment.

use access::authorizations::{AuthorizationId, Consent, LONG, consents};
use filing::filings::{self, Filing, ReceiptElsewhere};
use jiff::{SignedDuration, Span, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rusqlite::{Connection, params};
use rust_decimal::Decimal;
use store::database::{DatabaseError, columns::word};
use vat_return::{OrgNumber, Period};
use view::{
    Delivered, EnvironmentName, ErrorCode, FilingState, NoticeKind, ReminderSettings, TimelineEvent, state::sql,
    texts::norwegian_date,
};

use crate::deadlines::{self, OpenDeadline};

/// When the day's reminders come: Norwegian time, after the night and before the bank.
const MORNING: i8 = 8;
/// Payments are told of three days before and on the day.
const PAYMENT_DAYS: [u16; 2] = [3, 0];
/// Shorter than this, a sign-in is renewed before anybody could plan by it.
const PLANNABLE: SignedDuration = SignedDuration::from_hours(48);
/// Nothing is told within this time after a renewal.
const AFTER_RENEWAL: SignedDuration = SignedDuration::from_hours(24);
/// How long a missed deadline is still told of, in days.
const DEADLINE_SHOWN_DAYS: i64 = 30;
/// How long an ended authorization is still told of, in days.
const AUTHORIZATION_SHOWN_DAYS: i64 = 7;
/// How long a receipt is news.
const RECEIPT_SHOWN_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How long a refusal is news.
const REFUSAL_SHOWN_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);
/// A filing that waits for a person or an answer is told of when it has waited so long.
const WAITED: SignedDuration = SignedDuration::from_hours(1);
/// A filing that waits for somebody's signature.
const WAITED_SIGNATURE: SignedDuration = SignedDuration::from_hours(24);
/// So many days before a deadline a sign-in is planned for.
const PLANNED_DAYS: i32 = 10;

/// Something to be reminded of, for as long as it holds.
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    /// What each reminder is told of once.
    pub(crate) subject: String,
    /// The notice it is part of, which replaces itself.
    pub(crate) notice: String,
    pub(crate) matter: Matter,
    /// When it is told of, oldest first.
    pub(crate) occasions: Vec<Occasion>,
}

/// One time at which a subject is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Occasion {
    pub(crate) name: String,
    pub(crate) due: Timestamp,
    /// From then on it is no longer worth telling.
    pub(crate) until: Timestamp,
}

/// What it is.
#[derive(Debug, Clone)]
pub(crate) enum Matter {
    Deadline(OpenDeadline),
    Authorization {
        person: Option<String>,
        until: Timestamp,
    },
    SignIn {
        until: Timestamp,
        deadline: Date,
    },
    Waiting {
        filing: Box<Filing>,
        why: WaitingReason,
    },
    Receipt {
        filing: Box<Filing>,
    },
    /// Another desk has got it, for a company of hers who sits here.
    ReceiptElsewhere {
        receipt: Box<ReceiptElsewhere>,
    },
    Payment {
        filing: Box<Filing>,
        amount: Decimal,
        due: Date,
    },
}

/// What a filing waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum WaitingReason {
    Refused,
    Rejected,
    Unclear,
    Signature,
    SignIn,
    Answer,
    Other,
}

impl Matter {
    pub(crate) fn kind(&self) -> NoticeKind {
        match self {
            Self::Deadline(_) => NoticeKind::Deadline,
            Self::Authorization { .. } => NoticeKind::Authorization,
            Self::SignIn { .. } => NoticeKind::SignIn,
            Self::Waiting { .. } => NoticeKind::Waiting,
            Self::Receipt { .. } | Self::ReceiptElsewhere { .. } => NoticeKind::Receipt,
            Self::Payment { .. } => NoticeKind::Payment,
        }
    }

    /// It is no news to somebody who has not been reminded of anything yet. What counts as filed nowhere but in her head is:
    /// a command may have delivered it before the window was ever opened.
    pub(crate) fn is_history(&self) -> bool {
        match self {
            Self::Waiting { why, .. } => !matches!(why, WaitingReason::Rejected | WaitingReason::Unclear),
            Self::Receipt { .. } | Self::ReceiptElsewhere { .. } => true,
            Self::Deadline(_) | Self::Authorization { .. } | Self::SignIn { .. } | Self::Payment { .. } => false,
        }
    }

    /// The company it is about.
    pub(crate) fn org_number(&self) -> Option<&str> {
        match self {
            Self::Deadline(open) => Some(open.org_number.as_str()),
            Self::Waiting { filing, .. } | Self::Receipt { filing } | Self::Payment { filing, .. } => {
                Some(filing.subject.org_number.as_str())
            }
            Self::ReceiptElsewhere { receipt } => Some(receipt.subject.org_number.as_str()),
            Self::Authorization { .. } | Self::SignIn { .. } => None,
        }
    }
}

impl WaitingReason {
    fn name(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Rejected => "rejected",
            Self::Unclear => "unclear",
            Self::Signature => "signature",
            Self::SignIn => "sign-in",
            Self::Answer => "answer",
            Self::Other => "other",
        }
    }
}

/// When the person who is signed in must sign in again whatever the program does, and since when she is.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Whose it is.
    pub authorization: AuthorizationId,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

/// Everything that is told, or not, at a moment.
#[derive(Debug, Clone)]
pub struct Facts {
    pub(crate) facts: Vec<Fact>,
    /// Deadlines that are ahead or have passed with nothing filed, muted ones included.
    pub(crate) open: Vec<OpenDeadline>,
    /// Authorizations that last long.
    pub(crate) authorizations: Vec<Consent>,
}

impl Facts {
    /// Reads them.
    pub(crate) fn read(
        db: &Connection,
        environment: EnvironmentName,
        settings: &ReminderSettings,
        signed_in: Option<&SignedIn>,
        now: Timestamp,
    ) -> Result<Self, DatabaseError> {
        let today = norwegian_date(now);
        let duties = deadlines::load(db, environment)?;
        let furthest = settings.deadline_days.iter().copied().max().unwrap_or(0);
        let ahead = i32::from(furthest) + 1;
        let open = deadlines::open(db, environment, &duties, today, deadlines::FURTHEST)?;
        let authorizations = consents(db, environment)?;
        let mut facts = Vec::new();
        if settings.deadline {
            let told = |open: &&OpenDeadline| !open.muted && (open.day - today).get_days() <= ahead;
            facts.extend(open.iter().filter(told).map(|open| deadline(open, &settings.deadline_days)));
        }
        if settings.authorization {
            facts.extend(authorizations.iter().map(|consent| authorization(consent, &settings.authorization_days)));
            facts.extend(signed_in.and_then(|signed_in| sign_in(signed_in, &open)));
        }
        if settings.waiting {
            facts.extend(waiting(db, environment, now)?);
        }
        let muted = |company: &OrgNumber| duties.iter().any(|duty| duty.muted && duty.org_number == *company);
        if settings.receipt {
            facts.extend(receipts(db, environment, now, &muted)?);
            facts.extend(receipts_elsewhere(db, environment, now, &muted)?);
        }
        if settings.payment {
            facts.extend(payments(db, environment, today, &muted)?);
        }
        for fact in &mut facts {
            fact.occasions.sort_by_key(|occasion| occasion.due);
        }
        Ok(Self { facts, open, authorizations })
    }
}

/// A Norwegian day's morning. No change of the clocks happens at that hour.
pub fn morning(day: Date) -> Timestamp {
    at(day, MORNING)
}

/// A Norwegian day's first moment.
pub fn midnight(day: Date) -> Timestamp {
    at(day, 0)
}

fn at(day: Date, hour: i8) -> Timestamp {
    let zone = TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC);
    day.at(hour, 0, 0, 0).to_zoned(zone).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn days_before(day: Date, days: &[u16], until: Timestamp) -> Vec<Occasion> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    days.into_iter()
        .map(|days| Occasion {
            name: days.to_string(),
            due: morning(day.saturating_sub(Span::new().days(days))),
            until,
        })
        .collect()
}

fn deadline(open: &OpenDeadline, days: &[u16]) -> Fact {
    let until = midnight(open.day.saturating_add((DEADLINE_SHOWN_DAYS + 1).days()));
    Fact {
        subject: format!("deadline:{}:{}:{}", open.org_number, open.category.xml(), name(open.period)),
        notice: format!("deadline:{}", open.day),
        matter: Matter::Deadline(open.clone()),
        occasions: days_before(open.day, days, until),
    }
}

fn name(period: Period) -> String {
    format!("{}:{}:{}", period.xml_element(), period.index, period.year)
}

fn authorization(consent: &Consent, days: &[u16]) -> Fact {
    let day = norwegian_date(consent.ends_at);
    let until = midnight(day.saturating_add((AUTHORIZATION_SHOWN_DAYS + 1).days()));
    let quiet_to = consent.granted_at.saturating_add(AFTER_RENEWAL).unwrap_or(Timestamp::MAX);
    let mut occasions = days_before(day, days, until);
    occasions.retain(|occasion| occasion.due > quiet_to);
    Fact {
        // The day belongs to the subject: a renewed authorization is told of anew, at its new end.
        subject: format!("authorization:{}:{day}", consent.id),
        notice: format!("authorization:{}", consent.id),
        matter: Matter::Authorization { person: consent.person.clone(), until: consent.ends_at },
        occasions,
    }
}

/// That the person must sign in again before a deadline for which something is open.
fn sign_in(signed_in: &SignedIn, open: &[OpenDeadline]) -> Option<Fact> {
    let lasts = signed_in.until.duration_since(signed_in.since);
    // What lasts long is an authorization, and told of as one.
    if !(PLANNABLE..LONG).contains(&lasts) {
        return None;
    }
    let day = norwegian_date(signed_in.until);
    let planned = |open: &&OpenDeadline| !open.muted && (0..=PLANNED_DAYS).contains(&(open.day - day).get_days());
    let deadline = open.iter().filter(planned).map(|open| open.day).min()?;
    let quiet_to = signed_in.since.saturating_add(AFTER_RENEWAL).unwrap_or(Timestamp::MAX);
    let mut occasions = days_before(day, &[1, 0], midnight(deadline.saturating_add(1.day())));
    occasions.retain(|occasion| occasion.due > quiet_to);
    Some(Fact {
        subject: format!("sign-in:{}:{day}", signed_in.authorization),
        notice: format!("sign-in:{}", signed_in.authorization),
        matter: Matter::SignIn { until: signed_in.until, deadline },
        occasions,
    })
}

fn once(due: Timestamp, until: Timestamp) -> Vec<Occasion> {
    vec![Occasion { name: "once".to_owned(), due, until }]
}

fn after(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

fn before(at: Timestamp, time: SignedDuration) -> Timestamp {
    at.saturating_sub(time).unwrap_or(Timestamp::MIN)
}

/// When something last happened to a filing.
fn last_event(db: &Connection, filing: &Filing) -> Result<Timestamp, DatabaseError> {
    Ok(filings::timeline(db, filing.number)?.last().map_or(filing.begun_at, |(at, _)| *at))
}

fn waiting(db: &Connection, environment: EnvironmentName, now: Timestamp) -> Result<Vec<Fact>, DatabaseError> {
    let oldest = before(now, REFUSAL_SHOWN_FOR);
    let filings = filings::many(
        db,
        &format!(
            "environment = ?1 AND (state IN {waits}
            OR (state IN {turned_down}
                AND coalesce((SELECT max(at) FROM timeline WHERE filing = f.number), begun_at) > ?2
                AND NOT EXISTS (SELECT 1 FROM filings AS later
                WHERE later.environment = f.environment AND later.org_number = f.org_number
                AND later.category = f.category AND later.period_year = f.period_year
                AND later.period_element = f.period_element AND later.period_value = f.period_value
                AND later.number > f.number)))
         ORDER BY number",
            waits = *sql::WAITS,
            turned_down = *sql::TURNED_DOWN,
        ),
        params![word(&environment), oldest.to_string()],
    )?;
    let mut facts = Vec::new();
    for filing in filings {
        let why = match (filing.state, &filing.problem) {
            (FilingState::Refused, _) => WaitingReason::Refused,
            (FilingState::Rejected, _) => WaitingReason::Rejected,
            (FilingState::Unclear, _) => WaitingReason::Unclear,
            (FilingState::WaitingSignature, _) => WaitingReason::Signature,
            (FilingState::WaitingAnswer, _) => WaitingReason::Answer,
            (_, Some(problem)) if problem.code == ErrorCode::NeedsSignIn => WaitingReason::SignIn,
            (
                FilingState::Queued
                | FilingState::Running
                | FilingState::Waiting
                | FilingState::Received
                | FilingState::Abandoned,
                _,
            ) => WaitingReason::Other,
        };
        let since = last_event(db, &filing)?;
        let due = match why {
            WaitingReason::Refused | WaitingReason::Rejected | WaitingReason::Unclear => since,
            WaitingReason::Signature => after(since, WAITED_SIGNATURE),
            WaitingReason::SignIn | WaitingReason::Answer | WaitingReason::Other => after(since, WAITED),
        };
        facts.push(Fact {
            subject: format!("waiting:{}:{}", filing.id, why.name()),
            notice: format!("waiting:{}", why.name()),
            matter: Matter::Waiting { filing: Box::new(filing), why },
            occasions: once(due, Timestamp::MAX),
        });
    }
    Ok(facts)
}

fn receipts(
    db: &Connection,
    environment: EnvironmentName,
    now: Timestamp,
    muted: &dyn Fn(&OrgNumber) -> bool,
) -> Result<Vec<Fact>, DatabaseError> {
    // An answer may be late; what came longer ago is no news.
    let oldest = before(now, RECEIPT_SHOWN_FOR * 4);
    let filings = filings::many(
        db,
        &format!("environment = ?1 AND delivered_at > ?2 AND state IN {} ORDER BY number", *sql::ACCEPTED),
        params![word(&environment), oldest.to_string()],
    )?;
    let mut facts = Vec::new();
    for filing in filings.into_iter().filter(|filing| !muted(&filing.subject.org_number)) {
        // What was fetched first may have said nothing yet: it is news when it is known to be accepted.
        let timeline = filings::timeline(db, filing.number)?;
        let at = |wanted| timeline.iter().find(|(_, event)| *event == wanted).map(|(at, _)| *at);
        let came = at(TimelineEvent::Received).or_else(|| at(TimelineEvent::Fetched));
        let Some(came) = came.or(filing.delivered_at) else { continue };
        if after(came, RECEIPT_SHOWN_FOR) <= now {
            continue;
        }
        facts.push(Fact {
            subject: format!("receipt:{}", filing.id),
            notice: format!("receipt:{}", norwegian_date(came)),
            matter: Matter::Receipt { filing: Box::new(filing) },
            occasions: once(came, after(came, RECEIPT_SHOWN_FOR)),
        });
    }
    Ok(facts)
}

/// Receipts that colleagues have got for companies of hers who sits here, or for which she stands in: whoever filed one is told
/// of it at her own desk.
fn receipts_elsewhere(
    db: &Connection,
    environment: EnvironmentName,
    now: Timestamp,
    muted: &dyn Fn(&OrgNumber) -> bool,
) -> Result<Vec<Fact>, DatabaseError> {
    let receipts = filings::receipts_elsewhere(db, environment, before(now, RECEIPT_SHOWN_FOR))?;
    if receipts.is_empty() {
        return Ok(Vec::new());
    }
    let (staff, today) = (filings::staff(db)?, norwegian_date(now));
    let hers = receipts.into_iter().filter(|receipt| {
        let company = &receipt.subject.org_number;
        !muted(company) && staff.is_told_here(company.as_str(), today)
    });
    let facts = hers.map(|receipt| {
        // By the server's clock, which may be ahead of this one.
        let came = receipt.told_at.min(now);
        Fact {
            subject: format!("receipt:{}", receipt.id),
            notice: format!("receipt-elsewhere:{}", norwegian_date(came)),
            matter: Matter::ReceiptElsewhere { receipt: Box::new(receipt) },
            occasions: once(came, after(came, RECEIPT_SHOWN_FOR)),
        }
    });
    Ok(facts.collect())
}

fn payments(
    db: &Connection,
    environment: EnvironmentName,
    today: Date,
    muted: &dyn Fn(&OrgNumber) -> bool,
) -> Result<Vec<Fact>, DatabaseError> {
    // Practice has invented the claim: nobody is asked to pay it.
    if environment == EnvironmentName::Practice {
        return Ok(Vec::new());
    }
    let (from, to) = (today, today.saturating_add(4.days()));
    let filings = filings::many(
        db,
        &format!(
            "environment = ?1 AND payment_due BETWEEN ?2 AND ?3 AND state IN {} AND delivered = 'yes' ORDER BY number",
            *sql::ACCEPTED
        ),
        params![word(&environment), from.to_string(), to.to_string()],
    )?;
    let facts = filings.into_iter().filter(|filing| !filing.replaced && !muted(&filing.subject.org_number)).filter_map(
        |filing| {
            let payment = filing.payment.clone()?;
            let due = payment.due.filter(|_| payment.amount > Decimal::ZERO && filing.delivered == Delivered::Yes)?;
            Some(Fact {
                subject: format!("payment:{}:{due}", filing.id),
                notice: format!("payment:{due}"),
                matter: Matter::Payment { filing: Box::new(filing), amount: payment.amount, due },
                // The day after it is too late to be of use, and nobody here knows whether it was paid.
                occasions: days_before(due, &PAYMENT_DAYS, midnight(due.saturating_add(1.day()))),
            })
        },
    );
    Ok(facts.collect())
}
