//! Why a return has the findings it has: one mistake of an export often breaks several rules, on many lines.
//!
//! A cause is one sentence over the findings that it explains, and says whether [`mend()`](crate::mend::mend()) takes it
//! away. Findings that no cause explains stand for themselves.

use crate::check::Report;
use crate::complaint::{Complaint, ComplaintKind, Rejection};
use crate::finding::{Finding, Value};
use crate::language::Language;
use crate::mend::{self, Change, ChangeKind};
use crate::model::VatReturn;
use crate::read;
use crate::tables::{CodeSet, tables};
use crate::texts;

/// What is wrong, behind the findings.
pub use crate::mend::ChangeKind as CauseKind;

/// A mistake that explains findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What it is.
    pub kind: CauseKind,
    /// The findings that it explains: places in [`Report::findings`]. Where no rule minds, there are none.
    pub findings: Vec<usize>,
    /// The lines of the return it is about, from 0.
    pub lines: Vec<usize>,
    /// Whether it can be mended without deciding anything about tax.
    pub mend: bool,
    /// Codes of those lines.
    codes: Vec<String>,
    /// What is written, and what should be, where there is anything, each pair once.
    pairs: Vec<(Option<String>, Option<String>)>,
}

/// The causes of what a check found in a file.
///
/// ```
/// use jiff::civil::date;
/// use vat_return::{CauseKind, Context, Language, causes, check_bytes, samples};
///
/// let file = String::from_utf8_lossy(samples::ALL[0].bytes).replace("<sats>25<", "<sats>25.0<");
/// let (read, report) = check_bytes(file.as_bytes(), &Context::on(date(2026, 11, 21)));
/// let causes = causes(file.as_bytes(), read.as_ref().ok(), &report);
/// assert_eq!((report.findings.len(), causes.len()), (2, 1));
/// assert_eq!((causes[0].kind, causes[0].mend), (CauseKind::Rate, true));
/// assert_eq!(causes[0].text(Language::En), "The rate is written as 25.0, and the list has 25.");
/// ```
pub fn causes(bytes: &[u8], ret: Option<&VatReturn>, report: &Report) -> Vec<Cause> {
    if report.findings.is_empty() && !ret.is_some_and(mend::has_written_decimals) {
        return Vec::new();
    }
    let mended = mend::mend(bytes).ok();
    let mut causes = Vec::new();
    if let Some(mended) = &mended {
        let left = if report.schema_valid { Vec::new() } else { complaints(&mended.bytes) };
        let mut kinds: Vec<ChangeKind> = mended.changes.iter().map(|change| change.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let changes: Vec<&Change> = mended.changes.iter().filter(|change| change.kind == kind).collect();
            let mut cause = Cause::of(kind, &changes);
            let explains = |finding: &Finding| explains(finding, kind, &cause.lines, &changes, &left);
            cause.findings = places(report, explains);
            causes.push(cause);
        }
    }
    if let Some(ret) = ret {
        causes.extend(unproven_reverse_charge(ret, report, &causes));
    }
    causes
}

impl Cause {
    fn of(kind: CauseKind, changes: &[&Change]) -> Self {
        let mut cause =
            Self { kind, findings: Vec::new(), lines: Vec::new(), mend: true, codes: Vec::new(), pairs: Vec::new() };
        for change in changes {
            push(&mut cause.lines, change.line);
            push(&mut cause.codes, change.vat_code.clone());
            push(&mut cause.pairs, Some((change.before.clone(), change.after.clone())));
        }
        cause
    }

    /// The cause as one sentence.
    pub fn text(&self, language: Language) -> String {
        let list = |of: &[String]| {
            const MOST: usize = 4;
            let shown: Vec<String> = of.iter().take(MOST).map(|text| texts::revealed(text)).collect();
            let more = if of.len() > MOST { " …" } else { "" };
            format!("{}{more}", shown.join(", "))
        };
        let codes = list(&self.codes);
        let before = list(&self.pairs.iter().filter_map(|(before, _)| before.clone()).collect::<Vec<_>>());
        let after = list(&self.pairs.iter().filter_map(|(_, after)| after.clone()).collect::<Vec<_>>());
        match (self.kind, self.mend) {
            (CauseKind::ByteOrderMark, _) => crate::text(language, "cause.theFileBeginsWithThe").to_owned(),
            (CauseKind::Namespace, _) => crate::text(language, "cause.theSystemExportedTheReturn").to_owned(),
            (CauseKind::Order, _) => crate::text(language, "cause.theElementsStandInAnother").to_owned(),
            (CauseKind::PaymentMissing, _) => {
                crate::text(language, "cause.theSystemLeftOutBetalingsinformasjon").to_owned()
            }
            (CauseKind::Amount, _) => {
                crate::filled(language, "cause.amountsAreWrittenWithDecimals", &[("before", &before)])
            }
            (CauseKind::Rate, _) => {
                crate::filled(language, "cause.theRateIsWrittenAs", &[("before", &before), ("after", &after)])
            }
            (CauseKind::InputBase, _) => crate::filled(language, "cause.codeIsADeductionBut", &[("codes", &codes)]),
            (CauseKind::ReverseCharge, true) => {
                crate::filled(language, "cause.reverseChargeOnCodeWasExported", &[("codes", &codes)])
            }
            (CauseKind::ReverseCharge, false) => {
                crate::filled(language, "cause.reverseChargeOnCodeWas", &[("codes", &codes)])
            }
            (CauseKind::Kid, _) if !after.is_empty() => {
                crate::filled(language, "cause.theSystemWroteTheKid", &[("after", &after)])
            }
            (CauseKind::Kid, _) => crate::filled(language, "cause.theSystemWroteAsKid", &[("before", &before)]),
        }
    }
}

