//! Values of simple types: from the characters between the tags to something typed, or a complaint.

use super::Simple;
use crate::complaint::ComplaintKind;
use crate::model::AMOUNT_LIMIT;
use crate::period::PeriodKind;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

/// A value that its type allows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Value<'a> {
    /// Text and digits.
    Text(&'a str),
    /// Place in the enumeration, from 0.
    Listed(usize),
    /// Period.
    Period(PeriodKind, u8),
    /// `xsd:decimal`, bounded by [`AMOUNT_LIMIT`].
    Amount(Decimal),
    /// `xsd:gYear`, of as many figures as 32 bits hold: XML Schema lets whoever reads set a limit from four figures on.
    Year(i32),
    /// `xsd:long`.
    Whole(i64),
    /// `xsd:date`.
    Date(Date),
    /// `xsd:dateTime`.
    Moment(Timestamp),
}

impl Simple {
    /// Reads a value as the type prescribes; white space is kept by texts and trimmed by everything else.
    #[inline]
    pub(crate) fn read(self, text: &str) -> Result<Value<'_>, ComplaintKind> {
        match self {
            Self::Text => Ok(Value::Text(text)),
            Self::Limited(limit) => {
                // There are never more characters than bytes, and most texts are short.
                let limit_bytes = limit as usize;
                if text.len() <= limit_bytes || text.chars().count() <= limit_bytes {
                    Ok(Value::Text(text))
                } else {
                    Err(ComplaintKind::TooLong { limit })
                }
            }
            Self::Digits(count) => {
                let fits = text.len() == usize::from(count) && text.bytes().all(|byte| byte.is_ascii_digit());
                if fits { Ok(Value::Text(text)) } else { Err(ComplaintKind::Digits { count }) }
            }
            Self::Listed(values) => {
                values.iter().position(|value| *value == text).map(Value::Listed).ok_or(ComplaintKind::NotListed)
            }
            Self::Period(kind) => {
                kind.index_of(text).map(|index| Value::Period(kind, index)).ok_or(ComplaintKind::NotListed)
            }
            Self::Amount => amount(trimmed(text)).map(Value::Amount).ok_or(ComplaintKind::NotNumber),
            Self::Year => year(trimmed(text)).map(Value::Year).ok_or(ComplaintKind::NotYear),
            Self::Whole => whole(trimmed(text)).map(Value::Whole).ok_or(ComplaintKind::NotWhole),
            Self::Date => date(trimmed(text)).map(Value::Date).ok_or(ComplaintKind::NotDate),
            Self::Moment => moment(trimmed(text)).map(Value::Moment).ok_or(ComplaintKind::NotMoment),
        }
    }

    /// What the type wants, for a complaint.
    pub(crate) fn expected(self) -> String {
        match self {
            Self::Text => "xsd:string".into(),
            Self::Limited(limit) => format!("{limit}"),
            Self::Digits(count) => format!("[0-9]{{{count}}}"),
            Self::Listed(values) => values.join(", "),
            Self::Period(kind) => {
                let mut names =
                    (1..=kind.count()).map(|index| crate::Period { kind, index, year: 0 }.xml_value().to_string());
                match (names.next(), names.next_back()) {
                    (Some(first), Some(last)) => format!("{first} … {last}"),
                    (first, _) => first.unwrap_or_default(),
                }
            }
            Self::Amount => "xsd:decimal".into(),
            Self::Year => "xsd:gYear".into(),
            Self::Whole => "xsd:long".into(),
            Self::Date => "xsd:date".into(),
            Self::Moment => "xsd:dateTime".into(),
        }
    }
}

/// White space of XML, not of Unicode.
fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\n', '\r'])
}

/// `[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)` (XML Schema 1.0 part 2, 3.2.3), bounded as [`AMOUNT_LIMIT`] says.
fn amount(text: &str) -> Option<Decimal> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut point = None;
    let mut count: u32 = 0;
    let mut mantissa: i64 = 0;
    for (place, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                count += 1;
                // Wraps only beyond 18 digits, where the value is read again below.
                mantissa = mantissa.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
            }
            b'.' if point.is_none() => point = Some(place),
            _ => return None,
        }
    }
    if count == 0 {
        return None;
    }
    let fraction = point.map_or(&[][..], |place| &digits[place + 1..]);
    if count <= 18 {
        let mantissa = if negative { -mantissa } else { mantissa };
        return Some(Decimal::new(mantissa, u32::try_from(fraction.len()).unwrap_or(0)));
    }
    let whole = &digits[..point.unwrap_or(digits.len())];
    let magnitude = long_amount(whole, fraction);
    Some(if negative { -magnitude } else { magnitude })
}

