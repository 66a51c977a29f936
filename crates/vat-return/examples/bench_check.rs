//! How fast returns are read and checked, beside the schema validator people use (`cargo xtask bench check`).
//!
//! 2,000 copies of the largest sample are read from the disk, parsed and checked by every rule on one core, and
//! the same files go through `xmllint --noout --schema`, which skips the rules. The two take turns, and the best
//! round of each counts: a shared machine is slower at times, never faster. Takes the number of files and of
//! rounds as arguments. Ends with status 1 when the ratio is below its limit.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use allocation_counter::{AllocationInfo, measure};
use jiff::civil::date;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use vat_return::{Context, check, check_bytes, read, samples};

/// Times as many files a second as xmllint.
const LIMIT: f64 = 2.5;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<usize>());
    let count = arguments.next().transpose()?.unwrap_or(2000);
    let rounds = arguments.next().transpose()?.unwrap_or(10);
    let sample = samples::ALL.iter().max_by_key(|sample| sample.bytes.len()).ok_or("there are no samples")?;
    let folder = tempfile::tempdir()?;
    let files: Vec<PathBuf> = (0..count).map(|number| folder.path().join(format!("{number:04}.xml"))).collect();
    for file in &files {
        fs::write(file, sample.bytes)?;
    }
    println!("{count} copies of the sample {}, {} bytes; best of {rounds} rounds", sample.id, sample.bytes.len());

    let schema = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/skatteetaten/xsd/no.skatteetaten.fastsetting.avgift.mva.skattemeldingformerverdiavgift.v1.0.xsd");
    let other = schema.is_file() && Command::new("xmllint").arg("--version").stderr(Stdio::null()).status().is_ok();
    let (mut ours, mut reading, mut theirs) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        reading =
            reading.min(time(|| files.iter().try_for_each(|file| fs::read(file).map(|bytes| drop(black_box(bytes)))))?);
        ours = ours.min(time(|| check_files(&files))?);
        if other {
            theirs = theirs.min(time(|| validate(&schema, &files))?);
        }
    }
    let each = |time: Duration| time / u32::try_from(count).unwrap_or(u32::MAX);
    println!("Momsbud   {:>8.1?} a file, {:>6.0} files/s", each(ours), count as f64 / ours.as_secs_f64());
    println!("  of which {:>7.1?} to read it from the disk", each(reading));
    report_parts(sample.bytes, rounds * 500)?;
    if !other {
        println!("xmllint or its schema is not here: nothing to compare with");
        return Ok(ExitCode::SUCCESS);
    }
    println!("xmllint   {:>8.1?} a file, {:>6.0} files/s", each(theirs), count as f64 / theirs.as_secs_f64());
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("ratio     {ratio:>8.2}, at least {LIMIT} wanted");
    Ok(if ratio < LIMIT { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn time<E>(work: impl FnOnce() -> Result<(), E>) -> Result<Duration, E> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn check_files(files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let context = Context::on(date(2026, 11, 21));
    for file in files {
        let (_, report) = check_bytes(&fs::read(file)?, &context);
        if !report.schema_valid {
            return Err("the sample is not valid".into());
        }
        black_box(report);
    }
    Ok(())
}

fn validate(schema: &Path, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    let status = Command::new("xmllint")
        .args(["--noout", "--schema"])
        .arg(schema)
        .args(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("xmllint: {status}").into()) }
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
