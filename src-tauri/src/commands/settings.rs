//! The commands of Innstillinger: environment, addresses, archive folder, export, log, licences.

use crate::{
    dialogs::{Pick, write_for_others},
    environment,
    fault::{Answer, fault},
    host::Shell,
    places::Places,
};
use access::{environment::OVERRIDES_FILE, work::rights::Action};
use office::{
    Office,
    settings::{
        AddressName, ArchiveView, Settings, SettingsView,
        addresses::{self, AddressError},
        change::Door,
        relocate, support,
    },
};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::{
    io,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError},
};
use view::{EnvironmentName, ErrorCode, ErrorView, Language, Problem};

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Exported {
    /// The file as shown to the user.
    pub(crate) file: String,
    /// How many filings are in it.
    pub(crate) filings: u32,
    /// How many entries of the archive are not: links, pipes, and files larger than any that Momsbud puts there.
    pub(crate) left_out: u32,
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
pub(crate) async fn settings_view(shell: Shell) -> Answer<SettingsView> {
    view(&shell).await
}

/// Goes over to another set of authorities.
#[tauri::command]
#[specta::specta]
pub(crate) async fn switch_environment(shell: Shell, environment: EnvironmentName) -> Answer<()> {
    if environment::fixed()?.is_some() {
        let message = "An administrator has named the environment.";
        return Err(fault(ErrorCode::AddressRefused, message, &io::Error::from(io::ErrorKind::PermissionDenied)));
    }
    may(&shell, Action::SwitchEnvironment).await?;
    tracing::info!(?environment, "The environment is switched.");
    change(&shell, |places| {
        let settings = Settings { environment, ..Settings::load(&places.data).map_err(Problem::from)? };
        Ok(settings.store(&places.data).map_err(Problem::from)?)
    })
    .await
}

/// Changes one address of the test or the production environment; without a value it goes back to the preset. Nothing comes back
/// when a person said no in the dialog that asks before tokens go to another place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_address(
    shell: Shell,
    environment: EnvironmentName,
    name: AddressName,
    value: Option<String>,
) -> Answer<Option<SettingsView>> {
    may(&shell, Action::ChangeSettings).await?;
    let language = shell.office().await.map_or(Language::Nb, |office| office.language());
    // Not in the window: a script that had come into it would say yes.
    if let Some(question) = addresses::question(environment, name, value.as_deref(), language)
        && !shell.host.confirms(question).await
    {
        return Ok(None);
    }
    let made = |places: &Places| -> Result<(), ErrorView> {
        addresses::change(&places.data, environment, name, value.as_deref())
            .map_err(|error: AddressError| Problem::from(error).into())
    };
    if current(&shell).await? == environment {
        change(&shell, made).await?;
    } else {
        made(&shell.host.places()?)?;
    }
    view(&shell).await.map(Some)
}

/// Lets the person choose a folder for the archive; nothing changes until she has said what becomes of the old one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_archive_folder(shell: Shell) -> Answer<Option<String>> {
    may(&shell, Action::ChangeSettings).await?;
    let Some(folder) = shell.pick_one(Pick::ArchiveFolder).await else { return Ok(None) };
    let places = shell.host.places()?;
    relocate::allow(&places.archive, &folder, &places.data).map_err(Problem::from)?;
    let shown = folder.display().to_string();
    *shell.changing.folder.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
    Ok(Some(shown))
}

/// Takes the chosen folder into use; what lies in the old one goes along or stays and is still found.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_archive_folder(shell: Shell, move_files: bool) -> Answer<SettingsView> {
    may(&shell, Action::ChangeSettings).await?;
    let chosen = shell.changing.folder.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(folder) = chosen else {
        let message = "No folder has been chosen.";
        return Err(fault(ErrorCode::NotFound, message, &io::Error::from(io::ErrorKind::NotFound)));
    };
    let moved = |places: &Places| -> Result<(), Problem> {
        let mut settings = Settings::load(&places.data)?;
        relocate::allow(&places.archive, &folder, &places.data)?;
        if move_files {
            // What others have laid in meanwhile is still found where it lies.
            if relocate::move_all(&places.archive, &folder)?.left > 0 {
                settings.earlier_archives.insert(0, places.archive.clone());
            }
        } else {
            settings.earlier_archives.insert(0, places.archive.clone());
        }
        // A folder that is in use again is no earlier one.
        settings.earlier_archives.retain(|earlier| *earlier != folder);
        settings.archive = Some(folder.clone());
        Ok(settings.store(&places.data)?)
    };
    change(&shell, |places| Ok(moved(places)?)).await?;
    view(&shell).await
}

