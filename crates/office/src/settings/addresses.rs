//! The authorities' addresses, shown and changed.
//!
//! What is changed goes into `environments.json`, where an administrator may have put more (a client id above all);
//! everything else in that file stays as it is.

use std::{io, path::Path};

use access::environment::{Environment, EnvironmentError, OVERRIDES_FILE, Overrides};
use id_porten::Issuer;
use serde_json::{Map, Value};
use shown::Shown;
use url::Url;
use view::{
    EnvironmentName, ErrorCode, Language,
    confirmation::Confirmation,
    problem::{self, Problem},
};

use super::{
    SettingsError,
    view::{AddressName, AddressView, EnvironmentAddresses},
};

const ALL: [AddressName; 4] = [AddressName::IdPorten, AddressName::Validation, AddressName::Platform, AddressName::App];

/// A change of addresses that is not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// An address that cannot be used: the program would send tokens where it must not.
    #[error("the address cannot be used")]
    Refused(#[from] EnvironmentError),
    /// Practice authorities choose their own addresses.
    #[error("the practice authorities choose their own addresses")]
    Practice,
    /// The file.
    #[error(transparent)]
    File(#[from] SettingsError),
}

impl From<AddressError> for Problem {
    fn from(error: AddressError) -> Self {
        match error {
            AddressError::File(error) => error.into(),
            error => problem::of(ErrorCode::AddressRefused, &error),
        }
    }
}

/// The addresses of test and production, and of practice when it is `current`.
///
/// # Errors
/// Overrides that cannot be used.
pub fn views(data_dir: &Path, current: &Environment) -> Result<Vec<EnvironmentAddresses>, EnvironmentError> {
    let overrides = Overrides::load(data_dir)?;
    let practice = (current.name == EnvironmentName::Practice).then(|| EnvironmentAddresses {
        environment: EnvironmentName::Practice,
        editable: false,
        rows: rows(current, current),
    });
    let real = [Environment::test()?, Environment::production()?].into_iter().map(|preset| {
        let in_force = preset.clone().overridden(&overrides)?;
        Ok(EnvironmentAddresses { environment: preset.name, editable: true, rows: rows(&in_force, &preset) })
    });
    practice.map(Ok).into_iter().chain(real).collect()
}

fn rows(in_force: &Environment, preset: &Environment) -> Vec<AddressView> {
    ALL.map(|name| AddressView { name, value: address(in_force, name), preset: address(preset, name) }).to_vec()
}

/// One address of an environment, without a slash at the end.
fn address(environment: &Environment, name: AddressName) -> String {
    let endpoints = &environment.endpoints;
    let address = match name {
        AddressName::IdPorten => environment.integration.issuer.as_str(),
        AddressName::Platform => endpoints.platform().as_str(),
        AddressName::App => endpoints.app().as_str(),
        AddressName::Validation => endpoints.validation().as_str(),
    };
    // An issuer is compared letter by letter; it stays as it is spelt.
    if name == AddressName::IdPorten { address.to_owned() } else { address.trim_end_matches('/').to_owned() }
}

/// What a person must say yes to before an address is changed: tokens and returns would go to another place than the
/// environment's own. Nothing where they would not, or where the address will be refused.
#[must_use]
pub fn question(
    environment: EnvironmentName,
    name: AddressName,
    wanted: Option<&str>,
    language: Language,
) -> Option<Confirmation> {
    let preset = match environment {
        EnvironmentName::Practice => return None,
        EnvironmentName::Test => Environment::test().ok()?,
        EnvironmentName::Production => Environment::production().ok()?,
    };
    let wanted = Url::parse(wanted?.trim()).ok()?;
    let known = Url::parse(&address(&preset, name)).ok()?;
    if wanted.origin() == known.origin() {
        return None;
    }
    let place = |url: &Url| Shown::line(&url.origin().ascii_serialization());
    let (to, instead) = (place(&wanted), place(&known));
    let key = match environment {
        EnvironmentName::Production => "addresses.change.production",
        EnvironmentName::Practice | EnvironmentName::Test => "addresses.change.test",
    };
    let [title, yes, no] = ["addresses.change.title", "addresses.change.yes", "addresses.change.no"]
        .map(|key| crate::text(language, key).to_owned());
    let text = crate::filled(language, key, &[("to", &to), ("instead", &instead)]);
    Some(Confirmation { title, text, yes, no })
}

/// Changes one address; `None`, or the preset's own, goes back to the preset.
///
/// # Errors
/// See [`AddressError`]; nothing is changed then.
pub fn change(
    data_dir: &Path,
    environment: EnvironmentName,
    name: AddressName,
    wanted: Option<&str>,
) -> Result<(), AddressError> {
    let preset = match environment {
        EnvironmentName::Practice => return Err(AddressError::Practice),
        EnvironmentName::Test => Environment::test()?,
        EnvironmentName::Production => Environment::production()?,
    };
    let wanted = wanted.map(str::trim).filter(|wanted| *wanted != address(&preset, name));
    let mut file = read(data_dir)?;
    let (key, within) = match name {
        AddressName::IdPorten => ("issuer", Some("integration")),
        AddressName::Platform => ("platform", None),
        AddressName::App => ("app", None),
        AddressName::Validation => ("validation", None),
    };
    if let (AddressName::IdPorten, Some(wanted)) = (name, wanted) {
        Issuer::parse(wanted).map_err(EnvironmentError::from)?;
    }
    let word = match environment {
        EnvironmentName::Practice => "practice",
        EnvironmentName::Test => "test",
        EnvironmentName::Production => "production",
    };
    let mut place = object(&mut file, word)?;
    if let Some(within) = within {
        place = object(place, within)?;
    }
    match wanted {
        Some(wanted) => place.insert(key.to_owned(), Value::from(wanted)),
        None => place.remove(key),
    };
    // The same reading as at the next start: what would be refused then is refused now.
    let content = serde_json::to_vec_pretty(&file).map_err(|source| SettingsError::content(OVERRIDES_FILE, source))?;
    preset.overridden(&Overrides::parse(&content)?)?;
    disk::write(&data_dir.join(OVERRIDES_FILE), &content)
        .map_err(|source| SettingsError::File { file: OVERRIDES_FILE, source })?;
    Ok(())
}

fn read(data_dir: &Path) -> Result<Map<String, Value>, SettingsError> {
    match files::open::read(&data_dir.join(OVERRIDES_FILE), files::open::SMALL).map_err(io::Error::from) {
        Ok(content) => {
            serde_json::from_slice(&content).map_err(|source| SettingsError::content(OVERRIDES_FILE, source))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Map::new()),
        Err(source) => Err(SettingsError::File { file: OVERRIDES_FILE, source }),
    }
}

/// The object of this name, made where there is none.
fn object<'a>(within: &'a mut Map<String, Value>, name: &str) -> Result<&'a mut Map<String, Value>, SettingsError> {
    let value = within.entry(name).or_insert_with(|| Value::Object(Map::new()));
    // The office would not have opened with another.
    value.as_object_mut().ok_or_else(|| SettingsError::File {
        file: OVERRIDES_FILE,
        source: io::Error::new(io::ErrorKind::InvalidData, format!("{name} is no object")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    fn test_rows(folder: &Path) -> Vec<AddressView> {
        views(folder, &Environment::test().unwrap()).unwrap().remove(0).rows
    }

    fn value(folder: &Path, name: AddressName) -> String {
        test_rows(folder).into_iter().find(|row| row.name == name).unwrap().value
    }

    #[test]
    fn an_address_is_changed_and_goes_back_and_the_rest_of_the_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(OVERRIDES_FILE);
        fs::write(&file, r#"{"test": {"integration": {"clientId": "23cc"}}}"#).unwrap();
        let app = "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-etm2";
        change(folder.path(), EnvironmentName::Test, AddressName::App, Some(app)).unwrap();
        change(folder.path(), EnvironmentName::Test, AddressName::IdPorten, Some("https://ver2.idporten.no")).unwrap();
        assert_eq!(value(folder.path(), AddressName::App), app);
        assert_eq!(value(folder.path(), AddressName::IdPorten), "https://ver2.idporten.no");
        let in_force = Environment::test().unwrap().overridden(&Overrides::load(folder.path()).unwrap()).unwrap();
        assert_eq!(in_force.integration.client_id.as_deref(), Some("23cc"));
        assert_eq!(in_force.endpoints.app_id(), "skd/mva-melding-innsending-etm2");

        change(folder.path(), EnvironmentName::Test, AddressName::App, None).unwrap();
        change(folder.path(), EnvironmentName::Test, AddressName::IdPorten, Some("https://test.idporten.no")).unwrap();
        assert!(test_rows(folder.path()).iter().all(|row| row.value == row.preset), "{:?}", test_rows(folder.path()));
        let kept: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(kept["test"]["integration"]["clientId"], "23cc");
        assert!(kept["test"].get("app").is_none());
    }

    #[test]
    fn a_person_is_asked_before_tokens_go_to_another_place_and_not_otherwise() {
        let ask = |name, wanted| question(EnvironmentName::Production, name, wanted, Language::Nb);
        let asked = ask(AddressName::Platform, Some("https://platform.example.org/x")).unwrap();
        assert!(asked.text.contains("https://platform.example.org\n"), "{}", asked.text);
        assert!(asked.text.contains("i stedet for https://platform.altinn.no"), "{}", asked.text);
        // Letters of other alphabets that look like ours are told apart.
        let asked = ask(AddressName::IdPorten, Some("https://idpоrten.no")).unwrap();
        assert!(asked.text.contains("https://xn--"), "{}", asked.text);
        // Another port or plain http is another place; another version of the app at the same place is not.
        assert!(ask(AddressName::App, Some("https://skd.apps.altinn.no:8443/skd/mva-melding-innsending-v1")).is_some());
        assert!(ask(AddressName::App, Some("http://skd.apps.altinn.no/skd/mva-melding-innsending-v1")).is_some());
        assert_eq!(ask(AddressName::App, Some("https://skd.apps.altinn.no/skd/mva-melding-innsending-v2")), None);
        assert_eq!(ask(AddressName::App, None), None);
        assert_eq!(ask(AddressName::App, Some("altinn")), None);
        for language in [Language::Nn, Language::En] {
            let other = question(EnvironmentName::Test, AddressName::App, Some("https://x.example"), language).unwrap();
            assert!(other.text.contains("https://x.example\n"), "{other:?}");
        }
    }

    #[test]
    fn an_address_tokens_must_not_travel_to_is_refused_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        for wrong in ["http://altinn.example/skd/app", "ftp://x.example/a/b", "altinn", "https://u:p@x.example/a/b", ""]
        {
            for name in ALL {
                let error = change(folder.path(), EnvironmentName::Production, name, Some(wrong)).unwrap_err();
                assert_eq!(Problem::from(error).code, ErrorCode::AddressRefused, "{wrong} for {name:?}");
            }
        }
        assert!(!folder.path().join(OVERRIDES_FILE).exists());
        let error = change(folder.path(), EnvironmentName::Practice, AddressName::App, None).unwrap_err();
        assert!(matches!(error, AddressError::Practice));
    }
}
