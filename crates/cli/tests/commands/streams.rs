//! Every command with nobody who reads, with a disk that takes nothing, and in folders whose names are no UTF-8: it does
//! what it is called for, and ends with the status that it ends with anyway.
//!
//! Which commands there are is asked of the program itself: one without a row here fails.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs::{self, OpenOptions},
    io::pipe,
    os::unix::ffi::OsStrExt as _,
    process::{Command, Stdio},
    thread,
};

use serde_json::json;

use crate::{
    desk::{Desk, FJORDLYS, GROUP, INGRID, VIKA, a_return, followed},
    work::{commands, names},
};

/// A way to call a command: its name, and the arguments ({…} is filled in).
struct Row(&'static str, &'static [&'static str]);

/// In the order in which they are run; each run has an installation and authorities of its own.
const ROWS: &[Row] = &[
    Row("check", &["check", "{sample}"]),
    Row("check, invalid", &["check", "{invalid}"]),
    Row("saft, none", &["saft", "{sample}"]),
    Row("build, of none", &["build", "{sample}"]),
    Row("explain", &["explain", "{sample}"]),
    Row("mend", &["mend", "--dry-run", "{sample}"]),
    Row("guide", &["guide"]),
    Row("generate", &["generate", "{pages}"]),
    Row("doctor", &["doctor", "--offline"]),
    Row("due", &["due", "--within", "366d"]),
    Row("submit", &["submit", "--yes", "{sample}"]),
    Row("submit, filed before", &["submit", "--yes", "{sample}"]),
    Row("submit, invalid", &["submit", "--yes", "{invalid}"]),
    Row("batch", &["batch", "--yes", "{batch}"]),
    Row("batch --continue", &["batch", "--continue"]),
    Row("history", &["history"]),
    Row("history, none", &["history", "nobody"]),
    Row("receipt", &["receipt"]),
    Row("receipt --fetch", &["receipt", "--fetch"]),
    Row("resume", &["resume"]),
    Row("sign", &["sign", "none"]),
    Row("unfinished", &["unfinished", FJORDLYS]),
    Row("archive verify", &["archive", "verify"]),
    Row("archive export", &["archive", "export", "--all", "--out", "{out}"]),
    Row("archive restore", &["archive", "restore"]),
    Row("integration list", &["integration", "list"]),
    Row("integration export", &["integration", "export", "standard"]),
    Row("integration export --to", &["integration", "export", "standard", "--to", "{integration}"]),
    Row("integration import", &["integration", "import", "{integration}"]),
    Row("integration use", &["integration", "use", "standard"]),
    Row("integration check", &["integration", "check", "standard"]),
    Row("status", &["status"]),
    Row("login", &["login", "--no-browser"]),
    Row("logout", &["logout", "--no-browser"]),
    Row("work status", &["work", "status"]),
    Row("work login", &["work", "login", "--no-browser"]),
    Row("work lock", &["work", "lock"]),
    Row("work key", &["work", "key", "{key}"]),
    Row("work sign", &["work", "sign", "--key", "{key}", "{rules}"]),
    Row("work import", &["work", "import", "{rules}"]),
    Row("work secret", &["work", "secret"]),
    Row("work client-key", &["work", "client-key"]),
];
/// It runs until it is stopped.
const APART: &[&str] = &["practice"];

/// Where the output goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Output {
    /// To somebody who reads it.
    Read,
    /// Into a pipe that nobody reads.
    Closed,
    /// To a disk that is full.
    Full,
}

impl Output {
    fn of(self, command: &mut Command) {
        match self {
            Self::Read => command.stdout(Stdio::piped()),
            Self::Closed => {
                let (reader, writer) = pipe().unwrap();
                drop(reader);
                command.stdout(writer)
            }
            Self::Full => command.stdout(OpenOptions::new().write(true).open("/dev/full").unwrap()),
        };
    }
}

/// The statuses of all rows, with an installation of its own.
fn run_all(output: Output) -> BTreeMap<&'static str, i32> {
    let desk = prepared();
    let mut statuses = BTreeMap::new();
    for Row(name, arguments) in ROWS {
        let filled: Vec<OsString> = arguments.iter().map(|argument| filled(&desk, argument)).collect();
        let mut command = desk.command(&filled);
        if *name == "login" {
            // Its link is on standard error, so that somebody can follow it.
            command.args(["--login-hint", INGRID]);
            output.of(&mut command);
            statuses.insert(*name, status_of_followed(command, output));
            continue;
        }
        let signs_in = ["submit", "batch", "receipt --fetch", "resume", "sign", "unfinished"];
        if signs_in.iter().any(|it| name.starts_with(it)) {
            command.args(["--login-hint", INGRID]);
        }
        output.of(&mut command);
        command.stderr(if output == Output::Closed { closed() } else { Stdio::piped() });
        let ended = command.output().unwrap();
        statuses.insert(*name, ended.status.code().unwrap_or(-1));
    }
    // Whatever became of the output, the same was filed.
    assert_eq!(desk.practice.deliveries(), 3, "three returns are filed in all");
    statuses
}

