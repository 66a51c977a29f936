//! What of a delivery is read, and how much.

use crate::error::Problem;
use crate::voucher::Header;

/// How much a packed file may unpack to.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of all XML of a zip together. Receivers took 2 GB an XML (facts, section 7).
    pub unpacked: u64,
    /// How many times its size a zip may unpack to. SAF-T packs about 15:1 (facts, section 10).
    pub ratio: u64,
    /// Bytes up to which no ratio is asked for.
    pub free: u64,
    /// Files in a zip.
    pub files: usize,
    /// Only files of this company are read, by its nine digits; the others are passed over.
    pub company: Option<String>,
    /// Files of several companies are one delivery: they are registered for VAT together.
    pub joint: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self { unpacked: 16 << 30, ratio: 200, free: 64 << 20, files: 10_000, company: None, joint: false }
    }
}

impl Limits {
    /// What a packed file of so many bytes may unpack to.
    pub(crate) fn unpacks_to(&self, length: u64) -> u64 {
        self.unpacked.min(self.free.max(length.saturating_mul(self.ratio)))
    }
}

/// The nine digits of a header's company, if it has any; for telling companies apart.
pub(crate) fn company_digits(header: &Header) -> Option<String> {
    [&header.company_number, &header.tax_number].into_iter().find_map(|text| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        (digits.len() == 9).then_some(digits)
    })
}

/// Whether a file is of the company that is wanted, if one is. A file that names none may be anybody's.
pub(crate) fn is_wanted(header: &Header, only: Option<&str>) -> Result<(), Problem> {
    match (only, company_digits(header)) {
        (Some(only), Some(number)) if number != only => Err(Problem::OtherCompany),
        _ => Ok(()),
    }
}
