//! Putting values into a text.

use super::{category, code_name, day, format, kroner, percent, specification, words};
use crate::finding::{Finding, Value};
use crate::language::Language;
use crate::org_number::OrgNumber;
use crate::period;
use crate::tables::tables;

/// Replaces every `{name}`; a name without a value stays as it is.
pub(super) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len() * 3 / 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                match value(name) {
                    Some(value) => text.push_str(&value),
                    None => {
                        text.push('{');
                        text.push_str(name);
                        text.push('}');
                    }
                }
                rest = after;
            }
            None => {
                text.push('{');
                rest = after;
            }
        }
    }
    text.push_str(rest);
    text
}

/// The value a finding has for a name. Every finding knows `code`, `name` (of the code) and `category`.
pub(super) fn value(finding: &Finding, name: &str, language: Language) -> Option<String> {
    match name {
        "code" => finding.vat_code.as_ref().map(|code| shortened(code)),
        "name" => {
            let code = finding.vat_code.as_deref().and_then(|code| tables().code(code));
            Some(messages::small_letter(code_name(code, finding.category, false, language)))
        }
        "category" => Some(category(finding.category, language).to_owned()),
        _ => {
            let (_, value) = finding.values.iter().find(|(other, _)| *other == name)?;
            Some(shown(value, language))
        }
    }
}

fn shown(value: &Value, language: Language) -> String {
    match value {
        Value::Kroner(amount) => kroner(*amount),
        Value::Text(text) => shortened(text),
        Value::Percent(rate) => percent(&shortened(rate), language),
        Value::Rates(rates) => {
            let rates: Vec<String> = rates.iter().map(|rate| percent(rate, language)).collect();
            joined(&rates, words("or", language))
        }
        Value::Count(count) => count.to_string(),
        Value::Year(year) => period::year_in_words((*year).into()),
        Value::Day(date) => day(*date, language),
        Value::LastDay(period, later) => period.last_day_in_words(*later, language),
        Value::Period(period) => format::small_letter_in_sentence(&period.in_words(language), language),
        Value::Codes(codes) => {
            let codes: Vec<String> = codes.iter().map(|code| code.to_string()).collect();
            joined(&codes, words("and", language))
        }
        Value::Kind(kind) => super::period_kind(*kind, language).to_owned(),
        Value::Payer(number) => OrgNumber::shown(number),
        Value::Specification(name) => specification(name, language).map_or_else(|| shortened(name), str::to_owned),
        Value::Category(kind) => category(*kind, language).to_owned(),
        Value::Complaint(complaint) => complaint.text(language),
    }
}

/// What a finding quotes of the file.
pub(super) fn quoted(finding: &Finding) -> impl Iterator<Item = &str> {
    let values = finding.values.iter().filter_map(|(_, value)| match value {
        Value::Text(text) | Value::Percent(text) | Value::Specification(text) => Some(text.as_str()),
        _ => None,
    });
    finding.vat_code.as_deref().into_iter().chain(values)
}

/// `81, 83 og 86`.
fn joined(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}

/// A text of the file as a sentence can bear it: the schema sets no short limit.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    let mut letters = text.chars();
    let start: String =
        letters.by_ref().take(MOST).map(|letter| if letter.is_ascii_whitespace() { ' ' } else { letter }).collect();
    let start = super::revealed(&start);
    if letters.next().is_some() { start + "…" } else { start }
}
