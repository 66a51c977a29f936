//! The files of settings: whether the program would open with them.
//!
//! What keeps it from opening, or locks it, is found by the very functions that open it. What stands in the files is not
//! shown: only which file, where, and in what way it is wrong.

use std::{io, path::Path};

use access::{
    Environment, EnvironmentError, PracticeAddresses,
    environment::{ENVIRONMENT_VARIABLE, OVERRIDES_FILE, Overrides},
    machine_policy::{POLICY_FILE, Policy, PolicyError},
    misread::{Fault, Misread},
    work::policy::{IMPORTED_FILE, WorkPolicy, WorkPolicyError},
};
use altinn::AddressFault;
use view::EnvironmentName;

use super::{DoctorCheck, DoctorCheckId, Patient, texts::DoctorTexts};
use crate::settings::{SETTINGS_FILE, Settings, SettingsError};

/// On this machine, at a port that nobody listens at.
const NOWHERE: &str = "http://127.0.0.1:0";

/// Something that is wrong.
struct Finding {
    found: String,
    costs: Cost,
}

/// What a fault costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cost {
    /// The program does not open.
    Opening,
    /// It opens, and nobody gets in: the firm's rules cannot be read.
    Entry,
    /// It looks for no updates.
    Updates,
}

impl Cost {
    fn advice(self, words: DoctorTexts) -> &'static str {
        match self {
            Self::Opening => words.say("doctor.settings.mendOrRemoveWhatIs"),
            Self::Entry => words.say("doctor.settings.momsbudIsLockedWhileThe"),
            Self::Updates => words.say("doctor.settings.whoeverRunsThisComputerMust"),
        }
    }
}

pub(super) fn check(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Settings;
    let look = Look { patient, words };
    let findings: Vec<Finding> = [look.variable(), look.choices(), look.environments(), look.policy(), look.work()]
        .into_iter()
        .flatten()
        .collect();
    if !findings.is_empty() {
        let advice: Vec<&str> = [Cost::Opening, Cost::Entry, Cost::Updates]
            .into_iter()
            .filter(|cost| findings.iter().any(|finding| finding.costs == *cost))
            .map(|cost| cost.advice(words))
            .collect();
        let found: Vec<String> = findings.into_iter().map(|finding| finding.found).collect();
        return words.bad(id, found.join("; "), &advice.join(" "));
    }
    let files = [
        patient.system_dir.join(OVERRIDES_FILE),
        patient.system_dir.join(POLICY_FILE),
        patient.data_dir.join(OVERRIDES_FILE),
        patient.data_dir.join(SETTINGS_FILE),
        patient.data_dir.join(IMPORTED_FILE),
    ];
    let there: Vec<String> = files.iter().filter(|file| file.exists()).map(|file| patient.shown(file)).collect();
    let none = words.say("doctor.settings.onlyWhatIsBuiltIn");
    words.good(id, if there.is_empty() { none.to_owned() } else { there.join(", ") })
}

struct Look<'p> {
    patient: &'p Patient,
    words: DoctorTexts,
}

