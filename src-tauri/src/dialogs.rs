//! What a person chooses or types: the system's dialogs, and what nobody may see again.

use crate::{
    appearance::Look,
    folders::{self, For},
    places,
    window::MAIN,
};
use disk::WholeFile;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use shown::Shown;
use specta::Type;
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FilePath, MessageDialogButtons, MessageDialogKind};
use tokio::sync::oneshot;
use view::{Language, confirmation::Confirmation};

/// What a person has typed that nobody may see again.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(transparent)]
pub struct Typed(String);

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[secret]")
    }
}

impl From<Typed> for SecretString {
    fn from(typed: Typed) -> Self {
        Self::from(typed.0)
    }
}

/// What a person chooses in a dialog of the operating system's.
async fn chosen(open: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>)) -> Option<PathBuf> {
    let (answer, answered) = oneshot::channel();
    open(Box::new(move |path| {
        // Nobody waits any more: the window was closed.
        let _ = answer.send(path);
    }));
    answered.await.ok().flatten()?.into_path().ok()
}

/// Puts a question outside the window's content, and waits for the answer; a dialog that is closed means no.
pub(crate) async fn confirms(app: &AppHandle, question: Confirmation) -> bool {
    let (answer, answered) = oneshot::channel();
    let mut dialog = app
        .dialog()
        .message(question.text)
        .title(question.title)
        .kind(MessageDialogKind::Warning)
        .buttons(MessageDialogButtons::OkCancelCustom(question.yes, question.no));
    if let Some(window) = app.get_webview_window(MAIN) {
        dialog = dialog.parent(&window);
    }
    // Nobody waits any more: the window was closed.
    dialog.show(move |yes| {
        let _ = answer.send(yes);
    });
    answered.await.unwrap_or(false)
}

/// Where a person wants a file of this kind to be; nothing when she chose nowhere.
pub(crate) async fn save_as(app: &AppHandle, name: &str, kind: &str) -> Option<PathBuf> {
    // A name may come of what somebody has typed or a file says; it is a proposal for one file, and no path.
    let mut dialog = app
        .dialog()
        .file()
        .set_title(crate::text(language(), "saving.title"))
        .set_file_name(disk::safe_name(name))
        .add_filter(kind.to_uppercase(), &[kind]);
    if let Some(folder) = folders::start(app, For::Saving) {
        dialog = dialog.set_directory(folder);
    }
    let chosen = chosen(|answer| dialog.save_file(answer)).await?;
    let chosen = with_ending(chosen, kind, |question| confirms(app, question)).await?;
    folders::remember(app, For::Saving, &chosen);
    Some(chosen)
}

/// What was chosen, with its kind's ending, which the dialog of some desktops does not add. Where another file has that name,
/// the dialog has asked about none of it: the person is asked here; no answer is nowhere.
async fn with_ending<Answered: Future<Output = bool>>(
    chosen: PathBuf,
    kind: &str,
    says_yes: impl FnOnce(Confirmation) -> Answered,
) -> Option<PathBuf> {
    if chosen.extension().is_some() {
        return Some(chosen);
    }
    let ended = chosen.with_extension(kind);
    // A link counts whatever it leads to: it would be gone.
    if ended.symlink_metadata().is_err() {
        return Some(ended);
    }
    says_yes(replacing(&Shown::file_name(&ended))).await.then_some(ended)
}

/// What the dialogs speak. The system's own buttons are in the desktop's language.
fn language() -> Language {
    places::data_without_app().map(|folder| Look::load(&folder).language()).unwrap_or_default()
}

/// What a dialog for choosing is called.
fn title_of(what: Pick) -> &'static str {
    let key = match what {
        Pick::Files => "choosing.files",
        Pick::File | Pick::Key | Pick::Json => "choosing.file",
        Pick::Folder | Pick::ArchiveFolder | Pick::CopyFolder | Pick::MirrorFolder => "choosing.folder",
    };
    crate::text(language(), key)
}

/// Whether a file may be replaced.
fn replacing(name: &Shown) -> Confirmation {
    let language = language();
    Confirmation {
        title: crate::text(language, "saving.replaceTitle").to_owned(),
        text: crate::filled(language, "saving.replaceText", &[("file", name)]),
        yes: crate::text(language, "saving.replace").to_owned(),
        no: crate::text(language, "saving.cancel").to_owned(),
    }
}

/// Writes a file whole where a person has chosen: what was there stays until the new one is there.
///
/// # Errors
/// The disk.
pub(crate) fn write_for_others(to: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = WholeFile::for_others(to)?;
    file.write_all(content)?;
    file.finish()
}

/// What a person is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pick {
    /// One file.
    File,
    /// Any number of files.
    Files,
    /// One folder.
    Folder,
    /// A file with a private key; where it lies is not remembered, here and below.
    Key,
    /// A file in JSON that somebody has written for this program.
    Json,
    /// The folder that receipts are to go to.
    ArchiveFolder,
    /// The folder that a copy of the office register is to go to.
    CopyFolder,
    /// The folder that the register's documents are to go to.
    MirrorFolder,
}

