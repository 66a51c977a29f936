//! Situations that the practice can be put into, each by one switch: what other programs have seen in the test and
//! production systems (apis.md 1.9), in the times of a practice.

use crate::settings::{AppVersion, ConflictShape, FeedbackVerdict, InvalidReturnShape, Settings};
use serde::{Deserialize, Serialize};

/// A situation. Several may be on at once; of those that say what the verdict is, one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Situation {
    /// Rejected after delivery, with a receipt and the label "Mottatt".
    Rejected,
    /// Accepted with deviations.
    Deviating,
    /// Accepted, something missing.
    Incomplete,
    /// The verdict is a word that nobody knows.
    UnknownVerdict,
    /// The verdict is of another namespace.
    ForeignVerdict,
    /// The verdict cannot be read.
    UnreadableVerdict,
    /// There is no verdict.
    MissingVerdict,
    /// The verdict comes days after the receipt.
    LateVerdict,
    /// The payment information comes well before the verdict.
    EarlyPayment,
    /// A new instance answers 404 for a time.
    SlowInstance,
    /// `GET feedback` waits instead of answering 409.
    WaitingFeedback,
    /// The app refuses what the validation took: a 409 at the first process/next.
    RefusedByApp,
    /// A 409 comes as text, with a sentence before the result.
    ConflictWithText,
    /// A 409 comes as a JSON string, with a sentence before the result.
    ConflictAsJson,
    /// A 409 comes as problem+json.
    ConflictAsProblem,
    /// The app is gone from its address.
    AppMoved,
    /// The app is of the older generation.
    OlderApp,
    /// What is delivered is taken and never processed, as what a system user delivers.
    NeverProcessed,
    /// The browser's session is another person's: she comes back from the sign-in.
    AnotherPerson,
    /// Altinn has not granted its scopes to the organisation, and ID-porten refuses the sign-in.
    ScopesNotGranted,
    /// The sign-in's token is as Maskinporten's: it names no person, and neither the validation nor Altinn takes it.
    MachineToken,
    /// A return with a remark in free text is handled by hand, and its verdict comes days later.
    FreeTextByHand,
    /// Money back is held: an earlier period is missing, and no account is known.
    RefundHeld,
}

/// The payment comes after so long, seconds; 30 to 45 have been seen.
const PAYMENT: f64 = 3.0;
/// The process ends after so long then, so that there is a time in between.
const END: f64 = 20.0;
/// A new instance is not ready for so long, seconds; 25 to 120 have been seen.
const SLOW: f64 = 12.0;
/// The verdict is so late, seconds: two days.
pub(crate) const LATE: f64 = 2.0 * 24.0 * 60.0 * 60.0;

impl Situation {
    /// All situations, in the order of a menu.
    pub const ALL: [Self; 23] = [
        Self::Rejected,
        Self::Deviating,
        Self::Incomplete,
        Self::UnknownVerdict,
        Self::ForeignVerdict,
        Self::UnreadableVerdict,
        Self::MissingVerdict,
        Self::LateVerdict,
        Self::EarlyPayment,
        Self::SlowInstance,
        Self::WaitingFeedback,
        Self::RefusedByApp,
        Self::ConflictWithText,
        Self::ConflictAsJson,
        Self::ConflictAsProblem,
        Self::AppMoved,
        Self::OlderApp,
        Self::NeverProcessed,
        Self::AnotherPerson,
        Self::ScopesNotGranted,
        Self::MachineToken,
        Self::FreeTextByHand,
        Self::RefundHeld,
    ];

    /// The verdict it stands for, if it is one of those.
    fn verdict(self) -> Option<FeedbackVerdict> {
        Some(match self {
            Self::Rejected => FeedbackVerdict::Invalid,
            Self::Deviating => FeedbackVerdict::Deviating,
            Self::Incomplete => FeedbackVerdict::Incomplete,
            Self::UnknownVerdict => FeedbackVerdict::UnknownWord,
            Self::ForeignVerdict => FeedbackVerdict::OtherNamespace,
            Self::UnreadableVerdict => FeedbackVerdict::Unreadable,
            Self::MissingVerdict => FeedbackVerdict::Missing,
            Self::LateVerdict
            | Self::EarlyPayment
            | Self::SlowInstance
            | Self::WaitingFeedback
            | Self::RefusedByApp
            | Self::ConflictWithText
            | Self::ConflictAsJson
            | Self::ConflictAsProblem
            | Self::AppMoved
            | Self::OlderApp
            | Self::NeverProcessed
            | Self::AnotherPerson
            | Self::ScopesNotGranted
            | Self::MachineToken
            | Self::FreeTextByHand
            | Self::RefundHeld => return None,
        })
    }