fn closed() -> Stdio {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    writer.into()
}

fn status_of_followed(command: Command, output: Output) -> i32 {
    match output {
        Output::Read => followed(command).status.code().unwrap_or(-1),
        other => crate::desk::followed_to(command, |command| other.of(command)).status.code().unwrap_or(-1),
    }
}

fn prepared() -> Desk {
    let desk = Desk::new();
    desk.practice.receipts_take(0.2);
    let permissions = json!({"version": 1, "firm": "F", "signIn": {"clients": {"test": "t", "production": "p"}},
        "rules": [{"groups": [GROUP], "permissions": ["see"], "companies": ["all"]}]});
    desk.put("rules.json", permissions.to_string());
    desk.put("batch/1.xml", a_return(VIKA, "januar-februar"));
    desk.put("batch/2.xml", a_return(VIKA, "mars-april"));
    desk
}

fn filled(desk: &Desk, argument: &str) -> OsString {
    match argument {
        "{sample}" => desk.sample("fjordlys").into(),
        "{invalid}" => desk.sample("fjordlys-ugyldig").into(),
        "{batch}" => desk.path("batch").into(),
        "{out}" => desk.path("out.csv").into(),
        "{pages}" => desk.path("pages").into(),
        "{integration}" => desk.path("integration.json").into(),
        "{key}" => desk.path("rules.key").into(),
        "{rules}" => desk.path("rules.json").into(),
        plain => plain.into(),
    }
}

#[test]
fn output_that_is_lost_steers_no_command() {
    assert_eq!(commands(&Desk::new()), names(ROWS.iter().map(|row| row.0), APART), "a command without a row");
    let (read, closed, full) = thread::scope(|scope| {
        let runs = [Output::Read, Output::Closed, Output::Full].map(|output| scope.spawn(move || run_all(output)));
        let [read, closed, full] = runs.map(|run| run.join().unwrap());
        (read, closed, full)
    });
    let mut table = format!("{:<26}{:>6}{:>8}{:>6}\n", "command", "read", "closed", "full");
    for Row(name, _) in ROWS {
        table.push_str(&format!("{name:<26}{:>6}{:>8}{:>6}\n", read[name], closed[name], full[name]));
    }
    for Row(name, _) in ROWS {
        assert_eq!(read[name], closed[name], "{name} with a closed pipe\n{table}");
        // Only what is done by showing is not done when a disk did not take it.
        let lost = read[name] == 0 && full[name] == 2;
        assert!(read[name] == full[name] || lost, "{name} with a full disk\n{table}");
    }
    insta::assert_snapshot!(table);
}

