//! Deadlines: which periods each company files, what has been filed, and what remains.
//!
//! How long a company's periods are is learnt from its returns and can be said by the user. The statutory days are
//! those of [`vat_return::calendar`]; what has been delivered, the history knows. Everything is computed from dates when
//! it is asked for; nothing here keeps a clock.

mod aside;
mod duties;
pub mod ics;
mod year;

use std::{collections::HashMap, path::Path};

use access::work::{Work, rights::Action};
pub use aside::{DutyPeriod, put_aside as keep_aside};
pub use duties::{Duty, choose, learn_from_history, learn_opened, load, mute, set_bad_aside, unfollow};
use filing::filings::staff;
use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, params};
use store::database::{
    Database, DatabaseError,
    columns::{from_word, word},
};
use vat_return::{Category, Language, OrgNumber, Period, PeriodKind, calendar};
use view::{
    Delivered, DueView, EnvironmentName, ErrorCode, FilingState, NameKey, NextDeadline, OpenBecause,
    problem::{self, Problem},
    state::sql,
    texts::{kind, norwegian_date},
};
pub use year::{periods, year_view};

/// A deadline this near is shown as near; all reminders fall into these days.
pub(crate) const NEAR_DAYS: i32 = 14;
/// So many years back is looked for what is late. A person does not follow a company longer than the program exists; this
/// bounds a day that was mistyped.
const YEARS_BACK: i32 = 30;

/// A calendar shows so many days of the past and of the future.
const CALENDAR_BACK: i32 = 45;
const CALENDAR_AHEAD: i32 = 400;

/// A period for which nothing has been delivered and whose deadline is near or has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDeadline {
    /// The company.
    pub org_number: OrgNumber,
    pub(crate) company: Option<String>,
    /// The kind of return.
    pub category: Category,
    /// The period.
    pub period: Period,
    /// The last day.
    pub day: Date,
    pub(crate) muted: bool,
    /// Why it is open.
    pub(crate) because: OpenBecause,
    /// The filing that left it open, if there is one.
    pub(crate) filing: Option<String>,
    /// The reason for which it is put aside.
    pub(crate) aside: Option<String>,
}

impl OpenDeadline {
    fn named(&self) -> DutyPeriod {
        DutyPeriod { org_number: self.org_number.clone(), category: self.category, period: self.period }
    }
}

/// What the history says of a period.
#[derive(Debug, Clone)]
pub(crate) struct Filed {
    /// Its key; none where another desk has filed it, so that there is nothing here to be shown.
    pub(crate) id: Option<String>,
    pub(crate) state: FilingState,
    pub(crate) delivered: bool,
    pub(crate) on: Option<Date>,
}

impl Filed {
    /// Why the period is open although there is a filing.
    fn because(&self) -> OpenBecause {
        match self.state {
            FilingState::Rejected => OpenBecause::Rejected,
            FilingState::Unclear => OpenBecause::Unclear,
            FilingState::Queued
            | FilingState::Running
            | FilingState::Waiting
            | FilingState::WaitingSignature
            | FilingState::WaitingAnswer
            | FilingState::Received => OpenBecause::UnderWay,
            FilingState::Refused | FilingState::Abandoned => OpenBecause::NothingFiled,
        }
    }
}

/// What the history knows of one duty's periods.
#[derive(Debug, Default)]
pub(crate) struct History {
    filed: HashMap<Period, Filed>,
    /// Periods that are put aside, with the reason.
    aside: HashMap<Period, String>,
}

