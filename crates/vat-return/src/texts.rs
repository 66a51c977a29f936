//! The sentences and names of findings and explanations.
//!
//! They stand in the crate's `messages`: `finding.RULES.PART` for every rule, `label.GROUP NAMES` for what codes, themes,
//! remarks and periods are called. Several rules may share a text: `R019/swapped` is another text of R019, which
//! otherwise takes the words of R019. Nothing here runs until somebody wants to read a text.

mod fill;
mod format;
mod labels;

pub(crate) use crate::invisible::revealed;
pub(crate) use format::{amount, day, kroner, percent};
pub(crate) use labels::{category, code_name, kind, period_kind, remark, specification, theme, words};

use crate::finding::{Finding, FindingText};
use crate::invisible;
use crate::language::Language;
use crate::notice::Notice;
use crate::period;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The key of a rule's text, or of a variant's.
static FINDINGS: LazyLock<HashMap<(&'static str, &'static str), &'static str>> = LazyLock::new(|| {
    crate::MESSAGES
        .keys()
        .filter_map(|key| {
            let (rules, part) = key.strip_prefix("finding.")?.rsplit_once('.')?;
            Some((key, rules, part))
        })
        .flat_map(|(key, rules, part)| names(rules).map(move |rule| ((rule, part), key)))
        .collect()
});

/// `R003 R066/base R066/too large`: rules begin with `R` and a digit, the name of a variant may have blanks.
fn names(rules: &'static str) -> impl Iterator<Item = &'static str> {
    let begins = move |at: usize| {
        let rest = rules.as_bytes().get(at..).unwrap_or_default();
        matches!(rest, [b'R', digit, ..] if digit.is_ascii_digit())
    };
    let starts = rules.match_indices('R').map(|(at, _)| at).filter(move |at| begins(*at));
    starts.map(move |start| {
        let rest = rules.get(start..).unwrap_or_default();
        let end = rest.match_indices(" R").map(|(at, _)| at).find(|at| begins(start + at + 1)).unwrap_or(rest.len());
        rest.get(..end).unwrap_or_default()
    })
}

/// The text of a part, of the variant or else of the rule.
fn template(finding: &Finding, part: &'static str, language: Language) -> &'static str {
    let own = || FINDINGS.get(&(finding.rule, part));
    let key = if finding.variant.is_empty() {
        own()
    } else {
        let name = format!("{}/{}", finding.rule, finding.variant);
        FINDINGS.iter().find(|((rule, other), _)| *rule == name && *other == part).map(|(_, key)| key).or_else(own)
    };
    key.map(|key| crate::text(language, key)).unwrap_or_default()
}

impl Finding {
    /// The finding in words.
    pub fn text(&self, language: Language) -> FindingText {
        finding(self, language)
    }
}

impl Notice {
    /// The notice as one sentence.
    pub fn text(self, language: Language) -> String {
        notice(self, language)
    }
}

/// A finding in words.
pub(crate) fn finding(finding: &Finding, language: Language) -> FindingText {
    let part = |part| fill::fill(template(finding, part, language), |name| fill::value(finding, name, language));
    let mut message = part("message");
    // What is quoted looks right where the difference cannot be seen.
    if let Some(said) = invisible::said(fill::quoted(finding), language) {
        message.push(' ');
        message.push_str(&said);
    }
    FindingText { title: part("title"), message, advice: part("advice") }
}

/// A notice in words.
pub(crate) fn notice(notice: Notice, language: Language) -> String {
    match notice {
        Notice::NewerThanTables { published } => fill::fill(words("newer than tables", language), |name| {
            (name == "published").then(|| day(published, language))
        }),
        Notice::NoSuchWeek { week, year } => fill::fill(words("no such week", language), |name| match name {
            "week" => Some(week.to_string()),
            "year" => Some(period::year_in_words(year.into())),
            _ => None,
        }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::rules::RULES;

    #[test]
    fn several_rules_may_share_a_text() {
        assert_eq!(names("R003 R066/base R001/too large").collect::<Vec<_>>(), ["R003", "R066/base", "R001/too large"]);
    }

    #[test]
    fn every_rule_has_title_message_and_advice_in_three_languages() {
        for rule in &RULES {
            for part in ["title", "message", "advice"] {
                let texts = FINDINGS.get(&(rule.number, part)).unwrap_or_else(|| panic!("{} {part}", rule.number));
                for language in Language::ALL.iter().copied() {
                    assert!(!crate::text(language, texts).is_empty(), "{} {part} {language:?}", rule.number);
                }
            }
        }
        for (name, _) in FINDINGS.keys() {
            let number = name.split('/').next().unwrap();
            assert!(RULES.iter().any(|rule| rule.number == number), "{name} is no rule");
        }
    }

    #[test]
    fn titles_have_no_full_stop_and_the_rest_has_one() {
        for ((rule, part), key) in &*FINDINGS {
            for language in Language::ALL {
                let text = crate::text(*language, key);
                let stops = text.ends_with('.') || text == "{complaint}";
                assert_eq!(stops, *part != "title", "{rule} {part}: {text}");
            }
        }
    }
}
