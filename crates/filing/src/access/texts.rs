//! The sentences of the guide, the self-check and the faults of a form: a table in `data/access.tsv`.

use std::{collections::HashMap, sync::LazyLock};

use vat_return::Language;

use crate::view::Values;

static TEXTS: LazyLock<HashMap<&'static str, [&'static str; 3]>> = LazyLock::new(|| {
    rows()
        .filter_map(|row| match *row.as_slice() {
            [key, nb, nn, en] => Some((key, [nb, nn, en])),
            _ => None,
        })
        .collect()
});

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("../../data/access.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split('\t').collect())
}

/// A text; a key that there is none for is shown as it is, and fails a test.
pub(super) fn text(key: &str, language: Language) -> String {
    let place = match language {
        Language::Nb => 0,
        Language::Nn => 1,
        Language::En => 2,
    };
    TEXTS.get(key).map_or_else(|| key.to_owned(), |texts| texts[place].to_owned())
}

/// The same with its values filled in.
pub(super) fn filled(key: &str, language: Language, values: &Values) -> String {
    let mut text = text(key, language);
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_text_is_there_in_three_languages_with_the_same_values() {
        let values = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap().into()).collect();
            names.sort();
            names
        };
        let mut keys = Vec::new();
        for row in rows() {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(row.iter().all(|text| !text.trim().is_empty() && !text.contains("  ")), "{row:?}");
            assert_eq!((values(row[1]), values(row[1])), (values(row[2]), values(row[3])), "{row:?}");
            keys.push(row[0]);
        }
        keys.sort_unstable();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "a key twice");
    }

    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for() {
        let source =
            [include_str!("mod.rs"), include_str!("guide.rs"), include_str!("check.rs"), include_str!("words.rs")]
                .concat();
        let named = |key: &str| source.contains(&format!("\"{key}\""));
        let unused: Vec<_> = TEXTS.keys().filter(|key| !named(key)).collect();
        assert!(unused.is_empty(), "{unused:?}");
        for piece in source.split('"').skip(1).step_by(2) {
            let is_key = ["field.", "guide.", "check.", "fault."].iter().any(|head| piece.starts_with(head));
            if is_key && !piece.ends_with('.') && piece.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
                assert!(TEXTS.contains_key(piece), "{piece}");
            }
        }
    }
}
