//! An environment: one set of authorities, and the integration they are called through.
//!
//! Practice, test and production differ in addresses and client id and in nothing else; no code path asks which of them
//! it is in. Every preset can be overridden, because hosts and app names have moved before (apis.md 1.1): by a file
//! `environments.json` of the administrator's, and over it one in the data folder, read by [`Overrides::load`].

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use altinn::{Endpoints, EndpointsError};
use id_porten::{
    AuthenticationMethod, EndpointOverrides, Issuer, IssuerError, Lifetimes, Redirect,
    work::{ANSATTPORTEN, ANSATTPORTEN_TEST},
};
use serde::Deserialize;
use shown::Shown;
use url::Url;
use view::{EnvironmentName, RefreshTokenKind};

mod here;

pub use here::{is_here, is_own};

use crate::{
    integrations::{IntegrationId, IntegrationSettings, entered},
    misread::Misread,
    trusted,
};

/// The name of the file with overrides, in the data folder and in the administrator's.
pub const OVERRIDES_FILE: &str = "environments.json";
/// Names the environment for good, for the window: `practice`, `test` or `production`.
pub const ENVIRONMENT_VARIABLE: &str = "MOMSBUD_ENVIRONMENT";
/// Where the validation service lies below Skatteetaten's host (apis.md 1.1).
const VALIDATION_PATH: &str = "/api/mva/grensesnittstoette/mva-melding/valider";
/// Where Enhetsregisteret lies (apis-next.md, section (a)), and its practice below the practice Skatteetaten. The authorities' test
/// environment has none: synthetic companies are in no register.
const ENTITY_REGISTER: &str = "https://data.brreg.no/enhetsregisteret/api";
const PRACTICE_ENTITY_REGISTER: &str = "/enhetsregisteret/api";
/// The one-year authorization: the longest that is documented, 31 536 000 seconds.
const ONE_YEAR: Duration = Duration::from_secs(31_536_000);
/// The access token's lifetime that Microsoft recommends for this very use (apis.md 2.1).
const TWO_HOURS: Duration = Duration::from_secs(7_200);

/// One set of authorities and the integration with them.
#[derive(Debug, Clone)]
pub struct Environment {
    /// Which.
    pub name: EnvironmentName,
    /// Altinn and Skatteetaten.
    pub endpoints: Endpoints,
    /// The client registered with ID-porten.
    pub integration: IntegrationSettings,
    /// Ansattporten, for work accounts; none where no practice Ansattporten is known.
    pub work_issuer: Option<Issuer>,
}

/// Base addresses of practice authorities, without a slash at the end, as `momsbud-cli practice` prints them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PracticeAddresses {
    /// ID-porten; also its issuer.
    pub id_porten: String,
    /// Altinn's platform.
    pub altinn_platform: String,
    /// The app, with owner and name.
    pub altinn_app: String,
    /// Skatteetaten.
    pub skatteetaten: String,
}

