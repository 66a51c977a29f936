//! `cargo xtask windows`: how far Windows can be gone on a Debian, with its packages alone.
//!
//! `check` type-checks everything. `test` runs the unit tests of what only Windows compiles under wine. `journey` installs both
//! installers into a Windows that has just been set up, uses, upgrades and removes them. Without a word it is all of that. Slow, so
//! not in CI.

mod beginning;
mod journey;
mod paths;
mod practice;
mod wine;

use crate::{
    command::{Done, Failure, command, finish, root, say},
    elsewhere::Elsewhere,
    needs::{self, Purpose},
    node,
    package::windows::{Bundle, TARGET, build_library, trial},
};
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};
use wine::Wine;

/// How long a program may take to come up under wine, which makes its own system first.
const PATIENCE: Duration = Duration::from_secs(120);

/// Crates whose tests are run under wine, and which of them: those that only Windows compiles, and those of what meets its files
/// and its network.
const TESTED: &[(&str, &str)] =
    &[("disk", ""), ("loopback", ""), ("access", "trusted::"), ("store", "keyring::"), ("files", "")];

/// Whether a test of a file that only Windows compiles (`crates/store/src/keyring/windows.rs`) is among those that are run.
#[cfg(test)]
pub(crate) fn runs(file: &str, name: &str) -> bool {
    let Some((package, module)) = file.strip_prefix("crates/").and_then(|rest| rest.split_once("/src/")) else {
        return false;
    };
    let test = format!("{}::{name}", module.trim_end_matches(".rs").replace('/', "::"));
    TESTED.iter().any(|(tested, filter)| *tested == package && test.contains(filter))
}

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
            build_library(begins.debug)?;
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

/// The tests of what only Windows compiles, each program run by wine. They are compiled at once: what they have in common would be
/// compiled anew for each, because its features would be others.
fn unit_tests(elsewhere: &Elsewhere, wine: &Wine) -> Done {
    let mut cargo = elsewhere.cargo("test", TARGET);
    cargo.args(["--lib", "--no-run", "--message-format=json-render-diagnostics"]);
    for (package, _) in TESTED {
        cargo.args(["--package", package]);
    }
    let made = printed_loudly(&mut cargo)?;
    for (package, filter) in TESTED {
        let program = executable(&made, package)
            .ok_or_else(|| Failure::new(format!("cargo names no program with the tests of {package}")))?;
        say(&format!("{package}: {filter}"));
        let mut tests = wine.program(Path::new(program), &[]);
        if !filter.is_empty() {
            tests.arg(filter);
        }
        // Where cargo has tests run.
        let told = printed_loudly(tests.current_dir(root().join("crates").join(package)))?;
        say(told.trim_end());
        // A filter that meets nothing any more would pass by saying nothing.
        if passed(&told) == 0 {
            return Err(Failure::new(format!("{package}: no test is called {filter:?} on Windows")));
        }
    }
    say("What only Windows compiles: tested under wine.");
    Ok(())
}

/// How many tests a test program told of as passed, by its last line: `test result: ok. 6 passed; 0 failed; …`.
fn passed(told: &str) -> usize {
    told.lines()
        .filter_map(|line| {
            line.trim().strip_prefix("test result: ok. ")?.split_once(" passed")?.0.parse::<usize>().ok()
        })
        .sum()
}

/// What a command prints on its standard output, while its standard error is seen.
fn printed_loudly(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        return Err(Failure::new(format!("{command:?}: {}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where cargo put a package's unit tests, of what it tells of everything that it made (a line of JSON each).
fn executable<'a>(made: &'a str, package: &str) -> Option<&'a str> {
    let tests = made.lines().find(|line| {
        line.contains(&format!("\"name\":\"{package}\",\"src_path\"")) && line.contains("\"test\":true},\"features\"")
    })?;
    tests.split("\"executable\":\"").nth(1)?.split('"').next()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run_is_told_by_where_it_stands() {
        assert!(runs("crates/store/src/keyring/windows.rs", "it_stays"));
        assert!(runs("crates/access/src/trusted/on_windows.rs", "it_is_refused"));
        assert!(!runs("crates/access/src/elsewhere/windows.rs", "it_is_refused"));
        assert!(!runs("crates/reminders/src/windows.rs", "it_rings") && !runs("src-tauri/src/windows.rs", "it_rings"));
    }

    #[test]
    fn a_program_that_runs_no_test_is_told_from_one_that_passes() {
        let told = |count: usize| {
            format!(
                "\r\nrunning {count} tests\r\n\r\ntest result: ok. {count} passed; 0 failed; 0 ignored; 0 measured; 9 filtered out; finished in 0.01s\r\n"
            )
        };
        assert_eq!(passed(&told(6)), 6);
        assert_eq!(passed(&told(0)), 0);
        assert_eq!(passed(""), 0);
        assert_eq!(passed("test result: FAILED. 5 passed; 1 failed"), 0);
    }

    #[test]
    fn a_packages_tests_are_found_among_what_cargo_made() {
        let target = |name: &str| {
            format!(
                r#"{{"kind":["lib"],"crate_types":["lib"],"name":"{name}","src_path":"/x/src/lib.rs","test":true}}"#
            )
        };
        let made = |name: &str, test: bool, executable: &str| {
            let target = target(name);
            format!(
                r#"{{"reason":"compiler-artifact","target":{target},"profile":{{"opt_level":"0","test":{test}}},"features":[],"executable":{executable}}}"#
            )
        };
        let said = [
            made("disk", false, "null"),
            made("disk", true, r#""/x/disk-1.exe""#),
            made("diskette", true, r#""/x/2.exe""#),
        ];
        let said = said.join("\n");
        assert_eq!(executable(&said, "disk"), Some("/x/disk-1.exe"));
        assert_eq!(executable(&said, "store"), None);
    }
}