#[test]
fn names_that_are_no_utf_8_are_names() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.2);
    // "mva-æøå" as Windows wrote it for decades.
    let strange = OsStr::from_bytes(b"mva-\xe6\xf8\xe5");
    let folder = desk.folder.path().join(strange);
    for name in ["data", "archive"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    let put = |name: &[u8], content: &[u8]| {
        let path = folder.join(OsStr::from_bytes(name));
        fs::write(&path, content).unwrap();
        path.into_os_string()
    };
    let sample = put(b"mva-\xe6\xf8\xe5.xml", &fs::read(desk.sample("fjordlys")).unwrap());
    let other = put(b"\xff.xml", a_return(VIKA, "mars-april").as_bytes());
    let attachment = put(b"bilag \xe6.pdf", b"%PDF-1.7\n% et bilag\n");
    let path = |name: &[u8]| folder.join(OsStr::from_bytes(name)).into_os_string();
    let run = |arguments: &[&OsStr]| {
        let mut command = desk.command(arguments);
        command.env("MOMSBUD_DATA_DIR", folder.join("data")).env("MOMSBUD_ARCHIVE_DIR", folder.join("archive"));
        let output = command.output().unwrap();
        let said = crate::desk::text(&output.stdout) + &crate::desk::text(&output.stderr);
        (output.status.code(), said)
    };
    let hint = ["--login-hint", INGRID];
    let (out, pages, key) = (path(b"liste \xe6.csv"), path(b"sider \xe6"), path(b"n\xf8kkel"));
    let integration = path(b"integrasjon \xe6.json");
    let rows: Vec<(&str, Vec<&OsStr>, i32)> = vec![
        ("check", vec!["check".as_ref(), &sample], 0),
        ("explain", vec!["explain".as_ref(), &sample], 0),
        (
            "submit",
            vec![
                "submit".as_ref(),
                "--yes".as_ref(),
                hint[0].as_ref(),
                hint[1].as_ref(),
                "--attach".as_ref(),
                &attachment,
                &sample,
            ],
            0,
        ),
        (
            "batch",
            vec![
                "batch".as_ref(),
                "--yes".as_ref(),
                hint[0].as_ref(),
                hint[1].as_ref(),
                "--csv".as_ref(),
                &out,
                &other,
            ],
            0,
        ),
        ("history", vec!["history".as_ref()], 0),
        ("receipt", vec!["receipt".as_ref()], 0),
        ("receipt --fetch", vec!["receipt".as_ref(), "--fetch".as_ref(), hint[0].as_ref(), hint[1].as_ref()], 0),
        ("archive verify", vec!["archive".as_ref(), "verify".as_ref()], 0),
        ("archive export", vec!["archive".as_ref(), "export".as_ref(), "--all".as_ref(), "--out".as_ref(), &out], 0),
        ("due", vec!["due".as_ref(), "--within".as_ref(), "0d".as_ref()], -1),
        ("doctor", vec!["doctor".as_ref(), "--offline".as_ref()], -1),
        ("generate", vec!["generate".as_ref(), &pages], 0),
        (
            "integration export",
            vec!["integration".as_ref(), "export".as_ref(), "standard".as_ref(), "--to".as_ref(), &integration],
            0,
        ),
        ("integration import", vec!["integration".as_ref(), "import".as_ref(), &integration], 0),
        ("work key", vec!["work".as_ref(), "key".as_ref(), &key], 0),
        ("status", vec!["status".as_ref()], 1),
    ];
    for (name, arguments, expected) in rows {
        let (status, said) = run(&arguments);
        let status = status.unwrap_or_else(|| panic!("{name} was ended: {said}"));
        // Two answer by what there is on this machine and on this day.
        assert!(status == expected || (expected == -1 && status < 2), "{name}: {status}: {said}");
        assert!(!said.contains("panicked"), "{name}: {said}");
    }
    assert_eq!(desk.practice.deliveries(), 2);
    assert!(out_is_a_table(&out));
}

fn out_is_a_table(file: &OsStr) -> bool {
    fs::read_to_string(file).unwrap().contains(FJORDLYS)
}
