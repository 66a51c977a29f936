//! `momsbud-cli saft`: what a SAF-T delivery gives.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::{Exit, Failure};
use books::texts::{self, kroner};
use books::{Draft, DraftLine, Question, Request, Span, draft, json::Answer};
use jiff::civil::Date;
use saf_t::{File, Ledger, Limits, Problem, Refusal, Source, read_delivery};
use shown::Shown;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use vat_return::explain::{amount, code_name, day, rate, specification_name};
use vat_return::tables::tables;
use vat_return::{Category, OrgNumber};

/// Causes of a difference that are named; the others are counted.
const NAMED: usize = 20;

/// Shows a SAF-T delivery as a VAT return: lines, open questions.
///
/// The files together are one delivery: one file, the parts of a split set in any order, or a zip. Nothing is filed and
/// nothing is kept. Without --from and --to the answer is for the only two-month term that has vouchers with VAT.
///
/// Status 0: nothing is open. 1: there are open questions. 2: the delivery cannot be used; the reason is printed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One JSON object instead of text.
    #[arg(long)]
    json: bool,
    /// First day of the period, e.g. 2025-03-01.
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<Date>,
    /// Last day of the period, e.g. 2025-04-30.
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<Date>,
    /// SAF-T files, or zip or gzip files of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let period = args.from.zip(args.to).map(|(from, to)| Span { from, to });
    if let Some(Span { from, to }) = period
        && from > to
    {
        let after = console.say("saft.isAfter");
        return Err(format!("--from {from} {after} --to {to}").into());
    }
    let ledger = match ledger(&args.files) {
        Ok(ledger) => ledger,
        Err(refusal) => {
            if args.json {
                writeln!(console.out, "{}", serde_json::to_string(&Answer::refused(&refusal))?)?;
            } else {
                write_refusal(&refusal, console)?;
            }
            return Ok(Exit::Failed);
        }
    };
    let request = Request { period, ..Request::default() };
    let draft = draft(&ledger, &request);
    if args.json {
        writeln!(console.out, "{}", serde_json::to_string(&Answer::of(&draft, &ledger))?)?;
    } else {
        write_draft(&draft, &ledger, console)?;
    }
    Ok(if draft.is_open() { Exit::No } else { Exit::Done })
}

/// Reads the files as one delivery.
pub(crate) fn ledger(paths: &[PathBuf]) -> Result<Ledger, Refusal> {
    with_files(paths, |files| read_delivery(files, &Limits::default(), &mut |_| ControlFlow::Continue(())))
}

