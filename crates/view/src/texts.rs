//! The language of what is shown, and days and names in it.

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use rust_decimal::Decimal;
use vat_return::{Category, Period, VatReturn, explain, month_name};

use crate::{FilingState, Kroner, Language, Moment, Verdict};

/// A unit variant as the database writes it: the word that the window uses too. Never an empty one: what has no word is
/// written so that reading it back fails with what it was.
pub fn word<T: serde::Serialize + std::fmt::Debug>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) if !word.is_empty() => word,
        _ => {
            tracing::error!(?value, "It has no word.");
            format!("{value:?}?")
        }
    }
}

/// The Norwegian calendar date of a moment.
pub fn norwegian_date(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).date()
}

/// A moment to the second, as the clock in Norway has it and with its offset: whoever reads the text alone reads the right
/// day.
#[must_use]
pub fn moment(at: Timestamp) -> Moment {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The same to the last digit, for a file that is read again.
pub fn whole_moment(at: Timestamp) -> Moment {
    at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC)).strftime("%Y-%m-%dT%H:%M:%S%.f%:z").to_string()
}

/// Whole kroner; whatever fraction a faulty return has is shown too.
pub fn kroner(amount: Decimal) -> Kroner {
    amount.normalize().to_string()
}

/// Kind of period and category, e.g. "alminnelig næring, to måneder".
pub fn kind(category: Category, period: Period, language: Language) -> String {
    // The explanation of a return without lines: there is one place where these words are put together.
    explain(&VatReturn::without_lines(category, period), language).kind
}

/// A day without its year: "10. juni", "10 June".
pub fn day_in_words(day: Date, language: Language) -> String {
    let month = month_name(day.month(), language);
    crate::filled(language, "words.day", &[("day", &day.day()), ("month", &month)])
}

/// A day with its year: "10. juni 2026".
pub fn day_in_year(day: Date, language: Language) -> String {
    format!("{} {}", day_in_words(day, language), day.year())
}

/// "torsdag".
pub fn weekday(day: Date, language: Language) -> &'static str {
    let key = match day.weekday() {
        Weekday::Monday => "words.monday",
        Weekday::Tuesday => "words.tuesday",
        Weekday::Wednesday => "words.wednesday",
        Weekday::Thursday => "words.thursday",
        Weekday::Friday => "words.friday",
        Weekday::Saturday => "words.saturday",
        Weekday::Sunday => "words.sunday",
    };
    crate::text(language, key)
}

/// A moment's time of day in Norway: "kl. 18.42", "at 18:42".
pub fn clock(at: Timestamp, language: Language) -> String {
    let local = at.to_zoned(TimeZone::get("Europe/Oslo").unwrap_or(TimeZone::UTC));
    let (hour, minute) = (local.hour(), local.minute());
    crate::filled(
        language,
        "words.clock",
        &[("hour", &format_args!("{hour:02}")), ("minute", &format_args!("{minute:02}"))],
    )
}

/// "77 457 kr", with no-break spaces.
pub fn money(amount: Decimal) -> String {
    format!("{}\u{a0}kr", explain::amount(amount))
}

/// "A, B og C".
pub fn listed(names: &[String], language: Language) -> String {
    let and = crate::text(language, "words.and");
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
    let key = match (state, verdict) {
        (FilingState::Received, _) if replaced => "state.replaced",
        (FilingState::Received, Some(Verdict::Deviating)) => "state.receivedDeviating",
        (FilingState::Received, Some(Verdict::Incomplete)) => "state.receivedIncomplete",
        (FilingState::Received, _) => "state.received",
        (FilingState::Queued, _) => "state.queued",
        (FilingState::Running, _) => "state.running",
        (FilingState::Waiting, _) => "state.waiting",
        (FilingState::WaitingSignature, _) => "state.waitingSignature",
        (FilingState::WaitingAnswer, _) => "state.waitingAnswer",
        (FilingState::Rejected, _) => "state.rejected",
        (FilingState::Unclear, _) => "state.unclear",
        (FilingState::Refused, _) => "state.refused",
        (FilingState::Abandoned, _) => "state.abandoned",
    };
    crate::text(language, key)
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
        for &language in Language::ALL {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
            let file = |folder: &str| fs::read(root.join(folder).join(language.code()).with_extension("json"));
            let texts: HashMap<String, String> = match file("ui/src/i18n") {
                Ok(own) => serde_json::from_slice(&own).unwrap(),
                Err(_) => {
                    let translation = serde_json::from_slice::<HashMap<String, _>>(&file("translations").unwrap());
                    translation.unwrap().remove("window").unwrap()
                }
            };
            let same = |key: &str, name: &str| assert_eq!(texts.get(key).map(String::as_str), Some(name), "{key}");
            for state in FilingState::ALL {
                let key = format!("state.{}", word(&state));
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
