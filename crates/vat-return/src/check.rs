//! The check: what Skatteetaten would say of a return, as far as can be known here.

use crate::complaint::{Complaint, Rejection};
use crate::context::Context;
use crate::finding::{Finding, Severity, Value};
use crate::model::{Category, VatReturn};
use crate::notice::Notice;
use crate::read;
use crate::rules;
use crate::tables;

/// The verdict over a return: the worst of its findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Nothing found.
    Ok,
    /// It may be filed, with deviations (or something missing).
    Deviating,
    /// It would be refused.
    Invalid,
}

impl Verdict {
    /// The Norwegian word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Deviating => "avvikende",
            Self::Invalid => "ugyldig",
        }
    }

    fn over(findings: &[Finding]) -> Self {
        findings.iter().map(|finding| finding.severity.into()).max().unwrap_or(Self::Ok)
    }
}

impl From<Severity> for Verdict {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Deviating | Severity::Incomplete => Self::Deviating,
            Severity::Invalid => Self::Invalid,
        }
    }
}

/// What a check says.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Whether the file could be read as a return; if not, R001 is the only rule.
    pub schema_valid: bool,
    /// The worst of the findings.
    pub verdict: Verdict,
    /// The findings, in the order of the file.
    pub findings: Vec<Finding>,
    /// What should be known beside.
    pub notice: Option<Notice>,
}

/// Checks a return with every rule that the context has the data for.
pub fn check(ret: &VatReturn, context: &Context<'_>) -> Report {
    let findings = rules::ask_all(ret, context);
    let newer = ret.period.value.first_day() > tables::PUBLISHED;
    let period = ret.period.value;
    let notice = if period.exists() {
        newer.then_some(Notice::NewerThanTables { published: tables::PUBLISHED })
    } else {
        Some(Notice::NoSuchWeek { week: period.index, year: period.year })
    };
    Report { schema_valid: true, verdict: Verdict::over(&findings), findings, notice }
}

/// Reads and checks a file. What cannot be read is rule R001, one finding a complaint.
///
/// ```
/// use jiff::civil::date;
/// use vat_return::{Context, Language, Verdict, check_bytes, samples};
///
/// let sample = samples::ALL.iter().find(|sample| sample.id == "vika-avvik").unwrap();
/// let (read, report) = check_bytes(sample.bytes, &Context::on(date(2026, 11, 21)));
/// assert!(read.is_ok());
/// assert_eq!(report.verdict, Verdict::Deviating);
/// assert_eq!(report.findings[0].rule, "R019");
/// assert_eq!(report.findings[0].text(Language::En).title, "VAT does not add up");
/// ```
pub fn check_bytes(bytes: &[u8], context: &Context<'_>) -> (Result<VatReturn, Rejection>, Report) {
    let read = read(bytes);
    let report = match &read {
        Ok(ret) => check(ret, context),
        Err(rejection) => rejected(rejection),
    };
    (read, report)
}

/// The report over a file that could not be read.
pub fn rejected(rejection: &Rejection) -> Report {
    let mut findings: Vec<Finding> = rejection.complaints().iter().map(complaint).collect();
    if findings.is_empty() {
        let variant = match rejection {
            Rejection::Empty => "empty",
            _ => "too large",
        };
        findings.push(Finding { variant, ..structure() });
    }
    Report { schema_valid: false, verdict: Verdict::over(&findings), findings, notice: None }
}

fn complaint(complaint: &Complaint) -> Finding {
    Finding {
        at: Some(complaint.at),
        values: vec![("complaint", Value::Complaint(Box::new(complaint.clone())))],
        ..structure()
    }
}

fn structure() -> Finding {
    let rule = rules::STRUCTURE;
    Finding {
        rule: rule.number,
        identifier: rule.identifier,
        severity: rule.severity,
        at: None,
        line: None,
        vat_code: None,
        category: Category::Ordinary,
        variant: "",
        values: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::period::PeriodKind::{Month, Week};
    use crate::rules::made::{line, ordinary};
    use jiff::civil::date;

    #[test]
    fn a_return_newer_than_the_tables_says_so() {
        let of = |index| ordinary([line("1").vat(-1)]).during(Month, index, 2025);
        let notice = |index| check(&of(index), &Context::on(date(2026, 11, 21))).notice;
        assert_eq!(notice(11), None);
        let newer = Notice::NewerThanTables { published: date(2025, 11, 4) };
        assert_eq!(notice(12), Some(newer));
        let said = [Language::Nb, Language::Nn, Language::En].map(|language| newer.text(language));
        assert!(said[0].contains("fra 4. november 2025"), "{}", said[0]);
        assert!(said[1].contains("frå 4. november 2025"), "{}", said[1]);
        assert!(said[2].contains("from 4 November 2025"), "{}", said[2]);
    }

    #[test]
    fn a_week_that_the_year_does_not_have_is_said() {
        let of = |year| ordinary([line("1").vat(-1)]).during(Week, 53, year);
        let notice = |year| check(&of(year), &Context::on(date(2028, 1, 1))).notice;
        let none = Notice::NoSuchWeek { week: 53, year: 2025 };
        assert_eq!(notice(2025), Some(none));
        assert!(matches!(notice(2026), Some(Notice::NewerThanTables { .. })));
        assert_eq!(none.text(Language::Nb), "2025 har ikke noen uke 53. Kontrollér uken og året i meldingen.");
        assert_eq!(crate::calendar::deadline(Category::Ordinary, &of(2025).period.value), None);
    }

    #[test]
    fn findings_stand_in_the_order_of_the_file() {
        let sample = crate::samples::ALL.iter().find(|sample| sample.id == "fjordlys-ugyldig");
        let bytes = sample.map(|sample| sample.bytes).unwrap_or_default();
        let (_, report) = check_bytes(bytes, &Context::on(date(2026, 11, 21)));
        let rules: Vec<&str> = report.findings.iter().map(|finding| finding.rule).collect();
        // By number, R019 would come first.
        assert_eq!(rules, ["R020", "R019"]);
        assert_eq!(report.verdict, Verdict::Invalid);
    }

    #[test]
    fn what_cannot_be_read_is_r001() {
        for bytes in [b"".as_slice(), b"<a/>", b"<!DOCTYPE a><a/>"] {
            let (read, report) = check_bytes(bytes, &Context::on(date(2026, 11, 21)));
            assert!(read.is_err() && !report.schema_valid);
            assert_eq!(report.verdict, Verdict::Invalid);
            assert!(report.findings.iter().all(|finding| finding.rule == "R001"));
            assert!(!report.findings.is_empty());
        }
        let large = rejected(&Rejection::TooLarge { size: 25_000_001 });
        assert!(large.findings.iter().all(|finding| finding.text(Language::En).message.contains("25 MB")));
    }
}
