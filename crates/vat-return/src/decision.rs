//! What Skatteetaten decided about a return, read from `valideringsresultat` and from nothing else.
//!
//! A return that was rejected ends as one that was accepted: process ended, receipt there, the same label
//! (`docs/facts/apis.md` 1.9). So the result decides, and what is not understood counts for no approval.

use crate::complaint::{ComplaintKind, Rejection};
use crate::validation_result::{Outcome, ValidationResult};

/// What a `valideringsresultat` decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// `ingen avvik`.
    Accepted,
    /// `avvikende skattemelding`: accepted, with deviations.
    Deviating,
    /// `mangelfull skattemelding`: accepted, with something missing.
    Incomplete,
    /// `ugyldig skattemelding`: rejected.
    Invalid,
    /// It says something that is not known: another word, another namespace, or a contradiction.
    Unknown,
    /// It cannot be read.
    Unreadable,
    /// There is none.
    Missing,
}

impl Decision {
    /// What a `valideringsresultat` decides, with what can be read of it; nothing at all is [`Decision::Missing`].
    ///
    /// ```
    /// use vat_return::Decision;
    ///
    /// let said = |word: &str| {
    ///     format!("<valideringsresultat><avvikVedMeldingslevering>{word}</avvikVedMeldingslevering></valideringsresultat>")
    /// };
    /// assert_eq!(Decision::read(Some(said("ingen avvik").as_bytes())).0, Decision::Accepted);
    /// assert_eq!(Decision::read(Some(said("godkjent").as_bytes())).0, Decision::Unknown);
    /// ```
    pub fn read(file: Option<&[u8]>) -> (Self, Option<ValidationResult>) {
        let Some(bytes) = file else { return (Self::Missing, None) };
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return (Self::Missing, None);
        }
        match ValidationResult::read_outcome(bytes) {
            Ok(result) if result.is_contradicted(bytes) => (Self::Unknown, Some(result)),
            Ok(result) => (Self::of(&result), Some(result)),
            Err(rejection) if is_foreign(&rejection) => (Self::Unknown, None),
            Err(_) => (Self::Unreadable, None),
        }
    }

    /// One that approves as a whole and calls the return invalid in one of its findings contradicts itself; whoever reads
    /// it must look at it.
    fn of(result: &ValidationResult) -> Self {
        let invalid_within = || {
            let mut details = result.deviations.iter().flat_map(|deviation| &deviation.details);
            details.any(|detail| detail.kind == Outcome::Invalid)
        };
        match result.outcome {
            Outcome::Invalid => Self::Invalid,
            _ if invalid_within() => Self::Unknown,
            Outcome::NoDeviations => Self::Accepted,
            Outcome::Deviating => Self::Deviating,
            Outcome::Incomplete => Self::Incomplete,
        }
    }
}

/// Whether the file speaks of something that this program does not know: another word, namespace or document.
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

    fn of_xml(xml: &str) -> Decision {
        Decision::read(Some(xml.as_bytes())).0
    }

    fn approves(decision: Decision) -> bool {
        matches!(decision, Decision::Accepted | Decision::Deviating | Decision::Incomplete)
    }

    fn saying(word: &str) -> String {
        format!(
            "<valideringsresultat xmlns='{NAMESPACE}'><avvikVedMeldingslevering>{word}</avvikVedMeldingslevering>\
             </valideringsresultat>"
        )
    }

    #[test]
    fn what_says_two_things_in_the_words_of_both_shapes_must_be_looked_at() {
        let both = |old: &str, new: &str| {
            format!(
                "<valideringsresultat><status>{old}</status><avvikVedMeldingslevering>{new}</avvikVedMeldingslevering>\
                 </valideringsresultat>"
            )
        };
        assert_eq!(of_xml(&both("UGYLDIG_SKATTEMELDING", "ingen avvik")), Decision::Unknown);
        assert_eq!(of_xml(&both("INGEN_AVVIK", "ugyldig skattemelding")), Decision::Unknown);
        assert!(!approves(of_xml(&both("AVVIST", "ingen avvik"))));
        let swapped = "<valideringsresultat><avvikVedMeldingslevering>ingen avvik</avvikVedMeldingslevering>\
                       <status>UGYLDIG_SKATTEMELDING</status></valideringsresultat>";
        assert_eq!(of_xml(swapped), Decision::Unknown);
    }

    #[test]
    fn each_word_of_the_schema_has_its_decision() {
        assert_eq!(of_xml(&saying("ingen avvik")), Decision::Accepted);
        assert_eq!(of_xml(&saying("avvikende skattemelding")), Decision::Deviating);
        assert_eq!(of_xml(&saying("mangelfull skattemelding")), Decision::Incomplete);
        assert_eq!(of_xml(&saying("ugyldig skattemelding")), Decision::Invalid);
        let old = "<valideringsresultat><status>UGYLDIG_SKATTEMELDING</status></valideringsresultat>";
        assert_eq!(of_xml(old), Decision::Invalid);
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
            assert!(!approves(of_xml(&xml)) && of_xml(&xml) != Decision::Invalid, "{xml}");
        }
        let whole = saying("ingen avvik");
        for end in 1..whole.len() {
            let decision = of_xml(&whole[..end]);
            assert!(!approves(decision), "{decision:?} of {:?}", &whole[..end]);
        }
        assert_eq!(of_xml(&saying("godkjent")), Decision::Unknown);
        assert_eq!(of_xml(&saying("ingen avvik").replace(":v1'", ":v2'")), Decision::Unknown);
        assert_eq!(of_xml("<html><body>502</body>"), Decision::Unreadable);
        assert_eq!(of_xml("  \n"), Decision::Missing);
        assert_eq!(Decision::read(None).0, Decision::Missing);
    }

    #[test]
    fn an_approval_with_an_invalid_finding_contradicts_itself() {
        let xml = saying("ingen avvik").replace(
            "</valideringsresultat>",
            "<avvik><stiTilAvvik>/mvaMeldingDto</stiTilAvvik><avviksinformasjon><begrunnelse>Nei.</begrunnelse>\
             <avvikstype>ugyldig skattemelding</avvikstype><avvikKode>X</avvikKode><regelDefinisjon>Y</regelDefinisjon>\
             </avviksinformasjon></avvik></valideringsresultat>",
        );
        assert_eq!(of_xml(&xml), Decision::Unknown);
    }
}
