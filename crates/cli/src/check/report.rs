//! How `check` says what it found: text for people, one JSON object a file for programs.

use super::Tally;
use super::remarks::FreeText;
use crate::Failure;
use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use anstyle::Style;
use files::{Document, Fact, FileKind, Name};
use serde::Serialize;
use shown::Shown;
use std::io;
use std::path::Path;
use vat_return::Language;
use vat_return::{Cause, Finding, OrgNumber, Severity, VatReturn, Verdict, explain::summary, rules::RULES};

/// Where `check` writes, and how.
pub(super) struct Report<'r, 'c> {
    json: bool,
    console: &'r mut Console<'c>,
}

/// A return that was checked.
pub(super) struct Checked<'a> {
    pub(super) name: &'a Name,
    pub(super) kind: FileKind,
    pub(super) ret: Option<&'a VatReturn>,
    pub(super) report: &'a vat_return::Report,
    pub(super) causes: &'a [Cause],
    pub(super) remarks: &'a [FreeText],
}

#[derive(Serialize)]
struct JsonReport<'a> {
    file: String,
    kind: &'a str,
    schema_valid: bool,
    verdict: &'a str,
    findings: Vec<JsonFinding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    causes: Vec<JsonCause<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    free_texts: Vec<JsonFreeText<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<JsonFact>,
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

/// One mistake behind findings; `findings` are their places in the list, from 0.
#[derive(Serialize)]
struct JsonCause<'a> {
    kind: &'a str,
    text: String,
    mend: bool,
    findings: &'a [usize],
}

#[derive(Serialize)]
struct JsonFreeText<'a> {
    line: u32,
    column: u32,
    text: &'a str,
    instead: &'a [&'static str],
    message: String,
}

#[derive(Serialize)]
struct JsonFact {
    label: &'static str,
    value: String,
}

/// Something in a folder that is no return, and is known.
#[derive(Serialize)]
struct JsonNeighbour<'a> {
    file: String,
    kind: &'a str,
    title: &'a str,
    advice: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<JsonFact>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<usize>,
}

#[derive(Serialize)]
struct JsonError<'a> {
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    error: &'a str,
}

/// The last line, where something was passed by: of no file, which is said.
#[derive(Serialize)]
struct JsonPassed {
    file: Option<&'static str>,
    hidden: usize,
    again: usize,
    others: usize,
    left_out: usize,
}

/// What belongs to returns, and is worth a line where it lies in a folder.
pub(super) fn is_worth_a_line(kind: FileKind) -> bool {
    kind.is_shown()
        || matches!(kind, FileKind::ReturnedReturn | FileKind::SafTFinancial | FileKind::OldForm | FileKind::WebPage)
}

impl<'r, 'c> Report<'r, 'c> {
    pub(super) fn new(json: bool, console: &'r mut Console<'c>) -> Self {
        Self { json, console }
    }

    pub(super) fn language(&self) -> Language {
        self.console.language
    }