impl History {
    /// Reads those of all duties, in their order, for some years. One lookup in the index a duty, however long the
    /// history is.
    pub(crate) fn read(
        db: &Connection,
        environment: EnvironmentName,
        duties: &[Duty],
        years: &std::ops::RangeInclusive<i32>,
    ) -> Result<Vec<Self>, DatabaseError> {
        let mut statement = db.prepare_cached(
            // What this desk knows itself comes after what it has seen of the others, and counts.
            "SELECT period_element, period_value, period_year, NULL, state, delivered, delivered_at, 0 AS number
             FROM register_filings AS r
             WHERE environment = ?1 AND org_number = ?2 AND category = ?3 AND period_year BETWEEN ?4 AND ?5
                AND NOT EXISTS (SELECT 1 FROM filings WHERE filings.id = r.id)
             UNION ALL
             SELECT period_element, period_value, period_year, id, state, delivered, delivered_at, number FROM filings
             WHERE environment = ?1 AND org_number = ?2 AND category = ?3 AND period_year BETWEEN ?4 AND ?5
             ORDER BY number",
        )?;
        let mut histories = Vec::new();
        for duty in duties {
            let aside = aside::read_aside(db, environment, &duty.org_number, duty.category)?;
            let mut history = Self { filed: HashMap::new(), aside: aside.into_iter().collect() };
            let mut rows = statement.query(params![
                word(&environment),
                duty.org_number.as_str(),
                duty.category.xml(),
                years.start(),
                years.end()
            ])?;
            while let Some(row) = rows.next()? {
                let (element, value): (String, String) = (row.get(0)?, row.get(1)?);
                let Some(period) = Period::from_xml(&element, &value, row.get(2)?) else { continue };
                let id: Option<String> = row.get(3)?;
                let state: FilingState = match from_word("state", row.get(4)?) {
                    Ok(state) => state,
                    // A state of another desk's that only a newer program knows says nothing here.
                    Err(_) if id.is_none() => continue,
                    Err(error) => return Err(error),
                };
                let delivered: Delivered = from_word("delivered", row.get(5)?)?;
                let delivered = delivered == Delivered::Yes && state.counts_as_filed();
                // What an authority would not take, and what was given up, is as if it had never been begun. What was
                // rejected after delivery leaves the period open too, and says why.
                if !delivered && state.is_finished() && !state.is_delivered() {
                    continue;
                }
                // A moment that cannot be read costs only itself.
                let on = row.get_ref(6)?.as_str_or_null().ok().flatten().and_then(|at| at.parse::<Timestamp>().ok());
                let filed = Filed { id, state, delivered, on: on.map(norwegian_date) };
                // A correction under way does not undo what was delivered; a later delivery replaces an earlier one.
                if filed.delivered || history.of(period).is_none_or(|known| !known.delivered) {
                    history.filed.insert(period, filed);
                }
            }
            histories.push(history);
        }
        Ok(histories)
    }

    pub(crate) fn of(&self, period: Period) -> Option<&Filed> {
        self.filed.get(&period)
    }

    /// Why a period is put aside; one that was delivered after all is not.
    pub(crate) fn aside(&self, period: Period) -> Option<&str> {
        self.aside.get(&period).filter(|_| !self.is_delivered(period)).map(String::as_str)
    }

    /// Whether something is expected of the duty for a period: from the day on from which it is followed; and of an older
    /// one when a return of it was delivered and does not count.
    pub(crate) fn expects(&self, duty: &Duty, period: Period) -> bool {
        let left_open = |filed: &Filed| filed.state.is_delivered() && !filed.state.counts_as_filed();
        duty.follows(period) || self.of(period).is_some_and(left_open)
    }

    fn is_delivered(&self, period: Period) -> bool {
        self.of(period).is_some_and(|filed| filed.delivered)
    }

    /// How long the duty's periods are in a year: as said, else as filed in that year, else as learnt.
    pub(crate) fn kind_of(&self, duty: &Duty, year: i32, today: Date) -> PeriodKind {
        if duty.chosen && year >= i32::from(today.year()) {
            return duty.kind;
        }
        let filed = self.filed.keys().filter(|period| period.year == year).max_by_key(|period| period.first_day());
        filed.map_or(duty.kind, |period| period.kind)
    }
}