/// An amount of more than 18 digits: up to nine decimals are kept, at least one, and the whole part is bounded.
fn long_amount(whole: &[u8], fraction: &[u8]) -> Decimal {
    const KEPT: usize = 9;
    /// Digits that a [`Decimal`] always has room for.
    const ROOM: usize = 28;
    let leading_zeros = whole.iter().take_while(|digit| **digit == b'0').count();
    let whole = &whole[leading_zeros..];
    let kept = KEPT.min(ROOM.saturating_sub(whole.len()));
    if kept == 0 {
        return AMOUNT_LIMIT;
    }
    let digits = fraction.iter().chain(std::iter::repeat(&b'0')).take(kept);
    let mut mantissa = whole.iter().chain(digits).fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
    // So that 0.0000000000001 does not pass for whole.
    let cut_off = fraction.get(kept..).unwrap_or_default().iter().any(|digit| *digit != b'0');
    let scale = u32::try_from(kept).unwrap_or(0);
    if cut_off && mantissa % 10_i128.pow(scale) == 0 {
        mantissa += 1;
    }
    Decimal::try_from_i128_with_scale(mantissa, scale).unwrap_or(AMOUNT_LIMIT)
}

/// `-?YYYY` with four or more digits, no superfluous zeros, not year 0, and perhaps a time zone.
fn year(text: &str) -> Option<i32> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let length = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, zone) = rest.split_at(length);
    let superfluous = length > 4 && digits.starts_with('0');
    if length < 4 || superfluous || digits.bytes().all(|digit| digit == b'0') || !is_zone(zone) {
        return None;
    }
    let year: i32 = digits.parse().ok()?;
    Some(if negative { -year } else { year })
}

/// Nothing, `Z`, or an offset of at most fourteen hours.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [] | [b'Z'] => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            if ![h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()) {
                return false;
            }
            let hours = (h1 - b'0') * 10 + (h2 - b'0');
            let minutes = (m1 - b'0') * 10 + (m2 - b'0');
            minutes < 60 && (hours < 14 || hours == 14 && minutes == 0)
        }
        _ => false,
    }
}

