//! The sentences of the lock and of a work account that does not get in: `work.*` in `messages`. They are here and not in
//! the window, because the command line says the same.

use messages::{Language, fill};

/// The text of a key, which stands in `messages` after `work.`, with its values filled in. One that there is none for is
/// shown as it is, and fails a test.
pub(super) fn text(key: &str, language: Language, values: &[(&str, &str)]) -> String {
    let text = crate::MESSAGES.find(language, &format!("work.{key}")).unwrap_or(key);
    fill(text, |name| values.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned()))
}

#[cfg(test)]
mod tests {
    use crate::work::failure::{Failure, key};

    #[test]
    fn every_failure_has_words_and_a_next_step_and_no_text_is_left_over() {
        let mut wanted: Vec<String> = Failure::ALL
            .iter()
            .flat_map(|failure| ["title", "text", "todo"].map(|part| format!("{}.{part}", key(*failure))))
            .collect();
        wanted.extend(
            ["label", "start", "idle", "now", "ended", "elsewhere", "changed", "unusable"]
                .map(|it| format!("lock.{it}")),
        );
        wanted.extend(["see", "check", "prepare", "file", "administer", "anybody"].map(|it| format!("right.{it}")));
        wanted.sort();
        let mut there: Vec<String> =
            crate::MESSAGES.keys().filter_map(|key| key.strip_prefix("work.")).map(str::to_owned).collect();
        there.sort();
        assert_eq!(wanted, there);
    }
}
