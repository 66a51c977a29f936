//! What a person chooses or types: the system's dialogs, and what nobody may see again.

use crate::{
    folders::{self, For},
    window::MAIN,
};
use disk::WholeFile;
use filing::{
    confirmation::Confirmation,
    consent::{Consent, Question},
    view::LanguageName,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::{
    io::{self, Write as _},
    path::{Path, PathBuf},
};
use tauri::{AppHandle, Manager};
use tauri_plugin_dialog::{DialogExt, FilePath, MessageDialogButtons, MessageDialogKind};
use tokio::sync::oneshot;

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
pub(crate) async fn chosen(open: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>)) -> Option<PathBuf> {
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

/// Puts what the office asks in such a dialog.
pub(crate) struct Dialog {
    pub(crate) app: AppHandle,
    pub(crate) language: LanguageName,
}

impl Consent for Dialog {
    fn gives(&self, question: &Question) -> bool {
        tauri::async_runtime::block_on(confirms(&self.app, question.words(self.language)))
    }
}

/// Where a person wants a file of this kind to be; nothing when she chose nowhere.
pub(crate) async fn save_as(app: &AppHandle, name: &str, kind: &str) -> Option<PathBuf> {
    // A name may come of what somebody has typed or a file says; it is a proposal for one file, and no path.
    let mut dialog = app.dialog().file().set_file_name(disk::safe_name(name)).add_filter(kind.to_uppercase(), &[kind]);
    if let Some(folder) = folders::start(app, For::Saving) {
        dialog = dialog.set_directory(folder);
    }
    let chosen = chosen(|answer| dialog.save_file(answer)).await?;
    // The dialog of some desktops adds no ending.
    let chosen = if chosen.extension().is_none() { chosen.with_extension(kind) } else { chosen };
    folders::remember(app, For::Saving, &chosen);
    Some(chosen)
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
}

/// What a person chooses on this computer, from the folder she was in last; empty when she chose nothing.
pub(crate) async fn pick(app: &AppHandle, what: Pick) -> Vec<PathBuf> {
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
        let (title, action) = match what {
            Pick::File | Pick::Files => ("Open File", FileChooserAction::Open),
            Pick::Folder => ("Select Folder", FileChooserAction::SelectFolder),
        };
        let dialog = FileChooserNative::new(Some(title), gtk::Window::NONE, action, None, None);
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
    let mut dialog = app.dialog().file();
    if let Some(from) = from {
        dialog = dialog.set_directory(from);
    }
    match what {
        Pick::File => chosen(|answer| dialog.pick_file(answer)).await.into_iter().collect(),
        Pick::Folder => chosen(|answer| dialog.pick_folder(answer)).await.into_iter().collect(),
        Pick::Files => {
            let (answer, answered) = oneshot::channel();
            dialog.pick_files(move |files| drop(answer.send(files.unwrap_or_default())));
            let files = answered.await.unwrap_or_default();
            files.into_iter().filter_map(|file| file.into_path().ok()).collect()
        }
    }
}
