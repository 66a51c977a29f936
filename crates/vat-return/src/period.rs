//! Taxation periods (skattleggingsperiode): seven kinds, each with a first and a last day.
//!
//! The values are those of the return's XSD v1.0, which the envelope and the payment information share.

use crate::language::Language;
use compact_str::{CompactString, ToCompactString, format_compact};
use jiff::ToSpan;
use jiff::civil::{Date, ISOWeekDate, Weekday};

/// The seven kinds of period of the return's XSD.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PeriodKind {
    /// `skattleggingsperiodeMaaned`.
    Month,
    /// `skattleggingsperiodeToMaaneder`.
    TwoMonths,
    /// `skattleggingsperiodeTreMaaneder`.
    ThreeMonths,
    /// `skattleggingsperiodeSeksMaaneder`.
    SixMonths,
    /// `skattleggingsperiodeHalvMaaned`.
    HalfMonth,
    /// `skattleggingsperiodeUke`: ISO weeks.
    Week,
    /// `skattleggingsperiodeAar`.
    Year,
}

/// One period of one year.
///
/// ```
/// use jiff::civil::date;
/// use vat_return::{Language, Period, PeriodKind};
///
/// let period = Period { kind: PeriodKind::TwoMonths, index: 2, year: 2026 };
/// assert_eq!(period.first_day(), date(2026, 3, 1));
/// assert_eq!(period.last_day(), date(2026, 4, 30));
/// assert_eq!(period.in_words(Language::Nb), "Mars–april 2026");
/// assert_eq!(Period::from_xml(period.xml_element(), &period.xml_value(), 2026), Some(period));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// Kind.
    pub kind: PeriodKind,
    /// Which one of its kind within the year, from 1.
    pub index: u8,
    /// `aar`: the year, for weeks the ISO year.
    pub year: i32,
}

/// The names of the XSD, which are those of bokmål.
const MONTHS: [&str; 12] = [
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
];

/// The name of a month, from 1, as it stands within a sentence; empty where there is no such month.
pub fn month_name(month: i8, language: Language) -> &'static str {
    let keys = [
        "period.month.1",
        "period.month.2",
        "period.month.3",
        "period.month.4",
        "period.month.5",
        "period.month.6",
        "period.month.7",
        "period.month.8",
        "period.month.9",
        "period.month.10",
        "period.month.11",
        "period.month.12",
    ];
    let place = usize::try_from(month).ok().and_then(|month| month.checked_sub(1));
    place.and_then(|place| keys.get(place)).map(|key| crate::text(language, key)).unwrap_or_default()
}

impl PeriodKind {
    /// All kinds, in the order of the XSD's choice.
    pub const ALL: [Self; 7] =
        [Self::Month, Self::SixMonths, Self::TwoMonths, Self::HalfMonth, Self::ThreeMonths, Self::Week, Self::Year];

    /// The element that carries a period of this kind, e.g. `skattleggingsperiodeToMaaneder`.
    pub fn xml_element(self) -> &'static str {
        match self {
            Self::Month => "skattleggingsperiodeMaaned",
            Self::TwoMonths => "skattleggingsperiodeToMaaneder",
            Self::ThreeMonths => "skattleggingsperiodeTreMaaneder",
            Self::SixMonths => "skattleggingsperiodeSeksMaaneder",
            Self::HalfMonth => "skattleggingsperiodeHalvMaaned",
            Self::Week => "skattleggingsperiodeUke",
            Self::Year => "skattleggingsperiodeAar",
        }
    }

    /// How many periods of this kind the XSD knows in a year: 53 for weeks, whatever the year.
    pub fn count(self) -> u8 {
        match self {
            Self::Month => 12,
            Self::TwoMonths => 6,
            Self::ThreeMonths => 4,
            Self::SixMonths => 2,
            Self::HalfMonth => 24,
            Self::Week => 53,
            Self::Year => 1,
        }
    }

    /// Which period of this kind the XSD's value names, from 1: `index_of("mars-april")` of two months is 2.
    pub(crate) fn index_of(self, value: &str) -> Option<u8> {
        match self {
            Self::Month => month(value),
            Self::Year => (value == "aarlig").then_some(1),
            Self::Week => {
                let number = value.strip_prefix("uke ")?;
                let plain = matches!(number.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
                number.parse().ok().filter(|week| plain && *week <= self.count())
            }
            Self::HalfMonth => {
                let (half, rest) = value.split_once(' ')?;
                let month = month(rest.strip_prefix("halvdel ")?)?;
                match half {
                    "foerste" => Some(month * 2 - 1),
                    "andre" => Some(month * 2),
                    _ => None,
                }
            }
            Self::TwoMonths | Self::ThreeMonths | Self::SixMonths => {
                let months = self.months()?;
                let (first, last) = value.split_once('-')?;
                let (first, last) = (month(first)?, month(last)?);
                (first % months == 1 && last == first + months - 1).then_some(last / months)
            }
        }
    }

    /// Months a period lasts; none for half months and weeks.
    fn months(self) -> Option<u8> {
        match self {
            Self::Month => Some(1),
            Self::TwoMonths => Some(2),
            Self::ThreeMonths => Some(3),
            Self::SixMonths => Some(6),
            Self::Year => Some(12),
            Self::HalfMonth | Self::Week => None,
        }
    }
}

