//! The commands of Innstillinger: environment, addresses, archive folder, export, log, licences.

use crate::{
    dialogs::{chosen, confirms, save_as, write_for_others},
    environment,
    fault::{Answer, fault},
    open_office::{Changing, OpenOffice},
    opening::open_office,
    places::Places,
};
use filing::{
    Office,
    environment::OVERRIDES_FILE,
    settings::{
        AddressName, ArchiveView, Settings, SettingsView,
        addresses::{self, AddressError},
        change::Door,
        relocate, support,
    },
    view::{EnvironmentName, ErrorCode, ErrorView, LanguageName},
    work::rights::Action,
};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::DialogExt;

/// What the licences of the parts are called among the window's files; `ui/scripts/licences.mjs` writes it.
const LICENCES: &str = "licences.json";

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exported {
    /// The file as shown to the user.
    pub(crate) file: String,
    /// How many filings are in it.
    pub(crate) filings: u32,
}

/// The parts the program is made of, and their licences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Licences {
    /// The parts, by name.
    pub(crate) parts: Vec<Part>,
    /// The texts they refer to, each once.
    pub(crate) texts: Vec<String>,
}

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Part {
    /// Name.
    pub(crate) name: String,
    /// Version.
    pub(crate) version: String,
    /// SPDX expression.
    pub(crate) licence: String,
    /// Its licence texts, as indexes into `texts`.
    pub(crate) texts: Vec<u32>,
}

/// Everything Innstillinger shows beside the preferences.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings_view(app: AppHandle) -> Answer<SettingsView> {
    view(&app).await
}

/// Goes over to another set of authorities.
#[tauri::command]
#[specta::specta]
pub(crate) async fn switch_environment(app: AppHandle, environment: EnvironmentName) -> Answer<()> {
    if environment::fixed()?.is_some() {
        let message = "An administrator has named the environment.";
        return Err(fault(ErrorCode::AddressRefused, message, &io::Error::from(io::ErrorKind::PermissionDenied)));
    }
    may(&app, Action::SwitchEnvironment).await?;
    tracing::info!(?environment, "The environment is switched.");
    change(&app, |places| {
        let settings = Settings { environment, ..Settings::load(&places.data)? };
        Ok(settings.store(&places.data)?)
    })
    .await
}

/// Changes one address of the test or the production environment; without a value it goes back to the preset. Nothing comes back
/// when a person said no in the dialog that asks before tokens go to another place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_address(
    app: AppHandle,
    environment: EnvironmentName,
    name: AddressName,
    value: Option<String>,
) -> Answer<Option<SettingsView>> {
    may(&app, Action::ChangeSettings).await?;
    let language = app.state::<OpenOffice>().get().await.map_or(LanguageName::Nb, |office| office.language());
    // Not in the window: a script that had come into it would say yes.
    if let Some(question) = addresses::question(environment, name, value.as_deref(), language)
        && !confirms(&app, question).await
    {
        return Ok(None);
    }
    let made = |places: &Places| -> Result<(), ErrorView> {
        addresses::change(&places.data, environment, name, value.as_deref())
            .map_err(|error: AddressError| ErrorView::from(error))
    };
    if current(&app).await? == environment {
        change(&app, made).await?;
    } else {
        made(&places(&app)?)?;
    }
    view(&app).await.map(Some)
}

/// Lets the person choose a folder for the archive; nothing changes until she has said what becomes of the old one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_archive_folder(app: AppHandle) -> Answer<Option<String>> {
    may(&app, Action::ChangeSettings).await?;
    let Some(folder) = chosen(|answer| app.dialog().file().pick_folder(answer)).await else { return Ok(None) };
    let places = places(&app)?;
    relocate::allow(&places.archive, &folder, &places.data)?;
    let shown = folder.display().to_string();
    *app.state::<Changing>().folder.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    Ok(Some(shown))
}

/// Takes the chosen folder into use; what lies in the old one goes along or stays and is still found.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_archive_folder(app: AppHandle, move_files: bool) -> Answer<SettingsView> {
    may(&app, Action::ChangeSettings).await?;
    let chosen = app.state::<Changing>().folder.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(folder) = chosen else {
        let message = "No folder has been chosen.";
        return Err(fault(ErrorCode::NotFound, message, &io::Error::from(io::ErrorKind::NotFound)));
    };
    change(&app, |places| {
        let mut settings = Settings::load(&places.data)?;
        relocate::allow(&places.archive, &folder, &places.data)?;
        if move_files {
            relocate::move_all(&places.archive, &folder)?;
        } else {
            settings.earlier_archives.insert(0, places.archive.clone());
        }
        // A folder that is in use again is no earlier one.
        settings.earlier_archives.retain(|earlier| *earlier != folder);
        settings.archive = Some(folder.clone());
        Ok(settings.store(&places.data)?)
    })
    .await?;
    view(&app).await
}

/// Writes settings and history to a file that the person chooses, with the archive if she wants it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_data(app: AppHandle, with_archive: bool) -> Answer<Option<Exported>> {
    let office = app.state::<OpenOffice>().get().await?;
    office.may_change(Action::Export)?;
    let Some(to) = save_as(&app, "Momsbud.zip", "zip").await else { return Ok(None) };
    let places = places(&app)?;
    let settings = Settings::load(&places.data)?;
    // The file is the administrator's and may be anything; what is no JSON was refused when the office opened.
    let overrides = files::open::read(&places.data.join(OVERRIDES_FILE), files::open::SMALL)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok());
    let work = move || {
        let mut archives: Vec<&Path> = Vec::new();
        if with_archive {
            archives.push(&places.archive);
            archives.extend(places.earlier_archives.iter().map(PathBuf::as_path));
        }
        office
            .export(&to, &settings, overrides, &archives)
            .map(|filings| Exported { file: to.display().to_string(), filings })
    };
    let done = tauri::async_runtime::spawn_blocking(work).await;
    Ok(Some(done.map_err(|error| fault(ErrorCode::Internal, "The export was ended.", &error))??))
}

