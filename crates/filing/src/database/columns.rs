//! What a column holds, to and from Rust: a state by its word, a moment and an id by their text.

use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};

use super::DatabaseError;

/// A unit variant as the database writes it: the word that the window uses too. Never an empty one: what has no word is
/// written so that reading it back fails with what it was.
pub(crate) fn word<T: Serialize + std::fmt::Debug>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) if !word.is_empty() => word,
        _ => {
            tracing::error!(?value, "It has no word.");
            format!("{value:?}?")
        }
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(column: &'static str, word: String) -> Result<T, DatabaseError> {
    serde_json::from_value(serde_json::Value::String(word.clone()))
        .map_err(|_| DatabaseError::Value { column, found: word })
}

pub(crate) fn moment(column: &'static str, text: String) -> Result<Timestamp, DatabaseError> {
    parse(column, text)
}

pub(crate) fn parse<T: std::str::FromStr>(column: &'static str, text: String) -> Result<T, DatabaseError> {
    text.parse().map_err(|_| DatabaseError::Value { column, found: text })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::view::EnvironmentName;

    #[test]
    fn what_has_no_word_is_never_written_as_nothing() {
        #[derive(Debug, Serialize, serde::Deserialize)]
        enum Kind {
            #[serde(rename = "")]
            Nameless,
            With(u8),
        }
        assert_eq!(word(&EnvironmentName::Practice), "practice");
        for wordless in [word(&Kind::Nameless), word(&Kind::With(1))] {
            assert!(!wordless.is_empty());
            let read = from_word::<Kind>("kind", wordless.clone());
            assert!(matches!(read, Err(DatabaseError::Value { found, .. }) if found == wordless));
        }
    }
}
