//! Organisation numbers (organisasjonsnummer): nine digits, the last of them a check digit.

use compact_str::CompactString;

/// An organisation number whose check digit is right.
///
/// ```
/// use vat_return::OrgNumber;
///
/// let fjordlys = OrgNumber::parse("311 797 816")?;
/// assert_eq!(fjordlys.as_str(), "311797816");
/// assert_eq!(fjordlys.grouped(), "311\u{a0}797\u{a0}816");
/// assert!(OrgNumber::parse("311797817").is_err());
/// # Ok::<(), vat_return::OrgNumberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrgNumber(CompactString);

/// Why a text is not an organisation number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrgNumberError {
    /// Anything but nine digits. Spaces within are taken for grouping and do not count.
    #[error("an organisation number has nine digits")]
    NotNineDigits,
    /// The ninth digit does not follow from the eight before it: most often two digits have changed places.
    #[error("the check digit of the organisation number is wrong")]
    CheckDigit,
}

/// Weights of the first eight digits (Brønnøysundregistrene, "Organisation number": modulus 11).
const WEIGHTS: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];

impl OrgNumber {
    /// Reads nine digits, with or without spaces (also no-break spaces) between them.
    ///
    /// # Errors
    /// [`OrgNumberError`] when there are not nine digits or the check digit is wrong.
    pub fn parse(text: &str) -> Result<Self, OrgNumberError> {
        let mut digits = CompactString::default();
        for character in text.chars() {
            match character {
                '0'..='9' => digits.push(character),
                ' ' | '\u{a0}' | '\u{202f}' => {}
                _ => return Err(OrgNumberError::NotNineDigits),
            }
        }
        if digits.len() != 9 {
            return Err(OrgNumberError::NotNineDigits);
        }
        if Self::has_check_digit(&digits) { Ok(Self(digits)) } else { Err(OrgNumberError::CheckDigit) }
    }

    /// Whether nine digits end in their check digit. Anything but nine digits does not.
    pub fn has_check_digit(digits: &str) -> bool {
        let Ok(digits) = <[u8; 9]>::try_from(digits.as_bytes()) else { return false };
        if !digits.iter().all(u8::is_ascii_digit) {
            return false;
        }
        let sum: u32 = WEIGHTS.iter().zip(digits).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
        // A remainder of 1 would need the check digit 10: such numbers are never given out.
        let expected = match sum % 11 {
            0 => 0,
            remainder => 11 - remainder,
        };
        expected == u32::from(digits[8] - b'0')
    }

    /// The nine digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In threes as people write it, with no-break spaces: `311 797 816`.
    pub fn grouped(&self) -> String {
        format!("{}\u{a0}{}\u{a0}{}", &self.0[..3], &self.0[3..6], &self.0[6..])
    }

    /// A text as people write an organisation number, or as it stands where it is none.
    pub fn shown(text: &str) -> String {
        Self::parse(text).map_or_else(|_| text.to_owned(), |number| number.grouped())
    }
}

impl std::fmt::Display for OrgNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for OrgNumber {
    type Err = OrgNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registers_own_example_has_check_digit_5() {
        assert!(OrgNumber::has_check_digit("123456785"));
        for last in "012346789".chars() {
            assert!(!OrgNumber::has_check_digit(&format!("12345678{last}")), "{last}");
        }
    }

    #[test]
    fn remainder_1_is_no_number_and_remainder_0_ends_in_0() {
        // 3·1 + 2·4 + 7·0 + … = 11 → 0; 3·4 = 12 → remainder 1 → no digit fits.
        assert!(OrgNumber::has_check_digit("140000000"));
        assert!((0..=9).all(|last| !OrgNumber::has_check_digit(&format!("40000000{last}"))));
    }

    #[test]
    fn two_digits_that_changed_places_are_noticed() {
        assert_eq!(OrgNumber::parse("311797861"), Err(OrgNumberError::CheckDigit));
        assert_eq!(OrgNumber::parse("311978716"), Err(OrgNumberError::CheckDigit));
    }

    #[test]
    fn only_digits_and_spaces() {
        for text in ["", "31179781", "3117978166", "NO311797816", "31179781٦", "311-797-816"] {
            assert_eq!(OrgNumber::parse(text), Err(OrgNumberError::NotNineDigits), "{text}");
        }
        assert_eq!(OrgNumber::parse("311\u{a0}797\u{202f}816").map(|n| n.to_string()), Ok("311797816".into()));
    }
}
