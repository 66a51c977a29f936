//! `batch` as a program of its own, against `practice`: what is filed, what is left out, and Ctrl-C in the middle.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use vat_return::samples;

/// Astrid Haug of the practice world signs for all of these.
const ASTRID: &str = "19856811991";
const COMPANIES: [&str; 5] = ["311797816", "315203856", "310890898", "312170019", "313512770"];

/// Practice authorities and folders; stopped when dropped.
struct Desk {
    practice: Child,
    control: String,
    folders: TempDir,
}

impl Desk {
    fn new() -> Self {
        let mut practice = program().arg("practice").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).unwrap();
        let control = addresses["control"].as_str().unwrap().to_owned();
        Self { practice, control, folders: tempfile::tempdir().unwrap() }
    }

    /// A folder of one return a company.
    fn drop_folder(&self, period: &str) -> PathBuf {
        let folder = self.folders.path().join(period);
        fs::create_dir_all(&folder).unwrap();
        let sample = std::str::from_utf8(samples::by_id("fjordlys").unwrap().bytes).unwrap();
        for company in COMPANIES {
            let text = sample.replace(COMPANIES[0], company).replace("september-oktober", period);
            fs::write(folder.join(format!("{company}.xml")), text).unwrap();
        }
        folder
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        command
            .args(["batch", "--json", "--login-hint", &format!("testid:{ASTRID}_idporten-loa-high")])
            .args(arguments)
            .env("MOMSBUD_PRACTICE", &self.control)
            .env("MOMSBUD_DATA_DIR", self.folders.path().join("data"))
            .env("MOMSBUD_ARCHIVE_DIR", self.folders.path().join("archive"))
            .env_remove("DBUS_SESSION_BUS_ADDRESS");
        command
    }

    fn run(&self, arguments: &[&str]) -> (i32, Vec<Value>) {
        read(self.command(arguments).output().unwrap())
    }

    /// Asks the practice's control, as plainly as HTTP can be spoken.
    fn control(&self, method: &str, path: &str, body: &str) -> String {
        let host = self.control.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: \
             close\r\n\r\n{body}",
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
        answer
    }

    /// How many returns the authorities have.
    fn deliveries(&self) -> usize {
        self.control("GET", "/log", "").matches("\"sha256\"").count()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.practice.kill();
        let _ = self.practice.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_momsbud-cli"))
}

fn read(Output { status, stdout, stderr }: Output) -> (i32, Vec<Value>) {
    let lines = String::from_utf8(stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let code = status.code().unwrap_or_else(|| panic!("{status}: {}", String::from_utf8_lossy(&stderr)));
    (code, lines)
}

#[test]
fn a_folder_is_filed_and_what_is_not_fit_is_left_out() {
    let desk = Desk::new();
    let folder = desk.drop_folder("mai-juni");
    let invalid = samples::by_id("fjordlys-ugyldig").unwrap().bytes;
    fs::write(folder.join("ugyldig.xml"), invalid).unwrap();
    fs::write(folder.join("ingenting.xml"), "<nothing/>").unwrap();
    let csv = desk.folders.path().join("result.csv");
    let (folder, table) = (folder.display().to_string(), csv.display().to_string());

    let (status, lines) = desk.run(&[&folder]);
    assert_eq!((status, desk.deliveries()), (1, 0), "nobody is here to answer: {lines:#?}");

    let (status, lines) = desk.run(&["--yes", "--csv", &table, &folder]);
    assert_eq!(status, 1, "two of them are not fit: {lines:#?}");
    let count = |word: &str| lines.iter().filter(|line| line["outcome"] == word).count();
    assert_eq!((count("received"), count("invalid")), (5, 2), "{lines:#?}");
    let whole = lines.last().unwrap();
    assert_eq!((whole["stopped"].as_bool(), whole["batch"]["received"].as_u64()), (Some(false), Some(5)));
    assert_eq!(fs::read_to_string(&csv).unwrap().lines().count(), 6);
    assert_eq!(desk.deliveries(), 5);

    let (status, again) = desk.run(&["--yes", &folder]);
    assert_eq!((status, desk.deliveries()), (1, 5));
    assert!(again.iter().any(|line| line["error"]["code"] == "alreadyFiled"), "{again:#?}");
    assert_eq!(desk.run(&["--continue", "--yes"]).0, 1, "there is nothing to continue");
}

/// Ctrl-C is a signal only on Unix; elsewhere a console event that a test cannot send to one process.
#[cfg(unix)]
#[test]
fn control_c_leaves_a_batch_that_is_gone_on_with() {
    let desk = Desk::new();
    let folder = desk.drop_folder("juli-august").display().to_string();
    // Slow enough to be stopped in the middle: nothing is delivered while the second step waits.
    let slow = json!({"call": "putEnvelope", "times": 0, "fault": {"kind": "delay", "milliseconds": 3_000}});
    desk.control("POST", "/faults", &slow.to_string());
    let mut child = desk
        .command(&["--yes", "--concurrency", "1", &folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !desk.control("GET", "/log", "").contains("\"createInstance\"") {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (status, lines) = read(child.wait_with_output().unwrap());
    assert_eq!((status, lines.last().unwrap()["stopped"].as_bool()), (130, Some(true)), "{lines:#?}");
    desk.control("DELETE", "/faults", "");
    assert!(desk.deliveries() < 5);

    let (status, lines) = desk.run(&["--continue", "--yes"]);
    assert_eq!(status, 0, "{lines:#?}");
    assert_eq!((lines.last().unwrap()["batch"]["received"].as_u64(), desk.deliveries()), (Some(5), 5));
}
