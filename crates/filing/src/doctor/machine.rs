//! What lies on this machine: versions, folders, database, keyring.

use std::{path::Path, sync::Arc, time::Duration};

use super::{DoctorCheck, DoctorCheckId, Patient, words::Words};
use crate::{
    database::{self, Health},
    keyring::{Keyring, KeyringError},
};

/// How long a keyring may take, which may be asking somebody to unlock it.
const KEYRING_PATIENCE: Duration = Duration::from_secs(15);

pub(super) fn versions(patient: &Patient, words: Words) -> DoctorCheck {
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

pub(super) fn data_folder(patient: &Patient, words: Words) -> DoctorCheck {
    folder(DoctorCheckId::DataFolder, &patient.data_dir, patient, words)
}

pub(super) fn archive(patient: &Patient, words: Words) -> DoctorCheck {
    folder(DoctorCheckId::Archive, &patient.archive_dir, patient, words)
}

/// Whether a folder can be written to, or made where it is not there yet.
fn folder(id: DoctorCheckId, folder: &Path, patient: &Patient, words: Words) -> DoctorCheck {
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(folder);
    let shown = patient.shown(folder);
    match disk::try_out(there) {
        Ok(()) if there == folder => words.good(id, shown),
        Ok(()) => {
            let later = words.say(
                "lages første gang den trengs",
                "blir laga første gong ho trengst",
                "will be made when it is first needed",
            );
            words.good(id, format!("{shown} ({later})"))
        }
        Err(error) => words.bad(
            id,
            format!(
                "{shown}: {} ({error})",
                words.say("kan ikke skrives i", "kan ikkje skrivast i", "cannot be written to")
            ),
            words.say(
                "Se til at mappa finnes, at du har lov til å skrive i den, og at det er plass på disken.",
                "Sjå til at mappa finst, at du har lov til å skrive i henne, og at det er plass på disken.",
                "See that the folder is there, that you may write to it, and that the disk has room.",
            ),
        ),
    }
}

pub(super) async fn database(patient: &Patient, words: Words) -> DoctorCheck {
    let id = DoctorCheckId::Database;
    let folder = patient.data_dir.clone();
    let health = tokio::task::spawn_blocking(move || database::health(&folder)).await;
    let damaged = words.say(
        "Lukk Momsbud og ta en kopi av hele datamappa før du gjør noe annet. Mappa backups har eldre utgaver. Det som er levert, ligger også hos Altinn.",
        "Lukk Momsbud og ta ein kopi av heile datamappa før du gjer noko anna. Mappa backups har eldre utgåver. Det som er levert, ligg òg hos Altinn.",
        "Close Momsbud and copy the whole data folder before you do anything else. The folder backups has older copies. What was delivered also lies with Altinn.",
    );
    match health.unwrap_or_else(|error| Health::Unreadable(error.to_string())) {
        Health::None => words.good(id, words.say("ingen ennå", "ingen enno", "none yet")),
        Health::Whole(bytes) => {
            let whole = words.say("hel", "heil", "whole");
            words.good(id, format!("{whole}, {} kB", bytes.div_ceil(1000)))
        }
        Health::TooNew => words.bad(
            id,
            words.say("skrevet av en nyere Momsbud", "skriven av ein nyare Momsbud", "written by a newer Momsbud"),
            words.say(
                "Installer den nyeste Momsbud. Databasen er ikke rørt.",
                "Installer den nyaste Momsbud. Databasen er ikkje rørt.",
                "Install the newest Momsbud. The database has not been touched.",
            ),
        ),
        Health::Damaged(said) => {
            let word = words.say("skadet", "skadd", "damaged");
            words.bad(id, format!("{word} ({})", said.join("; ")), damaged)
        }
        Health::Unreadable(error) => {
            let word = words.say("kan ikke leses", "kan ikkje lesast", "cannot be read");
            words.bad(id, format!("{word} ({error})"), damaged)
        }
    }
}

pub(super) async fn keyring(patient: &Patient, words: Words) -> DoctorCheck {
    let id = DoctorCheckId::Keyring;
    let keyring = Arc::clone(&patient.keyring);
    let tried = tokio::task::spawn_blocking(move || try_keyring(keyring.as_ref()));
    let tried = match tokio::time::timeout(KEYRING_PATIENCE, tried).await {
        Ok(Ok(tried)) => tried,
        Ok(Err(error)) => Err(KeyringError::Refused(error.to_string())),
        Err(_) => Err(KeyringError::Locked("15 s".into())),
    };
    let Err(error) = tried else {
        return words
            .good(id, words.say("tar vare på og gir tilbake", "tek vare på og gjev tilbake", "keeps and gives back"));
    };
    let advice = match &error {
        KeyringError::Missing(_) => words.say(
            "Installer og start en nøkkelring (GNOME Keyring, KDE Wallet eller KeePassXC). Uten den varer innloggingen bare til du lukker Momsbud.",
            "Installer og start ein nøkkelring (GNOME Keyring, KDE Wallet eller KeePassXC). Utan han varer innlogginga berre til du lukkar Momsbud.",
            "Install and start a keyring (GNOME Keyring, KDE Wallet or KeePassXC). Without one a sign-in lasts only until you close Momsbud.",
        ),
        KeyringError::Locked(_) => words.say(
            "Lås opp nøkkelringen og prøv igjen.",
            "Lås opp nøkkelringen og prøv igjen.",
            "Unlock the keyring and try again.",
        ),
        KeyringError::Refused(_) => words.say(
            "Start maskinen på nytt. Hjelper det ikke, spør den som drifter maskinen, og vis denne rapporten.",
            "Start maskina på nytt. Hjelper det ikkje, spør den som driftar maskina, og vis denne rapporten.",
            "Restart the computer. If that does not help, ask whoever runs it, and show this report.",
        ),
    };
    // A missing or locked keyring costs convenience; returns are still filed.
    match &error {
        KeyringError::Missing(said) => {
            let word = words.say("ingen nøkkelring", "ingen nøkkelring", "there is no keyring");
            words.note(id, format!("{word} ({said})"), advice)
        }
        KeyringError::Locked(said) => {
            let word = words.say(
                "nøkkelringen er låst eller svarer ikke",
                "nøkkelringen er låst eller svarar ikkje",
                "the keyring is locked or does not answer",
            );
            words.note(id, format!("{word} ({said})"), advice)
        }
        KeyringError::Refused(said) => {
            let word = words.say("nøkkelringen sa nei", "nøkkelringen sa nei", "the keyring refused");
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
