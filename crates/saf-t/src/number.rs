//! Amounts in øre and rates in ten-thousandths of a per cent, from `xs:decimal` (facts, section 1, "What XML allows in values").

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not an `xs:decimal`: a comma, an exponent, blanks or foreign digits inside, or nothing at all.
    #[error("is not a number")]
    Syntax,
    /// Part of an øre: a posted amount has two decimals.
    #[error("has part of an øre")]
    Fraction,
    /// More than 64 bits of øre hold.
    #[error("is too large to be an amount")]
    TooLarge,
}

/// A posted amount in øre. `+100`, `100.`, `.5`, `00100.0` and blanks around are amounts; `100.005` is none.
///
/// # Errors
/// [`NumberError`].
pub fn ore(text: &str) -> Result<i64, NumberError> {
    match scaled(text, 2)? {
        (whole, Rest::Nothing) => Ok(whole),
        _ => Err(NumberError::Fraction),
    }
}

/// A base in øre: it may have any number of decimals, and is rounded half away from zero.
///
/// # Errors
/// [`NumberError`], but never [`NumberError::Fraction`].
pub fn rounded_ore(text: &str) -> Result<i64, NumberError> {
    match scaled(text, 2)? {
        (whole, Rest::Nothing | Rest::Below) => Ok(whole),
        (whole, Rest::HalfOrMore { negative: false }) => whole.checked_add(1).ok_or(NumberError::TooLarge),
        (whole, Rest::HalfOrMore { negative: true }) => whole.checked_sub(1).ok_or(NumberError::TooLarge),
    }
}

/// A rate in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rate(i32);

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// All of it.
    pub const HUNDRED: Self = Self(1_000_000);

    /// A rate of whole per cent.
    pub const fn percent(percent: i32) -> Self {
        Self(percent * 10_000)
    }

    /// A rate in ten-thousandths of a per cent.
    pub const fn of_parts(parts: i32) -> Self {
        Self(parts)
    }

    /// In ten-thousandths of a per cent.
    pub const fn parts(self) -> i32 {
        self.0
    }

    /// Reads `25`, `25.00` or `11.11`; more than four decimals are cut off.
    ///
    /// # Errors
    /// [`NumberError`].
    pub fn read(text: &str) -> Result<Self, NumberError> {
        let (parts, _) = scaled(text, 4)?;
        i32::try_from(parts).map(Self).map_err(|_| NumberError::TooLarge)
    }

    /// As a return writes it: `25`, `11,11`.
    pub fn written(self) -> String {
        let (whole, part) = (self.0 / 10_000, (self.0 % 10_000).unsigned_abs());
        if part == 0 {
            whole.to_string()
        } else {
            let sign = if self.0 < 0 && whole == 0 { "-" } else { "" };
            format!("{sign}{whole},{part:04}").trim_end_matches('0').to_owned()
        }
    }
}

/// What lies behind the last place that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rest {
    Nothing,
    Below,
    HalfOrMore { negative: bool },
}

/// Without the blanks of XML around it. Nearly every value has none.
#[inline]
pub(crate) fn trimmed(text: &str) -> &str {
    let blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n' | b'\r'));
    let bytes = text.as_bytes();
    if blank(bytes.first()) || blank(bytes.last()) { text.trim_matches([' ', '\t', '\n', '\r']) } else { text }
}

fn scaled(text: &str, places: u32) -> Result<(i64, Rest), NumberError> {
    let text = trimmed(text).as_bytes();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let (mut value, mut decimals, mut point, mut any) = (0_i64, 0_u32, false, false);
    let mut rest = Rest::Nothing;
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                any = true;
                let digit = i64::from(byte - b'0');
                if !point || decimals < places {
                    value = value
                        .checked_mul(10)
                        .and_then(|value| value.checked_sub(digit))
                        .ok_or(NumberError::TooLarge)?;
                } else if decimals == places && digit >= 5 {
                    rest = Rest::HalfOrMore { negative };
                } else if digit > 0 && rest == Rest::Nothing {
                    rest = Rest::Below;
                }
                decimals += u32::from(point);
            }
            b'.' if !point => point = true,
            _ => return Err(NumberError::Syntax),
        }
    }
    if !any {
        return Err(NumberError::Syntax);
    }
    // Kept negative on the way, which has one value more than positive.
    for _ in decimals.min(places)..places {
        value = value.checked_mul(10).ok_or(NumberError::TooLarge)?;
    }
    let value = if negative { value } else { value.checked_neg().ok_or(NumberError::TooLarge)? };
    Ok((value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_xml_allows_is_an_amount() {
        let amounts = [
            ("100", 10_000),
            ("+100", 10_000),
            ("100.", 10_000),
            (".5", 50),
            ("00100.0", 10_000),
            (" \n-7.25\t", -725),
            ("100.000", 10_000),
            ("-0", 0),
            ("9999999999999999.99", 999_999_999_999_999_999),
        ];
        for (text, expected) in amounts {
            assert_eq!(ore(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_amount_is_said_to_be_none() {
        for text in
            ["", " ", ".", "-", "1e3", "87599,00", "1 000", "1.000.00", "١٢", "NaN", "+-1", "0x10", "1\u{a0}000"]
        {
            assert_eq!(ore(text), Err(NumberError::Syntax), "{text:?}");
        }
        assert_eq!(ore("100.005"), Err(NumberError::Fraction));
        assert_eq!(ore("92233720368547758.08"), Err(NumberError::TooLarge));
        assert_eq!(ore("-92233720368547758.08"), Ok(i64::MIN));
        assert_eq!(ore("123456789012345678901234567890"), Err(NumberError::TooLarge));
    }

    #[test]
    fn a_base_is_rounded() {
        assert_eq!(rounded_ore("1.005"), Ok(101));
        assert_eq!(rounded_ore("-1.005"), Ok(-101));
        assert_eq!(rounded_ore("1.0049999"), Ok(100));
        assert_eq!(rounded_ore("1.00000000000000000000000000000001"), Ok(100));
    }

    #[test]
    fn rates_are_written_as_a_return_has_them() {
        let written = |text| Rate::read(text).map(Rate::written);
        for (text, expected) in
            [("25", "25"), ("25.00", "25"), ("11.11", "11,11"), ("0", "0"), ("6.5", "6,5"), ("-0.5", "-0,5")]
        {
            assert_eq!(written(text), Ok(expected.to_owned()));
        }
        assert_eq!(Rate::read("25,0"), Err(NumberError::Syntax));
    }
}
