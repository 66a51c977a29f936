//! First aid: what is in order on this machine, what is not, and what to do about it.
//!
//! Nothing here needs an open office, because a broken one is when it is wanted. Nothing is changed: what is written to
//! try a folder or the keyring is removed again. The report holds no secret and no national id, and of paths neither the
//! home folder nor the user's name, so that it can be sent to whoever helps.

mod desktop;
mod machine;
mod network;
mod settings;
mod texts;

use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    sync::Arc,
};

use access::{Environment, environment::Overrides, machine_policy};
pub use desktop::{Desktop, Handler, SystemDesktop};
use id_porten::{Clock, SystemClock};
use serde::{Deserialize, Serialize};
use specta::Type;
use store::keyring::{Keyring, SystemKeyring};
use texts::DoctorTexts;
use vat_return::Language;
use view::Moment;

use crate::{OfficeError, Setup, redaction::Redaction};

/// What is looked at, and with what.
pub struct Patient {
    /// Database, sealed secrets, log.
    pub data_dir: PathBuf,
    /// Receipts.
    pub archive_dir: PathBuf,
    /// The administrator's files ([`access::machine_policy::folder`]).
    pub system_dir: PathBuf,
    /// The user's home, which is written as `~`.
    pub home: Option<PathBuf>,
    /// Authorities that are tried; nobody else is contacted.
    pub environments: Vec<Environment>,
    /// An entry of its own in the keyring, which is written, read and removed.
    pub keyring: Arc<dyn Keyring>,
    /// The client that the authorities are called with.
    pub http: reqwest::Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What opens addresses.
    pub desktop: Arc<dyn Desktop>,
    /// Environment variables; those about proxies are looked at.
    pub variables: BTreeMap<String, String>,
    /// Version of the window's web view, where there is a window.
    pub web_view: Option<String>,
    /// Language of the report.
    pub language: Language,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoctorReport {
    /// When.
    pub at: Moment,
    /// The program's version.
    pub version: String,
    /// Everything that was looked at, in the order in which a helper would ask.
    pub checks: Vec<DoctorCheck>,
    /// The same as text, to be sent to whoever helps.
    pub text: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DoctorCheck {
    /// What.
    pub id: DoctorCheckId,
    /// How it is.
    pub outcome: DoctorOutcome,
    /// What, in the user's language.
    pub title: String,
    /// What was found, in the user's language.
    pub found: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DoctorCheckId {
    /// Program, operating system, web view.
    Versions,
    /// The administrator's and the user's files of settings.
    Settings,
    /// The folder of database and log.
    DataFolder,
    /// The database.
    Database,
    /// The folder of receipts.
    Archive,
    /// The operating system's keyring.
    Keyring,
    /// The browser that sign-in opens.
    Browser,
    /// Links that start with `momsbud:`.
    Links,
    /// This machine's own network, over which the browser comes back.
    Loopback,
    /// A proxy that was set.
    Proxy,
    /// An authority of the practice environment.
    Practice,
    /// An authority of the test environment.
    Test,
    /// An authority of the real ones.
    Production,
    /// Whether the authorities' certificates are trusted.
    Certificates,
    /// The clock, by the authorities' time.
    Clock,
}

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum DoctorOutcome {
    /// In order.
    Good,
    /// Worth knowing; filing works.
    Note,
    /// To be mended.
    Bad,
    /// Could not be looked at, because something else is missing.
    Skipped,
}

impl DoctorReport {
    /// Whether nothing has to be mended.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.outcome != DoctorOutcome::Bad)
    }
}

/// Looks at everything. The network takes ten seconds at most, a locked keyring fifteen.
pub async fn examine(patient: &Patient) -> DoctorReport {
    let words = DoctorTexts(patient.language);
    let mut checks = vec![
        machine::versions(patient, words),
        settings::check(patient, words),
        machine::data_folder(patient, words),
        machine::database(patient, words).await,
        machine::archive(patient, words),
        machine::keyring(patient, words).await,
    ];
    checks.extend(desktop::checks(patient, words).await);
    checks.push(network::loopback(patient, words).await);
    checks.push(network::proxy(patient, words));
    checks.extend(network::authorities(patient, words).await);
    let redaction = Redaction::of(patient.home.as_deref());
    for check in &mut checks {
        check.found = redaction.apply(&check.found);
        check.advice = check.advice.as_deref().map(|advice| redaction.apply(advice));
    }
    let at = patient.clock.now().to_string();
    let text = text(&checks, &at, words);
    DoctorReport { at, version: env!("CARGO_PKG_VERSION").to_owned(), checks, text }
}

impl Patient {
    /// This machine, with the operating system's own keyring, clock and desktop, without a web view.
    ///
    /// # Errors
    /// The HTTP client.
    pub fn here(
        data_dir: PathBuf,
        archive_dir: PathBuf,
        home: Option<PathBuf>,
        environments: Vec<Environment>,
        language: Language,
    ) -> Result<Self, OfficeError> {
        Ok(Self {
            data_dir,
            archive_dir,
            system_dir: machine_policy::folder(),
            home,
            environments,
            keyring: Arc::new(SystemKeyring::named("Momsbud", "doctor")),
            http: Setup::http_client()?,
            clock: Arc::new(SystemClock),
            desktop: Arc::new(SystemDesktop),
            variables: env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            web_view: None,
            language,
        })
    }

    /// A path without the home folder and the user's name.
    fn shown(&self, path: &Path) -> String {
        Redaction::of(self.home.as_deref()).path(path)
    }
}

/// The environments to try: as `environments.json` has them, where it can be used. Where it cannot, nothing opens with it
/// and [`DoctorCheckId::Settings`] says why; the addresses that are built in are tried then, so that the network is
/// looked at all the same.
#[must_use]
pub fn to_try(presets: Vec<Environment>, data_dir: &Path) -> Vec<Environment> {
    let overrides = Overrides::load(data_dir).unwrap_or_default();
    presets.into_iter().map(|preset| preset.clone().overridden(&overrides).unwrap_or(preset)).collect()
}

fn text(checks: &[DoctorCheck], at: &str, words: DoctorTexts) -> String {
    let mut text = format!("Momsbud {} · {at}\n", env!("CARGO_PKG_VERSION"));
    for check in checks {
        let mark = words.outcome(check.outcome);
        text.push_str(&format!("[{mark}] {}: {}\n", check.title, check.found));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("    {advice}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests;
