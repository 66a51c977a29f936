//! KID (kundeidentifikasjonsnummer): the reference number of a payment.

use compact_str::CompactString;

/// A KID whose check digit is right by modulus 10 or by modulus 11.
///
/// ```
/// use vat_return::{Kid, KidError};
///
/// let kid = Kid::parse("20260531520381")?;
/// assert_eq!(kid.grouped(), "2026\u{a0}0531\u{a0}5203\u{a0}81");
/// assert_eq!(Kid::parse("20260531520382"), Err(KidError::CheckDigit));
/// # Ok::<(), KidError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kid(CompactString);

/// Why a text is not a KID (rule R079: digits, at last perhaps a hyphen; 2 to 25 characters).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KidError {
    /// Shorter than 2 or longer than 25 characters.
    #[error("a KID has 2 to 25 characters")]
    Length,
    /// Something else than digits, or a hyphen elsewhere than last.
    #[error("a KID has digits only, or digits and a final hyphen")]
    Character,
    /// The last character follows from the others neither by modulus 10 nor by modulus 11.
    #[error("the check digit of the KID is wrong")]
    CheckDigit,
}

impl Kid {
    /// Reads a KID as it stands in a file: no spaces, no grouping.
    ///
    /// # Errors
    /// [`KidError`], the first of length, characters and check digit that is wrong.
    pub fn parse(text: &str) -> Result<Self, KidError> {
        if !(2..=25).contains(&text.chars().count()) {
            return Err(KidError::Length);
        }
        let digits = text.strip_suffix('-').unwrap_or(text);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(KidError::Character);
        }
        if modulus_10(text.as_bytes()) || modulus_11(text.as_bytes()) {
            Ok(Self(text.into()))
        } else {
            Err(KidError::CheckDigit)
        }
    }

    /// The characters as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In fours from the left, with no-break spaces, for reading aloud.
    pub fn grouped(&self) -> String {
        let mut grouped = String::with_capacity(self.0.len() * 3 / 2);
        for (index, character) in self.0.chars().enumerate() {
            if index > 0 && index % 4 == 0 {
                grouped.push('\u{a0}');
            }
            grouped.push(character);
        }
        grouped
    }
}

/// The KID for paying in, as `betalingsinformasjon` gives it (`kundeidentifikasjonsnummer`, apis.md 6.2): what the company
/// writes on its payment to Skatteetaten. Kept as the authority wrote it and not judged.
///
/// It is never the [`RefundKid`] of the return, and neither becomes the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PaymentKid(String);

impl PaymentKid {
    /// What the authority wrote; nothing when it wrote nothing.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        (!text.trim().is_empty()).then_some(Self(text))
    }

    /// The characters as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for PaymentKid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The KID in the return (`kundeIdentifikasjonsnummer`, with a capital I): what Skatteetaten writes on a payment **to** the
/// company. Kept as the file has it; rule R079 judges it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RefundKid(CompactString);

impl RefundKid {
    /// What stands in the return.
    pub fn new(text: impl Into<CompactString>) -> Self {
        Self(text.into())
    }

    /// The characters as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Kid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The Luhn formula: weights 1, 2, 1, 2 … from the right, sums of the products' digits.
fn modulus_10(kid: &[u8]) -> bool {
    if kid.last() == Some(&b'-') {
        return false;
    }
    let sum: u32 = kid
        .iter()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let product = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Weights 2 to 7, again and again, from the right before the check digit; the check digit 10 is written `-`.
fn modulus_11(kid: &[u8]) -> bool {
    let Some((check, digits)) = kid.split_last() else { return false };
    let sum: u32 =
        digits.iter().rev().zip((2..=7).cycle()).map(|(byte, weight): (_, u32)| u32::from(byte - b'0') * weight).sum();
    match (sum % 11, *check) {
        (1, check) => check == b'-',
        (_, b'-') => false,
        (0, check) => check == b'0',
        (remainder, check) => 11 - remainder == u32::from(check - b'0'),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// The last characters that make `stem` a KID.
    fn fitting(stem: &str) -> String {
        "0123456789-".chars().filter(|last| Kid::parse(&format!("{stem}{last}")).is_ok()).collect()
    }

    #[test]
    fn each_modulus_gives_its_own_digit() {
        // 1234567: Luhn 4; modulus 11: 7·2+6·3+5·4+4·5+3·6+2·7+1·2 = 106, remainder 7, digit 4: here they agree.
        assert_eq!(fitting("1234567"), "4");
        // 234567: Luhn 1·…: 7→14→5, 6, 5→10→1, 4, 3→6, 2 = 24 → 6; modulus 11: 14+18+20+20+18+14 = 104, remainder 5 → 6.
        assert_eq!(fitting("234567"), "6");
        // 12: Luhn 2→4, 1 = 5 → 5; modulus 11: 4+3 = 7 → 4.
        assert_eq!(fitting("12"), "45");
    }

    #[test]
    fn a_hyphen_is_the_check_digit_10_of_modulus_11_only() {
        // 6: modulus 11: 12, remainder 1 → `-`; Luhn: 12 → 3, digit 7.
        assert_eq!(fitting("6"), "7-");
        assert_eq!(Kid::parse("6-1"), Err(KidError::Character));
        assert_eq!(Kid::parse("--"), Err(KidError::Character));
    }

    #[test]
    fn the_official_examples() {
        assert!(Kid::parse("34000009324568708").is_ok());
        // Stands in two official files and is none: examples are not always consistent (apis.md 6.3).
        assert_eq!(Kid::parse("99999999999999"), Err(KidError::CheckDigit));
    }

    #[test]
    fn length_and_characters() {
        assert_eq!(Kid::parse(""), Err(KidError::Length));
        assert_eq!(Kid::parse("0"), Err(KidError::Length));
        assert!(Kid::parse("00").is_ok());
        assert!(Kid::parse(&"0".repeat(25)).is_ok());
        assert_eq!(Kid::parse(&"0".repeat(26)), Err(KidError::Length));
        assert_eq!(Kid::parse("12 4"), Err(KidError::Character));
        assert_eq!(Kid::parse("1å"), Err(KidError::Character));
        assert_eq!(Kid::parse("１８"), Err(KidError::Character));
    }
}