fn push<T: PartialEq>(into: &mut Vec<T>, new: Option<T>) {
    if let Some(new) = new.filter(|new| !into.contains(new)) {
        into.push(new);
    }
}

fn places(report: &Report, explains: impl Fn(&Finding) -> bool) -> Vec<usize> {
    report.findings.iter().enumerate().filter(|(_, finding)| explains(finding)).map(|(place, _)| place).collect()
}

/// Whether a finding comes from a mistake.
fn explains(finding: &Finding, kind: CauseKind, lines: &[usize], changes: &[&Change], left: &[Complaint]) -> bool {
    let on_line = finding.line.is_some_and(|line| lines.contains(&line));
    let rule = |rules: &[&str]| rules.contains(&finding.rule);
    let complaint = finding.values.iter().find_map(|(_, value)| match value {
        Value::Complaint(complaint) => Some(complaint.as_ref()),
        _ => None,
    });
    let gone = complaint.filter(|complaint| !left.iter().any(|other| same(complaint, other)));
    match kind {
        CauseKind::ByteOrderMark | CauseKind::Namespace => gone.is_some(),
        CauseKind::PaymentMissing => gone.is_some_and(misses_payment),
        CauseKind::Order => gone.is_some_and(|complaint| {
            let order = matches!(complaint.kind, ComplaintKind::Missing | ComplaintKind::Misplaced);
            order && !misses_payment(complaint)
        }),
        CauseKind::Amount => gone.is_some_and(|complaint| complaint.kind == ComplaintKind::NotNumber),
        CauseKind::Rate => {
            // What was computed with a rate that is a hundredth of the right one is wrong for the same reason.
            let share = |change: &Change| {
                let pair = change.before.as_deref().zip(change.after.as_deref());
                change.line == finding.line
                    && pair.is_some_and(|(before, after)| mend::changes::was_a_share(before, after))
            };
            rule(&["R003"]) && changes.iter().any(|change| Some(change.at) == finding.at)
                || on_line && rule(&["R019", "R020"]) && changes.iter().any(|change| share(change))
        }
        CauseKind::InputBase => on_line && rule(&["R065", "R003", "R019", "R020", "R122", "R127"]),
        CauseKind::ReverseCharge => rule(&["R018"]) || on_line && rule(&REVERSE_CHARGE),
        CauseKind::Kid => rule(&["R079"]),
    }
}

/// Rules that a line of reverse charge breaks that stands for two.
const REVERSE_CHARGE: [&str; 12] =
    ["R019", "R020", "R028", "R029", "R030", "R031", "R032", "R033", "R034", "R035", "R036", "R037"];

fn misses_payment(complaint: &Complaint) -> bool {
    complaint.kind == ComplaintKind::Missing && complaint.expected.starts_with("betalingsinformasjon")
}

fn same(one: &Complaint, other: &Complaint) -> bool {
    (one.kind, &one.found, &one.expected, one.element()) == (other.kind, &other.found, &other.expected, other.element())
}

fn complaints(bytes: &[u8]) -> Vec<Complaint> {
    read(bytes).err().as_ref().map(Rejection::complaints).unwrap_or_default().to_vec()
}

/// Lines of reverse charge with a negative base and a positive tax whose deduction the sum does not prove.
fn unproven_reverse_charge(ret: &VatReturn, report: &Report, known: &[Cause]) -> Option<Cause> {
    const BOTH: CodeSet = CodeSet::of(&[81, 83, 86, 88, 91]);
    if known.iter().any(|cause| cause.kind == CauseKind::ReverseCharge) {
        return None;
    }
    let turned = |line: &crate::Line| {
        let negative = line.base.as_ref().is_some_and(|base| base.value.is_sign_negative() && !base.value.is_zero());
        let positive = line.vat.value.is_sign_positive() && !line.vat.value.is_zero();
        let both = tables().code(&line.code.value).is_some_and(|code| BOTH.has(code));
        both && negative && positive && line.remark.is_none()
    };
    let lines: Vec<usize> =
        ret.lines.iter().enumerate().filter(|(_, line)| turned(line)).map(|(index, _)| index).collect();
    let findings = places(report, |finding| {
        finding.line.is_some_and(|line| lines.contains(&line)) && REVERSE_CHARGE.contains(&finding.rule)
    });
    let mut codes = Vec::new();
    for line in &lines {
        push(&mut codes, ret.lines.get(*line).map(|line| line.code.value.to_string()));
    }
    let kind = CauseKind::ReverseCharge;
    (findings.len() > 1).then_some(Cause { kind, findings, lines, mend: false, codes, pairs: Vec::new() })
}

#[cfg(test)]
mod tests;
