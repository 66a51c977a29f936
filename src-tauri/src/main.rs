//! The desktop program.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]
// A console window beside a desktop program is noise on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    match momsbud::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            momsbud::show_error(&error);
            ExitCode::FAILURE
        }
    }
}
