//! What a column holds, to and from Rust: a state by its word, a moment and an id by their text.

use jiff::Timestamp;
use serde::de::DeserializeOwned;

pub use view::texts::word;

use super::DatabaseError;

/// The value whose word a column holds.
///
/// # Errors
/// No value has that word.
pub fn from_word<T: DeserializeOwned>(column: &'static str, word: String) -> Result<T, DatabaseError> {
    serde_json::from_value(serde_json::Value::String(word.clone()))
        .map_err(|_| DatabaseError::Value { column, found: word })
}

/// A moment.
///
/// # Errors
/// It is none.
pub fn moment(column: &'static str, text: String) -> Result<Timestamp, DatabaseError> {
    parse(column, text)
}

/// Anything else that is written as a text.
///
/// # Errors
/// The text is none of it.
pub fn parse<T: std::str::FromStr>(column: &'static str, text: String) -> Result<T, DatabaseError> {
    text.parse().map_err(|_| DatabaseError::Value { column, found: text })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Serialize;
    use view::EnvironmentName;

    use super::*;

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
