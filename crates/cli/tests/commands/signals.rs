//! Ctrl-C, SIGTERM and SIGHUP, at every moment at which a command may be: it ends soon, with the status that a shell gives,
//! and says what is delivered and what goes on.

use std::{
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rexpect::process::Signal;
use serde_json::json;

use crate::{
    desk::{ASTRID, Desk, FJORDLYS, GROUP, INGRID, JONAS, text},
    terminal::Terminal,
};

/// How long an end may take on a busy machine.
const SOON: Duration = Duration::from_secs(8);

/// Stops a command at a terminal with Ctrl-C; what it says then.
fn stopped(mut at: Terminal) -> String {
    let began = Instant::now();
    at.ctrl_c();
    let (status, said) = at.end();
    assert_eq!(status, 130, "{said}");
    assert!(began.elapsed() < SOON, "{:?}: {said}", began.elapsed());
    said
}

fn terminal(desk: &Desk, arguments: &[&str]) -> Terminal {
    Terminal::open(desk.command(arguments))
}

#[test]
fn ctrl_c_while_a_receipt_is_waited_for_says_that_the_return_is_delivered() {
    let desk = Desk::new();
    desk.practice.receipts_take(3_600.0);
    let at = terminal(&desk, &["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
    desk.practice.until_waited_for();
    let said = stopped(at);
    assert!(said.contains("Fjordlys Interiør AS 311797816") && said.contains("LEVERT. Kvitteringen"), "{said}");
    assert_eq!(desk.practice.deliveries(), 1);

    // The same in each command that waits for it.
    let id = desk.history()[0]["id"].as_str().unwrap().to_owned();
    for arguments in [&["receipt", "--fetch", "--login-hint", INGRID, &id][..], &["resume", "--login-hint", INGRID][..]]
    {
        let before = desk.practice.calls("readInstance");
        let at = terminal(&desk, arguments);
        crate::desk::until("it asks", || desk.practice.calls("readInstance") > before);
        thread::sleep(Duration::from_millis(300));
        let said = stopped(at);
        assert!(said.contains("LEVERT. Kvitteringen"), "{arguments:?}: {said}");
    }
}

#[test]
fn ctrl_c_at_a_question_files_nothing() {
    let desk = Desk::new();
    let file = desk.sample("fjordlys");
    for command in ["submit", "batch"] {
        let mut at = terminal(&desk, &[command, "--login-hint", INGRID, &file]);
        let asked = at.until("[j/N]");
        for named in ["Ingrid Solvang", "Fjordlys", "79857 kr", "øving"] {
            assert!(asked.contains(named), "{command} does not name {named}: {asked}");
        }
        let said = stopped(at);
        assert!(said.contains("Ingenting er sendt inn av denne kommandoen"), "{command}: {said}");
    }
    assert_eq!((desk.practice.deliveries(), desk.practice.calls("createInstance")), (0, 0));
}

#[test]
fn ctrl_c_before_delivery_says_that_nothing_is_delivered() {
    let desk = Desk::new();
    desk.practice.fault("firstNext", &json!({"kind": "delay", "milliseconds": 60_000}));
    let at = terminal(&desk, &["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
    desk.practice.until_called("postReturn");
    thread::sleep(Duration::from_millis(500));
    let said = stopped(at);
    assert!(said.contains("IKKE LEVERT"), "{said}");
    assert_eq!(desk.practice.deliveries(), 0);
}

#[test]
fn ctrl_c_is_heard_while_an_authority_does_not_answer() {
    let desk = Desk::new();
    let file = desk.sample("fjordlys");
    for (call, arguments) in [
        ("token", &["submit", "--yes", "--login-hint", INGRID, &file][..]),
        ("validate", &["submit", "--yes", "--login-hint", INGRID, &file][..]),
        ("validate", &["batch", "--yes", "--login-hint", INGRID, &file][..]),
        ("exchange", &["unfinished", "--login-hint", INGRID, FJORDLYS][..]),
    ] {
        desk.practice.control("DELETE", "/log", None);
        desk.practice.fault(call, &json!({"kind": "delay", "milliseconds": 60_000}));
        let at = terminal(&desk, arguments);
        desk.practice.until_called(if call == "token" { "authorize" } else { "token" });
        thread::sleep(Duration::from_millis(700));
        stopped(at);
        desk.practice.no_faults();
    }
    assert_eq!(desk.practice.deliveries(), 0);
}

#[test]
fn ctrl_c_is_heard_while_a_person_is_in_her_browser() {
    let desk = Desk::new();
    let file = desk.sample("fjordlys");
    for arguments in [
        &["login", "--no-browser"][..],
        &["submit", "--yes", "--no-browser", &file][..],
        &["integration", "check", "--sign-in", "--no-browser"][..],
    ] {
        let mut at = terminal(&desk, arguments);
        at.until("http://");
        stopped(at);
    }
    desk.decide(GROUP, &["see"], &json!("momsbud-practice"));
    let mut at = terminal(&desk, &["work", "login", "--no-browser"]);
    at.until("http://");
    stopped(at);
}

#[test]
fn ctrl_c_while_a_signature_is_given_says_where_the_filing_stands() {
    let desk = Desk::new();
    desk.practice.receipts_take(3_600.0);
    let (_, waiting) = desk.json(&["submit", "--yes", "--login-hint", JONAS, &desk.sample("fjordlys")]);
    let id = waiting[0]["filing"]["id"].as_str().unwrap().to_owned();
    let mut at = terminal(&desk, &["sign", "--login-hint", INGRID, &id]);
    let asked = at.until("[j/N]");
    assert!(asked.contains("Fjordlys") && asked.contains("79857 kr"), "{asked}");
    assert!(stopped(at).contains("venter på signering"));
    // He was refused at the step that is waited for here.
    desk.practice.control("DELETE", "/log", None);
    let at = terminal(&desk, &["sign", "--yes", "--login-hint", INGRID, &id]);
    desk.practice.until_waited_for();
    assert!(stopped(at).contains("LEVERT. Kvitteringen"));
}

#[test]
fn what_is_being_fetched_is_fetched_and_a_second_ctrl_c_waits_for_nothing() {
    let desk = Desk::new();
    desk.practice.receipts_take(0.0);
    desk.practice.fault("download", &json!({"kind": "delay", "milliseconds": 2_500}));
    let submit = ["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")];
    let at = terminal(&desk, &submit);
    // A call is in the log when it has ended: this is in the middle of the first download.
    desk.practice.until_called("secondNext");
    desk.practice.until_quiet();
    let said = stopped(at);
    assert!(said.contains("mottatt, kvitteringen er i arkivet"), "{said}");

    let desk = Desk::at(&desk.practice);
    desk.practice.control("DELETE", "/log", None);
    desk.practice.no_faults();
    desk.practice.fault("download", &json!({"kind": "delay", "milliseconds": 60_000}));
    let mut at = terminal(&desk, &["submit", "--yes", "--login-hint", INGRID, &desk.sample("vika")]);
    desk.practice.until_called("secondNext");
    desk.practice.until_quiet();
    let began = Instant::now();
    at.ctrl_c();
    at.until("Stopper.");
    at.ctrl_c();
    assert_eq!(at.end().0, 130);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn the_other_signals_have_statuses_of_their_own_and_say_the_same() {
    for (signal, status) in [(Signal::SIGTERM, 143), (Signal::SIGHUP, 129)] {
        let desk = Desk::new();
        desk.practice.receipts_take(3_600.0);
        let mut at = terminal(&desk, &["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
        desk.practice.until_waited_for();
        at.signal(signal);
        let (ended, said) = at.end();
        assert_eq!(ended, status, "{said}");
        assert!(said.contains("LEVERT. Kvitteringen"), "{said}");
    }
}

/// A pager that shows its first page, or a terminal that was stopped with Ctrl-S: nothing more is taken.
#[test]
fn ctrl_c_is_heard_while_nobody_takes_what_is_written() {
    let desk = Desk::new();
    let (_reader, mut writer) = std::io::pipe().unwrap();
    // As much as a pipe holds.
    std::io::Write::write_all(&mut writer, &[b' '; 64 * 1024]).unwrap();
    let mut submit = desk
        .command(&["submit", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")])
        .stdout(writer)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    desk.practice.until_called("validate");
    thread::sleep(Duration::from_millis(500));
    assert!(submit.try_wait().unwrap().is_none(), "it waits for its reader");
    assert!(Command::new("kill").args(["-INT", &submit.id().to_string()]).status().unwrap().success());
    let began = Instant::now();
    while submit.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < SOON, "deaf");
        thread::sleep(Duration::from_millis(20));
    }
    assert_eq!((submit.wait().unwrap().code(), desk.practice.deliveries()), (Some(130), 0));
}

#[test]
fn with_json_each_return_has_its_line_and_its_outcome_when_it_is_stopped() {
    let desk = Desk::new();
    desk.practice.receipts_take(3_600.0);
    let folder = desk.drop_folder("mai-juni");
    let submit = desk
        .command(&["submit", "--json", "--yes", "--login-hint", ASTRID, &folder])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    crate::desk::until("all are delivered", || desk.practice.deliveries() == 5);
    thread::sleep(Duration::from_millis(500));
    assert!(Command::new("kill").args(["-INT", &submit.id().to_string()]).status().unwrap().success());
    let output = submit.wait_with_output().unwrap();
    let (status, lines) = crate::desk::lines(&output);
    assert_eq!((status, lines.len()), (130, 5), "{}", text(&output.stderr));
    assert!(lines.iter().all(|line| line["outcome"] == "delivered"), "{lines:#?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_command_that_is_to_outlive_its_terminal_does() {
    let desk = Desk::new();
    desk.practice.receipts_take(2.0);
    let mut nohup = Command::new("nohup");
    let inner = desk.command(&["submit", "--json", "--yes", "--login-hint", INGRID, &desk.sample("fjordlys")]);
    nohup.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => nohup.env(name, value),
            None => nohup.env_remove(name),
        };
    }
    let submit = nohup.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    desk.practice.until_called("secondNext");
    assert!(Command::new("kill").args(["-HUP", &submit.id().to_string()]).status().unwrap().success());
    let (status, lines) = crate::desk::lines(&submit.wait_with_output().unwrap());
    assert_eq!((status, lines[0]["outcome"].as_str()), (0, Some("received")), "{lines:#?}");
}
