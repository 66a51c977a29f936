//! How the two programs begin, which are one library: in a console, in a batch file, and where the library lacks.

use super::{Wine, wine::for_wine};
use crate::{
    command::{Done, Failure, root, say},
    package,
};
use std::{
    fs,
    path::Path,
    process::{Output, Stdio},
};

/// A command that could not be done, for a script.
const FAILED: i32 = 2;

/// Tries the command line that is installed in a folder.
pub(super) fn begins(wine: &Wine, folder: &Path, version: &str) -> Done {
    in_a_batch_file(wine, folder, version)?;
    without_its_library(wine, folder)?;
    say("the command line: statuses, output and errors in a batch file; no library but its own");
    Ok(())
}

fn expect(holds: bool, what: impl FnOnce() -> String) -> Done {
    if holds { Ok(()) } else { Err(Failure::new(what())) }
}

/// cmd.exe waits for it, has its status, and puts output and errors where it is told.
fn in_a_batch_file(wine: &Wine, folder: &Path, version: &str) -> Done {
    let at = wine.home().join("Satsvis");
    let cli = for_wine(&folder.join("momsbud-cli.exe"));
    let sample = for_wine(&root().join("crates/vat-return/samples/fjordlys.xml"));
    let out = |name: &str| for_wine(&at.join(name));
    let lines = [
        "@echo off".to_owned(),
        format!("\"{cli}\" --version > \"{}\"", out("version.txt")),
        format!("\"{cli}\" check \"{sample}\" --lang en > \"{}\" 2> \"{}\"", out("good.txt"), out("good-errors.txt")),
        "if errorlevel 1 (echo good: at least 1) else echo good: 0".to_owned(),
        format!(
            "\"{cli}\" check \"{sample}.none\" --lang en > \"{}\" 2> \"{}\"",
            out("bad.txt"),
            out("bad-errors.txt")
        ),
        "echo bad: %errorlevel%".to_owned(),
        format!("\"{cli}\" chekc 2> \"{}\"", out("wrong.txt")),
        "if errorlevel 2 echo wrong: at least 2".to_owned(),
    ];
    let script = at.join("statuser.bat");
    package::write(&script, lines.map(|line| line + "\r\n").concat())?;
    let said = wine.said(&["cmd", "/c", &for_wine(&script)])?;
    let told = String::from_utf8_lossy(&said.stdout);
    let told: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    expect(told == ["good: 0", "bad: 2", "wrong: at least 2"], || format!("a batch file is told {told:?}"))?;
    for (file, part) in [
        ("version.txt", format!("momsbud-cli {version}")),
        ("good.txt", "FJORDLYS".to_owned()),
        ("bad.txt", "fjordlys.xml.none".to_owned()),
        ("wrong.txt", "check".to_owned()),
    ] {
        let content = package::read(&at.join(file))?;
        expect(content.to_uppercase().contains(&part.to_uppercase()), || {
            format!("{file} lacks {part:?}: {content:?}")
        })?;
    }
    Ok(())
}

/// The program alone says what it lacks, and takes the library neither of the current folder nor of PATH.
fn without_its_library(wine: &Wine, folder: &Path) -> Done {
    let alone = wine.home().join("Alene/momsbud-cli.exe");
    let program = fs::read(folder.join("momsbud-cli.exe")).map_err(|error| Failure::new(error.to_string()))?;
    package::write(&alone, program)?;
    let mut started = wine.program(&alone, &["--version"]);
    started.current_dir(folder).env("WINEPATH", for_wine(folder)).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Output { status, stdout, stderr } =
        started.output().map_err(|error| Failure::new(format!("{started:?}: {error}")))?;
    let says = String::from_utf8_lossy(&stderr);
    expect(status.code() == Some(FAILED) && stdout.is_empty() && says.contains("momsbud.dll"), || {
        format!("without its library it ends with {status} and says {says:?}, {:?}", String::from_utf8_lossy(&stdout))
    })
}
