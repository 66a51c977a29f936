//! `check` and `explain` hung on a FIFO, and read on from a device for ever.

use std::{process::Command, process::Stdio, time::Duration};

use crate::desk::{Desk, text};

#[test]
fn what_is_no_file_is_said_and_not_read() {
    let desk = Desk::new();
    let fifo = desk.path("ror.xml");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for path in [fifo.as_str(), "/dev/zero"] {
        for command in ["check", "explain"] {
            let mut child =
                desk.command(&[command, path]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            let began = std::time::Instant::now();
            while child.try_wait().unwrap().is_none() {
                if began.elapsed() > Duration::from_secs(10) {
                    child.kill().unwrap();
                    panic!("{command} {path} hangs");
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            let output = child.wait_with_output().unwrap();
            let said = text(&output.stdout) + &text(&output.stderr);
            assert!(output.status.code().is_some_and(|status| status > 0), "{command} {path}: {said}");
            assert!(!said.trim().is_empty(), "{command} {path} says nothing");
        }
    }
}
