//! Which authorities this run talks to.
//!
//! A fresh installation practises; the user switches in Innstillinger. `MOMSBUD_ENVIRONMENT` names a set for good; what
//! differs from its preset (a client id above all) stands in `environments.json` of the data folder.

use crate::{fault::fault, places::Places};
use access::{
    Environment, EnvironmentError, PracticeAddresses,
    environment::{ENVIRONMENT_VARIABLE, Overrides},
};
use office::settings::Settings;
use practice::{Addresses, Practice};
use std::{env, io};
use tauri::{AppHandle, Manager};
use view::{EnvironmentName, ErrorCode, ErrorView, Problem};

/// Where the practice authorities are, for tests and for the curious.
const ADDRESSES_FILE: &str = "practice.json";

/// The chosen environment, with the practice authorities running when it is theirs.
///
/// # Errors
/// A name that is none, overrides that cannot be read, practice authorities that cannot start.
pub(crate) async fn chosen(app: &AppHandle, places: &Places) -> Result<Environment, ErrorView> {
    let name = match fixed()? {
        Some(name) => name,
        None => Settings::load(&places.data).map_err(Problem::from)?.environment,
    };
    let preset = match name {
        EnvironmentName::Practice => return practice(app, places).await,
        EnvironmentName::Test => Environment::test(),
        EnvironmentName::Production => Environment::production(),
    };
    preset.and_then(|preset| preset.overridden(&Overrides::load(&places.data)?)).map_err(unusable)
}

/// The environment that an administrator has named, if any.
///
/// # Errors
/// A name that is none.
pub(crate) fn fixed() -> Result<Option<EnvironmentName>, ErrorView> {
    match env::var(ENVIRONMENT_VARIABLE).unwrap_or_default().as_str() {
        "" => Ok(None),
        "practice" => Ok(Some(EnvironmentName::Practice)),
        "test" => Ok(Some(EnvironmentName::Test)),
        "production" => Ok(Some(EnvironmentName::Production)),
        other => {
            let message = format!("{ENVIRONMENT_VARIABLE} is {other:?}; it can be practice, test or production.");
            Err(fault(ErrorCode::DataUnusable, &message, &io::Error::from(io::ErrorKind::InvalidInput)))
        }
    }
}

async fn practice(app: &AppHandle, places: &Places) -> Result<Environment, ErrorView> {
    // Started once: who comes back to practice finds what she left.
    if app.try_state::<Practice>().is_none() {
        app.manage(start_practice(places).await?);
    }
    let practice = app.state::<Practice>();
    let at: &Addresses = practice.addresses();
    let addresses = PracticeAddresses {
        id_porten: at.id_porten.clone(),
        altinn_platform: at.altinn_platform.clone(),
        altinn_app: at.altinn_app.clone(),
        skatteetaten: at.skatteetaten.clone(),
    };
    let overrides = Overrides::load(&places.data).map_err(unusable)?;
    Environment::practice(&addresses)
        .and_then(|preset| preset.with_ansattporten(&at.ansattporten))
        .and_then(|preset| preset.overridden(&overrides))
        .and_then(|practice| practice.is_of_this_user().map(|()| practice))
        .map_err(unusable)
}

/// They live as long as the program.
async fn start_practice(places: &Places) -> Result<Practice, ErrorView> {
    let refused =
        |error: &dyn std::error::Error| fault(ErrorCode::Internal, "The practice authorities cannot start.", error);
    // What was filed yesterday is still there today, as it would be with the real ones.
    let options = practice::Options { memory: Some(places.data.join("practice")), ..practice::Options::default() };
    let practice = Practice::start(options).await.map_err(|error| refused(&error))?;
    let listed = serde_json::to_vec(practice.addresses()).map_err(|error| refused(&error))?;
    if let Err(error) = disk::write(&places.data.join(ADDRESSES_FILE), &listed) {
        tracing::warn!(%error, "The addresses of the practice authorities could not be written down.");
    }
    Ok(practice)
}

fn unusable(error: EnvironmentError) -> ErrorView {
    fault(ErrorCode::DataUnusable, "The environment is not set up as it must be.", &error)
}
