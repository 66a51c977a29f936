//! `momsbud-cli build`: a return from a SAF-T delivery.

use crate::console::{Console, DEVIATING, QUIET, STRONG};
use crate::office::OfficeArgs;
use crate::paths::{SMALL, not_text, refused, write_own};
use crate::period::ReturnArgs;
use crate::saft::{ledger, numbers, refusal_words, with_files, write_draft, write_questions, write_refusal};
use crate::sign_in::SignInArgs;
use crate::{Exit, Failure, submit};
use books::texts::kroner;
use books::{Answers, Draft, Making, Question, Request, Span, Table, draft};
use filing::saft::MadeOf;
use filing::table::Cell;
use saf_t::{Ledger, Limits, read_again};
use serde::Deserialize;
use shown::Shown;
use std::fmt::Write as _;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use vat_return::{Context, Period, PeriodKind, check_bytes};

/// Builds a VAT return from a SAF-T delivery.
///
/// The files together are one delivery: one file, the parts of a split set in any order, or packed files. What the file cannot know
/// is asked: the questions are listed, and written to an answers file to fill in; the next run with --answers reads it. Without
/// --period it is the only one that has vouchers with VAT.
///
/// With --submit the filing's folder in the archive has the reconciliation too, as a table and as a page that prints; where it
/// lies is said.
///
/// Status 0: the return is written. 1: questions are open. 2: the delivery cannot be used.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    about: ReturnArgs,
    /// Answers from an earlier run, and where those that are wanted are written.
    #[arg(long, value_name = "FILE")]
    answers: Option<PathBuf>,
    /// Where the return is written [default: mva-melding-ORGNR-YEAR-NUMBER.xml].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Writes the vouchers behind every line as a table for a spreadsheet.
    #[arg(long, value_name = "CSV")]
    vouchers: Option<PathBuf>,
    /// KID for money back.
    #[arg(long, value_name = "KID")]
    kid: Option<String>,
    /// Files the return that was built.
    #[arg(long)]
    submit: bool,
    #[command(flatten)]
    office: OfficeArgs,
    #[command(flatten)]
    sign_in: SignInArgs,
    /// With --submit: file without asking.
    #[arg(long, requires = "submit")]
    yes: bool,
    /// With --submit: file a period again that has been filed before.
    #[arg(long, requires = "submit")]
    correction: bool,
    /// SAF-T files, or zip or gzip files of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let kind = args.about.kind();
    let asked = args.about.period(console)?;
    let ledger = match ledger(&args.files) {
        Ok(ledger) => ledger,
        Err(refusal) => {
            write_refusal(&refusal, console)?;
            return Ok(Exit::Failed);
        }
    };
    let Some(period) = asked.or_else(|| only_period(&ledger, kind)) else {
        let found = books::candidates(&ledger, kind);
        if found.is_empty() {
            // There is nothing to choose from: what is open says why.
            let draft = draft(&ledger, &Request { category: args.about.category(), ..Request::default() });
            write_questions(&draft.questions, &ledger, console)?;
            if !ledger.is_empty() {
                let text = console.say("build.noVoucherHasAVatCode");
                writeln!(console.out, "{STRONG}{text}{STRONG:#}")?;
            }
            return Ok(Exit::No);
        }
        let text = console.say("build.chooseWithPeriod");
        let found: Vec<String> = found.iter().map(|it| format!("{}-{}", it.period.year, it.period.index)).collect();
        writeln!(console.out, "{STRONG}{text}:{STRONG:#} {}", found.join(", "))?;
        return Ok(Exit::No);
    };
    let mut request =
        Request { period: Some(Span::of(&period)), category: args.about.category(), answers: Answers::new() };
    let before = draft(&ledger, &request);
    let name = file_name(&before, &period);
    let answers_path = args.answers.clone().unwrap_or_else(|| PathBuf::from(format!("mva-svar-{name}.toml")));
    request.answers = read_answers(&answers_path, args.answers.is_some(), console)?;
    let draft = draft(&ledger, &request);
    write_draft(&draft, &ledger, console)?;
    if let Some(path) = &args.vouchers {
        write_vouchers(path, &draft, &ledger, args, console)?;
    }
    if draft.is_open() {
        write_answers(&answers_path, &request.answers, &draft.questions, &ledger, console)?;
        let text = console.say("build.answerIn");
        let again = console.say("build.andRunTheCommandAgain");
        writeln!(console.out, "\n{STRONG}{text} {}{STRONG:#} {again}", Shown::path(&answers_path))?;
        return Ok(Exit::No);
    }
    // A period that was mistyped looks just like this.
    if draft.shown_lines().next().is_none() {
        let text = console.say("build.nothingInThePeriod");
        writeln!(console.out, "\n{DEVIATING}{text}{DEVIATING:#}")?;
    }
    let making = Making { period, reference: format!("momsbud-saft-{name}"), kid: args.kid.clone() };
    let (xml, _) = books::build(&draft, &request.answers, &making).map_err(|error| match error {
        books::NotMade::TooLarge => Failure::from(console.say("build.anAmountIsTooLarge")),
        other => {
            let text = console.say("build.theReturnCouldNotBe");
            format!("{text}: {other:?}").into()
        }
    })?;
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("mva-melding-{name}.xml")));
    write_own(&path, xml.as_bytes(), console)?;
    let text = console.say("build.theReturnWasWrittenTo");
    writeln!(console.out, "\n{STRONG}{text} {}{STRONG:#}", Shown::path(&path))?;
    findings(&xml, console)?;
    if args.submit {
        let made =
            MadeOf { paths: args.files.clone(), ledger, period, category: request.category, answers: request.answers };
        let submitted = submit::Args::of_file(&args.office, &args.sign_in, path, args.yes, args.correction);
        return submit::run(&submitted.made_of(made), console);
    }
    Ok(Exit::Done)
}

