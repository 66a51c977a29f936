//! Duties: that a company files returns of a category, and how long its periods are.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::{Timestamp, civil::Date};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use store::database::{Database, DatabaseError, columns::word};
use vat_return::{Category, OrgNumber, Period, PeriodKind, calendar};
use view::{EnvironmentName, NameKey};

use super::periods;

/// A company's duty to file returns of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The company.
    pub org_number: OrgNumber,
    /// Its name, where it is known.
    pub company: Option<String>,
    /// The kind of return.
    pub category: Category,
    /// How often it is filed.
    pub kind: PeriodKind,
    /// Periods that begin earlier are not followed: whether they were filed, nobody here knows.
    pub(crate) first_day: Date,
    /// Said by the user.
    pub(crate) chosen: bool,
    /// Its company is to have no reminders.
    pub(crate) muted: bool,
}

impl Duty {
    /// Whether a period is followed: the day from which it is followed lies in it or before it.
    pub(crate) fn follows(&self, period: Period) -> bool {
        period.last_day() >= self.first_day
    }
}

/// All duties that are followed, by the company's name.
pub fn load(db: &Connection, environment: EnvironmentName) -> Result<Vec<Duty>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT d.org_number, coalesce(c.name, (SELECT company_name FROM filings AS f WHERE f.environment = d.environment
                AND f.org_number = d.org_number AND f.company_name IS NOT NULL LIMIT 1)),
            d.category, d.kind, d.first_day, d.chosen,
            EXISTS (SELECT 1 FROM muted AS m WHERE m.environment = d.environment AND m.org_number = d.org_number)
         FROM duties AS d LEFT JOIN companies AS c USING (environment, org_number)
         WHERE d.environment = ?1 AND d.followed = 1",
    )?;
    let mut rows = statement.query(params![word(&environment)])?;
    let mut duties = Vec::new();
    while let Some(row) = rows.next()? {
        let (category, kind, first_day): (String, String, String) = (row.get(2)?, row.get(3)?, row.get(4)?);
        duties.push(Duty {
            org_number: org_number(row.get(0)?)?,
            company: row.get::<_, Option<String>>(1)?.as_deref().map(view::readable_name),
            category: Category::from_xml(&category)
                .ok_or(DatabaseError::Value { column: "category", found: category })?,
            kind: kind_of(&kind).ok_or(DatabaseError::Value { column: "kind", found: kind })?,
            first_day: first_day.parse().map_err(|_| DatabaseError::Value { column: "first_day", found: first_day })?,
            chosen: row.get(5)?,
            muted: row.get(6)?,
        });
    }
    duties.sort_by_cached_key(|duty| {
        let number = duty.org_number.to_string();
        (NameKey::of(duty.company.as_deref().unwrap_or(&number)), number, duty.category.xml())
    });
    Ok(duties)
}

/// Puts duties that cannot be read out of everybody's way, with all that can be told of them. Says what each seems to have
/// been; what was filed teaches it anew.
///
/// # Errors
/// The database.
pub fn set_bad_aside(tx: &Connection, at: Timestamp) -> Result<Vec<String>, DatabaseError> {
    let all = "SELECT rowid, org_number, category, kind, first_day FROM duties";
    let mut bad: Vec<(i64, String)> = Vec::new();
    let mut statement = tx.prepare(all)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let told = |place: usize| -> Result<String, DatabaseError> {
            Ok(String::from_utf8_lossy(row.get_ref(place)?.as_bytes().unwrap_or_default()).into_owned())
        };
        let (category, kind, first_day) = (told(2)?, told(3)?, told(4)?);
        let company = told(1)?;
        let reads = is_org_number(&company) && Category::from_xml(&category).is_some() && kind_of(&kind).is_some();
        if !reads || first_day.parse::<Date>().is_err() {
            bad.push((row.get(0)?, [company, category, kind, first_day].join(" ")));
        }
    }
    for (number, what) in &bad {
        tracing::error!(?what, "A damaged row of the deadlines is set aside.");
        let kept = "INSERT INTO set_aside (at, what, content) VALUES (?1, ?2, ?3)";
        tx.execute(kept, params![at.to_string(), format!("duties {number}"), what])?;
        tx.execute("DELETE FROM duties WHERE rowid = ?1", [number])?;
    }
    Ok(bad.into_iter().map(|(_, what)| what).collect())
}

