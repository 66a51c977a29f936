//! The program with its window, beside an empty window of the same making.

use super::{Rows, left_out, measured, own, row::Row, symbols};
use crate::{
    command::{Done, Failure, cargo, command, finish, root, target},
    needs::{self, Purpose},
    node, test,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

/// The programs, built for release.
pub(super) struct Programs {
    pub(super) momsbud: PathBuf,
    pub(super) cli: PathBuf,
    pub(super) empty: PathBuf,
}

/// Process start to window usable.
pub(super) fn startup() -> Rows {
    beside_the_empty_window("tests/window/startup.mjs")
}

/// Memory of all processes at rest.
pub(super) fn memory() -> Rows {
    beside_the_empty_window("tests/window/memory.mjs")
}

/// Processor time while nobody uses it: shown, minimised, in the tray.
pub(super) fn idle() -> Rows {
    let Programs { momsbud, cli, empty } = programs()?;
    measured(node::node(&["tests/window/idle.mjs"]).arg(momsbud).arg(empty).arg(cli))
}

/// How long the tray is watched, in seconds, when not ten minutes.
const TRAY_SECONDS: &str = "MOMSBUD_TRAY_SECONDS";

/// Processor and memory of the program while it waits in the tray, hidden.
pub(super) fn tray() -> Rows {
    let seconds = std::env::var(TRAY_SECONDS).unwrap_or_else(|_| "600".to_owned());
    measured(node::node(&["tests/window/tray.mjs"]).arg(programs()?.momsbud).arg(seconds))
}

/// Runs a script that starts both on a virtual desktop: its arguments are the two programs.
pub(super) fn beside_the_empty_window(script: &str) -> Rows {
    let programs = programs()?;
    measured(node::node(&[script]).arg(programs.momsbud).arg(programs.empty))
}

/// Whether this run has built them: the page is written anew each time, and that alone costs minutes of linking.
static BUILT: AtomicBool = AtomicBool::new(false);

/// Builds the programs, unless this run has.
pub(super) fn programs() -> Result<Programs, Failure> {
    if !BUILT.load(Ordering::Relaxed) {
        build()?;
        BUILT.store(true, Ordering::Relaxed);
    }
    let release = target().join("release");
    Ok(Programs {
        momsbud: release.join("momsbud"),
        cli: release.join("momsbud-cli"),
        empty: release.join("empty-window"),
    })
}

fn build() -> Done {
    needs::install(Purpose::VirtualDesktop)?;
    node::install_ui()?;
    node::install_window_tests()?;
    node::npm_quietly(&["run", "build"])?;
    // Together, as they are packed: alone, the command line's dependencies would be compiled once more for fewer features.
    let mut build = cargo(&["build", "--release", "--package", "momsbud", "--package", "cli", "--bins"]);
    finish(build.args(["--features", test::FEATURES]))?;
    let folder = root().join("xtask/empty-window");
    node::npm_quietly(&["exec", "--", "vite", "build", "--config", "xtask/empty-window/ui/vite.config.mjs"])?;
    // The same versions on both sides: cargo drops from the copy what the empty window does not use.
    copy(&root().join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let manifest = folder.join("Cargo.toml");
    finish(cargo(&["build", "--release", "--manifest-path"]).arg(manifest).env("CARGO_TARGET_DIR", target()))
}

/// Size of program and installer.
pub(super) fn size() -> Rows {
    let programs = programs()?;
    let biggest = symbols::biggest(&programs.momsbud)?;
    let mut rows = vec![compared("program on disk", &programs.momsbud, &programs.empty, &biggest)?];
    match (installer(&root()), installer(&root().join("xtask/empty-window"))) {
        (Ok(ours), Ok(theirs)) => rows.push(compared("installer (deb)", &ours, &theirs, "")?),
        (Err(failure), _) | (_, Err(failure)) => left_out(&format!("the size of the installers: {failure}"))?,
    }
    Ok(rows)
}

fn compared(name: &str, ours: &Path, theirs: &Path, note: &str) -> Result<Row, Failure> {
    let megabytes = |path: &Path| -> Result<f64, Failure> {
        let size = fs::metadata(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))?.len();
        #[expect(clippy::cast_precision_loss, reason = "no program is that large")]
        Ok(size as f64 / 1e6)
    };
    let (ours, theirs) = (megabytes(ours)?, megabytes(theirs)?);
    own(&format!("row\tname={name}\tagainst=empty window\tunit=MB\tours={ours}\ttheirs={theirs}\tnote={note}"))
}

/// Packs a program that is built as a Debian package, and says where it lies.
fn installer(project: &Path) -> Result<PathBuf, Failure> {
    let bundles = target().join("release/bundle/deb");
    let before = packages(&bundles);
    for old in &before {
        fs::remove_file(old).map_err(|error| Failure::new(format!("{}: {error}", old.display())))?;
    }
    // Tauri's tool writes the manifest in its own way, also where nothing is changed.
    let manifest = project.join("Cargo.toml");
    let said = |error: std::io::Error| Failure::new(format!("{}: {error}", manifest.display()));
    let as_it_was = fs::read(&manifest).map_err(said)?;
    let tauri = root().join("node_modules/.bin/tauri");
    let mut pack = command(&tauri.to_string_lossy(), &["bundle", "--bundles", "deb"]);
    let packed =
        finish(pack.current_dir(project).env("CARGO_TARGET_DIR", target()).stdout(std::process::Stdio::null()));
    fs::write(&manifest, as_it_was).map_err(said)?;
    packed?;
    let made = packages(&bundles).into_iter().next();
    let made = made.ok_or_else(|| Failure::new(format!("no package in {}", bundles.display())))?;
    // The next project's takes the folder over.
    let kept = target().join("release").join(made.file_name().unwrap_or_default());
    fs::rename(&made, &kept).map_err(|error| Failure::new(format!("{}: {error}", made.display())))?;
    Ok(kept)
}

fn packages(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "deb")).collect()
}

fn copy(from: &Path, to: &Path) -> Done {
    fs::copy(from, to).map(drop).map_err(|error| Failure::new(format!("{}: {error}", to.display())))
}
