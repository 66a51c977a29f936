//! How a draft is shown at the terminal.

use super::Wrong;
use crate::Exit;
use crate::console::{Console, DEVIATING, GOOD, INVALID, QUIET, STRONG};
use crate::explain::write_return;
use crate::follow::practice;
use drafts::{Draft, Missing, Told};
use filing::StoredDraft;
use office::Office;
use serde_json::json;
use shown::Shown;
use std::io;
use vat_return::explain::amount;
use vat_return::{Context, OrgNumber, Severity};
use view::texts::day_in_year;
use view::{EnvironmentName, local, moment};

/// Lists drafts.
pub(super) fn list(office: &Office, discarded: bool, as_json: bool, console: &mut Console<'_>) -> Result<Exit, Wrong> {
    let drafts = office.drafts().list(discarded)?;
    for stored in &drafts {
        if as_json {
            writeln!(console.out, "{}", about(stored, office.environment()))?;
        } else {
            line(stored, office.environment(), console)?;
        }
    }
    if drafts.is_empty() && !as_json {
        let none = console.say("draft.show.thereAreNoDrafts");
        writeln!(console.err, "{none}")?;
    }
    Ok(if drafts.is_empty() { Exit::No } else { Exit::Done })
}

/// A draft on one line: when it was changed, whose it is, what it gives, its key.
pub(super) fn line(stored: &StoredDraft, environment: EnvironmentName, console: &mut Console<'_>) -> io::Result<()> {
    let changed = local(&stored.changed.to_string());
    let day = changed.get(..16).unwrap_or(&changed);
    let number = company(&stored.draft, console);
    let (period, sum) = (stored.draft.period.in_words(console.language), amount(stored.draft.sum()));
    let (word, key) = (console.say("draft.show.draft"), &stored.id);
    let practice = practice(environment, console);
    writeln!(
        console.out,
        "{QUIET}{day}{QUIET:#}  {word} · {STRONG}{number}{STRONG:#} · {period} · {sum} kr{practice}  {QUIET}{key}{QUIET:#}"
    )
}

fn company(draft: &Draft, console: &Console<'_>) -> String {
    match OrgNumber::parse(&draft.org_number) {
        Ok(number) => number.grouped(),
        Err(_) if draft.org_number.is_empty() => console.say("draft.show.noCompany").to_owned(),
        Err(_) => String::from(Shown::line(&draft.org_number)),
    }
}

fn about(stored: &StoredDraft, environment: EnvironmentName) -> serde_json::Value {
    let draft = &stored.draft;
    json!({
        "id": stored.id,
        "environment": environment,
        "orgNumber": draft.org_number,
        "period": format!("{}-{}", draft.period.year, draft.period.index),
        "periodKind": draft.period.xml_element(),
        "category": draft.category.xml(),
        "sum": draft.sum(),
        "lines": draft.filled().count(),
        "missing": draft.missing().len(),
        "created": moment(stored.created),
        "changed": moment(stored.changed),
        "discarded": stored.discarded.map(moment),
        "filed": stored.filed,
    })
}

