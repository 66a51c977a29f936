//! The languages of the program's texts, and the message files that the texts stand in.
//!
//! Every crate that has something to say has a folder `messages` with one JSON file for each of the three languages that the
//! program is written in, as the window has in `ui/src/i18n`: keys to texts, values as `{name}`. A new language is one new file
//! in `translations` at the repository's root, with the texts of all crates and of the window. Somebody who translates edits
//! those files and no code; the tests of this crate hold them against each other and against the sources. [`Language`] is made
//! of the files there are.
//!
//! A program that was built for trying (`debug_assertions`) takes the texts of all languages from the folder that
//! `MOMSBUD_MESSAGES` names, one file for each crate (`cli.json`): so a translation is seen before anything is built.
//!
//! ```
//! use messages::{Language, Messages};
//!
//! static TEXTS: Messages = Messages::new("example", &[
//!     (Language::Nb, r#"{"left": "Det er {count} igjen."}"#),
//!     (Language::En, r#"{"left": "{count} are left."}"#),
//! ]);
//! assert_eq!(TEXTS.filled(Language::En, "left", &[("count", &2)]), "2 are left.");
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

use std::{collections::HashMap, fmt::Display, sync::OnceLock};

include!(concat!(env!("OUT_DIR"), "/languages.rs"));

/// A text as it stands within a sentence: with a small first letter.
#[must_use]
pub fn small_letter(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// A text as it begins a sentence: with a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The message files of a crate that are read when somebody first asks for a text of their language.
#[derive(Debug)]
pub struct Messages {
    name: &'static str,
    files: &'static [(Language, &'static str)],
    read: OnceLock<HashMap<Language, HashMap<String, String>>>,
}

impl Messages {
    /// Of files, as they stand, and the name they are known by when others are tried in their place.
    #[must_use]
    pub const fn new(name: &'static str, files: &'static [(Language, &'static str)]) -> Self {
        Self { name, files, read: OnceLock::new() }
    }

    /// A text, if there is one of this key.
    pub fn find(&'static self, language: Language, key: &str) -> Option<&'static str> {
        let read = self.read.get_or_init(|| {
            let tried: Option<HashMap<String, String>> =
                tried(self.name).map(|file| serde_json::from_str(&file).unwrap_or_default());
            let own =
                self.files.iter().map(|(language, file)| (*language, serde_json::from_str(file).unwrap_or_default()));
            let all =
                own.chain(translated(self.name)).map(|(language, texts)| (language, tried.clone().unwrap_or(texts)));
            all.collect()
        });
        read.get(&language)?.get(key).map(String::as_str)
    }

    /// A text. A key that there is none for is shown as it is, and fails a test.
    pub fn text<'k>(&'static self, language: Language, key: &'k str) -> &'k str {
        self.find(language, key).unwrap_or(key)
    }

    /// A text with its values.
    pub fn filled(&'static self, language: Language, key: &str, values: &[(&str, &dyn Display)]) -> String {
        fill(self.text(language, key), |name| {
            values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.to_string())
        })
    }

    /// Every key.
    pub fn keys(&'static self) -> impl Iterator<Item = &'static str> {
        let first = self.files.first().map(|(language, _)| *language).unwrap_or_default();
        let _ = self.find(first, "");
        self.read.get().and_then(|read| read.get(&first)).into_iter().flat_map(|texts| texts.keys().map(String::as_str))
    }
}

/// What the translations have of a crate's texts.
fn translated(name: &str) -> impl Iterator<Item = (Language, HashMap<String, String>)> {
    type Sections = HashMap<String, HashMap<String, String>>;
    static READ: OnceLock<Vec<(Language, Sections)>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let read = |(language, file): &(Language, &str)| (*language, serde_json::from_str(file).unwrap_or_default());
        TRANSLATIONS.iter().map(read).collect()
    });
    read.iter().map(move |(language, sections)| (*language, sections.get(name).cloned().unwrap_or_default()))
}

/// A translation that is tried.
#[cfg(debug_assertions)]
#[allow(
    clippy::disallowed_methods,
    reason = "whoever tries a translation names the folder, and no such program is given to anybody"
)]
fn tried(name: &str) -> Option<String> {
    let folder = std::env::var_os("MOMSBUD_MESSAGES")?;
    std::fs::read_to_string(std::path::Path::new(&folder).join(name).with_extension("json")).ok()
}

#[cfg(not(debug_assertions))]
fn tried(_: &str) -> Option<String> {
    None
}

/// A text with `{name}` replaced by the value of that name. What has no value stays as it is; what stands in a value is
/// not looked at again.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = match after.split_once('}').and_then(|(name, rest)| Some((value(name)?, rest))) {
            Some((value, rest)) => {
                filled.push_str(&value);
                rest
            }
            None => {
                filled.push('{');
                after
            }
        };
    }
    filled.push_str(rest);
    filled
}

/// Makes `text` and `filled` of the crate's own `messages` folder, or of another within its package, for the crate's root.
#[macro_export]
macro_rules! folder {
    () => {
        $crate::folder!("/messages");
    };
    ($folder:literal) => {
        static MESSAGES: $crate::Messages =
            $crate::files!(env!("CARGO_PKG_NAME"), concat!(env!("CARGO_MANIFEST_DIR"), $folder));

        /// A text of this crate's message files.
        #[allow(dead_code, reason = "a crate may have only texts with values")]
        pub(crate) fn text(language: $crate::Language, key: &'static str) -> &'static str {
            MESSAGES.text(language, key)
        }

        /// A text of this crate's message files, with its values.
        #[allow(dead_code, reason = "a crate may have only texts without values")]
        pub(crate) fn filled(
            language: $crate::Language,
            key: &str,
            values: &[(&str, &dyn std::fmt::Display)],
        ) -> String {
            MESSAGES.filled(language, key, values)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEXTS: Messages = Messages::new(
        "tests",
        &[
            (Language::Nb, r#"{"both": "{a} og {b}", "one": "én"}"#),
            (Language::En, r#"{"both": "{b} and {a}", "one": "one"}"#),
        ],
    );

    #[test]
    fn values_stand_where_the_language_has_them() {
        let values: [(&str, &dyn Display); 2] = [("a", &1), ("b", &"{a}")];
        assert_eq!(TEXTS.filled(Language::Nb, "both", &values), "1 og {a}");
        assert_eq!(TEXTS.filled(Language::En, "both", &values), "{a} and 1");
        assert_eq!(fill("{no} {unclosed", |_| None), "{no} {unclosed");
    }

    #[test]
    fn what_is_not_there_shows_its_key() {
        assert_eq!(TEXTS.text(Language::En, "one"), "one");
        assert_eq!(TEXTS.text(Language::En, "none.such"), "none.such");
        assert_eq!(TEXTS.find(Language::Nn, "one"), None);
        assert_eq!(TEXTS.keys().count(), 2);
    }
}
