//! Every case of `tests/cases`, compared as its README says. The files of the group `published` are the tax
//! administration's own, and are read from `../shared` where that is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    missing_docs
)]

#[path = "../../../tests/support/needed.rs"]
mod needed;

use books::{Request, Span, draft, json::Answer};
use saf_t::{File, Limits, Source, read_delivery};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn ask(paths: &[PathBuf], period: Option<Span>) -> Value {
    let mut open: Vec<(String, std::fs::File)> = paths
        .iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::File::open(path).unwrap()))
        .collect();
    let mut files: Vec<File<'_>> =
        open.iter_mut().map(|(name, file)| File { name: name.clone(), source: file as &mut dyn Source }).collect();
    let answer = match read_delivery(&mut files, &Limits::default(), &mut |_| ControlFlow::Continue(())) {
        Ok(ledger) => Answer::of(&draft(&ledger, &Request { period, ..Request::default() }), &ledger),
        Err(refusal) => Answer::refused(&refusal),
    };
    serde_json::to_value(answer).unwrap()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

fn kinds(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[derive(Debug, Default, PartialEq, Clone)]
struct Line {
    own: BTreeSet<String>,
    base: Option<i64>,
    vat: i64,
    base_ore: Option<i64>,
    vat_ore: i64,
    tolerance: i64,
}

type Key = (String, Option<String>, bool, Option<String>);

fn lines(value: &Value, disputed: &[String]) -> BTreeMap<Key, Line> {
    let mut lines: BTreeMap<Key, Line> = BTreeMap::new();
    for line in value.as_array().into_iter().flatten() {
        let code = line["code"].as_str().unwrap().to_owned();
        if disputed.contains(&format!("line:{code}")) {
            continue;
        }
        let specification = line["specification"].as_str().map(str::to_owned);
        let specification =
            specification.filter(|it| !disputed.contains(&"specification".to_owned()) || it == "kompensasjonsrett");
        let rate = line["rate"].as_str().map(str::to_owned);
        let sum = lines.entry((code, specification, line["base"].is_null(), rate)).or_default();
        sum.own.extend(texts(&line["own_codes"]));
        let add = |to: &mut Option<i64>, what: &Value| {
            if let Some(amount) = what.as_i64() {
                *to = Some(to.unwrap_or(0) + amount);
            }
        };
        add(&mut sum.base, &line["base"]);
        add(&mut sum.base_ore, &line["base_ore"]);
        sum.vat += line["vat"].as_i64().unwrap();
        sum.vat_ore += line["vat_ore"].as_i64().unwrap_or(0);
        sum.tolerance += line["tolerance"].as_i64().unwrap_or(0);
    }
    lines.retain(|_, line| line.vat_ore.abs() >= 100 || line.base_ore.unwrap_or(0).abs() >= 100);
    lines
}

/// 4 to 6 of the README for one result.
fn compare(answer: &Value, expected: &Value, disputed: &[String]) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_disputed = |name: &str| disputed.iter().any(|it| it == name);
    let (ours, theirs) = (lines(&answer["lines"], disputed), lines(&expected["lines"], disputed));
    if !is_disputed("lines") {
        for (key, line) in &theirs {
            let Some(our) = ours.get(key) else {
                wrong.push(format!("line missing: {key:?} {line:?}"));
                continue;
            };
            if !is_disputed("base") {
                if our.base_ore != line.base_ore {
                    wrong.push(format!("{key:?}: base_ore {:?}, not {:?}", our.base_ore, line.base_ore));
                }
                if (our.base.unwrap_or(0) - line.base.unwrap_or(0)).abs() > line.tolerance {
                    wrong.push(format!("{key:?}: base {:?}, not {:?}", our.base, line.base));
                }
            }
            if our.vat_ore != line.vat_ore {
                wrong.push(format!("{key:?}: vat_ore {}, not {}", our.vat_ore, line.vat_ore));
            }
            if (our.vat - line.vat).abs() > line.tolerance {
                wrong.push(format!("{key:?}: vat {}, not {}", our.vat, line.vat));
            }
            if !is_disputed("own_codes") && our.own != line.own {
                wrong.push(format!("{key:?}: own codes {:?}, not {:?}", our.own, line.own));
            }
        }
        for key in ours.keys().filter(|key| !theirs.contains_key(*key)) {
            wrong.push(format!("line too many: {key:?} {:?}", ours[key]));
        }
    }
    let own_sum: i64 = answer["lines"].as_array().unwrap().iter().map(|line| line["vat"].as_i64().unwrap()).sum();
    if answer["sum"].as_i64() != Some(own_sum) {
        wrong.push(format!("sum {} is not the sum of the lines {own_sum}", answer["sum"]));
    }
    if let (false, Some(sum)) = (is_disputed("sum"), expected["sum"].as_i64()) {
        let tolerance: i64 = theirs.values().map(|line| line.tolerance).sum();
        if (answer["sum"].as_i64().unwrap() - sum).abs() > tolerance {
            wrong.push(format!("sum {}, not {sum}", answer["sum"]));
        }
    }
    if !is_disputed("reconciliation") && !expected["reconciliation"].is_null() {
        for name in ["movement_ore", "difference_ore"] {
            let (our, their) = (&answer["reconciliation"][name], &expected["reconciliation"][name]);
            if our != their {
                wrong.push(format!("{name} {our}, not {their}"));
            }
        }
    }
    wrong
}

