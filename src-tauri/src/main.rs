//! The desktop program.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]
// A console window beside a desktop program is noise on Windows.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(windows)]
    if is_command_line() {
        return cli::main();
    }
    match momsbud::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            momsbud::show_error(&error);
            ExitCode::FAILURE
        }
    }
}

/// Whether this is the command line: what Windows' installers bring is one library, which both of their programs start
/// (`packaging/windows/program.c`). The name of the program decides, so that no link, no file and no argument can; a name in DOS's
/// short form is taken for the long one.
#[cfg(windows)]
fn is_command_line() -> bool {
    std::env::current_exe().is_ok_and(|program| {
        let program = std::fs::canonicalize(&program).unwrap_or(program);
        program.file_stem().is_some_and(|name| name.eq_ignore_ascii_case("momsbud-cli"))
    })
}
