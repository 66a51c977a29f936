//! How fast returns are read and checked, beside the schema validators people use (`cargo xtask bench check`).
//!
//! 2,000 copies of the largest sample are read from the disk, parsed and checked by every rule on one core, in a process of
//! its own. The same files go through `xmllint --noout --schema` and through Python's lxml, which both skip the rules. All
//! take turns, so that whatever else the machine does meets all alike; a program's start is part of its time, ours too.
//! Takes the number of files and of rounds as arguments, or `check` and the files. Prints rows for `cargo xtask bench`;
//! what is not installed is left out.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use allocation_counter::{AllocationInfo, measure};
use jiff::civil::date;
use std::error::Error;
use std::ffi::OsString;
use std::fs::{self, File};
use std::hint::black_box;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use vat_return::{Context, check, check_bytes, read, samples};

/// Times as many files a second as each.
const XMLLINT_GOAL: &str = ">= 2.5";
const LXML_GOAL: &str = ">= 10";

/// The system's Python: where Debian's python3-lxml is.
const PYTHON: &str = "/usr/bin/python3";

fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("check") {
        return check_files(std::env::args_os().skip(2));
    }
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>());
    let count = arguments.next().transpose()?.unwrap_or(2000);
    let rounds = arguments.next().transpose()?.unwrap_or(21);
    let sample = samples::ALL.iter().max_by_key(|sample| sample.bytes.len()).ok_or("there are no samples")?;
    let folder = tempfile::tempdir()?;
    let files: Vec<PathBuf> = (0..count).map(|number| folder.path().join(format!("{number:04}.xml"))).collect();
    for file in &files {
        fs::write(file, sample.bytes)?;
    }
    println!("{count} copies of the sample {}, {} bytes, {rounds} rounds", sample.id, sample.bytes.len());

    let (own, program) = (Path::new(env!("CARGO_MANIFEST_DIR")), std::env::current_exe()?);
    let schema = own
        .join("../../../shared/skatteetaten/xsd/no.skatteetaten.fastsetting.avgift.mva.skattemeldingformerverdiavgift.v1.0.xsd");
    let starts = |command: &mut Command| {
        let quiet = command.stdout(Stdio::null()).stderr(Stdio::null());
        schema.is_file() && quiet.status().is_ok_and(|status| status.success())
    };
    let momsbud = || {
        let mut command = Command::new(&program);
        command.arg("check");
        command
    };
    let xmllint = || {
        let mut command = Command::new("xmllint");
        command.args(["--noout", "--schema"]).arg(&schema);
        command
    };
    let lxml = || {
        let mut command = Command::new(PYTHON);
        command.arg(own.join("examples/bench_lxml.py")).arg(&schema);
        command
    };
    let has_xmllint = starts(Command::new("xmllint").arg("--version"));
    let has_lxml = starts(Command::new(PYTHON).args(["-c", "import lxml.etree"]));
    let (mut reading, mut ours, mut xmllints, mut lxmls) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        reading.push(time(|| files.iter().try_for_each(|file| fs::read(file).map(|bytes| drop(black_box(bytes)))))?);
        ours.push(time(|| validate(momsbud(), &files))?);
        if has_xmllint {
            xmllints.push(time(|| validate(xmllint(), &files))?);
        }
        if has_lxml {
            lxmls.push(time(|| validate(lxml(), &files))?);
        }
    }
    reading.sort_unstable();
    println!(
        "of which reading from the disk: {} µs a file",
        micros(reading.get(rounds / 2..=rounds / 2).unwrap_or_default(), count)
    );
    report_parts(sample.bytes, rounds * 500)?;
    for (name, goal, theirs, note) in [
        ("xmllint --noout --schema", XMLLINT_GOAL, xmllints, "xmllint checks the schema alone"),
        (
            "Python lxml: parse, XMLSchema, read the lines",
            LXML_GOAL,
            lxmls,
            "without rules; its schema validator is the same libxml2 as xmllint's",
        ),
    ] {
        if theirs.is_empty() {
            println!("{name} or the schema is not here: nothing to compare with");
            continue;
        }
        println!(
            "row\tname=check a return\tagainst={name}\tunit=µs\tours={}\ttheirs={}\tgoal={goal}\tnote={note}",
            micros(&ours, count),
            micros(&theirs, count),
        );
    }
    Ok(())
}

/// Microseconds a file, of each round.
fn micros(rounds: &[Duration], files: usize) -> String {
    let each = rounds.iter().map(|time| format!("{:.3}", time.as_secs_f64() * 1e6 / files as f64));
    each.collect::<Vec<_>>().join(" ")
}

fn time<E>(work: impl FnOnce() -> Result<(), E>) -> Result<Duration, E> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

/// What is measured: every file read, parsed and checked by every rule.
fn check_files(files: impl Iterator<Item = OsString>) -> Result<(), Box<dyn Error>> {
    let context = Context::on(date(2026, 11, 21));
    let mut bytes = Vec::new();
    for file in files {
        // As `momsbud-cli check` reads them.
        bytes.clear();
        File::open(file)?.take(25_000_001).read_to_end(&mut bytes)?;
        let (_, report) = check_bytes(&bytes, &context);
        if !report.schema_valid {
            return Err("the sample is not valid".into());
        }
        black_box(report);
    }
    Ok(())
}

fn validate(mut command: Command, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let status = command.args(files).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(format!("{command:?}: {status}").into()) }
}

/// Time and allocations of parsing and of the rules, without the disk.
fn report_parts(bytes: &[u8], times: usize) -> Result<(), Box<dyn Error>> {
    let context = Context::on(date(2026, 11, 21));
    let ret = read(bytes)?;
    let best = |work: &dyn Fn()| {
        let once = || {
            let start = Instant::now();
            work();
            start.elapsed()
        };
        (0..times).map(|_| once()).min().unwrap_or_default()
    };
    let part = |name: &str, time: Duration, AllocationInfo { count_total, bytes_total, .. }: AllocationInfo| {
        println!("  {name:<7} {time:>8.1?}, {count_total} allocations of {bytes_total} bytes");
    };
    part("parse", best(&|| drop(black_box(read(black_box(bytes))))), measure(|| drop(black_box(read(bytes)))));
    part(
        "rules",
        best(&|| drop(black_box(check(black_box(&ret), &context)))),
        measure(|| drop(black_box(check(&ret, &context)))),
    );
    Ok(())
}