/// The years in which something of these duties can be open.
fn years_of(
    db: &Connection,
    environment: EnvironmentName,
    duties: &[Duty],
    today: Date,
    ahead: i32,
) -> Result<std::ops::RangeInclusive<i32>, DatabaseError> {
    let this_year = i32::from(today.year());
    let first = duties.iter().map(|duty| i32::from(duty.first_day.year())).min().unwrap_or(this_year);
    let left_open: Option<i32> = db
        .prepare_cached(&format!(
            "SELECT min(period_year) FROM filings WHERE environment = ?1 AND state IN {}",
            *sql::LEAVES_OPEN
        ))?
        .query_row(params![word(&environment)], |row| row.get(0))?;
    // The period that holds the first day may belong to the year before.
    let first = (first - 1).min(left_open.unwrap_or(this_year));
    Ok(first.clamp(this_year - YEARS_BACK, this_year)..=this_year + ahead / 366 + 1)
}

/// What is known of companies' duties: number, length of the periods, category.
///
/// # Errors
/// The database.
pub fn duties_of(
    db: &rusqlite::Connection,
    environment: EnvironmentName,
) -> Result<Vec<(OrgNumber, PeriodKind, Category)>, DatabaseError> {
    let duties = duties::load(db, environment)?;
    Ok(duties.into_iter().map(|duty| (duty.org_number, duty.kind, duty.category)).collect())
}

/// Everything with a deadline until so many days ahead for which nothing has been delivered, by day, however long ago it
/// was due. What is put aside is not in it.
pub fn open(
    db: &Connection,
    environment: EnvironmentName,
    duties: &[Duty],
    today: Date,
    ahead: i32,
) -> Result<Vec<OpenDeadline>, DatabaseError> {
    let mut open = open_or_aside(db, environment, duties, today, ahead)?;
    open.retain(|open| open.aside.is_none());
    Ok(open)
}

/// The same with what is put aside.
fn open_or_aside(
    db: &Connection,
    environment: EnvironmentName,
    duties: &[Duty],
    today: Date,
    ahead: i32,
) -> Result<Vec<OpenDeadline>, DatabaseError> {
    let years = years_of(db, environment, duties, today, ahead)?;
    let histories = History::read(db, environment, duties, &years)?;
    let mut open = Vec::new();
    for (duty, history) in duties.iter().zip(&histories) {
        for year in years.clone() {
            for period in periods(history.kind_of(duty, year, today), year) {
                let ended = (period.last_day() - today).get_days();
                // What cannot be within the days asked for is passed over before its deadline is worked out.
                if !history.expects(duty, period) || ended > ahead || history.is_delivered(period) {
                    continue;
                }
                let Some(day) = calendar::deadline(duty.category, &period) else { continue };
                if (day - today).get_days() <= ahead {
                    open.push(open_deadline(duty, history, period, day));
                }
            }
        }
    }
    open.sort_by_cached_key(by_day_and_name);
    Ok(open)
}

/// Everything with a deadline from a month ago to a year ahead, filed or not, by day: what a calendar shows.
pub fn calendar(
    db: &Connection,
    environment: EnvironmentName,
    duties: &[Duty],
    today: Date,
) -> Result<Vec<ics::Due>, DatabaseError> {
    let this_year = i32::from(today.year());
    let years = this_year - 2..=this_year + 1;
    let histories = History::read(db, environment, duties, &years)?;
    let mut all = Vec::new();
    for (duty, history) in duties.iter().zip(&histories) {
        for year in years.clone() {
            for period in periods(history.kind_of(duty, year, today), year) {
                let Some(day) = calendar::deadline(duty.category, &period) else { continue };
                let days = (day - today).get_days();
                if !history.expects(duty, period) || !(-CALENDAR_BACK..=CALENDAR_AHEAD).contains(&days) {
                    continue;
                }
                let open = open_deadline(duty, history, period, day);
                if open.aside.is_none() {
                    all.push(ics::Due { open, filed: history.is_delivered(period) });
                }
            }
        }
    }
    all.sort_by_cached_key(|due| by_day_and_name(&due.open));
    Ok(all)
}

