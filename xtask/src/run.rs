//! `cargo xtask run`: from a checkout to the window.

use crate::{
    command::{Done, Failure, finish, root},
    needs::{self, Purpose},
    node, test,
};
use std::{env, process::Command};

/// Builds the program and opens it; without a display, on a virtual one, where it files a sample return.
pub(crate) fn run(arguments: &[&str]) -> Done {
    let display = cfg!(not(target_os = "linux")) || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| set(name));
    needs::install(if display { Purpose::Build } else { Purpose::VirtualDesktop })?;
    node::install_ui()?;
    node::npm(&["run", "build"])?;
    let program = test::build_program()?;
    if display {
        return finish(Command::new(program).args(arguments));
    }
    if !arguments.is_empty() {
        return Err(Failure::new("Arguments are for the window, and there is no display for it."));
    }
    node::install_window_tests()?;
    let driver = node::tauri_driver()?;
    finish(
        node::node(&["tests/window/showcase.mjs"])
            .env("MOMSBUD_PROGRAM", program)
            .env("MOMSBUD_TAURI_DRIVER", driver)
            .env("MOMSBUD_ARTIFACTS", root().join("artifacts/run")),
    )
}

fn set(name: &str) -> bool {
    env::var_os(name).is_some_and(|value| !value.is_empty())
}
