//! For a return of 2004 a finding said "I perioden gjelder ." and no more.

use crate::{bugs::input, desk::Desk};

#[test]
fn no_sentence_is_empty_for_a_year_without_rates() {
    let desk = Desk::new();
    for language in ["nb", "nn", "en"] {
        let (_, said) = desk.said(&["--lang", language, "check", &input("F13-aar-2004.xml")]);
        for empty in ["gjelder .", "gjeld .", "are .", "is .", "apply .", " ."] {
            assert!(!said.contains(empty), "{language}: {said}");
        }
    }
}
