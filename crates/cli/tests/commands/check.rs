//! `check` and `explain` as scripts see them: what is printed, and the status.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn momsbud(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli")).args(arguments).env("NO_COLOR", "1").output().unwrap()
}

fn sample(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vat-return/samples").join(name);
    path.to_str().unwrap().to_owned()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap().replace('\u{a0}', " ")
}

#[test]
fn the_status_is_that_of_the_worst_file() {
    let status = |files: &[&str]| {
        let mut arguments = vec!["check", "--json", "--date", "2026-11-21"];
        arguments.extend(files);
        momsbud(&arguments).status.code()
    };
    let (clean, deviating, invalid) =
        (sample("fjordlys.xml"), sample("vika-avvik.xml"), sample("fjordlys-ugyldig.xml"));
    assert_eq!(status(&[&clean, &deviating]), Some(0));
    assert_eq!(status(&[&clean, &invalid, &deviating]), Some(1));
    assert_eq!(status(&[&invalid, "no such file.xml"]), Some(2));
    assert_eq!(status(&[]), Some(2));
    assert_eq!(momsbud(&["check", "--date", "today", &clean]).status.code(), Some(2));
}

#[test]
fn json_is_one_object_a_line_and_file() {
    let file = sample("fjordlys-ugyldig.xml");
    let output = momsbud(&["check", "--json", "--date", "2026-11-21", &file, &sample("fjordlys.xml")]);
    let reports: Vec<Value> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), 2);
    let first = &reports[0];
    assert_eq!(first["file"], file.as_str());
    assert_eq!((&first["schema_valid"], &first["verdict"]), (&true.into(), &"ugyldig".into()));
    let finding = first["findings"].as_array().unwrap().iter().find(|finding| finding["rule"] == "R020").unwrap();
    assert_eq!(finding["severity"], "ugyldig");
    assert_eq!(finding["vat_code"], "3");
    assert!(finding["line"].as_u64().unwrap() > 1 && finding["column"].is_u64());
    assert_eq!(finding["message"], "Kode 3 har grunnlag −9 600 kr og ingen merknad.");
    assert!(!finding["advice"].as_str().unwrap().is_empty());
    assert_eq!(reports[1]["findings"], Value::Array(Vec::new()));
}

#[test]
fn a_broken_file_is_r001_with_a_finding_a_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.xml");
    std::fs::write(&file, std::fs::read_to_string(sample("fjordlys.xml")).unwrap().replace("mvaKode>", "kode>"))
        .unwrap();
    let output = momsbud(&["check", "--json", file.to_str().unwrap()]);
    let report: Value = serde_json::from_str(&text(&output)).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["schema_valid"], false);
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.len() > 1);
    assert!(findings.iter().all(|finding| finding["rule"] == "R001"));
}

#[test]
fn a_folder_stands_for_its_returns_and_the_summary_counts_them() {
    let output = momsbud(&["--lang", "en", "check", "--date", "2026-11-21", &sample("")]);
    let shown = text(&output);
    assert!(shown.contains("1 deviating · 1 invalid"), "{shown}");
    assert!(!shown.contains('\u{1b}'), "colours in spite of NO_COLOR");
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(momsbud(&["check", empty.path().to_str().unwrap()]).status.code(), Some(2));
}

#[test]
fn explain_shows_the_return_by_theme() {
    let shown = text(&momsbud(&["explain", &sample("fjordlys.xml")]));
    for wanted in
        ["September–oktober 2026 · alminnelig næring, to måneder", "Frist 10. desember 2026", "Å betale 79 857 kr"]
    {
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    }
    let against = text(&momsbud(&["explain", &sample("fjordlys.xml"), "--against", &sample("fjordlys.xml")]));
    assert!(against.contains("Ingenting er endret."), "{against}");
}
