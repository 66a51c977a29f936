//! What the other desks do, as it was last seen.

use std::time::Duration;

use ::register::{Register, RegisterError, SeenFiling, UnderWay};
use filing::filings::{self, Subject};
use jiff::{SignedDuration, Span, Timestamp, civil::Date, tz::TimeZone};
use store::database::Database;
use view::{CardNote, EnvironmentName, RegisterView, texts::moment};

use super::{environment, telling::TellError};

/// Whether a page goes on from where the last ended, and from no day ahead: a register that says otherwise would have this desk
/// ask for ever, and hear nothing of what is told later.
fn is_in_order(page: &[SeenFiling], after: &(Timestamp, String), latest: Timestamp) -> Result<(), RegisterError> {
    let mut last = (after.0, after.1.as_str());
    for filing in page {
        let this = (filing.changed_at, filing.id.as_str());
        // Of one moment the server's order of keys counts, which need not be this one's.
        if this.0 < last.0 || this == last || this.0 > latest {
            return Err(RegisterError::Odd("its changes are in no order".to_owned()));
        }
        last = this;
    }
    Ok(())
}

/// How many filings of others are kept at most.
const MOST: usize = 3_000_000;
/// How many filings of others are asked for at a time.
const PAGE: i64 = 1000;
/// What was written so long before the last that was seen may have been told after it: each is one statement, which the
/// server ends before.
const OVERLAP: SignedDuration = SignedDuration::from_secs(60);
/// How many years of the others' filings are looked at: as far back as deadlines reach that somebody still follows.
const YEARS: i16 = 3;

/// What the other desks do, as it was last seen.
#[derive(Debug, Default)]
pub(crate) struct Others {
    under_way: Vec<UnderWay>,
    /// Why the register does not answer.
    away: Option<String>,
    /// Since when it does not.
    away_since: Option<Timestamp>,
    /// What was told last of how the desk stands with it.
    shown: Option<RegisterView>,
}

impl Others {
    /// What is known of a return's period: that it is being filed from another desk.
    pub(crate) fn note(&self, subject: &Subject) -> Option<CardNote> {
        let of = |it: &&UnderWay| {
            let Subject { org_number, category, period, .. } = subject;
            (&it.subject.company, &it.subject.category, &it.subject.period) == (org_number, category, period)
        };
        self.under_way.iter().find(of).map(|it| CardNote::Elsewhere {
            person: it.name.clone(),
            desk: it.desk.clone(),
            since: moment(it.since),
            delivering: it.delivering,
        })
    }

    /// The register answers, or why it does not.
    pub(crate) fn is_away(&mut self, why: Option<String>, now: Timestamp) {
        self.away_since = why.as_ref().map(|_| self.away_since.unwrap_or(now));
        self.away = why;
    }

    /// Since when it does not answer.
    pub(crate) fn away_since(&self) -> Option<Timestamp> {
        self.away_since
    }

    /// This is told of how the desk stands with it; whether it is anything else than what was told last.
    pub(crate) fn is_shown(&mut self, view: &RegisterView) -> bool {
        self.shown.replace(*view).as_ref() != Some(view)
    }

    /// Why it does not answer.
    pub(crate) fn away(&self) -> Option<&str> {
        self.away.as_deref()
    }

    /// What is seen now; whether that is anything new.
    pub(crate) fn see(&mut self, under_way: Vec<UnderWay>) -> bool {
        let same = |one: &UnderWay, other: &UnderWay| {
            (&one.subject, one.delivering, &one.name, &one.desk)
                == (&other.subject, other.delivering, &other.name, &other.desk)
        };
        let unchanged = self.under_way.len() == under_way.len()
            && self.under_way.iter().zip(&under_way).all(|(one, other)| same(one, other));
        self.under_way = under_way;
        !unchanged
    }

    /// When the first lease ends that runs: what has not been renewed by then is nobody's.
    pub(crate) fn lasts(&self) -> Option<Duration> {
        self.under_way.iter().map(|it| it.lasts).min()
    }
}