fn judge(answer: &Value, case: &Value) -> Vec<String> {
    let also = texts(&case["answer_also"]);
    let wanted = case["answer"].as_str().unwrap();
    let is_refused = !answer["refused"].is_null();
    if wanted == "refuse" {
        let (kind, expected) = (&answer["refused"]["kind"], &case["refuse_kind"]);
        // The names are not compared, says the README; ours are those that it lists all the same.
        if is_refused && kind != expected {
            return vec![format!("refused as {kind}, not {expected}")];
        }
        return if is_refused || also.iter().any(|it| it == "ask" || it == "return") {
            Vec::new()
        } else {
            vec!["was not refused".to_owned()]
        };
    }
    if is_refused {
        return if also.contains(&"refuse".to_owned()) {
            Vec::new()
        } else {
            vec![format!("refused: {}", answer["refused"])]
        };
    }
    let disputed = texts(&case["disputed"]);
    let is_disputed = |name: &str| disputed.iter().any(|it| it == name);
    let mut wrong = Vec::new();
    let asked = kinds(&answer["open_questions"]);
    let gave = if asked.is_empty() { "return" } else { "ask" };
    if gave != wanted && !also.contains(&gave.to_owned()) && !is_disputed("answer") {
        wrong.push(format!("{gave} instead of {wanted}"));
    }
    for name in ["version", "periods_found"] {
        if !is_disputed(name) && answer[name] != case[name] {
            wrong.push(format!("{name} {}, not {}", answer[name], case[name]));
        }
    }
    if !is_disputed("company") && answer["company"]["orgnr"] != case["company"] {
        wrong.push(format!("company {}, not {}", answer["company"], case["company"]));
    }
    let first = compare(answer, case, &disputed);
    let others = case["alternatives"].as_array().into_iter().flatten();
    if !first.is_empty() && !others.into_iter().any(|other| compare(answer, other, &disputed).is_empty()) {
        wrong.extend(first);
    }
    if !is_disputed("not_reported") {
        let pairs = |value: &Value| -> BTreeSet<(String, String)> {
            let pair =
                |it: &Value| (it["own_code"].as_str().unwrap().to_owned(), it["code"].as_str().unwrap().to_owned());
            value["not_reported"].as_array().unwrap().iter().map(pair).collect()
        };
        if pairs(answer) != pairs(case) {
            wrong.push(format!("not_reported {:?}, not {:?}", pairs(answer), pairs(case)));
        }
    }
    if !is_disputed("questions") {
        let must: BTreeSet<String> = texts(&case["must_ask"]).into_iter().collect();
        let may: BTreeSet<String> = texts(&case["may_ask"]).into_iter().collect();
        for kind in must.difference(&asked) {
            wrong.push(format!("{kind} was not asked"));
        }
        for kind in asked.iter().filter(|kind| !must.contains(*kind) && !may.contains(*kind)) {
            wrong.push(format!("{kind} was asked without need"));
        }
    }
    let warned = &kinds(&answer["warnings"]) | &asked;
    for kind in texts(&case["must_warn"]) {
        if !warned.contains(&kind) {
            wrong.push(format!("{kind} was not warned of"));
        }
    }
    wrong
}

#[test]
fn every_case_is_right() {
    let expected: Value = serde_json::from_slice(&std::fs::read(folder().join("expected.json")).unwrap()).unwrap();
    let (mut right, mut wrong, mut skipped) = (0, Vec::new(), Vec::new());
    for case in expected["cases"].as_array().unwrap() {
        let id = case["id"].as_str().unwrap();
        let paths: Vec<PathBuf> = texts(&case["files"])
            .iter()
            .map(|file| match file.strip_prefix("cases/") {
                Some(file) => folder().join("files").join(file),
                None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/saft").join(file),
            })
            .collect();
        if case["group"] == "published" && !paths.iter().all(|path| path.is_file()) {
            skipped.push(id);
            continue;
        }
        let day = |name: &str| case[name].as_str().map(|text| text.parse().unwrap());
        let period = day("from").zip(day("to")).map(|(from, to)| Span { from, to });
        let answer = ask(&paths, period);
        let faults = judge(&answer, case);
        if faults.is_empty() {
            right += 1;
        } else {
            wrong.push(format!("{id} {}\n    {}", case["what"], faults.join("\n    ")));
        }
    }
    if !skipped.is_empty() {
        needed::absent("skatteetaten", &format!("the published examples of {skipped:?} are not in ../shared/saft"));
    }
    assert!(wrong.is_empty(), "{right} right, {} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(right + skipped.len(), expected["cases"].as_array().unwrap().len());
}
