//! Why something was not done, whatever module's error it began as.
//!
//! Every error of this crate becomes a [`Problem`] on its way out of the office; a filing and the archive keep one. What
//! crosses to the window is made of it in `view`, so that what is kept and what is shown can change apart.

mod code;

use std::{collections::BTreeMap, error::Error, fmt, io};

pub use code::{Delivered, ErrorCode};
use serde::{Deserialize, Deserializer, Serialize};
use shown::Shown;

/// A refusal or a fault: what it is, in words and with its causes, and whether anything was delivered. The names of its
/// fields are the database's and the archive's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What it is.
    pub code: ErrorCode,
    /// What happened, in English.
    #[serde(deserialize_with = "line")]
    pub message: String,
    /// Causes, the authority's own words and what else may help a supporter; one a line.
    #[serde(deserialize_with = "lines")]
    pub details: Vec<String>,
    /// What texts name, e.g. `company`, `right`, `rule`.
    #[serde(deserialize_with = "named")]
    pub values: BTreeMap<String, String>,
    /// Whether anything was delivered.
    pub delivered: Delivered,
}

/// Most details, and most values, that are read of one that was kept.
const MOST: usize = 500;

/// What is read may have been written by whoever can write to the archive: each text is one line of bounded length.
fn line<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(fit(&String::deserialize(from)?))
}

fn lines<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Vec::<String>::deserialize(from)?.iter().take(MOST).map(|it| fit(it)).collect())
}

fn named<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let all = BTreeMap::<String, String>::deserialize(from)?;
    Ok(all.iter().take(MOST).map(|(name, value)| (Shown::line(name).into_string(), fit(value))).collect())
}

fn fit(text: &str) -> String {
    Shown::text(text).into_string()
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Problem {}

/// A refusal with a text of our own, which may quote others; nothing was delivered.
///
/// Here and where more is added every text becomes one line of bounded length: errors quote files, names and answers, and what
/// is made of them is logged, printed and shown.
pub fn says(code: ErrorCode, message: impl Into<String>) -> Problem {
    let message = fit(&message.into());
    Problem { code, message, details: Vec::new(), values: BTreeMap::new(), delivered: Delivered::No }
}

/// A fault with its chain of causes.
pub fn of(code: ErrorCode, error: &(dyn Error + 'static)) -> Problem {
    let mut view = says(code, sentence(&error.to_string()));
    let mut cause = error.source();
    while let Some(error) = cause {
        view.details.push(fit(&error.to_string()));
        cause = error.source();
    }
    view
}

/// The same in the error's own words, each cause once.
pub fn as_it_says(code: ErrorCode, error: &(dyn Error + 'static)) -> Problem {
    let mut view = says(code, error.to_string());
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = fit(&error.to_string());
        if view.details.last() != Some(&text) {
            view.details.push(text);
        }
        cause = error.source();
    }
    view
}

/// What the operating system's complaint about a disk means.
pub fn of_io(error: &io::Error) -> ErrorCode {
    match error.kind() {
        io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::FileTooLarge
        | io::ErrorKind::ReadOnlyFilesystem => ErrorCode::DiskFull,
        _ => ErrorCode::DataUnusable,
    }
}

impl Problem {
    /// With a value for its message.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.insert(name.to_owned(), fit(&value.into()));
        self
    }

    /// With a value for its message, where there is one: the texts have words of their own for what is not known.
    pub fn with_some(self, name: &str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// With a line for whoever looks closer.
    pub fn detail(mut self, line: impl Into<String>) -> Self {
        let line = fit(&line.into());
        if !line.is_empty() {
            self.details.push(line);
        }
        self
    }

    /// With what is known of the delivery.
    pub fn when(mut self, delivered: Delivered) -> Self {
        self.delivered = delivered;
        self
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn whatever_an_error_quotes_a_problem_is_lines_that_forge_none() {
        #[derive(Debug, thiserror::Error)]
        #[error("the file says {0}")]
        struct Quotes(&'static str, #[source] io::Error);
        let evil = "Nei\n  Konto: 9999 99 99999\u{1b}[2J\u{202e}";
        let error = Quotes(evil, io::Error::other(evil));
        for made in [of(ErrorCode::Internal, &error), as_it_says(ErrorCode::Internal, &error)] {
            let made = made.detail(evil).with("file", evil).with_some("name", Some(evil.to_owned()));
            let texts = made.details.iter().chain(made.values.values()).chain([&made.message]);
            let texts: Vec<&String> = texts.collect();
            assert_eq!(texts.len(), 5);
            for text in texts {
                assert!(text.contains("Nei Konto: 9999 99 99999[2J"), "{text:?}");
                assert!(!text.contains(['\n', '\u{1b}', '\u{202e}']), "{text:?}");
            }
        }
        assert_eq!(says(ErrorCode::Internal, evil).message, "Nei Konto: 9999 99 99999[2J");
        assert!(says(ErrorCode::Internal, "å".repeat(1 << 20)).message.chars().count() <= shown::LONGEST_TEXT);
    }

    #[test]
    fn what_was_kept_of_a_problem_is_lines_that_forge_none() {
        let own = says(ErrorCode::ReturnRejected, "Skatteetaten rejected the return.")
            .detail("R012: The sum is wrong – 9\u{a0}600 kr.")
            .with("company", "Fjordlys Interiør AS")
            .when(Delivered::Yes);
        let kept = serde_json::to_string(&own).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&kept).unwrap(), own, "ours come back as they were");
        let evil = "Nei\n  Konto: 9999 99 99999\u{1b}[2J\u{202e}";
        let mut forged = serde_json::to_value(&own).unwrap();
        forged["message"] = evil.into();
        forged["details"] = vec![evil.to_owned(), "x".repeat(4 << 20)].into();
        forged["values"] = serde_json::json!({ "company": evil, (evil): "x" });
        let read: Problem = serde_json::from_value(forged.clone()).unwrap();
        let line = "Nei Konto: 9999 99 99999[2J";
        assert_eq!(
            (read.message.as_str(), read.details[0].as_str(), read.values["company"].as_str()),
            (line, line, line)
        );
        assert_eq!(read.values[line], "x");
        assert!(read.details[1].chars().count() <= shown::LONGEST_TEXT);
        forged["details"] = vec!["x"; 1_000_000].into();
        assert!(serde_json::from_value::<Problem>(forged).unwrap().details.len() <= MOST);
    }
}
