//! Reminders: told once each, computed from dates, and never while the person wants quiet.
//!
//! At a moment there are facts (a deadline with nothing filed, an authorization that ends), each with occasions at which
//! it is told of. An occasion that has come and has not been told is told now; when several of one subject have come,
//! because the computer was off, the newest speaks and the others are passed over. What was told is written down before
//! it is shown, so that a crash can lose a notification and never repeat one; the bell still lists it.
//!
//! No timer decides anything. [`Watch::is_due`] is asked every half minute and compares the clock with the next moment
//! at which something can change; a clock that has been set back or a computer in another time zone are looked at anew.
//!
//! ```
//! use reminders::deadlines::periods;
//! use vat_return::PeriodKind;
//!
//! assert_eq!(periods(PeriodKind::TwoMonths, 2026).count(), 6);
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod deadlines;
mod facts;
mod settings;
mod silence;
mod texts;
mod tray;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use access::authorizations::Consent;
use facts::{Fact, Matter, Occasion};
pub use facts::{Facts, SignedIn, midnight, morning};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
use rusqlite::{OptionalExtension as _, Transaction, params};
pub use settings::{load, store};
use store::database::{Database, DatabaseError, columns::word};
pub use tray::{TrayTexts, snooze_label, tray};
use vat_return::Language;
use view::{
    AuthorizationLeft, EnvironmentName, NoticeView, ReminderSettings, RemindersView, Snooze, Standing,
    texts::{moment, norwegian_date},
};

use crate::deadlines::OpenDeadline;

/// Looked after at least so often while the program runs, so that a later start knows how long it was away.
const LOOK_EVERY: SignedDuration = SignedDuration::from_hours(6);
/// Away longer than this, what was missed is summed up.
const AWAY: SignedDuration = SignedDuration::from_hours(24);
/// More notices than this at once are summed up too.
const TOGETHER: usize = 3;
/// What was told by a clock that far ahead of the present one was told by a wrong clock, and counts no longer.
const WRONG_CLOCK: SignedDuration = SignedDuration::from_hours(30 * 24);
/// What was told longer ago than this is forgotten; nothing is told of for so long.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(800 * 24);
/// An authorization with less than this left, in days, is soon at its end.
const AUTHORIZATION_SOON: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A deadline within so many days is soon.
const DEADLINE_SOON: i32 = 3;
/// The notice that sums up.
const SUMMARY: &str = "summary";

/// What the operating system is to show, or to show no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Announcement {
    /// A notice; one of the same key is replaced by it.
    Show {
        /// The notice.
        notice: NoticeView,
        /// Only its words have changed: nobody is to be disturbed by that.
        quietly: bool,
    },
    /// The matter is settled.
    Withdraw {
        /// The notice's key.
        key: String,
    },
}

/// Looks after the reminders of one environment.
pub struct Watch {
    db: Arc<Database>,
    environment: EnvironmentName,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// What the operating system shows, as far as this run of the program has told it.
    displayed: BTreeMap<String, NoticeView>,
    last: Option<Timestamp>,
    next: Option<Timestamp>,
    zone: Option<TimeZone>,
}

/// What a look found.
#[derive(Debug, Clone)]
pub struct Evaluation {
    /// What is shown.
    pub view: RemindersView,
    /// What the operating system is to show.
    pub announcements: Vec<Announcement>,
    /// What both were made of.
    pub grounds: Grounds,
}

/// What a view is made of: another one for everybody who may not see all companies.
#[derive(Debug, Clone)]
pub struct Grounds {
    facts: Facts,
    told: ReminderLog,
    at: Timestamp,
    language: Language,
    paused_until: Option<String>,
}

/// Who asks, and when.
pub struct Circumstances<'a> {
    /// The present moment.
    pub now: Timestamp,
    /// The zone the person is in: her quiet hours. Deadlines are Norwegian everywhere.
    pub zone: &'a TimeZone,
    /// When reminders come.
    pub settings: &'a ReminderSettings,
    /// The language.
    pub language: Language,
    /// Who is signed in, and how long.
    pub signed_in: Option<&'a SignedIn>,
}

/// A notice's row.
#[derive(Debug, Clone)]
struct StoredNotice {
    at: Timestamp,
    snoozed_until: Option<Timestamp>,
    dismissed: bool,
}

/// What the log says after a look.
#[derive(Debug, Clone)]
struct ReminderLog {
    spoken: BTreeSet<String>,
    /// Subjects that have been told of at least once.
    subjects: HashSet<String>,
    kept: HashMap<String, StoredNotice>,
    away: bool,
    /// The next occasion that has not been told.
    next: Option<Timestamp>,
}

