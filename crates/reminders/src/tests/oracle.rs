//! What must be told, worked out a second time and in another way: from tables of days, at every moment anew, without
//! the database, without `vat_return::calendar` and without any of the code that it judges.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, date},
    tz::TimeZone,
};

/// Sundays aside, the days of these years on which nothing is due (almanac).
const HOLIDAYS: [(i16, &[(i8, i8)]); 4] = [
    (2025, &[(1, 1), (4, 17), (4, 18), (4, 21), (5, 1), (5, 17), (5, 29), (6, 9), (12, 25), (12, 26)]),
    (2026, &[(1, 1), (4, 2), (4, 3), (4, 6), (5, 1), (5, 14), (5, 17), (5, 25), (12, 25), (12, 26)]),
    (2027, &[(1, 1), (3, 25), (3, 26), (3, 29), (5, 1), (5, 6), (5, 17), (12, 25), (12, 26)]),
    (2028, &[(1, 1), (4, 13), (4, 14), (4, 17), (5, 1), (5, 17), (5, 25), (6, 5), (12, 25), (12, 26)]),
];

fn moved(mut day: Date) -> Date {
    loop {
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        let holidays = HOLIDAYS.iter().find(|(year, _)| *year == day.year()).unwrap().1;
        if !weekend && !holidays.contains(&(day.month(), day.day())) {
            return day;
        }
        day = day.tomorrow().unwrap();
    }
}

/// The tenth of the second month after a period that ends with a month; a month and ten days after any other end.
pub(super) fn deadline(category: &str, kind: &str, index: i32, year: i16) -> (Date, Date) {
    let tenth = |months: i32, ended: Date| {
        ended.first_of_month().checked_add(months.months()).unwrap().with().day(10).build().unwrap()
    };
    let (first, ended) = match kind {
        "week" => {
            // Week 1 is the one with the first Thursday.
            let mut thursday = date(year, 1, 1);
            while thursday.weekday() != jiff::civil::Weekday::Thursday {
                thursday = thursday.tomorrow().unwrap();
            }
            let monday = thursday - 3.days() + (7 * (index - 1)).days();
            (monday, monday + 6.days())
        }
        "half" => {
            let month = i8::try_from((index + 1) / 2).unwrap();
            if index % 2 == 1 {
                (date(year, month, 1), date(year, month, 15))
            } else {
                (date(year, month, 16), date(year, month, 1).last_of_month())
            }
        }
        _ => {
            let months = match kind {
                "month" => 1,
                "two" => 2,
                "three" => 3,
                "six" => 6,
                _ => 12,
            };
            let last = i8::try_from(index * months).unwrap();
            let first = i8::try_from((index - 1) * months + 1).unwrap();
            (date(year, first, 1), date(year, last, 1).last_of_month())
        }
    };
    let summer = matches!(
        (category, kind, index),
        ("reverse", "three", 2) | ("ordinary" | "primary" | "compensation", "two", 3)
    );
    let day = if summer {
        date(year, 8, 31)
    } else if (category, kind) == ("commerce", "three") {
        ended + 20.days()
    } else if (category, kind) == ("primary", "year") {
        date(year + 1, 4, 10)
    } else if (category, kind) == ("ordinary", "year") {
        date(year + 1, 3, 10)
    } else if ended == ended.last_of_month() {
        tenth(2, ended)
    } else {
        // The same day of the next month, or that month's last, and ten days.
        let next = ended.first_of_month().checked_add(1.month()).unwrap();
        let day = ended.day().min(next.last_of_month().day());
        next.with().day(day).build().unwrap() + 10.days()
    };
    (first, moved(day))
}

/// Eight in the morning in Norway.
fn eight(day: Date) -> Timestamp {
    day.at(8, 0, 0, 0).in_tz("Europe/Oslo").unwrap().timestamp()
}

/// One subject with everything it is told of, while it holds.
#[derive(Debug, Clone)]
pub(super) struct Expected {
    pub(super) subject: String,
    pub(super) notice: String,
    /// Name, when it is due, when it is too late.
    pub(super) occasions: Vec<(String, Timestamp, Timestamp)>,
}

pub(super) fn by_days(
    day: Date,
    days: &[i32],
    until: Timestamp,
    not_before: Timestamp,
) -> Vec<(String, Timestamp, Timestamp)> {
    days.iter()
        .map(|days| (days.to_string(), eight(day - days.days()), until))
        .filter(|(_, due, _)| *due > not_before)
        .collect()
}

pub(super) fn start_of(day: Date) -> Timestamp {
    day.in_tz("Europe/Oslo").unwrap().timestamp()
}

/// What has been told so far.
#[derive(Default)]
pub(super) struct Oracle {
    pub(super) log: BTreeSet<(String, String, Timestamp, bool)>,
    told: BTreeSet<(String, String)>,
}

impl Oracle {
    /// What is told at a moment, by notice.
    pub(super) fn look(
        &mut self,
        facts: &BTreeMap<String, Expected>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> BTreeSet<String> {
        let mut spoken = BTreeSet::new();
        let local = now.to_zoned(zone.clone());
        let weekend = local.date().weekday().to_monday_zero_offset() >= 5;
        if weekend || local.hour() >= 20 || local.hour() < 7 {
            return spoken;
        }
        for fact in facts.values() {
            let mut come: Vec<_> = fact
                .occasions
                .iter()
                .filter(|(name, due, until)| {
                    *due <= now && now < *until && !self.told.contains(&(fact.subject.clone(), name.clone()))
                })
                .collect();
            come.sort_by_key(|(_, due, _)| *due);
            let newest = come.len();
            for (index, (name, _, _)) in come.into_iter().enumerate() {
                let passed = index + 1 < newest;
                self.told.insert((fact.subject.clone(), name.clone()));
                self.log.insert((fact.subject.clone(), name.clone(), now, passed));
                if !passed {
                    spoken.insert(fact.notice.clone());
                }
            }
        }
        spoken
    }
}
