//! Amounts as people type and paste them: `1 234 567,50`, `kr 1000,-`, `(500)`, `=100+50`.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::str::FromStr;

/// How a column of numbers separates its decimals. What a person types is [`Comma`](Self::Comma).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Decimals {
    /// `1.234,50` and `1 234,50`, as in Norway. `1,234` may be English all the same, and is not read.
    #[default]
    Comma,
    /// By a comma, for certain: `1,234` has three decimals.
    CommaForCertain,
    /// `1,234.50`: as in English.
    Point,
    /// As in English, as far as anything tells: `1.234` may be Norwegian, and is not read.
    PointPerhaps,
    /// By either: neither `1,234` nor `1.234` is read.
    Unknown,
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAnAmount {
    /// It is something else.
    Words,
    /// `1,234`: a Norwegian number with three decimals or an English thousand. Nothing is guessed.
    Ambiguous,
    /// More than nineteen digits before the decimals.
    TooLarge,
}

impl std::fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Words => "no amount",
            Self::Ambiguous => "a number with three decimals, or an English thousand",
            Self::TooLarge => "more digits than an amount has",
        })
    }
}

impl std::error::Error for NotAnAmount {}

/// Digits that an amount may have before its decimals.
const DIGITS: usize = 19;
/// Decimals that are kept; more are no amount of money.
const FRACTION: usize = 9;

/// Reads an amount in kroner, with the decimals it was typed with; nothing for a text of blanks.
///
/// Read are: thousands apart by blank, point or apostrophe; decimals after a comma (after a point where no three digits
/// follow); minus as `-`, `−`, `–`, after the number too, or as parentheses; `kr`, `NOK`, `,-` and `,–`; `1e6`; a sum
/// that begins with `=` and has only `+` and `-`.
///
/// # Errors
/// [`NotAnAmount`]: the text stays as it was typed.
///
/// ```
/// use drafts::amount::{Decimals, read};
///
/// let amount = |text| read(text, Decimals::Comma).unwrap().unwrap().to_string();
/// assert_eq!(amount("1 234 567,50"), "1234567.50");
/// assert_eq!(amount("(500)"), "-500");
/// assert_eq!(amount("kr 1.000,-"), "1000");
/// assert_eq!(amount("=100+50"), "150");
/// ```
pub fn read(text: &str, decimals: Decimals) -> Result<Option<Decimal>, NotAnAmount> {
    let plain: String = text.chars().filter_map(plain).collect();
    if plain.is_empty() {
        return Ok(None);
    }
    match plain.strip_prefix('=') {
        Some(sum) => read_sum(sum, decimals).map(Some),
        None => read_one(&plain, decimals).map(Some),
    }
}

/// Blanks of all kinds fall away, the kinds of minus become one.
fn plain(letter: char) -> Option<char> {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Some('-'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        // What Swiss and some German systems put between thousands.
        '\'' | '\u{2019}' | '`' | '\u{b4}' => None,
        other if other.is_whitespace() => None,
        other => Some(other),
    }
}

fn read_sum(sum: &str, decimals: Decimals) -> Result<Decimal, NotAnAmount> {
    let mut total = Decimal::ZERO;
    let mut rest = sum;
    while !rest.is_empty() {
        let sign = rest.len() - rest.trim_start_matches(['+', '-']).len();
        if sign > 1 {
            return Err(NotAnAmount::Words);
        }
        let end = rest.get(sign..).and_then(|it| it.find(['+', '-'])).map_or(rest.len(), |at| at + sign);
        let (term, others) = rest.split_at(end);
        total = total.checked_add(read_one(term, decimals)?).ok_or(NotAnAmount::TooLarge)?;
        rest = others;
    }
    if sum.is_empty() { Err(NotAnAmount::Words) } else { Ok(total) }
}

fn read_one(plain: &str, decimals: Decimals) -> Result<Decimal, NotAnAmount> {
    let lower = plain.to_lowercase();
    let bare = &*without_currency(&lower);
    // How a spreadsheet's accounting format shows nothing.
    if bare == "-" {
        return Ok(Decimal::ZERO);
    }
    // `1000,-` and `1000,--` are whole kroner; `1000-` is a minus behind the number.
    let (bare, whole) = match bare.split_once(",-") {
        Some((bare, rest)) if rest.chars().all(|it| it == '-') => (bare, true),
        _ => (bare, false),
    };
    let (negative, digits) = signed(bare)?;
    let value = match digits.split_once('e') {
        Some((mantissa, exponent)) if !whole => scientific(mantissa, exponent)?,
        _ => number(digits, decimals)?,
    };
    Ok(if negative && !value.is_zero() { -value } else { value })
}

