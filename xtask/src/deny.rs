//! `cargo xtask deny`: licences, sources, bans and known vulnerabilities of every dependency, by cargo-deny.
//!
//! Not a stage of `cargo xtask test`: cargo-deny is a program of two hundred crates that is compiled first, and its answer
//! changes with the dependencies and with the advisories, not with our code.

use crate::command::{Done, Failure, cargo, command, finish, say, target};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The version that `deny.toml` is written for. Since 0.19.1 it starts `git` instead of bringing one, which halves it.
const CARGO_DENY: &str = "0.20.2";
/// Where the advisories are published; a Git repository, which not every machine may reach.
const ADVISORIES: &str = "https://github.com/rustsec/advisory-db";

/// Checks the dependencies.
///
/// # Errors
/// When cargo-deny finds something, or cannot be had.
pub(crate) fn deny() -> Done {
    let program = program()?;
    check(&program, &["licenses", "bans", "sources"])?;
    if reachable() {
        check(&program, &["advisories"])
    } else {
        say(&format!("advisories and yanked versions: NOT checked, because {ADVISORIES} cannot be reached from here"));
        Ok(())
    }
}

fn check(program: &Path, what: &[&str]) -> Done {
    finish(command(&program.to_string_lossy(), &["--workspace", "check"]).args(what))
}

fn reachable() -> bool {
    let mut listing = command("git", &["ls-remote", "--exit-code", ADVISORIES, "HEAD"]);
    listing.env("GIT_TERMINAL_PROMPT", "0").stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    listing.status().is_ok_and(|status| status.success())
}

/// cargo-deny, built on first use.
fn program() -> Result<PathBuf, Failure> {
    let tools = target().join("tools");
    let program = tools.join("bin/cargo-deny");
    if !program.exists() {
        say("Building cargo-deny, once; this takes minutes.");
        fs::create_dir_all(&tools).map_err(|error| Failure::new(format!("{}: {error}", tools.display())))?;
        finish(
            cargo(&["install", "cargo-deny", "--version", CARGO_DENY, "--locked", "--quiet", "--debug", "--root"])
                .arg(&tools)
                // It runs for seconds, and its release profile compiles for twenty minutes.
                .env("CARGO_PROFILE_DEV_DEBUG", "false")
                // Outside the workspace, or cargo would take its settings for the tool's.
                .current_dir(std::env::temp_dir())
                .env("CARGO_TARGET_DIR", tools.join("build")),
        )?;
    }
    Ok(program)
}