/// What a person chooses on this computer, from the folder she was in last; empty when she chose nothing.
pub(crate) async fn pick(app: &AppHandle, what: Pick) -> Vec<PathBuf> {
    let plain = app.dialog().file().set_title(title_of(what));
    // GTK begins with what was used last, and opens no folder that is typed there.
    let plain = match folders::start(app, For::Saving) {
        Some(folder) => plain.set_directory(folder),
        None => plain,
    };
    let apart = match what {
        Pick::File | Pick::Files | Pick::Folder => None,
        Pick::Key => Some(chosen(|answer| plain.pick_file(answer)).await),
        Pick::Json => Some(chosen(|answer| plain.add_filter("JSON", &["json"]).pick_file(answer)).await),
        Pick::ArchiveFolder | Pick::CopyFolder | Pick::MirrorFolder => {
            Some(chosen(|answer| plain.pick_folder(answer)).await)
        }
    };
    if let Some(chosen) = apart {
        return chosen.into_iter().collect();
    }
    let chosen = ask(app, what, folders::start(app, For::Opening)).await;
    if let Some(first) = chosen.first() {
        folders::remember(app, For::Opening, first);
    }
    chosen
}

/// The system's dialog, whatever bytes what is chosen is called by.
#[cfg(all(unix, not(target_os = "macos")))]
async fn ask(app: &AppHandle, what: Pick, from: Option<PathBuf>) -> Vec<PathBuf> {
    use gtk::{FileChooserAction, FileChooserNative, ResponseType, prelude::*};
    use std::cell::RefCell;

    // The plugin's dialog drops names that are not UTF-8 without a word.
    let (answer, answered) = oneshot::channel();
    let shown = app.run_on_main_thread(move || {
        let action = match what {
            Pick::Folder | Pick::ArchiveFolder | Pick::CopyFolder | Pick::MirrorFolder => {
                FileChooserAction::SelectFolder
            }
            _ => FileChooserAction::Open,
        };
        let dialog = FileChooserNative::new(Some(title_of(what)), gtk::Window::NONE, action, None, None);
        dialog.set_select_multiple(what == Pick::Files);
        if let Some(from) = from {
            dialog.set_current_folder(from);
        }
        // Nobody else holds the dialog while it is open; once answered it is let go.
        let held = RefCell::new(Some((answer, dialog.clone())));
        dialog.connect_response(move |dialog, response| {
            let chosen = if response == ResponseType::Accept { dialog.filenames() } else { Vec::new() };
            if let Some((answer, _)) = held.take() {
                // Nobody waits any more: the window was closed.
                let _ = answer.send(chosen);
            }
        });
        dialog.show();
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "The dialog could not be shown.");
    }
    answered.await.unwrap_or_default()
}

/// The system's dialog.
#[cfg(not(all(unix, not(target_os = "macos"))))]
async fn ask(app: &AppHandle, what: Pick, from: Option<PathBuf>) -> Vec<PathBuf> {
    let mut dialog = app.dialog().file().set_title(title_of(what));
    if let Some(from) = from {
        dialog = dialog.set_directory(from);
    }
    match what {
        Pick::File | Pick::Key | Pick::Json => chosen(|answer| dialog.pick_file(answer)).await.into_iter().collect(),
        Pick::Folder | Pick::ArchiveFolder | Pick::CopyFolder | Pick::MirrorFolder => {
            chosen(|answer| dialog.pick_folder(answer)).await.into_iter().collect()
        }
        Pick::Files => {
            let (answer, answered) = oneshot::channel();
            dialog.pick_files(move |files| drop(answer.send(files.unwrap_or_default())));
            let files = answered.await.unwrap_or_default();
            files.into_iter().filter_map(|file| file.into_path().ok()).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::fs;

    #[tokio::test]
    async fn a_file_that_the_dialog_did_not_ask_about_is_not_replaced_unasked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("utvalg.csv"), "hers").unwrap();
        let ask = async |name: &str, yes: bool| {
            let asked = std::cell::RefCell::new(None);
            let to = with_ending(at(name), "csv", |question| {
                asked.replace(Some(question.text));
                std::future::ready(yes)
            });
            (to.await, asked.into_inner())
        };
        let (to, asked) = ask("utvalg", false).await;
        assert_eq!(to, None);
        assert!(asked.unwrap().contains("utvalg.csv"));
        assert_eq!(ask("utvalg", true).await.0, Some(at("utvalg.csv")));
        // The dialog itself has asked about what has its ending, and there is nothing to ask about what is new.
        assert_eq!(ask("utvalg.csv", false).await, (Some(at("utvalg.csv")), None));
        assert_eq!(ask("utvalg.txt", false).await, (Some(at("utvalg.txt")), None));
        assert_eq!(ask("nytt", false).await, (Some(at("nytt.csv")), None));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("nowhere", at("lenke.csv")).unwrap();
            assert_eq!(ask("lenke", false).await.0, None);
        }
    }
}