/// An environment that cannot be used as it is set up.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// An address of Altinn or Skatteetaten.
    #[error(transparent)]
    Endpoints(#[from] EndpointsError),
    /// The issuer.
    #[error(transparent)]
    Issuer(#[from] IssuerError),
    /// An address of the real authorities that is not https. Remedy: correct it in `environments.json`.
    #[error("{0} must be called by https in production")]
    NotByTls(String),
    /// The practice authorities are said to be elsewhere: what is practised would leave this machine. Remedy: the address that
    /// `momsbud-cli practice` prints.
    #[error("practice stays on this machine, and {0} is another")]
    NotHere(String),
    /// What listens there is another user's. Remedy: start the practice authorities again.
    #[error("what listens at {0} belongs to another user of this machine")]
    Strangers(String),
    /// The file with overrides cannot be read. Remedy: mend or remove it.
    #[error("{} cannot be read: {}", .0.display(), .1)]
    File(PathBuf, io::Error),
    /// The file with overrides is not what it should be. Remedy: mend or remove it; the message says where.
    #[error("{} is not as expected: {}", .0.display(), .1)]
    Content(PathBuf, Misread),
}

impl Environment {
    /// The practice authorities, at the addresses they were started on, with the client they know.
    ///
    /// # Errors
    /// An address that is none.
    pub fn practice(addresses: &PracticeAddresses) -> Result<Self, EnvironmentError> {
        let validation = format!("{}{VALIDATION_PATH}", addresses.skatteetaten);
        let endpoints = Endpoints::parse(&addresses.altinn_platform, &addresses.altinn_app, &validation)?
            .with_entity_register(&format!("{}{PRACTICE_ENTITY_REGISTER}", addresses.skatteetaten))?;
        let integration = IntegrationSettings {
            name: "Momsbud øving".into(),
            client_id: Some("momsbud-practice".into()),
            ..preset(Issuer::parse(&addresses.id_porten)?)
        };
        let practice = Self { name: EnvironmentName::Practice, endpoints, integration, work_issuer: None };
        practice.stays_here()?;
        Ok(practice)
    }

    /// The same with the Ansattporten at this address.
    ///
    /// # Errors
    /// An address that is no issuer's.
    pub fn with_ansattporten(mut self, address: &str) -> Result<Self, EnvironmentError> {
        let issuer = Issuer::parse(address)?;
        if self.name == EnvironmentName::Practice {
            is_here(&Url::parse(issuer.as_str()).map_err(|_| IssuerError)?)?;
        }
        self.work_issuer = Some(issuer);
        Ok(self)
    }

    /// The authorities' test environment (apis.md 1.1 "Test, new", 3.1). There is no client id until one is registered.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn test() -> Result<Self, EnvironmentError> {
        let endpoints = Endpoints::parse(
            "https://platform.tt02.altinn.no",
            "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-test",
            &format!("https://idporten-api-test.sits.no{VALIDATION_PATH}"),
        )?;
        let integration =
            IntegrationSettings { name: "Test".into(), ..preset(Issuer::parse("https://test.idporten.no")?) };
        let work_issuer = Some(Issuer::parse(ANSATTPORTEN_TEST)?);
        Ok(Self { name: EnvironmentName::Test, endpoints, integration, work_issuer })
    }

    /// The real authorities (apis.md 1.1, 3.1). There is no client id until one is registered.
    ///
    /// # Errors
    /// None in practice: the addresses are constants.
    pub fn production() -> Result<Self, EnvironmentError> {
        let endpoints = Endpoints::parse(
            "https://platform.altinn.no",
            "https://skd.apps.altinn.no/skd/mva-melding-innsending-v1",
            &format!("https://idporten.api.skatteetaten.no{VALIDATION_PATH}"),
        )?
        .with_entity_register(ENTITY_REGISTER)?;
        let integration =
            IntegrationSettings { name: "Produksjon".into(), ..preset(Issuer::parse("https://idporten.no")?) };
        let work_issuer = Some(Issuer::parse(ANSATTPORTEN)?);
        Ok(Self { name: EnvironmentName::Production, endpoints, integration, work_issuer })
    }

    /// The preset of test or production with what the data folder's `environments.json` says of it; none for practice,
    /// whose addresses are those it was started on.
    ///
    /// # Errors
    /// The file, or an address in it that is none.
    pub fn preset(name: EnvironmentName, data_dir: &Path) -> Result<Option<Self>, EnvironmentError> {
        let preset = match name {
            EnvironmentName::Practice => return Ok(None),
            EnvironmentName::Test => Self::test()?,
            EnvironmentName::Production => Self::production()?,
        };
        Ok(Some(preset.overridden(&Overrides::load(data_dir)?)?))
    }

    /// The same with what the overrides say of it.
    ///
    /// # Errors
    /// An address that is none.
    pub fn overridden(mut self, overrides: &Overrides) -> Result<Self, EnvironmentError> {
        let Some(given) = overrides.0.get(&self.name.into()) else { return Ok(self) };
        let or = |given: &Option<String>, preset: &Url| given.clone().unwrap_or_else(|| preset.to_string());
        let register = match given.entity_register.as_deref() {
            // Nothing is looked up.
            Some("") => None,
            Some(address) => Some(address.to_owned()),
            None => self.endpoints.entity_register().map(Url::to_string),
        };
        self.endpoints = Endpoints::parse(
            &or(&given.platform, self.endpoints.platform()),
            &or(&given.app, self.endpoints.app()),
            &or(&given.validation, self.endpoints.validation()),
        )?;
        if let Some(address) = register {
            self.endpoints = self.endpoints.with_entity_register(&address)?;
        }
        given.integration.apply(&mut self.integration);
        self.requires_tls()?;
        self.stays_here()?;
        Ok(self)
    }
}

