//! Reads the body of a refusal, whatever shape the authority gave it.
//!
//! Documented are quoted strings, bare text, problem+json, a list of issues, a validation result as XML, alone or
//! after a text, and Skatteetaten's own `{kode, melding, korrelasjonsid}` in JSON and XML (apis.md 1.3, 1.4, 2.2).

use serde_json::Value;
use vat_return::validation_result::ValidationResult;

use crate::{BearerToken, ValidationIssue, clean::clean};

/// What a refusal says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) text: String,
    pub(crate) validation: Option<Box<ValidationResult>>,
    pub(crate) issues: Vec<ValidationIssue>,
    pub(crate) needs_level: Option<u8>,
    /// It is a page of HTML: of something in between, whatever its title says.
    pub(crate) is_page: bool,
}

/// What stands for a page of HTML.
pub(crate) const PAGE: &str = "a page of HTML";

impl Refusal {
    pub(crate) fn read(body: &[u8], token: Option<&BearerToken>) -> Self {
        let raw = String::from_utf8_lossy(body);
        let raw = raw.trim_start_matches('\u{feff}').trim();
        let mut refusal = Self::default();
        let mut lines = Vec::new();
        match serde_json::from_str::<Value>(raw) {
            Ok(value) => refusal.take_json(&value, &mut lines),
            Err(_) => refusal.take_text(raw, &mut lines),
        }
        let mut said: Vec<String> = Vec::new();
        for line in lines.iter().map(|line| clean(line, token)) {
            if !line.is_empty() && !said.contains(&line) {
                said.push(line);
            }
        }
        for issue in &mut refusal.issues {
            issue.description = clean(&issue.description, token);
        }
        refusal.text = said.join("\n");
        refusal
    }

    fn take_json(&mut self, value: &Value, lines: &mut Vec<String>) {
        match value {
            Value::String(text) => self.take_text(text, lines),
            Value::Array(items) => items.iter().for_each(|item| self.take_json(item, lines)),
            Value::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str);
                if let Some(melding) = text("melding").or_else(|| text("Melding")) {
                    lines.push(skatteetaten(text("kode"), melding, text("korrelasjonsid")));
                    return;
                }
                for name in ["detail", "title", "description", "message"] {
                    if let Some(said) = text(name) {
                        self.take_text(said, lines);
                    }
                }
                if let Some(Value::Array(issues)) = fields.get("validationIssues") {
                    for issue in issues {
                        self.take_issue(issue, lines);
                    }
                }
                // ASP.NET's own problem: reasons by the name of what they are about.
                if let Some(Value::Object(errors)) = fields.get("errors") {
                    errors.values().for_each(|reasons| self.take_json(reasons, lines));
                }
                // A validation result under a name that nobody has told of.
                for said in fields.values().filter_map(Value::as_str) {
                    if self.is_first_result(said) {
                        self.take_text(said, lines);
                    }
                }
                if let Some(Value::Object(obligations)) = fields.get("failedObligations") {
                    for (name, wanted) in obligations {
                        let wanted = wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned);
                        if name.ends_with("minimum-authenticationlevel") {
                            self.needs_level = wanted.parse().ok();
                        }
                        lines.push(format!("{name}: {wanted}"));
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a text has a validation result, and none has been found so far.
    fn is_first_result(&self, text: &str) -> bool {
        self.validation.is_none() && cut_element(text, "valideringsresultat").is_some()
    }

    fn take_issue(&mut self, issue: &Value, lines: &mut Vec<String>) {
        let text = |name: &str| issue.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let description = text("description").or_else(|| text("code")).unwrap_or_default();
        self.take_text(description, lines);
        self.issues.push(ValidationIssue {
            severity: issue
                .get("severity")
                .and_then(Value::as_u64)
                .and_then(|n| u8::try_from(n).ok())
                .unwrap_or_default(),
            code: text("code").map(str::to_owned),
            description: description.to_owned(),
            field: text("field").map(str::to_owned),
        });
    }

    /// Text, with a validation result or Skatteetaten's error XML in it, or not; or JSON within a string.
    fn take_text(&mut self, text: &str, lines: &mut Vec<String>) {
        let text = text.trim();
        if text.starts_with(['"', '{', '['])
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            self.take_json(&value, lines);
        } else if let Some((before, xml, after)) = cut_element(text, "valideringsresultat")
            && let Ok(result) = ValidationResult::read_outcome(undeclared(xml).as_bytes())
        {
            self.validation = Some(Box::new(result));
            lines.extend([before.to_owned(), after.to_owned()]);
        } else if let Some((_, xml, _)) = cut_element(text, "feil")
            && let Some(melding) = element_text(xml, "melding")
        {
            lines.push(skatteetaten(
                element_text(xml, "kode").as_deref(),
                &melding,
                element_text(xml, "korrelasjonsid").as_deref(),
            ));
        } else if is_page(text) {
            // A proxy's or gateway's page of HTML says nothing to a user; its title may.
            self.is_page = true;
            lines.push(element_text(text, "title").unwrap_or_else(|| PAGE.to_owned()));
        } else {
            lines.push(text.to_owned());
        }
    }
}

/// XML without its declaration: what has come within a text is text already, whatever encoding it once was to have.
fn undeclared(xml: &str) -> &str {
    let declaration = if xml.starts_with("<?xml") { xml.find("?>") } else { None };
    declaration.map_or(xml, |end| xml[end + 2..].trim_start())
}

fn skatteetaten(code: Option<&str>, message: &str, correlation: Option<&str>) -> String {
    let mut line = code.map_or_else(|| message.to_owned(), |code| format!("{code}: {message}"));
    if let Some(correlation) = correlation {
        line.push_str(&format!(" (korrelasjonsid {correlation})"));
    }
    line
}

fn is_page(text: &str) -> bool {
    let start: String = text.chars().take(200).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

/// Cuts an element with any prefix, and an XML declaration before it, out of a text: (before, element, after).
fn cut_element<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let start = tag(text, name, "<")?;
    let end = tag_last(text, name)?;
    if end <= start {
        return None;
    }
    let before = &text[..start];
    let declared = before.rfind("<?xml").filter(|at| before[*at..].trim_end().ends_with("?>"));
    let start = declared.unwrap_or(start);
    Some((text[..start].trim(), &text[start..end], text[end..].trim()))
}

/// Where the first start tag of that local name begins.
fn tag(text: &str, name: &str, open: &str) -> Option<usize> {
    text.match_indices(open)
        .map(|(at, _)| at)
        .find(|&at| local_name(&text[at + open.len()..]).is_some_and(|n| n == name))
}

/// Where the last end tag of that local name ends.
fn tag_last(text: &str, name: &str) -> Option<usize> {
    let at = text
        .match_indices("</")
        .map(|(at, _)| at)
        .filter(|&at| local_name(&text[at + 2..]).is_some_and(|n| n == name))
        .last()?;
    Some(at + text[at..].find('>')? + 1)
}

fn local_name(after_open: &str) -> Option<&str> {
    let end = after_open.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/'))?;
    let qualified = &after_open[..end];
    Some(qualified.rsplit(':').next().unwrap_or(qualified))
}

fn element_text(xml: &str, name: &str) -> Option<String> {
    let start = tag(xml, name, "<")?;
    let content = start + xml[start..].find('>')? + 1;
    let end = content + xml[content..].find("</")?;
    let text = xml[content..end].trim();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    Some(text)
}