/// The only period of a kind that has vouchers with VAT.
fn only_period(ledger: &Ledger, kind: PeriodKind) -> Option<Period> {
    let found: Vec<_> = books::candidates(ledger, kind).into_iter().filter(|it| it.by_date > 0).collect();
    match found.as_slice() {
        [only] => Some(only.period),
        _ => None,
    }
}

fn file_name(draft: &Draft, period: &Period) -> String {
    let number = draft.company.org_number.as_deref().unwrap_or("uten-orgnr");
    format!("{number}-{}-{}", period.year, period.index)
}

/// The findings that Skatteetaten's published rules would give, as of the first day the period can be filed.
fn findings(xml: &str, console: &mut Console<'_>) -> io::Result<()> {
    let (read, _) = check_bytes(xml.as_bytes(), &Context::on(jiff::civil::Date::MIN));
    let Ok(vat_return) = read else { return Ok(()) };
    let after = vat_return.period.value.last_day().tomorrow().unwrap_or(jiff::civil::Date::MAX);
    let (_, report) = check_bytes(xml.as_bytes(), &Context::on(after));
    for finding in &report.findings {
        let text = finding.text(console.language);
        writeln!(console.out, "  {QUIET}{}{QUIET:#} {}: {}", finding.rule, text.title, text.message)?;
    }
    Ok(())
}

#[derive(Debug, Deserialize)]
struct AnswersFile {
    #[serde(default)]
    answer: Vec<OneAnswer>,
}

#[derive(Debug, Deserialize)]
struct OneAnswer {
    question: String,
    #[serde(default)]
    answer: String,
}

