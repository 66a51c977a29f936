//! `cargo xtask test`: everything that must hold, from a bare checkout on a bare machine.

use crate::{
    command::{Done, Failure, cargo, command, finish, on_path, root, say, target},
    needs::{self, Purpose},
    node,
    stages::{self, Stage},
};
use std::{
    fs,
    path::PathBuf,
    process::{Command, ExitCode, Stdio},
    sync::Mutex,
    thread,
};

/// The program with its content inside. Every cargo stage has the same features, so that nothing is compiled twice.
pub(crate) const FEATURES: &str = "tauri/custom-protocol";

/// Window tests that run side by side.
const AT_ONCE: usize = 2;

/// Window tests that ask nothing of the web view itself, and so are gone through in Chromium as well.
const IN_CHROMIUM: &[&str] =
    &["attachments.test.mjs", "books.test.mjs", "filing.test.mjs", "payment.test.mjs", "verdict.test.mjs"];

/// Crates with fuzz targets.
const FUZZED: [&str; 5] = ["vat-return", "saf-t", "files", "office", "drafts"];

/// The window's types, made of the Rust ones.
pub(crate) const BINDINGS: &str = "ui/src/bindings.ts";

/// What is quick comes first; what needs the program comes after it is built.
const STAGES: &[Stage] = &[
    Stage { name: "system", work: || needs::install(Purpose::Test) },
    Stage { name: "packages", work: packages },
    Stage { name: "format", work: || finish(&mut cargo(&["fmt", "--all", "--check"])) },
    Stage { name: "ui-lint", work: || node::npm(&["run", "lint"]) },
    Stage { name: "window-types", work: || node::npm(&["exec", "--", "tsc", "--project", "tests/window"]) },
    Stage { name: "ui-tests", work: || node::npm(&["test"]) },
    Stage { name: "ui-axe", work: || node::npm(&["run", "test:axe"]) },
    Stage { name: "ui-layout", work: || node::npm(&["run", "test:layout"]) },
    Stage { name: "ui-build", work: || node::npm(&["run", "build"]) },
    Stage { name: "clippy", work: clippy },
    Stage { name: "rust-tests", work: rust_tests },
    Stage { name: "doc-tests", work: doc_tests },
    Stage { name: "bindings", work: check_bindings },
    Stage { name: "fuzz-targets", work: fuzz_targets },
    Stage { name: "program", work: || build_program().map(drop) },
    Stage { name: "saft-oracle", work: saft_oracle },
    Stage { name: "window", work: window },
];

/// What only runs when it is named: it takes longer than a change can wait for.
const NAMED: &[Stage] = &[Stage { name: "chromium", work: chromium }];

/// Runs all of [`STAGES`], or those named.
pub(crate) fn test(names: &[&str]) -> ExitCode {
    let known = || STAGES.iter().chain(NAMED);
    if names == ["--list"] {
        known().for_each(|stage| say(stage.name));
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = names.iter().find(|name| !known().any(|stage| stage.name == **name)) {
        say(&format!("There is no stage {unknown}; cargo xtask test --list names them."));
        return ExitCode::FAILURE;
    }
    let chosen: Vec<&Stage> = match names {
        [] => STAGES.iter().collect(),
        names => known().filter(|stage| names.contains(&stage.name)).collect(),
    };
    stages::run(&chosen)
}

/// What npm and cargo fetch, so that no test waits for a network.
fn packages() -> Done {
    node::install_all()?;
    finish(&mut cargo(&["fetch", "--locked"]))
}

/// Builds the debug program and says where it lies.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_program() -> Result<PathBuf, Failure> {
    finish(&mut cargo(&["build", "--workspace", "--bins", "--features", FEATURES]))?;
    Ok(target().join("debug/momsbud"))
}

/// Writes the window's types from the Rust ones.
pub(crate) fn write_bindings() -> Done {
    export(BINDINGS)
}

/// Fails when the window's types are not what the Rust ones make of them.
pub(crate) fn check_bindings() -> Done {
    let fresh = target().join("bindings-check.ts");
    export(&fresh.to_string_lossy())?;
    let read = |path: &PathBuf| fs::read(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())));
    if read(&fresh)? == read(&root().join(BINDINGS))? {
        Ok(())
    } else {
        Err(Failure::new(format!("{BINDINGS} is stale: cargo xtask bindings writes it anew")))
    }
}

fn export(file: &str) -> Done {
    finish(&mut cargo(&["build", "--workspace", "--example", "bindings", "--features", FEATURES]))?;
    let exporter = target().join("debug/examples/bindings");
    finish(&mut command(&exporter.to_string_lossy(), &[file]))
}

