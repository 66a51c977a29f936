//! The report's own words; what was found is said where it is found.

use vat_return::Language;

use super::{DoctorCheck, DoctorCheckId, DoctorOutcome};

/// The report's language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words(pub(super) Language);

impl Words {
    /// One of three texts.
    pub(super) fn say<'t>(self, nb: &'t str, nn: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Language::Nb => nb,
            Language::Nn => nn,
            Language::En => en,
        }
    }

    /// One word for how a thing is.
    pub(super) fn outcome(self, outcome: DoctorOutcome) -> &'static str {
        match outcome {
            DoctorOutcome::Good => self.say("i orden", "i orden", "in order"),
            DoctorOutcome::Note => self.say("merk", "merk", "note"),
            DoctorOutcome::Bad => self.say("feil", "feil", "fault"),
            DoctorOutcome::Skipped => self.say("ikke prøvd", "ikkje prøvd", "not tried"),
        }
    }

    fn title(self, id: DoctorCheckId) -> &'static str {
        match id {
            DoctorCheckId::Versions => self.say("Versjoner", "Versjonar", "Versions"),
            DoctorCheckId::Settings => self.say("Oppsett", "Oppsett", "Settings"),
            DoctorCheckId::DataFolder => self.say("Datamappe", "Datamappe", "Data folder"),
            DoctorCheckId::Database => self.say("Database", "Database", "Database"),
            DoctorCheckId::Archive => self.say("Kvitteringsmappe", "Kvitteringsmappe", "Folder of receipts"),
            DoctorCheckId::Keyring => self.say("Nøkkelring", "Nøkkelring", "Keyring"),
            DoctorCheckId::Browser => self.say("Nettleser", "Nettlesar", "Browser"),
            DoctorCheckId::Links => self.say("Lenker til Momsbud", "Lenkjer til Momsbud", "Links to Momsbud"),
            DoctorCheckId::Loopback => {
                self.say("Maskinens eget nett", "Maskina sitt eige nett", "This computer's own network")
            }
            DoctorCheckId::Proxy => self.say("Mellomtjener (proxy)", "Mellomtenar (proxy)", "Proxy"),
            DoctorCheckId::Practice => self.say("Øvingsmyndighetene", "Øvingsmyndigheitene", "Practice authorities"),
            DoctorCheckId::Test => self.say("Testmiljøet", "Testmiljøet", "Test environment"),
            DoctorCheckId::Production => self.say("Produksjon", "Produksjon", "Production"),
            DoctorCheckId::Certificates => self.say("Sertifikater", "Sertifikat", "Certificates"),
            DoctorCheckId::Clock => self.say("Klokka", "Klokka", "Clock"),
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
        DoctorCheck { id, outcome, title, found: found.into(), advice: advice.map(str::to_owned) }
    }
}