impl Watch {
    /// A watch over the facts of an environment.
    pub fn new(db: Arc<Database>, environment: EnvironmentName) -> Self {
        Self { db, environment, state: Mutex::default() }
    }

    /// Whether anything can have changed since the last look by the clock alone.
    pub fn is_due(&self, now: Timestamp, zone: &TimeZone) -> bool {
        let state = self.state();
        state.last.is_none_or(|last| now < last)
            || state.next.is_none_or(|next| now >= next)
            || state.zone.as_ref() != Some(zone)
    }

    /// Tells what is due, writes down that it was told, and says how everything stands.
    pub fn look(&self, now: &Circumstances<'_>) -> Result<Evaluation, DatabaseError> {
        let Circumstances { now: at, zone, settings, language, signed_in } = *now;
        let mut state = self.state();
        let facts = self.db.read(|db| Facts::read(db, self.environment, settings, signed_in, at))?;
        let silent = silence::silent_until(at, zone, settings);
        let told = self.db.write(|tx| self.record_due(tx, &facts.facts, at, silent.is_some()))?;
        let paused_until =
            settings.paused_until.clone().filter(|until| until.parse::<Timestamp>().is_ok_and(|until| until > at));
        let grounds = Grounds { facts, told, at, language, paused_until };
        let view = grounds.view(&|_| true);
        let Grounds { facts, told, .. } = &grounds;
        let announcements = announce(&mut state.displayed, &view.notices, told, silent.is_some(), at, language);
        state.last = Some(at);
        state.zone = Some(zone.clone());
        state.next = next_look(facts, told, silent, at);
        Ok(Evaluation { view, announcements, grounds })
    }

    /// Puts a notice off.
    pub fn snooze(&self, key: &str, until: Timestamp) -> Result<(), DatabaseError> {
        self.db.write(|tx| {
            tx.execute(
                "UPDATE notices SET snoozed_until = ?3 WHERE environment = ?1 AND notice = ?2",
                params![word(&self.environment), key, until.to_string()],
            )?;
            Ok(())
        })
    }