/// Learns from a return: that the company files this category, since when, and how long its periods are.
///
/// What the user has said is not learnt over, and the newest period decides.
pub(crate) fn learn(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    org_number: &OrgNumber,
    category: Category,
    period: Period,
) -> Result<(), DatabaseError> {
    let first_day = period.first_day().to_string();
    let known: Option<(String, String, bool, bool)> = tx
        .prepare_cached(
            "SELECT first_day, learnt_to, chosen, followed FROM duties
             WHERE environment = ?1 AND org_number = ?2 AND category = ?3",
        )?
        .query_row(params![word(&environment), org_number.as_str(), category.xml()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?;
    match known {
        None => {
            tx.prepare_cached(
                "INSERT INTO duties (environment, org_number, category, kind, first_day, learnt_to, chosen, followed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0, 1)",
            )?
            .execute(params![
                word(&environment),
                org_number.as_str(),
                category.xml(),
                period.xml_element(),
                first_day
            ])?;
        }
        Some((known_first, learnt_to, false, true)) => {
            // ISO dates compare as text.
            if first_day < known_first {
                tx.prepare_cached(
                    "UPDATE duties SET first_day = ?4 WHERE environment = ?1 AND org_number = ?2 AND category = ?3",
                )?
                .execute(params![
                    word(&environment),
                    org_number.as_str(),
                    category.xml(),
                    first_day
                ])?;
            }
            if first_day >= learnt_to {
                tx.prepare_cached(
                    "UPDATE duties SET kind = ?4, learnt_to = ?5
                     WHERE environment = ?1 AND org_number = ?2 AND category = ?3",
                )?
                .execute(params![
                    word(&environment),
                    org_number.as_str(),
                    category.xml(),
                    period.xml_element(),
                    first_day
                ])?;
            }
        }
        Some(_) => {}
    }
    Ok(())
}

/// Learns from many returns, in their order: company, category and period of each.
pub(crate) fn learn_all<'a>(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    returns: impl Iterator<Item = (&'a OrgNumber, Category, Period)>,
) -> Result<(), DatabaseError> {
    // Of a duty's periods the earliest and the latest tell all there is to learn, and a thousand may be dropped.
    let mut ends: HashMap<(&OrgNumber, Category), (Period, Period)> = HashMap::new();
    // Of a week that its year has not there is nothing to learn.
    for (org_number, category, period) in returns.filter(|(.., period)| period.exists()) {
        let (earliest, latest) = ends.entry((org_number, category)).or_insert((period, period));
        if period.first_day() < earliest.first_day() {
            *earliest = period;
        }
        if period.first_day() >= latest.first_day() {
            *latest = period;
        }
    }
    for ((org_number, category), (earliest, latest)) in ends {
        learn(tx, environment, org_number, category, earliest)?;
        learn(tx, environment, org_number, category, latest)?;
    }
    Ok(())
}

/// Learns from returns that were opened, which are not filed yet.
///
/// Whether the periods between an old return and now were filed, nobody here knows: of an old return is only learnt that
/// the company files, from the first period on whose deadline has not passed, and only if nothing is known of it yet.
pub fn learn_opened<'a>(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    returns: impl Iterator<Item = (&'a OrgNumber, Category, Period)>,
    today: Date,
) -> Result<(), DatabaseError> {
    let (old, new): (Vec<_>, Vec<_>) =
        returns.partition(|(_, category, period)| is_followed_by_a_passed_one(*category, *period, today));
    learn_all(tx, environment, new.into_iter())?;
    let mut met = HashSet::new();
    for (org_number, category, period) in old {
        if !met.insert((org_number, category)) || is_known(tx, environment, org_number, category)? {
            continue;
        }
        if let Some(first) = first_not_passed(category, period.kind, today) {
            learn(tx, environment, org_number, category, first)?;
        }
    }
    Ok(())
}

fn is_known(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    org_number: &OrgNumber,
    category: Category,
) -> Result<bool, DatabaseError> {
    let known = tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM duties WHERE environment = ?1 AND org_number = ?2 AND category = ?3)",
        )?
        .query_row(params![word(&environment), org_number.as_str(), category.xml()], |row| row.get(0))?;
    Ok(known)
}

fn passed(category: Category, period: &Period, today: Date) -> bool {
    calendar::deadline(category, period).is_some_and(|day| day < today)
}

/// Whether the deadline of a later period has passed too.
fn is_followed_by_a_passed_one(category: Category, period: Period, today: Date) -> bool {
    (period.year..=period.year.saturating_add(1))
        .flat_map(|year| periods(period.kind, year))
        .find(|later| later.first_day() > period.first_day())
        .is_some_and(|next| passed(category, &next, today))
}

pub(super) fn first_not_passed(category: Category, kind: PeriodKind, today: Date) -> Option<Period> {
    let year = i32::from(today.year());
    (year - 2..=year + 1)
        .flat_map(|year| periods(kind, year))
        .find(|period| calendar::deadline(category, period).is_some_and(|day| day >= today))
}

