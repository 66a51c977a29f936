//! Where the dialogs open: in the folder used last for the same purpose, else in Documents. And what was saved last, which
//! the window may have shown in the file manager without ever naming a path.

use crate::places::Places;
use serde::{Deserialize, Serialize};
use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};
use tauri::{AppHandle, Manager};

/// The file in the data folder.
const FILE: &str = "folders.json";

/// Bytes that two folders' names do not have.
const LONGEST: u64 = 64 * 1024;

/// What a dialog is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum For {
    /// Reading: returns, attachments.
    Opening,
    /// Writing: lists, exports.
    Saving,
}

/// The folders used last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Used {
    opening: Option<PathBuf>,
    saving: Option<PathBuf>,
}

/// The file that was saved last, since the program started.
#[derive(Debug, Default)]
pub(crate) struct Saved(Mutex<Option<PathBuf>>);

impl Saved {
    /// The file, if one was saved.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Where a dialog is to open; nothing where the system knows no better.
pub(crate) fn start(app: &AppHandle, what: For) -> Option<PathBuf> {
    let used = Places::find(app).map(|places| read(&places.data)).unwrap_or_default();
    let last = match what {
        For::Opening => used.opening,
        For::Saving => used.saving,
    };
    last.filter(|folder| folder.is_dir())
        .or_else(|| app.path().document_dir().ok().filter(|folder| folder.is_dir()))
        .or_else(|| app.path().home_dir().ok())
}

/// Keeps the folder of what was chosen. That it cannot be kept is nothing to stop for.
pub(crate) fn remember(app: &AppHandle, what: For, chosen: &Path) {
    if what == For::Saving
        && let Some(saved) = app.try_state::<Saved>()
    {
        *saved.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(chosen.to_owned());
    }
    let Some(folder) = chosen.parent() else { return };
    let Ok(places) = Places::find(app) else { return };
    let mut used = read(&places.data);
    match what {
        For::Opening => used.opening = Some(folder.to_owned()),
        For::Saving => used.saving = Some(folder.to_owned()),
    }
    if let Err(error) = write(&places.data, &used) {
        tracing::debug!(%error, "The folder used last is not remembered.");
    }
}

/// What cannot be read is as if it had never been written.
fn read(data: &Path) -> Used {
    disk::place::read_regular(&data.join(FILE), LONGEST)
        .ok()
        .and_then(|kept| serde_json::from_slice(&kept).ok())
        .unwrap_or_default()
}

fn write(data: &Path, used: &Used) -> std::io::Result<()> {
    disk::write(&data.join(FILE), &serde_json::to_vec(used)?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_used_last_is_read_again_and_damage_is_forgotten() {
        let data = tempfile::tempdir().unwrap();
        assert_eq!(read(data.path()), Used::default());
        let used = Used { opening: Some("/klienter/2026".into()), saving: None };
        write(data.path(), &used).unwrap();
        assert_eq!(read(data.path()), used);
        std::fs::write(data.path().join(FILE), "{").unwrap();
        assert_eq!(read(data.path()), Used::default());
    }
}
