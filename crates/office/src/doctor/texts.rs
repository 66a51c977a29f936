//! The report's own words; what was found is said where it is found.

use shown::Shown;
use vat_return::Language;

use super::{DoctorCheck, DoctorCheckId, DoctorOutcome};

/// The report's language.
#[derive(Debug, Clone, Copy)]
pub(super) struct DoctorTexts(pub(super) Language);

impl DoctorTexts {
    /// A text of `messages`, in the report's language.
    pub(super) fn say(self, key: &'static str) -> &'static str {
        crate::text(self.0, key)
    }

    /// One word for how a thing is.
    pub(super) fn outcome(self, outcome: DoctorOutcome) -> &'static str {
        match outcome {
            DoctorOutcome::Good => self.say("doctor.inOrder"),
            DoctorOutcome::Note => self.say("doctor.note"),
            DoctorOutcome::Bad => self.say("doctor.fault"),
            DoctorOutcome::Skipped => self.say("doctor.notTried"),
        }
    }

    fn title(self, id: DoctorCheckId) -> &'static str {
        match id {
            DoctorCheckId::Versions => self.say("doctor.versions"),
            DoctorCheckId::Settings => self.say("doctor.settings"),
            DoctorCheckId::DataFolder => self.say("doctor.dataFolder"),
            DoctorCheckId::Database => self.say("doctor.database"),
            DoctorCheckId::Archive => self.say("doctor.folderOfReceipts"),
            DoctorCheckId::Keyring => self.say("doctor.keyring"),
            DoctorCheckId::Browser => self.say("doctor.browser"),
            DoctorCheckId::Links => self.say("doctor.linksToMomsbud"),
            DoctorCheckId::Loopback => self.say("doctor.thisComputersOwnNetwork"),
            DoctorCheckId::Proxy => self.say("doctor.proxy"),
            DoctorCheckId::Practice => self.say("doctor.practiceAuthorities"),
            DoctorCheckId::Test => self.say("doctor.testEnvironment"),
            DoctorCheckId::Production => self.say("doctor.production"),
            DoctorCheckId::Certificates => self.say("doctor.certificates"),
            DoctorCheckId::Clock => self.say("doctor.clock"),
        }
    }

    /// A check that found something in order.
    pub(super) fn good(self, id: DoctorCheckId, found: impl Into<String>) -> DoctorCheck {
        self.check(id, DoctorOutcome::Good, found, None)
    }

    /// A check that could not be made.
    pub(super) fn skipped(self, id: DoctorCheckId, found: impl Into<String>) -> DoctorCheck {
        self.check(id, DoctorOutcome::Skipped, found, None)
    }

    /// A check that found something worth knowing.
    pub(super) fn note(self, id: DoctorCheckId, found: impl Into<String>, advice: &str) -> DoctorCheck {
        self.check(id, DoctorOutcome::Note, found, Some(advice))
    }

    /// A check that found something to be mended.
    pub(super) fn bad(self, id: DoctorCheckId, found: impl Into<String>, advice: &str) -> DoctorCheck {
        self.check(id, DoctorOutcome::Bad, found, Some(advice))
    }

    fn check(
        self,
        id: DoctorCheckId,
        outcome: DoctorOutcome,
        found: impl Into<String>,
        advice: Option<&str>,
    ) -> DoctorCheck {
        let title = self.title(id).to_owned();
        // It quotes paths, files and other programs: one line, whatever they say.
        let found = Shown::text(&found.into()).into_string();
        DoctorCheck { id, outcome, title, found, advice: advice.map(str::to_owned) }
    }
}
