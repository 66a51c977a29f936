//! How the program starts: window first, office beside it.
//!
//! The window is drawn while the office opens its database and its keyring and the practice authorities
//! come up; commands that arrive earlier wait for it.

use crate::{
    background::{self, KeepRunning},
    bindings::{self, OfficeNews},
    browser::SystemBrowser,
    commands::fault,
    doctor::InUse,
    environment, logging,
    look::LookPlugin,
    notifications,
    places::Places,
    rendering,
    settings::Changing,
    tray, update, window,
};
use filing::{
    Office, Setup,
    view::{ErrorCode, ErrorView, OfficeEvent},
};
use std::{env, io, sync::Arc, time::Duration};
use tauri::{
    AppHandle, Manager, RunEvent, Wry,
    plugin::{self, TauriPlugin},
};
use tauri_specta::Event;
use tokio::sync::{
    broadcast::{self, error::RecvError},
    watch,
};

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no desktop to show a window on. Remedy: start it on one, or use the command line.
    #[error("there is no display")]
    NoDisplay,
    /// The system lacks the web view that shows the window (Windows). Remedy: install Microsoft Edge WebView2.
    #[error("there is no web view: {0}")]
    NoWebView(String),
    /// Tauri could not open its window. Remedy: the system packages of the README.
    #[error("the window cannot be opened")]
    Window(#[from] tauri::Error),
}

/// The office, once it is open.
pub(crate) struct OpenOffice(watch::Sender<Option<Result<Arc<Office>, ErrorView>>>);

impl OpenOffice {
    /// Waits until the office is open.
    ///
    /// # Errors
    /// Why it could not be opened; every command then says the same.
    pub(crate) async fn get(&self) -> Result<Arc<Office>, ErrorView> {
        let mut opened = self.0.subscribe();
        match opened.wait_for(Option::is_some).await.map(|office| office.clone()) {
            Ok(Some(office)) => office,
            Ok(None) | Err(_) => Err(fault(
                ErrorCode::Internal,
                "The office did not open.",
                &io::Error::from(io::ErrorKind::Interrupted),
            )),
        }
    }

    /// From now on commands wait until there is an office again; gives back the one there was.
    pub(crate) fn shut(&self) -> Option<Result<Arc<Office>, ErrorView>> {
        self.0.send_replace(None)
    }
}

/// Asks for the start view while the page is still being read: by the time its script runs, the answer is there.
const ASK_EARLY: &str = "if (window.__TAURI_INTERNALS__ && window === window.top) { \
    const start = window.__TAURI_INTERNALS__.invoke('start_view'); \
    start.catch(() => undefined); \
    Object.defineProperty(window, '__MOMSBUD_START__', { value: start }); \
}";

/// How long the window waits for the keyring: one that answers at all does so in a blink, one that is locked asks a person,
/// who may look at the window meanwhile.
const KEYRING_PATIENCE: Duration = Duration::from_secs(2);

/// Runs the program until its window is closed.
///
/// # Errors
/// When there is no window to be had.
pub fn run() -> Result<(), StartError> {
    rendering::with_the_processor();
    display()?;
    let contract = bindings::builder();
    let commands = contract.invoke_handler();
    let mut context = tauri::generate_context!();
    if background::is_hidden(&env::args().collect::<Vec<_>>()) {
        // A program that starts with the system has no window until it is wanted.
        context.config_mut().app.windows.iter_mut().for_each(|window| window.create = false);
    } else {
        web_view()?;
    }
    let app = tauri::Builder::default()
        // First, so that a second start ends before it has touched anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            // The system's own start while the program runs already is no wish to see it.
            if !background::is_hidden(&arguments) {
                window::to_front(app);
            }
            window::open(app, window::files_among(&arguments, folder.as_ref()));
        }))
        // Second, so that the office opens while the system still makes the window.
        .plugin(office_first(contract))
        .plugin(LookPlugin::default())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(window::remembered()).build())
        .invoke_handler(commands)
        .on_window_event(window::on_event)
        .setup(|app| {
            window::follow_links(app.handle());
            tray::install(app.handle());
            let folder = env::current_dir().unwrap_or_default();
            window::open(app.handle(), window::files_among(&env::args().collect::<Vec<_>>(), &folder));
            Ok(())
        })
        .build(context)?;
    app.run(|app, event| match event {
        // The last window was closed; a code means that somebody chose to quit.
        RunEvent::ExitRequested { code: None, api, .. } if app.state::<KeepRunning>().get() => api.prevent_exit(),
        RunEvent::Exit => tracing::info!("Momsbud closes."),
        _ => {}
    });
    Ok(())
}