/// A company whose newest return is of a period that ended longer ago than this many days is a client no more.
const FORGOTTEN_AFTER: i32 = 550;

/// Learns from everything that was filed and is not known yet: before duties were kept, by another person, on another
/// day. What the user has unfollowed is known.
pub fn learn_from_history(db: &Database, environment: EnvironmentName, today: Date) -> Result<(), DatabaseError> {
    let filed = db.read(|db| unknown(db, environment))?;
    let lately = |periods: &[Period]| {
        let newest = periods.iter().map(Period::last_day).max();
        newest.is_some_and(|newest| (today - newest).get_days() <= FORGOTTEN_AFTER)
    };
    let learnt: Vec<_> = filed.into_iter().filter(|(_, periods)| lately(periods)).collect();
    if learnt.is_empty() {
        return Ok(());
    }
    db.write(|tx| {
        for ((company, category), periods) in &learnt {
            let category = Category::from_xml(category)
                .ok_or_else(|| DatabaseError::Value { column: "category", found: category.clone() })?;
            learn_all(tx, environment, periods.iter().map(|period| (company, category, *period)))?;
        }
        Ok::<_, DatabaseError>(())
    })
}

/// The periods that were filed for duties nobody knows of, by company and category.
fn unknown(
    db: &Connection,
    environment: EnvironmentName,
) -> Result<BTreeMap<(OrgNumber, String), Vec<Period>>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "SELECT DISTINCT org_number, category, period_element, period_value, period_year FROM filings AS f
         WHERE environment = ?1 AND NOT EXISTS (SELECT 1 FROM duties AS d WHERE d.environment = f.environment
            AND d.org_number = f.org_number AND d.category = f.category)",
    )?;
    let mut rows = statement.query(params![word(&environment)])?;
    let mut filed: BTreeMap<(OrgNumber, String), Vec<Period>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let (element, value): (String, String) = (row.get(2)?, row.get(3)?);
        // Of a filing that is damaged there is nothing to learn.
        let company = OrgNumber::parse(&row.get::<_, String>(0)?);
        if let (Ok(company), Some(period)) = (company, Period::from_xml(&element, &value, row.get(4)?)) {
            filed.entry((company, row.get(1)?)).or_default().push(period);
        }
    }
    Ok(filed)
}

/// Keeps what the user says of a duty.
pub fn choose(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    duty: (&OrgNumber, Category),
    kind: PeriodKind,
    from: Date,
) -> Result<(), DatabaseError> {
    tx.execute(
        "INSERT INTO duties (environment, org_number, category, kind, first_day, learnt_to, chosen, followed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1, 1)
         ON CONFLICT (environment, org_number, category) DO UPDATE SET kind = excluded.kind,
            first_day = excluded.first_day, chosen = 1, followed = 1",
        params![word(&environment), duty.0.as_str(), duty.1.xml(), kind.xml_element(), from.to_string()],
    )?;
    Ok(())
}

/// Follows a duty no longer; it is not learnt again.
pub fn unfollow(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    org_number: &OrgNumber,
    category: Category,
) -> Result<(), DatabaseError> {
    tx.execute(
        "UPDATE duties SET followed = 0 WHERE environment = ?1 AND org_number = ?2 AND category = ?3",
        params![word(&environment), org_number.as_str(), category.xml()],
    )?;
    Ok(())
}

/// Has no reminders for a company from now on, or has them again.
pub fn mute(
    tx: &Transaction<'_>,
    environment: EnvironmentName,
    org_number: &OrgNumber,
    muted: bool,
) -> Result<(), DatabaseError> {
    let statement = if muted {
        "INSERT OR IGNORE INTO muted (environment, org_number) VALUES (?1, ?2)"
    } else {
        "DELETE FROM muted WHERE environment = ?1 AND org_number = ?2"
    };
    tx.execute(statement, params![word(&environment), org_number.as_str()])?;
    Ok(())
}

/// A company as the database has it. An earlier version followed numbers with a wrong check digit too: nobody has such a
/// one, and its row is set aside with the damaged ones.
fn org_number(text: String) -> Result<OrgNumber, DatabaseError> {
    match OrgNumber::parse(&text) {
        Ok(number) if number.as_str() == text => Ok(number),
        _ => Err(DatabaseError::Value { column: "org_number", found: text }),
    }
}

fn is_org_number(text: &str) -> bool {
    OrgNumber::parse(text).is_ok_and(|number| number.as_str() == text)
}

fn kind_of(element: &str) -> Option<PeriodKind> {
    PeriodKind::ALL.into_iter().find(|kind| kind.xml_element() == element)
}
