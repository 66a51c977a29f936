//! `momsbud-cli check`: what Skatteetaten would say of returns.

use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::{Exit, Failure, files};
use anstyle::Style;
use jiff::civil::Date;
use serde::Serialize;
use std::io;
use std::path::{Path, PathBuf};
use vat_return::model::Language;
use vat_return::{
    Context, Finding, Notice, OrgNumber, Report, Severity, VatReturn, Verdict, check_bytes, explain::summary,
};

/// Checks returns as Skatteetaten would, without the network.
///
/// Follows the rules that need only the file and the day of filing; Skatteetaten knows more of the company.
///
/// Status 0: every file is ok or avvikende. 1: one is ugyldig. 2: one could not be read, or the call was wrong.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One JSON object a file and line instead of text.
    #[arg(long)]
    json: bool,
    /// The day of filing, e.g. 2026-11-21; today in Norway if left out.
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// Files, or folders whose .xml files are meant.
    #[arg(required = true, value_name = "FILE|FOLDER")]
    paths: Vec<PathBuf>,
}

/// How the files came out.
#[derive(Debug, Default)]
struct Tally {
    ok: usize,
    deviating: usize,
    invalid: usize,
    unreadable: usize,
    newer: Option<Notice>,
}

pub(crate) fn run(args: &Args, today: Date, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let context = Context::on(args.date.unwrap_or(today));
    let (mut tally, mut bytes) = (Tally::default(), Vec::new());
    for path in &args.paths {
        // Almost every path is a file, so that a folder is known by not being one.
        match files::read(path, &mut bytes) {
            Ok(()) => check(path, &bytes, args.json, &context, &mut tally, console)?,
            Err(_) if path.is_dir() => match files::of(path) {
                Ok(files) => {
                    for file in files {
                        match files::read(&file, &mut bytes) {
                            Ok(()) => check(&file, &bytes, args.json, &context, &mut tally, console)?,
                            Err(error) => unreadable(&file, &error, args.json, &mut tally, console)?,
                        }
                    }
                }
                Err(error) => unreadable(path, &error, args.json, &mut tally, console)?,
            },
            Err(error) => unreadable(path, &error, args.json, &mut tally, console)?,
        }
    }
    if !args.json {
        write_summary(&tally, console)?;
    }
    Ok(match (tally.unreadable, tally.invalid) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::No,
        _ => Exit::Failed,
    })
}

fn check(
    path: &Path,
    bytes: &[u8],
    json: bool,
    context: &Context<'_>,
    tally: &mut Tally,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let (read, report) = check_bytes(bytes, context);
    match report.verdict {
        Verdict::Ok => tally.ok += 1,
        Verdict::Deviating => tally.deviating += 1,
        Verdict::Invalid => tally.invalid += 1,
    }
    tally.newer = tally.newer.or(report.notice);
    if json { write_json(path, &report, console) } else { Ok(write_text(path, read.ok().as_ref(), &report, console)?) }
}

#[derive(Serialize)]
struct JsonReport<'a> {
    file: String,
    schema_valid: bool,
    verdict: &'a str,
    findings: Vec<JsonFinding<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    rule: &'a str,
    identifier: &'a str,
    severity: &'a str,
    line: Option<u32>,
    column: Option<u32>,
    vat_code: Option<&'a str>,
    title: String,
    message: String,
    advice: String,
}

#[derive(Serialize)]
struct JsonError {
    file: String,
    error: String,
}

fn write_json(path: &Path, report: &Report, console: &mut Console<'_>) -> Result<(), Failure> {
    let language = console.language;
    let findings = report.findings.iter().map(|finding| json_finding(finding, language)).collect();
    let report = JsonReport {
        file: path.display().to_string(),
        schema_valid: report.schema_valid,
        verdict: report.verdict.word(),
        findings,
        notice: report.notice.map(|notice| notice.text(language)),
    };
    Ok(writeln!(console.out, "{}", serde_json::to_string(&report)?)?)
}

fn json_finding(finding: &Finding, language: Language) -> JsonFinding<'_> {
    let text = finding.text(language);
    JsonFinding {
        rule: finding.rule,
        identifier: finding.identifier,
        severity: finding.severity.word(),
        line: finding.at.map(|at| at.line),
        column: finding.at.map(|at| at.column),
        vat_code: finding.vat_code.as_deref(),
        title: text.title,
        message: text.message,
        advice: text.advice,
    }
}