/// Whether there is a desktop: Tauri panics where there is none.
fn display() -> Result<(), StartError> {
    #[cfg(all(unix, not(target_os = "macos")))]
    gtk::init().map_err(|_| StartError::NoDisplay)?;
    Ok(())
}

/// Whether there is what shows a window's content. Windows may lack it, and Tauri panics when its first window fails.
pub(crate) fn web_view() -> Result<(), StartError> {
    #[cfg(windows)]
    tauri::webview_version().map_err(|error| StartError::NoWebView(error.to_string()))?;
    Ok(())
}

/// Opens the office when plugins start, which is before Tauri makes its windows; `setup` comes after them.
fn office_first(contract: tauri_specta::Builder<Wry>) -> TauriPlugin<Wry> {
    plugin::Builder::new("office")
        .js_init_script(ASK_EARLY.to_owned())
        .setup(move |app, _| {
            contract.mount_events(app);
            let places = Places::find(app)?;
            match logging::start(&places.logs()) {
                Ok(guard) => {
                    app.manage(guard);
                }
                // A program that cannot log can still file; the office says what is wrong with the folder.
                Err(error) => tracing::warn!(%error, "There is no log."),
            }
            app.manage(update::Found::default());
            app.manage(InUse::default());
            app.manage(KeepRunning::default());
            app.manage(window::Wanted::default());
            app.manage(window::LetGo::default());
            app.manage(OpenOffice(watch::Sender::new(None)));
            app.manage(window::Drawn::not_yet());
            app.manage(Changing::default());
            tauri::async_runtime::spawn(open_office(app.clone(), places));
            Ok(())
        })
        .build()
}

/// Opens the office and hands it to the commands that wait.
pub(crate) async fn open_office(app: AppHandle, places: Places) {
    let office = open(&app, &places).await;
    if let Ok(office) = &office {
        match office.keeps_running() {
            Ok(keeps) => app.state::<KeepRunning>().set(keeps),
            Err(error) => tracing::warn!(?error, "The settings of the reminders could not be read."),
        }
        tauri::async_runtime::spawn(pass_on(app.clone(), office.clone(), office.events()));
        // Who listens does so before anything is announced: each reminder is announced once.
        tauri::async_runtime::spawn(notifications::show(app.clone(), office.clone(), office.announcements()));
        office.keep_reminding();
    }
    app.state::<OpenOffice>().0.send_replace(Some(office));
}

async fn open(app: &AppHandle, places: &Places) -> Result<Arc<Office>, ErrorView> {
    let environment = environment::chosen(app, places).await?;
    app.state::<InUse>().set(environment.clone());
    let mut setup = Setup::new(&places.data, &places.archive, environment, Arc::new(SystemBrowser(app.clone())))?;
    setup.earlier_archives.clone_from(&places.earlier_archives);
    setup.keyring_patience = Some(KEYRING_PATIENCE);
    let wished = env::var("MOMSBUD_CONCURRENCY").ok().and_then(|number| number.parse().ok());
    if let Some(at_once) = wished.filter(|number| (1..=16).contains(number)) {
        setup.at_once = at_once;
    }
    Office::open(setup).await.map_err(ErrorView::from)
}

/// Hands the office's events to the window.
async fn pass_on(app: AppHandle, office: Arc<Office>, mut events: broadcast::Receiver<OfficeEvent>) {
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            () = office.until_closed() => break,
        };
        let event = match event {
            Ok(event) => event,
            // A window that could not keep up asks for everything again with the next event.
            Err(RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "The window missed events.");
                let start = office.start_view();
                let batch = OfficeEvent::Batch { batch: start.batch.map(Box::new) };
                if let Err(error) = OfficeNews(batch).emit(&app) {
                    tracing::warn!(%error, "The window could not be told.");
                }
                OfficeEvent::Cards { cards: Arc::new(start.cards) }
            }
            Err(RecvError::Closed) => break,
        };
        if let OfficeEvent::Reminders { .. } | OfficeEvent::Work { .. } = &event {
            tray::update(&app, &office);
        }
        // What the work account may not see is not told.
        let Some(event) = office.told(event) else { continue };
        if let Err(error) = OfficeNews(event).emit(&app) {
            tracing::warn!(%error, "The window could not be told.");
        }
    }
}
