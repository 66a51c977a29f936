//! What comes from others, read as the program reads it: for fuzzing. Each must end for every input without a panic, and what
//! it lets through must be what it says.

use access::{
    environment::{Environment, Overrides},
    integrations::form::{self, IntegrationFile},
    link,
    work::policy::{WorkPolicy, signed_by},
};
use url::Url;
use view::EnvironmentName;

/// An integration that somebody hands over.
pub fn integration_file(bytes: &[u8]) {
    let Ok(file) = IntegrationFile::parse(bytes) else { return };
    let Ok(settings) = form::settings_in(&file.integration, file.environment, &"a".into()) else { return };
    let plain = |url: &Url| url.scheme() != "https";
    let real = file.environment == EnvironmentName::Production;
    debug_assert!(!(real && settings.endpoints.each().any(|(_, url)| plain(url))), "real tokens leave by TLS alone");
    let destinations = settings.destinations();
    debug_assert!(
        destinations.foreign(&settings.issuer).len() <= destinations.hosts().len(),
        "foreign are some of all"
    );
}

/// `environments.json`.
pub fn environments(bytes: &[u8]) {
    let Ok(overrides) = Overrides::parse(bytes) else { return };
    for preset in [Environment::test(), Environment::production()].into_iter().flatten() {
        let real = preset.name == EnvironmentName::Production;
        if let Ok(environment) = preset.overridden(&overrides) {
            let endpoints = &environment.endpoints;
            let all = [endpoints.platform(), endpoints.app(), endpoints.validation()];
            debug_assert!(!real || all.iter().all(|url| url.scheme() == "https"), "real tokens leave by TLS alone");
        }
    }
}

/// The rules for work accounts, signed or not.
pub fn policy(bytes: &[u8]) {
    let _ = WorkPolicy::parse(bytes);
    let _ = signed_by(bytes);
}

/// A link that any page can open.
pub fn deep_link(bytes: &[u8]) {
    let Some(link) = std::str::from_utf8(bytes).ok().and_then(|text| Url::parse(text).ok()) else { return };
    if let Some(callback) = link::callback(&link) {
        debug_assert!(callback.as_str().starts_with(link::CALLBACK), "one name for every callback");
        debug_assert_eq!(callback.query(), link.query());
        let _ = id_porten::LinkAnswer::read(&callback);
    }
}
