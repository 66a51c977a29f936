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

/// Longest text that is read, in bytes: no number, key or moment comes near it. Some of them are read by going one call
/// deeper for each character.
const LONGEST: usize = 1_000;

/// Anything else that is written as a text.
///
/// # Errors
/// The text is none of it, or longer than it can be.
pub fn parse<T: std::str::FromStr>(column: &'static str, text: String) -> Result<T, DatabaseError> {
    let read = if text.len() > LONGEST { None } else { text.parse().ok() };
    read.ok_or(DatabaseError::Value { column, found: text })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde::Serialize;
    use view::EnvironmentName;

    use super::*;

    #[test]
    fn a_number_of_endless_digits_ends_nothing() {
        /// One call for each character, as some libraries read.
        #[derive(Debug)]
        struct Deep;
        impl std::str::FromStr for Deep {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                if text.is_empty() { Ok(Self) } else { std::hint::black_box(text[1..].parse()) }
            }
        }
        assert!(parse::<Deep>("assessed_vat", "0".repeat(LONGEST)).is_ok());
        let refused = parse::<Deep>("assessed_vat", "0".repeat(4_000_000));
        assert!(matches!(refused, Err(DatabaseError::Value { column: "assessed_vat", .. })));
    }

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
