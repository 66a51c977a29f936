//! `cargo xtask kill`: kill -9 of a filing program, at every boundary of the journal and at many random moments.
//!
//! The work is done by tests of `office` (`tests/office/crash.rs`, `tests/office/kill.rs`) and of the command line
//! (`tests/commands/resume.rs`); the daily run takes a few kills of each kind, this one as many as it is told.

use crate::{
    command::{Done, Failure, cargo, finish, say},
    test::FEATURES,
};

/// Kills at random moments when nobody says how many.
const TIMES: &str = "500";

/// Kills while a receipt is waited for when nobody says how many.
const RECEIPTS: &str = "200";

/// Runs them and prints the figures; with `--receipts`, only the kills while a receipt is waited for.
///
/// # Errors
/// When a filing was not delivered exactly once, or its receipt is not in an archive that verifies.
pub(crate) fn kill(arguments: &[&str]) -> Done {
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    let times = match arguments {
        [] => TIMES,
        ["--times", times] if is_number(times) => times,
        ["--receipts"] => return receipts(RECEIPTS),
        ["--receipts", times] if is_number(times) => return receipts(times),
        _ => return Err(Failure::new("cargo xtask kill [--times N | --receipts [N]]")),
    };
    let test = |name: &str, more: &[&str]| {
        let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--test", "office", "--", "--exact"]);
        finish(command.args([name, "--nocapture"]).args(more).env("MOMSBUD_KILLS", times))
    };
    say("kill -9 at every boundary of the journal");
    test("crash::killed_at_every_boundary_a_filing_arrives_once", &[])?;
    test("crash::killed_twice_on_the_way_a_filing_arrives_once", &[])?;
    say(&format!("kill -9 at {times} random moments"));
    test("kill::many_times", &["--ignored"])?;
    receipts(RECEIPTS)
}

/// kill -9 of a command that waits for its receipt, which the next command must fetch.
fn receipts(times: &str) -> Done {
    say(&format!("kill -9 at {times} moments while a receipt is waited for"));
    let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--test", "commands", "--", "--exact"]);
    let test = "resume::killed_many_times_while_it_waits";
    finish(command.args([test, "--nocapture", "--ignored"]).env("MOMSBUD_KILLS", times))
}