impl Environment {
    /// Whether nobody else who works on this machine answers in the place of its practice authorities. For whoever is about to
    /// call them; others know by [`is_here`] that they are on this machine.
    ///
    /// # Errors
    /// [`EnvironmentError::Strangers`].
    pub fn is_of_this_user(&self) -> Result<(), EnvironmentError> {
        if self.name != EnvironmentName::Practice {
            return Ok(());
        }
        let work = self.work_issuer.as_ref().and_then(|issuer| Url::parse(issuer.as_str()).ok());
        is_own(&self.addresses().into_iter().chain(work).collect::<Vec<_>>())
    }

    /// What is practised leaves this machine by no address.
    fn stays_here(&self) -> Result<(), EnvironmentError> {
        if self.name == EnvironmentName::Practice { self.addresses().iter().try_for_each(is_here) } else { Ok(()) }
    }

    /// In production everything goes by TLS: what listens at a port of this machine may be anybody's.
    fn requires_tls(&self) -> Result<(), EnvironmentError> {
        if self.name != EnvironmentName::Production {
            return Ok(());
        }
        match self.addresses().iter().find(|url| url.scheme() != "https") {
            Some(plain) => Err(EnvironmentError::NotByTls(plain.host_str().unwrap_or_default().to_owned())),
            None => Ok(()),
        }
    }

    /// Every address that something is sent to.
    fn addresses(&self) -> Vec<Url> {
        let issuer = Url::parse(self.integration.issuer.as_str()).ok();
        let own = self.integration.endpoints.each().map(|(_, url)| url);
        let altinn = [self.endpoints.platform(), self.endpoints.app(), self.endpoints.validation()];
        let register = self.endpoints.entity_register();
        issuer.iter().chain(own).chain(altinn).chain(register).cloned().collect()
    }
}

/// What the presets have in common: a native client, sign-in by loopback, the scopes of apis.md 1.2.
fn preset(issuer: Issuer) -> IntegrationSettings {
    IntegrationSettings {
        id: IntegrationId::standard(),
        name: String::new(),
        issuer,
        client_id: None,
        authentication: AuthenticationMethod::None,
        redirect: Redirect::default(),
        scopes: [
            "openid",
            "profile",
            "skatteetaten:mvameldingvalidering",
            "altinn:instances.read",
            "altinn:instances.write",
        ]
        .map(str::to_owned)
        .to_vec(),
        ask_for_old_scope: false,
        acr_values: Vec::new(),
        use_par: false,
        lifetimes: Lifetimes { authorization: ONE_YEAR, access_token: TWO_HOURS, refresh_token: Duration::ZERO },
        refresh_token_kind: RefreshTokenKind::OneTime,
        key_id: None,
        endpoints: EndpointOverrides::default(),
        post_logout_redirect_uri: None,
    }
}

/// What a file says other than the presets, by environment.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Overrides(BTreeMap<Name, EnvironmentOverrides>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Name {
    Practice,
    Test,
    Production,
}