/// What is left without `kr` or `NOK` before or behind the number, outside its minus or inside it. One of them, not several.
fn without_currency(text: &str) -> Cow<'_, str> {
    for word in ["kroner", "kr.", "nok", "kr"] {
        let Some((before, behind)) = text.split_once(word) else { continue };
        let is_sign = |part: &str| part.chars().all(|letter| matches!(letter, '-' | '+' | '(' | ')'));
        if is_sign(before) || is_sign(behind) {
            return format!("{before}{behind}").into();
        }
    }
    text.into()
}

/// The sign, and what it stands before, behind or around.
fn signed(text: &str) -> Result<(bool, &str), NotAnAmount> {
    if let Some(inner) = text.strip_prefix('(').and_then(|it| it.strip_suffix(')')) {
        let (negative, digits) = signed(inner)?;
        return if negative || inner.starts_with('(') { Err(NotAnAmount::Words) } else { Ok((true, digits)) };
    }
    if let Some(digits) = text.strip_prefix('-') {
        return Ok((true, digits));
    }
    if let Some(digits) = text.strip_suffix('-') {
        return Ok((true, digits));
    }
    Ok((false, text.strip_prefix('+').unwrap_or(text)))
}

fn scientific(mantissa: &str, exponent: &str) -> Result<Decimal, NotAnAmount> {
    let exponent: u32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().map_err(|_| NotAnAmount::Words)?;
    let (whole, fraction) = mantissa.split_once([',', '.']).unwrap_or((mantissa, ""));
    let mantissa = joined(whole, fraction)?;
    if exponent > 18 {
        return Err(NotAnAmount::TooLarge);
    }
    let factor = Decimal::from(10_u64.pow(exponent));
    let value = mantissa.checked_mul(factor).ok_or(NotAnAmount::TooLarge)?.normalize();
    if value.trunc().to_string().len() > DIGITS { Err(NotAnAmount::TooLarge) } else { Ok(value) }
}

/// Whether a separator stands once, as it would before three decimals and in a thousand alike: `1,234`.
fn is_either(text: &str, separator: char) -> bool {
    text.split_once(separator).is_some_and(|(whole, group)| {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (1..=3).contains(&whole.len()) && whole != "0" && group.len() == 3 && digits(whole) && digits(group)
    })
}

/// A number without sign: its thousands and decimals told apart.
fn number(text: &str, decimals: Decimals) -> Result<Decimal, NotAnAmount> {
    let (decimal, thousands, unsure) = match decimals {
        // A Norwegian amount has no three decimals; an English thousand looks like one.
        Decimals::Comma => (',', '.', is_either(text, ',')),
        Decimals::CommaForCertain => (',', '.', false),
        Decimals::Point => ('.', ',', false),
        Decimals::PointPerhaps => ('.', ',', is_either(text, '.')),
        Decimals::Unknown => (',', '.', is_either(text, ',') || is_either(text, '.')),
    };
    if unsure {
        return Err(NotAnAmount::Ambiguous);
    }
    match (text.matches(decimal).count(), text.matches(thousands).count()) {
        (0, 0) => joined(text, ""),
        (1, 0) => {
            let (whole, fraction) = text.split_once(decimal).unwrap_or((text, ""));
            joined(whole, fraction)
        }
        // `1.000` is a thousand, `1000.5` and `12.50` have decimals: whoever copies from a program writes so.
        (0, 1) => match text.split_once(thousands) {
            Some((whole, group)) if is_either(text, thousands) => joined(&format!("{whole}{group}"), ""),
            Some((whole, fraction)) if decimal == ',' => joined(whole, fraction),
            _ => Err(NotAnAmount::Words),
        },
        (0, _) => joined(&grouped(text, thousands)?, ""),
        // `1,234,567` between commas: an English number in what was thought to be Norwegian.
        (2.., 0) if decimal == ',' => joined(&grouped(text, decimal)?, ""),
        (1, _) => {
            let (whole, fraction) = text.split_once(decimal).unwrap_or((text, ""));
            if fraction.contains(thousands) {
                // `1,234.50`: the separators the other way round.
                let (whole, fraction) = text.rsplit_once(thousands).unwrap_or((text, ""));
                return joined(&grouped(whole, decimal)?, fraction);
            }
            joined(&grouped(whole, thousands)?, fraction)
        }
        _ => match text.rsplit_once(thousands) {
            Some((whole, fraction)) if !whole.contains(thousands) => joined(&grouped(whole, decimal)?, fraction),
            _ => Err(NotAnAmount::Words),
        },
    }
}