/// What others file at this moment.
///
/// # Errors
/// The register.
pub(crate) async fn under_way(register: &Register, of: EnvironmentName) -> Result<Vec<UnderWay>, RegisterError> {
    register.under_way(environment(of)).await
}

/// Brings over what others have filed since this was done last; whether there was anything.
///
/// # Errors
/// [`TellError`]; what was brought over until then is there.
pub(crate) async fn follow(
    db: &Database,
    register: &Register,
    of: EnvironmentName,
    today: Date,
) -> Result<bool, TellError> {
    let last = db.read(|db| filings::seen_until(db, of))?;
    let mut after = (last.map_or(Timestamp::UNIX_EPOCH, |at| at.saturating_sub(OVERLAP).unwrap_or(at)), String::new());
    let oldest = Date::new(today.year().saturating_sub(YEARS), 1, 1).unwrap_or(today);
    let mut news = false;
    // By the server's clock, which is no month away from this one.
    let latest =
        today.saturating_add(Span::new().days(31)).to_zoned(TimeZone::UTC).map_or(Timestamp::MAX, |at| at.timestamp());
    let (mut room, mut asked) = (None::<usize>, 0_usize);
    loop {
        let page = register.changed(environment(of), (after.0, &after.1), oldest, PAGE).await?;
        let Some(newest) = page.last() else { return Ok(news) };
        is_in_order(&page, &after, latest)?;
        asked = asked.saturating_add(page.len());
        if asked > MOST {
            return Err(RegisterError::Odd("its changes have no end".to_owned()).into());
        }
        after = (newest.changed_at, newest.id.clone());
        let whole = i64::try_from(page.len()).unwrap_or(PAGE) < PAGE;
        // Of the overlap nothing is new.
        news |= page.iter().any(|it| last.is_none_or(|last| it.changed_at > last));
        if !db.is_only_read() {
            // Counted only where there is much of it.
            let left = match room {
                None if whole => None,
                None => Some(MOST.saturating_sub(db.read(|db| filings::seen_count(db, of))?)),
                Some(left) => Some(left),
            };
            if left.is_some_and(|left| left < page.len()) {
                return Err(RegisterError::Odd("there are more filings than a firm has".to_owned()).into());
            }
            room = left.map(|left| left - page.len());
            db.write(|tx| filings::keep_seen(tx, of, &page))?;
        }
        if whole {
            return Ok(news);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn seen(at: &str, id: &str) -> SeenFiling {
        SeenFiling {
            id: id.to_owned(),
            subject: ::register::Subject {
                environment: ::register::Environment::Practice,
                company: "311797816".parse().unwrap(),
                category: vat_return::Category::Ordinary,
                period: vat_return::Period { kind: vat_return::PeriodKind::TwoMonths, index: 1, year: 2026 },
            },
            state: "received".to_owned(),
            delivered: "yes".to_owned(),
            delivered_at: None,
            name: "Ola".to_owned(),
            desk: "pc-ola".to_owned(),
            changed_at: at.parse().unwrap(),
        }
    }

    /// A register that tells what it has told, or what is of a day to come, would be asked for ever.
    #[test]
    fn changes_that_go_back_or_ahead_are_given_up() {
        let latest: Timestamp = "2026-12-02T00:00:00Z".parse().unwrap();
        let after = ("2026-11-30T10:00:00Z".parse().unwrap(), "b".to_owned());
        let good =
            [seen("2026-11-30T10:00:00Z", "c"), seen("2026-11-30T10:00:00Z", "d"), seen("2026-11-30T11:00:00Z", "a")];
        assert!(is_in_order(&good, &after, latest).is_ok());
        for bad in [
            vec![seen("2026-11-30T10:00:00Z", "b")],
            vec![seen("2026-11-30T09:59:59Z", "c")],
            vec![seen("2026-11-30T11:00:00Z", "a"), seen("2026-11-30T11:00:00Z", "a")],
            vec![seen("2026-11-30T11:00:00Z", "a"), seen("2026-11-30T10:30:00Z", "b")],
            vec![seen("9999-01-01T00:00:00Z", "a")],
        ] {
            assert!(is_in_order(&bad, &after, latest).is_err(), "{bad:?}");
        }
    }
}
