#![allow(clippy::unwrap_used)]

use std::fs;

use access::{PracticeAddresses, environment::OVERRIDES_FILE};
use id_porten::{BrowserError, SystemClock};
use practice::{Options, Practice};
use store::{
    database::Database,
    keyring::{MemoryKeyring, NoKeyring},
};
use url::Url;

use super::*;

/// A desktop with a browser and nothing else.
struct Browsing;

impl Desktop for Browsing {
    fn handler(&self, scheme: &str) -> Result<Handler, BrowserError> {
        Ok(if scheme == "https" { Handler::Found("browser.desktop".into()) } else { Handler::None })
    }
}

/// Momsbud opens one of its own schemes, and something else the other.
struct Half(&'static str);

impl Desktop for Half {
    fn handler(&self, scheme: &str) -> Result<Handler, BrowserError> {
        Ok(Handler::Found(if scheme == self.0 { "other.desktop".into() } else { "no.momsbud.desktop.desktop".into() }))
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
async fn links_are_opened_when_those_of_every_scheme_are() {
    let folder = tempfile::tempdir().unwrap();
    let mut patient = patient(folder.path());
    for (other, outcome) in
        [("", DoctorOutcome::Good), ("momsbud", DoctorOutcome::Note), ("no.momsbud.desktop", DoctorOutcome::Note)]
    {
        patient.desktop = Arc::new(Half(other));
        let report = examine(&patient).await;
        assert_eq!(found(&report, DoctorCheckId::Links).outcome, outcome, "{other:?}: {}", report.text);
    }
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
    for language in Language::ALL.iter().copied() {
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

/// The folders are made by hand, or on a disk that keeps no modes: nobody mends them before something is opened.
#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_is_open_to_others_is_said_and_not_changed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let mut patient = patient(folder.path());
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for path in [&patient.data_dir, &patient.archive_dir] {
        fs::create_dir(path).unwrap();
    }
    for (bits, outcome) in [
        (0o700, DoctorOutcome::Good),
        (0o755, DoctorOutcome::Bad),
        (0o701, DoctorOutcome::Bad),
        (0o770, DoctorOutcome::Note),
        (0o750, DoctorOutcome::Note),
    ] {
        for path in [&patient.data_dir, &patient.archive_dir] {
            mode(path, bits);
        }
        let mut said = Vec::new();
        for language in Language::ALL.iter().copied() {
            patient.language = language;
            let report = examine(&patient).await;
            for id in [DoctorCheckId::DataFolder, DoctorCheckId::Archive] {
                let check = found(&report, id);
                assert_eq!(check.outcome, outcome, "{bits:o} {}", report.text);
                assert_eq!(check.advice.is_some(), outcome != DoctorOutcome::Good, "{}", report.text);
                said.push(check.found.clone());
            }
        }
        said.sort();
        said.dedup();
        let texts = if outcome == DoctorOutcome::Good { 2 } else { 6 };
        assert_eq!(said.len(), texts, "each in its language: {said:?}");
        let is = fs::metadata(&patient.data_dir).unwrap().permissions().mode();
        assert_eq!(is & 0o777, bits, "nothing is changed by looking");
    }
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
    let proxy = |patient: &Patient| network::proxy(patient, DoctorTexts(Language::En));
    for address in ["http://ola:hemmelig@proxy.example:3128", "ola:hemmelig@proxy.example:3128"] {
        patient.variables = [("http_proxy".to_owned(), address.to_owned())].into();
        let check = proxy(&patient);
        assert!(check.found.contains("proxy.example") && !check.found.contains("hemmelig"), "{check:?}");
        assert!(!check.found.contains("ola"), "{check:?}");
        assert_eq!(check.outcome, DoctorOutcome::Good, "practice goes through none: {check:?}");
    }
}

/// A report without authorities, in every language, as one text.
async fn texts(patient: &mut Patient) -> String {
    let mut texts = String::new();
    for language in Language::ALL.iter().copied() {
        patient.language = language;
        let report = examine(patient).await;
        texts.push_str(&report.text);
        texts.push_str(&serde_json::to_string(&report).unwrap());
    }
    texts
}

fn write(file: &Path, content: &str) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

#[tokio::test]
async fn what_stands_in_a_file_of_settings_is_not_reported() {
    let (environments, policy) = (OVERRIDES_FILE, machine_policy::POLICY_FILE);
    for (file, content, shown) in [
        (environments, r#"{"test":"Hemmelig-123"}"#, "environments.json: en verdi passer ikke, linje 1, kolonne 22"),
        (
            environments,
            r#"{"test":{"integration":{"authentication":"Hemmelig-123"}}}"#,
            "(kan være none, client_secret_post, ",
        ),
        (environments, r#"{"test":{"integration":"14038112345"}}"#, "linje 1, kolonne"),
        (environments, r#"{"test":{"integration":{"issuer":"http://ola:Hemmelig@x.no"}}}"#, "linje 1, kolonne"),
        (environments, r#"{"test":{"integration":{"postLogoutRedirectUri":"Hemmelig-123"}}}"#, "linje 1, kolonne"),
        (environments, r#"{"test":{"Hemmelig-123":1}}"#, "et ukjent navn"),
        (environments, "{\"test\":\n{\"plattform\":1}}", "ukjent navn «plattform», linje 2, kolonne 12"),
        (
            environments,
            r#"{"test":{"platform":"ftp://ola:Hemmelig-123@host"}}"#,
            "testmiljøet: ~/system/environments.json: «platform» kan ikke brukes: adressen er ikke https",
        ),
        (environments, r#"{"production":{"app":"https://ola:Hemmelig-123@host"}}"#, "brukernavn i adressen"),
        (
            environments,
            r#"{"practice":{"validation":"Hemmelig-123"}}"#,
            "øving: ~/system/environments.json: «validation»",
        ),
        (environments, r#"{"test":"Hemmelig-123"#, "slutter for tidlig"),
        (environments, r"{Hemmelig-123", "er ikke gyldig JSON"),
        (policy, r#"{"updates":"Hemmelig-123"}"#, "policy.json: en verdi passer ikke"),
        (policy, r#"{"updatesFrom":"Hemmelig-123"}"#, "policy.json: en verdi passer ikke"),
        (policy, r#"{"work":"Hemmelig-123"}"#, "policy.json: en verdi passer ikke"),
        (
            policy,
            r#"{"work":{"version":1,"firm":"Hemmelig-123","signIn":{"clients":{}},"rules":[]}}"#,
            "reglene kan ikke følges",
        ),
        (
            policy,
            r#"{"work":{"version":1,"firm":"F","signIn":{"clients":{"test":{"secret":"Hemmelig-123"}}}}}"#,
            "policy.json",
        ),
        (
            policy,
            r#"{"work":{"version":1,"firm":"F","signIn":{"issuers":{"test":"http://ola:Hemmelig@x"}}}}"#,
            "policy.json",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut patient = patient(folder.path());
        write(&patient.system_dir.join(file), content);
        let report = examine(&patient).await;
        let check = found(&report, DoctorCheckId::Settings);
        assert_eq!(check.outcome, DoctorOutcome::Bad, "{content}: {}", report.text);
        assert!(check.found.contains(shown), "{content}: {}", check.found);
        assert!(check.advice.is_some(), "{}", report.text);
        let texts = texts(&mut patient).await;
        for secret in ["Hemmelig", "14038112345", "ola:"] {
            assert!(!texts.contains(secret), "{content}: {texts}");
        }
    }
}

/// Puts `value` in the place of each text in turn.
fn each_text_replaced(of: &serde_json::Value, value: &str) -> Vec<serde_json::Value> {
    use serde_json::Value;
    match of {
        Value::String(_) => vec![Value::from(value)],
        Value::Array(list) => (0..list.len())
            .flat_map(|at| {
                each_text_replaced(&list[at], value).into_iter().map(move |changed| {
                    let mut list = list.clone();
                    list[at] = changed;
                    Value::from(list)
                })
            })
            .collect(),
        Value::Object(names) => names
            .iter()
            .flat_map(|(name, inner)| {
                each_text_replaced(inner, value).into_iter().map(move |changed| {
                    let mut names = names.clone();
                    names[name] = changed;
                    Value::from(names)
                })
            })
            .collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn no_text_of_any_file_of_settings_is_reported() {
    let example = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let environment = serde_json::json!({
        "platform": "https://a.example", "app": "https://a.example/b/c", "validation": "https://a.example",
        "integration": {
            "name": "n", "issuer": "https://a.example", "clientId": "c", "authentication": "none", "scopes": ["s", "t"],
            "redirect": {"kind": "hosted_page", "page": "https://a.example", "deep_link": "momsbud://callback"},
            "acrValues": ["a"], "refreshTokenKind": "oneTime", "endpoints": {"token": "https://a.example"},
            "postLogoutRedirectUri": "https://a.example",
        },
    });
    let practice = example(&environment.to_string().replace("https://a.example", "http://127.0.0.1:9"));
    let environments = serde_json::json!({"practice": practice, "test": environment, "production": environment});
    let mut policy = example(include_str!("../../../../packaging/examples/policy.json"));
    policy["updatesFrom"] = "https://a.example".into();
    policy["work"] = example(include_str!("../../../../docs/work-policy.example.json"));
    let settings = serde_json::json!({"environment": "test", "archive": "/x", "earlierArchives": ["/y"]});
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(folder.path());
    let mut seen = 0;
    for (file, whole) in [
        (patient.system_dir.join(OVERRIDES_FILE), &environments),
        (patient.data_dir.join(OVERRIDES_FILE), &environments),
        (patient.system_dir.join(machine_policy::POLICY_FILE), &policy),
        (patient.data_dir.join(crate::settings::SETTINGS_FILE), &settings),
    ] {
        write(&file, &whole.to_string());
        let well = settings::check(&patient, DoctorTexts(Language::En));
        assert_eq!(well.outcome, DoctorOutcome::Good, "{well:?}");
        for value in [
            "Hemmelig-123",
            "x, expected Hemmelig",
            "unknown field `Hemmelig",
            "14038112345",
            "ftp://ola:Hemmelig-123@a.example",
            "https://ola:Hemmelig-123@a.example/",
            "https://a.example/?token=Hemmelig",
            "Hemmelig-123://a.example",
            "Hemmelig:",
        ] {
            for changed in each_text_replaced(whole, value) {
                write(&file, &changed.to_string());
                for language in Language::ALL.iter().copied() {
                    let check = settings::check(&patient, DoctorTexts(language));
                    let said = format!("{} {}", check.found, check.advice.unwrap_or_default()).to_lowercase();
                    assert!(!said.contains("hemmelig") && !said.contains("14038112345"), "{changed}: {said}");
                    assert!(!said.contains("ola:"), "{changed}: {said}");
                }
                seen += 1;
            }
        }
        write(&file, &whole.to_string());
    }
    assert!(seen > 500, "{seen}");
}

#[tokio::test]
async fn rules_that_lock_the_program_are_a_fault() {
    use access::work::policy::{IMPORTED_FILE, new_key, sign};
    let folder = tempfile::tempdir().unwrap();
    let patient = patient(folder.path());
    let check = || settings::check(&patient, DoctorTexts(Language::En));
    let rules = include_str!("../../../../docs/work-policy.example.json");
    let imported = patient.data_dir.join(IMPORTED_FILE);
    let signed = sign(rules.as_bytes(), &new_key().unwrap()).unwrap();
    write(&imported, &signed);
    let well = check();
    assert!(well.outcome == DoctorOutcome::Good && well.found.contains(IMPORTED_FILE), "{well:?}");
    let tampered = signed.replacen("\"policy\": \"", "\"policy\": \"AAAA", 1);
    for (broken, said) in [("Hemmelig-123", "not a signed file"), (tampered.as_str(), "signature does not fit")] {
        write(&imported, broken);
        let bad = check();
        assert_eq!(bad.outcome, DoctorOutcome::Bad, "{bad:?}");
        assert!(bad.found.contains(said) && bad.found.contains(IMPORTED_FILE), "{bad:?}");
        assert!(bad.advice.unwrap().contains("locked"));
    }
    // What the administrator says goes ahead; of a file that is broken altogether it is said once.
    let policy = patient.system_dir.join(machine_policy::POLICY_FILE);
    write(&policy, &format!(r#"{{"work": {rules}}}"#));
    assert_eq!(check().outcome, DoctorOutcome::Good);
    write(&policy, "{");
    assert_eq!(check().found.matches("policy.json").count(), 1, "{}", check().found);
    assert!(check().advice.unwrap().contains("locked"), "{:?}", check());
    write(&policy, r#"{"updates": "never"}"#);
    write(&imported, &signed);
    let advice = check().advice.unwrap();
    assert!(advice.contains("does not look for updates") && !advice.contains("locked"), "it opens: {advice}");
    write(&policy, r#"{"work": 7}"#);
    assert!(check().found.contains("policy.json") && check().advice.unwrap().contains("locked"));
}

#[tokio::test]
async fn what_is_tried_instead_of_unusable_addresses_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, environment) = practice().await;
    let mut patient = patient(folder.path());
    write(&patient.data_dir.join(OVERRIDES_FILE), r#"{"practice": {"platform": "ftp://host"}}"#);
    patient.environments = to_try(vec![environment], &patient.data_dir);
    let report = examine(&patient).await;
    let settings = found(&report, DoctorCheckId::Settings);
    assert!(settings.outcome == DoctorOutcome::Bad && settings.found.ends_with("er prøvd i stedet"), "{settings:?}");
    assert_eq!(found(&report, DoctorCheckId::Practice).outcome, DoctorOutcome::Good, "{}", report.text);
    practice.stop().await;

    write(&patient.data_dir.join(OVERRIDES_FILE), "{}");
    for (named, outcome) in [("Hemmelig", DoctorOutcome::Bad), ("test", DoctorOutcome::Good)] {
        patient.variables = [("MOMSBUD_ENVIRONMENT".to_owned(), named.to_owned())].into();
        let check = settings::check(&patient, DoctorTexts(Language::En));
        assert!(check.outcome == outcome && !check.found.contains("Hemmelig"), "{check:?}");
    }
}

#[tokio::test]
async fn where_rules_are_in_force_ansattporten_is_tried_too() {
    let folder = tempfile::tempdir().unwrap();
    let (practice, environment) = practice().await;
    let mut patient = patient(folder.path());
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = deaf.local_addr().unwrap();
    let ansattporten = Url::parse(&practice.addresses().ansattporten).unwrap();
    let host = |address: &Url| format!("127.0.0.1:{}", address.port().unwrap());
    patient.environments = vec![environment.with_ansattporten(ansattporten.as_str().trim_end_matches('/')).unwrap()];
    let policy = patient.system_dir.join(machine_policy::POLICY_FILE);
    let mut rules: serde_json::Value =
        serde_json::from_str(include_str!("../../../../docs/work-policy.example.json")).unwrap();
    let report = examine(&patient).await;
    assert!(!report.text.contains(&host(&ansattporten)), "nobody asked for it: {}", report.text);
    write(&policy, &serde_json::json!({"work": rules}).to_string());
    let report = examine(&patient).await;
    assert!(!report.text.contains(&host(&ansattporten)), "the rules are for other environments: {}", report.text);
    rules["environments"] = serde_json::json!(["practice"]);
    rules["signIn"]["clients"] = serde_json::json!({"practice": "c"});
    write(&policy, &serde_json::json!({"work": rules}).to_string());
    let report = examine(&patient).await;
    let check = found(&report, DoctorCheckId::Practice);
    assert!(check.outcome == DoctorOutcome::Good && check.found.contains(&host(&ansattporten)), "{}", report.text);
    // The rules' own address goes ahead, and a silent one is a fault.
    let closing = tokio::spawn(async move {
        while let Ok((caller, _)) = deaf.accept().await {
            drop(caller);
        }
    });
    rules["signIn"]["issuers"] = serde_json::json!({"practice": format!("http://{own}")});
    write(&policy, &serde_json::json!({"work": rules}).to_string());
    let report = examine(&patient).await;
    let check = found(&report, DoctorCheckId::Practice);
    assert_eq!(check.outcome, DoctorOutcome::Bad, "{}", report.text);
    assert!(check.found.starts_with(&format!("{own}: ")) && check.found.ends_with(')'), "{}", report.text);
    closing.abort();
    assert!(!report.text.contains(&host(&ansattporten)), "{}", report.text);
    practice.stop().await;
}

#[test]
fn of_a_proxy_only_scheme_host_and_port_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let mut patient = patient(folder.path());
    for (address, shown) in [
        ("http://ola:hemmelig@proxy:3128", Some("http://proxy:3128")),
        ("https://proxy.firma.example:8443/", Some("https://proxy.firma.example:8443")),
        ("proxy.firma.example:3128", Some("http://proxy.firma.example:3128")),
        ("socks5://ola:hemmelig@10.0.0.1:1080", Some("socks5://10.0.0.1:1080")),
        ("http://[::1]:3128", Some("http://[::1]:3128")),
        ("http://ola:12@34hemmelig@proxy", Some("http://proxy")),
        ("http://ola:1234/hemmelig@proxy:3128", None),
        (r"http://ola:1234\hemmelig@proxy:3128", None),
        ("http://ola:#hemmelig@proxy", None),
        ("http://ola:?hemmelig@proxy", None),
        ("http://proxy/?token=hemmelig", None),
        ("http://proxy/ola/hemmelig", None),
        ("ola:hemmelig", None),
        ("ola:hemmelig@", None),
        ("hemmelig://ola@proxy", None),
        ("socks5://ola hemmelig", None),
    ] {
        for variable in ["https_proxy", "http_proxy", "all_proxy"] {
            patient.variables =
                [(variable.to_owned(), address.to_owned()), ("no_proxy".into(), "127.0.0.1".into())].into();
            let check = network::proxy(&patient, DoctorTexts(Language::Nb));
            assert!(!check.found.contains("hemmelig") && !check.found.contains("ola"), "{address}: {check:?}");
            let name = variable.to_ascii_uppercase();
            match shown {
                Some(shown) => {
                    assert_eq!(check.found, format!("{name}={shown} NO_PROXY=127.0.0.1"));
                    assert_eq!(check.outcome, DoctorOutcome::Good);
                }
                None => {
                    assert!(check.found.starts_with(&format!("{name} er satt, men kan ikke leses")), "{check:?}");
                    assert_eq!(check.outcome, DoctorOutcome::Note);
                    assert!(check.advice.is_some());
                }
            }
        }
    }
    patient.variables = [
        ("HTTPS_PROXY".to_owned(), "http://proxy".to_owned()),
        (
            "NO_PROXY".into(),
            "http://ola:pw@x, .firma.example,localhost, 10.0.0.0/8,::1,ola:pw, x:80,ola@x,a b,*,pw/pw".into(),
        ),
    ]
    .into();
    let check = network::proxy(&patient, DoctorTexts(Language::En));
    let shown = "NO_PROXY=.firma.example,localhost,10.0.0.0/8,::1,x:80,* (+ 5 more that are not hosts)";
    assert_eq!(check.found, format!("HTTPS_PROXY=http://proxy {shown}"));
}

#[tokio::test]
async fn who_uses_the_machine_is_not_reported() {
    let folder = tempfile::tempdir().unwrap();
    let at = |place: &str| folder.path().join(place);
    // A folder that others get into is told of.
    disk::create_folder(&at("hjem/kari")).unwrap();
    for (home, data, archive, shown) in [
        ("hjem/kari/", "hjem/kari", "hjem/kari/Momsbud", ["Datamappe: ~\n", "Kvitteringsmappe: ~/Momsbud ("]),
        ("hjem/kari", "hjem/./kari/data", "srv/kari/arkiv", ["Datamappe: ~/data (", "/srv/•••/arkiv ("]),
        ("hjem/kari", "hjem/karin", "hjem/14038112345", ["/hjem/karin (", "/hjem/[number] ("]),
    ] {
        let mut patient = patient(folder.path());
        patient.home = Some(at(home));
        (patient.data_dir, patient.archive_dir) = (at(data), at(archive));
        let report = examine(&patient).await;
        for shown in shown {
            assert!(report.text.contains(shown), "{home}, {data}, {archive}: {}", report.text);
        }
        let texts = texts(&mut patient).await;
        assert!(!texts.contains("/kari/") && !texts.contains("/kari\n") && !texts.contains("14038112345"), "{texts}");
    }
}