/// Writes settings and history to a file that the person chooses, with the archive if she wants it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_data(shell: Shell, with_archive: bool) -> Answer<Option<Exported>> {
    let office = shell.office().await?;
    office.may_change(Action::Export)?;
    let Some(to) = shell.host.save_as("Momsbud.zip", "zip").await else { return Ok(None) };
    let places = shell.host.places()?;
    let settings = Settings::load(&places.data).map_err(Problem::from)?;
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
        office.export(&to, &settings, overrides, &archives).map(|taken| Exported {
            file: to.display().to_string(),
            filings: taken.filings,
            left_out: taken.left_out,
        })
    };
    let done = tauri::async_runtime::spawn_blocking(work).await;
    Ok(Some(done.map_err(|error| fault(ErrorCode::Internal, "The export was ended.", &error))??))
}

/// The newest lines of the log, without what says who anybody is: what the person sees before she sends it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn support_log(shell: Shell) -> Answer<String> {
    let places = shell.host.places()?;
    let home = shell.host.home();
    let lines = support::newest(&places.logs(), home.as_deref())
        .map_err(|error| fault(ErrorCode::DataUnusable, "The log cannot be read.", &error))?;
    let environment = match shell.office().await {
        Ok(office) => format!("{:?}", office.environment()),
        Err(error) => format!("{:?}", error.code),
    };
    let version = shell.host.version();
    Ok(format!("Momsbud {version} · {} · {environment}\n\n{lines}\n", system()))
}

/// Writes the log, exactly as it was shown, to a file that the person chooses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn save_support_log(shell: Shell, text: String) -> Answer<Option<String>> {
    let Some(to) = shell.host.save_as("momsbud-logg.txt", "txt").await else { return Ok(None) };
    write_for_others(&to, text.as_bytes())
        .map_err(|error| fault(ErrorCode::FolderRefused, "The log cannot be written.", &error))?;
    Ok(Some(to.display().to_string()))
}

/// The parts the program is made of, and their licences.
#[tauri::command]
#[specta::specta]
pub(crate) async fn licences(shell: Shell) -> Answer<Licences> {
    let Some(list) = shell.host.licences() else {
        let missing = io::Error::from(io::ErrorKind::NotFound);
        return Err(fault(ErrorCode::NotFound, "This build carries no list of licences.", &missing));
    };
    serde_json::from_slice(&list)
        .map_err(|error| fault(ErrorCode::Internal, "The list of licences cannot be read.", &error))
}

/// Shows on the program's place in the taskbar or the dock how much needs the user, where the platform can.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_badge(shell: Shell, count: u32) -> Answer<()> {
    shell.host.badge(count);
    Ok(())
}

/// Whether the work account may do this; of an office that does not open nobody can be asked, and it is mended from here.
pub(super) async fn may(shell: &Shell, action: Action) -> Result<(), ErrorView> {
    match shell.office().await {
        Ok(office) => Ok(office.may_change(action)?),
        Err(_) => Ok(()),
    }
}

async fn current(shell: &Shell) -> Result<EnvironmentName, ErrorView> {
    Ok(shell.office().await?.environment())
}

async fn view(shell: &Shell) -> Answer<SettingsView> {
    let office = shell.office().await?;
    let places = shell.host.places()?;
    let environment_fixed = environment::fixed()?.is_some();
    let (register_wish, register_preset) = office.register_wish()?;
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
            register: office.register_place()?,
            register_wish,
            register_preset,
        })
    };
    tauri::async_runtime::spawn_blocking(work)
        .await
        .map_err(|error| fault(ErrorCode::Internal, "The settings could not be read.", &error))?
}

fn system() -> String {
    format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)
}

/// Makes a change that an office stands on; see [`office::settings::change`].
async fn change(shell: &Shell, make: impl FnOnce(&Places) -> Result<(), ErrorView>) -> Answer<()> {
    change_with(shell, make, || ()).await
}

/// The same of a change that is taken back by more than the files of settings.
pub(super) async fn change_with(
    shell: &Shell,
    make: impl FnOnce(&Places) -> Result<(), ErrorView>,
    take_back: impl FnOnce(),
) -> Answer<()> {
    let _turn = shell.changing.turn.lock().await;
    let before = shell.host.places()?;
    office::settings::change::change(&before.data, &Here(shell), || make(&before), take_back).await
}

/// The door of this program.
struct Here<'a>(&'a Shell);

impl Door for Here<'_> {
    type Refused = ErrorView;

    async fn office(&self) -> Option<Arc<Office>> {
        self.0.office().await.ok()
    }

    fn shut(&self) {
        self.0.open.shut();
    }

    async fn open(&self) -> Result<(), ErrorView> {
        match self.0.host.places() {
            Ok(places) => self.0.host.open_office(places).await,
            // Whoever waits is not left waiting.
            Err(error) => self.0.open.opened(Err(error)),
        }
        self.0.office().await.map(drop)
    }
}
