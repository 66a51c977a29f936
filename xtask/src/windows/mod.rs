//! `cargo xtask windows`: how far Windows can be gone on a Debian, with its packages alone.
//!
//! `check` type-checks everything. `test` runs the unit tests of what only Windows compiles under wine. `journey` installs both
//! installers into a Windows that has just been set up, uses, upgrades and removes them. Without a word it is all of that. Slow, so
//! not in CI.

mod journey;
mod paths;
mod practice;
mod wine;

use crate::{
    command::{Done, Failure, command, finish, say},
    elsewhere::Elsewhere,
    needs::{self, Purpose},
    node,
    package::windows::{Bundle, TARGET, build_programs, trial},
};
use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};
use wine::{Wine, runner};

/// How long a program may take to come up under wine, which makes its own system first.
const PATIENCE: Duration = Duration::from_secs(120);

/// Crates with tests that only Windows compiles, and which of their tests those are.
const TESTED: &[(&str, &str)] =
    &[("disk", ""), ("loopback", ""), ("access", "trusted::"), ("store", "keyring::"), ("files", "open::")];

/// What is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Check,
    Test,
    Journey,
    All,
}

/// Builds everything for Windows and tries it under wine, or a part of that.
///
/// # Errors
/// Something that cannot be had or does not compile; a test that fails; an installer that does not do what it should.
pub(crate) fn windows(arguments: &[&str]) -> Done {
    let (words, flags): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| !word.starts_with("--"));
    let wanted = match words.as_slice() {
        [] => Wanted::All,
        ["check"] => Wanted::Check,
        ["test"] => Wanted::Test,
        ["journey"] => Wanted::Journey,
        _ => return Err(usage()),
    };
    // As they are released, which takes long to build; and without building.
    let (released, built) = (flags.contains(&"--released"), flags.contains(&"--built"));
    if flags.iter().any(|flag| !["--released", "--built"].contains(flag)) {
        return Err(usage());
    }
    needs::install(Purpose::Windows)?;
    let elsewhere = Elsewhere::ready()?;
    node::install_ui()?;
    if wanted == Wanted::Check {
        node::npm(&["run", "build"])?;
        return finish(elsewhere.programs("check", TARGET).arg("--lib"));
    }
    let begins = Bundle::new(None, !released)?;
    let journey = |wine: &Wine| {
        if !built {
            build_programs(begins.debug)?;
        }
        journey::journey(wine, &begins)
    };
    let mut screen = spawn(
        command("Xvfb", &["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]).stdout(Stdio::piped()),
    )?;
    let folder = elsewhere.tools.join("tried");
    let tried =
        first_line(&mut screen).and_then(|number| Wine::new(&folder, format!(":{}", number.trim()))).and_then(|wine| {
            let tried = match wanted {
                Wanted::Test => unit_tests(&elsewhere, &wine),
                Wanted::Journey | Wanted::Check => journey(&wine),
                Wanted::All => unit_tests(&elsewhere, &wine).and_then(|()| journey(&wine)),
            };
            wine.end();
            tried
        });
    end(screen);
    tried
}

fn usage() -> Failure {
    Failure::new("cargo xtask windows [check | test | journey] [--built] [--released]")
}

/// The tests of what only Windows compiles, by cargo, each program run by wine.
fn unit_tests(elsewhere: &Elsewhere, wine: &Wine) -> Done {
    for (package, filter) in TESTED {
        let mut cargo = elsewhere.cargo("test", TARGET);
        cargo.args(["--package", package, "--lib", "--"]);
        if !filter.is_empty() {
            cargo.arg(filter);
        }
        for (name, value) in wine.own("wine64").get_envs() {
            if let Some(value) = value {
                cargo.env(name, value);
            }
        }
        // cargo and rustup look into the person's own home.
        cargo.env_remove("HOME").env(runner(), "/usr/lib/wine/wine64");
        if let Some(home) = std::env::home_dir() {
            cargo.env("HOME", home);
        }
        finish(&mut cargo)?;
    }
    say("What only Windows compiles: tested under wine.");
    Ok(())
}

fn spawn(program: &mut Command) -> Result<Child, Failure> {
    program.spawn().map_err(|error| Failure::new(format!("{program:?}: {error}")))
}

/// Wine's launcher becomes the program: what is ended is what was started.
fn end(mut program: Child) {
    let _ = program.kill();
    let _ = program.wait();
}

fn first_line(program: &mut Child) -> Result<String, Failure> {
    let mut line = String::new();
    if let Some(said) = program.stdout.take() {
        BufReader::new(said).read_line(&mut line).map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(line)
}
