//! Skatteetaten's verdict over a delivered return, read from `valideringsresultat` and from nothing else.
//!
//! A return that was rejected ends as one that was accepted: process ended, receipt there, the same label (apis.md 1.9).
//! So the result decides, and what is not understood counts for no approval.

use vat_return::{
    ComplaintKind, Rejection,
    validation_result::{Outcome, ValidationResult},
};

use crate::view::Verdict;

/// The verdict in a `valideringsresultat`, with what can be read of it; nothing at all is [`Verdict::Missing`].
pub(crate) fn verdict(file: Option<&[u8]>) -> (Verdict, Option<ValidationResult>) {
    let Some(bytes) = file else { return (Verdict::Missing, None) };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return (Verdict::Missing, None);
    }
    match ValidationResult::read_outcome(bytes) {
        Ok(result) => (of(&result), Some(result)),
        Err(rejection) if is_foreign(&rejection) => (Verdict::Unknown, None),
        Err(_) => (Verdict::Unreadable, None),
    }
}

/// The verdict of a result. One that approves as a whole and calls the return invalid in one of its findings contradicts
/// itself; whoever reads it must look at it.
fn of(result: &ValidationResult) -> Verdict {
    let invalid_within = || {
        let mut details = result.deviations.iter().flat_map(|deviation| &deviation.details);
        details.any(|detail| detail.kind == Outcome::Invalid)
    };
    match result.outcome {
        Outcome::Invalid => Verdict::Invalid,
        _ if invalid_within() => Verdict::Unknown,
        Outcome::NoDeviations => Verdict::Accepted,
        Outcome::Deviating => Verdict::Deviating,
        Outcome::Incomplete => Verdict::Incomplete,
    }
}

/// Whether the file is whole and speaks of something that this program does not know: another word, namespace or document.
fn is_foreign(rejection: &Rejection) -> bool {
    rejection.complaints().iter().any(|complaint| match complaint.kind {
        ComplaintKind::NotListed | ComplaintKind::WrongNamespace => true,
        // The right name in a namespace of another version.
        ComplaintKind::OtherDocument => complaint.element() == "valideringsresultat",
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMESPACE: &str = "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1";

    fn of_xml(xml: &str) -> Verdict {
        verdict(Some(xml.as_bytes())).0
    }

    fn saying(word: &str) -> String {
        format!(
            "<valideringsresultat xmlns='{NAMESPACE}'><avvikVedMeldingslevering>{word}</avvikVedMeldingslevering>\
             </valideringsresultat>"
        )
    }

    #[test]
    fn each_word_of_the_schema_has_its_verdict() {
        assert_eq!(of_xml(&saying("ingen avvik")), Verdict::Accepted);
        assert_eq!(of_xml(&saying("avvikende skattemelding")), Verdict::Deviating);
        assert_eq!(of_xml(&saying("mangelfull skattemelding")), Verdict::Incomplete);
        assert_eq!(of_xml(&saying("ugyldig skattemelding")), Verdict::Invalid);
        let old = "<valideringsresultat><status>UGYLDIG_SKATTEMELDING</status></valideringsresultat>";
        assert_eq!(of_xml(old), Verdict::Invalid);
    }

    #[test]
    fn nothing_that_is_not_understood_approves() {
        for xml in [
            saying("godkjent"),
            saying(""),
            saying("Ingen Avvik"),
            saying("ingen avvik").replace(":v1'", ":v2'"),
            saying("ingen avvik").replace("valideringsresultat", "resultat"),
            "<valideringsresultat/>".to_owned(),
        ] {
            assert_eq!(of_xml(&xml).ends_as(), crate::view::FilingState::Unclear, "{xml}");
        }
        let whole = saying("ingen avvik");
        for end in 1..whole.len() {
            let verdict = of_xml(&whole[..end]);
            assert!(!verdict.ends_as().is_accepted(), "{verdict:?} of {:?}", &whole[..end]);
        }
        assert_eq!(of_xml(&saying("godkjent")), Verdict::Unknown);
        assert_eq!(of_xml(&saying("ingen avvik").replace(":v1'", ":v2'")), Verdict::Unknown);
        assert_eq!(of_xml("<html><body>502</body>"), Verdict::Unreadable);
        assert_eq!(of_xml("  \n"), Verdict::Missing);
        assert_eq!(verdict(None).0, Verdict::Missing);
    }

    #[test]
    fn an_approval_with_an_invalid_finding_contradicts_itself() {
        let xml = saying("ingen avvik").replace(
            "</valideringsresultat>",
            "<avvik><stiTilAvvik>/mvaMeldingDto</stiTilAvvik><avviksinformasjon><begrunnelse>Nei.</begrunnelse>\
             <avvikstype>ugyldig skattemelding</avvikstype><avvikKode>X</avvikKode><regelDefinisjon>Y</regelDefinisjon>\
             </avviksinformasjon></avvik></valideringsresultat>",
        );
        assert_eq!(of_xml(&xml), Verdict::Unknown);
    }
}