/// The newest lines of the log, without what says who anybody is: what the person sees before she sends it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn support_log(app: AppHandle) -> Answer<String> {
    let places = places(&app)?;
    let home = app.path().home_dir().ok();
    let lines = support::newest(&places.logs(), home.as_deref())
        .map_err(|error| fault(ErrorCode::DataUnusable, "The log cannot be read.", &error))?;
    let office = app.state::<OpenOffice>();
    let environment = match office.get().await {
        Ok(office) => format!("{:?}", office.environment()),
        Err(error) => format!("{:?}", error.code),
    };
    let version = &app.package_info().version;
    Ok(format!("Momsbud {version} · {} · {environment}\n\n{lines}\n", system()))
}

/// Writes the log, exactly as it was shown, to a file that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_support_log(app: AppHandle, text: String) -> Answer<Option<String>> {
    let Some(to) = save_as(&app, "momsbud-logg.txt", "txt").await else { return Ok(None) };
    write_for_others(&to, text.as_bytes())
        .map_err(|error| fault(ErrorCode::FolderRefused, "The log cannot be written.", &error))?;
    Ok(Some(to.display().to_string()))
}

/// The parts the program is made of, and their licences.
#[tauri::command]
#[specta::specta]
pub(crate) async fn licences(app: AppHandle) -> Answer<Licences> {
    let Some(asset) = app.asset_resolver().get(LICENCES.to_owned()) else {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(fault(ErrorCode::NotFound, "This build carries no list of licences.", &missing));
    };
    serde_json::from_slice(asset.bytes())
        .map_err(|error| fault(ErrorCode::Internal, "The list of licences cannot be read.", &error))
}

/// Shows on the program's place in the taskbar or the dock how much needs the user, where the platform can.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_badge(app: AppHandle, count: u32) -> Answer<()> {
    let Some(window) = app.get_webview_window(crate::window::MAIN) else { return Ok(()) };
    let shown = (count > 0).then(|| i64::from(count));
    if let Err(error) = window.set_badge_count(shown) {
        tracing::debug!(%error, "There is no badge here.");
    }
    Ok(())
}

/// Whether the work account may do this; of an office that does not open nobody can be asked, and it is mended from here.
async fn may(app: &AppHandle, action: Action) -> Result<(), ErrorView> {
    match app.state::<OpenOffice>().get().await {
        Ok(office) => office.may_change(action),
        Err(_) => Ok(()),
    }
}

async fn current(app: &AppHandle) -> Result<EnvironmentName, ErrorView> {
    Ok(app.state::<OpenOffice>().get().await?.environment())
}

async fn view(app: &AppHandle) -> Answer<SettingsView> {
    let office = app.state::<OpenOffice>().get().await?;
    let places = places(app)?;
    let environment_fixed = environment::fixed()?.is_some();
    let work = move || {
        let (files, bytes) = [&places.archive]
            .into_iter()
            .chain(&places.earlier_archives)
            .map(|folder| relocate::measure(folder))
            .fold((0_u32, 0_u64), |(files, bytes), (f, b)| (files.saturating_add(f), bytes.saturating_add(b)));
        Ok(SettingsView {
            environment: office.environment(),
            environment_fixed,
            addresses: office.addresses(&places.data)?,
            network: office.network(),
            archive: ArchiveView {
                folder: places.archive.display().to_string(),
                fixed: places.archive_fixed,
                earlier: places.earlier_archives.iter().map(|folder| folder.display().to_string()).collect(),
                files,
                kilobytes: u32::try_from(bytes.div_ceil(1000)).unwrap_or(u32::MAX),
            },
            data_folder: places.data.display().to_string(),
            system: system(),
        })
    };
    tauri::async_runtime::spawn_blocking(work)
        .await
        .map_err(|error| fault(ErrorCode::Internal, "The settings could not be read.", &error))?
}

fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

fn places(app: &AppHandle) -> Result<Places, ErrorView> {
    Places::find(app).map_err(|error| fault(ErrorCode::DataUnusable, "The program's folders cannot be found.", &error))
}

/// Makes a change that an office stands on; see [`filing::settings::change`].
async fn change(app: &AppHandle, make: impl FnOnce(&Places) -> Result<(), ErrorView>) -> Answer<()> {
    let changing = app.state::<Changing>();
    let _turn = changing.turn.lock().await;
    let before = places(app)?;
    filing::settings::change::change(&before.data, &Here(app), || make(&before)).await
}

/// The door of this program.
struct Here<'a>(&'a AppHandle);

impl Door for Here<'_> {
    async fn office(&self) -> Option<Arc<Office>> {
        self.0.state::<OpenOffice>().get().await.ok()
    }

    fn shut(&self) {
        self.0.state::<OpenOffice>().shut();
    }

    async fn open(&self) -> Result<(), ErrorView> {
        let open = self.0.state::<OpenOffice>();
        match places(self.0) {
            Ok(places) => open_office(self.0.clone(), places).await,
            // Whoever waits is not left waiting.
            Err(error) => open.opened(Err(error)),
        }
        open.get().await.map(drop)
    }
}