fn unreadable(
    path: &Path,
    error: &io::Error,
    json: bool,
    tally: &mut Tally,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    tally.unreadable += 1;
    if json {
        let error = JsonError { file: path.display().to_string(), error: error.to_string() };
        writeln!(console.out, "{}", serde_json::to_string(&error)?)?;
    } else {
        let says = console.say("kunne ikke leses", "kunne ikkje lesast", "could not be read");
        writeln!(console.out, "{STRONG}{}{STRONG:#} {INVALID}{says}{INVALID:#}: {error}", path.display())?;
    }
    Ok(())
}

fn write_text(path: &Path, ret: Option<&VatReturn>, report: &Report, console: &mut Console<'_>) -> io::Result<()> {
    let language = console.language;
    let (style, mark) = verdict_style(report.verdict);
    let word = verdict_word(report.verdict, console);
    writeln!(console.out, "{style}{mark} {word}{style:#}  {STRONG}{}{STRONG:#}", path.display())?;
    if let Some(ret) = ret {
        let explained = summary(ret, language);
        let payer = ret.org_number.as_ref().map(|number| {
            OrgNumber::parse(&number.value).map_or_else(|_| number.value.to_string(), |number| number.grouped())
        });
        writeln!(
            console.out,
            "  {QUIET}{}{} · {} · {} {}{QUIET:#}",
            payer.map(|payer| payer + " · ").unwrap_or_default(),
            explained.period,
            explained.kind,
            explained.sum_label,
            explained.sum
        )?;
    }
    for finding in &report.findings {
        write_finding(finding, console)?;
    }
    Ok(())
}

fn write_finding(finding: &Finding, console: &mut Console<'_>) -> io::Result<()> {
    let text = finding.text(console.language);
    let (style, mark) = verdict_style(finding.severity.into());
    let word = match finding.severity {
        Severity::Invalid => console.say("ugyldig", "ugyldig", "invalid"),
        Severity::Deviating => console.say("avvikende", "avvikande", "deviating"),
        Severity::Incomplete => console.say("mangelfull", "mangelfull", "incomplete"),
    };
    let place = finding.at.map(|at| format!(" {QUIET}{}:{}{QUIET:#}", at.line, at.column)).unwrap_or_default();
    writeln!(console.out, "  {style}{mark} {}{style:#} {word} · {}{place}", finding.rule, text.title)?;
    writeln!(console.out, "      {}", text.message)?;
    let how = console.say("Slik retter du", "Slik rettar du", "How to correct it");
    writeln!(console.out, "      {how}: {}", text.advice)
}

fn write_summary(tally: &Tally, console: &mut Console<'_>) -> io::Result<()> {
    let Tally { ok, deviating, invalid, unreadable, newer } = tally;
    let files = ok + deviating + invalid + unreadable;
    let noun = match files {
        1 => console.say("fil", "fil", "file"),
        _ => console.say("filer", "filer", "files"),
    };
    let mut parts = vec![format!("{STRONG}{files} {noun}{STRONG:#}")];
    let mut part = |count: usize, style: Style, word: &str| {
        if count > 0 {
            parts.push(format!("{style}{count} {word}{style:#}"));
        }
    };
    part(*ok, GOOD, verdict_word(Verdict::Ok, console));
    part(*deviating, DEVIATING, verdict_word(Verdict::Deviating, console));
    part(*invalid, INVALID, verdict_word(Verdict::Invalid, console));
    part(*unreadable, INVALID, console.say("ikke lest", "ikkje lese", "not read"));
    writeln!(console.out, "{}", parts.join(" · "))?;
    if let Some(notice) = newer {
        writeln!(console.out, "{QUIET}{}{QUIET:#}", notice.text(console.language))?;
    }
    Ok(())
}

fn verdict_word<'t>(verdict: Verdict, console: &Console<'_>) -> &'t str {
    match verdict {
        Verdict::Ok => console.say("i orden", "i orden", "in order"),
        Verdict::Deviating => console.say("avvikende", "avvikande", "deviating"),
        Verdict::Invalid => console.say("ugyldig", "ugyldig", "invalid"),
    }
}

fn verdict_style(verdict: Verdict) -> (Style, &'static str) {
    match verdict {
        Verdict::Ok => (GOOD, "✓"),
        Verdict::Deviating => (DEVIATING, "○"),
        Verdict::Invalid => (INVALID, "■"),
    }
}