fn read_answers(path: &Path, must_be_there: bool, console: &Console<'_>) -> Result<Answers, Failure> {
    let text = match files::open::read(path, SMALL) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| not_text(path, console))?,
        // The first run writes it.
        Err(files::open::Refused::Missing) => return Ok(Answers::new()),
        Err(_) if !must_be_there => return Ok(Answers::new()),
        Err(why) => return Err(refused(path, &why, console)),
    };
    let file: AnswersFile = toml::from_str(&text).map_err(|error| {
        let says = console.say("build.theAnswersCannotBeUnderstood");
        format!("{}: {says}: {error}", Shown::path(path))
    })?;
    Ok(file.answer.into_iter().map(|one| (one.question, one.answer)).collect())
}

fn write_answers(
    path: &Path,
    known: &Answers,
    questions: &[Question],
    ledger: &Ledger,
    console: &Console<'_>,
) -> Result<(), Failure> {
    let mut text = String::new();
    let head = console.say("build.fillInTheAnswersAnd");
    writeln!(text, "{head}")?;
    for question in questions {
        let effect = question.kroner().filter(|effect| *effect != 0);
        let effect = effect.map(|effect| format!(" ({})", kroner(effect))).unwrap_or_default();
        writeln!(text, "\n# {}{effect}", comment(question.title(console.language)))?;
        writeln!(text, "# {}", comment(&question.text(console.language)))?;
        // One about a voucher names it already.
        if !question.vouchers.is_empty() && !question.about.contains('/') {
            writeln!(text, "# {}: {}", console.say("saft.vouchers"), comment(&numbers(question, ledger)))?;
        }
        if !question.choices.is_empty() {
            writeln!(text, "# {}: {}", console.say("build.answers"), comment(&question.choices.join(" | ")))?;
        }
        if let Some(suggestion) = &question.suggestion {
            writeln!(text, "# {}: {}", console.say("build.suggestion"), comment(suggestion))?;
        }
        one(&mut text, &question.id(), "")?;
    }
    for (id, answer) in known.iter() {
        writeln!(text)?;
        one(&mut text, id, answer)?;
    }
    write_own(path, text.as_bytes(), console)?;
    Ok(())
}

fn one(text: &mut String, id: &str, answer: &str) -> Result<(), Failure> {
    writeln!(text, "[[answer]]\nquestion = {}\nanswer = {}", quoted(id), quoted(answer))?;
    Ok(())
}

fn comment(text: &str) -> String {
    shown::Shown::text(text).into_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(character);
            }
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// The vouchers as a table for a spreadsheet.
fn write_vouchers(
    path: &Path,
    draft: &Draft,
    ledger: &Ledger,
    args: &Args,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let mut table = Table::of(draft, ledger, None);
    let again = with_files(&args.files, |files| {
        read_again(files, &Limits::default(), &mut |_| ControlFlow::Continue(()), &mut |index, voucher| {
            table.voucher(index, voucher);
        })
    });
    if let Err(refusal) = again {
        return Err(refusal_words(&refusal, console).into());
    }
    let heads = console.say("build.codeSpecificationRateJournalVoucher");
    let mut csv = Vec::new();
    let mut sheet = filing::table::Table::new(&mut csv, &heads.split(';').collect::<Vec<_>>())?;
    for row in table.rows() {
        let Some(line) = draft.lines.get(row.line) else { continue };
        let outgoing = |cell: Cell| if line.key.deduction { Cell::Empty } else { cell };
        let text = |text: &str| Cell::text(comment(text));
        sheet.row(&[
            Cell::text(line.key.code.to_string()),
            Cell::text(line.key.specification.map(|it| it.xml().to_owned()).unwrap_or_default()),
            outgoing(Cell::text(line.key.rate.written())),
            text(&row.journal),
            text(&row.number),
            Cell::text(&row.date),
            text(&row.text),
            text(&row.account.0),
            text(&row.account.1),
            text(&row.counterparty),
            Cell::Ore(row.amount),
            text(&row.own_code),
            outgoing(Cell::Ore(row.base)),
            Cell::Ore(row.vat),
        ])?;
    }
    sheet.finish()?;
    write_own(path, &csv, console)
}
