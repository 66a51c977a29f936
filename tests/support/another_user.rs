//! Another user of this machine, whom only root becomes: included by path in the tests of several crates.

use std::{
    io::{BufRead as _, BufReader, Lines},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

/// A Python program that `nobody` runs.
pub(crate) struct AnotherUser {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl AnotherUser {
    pub(crate) fn runs(script: &str, folder: &Path) -> Self {
        let mut child = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script])
            .arg(folder)
            .current_dir("/")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// The next line that the program prints.
    pub(crate) fn says(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    /// Waits for its end.
    pub(crate) fn ends(mut self) {
        self.child.wait().unwrap();
    }
}
