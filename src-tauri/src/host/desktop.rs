//! The desktop that the program runs on, over Tauri.

use super::Host;
use crate::{
    autostart,
    background::KeepRunning,
    dialogs::{self, Pick},
    doctor,
    fault::{Answer, fault},
    folders::Saved,
    opener, opening,
    places::Places,
    update::{self, UpdateView},
    window,
};
use futures_util::future::{BoxFuture, FutureExt as _};
use office::{Office, doctor::DoctorReport};
use practice::Practice;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};
use tauri::{AppHandle, Manager};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_opener::OpenerExt;
use view::{ErrorCode, confirmation::Confirmation};

/// What the licences of the parts are called among the window's files; `ui/scripts/licences.mjs` writes it.
const LICENCES: &str = "licences.json";

/// The desktop around this program.
pub(crate) struct Desktop(pub(crate) AppHandle);

impl Host for Desktop {
    fn pick(&self, what: Pick) -> BoxFuture<'_, Vec<PathBuf>> {
        dialogs::pick(&self.0, what).boxed()
    }

    fn save_as<'a>(&'a self, name: &'a str, kind: &'a str) -> BoxFuture<'a, Option<PathBuf>> {
        dialogs::save_as(&self.0, name, kind).boxed()
    }

    fn confirms(&self, question: Confirmation) -> BoxFuture<'_, bool> {
        dialogs::confirms(&self.0, question).boxed()
    }

    fn open(&self, path: &Path) -> Answer<()> {
        opener::open(path)
    }

    fn show(&self, path: &Path) -> Answer<()> {
        let shown = self.0.opener().reveal_item_in_dir(path);
        shown.map_err(|error| fault(ErrorCode::CannotOpen, "No program shows the folder.", &error))
    }

    #[expect(clippy::disallowed_methods, reason = "one of the pages that the program knows")]
    fn browse(&self, page: &str) -> Answer<()> {
        let opened = self.0.opener().open_url(page, None::<&str>);
        opened.map_err(|error| fault(ErrorCode::NoBrowser, "No browser opens the page.", &error))
    }

    fn saved(&self) -> Option<PathBuf> {
        self.0.state::<Saved>().path()
    }

    fn copy(&self, text: String) -> Answer<()> {
        let written = self.0.clipboard().write_text(text);
        written.map_err(|error| fault(ErrorCode::Internal, "The clipboard cannot be written.", &error))
    }

    fn copied(&self) -> String {
        self.0.clipboard().read_text().unwrap_or_default()
    }

    fn to_front(&self) {
        window::to_front(&self.0);
    }

    fn ready(&self) {
        window::ready(&self.0);
    }

    fn take_in(&self, paths: Vec<PathBuf>) {
        window::open(&self.0, paths);
    }

    fn take_dropped(&self, card: Option<String>) -> BoxFuture<'_, ()> {
        window::open_dropped(&self.0, card).boxed()
    }

    fn forget_dropped(&self) {
        drop(window::take_dropped(&self.0));
    }

    fn badge(&self, count: u32) {
        let Some(window) = self.0.get_webview_window(window::MAIN) else { return };
        if let Err(error) = window.set_badge_count((count > 0).then(|| i64::from(count))) {
            tracing::debug!(%error, "There is no badge here.");
        }
    }

    fn keep_running(&self, on: bool) {
        self.0.state::<KeepRunning>().set(on);
    }

    fn starts_with_system(&self) -> io::Result<bool> {
        autostart::is_on(&self.0)
    }

    fn start_with_system(&self, on: bool) -> io::Result<()> {
        autostart::set(&self.0, on)
    }

    fn places(&self) -> Answer<Places> {
        let found = Places::find(&self.0);
        found.map_err(|error| fault(ErrorCode::DataUnusable, "The program's folders cannot be found.", &error))
    }

    fn home(&self) -> Option<PathBuf> {
        self.0.path().home_dir().ok()
    }

    fn version(&self) -> String {
        self.0.package_info().version.to_string()
    }

    fn licences(&self) -> Option<Vec<u8>> {
        self.0.asset_resolver().get(LICENCES.to_owned()).map(|asset| asset.bytes)
    }

    fn open_office(&self, places: Places) -> BoxFuture<'_, ()> {
        opening::open_office(self.0.clone(), places).boxed()
    }

    fn practice(&self) -> Option<&Practice> {
        self.0.try_state::<Practice>().map(|practice| practice.inner())
    }

    fn doctor(&self, everywhere: bool) -> BoxFuture<'_, Answer<DoctorReport>> {
        doctor::report(&self.0, everywhere).boxed()
    }

    fn look_for_update(&self) -> BoxFuture<'_, UpdateView> {
        update::look(&self.0).boxed()
    }

    fn install_update<'a>(&'a self, office: &'a Arc<Office>) -> BoxFuture<'a, UpdateView> {
        update::install(&self.0, office).boxed()
    }
}
