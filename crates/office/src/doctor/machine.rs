//! What lies on this machine: versions, folders, database, keyring.

use std::{path::Path, sync::Arc, time::Duration};

use disk::private::Others;
use store::{
    database::{self, Health},
    keyring::{Keyring, KeyringError},
};

use super::{DoctorCheck, DoctorCheckId, Patient, texts::DoctorTexts};

/// How long a keyring may take, which may be asking somebody to unlock it.
const KEYRING_PATIENCE: Duration = Duration::from_secs(15);

pub(super) fn versions(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let system = system_name();
    let web_view = patient.web_view.as_ref().map(|version| format!(" · WebView {version}")).unwrap_or_default();
    let machine = std::env::consts::ARCH;
    words.good(
        DoctorCheckId::Versions,
        format!("Momsbud {} · {system} · {machine}{web_view}", env!("CARGO_PKG_VERSION")),
    )
}

#[cfg(any(windows, target_os = "macos"))]
fn system_name() -> String {
    os_info::get().to_string()
}

#[cfg(not(any(windows, target_os = "macos")))]
fn system_name() -> String {
    let release = files::open::read(Path::new("/etc/os-release"), files::open::SMALL).unwrap_or_default();
    let release = String::from_utf8_lossy(&release);
    let name = release.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=")).map(|name| name.trim_matches('"'));
    name.unwrap_or(std::env::consts::OS).to_owned()
}

pub(super) fn data_folder(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    folder(DoctorCheckId::DataFolder, &patient.data_dir, patient, words)
}

pub(super) fn archive(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    folder(DoctorCheckId::Archive, &patient.archive_dir, patient, words)
}

/// Whether a folder can be written to, or made where it is not there yet.
fn folder(id: DoctorCheckId, folder: &Path, patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(folder);
    let shown = patient.shown(folder);
    match disk::try_out(there) {
        Ok(()) if there == folder => match disk::private::others(folder) {
            Ok(Others::Everybody) => words.bad(
                id,
                format!("{shown}: {}", words.say("doctor.machine.openToEverybody")),
                words.say("doctor.machine.momsbudClosesIt"),
            ),
            Ok(Others::Some) => words.note(
                id,
                format!("{shown}: {}", words.say("doctor.machine.openToSome")),
                words.say("doctor.machine.yoursAloneByChmod"),
            ),
            Ok(Others::Nobody) | Err(_) => words.good(id, shown),
        },
        Ok(()) => {
            let later = words.say("doctor.machine.willBeMadeWhenIt");
            words.good(id, format!("{shown} ({later})"))
        }
        Err(error) => words.bad(
            id,
            format!("{shown}: {} ({error})", words.say("doctor.machine.cannotBeWrittenTo")),
            words.say("doctor.machine.seeThatTheFolderIs"),
        ),
    }
}

pub(super) async fn database(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Database;
    let folder = patient.data_dir.clone();
    let health = tokio::task::spawn_blocking(move || database::health(&folder)).await;
    let damaged = words.say("doctor.machine.closeMomsbudAndCopyThe");
    match health.unwrap_or_else(|error| Health::Unreadable(error.to_string())) {
        Health::None => words.good(id, words.say("doctor.machine.noneYet")),
        Health::Whole(bytes) => {
            let whole = words.say("doctor.machine.whole");
            words.good(id, format!("{whole}, {} kB", bytes.div_ceil(1000)))
        }
        Health::TooNew => words.bad(
            id,
            words.say("doctor.machine.writtenByANewerMomsbud"),
            words.say("doctor.machine.installTheNewestMomsbudThe"),
        ),
        Health::Damaged(said) => {
            let word = words.say("doctor.machine.damaged");
            words.bad(id, format!("{word} ({})", said.join("; ")), damaged)
        }
        Health::Unreadable(error) => {
            let word = words.say("doctor.machine.cannotBeRead");
            words.bad(id, format!("{word} ({error})"), damaged)
        }
    }
}

pub(super) async fn keyring(patient: &Patient, words: DoctorTexts) -> DoctorCheck {
    let id = DoctorCheckId::Keyring;
    let keyring = Arc::clone(&patient.keyring);
    let tried = tokio::task::spawn_blocking(move || try_keyring(keyring.as_ref()));
    let tried = match tokio::time::timeout(KEYRING_PATIENCE, tried).await {
        Ok(Ok(tried)) => tried,
        Ok(Err(error)) => Err(KeyringError::Refused(error.to_string())),
        Err(_) => Err(KeyringError::Locked("15 s".into())),
    };
    let Err(error) = tried else {
        return words.good(id, words.say("doctor.machine.keepsAndGivesBack"));
    };
    let advice = match &error {
        KeyringError::Missing(_) => words.say("doctor.machine.installAndStartAKeyring"),
        KeyringError::Locked(_) => words.say("doctor.machine.unlockTheKeyringAndTry"),
        KeyringError::Refused(_) => words.say("doctor.machine.restartTheComputerIfThat"),
    };
    // A missing or locked keyring costs convenience; returns are still filed.
    match &error {
        KeyringError::Missing(said) => {
            let word = words.say("doctor.machine.thereIsNoKeyring");
            words.note(id, format!("{word} ({said})"), advice)
        }
        KeyringError::Locked(said) => {
            let word = words.say("doctor.machine.theKeyringIsLockedOr");
            words.note(id, format!("{word} ({said})"), advice)
        }
        KeyringError::Refused(said) => {
            let word = words.say("doctor.machine.theKeyringRefused");
            words.bad(id, format!("{word} ({said})"), advice)
        }
    }
}

fn try_keyring(keyring: &dyn Keyring) -> Result<(), KeyringError> {
    let written = b"momsbud doctor";
    keyring.store(written)?;
    let read = keyring.load();
    keyring.delete()?;
    match read? {
        Some(read) if read.as_slice() == written => Ok(()),
        _ => Err(KeyringError::Refused("it did not give back what it was given".into())),
    }
}
