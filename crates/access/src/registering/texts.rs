//! The sentences of the guide, the self-check and the faults of a form: `access.*` in `messages`.

use messages::{Language, fill};
use view::Values;

/// The text of a key, which stands in `messages` after `access.`. One that there is none for is shown as it is, and fails a
/// test.
pub(super) fn text(key: &str, language: Language) -> String {
    let text = crate::MESSAGES.find(language, &format!("access.{key}"));
    text.map_or_else(|| key.to_owned(), str::to_owned)
}

/// The same with its values filled in.
pub(super) fn filled(key: &str, language: Language, values: &Values) -> String {
    fill(&text(key, language), |name| values.get(name).cloned())
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_one_there_is_asked_for() {
        let source =
            [include_str!("mod.rs"), include_str!("guide.rs"), include_str!("check.rs"), include_str!("text_keys.rs")]
                .concat();
        let named = |key: &str| source.contains(&format!("\"{key}\""));
        let there: Vec<&str> = crate::MESSAGES.keys().filter_map(|key| key.strip_prefix("access.")).collect();
        let unused: Vec<_> = there.iter().filter(|key| !named(key)).collect();
        assert!(unused.is_empty(), "{unused:?}");
        for piece in source.split('"').skip(1).step_by(2) {
            let is_key = ["field.", "guide.", "check.", "fault."].iter().any(|head| piece.starts_with(head));
            if is_key && !piece.ends_with('.') && piece.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
                assert!(there.contains(&piece), "{piece}");
            }
        }
    }
}
