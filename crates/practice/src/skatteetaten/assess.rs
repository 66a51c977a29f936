//! From bytes to a validation result: `vat_return`'s check in the authority's words.

use crate::assessment::{Assessment, Deviation, Outcome};
use crate::authorities::Authorities;
use crate::receipt::oslo;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vat_return::{Account, Context, FiledReturn, Finding, History, Language, Period, PeriodKind, Rejection, Severity};

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
/// The rules that ask registers, earlier returns or an account are left out: the practice world has none of them. Where money
/// back is held ([`SkatteetatenSettings::refunds_held`](crate::settings::SkatteetatenSettings)), it has what holds it.
pub(crate) fn assess(authorities: &Authorities, bytes: &[u8]) -> Assessment {
    let today = authorities.clock.now().to_zoned(oslo()).date();
    let held = authorities.settings().skatteetaten.refunds_held.then(|| what_holds_money_back(bytes, today)).flatten();
    let (history, account) = (held.as_ref(), held.as_ref().map(|_| &NO_ACCOUNT));
    let (read, report) = vat_return::check_bytes(bytes, &Context { history, account, ..Context::on(today) });
    let rejection = read.err();
    let deviations: Vec<Deviation> =
        report.findings.iter().enumerate().map(|(n, finding)| deviation(n, finding, rejection.as_ref())).collect();
    let outcome = report.findings.iter().map(|finding| finding.severity).max().map_or(Outcome::NoDeviations, outcome);
    Assessment { outcome, deviations }
}

/// No account is registered (R080).
const NO_ACCOUNT: Account = Account { number: None };

/// Earlier returns of one who is owed money: the one before this is missing, and the one before that is there (R062).
fn what_holds_money_back(bytes: &[u8], today: Date) -> Option<History> {
    let ret = vat_return::read(bytes).ok().filter(|ret| ret.assessed_vat.value.is_sign_negative())?;
    let period = ret.period.value;
    // A year before: there are periods between.
    let period = Period { year: period.year - 1, ..period };
    let earlier = FiledReturn { category: ret.category.value, period, assessed_vat: Decimal::ZERO, delivered: today };
    Some(History { returns: vec![earlier], complete: false, next_period_open: None })
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
