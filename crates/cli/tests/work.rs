//! The work account from the command line: no command does what the firm's rules do not permit, and one sign-in serves all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::{Value, json};

/// The third of Nora Lund's groups in the practice world.
const GROUP: &str = "00000003-9f0e-4000-8000-000000000003";
const FJORDLYS: &str = "311797816";

#[test]
fn no_command_does_what_the_rules_do_not_permit() {
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
        .env("MOMSBUD_SYSTEM_DIR", home.path().join("system"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// The rules of an administrator who gives one permission.
fn decide(permissions: &[&str]) {
    let system = std::env::var("MOMSBUD_SYSTEM_DIR").unwrap();
    fs::create_dir_all(&system).unwrap();
    let rules = json!({"work": {
        "version": 1, "firm": "Fjordlys Interiør AS", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice"}},
        "rules": [{"groups": [GROUP], "permissions": permissions, "companies": [FJORDLYS]}],
    }});
    fs::write(Path::new(&system).join("policy.json"), rules.to_string()).unwrap();
}

#[test]
#[ignore = "run by no_command_does_what_the_rules_do_not_permit"]
fn within_the_session() {
    let mut practice = command(&["practice"]).stdout(Stdio::piped()).spawn().unwrap();
    let addresses: Value = serde_json::from_str(&first_line(practice.stdout.take().unwrap())).unwrap();
    let control = addresses["control"].as_str().unwrap().to_owned();
    let run = |arguments: &[&str]| command(arguments).env("MOMSBUD_PRACTICE", &control).output().unwrap();
    let file = std::env::temp_dir().join(format!("momsbud-work-{}.csv", std::process::id()));
    let to = file.to_str().unwrap();

    assert_eq!(run(&["work", "status"]).status.code(), Some(0), "no rules hold");
    // So that no command stops to sign her in.
    sign_in(
        &control,
        &["login", "--no-browser", "--login-hint", "testid:14838411585_idporten-loa-high"],
        "Ingrid Solvang",
    );
    decide(&["see"]);
    assert_eq!(run(&["work", "status"]).status.code(), Some(1), "locked");

    // Each command and what it needs; what it does with nothing to do is not looked at, only whether it is refused.
    let commands: [(&str, &[&str], &str); 9] = [
        ("history", &["history"], "see"),
        ("due", &["due"], "see"),
        ("archive export", &["archive", "export", "--all", "--out", to], "see"),
        ("archive verify", &["archive", "verify"], "administer"),
        ("archive restore", &["archive", "restore"], "administer"),
        ("unfinished", &["unfinished", FJORDLYS], "prepare"),
        ("receipt", &["receipt", "nothing"], "see"),
        ("integration export", &["integration", "export", "standard"], "administer"),
        ("receipt --fetch", &["receipt", "--fetch", "nothing"], "file"),
    ];
    let mut table = Vec::new();
    for column in ["locked", "see", "prepare", "file", "administer"] {
        if column != "locked" {
            decide(&[column]);
            sign_in(&control, &["work", "login", "--no-browser", "--login-hint", "entraid:nora-lund"], "Nora Lund");
        }
        for (name, arguments, needs) in commands {
            // With what it needs, and with something else; the office's own matrix has every cell.
            let other = if needs == "see" { "administer" } else { "see" };
            if !["locked", needs, other].contains(&column) {
                continue;
            }
            let output = run(arguments);
            let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
            let refused = said.contains("is locked until a work account") || said.contains("does not permit");
            let granted = column == needs || (needs == "see" && !["locked", "administer"].contains(&column));
            assert_eq!(refused, !granted, "{name} with {column}: {said}");
            if refused {
                assert_eq!(output.status.code(), Some(2), "{name} with {column}: {said}");
            }
            table.push((name, column, if refused { "-" } else { "yes" }));
        }
    }
    for (name, arguments, _) in commands {
        let cells: Vec<String> =
            table.iter().filter(|row| row.0 == name).map(|(_, column, cell)| format!("{column}={cell}")).collect();
        println!("{:<20}{}", arguments.join(" ").get(..20.min(arguments.join(" ").len())).unwrap(), cells.join(" "));
    }

    // One sign-in serves every command, and one lock ends it for all.
    let status = run(&["work", "status", "--json"]);
    let view: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!((&view["person"]["name"], &view["locked"]), (&json!("Nora Lund"), &json!(false)));
    assert_eq!(run(&["work", "lock"]).status.code(), Some(0));
    assert_eq!(run(&["work", "status"]).status.code(), Some(1));

    // Rules that are signed: made, imported, and not replaced by another key's.
    fs::remove_dir_all(std::env::var("MOMSBUD_SYSTEM_DIR").unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let rules = json!({
        "version": 1, "firm": "Fjordlys Interiør AS", "environments": ["practice"],
        "signIn": {"clients": {"practice": "momsbud-practice"}},
        "rules": [{"groups": [GROUP], "permissions": ["see"], "companies": ["all"]}],
    });
    fs::write(path("rules.json"), rules.to_string()).unwrap();
    for key in ["one.key", "two.key"] {
        assert_eq!(run(&["work", "key", &path(key)]).status.code(), Some(0));
        let signed = run(&["work", "sign", "--key", &path(key), &path("rules.json")]);
        assert_eq!(signed.status.code(), Some(0), "{}", text(&signed.stderr));
        fs::write(path(&format!("{key}.json")), signed.stdout).unwrap();
    }
    assert_eq!(run(&["work", "import", &path("one.key.json")]).status.code(), Some(0));
    assert_eq!(run(&["work", "status"]).status.code(), Some(1));
    let other = run(&["work", "import", &path("two.key.json")]);
    assert_eq!(other.status.code(), Some(2), "{}", text(&other.stderr));
    assert!(text(&other.stderr).contains("another key"), "{}", text(&other.stderr));
    assert_eq!(run(&["work", "import", &path("rules.json")]).status.code(), Some(2), "not signed");

    let _ = fs::remove_file(file);
    practice.kill().unwrap();
    practice.wait().unwrap();
}

fn sign_in(control: &str, arguments: &[&str], name: &str) {
    let mut login = command(arguments)
        .env("MOMSBUD_PRACTICE", control)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    follow(&link(&mut login));
    let signed_in: Output = login.wait_with_output().unwrap();
    assert_eq!(signed_in.status.code(), Some(0), "{}{}", text(&signed_in.stdout), text(&signed_in.stderr));
    assert!(text(&signed_in.stdout).contains(name), "{}", text(&signed_in.stdout));
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

/// The link that `work login` prints for a browser that does not open by itself.
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
