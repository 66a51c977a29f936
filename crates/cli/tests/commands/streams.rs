//! Every command with nobody who reads, with a disk that takes nothing, in folders whose names are no UTF-8, and stopped
//! with Ctrl-C at a terminal: it does what it is called for, and ends with the status that it ends with anyway, or of who is
//! stopped. And everything that it says, in three languages.
//!
//! Which commands there are is asked of the program itself: one without a row here fails.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    fs::{self, OpenOptions},
    io::pipe,
    os::unix::ffi::OsStrExt as _,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    desk::{Desk, FJORDLYS, GROUP, INGRID, Practice, VIKA, a_return, followed},
    redacted::redacted,
    terminal::Terminal,
    work::{commands, names},
};

/// A way to call a command: its name, and the arguments ({…} is filled in).
struct Row(&'static str, &'static [&'static str]);

/// In the order in which they are run; each run has an installation and authorities of its own.
const ROWS: &[Row] = &[
    Row("check", &["check", "--date", "2026-11-21", "{sample}"]),
    Row("check, invalid", &["check", "--date", "2026-11-21", "{invalid}"]),
    Row("saft", &["saft", "{saft}"]),
    Row("saft, none", &["saft", "{sample}"]),
    Row("build", &["build", "--period", "2026-5", "--out", "{built}", "{saft}"]),
    Row("build, of none", &["build", "{sample}"]),
    Row("explain", &["explain", "{sample}"]),
    Row("mend", &["mend", "{sample}"]),
    Row("mend --dry-run", &["mend", "--dry-run", "--date", "2026-11-21", "{sample}"]),
    Row("guide", &["guide"]),
    Row("generate", &["generate", "{pages}"]),
    Row("doctor", &["doctor", "--offline"]),
    Row("draft new", &["draft", "new", "--company", FJORDLYS, "--period", "2026-4"]),
    Row("draft import", &["draft", "import", "{sample}"]),
    Row("draft list", &["draft", "list"]),
    Row("draft show", &["draft", "show", "none"]),
    Row("draft set", &["draft", "set", "none", "--kid", ""]),
    Row("draft export", &["draft", "export", "--out", "{built}", "none"]),
    Row("draft submit", &["draft", "submit", "none"]),
    Row("draft discard", &["draft", "discard", "none"]),
    Row("draft restore", &["draft", "restore", "none"]),
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
    Row("register create", &["register", "create", NOBODY]),
    Row("register status", &["register", "status"]),
    Row("register check", &["register", "check"]),
    Row("register admit", &["register", "admit", "kari", "--name", "Kari"]),
    Row("register revoke", &["register", "revoke", "kari"]),
    Row("register move-in", &["register", "move-in", NOBODY]),
    Row("register hand-over", &["register", "hand-over", FJORDLYS, "--to", "kari"]),
    Row("register away", &["register", "away", "--back"]),
    Row("register mirror", &["register", "mirror", "--to", "{pages}"]),
    Row("register leave", &["register", "leave", "--to", "{pages}"]),
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
/// A register where there is none.
const NOBODY: &str = "postgresql://kari@127.0.0.1:1/momsbud";
/// It runs until it is stopped.
const PRACTICE: Row = Row("practice", &["practice"]);
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

/// The rows that sign somebody in by themselves.
const SIGN_IN: [&str; 6] = ["submit", "batch", "receipt --fetch", "resume", "sign", "unfinished"];

/// The statuses of all rows, with an installation of its own.
fn run_all(output: Output) -> BTreeMap<&'static str, i32> {
    said_by_all(output, "nb").into_iter().map(|(name, status, _)| (name, status)).collect()
}

/// The same with everything that is said, in a language.
fn said_by_all(output: Output, language: &str) -> Vec<(&'static str, i32, String)> {
    let desk = prepared();
    let mut all = Vec::new();
    for Row(name, arguments) in ROWS {
        let words = ["--lang".into(), language.into()].into_iter();
        let filled: Vec<OsString> = words.chain(arguments.iter().map(|argument| filled(&desk, argument))).collect();
        let mut command = desk.command(&filled);
        if *name == "login" {
            // Its link is on standard error, so that somebody can follow it.
            command.args(["--login-hint", INGRID]);
            output.of(&mut command);
            let ended = match output {
                Output::Read => followed(command),
                other => crate::desk::followed_to(command, |command| other.of(command)),
            };
            all.push((*name, ended.status.code().unwrap_or(-1), redacted(&desk, &ended)));
            continue;
        }
        if SIGN_IN.iter().any(|it| name.starts_with(it)) {
            command.args(["--login-hint", INGRID]);
        }
        output.of(&mut command);
        command.stderr(if output == Output::Closed { closed() } else { Stdio::piped() });
        let ended = command.output().unwrap();
        all.push((*name, ended.status.code().unwrap_or(-1), redacted(&desk, &ended)));
    }
    // Whatever became of the output, the same was filed.
    assert_eq!(desk.practice.deliveries(), 3, "three returns are filed in all");
    all
}

fn closed() -> Stdio {
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    writer.into()
}

fn prepared() -> Desk {
    prepared_at(&Practice::start())
}

fn prepared_at(practice: &Arc<Practice>) -> Desk {
    let desk = Desk::at(practice);
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
        "{saft}" => desk.put("saft.xml", &filing::saft_sample("saft-fjordlys").unwrap().1[..]).into(),
        "{built}" => desk.path("built.xml").into(),
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

/// What these say depends on the machine or the day, not on the program alone.
const NOT_SHOWN: [&str; 3] = ["doctor", "due", "generate"];

#[test]
fn everything_that_is_said_is_said_in_three_languages() {
    let all = thread::scope(|scope| {
        let runs = ["nb", "nn", "en"].map(|language| scope.spawn(move || said_by_all(Output::Read, language)));
        runs.map(|run| run.join().unwrap())
    });
    for (language, rows) in ["nb", "nn", "en"].into_iter().zip(all) {
        let shown = rows.iter().filter(|(name, ..)| !NOT_SHOWN.contains(name));
        let text: String = shown.map(|(name, status, said)| format!("=== {name}: {status}\n{said}")).collect();
        insta::assert_snapshot!(format!("everything_that_is_said_{language}"), text);
        // What the program itself says to a supporter is English, and said to be.
        let own: Vec<&str> = text.lines().filter(|line| !line.contains("Teknisk (engelsk)")).collect();
        let own = own.join("\n");
        let foreign: &[&str] = match language {
            "en" => &["kvittering", "virksomhet", "Ikke ", "ikke ", "Betalingsfrist", "Beløp", "Konto ", "å betale"],
            "nn" => {
                &["ikke ", "virksomhet", "kvitteringen", " fra ", " hvem", "meldingen ", "There ", "cannot ", " not "]
            }
            _ => &["There ", "cannot ", " not ", " the ", "(os error", "ikkje", "frå "],
        };
        for word in foreign {
            let found = own.lines().find(|line| line.contains(word));
            assert!(found.is_none(), "{language}: {word:?} in {found:?}");
        }
    }
}

#[test]
fn help_that_is_lost_is_none_and_a_closed_pipe_is_no_fault() {
    let desk = Desk::new();
    for arguments in [&["--help"][..], &["submit", "--help"], &["--version"]] {
        let of = |output: Output| {
            let mut command = desk.command(arguments);
            output.of(&mut command);
            command.stderr(Stdio::null()).status().unwrap().code()
        };
        let ends = [Output::Read, Output::Closed, Output::Full].map(of);
        assert_eq!(ends, [Some(0), Some(0), Some(2)], "{arguments:?}");
    }
}

/// Rows that wait for the authorities or for a person, and so are stopped by Ctrl-C and by nothing else.
const WAIT: [&str; 8] =
    ["submit", "batch", "login", "unfinished", "work secret", "practice", "register create", "register move-in"];

#[test]
fn ctrl_c_ends_every_command() {
    let practice = Practice::start();
    let desks: Vec<(&Row, Desk)> = ROWS.iter().chain([&PRACTICE]).map(|row| (row, prepared_at(&practice))).collect();
    // No authority answers within the test.
    practice.settings(&json!({"latencyMs": 60_000}));
    let one = |(Row(name, arguments), desk): &(&Row, Desk)| {
        let filled: Vec<OsString> = arguments.iter().map(|argument| filled(desk, argument)).collect();
        let mut command = desk.command(&filled);
        if SIGN_IN.iter().any(|it| name.starts_with(it)) {
            command.args(["--login-hint", INGRID]);
        }
        let at = Terminal::open(command);
        thread::sleep(Duration::from_millis(700));
        let began = Instant::now();
        let (status, said) = at.stopped();
        assert!(began.elapsed() < Duration::from_secs(8), "{name}: {:?}: {said}", began.elapsed());
        assert!(!said.contains("panicked"), "{name}: {said}");
        // Stopped, or it had ended by itself.
        let waits = WAIT.contains(name);
        let own = if *name == "practice" { 0 } else { 130 };
        assert!(status == own || (!waits && (0..=2).contains(&status)), "{name}: {status}: {said}");
    };
    thread::scope(|scope| {
        for some in desks.chunks(desks.len().div_ceil(8)) {
            scope.spawn(move || some.iter().for_each(one));
        }
    });
    practice.settings(&json!({"latencyMs": 0}));
    assert_eq!(practice.deliveries(), 0);
}

#[test]
fn names_that_are_no_utf_8_are_names() {
    let desk = prepared();
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
    let saft = put(b"saft-\xe6.xml", &filing::saft_sample("saft-fjordlys").unwrap().1);
    let rules = put(b"regler \xe6.json", &fs::read(desk.folder.path().join("rules.json")).unwrap());
    let resume = format!("resume --login-hint {INGRID}");
    let (create, move_in) = (format!("register create {NOBODY}"), format!("register move-in {NOBODY}"));
    let unfinished = format!("unfinished --login-hint {INGRID} {FJORDLYS}");
    let (built, mended) = (path(b"bygd \xe6.xml"), path(b"rettet \xe6.xml"));
    fn words<'w>(call: &'w str, paths: &[&'w OsString]) -> Vec<&'w OsStr> {
        call.split(' ').map(OsStr::new).chain(paths.iter().map(|path| path.as_os_str())).collect()
    }
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
        ("saft", words("saft", &[&saft]), 1),
        ("build", words("build --period 2026-5 --out", &[&built, &saft]), 0),
        ("mend", words("mend --out", &[&mended, &sample]), 0),
        ("guide", words("guide", &[]), 0),
        ("draft new", words("draft new --company 311797816", &[]), 0),
        ("draft import", words("draft import", &[&sample]), 0),
        ("draft list", words("draft list", &[]), 0),
        ("draft show", words("draft show none", &[]), 2),
        ("draft set", words("draft set none --kid 1", &[]), 2),
        ("draft export", words("draft export none --out", &[&built]), 2),
        ("draft submit", words("draft submit none", &[]), 2),
        ("draft discard", words("draft discard none", &[]), 2),
        ("draft restore", words("draft restore none", &[]), 2),
        ("register create", words(&create, &[]), 2),
        ("register status", words("register status", &[]), 1),
        ("register check", words("register check", &[]), 2),
        ("register admit", words("register admit kari --name Kari", &[]), 2),
        ("register revoke", words("register revoke kari", &[]), 2),
        ("register move-in", words(&move_in, &[]), 2),
        ("register hand-over", words("register hand-over 311797816 --to kari", &[]), 2),
        ("register away", words("register away --back", &[]), 2),
        ("register mirror", words("register mirror --to", &[&pages]), 2),
        ("register leave", words("register leave --to", &[&pages]), 2),
        ("resume", words(&resume, &[]), 0),
        ("sign", words("sign none", &[]), 1),
        ("unfinished", words(&unfinished, &[]), 1),
        ("archive restore", words("archive restore", &[]), 0),
        ("integration list", words("integration list", &[]), 0),
        ("integration use", words("integration use standard", &[]), 0),
        ("integration check", words("integration check standard", &[]), 0),
        ("logout", words("logout --no-browser", &[]), 0),
        ("work status", words("work status", &[]), 0),
        ("work login", words("work login --no-browser", &[]), 0),
        ("work lock", words("work lock", &[]), 0),
        ("work sign", words("work sign --key", &[&key, &rules]), 0),
        ("work import", words("work import", &[&rules]), 2),
        ("work secret", words("work secret", &[]), 2),
        ("work client-key", words("work client-key --from", &[&key]), 2),
    ];
    // `login` takes no file, and waits for a person; it is signed in at above, in this folder.
    let apart: Vec<&str> = APART.iter().copied().chain(["login"]).collect();
    assert_eq!(commands(&desk), names(rows.iter().map(|row| row.0), &apart), "a command without a row");
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