/// The digits of groups of three.
fn grouped(text: &str, separator: char) -> Result<String, NotAnAmount> {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let mut digits = String::from(first);
    for group in groups {
        if group.len() != 3 {
            return Err(NotAnAmount::Words);
        }
        digits.push_str(group);
    }
    if (1..=3).contains(&first.len()) { Ok(digits) } else { Err(NotAnAmount::Words) }
}

fn joined(whole: &str, fraction: &str) -> Result<Decimal, NotAnAmount> {
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(NotAnAmount::Words);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > DIGITS {
        return Err(NotAnAmount::TooLarge);
    }
    let fraction = fraction.get(..FRACTION).unwrap_or(fraction);
    let text = if fraction.is_empty() { format!("0{whole}") } else { format!("0{whole}.{fraction}") };
    Decimal::from_str(&text).map_err(|_| NotAnAmount::TooLarge)
}

/// How a column separates decimals, where its texts tell: one that can be read in one way only is enough. Of some that
/// say the one and some that say the other nothing follows for the rest.
///
/// ```
/// use drafts::amount::{Decimals, told_by};
///
/// assert_eq!(told_by(["1,234.50", "2,000"]), Some(Decimals::Point));
/// assert_eq!(told_by(["1.234,50", "2.000"]), Some(Decimals::Comma));
/// assert_eq!(told_by(["12,50", "12.50"]), Some(Decimals::Unknown));
/// assert_eq!(told_by(["2,000", "1000"]), None);
/// ```
pub fn told_by<'a>(texts: impl IntoIterator<Item = &'a str>) -> Option<Decimals> {
    let (mut comma, mut point) = (false, false);
    for text in texts {
        match decimals_of(text) {
            Some(',') => comma = true,
            Some(_) => point = true,
            None => {}
        }
        if comma && point {
            return Some(Decimals::Unknown);
        }
    }
    match (comma, point) {
        (false, false) => None,
        (false, true) => Some(Decimals::Point),
        _ => Some(Decimals::Comma),
    }
}

/// What an amount has its decimals behind, where it can be read in one way only.
fn decimals_of(text: &str) -> Option<char> {
    if !text.contains([',', '.']) || read(text, Decimals::Unknown).is_err() {
        return None;
    }
    let plain: String = text.chars().filter_map(plain).collect();
    let lower = plain.to_lowercase();
    let bare = without_currency(&lower);
    // `1,234,567` has thousands, whatever its decimals are.
    let several = |separator: char| bare.matches(separator).count() > 1;
    let has_digits_behind =
        |at: usize| bare.get(at + 1..).is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()));
    match (bare.rfind(','), bare.rfind('.')) {
        (Some(at), Some(other)) if other > at && has_digits_behind(other) => Some('.'),
        (Some(_), Some(_)) => Some(','),
        (Some(_), None) => Some(if several(',') { '.' } else { ',' }),
        (None, Some(_)) if several('.') => Some(','),
        (None, Some(at)) => has_digits_behind(at).then_some('.'),
        (None, None) => None,
    }
}