impl From<EnvironmentName> for Name {
    fn from(name: EnvironmentName) -> Self {
        match name {
            EnvironmentName::Practice => Self::Practice,
            EnvironmentName::Test => Self::Test,
            EnvironmentName::Production => Self::Production,
        }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct EnvironmentOverrides {
    platform: Option<String>,
    app: Option<String>,
    validation: Option<String>,
    entity_register: Option<String>,
    integration: IntegrationOverrides,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct IntegrationOverrides {
    name: Option<String>,
    issuer: Option<Issuer>,
    client_id: Option<String>,
    authentication: Option<AuthenticationMethod>,
    redirect: Option<Redirect>,
    scopes: Option<Vec<String>>,
    ask_for_old_scope: Option<bool>,
    acr_values: Option<Vec<String>>,
    use_par: Option<bool>,
    authorization_seconds: Option<u64>,
    access_token_seconds: Option<u64>,
    refresh_token_seconds: Option<u64>,
    refresh_token_kind: Option<RefreshTokenKind>,
    key_id: Option<String>,
    endpoints: Option<EndpointOverrides>,
    post_logout_redirect_uri: Option<Url>,
}

impl Overrides {
    /// Reads the administrator's file ([`crate::machine_policy::folder`]) and over it the one of the data folder; none is no
    /// error.
    ///
    /// # Errors
    /// A file that cannot be read or is not as expected.
    pub fn load(data_dir: &Path) -> Result<Self, EnvironmentError> {
        Self::load_from(&crate::machine_policy::folder(), data_dir)
    }

    /// Reads the administrator's file in one folder, which others must not be able to write, and the user's in another over
    /// it.
    ///
    /// # Errors
    /// A file that cannot be read, not be trusted, or is not as expected.
    pub fn load_from(system: &Path, user: &Path) -> Result<Self, EnvironmentError> {
        let mut all = serde_json::Value::Object(serde_json::Map::new());
        for (folder, administrators) in [(system, true), (user, false)] {
            let file = folder.join(OVERRIDES_FILE);
            let read = if administrators {
                trusted::read(&file).and_then(|content| content.ok_or(io::ErrorKind::NotFound.into()))
            } else {
                files::open::read(&file, files::open::SMALL).map_err(io::Error::from)
            };
            match read {
                Ok(content) => {
                    // Each by itself first, so that a mistake is found in the file that it was made in.
                    let wrong = |error: serde_json::Error| EnvironmentError::Content(file.clone(), error.into());
                    serde_json::from_slice::<Self>(&content).map_err(wrong)?;
                    put_over(&mut all, serde_json::from_slice(&content).map_err(wrong)?);
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(EnvironmentError::File(file, error)),
            }
        }
        serde_json::from_value(all).map_err(not_as_expected)
    }

    /// Reads the file's content.
    ///
    /// # Errors
    /// Not JSON, or a field that is not known: a misspelt override must not pass for one.
    pub fn parse(content: &[u8]) -> Result<Self, EnvironmentError> {
        serde_json::from_slice(content).map_err(not_as_expected)
    }
}

/// Content that stands in no file by itself.
fn not_as_expected(error: serde_json::Error) -> EnvironmentError {
    EnvironmentError::Content(OVERRIDES_FILE.into(), error.into())
}

/// What `upper` says goes over what `lower` says, name by name; a list is one value.
fn put_over(lower: &mut serde_json::Value, upper: serde_json::Value) {
    match (lower, upper) {
        (serde_json::Value::Object(lower), serde_json::Value::Object(upper)) => {
            for (name, value) in upper {
                put_over(lower.entry(name).or_insert(serde_json::Value::Null), value);
            }
        }
        (lower, upper) => *lower = upper,
    }
}

impl IntegrationOverrides {
    fn apply(&self, to: &mut IntegrationSettings) {
        fn set<T: Clone>(given: &Option<T>, to: &mut T) {
            if let Some(given) = given {
                to.clone_from(given);
            }
        }
        set(&self.name.as_deref().map(|name| Shown::line(name).into_string()), &mut to.name);
        set(&self.issuer, &mut to.issuer);
        set(&self.client_id.as_deref().map(entered), &mut to.client_id);
        set(&self.authentication, &mut to.authentication);
        set(&self.redirect, &mut to.redirect);
        set(&self.scopes, &mut to.scopes);
        set(&self.ask_for_old_scope, &mut to.ask_for_old_scope);
        set(&self.acr_values, &mut to.acr_values);
        set(&self.use_par, &mut to.use_par);
        set(&self.authorization_seconds.map(Duration::from_secs), &mut to.lifetimes.authorization);
        set(&self.access_token_seconds.map(Duration::from_secs), &mut to.lifetimes.access_token);
        set(&self.refresh_token_seconds.map(Duration::from_secs), &mut to.lifetimes.refresh_token);
        set(&self.refresh_token_kind, &mut to.refresh_token_kind);
        set(&self.key_id.as_deref().map(entered), &mut to.key_id);
        set(&self.endpoints, &mut to.endpoints);
        if self.post_logout_redirect_uri.is_some() {
            to.post_logout_redirect_uri.clone_from(&self.post_logout_redirect_uri);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn presets_are_those_of_the_documentation() {
        let production = Environment::production().unwrap();
        assert_eq!(production.endpoints.app_id(), "skd/mva-melding-innsending-v1");
        assert_eq!(production.integration.issuer.as_str(), "https://idporten.no");
        assert_eq!(production.integration.client_id, None, "nobody's client is built in");
        let test = Environment::test().unwrap();
        assert_eq!(test.endpoints.app_id(), "skd/mva-melding-innsending-test");
        assert_eq!(
            test.endpoints.validation().as_str(),
            "https://idporten-api-test.sits.no/api/mva/grensesnittstoette/mva-melding/valider"
        );
    }

    #[test]
    fn practice_is_where_it_was_started() {
        let practice = Environment::practice(&PracticeAddresses {
            id_porten: "http://127.0.0.1:4001".into(),
            altinn_platform: "http://127.0.0.1:4003".into(),
            altinn_app: "http://127.0.0.1:4004/skd/mva-melding-innsending-v1".into(),
            skatteetaten: "http://127.0.0.1:4005".into(),
        })
        .unwrap();
        assert_eq!(practice.integration.issuer.as_str(), "http://127.0.0.1:4001");
        assert_eq!(practice.endpoints.validation().port(), Some(4005));
        assert_eq!(practice.integration.redirect.registered(), "http://127.0.0.1:0/callback");
    }

    #[test]
    fn companies_are_looked_up_where_there_is_a_register_and_nobody_has_turned_it_off() {
        let register = |environment: &Environment| environment.endpoints.entity_register().map(Url::to_string);
        let production = Environment::production().unwrap();
        assert_eq!(register(&production).as_deref(), Some(ENTITY_REGISTER));
        assert_eq!(register(&Environment::test().unwrap()), None);
        let with = |overrides: &str| {
            let overrides = Overrides::parse(format!(r#"{{"production": {overrides}}}"#).as_bytes()).unwrap();
            register(&Environment::production().unwrap().overridden(&overrides).unwrap())
        };
        assert_eq!(with(r#"{"platform": "https://altinn.example"}"#).as_deref(), Some(ENTITY_REGISTER));
        assert_eq!(with(r#"{"entityRegister": ""}"#), None);
        assert_eq!(with(r#"{"entityRegister": "https://r.example/api"}"#).as_deref(), Some("https://r.example/api"));
    }

    #[test]
    fn every_preset_can_be_overridden() {
        let overrides = Overrides::parse(
            br#"{"test": {"app": "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-etm2",
                "integration": {"clientId": "23cc", "authentication": "client_secret_post", "askForOldScope": true,
                    "authorizationSeconds": 7200, "redirect": {"kind": "loopback_fixed_port", "host": "localhost", "port": 12345, "path": "/token"}}}}"#,
        )
        .unwrap();
        let test = Environment::test().unwrap().overridden(&overrides).unwrap();
        assert_eq!(test.endpoints.app_id(), "skd/mva-melding-innsending-etm2");
        assert_eq!(test.endpoints.platform().as_str(), "https://platform.tt02.altinn.no/");
        assert_eq!(test.integration.client_id.as_deref(), Some("23cc"));
        assert_eq!(test.integration.lifetimes.authorization, Duration::from_secs(7200));
        assert_eq!(test.integration.redirect.registered(), "http://localhost:12345/token");
        assert!(test.integration.asked_scopes().contains(&"skatteetaten:mvameldinginnsending".to_owned()));
        let production = Environment::production().unwrap().overridden(&overrides).unwrap();
        assert_eq!(production.integration.client_id, None);
    }

    #[test]
    fn production_goes_by_tls_alone() {
        for plain in [
            r#"{"platform": "http://127.0.0.1:1"}"#,
            r#"{"entityRegister": "http://127.0.0.1:1"}"#,
            r#"{"integration": {"issuer": "http://127.0.0.1:1"}}"#,
            r#"{"integration": {"endpoints": {"token": "http://localhost:1/token"}}}"#,
        ] {
            let content = format!(r#"{{"production": {plain}, "test": {plain}}}"#);
            let overrides = Overrides::parse(content.as_bytes()).unwrap();
            let refused = Environment::production().unwrap().overridden(&overrides);
            assert!(matches!(refused, Err(EnvironmentError::NotByTls(_))), "{plain}: {refused:?}");
            assert!(Environment::test().unwrap().overridden(&overrides).is_ok(), "{plain}: where nothing is real");
        }
    }

    #[cfg(unix)]
    #[test]
    fn an_administrators_file_that_others_can_write_is_refused_and_said() {
        use std::os::unix::fs::PermissionsExt as _;
        let (system, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let file = system.path().join(OVERRIDES_FILE);
        std::fs::write(&file, r#"{"production": {"integration": {"endpoints": {"token": "https://evil.example"}}}}"#)
            .unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o666)).unwrap();
        let refused = Overrides::load_from(system.path(), user.path()).unwrap_err();
        assert!(matches!(refused, EnvironmentError::File(..)));
        assert!(refused.to_string().contains("can be written by others than administrators"), "{refused}");
    }

    #[test]
    fn a_misspelt_override_is_refused() {
        assert!(Overrides::parse(br#"{"test": {"ap": "https://x.example/a/b"}}"#).is_err());
        assert!(Overrides::parse(br#"{"tset": {}}"#).is_err());
    }

    #[test]
    fn the_users_file_goes_over_the_administrators() {
        let (system, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |folder: &tempfile::TempDir, text: &str| {
            std::fs::write(folder.path().join(OVERRIDES_FILE), text).unwrap();
        };
        write(
            &system,
            r#"{"production": {"integration": {"clientId": "firm", "name": "Firmaet", "scopes": ["openid", "a"]}},
                "test": {"integration": {"clientId": "firm-test"}}}"#,
        );
        let of = |environment: Environment| {
            environment.overridden(&Overrides::load_from(system.path(), user.path()).unwrap()).unwrap().integration
        };
        assert_eq!(
            of(Environment::production().unwrap()).client_id.as_deref(),
            Some("firm"),
            "the administrator's alone"
        );
        write(&user, r#"{"production": {"integration": {"clientId": "mine", "scopes": ["openid"]}}}"#);
        let production = of(Environment::production().unwrap());
        assert_eq!((production.client_id.as_deref(), production.name.as_str()), (Some("mine"), "Firmaet"));
        assert_eq!(production.scopes, ["openid"], "a list is one value");
        assert_eq!(of(Environment::test().unwrap()).client_id.as_deref(), Some("firm-test"));
        write(&system, r#"{"production": {"integraton": {}}}"#);
        assert!(Overrides::load_from(system.path(), user.path()).is_err(), "a mistake of the administrator's");
    }

    #[test]
    fn the_example_that_is_installed_can_be_read() {
        let example = include_bytes!("../../../packaging/examples/environments.json");
        let production = Environment::production().unwrap().overridden(&Overrides::parse(example).unwrap()).unwrap();
        assert_eq!(production.integration.name, "Firmaets integrasjon");
    }

    #[test]
    fn no_file_is_no_override() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Overrides::load_from(&folder.path().join("system"), folder.path()).unwrap().0.is_empty());
    }
}
