//! `login`, `status` and `logout` as programs of their own: practice authorities, a keyring on a private D-Bus, and a
//! browser that only follows links.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]
#![cfg(target_os = "linux")]

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

/// Ingrid Solvang of the practice world.
const INGRID: &str = "14838411585";

#[test]
fn a_sign_in_from_the_command_line_lasts_until_the_sign_out() {
    for needed in ["dbus-run-session", "gnome-keyring-daemon"] {
        if Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            eprintln!("skipped: {needed} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        exec \"$0\" --exact within_the_session --ignored --nocapture";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[ignore = "run by a_sign_in_from_the_command_line_lasts_until_the_sign_out"]
fn within_the_session() {
    let mut practice = command(&["practice"]).stdout(Stdio::piped()).spawn().unwrap();
    let addresses = first_line(practice.stdout.take().unwrap());
    let control =
        serde_json::from_str::<serde_json::Value>(&addresses).unwrap()["control"].as_str().unwrap().to_owned();
    let run = |arguments: &[&str]| command(arguments).env("MOMSBUD_PRACTICE", &control).output().unwrap();

    let nobody = run(&["status", "--json"]);
    assert_eq!((nobody.status.code(), text(&nobody.stdout).trim()), (Some(1), "null"), "{}", text(&nobody.stderr));

    let hint = format!("testid:{INGRID}_idporten-loa-high");
    let mut login = command(&["login", "--json", "--no-browser", "--login-hint", &hint])
        .env("MOMSBUD_PRACTICE", &control)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    follow(&link(&mut login));
    let signed_in: Output = login.wait_with_output().unwrap();
    assert_eq!(signed_in.status.code(), Some(0), "{}", text(&signed_in.stderr));
    let session: serde_json::Value = serde_json::from_slice(&signed_in.stdout).unwrap();
    assert_eq!(session["name"], "Ingrid Solvang");
    assert_eq!(session["companies"].as_array().unwrap().len(), 2);

    let somebody = run(&["--lang", "en", "status"]);
    assert_eq!(somebody.status.code(), Some(0));
    assert!(text(&somebody.stdout).contains("Ingrid Solvang 148384 •••••"), "{}", text(&somebody.stdout));
    assert_eq!(run(&["logout", "--no-browser"]).status.code(), Some(0));
    assert_eq!(run(&["status"]).status.code(), Some(1));
    practice.kill().unwrap();
    practice.wait().unwrap();

    let lost = run(&["status"]);
    assert_eq!(lost.status.code(), Some(2), "without authorities there is nothing to find out");
    let home = std::env::var("XDG_DATA_HOME").unwrap();
    assert!(!holds(Path::new(&home), INGRID), "the national id lies nowhere");
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momsbud-cli"));
    command
        .args(arguments)
        .env_remove("MOMSBUD_DATA_DIR")
        .env_remove("MOMSBUD_ARCHIVE_DIR")
        .env_remove("MOMSBUD_PRACTICE");
    command
}

fn first_line(out: ChildStdout) -> String {
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line).unwrap();
    line
}

/// The link that `login` prints for a browser that does not open by itself.
fn link(login: &mut Child) -> String {
    let lines = BufReader::new(login.stderr.take().unwrap()).lines();
    lines.map_while(Result::ok).find(|line| line.starts_with("http")).expect("a link")
}

fn follow(link: &str) {
    let browser = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let page = browser.block_on(async { reqwest::get(link).await.unwrap().text().await.unwrap() });
    assert!(page.contains("gå tilbake til Momsbud"), "{page}");
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn holds(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).any(|path| {
        if path.is_dir() {
            return holds(&path, needle);
        }
        std::fs::read(&path).unwrap().windows(needle.len()).any(|window| window == needle.as_bytes())
    })
}
