//! `cargo xtask faults`: every status and every broken answer at every call of a filing, before delivery and after it.
//!
//! The work is done by a test of `office` (`tests/office/matrix.rs`); the daily run takes a sample of it.

use crate::command::{Done, Failure, cargo, finish};

/// Linux's disk in memory.
const MEMORY: &str = "/dev/shm";

/// Runs all cases, or so many of them, from a seed.
///
/// # Errors
/// A word that is none, or a case that does not hold.
pub(crate) fn faults(arguments: &[&str]) -> Done {
    let mut run = cargo(&["test", "--package", "office", "--test", "office", "--"]);
    run.args(["--exact", "matrix::all_faults_at_every_call", "--ignored", "--nocapture"]);
    // Thousands of filings: where there is a disk in memory they need not wait for the other one.
    if std::path::Path::new(MEMORY).is_dir() {
        run.env("TMPDIR", MEMORY);
    }
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let variable = match *word {
            "--times" => "FAULTS",
            "--seed" => "FAULTS_SEED",
            "--at-once" => "FAULTS_AT_ONCE",
            "--call" => "FAULTS_CALL",
            "--kind" => "FAULTS_KIND",
            _ => {
                let usage = "cargo xtask faults [--times N] [--seed N] [--at-once N] [--call NAME] [--kind NAME]";
                return Err(Failure::new(usage));
            }
        };
        let value = words.next().filter(|value| matches!(*word, "--call" | "--kind") || value.parse::<u64>().is_ok());
        let value =
            value.ok_or_else(|| Failure::new(format!("{word} takes a number, or the name of a call or a fault")))?;
        run.env(variable, value);
    }
    finish(&mut run)
}
