//! What a person chooses about the program itself: environment, addresses, archive folder; and what she may take out of
//! it: her data, and a log for whoever helps her.
//!
//! These choices must be known before an office is opened, so they lie beside the database and not in it:
//! `settings.json` and `environments.json` of the data folder. Administrators' environment variables go ahead of both.

pub mod addresses;
pub mod change;
pub mod export;
pub mod network;
pub mod relocate;
pub mod support;
mod view;

use std::{
    io,
    path::{Path, PathBuf},
};

use access::misread::Misread;
use serde::{Deserialize, Serialize};

use ::view::{
    EnvironmentName, ErrorCode,
    problem::{self, Problem},
};

pub use self::view::{
    AddressName, AddressView, ArchiveView, BringAnswer, CertificateSource, CertificatesView, EnvironmentAddresses,
    JoinAnswer, LeaveAnswer, LeftView, MirrorAnswer, MovedView, NetworkView, NotTakenView, ProxyView, RegisterPlace,
    RegisterWish, SettingsView,
};

/// The name of the file, in the data folder.
pub const SETTINGS_FILE: &str = "settings.json";

/// The choices that are known before an office is opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// Which authorities; a fresh installation practises.
    pub environment: EnvironmentName,
    /// Where receipts are kept, when not in the operating system's documents folder.
    pub archive: Option<PathBuf>,
    /// Where receipts lie that were kept before the folder was changed and stayed there; the newest first.
    pub earlier_archives: Vec<PathBuf>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { environment: EnvironmentName::Practice, archive: None, earlier_archives: Vec::new() }
    }
}

/// Settings that cannot be read or kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The file cannot be read or written. Remedy: the rights of the data folder.
    #[error("{file} cannot be used")]
    File {
        /// Which file.
        file: &'static str,
        /// What the operating system says.
        source: io::Error,
    },
    /// The file is not what it should be. Remedy: mend or remove it; the cause says where.
    #[error("{file} is not as expected")]
    Content {
        /// Which file.
        file: &'static str,
        /// Where it is not.
        source: Misread,
    },
}

impl SettingsError {
    fn content(file: &'static str, source: serde_json::Error) -> Self {
        Self::Content { file, source: source.into() }
    }
}

impl From<SettingsError> for Problem {
    fn from(error: SettingsError) -> Self {
        let code = match &error {
            SettingsError::File { source, .. } => problem::of_io(source),
            SettingsError::Content { .. } => ErrorCode::DataUnusable,
        };
        problem::of(code, &error)
    }
}

impl Settings {
    /// Reads the file of the data folder; none is a fresh installation.
    ///
    /// # Errors
    /// A file that cannot be read or is not as expected: an environment that was chosen is never guessed.
    pub fn load(data_dir: &Path) -> Result<Self, SettingsError> {
        match files::open::read(&data_dir.join(SETTINGS_FILE), files::open::SMALL).map_err(io::Error::from) {
            Ok(content) => {
                serde_json::from_slice(&content).map_err(|source| SettingsError::content(SETTINGS_FILE, source))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(SettingsError::File { file: SETTINGS_FILE, source }),
        }
    }

    /// Keeps the choices.
    ///
    /// # Errors
    /// A folder that cannot be written.
    pub fn store(&self, data_dir: &Path) -> Result<(), SettingsError> {
        let content =
            serde_json::to_vec_pretty(self).map_err(|source| SettingsError::content(SETTINGS_FILE, source))?;
        disk::write(&data_dir.join(SETTINGS_FILE), &content)
            .map_err(|source| SettingsError::File { file: SETTINGS_FILE, source })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_fresh_installation_practises() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Settings::load(folder.path()).unwrap().environment, EnvironmentName::Practice);
    }

    #[test]
    fn what_is_kept_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let chosen = Settings {
            environment: EnvironmentName::Production,
            archive: Some("/srv/kvitteringer".into()),
            earlier_archives: vec!["/home/i/Momsbud".into()],
        };
        chosen.store(folder.path()).unwrap();
        assert_eq!(Settings::load(folder.path()).unwrap(), chosen);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written stays behind");
    }

    #[test]
    fn a_broken_file_is_said_and_never_taken_for_a_fresh_installation() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(SETTINGS_FILE), r#"{"environment": "prduction"}"#).unwrap();
        let error = Problem::from(Settings::load(folder.path()).unwrap_err());
        assert_eq!(error.code, ErrorCode::DataUnusable);
        assert!(
            error.details[0].contains("line 1") && error.details[0].contains("`production`"),
            "{:?}",
            error.details
        );
    }
}
