//! `momsbud-cli doctor` and `generate`, as scripts and package makers call them.

use serde_json::Value;
use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
        .args(arguments)
        .env("MOMSBUD_DATA_DIR", folder.join("data"))
        .env("MOMSBUD_ARCHIVE_DIR", folder.join("archive"))
        .env("MOMSBUD_SYSTEM_DIR", folder.join("system"))
        .env("HOME", folder)
        // No session bus: there is no keyring to write to.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
        .output()
        .unwrap()
}

fn outcome<'a>(report: &'a Value, id: &str) -> &'a str {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().find(|check| check["id"] == id).unwrap()["outcome"].as_str().unwrap()
}

#[test]
fn doctor_says_what_is_wrong_and_ends_accordingly() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data")).unwrap();
    fs::create_dir_all(folder.path().join("system")).unwrap();
    fs::write(folder.path().join("data/momsbud.db"), [7; 4096]).unwrap();
    let said = run(folder.path(), &["--lang", "en", "doctor", "--offline"]);
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(1), "{text}");
    assert!(text.contains("■ Database: damaged"), "{text}");

    fs::remove_file(folder.path().join("data/momsbud.db")).unwrap();
    fs::write(folder.path().join("system/policy.json"), r#"{"updates": "never"}"#).unwrap();
    let said = run(folder.path(), &["doctor", "--offline", "--json"]);
    let report: Value = serde_json::from_slice(&said.stdout).unwrap();
    assert_eq!(outcome(&report, "settings"), "bad", "{report}");
    assert_eq!(outcome(&report, "database"), "good", "{report}");
    assert_eq!(outcome(&report, "clock"), "skipped", "nobody was asked: {report}");
    assert!(report["checks"].as_array().unwrap().iter().all(|check| check["id"] != "production"), "{report}");
    assert!(!report["text"].as_str().unwrap().contains(folder.path().to_str().unwrap()), "the home folder is named");
}

#[test]
fn what_no_command_opens_with_is_a_fault_and_nothing_of_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data")).unwrap();
    for content in [
        r#"{"test": {"platform": "ftp://ola:Hemmelig-123@host"}}"#,
        r#"{"test": {"integration": {"issuer": "http://ola:Hemmelig-123@x.no"}}}"#,
        r#"{"test": "Hemmelig-123"}"#,
    ] {
        fs::write(folder.path().join("data/environments.json"), content).unwrap();
        let status = run(folder.path(), &["status", "--environment", "test"]);
        assert_eq!(status.status.code(), Some(2), "{content}: {status:?}");
        let doctor = run(folder.path(), &["--lang", "nb", "doctor", "--offline"]);
        let text = String::from_utf8(doctor.stdout.clone()).unwrap();
        assert_eq!(doctor.status.code(), Some(1), "{content}: {text}");
        assert!(text.contains("■ Oppsett: ") && text.contains("environments.json"), "{text}");
        for said in [status.stdout, status.stderr, doctor.stdout, doctor.stderr] {
            assert!(!String::from_utf8_lossy(&said).contains("Hemmelig"), "{content}");
        }
    }
}

#[test]
fn man_pages_and_completions_are_written_for_every_subcommand() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("papers");
    assert!(run(folder.path(), &["generate", out.to_str().unwrap()]).status.success());
    let page = fs::read_to_string(out.join("man/momsbud-cli-submit.1")).unwrap();
    assert!(page.contains("correction"), "{page}");
    for file in ["momsbud-cli.bash", "_momsbud-cli", "momsbud-cli.fish", "_momsbud-cli.ps1"] {
        let script = fs::read_to_string(out.join("completions").join(file)).unwrap();
        assert!(script.contains("doctor"), "{file}");
    }
}
