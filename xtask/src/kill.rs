//! `cargo xtask kill`: kill -9 of a filing program, at every boundary of the journal and at many random moments.
//!
//! The work is done by tests of `filing` (`tests/office/crash.rs`, `tests/office/kill.rs`); the daily run takes a few kills
//! of each kind, this one as many as it is told.

use crate::{
    command::{Done, Failure, cargo, finish, say},
    test::FEATURES,
};

/// Kills at random moments when nobody says how many.
const TIMES: &str = "500";

/// Runs both and prints the figures.
///
/// # Errors
/// When a filing was not delivered exactly once, or its receipt is not in an archive that verifies.
pub(crate) fn kill(arguments: &[&str]) -> Done {
    let times = match arguments {
        [] => TIMES,
        ["--times", times] if times.parse::<u32>().is_ok() => times,
        _ => return Err(Failure::new("cargo xtask kill [--times N]")),
    };
    let test = |name: &str, more: &[&str]| {
        let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--test", "office", "--", "--exact"]);
        finish(command.args([name, "--nocapture"]).args(more).env("MOMSBUD_KILLS", times))
    };
    say("kill -9 at every boundary of the journal");
    test("crash::killed_at_every_boundary_a_filing_arrives_once", &[])?;
    test("crash::killed_twice_on_the_way_a_filing_arrives_once", &[])?;
    say(&format!("kill -9 at {times} random moments"));
    test("kill::many_times", &["--ignored"])
}
