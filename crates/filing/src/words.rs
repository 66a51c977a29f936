//! The language of what is shown, and days and names in it.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use vat_return::{Category, Language, Located, Period, Position, VatReturn, explain, month_name};

use crate::view::{Kroner, LanguageName, Moment};

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

/// A moment to the second: nobody reads more, and everything that compares them is ours.
pub(crate) fn moment(at: Timestamp) -> Moment {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
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
