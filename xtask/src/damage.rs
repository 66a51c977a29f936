//! `cargo xtask damage`: random damage to database and log of a filing program, between every two steps.
//!
//! The work is done by tests of `office` (`tests/office/damage.rs`, `rows.rs`); the daily run takes a few damages, the same every
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
    let office = |name: &str, more: &[&str]| {
        let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--test", "office", "--", "--exact"]);
        finish(command.args([name, "--nocapture"]).args(more).env("MOMSBUD_DAMAGES", times))
    };
    say("a bad text in every column of every table");
    office("rows::a_bad_text_in_any_column_stops_nothing", &["--ignored"])?;
    say(&format!("{times} damages between every two steps of a filing"));
    office("damage::whatever_is_damaged_nothing_is_lost_and_nothing_delivered_twice", &[])
}
