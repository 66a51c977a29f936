//! The files of settings: whether the program would open with them.
//!
//! What keeps it from opening, or locks it, is found by the very functions that open it. What stands in the files is not
//! shown: only which file, where, and in what way it is wrong.

use std::{io, path::Path};

use altinn::AddressFault;

use super::{DoctorCheck, DoctorCheckId, Patient, words::Words};
use crate::{
    Environment, EnvironmentError,
    environment::{ENVIRONMENT_VARIABLE, OVERRIDES_FILE, Overrides},
    misread::{Fault, Misread},
    policy::{POLICY_FILE, Policy, PolicyError},
    settings::{SETTINGS_FILE, Settings, SettingsError},
    view::EnvironmentName,
    work::policy::{IMPORTED_FILE, WorkPolicy, WorkPolicyError},
};

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
    fn advice(self, words: Words) -> &'static str {
        match self {
            Self::Opening => words.say(
                "Rett eller fjern det som er feil. Momsbud åpner ikke før det er gjort; programmet gjetter ikke på hva som var ment.",
                "Rett eller fjern det som er feil. Momsbud opnar ikkje før det er gjort; programmet gissar ikkje på kva som var meint.",
                "Mend or remove what is wrong. Momsbud does not open until then; it does not guess what was meant.",
            ),
            Self::Entry => words.say(
                "Momsbud er låst så lenge reglene for jobbkonto ikke kan leses. Den som lager reglene i firmaet, må rette dem og dele dem ut på nytt.",
                "Momsbud er låst så lenge reglane for jobbkonto ikkje kan lesast. Den som lagar reglane i verksemda, må rette dei og dele dei ut på nytt.",
                "Momsbud is locked while the rules for work accounts cannot be read. Whoever makes the firm's rules must mend them and hand them out again.",
            ),
            Self::Updates => words.say(
                "Den som drifter maskinen, må rette fila. Momsbud ser ikke etter oppdateringer før det er gjort.",
                "Den som driftar maskina, må rette fila. Momsbud ser ikkje etter oppdateringar før det er gjort.",
                "Whoever runs this computer must mend the file. Momsbud does not look for updates until then.",
            ),
        }
    }
}

pub(super) fn check(patient: &Patient, words: Words) -> DoctorCheck {
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
    let none = words.say("bare det som følger med", "berre det som følgjer med", "only what is built in");
    words.good(id, if there.is_empty() { none.to_owned() } else { there.join(", ") })
}

struct Look<'p> {
    patient: &'p Patient,
    words: Words,
}

