//! The names that files have at Windows: the command line opens them all, or says why not, and waits for nothing.

use super::{PATIENCE, Wine, end, spawn, wine::for_wine};
use crate::{
    command::{Done, Failure, finish, root, say},
    package,
};
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// A program that keeps a file to itself until its standard input ends.
const KEEPS: &str = "\
#include <windows.h>
#include <stdio.h>
int wmain(int count, wchar_t **words) {
    HANDLE file = CreateFileW(words[1], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    puts(file == INVALID_HANDLE_VALUE ? \"no\" : \"kept\");
    fflush(stdout);
    getchar();
    return 0;
}
";

/// What a check of a file ended with: a return without faults, one that cannot be read.
const GOOD: i32 = 0;

/// Tries them.
pub(super) fn any_path(wine: &Wine, cli: &Path) -> Done {
    let sample = fs::read(root().join("crates/vat-return/samples/fjordlys.xml"))
        .map_err(|error| Failure::new(error.to_string()))?;
    let folder = wine.home().join("Stier");
    let long = format!("{}/{}", ["en mappe med et langt navn på norsk"; 8].join("/"), "melding.xml");
    for name in ["Årsmelding æøå.xml", "med blanke  og 'tegn' & 100 %.xml", &long] {
        package::write(&folder.join(name), &sample)?;
    }
    let windows_lines = String::from_utf8_lossy(&sample).replace("\r\n", "\n").replace('\n', "\r\n");
    package::write(&folder.join("crlf.xml"), windows_lines)?;
    let long = for_wine(&folder.join(&long));
    if long.len() <= 260 {
        return Err(Failure::new("the long path is not long"));
    }
    let at = |name: &str| for_wine(&folder.join(name));
    for good in [
        at("Årsmelding æøå.xml"),
        at("med blanke  og 'tegn' & 100 %.xml"),
        at("crlf.xml"),
        // A name of DOS's without an ending of its own, and as programs write long ones.
        at("ÅRSMELDING ÆØÅ.XML"),
        format!(r"\\?\{long}"),
        long,
    ] {
        let status = check(wine, cli, &good)?;
        if status != GOOD {
            return Err(Failure::new(format!("check {good:?} ended with {status}")));
        }
    }
    // What is no file, or nobody's: said, and nothing waited for.
    for bad in [
        "CON",
        "NUL",
        "COM1",
        "AUX.xml",
        "con.xml.",
        r"\\ingen.invalid\delt\melding.xml",
        r"\\.\CON",
        "Z:\\melding.xml...",
        "",
    ] {
        let status = check(wine, cli, bad)?;
        if status == GOOD {
            return Err(Failure::new(format!("check {bad:?} found a return")));
        }
    }
    kept_by_another(wine, cli, &folder.join("crlf.xml"))?;
    console(wine, cli)?;
    say("the command line: blanks, æøå, more than 260 letters, devices, shares, CRLF, files in use, code pages");
    Ok(())
}

/// The status of a check; one that does not end is a failure.
fn check(wine: &Wine, cli: &Path, file: &str) -> Result<i32, Failure> {
    let mut limited = Command::new("timeout");
    let inner = wine.program(cli, &["check", file]);
    limited.arg(PATIENCE.as_secs().to_string()).arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        if let Some(value) = value {
            limited.env(name, value);
        }
    }
    let output = limited.stdin(Stdio::null()).output().map_err(|error| Failure::new(error.to_string()))?;
    match output.status.code() {
        Some(124) | None => Err(Failure::new(format!("check {file:?} does not end"))),
        Some(101) => Err(Failure::new(format!("check {file:?}: {}", String::from_utf8_lossy(&output.stderr)))),
        Some(code) => Ok(code),
    }
}

/// A file that another program keeps to itself, as Excel does, is no return for now, and is one as soon as that has ended.
fn kept_by_another(wine: &Wine, cli: &Path, file: &Path) -> Done {
    let source = wine.home().join("keeps.c");
    let keeps = wine.home().join("keeps.exe");
    package::write(&source, KEEPS)?;
    finish(Command::new("x86_64-w64-mingw32-gcc").args(["-municode", "-o"]).args([&keeps, &source]))?;
    let path = for_wine(file);
    let mut keeper = spawn(wine.program(&keeps, &[&path]).stdin(Stdio::piped()).stdout(Stdio::piped()))?;
    let tried = super::first_line(&mut keeper).and_then(|line| {
        if line.trim() != "kept" {
            return Err(Failure::new(format!("the file is not kept: {line:?}")));
        }
        check(wine, cli, &path)
    });
    end(keeper);
    match tried? {
        GOOD => Err(Failure::new("a file that another program keeps to itself was read")),
        _ => match check(wine, cli, &path)? {
            GOOD => Ok(()),
            status => Err(Failure::new(format!("a file that was kept for a while is {status} afterwards"))),
        },
    }
}

/// Whatever code page a console has, what is written to a pipe is UTF-8.
fn console(wine: &Wine, cli: &Path) -> Done {
    for page in ["850", "1252", "65001"] {
        let sample = for_wine(&root().join("crates/vat-return/samples/fjordlys.xml"));
        let script = wine.home().join("console.bat");
        let lines = format!("@chcp {page} >nul\r\n@\"{}\" check \"{sample}\" --lang nb\r\n", for_wine(cli));
        package::write(&script, lines)?;
        let said = wine.said(&["cmd", "/c", &for_wine(&script)])?;
        let text = String::from_utf8(said.stdout)
            .map_err(|_| Failure::new(format!("with code page {page} it is not UTF-8")))?;
        if !text.contains('å') && !text.contains('ø') {
            return Err(Failure::new(format!("with code page {page} it says {text:?}")));
        }
    }
    Ok(())
}
