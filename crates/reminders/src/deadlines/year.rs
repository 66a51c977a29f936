//! A year of deadlines, company by company.

use filing::filings::staff;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use store::database::{DatabaseError, columns::word};
use vat_return::{Category, Language, Period, PeriodKind, calendar, weeks_in};
use view::{
    CompanyView, DeadlineCell, DeadlineRow, DeadlineState, DeadlinesView, DutyStart, EnvironmentName, NameKey,
    OpenBecause, readable_name, texts::kind,
};

use super::{Duty, DutyPeriod, FURTHEST, Filed, History, NEAR_DAYS, duties::first_not_passed, load, next, open};

/// The periods of a kind in a year: 52 or 53 weeks, as the calendar has it.
pub fn periods(kind: PeriodKind, year: i32) -> impl Iterator<Item = Period> {
    let count = match kind {
        PeriodKind::Week => weeks_in(year),
        _ => kind.count(),
    };
    (1..=count).map(move |index| Period { kind, index, year })
}

/// The year that needs attention: this one, or the last one while something of it is still open.
fn default_year(
    db: &Connection,
    environment: EnvironmentName,
    duties: &[Duty],
    today: Date,
) -> Result<i32, DatabaseError> {
    let this = i32::from(today.year());
    let open = open(db, environment, duties, today, NEAR_DAYS)?;
    // Before the first deadline of the year's own periods everything that is near belongs to the year before.
    let before = open.iter().any(|open| open.period.year == this - 1);
    let own = open.iter().any(|open| open.period.year == this);
    Ok(if before && !own && today.month() <= 4 { this - 1 } else { this })
}

/// A year as the window shows it to somebody who sees these companies and no others.
pub fn year_view(
    db: &Connection,
    environment: EnvironmentName,
    year: Option<i32>,
    today: Date,
    language: Language,
    sees: &dyn Fn(&str) -> bool,
) -> Result<DeadlinesView, DatabaseError> {
    let mut duties = load(db, environment)?;
    duties.retain(|duty| sees(duty.org_number.as_str()));
    let mut others = others(db, environment)?;
    others.retain(|company| sees(&company.org_number));
    let year = match year {
        Some(year) => year,
        None => default_year(db, environment, &duties, today)?,
    };
    let histories = History::read(db, environment, &duties, &(year..=year))?;
    let staff = staff(db)?;
    let rows = duties.iter().zip(&histories).map(|(duty, history)| DeadlineRow {
        responsible: staff.responsible(duty.org_number.as_str(), today),
        ..row(duty, history, year, today, language)
    });
    Ok(DeadlinesView {
        year,
        today: today.to_string(),
        rows: rows.collect(),
        others,
        starts: starts(today),
        next: next(&open(db, environment, &duties, today, FURTHEST)?, today),
        calendar_file: String::new(),
        calendar_at: None,
        staff: staff.colleagues(today),
    })
}

fn row(duty: &Duty, history: &History, year: i32, today: Date, language: Language) -> DeadlineRow {
    let length = history.kind_of(duty, year, today);
    let cells = periods(length, year).map(|period| cell(duty, history, period, today, language));
    DeadlineRow {
        org_number: duty.org_number.to_string(),
        company_name: duty.company.clone(),
        category: duty.category.into(),
        kind: length.into(),
        kind_words: kind(duty.category, Period { kind: length, index: 1, year }, language),
        from: duty.first_day.to_string(),
        chosen: duty.chosen,
        muted: duty.muted,
        responsible: None,
        cells: cells.collect(),
    }
}

