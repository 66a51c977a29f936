#![allow(clippy::unwrap_used)]
use vat_return::{Context, check_bytes, samples};

use super::*;

fn detail(code: &str, rule: &str) -> Detail {
    Detail {
        reason: "Fordi.".into(),
        kind: Outcome::Deviating,
        code: code.into(),
        rule_definition: rule.into(),
        detail: None,
    }
}

fn said(deviations: Vec<Deviation>) -> ValidationResult {
    ValidationResult { outcome: Outcome::Deviating, deviations }
}

fn at(line: Option<u64>, path: &str, code: Option<&str>, details: Vec<Detail>) -> Deviation {
    Deviation { path: path.into(), vat_code: code.map(str::to_owned), line, column: None, details }
}

#[test]
fn what_the_authority_alone_says_stands_on_its_line() {
    let sample = samples::by_id("fjordlys").unwrap();
    let (read, report) = check_bytes(sample.bytes, &Context::on(jiff::civil::date(2026, 11, 21)));
    let vat_return = read.unwrap();
    assert!(report.findings.is_empty());
    let second = &vat_return.lines[1];
    let within = u64::from(second.at.line) + 1;
    let result = said(vec![
        at(None, "/mvaMeldingDto", None, vec![detail("MVA_NY_REGEL", "")]),
        at(Some(within), "/mvaMeldingDto/x/mvaSpesifikasjonslinje[2]", None, vec![detail("X", "Regel R999: noe")]),
    ]);
    let findings = merged(Some(&report), Some(&result), Some(&vat_return), Language::Nb);
    let shown: Vec<_> = findings.iter().map(|f| (f.number, f.line, f.rule.as_deref(), f.by_momsbud)).collect();
    assert_eq!(shown, [(1, Some(2), Some("R999"), false), (2, None, None, false)]);
    assert_eq!(findings[0].message, "Fordi.");
    assert!(findings[1].advice.as_ref().is_some_and(|advice| !advice.is_empty()));
}

#[test]
fn the_same_rule_twice_is_two_findings_each_with_its_own_words() {
    let sample = samples::by_id("vika-avvik").unwrap();
    let (read, report) = check_bytes(sample.bytes, &Context::on(jiff::civil::date(2026, 11, 21)));
    let vat_return = read.unwrap();
    let ours = report.findings.first().unwrap();
    let twice = said(vec![at(None, "", None, vec![detail(ours.identifier, ""), detail(ours.identifier, "")])]);
    let findings = merged(Some(&report), Some(&twice), Some(&vat_return), Language::Nb);
    let same = report.findings.iter().filter(|finding| finding.identifier == ours.identifier).count();
    let of_rule = findings.iter().filter(|finding| finding.identifier == ours.identifier).count();
    assert_eq!(of_rule, same.max(2));
    assert_eq!(findings.iter().filter(|finding| finding.authority_text.is_some()).count(), 2);
}

#[test]
fn a_rule_is_read_from_whatever_names_it() {
    let rule = |code: &str, definition: &str| rule_of(&detail(code, definition)).map(str::to_owned);
    assert_eq!(rule("MVA_X", "R020: Merknad").as_deref(), Some("R020"));
    assert_eq!(rule("R1234", "XR020 R02"), None);
    assert_eq!(rule("mvaR079", "æøå R").as_deref(), None);
    assert_eq!(rule("R079", "").as_deref(), Some("R079"));
}
