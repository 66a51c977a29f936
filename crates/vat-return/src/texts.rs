//! The sentences and names of findings and explanations, in bokmål, nynorsk and English.
//!
//! They are tables in the crate's `data` folder: `findings.tsv` has a text for every rule, `labels.tsv` what
//! codes, themes, remarks and periods are called. Nothing here runs until somebody wants to read a text.

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
use std::collections::HashMap;
use std::sync::LazyLock;

/// A text in bokmål, nynorsk and English.
type Texts = [&'static str; 3];

static FINDINGS: LazyLock<HashMap<(&'static str, &'static str), Texts>> = LazyLock::new(|| {
    rows(include_str!("../data/findings.tsv"))
        .filter_map(|row| match *row.as_slice() {
            [rules, part, nb, nn, en] => Some((rules, part, [nb, nn, en])),
            _ => None,
        })
        .flat_map(|(rules, part, texts)| names(rules).map(move |rule| ((rule, part), texts)))
        .collect()
});

/// The rows below the heading, comments left out.
fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

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

fn pick(texts: &Texts, language: Language) -> &'static str {
    let [nb, nn, en] = *texts;
    match language {
        Language::Nb => nb,
        Language::Nn => nn,
        Language::En => en,
    }
}

/// The text of a part, of the variant or else of the rule.
fn template(finding: &Finding, part: &'static str, language: Language) -> &'static str {
    let own = || FINDINGS.get(&(finding.rule, part));
    let texts = if finding.variant.is_empty() {
        own()
    } else {
        let name = format!("{}/{}", finding.rule, finding.variant);
        FINDINGS.iter().find(|((rule, other), _)| *rule == name && *other == part).map(|(_, texts)| texts).or_else(own)
    };
    texts.map(|texts| pick(texts, language)).unwrap_or_default()
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
            "year" => Some(year.to_string()),
            _ => None,
        }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::rules::RULES;

    const LANGUAGES: [Language; 3] = [Language::Nb, Language::Nn, Language::En];

    #[test]
    fn every_row_of_every_file_is_understood() {
        for (file, columns) in [(include_str!("../data/findings.tsv"), 5), (include_str!("../data/labels.tsv"), 4)] {
            for row in rows(file) {
                assert_eq!(row.len(), columns, "{row:?}");
                assert!(row.iter().all(|cell| !cell.trim().is_empty()), "{row:?}");
            }
        }
        assert_eq!(names("R003 R066/base R001/too large").collect::<Vec<_>>(), ["R003", "R066/base", "R001/too large"]);
    }

    #[test]
    fn every_rule_has_title_message_and_advice_in_three_languages() {
        for rule in &RULES {
            for part in ["title", "message", "advice"] {
                let texts = FINDINGS.get(&(rule.number, part)).unwrap_or_else(|| panic!("{} {part}", rule.number));
                for language in LANGUAGES {
                    assert!(!pick(texts, language).is_empty(), "{} {part} {language:?}", rule.number);
                }
            }
        }
        for (name, _) in FINDINGS.keys() {
            let number = name.split('/').next().unwrap();
            assert!(RULES.iter().any(|rule| rule.number == number), "{name} is no rule");
        }
    }

    #[test]
    fn the_three_languages_use_the_same_values() {
        let values = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        for (key, texts) in &*FINDINGS {
            let [nb, nn, en] = texts.map(values);
            assert_eq!(nb, nn, "{key:?}");
            assert_eq!(nb, en, "{key:?}");
        }
    }

    #[test]
    fn titles_have_no_full_stop_and_the_rest_has_one() {
        for ((rule, part), texts) in &*FINDINGS {
            for text in texts {
                let stops = text.ends_with('.') || *text == "{complaint}";
                assert_eq!(stops, *part != "title", "{rule} {part}: {text}");
            }
        }
    }
}
