//! Statutory deadlines, and the days they move to.
//!
//! The deadlines are those of skatteforvaltningsforskriften § 8-3-10 (facts, apis.md 7.1). A deadline on a
//! Saturday, Sunday or public holiday moves to the next working day (skatteforvaltningsloven § 5-5 second
//! paragraph; apis.md 7.2). All days are calendar dates in Norway.

use crate::model::Category;
use crate::period::{Period, PeriodKind};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The day by which the return of a period must be filed and paid; none for a period that the category does not
/// have.
///
/// ```
/// use jiff::civil::date;
/// use vat_return::{Category, Period, PeriodKind, calendar};
///
/// let year = Period { kind: PeriodKind::Year, index: 1, year: 2021 };
/// // 10 April 2022 was a Sunday.
/// assert_eq!(calendar::deadline(Category::PrimaryIndustry, &year), Some(date(2022, 4, 11)));
/// ```
pub fn deadline(category: Category, period: &Period) -> Option<Date> {
    // A week 53 of a year that has 52 is due on no day.
    if !period.exists() {
        return None;
    }
    statutory_day(category, period).map(next_working_day)
}

/// The day the regulation names, before weekends and holidays move it.
pub fn statutory_day(category: Category, period: &Period) -> Option<Date> {
    use PeriodKind::{ThreeMonths, TwoMonths, Year};
    if !period.has_dates() {
        return None;
    }
    let end = period.last_day();
    let summer = || end.with().month(8).day(31).build().ok();
    match (category, period.kind, period.index) {
        // Simplified scheme: 20 days after the quarter, filed elsewhere.
        (Category::ECommerce, ThreeMonths, _) => end.checked_add(20.days()).ok(),
        (Category::ECommerce, _, _) => None,
        // The third ordinary term and the second reverse charge period are due after the summer.
        (Category::ReverseCharge, ThreeMonths, 2) => summer(),
        (Category::Ordinary | Category::PrimaryIndustry | Category::Compensation, TwoMonths, 3) => summer(),
        (Category::Ordinary, Year, _) => months_and_ten_days(end, 2),
        (Category::PrimaryIndustry, Year, _) => months_and_ten_days(end, 3),
        _ => months_and_ten_days(end, 1),
    }
}

/// So many months and ten days after a day; months after the last of a month end on the last of a month.
fn months_and_ten_days(day: Date, months: i32) -> Option<Date> {
    let later = day.checked_add(months.months()).ok()?;
    let later = if day == day.last_of_month() { later.last_of_month() } else { later };
    later.checked_add(10.days()).ok()
}

/// The day itself, or the first working day after it.
pub fn next_working_day(day: Date) -> Date {
    let mut day = day;
    while !is_working_day(day) {
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    day
}

/// Whether a day is neither Saturday nor Sunday nor a public holiday.
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !public_holidays(day.year()).contains(&day)
}

/// The public holidays of a year in Norway, in no order. 24 and 31 December are none.
pub fn public_holidays(year: i16) -> [Date; 12] {
    let easter = easter(year);
    let after = |days: i32| easter.saturating_add(days.days());
    let fixed = |month, day| Date::new(year, month, day).unwrap_or(easter);
    [
        fixed(1, 1),
        after(-3), // skjærtorsdag
        after(-2), // langfredag
        easter,
        after(1),
        fixed(5, 1),
        fixed(5, 17),
        after(39), // Kristi himmelfartsdag
        after(49), // pinse
        after(50),
        fixed(12, 25),
        fixed(12, 26),
    ]
}

/// Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876, as in Meeus, Astronomical
/// Algorithms, chapter 8).
pub fn easter(year: i16) -> Date {
    let y = i32::from(year);
    let golden = y.rem_euclid(19);
    let (century, rest) = (y.div_euclid(100), y.rem_euclid(100));
    let shift = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - shift + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * rest.div_euclid(4) - epact - rest.rem_euclid(4)).rem_euclid(7);
    let correction = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let days = epact + weekday - 7 * correction + 114;
    let month = i8::try_from(days / 31).unwrap_or(4);
    let day = i8::try_from(days % 31 + 1).unwrap_or(1);
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

/// How a day of filing stands to a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilingTime {
    /// The period is not over (R059, R060, R089, R120).
    TooEarly {
        /// The first day it can be filed.
        first: Date,
    },
    /// Before or on the deadline, or the period has none.
    InTime {
        /// Days left until the deadline; 0 on the day itself.
        days_left: Option<i32>,
    },
    /// After the deadline.
    Late {
        /// Days since the deadline, from 1.
        days: i32,
    },
    /// More than three years after the deadline: a correction is a request for change (R132).
    MoreThanThreeYears,
    /// More than five years after the period (R133).
    MoreThanFiveYears,
}

