//! `check` and `explain` hung on a FIFO, and read on from a device for ever.

use std::{
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use crate::desk::{Desk, FJORDLYS, INGRID, text};

/// How it ended; nothing that has a pipe, a socket or a device in the place of a file may take long.
fn ended(mut child: Child, what: &str) -> Output {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > Duration::from_secs(30) {
            child.kill().unwrap();
            panic!("{what} hangs");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

fn pipe(desk: &Desk, name: &str) -> String {
    let pipe = desk.path(name);
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    pipe
}

#[test]
fn no_argument_takes_a_pipe_a_socket_or_a_device_for_a_file_and_each_is_named_in_norwegian() {
    let desk = Desk::new();
    let (pipe, socket) = (pipe(&desk, "p"), desk.path("s"));
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let sample = desk.sample("fjordlys");
    for (path, word) in [(pipe.as_str(), "et rør"), (socket.as_str(), "en sokkel"), ("/dev/zero", "en enhet")] {
        let all: [&[&str]; 12] = [
            &["check", path],
            &["explain", path],
            &["mend", path],
            &["saft", path],
            &["build", path],
            &["submit", "--yes", "--login-hint", INGRID, path],
            &["batch", "--yes", "--login-hint", INGRID, path],
            &["submit", "--yes", "--login-hint", INGRID, "--attach", path, &sample],
            &["draft", "import", path],
            &["draft", "new", "--as-last", path],
            &["integration", "import", path],
            &["work", "import", path],
        ];
        for arguments in all {
            let child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let output = ended(child, &arguments.join(" "));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(output.status.code().is_some_and(|status| status > 0), "{arguments:?}: {said}");
            assert!(said.contains(word), "{arguments:?} does not say what it is: {said}");
            assert!(!said.contains("it is") && !said.contains("ugyldig"), "{arguments:?}: {said}");
        }
    }
    assert_eq!((desk.practice.deliveries(), desk.history().len()), (0, 0));
}

#[test]
fn a_pipe_or_a_device_to_write_to_keeps_nobody_waiting_and_is_not_replaced() {
    let desk = Desk::new();
    let pipe = pipe(&desk, "p");
    let sample = desk.sample("fjordlys");
    let saft = desk.put("saft.xml", &filing::saft_sample("saft-fjordlys").unwrap().1[..]);
    let draft = text(&desk.run(&["draft", "new", "--company", FJORDLYS, "--period", "2026-4"]).stdout);
    let draft = draft.trim();
    for (path, why) in [(pipe.as_str(), "ingen leser"), ("/dev/full", "disken er full")] {
        let all: [&[&str]; 5] = [
            &["mend", "--out", path, &sample],
            &["build", "--period", "2026-5", "--out", path, &saft],
            &["build", "--period", "2026-5", "--vouchers", path, "--out", "/dev/null", &saft],
            &["draft", "export", "--out", path, draft],
            &["integration", "export", "standard", "--to", path],
        ];
        for arguments in all {
            let child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let output = ended(child, &arguments.join(" "));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains(why) && !said.contains("os error"), "{arguments:?}: {said}");
        }
    }
    use std::os::unix::fs::FileTypeExt as _;
    assert!(std::fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    // Somebody who reads gets everything, as from standard output.
    let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(desk.run(&["mend", "--out", &pipe, &sample]).status.code(), Some(0));
    assert_eq!(ended(reader, "cat").stdout, std::fs::read(&sample).unwrap());
}

#[test]
fn what_is_no_file_is_said_and_not_read() {
    let desk = Desk::new();
    let fifo = desk.path("ror.xml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for path in [fifo.as_str(), "/dev/zero"] {
        for command in ["check", "explain"] {
            let child = desk.command(&[command, path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let output = ended(child, &format!("{command} {path}"));
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(output.status.code().is_some_and(|status| status > 0), "{command} {path}: {said}");
            assert!(!said.trim().is_empty(), "{command} {path} says nothing");
        }
    }
}
