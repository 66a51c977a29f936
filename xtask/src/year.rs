//! `cargo xtask year`: a simulated year of reminders, as many times as wanted, each from another seed.
//!
//! The work is done by a test of `reminders` (`src/tests/year.rs`), of which the daily run takes one year.

use crate::{
    command::{Done, Failure, cargo, finish},
    test::FEATURES,
};

/// Years when nobody says how many.
const YEARS: &str = "20";

/// Plays them and prints how many reminders each had.
///
/// # Errors
/// When a reminder was missing, told twice, or told wrongly; the seed is in the message.
pub(crate) fn year(arguments: &[&str]) -> Done {
    let years = match arguments {
        [] => YEARS,
        ["--times", years] if years.parse::<u32>().is_ok() => years,
        _ => return Err(Failure::new("cargo xtask year [--times N]")),
    };
    let mut command = cargo(&["test", "--workspace", "--features", FEATURES, "--package", "reminders", "--lib", "--"]);
    let test = "tests::year::a_year_tells_every_reminder_once_and_none_wrong";
    finish(command.args(["--exact", test, "--nocapture"]).env("MOMSBUD_YEARS", years))
}
