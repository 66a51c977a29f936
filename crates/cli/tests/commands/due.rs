//! `momsbud-cli due` as a script uses it: the program itself, its status and its lines.

use jiff::{Timestamp, ToSpan, civil::Date};
use serde_json::Value;
use std::{
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

fn due(data: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
        .args(["due", "--environment", "test", "--data-dir"])
        .arg(data)
        .args(arguments)
        .env_remove("MOMSBUD_DATA_DIR")
        .output()
        .unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8(output.stdout.clone()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A company with weekly returns: something of it is due within any ten days, whenever this runs.
fn office() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    store::database::Database::open(folder.path())
        .unwrap()
        .write(|tx| {
            let from: Date = Timestamp::now().in_tz("Europe/Oslo").unwrap().date() - 60.days();
            tx.execute(
                "INSERT INTO duties VALUES ('test', '315203856', 'alminnelig', 'skattleggingsperiodeUke', ?1, ?1, 1, 1)",
                [from.to_string()],
            )?;
            tx.execute("INSERT INTO companies VALUES ('test', '315203856', 'Vika Tolketjenester AS')", [])?;
            Ok::<_, store::database::DatabaseError>(())
        })
        .unwrap();
    folder
}

#[test]
fn nothing_due_is_status_0_and_silence() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("none");
    let output = due(&nowhere, &[]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(0), b"".as_slice()));
    assert!(!nowhere.exists(), "asking makes nothing");
    store::database::Database::open(folder.path()).unwrap();
    assert_eq!(due(folder.path(), &["--within", "366d"]).status.code(), Some(0));
}

#[test]
fn something_due_is_status_1_and_listed() {
    let folder = office();
    let output = due(folder.path(), &["--json", "--within", "3w"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let near = lines(&output);
    assert!(near.len() >= 2, "{near:?}");
    for one in &near {
        assert_eq!(one["orgNumber"], "315203856");
        assert_eq!(one["companyName"], "Vika Tolketjenester AS");
        assert!(one["days"].as_i64().unwrap() <= 21);
        let day: Date = one["deadline"].as_str().unwrap().parse().unwrap();
        assert!(day.weekday().to_monday_zero_offset() < 5, "{day} is no working day");
    }
    // Further ahead there is more, and nothing that was there is missing.
    let far = lines(&due(folder.path(), &["--json", "--within", "6w"]));
    assert!(far.len() > near.len());
    assert!(near.iter().all(|one| far.contains(one)));
    let text = due(folder.path(), &["--within", "3w"]);
    assert!(String::from_utf8(text.stdout).unwrap().contains("Vika Tolketjenester AS 315203856"));
}

#[test]
fn what_cannot_be_understood_is_status_2() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(due(folder.path(), &["--within", "soon"]).status.code(), Some(2));
    std::fs::write(folder.path().join("momsbud.db"), "this is no database, and long enough to be seen as none")
        .unwrap();
    assert_eq!(due(folder.path(), &[]).status.code(), Some(2));
}

#[test]
fn what_is_put_aside_with_a_reason_is_due_no_more_and_can_be_taken_back() {
    let folder = office();
    let first = lines(&due(folder.path(), &["--json", "--within", "3w"])).remove(0);
    let key = first["key"].as_str().unwrap();
    assert_eq!(first["because"], "nothingFiled");
    let listed = |arguments: &[&str]| -> Vec<String> {
        let shown = lines(&due(folder.path(), arguments));
        shown.iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    // Without a reason nothing is put aside.
    assert_eq!(due(folder.path(), &["--put-aside", key]).status.code(), Some(2));
    assert_eq!(due(folder.path(), &["--put-aside", key, "--reason", ""]).status.code(), Some(2));
    assert!(listed(&["--json", "--within", "3w"]).contains(&key.to_owned()));
    assert_eq!(due(folder.path(), &["--put-aside", key, "--reason", "levert på papir"]).status.code(), Some(0));
    assert!(!listed(&["--json", "--within", "3w"]).contains(&key.to_owned()));
    let aside = due(folder.path(), &["--aside"]);
    assert_eq!(aside.status.code(), Some(0));
    assert!(String::from_utf8(aside.stdout).unwrap().contains("lagt til side: levert på papir"));
    assert_eq!(due(folder.path(), &["--take-back", key]).status.code(), Some(0));
    assert!(listed(&["--json", "--within", "3w"]).contains(&key.to_owned()));
    assert_eq!(due(folder.path(), &["--put-aside", "nonsense", "--reason", "x"]).status.code(), Some(2));
}
