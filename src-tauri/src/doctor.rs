//! First aid for the machine that the window runs on.

use crate::{
    fault::fault,
    open_office::{InUse, OpenOffice},
    places::Places,
};
use access::Environment;
use office::doctor::{DoctorReport, Patient, examine, to_try};
use tauri::{AppHandle, Manager};
use view::{ErrorCode, ErrorView, Language};

/// Looks at everything; with `everywhere`, at the authorities of test and production besides those that are in use.
///
/// # Errors
/// No folders, or no HTTP client.
pub(crate) async fn report(app: &AppHandle, everywhere: bool) -> Result<DoctorReport, ErrorView> {
    let places =
        Places::find(app).map_err(|error| fault(ErrorCode::DataUnusable, "The folders are not known.", &error))?;
    // It answers without an office too: a broken one is when it is wanted.
    let office = app.state::<OpenOffice>().get().await.ok();
    let language = office.map_or(Language::Nb, |office| office.start_view().preferences.language);
    let mut environments: Vec<Environment> = Vec::new();
    environments.extend(app.state::<InUse>().get());
    if everywhere {
        let in_use = environments.first().map(|environment| environment.name);
        let presets = [Environment::test(), Environment::production()].into_iter().flatten();
        environments.extend(to_try(presets.filter(|preset| in_use != Some(preset.name)).collect(), &places.data));
    }
    let home = app.path().home_dir().ok();
    let patient =
        Patient::here(places.data, places.archive, home, environments, language).map_err(view::Problem::from)?;
    Ok(examine(&Patient { web_view: tauri::webview_version().ok(), ..patient }).await)
}
