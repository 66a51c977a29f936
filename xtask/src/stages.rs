//! A row of stages: each is announced, timed and survived, and the sum stands at the end.

use crate::command::{Done, say};
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};

/// One stage: its name and what it does.
pub(crate) struct Stage {
    pub(crate) name: &'static str,
    pub(crate) work: fn() -> Done,
}

/// Runs the stages in order, all of them whatever fails, and prints how each one went.
///
/// The last line is `N passed, N failed`.
pub(crate) fn run(stages: &[&Stage]) -> ExitCode {
    let begun = Instant::now();
    let mut results = Vec::new();
    for stage in stages {
        say(&format!("\n=== {} ===", stage.name));
        let start = Instant::now();
        let done = (stage.work)();
        let took = start.elapsed();
        match &done {
            Ok(()) => say(&format!("=== {}: ok, {} ===", stage.name, in_words(took))),
            Err(failure) => say(&format!("=== {}: FAILED, {}\n{failure}", stage.name, in_words(took))),
        }
        results.push((stage.name, took, done));
    }
    say(&format!("\nAll stages, {}:", in_words(begun.elapsed())));
    for (name, took, done) in &results {
        let word = if done.is_ok() { "ok" } else { "FAILED" };
        say(&format!("  {word:6} {:>8}  {name}", in_words(*took)));
    }
    let failed = results.iter().filter(|(_, _, done)| done.is_err()).count();
    say(&format!("{} passed, {failed} failed", results.len() - failed));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn in_words(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} m {:02} s", seconds / 60, seconds % 60)
    }
}
