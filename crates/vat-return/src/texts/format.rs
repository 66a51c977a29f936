//! Amounts, rates and days as people write them (mock/README, Numbers).

use crate::language::Language;
use crate::model::AMOUNT_LIMIT;
use crate::period;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A no-break space.
const SPACE: char = '\u{a0}';

/// `−1 234 567,50`: groups of three with no-break spaces, a true minus, a decimal comma.
pub(crate) fn amount(amount: Decimal) -> String {
    let digits = amount.abs().normalize().to_string();
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let mut text = String::with_capacity(digits.len() * 2);
    // What is larger than can be kept is at least so much, and not this much.
    if amount.abs() >= AMOUNT_LIMIT {
        text.push_str(if amount.is_sign_negative() { "≤\u{a0}" } else { "≥\u{a0}" });
    }
    if amount.is_sign_negative() && !amount.is_zero() {
        text.push('−');
    }
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(SPACE);
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push(',');
        text.push_str(fraction);
        // Kroner have two decimals or none.
        if fraction.len() == 1 {
            text.push('0');
        }
    }
    text
}

/// `1 234 567 kr`.
pub(crate) fn kroner(kroner: Decimal) -> String {
    let mut text = amount(kroner);
    text.push(SPACE);
    text.push_str("kr");
    text
}

/// `15 %`, in English `15%`.
pub(crate) fn percent(rate: &str, language: Language) -> String {
    crate::filled(language, "format.percent", &[("rate", &rate)])
}

/// `10. juni 2026`, `10 June 2026`.
pub(crate) fn day(day: Date, language: Language) -> String {
    let month = period::month_name(day.month(), language);
    crate::filled(language, "format.day", &[("number", &day.day()), ("month", &month), ("year", &day.year())])
}

/// A period within a sentence, in small letters but in a language whose months have capitals.
pub(super) fn small_letter_in_sentence(text: &str, language: Language) -> String {
    let capitals = period::month_name(1, language).starts_with(char::is_uppercase);
    if capitals { text.to_owned() } else { messages::small_letter(text) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn amounts_are_grouped_by_three() {
        let shown = |text: &str| kroner(text.parse().unwrap()).replace(SPACE, "_");
        assert_eq!(shown("0"), "0_kr");
        assert_eq!(shown("-0"), "0_kr");
        assert_eq!(shown("999"), "999_kr");
        assert_eq!(shown("1000"), "1_000_kr");
        assert_eq!(shown("-9600"), "−9_600_kr");
        assert_eq!(shown("1234567"), "1_234_567_kr");
        assert_eq!(shown("123456.00"), "123_456_kr");
        assert_eq!(shown("1234.5"), "1_234,50_kr");
        assert_eq!(shown("12345678901234567890123456"), "12_345_678_901_234_567_890_123_456_kr");
        assert_eq!(shown("1000000000000000000000000000"), "≥_1_000_000_000_000_000_000_000_000_000_kr");
    }

    #[test]
    fn days_and_rates_in_words() {
        assert_eq!(day(date(2026, 6, 10), Language::Nb), "10. juni 2026");
        assert_eq!(day(date(2026, 6, 10), Language::En), "10 June 2026");
        assert_eq!(percent("11,11", Language::Nn), "11,11\u{a0}%");
    }
}
