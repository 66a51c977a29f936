//! The window: what is dropped on it, what is opened with it, and when it comes to the front.

use crate::{
    arguments,
    news::{News, publish},
    no_window::{self, StartError, web_view},
    open_office::OpenOffice,
};
use std::{
    path::PathBuf,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tauri::{
    AppHandle, DragDropEvent, Manager, PhysicalPosition, WebviewWindow, WebviewWindowBuilder, Window, WindowEvent,
    webview::NewWindowResponse,
};
use tauri_plugin_deep_link::DeepLinkExt;
use tauri_plugin_window_state::StateFlags;
use tokio::sync::watch;
use url::Url;
use view::{NoticeTarget, OfficeEvent, WindowPoint};

/// The label of the only window, as in `tauri.conf.json`.
pub(crate) const MAIN: &str = "main";

/// Where the window is to go as soon as it can.
#[derive(Debug, Default)]
pub(crate) struct Wanted(Mutex<Option<NoticeTarget>>);

/// Files that were let go over the window, until it has said on which return.
#[derive(Debug, Default)]
pub(crate) struct DroppedFiles(Mutex<Vec<PathBuf>>);

/// How long the window may take to say so; it answers between two pictures, unless it is still being read.
const ANSWER: Duration = Duration::from_secs(3);

/// What of a window is remembered; not whether it was visible, which the start decides.
pub(crate) fn remembered() -> StateFlags {
    StateFlags::all() - StateFlags::VISIBLE
}

/// Makes the window of `tauri.conf.json`, which stays at its own pages: it goes to no other, opens no second one and fetches
/// no files.
///
/// # Errors
/// When there is no window to be had.
pub(crate) fn make(app: &AppHandle) -> Result<WebviewWindow, StartError> {
    web_view()?;
    let config = app.config().app.windows.iter().find(|window| window.label == MAIN);
    let config = config.ok_or(tauri::Error::WindowNotFound)?;
    // Where `cargo tauri dev` serves the pages; a program that carries them knows no such place.
    let dev = if cfg!(dev) { app.config().build.dev_url.clone() } else { None };
    let window = WebviewWindowBuilder::from_config(app, config)?
        .on_navigation(move |to| {
            let own = is_own(to, dev.as_ref());
            if !own {
                tracing::warn!(scheme = to.scheme(), "The window wanted to go elsewhere, and was not let.");
            }
            own
        })
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false);
    Ok(window.build()?)
}

/// Whether that is one of the window's own pages: `tauri://localhost`, which Windows spells `http://tauri.localhost`.
fn is_own(to: &Url, dev: Option<&Url>) -> bool {
    let own = if cfg!(windows) { ("http", "tauri.localhost") } else { ("tauri", "localhost") };
    let plain = to.port().is_none() && to.username().is_empty() && to.password().is_none();
    let bundled = (to.scheme(), to.host_str()) == (own.0, Some(own.1)) && plain;
    bundled || dev.is_some_and(|dev| dev.origin() == to.origin())
}

/// Shows a place of the window, and the window.
pub(crate) fn go(app: &AppHandle, target: NoticeTarget) {
    if app.get_webview_window(MAIN).is_some() {
        publish(app, OfficeEvent::Go { target });
    } else {
        *app.state::<Wanted>().0.lock().unwrap_or_else(PoisonError::into_inner) = Some(target);
    }
    to_front(app);
}

/// The window's content listens: now it can be told where to go.
pub(crate) fn ready(app: &AppHandle) {
    let target = app.state::<Wanted>().0.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(target) = target {
        publish(app, OfficeEvent::Go { target });
    }
}

/// Shows the window above the others: after the browser, from the tray, or when the program is started again. One that
/// was closed is made anew.
pub(crate) fn to_front(app: &AppHandle) {
    let window = match app.get_webview_window(MAIN).map_or_else(|| make(app), Ok) {
        Ok(window) => window,
        Err(error) => {
            // Whoever asked for the window must not be left with nothing; and nothing else waits for the answer.
            std::thread::spawn(move || no_window::show_error(&error));
            return;
        }
    };
    for step in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = step {
            tracing::warn!(%error, "The window could not be brought to the front.");
        }
    }
}

/// Reads what is dropped; the window's content is told only that something hovers, never a path.
pub(crate) fn on_event(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    if let WindowEvent::Destroyed = event {
        app.state::<News>().stop();
    }
    let WindowEvent::DragDrop(drag) = event else { return };
    match drag {
        DragDropEvent::Enter { position, .. } | DragDropEvent::Over { position } => {
            publish(app, OfficeEvent::DropHover { at: Some(point(window, *position)) });
        }
        DragDropEvent::Leave => publish(app, OfficeEvent::DropHover { at: None }),
        DragDropEvent::Drop { paths, position } => {
            publish(app, OfficeEvent::DropHover { at: None });
            dropped(app, paths.clone(), point(window, *position));
        }
        _ => {}
    }
}