    /// The shape of a 409 that holds more than the result, if it is one of those.
    fn conflict(self) -> Option<ConflictShape> {
        match self {
            Self::ConflictWithText => Some(ConflictShape::Text),
            Self::ConflictAsJson => Some(ConflictShape::JsonString),
            Self::ConflictAsProblem => Some(ConflictShape::Problem),
            _ => None,
        }
    }

    /// Whether the practice is in it.
    #[must_use]
    pub fn is_on(self, settings: &Settings) -> bool {
        let altinn = &settings.altinn;
        if let Some(verdict) = self.verdict() {
            return settings.skatteetaten.verdict == verdict;
        }
        if let Some(shape) = self.conflict() {
            return altinn.conflict_shape == shape && altinn.invalid_return_shape == InvalidReturnShape::TextAndXml;
        }
        match self {
            Self::LateVerdict => altinn.verdict_delay_seconds.is_some_and(|late| late > altinn.feedback_delay_seconds),
            Self::EarlyPayment => altinn.payment_delay_seconds > 0.0,
            Self::SlowInstance => altinn.instance_delay_seconds > 0.0,
            Self::WaitingFeedback => altinn.feedback_waits,
            Self::RefusedByApp => altinn.refuses_returns,
            Self::AppMoved => altinn.app_moved,
            Self::OlderApp => altinn.app_version == AppVersion::V7,
            Self::NeverProcessed => altinn.never_processed,
            Self::AnotherPerson => settings.id_porten.another_person,
            Self::ScopesNotGranted => settings.id_porten.altinn_scopes_refused,
            Self::MachineToken => settings.id_porten.machine_tokens,
            Self::FreeTextByHand => altinn.free_text_by_hand,
            Self::RefundHeld => settings.skatteetaten.refunds_held,
            _ => false,
        }
    }

    /// Puts the practice into it, or takes it out.
    pub fn switch(self, settings: &mut Settings, on: bool) {
        let usual = Settings::default();
        if let Some(verdict) = self.verdict() {
            if on {
                settings.skatteetaten.verdict = verdict;
            } else if settings.skatteetaten.verdict == verdict {
                settings.skatteetaten.verdict = usual.skatteetaten.verdict;
            }
            return;
        }
        if let Some(shape) = self.conflict() {
            let (shape, result) = if on {
                (shape, InvalidReturnShape::TextAndXml)
            } else if self.is_on(settings) {
                (usual.altinn.conflict_shape, usual.altinn.invalid_return_shape)
            } else {
                return;
            };
            (settings.altinn.conflict_shape, settings.altinn.invalid_return_shape) = (shape, result);
            return;
        }
        let altinn = &mut settings.altinn;
        match self {
            Self::LateVerdict => altinn.verdict_delay_seconds = on.then_some(LATE),
            Self::EarlyPayment => {
                altinn.payment_delay_seconds = if on { PAYMENT } else { usual.altinn.payment_delay_seconds };
                altinn.feedback_delay_seconds = if on { END } else { usual.altinn.feedback_delay_seconds };
            }
            Self::SlowInstance => altinn.instance_delay_seconds = if on { SLOW } else { 0.0 },
            Self::WaitingFeedback => altinn.feedback_waits = on,
            Self::RefusedByApp => altinn.refuses_returns = on,
            Self::AppMoved => altinn.app_moved = on,
            Self::OlderApp => altinn.app_version = if on { AppVersion::V7 } else { usual.altinn.app_version },
            Self::NeverProcessed => altinn.never_processed = on,
            Self::AnotherPerson => settings.id_porten.another_person = on,
            Self::ScopesNotGranted => settings.id_porten.altinn_scopes_refused = on,
            Self::MachineToken => settings.id_porten.machine_tokens = on,
            Self::FreeTextByHand => altinn.free_text_by_hand = on,
            Self::RefundHeld => settings.skatteetaten.refunds_held = on,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_situation_is_switched_on_and_off_again() {
        for situation in Situation::ALL {
            let mut settings = Settings::default();
            assert!(!situation.is_on(&settings), "{situation:?}");
            situation.switch(&mut settings, true);
            assert!(situation.is_on(&settings), "{situation:?}");
            situation.switch(&mut settings, false);
            assert_eq!(settings, Settings::default(), "{situation:?}");
        }
    }
}