impl Period {
    /// The first day.
    ///
    /// Years beyond jiff's calendar (-9999 to 9999) count as its first or last, for whoever compares days; in words their days are
    /// right too ([`Period::last_day_in_words`]). A week 53 in a year of 52
    /// weeks, which the XSD allows, is the week after week 52.
    pub fn first_day(&self) -> Date {
        match self.kind {
            PeriodKind::Week => self.monday(),
            PeriodKind::HalfMonth => {
                let (month, half) = self.month_and_half();
                self.day(month, if half == 0 { 1 } else { 16 })
            }
            _ => self.day(self.month_span().0, 1),
        }
    }

    /// The last day; see [`Period::first_day`] for the edges of the calendar.
    pub fn last_day(&self) -> Date {
        match self.kind {
            PeriodKind::Week => self.monday().saturating_add(6.days()),
            PeriodKind::HalfMonth => {
                let (month, half) = self.month_and_half();
                if half == 0 { self.day(month, 15) } else { self.day(month, 1).last_of_month() }
            }
            _ => self.day(self.month_span().1, 1).last_of_month(),
        }
    }

    /// Whether its days are dates that can be reckoned with: in the years from -9999 to 9999.
    pub fn has_dates(&self) -> bool {
        (-9999..=9999).contains(&self.year)
    }

    /// Whether the calendar has it: a year of 52 weeks has no week 53, though the XSD knows one.
    pub fn exists(&self) -> bool {
        match self.kind {
            PeriodKind::Week => self.index <= weeks_in(self.year),
            _ => true,
        }
    }

    /// The last day, or one so many days after it, in words, in whatever year: `28. februar 10000`. The calendar repeats itself
    /// every 400 years, weekdays included.
    pub(crate) fn last_day_in_words(&self, later: i32, language: Language) -> String {
        let near = Self { year: near_year(self.year), ..*self };
        let far = i64::from(self.year) - i64::from(near.year);
        let day = near.last_day().saturating_add(later.days());
        let (month, year) = (month_name(day.month(), language), year_in_words(i64::from(day.year()) + far));
        crate::filled(language, "format.day", &[("number", &day.day()), ("month", &month), ("year", &year)])
    }

