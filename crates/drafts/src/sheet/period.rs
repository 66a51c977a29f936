//! Periods as people write them: `2026-5`, `5. termin 2026`, `september–oktober 2026`, a day within.

use jiff::civil::Date;
use vat_return::{Language, Period, PeriodKind, month_name};

/// Reads a period; `kind` tells what a bare number counts.
pub(super) fn read(text: &str, kind: PeriodKind) -> Option<Period> {
    if let Some(period) = as_a_return_has_it(text.trim()) {
        return Some(period);
    }
    let lower = text.trim().to_lowercase();
    if let Some(period) = named(&lower) {
        return Some(period);
    }
    match *days(&lower).as_slice() {
        [day] => return of_day(day, kind),
        // From the first day of a period to its last.
        [first, last] => {
            let kinds = std::iter::once(kind).chain(PeriodKind::ALL);
            return kinds
                .filter_map(|kind| of_day(first, kind))
                .find(|it| it.first_day() == first && it.last_day() == last);
        }
        _ => {}
    }
    let numbers: Vec<i32> = lower
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty() && part.len() <= 4)
        .filter_map(|part| part.parse().ok())
        .collect();
    let is_year = |number: i32| (2000..2100).contains(&number);
    match *numbers.as_slice() {
        [year] if is_year(year) && kind == PeriodKind::Year => period(kind, 1, year),
        [one, other] if is_year(one) != is_year(other) => {
            let (year, index) = if is_year(one) { (one, other) } else { (other, one) };
            period(kind, u8::try_from(index).ok()?, year)
        }
        _ => None,
    }
}

/// The days in a text: `2026-09-15`, `15.09.2026`, with a time behind it too.
fn days(text: &str) -> Vec<Date> {
    let parts = text.split(|letter: char| letter.is_whitespace() || matches!(letter, '–' | '—' | '/' | ','));
    // A dash between two days of the Norwegian kind stands without blanks too.
    let parts = parts.flat_map(|part| if part.contains('.') { part.split('-').collect() } else { vec![part] });
    let norwegian = |part: &str| {
        let mut numbers = part.trim_end_matches('.').split('.');
        let (day, month, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
        let year: i16 = year.parse().ok().filter(|_| year.len() == 4)?;
        numbers.next().is_none().then(|| Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()).flatten()
    };
    let international = |part: &str| part.get(..10)?.parse().ok().filter(|_| part.len() == 10 || part.contains('t'));
    parts.filter_map(|part| norwegian(part).or_else(|| international(part))).collect()
}

/// `mai-juni 2026`, `aarlig 2025`: the value of a return and its year, as the template has them.
fn as_a_return_has_it(text: &str) -> Option<Period> {
    let (value, year) = text.rsplit_once(' ')?;
    let year = year.parse().ok()?;
    PeriodKind::ALL.into_iter().find_map(|kind| Period::from_xml(kind.xml_element(), value, year))
}

/// The period of a kind that a day lies in.
pub(super) fn of_day(day: Date, kind: PeriodKind) -> Option<Period> {
    let year = i32::from(day.year());
    (1..=kind.count())
        .filter_map(|index| period(kind, index, year))
        .find(|it| it.first_day() <= day && day <= it.last_day())
}

fn period(kind: PeriodKind, index: u8, year: i32) -> Option<Period> {
    let period = Period { kind, index, year };
    ((1..=kind.count()).contains(&index) && period.exists()).then_some(period)
}

/// One month or two by name, and a year.
fn named(lower: &str) -> Option<Period> {
    let words: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let months: Vec<i8> = words.iter().filter_map(|word| month(word)).collect();
    let whole = words.iter().filter(|word| word.len() == 4).find_map(|word| word.parse::<i32>().ok());
    // `okt 26` beside a month is a year of this century.
    let short = || match words.last() {
        Some(word) if word.len() == 2 && !months.is_empty() => word.parse::<i32>().ok().map(|year| 2000 + year),
        _ => None,
    };
    let year = whole.or_else(short)?;
    let others = words.iter().filter(|word| month(word).is_none() && word.parse::<i32>().is_err());
    if others.clone().next().is_some() && months.is_empty() {
        return None;
    }
    match *months.as_slice() {
        [one] => period(PeriodKind::Month, u8::try_from(one).ok()?, year),
        [first, last] if last == first + 1 && first % 2 == 1 => {
            period(PeriodKind::TwoMonths, u8::try_from(last / 2).ok()?, year)
        }
        [first, last] if last == first + 2 && first % 3 == 1 => {
            period(PeriodKind::ThreeMonths, u8::try_from(last / 3).ok()?, year)
        }
        [first, last] if last == first + 5 && first % 6 == 1 => {
            period(PeriodKind::SixMonths, u8::try_from(last / 6).ok()?, year)
        }
        [1, 12] => period(PeriodKind::Year, 1, year),
        _ => None,
    }
}

/// A month by its name or the first letters of it, three at least, in any of the languages.
fn month(word: &str) -> Option<i8> {
    (1..=12).find(|month| {
        Language::ALL.iter().any(|&language| {
            let name = month_name(*month, language).to_lowercase();
            name == word || (word.len() >= 3 && name.starts_with(word))
        })
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        let term = |index, year| Period { kind: PeriodKind::TwoMonths, index, year };
        for text in [
            "2026-5",
            "5/2026",
            "5. termin 2026",
            "2026 T5",
            "september–oktober 2026",
            "Sep-Okt 2026",
            "2026-09-15",
            "september - oktober 2026",
            "september-october 2026",
            "termin 5, 2026",
        ] {
            assert_eq!(read(text, PeriodKind::TwoMonths), Some(term(5, 2026)), "{text}");
        }
        for text in ["", "5", "2026", "7/2026", "termin 2026", "oktober-november 2026", "10000", "2026-5-1-2"] {
            assert_eq!(read(text, PeriodKind::TwoMonths), None, "{text}");
        }
        assert_eq!(read("mars 2026", PeriodKind::TwoMonths).unwrap().kind, PeriodKind::Month);
        assert_eq!(read("2026", PeriodKind::Year).unwrap().kind, PeriodKind::Year);
        assert_eq!(read("jan-mar 2026", PeriodKind::TwoMonths).unwrap().kind, PeriodKind::ThreeMonths);
    }
}