/// Cuts what is after the decimal point: `21 240,49` is 21 240 kroner in a return. The second is what fell away, nothing
/// when nothing did.
pub fn whole_kroner(amount: Decimal) -> (Decimal, Option<Decimal>) {
    let whole = amount.trunc();
    let rest = amount - whole;
    (if whole.is_zero() { Decimal::ZERO } else { whole }, (!rest.is_zero()).then_some(rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn amount(text: &str) -> Result<Option<Decimal>, NotAnAmount> {
        read(text, Decimals::Comma)
    }

    fn decimal(text: &str) -> Result<Option<Decimal>, NotAnAmount> {
        Ok(Some(Decimal::from_str(text).unwrap()))
    }

    #[test]
    fn what_people_type_is_read() {
        for (text, value) in [
            ("0", "0"),
            ("-0", "0"),
            ("-", "0"),
            ("kr -", "0"),
            ("750", "750"),
            ("1 234 567,50", "1234567.50"),
            ("1\u{a0}234\u{202f}567", "1234567"),
            ("1.234.567,50", "1234567.50"),
            ("1.000", "1000"),
            ("1000.5", "1000.5"),
            ("12.50", "12.50"),
            ("0.125", "0.125"),
            ("1 000,00", "1000.00"),
            ("kr 1000,-", "1000"),
            ("kr. 1 000,–", "1000"),
            ("1000 kr", "1000"),
            ("NOK 250", "250"),
            ("-500", "-500"),
            ("−500", "-500"),
            ("–500,5", "-500.5"),
            ("500-", "-500"),
            ("(500)", "-500"),
            ("(1 500,25)", "-1500.25"),
            ("- 1 000", "-1000"),
            ("+500", "500"),
            ("1e6", "1000000"),
            ("1,5E3", "1500"),
            ("=100+50", "150"),
            ("=100-250,5", "-150.5"),
            ("=-100", "-100"),
            ("1'234'567", "1234567"),
            (",5", "0.5"),
            ("007", "7"),
            ("1,234,567", "1234567"),
            ("1,234.50", "1234.50"),
            ("1,234,567.50", "1234567.50"),
            ("1234,500", "1234.500"),
            ("0,125", "0.125"),
        ] {
            assert_eq!(amount(text), decimal(value), "{text}");
        }
        assert_eq!(amount(""), Ok(None));
        assert_eq!(amount(" \u{a0}\t"), Ok(None));
    }

    #[test]
    fn what_is_no_number_is_not_guessed_at() {
        for text in [
            "+",
            "--",
            "--5",
            "(-5)",
            "((5))",
            "(5",
            "5)",
            "kr",
            "1.2.3",
            "1,2,3",
            "12,34.5,6",
            "=",
            "=+",
            "=1++2",
            "=1*2",
            "=SUM(A1)",
            "abc",
            "1 kr 2",
            "25 %",
            "１２",
            "1e",
            "e5",
            "1e-2",
            "#REF!",
            "2026-01-01",
            "1.00.000",
            "1..0",
            "1000,-5",
        ] {
            assert_eq!(amount(text), Err(NotAnAmount::Words), "{text}");
        }
        assert_eq!(amount("1,234"), Err(NotAnAmount::Ambiguous));
        assert_eq!(amount("a,bcd"), Err(NotAnAmount::Words));
        assert_eq!(amount("12345678901234567890"), Err(NotAnAmount::TooLarge));
        assert_eq!(amount("1e19"), Err(NotAnAmount::TooLarge));
        assert_eq!(amount("9e18"), decimal("9000000000000000000"));
    }

    #[test]
    fn a_column_tells_how_its_decimals_are_written() {
        assert_eq!(read("1,234", Decimals::Point), decimal("1234"));
        assert_eq!(read("1,234.5", Decimals::Point), decimal("1234.5"));
        assert_eq!(read("12.500", Decimals::Point), decimal("12.500"));
        assert_eq!(read("1,234", Decimals::CommaForCertain), decimal("1.234"));
        assert_eq!(read("1.234", Decimals::CommaForCertain), decimal("1234"));
        assert_eq!(read("1,234", Decimals::PointPerhaps), decimal("1234"));
        assert_eq!(read("1.234", Decimals::PointPerhaps), Err(NotAnAmount::Ambiguous));
        for text in ["1,234", "1.234", "-1.234", "kr 1,234"] {
            assert_eq!(read(text, Decimals::Unknown), Err(NotAnAmount::Ambiguous), "{text}");
        }
        assert_eq!(read("1.234,5", Decimals::Unknown), decimal("1234.5"));
        assert_eq!(read("1,234.5", Decimals::Unknown), decimal("1234.5"));
        assert_eq!(told_by(["1,234", "12.5", "100"]), Some(Decimals::Point));
        assert_eq!(told_by(["1.234", "12,5", "100"]), Some(Decimals::Comma));
        assert_eq!(told_by(["1,234,567", "2,000"]), Some(Decimals::Point));
        assert_eq!(told_by(["", "100"]), None);
        // Words and dates tell nothing of amounts.
        assert_eq!(told_by(["Salg, varer", "01.02.2026", "1,234"]), None);
        assert_eq!(told_by(["1.234,50", "12.5"]), Some(Decimals::Unknown));
    }

    #[test]
    fn ore_are_cut_and_said() {
        let cut = |text: &str| whole_kroner(Decimal::from_str(text).unwrap());
        assert_eq!(cut("21240.49"), (Decimal::from(21240), Some(Decimal::from_str("0.49").unwrap())));
        assert_eq!(cut("-0.9").0.to_string(), "0");
        assert_eq!(cut("5.00"), (Decimal::from(5), None));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            let _ = amount(&text);
            let _ = read(&text, Decimals::Point);
        }

        #[test]
        fn whatever_is_written_the_norwegian_way_is_read_back(ore in -99_999_999_999_i64..99_999_999_999) {
            let digits = (ore.abs() / 100).to_string();
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    grouped.push('\u{a0}');
                }
                grouped.push(digit);
            }
            let text = format!("{}{grouped},{:02}", if ore < 0 { "−" } else { "" }, ore.abs() % 100);
            prop_assert_eq!(amount(&text), Ok(Some(Decimal::new(ore, 2))));
        }
    }
}
