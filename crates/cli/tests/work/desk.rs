//! A keyring and a session bus of the test's own, practice authorities, and the program with the folders it is given.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The third of Nora Lund's groups in the practice world.
pub(crate) const GROUP: &str = "00000003-9f0e-4000-8000-000000000003";
pub(crate) const FJORDLYS: &str = "311797816";
pub(crate) const VIKA: &str = "315203856";
/// Ingrid Solvang of the practice world, who signs for both, and Nora Lund, who is in [`GROUP`].
pub(crate) const INGRID: &str = "testid:14838411585_idporten-loa-high";
pub(crate) const NORA: &str = "entraid:nora-lund";

/// Runs an ignored test of this file again, by its whole name, in a session with a keyring that is open.
pub(crate) fn in_a_session(test: &str) {
    for needed in ["dbus-run-session", "gnome-keyring-daemon"] {
        if Command::new(needed).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
            eprintln!("skipped: {needed} is not installed");
            return;
        }
    }
    let home = tempfile::tempdir().unwrap();
    let script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        exec \"$0\" --exact \"$1\" --ignored --nocapture";
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .arg(test)
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("data"))
        .env("XDG_RUNTIME_DIR", home.path())
        .output()
        .unwrap();
    let said = text(&output.stdout);
    println!("{said}");
    assert!(output.status.success() && said.contains("1 passed"), "{said}{}", text(&output.stderr));
}

/// Practice authorities; stopped when dropped.
pub(crate) struct Practice {
    process: Child,
    pub(crate) control: String,
}

impl Practice {
    pub(crate) fn start() -> Self {
        let mut process = program().arg("practice").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        Self { process, control: addresses["control"].as_str().unwrap().to_owned() }
    }

    /// The returns that the authorities have.
    pub(crate) fn deliveries(&self) -> usize {
        let log: Value = serde_json::from_str(&fetch(&format!("{}/log", self.control))).unwrap();
        log["deliveries"].as_array().unwrap().len()
    }

    /// Everybody has agreed that Ansattporten reads her account.
    pub(crate) fn consent_is_given(&self) {
        let change = json!({"ansattporten": {"consent": "given"}});
        let address = format!("{}/settings", self.control);
        let answer = waited(async {
            reqwest::Client::new().patch(address).json(&change).send().await.unwrap().error_for_status()
        });
        answer.unwrap();
    }
}

impl Drop for Practice {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// One installation: its data, its archive, and what its administrator has decided.
pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    control: String,
}

impl Desk {
    pub(crate) fn new(practice: &Practice) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "archive", "system"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, control: practice.control.clone() }
    }

    /// The same installation once more, as it is now.
    pub(crate) fn again(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        Self { folder, control: self.control.clone() }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The rules of the administrator: these permissions for all companies, for who is in the group.
    pub(crate) fn decide(&self, group: &str, permissions: &[&str], client: &Value) {
        let rules = json!({"work": {
            "version": 1, "firm": "Fjordlys Interiør AS", "environments": ["practice"],
            "signIn": {"clients": {"practice": client}},
            "rules": [{"groups": [group], "permissions": permissions, "companies": ["all"]}],
        }});
        fs::write(self.folder.path().join("system/policy.json"), rules.to_string()).unwrap();
    }

    pub(crate) fn nothing_is_decided(&self) {
        fs::remove_file(self.folder.path().join("system/policy.json")).unwrap();
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args(arguments)
            .env("MOMSBUD_PRACTICE", &self.control)
            .env("MOMSBUD_DATA_DIR", self.folder.path().join("data"))
            .env("MOMSBUD_ARCHIVE_DIR", self.folder.path().join("archive"))
            .env("MOMSBUD_SYSTEM_DIR", self.folder.path().join("system"))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// The same with something on standard input.
    pub(crate) fn tell(&self, arguments: &[&str], typed: &str) -> Output {
        let mut running = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        running.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        running.wait_with_output().unwrap()
    }

    /// Runs a command that signs somebody in: follows its link, if it comes to one.
    pub(crate) fn sign_in(&self, arguments: &[&str]) -> Output {
        let mut login = self.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(login.stderr.take().unwrap()).lines().map_while(Result::ok) {
            if line.starts_with("http") {
                let page = fetch(&line);
                assert!(page.contains("gå tilbake til Momsbud"), "{page}");
            }
            said.push_str(&line);
            said.push('\n');
        }
        let Output { status, stdout, .. } = login.wait_with_output().unwrap();
        Output { status, stdout, stderr: said.into_bytes() }
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let there: PathBuf = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&there).unwrap();
            copy(&entry.path(), &there);
        } else {
            fs::copy(entry.path(), there).unwrap();
        }
    }
}

/// The page at an address, after whatever it leads to.
fn fetch(address: &str) -> String {
    waited(async { reqwest::get(address).await.unwrap().text().await.unwrap() })
}

fn waited<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
