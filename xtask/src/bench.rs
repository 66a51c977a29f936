//! `cargo xtask bench`: figures, each measured against something in the same run.

use crate::{
    command::{Done, Failure, cargo, finish, root, target},
    needs::{self, Purpose},
    node, test,
};
use std::{fs, path::Path};

struct Bench {
    name: &'static str,
    about: &'static str,
    work: fn() -> Done,
}

const BENCHES: &[Bench] = &[
    Bench { name: "check", about: "checking returns, against its budget", work: check },
    Bench {
        name: "startup",
        about: "the window's start, against an empty Tauri window with the same UI library",
        work: startup,
    },
];

/// Runs the bench named.
///
/// # Errors
/// When there is none of that name, or a figure is over its limit.
pub(crate) fn bench(names: &[&str]) -> Done {
    if let [name] = names
        && let Some(bench) = BENCHES.iter().find(|bench| bench.name == *name)
    {
        return (bench.work)();
    }
    let list: Vec<String> = BENCHES.iter().map(|bench| format!("  {:10}{}", bench.name, bench.about)).collect();
    Err(Failure::new(format!("cargo xtask bench NAME, where NAME is one of\n{}", list.join("\n"))))
}

fn check() -> Done {
    finish(&mut cargo(&["run", "--release", "--package", "vat-return", "--example", "bench_check"]))
}

fn startup() -> Done {
    needs::install(Purpose::VirtualDesktop)?;
    node::install_ui()?;
    node::install_window_tests()?;
    node::npm(&["run", "build"])?;
    finish(&mut cargo(&["build", "--release", "--package", "momsbud", "--features", test::FEATURES]))?;
    let folder = root().join("xtask/empty-window");
    node::npm(&["exec", "--", "vite", "build", "--config", "xtask/empty-window/ui/vite.config.mjs"])?;
    // The same versions on both sides: cargo drops from the copy what the empty window does not use.
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let manifest = folder.join("Cargo.toml");
    finish(cargo(&["build", "--release", "--manifest-path"]).arg(manifest).env("CARGO_TARGET_DIR", target()))?;
    let release = target().join("release");
    finish(node::node(&["tests/window/startup.mjs"]).arg(release.join("momsbud")).arg(release.join("empty-window")))
}

fn copy(from: &Path, to: &Path) -> Done {
    fs::copy(from, to).map(drop).map_err(|error| Failure::new(format!("{}: {error}", to.display())))
}