/// How a day of filing stands to a period.
pub fn filing_time(category: Category, period: &Period, day: Date) -> FilingTime {
    let last = period.last_day();
    if day <= last {
        return FilingTime::TooEarly { first: last.tomorrow().unwrap_or(last) };
    }
    if day > years_after(last, 5) {
        return FilingTime::MoreThanFiveYears;
    }
    let Some(deadline) = deadline(category, period) else { return FilingTime::InTime { days_left: None } };
    let days = (day - deadline).get_days();
    if day > years_after(deadline, 3) {
        FilingTime::MoreThanThreeYears
    } else if days > 0 {
        FilingTime::Late { days }
    } else {
        FilingTime::InTime { days_left: Some(-days) }
    }
}

/// The same day so many years later; 28 February for 29 February.
pub fn years_after(day: Date, years: i32) -> Date {
    day.saturating_add(years.years())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn due(category: Category, kind: PeriodKind, index: u8, year: i32) -> Date {
        deadline(category, &Period { kind, index, year }).unwrap()
    }

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        let known = [
            (2019, 4, 21),
            (2020, 4, 12),
            (2021, 4, 4),
            (2022, 4, 17),
            (2023, 4, 9),
            (2024, 3, 31),
            (2025, 4, 20),
            (2026, 4, 5),
            (2027, 3, 28),
            (2038, 4, 25),
            (2285, 3, 22),
            (1943, 4, 25),
            (1818, 3, 22),
        ];
        for (year, month, day) in known {
            assert_eq!(easter(year), date(year, month, day));
        }
    }

    #[test]
    fn holidays_are_no_working_days() {
        // 2026: Maundy Thursday 2 April, Good Friday 3 April, Easter Monday 6 April, Ascension 14 May, Whit Monday 25 May.
        for (month, day) in [(1, 1), (4, 2), (4, 3), (4, 6), (5, 1), (5, 14), (5, 25), (12, 25)] {
            assert!(!is_working_day(date(2026, month, day)), "{month}-{day}");
        }
        for (month, day) in [(1, 2), (4, 1), (4, 7), (5, 15), (5, 18), (12, 24), (12, 28), (12, 31)] {
            assert!(is_working_day(date(2026, month, day)), "{month}-{day}");
        }
        // 17 May 2027 is Whit Monday as well.
        assert!(!is_working_day(date(2027, 5, 17)));
    }

    #[test]
    fn two_monthly_deadlines_2022_to_2027() {
        use Category::Ordinary;
        use PeriodKind::TwoMonths;
        // The regulation's days (10.4, 10.6, 31.8, 10.10, 10.12, 10.2), moved by hand with a calendar.
        let moved = [
            (2021, 6, (2022, 2, 10)),
            (2022, 1, (2022, 4, 11)), // Palm Sunday
            (2022, 2, (2022, 6, 10)),
            (2022, 3, (2022, 8, 31)),
            (2022, 4, (2022, 10, 10)),
            (2022, 5, (2022, 12, 12)), // Saturday
            (2022, 6, (2023, 2, 10)),
            (2023, 1, (2023, 4, 11)), // Easter Monday
            (2023, 2, (2023, 6, 12)), // Saturday
            (2023, 3, (2023, 8, 31)),
            (2023, 4, (2023, 10, 10)),
            (2023, 5, (2023, 12, 11)), // Sunday
            (2023, 6, (2024, 2, 12)),  // Saturday
            (2024, 1, (2024, 4, 10)),
            (2024, 2, (2024, 6, 10)),
            (2024, 3, (2024, 9, 2)), // Saturday
            (2024, 4, (2024, 10, 10)),
            (2024, 5, (2024, 12, 10)),
            (2024, 6, (2025, 2, 10)),
            (2025, 1, (2025, 4, 10)),
            (2025, 2, (2025, 6, 10)),
            (2025, 3, (2025, 9, 1)), // Sunday
            (2025, 4, (2025, 10, 10)),
            (2025, 5, (2025, 12, 10)),
            (2025, 6, (2026, 2, 10)),
            (2026, 1, (2026, 4, 10)),
            (2026, 2, (2026, 6, 10)),
            (2026, 3, (2026, 8, 31)),
            (2026, 4, (2026, 10, 12)), // Saturday
            (2026, 5, (2026, 12, 10)),
            (2026, 6, (2027, 2, 10)),
            (2027, 1, (2027, 4, 12)), // Saturday
            (2027, 2, (2027, 6, 10)),
            (2027, 3, (2027, 8, 31)),
            (2027, 4, (2027, 10, 11)), // Sunday
            (2027, 5, (2027, 12, 10)),
        ];
        for (year, index, (y, m, d)) in moved {
            assert_eq!(due(Ordinary, TwoMonths, index, year), date(y, m, d), "term {index} of {year}");
            assert_eq!(due(Category::Compensation, TwoMonths, index, year), date(y, m, d), "term {index} of {year}");
        }
    }

    #[test]
    fn the_tenth_of_april_in_easter() {
        // Good Friday 2020 (apis.md 7.2).
        assert_eq!(due(Category::Ordinary, PeriodKind::TwoMonths, 1, 2020), date(2020, 4, 14));
    }

    #[test]
    fn yearly_and_reverse_charge_deadlines() {
        use Category::{Ordinary, PrimaryIndustry, ReverseCharge};
        use PeriodKind::{ThreeMonths, Year};
        assert_eq!(due(PrimaryIndustry, Year, 1, 2021), date(2022, 4, 11)); // the Mva-fastsetting sample
        assert_eq!(due(PrimaryIndustry, Year, 1, 2025), date(2026, 4, 10));
        assert_eq!(due(Ordinary, Year, 1, 2025), date(2026, 3, 10));
        assert_eq!(due(Ordinary, Year, 1, 2023), date(2024, 3, 11)); // Sunday
        assert_eq!(due(ReverseCharge, ThreeMonths, 1, 2026), date(2026, 5, 11)); // Sunday
        assert_eq!(due(ReverseCharge, ThreeMonths, 2, 2026), date(2026, 8, 31));
        assert_eq!(due(ReverseCharge, ThreeMonths, 3, 2026), date(2026, 11, 10));
        assert_eq!(due(ReverseCharge, ThreeMonths, 4, 2026), date(2027, 2, 10));
        // Only the named period moves to the end of the summer.
        assert_eq!(due(Ordinary, ThreeMonths, 2, 2026), date(2026, 8, 10));
    }

    #[test]
    fn shorter_periods_have_a_month_and_ten_days() {
        use Category::Ordinary;
        use PeriodKind::{HalfMonth, Month, SixMonths, Week};
        assert_eq!(due(Ordinary, Month, 1, 2026), date(2026, 3, 10));
        assert_eq!(due(Ordinary, Month, 2, 2026), date(2026, 4, 10));
        assert_eq!(due(Ordinary, Month, 6, 2026), date(2026, 8, 10));
        assert_eq!(due(Ordinary, SixMonths, 1, 2026), date(2026, 8, 10));
        assert_eq!(due(Ordinary, HalfMonth, 3, 2026), date(2026, 3, 25)); // 1–15 February
        assert_eq!(due(Ordinary, HalfMonth, 4, 2026), date(2026, 4, 10)); // 16–28 February
        assert_eq!(due(Ordinary, Week, 1, 2022), date(2022, 2, 21)); // ends 9 January; 19 February is a Saturday
        assert_eq!(deadline(Category::ECommerce, &Period { kind: Month, index: 1, year: 2026 }), None);
        let quarter = Period { kind: PeriodKind::ThreeMonths, index: 1, year: 2026 };
        assert_eq!(deadline(Category::ECommerce, &quarter), Some(date(2026, 4, 20)));
    }

    #[test]
    fn a_day_of_filing_stands_somewhere() {
        let period = Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 };
        let filing_time = |day| super::filing_time(Category::Ordinary, &period, day);
        assert_eq!(filing_time(date(2026, 4, 30)), FilingTime::TooEarly { first: date(2026, 5, 1) });
        assert_eq!(filing_time(date(2026, 5, 1)), FilingTime::InTime { days_left: Some(40) });
        assert_eq!(filing_time(date(2026, 6, 10)), FilingTime::InTime { days_left: Some(0) });
        assert_eq!(filing_time(date(2026, 6, 11)), FilingTime::Late { days: 1 });
        assert_eq!(filing_time(date(2029, 6, 10)), FilingTime::Late { days: 1096 });
        assert_eq!(filing_time(date(2029, 6, 11)), FilingTime::MoreThanThreeYears);
        assert_eq!(filing_time(date(2031, 4, 30)), FilingTime::MoreThanThreeYears);
        assert_eq!(filing_time(date(2031, 5, 1)), FilingTime::MoreThanFiveYears);
    }
}
