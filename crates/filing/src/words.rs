//! The language of what is shown, and days and names in it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use vat_return::{Category, Language, Located, Period, Position, VatReturn, explain, month_name};

use crate::view::{FilingState, Kroner, LanguageName, Moment, Verdict};

impl From<LanguageName> for Language {
    fn from(name: LanguageName) -> Self {
        match name {
            LanguageName::Nb => Self::Nb,
            LanguageName::Nn => Self::Nn,
            LanguageName::En => Self::En,
        }
    }
}

/// The Norwegian calendar date of a moment.
pub(crate) fn norwegian_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).date()
}

/// A moment to the second, as the clock in Norway has it and with its offset: whoever reads the text alone reads the right
/// day.
#[must_use]
pub fn moment(at: Timestamp) -> Moment {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Whole kroner; whatever fraction a faulty return has is shown too.
pub(crate) fn kroner(amount: Decimal) -> Kroner {
    amount.normalize().to_string()
}

/// Kind of period and category, e.g. "2-månedlig for alminnelig næring".
pub(crate) fn kind(category: Category, period: Period, language: Language) -> String {
    fn at<T>(value: T) -> Located<T> {
        Located { value, at: Position::default() }
    }
    // The explanation of a return without lines: there is one place where these words are put together.
    let empty = VatReturn {
        reference: at("".into()),
        system: None,
        period: at(period),
        assessed_vat: at(Decimal::ZERO),
        lines: Vec::new(),
        kid: None,
        org_number: None,
        identification_number: None,
        category: at(category),
        remark: None,
    };
    explain(&empty, language).kind
}

const WEEKDAYS_NB: [&str; 7] = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"];
const WEEKDAYS_NN: [&str; 7] = ["måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"];
const WEEKDAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A day without its year: "10. juni", "10 June".
pub(crate) fn day_in_words(day: Date, language: Language) -> String {
    let month = month_name(day.month(), language);
    if language == Language::En { format!("{} {month}", day.day()) } else { format!("{}. {month}", day.day()) }
}

/// A day with its year: "10. juni 2026".
pub(crate) fn day_in_year(day: Date, language: Language) -> String {
    format!("{} {}", day_in_words(day, language), day.year())
}

/// "torsdag".
pub(crate) fn weekday(day: Date, language: Language) -> &'static str {
    let names = match language {
        Language::Nb => WEEKDAYS_NB,
        Language::Nn => WEEKDAYS_NN,
        Language::En => WEEKDAYS_EN,
    };
    let number = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or_default();
    names.get(number).copied().unwrap_or_default()
}

/// A moment's time of day in Norway: "kl. 18.42", "at 18:42".
pub(crate) fn clock(at: Timestamp, language: Language) -> String {
    let local = at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC));
    let (hour, minute) = (local.hour(), local.minute());
    match language {
        Language::Nb | Language::Nn => format!("kl. {hour:02}.{minute:02}"),
        Language::En => format!("at {hour:02}:{minute:02}"),
    }
}

/// "77 457 kr", with no-break spaces.
pub(crate) fn money(amount: Decimal) -> String {
    let digits = kroner(amount.abs());
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(w, f)| (w, Some(f)));
    let sign = if amount.is_sign_negative() && !amount.is_zero() { "\u{2212}" } else { "" };
    let fraction = fraction.map(|fraction| format!(",{fraction}")).unwrap_or_default();
    format!("{sign}{}{fraction}\u{a0}kr", grouped(whole))
}

/// An organisation number as it is written: "311 797 816".
pub(crate) fn shown_number(org_number: &str) -> String {
    if org_number.len() == 9 { grouped(org_number) } else { org_number.to_owned() }
}

/// Digits in groups of three from the right, with no-break spaces.
fn grouped(digits: &str) -> String {
    let count = digits.chars().count();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (count - index).is_multiple_of(3) {
            grouped.push('\u{a0}');
        }
        grouped.push(digit);
    }
    grouped
}

