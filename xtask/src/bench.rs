//! `cargo xtask bench`: figures, each measured beside something else in the same run.
//!
//! A bench builds what it needs and lets a program measure; the program prints its rows as [`Row`] says, and whatever else
//! it prints is passed on for the person who waits. A new comparison is one line in [`BENCHES`].

mod filing;
mod history;
mod json;
mod report;
mod returns;
mod row;
mod symbols;
mod window;

use crate::command::{Done, Failure, output_is_for_programs, print, say};
use row::Row;
use std::{
    io::{BufRead, BufReader},
    process::{Command, ExitCode, Stdio},
};

/// What a bench has measured.
type Rows = Result<Vec<Row>, Failure>;

struct Bench {
    name: &'static str,
    about: &'static str,
    work: fn() -> Rows,
}

const BENCHES: &[Bench] = &[
    Bench { name: "check", about: "checking returns, against xmllint and against Python's lxml", work: returns::check },
    Bench { name: "lines", about: "one return of 1,000 to 100,000 lines: time and memory", work: returns::lines },
    Bench { name: "typing", about: "a key in a draft of 60 lines: the change and every rule", work: returns::typing },
    Bench {
        name: "saft",
        about: "a SAF-T file of a million lines, against quick-xml's tokens and lxml: time and memory",
        work: returns::saft,
    },
    Bench {
        name: "vouchers",
        about: "the vouchers of a line of a SAF-T file of a million lines: opened, leafed through, searched",
        work: returns::vouchers,
    },
    Bench {
        name: "filing",
        about: "one filing, against its latency and a plain client in Python",
        work: filing::filing,
    },
    Bench {
        name: "batch",
        about: "200 filings at once with faults on the way, against their latency",
        work: filing::batch,
    },
    Bench { name: "drop", about: "1,000 and 10,000 files opened, against reading their bytes", work: filing::dropped },
    Bench {
        name: "startup",
        about: "the window's start, against an empty Tauri window with the same UI library",
        work: window::startup,
    },
    Bench {
        name: "history",
        about: "searching and leafing through the history, against sqlite3",
        work: history::history,
    },
    Bench {
        name: "ui",
        about: "a keystroke in the search over 100,000 filings, against 100; in a draft of 60 lines, against an empty field",
        work: history::keystroke,
    },
    Bench { name: "memory", about: "memory of all processes at rest, against the empty window", work: window::memory },
    Bench {
        name: "idle",
        about: "processor while nobody uses it: shown, minimised, in the tray, against the empty window",
        work: window::idle,
    },
    Bench { name: "tray", about: "processor and memory of ten minutes hidden in the tray", work: window::tray },
    Bench { name: "size", about: "size of program and installer, and what is biggest in it", work: window::size },
];

/// Runs the benches named, or all of them; all together are written to docs/benchmarks.md.
///
/// `--json` prints one object a row and nothing else; `--write` writes the file for those named, and says which were not. The status is a failure when a bench could not be run or a goal was
/// missed.
pub(crate) fn bench(arguments: &[&str]) -> ExitCode {
    let (options, names): (Vec<&str>, Vec<&str>) = arguments.iter().partition(|word| word.starts_with("--"));
    let unknown = names.iter().find(|name| !BENCHES.iter().any(|bench| bench.name == **name));
    if options.iter().any(|option| !["--json", "--write"].contains(option)) || unknown.is_some() {
        let list: Vec<String> = BENCHES.iter().map(|bench| format!("  {:10}{}", bench.name, bench.about)).collect();
        say(&format!("cargo xtask bench [--json] [--write] [NAME…], where NAME is one of\n{}", list.join("\n")));
        return ExitCode::FAILURE;
    }
    let json = options.contains(&"--json");
    if json {
        output_is_for_programs();
    }
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    for bench in BENCHES.iter().filter(|bench| names.is_empty() || names.contains(&bench.name)) {
        eprintln!("\n=== {}: {} ===", bench.name, bench.about);
        match (bench.work)() {
            Ok(more) => rows.extend(more),
            Err(failure) => failures.push(format!("{}: {failure}", bench.name)),
        }
    }
    if json {
        rows.iter().for_each(|row| print(&row.json()));
    } else {
        report::print(&rows);
    }
    let missing: Vec<&str> =
        BENCHES.iter().map(|bench| bench.name).filter(|name| !names.is_empty() && !names.contains(name)).collect();
    if (names.is_empty() || options.contains(&"--write"))
        && failures.is_empty()
        && let Err(failure) = report::write(&rows, &missing)
    {
        failures.push(failure.to_string());
    }
    failures.iter().for_each(|failure| eprintln!("{failure}"));
    let missed = rows.iter().any(|row| row.met() == Some(false));
    if failures.is_empty() && !missed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a program that measures, and reads its rows.
///
/// # Errors
/// When it cannot be started, does not end well, or prints a row that cannot be read.
fn measured(command: &mut Command) -> Rows {
    let name = command.get_program().to_string_lossy().into_owned();
    let failure = |error: std::io::Error| Failure::new(format!("{name}: {error}"));
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failure)?;
    let mut rows = Vec::new();
    let mut unreadable = Ok(());
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line.map_err(failure)?;
            match Row::read(&line) {
                Some(Ok(row)) => rows.push(row),
                Some(Err(problem)) => unreadable = Err(Failure::new(problem)),
                None => eprintln!("{line}"),
            }
        }
    }
    let status = child.wait().map_err(failure)?;
    if !status.success() {
        return Err(Failure::new(format!("{name}: {status}")));
    }
    unreadable.map(|()| rows)
}

/// A row of xtask's own measurements.
///
/// # Errors
/// When it is not one.
fn own(line: &str) -> Result<Row, Failure> {
    Row::read(line).unwrap_or_else(|| Err(format!("no row: {line}"))).map_err(Failure::new)
}

/// Says what is left out and why, instead of a row.
fn left_out(what: &str) -> Done {
    eprintln!("left out: {what}");
    Ok(())
}
