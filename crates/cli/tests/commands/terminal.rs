//! A person at a terminal: what she sees, types, and stops.

use std::process::{Command, Stdio};

use rexpect::{
    process::{Signal, WaitStatus},
    session::{PtySession, spawn_command},
};

/// An end to everything that is waited for here, milliseconds.
const PATIENCE: u64 = 30_000;

pub(crate) struct Terminal(PtySession);

impl Terminal {
    pub(crate) fn open(mut command: Command) -> Self {
        command.stdin(Stdio::inherit());
        Self(spawn_command(command, Some(PATIENCE)).unwrap())
    }

    /// Waits until these words, of ASCII, are there; what came before them.
    pub(crate) fn until(&mut self, words: &str) -> String {
        written(&self.0.exp_string(words).unwrap_or_else(|error| panic!("{words:?}: {error}")))
    }

    pub(crate) fn types(&mut self, line: &str) {
        self.0.send_line(line).unwrap();
    }

    pub(crate) fn ctrl_c(&mut self) {
        self.0.send_control('c').unwrap();
    }

    /// Presses Ctrl-C and waits for the end: the status as a shell gives it, whether the command was stopped, ended by
    /// itself before, or was ended by the system.
    pub(crate) fn stopped(mut self) -> (i32, String) {
        // Nobody is there any more, where it has ended.
        let _ = self.0.send_control('c');
        let rest = self.0.exp_eof().unwrap_or_else(|error| panic!("it does not end: {error}"));
        match self.0.process().wait().unwrap() {
            WaitStatus::Exited(_, status) => (status, written(&rest)),
            WaitStatus::Signaled(_, Signal::SIGINT, _) => (130, written(&rest)),
            other => panic!("{other:?}: {rest}"),
        }
    }

    pub(crate) fn signal(&mut self, signal: Signal) {
        self.0.process_mut().signal(signal).unwrap();
    }

    /// Waits for the end: the status, and what came since it was last looked at.
    pub(crate) fn end(mut self) -> (i32, String) {
        let rest = self.0.exp_eof().unwrap_or_else(|error| panic!("it does not end: {error}"));
        match self.0.process().wait().unwrap() {
            WaitStatus::Exited(_, status) => (status, written(&rest)),
            other => panic!("{other:?}: {rest}"),
        }
    }
}

/// What was written: the terminal is read byte by byte, each taken for a character.
fn written(read: &str) -> String {
    let bytes: Vec<u8> = read.chars().filter(|c| *c != '\r').filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}