    /// The element that carries the period, e.g. `skattleggingsperiodeToMaaneder`.
    pub fn xml_element(&self) -> &'static str {
        self.kind.xml_element()
    }

    /// The element's value, e.g. `mars-april`, `uke 7`, `andre halvdel mai`, `aarlig`.
    pub fn xml_value(&self) -> CompactString {
        match self.kind {
            PeriodKind::Week => format_compact!("uke {}", self.index),
            PeriodKind::Year => CompactString::const_new("aarlig"),
            PeriodKind::HalfMonth => {
                let (month, half) = self.month_and_half();
                let name = name(&MONTHS, month);
                format_compact!("{} halvdel {name}", if half == 0 { "foerste" } else { "andre" })
            }
            PeriodKind::Month => name(&MONTHS, self.month_span().0).to_compact_string(),
            _ => {
                let (first, last) = self.month_span();
                format_compact!("{}-{}", name(&MONTHS, first), name(&MONTHS, last))
            }
        }
    }

    /// The period an element and its value stand for, as the XSD spells them; `None` for any other spelling.
    pub fn from_xml(element: &str, value: &str, year: i32) -> Option<Self> {
        let kind = PeriodKind::ALL.into_iter().find(|kind| kind.xml_element() == element)?;
        Some(Self { kind, index: kind.index_of(value)?, year })
    }

    /// The period in words for a heading: `Mars–april 2026`, `Uke 7 2026`, `16.–31. mai 2026`, `2026`.
    pub fn in_words(&self, language: Language) -> String {
        let year = year_in_words(self.year.into());
        let name = |month: u8| month_name(i8::try_from(month).unwrap_or_default(), language);
        match self.kind {
            PeriodKind::Year => year,
            PeriodKind::Week => {
                let (week, missing) = (self.index, !self.exists());
                let week = crate::filled(language, "period.week", &[("week", &week), ("year", &year)]);
                if missing { week + crate::text(language, "period.noSuchWeek") } else { week }
            }
            PeriodKind::HalfMonth => {
                let (from, to) = (self.first_day().day(), self.last_day().day());
                let month = name(self.month_and_half().0);
                let values: [(&str, &dyn std::fmt::Display); 4] =
                    [("from", &from), ("to", &to), ("month", &month), ("year", &year)];
                crate::filled(language, "period.halfMonth", &values)
            }
            PeriodKind::Month => format!("{} {year}", messages::capital(name(self.month_span().0))),
            _ => {
                let (first, last) = self.month_span();
                format!("{}–{} {year}", messages::capital(name(first)), name(last))
            }
        }
    }

    /// First and last month, from 1.
    fn month_span(&self) -> (u8, u8) {
        let months = self.kind.months().unwrap_or(1);
        let index = self.index.clamp(1, 12 / months);
        ((index - 1) * months + 1, index * months)
    }

    /// Month from 1, and 0 for its first or 1 for its second half.
    fn month_and_half(&self) -> (u8, u8) {
        let index = self.index.clamp(1, 24) - 1;
        (index / 2 + 1, index % 2)
    }

    fn day(&self, month: u8, day: i8) -> Date {
        let year = i16::try_from(self.year.clamp(-9999, 9999)).unwrap_or(9999);
        let month = i8::try_from(month).unwrap_or(1);
        // Month 1 to 12 and day 1, 15 or 16 exist in every year; the fallback is never taken.
        Date::new(year, month, day).unwrap_or(Date::MAX)
    }

    /// Monday of the week: week 1 is the one with 4 January (ISO 8601).
    fn monday(&self) -> Date {
        let fourth = self.day(1, 4);
        let since_monday = i32::from(fourth.weekday().since(Weekday::Monday));
        let weeks = i32::from(self.index) - 1;
        fourth.saturating_add((weeks * 7 - since_monday).days())
    }
}

/// The year from 2000 to 2399 with the same calendar.
fn near_year(year: i32) -> i32 {
    2000 + year.rem_euclid(400)
}

/// Weeks of an ISO year: 53 in the long ones.
pub fn weeks_in(year: i32) -> u8 {
    i16::try_from(near_year(year))
        .ok()
        .and_then(|year| ISOWeekDate::new(year, 1, Weekday::Monday).ok())
        .and_then(|week| u8::try_from(week.weeks_in_year()).ok())
        .unwrap_or(52)
}

/// A year as a return writes it: of four figures at least, so that nobody takes the year 1 for a number of something.
pub(crate) fn year_in_words(year: i64) -> String {
    if year < 0 { format!("{year:05}") } else { format!("{year:04}") }
}

/// The month of a Norwegian name, from 1.
fn month(name: &str) -> Option<u8> {
    (1..).zip(MONTHS).find(|(_, month)| *month == name).map(|(number, _)| number)
}

