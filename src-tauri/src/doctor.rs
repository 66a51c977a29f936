//! First aid for the machine that the window runs on.

use crate::{places::Places, start::OpenOffice};
use filing::{
    Environment, Setup, SystemClock,
    doctor::{DoctorReport, Patient, SystemDesktop, examine},
    environment::Overrides,
    keyring::SystemKeyring,
    policy,
    view::{EnvironmentName, ErrorView, LanguageName},
};
use std::{
    env,
    sync::{Arc, Mutex, PoisonError},
};
use tauri::{AppHandle, Manager};

/// The environment that the office was opened with last.
#[derive(Default)]
pub(crate) struct InUse(Mutex<Option<Environment>>);

impl InUse {
    /// From now on this one.
    pub(crate) fn set(&self, environment: Environment) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(environment);
    }

    fn get(&self) -> Option<Environment> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Looks at everything; with `everywhere`, at the authorities of test and production besides those that are in use.
///
/// # Errors
/// No folders, or no HTTP client.
pub(crate) async fn report(app: &AppHandle, everywhere: bool) -> Result<DoctorReport, ErrorView> {
    let places = Places::find(app).map_err(|error| {
        crate::commands::fault(filing::view::ErrorCode::DataUnusable, "The folders are not known.", &error)
    })?;
    // It answers without an office too: a broken one is when it is wanted.
    let office = app.state::<OpenOffice>().get().await.ok();
    let language = office.map_or(LanguageName::Nb, |office| office.start_view().preferences.language);
    let mut environments: Vec<Environment> = Vec::new();
    environments.extend(app.state::<InUse>().get());
    if everywhere {
        let in_use = environments.first().map(|environment| environment.name);
        let overrides = Overrides::load(&places.data).unwrap_or_default();
        let others =
            [(EnvironmentName::Test, Environment::test()), (EnvironmentName::Production, Environment::production())];
        environments.extend(others.into_iter().filter(|(name, _)| in_use != Some(*name)).filter_map(|(_, preset)| {
            let preset = preset.ok()?;
            // Settings that cannot be used are a finding of their own; the preset is tried then.
            Some(preset.clone().overridden(&overrides).unwrap_or(preset))
        }));
    }
    let patient = Patient {
        data_dir: places.data,
        archive_dir: places.archive,
        system_dir: policy::folder(),
        home: app.path().home_dir().ok(),
        environments,
        keyring: Arc::new(SystemKeyring::named("Momsbud", "doctor")),
        http: Setup::http_client().map_err(ErrorView::from)?,
        clock: Arc::new(SystemClock),
        desktop: Arc::new(SystemDesktop),
        variables: env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        web_view: tauri::webview_version().ok(),
        language: language.into(),
    };
    Ok(examine(&patient).await)
}