/// A draft with its lines and what the rules say.
pub(super) fn show(
    stored: &StoredDraft,
    environment: EnvironmentName,
    standing: Option<(String, String)>,
    as_json: bool,
    console: &mut Console<'_>,
) -> Result<Exit, Wrong> {
    let draft = &stored.draft;
    let (report, _) = draft.checked(&context(draft));
    let missing = draft.missing();
    let refused = report.findings.iter().any(|finding| finding.severity == Severity::Invalid);
    let exit = if missing.is_empty() && !refused { Exit::Done } else { Exit::No };
    if as_json {
        let lines: Vec<_> = draft
            .lines
            .iter()
            .map(|line| {
                json!({
                    "code": line.code,
                    "specification": line.specification,
                    "ownCode": line.own_code,
                    "base": line.base.amount(),
                    "rate": draft.rate_of(line),
                    "vat": draft.vat_of(line),
                    "typedOver": draft.typed_over(line),
                    "filled": draft.filled().any(|it| it.id == line.id),
                })
            })
            .collect();
        let findings: Vec<_> = report
            .findings
            .iter()
            .map(|finding| json!({ "rule": finding.rule, "severity": finding.severity.word(), "text": finding.text(console.language).message }))
            .collect();
        let mut said = about(stored, environment);
        if let Some(said) = said.as_object_mut() {
            said.insert("return".into(), lines.into());
            said.insert("findings".into(), findings.into());
            said.insert("standing".into(), standing.map(|(title, message)| format!("{title}. {message}")).into());
            said.insert("stillMissing".into(), missing.iter().map(|it| words(it, draft, console)).collect());
        }
        writeln!(console.out, "{said}")?;
        return Ok(exit);
    }
    self::draft(draft, console)?;
    let practice = practice(environment, console);
    if !practice.is_empty() {
        writeln!(console.out, "{QUIET}{}{QUIET:#}", practice.trim_start_matches(" · "))?;
    }
    for one in &missing {
        writeln!(console.out, "{INVALID}■{INVALID:#} {}", words(one, draft, console))?;
    }
    for finding in &report.findings {
        let text = finding.text(console.language);
        writeln!(console.out, "{INVALID}■{INVALID:#} {} {}", finding.rule, text.message)?;
    }
    if let Some((title, message)) = &standing {
        writeln!(console.out, "{DEVIATING}▲{DEVIATING:#} {title}. {message}")?;
    }
    let last = draft.period.last_day();
    if super::today().is_ok_and(|today| last >= today) {
        let key = "draft.show.thePeriodIsNotOver";
        let day = day_in_year(last.tomorrow().unwrap_or(last), console.language);
        writeln!(console.out, "{DEVIATING}▲{DEVIATING:#} {}", crate::filled(console.language, key, &[("day", &day)]))?;
    }
    if missing.is_empty() && report.findings.is_empty() && standing.is_none() {
        let says = console.say("draft.show.nothingFound");
        writeln!(console.out, "{GOOD}✓{GOOD:#} {says}")?;
    }
    Ok(exit)
}

/// Asked as of the first day a draft can be filed, so that the answer does not hang on the day.
fn context(draft: &Draft) -> Context<'static> {
    Context::on(draft.period.last_day().tomorrow().unwrap_or(jiff::civil::Date::MAX))
}

/// A draft in words.
pub(super) fn draft(draft: &Draft, console: &mut Console<'_>) -> io::Result<()> {
    let (ret, _) = draft.as_it_stands();
    write_return(&ret, console)
}

/// Says what is missing before a draft is a return.
pub(super) fn missing(draft: &Draft, missing: &Missing, console: &mut Console<'_>) -> io::Result<()> {
    writeln!(console.err, "{INVALID}■{INVALID:#} {}", words(missing, draft, console))
}

fn words(missing: &Missing, draft: &Draft, console: &Console<'_>) -> String {
    let line = |id| draft.line(id).map(|line| String::from(Shown::line(line.written_code()))).unwrap_or_default();
    match missing {
        Missing::Company(_) => console.say("draft.show.theCompanyIsMissingOr").to_owned(),
        Missing::NotAnAmount(id) => {
            let says = console.say("draft.show.whatStandsThereIsNo");
            format!("{} {}: {says}", console.say("draft.show.code"), line(*id))
        }
        Missing::Code(_) => console.say("draft.show.aLineHasNoVat").to_owned(),
        Missing::Vat(id) => {
            let says = console.say("draft.show.vatIsMissing");
            format!("{} {}: {says}", console.say("draft.show.code"), line(*id))
        }
        other => other.to_string(),
    }
}

/// Says what a change did beside what was typed.
pub(super) fn told(told: &Told, console: &mut Console<'_>) -> io::Result<()> {
    let text = match told {
        Told::Cut(ore) => {
            let says = console.say("draft.show.reWereCut");
            format!("{says}: {}", ore.to_string().replace('.', ","))
        }
        Told::MadeNegative => console.say("draft.show.deductionsAreEnteredWithA").to_owned(),
        Told::NotAnAmount => console.say("draft.show.notANumberItStands").to_owned(),
        Told::DeductionAdded(_) => console.say("draft.show.theLineForTheDeduction").to_owned(),
        _ => return Ok(()),
    };
    writeln!(console.err, "{QUIET}{text}{QUIET:#}")
}