    /// Takes a notice from the list until there is something new to say.
    pub fn dismiss(&self, key: &str) -> Result<(), DatabaseError> {
        self.db.write(|tx| {
            tx.execute(
                "UPDATE notices SET dismissed = 1 WHERE environment = ?1 AND notice = ?2",
                params![word(&self.environment), key],
            )?;
            Ok(())
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what is told now.
    fn record_due(
        &self,
        tx: &Transaction<'_>,
        facts: &[Fact],
        now: Timestamp,
        silent: bool,
    ) -> Result<ReminderLog, DatabaseError> {
        let environment = word(&self.environment);
        let last: Option<String> = tx
            .query_row("SELECT last_at FROM reminder_watch WHERE environment = ?1", params![environment], |row| {
                row.get(0)
            })
            .optional()?;
        let last = last.and_then(|last| last.parse::<Timestamp>().ok());
        let wrong = now.saturating_add(WRONG_CLOCK).unwrap_or(Timestamp::MAX);
        let old = now.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        tx.execute(
            "DELETE FROM reminders WHERE environment = ?1 AND (told_at > ?2 OR told_at < ?3)",
            params![environment, wrong.to_string(), old.to_string()],
        )?;
        let mut kept = self.stored_notices(tx)?;
        let mut told = ReminderLog {
            spoken: BTreeSet::new(),
            subjects: HashSet::new(),
            kept: HashMap::new(),
            away: last.is_some_and(|last| now.duration_since(last) >= AWAY),
            next: None,
        };
        for fact in facts {
            let logged = self.logged(tx, &fact.subject)?;
            let open = |occasion: &&Occasion| !logged.contains(&occasion.name) && now < occasion.until;
            let pending: Vec<&Occasion> =
                fact.occasions.iter().filter(open).filter(|occasion| occasion.due <= now).collect();
            let coming = fact.occasions.iter().filter(open).map(|occasion| occasion.due).find(|due| *due > now);
            told.next = earlier(told.next, coming);
            if !logged.is_empty() {
                told.subjects.insert(fact.subject.clone());
            }
            let snoozed = kept.get(&fact.notice).and_then(|kept| kept.snoozed_until).is_some_and(|until| until > now);
            // Whatever happened before reminders began is history: nobody is told of all old receipts at once.
            let before = last.is_none() && fact.matter.is_history();
            if pending.is_empty() || (!before && (silent || snoozed)) {
                continue;
            }
            let (newest, passed) = match pending.split_last() {
                Some((newest, passed)) if !before => (Some(*newest), passed),
                _ => (None, pending.as_slice()),
            };
            for occasion in passed {
                self.log(tx, &fact.subject, &occasion.name, occasion.due, now, true)?;
            }
            if let Some(newest) = newest {
                self.log(tx, &fact.subject, &newest.name, newest.due, now, false)?;
                told.subjects.insert(fact.subject.clone());
                told.spoken.insert(fact.notice.clone());
            }
        }
        let live: HashSet<&str> = facts.iter().map(|fact| fact.notice.as_str()).collect();
        for (notice, row) in &kept {
            if !live.contains(notice.as_str()) {
                tx.execute("DELETE FROM notices WHERE environment = ?1 AND notice = ?2", params![environment, notice])?;
            } else if let Some(until) = row.snoozed_until {
                if until > now {
                    told.next = earlier(told.next, Some(until));
                } else if !silent && self.log(tx, notice, &format!("snoozed {until}"), until, now, false)? {
                    told.spoken.insert(notice.clone());
                }
            }
        }
        kept.retain(|notice, _| live.contains(notice.as_str()));
        for notice in &told.spoken {
            tx.execute(
                "INSERT INTO notices (environment, notice, at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (environment, notice) DO UPDATE SET at = excluded.at, snoozed_until = NULL, dismissed = 0",
                params![environment, notice, now.to_string()],
            )?;
            kept.insert(notice.clone(), StoredNotice { at: now, snoozed_until: None, dismissed: false });
        }
        tx.execute(
            "INSERT INTO reminder_watch (environment, last_at) VALUES (?1, ?2)
             ON CONFLICT (environment) DO UPDATE SET last_at = excluded.last_at",
            params![environment, now.to_string()],
        )?;
        told.kept = kept;
        Ok(told)
    }

    fn logged(&self, tx: &Transaction<'_>, subject: &str) -> Result<HashSet<String>, DatabaseError> {
        let mut statement =
            tx.prepare_cached("SELECT occasion FROM reminders WHERE environment = ?1 AND subject = ?2")?;
        let rows = statement.query_map(params![word(&self.environment), subject], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes one down; false when it was told before.
    fn log(
        &self,
        tx: &Transaction<'_>,
        subject: &str,
        occasion: &str,
        due: Timestamp,
        now: Timestamp,
        passed_over: bool,
    ) -> Result<bool, DatabaseError> {
        let written = tx.execute(
            "INSERT OR IGNORE INTO reminders (environment, subject, occasion, due_at, told_at, passed_over)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![word(&self.environment), subject, occasion, due.to_string(), now.to_string(), passed_over],
        )?;
        Ok(written == 1)
    }

    fn stored_notices(&self, tx: &Transaction<'_>) -> Result<HashMap<String, StoredNotice>, DatabaseError> {
        let mut statement =
            tx.prepare_cached("SELECT notice, at, snoozed_until, dismissed FROM notices WHERE environment = ?1")?;
        let mut rows = statement.query(params![word(&self.environment)])?;
        let mut kept = HashMap::new();
        while let Some(row) = rows.next()? {
            let (at, snoozed): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let at = at.parse().map_err(|_| DatabaseError::Value { column: "at", found: at })?;
            let snoozed_until = snoozed.and_then(|until| until.parse().ok());
            kept.insert(row.get(0)?, StoredNotice { at, snoozed_until, dismissed: row.get(3)? });
        }
        Ok(kept)
    }
}

impl Grounds {
    /// How everything stands for somebody who sees these companies, and no others: neither names nor numbers nor days of
    /// the rest are in it.
    pub fn view(&self, sees: &dyn Fn(&str) -> bool) -> RemindersView {
        let today = norwegian_date(self.at);
        let open: Vec<OpenDeadline> =
            self.facts.open.iter().filter(|open| sees(open.org_number.as_str())).cloned().collect();
        let current = self.facts.authorizations.iter().find(|consent| consent.current);
        RemindersView {
            notices: self.notices(&open, sees),
            standing: urgency(&open, &self.facts.authorizations, self.at),
            next: deadlines::next(&open, today),
            authorization: current
                .map(|consent| AuthorizationLeft { person: consent.person.clone(), until: moment(consent.ends_at) }),
            paused_until: self.paused_until.clone(),
        }
    }

    /// What the bell lists: everything that has been told of and still holds.
    fn notices(&self, open: &[OpenDeadline], sees: &dyn Fn(&str) -> bool) -> Vec<NoticeView> {
        let Self { told, at: now, language, .. } = self;
        // A sign-in is needed for a deadline; of somebody else's she is told nothing.
        let concerns = |fact: &Fact| match &fact.matter {
            Matter::SignIn { deadline, .. } => open.iter().any(|open| open.day == *deadline),
            matter => matter.org_number().is_none_or(sees),
        };
        let mut groups: BTreeMap<&str, Vec<&Fact>> = BTreeMap::new();
        let facts = self.facts.facts.iter().filter(|fact| told.subjects.contains(&fact.subject));
        for fact in facts.filter(|fact| concerns(fact)) {
            groups.entry(&fact.notice).or_default().push(fact);
        }
        let mut notices: Vec<(Timestamp, NoticeView)> = groups
            .into_iter()
            .filter_map(|(notice, facts)| {
                let kept = told.kept.get(notice)?;
                let hidden = kept.dismissed || kept.snoozed_until.is_some_and(|until| until > *now);
                if hidden {
                    return None;
                }
                Some((kept.at, texts::notice(notice, &facts, kept.at, *now, *language)?))
            })
            .collect();
        notices.sort_by(|(a_at, a), (b_at, b)| {
            (b.late, a.kind, std::cmp::Reverse(a_at), &a.key).cmp(&(a.late, b.kind, std::cmp::Reverse(b_at), &b.key))
        });
        notices.into_iter().map(|(_, notice)| notice).collect()
    }
}

/// What changes on the operating system's display.
fn announce(
    displayed: &mut BTreeMap<String, NoticeView>,
    notices: &[NoticeView],
    told: &ReminderLog,
    silent: bool,
    now: Timestamp,
    language: Language,
) -> Vec<Announcement> {
    let mut announcements = Vec::new();
    let spoken: Vec<&NoticeView> = notices.iter().filter(|notice| told.spoken.contains(&notice.key)).collect();
    let sum_up = spoken.len() > TOGETHER || (told.away && spoken.len() > 1);
    if sum_up {
        let summary = texts::summary(&spoken, told.away, now, language);
        displayed.insert(SUMMARY.to_owned(), summary.clone());
        announcements.push(Announcement::Show { notice: summary, quietly: false });
    } else {
        for notice in spoken {
            displayed.insert(notice.key.clone(), notice.clone());
            announcements.push(Announcement::Show { notice: notice.clone(), quietly: false });
        }
    }
    let live: HashMap<&str, &NoticeView> = notices.iter().map(|notice| (notice.key.as_str(), notice)).collect();
    let gone: Vec<String> = displayed
        .keys()
        .filter(|key| if *key == SUMMARY { live.is_empty() } else { !live.contains_key(key.as_str()) })
        .cloned()
        .collect();
    for key in gone {
        displayed.remove(&key);
        announcements.push(Announcement::Withdraw { key });
    }
    if silent {
        return announcements;
    }
    for (key, shown) in displayed.iter_mut() {
        let Some(fresh) = live.get(key.as_str()).filter(|fresh| **fresh != shown) else { continue };
        *shown = (*fresh).clone();
        announcements.push(Announcement::Show { notice: shown.clone(), quietly: true });
    }
    announcements
}

/// Whether anything is urgent.
fn urgency(open: &[OpenDeadline], authorizations: &[Consent], now: Timestamp) -> Standing {
    let today = norwegian_date(now);
    let days = |day: Date| (day - today).get_days();
    let open = || open.iter().filter(|open| !open.muted);
    let consents = || authorizations.iter().filter(|consent| consent.current);
    let left = |consent: &Consent| consent.ends_at.duration_since(now);
    if consents().any(|consent| left(consent) <= SignedDuration::ZERO) || open().any(|open| days(open.day) < 0) {
        Standing::Expired
    } else if consents().any(|consent| left(consent) <= AUTHORIZATION_SOON)
        || open().any(|open| days(open.day) <= DEADLINE_SOON)
    {
        Standing::Soon
    } else {
        Standing::Ok
    }
}

/// The next moment at which something can change by itself.
fn next_look(facts: &Facts, told: &ReminderLog, silent: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let tomorrow = midnight(norwegian_date(now).saturating_add(1.day()));
    let mut next = earlier(Some(tomorrow), now.checked_add(LOOK_EVERY).ok());
    next = earlier(next, silent);
    next = earlier(next, told.next);
    for consent in &facts.authorizations {
        let soon = consent.ends_at.saturating_sub(AUTHORIZATION_SOON).ok();
        for turn in [soon, Some(consent.ends_at)] {
            next = earlier(next, turn.filter(|turn| *turn > now));
        }
    }
    next
}

fn earlier(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// When a notice that is put off now is told again.
pub fn snoozed_until(snooze: Snooze, now: Timestamp) -> Timestamp {
    let today = norwegian_date(now);
    match snooze {
        Snooze::Hour => now.saturating_add(1.hour()).unwrap_or(Timestamp::MAX),
        Snooze::Tomorrow => morning(today.saturating_add(1.day())),
        Snooze::ThreeDays => morning(today.saturating_add(3.days())),
    }
}

#[cfg(test)]
mod tests;
