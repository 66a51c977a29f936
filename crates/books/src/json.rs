//! A draft as scripts get it: the object of `momsbud-cli saft --json`.

use crate::draft::Draft;
use crate::period::Span;
use crate::question::Question;
use crate::warning::Warning;
use saf_t::{Ledger, Refusal};
use serde::Serialize;

/// The answer for one delivery.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the documentation of the format, and the handbook explains them")]
pub struct Answer {
    pub refused: Option<Refused>,
    pub version: Option<&'static str>,
    pub company: Option<CompanyAnswer>,
    pub periods_found: Vec<String>,
    pub period: Option<PeriodAnswer>,
    pub lines: Vec<LineAnswer>,
    pub sum: Option<i128>,
    pub reconciliation: Option<ReconciliationAnswer>,
    pub not_reported: Vec<NotReportedAnswer>,
    pub open_questions: Vec<QuestionAnswer>,
    pub warnings: Vec<WarningAnswer>,
}

/// Why there is none.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct Refused {
    pub kind: &'static str,
    pub detail: String,
    pub file: Option<String>,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct CompanyAnswer {
    pub orgnr: Option<String>,
    pub name: String,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct PeriodAnswer {
    pub from: String,
    pub to: String,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct LineAnswer {
    pub code: String,
    pub specification: Option<&'static str>,
    pub own_codes: Vec<String>,
    pub base: Option<i128>,
    pub rate: Option<String>,
    pub vat: i128,
    pub base_ore: Option<i128>,
    pub vat_ore: i128,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct ReconciliationAnswer {
    pub movement_ore: Option<i128>,
    pub difference_ore: Option<i128>,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct NotReportedAnswer {
    pub own_code: String,
    pub code: String,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct QuestionAnswer {
    pub kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Nothing where it is not known in kroner.
    pub effect_ore: Option<i128>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vouchers: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "as above")]
pub struct WarningAnswer {
    pub kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Vouchers that are named with a question; the rest are counted in words.
const NAMED: usize = 20;

impl Answer {
    /// The answer of a delivery that cannot be used.
    pub fn refused(refusal: &Refusal) -> Self {
        Self {
            refused: Some(Refused {
                kind: refusal.problem.listed_kind(),
                detail: refusal.problem.to_string(),
                file: refusal.file.clone(),
            }),
            version: None,
            company: None,
            periods_found: Vec::new(),
            period: None,
            lines: Vec::new(),
            sum: None,
            reconciliation: None,
            not_reported: Vec::new(),
            open_questions: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// The answer that a draft is.
    pub fn of(draft: &Draft, ledger: &Ledger) -> Self {
        let lines = draft.lines.iter().filter(|line| !line.is_nothing()).map(|line| LineAnswer {
            code: line.key.code.to_string(),
            specification: line.key.specification.map(vat_return::tables::Specification::xml),
            own_codes: line.own_codes.iter().cloned().collect(),
            base: line.base(),
            rate: line.base_ore.is_some().then(|| line.key.rate.written()),
            vat: line.vat(),
            base_ore: line.base_ore,
            vat_ore: line.vat_ore,
        });
        Self {
            refused: None,
            version: draft.version.map(saf_t::Version::text),
            company: Some(CompanyAnswer { orgnr: draft.company.org_number.clone(), name: draft.company.name.clone() }),
            periods_found: draft.periods_found.iter().map(|(year, number)| format!("{year}-{number}")).collect(),
            period: draft.period.map(|Span { from, to }| PeriodAnswer { from: from.to_string(), to: to.to_string() }),
            lines: lines.collect(),
            sum: Some(draft.sum()),
            reconciliation: Some(ReconciliationAnswer {
                movement_ore: draft.movement_ore,
                difference_ore: draft.difference_ore(),
            }),
            not_reported: draft
                .not_reported
                .iter()
                .map(|item| NotReportedAnswer { own_code: item.own_code.clone(), code: item.code.clone() })
                .collect(),
            open_questions: draft.questions.iter().map(|question| of_question(question, ledger)).collect(),
            warnings: draft.warnings.iter().map(of_warning).collect(),
        }
    }
}

fn of_question(question: &Question, ledger: &Ledger) -> QuestionAnswer {
    QuestionAnswer {
        kind: question.kind.name(),
        about: question.about.clone(),
        effect_ore: question.kroner(),
        vouchers: question.vouchers.iter().take(NAMED).map(|voucher| ledger.number(*voucher).to_owned()).collect(),
        choices: question.choices.clone(),
        suggestion: question.suggestion.clone(),
    }
}

fn of_warning(warning: &Warning) -> WarningAnswer {
    use saf_t::Oddity::{DuplicateFile, OtherFile, Totals, Unreadable, Version};
    let detail = match warning {
        Warning::Reader(Version { said, is }) => Some(format!("{said} -> {is}")),
        Warning::Reader(Totals { file } | DuplicateFile { file, .. } | OtherFile { file }) => Some(file.clone()),
        Warning::Reader(Unreadable { element }) => Some((*element).to_owned()),
        Warning::AccountMapping { account, name } => Some(format!("{account} {name}")),
        _ => None,
    };
    WarningAnswer { kind: warning.kind(), detail }
}
