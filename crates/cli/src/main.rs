//! `momsbud-cli`, where it is a program of its own.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