    pub(super) fn say(&self, key: &'static str) -> &'static str {
        self.console.say(key)
    }

    fn object(&mut self, object: &impl Serialize) -> Result<(), Failure> {
        Ok(writeln!(self.console.out, "{}", serde_json::to_string(object)?)?)
    }

    pub(super) fn checked(&mut self, checked: &Checked<'_>) -> Result<(), Failure> {
        if !self.json {
            return Ok(self.checked_text(checked)?);
        }
        let language = self.console.language;
        let Checked { name, kind, report, causes, remarks, .. } = checked;
        self.object(&JsonReport {
            file: name.to_string(),
            kind: kind.word(),
            schema_valid: report.schema_valid,
            verdict: report.verdict.word(),
            findings: report.findings.iter().map(|finding| json_finding(finding, language)).collect(),
            causes: causes.iter().map(|cause| json_cause(cause, language)).collect(),
            free_texts: remarks.iter().map(|it| json_remark(it, language)).collect(),
            facts: Vec::new(),
            notice: report.notice.map(|notice| notice.text(language)),
        })
    }

    /// A file that is no return, and is known. One that was named is judged as a return that it is not.
    pub(super) fn neighbour(&mut self, name: &Name, kind: FileKind, bytes: &[u8], named: bool) -> Result<(), Failure> {
        let language = self.console.language;
        let document = Document::read(kind, bytes);
        let facts = document.as_ref().map(|document| document.facts(language)).unwrap_or_default();
        let advice = document.and_then(|document| document.advice(language)).unwrap_or_else(|| kind.advice(language));
        if !self.json {
            let advice = named.then_some(advice);
            return Ok(self.neighbour_text(&name.to_string(), kind, &facts, advice, named)?);
        }
        let facts = facts.into_iter().map(|Fact { label, value }| JsonFact { label, value }).collect();
        let title = kind.title(language);
        if !named {
            let file = name.to_string();
            return self.object(&JsonNeighbour { file, kind: kind.word(), title, advice, facts, count: None });
        }
        let schema = RULES.iter().find(|rule| rule.number == "R001");
        let finding = JsonFinding {
            rule: "R001",
            identifier: schema.map(|rule| rule.identifier).unwrap_or_default(),
            severity: Severity::Invalid.word(),
            line: None,
            column: None,
            vat_code: None,
            title: self.say("check.report.notAVatReturn").to_owned(),
            message: title.to_owned(),
            advice: advice.to_owned(),
        };
        self.object(&JsonReport {
            file: name.to_string(),
            kind: kind.word(),
            schema_valid: false,
            verdict: Verdict::Invalid.word(),
            findings: vec![finding],
            causes: Vec::new(),
            free_texts: Vec::new(),
            facts,
            notice: None,
        })
    }

    /// The program's own archive.
    pub(super) fn own_archive(&mut self, path: &Path, count: usize) -> Result<(), Failure> {
        let (kind, language) = (FileKind::OwnArchive, self.console.language);
        let file: String = Shown::path(path).into();
        if self.json {
            let (title, advice, count) = (kind.title(language), kind.advice(language), Some(count));
            return self.object(&JsonNeighbour { file, kind: kind.word(), title, advice, facts: Vec::new(), count });
        }
        let label = self.say("check.report.filings");
        Ok(self.neighbour_text(
            &file,
            kind,
            &[Fact { label, value: count.to_string() }],
            Some(kind.advice(language)),
            false,
        )?)
    }

    pub(super) fn unreadable(&mut self, file: &str, kind: Option<FileKind>, error: &str) -> Result<(), Failure> {
        if self.json {
            let kind = kind.filter(|kind| *kind != FileKind::Unknown).map(FileKind::word);
            return self.object(&JsonError { file, kind, error });
        }
        let says = self.say("check.report.couldNotBeRead");
        Ok(writeln!(self.console.out, "{STRONG}{file}{STRONG:#} {INVALID}{says}{INVALID:#}: {error}")?)
    }

    /// Of more than a thousand only the number is said.
    pub(super) fn more_left_out(&mut self, count: usize) -> Result<(), Failure> {
        if self.json {
            return Ok(());
        }
        let says = self.say("check.report.moreWereLeftOut");
        Ok(writeln!(self.console.out, "{INVALID}{count} {says}{INVALID:#}")?)
    }

    fn checked_text(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let Checked { name, kind, ret, report, causes, remarks } = checked;
        let console = &mut *self.console;
        let language = console.language;
        let (style, mark) = verdict_style(report.verdict);
        let word = verdict_word(report.verdict, console);
        writeln!(console.out, "{style}{mark} {word}{style:#}  {STRONG}{name}{STRONG:#}")?;
        if let Some(ret) = ret {
            let explained = summary(ret, language);
            let payer = ret.org_number.as_ref().map(|number| OrgNumber::shown(&number.value));
            writeln!(
                console.out,
                "  {QUIET}{}{} · {} · {} {}{QUIET:#}",
                payer.map(|payer| payer + " · ").unwrap_or_default(),
                explained.period,
                explained.kind,
                explained.sum_label,
                explained.sum
            )?;
        } else if kind.is_neighbour() {
            writeln!(console.out, "  {}", kind.title(language))?;
        }
        for cause in *causes {
            write_cause(cause, &report.findings, console)?;
        }
        for (place, finding) in report.findings.iter().enumerate() {
            // One explanation for one mistake.
            if !causes.iter().any(|cause| cause.findings.contains(&place)) {
                write_finding(finding, console)?;
            }
        }
        for remark in *remarks {
            let place = format!("{QUIET}{}:{}{QUIET:#}", remark.at.line, remark.at.column);
            writeln!(
                console.out,
                "  {DEVIATING}○{DEVIATING:#} «{}» {place}",
                vat_return::revealed(&short(&remark.text))
            )?;
            writeln!(console.out, "      {}", remark.said(language))?;
        }
        Ok(())
    }

    fn neighbour_text(
        &mut self,
        file: &str,
        kind: FileKind,
        facts: &[Fact],
        advice: Option<&str>,
        named: bool,
    ) -> io::Result<()> {
        let language = self.console.language;
        let out = &mut self.console.out;
        if named {
            let (style, mark) = verdict_style(Verdict::Invalid);
            writeln!(out, "{style}{mark}{style:#} {STRONG}{file}{STRONG:#}: {}", kind.title(language))?;
        } else {
            writeln!(out, "{QUIET}·{QUIET:#} {file}: {}", kind.title(language))?;
        }
        for Fact { label, value } in facts {
            writeln!(out, "    {QUIET}{label}:{QUIET:#} {value}")?;
        }
        advice.map_or(Ok(()), |advice| writeln!(out, "  {advice}"))
    }

    pub(super) fn summary(&mut self, tally: &Tally) -> Result<(), Failure> {
        let others: usize = tally.others.values().sum();
        if self.json {
            let Tally { hidden, again, left_out, .. } = *tally;
            if hidden + again + others + left_out > 0 {
                self.object(&JsonPassed { file: None, hidden, again, others, left_out })?;
            }
            return Ok(());
        }
        let console = &mut *self.console;
        let files = tally.files();
        let noun = match files {
            1 => console.say("check.report.file"),
            _ => console.say("check.report.files"),
        };
        let mut parts = vec![format!("{STRONG}{files} {noun}{STRONG:#}")];
        let mut part = |count: usize, style: Style, word: &str| {
            if count > 0 {
                parts.push(format!("{style}{count} {word}{style:#}"));
            }
        };
        part(tally.ok, GOOD, verdict_word(Verdict::Ok, console));
        part(tally.deviating, DEVIATING, verdict_word(Verdict::Deviating, console));
        part(tally.invalid, INVALID, verdict_word(Verdict::Invalid, console));
        let no_return = if tally.no_returns == 1 {
            console.say("check.report.isNoVatReturn")
        } else {
            console.say("check.report.areNoVatReturns")
        };
        part(tally.no_returns, INVALID, no_return);
        part(tally.unreadable, INVALID, console.say("check.report.notRead"));
        part(tally.left_out, INVALID, console.say("check.report.leftOut"));
        part(tally.hidden, QUIET, console.say("check.report.hiddenPassedBy"));
        part(tally.again, QUIET, console.say("check.report.foundTwice"));
        let other =
            if others == 1 { console.say("check.report.otherFile") } else { console.say("check.report.otherFiles") };
        part(others, QUIET, other);
        writeln!(console.out, "{}", parts.join(" · "))?;
        if let Some(notice) = tally.newer {
            writeln!(console.out, "{QUIET}{}{QUIET:#}", notice.text(console.language))?;
        }
        Ok(())
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 60;
    let mut short: String = text.chars().take(MOST).map(|it| if it.is_control() { ' ' } else { it }).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}

fn json_remark(remark: &FreeText, language: Language) -> JsonFreeText<'_> {
    JsonFreeText {
        line: remark.at.line,
        column: remark.at.column,
        text: &remark.text,
        instead: &remark.instead,
        message: remark.said(language),
    }
}

fn json_cause(cause: &Cause, language: Language) -> JsonCause<'_> {
    JsonCause { kind: cause.kind.word(), text: cause.text(language), mend: cause.mend, findings: &cause.findings }
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

/// One mistake, and which rules it breaks where.
fn write_cause(cause: &Cause, findings: &[Finding], console: &mut Console<'_>) -> io::Result<()> {
    let explained = || cause.findings.iter().filter_map(|place| findings.get(*place));
    let worst = explained().map(|finding| Verdict::from(finding.severity)).max();
    let (style, mark) = worst.map_or((QUIET, "·"), verdict_style);
    writeln!(console.out, "  {style}{mark}{style:#} {}", cause.text(console.language))?;
    const MOST: usize = 8;
    let rules: Vec<String> = explained()
        .take(MOST)
        .map(|finding| match finding.at {
            Some(at) => format!("{} {}:{}", finding.rule, at.line, at.column),
            None => finding.rule.to_owned(),
        })
        .collect();
    if !rules.is_empty() {
        let more = if cause.findings.len() > MOST { " …" } else { "" };
        writeln!(console.out, "      {QUIET}{}{more}{QUIET:#}", rules.join(", "))?;
    }
    let how = if cause.mend {
        console.say("check.report.momsbudCanMendItMomsbud")
    } else {
        console.say("check.report.itMustBeCorrectedIn")
    };
    writeln!(console.out, "      {how}")
}

fn write_finding(finding: &Finding, console: &mut Console<'_>) -> io::Result<()> {
    let text = finding.text(console.language);
    let (style, mark) = verdict_style(finding.severity.into());
    let word = match finding.severity {
        Severity::Invalid => console.say("check.report.invalid"),
        Severity::Deviating => console.say("check.report.deviating"),
        Severity::Incomplete => console.say("check.report.incomplete"),
    };
    let place = finding.at.map(|at| format!(" {QUIET}{}:{}{QUIET:#}", at.line, at.column)).unwrap_or_default();
    writeln!(console.out, "  {style}{mark} {}{style:#} {word} · {}{place}", finding.rule, text.title)?;
    writeln!(console.out, "      {}", text.message)?;
    let how = console.say("check.report.howToCorrectIt");
    writeln!(console.out, "      {how}: {}", text.advice)
}

fn verdict_word<'t>(verdict: Verdict, console: &Console<'_>) -> &'t str {
    match verdict {
        Verdict::Ok => console.say("check.report.inOrder"),
        Verdict::Deviating => console.say("check.report.deviating"),
        Verdict::Invalid => console.say("check.report.invalid"),
    }
}

fn verdict_style(verdict: Verdict) -> (Style, &'static str) {
    match verdict {
        Verdict::Ok => (GOOD, "✓"),
        Verdict::Deviating => (DEVIATING, "○"),
        Verdict::Invalid => (INVALID, "■"),
    }
}
