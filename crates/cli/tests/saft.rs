//! `momsbud-cli saft` and `build`: statuses, questions as a file to fill in, and a return that the ordinary reader takes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn case(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../books/tests/cases/files").join(file)
}

fn call(folder: &Path, arguments: &[&str], files: &[PathBuf]) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
        .args(arguments)
        .args(files)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8_lossy(&stderr))
}

#[test]
fn the_status_says_answered_open_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    for (file, status) in
        [("p019.xml", 0), ("p051.xml", 1), ("p082.xml", 2), ("p084-bilag.pdf", 2), ("no-such-file.xml", 2)]
    {
        let (code, said) = call(folder.path(), &["saft", "--json"], &[case(file)]);
        assert_eq!(code, Some(status), "{file}: {said}");
        let answer: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(answer["refused"].is_null(), status != 2, "{file}");
    }
}

#[test]
fn a_refusal_names_line_and_voucher_in_three_languages() {
    let folder = tempfile::tempdir().unwrap();
    for (language, words) in [("nb", "slutter for tidlig"), ("nn", "sluttar for tidleg"), ("en", "ends too early")] {
        let (code, said) = call(folder.path(), &["--lang", language, "saft"], &[case("p082.xml")]);
        assert_eq!(code, Some(2));
        assert!(said.contains(words) && said.contains("1002"), "{said}");
    }
}

#[test]
fn questions_are_written_to_fill_in_and_the_answers_make_the_return() {
    let folder = tempfile::tempdir().unwrap();
    let file = [case("p051.xml")];
    let (code, said) = call(folder.path(), &["build", "--vouchers", "bilag.csv"], &file);
    assert_eq!(code, Some(1), "{said}");
    let answers = folder.path().join("mva-svar-883956516-2025-5.toml");
    let asked = std::fs::read_to_string(&answers).unwrap();
    assert!(asked.contains("uncoded_vat_posting") && asked.contains("answer = \"\""), "{asked}");
    assert!(!folder.path().join("mva-melding-883956516-2025-5.xml").exists());
    // An unanswered question stays open.
    assert_eq!(call(folder.path(), &["build"], &file).0, Some(1));
    std::fs::write(&answers, asked.replacen("answer = \"\"", "answer = \"1 justering\"", 1)).unwrap();
    let (code, said) = call(folder.path(), &["build", "--out", "melding.xml", "--vouchers", "bilag.csv"], &file);
    assert_eq!(code, Some(0), "{said}");
    let vat_return = vat_return::read(&std::fs::read(folder.path().join("melding.xml")).unwrap()).unwrap();
    assert_eq!(vat_return.assessed_vat.value.to_string(), "-5709");
    let adjusted = vat_return.lines.iter().find(|line| line.specification.is_some()).unwrap();
    assert_eq!((adjusted.code.value.as_str(), adjusted.vat.value.to_string().as_str()), ("1", "9126"));
    let table = std::fs::read_to_string(folder.path().join("bilag.csv")).unwrap();
    assert!(table.contains(";1003;2025-10-17;Inngående faktura;4300;Varekjøp 25 %;"), "{table}");
}

#[test]
fn several_periods_are_to_be_chosen_from() {
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = call(folder.path(), &["build"], &[case("p067.xml")]);
    assert_eq!(code, Some(1));
    assert!(said.contains("2024-1, 2024-2, 2024-4"), "{said}");
    assert_eq!(call(folder.path(), &["build", "--period", "2024-2", "--out", "m.xml"], &[case("p067.xml")]).0, Some(0));
    assert_eq!(call(folder.path(), &["build", "--period", "2024-7"], &[case("p067.xml")]).0, Some(2));
}
