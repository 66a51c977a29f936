//! The project's check cases, in the folder of the same name. Its README says how they are judged.
#![allow(clippy::unwrap_used)]

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;
use vat_return::{Context, check_bytes};

#[derive(Deserialize)]
struct Expected {
    scored_rules: BTreeSet<String>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    file: String,
    what: String,
    date: jiff::civil::Date,
    xsd_valid: bool,
    verdict: String,
    rules: BTreeSet<String>,
    disputed: BTreeSet<String>,
    #[serde(default)]
    verdict_open: bool,
    #[serde(default)]
    xsd_open: bool,
    #[serde(default)]
    refuse: bool,
}

#[test]
fn every_case_is_judged_right() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    let expected: Expected = serde_json::from_slice(&std::fs::read(folder.join("expected.json")).unwrap()).unwrap();
    assert!(expected.cases.len() >= 60, "cases are missing");
    let mut wrong = Vec::new();
    for case in &expected.cases {
        let bytes = std::fs::read(folder.join(&case.file)).unwrap();
        let (_, report) = check_bytes(&bytes, &Context::on(case.date));
        let mut blame = |what: String| wrong.push(format!("{} ({}): {what}", case.file, case.what));
        if case.refuse {
            if report.schema_valid {
                blame("was not refused".into());
            }
            continue;
        }
        if report.schema_valid != case.xsd_valid && !case.xsd_open {
            blame(format!("schema verdict {}", report.schema_valid));
        }
        let found: BTreeSet<String> = report.findings.iter().map(|finding| finding.rule.to_owned()).collect();
        let compared = |rules: &BTreeSet<String>| -> BTreeSet<String> {
            rules
                .iter()
                .filter(|rule| expected.scored_rules.contains(*rule) && !case.disputed.contains(*rule))
                .cloned()
                .collect()
        };
        if compared(&found) != compared(&case.rules) {
            blame(format!("found {found:?}, expected {:?}", case.rules));
        }
        if report.verdict.word() != case.verdict && !case.verdict_open {
            blame(format!("verdict {}, expected {}", report.verdict.word(), case.verdict));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), expected.cases.len(), wrong.join("\n"));
}