impl Look<'_> {
    /// The environment that an administrator has named.
    fn variable(&self) -> Option<Finding> {
        let named = self.patient.variables.get(ENVIRONMENT_VARIABLE)?;
        if matches!(named.as_str(), "" | "practice" | "test" | "production") {
            return None;
        }
        let none = self.words.say("er ikke et miljø", "er ikkje eit miljø", "is no environment");
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
            Environment::test().map(|test| Environment { name: EnvironmentName::Practice, ..test }),
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
            EnvironmentName::Practice => self.words.say("øving", "øving", "practice"),
            EnvironmentName::Test => self.words.say("testmiljøet", "testmiljøet", "the test environment"),
            EnvironmentName::Production => self.words.say("produksjon", "produksjon", "production"),
        };
        Some(closes(format!("{of}: {}{}", self.environment(&error), self.instead())))
    }

    /// What is tried where the addresses of the files cannot be ([`super::to_try`]).
    fn instead(&self) -> &'static str {
        if self.patient.environments.is_empty() {
            return "";
        }
        self.words.say(
            "; de innebygde adressene er prøvd i stedet",
            "; dei innebygde adressene er prøvde i staden",
            "; the addresses that are built in are tried instead",
        )
    }

    fn environment(&self, error: &EnvironmentError) -> String {
        match error {
            EnvironmentError::File(file, source) => self.unreadable(file, source),
            EnvironmentError::Content(file, misread) => self.misread(file, misread),
            EnvironmentError::Issuer(_) => self.address("issuer", self.no_address()),
            EnvironmentError::NotByTls(host) => self.address(host, self.fault(AddressFault::NotHttps)),
            EnvironmentError::Endpoints(error) => self.address(error.which, self.fault(error.reason)),
        }
    }

    fn address(&self, which: &str, why: &str) -> String {
        // Put together of both files; which of them it stands in is not known any more.
        let files = [&self.patient.system_dir, &self.patient.data_dir].map(|folder| folder.join(OVERRIDES_FILE));
        let files: Vec<String> =
            files.iter().filter(|file| file.exists()).map(|file| self.patient.shown(file)).collect();
        let unusable = self.words.say("kan ikke brukes", "kan ikkje brukast", "cannot be used");
        format!("{}: {} {unusable}: {why}", files.join(" + "), self.quoted(which))
    }

    fn quoted(&self, name: &str) -> String {
        let (open, close) = (self.words.say("«", "«", "“"), self.words.say("»", "»", "”"));
        format!("{open}{name}{close}")
    }

    /// The names that are known, after what is wrong.
    fn one_of(&self, names: &[&str]) -> String {
        format!(" ({} {})", self.words.say("kan være", "kan vere", "may be"), names.join(", "))
    }

    fn no_address(&self) -> &'static str {
        self.words.say("det er ingen adresse", "det er inga adresse", "it is no address")
    }

    fn fault(&self, fault: AddressFault) -> &'static str {
        let words = self.words;
        match fault {
            AddressFault::NoHost => {
                words.say("adressen nevner ingen vert", "adressa nemner ingen vert", "the address names no host")
            }
            AddressFault::Plain => words.say(
                "http er bare lov til denne maskinen; det må være https",
                "http er berre lov til denne maskina; det må vere https",
                "http is allowed to this computer only; it must be https",
            ),
            AddressFault::NotHttps => {
                words.say("adressen er ikke https", "adressa er ikkje https", "the address is not https")
            }
            AddressFault::User => words.say(
                "det står et brukernavn i adressen",
                "det står eit brukarnamn i adressa",
                "a user's name stands in the address",
            ),
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
            WorkPolicyError::Content { source, .. } => self.misread(&file, &source.into()),
            WorkPolicyError::Signature => self.of(
                &file,
                self.words.say(
                    "signaturen passer ikke; fila er endret etter at den ble signert",
                    "signaturen passar ikkje; fila er endra etter at ho vart signert",
                    "the signature does not fit; the file was changed after it was signed",
                ),
            ),
            WorkPolicyError::NotSigned => self.of(
                &file,
                self.words.say(
                    "det er ikke en signert fil med regler",
                    "det er ikkje ei signert fil med reglar",
                    "it is no signed file of rules",
                ),
            ),
            // The sentences are the program's own.
            error => {
                let rules =
                    self.words.say("reglene kan ikke følges", "reglane kan ikkje følgjast", "the rules are unusable");
                self.of(&file, &format!("{rules} ({error})"))
            }
        };
        Some(Finding { found, costs: Cost::Entry })
    }

    fn of(&self, file: &Path, what: &str) -> String {
        format!("{}: {what}", self.patient.shown(file))
    }

    fn unreadable(&self, file: &Path, error: &io::Error) -> String {
        let cannot = self.words.say("kan ikke leses", "kan ikkje lesast", "cannot be read");
        self.of(file, &format!("{cannot} ({error})"))
    }

    fn misread(&self, file: &Path, misread: &Misread) -> String {
        let words = self.words;
        let mut what = match &misread.fault {
            Fault::Syntax => words.say("er ikke gyldig JSON", "er ikkje gyldig JSON", "is not valid JSON").to_owned(),
            Fault::Cut => words.say("slutter for tidlig", "sluttar for tidleg", "ends too early").to_owned(),
            Fault::UnknownName(Some(name)) => {
                format!("{} {}", words.say("ukjent navn", "ukjent namn", "unknown name"), self.quoted(name))
            }
            Fault::UnknownName(None) => words.say("et ukjent navn", "eit ukjent namn", "an unknown name").to_owned(),
            Fault::MissingName(name) => {
                format!("{} {}", self.quoted(name), words.say("mangler", "manglar", "is missing"))
            }
            Fault::Value => {
                words.say("en verdi passer ikke", "ein verdi passar ikkje", "a value does not fit").to_owned()
            }
        };
        if let Some((line, column)) = misread.at {
            let (on, at) = (words.say("linje", "linje", "line"), words.say("kolonne", "kolonne", "column"));
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