fn cell(duty: &Duty, history: &History, period: Period, today: Date, language: Language) -> DeadlineCell {
    let (filed, aside) = (history.of(period), history.aside(period));
    let deadline = calendar::deadline(duty.category, &period);
    let days = deadline.map(|day| (day - today).get_days());
    // What was rejected leaves the period open, as if nothing had been delivered.
    let waits = filed.filter(|filed| filed.because() != OpenBecause::Rejected);
    let state = match (waits, days) {
        _ if aside.is_some() => DeadlineState::PutAside,
        (Some(filed), _) if filed.delivered && filed.state.is_accepted() => DeadlineState::Filed,
        (Some(filed), Some(days)) if !filed.delivered && days < 0 => DeadlineState::Late,
        (Some(_), _) => DeadlineState::Waiting,
        (None, None) => DeadlineState::NotDue,
        (None, Some(_)) if !history.expects(duty, period) => DeadlineState::NotDue,
        (None, Some(days)) if days < 0 => DeadlineState::Late,
        (None, Some(days)) if days <= NEAR_DAYS => DeadlineState::Near,
        (None, Some(_)) => DeadlineState::Later,
    };
    let (month, months) = place(period);
    let named = DutyPeriod { org_number: duty.org_number.clone(), category: duty.category, period };
    DeadlineCell {
        key: named.to_string(),
        because: filed.filter(|filed| !filed.delivered).map(Filed::because),
        aside: aside.map(str::to_owned),
        late: match (filed.filter(|filed| filed.delivered).and_then(|filed| filed.on), deadline) {
            (Some(on), Some(day)) => on > day,
            _ => false,
        },
        period: period.in_words(language),
        month,
        months,
        deadline: deadline.map(|day| day.to_string()),
        state,
        filing: filed.and_then(|filed| filed.id.clone()),
        filed_on: filed.filter(|filed| filed.delivered).and_then(|filed| filed.on).map(|on| on.to_string()),
    }
}

/// The month a period is shown in and how many it lasts.
fn place(period: Period) -> (u8, u8) {
    let month = |day: Date| u8::try_from(day.month()).unwrap_or(1);
    match period.kind {
        PeriodKind::HalfMonth => (month(period.first_day()), 0),
        // A week belongs to the month it ends in, within its own year.
        PeriodKind::Week => {
            let last = period.last_day();
            let own = i32::from(last.year()) == period.year;
            (if own { month(last) } else { 12 }, 0)
        }
        _ => {
            let (first, last) = (month(period.first_day()), month(period.last_day()));
            (first, last - first + 1)
        }
    }
}

/// For each category and length the period to begin with; none where there is no deadline.
fn starts(today: Date) -> Vec<DutyStart> {
    let categories = [
        Category::Ordinary,
        Category::PrimaryIndustry,
        Category::Compensation,
        Category::ReverseCharge,
        Category::ECommerce,
    ];
    categories
        .into_iter()
        .flat_map(|category| PeriodKind::ALL.into_iter().map(move |kind| (category, kind)))
        .filter_map(|(category, kind)| {
            let first = first_not_passed(category, kind, today)?;
            Some(DutyStart { category: category.into(), kind: kind.into(), from: first.first_day().to_string() })
        })
        .collect()
}

/// Companies whose names are known and that are not followed.
fn others(db: &Connection, environment: EnvironmentName) -> Result<Vec<CompanyView>, DatabaseError> {
    let mut statement = db.prepare_cached(
        "WITH known(org_number, name) AS (
            SELECT org_number, name FROM companies WHERE environment = ?1
            UNION SELECT org_number, company_name FROM filings AS f WHERE environment = ?1 AND company_name IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM companies AS c WHERE c.environment = ?1 AND c.org_number = f.org_number))
         SELECT org_number, min(name) FROM known AS k WHERE NOT EXISTS (SELECT 1 FROM duties AS d
            WHERE d.environment = ?1 AND d.org_number = k.org_number AND d.followed = 1)
         GROUP BY org_number",
    )?;
    let rows = statement.query_map(params![word(&environment)], |row| {
        Ok(CompanyView { org_number: row.get(0)?, name: readable_name(&row.get::<_, String>(1)?) })
    })?;
    let mut found: Vec<CompanyView> = rows.collect::<Result<_, _>>()?;
    found.sort_by_cached_key(|company| (NameKey::of(&company.name), company.org_number.clone()));
    Ok(found)
}