/// Asks the window which of its returns lies there: only it knows. Files that it says nothing about are opened all the
/// same.
fn dropped(app: &AppHandle, paths: Vec<PathBuf>, at: WindowPoint) {
    let paths = paths.into_iter().map(arguments::dropped);
    app.state::<DroppedFiles>().0.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    publish(app, OfficeEvent::Dropped { at });
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(ANSWER).await;
        open_dropped(&app, None).await;
    });
}

/// Opens what was let go over the window, if that has not been done; attachments go on this card.
pub(crate) async fn open_dropped(app: &AppHandle, card: Option<String>) {
    open_on(app, take_dropped(app), card).await;
}

/// Takes up what was let go over the window, so that nobody else opens it.
pub(crate) fn take_dropped(app: &AppHandle) -> Vec<PathBuf> {
    std::mem::take(&mut *app.state::<DroppedFiles>().0.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Where that is in the window's content. The position is said to be in the screen's pixels, and is that on Windows
/// only (wry 0.57, `drag_drop.rs` of each system).
fn point(window: &Window, position: PhysicalPosition<f64>) -> WindowPoint {
    let scale = if cfg!(windows) { window.scale_factor().unwrap_or(1.0) } else { 1.0 };
    let place = position.to_logical::<i32>(scale);
    WindowPoint { x: place.x, y: place.y }
}

/// Opens files named by the person: dropped, chosen, or given as arguments.
pub(crate) fn open(app: &AppHandle, paths: Vec<PathBuf>) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move { open_on(&app, paths, None).await });
}

async fn open_on(app: &AppHandle, paths: Vec<PathBuf>, card: Option<String>) {
    if paths.is_empty() {
        return;
    }
    match app.state::<OpenOffice>().get().await {
        // The cards reach the window as an event of the office.
        Ok(office) => drop(office.returns().open_dropped(paths, card).await),
        Err(error) => tracing::error!(code = ?error.code, "Files were dropped, but the office is shut."),
    }
}

/// Hands on the links that the operating system opens with the program: the way home of a sign-in whose redirect
/// is a hosted page (`momsbud://callback?…`).
pub(crate) fn follow_links(app: &AppHandle) {
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        let (app, links) = (handle.clone(), event.urls());
        tauri::async_runtime::spawn(async move {
            follow(&app, links).await;
        });
    });
    // The link that has started the program was told before anybody listened.
    match app.deep_link().get_current() {
        Ok(Some(links)) => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { follow(&app, links).await });
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "The link that started the program could not be read."),
    }
}

/// Whether the window has been drawn: what is told before nobody hears.
#[derive(Debug)]
pub(crate) struct FirstPaint(watch::Sender<bool>);

impl FirstPaint {
    /// Not yet.
    pub(crate) fn not_yet() -> Self {
        Self(watch::channel(false).0)
    }

    /// It is.
    pub(crate) fn now(&self) {
        self.0.send_replace(true);
    }

    async fn wait(&self) {
        // The sender lives here, so waiting ends only when it is so.
        let _ = self.0.subscribe().wait_for(|drawn| *drawn).await;
    }
}

/// Hands the links to the office, and brings the window to the front for one that a sign-in waits for: any page may open a
/// link of ours, and none may raise the window by it.
async fn follow(app: &AppHandle, links: Vec<Url>) {
    if let Ok(office) = app.state::<OpenOffice>().get().await {
        for expected in links.iter().filter_map(|link| office.session().expected(link)) {
            to_front(app);
            // How the sign-in ends is told to a window that listens.
            app.state::<FirstPaint>().wait().await;
            office.session().deliver(expected).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_window_goes_to_its_own_pages_only() {
        let dev: Url = "http://localhost:5173".parse().unwrap();
        let own = if cfg!(windows) { "http://tauri.localhost/#/frister" } else { "tauri://localhost/#/frister" };
        assert!(is_own(&own.parse().unwrap(), None));
        for other in [
            "https://example.org/",
            "http://localhost:5173/",
            "http://127.0.0.1/",
            "tauri://example.org/",
            "tauri://user@localhost/",
            "tauri://localhost:1/",
            "https://tauri.localhost.example.org/",
            "data:text/html,x",
            "blob:tauri://localhost/x",
            "file:///etc/passwd",
            "about:blank",
            "javascript:0",
            "momsbud://callback?code=1",
            "mailto:x@example.org",
            "ipc://localhost/start_view",
        ] {
            assert!(!is_own(&other.parse().unwrap(), None), "{other}");
        }
        assert!(is_own(&"http://localhost:5173/#/frister".parse().unwrap(), Some(&dev)));
        assert!(!is_own(&"http://localhost:5174/".parse().unwrap(), Some(&dev)));
    }
}
