//! How time and memory grow with the lines of one return (`cargo xtask bench lines`).
//!
//! Returns of 1,000 to 100,000 lines, made by repeating the lines of the largest sample that is in order, are read and checked by every
//! rule; short ones as often as makes up for the length. The exponent is the slope of the least-squares line through the
//! logarithms of lines and of times: 1 is linear. Takes the number of rounds as argument.
#![allow(clippy::print_stdout)]

use allocation_counter::measure;
use jiff::civil::date;
use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};
use vat_return::{Context, VatReturn, check_bytes, read, samples};

const LINES: [usize; 5] = [1_000, 3_000, 10_000, 30_000, 100_000];
/// How many lines are checked in a round, in returns of each length.
const LINES_A_ROUND: usize = 300_000;
const GOAL: f64 = 1.05;

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().nth(1).map(|argument| argument.parse()).transpose()?.unwrap_or(11_usize);
    let context = Context::on(date(2026, 11, 21));
    let in_order = |sample: &&samples::Sample| check_bytes(sample.bytes, &context).1.findings.is_empty();
    let sample = samples::ALL.iter().filter(in_order).max_by_key(|sample| sample.bytes.len());
    let sample = read(sample.ok_or("there is no sample in order")?.bytes)?;
    let files: Vec<String> = LINES.iter().map(|lines| of_lines(&sample, *lines).write()).collect();
    let mut times: [Vec<Duration>; LINES.len()] = Default::default();
    let mut exponents = Vec::new();
    for _ in 0..rounds {
        for ((file, lines), times) in files.iter().zip(LINES).zip(&mut times) {
            let often = LINES_A_ROUND / lines;
            let begun = now();
            for _ in 0..often {
                let (_, report) = check_bytes(black_box(file.as_bytes()), &context);
                if !report.schema_valid {
                    return Err("the return is not valid".into());
                }
            }
            times.push(since(begun) / u32::try_from(often)?);
        }
        exponents.push(slope(&times.each_ref().map(|times| times.last().copied().unwrap_or_default())));
    }
    for times in &mut times {
        times.sort_unstable();
    }
    let medians = times.each_ref().map(|times| times.get(times.len() / 2).copied().unwrap_or_default());
    let mut per_line = Vec::new();
    for ((lines, file), median) in LINES.iter().zip(&files).zip(medians) {
        let peak = measure(|| drop(black_box(check_bytes(file.as_bytes(), &context)))).bytes_max;
        let each = peak as f64 / *lines as f64;
        per_line.push(each);
        let megabytes = file.len() as f64 / 1e6;
        println!("{lines:>7} lines, {megabytes:>5.1} MB: {median:>9.1?}, at most {each:>4.0} bytes a line in memory");
    }
    let all: Vec<String> = exponents.iter().map(|exponent| format!("{exponent:.4}")).collect();
    let note = medians.iter().zip(LINES).map(|(time, lines)| format!("{lines} lines {time:.1?}"));
    let note: Vec<String> = note.collect();
    println!(
        "row\tname=time by lines, exponent\tagainst=linear\tours={}\tgoal=<= {GOAL}\tnote={}",
        all.join(" "),
        note.join(", ")
    );
    if let [thousand, .., most] = per_line.as_slice() {
        println!(
            "row\tname=memory a line, of 100,000\tagainst=of 1,000\tunit=B\tours={most:.1}\ttheirs={thousand:.1}\t\
             note=the most that is allocated at a time while reading and checking, the file's bytes not counted"
        );
    }
    Ok(())
}

/// The clock, and where the system tells it the time this thread has been on the processor: that stands still while
/// others run, which happens to a long check and not to a short one.
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

/// The sample with its lines repeated, up to so many, and their sum.
fn of_lines(sample: &VatReturn, lines: usize) -> VatReturn {
    let mut made = sample.clone();
    made.lines = sample.lines.iter().cycle().take(lines).cloned().collect();
    made.assessed_vat.value = made.lines.iter().map(|line| line.vat.value).sum();
    made
}

/// Slope of the least-squares line through the logarithms.
fn slope(times: &[Duration; LINES.len()]) -> f64 {
    let points: Vec<(f64, f64)> =
        LINES.iter().zip(times).map(|(lines, time)| ((*lines as f64).ln(), time.as_secs_f64().ln())).collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let rise: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    let run: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    rise / run
}
