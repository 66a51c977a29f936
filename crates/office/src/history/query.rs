//! What a person asks the history in words: "dalheim mars", "termin 2", "mars–april 2026", "24 640 kr".
//!
//! Every part of the question must be met. A part that can mean a period is also looked for as text: a company may be
//! called Mars.

use jiff::civil::Date;
use vat_return::{Language, Period, PeriodKind, month_name};

/// One part of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// In what a search looks at: company, number, KID, amounts.
    Text(String),
    /// A year, or in the text.
    Year(i32, String),
    /// One of these periods, as the XSD spells element and value; or in the text, where the words are one.
    Periods(Vec<(&'static str, String)>, Option<String>),
}

/// A year in which nothing is special; months and places of periods are the same in all.
const ANY_YEAR: i32 = 2026;
/// Years that a question may mean; other numbers of four digits are amounts.
const YEARS: std::ops::RangeInclusive<i32> = 2017..=2099;
/// Fewer letters than this name no month: "ma" is nobody's March.
const SHORTEST: usize = 3;

/// The parts of a question.
pub(super) fn parts(question: &str) -> Vec<Part> {
    let question = question.to_lowercase();
    if let Some(number) = number(&question) {
        return match year(&number) {
            Some(year) => vec![Part::Year(year, number)],
            None => vec![Part::Text(number)],
        };
    }
    let words: Vec<&str> = question.split(is_blank).filter(|word| !word.is_empty()).collect();
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).copied();
        if let Some(kind) = numbered(word)
            && let Some(index) = next.and_then(place)
        {
            parts.push(Part::Periods(of_place(kind, index), None));
            at += 2;
        } else if let (Some(index), Some(kind)) = (place(word), next.and_then(numbered)) {
            parts.push(Part::Periods(of_place(kind, index), None));
            at += 2;
        } else if let (Some(from), Some("-" | "–" | "til" | "to"), Some(to)) =
            (month(word), next, words.get(at + 2).and_then(|word| month(word)))
        {
            parts.push(Part::Periods(within(from, to), None));
            at += 3;
        } else {
            parts.extend(part(word));
            at += 1;
        }
    }
    parts
}

fn part(word: &str) -> Option<Part> {
    let word = word.trim_matches(|c: char| matches!(c, ',' | ';' | '(' | ')' | '«' | '»' | '"'));
    if matches!(word, "" | "kr" | "nok" | "kroner") {
        return None;
    }
    if let Some(year) = year(word) {
        return Some(Part::Year(year, word.to_owned()));
    }
    if let Some((from, to)) = word.split_once(['-', '–', '—', '/'])
        && let (Some(from), Some(to)) = (month(from), month(to))
    {
        return Some(Part::Periods(within(from, to), None));
    }
    if let Some(month) = month(word) {
        return Some(Part::Periods(holding(month), Some(word.to_owned())));
    }
    Some(Part::Text(number(word).unwrap_or_else(|| word.to_owned())))
}

/// An amount or another number however it is written: "79 857", "−12.640,00", "kr 24 640,-", "311 797 816".
fn number(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches("kr").trim_end_matches("kr").trim_matches(|c| is_blank(c) || c == '.');
    let text = text.strip_suffix(",-").or_else(|| text.strip_suffix(",00")).unwrap_or(text);
    let fits = text.chars().all(|c| c.is_ascii_digit() || is_blank(c) || matches!(c, '-' | '−' | '.'));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (fits && !digits.is_empty()).then_some(digits)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{202f}')
}

fn year(word: &str) -> Option<i32> {
    (word.len() == 4).then(|| word.parse().ok()).flatten().filter(|year| YEARS.contains(year))
}

/// The month, from 1, that a word names in any language of ours, whole or abbreviated.
fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    if word.chars().count() < SHORTEST {
        return None;
    }
    (1..=12).find(|month| {
        Language::ALL.iter().any(|&language| {
            let name = month_name(*month, language).to_lowercase();
            name == word || (word.len() <= 4 && name.starts_with(word))
        })
    })
}

/// The word before or after the place of a period.
fn numbered(word: &str) -> Option<&'static [PeriodKind]> {
    /// A term is two months for nearly all, and whatever the company has for the others.
    const TERM: &[PeriodKind] = &[
        PeriodKind::TwoMonths,
        PeriodKind::Month,
        PeriodKind::ThreeMonths,
        PeriodKind::SixMonths,
        PeriodKind::HalfMonth,
    ];
    match word.trim_end_matches(['.', ':']) {
        "termin" | "term" | "period" | "periode" => Some(TERM),
        "kvartal" | "quarter" => Some(&[PeriodKind::ThreeMonths]),
        "uke" | "veke" | "week" => Some(&[PeriodKind::Week]),
        "halvår" => Some(&[PeriodKind::SixMonths]),
        _ => None,
    }
}

fn place(word: &str) -> Option<u8> {
    word.trim_end_matches(['.', ',']).parse().ok().filter(|place| (1..=53).contains(place))
}

fn of_place(kinds: &[PeriodKind], index: u8) -> Vec<(&'static str, String)> {
    all().filter(|period| kinds.contains(&period.kind) && period.index == index).map(spelled).collect()
}

/// Periods that lie within these months, or are these months.
fn within(from: i8, to: i8) -> Vec<(&'static str, String)> {
    all().filter(|period| period.first_day().month() >= from && period.last_day().month() <= to).map(spelled).collect()
}

/// Periods that hold a day of this month.
fn holding(month: i8) -> Vec<(&'static str, String)> {
    let holds = |first: Date, last: Date| first.month() <= month && month <= last.month();
    all()
        .filter(|period| period.kind != PeriodKind::Year && holds(period.first_day(), period.last_day()))
        .map(spelled)
        .collect()
}

/// Every period of a year, but for weeks, which are no months' and are asked for by their number.
fn all() -> impl Iterator<Item = Period> {
    PeriodKind::ALL
        .into_iter()
        .flat_map(|kind| (1..=kind.count()).map(move |index| Period { kind, index, year: ANY_YEAR }))
        .filter(|period| period.exists() && period.first_day() <= period.last_day())
}

fn spelled(period: Period) -> (&'static str, String) {
    (period.xml_element(), period.xml_value().to_string())
}

/// Sorts periods by their first day: an SQL expression over the columns of a filing.
pub(super) fn order_of_periods() -> String {
    let whens: Vec<String> = all()
        .map(|period| {
            // The names are the XSD's own; no quote is in them.
            let (element, value) = spelled(period);
            let day = period.first_day().day_of_year();
            format!("WHEN period_element = '{element}' AND period_value = '{value}' THEN {day}")
        })
        .collect();
    format!("period_year * 1000 + CASE {} ELSE 0 END", whens.join(" "))
}