fn whole(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// `YYYY-MM-DD` and perhaps a time zone, which a date of payment does not need.
fn date(text: &str) -> Option<Date> {
    let (date, zone) = (text.get(..10)?, text.get(10..)?);
    let shape = date.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    // Year 0 is none before XML Schema 1.1.
    if shape && is_zone(zone) && !date.starts_with("0000") { date.parse().ok() } else { None }
}

/// `YYYY-MM-DDThh:mm:ss(.s+)?` and perhaps a time zone; without one it is Norwegian time.
fn moment(text: &str) -> Option<Timestamp> {
    let (_, time) = text.split_once('T')?;
    date(text.get(..10)?)?;
    let seconds = time.get(..8)?;
    let shape = seconds.bytes().enumerate().all(|(place, byte)| match place {
        2 | 5 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let rest = time.get(8..)?;
    let zone = rest.trim_start_matches(|character: char| character == '.' || character.is_ascii_digit());
    if !shape || !is_zone(zone) {
        return None;
    }
    let civil: DateTime = text.strip_suffix(zone)?.parse().ok()?;
    let norway = jiff::tz::TimeZone::get("Europe/Oslo").unwrap_or(jiff::tz::TimeZone::UTC);
    let moment: Timestamp = if zone.is_empty() { norway.to_timestamp(civil).ok()? } else { text.parse().ok()? };
    // The offset may have led out of the years that are written with four digits.
    (1..=9999).contains(&norway.to_datetime(moment).year()).then_some(moment)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn dec(text: &str) -> Decimal {
        Decimal::from_str_exact(text).unwrap()
    }

    #[test]
    fn decimals_as_the_schema_has_them() {
        for (text, value) in [
            ("5", dec("5")),
            ("-5", dec("-5")),
            ("+5", dec("5")),
            (" \n12\t", dec("12")),
            ("5.", dec("5")),
            (".5", dec("0.5")),
            ("-.5", dec("-0.5")),
            ("-0", dec("0")),
            ("000000000000000000000000000000005", dec("5")),
            ("12.50", dec("12.50")),
            ("123456789012345678", dec("123456789012345678")),
            ("123456789012345678.25", dec("123456789012345678.25")),
        ] {
            assert_eq!(Simple::Amount.read(text), Ok(Value::Amount(value)), "{text}");
        }
        for text in
            ["", " ", ".", "-", "+", "-.", "- 5", "1 2", "1e3", "0x10", "1,5", "1.2.3", "٣", "INF", "--5", "\u{a0}5"]
        {
            assert_eq!(Simple::Amount.read(text), Err(ComplaintKind::NotNumber), "{text}");
        }
    }

    #[test]
    fn decimals_beyond_the_type_are_bounded_and_never_panic() {
        let read = |text: &str| amount(text).unwrap();
        assert_eq!(AMOUNT_LIMIT, dec("1000000000000000000000000000"));
        assert_eq!(read("1000000000000000000"), dec("1000000000000000000"));
        assert_eq!(read("123456789012345678901234567.9"), dec("123456789012345678901234567.9"));
        assert_eq!(read("1234567890123456789012345678"), AMOUNT_LIMIT);
        assert_eq!(read(&"9".repeat(60)), AMOUNT_LIMIT);
        assert_eq!(read(&format!("-{}.5", "9".repeat(60))), -AMOUNT_LIMIT);
        assert_eq!(read(&format!("1.{}", "0".repeat(40))), dec("1"));
        let tiny = read(&format!("0.{}1", "0".repeat(40)));
        assert!(!tiny.is_integer() && tiny < dec("0.00001"));
        assert!(!read("1.00000000000000000000000000000000000001").is_integer());
        assert_eq!(read("0.3333333333333333333333333333"), dec("0.333333333"));
    }

    #[test]
    fn years() {
        for (text, value) in [
            ("2026", 2026),
            (" 2026\n", 2026),
            ("2026Z", 2026),
            ("2026+01:00", 2026),
            ("2026-14:00", 2026),
            ("-0001", -1),
            ("12026", 12026),
            ("2147483647", i32::MAX),
            ("-2147483647", -i32::MAX),
        ] {
            assert_eq!(Simple::Year.read(text), Ok(Value::Year(value)), "{text}");
        }
        for text in [
            "",
            "26",
            "999",
            "0000",
            "2147483648",
            "99999999999999999999",
            "-99999999999999999999",
            "02026",
            "+2026",
            "2026 Z",
            "2026z",
            "2026+14:01",
            "2026+00:60",
            "2026+1:00",
            "2025,",
            "00000",
        ] {
            assert_eq!(Simple::Year.read(text), Err(ComplaintKind::NotYear), "{text}");
        }
    }

    #[test]
    fn texts_keep_their_white_space() {
        assert_eq!(Simple::Digits(9).read("311797816"), Ok(Value::Text("311797816")));
        for text in [" 311797816", "31179781", "3117978166", "31179781x", "31179781٦"] {
            assert_eq!(Simple::Digits(9).read(text), Err(ComplaintKind::Digits { count: 9 }), "{text}");
        }
        assert_eq!(Simple::Listed(&["a", "b"]).read("b"), Ok(Value::Listed(1)));
        assert_eq!(Simple::Listed(&["a", "b"]).read("b "), Err(ComplaintKind::NotListed));
        assert!(Simple::Limited(4000).read(&"å".repeat(4000)).is_ok());
        assert_eq!(Simple::Limited(4000).read(&"å".repeat(4001)), Err(ComplaintKind::TooLong { limit: 4000 }));
    }

    #[test]
    fn dates_and_moments() {
        let day = jiff::civil::date(2026, 12, 10);
        assert_eq!(Simple::Date.read("2026-12-10"), Ok(Value::Date(day)));
        assert_eq!(Simple::Date.read("2026-12-10+01:00"), Ok(Value::Date(day)));
        for text in
            ["", "2026-12-32", "2026-1-1", "10.12.2026", "2026-12-10T00:00:00", "20261210", "2026-12-1å", "0000-01-01"]
        {
            assert_eq!(Simple::Date.read(text), Err(ComplaintKind::NotDate), "{text}");
        }
        let moment: Timestamp = "2026-11-21T09:00:00Z".parse().unwrap();
        for text in
            ["2026-11-21T09:00:00Z", "2026-11-21T10:00:00+01:00", "2026-11-21T10:00:00", "2026-11-21T09:00:00.000Z"]
        {
            assert_eq!(Simple::Moment.read(text), Ok(Value::Moment(moment)), "{text}");
        }
        for text in [
            "",
            "2026-11-21",
            "2026-11-21 10:00:00",
            "2026-11-21T10:00",
            "2026-11-21T25:00:00Z",
            "2026-11-21T10:00:00Å",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
        ] {
            assert_eq!(Simple::Moment.read(text), Err(ComplaintKind::NotMoment), "{text}");
        }
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(Simple::Whole.read(" -14 "), Ok(Value::Whole(-14)));
        assert_eq!(Simple::Whole.read("9223372036854775808"), Err(ComplaintKind::NotWhole));
        assert_eq!(Simple::Whole.read("1.0"), Err(ComplaintKind::NotWhole));
    }
}
