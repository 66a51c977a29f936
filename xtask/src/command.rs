//! Running other programs, and saying what went wrong with them.

use std::{
    env,
    ffi::OsString,
    fmt,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
};

/// Whether standard output belongs to what another program is to read.
static FOR_PROGRAMS: AtomicBool = AtomicBool::new(false);

/// Why a task did not succeed, in words for the person who started it.
#[derive(Debug)]
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

pub(crate) type Done = Result<(), Failure>;

/// From now on what people read, and what other programs print, goes to standard error: standard output is a program's.
pub(crate) fn output_is_for_programs() {
    FOR_PROGRAMS.store(true, Ordering::SeqCst);
}

/// Prints a line to the person.
pub(crate) fn say(line: &str) {
    if FOR_PROGRAMS.load(Ordering::SeqCst) {
        eprintln!("{line}");
    } else {
        println!("{line}");
    }
}

/// Prints a line to the program that reads.
pub(crate) fn print(line: &str) {
    println!("{line}");
}

/// The workspace's root folder.
///
/// As cargo says at run time: with a target folder shared by several checkouts the program may have been compiled in another.
pub(crate) fn root() -> PathBuf {
    let own =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    own.parent().unwrap_or(&own).to_path_buf()
}

/// Cargo's target folder.
pub(crate) fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A program in the workspace's root, with its output shown and nothing to read.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    if FOR_PROGRAMS.load(Ordering::SeqCst) {
        command.stdout(std::io::stderr());
    }
    command
}

/// The cargo that runs this task.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    if FOR_PROGRAMS.load(Ordering::SeqCst) {
        command.stdout(std::io::stderr());
    }
    command
}

/// Runs a command to its end; a non-zero exit is a failure that names the command.
pub(crate) fn finish(command: &mut Command) -> Done {
    let status = command.status().map_err(|error| Failure::new(format!("{}: {error}", shown(command))))?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("{}: {status}", shown(command)))) }
}

/// Whether a command can be started and succeeds; what it prints is dropped.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Whether a program of this name is on the search path.
pub(crate) fn on_path(program: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

fn shown(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).collect();
    words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// `cargo xtask bench --json` had apt's lines among its rows.
    #[test]
    fn what_other_programs_print_is_not_among_what_a_program_reads() {
        let this = env::current_exe().unwrap();
        let child = ["--exact", "command::tests::child", "--ignored", "--nocapture"];
        let output = Command::new(this).args(child).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && out.contains("a row"), "{out}{err}");
        assert!(!out.contains("Reading package lists") && err.contains("Reading package lists"), "{out}{err}");
        assert!(!out.contains("Installing") && err.contains("Installing"), "{out}{err}");
    }

    #[test]
    #[ignore = "run by what_other_programs_print_is_not_among_what_a_program_reads"]
    fn child() {
        output_is_for_programs();
        say("Installing python3-lxml");
        finish(&mut command("sh", &["-c", "echo Reading package lists"])).unwrap();
        print("a row");
    }
}
