//! `cargo xtask damage`: random damage to database and log of a filing program, between every two steps.
//!
//! The work is done by a test of `filing` (`tests/office/damage.rs`); the daily run takes a few damages, the same every
//! time, this one as many as it is told.

use crate::{
    command::{Done, Failure, cargo, finish, say},
    test::FEATURES,
};

/// Damages when nobody says how many.
const TIMES: &str = "2000";

/// Runs them and prints the figures.
///
/// # Errors
/// When the program does not start, does not know the delivered filing, or delivers it again.
pub(crate) fn damage(arguments: &[&str]) -> Done {
    let times = match arguments {
        [] => TIMES,
        ["--times", times] if times.parse::<u32>().is_ok() => times,
        _ => return Err(Failure::new("cargo xtask damage [--times N]")),
    };
    say(&format!("{times} damages between every two steps of a filing"));
    let name = "damage::whatever_is_damaged_nothing_is_lost_and_nothing_delivered_twice";
    let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--test", "office", "--", "--exact"]);
    finish(command.args([name, "--nocapture"]).env("MOMSBUD_DAMAGES", times))
}
