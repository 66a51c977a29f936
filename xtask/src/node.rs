//! Node's part: packages, the window's content, and the driver of the window tests.

use crate::command::{Done, Failure, cargo, command, finish, root, say, target};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The version of tauri-driver that the window tests are written for.
const TAURI_DRIVER: &str = "2.1.0";

/// Folders with a package-lock.json of their own, besides the root.
const FOLDERS: &[&str] = &["tests/window", "crates/id-porten/tests/oidc-provider"];

/// npm in the workspace's root.
pub(crate) fn npm(arguments: &[&str]) -> Done {
    finish(&mut command(npm_program(), arguments))
}

/// npm in the workspace's root; what it prints goes where the errors go, so that a measured row stands alone.
pub(crate) fn npm_quietly(arguments: &[&str]) -> Done {
    finish(command(npm_program(), arguments).stdout(std::io::stderr()))
}

/// Node in the workspace's root.
pub(crate) fn node(arguments: &[&str]) -> Command {
    command("node", arguments)
}

/// Installs the packages of the window's content.
pub(crate) fn install_ui() -> Done {
    install(&root())
}

/// Installs the packages of the window tests.
pub(crate) fn install_window_tests() -> Done {
    install(&root().join("tests/window"))
}

/// Installs all packages that anything in the repository needs.
pub(crate) fn install_all() -> Done {
    install_ui()?;
    FOLDERS.iter().map(|folder| root().join(folder)).filter(|folder| folder.exists()).try_for_each(|f| install(&f))
}

/// `npm ci`, unless exactly this lock file has been installed here already.
fn install(folder: &Path) -> Done {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).map_err(|error| Failure::new(format!("{}: {error}", lock.display())))?;
    let stamp = folder.join("node_modules/.momsbud-installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    say(&format!("npm ci in {}", folder.display()));
    finish(command(npm_program(), &["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    fs::write(&stamp, wanted).map_err(|error| Failure::new(format!("{}: {error}", stamp.display())))
}

/// Where tauri-driver is, built on first use.
///
/// # Errors
/// When cargo cannot install it.
pub(crate) fn tauri_driver() -> Result<PathBuf, Failure> {
    let tools = target().join("tools");
    let driver = tools.join("bin/tauri-driver");
    if !driver.exists() {
        finish(
            cargo(&["install", "tauri-driver", "--version", TAURI_DRIVER, "--locked", "--quiet", "--root"])
                .arg(&tools)
                // Outside the workspace, or cargo would take its settings for the tool's.
                .current_dir(std::env::temp_dir())
                .env("CARGO_TARGET_DIR", tools.join("build")),
        )?;
    }
    Ok(driver)
}

fn npm_program() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}
