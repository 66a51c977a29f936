//! `cargo xtask desks`: a firm of many desks with one office register, while everything around them fails.
//!
//! The work is done by a test of the command line (`crates/cli/tests/commands/many_desks.rs`); the daily run takes four desks, this
//! one as many as it is told, with an optimised program.

use crate::{
    command::{Done, Failure, cargo, finish, say},
    test::FEATURES,
};

/// Each figure: its option, the variable that tells the test, and what it is when nobody says.
const FIGURES: [(&str, &str, &str); 4] = [
    ("--desks", "MOMSBUD_DESKS", "50"),
    ("--companies", "MOMSBUD_COMPANIES", "2000"),
    ("--filings", "MOMSBUD_FILINGS", "5000"),
    ("--seed", "MOMSBUD_SEED", "20261130"),
];

/// Runs it and prints how long it took and what died on the way.
///
/// # Errors
/// When a period was not delivered exactly once by the authorities' log, a receipt is missing, or an archive does not verify.
pub(crate) fn desks(arguments: &[&str]) -> Done {
    let mut figures = FIGURES.map(|(_, variable, usual)| (variable, usual.to_owned()));
    let mut rest = arguments.iter();
    while let Some(option) = rest.next() {
        let place = FIGURES.iter().position(|(name, ..)| name == option);
        let number = rest.next().filter(|text| text.parse::<u32>().is_ok_and(|number| number > 0));
        match (place.and_then(|place| figures.get_mut(place)), number) {
            (Some(figure), Some(number)) => figure.1 = (*number).to_owned(),
            _ => {
                let usage = "cargo xtask desks [--desks N] [--companies N] [--filings N] [--seed N]";
                return Err(Failure::new(usage));
            }
        }
    }
    let all: Vec<String> = figures.iter().map(|(variable, figure)| format!("{variable}={figure}")).collect();
    say(&format!("a firm at work: {}", all.join(" ")));
    let mut command = cargo(&["test", "--release", "--workspace", "--features", FEATURES, "--test", "commands", "--"]);
    finish(
        command
            .args(["--exact", "many_desks::a_firm_files_every_period_once_whatever_dies", "--nocapture"])
            .envs(figures),
    )
}
