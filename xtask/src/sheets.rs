//! `cargo xtask sheets`: what takes too long for every run of the drafts' tests.
//!
//! Twenty thousand random returns through a draft and through spreadsheets, two hundred kills in the middle of typing, a
//! million rows, and LibreOffice, whose installation alone takes a bare machine minutes.

use crate::{
    command::{Done, Failure, cargo, finish, say},
    needs,
    test::FEATURES,
};
use std::process::Command;

/// Random returns when nobody says how many.
const RETURNS: &str = "20000";
/// Kills in the middle of typing.
const KILLS: &str = "200";

/// Runs them.
///
/// # Errors
/// When a return came back otherwise, or a change that was kept was lost.
pub(crate) fn sheets(arguments: &[&str]) -> Done {
    let returns = match arguments {
        [] => RETURNS,
        ["--returns", returns] if returns.parse::<u32>().is_ok() => returns,
        _ => return Err(Failure::new("cargo xtask sheets [--returns N]")),
    };
    needs::install(needs::Purpose::Sheets)?;
    let run = |mut command: Command, rest: &[&str]| {
        command.args(["--", "--nocapture"]).args(rest).env("MOMSBUD_RETURNS", returns).env("MOMSBUD_KILLS", KILLS);
        finish(&mut command)
    };
    let test = |package: &str, test: &str, rest: &[&str]| {
        run(cargo(&["test", "--workspace", "--features", FEATURES, "--package", package, "--test", test]), rest)
    };
    say(&format!("{returns} random returns through drafts and spreadsheets"));
    // Packing and unpacking that many workbooks takes half an hour without optimisation.
    run(cargo(&["test", "--release", "--package", "drafts", "--test", "round_trip"]), &[])?;
    test("drafts", "sheets", &[])?;
    say("LibreOffice");
    test("drafts", "office_suite", &["--ignored"])?;
    say(&format!("kill -9 at {KILLS} moments of typing"));
    test("office", "office", &["--exact", "drafts_kept::killed_while_it_is_typed_a_draft_has_all_that_was_kept"])
}
