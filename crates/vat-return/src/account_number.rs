//! Norwegian bank account numbers (kontonummer): eleven digits, the last of them a check digit.

use compact_str::CompactString;

/// An account number whose check digit is right.
///
/// ```
/// use vat_return::AccountNumber;
///
/// let account = AccountNumber::parse("1234.56.78903")?;
/// assert_eq!(account.as_str(), "12345678903");
/// assert_eq!(account.grouped(), "1234\u{a0}56\u{a0}78903");
/// # Ok::<(), vat_return::AccountNumberError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountNumber(CompactString);

/// Why a text is not an account number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountNumberError {
    /// Anything but eleven digits. Spaces and full stops within are taken for grouping and do not count.
    #[error("an account number has eleven digits")]
    NotElevenDigits,
    /// The eleventh digit does not follow from the ten before it.
    #[error("the check digit of the account number is wrong")]
    CheckDigit,
}

const WEIGHTS: [u32; 10] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];

impl AccountNumber {
    /// Reads eleven digits, with or without spaces and full stops between them.
    ///
    /// # Errors
    /// [`AccountNumberError`] when there are not eleven digits or the check digit (modulus 11) is wrong.
    pub fn parse(text: &str) -> Result<Self, AccountNumberError> {
        let mut digits = CompactString::default();
        for character in text.chars() {
            match character {
                '0'..='9' => digits.push(character),
                ' ' | '.' | '\u{a0}' | '\u{202f}' => {}
                _ => return Err(AccountNumberError::NotElevenDigits),
            }
        }
        let bytes = <[u8; 11]>::try_from(digits.as_bytes()).map_err(|_| AccountNumberError::NotElevenDigits)?;
        let sum: u32 = WEIGHTS.iter().zip(bytes).map(|(weight, digit)| weight * u32::from(digit - b'0')).sum();
        let expected = (11 - sum % 11) % 11;
        if expected == u32::from(bytes[10] - b'0') { Ok(Self(digits)) } else { Err(AccountNumberError::CheckDigit) }
    }

    /// The eleven digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it, 4 + 2 + 5, with no-break spaces.
    pub fn grouped(&self) -> String {
        format!("{}\u{a0}{}\u{a0}{}", &self.0[..4], &self.0[4..6], &self.0[6..])
    }
}

impl std::fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_last_digit_fits() {
        let fitting: String =
            ('0'..='9').filter(|last| AccountNumber::parse(&format!("1234567890{last}")).is_ok()).collect();
        assert_eq!(fitting, "3");
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "1234567890", "123456789033", "1234567890x", "1234-56-78903"] {
            assert_eq!(AccountNumber::parse(text), Err(AccountNumberError::NotElevenDigits), "{text}");
        }
        assert_eq!(AccountNumber::parse("12345678904"), Err(AccountNumberError::CheckDigit));
    }
}