/// Opens the files and hands them over as a delivery.
pub(crate) fn with_files<T>(
    paths: &[PathBuf],
    work: impl FnOnce(&mut [File<'_>]) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    let mut open = Vec::with_capacity(paths.len());
    for path in paths {
        let file = match files::open::open(path) {
            Ok((file, _)) => Ok(file),
            Err(files::open::Refused::Io(error)) => Err(error),
            Err(files::open::Refused::Missing) => Err(io::Error::from(io::ErrorKind::NotFound)),
            Err(files::open::Refused::Folder) => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            Err(other) => Err(io::Error::new(io::ErrorKind::InvalidInput, other)),
        };
        open.push((name(path), file.map_err(|error| Problem::Io(error).of(&path.display().to_string()))?));
    }
    let mut files: Vec<File<'_>> =
        open.iter_mut().map(|(name, file)| File { name: name.clone(), source: file as &mut dyn Source }).collect();
    work(&mut files)
}

fn name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

pub(crate) fn write_refusal(refusal: &Refusal, console: &mut Console<'_>) -> io::Result<()> {
    writeln!(console.out, "{INVALID}■{INVALID:#} {}", Shown::text(&refusal_words(refusal, console)).as_str())
}

/// Why a delivery is not used; what the operating system says of a file, in the console's language too.
pub(crate) fn refusal_words(refusal: &Refusal, console: &Console<'_>) -> String {
    let Problem::Io(error) = &refusal.problem else { return texts::refusal(refusal, console.language) };
    let says = console.say("saft.couldNotBeRead");
    let file = refusal.file.as_deref().unwrap_or("SAF-T");
    format!("{file} {says}: {}", files::io_words(error, console.language))
}

pub(crate) fn write_draft(draft: &Draft, ledger: &Ledger, console: &mut Console<'_>) -> io::Result<()> {
    write_head(draft, ledger, console)?;
    write_lines(draft, console)?;
    write_controls(draft, ledger, console)?;
    write_questions(&draft.questions, ledger, console)?;
    for warning in &draft.warnings {
        writeln!(console.out, "{QUIET}! {}{QUIET:#}", Shown::line(&warning.text(console.language)).as_str())?;
    }
    Ok(())
}

fn write_head(draft: &Draft, ledger: &Ledger, console: &mut Console<'_>) -> io::Result<()> {
    let number = draft
        .company
        .org_number
        .as_deref()
        .map_or_else(|| console.say("saft.noOrganisationNumber").to_owned(), OrgNumber::shown);
    writeln!(console.out, "{STRONG}{}{STRONG:#} · {number}", Shown::line(&draft.company.name).as_str())?;
    let (_, system, version) = &draft.company.system;
    let system = Shown::line(&format!("{system} {version}")).into_string();
    let vouchers = console.say("saft.vouchers2");
    let saft = draft.version.map(saf_t::Version::text).unwrap_or_default();
    writeln!(console.out, "{QUIET}{system} · SAF-T {saft} · {} {vouchers}{QUIET:#}", ledger.len())?;
    let found: Vec<String> = draft.periods_found.iter().map(|(year, number)| format!("{year}-{number}")).collect();
    let has = console.say("saft.periodsWithVat");
    writeln!(console.out, "{QUIET}{has}: {}{QUIET:#}", found.join(", "))?;
    if let Some(span) = draft.period {
        let words = span.period().map_or_else(
            || format!("{} – {}", day(span.from, console.language), day(span.to, console.language)),
            |period| period.in_words(console.language).to_string(),
        );
        writeln!(console.out, "\n{STRONG}{words}{STRONG:#}")?;
    }
    for missing in &draft.missing_days {
        let text = console.say("saft.missingFromTheFile");
        let (from, to) = (day(missing.from, console.language), day(missing.to, console.language));
        writeln!(console.out, "{DEVIATING}{from} – {to} {text}{DEVIATING:#}")?;
    }
    Ok(())
}

/// The line in the return's own words.
fn description(line: &DraftLine, console: &Console<'_>) -> String {
    let code = line.key.code.to_string();
    let mut words = tables()
        .code(&code)
        .map(|code| code_name(code, line.key.deduction, Category::Ordinary, console.language).to_owned())
        .unwrap_or_default();
    if let Some(specification) = line.key.specification {
        words.push_str(" · ");
        words.push_str(specification_name(specification, console.language));
    }
    words
}

fn write_lines(draft: &Draft, console: &mut Console<'_>) -> io::Result<()> {
    for line in draft.lines.iter().filter(|line| !line.is_nothing()) {
        let whole =
            |kroner: i128| rust_decimal::Decimal::try_from_i128_with_scale(kroner, 0).map(amount).unwrap_or_default();
        let base = line.base().map(whole).unwrap_or_default();
        let percent = line.base_ore.map(|_| rate(&line.key.rate.written(), console.language)).unwrap_or_default();
        let own: Vec<&str> = line.own_codes.iter().map(String::as_str).collect();
        writeln!(
            console.out,
            "  {:>3}  {:<56} {base:>13} {percent:>7} {:>13}  {QUIET}{}{QUIET:#}",
            line.key.code,
            description(line, console),
            whole(line.vat()),
            Shown::line(&own.join(", ")).as_str()
        )?;
    }
    let sum = draft.sum();
    let word = if sum < 0 { console.say("saft.refund") } else { console.say("saft.toPay") };
    writeln!(console.out, "{STRONG}{word} {}{STRONG:#}", kroner(sum.abs() * 100))?;
    for item in &draft.not_reported {
        let text = console.say("saft.notInTheReturn");
        writeln!(
            console.out,
            "  {QUIET}{} {text}{QUIET:#}",
            Shown::line(&format!("{} ({})", item.own_code, item.code)).as_str()
        )?;
    }
    Ok(())
}

fn write_controls(draft: &Draft, ledger: &Ledger, console: &mut Console<'_>) -> io::Result<()> {
    writeln!(console.out)?;
    let control = |console: &mut Console<'_>, good: bool, text: &str, figure: String| {
        let (style, mark) = if good { (GOOD, "✓") } else { (DEVIATING, "○") };
        writeln!(console.out, "{style}{mark}{style:#} {text}: {figure}")
    };
    if let (Some(movement), Some(difference)) = (draft.movement_ore, draft.difference_ore()) {
        let text = console.say("saft.vatAccounts");
        let figure = match difference {
            0 => kroner(-movement),
            _ => {
                let word = console.say("saft.difference");
                format!("{}, {word} {}", kroner(-movement), kroner(difference))
            }
        };
        control(console, difference == 0, text, figure)?;
        for cause in draft.differences.iter().take(NAMED) {
            let number = Shown::line(ledger.number(cause.voucher));
            let number = number.as_str();
            let title = title(cause.cause, console);
            writeln!(console.out, "    {QUIET}{number}: {} ({title}){QUIET:#}", kroner(cause.amount))?;
        }
        let more = draft.differences.len().saturating_sub(NAMED);
        if more > 0 {
            let text = console.say("saft.more");
            writeln!(console.out, "    {QUIET}+ {more} {text}{QUIET:#}")?;
        }
    }
    let misses = draft.base_times_rate.iter().filter(|control| control.misses).count();
    let apart: i128 = draft.base_times_rate.iter().map(|control| control.expected_ore - control.vat_ore).sum();
    let text = console.say("saft.baseRateAgainstVat");
    control(console, misses == 0, text, kroner(apart))?;
    let revenue = &draft.revenue;
    let uncoded: i128 = revenue.uncoded.iter().map(|(_, amount)| amount).sum();
    let text = console.say("saft.incomeAccountsWithoutCode");
    control(console, uncoded == 0, text, format!("{} / {}", kroner(uncoded), kroner(revenue.accounts_ore)))?;
    for (evidence, count) in draft.evidence.iter().filter(|(evidence, _)| **evidence != books::Evidence::Stated) {
        let lines = console.say("saft.lines");
        writeln!(console.out, "  {QUIET}{count} {lines}: {}{QUIET:#}", texts::evidence(*evidence, console.language))?;
    }
    Ok(())
}

fn title(kind: books::QuestionKind, console: &Console<'_>) -> &'static str {
    let question = Question {
        kind,
        about: String::new(),
        vouchers: Vec::new(),
        effect: 0,
        foreign: false,
        choices: Vec::new(),
        suggestion: None,
    };
    question.title(console.language)
}

/// The numbers of the vouchers that a question is about; of many the first, and how many more there are.
pub(crate) fn numbers(question: &Question, ledger: &Ledger) -> String {
    let named: Vec<&str> = question.vouchers.iter().take(10).map(|voucher| ledger.number(*voucher)).collect();
    let more = question.vouchers.len().saturating_sub(named.len());
    let more = if more == 0 { String::new() } else { format!(" (+{more})") };
    format!("{}{more}", named.join(", "))
}

pub(crate) fn write_questions(questions: &[Question], ledger: &Ledger, console: &mut Console<'_>) -> io::Result<()> {
    if questions.is_empty() {
        return Ok(());
    }
    let head = console.say("saft.questions");
    writeln!(console.out, "\n{STRONG}{head}{STRONG:#}")?;
    for question in questions {
        let effect = question.kroner().filter(|effect| *effect != 0);
        let effect = effect.map(|effect| format!(" · {}", kroner(effect))).unwrap_or_default();
        let title = question.title(console.language);
        writeln!(console.out, "{DEVIATING}?{DEVIATING:#} {STRONG}{title}{STRONG:#}{effect}")?;
        writeln!(console.out, "    {}", Shown::text(&question.text(console.language)).as_str())?;
        if !question.vouchers.is_empty() {
            let word = console.say("saft.vouchers");
            writeln!(console.out, "    {QUIET}{word}: {}{QUIET:#}", Shown::line(&numbers(question, ledger)).as_str())?;
        }
    }
    Ok(())
}