impl Look<'_> {
    /// The environment that an administrator has named.
    fn variable(&self) -> Option<Finding> {
        let named = self.patient.variables.get(ENVIRONMENT_VARIABLE)?;
        if matches!(named.as_str(), "" | "practice" | "test" | "production") {
            return None;
        }
        let none = self.words.say("doctor.settings.isNoEnvironment");
        let names = self.one_of(&["practice", "test", "production"]);
        Some(closes(format!("{ENVIRONMENT_VARIABLE} {none}{names}")))
    }

    /// What was chosen in the window.
    fn choices(&self) -> Option<Finding> {
        let file = self.patient.data_dir.join(SETTINGS_FILE);
        Some(closes(match Settings::load(&self.patient.data_dir).err()? {
            SettingsError::File { source, .. } => self.unreadable(&file, &source),
            SettingsError::Content { source, .. } => self.misread(&file, &source),
        }))
    }

    /// Addresses and integrations, also where each file by itself can be read.
    fn environments(&self) -> Option<Finding> {
        let overrides = match Overrides::load_from(&self.patient.system_dir, &self.patient.data_dir) {
            Ok(overrides) => overrides,
            Err(error) => return Some(closes(format!("{}{}", self.environment(&error), self.instead()))),
        };
        // What is said of practice is said over addresses that are known only when it runs: any others serve here.
        let presets = [
            Environment::practice(&PracticeAddresses {
                id_porten: NOWHERE.to_owned(),
                altinn_platform: NOWHERE.to_owned(),
                altinn_app: format!("{NOWHERE}/skd/mva-melding-innsending-v1"),
                skatteetaten: NOWHERE.to_owned(),
            }),
            Environment::test(),
            Environment::production(),
        ];
        let mut wrong = presets.into_iter().filter_map(|preset| {
            let preset = preset.ok()?;
            let name = preset.name;
            Some((name, preset.overridden(&overrides).err()?))
        });
        let (name, error) = wrong.next()?;
        let of = match name {
            EnvironmentName::Practice => self.words.say("doctor.settings.practice"),
            EnvironmentName::Test => self.words.say("doctor.settings.theTestEnvironment"),
            EnvironmentName::Production => self.words.say("doctor.settings.production"),
        };
        Some(closes(format!("{of}: {}{}", self.environment(&error), self.instead())))
    }

    /// What is tried where the addresses of the files cannot be ([`super::to_try`]).
    fn instead(&self) -> &'static str {
        if self.patient.environments.is_empty() {
            return "";
        }
        self.words.say("doctor.settings.theAddressesThatAreBuilt")
    }

    fn environment(&self, error: &EnvironmentError) -> String {
        match error {
            EnvironmentError::File(file, source) => self.unreadable(file, source),
            EnvironmentError::Content(file, misread) => self.misread(file, misread),
            EnvironmentError::Issuer(_) => self.address("issuer", self.no_address()),
            EnvironmentError::NotByTls(host) => self.address(host, self.fault(AddressFault::NotHttps)),
            EnvironmentError::NotHere(host) => self.address(host, self.words.say("doctor.settings.practiceStaysHere")),
            EnvironmentError::Strangers(host) => {
                self.address(host, self.words.say("doctor.settings.practiceIsAnothers"))
            }
            EnvironmentError::Endpoints(error) => self.address(error.which, self.fault(error.reason)),
        }
    }

    fn address(&self, which: &str, why: &str) -> String {
        // Put together of both files; which of them it stands in is not known any more.
        let files = [&self.patient.system_dir, &self.patient.data_dir].map(|folder| folder.join(OVERRIDES_FILE));
        let files: Vec<String> =
            files.iter().filter(|file| file.exists()).map(|file| self.patient.shown(file)).collect();
        let unusable = self.words.say("doctor.settings.cannotBeUsed");
        format!("{}: {} {unusable}: {why}", files.join(" + "), self.quoted(which))
    }

    fn quoted(&self, name: &str) -> String {
        let (open, close) = (self.words.say("doctor.settings.text2"), self.words.say("doctor.settings.text"));
        format!("{open}{name}{close}")
    }

    /// The names that are known, after what is wrong.
    fn one_of(&self, names: &[&str]) -> String {
        format!(" ({} {})", self.words.say("doctor.settings.mayBe"), names.join(", "))
    }

    fn no_address(&self) -> &'static str {
        self.words.say("doctor.settings.itIsNoAddress")
    }

    fn fault(&self, fault: AddressFault) -> &'static str {
        let words = self.words;
        match fault {
            AddressFault::NoHost => words.say("doctor.settings.theAddressNamesNoHost"),
            AddressFault::Plain => words.say("doctor.settings.httpIsAllowedToThis"),
            AddressFault::NotHttps => words.say("doctor.settings.theAddressIsNotHttps"),
            AddressFault::User => words.say("doctor.settings.aUsersNameStandsIn"),
            _ => self.no_address(),
        }
    }

    /// What the administrator has decided about updates, and whether the file can be read at all.
    fn policy(&self) -> Option<Finding> {
        let system = &self.patient.system_dir;
        let found = match Policy::load(system, None).err()? {
            PolicyError::File(file, source) => self.unreadable(&file, &source),
            PolicyError::Content(file, misread) => self.misread(&file, &misread),
        };
        // The rules for work accounts are read from the same file, and nothing but those locks.
        let locks = WorkPolicy::in_force(system, &self.patient.data_dir).is_err_and(|error| of_the_machine(&error));
        Some(Finding { found, costs: if locks { Cost::Entry } else { Cost::Updates } })
    }

    /// What the firm has decided about work accounts.
    fn work(&self) -> Option<Finding> {
        let (system, data) = (&self.patient.system_dir, &self.patient.data_dir);
        let error = WorkPolicy::in_force(system, data).err()?;
        if of_the_machine(&error) && Policy::load(system, None).is_err() {
            // Said already.
            return None;
        }
        let file = if of_the_machine(&error) || has_rules(&system.join(POLICY_FILE)) {
            system.join(POLICY_FILE)
        } else {
            data.join(IMPORTED_FILE)
        };
        let found = match &error {
            WorkPolicyError::File { source, .. } => self.unreadable(&file, source),
            WorkPolicyError::Content { source, .. } => self.misread(&file, source),
            WorkPolicyError::Signature => self.of(&file, self.words.say("doctor.settings.theSignatureDoesNotFit")),
            WorkPolicyError::NotSigned => self.of(&file, self.words.say("doctor.settings.itIsNoSignedFile")),
            // The sentences are the program's own.
            error => {
                let rules = self.words.say("doctor.settings.theRulesAreUnusable");
                self.of(&file, &format!("{rules} ({error})"))
            }
        };
        Some(Finding { found, costs: Cost::Entry })
    }

    fn of(&self, file: &Path, what: &str) -> String {
        format!("{}: {what}", self.patient.shown(file))
    }

    fn unreadable(&self, file: &Path, error: &io::Error) -> String {
        let cannot = self.words.say("doctor.settings.cannotBeRead");
        self.of(file, &format!("{cannot} ({error})"))
    }

    fn misread(&self, file: &Path, misread: &Misread) -> String {
        let words = self.words;
        let mut what = match &misread.fault {
            Fault::Syntax => words.say("doctor.settings.isNotValidJson").to_owned(),
            Fault::Cut => words.say("doctor.settings.endsTooEarly").to_owned(),
            Fault::UnknownName(Some(name)) => {
                format!("{} {}", words.say("doctor.settings.unknownName"), self.quoted(name))
            }
            Fault::UnknownName(None) => words.say("doctor.settings.anUnknownName").to_owned(),
            Fault::MissingName(name) => {
                format!("{} {}", self.quoted(name), words.say("doctor.settings.isMissing"))
            }
            Fault::Value => words.say("doctor.settings.aValueDoesNotFit").to_owned(),
        };
        if let Some((line, column)) = misread.at {
            let (on, at) = (words.say("doctor.settings.line"), words.say("doctor.settings.column"));
            what.push_str(&format!(", {on} {line}, {at} {column}"));
        }
        if let Some(expected) = &misread.expected {
            let names: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
            // What is no list of names is a type, or why an address is none, in the libraries' words.
            what.push_str(&if names.is_empty() { format!(" (expected {expected})") } else { self.one_of(&names) });
        }
        self.of(file, &what)
    }
}

fn closes(found: String) -> Finding {
    Finding { found, costs: Cost::Opening }
}

/// Whether the administrator's file as a whole is meant.
fn of_the_machine(error: &WorkPolicyError) -> bool {
    matches!(error, WorkPolicyError::File { file, .. } | WorkPolicyError::Content { file, .. } if *file == POLICY_FILE)
}

/// Whether the administrator's file has rules for work accounts, good or bad: then no others are looked at.
fn has_rules(policy: &Path) -> bool {
    let content = files::open::read(policy, files::open::SMALL).unwrap_or_default();
    let policy: serde_json::Value = serde_json::from_slice(&content).unwrap_or_default();
    !policy["work"].is_null()
}

/// Where the firm's rules send people to sign in with their work account in an environment; nowhere without rules.
pub(super) fn work_issuer(system_dir: &Path, data_dir: &Path, environment: &Environment) -> Option<String> {
    let policy = WorkPolicy::in_force(system_dir, data_dir).ok()??.policy;
    if !policy.governs(environment.name) {
        return None;
    }
    let own = policy.sign_in.issuers.get(&environment.name.into());
    own.or(environment.work_issuer.as_ref()).map(|issuer| issuer.as_str().to_owned())
}
