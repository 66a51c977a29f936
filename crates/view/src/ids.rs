//! The keys of what this program makes: filings, batches, cards, attachments.
//!
//! They come back from the window, from arguments, from rows of the database and from folders of the archive, and some of
//! them name files. A key is a UUID in its one written form; every text that comes from outside is parsed here, and one
//! that is anything else is no key, so that none can become a path that leads elsewhere.

use std::{fmt, str::FromStr};

use rusqlite::{ToSql, types::ToSqlOutput};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use uuid::Uuid;

/// A text that is no key of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a key from this program")]
pub struct NoKey;

macro_rules! keys {
    ($($(#[$about:meta])* $vis:vis $name:ident;)+) => {$(
        $(#[$about])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        $vis struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(key: Uuid) -> Self {
                Self(key)
            }
        }

        impl FromStr for $name {
            type Err = NoKey;

            /// Takes the one form that is written, and none of the others that a UUID may have.
            fn from_str(text: &str) -> Result<Self, NoKey> {
                let key = Self(Uuid::try_parse(text).map_err(|_| NoKey)?);
                if key.to_string() == text { Ok(key) } else { Err(NoKey) }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl From<$name> for String {
            fn from(key: $name) -> Self {
                key.to_string()
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(ToSqlOutput::from(self.to_string()))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
            }
        }

        // For the tests of the crates above: a feature for them would have everything built twice.
        #[doc(hidden)]
        impl $name {
            /// A key for a test that is a name of at most sixteen letters.
            #[must_use]
            pub fn named(name: &str) -> Self {
                let mut bytes = [0; 16];
                bytes[..name.len()].copy_from_slice(name.as_bytes());
                Self(Uuid::from_bytes(bytes))
            }

            /// The name again.
            #[must_use]
            pub fn name(&self) -> String {
                String::from_utf8_lossy(self.0.as_bytes()).trim_end_matches('\0').to_owned()
            }
        }
    )+};
}

keys! {
    /// Key of a filing.
    pub FilingId;
    /// Key of a batch.
    pub BatchId;
    /// Key of a card: a return that lies open.
    pub CardId;
    /// Key of a SAF-T delivery that lies open.
    pub DeliveryId;
    /// Key of a file that lies on a card.
    pub AttachmentId;
    /// Key of a draft.
    pub DraftId;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_written_form_of_a_key_is_a_key() {
        let text = "0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44";
        assert_eq!(text.parse::<FilingId>().unwrap().to_string(), text);
        assert_eq!(serde_json::from_str::<FilingId>(&format!("\"{text}\"")).unwrap(), text.parse().unwrap());
        for bad in [
            "",
            ".",
            "..",
            "/home/ingrid",
            "../../etc/passwd",
            "C:\\Windows",
            "0D9E1B5C-3C7F-4A52-9D5E-6A1F0C2B7E44",
            "{0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44}",
            "urn:uuid:0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44",
            "0d9e1b5c3c7f4a529d5e6a1f0c2b7e44",
            "0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44/..",
            " 0d9e1b5c-3c7f-4a52-9d5e-6a1f0c2b7e44",
        ] {
            assert_eq!(bad.parse::<FilingId>(), Err(NoKey), "{bad:?}");
            assert!(serde_json::from_value::<FilingId>(bad.into()).is_err(), "{bad:?}");
        }
    }
}
