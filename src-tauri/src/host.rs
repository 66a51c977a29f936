//! What commands work with: the office, once it is open, and the desktop around the window.
//!
//! A command takes a [`Shell`] and knows no Tauri, so that tests run every command without a window: they bring a desktop of
//! their own, whose dialogs answer what the test wants.

mod desktop;
#[cfg(test)]
pub(crate) mod test_host;

use crate::{
    dialogs::Pick,
    fault::Answer,
    open_office::{Changing, OpenOffice},
    places::Places,
    update::UpdateView,
};
pub(crate) use desktop::Desktop;
use futures_util::future::BoxFuture;
use office::{Office, doctor::DoctorReport};
use practice::Practice;
use specta::{Types, datatype::DataType, function::FunctionArg};
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tauri::{
    Manager as _, Runtime,
    ipc::{CommandArg, CommandItem, InvokeError},
};
use view::{
    Language,
    confirmation::Confirmation,
    consent::{Consent, Question},
};

/// What a command asks of the desktop.
pub(crate) trait Host: Send + Sync {
    /// Lets the person choose; nothing when she chose nothing.
    fn pick(&self, what: Pick) -> BoxFuture<'_, Vec<PathBuf>>;
    /// Where she wants a file of this name and kind to be; nothing when she chose nowhere.
    fn save_as<'a>(&'a self, name: &'a str, kind: &'a str) -> BoxFuture<'a, Option<PathBuf>>;
    /// Puts a question outside the window's content, where no script answers it.
    fn confirms(&self, question: Confirmation) -> BoxFuture<'_, bool>;
    /// Opens a file in the system's viewer for it, or a folder.
    fn open(&self, path: &Path) -> Answer<()>;
    /// Shows where a file lies.
    fn show(&self, path: &Path) -> Answer<()>;
    /// Opens a page of ours in the browser.
    fn browse(&self, page: &str) -> Answer<()>;
    /// The file that was saved last.
    fn saved(&self) -> Option<PathBuf>;
    /// Puts a text on the clipboard.
    fn copy(&self, text: String) -> Answer<()>;
    /// The text that lies on the clipboard; of a picture, none.
    fn copied(&self) -> String;
    /// Shows the window above the others.
    fn to_front(&self);
    /// The window's content listens.
    fn ready(&self);
    /// Opens files that were chosen.
    fn take_in(&self, paths: Vec<PathBuf>);
    /// Opens what was let go over the window; attachments go on this card.
    fn take_dropped(&self, card: Option<String>) -> BoxFuture<'_, ()>;
    /// Opens nothing of what was let go over the window: it came from there.
    fn forget_dropped(&self);
    /// Shows on the program's place in the taskbar or the dock how much needs the user, where the platform can.
    fn badge(&self, count: u32);
    /// Goes on without a window from now on when that is closed, or ends with it.
    fn keep_running(&self, on: bool);
    /// Whether the program starts with the system.
    fn starts_with_system(&self) -> io::Result<bool>;
    /// Starts it with the system from now on, or no longer.
    fn start_with_system(&self, on: bool) -> io::Result<()>;
    /// Where the program keeps its files.
    fn places(&self) -> Answer<Places>;
    /// The person's own folder.
    fn home(&self) -> Option<PathBuf>;
    /// The program's version.
    fn version(&self) -> String;
    /// The parts of the program and their licences, as JSON; none in a build that carries no list.
    fn licences(&self) -> Option<Vec<u8>>;
    /// Opens the office anew on this ground, and tells the commands that wait.
    fn open_office(&self, places: Places) -> BoxFuture<'_, ()>;
    /// The practice authorities, where they run.
    fn practice(&self) -> Option<&Practice>;
    /// First aid.
    fn doctor(&self, everywhere: bool) -> BoxFuture<'_, Answer<DoctorReport>>;
    /// Looks for an update of the program.
    fn look_for_update(&self) -> BoxFuture<'_, UpdateView>;
    /// Installs the update that was found and starts the program anew.
    fn install_update<'a>(&'a self, office: &'a Arc<Office>) -> BoxFuture<'a, UpdateView>;
}

/// What every command is given.
#[derive(Clone)]
pub(crate) struct Shell {
    /// The office, open or not.
    pub(crate) open: OpenOffice,
    /// The desktop.
    pub(crate) host: Arc<dyn Host>,
    /// One change of the office's ground at a time.
    pub(crate) changing: Arc<Changing>,
}

impl Shell {
    /// The office, as soon as it is open.
    ///
    /// # Errors
    /// Why it could not be opened; every command then says the same.
    pub(crate) async fn office(&self) -> Answer<Arc<Office>> {
        self.open.get().await
    }

    /// The one thing that the person chose, if she chose any.
    pub(crate) async fn pick_one(&self, what: Pick) -> Option<PathBuf> {
        self.host.pick(what).await.into_iter().next()
    }
}

impl<'de, R: Runtime> CommandArg<'de, R> for Shell {
    fn from_command(command: CommandItem<'de, R>) -> Result<Self, InvokeError> {
        let given = command.message.webview_ref().try_state::<Self>();
        given.map(|shell| shell.inner().clone()).ok_or_else(|| InvokeError::from("the program has not started"))
    }
}

impl FunctionArg for Shell {
    /// The window gives none: it is the program's own.
    fn to_datatype(_types: &mut Types) -> Option<DataType> {
        None
    }
}

/// Puts what the office asks in a dialog outside the window's content.
pub(crate) struct Dialog {
    pub(crate) host: Arc<dyn Host>,
    pub(crate) language: Language,
}

impl Consent for Dialog {
    fn gives(&self, question: &Question) -> bool {
        tauri::async_runtime::block_on(self.host.confirms(question.words(self.language)))
    }
}