fn clippy() -> Done {
    let what = ["clippy", "--workspace", "--all-targets", "--features", FEATURES];
    finish(cargo(&what).args(["--", "--deny", "warnings"]))
}

fn rust_tests() -> Done {
    let run: &[&str] = if on_path("cargo-nextest") {
        &["nextest", "run", "--no-fail-fast"]
    } else {
        &["test", "--no-fail-fast", "--lib", "--bins", "--tests", "--examples"]
    };
    finish(cargo(run).args(["--workspace", "--features", FEATURES]).env(WITHOUT, without()))
}

/// Names what a test needs and may be run without; in CI it fails otherwise (`tests/support/needed.rs`).
const WITHOUT: &str = "MOMSBUD_WITHOUT";

/// What nobody can install on this machine is named, so that no test is left out without a word.
fn without() -> String {
    let mut named = std::env::var(WITHOUT).unwrap_or_default();
    if !mounts_disks() {
        say("No disk can be mounted here (it takes root): tests of full and read-only disks are left out.");
        named.push_str(",disk");
    }
    named
}

fn mounts_disks() -> bool {
    let at = target().join("mounted");
    let quietly = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).arg(&at).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    fs::create_dir_all(&at).is_ok()
        && quietly("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs"])
        && quietly("umount", &[])
}

fn doc_tests() -> Done {
    finish(&mut cargo(&["test", "--doc", "--workspace", "--features", FEATURES]))
}

/// That the fuzz targets compile; running them is a matter of hours and of another day.
fn fuzz_targets() -> Done {
    for manifest in FUZZED.map(|of| format!("crates/{of}/fuzz/Cargo.toml")) {
        finish(&mut cargo(&["check", "--manifest-path", &manifest, "--bins"]))?;
    }
    Ok(())
}

/// Returns from random ledgers, against an independent reading of the same files in Python.
fn saft_oracle() -> Done {
    let oracle = root().join("crates/books/tests/oracle/oracle.py");
    let program = target().join("debug/momsbud-cli");
    let (oracle, program) = (oracle.to_string_lossy(), program.to_string_lossy());
    finish(&mut command("/usr/bin/python3", &[&oracle, &program, "2000", "20"]))
}

/// The real window on a virtual desktop.
fn window() -> Done {
    let tests = root().join("tests/window");
    let mut files: Vec<String> = fs::read_dir(&tests)
        .and_then(|entries| entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect())
        .map_err(|error| Failure::new(format!("{}: {error}", tests.display())))?;
    files.retain(|file| file.ends_with(".test.mjs"));
    files.sort();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    on_desktops(&files, None)
}

/// Whole journeys with the window's content in the engine that Windows draws it with, and the real shell behind it.
fn chromium() -> Done {
    on_desktops(IN_CHROMIUM, Some("chromium"))
}

/// Runs files of window tests, each on a desktop of its own; in another engine than the system's, if one is named.
fn on_desktops(files: &[&str], engine: Option<&str>) -> Done {
    let program = target().join("debug/momsbud");
    let driver = node::tauri_driver()?;
    let tests = root().join("tests/window");
    let pictures = root().join("artifacts").join(engine.unwrap_or("window"));
    if pictures.exists() {
        fs::remove_dir_all(&pictures).map_err(|error| Failure::new(format!("{}: {error}", pictures.display())))?;
    }
    let run = |file: &str| {
        let ended = command("npm", &["test", "--", file])
            .current_dir(&tests)
            .env("MOMSBUD_PROGRAM", &program)
            .env("MOMSBUD_TAURI_DRIVER", &driver)
            .env("MOMSBUD_ARTIFACTS", &pictures)
            .env("MOMSBUD_ENGINE", engine.unwrap_or_default())
            .output();
        let (said, ok) = match ended {
            Ok(ended) => {
                let parts = [ended.stdout, ended.stderr].map(|part| String::from_utf8_lossy(&part).into_owned());
                (parts.concat(), ended.status.success())
            }
            Err(error) => (format!("npm: {error}"), false),
        };
        say(&format!("--- {file}\n{said}"));
        ok
    };
    // Each has a desktop of its own and waits most of the time: two at once take little more than half as long.
    let waiting = Mutex::new(files.iter());
    let failed = Mutex::new(Vec::new());
    let work = || {
        while let Some(file) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) {
            if !run(file)
                && let Ok(mut failed) = failed.lock()
            {
                failed.push(file);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(work);
        }
    });
    // Nothing is tried twice: a test that needs that is a defect.
    let failed = failed.into_inner().map_err(|_| Failure::new("a window test broke off"))?;
    match failed.as_slice() {
        [] => Ok(()),
        failed => Err(Failure::new(format!("These failed: {failed:?}"))),
    }
}
