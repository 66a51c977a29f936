//! From bytes to a validation result: `vat_return`'s check in the authority's words.

use super::result::{Assessment, Deviation, Outcome};
use crate::authorities::Authorities;
use crate::receipt::oslo;
use vat_return::{Context, Finding, Language, Period, PeriodKind, Rejection, Severity};

/// The values that the schema allows, by period element.
pub(crate) fn period_values() -> Vec<(&'static str, Vec<String>)> {
    const KINDS: [PeriodKind; 7] = [
        PeriodKind::Month,
        PeriodKind::TwoMonths,
        PeriodKind::ThreeMonths,
        PeriodKind::SixMonths,
        PeriodKind::HalfMonth,
        PeriodKind::Week,
        PeriodKind::Year,
    ];
    KINDS
        .iter()
        .map(|kind| {
            let value = |index| Period { kind: *kind, index, year: 2026 }.xml_value().to_string();
            (kind.xml_element(), (1..=kind.count()).map(value).collect())
        })
        .collect()
}

/// What the validation says of these bytes, submitted today by the practice clock.
///
/// The rules that ask registers, earlier returns or an account are left out: the practice world has none of them.
pub(crate) fn assess(authorities: &Authorities, bytes: &[u8]) -> Assessment {
    let today = authorities.clock.now().to_zoned(oslo()).date();
    let (read, report) = vat_return::check_bytes(bytes, &Context::on(today));
    let rejection = read.err();
    let deviations: Vec<Deviation> =
        report.findings.iter().enumerate().map(|(n, finding)| deviation(n, finding, rejection.as_ref())).collect();
    let outcome = report.findings.iter().map(|finding| finding.severity).max().map_or(Outcome::NoDeviations, outcome);
    Assessment { outcome, deviations }
}

fn outcome(severity: Severity) -> Outcome {
    match severity {
        Severity::Deviating => Outcome::Deviating,
        Severity::Incomplete => Outcome::Incomplete,
        Severity::Invalid => Outcome::Invalid,
    }
}

fn deviation(n: usize, finding: &Finding, rejection: Option<&Rejection>) -> Deviation {
    let text = finding.text(Language::Nb);
    let complaint = rejection.and_then(|rejection| rejection.complaints().get(n));
    let path = match (complaint, finding.line) {
        (Some(complaint), _) => complaint.path.clone(),
        (None, Some(line)) => {
            format!("/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje[{}]", line + 1)
        }
        (None, None) => "/mvaMeldingDto".into(),
    };
    Deviation {
        path,
        vat_code: finding.vat_code.as_ref().map(ToString::to_string),
        line: finding.at.map(|at| at.line),
        column: finding.at.map(|at| at.column),
        reason: text.message,
        kind: outcome(finding.severity),
        code: finding.identifier.into(),
        rule: format!("{}: {}", finding.rule, text.title),
        detail: complaint.map(|complaint| complaint.text(Language::Nb)),
    }
}
