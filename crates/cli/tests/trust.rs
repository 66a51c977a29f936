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

#[path = "../../../tests/support/another_user.rs"]
mod another_user;
#[path = "../../../tests/support/needed.rs"]
mod needed;

use another_user::AnotherUser;

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
    assert_eq!(list().0, Some(0));
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return needed::absent("root", "only root gives a file to another user");
    }
    for path in [&file, &system] {
        chown(path, Some(65534), None).unwrap();
        let (status, said) = list();
        assert!(status == Some(2) && said.contains("ikke administrerer denne maskinen"), "{status:?} {said}");
        chown(path, Some(0), None).unwrap();
    }
    assert_eq!(list().0, Some(0));
}

/// What somebody writes into a file that the program cannot use is not repeated as an order or a line of its own.
#[test]
fn a_file_that_cannot_be_used_forges_no_line_and_orders_no_terminal_anything() {
    let folder = tempfile::tempdir().unwrap();
    for place in ["system", "data"] {
        fs::create_dir(folder.path().join(place)).unwrap();
        mode(&folder.path().join(place), 0o755);
    }
    let evil = "x\u{1b}]0;t\u{7}\u{1b}[2J\nmomsbud-cli: Alt er i orden.\u{202e}\u{2028}hemmelig";
    let name = serde_json::to_string(evil).unwrap();
    let integration = folder.path().join("integration.json");
    let (mut tried, mut refused) = (0, 0);
    for content in [
        format!("{{{name}: 1}}"),
        format!(r#"{{"updates": {name}}}"#),
        format!(r#"{{"work": {{{name}: 1}}}}"#),
        format!(r#"{{"work": {{"version": {name}}}}}"#),
        format!(r#"{{"register": {{"address": {name}}}}}"#),
        format!(r#"{{"test": {{{name}: 1}}}}"#),
        format!(r#"{{"test": {{"idPorten": {name}}}}}"#),
        format!(r#"{{"test": {{"integration": {{"issuer": {name}}}}}}}"#),
        format!(r#"{{"test": {{"integration": {{"redirect": {{"kind": {name}}}}}}}}}"#),
        format!(r#"{{"format": {name}, "environment": "test", "integration": {{}}}}"#),
        format!(r#"{{"format": "momsbud-integration/1", "environment": {name}, "integration": {{}}}}"#),
        format!(r#"{{"momsbud": {name}, "policy": "", "key": "", "signature": ""}}"#),
        evil.to_owned(),
    ] {
        fs::write(&integration, &content).unwrap();
        for file in ["system/policy.json", "system/environments.json", "data/environments.json", "data/settings.json"] {
            let path = folder.path().join(file);
            fs::write(&path, &content).unwrap();
            mode(&path, 0o644);
            for call in [
                &["history", "--environment", "test"][..],
                &["status", "--environment", "test"],
                &["integration", "list", "--environment", "test"],
                &["integration", "import", "--environment", "test", "../integration.json"],
                &["work", "import", "../integration.json"],
                &["doctor", "--offline"],
            ] {
                let mut command = program(folder.path());
                let output = command.current_dir(folder.path().join("data")).args(call).output().unwrap();
                let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
                tried += 1;
                refused += usize::from(!output.status.success());
                for word in ["\u{1b}]", "\u{1b}[2J", "\u{7}", "\u{202e}", "\u{2028}", "\nmomsbud-cli: Alt"] {
                    assert!(!said.contains(word), "{file} {content:?} {call:?}: {said:?}");
                }
            }
            fs::remove_file(&path).unwrap();
        }
    }
    assert!(refused > tried / 3, "{refused} of {tried} were refused");
    // Nor is what a folder or a file to be written is called.
    let name = "x\nmomsbud-cli: Alt er i orden.\u{202e}";
    let nowhere = Path::new("/dev/null").join(name);
    for (variable, call) in [
        ("MOMSBUD_DATA_DIR", &["doctor", "--offline"][..]),
        ("MOMSBUD_SYSTEM_DIR", &["doctor", "--offline"]),
        ("MOMSBUD_DATA_DIR", &["history"]),
        ("MOMSBUD_PRACTICE", &["archive", "export", "--all", "--out", &format!("{name}.zip")]),
    ] {
        let mut command = program(folder.path());
        if variable != "MOMSBUD_PRACTICE" {
            command.env(variable, &nowhere);
        }
        let output = command.current_dir(folder.path()).args(call).output().unwrap();
        let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
        assert!(said.contains("Alt er i orden") || call == ["history"], "{variable} {call:?}: {said:?}");
        for word in ["\u{202e}", "\nmomsbud-cli: Alt"] {
            assert!(!said.contains(word), "{variable} {call:?}: {said:?}");
        }
    }
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

/// Folders that somebody has opened to everybody are their owner's alone after any command that looks into them.
#[test]
fn folders_that_were_opened_to_everybody_are_closed_by_whoever_looks() {
    let folder = tempfile::tempdir().unwrap();
    let (data, archive) = (folder.path().join("data"), folder.path().join("archive"));
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let run = |arguments: &[&str]| {
        let control = addresses["control"].as_str().unwrap();
        program(folder.path()).args(arguments).env("MOMSBUD_PRACTICE", control).output().unwrap()
    };
    let modes = || [&data, &archive].map(|path| fs::metadata(path).unwrap().mode() & 0o7777);
    fs::create_dir(&archive).unwrap();
    run(&["history"]);
    for looks in [&["history"][..], &["draft", "list"], &["archive", "verify"], &["archive", "restore"]] {
        mode(&data, 0o755);
        mode(&archive, 0o755);
        let output = run(looks);
        assert_eq!(modes(), [0o700, 0o700], "{looks:?} {}", String::from_utf8_lossy(&output.stderr));
        // A group that shares the archive keeps it.
        mode(&archive, 0o2775);
        run(looks);
        assert_eq!(modes(), [0o700, 0o2770], "{looks:?}");
    }
    for opens_no_archive in [&["status"][..], &["integration", "list"]] {
        mode(&data, 0o755);
        run(opens_no_archive);
        assert_eq!(modes()[0], 0o700, "{opens_no_archive:?}");
    }
    practice.kill().unwrap();
    practice.wait().unwrap();
}

/// A spreadsheet with a company and a period in every row makes no thousands of drafts, and half of them neither.
#[test]
fn no_spreadsheet_fills_the_database_with_drafts() {
    let folder = tempfile::tempdir().unwrap();
    let mut practice = program(folder.path()).arg("practice").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(practice.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses: serde_json::Value = serde_json::from_str(&line).unwrap();
    let run = |arguments: &[&str]| {
        let control = addresses["control"].as_str().unwrap();
        program(folder.path()).args(arguments).env("MOMSBUD_PRACTICE", control).output().unwrap()
    };
    let table = |name: &str, companies: [&str; 2]| {
        let mut rows = String::from("Orgnr;Periode;Mva-kode;Grunnlag\n");
        for company in companies {
            for at in 0..600 {
                rows += &format!("{company};{}-{};3;1000\n", 2000 + at / 6, 1 + at % 6);
            }
        }
        let path = folder.path().join(name);
        fs::write(&path, rows).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (one, two) = (table("a.csv", ["311797816", "315203856"]), table("b.csv", ["310890898", "312170019"]));
    let refused = run(&["draft", "import", &one, &two]);
    assert_eq!(refused.status.code(), Some(2), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("2400"), "{}", String::from_utf8_lossy(&refused.stderr));
    assert!(run(&["draft", "list"]).stdout.is_empty(), "nothing was made");
    let taken = run(&["draft", "import", &one]);
    assert_eq!(taken.status.code(), Some(0), "{}", String::from_utf8_lossy(&taken.stderr));
    assert_eq!(String::from_utf8_lossy(&run(&["draft", "list", "--json"]).stdout).lines().count(), 1200);
    practice.kill().unwrap();
    practice.wait().unwrap();
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

/// A proxy is somebody in the network: it learns which hosts are asked, and what its own password is, and nothing else.
#[test]
fn a_proxy_is_told_hosts_and_nothing_else() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let there = format!("http://kari:hemmelig@{}", proxy.local_addr().unwrap());
    let (told, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for client in proxy.incoming() {
            let (told, mut client) = (told.clone(), client.unwrap());
            std::thread::spawn(move || {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    let mut byte = [0];
                    if client.read(&mut byte).unwrap_or_default() == 0 {
                        break;
                    }
                    head.push(byte[0]);
                }
                let _ = client.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                let mut begins = [0; 3];
                let _ = client.read_exact(&mut begins);
                let _ = told.send((String::from_utf8_lossy(&head).into_owned(), begins));
            });
        }
    });
    let report = program(folder.path())
        .args(["doctor"])
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"].map(|name| (name, &there)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let asked: Vec<_> = heard.try_iter().collect();
    assert!(asked.len() >= 3, "{asked:?}");
    for (head, begins) in &asked {
        let mut lines = head.lines();
        let first = lines.next().unwrap_or_default();
        assert!(first.starts_with("CONNECT ") && first.ends_with(":443 HTTP/1.1"), "{head}");
        for line in lines.filter(|line| !line.is_empty()) {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            assert!(["host", "proxy-authorization", "user-agent"].contains(&name.as_str()), "{head}");
        }
        // What goes through is TLS: a handshake.
        assert_eq!(begins[..2], [0x16, 0x03], "{head}");
    }
    let said = [report.stdout, report.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains("hemmelig"), "{}", String::from_utf8_lossy(&said));
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

/// The practice authorities have ended, and somebody else listens where they did.
#[test]
fn an_endless_answer_from_whoever_listens_in_the_practices_place_is_given_up() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let control = format!("http://{}", listener.local_addr().unwrap());
    let sent = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n");
        let (blanks, mut sent) = ([b' '; 65536], 0);
        // Bounded, so that a program that believes it all ends the test and not the machine.
        while sent < (2 << 30) && stream.write_all(&blanks).is_ok() {
            sent += blanks.len();
        }
        sent
    });
    let output = program(folder.path()).args(["status", "--environment", "practice", "--practice", &control]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    let sent = sent.join().unwrap();
    assert!(sent < 64 << 20, "{sent} bytes were taken");
}

/// The same, and he names other places for what is practised: returns would leave the machine.
#[test]
fn practice_is_with_ones_own_and_on_this_machine_alone() {
    use std::io::{Read as _, Write as _};
    let folder = tempfile::tempdir().unwrap();
    let said = |control: &str| {
        let mut status = program(folder.path());
        let output =
            status.args(["--lang", "en", "status", "--environment", "practice", "--practice", control]).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let control = format!("http://{}", listener.local_addr().unwrap());
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let at = "http://127.0.0.1:1";
        let body = format!(
            r#"{{"id_porten": "{at}", "ansattporten": "{at}", "altinn_platform": "https://evil.example",
                "altinn_app": "{at}/skd/mva-melding-innsending-v1", "skatteetaten": "{at}"}}"#
        );
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all((head + &body).as_bytes());
    });
    let refused = said(&control);
    assert!(refused.contains("evil.example is another"), "{refused}");
    answering.join().unwrap();
    let refused = said("https://evil.example/");
    assert!(refused.contains("evil.example is another"), "{refused}");
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return needed::absent("root", "only root becomes another user");
    }
    let script = "import socket\ns=socket.create_server(('127.0.0.1',0))\nprint(s.getsockname()[1],flush=True)\n\
                  s.settimeout(8)\ntry:\n c,_=s.accept()\n print(c.recv(99),flush=True)\nexcept TimeoutError:\n print('nothing')\n";
    let mut other = AnotherUser::runs(script, folder.path());
    let port = other.says();
    let refused = said(&format!("http://127.0.0.1:{port}/"));
    assert!(refused.contains("belongs to another user"), "{refused}");
    assert_eq!(other.says(), "nothing", "he was told something");
    other.ends();
}

/// What is handed over as a secret and does not end is no secret, nor half of one; and what cannot be read with an integration
/// leaves none behind.
#[test]
fn an_integration_is_not_taken_over_without_the_secret_that_came_with_it() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("integrasjon.json");
    fs::write(&file, include_str!("../../office/fuzz/seeds/integration_file/hosted.json")).unwrap();
    let run = |arguments: &[&str], typed: Vec<u8>| {
        let mut command = program(folder.path());
        command.args(["--lang", "en", "integration"]).args(arguments);
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = piped.spawn().unwrap();
        let mut stdin = running.stdin.take().unwrap();
        let typing = std::thread::spawn(move || drop(stdin.write_all(&typed)));
        let output = running.wait_with_output().unwrap();
        typing.join().unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let file = file.to_str().unwrap();
    let import = |more: &[&str], typed| {
        let always = ["--environment", "production", "--accept-host", "evil.example", file];
        run(&[&["import"], more, &always].concat(), typed)
    };
    let list = || run(&["list", "--environment", "production"], Vec::new()).1;
    let before = list();
    let (status, said) = import(&["--secret"], vec![b'x'; 4 << 20]);
    assert!(status == Some(2) && said.contains("too long"), "{status:?} {said}");
    let (status, said) = import(&["--key-file", "/dev/zero"], Vec::new());
    assert!(status == Some(2) && said.contains("/dev/zero"), "{status:?} {said}");
    assert_eq!(list(), before);
    let (status, said) = import(&[], Vec::new());
    assert_eq!(status, Some(0), "{said}");
    assert_ne!(list(), before);
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