/// "A, B og C".
pub(crate) fn listed(names: &[String], language: Language) -> String {
    let and = if language == Language::En { "and" } else { "og" };
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {and} {last}", most.join(", ")),
    }
}

/// What a filing's state is called, wherever it is named: window, command line, lists, notices, calendar, archive.
///
/// The window has the same words (`state.*` in `ui/src/i18n`); a test compares them.
#[must_use]
pub fn state_name(state: FilingState, verdict: Option<Verdict>, replaced: bool, language: Language) -> &'static str {
    let [nb, nn, en] = match (state, verdict) {
        (FilingState::Received, _) if replaced => ["Erstattet", "Erstatta", "Replaced"],
        (FilingState::Received, Some(Verdict::Deviating)) => {
            ["Mottatt med avvik", "Motteken med avvik", "Received with deviations"]
        }
        (FilingState::Received, Some(Verdict::Incomplete)) => {
            ["Mottatt, mangelfull", "Motteken, mangelfull", "Received, incomplete"]
        }
        (FilingState::Received, _) => ["Mottatt", "Motteken", "Received"],
        (FilingState::Queued, _) => ["I kø", "I kø", "Queued"],
        (FilingState::Running, _) => ["Pågår", "Går føre seg", "In progress"],
        (FilingState::Waiting, _) => ["Venter på deg", "Ventar på deg", "Waiting for you"],
        (FilingState::WaitingSignature, _) => ["Venter på signering", "Ventar på signering", "Waiting for signature"],
        (FilingState::WaitingAnswer, _) => ["Venter på svar", "Ventar på svar", "Waiting for answer"],
        (FilingState::Rejected, _) => ["Levert, avvist", "Levert, avvist", "Filed, rejected"],
        (FilingState::Unclear, _) => {
            ["Levert, svaret må ses på", "Levert, svaret må sjåast på", "Filed, look at the answer"]
        }
        (FilingState::Refused, _) => ["Avvist", "Avvist", "Rejected, not filed"],
        (FilingState::Abandoned, _) => ["Avbrutt", "Avbroten", "Cancelled"],
    };
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// A text as it stands within a sentence: "levert, avvist".
#[must_use]
pub fn within(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A moment as people read it, in Norway: "2026-12-11 00.20".
#[must_use]
pub fn local(moment: &str) -> String {
    let local = |at: Timestamp| at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC));
    moment
        .parse::<Timestamp>()
        .map_or_else(|_| moment.to_owned(), |at| local(at).strftime("%Y-%m-%d %H.%M").to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::{collections::HashMap, fs, path::Path};

    use super::*;

    #[test]
    fn a_state_has_one_name_in_the_window_and_everywhere_else() {
        for (language, file) in [(Language::Nb, "nb"), (Language::Nn, "nn"), (Language::En, "en")] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../ui/src/i18n/{file}.json"));
            let texts: HashMap<String, String> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            let same = |key: &str, name: &str| assert_eq!(texts.get(key).map(String::as_str), Some(name), "{key}");
            for state in FilingState::ALL {
                let key = format!("state.{}", crate::database::columns::word(&state));
                same(&key, state_name(state, None, false, language));
            }
            let received = |verdict, replaced| state_name(FilingState::Received, verdict, replaced, language);
            same("state.replaced", received(None, true));
            same("state.receivedDeviating", received(Some(Verdict::Deviating), false));
            same("state.receivedIncomplete", received(Some(Verdict::Incomplete), false));
            same("state.received", received(Some(Verdict::Accepted), false));
        }
    }

    #[test]
    fn a_moment_is_told_as_the_clock_on_the_wall_in_norway_has_it() {
        assert_eq!(local("2026-12-10T23:20:00Z"), "2026-12-11 00.20");
        assert_eq!(local("2026-06-10T22:30:00Z"), "2026-06-11 00.30");
        assert_eq!(moment("2026-12-10T23:20:00Z".parse().unwrap()), "2026-12-11T00:20:00+01:00");
        assert_eq!(moment("2026-06-10T22:30:00Z".parse().unwrap()), "2026-06-11T00:30:00+02:00");
    }
}
