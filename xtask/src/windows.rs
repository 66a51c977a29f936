//! `cargo xtask windows`: how far Windows can be gone on a Debian, with its packages alone.
//!
//! rustup's toolchain has no standard library for Windows and none may be fetched here, but Debian's `rust-web-src` has its
//! source: the library is built from it with Debian's own compiler. `check` type-checks everything, the window's program too;
//! without a word the command line is built and files a practice return under wine. Slow, so not in CI.

use crate::{
    command::{Done, Failure, finish, root, say, target},
    package,
};
use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

const TARGET: &str = "x86_64-pc-windows-gnu";
/// Debian's compiler is not installed, because it would put rustup's away: it is fetched and unpacked.
const UNPACKED: &[&str] = &["rustc-web", "libstd-rust-web-dev", "libstd-rust-web-1.96", "rust-web-src", "libllvm22"];
/// These are installed.
const INSTALLED: &[&str] =
    &["gcc-mingw-w64-x86-64-win32", "g++-mingw-w64-x86-64-win32", "cmake", "nasm", "wine64", "ca-certificates"];

/// Debian 12's wine has no bcryptprimitives.dll, which every Rust program takes its random numbers from: this is one.
const RANDOM: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, length); }
";

/// Ingrid Solvang of the practice world.
const PERSON: &str = "testid:14838411585_idporten-loa-high";

/// Builds the command line for Windows and runs it under wine, or with `check` type-checks the whole workspace.
///
/// # Errors
/// Something that cannot be had or does not compile.
pub(crate) fn windows(arguments: &[&str]) -> Done {
    let tools = target().join("windows");
    let rust = tools.join("rust");
    toolchain(&tools, &rust)?;
    match arguments {
        ["check"] => finish(
            build(&rust, &tools)
                .args(["check", "--package", "momsbud", "--package", "cli", "--lib", "--bins"])
                .args(["--features", crate::test::FEATURES])
                .args(STANDARD_LIBRARY),
        ),
        [] => {
            finish(
                build(&rust, &tools)
                    .args(["build", "--package", "cli", "--config", "profile.dev.debug=false"])
                    .args(STANDARD_LIBRARY),
            )?;
            under_wine(&tools)
        }
        _ => Err(Failure::new("cargo xtask windows [check]")),
    }
}

const STANDARD_LIBRARY: &[&str] = &["-Zbuild-std=std,panic_abort", "--target", TARGET];

fn toolchain(tools: &Path, rust: &Path) -> Done {
    if rust.join("usr/bin/rustc").exists() {
        return Ok(());
    }
    fs::create_dir_all(tools).map_err(|error| Failure::new(format!("{}: {error}", tools.display())))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "--yes", "--quiet=2", "--no-install-recommends"]).args(INSTALLED);
    finish(install.env("DEBIAN_FRONTEND", "noninteractive"))?;
    finish(Command::new("apt-get").arg("download").args(UNPACKED).current_dir(tools))?;
    for package in package::files(tools)?.iter().filter(|file| file.extension().is_some_and(|end| end == "deb")) {
        finish(Command::new("dpkg").arg("--extract").args([package.as_path(), rust]))?;
    }
    Ok(())
}

fn build(rust: &Path, tools: &Path) -> Command {
    let mut cargo = crate::command::cargo(&[]);
    cargo
        .env("RUSTC", rust.join("usr/bin/rustc"))
        .env("LD_LIBRARY_PATH", rust.join("usr/lib/x86_64-linux-gnu"))
        // Building the standard library is a nightly's matter; Debian's compiler is a stable one that is told to.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", tools.join("build"))
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("CARGO_PROFILE_DEV_PANIC", "abort");
    cargo
}

/// What needs no desktop: the command line checks a return, writes its papers, looks at the machine, and files the return
/// with practice authorities that run under wine too.
fn under_wine(tools: &Path) -> Done {
    let program = tools.join("build").join(TARGET).join("debug/momsbud-cli.exe");
    let source = tools.join("random.c");
    package::write(&source, RANDOM)?;
    let library = program.with_file_name("bcryptprimitives.dll");
    finish(Command::new("x86_64-w64-mingw32-gcc").args(["-shared", "-o"]).args([&library, &source]).arg("-ladvapi32"))?;
    let sample = for_wine(&root().join("crates/vat-return/samples/fjordlys.xml"));
    let here = tools.join("tried");
    if here.exists() {
        fs::remove_dir_all(&here).map_err(|error| Failure::new(format!("{}: {error}", here.display())))?;
    }
    let wine = |arguments: &[&str]| {
        let mut wine = Command::new("/usr/lib/wine/wine64");
        wine.arg(&program).args(arguments).stdin(Stdio::null());
        wine.env("WINEPREFIX", tools.join("wine")).env("WINEDEBUG", "-all");
        wine.env("MOMSBUD_DATA_DIR", for_wine(&here.join("data")));
        wine.env("MOMSBUD_ARCHIVE_DIR", for_wine(&here.join("archive")));
        wine
    };
    finish(&mut wine(&["--version"]))?;
    finish(&mut wine(&["check", &sample]))?;
    finish(&mut wine(&["generate", &for_wine(&here.join("papers"))]))?;
    // Wine is no healthy Windows: what is told is looked at by a person.
    let doctor = wine(&["doctor", "--offline", "--lang", "en"]).output();
    let doctor = doctor.map_err(|error| Failure::new(format!("doctor: {error}")))?;
    say(&String::from_utf8_lossy(&doctor.stdout));
    let mut practice = wine(&["practice"])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("practice: {error}")))?;
    let filed = control(&mut practice).and_then(|control| file(&control, &sample, &wine));
    // Wine's launcher becomes the program: what is killed here is what was started.
    let _ = practice.kill();
    let _ = practice.wait();
    filed
}

/// Where the practice authorities listen: they print one line of JSON.
fn control(practice: &mut Child) -> Result<String, Failure> {
    let mut line = String::new();
    if let Some(said) = practice.stdout.take() {
        let read = BufReader::new(said).read_line(&mut line);
        read.map_err(|error| Failure::new(format!("practice: {error}")))?;
    }
    let address = line.split("\"control\":\"").nth(1).and_then(|rest| rest.split('"').next());
    address.map(str::to_owned).ok_or_else(|| Failure::new(format!("practice says {line:?}")))
}

fn file(control: &str, sample: &str, wine: &dyn Fn(&[&str]) -> Command) -> Done {
    let run = |arguments: &[&str]| package::printed(wine(arguments).env("MOMSBUD_PRACTICE", control));
    let said = run(&["submit", "--yes", "--json", "--login-hint", PERSON, sample])?;
    if !said.contains("\"outcome\":\"received\"") {
        return Err(Failure::new(format!("The return was not received: {said}")));
    }
    say(&run(&["history", "--lang", "en"])?);
    say(&run(&["archive", "verify", "--lang", "en"])?);
    Ok(())
}

/// Wine shows the whole file system as drive Z.
fn for_wine(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}