fn by_day_and_name(open: &OpenDeadline) -> (Date, Option<NameKey>, String) {
    (open.day, open.company.as_deref().map(NameKey::of), open.org_number.to_string())
}

fn open_deadline(duty: &Duty, history: &History, period: Period, day: Date) -> OpenDeadline {
    let filed = history.of(period);
    OpenDeadline {
        because: filed.map_or(OpenBecause::NothingFiled, Filed::because),
        filing: filed.and_then(|filed| filed.id.clone()),
        aside: history.aside(period).map(str::to_owned),
        org_number: duty.org_number.clone(),
        company: duty.company.clone(),
        category: duty.category,
        period,
        day,
        muted: duty.muted,
    }
}

/// So far ahead is looked for the next deadline: a yearly period that has just begun is due after 14 or 16 months.
pub const FURTHEST: i32 = 500;

/// The next day on which something is not filed, however far away it is, and what is near or late.
pub(crate) fn next(open: &[OpenDeadline], today: Date) -> Option<NextDeadline> {
    let days = |open: &OpenDeadline| (open.day - today).get_days();
    let count = |wanted: &dyn Fn(i32) -> bool| {
        u32::try_from(open.iter().filter(|open| wanted(days(open))).count()).unwrap_or(u32::MAX)
    };
    let day = open.iter().map(|open| open.day).find(|day| *day >= today)?;
    Some(NextDeadline {
        day: day.to_string(),
        remaining: count(&|days| days == (day - today).get_days()),
        late: count(&|days| days < 0),
        near: count(&|days| (0..=NEAR_DAYS).contains(&days)),
    })
}

/// What is due within so many days, and what is late, from a data folder alone: no authority is asked and nobody needs
/// to be signed in. What is put aside comes with its reason.
///
/// # Errors
/// The database, or the refusal of `work`.
pub fn due(
    work: &Work,
    data_dir: &Path,
    environment: EnvironmentName,
    now: Timestamp,
    within: u16,
    language: Language,
) -> Result<Vec<DueView>, Problem> {
    work.may(Action::Deadlines, None)?;
    let db = Database::open_or_read(data_dir)?;
    let today = norwegian_date(now);
    if !db.is_only_read() {
        // What is damaged keeps nothing else from being told; it is kept, and written to the log.
        db.write(|tx| set_bad_aside(tx, now))?;
        learn_from_history(&db, environment, today)?;
    }
    let (open, staff) = db.read(|db| {
        let duties = load(db, environment)?;
        let open = open_or_aside(db, environment, &duties, today, within.into())?;
        Ok::<_, DatabaseError>((open, staff(db)?))
    })?;
    Ok(open
        .into_iter()
        .filter(|open| work.sees(open.org_number.as_str()))
        .map(|open| DueView {
            key: open.named().to_string(),
            responsible: staff.responsible(open.org_number.as_str(), today),
            because: open.because,
            filing: open.filing,
            aside: open.aside,
            deadline: open.day.to_string(),
            days: (open.day - today).get_days(),
            org_number: open.org_number.to_string(),
            company_name: open.company,
            period: open.period.in_words(language),
            kind: kind(open.category, open.period, language),
        })
        .collect())
}

/// Puts a period aside with a reason, or takes it back, from a data folder alone.
///
/// # Errors
/// `NotFound` for a text that names no period, the database, or the refusal of `work`.
pub fn put_aside(
    work: &Work,
    data_dir: &Path,
    environment: EnvironmentName,
    now: Timestamp,
    key: &str,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let of = parse_period(key)?;
    work.may(Action::PutAside, Some(of.org_number.as_str()))?;
    Database::open(data_dir)?.write(|tx| keep_aside(tx, environment, &of, reason, now))?;
    Ok(())
}

/// The period of a company that a text names.
pub fn parse_period(key: &str) -> Result<DutyPeriod, Problem> {
    key.parse().map_err(|error: aside::NoDutyPeriod| problem::of(ErrorCode::NotFound, &error))
}

#[cfg(test)]
mod tests;
