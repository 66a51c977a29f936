//! One list of findings out of two checks: our own and the authority's.
//!
//! What both say is one finding, with our words and the authority's beside them. What only one says is shown too, so
//! that nothing the authority sees comes as a surprise.

use shown::Shown;
use vat_return::{
    Finding, Language, Report, VatReturn,
    validation_result::{Detail, Deviation, Outcome, ValidationResult},
};
use view::{FindingView, SeverityName};

/// The list, in the order of the lines, numbered from 1; what belongs to no line comes last.
pub(super) fn merged(
    own: Option<&Report>,
    authority: Option<&ValidationResult>,
    vat_return: Option<&VatReturn>,
    language: Language,
) -> Vec<FindingView> {
    let mut findings: Vec<FindingView> =
        own.iter().flat_map(|report| &report.findings).map(|finding| ours(finding, language)).collect();
    let said = authority.iter().flat_map(|result| &result.deviations);
    for (deviation, detail) in
        said.flat_map(|deviation| deviation.details.iter().map(move |detail| (deviation, detail)))
    {
        match findings.iter_mut().find(|finding| same(finding, deviation, detail)) {
            Some(finding) => finding.authority_text = Some(authority_text(detail)),
            None => findings.push(theirs(deviation, detail, vat_return, language)),
        }
    }
    findings.sort_by_key(|finding| {
        (finding.line.is_none(), finding.line, finding.xml_line.is_none(), finding.xml_line, finding.xml_column)
    });
    for (number, finding) in (1..).zip(&mut findings) {
        finding.number = number;
    }
    findings
}

/// What the authority alone says of a return.
pub(crate) fn of_authority(
    result: &ValidationResult,
    vat_return: Option<&VatReturn>,
    language: Language,
) -> Vec<FindingView> {
    merged(None, Some(result), vat_return, language)
}

fn ours(finding: &Finding, language: Language) -> FindingView {
    let text = finding.text(language);
    FindingView {
        number: 0,
        rule: Some(finding.rule.to_owned()),
        identifier: finding.identifier.to_owned(),
        severity: finding.severity.into(),
        title: text.title,
        message: text.message,
        advice: Some(text.advice),
        line: finding.line.and_then(|line| u32::try_from(line + 1).ok()),
        xml_line: finding.at.map(|at| at.line),
        xml_column: finding.at.map(|at| at.column),
        vat_code: finding.vat_code.as_ref().map(ToString::to_string),
        by_momsbud: true,
        authority_text: None,
    }
}

/// Whether the authority says the same: the same rule about the same place. One of ours answers one of theirs. Places
/// are only compared where both name one, because the authority often names none.
fn same(finding: &FindingView, deviation: &Deviation, detail: &Detail) -> bool {
    let rule = finding.rule.as_deref().is_some_and(|rule| Some(rule) == rule_of(detail));
    let identifier = finding.identifier.eq_ignore_ascii_case(&detail.code);
    let code = agree(finding.vat_code.as_deref(), deviation.vat_code.as_deref());
    let line = agree(finding.xml_line.map(u64::from), deviation.line);
    finding.by_momsbud && finding.authority_text.is_none() && (rule || identifier) && code && line
}

fn agree<T: PartialEq>(ours: Option<T>, theirs: Option<T>) -> bool {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    }
}

fn theirs(deviation: &Deviation, detail: &Detail, vat_return: Option<&VatReturn>, language: Language) -> FindingView {
    let title = crate::text(language, "cards.findings.deviationFromTheTaxAdministration");
    // What does not stop a return may be as it should be.
    let advice = match detail.kind {
        Outcome::Invalid => crate::text(language, "cards.findings.correctItInTheAccounting"),
        _ => crate::text(language, "cards.findings.seeWhetherTheReturnIs"),
    };
    let xml_line = deviation.line.and_then(|line| u32::try_from(line).ok());
    FindingView {
        number: 0,
        rule: rule_of(detail).or_else(|| rule_by_identifier(&detail.code)).map(str::to_owned),
        identifier: Shown::line(&detail.code).into(),
        severity: match detail.kind {
            Outcome::Invalid => SeverityName::Invalid,
            Outcome::Incomplete => SeverityName::Incomplete,
            Outcome::Deviating | Outcome::NoDeviations => SeverityName::Deviating,
        },
        title: title.to_owned(),
        message: authority_text(detail),
        advice: Some(advice.to_owned()),
        line: line_of(deviation, xml_line, vat_return),
        xml_line,
        xml_column: deviation.column.and_then(|column| u32::try_from(column).ok()),
        vat_code: deviation.vat_code.clone(),
        by_momsbud: false,
        authority_text: Some(authority_text(detail)),
    }
}

/// The authority's words: the reason, or the rule where it gives none, and the details.
fn authority_text(detail: &Detail) -> String {
    let first = if detail.reason.trim().is_empty() { &detail.rule_definition } else { &detail.reason };
    match &detail.detail {
        Some(more) if !more.trim().is_empty() && more != first => {
            format!("{}\n{}", Shown::text(first), Shown::text(more))
        }
        _ => Shown::text(first).into(),
    }
}

/// `R020`, where the rule's definition or code begins with it or names it.
fn rule_of(detail: &Detail) -> Option<&str> {
    [&detail.rule_definition, &detail.code].into_iter().find_map(|text| {
        text.match_indices('R').find_map(|(at, _)| {
            let word = text.get(at..at + 4)?;
            let before = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
            let after = text[at + 4..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            (before && after && word[1..].bytes().all(|b| b.is_ascii_digit())).then_some(word)
        })
    })
}

/// The rule with that identifier, when only one has it.
fn rule_by_identifier(identifier: &str) -> Option<&'static str> {
    let mut rules = vat_return::rules::RULES.iter().filter(|rule| rule.identifier.eq_ignore_ascii_case(identifier));
    let first = rules.next()?;
    rules.next().is_none().then_some(first.number)
}

/// The line of the return that a place in the file belongs to: the last that begins before it, when the path says that
/// it is one, or the only line with that code.
fn line_of(deviation: &Deviation, xml_line: Option<u32>, vat_return: Option<&VatReturn>) -> Option<u32> {
    let lines = &vat_return?.lines;
    let within = deviation.path.contains("mvaSpesifikasjonslinje");
    let by_code = || {
        let code = deviation.vat_code.as_deref()?;
        let mut of_code = lines.iter().enumerate().filter(|(_, line)| line.code.value == code);
        let only = of_code.next();
        if of_code.next().is_none() { only.map(|(index, _)| index) } else { None }
    };
    let is_of_code = |index: &usize| {
        lines.get(*index).is_some_and(|line| agree(Some(line.code.value.as_str()), deviation.vat_code.as_deref()))
    };
    let index = match xml_line {
        Some(xml_line) if within => lines.iter().rposition(|line| line.at.line <= xml_line),
        _ => index_in(&deviation.path).filter(is_of_code).or_else(by_code),
    };
    index.and_then(|index| u32::try_from(index + 1).ok())
}

/// The place of a line, from 0, in a path such as `…/mvaSpesifikasjonslinje[3]/sats`.
fn index_in(path: &str) -> Option<usize> {
    let (_, after) = path.split_once("mvaSpesifikasjonslinje[")?;
    let (number, _) = after.split_once(']')?;
    number.parse::<usize>().ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests;
