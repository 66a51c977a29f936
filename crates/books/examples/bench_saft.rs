//! Reading a SAF-T file of a million lines (`cargo xtask bench saft`): beside a bare loop over quick-xml's tokens, beside
//! lxml's iterparse doing the same sums, how much memory it takes, and how time grows with the lines.
//!
//! Every measurement is a process of its own, called again with the name of what to measure, so that peak memory is of
//! that alone. Takes the number of rounds, and the Python that has lxml.
#![allow(clippy::print_stdout)]

mod saft_file;

use books::{Request, draft};
use saf_t::{File, Limits, read_delivery};
use std::error::Error;
use std::fs;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const LINES: [usize; 5] = [10_000, 30_000, 100_000, 1_000_000, 3_000_000];
const MILLION: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *words.as_slice() {
        ["read", path] => return read(path),
        ["tokens", path] => return tokens(path),
        ["write", path, lines] => return saft_file::write(Path::new(path), lines.parse()?),
        _ => {}
    }
    let rounds = words.first().map(|rounds| rounds.parse()).transpose()?.unwrap_or(3_usize);
    let python = words.get(1).copied().unwrap_or("/usr/bin/python3");
    let folder = std::env::temp_dir().join(format!("momsbud-bench-saft-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&folder, rounds, python);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, rounds: usize, python: &str) -> Result<(), Box<dyn Error>> {
    let path = |lines: usize| folder.join(format!("{lines}.xml"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/bench_saft_lxml.py");
    let mut exponents = Vec::new();
    let (mut ours, mut bare, mut lxml) = (Vec::new(), Vec::new(), Vec::new());
    let mut memory: Vec<Memory> = Vec::new();
    for lines in LINES {
        saft_file::write(&path(lines), lines)?;
        println!("{lines} lines, {} MB", fs::metadata(path(lines))?.len() / 1_000_000);
    }
    for _ in 0..rounds {
        let mut times = Vec::new();
        for lines in LINES {
            // Short ones as often as makes up for the length.
            let often = (300_000 / lines).max(1);
            let mut sum = Duration::ZERO;
            for _ in 0..often {
                let run = call("read", &path(lines))?;
                sum += run.time;
                if lines == MILLION {
                    ours.push(run.time);
                }
                if lines >= MILLION {
                    let allowed = 60.0 + 50.0 * run.taxes as f64 / 1e6;
                    match memory.iter_mut().find(|known| known.lines == lines) {
                        Some(known) => known.peaks.push(run.peak),
                        None => memory.push(Memory { lines, allowed, peaks: vec![run.peak] }),
                    }
                }
            }
            times.push(sum / u32::try_from(often)?);
        }
        exponents.push(slope(&times));
        bare.push(call("tokens", &path(MILLION))?.time);
    }
    let python = Command::new(python).arg(script).arg(path(MILLION)).output()?;
    if python.status.success() {
        let said = String::from_utf8(python.stdout)?;
        let seconds = said.split_whitespace().next().unwrap_or_default();
        lxml.push(Duration::from_secs_f64(seconds.parse()?));
    } else {
        println!("{}", String::from_utf8_lossy(&python.stderr));
    }
    let seconds = |times: &[Duration]| -> String {
        times.iter().map(|time| format!("{:.3}", time.as_secs_f64())).collect::<Vec<_>>().join(" ")
    };
    println!(
        "row\tname=a SAF-T file of a million lines\tagainst=a bare loop over quick-xml's tokens\tunit=s\tours={}\ttheirs={}\tgoal=<= 1.5",
        seconds(&ours),
        seconds(&bare)
    );
    if !lxml.is_empty() {
        println!(
            "row\tname=a SAF-T file of a million lines\tagainst=lxml iterparse, the same sums\tunit=s\tours={}\ttheirs={}\tgoal=>= 4",
            seconds(&ours),
            seconds(&lxml)
        );
    }
    for Memory { lines, allowed, peaks } in memory {
        let peaks: Vec<String> = peaks.iter().map(|peak| format!("{peak:.1}")).collect();
        let millions = lines / MILLION;
        println!(
            "row\tname=memory of {millions},000,000 lines, at most\tagainst=60 MB and 50 B a line of tax\tunit=MB\tours={}\ttheirs={allowed:.1}\tgoal=<= 1",
            peaks.join(" ")
        );
    }
    let exponents: Vec<String> = exponents.iter().map(|exponent| format!("{exponent:.4}")).collect();
    println!(
        "row\tname=time by lines, exponent\tagainst=linear\tours={}\tgoal=<= 1.05\tnote=10,000 to 3,000,000 lines",
        exponents.join(" ")
    );
    Ok(())
}

/// What reading so many lines took of memory, and what it may take.
struct Memory {
    lines: usize,
    allowed: f64,
    peaks: Vec<f64>,
}

struct Run {
    time: Duration,
    peak: f64,
    taxes: usize,
}

/// Calls this program for one measurement.
fn call(what: &str, path: &Path) -> Result<Run, Box<dyn Error>> {
    let output = Command::new(std::env::current_exe()?).arg(what).arg(path).output()?;
    let said = String::from_utf8(output.stdout)?;
    let mut parts = said.split_whitespace();
    let mut next = || parts.next().ok_or_else(|| format!("{what}: {said} {}", String::from_utf8_lossy(&output.stderr)));
    Ok(Run { time: Duration::from_secs_f64(next()?.parse()?), peak: next()?.parse()?, taxes: next()?.parse()? })
}

fn read(path: &str) -> Result<(), Box<dyn Error>> {
    let begun = now();
    let mut file = fs::File::open(path)?;
    let mut files = [File { name: "a.xml".to_owned(), source: &mut file }];
    let ledger = read_delivery(&mut files, &Limits::default(), &mut |_| ControlFlow::Continue(()))?;
    let reading = since(begun);
    let period = books::Span { from: "2025-01-01".parse()?, to: "2025-12-31".parse()? };
    let made = draft(&ledger, &Request { period: Some(period), ..Request::default() });
    if made.is_open() || made.lines.is_empty() {
        return Err(format!("{:?}", made.questions.first()).into());
    }
    println!("{} {} {} {}", since(begun).as_secs_f64(), peak(), ledger.tax_count(), reading.as_secs_f64());
    Ok(())
}

fn tokens(path: &str) -> Result<(), Box<dyn Error>> {
    let begun = now();
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(128 * 1024, fs::File::open(path)?));
    let mut buffer = Vec::new();
    let mut count = 0_u64;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            quick_xml::events::Event::Eof => break,
            event => count += std::hint::black_box(&event).len() as u64,
        }
    }
    std::hint::black_box(count);
    println!("{} {} 0", since(begun).as_secs_f64(), peak());
    Ok(())
}

/// The most memory this process has had, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) * 1024.0 / 1e6
}

/// The clock, and the time this thread has been on the processor, which stands still while others run.
fn now() -> (Instant, Option<Duration>) {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|text| text.split(' ').next()?.parse().ok());
    (Instant::now(), nanoseconds.map(Duration::from_nanos))
}

fn since(begun: (Instant, Option<Duration>)) -> Duration {
    match (begun.1, now().1) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => begun.0.elapsed(),
    }
}

/// Slope of the least-squares line through the logarithms.
fn slope(times: &[Duration]) -> f64 {
    let points: Vec<(f64, f64)> =
        LINES.iter().zip(times).map(|(lines, time)| ((*lines as f64).ln(), time.as_secs_f64().ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let rise: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let run: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    rise / run
}