fn name(names: &[&'static str; 12], month: u8) -> &'static str {
    names.get(usize::from(month).saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn period(kind: PeriodKind, index: u8, year: i32) -> Period {
        Period { kind, index, year }
    }

    fn days(kind: PeriodKind, index: u8, year: i32) -> (Date, Date) {
        let period = period(kind, index, year);
        (period.first_day(), period.last_day())
    }

    #[test]
    fn every_kind_has_its_days() {
        use PeriodKind::*;
        assert_eq!(days(Month, 2, 2024), (date(2024, 2, 1), date(2024, 2, 29)));
        assert_eq!(days(TwoMonths, 6, 2026), (date(2026, 11, 1), date(2026, 12, 31)));
        assert_eq!(days(ThreeMonths, 2, 2026), (date(2026, 4, 1), date(2026, 6, 30)));
        assert_eq!(days(SixMonths, 1, 2026), (date(2026, 1, 1), date(2026, 6, 30)));
        assert_eq!(days(HalfMonth, 3, 2026), (date(2026, 2, 1), date(2026, 2, 15)));
        assert_eq!(days(HalfMonth, 4, 2026), (date(2026, 2, 16), date(2026, 2, 28)));
        assert_eq!(days(Year, 1, 2025), (date(2025, 1, 1), date(2025, 12, 31)));
    }

    #[test]
    fn weeks_are_iso_weeks() {
        use PeriodKind::Week;
        // "uke 1 2022 = 3–9 Jan" (apis.md 7.1).
        assert_eq!(days(Week, 1, 2022), (date(2022, 1, 3), date(2022, 1, 9)));
        // 2026 begins on a Thursday and has 53 weeks; its week 1 begins in 2025, its week 53 ends in 2027.
        assert_eq!(days(Week, 1, 2026), (date(2025, 12, 29), date(2026, 1, 4)));
        assert_eq!(days(Week, 53, 2026), (date(2026, 12, 28), date(2027, 1, 3)));
        // 2025 has 52: its "week 53" is the week after them.
        assert_eq!(days(Week, 53, 2025).0, days(Week, 1, 2026).0);
    }

    #[test]
    fn a_week_53_that_the_year_has_not_is_no_week_of_the_next_year() {
        assert!(period(PeriodKind::Week, 53, 2026).exists());
        assert_eq!(period(PeriodKind::Week, 53, 2026).in_words(Language::Nb), "Uke 53 2026");
        let none = period(PeriodKind::Week, 53, 2025);
        assert!(!none.exists());
        assert_eq!(none.in_words(Language::Nb), "Uke 53 2025 (finnes ikke)");
        assert_eq!(crate::calendar::deadline(crate::Category::Ordinary, &none), None);
        let next = period(PeriodKind::Week, 1, 2026);
        assert!(crate::calendar::deadline(crate::Category::Ordinary, &next).is_some());
        for kind in PeriodKind::ALL {
            for index in 1..=kind.count().min(52) {
                assert!(period(kind, index, 2025).exists());
            }
        }
    }

    #[test]
    fn every_week_agrees_with_jiffs_calendar() {
        for year in 1999..2040 {
            let weeks = jiff::civil::ISOWeekDate::new(year, 1, Weekday::Monday).unwrap().weeks_in_year();
            for week in 1..=weeks {
                let expected = jiff::civil::ISOWeekDate::new(year, week, Weekday::Monday).unwrap().date();
                let period = period(PeriodKind::Week, week.try_into().unwrap(), year.into());
                assert_eq!(period.first_day(), expected, "{period:?}");
                assert_eq!(period.last_day(), expected.saturating_add(6.days()), "{period:?}");
            }
        }
    }

    #[test]
    fn periods_of_a_kind_follow_each_other() {
        for kind in PeriodKind::ALL {
            for index in 1..kind.count() {
                let (this, next) = (period(kind, index, 2026), period(kind, index + 1, 2026));
                assert_eq!(this.last_day().tomorrow().unwrap(), next.first_day(), "{this:?}");
            }
        }
    }

    #[test]
    fn spelling_goes_there_and_back() {
        let mut values = std::collections::BTreeSet::new();
        for kind in PeriodKind::ALL {
            for index in 1..=kind.count() {
                let period = period(kind, index, 2026);
                let value = period.xml_value();
                assert_eq!(Period::from_xml(kind.xml_element(), &value, 2026), Some(period));
                assert!(values.insert(value));
            }
        }
        assert_eq!(values.len(), 102);
        for value in ["uke 07", "uke 0", "uke 54", "uke +7", "uke", "Uke 7", "uke 7 ", "uke 100"] {
            assert_eq!(Period::from_xml("skattleggingsperiodeUke", value, 2026), None, "{value}");
        }
        for value in ["februar-mars", "januar-mars", "mars-mars", "mars", "mars-april-mai", "-", "mars- april"] {
            assert_eq!(Period::from_xml("skattleggingsperiodeToMaaneder", value, 2026), None, "{value}");
        }
        assert_eq!(Period::from_xml("skattleggingsperiodeMaaned", "mars-april", 2026), None);
        assert_eq!(Period::from_xml("skattleggingsperiode", "mars", 2026), None);
    }

    #[test]
    fn words_in_three_languages() {
        use PeriodKind::*;
        let words = |kind, index| {
            [Language::Nb, Language::Nn, Language::En].map(|language| period(kind, index, 2026).in_words(language))
        };
        assert_eq!(words(TwoMonths, 2), ["Mars–april 2026", "Mars–april 2026", "March–April 2026"]);
        assert_eq!(words(Month, 5), ["Mai 2026", "Mai 2026", "May 2026"]);
        assert_eq!(words(Week, 7), ["Uke 7 2026", "Veke 7 2026", "Week 7, 2026"]);
        assert_eq!(words(HalfMonth, 10), ["16.–31. mai 2026", "16.–31. mai 2026", "16–31 May 2026"]);
        assert_eq!(words(Year, 1), ["2026", "2026", "2026"]);
    }

    #[test]
    fn the_last_day_is_right_in_words_in_every_year() {
        use PeriodKind::*;
        let last = |kind, index, year| period(kind, index, year).last_day_in_words(0, Language::Nb);
        let next = |kind, index, year| period(kind, index, year).last_day_in_words(1, Language::Nb);
        assert_eq!(last(TwoMonths, 1, 10_000), "29. februar 10000");
        assert_eq!(next(TwoMonths, 1, 10_000), "1. mars 10000");
        assert_eq!(next(Year, 1, 9_999), "1. januar 10000");
        assert_eq!(last(Year, 1, i32::MAX), "31. desember 2147483647");
        assert_eq!(last(Year, 1, 1), "31. desember 0001");
        assert_eq!(last(Month, 2, -44), "29. februar -0044");
        assert_eq!(last(HalfMonth, 3, -12_345), "15. februar -12345");
        assert_eq!(period(Year, 1, 1).in_words(Language::En), "0001");
        assert_eq!(period(Month, 1, 99).in_words(Language::Nb), "Januar 0099");
        for kind in PeriodKind::ALL {
            for (index, year) in (1..=kind.count()).flat_map(|index| (1_899..2_500).map(move |year| (index, year))) {
                let period = period(kind, index, year);
                for (later, day) in [(0, period.last_day()), (1, period.last_day().tomorrow().unwrap())] {
                    let words = crate::explain::day(day, Language::Nb);
                    assert_eq!(period.last_day_in_words(later, Language::Nb), words, "{period:?}");
                }
            }
        }
    }

    #[test]
    fn no_year_and_no_index_panics() {
        for kind in PeriodKind::ALL {
            for year in [i32::MIN, -9999, -1, 0, 9999, i32::MAX] {
                for index in [0, 1, 53, 255] {
                    let period = period(kind, index, year);
                    assert!(period.first_day() <= period.last_day(), "{period:?}");
                    assert!(!period.xml_value().is_empty());
                    assert!(!period.in_words(Language::Nb).is_empty());
                    assert!(!period.last_day_in_words(1, Language::Nb).is_empty());
                }
            }
        }
    }
}
