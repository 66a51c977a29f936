//! The sentences of the lock and of a work account that does not get in: a table in `data/work.tsv`. They are here and not
//! in the window, because the command line says the same.

use std::{collections::HashMap, sync::LazyLock};

use vat_return::Language;

static TEXTS: LazyLock<HashMap<&'static str, [&'static str; 3]>> = LazyLock::new(|| {
    rows()
        .filter_map(|row| match *row.as_slice() {
            [key, nb, nn, en] => Some((key, [nb, nn, en])),
            _ => None,
        })
        .collect()
});

fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("../../data/work.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.skip(1).map(|line| line.split('\t').collect())
}

/// A text with its values filled in; a key that there is none for is shown as it is, and fails a test.
pub(super) fn text(key: &str, language: Language, values: &[(&str, &str)]) -> String {
    let place = match language {
        Language::Nb => 0,
        Language::Nn => 1,
        Language::En => 2,
    };
    let mut text = TEXTS.get(key).map_or_else(|| key.to_owned(), |texts| texts[place].to_owned());
    for (name, value) in values {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::failure::Failure;

    #[test]
    fn every_text_is_there_in_three_languages_with_the_same_values() {
        let values = |text: &str| {
            let mut names: Vec<String> =
                text.split('{').skip(1).filter_map(|rest| rest.split('}').next()).map(str::to_owned).collect();
            names.sort();
            names
        };
        for row in rows() {
            assert_eq!(row.len(), 4, "{row:?}");
            assert!(row.iter().all(|text| !text.trim().is_empty() && !text.contains("  ")), "{row:?}");
            assert_eq!((values(row[1]), values(row[1])), (values(row[2]), values(row[3])), "{row:?}");
        }
    }

    #[test]
    fn every_failure_has_words_and_a_next_step_and_no_text_is_left_over() {
        let mut wanted: Vec<String> = Failure::ALL
            .iter()
            .flat_map(|failure| ["title", "text", "todo"].map(|part| format!("{}.{part}", failure.key())))
            .collect();
        wanted.extend(
            ["label", "start", "idle", "now", "ended", "elsewhere", "changed", "unusable"]
                .map(|it| format!("lock.{it}")),
        );
        wanted.extend(["see", "check", "prepare", "file", "administer", "anybody"].map(|it| format!("right.{it}")));
        wanted.sort();
        let mut there: Vec<String> = rows().filter_map(|row| row.first().map(|key| (*key).to_owned())).collect();
        there.sort();
        assert_eq!(wanted, there);
    }
}
