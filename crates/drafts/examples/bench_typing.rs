//! What a key costs behind the window: a change of a draft of 60 lines, and every rule asked of it again (`cargo xtask
//! bench typing`).
//!
//! The goal is a frame of a screen that is drawn sixty times a second, 16 ms. Takes the number of rounds as argument.
#![allow(clippy::print_stdout)]

use drafts::{Draft, Edit, Field, Undo};
use jiff::civil::date;
use std::error::Error;
use std::hint::black_box;
use std::time::Instant;
use vat_return::{Category, Context, Language, Period, PeriodKind};

const LINES: usize = 60;
const CODES: [&str; 12] = ["3", "31", "32", "33", "5", "6", "52", "1", "11", "14", "81", "86"];

fn main() -> Result<(), Box<dyn Error>> {
    let rounds = std::env::args().nth(1).map(|argument| argument.parse()).transpose()?.unwrap_or(2_000_usize);
    let context = Context::on(date(2026, 11, 21));
    let mut draft =
        Draft::new("311797816", Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }, Category::Ordinary);
    for code in CODES.iter().cycle() {
        if draft.lines.len() >= LINES {
            break;
        }
        let line = draft.add(code);
        draft.apply(&Edit::Type { line, field: Field::Base, text: "12 345".into() })?;
    }
    let line = draft.lines.first().ok_or("the draft has no lines")?.id;
    let mut undo = Undo::new(draft);
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds {
        let text = format!("{} {:03},50", round % 900 + 1, round % 1000);
        let begun = Instant::now();
        undo.apply(&[Edit::Type { line, field: Field::Base, text: text.as_str().into() }])?;
        let (report, _) = undo.draft().checked(&context);
        // What stands beside the lines: sums, and the findings in words.
        let words: usize = report.findings.iter().map(|finding| finding.text(Language::Nb).message.len()).sum();
        black_box((undo.draft().sum(), undo.draft().missing(), words));
        times.push(begun.elapsed());
    }
    let written: Vec<String> = times.iter().map(|time| format!("{:.4}", time.as_secs_f64() * 1e3)).collect();
    println!(
        "row\tname=a key in a draft of {LINES} lines, all rules asked\tagainst=a frame of 16 ms\tunit=ms\tours={}\tgoal=<= 16\tnote=without the window: change, undo step, every rule, sum and findings in words",
        written.join(" ")
    );
    Ok(())
}
