//! The history: its database beside SQLite's shell, and a keystroke in its search over many filings beside few.

use super::{Rows, left_out, measured, window};
use crate::{
    command::{cargo, finish, on_path, target},
    node,
};

/// Opening, searching and leafing, without a window.
pub(super) fn history() -> Rows {
    if !on_path("sqlite3") {
        left_out("the history: sqlite3, beside which it is measured, is not installed")?;
        return Ok(Vec::new());
    }
    measured(&mut cargo(&["run", "--release", "--package", "office", "--example", "bench_history"]))
}

/// From a key in the search until its answer is painted, in the real window of a release build.
pub(super) fn keystroke() -> Rows {
    let momsbud = window::programs()?.momsbud;
    finish(&mut cargo(&["build", "--release", "--package", "office", "--example", "bench_history"]))?;
    let (filler, driver) = (target().join("release/examples/bench_history"), node::tauri_driver()?);
    measured(node::node(&["tests/window/keystroke.mjs"]).arg(momsbud).arg(filler).env("MOMSBUD_TAURI_DRIVER", driver))
}
