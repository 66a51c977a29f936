#![allow(clippy::unwrap_used)]

use std::fs;

use id_porten::SystemClock;
use practice::{Options, Practice};

use super::*;
use crate::{
    PracticeAddresses,
    database::Database,
    environment::OVERRIDES_FILE,
    keyring::{MemoryKeyring, NoKeyring},
    session::BrowserError,
};

/// A desktop with a browser and nothing else.
struct Browsing;

impl Desktop for Browsing {
    fn handler(&self, scheme: &str) -> Result<Handler, BrowserError> {
        Ok(if scheme == "https" { Handler::Found("browser.desktop".into()) } else { Handler::None })
    }
}

struct Bare;

impl Desktop for Bare {
    fn handler(&self, _: &str) -> Result<Handler, BrowserError> {
        Err(BrowserError::new("xdg-mime: not found"))
    }
}

struct Wrong(i64);

impl Clock for Wrong {
    fn now(&self) -> jiff::Timestamp {
        SystemClock.now() + jiff::SignedDuration::from_secs(self.0)
    }
}

fn patient(folder: &std::path::Path) -> Patient {
    Patient {
        data_dir: folder.join("data"),
        archive_dir: folder.join("archive"),
        system_dir: folder.join("system"),
        home: Some(folder.to_owned()),
        environments: Vec::new(),
        keyring: Arc::new(MemoryKeyring::default()),
        http: reqwest::Client::builder().no_proxy().build().unwrap(),
        clock: Arc::new(SystemClock),
        desktop: Arc::new(Browsing),
        variables: BTreeMap::new(),
        web_view: None,
        language: Language::Nb,
    }
}

fn found(report: &DoctorReport, id: DoctorCheckId) -> &DoctorCheck {
    report.checks.iter().find(|check| check.id == id).unwrap()
}

async fn practice() -> (Practice, Environment) {
    let practice = Practice::start(Options::default()).await.unwrap();
    let at = practice.addresses();
    let environment = Environment::practice(&PracticeAddresses {
        id_porten: at.id_porten.clone(),
        altinn_platform: at.altinn_platform.clone(),
        altinn_app: at.altinn_app.clone(),
        skatteetaten: at.skatteetaten.clone(),
    });
    (practice, environment.unwrap())
}

#[tokio::test]
async fn a_healthy_machine_is_said_to_be_well() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, environment) = practice().await;
    let mut patient = patient(folder.path());
    patient.environments = vec![environment];
    drop(Database::open(&patient.data_dir).unwrap());
    let report = examine(&patient).await;
    assert!(report.is_well(), "{}", report.text);
    for id in [
        DoctorCheckId::Database,
        DoctorCheckId::Keyring,
        DoctorCheckId::Browser,
        DoctorCheckId::Practice,
        DoctorCheckId::Clock,
    ] {
        assert_eq!(found(&report, id).outcome, DoctorOutcome::Good, "{}", report.text);
    }
    assert!(found(&report, DoctorCheckId::DataFolder).found.starts_with("~/data"), "{}", report.text);
    assert!(!report.text.contains(&folder.path().display().to_string()), "the home folder is named");
    let left: Vec<_> = fs::read_dir(&patient.data_dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("doctor")), "{left:?}");
    practice.stop().await;
}

#[tokio::test]
async fn each_fault_is_found_and_has_advice() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, environment) = practice().await;
    // Nobody listens there any more.
    practice.stop().await;
    let mut patient = patient(folder.path());
    patient.environments = vec![environment];
    patient.keyring = Arc::new(NoKeyring);
    patient.desktop = Arc::new(Bare);
    fs::create_dir_all(&patient.data_dir).unwrap();
    fs::create_dir_all(&patient.system_dir).unwrap();
    fs::write(patient.data_dir.join("momsbud.db"), vec![7_u8; 8192]).unwrap();
    fs::write(patient.system_dir.join(OVERRIDES_FILE), "{").unwrap();
    fs::write(&patient.archive_dir, "a file where a folder should be").unwrap();
    for language in [Language::Nb, Language::Nn, Language::En] {
        patient.language = language;
        let report = examine(&patient).await;
        assert!(!report.is_well());
        for id in [
            DoctorCheckId::Database,
            DoctorCheckId::Settings,
            DoctorCheckId::Archive,
            DoctorCheckId::Browser,
            DoctorCheckId::Practice,
        ] {
            let check = found(&report, id);
            assert_eq!(check.outcome, DoctorOutcome::Bad, "{}", report.text);
            assert!(check.advice.as_ref().is_some_and(|advice| advice.len() > 20), "{}", report.text);
        }
        assert_eq!(
            found(&report, DoctorCheckId::Keyring).outcome,
            DoctorOutcome::Note,
            "filing works without a keyring"
        );
        assert_eq!(found(&report, DoctorCheckId::Clock).outcome, DoctorOutcome::Skipped, "nobody to compare with");
    }
    assert_eq!(fs::read(patient.data_dir.join("momsbud.db")).unwrap(), vec![7_u8; 8192], "it was changed");
}

#[tokio::test]
async fn a_wrong_clock_is_found_by_the_authorities_time() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, environment) = practice().await;
    let mut patient = patient(folder.path());
    patient.environments = vec![environment];
    for (off, outcome) in [(-3_600, DoctorOutcome::Bad), (120, DoctorOutcome::Note)] {
        patient.clock = Arc::new(Wrong(off));
        let report = examine(&patient).await;
        assert_eq!(found(&report, DoctorCheckId::Clock).outcome, outcome, "{}", report.text);
    }
    practice.stop().await;
}

#[tokio::test]
async fn a_proxy_is_shown_without_its_user_and_password() {
    let folder = tempfile::tempdir().unwrap();
    let mut patient = patient(folder.path());
    let proxy = |patient: &Patient| network::proxy(patient, Words(Language::En));
    for address in ["http://ola:hemmelig@proxy.example:3128", "ola:hemmelig@proxy.example:3128"] {
        patient.variables = [("http_proxy".to_owned(), address.to_owned())].into();
        let check = proxy(&patient);
        assert!(check.found.contains("proxy.example") && !check.found.contains("hemmelig"), "{check:?}");
        assert!(!check.found.contains("ola"), "{check:?}");
        assert_eq!(check.outcome, DoctorOutcome::Note, "practice would go through it");
    }
    patient.variables.insert("no_proxy".into(), "localhost, 127.0.0.1".into());
    assert_eq!(proxy(&patient).outcome, DoctorOutcome::Good);
}
