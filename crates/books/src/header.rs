//! Whose books they are (facts, section 1, "Header").

use crate::answers::Answers;
use crate::question::QuestionKind;
use saf_t::Ledger;
use vat_return::OrgNumber;

/// The company of a delivery and the system that wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Company {
    /// Nine digits; none where the file has no usable number.
    pub org_number: Option<String>,
    /// The number's check digit is wrong.
    pub check_digit_wrong: bool,
    /// All numbers, where the files are of several companies that are registered together.
    pub several: Vec<String>,
    /// Name.
    pub name: String,
    /// `SoftwareCompanyName`, `SoftwareID` and `SoftwareVersion`.
    pub system: (String, String, String),
}

/// The company of a ledger's headers.
pub fn company(ledger: &Ledger, answers: &Answers) -> Company {
    let headers = || ledger.files.iter().map(|file| &file.header);
    let candidates = headers().map(|header| &header.company_number).chain(headers().map(|header| &header.tax_number));
    let mut several: Vec<String> = headers().filter_map(|header| digits(&header.company_number)).collect();
    several.sort_unstable();
    several.dedup();
    let org_number = answers
        .get(QuestionKind::JointRegistration, "")
        .filter(|_| several.len() > 1)
        .or_else(|| answers.get(QuestionKind::OrgnrMissing, ""))
        .and_then(digits)
        .or_else(|| candidates.filter_map(|text| digits(text)).next());
    let first = |of: fn(&saf_t::Header) -> &String| {
        headers().map(of).find(|text| !text.is_empty()).cloned().unwrap_or_default()
    };
    Company {
        check_digit_wrong: org_number.as_deref().is_some_and(|number| !OrgNumber::has_check_digit(number)),
        org_number,
        several,
        name: first(|header| &header.company_name),
        system: (
            first(|header| &header.software_company),
            first(|header| &header.software),
            first(|header| &header.software_version),
        ),
    }
}

/// `999999999`, `999999999MVA`, `NO 999 999 999 MVA`.
fn digits(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
    let plain = plain.strip_prefix("NO").unwrap_or(&plain);
    let plain = plain.strip_suffix("MVA").unwrap_or(plain);
    (plain.len() == 9 && plain.bytes().all(|byte| byte.is_ascii_digit()) && plain != "000000000")
        .then(|| plain.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_every_dress() {
        for text in [
            "999999999",
            "999999999MVA",
            "NO 999 999 999 MVA",
            "NO999999999MVA",
            "999.999.999 mva",
            "999\u{a0}999\u{a0}999",
        ] {
            assert_eq!(digits(text).as_deref(), Some("999999999"), "{text}");
        }
        for text in ["", "NA", "01017012345", "12345678", "99999999A", "SE999999999901"] {
            assert_eq!(digits(text), None, "{text}");
        }
    }
}
