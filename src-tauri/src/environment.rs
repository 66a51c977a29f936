//! Which authorities this run talks to.
//!
//! A fresh installation practises. `MOMSBUD_ENVIRONMENT` names another set; what differs from its preset (a client id
//! above all) stands in `environments.json` of the data folder.

use crate::{commands::fault, places::Places};
use filing::{
    Environment, EnvironmentError, PracticeAddresses,
    environment::Overrides,
    view::{ErrorCode, ErrorView},
};
use practice::{Addresses, Practice};
use std::{env, fs, io};
use tauri::{AppHandle, Manager};

const VARIABLE: &str = "MOMSBUD_ENVIRONMENT";
/// Where the practice authorities are, for tests and for the curious.
const ADDRESSES_FILE: &str = "practice.json";

/// The chosen environment, with the practice authorities running when it is theirs.
///
/// # Errors
/// A name that is none, overrides that cannot be read, practice authorities that cannot start.
pub(crate) async fn chosen(app: &AppHandle, places: &Places) -> Result<Environment, ErrorView> {
    let preset = match env::var(VARIABLE).unwrap_or_default().as_str() {
        "" | "practice" => return practice(app, places).await,
        "test" => Environment::test(),
        "production" => Environment::production(),
        other => {
            let message = format!("{VARIABLE} is {other:?}; it can be practice, test or production.");
            return Err(fault(ErrorCode::DataUnusable, &message, &io::Error::from(io::ErrorKind::InvalidInput)));
        }
    };
    preset.and_then(|preset| preset.overridden(&Overrides::load(&places.data)?)).map_err(unusable)
}

async fn practice(app: &AppHandle, places: &Places) -> Result<Environment, ErrorView> {
    let refused =
        |error: &dyn std::error::Error| fault(ErrorCode::Internal, "The practice authorities cannot start.", error);
    // What was filed yesterday is still there today, as it would be with the real ones.
    let options = practice::Options { memory: Some(places.data.join("practice")), ..practice::Options::default() };
    let practice = Practice::start(options).await.map_err(|error| refused(&error))?;
    let at: &Addresses = practice.addresses();
    let addresses = PracticeAddresses {
        id_porten: at.id_porten.clone(),
        altinn_platform: at.altinn_platform.clone(),
        altinn_app: at.altinn_app.clone(),
        skatteetaten: at.skatteetaten.clone(),
    };
    let listed = serde_json::to_vec(at).map_err(|error| refused(&error))?;
    if let Err(error) =
        fs::create_dir_all(&places.data).and_then(|()| fs::write(places.data.join(ADDRESSES_FILE), listed))
    {
        tracing::warn!(%error, "The addresses of the practice authorities could not be written down.");
    }
    // They live as long as the program.
    app.manage(practice);
    let overrides = Overrides::load(&places.data).map_err(unusable)?;
    Environment::practice(&addresses).and_then(|preset| preset.overridden(&overrides)).map_err(unusable)
}

fn unusable(error: EnvironmentError) -> ErrorView {
    fault(ErrorCode::DataUnusable, "The environment is not set up as it must be.", &error)
}
