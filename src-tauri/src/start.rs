//! How the program starts: window first, office beside it.
//!
//! The window is drawn while the office opens its database and its keyring and the practice authorities
//! come up; commands that arrive earlier wait for it.

use crate::{
    appearance::LookPlugin,
    arguments::{self, files_among},
    background::{self, KeepRunning},
    bindings,
    closing::{self, Closing},
    folders,
    host::{Desktop, Shell},
    logging,
    news::News,
    no_window::{StartError, display, web_view},
    open_office::{Changing, InUse, OpenOffice},
    opening::open_office,
    places::Places,
    rendering,
    restart::unless_another_was_ending,
    tray, update, window,
};
use office::hardening::forbid_core_dumps;
use std::{env, sync::Arc};
use tauri::{
    Manager, RunEvent, Wry,
    plugin::{self, TauriPlugin},
};

/// Asks for the start view while the page is still being read: by the time its script runs, the answer is there.
const ASK_EARLY: &str = "if (window.__TAURI_INTERNALS__ && window === window.top) { \
    const start = window.__TAURI_INTERNALS__.invoke('start_view'); \
    start.catch(() => undefined); \
    Object.defineProperty(window, '__MOMSBUD_START__', { value: start }); \
}";

/// What looks for the web view, among the plugins.
const WEB_VIEW: &str = "web-view";

/// Runs the program until its window is closed.
///
/// # Errors
/// When there is no window to be had.
pub fn run() -> Result<(), StartError> {
    // Not marked as undumpable as well: xdg-desktop-portal answers no program whose `/proc/PID/root` it cannot read.
    forbid_core_dumps();
    arguments::made_text().map_err(StartError::Arguments)?;
    rendering::with_the_processor();
    display()?;
    let commands = bindings::builder().invoke_handler();
    // A program that starts with the system has no window until it is wanted.
    let own: Vec<String> = env::args().collect();
    let (hidden, quits) = (background::is_hidden(&own), closing::is_quit(&own));
    let app = tauri::Builder::default()
        // First, so that a second start ends before it has touched anything.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, folder| {
            if closing::is_quit(&arguments) {
                return closing::quit_requested(app);
            }
            // The system's own start while the program runs already is no wish to see it, and neither is a link, which any
            // page can open: whether a sign-in waits for it decides.
            if !background::is_hidden(&arguments) && !arguments::has_link(&arguments) {
                window::to_front(app);
            }
            window::open(app, files_among(&arguments, folder.as_ref()));
        }))
        .plugin(web_view_there(!hidden && !quits))
        .plugin(closing::nobody_to_ask(quits))
        // Then, so that the office opens while the system still makes the window.
        .plugin(office_first())
        .plugin(LookPlugin::default())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_clipboard_manager::init())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_window_state::Builder::default().with_state_flags(window::remembered()).build())
        .invoke_handler(commands)
        .on_window_event(window::on_event)
        .on_window_event(closing::on_event)
        .setup(move |app| {
            if !hidden {
                window::make(app.handle())?;
            }
            window::follow_links(app.handle());
            tray::install(app.handle());
            let folder = env::current_dir().unwrap_or_default();
            window::open(app.handle(), files_among(&env::args().collect::<Vec<_>>(), &folder));
            Ok(())
        })
        .build(tauri::generate_context!())
        .map_err(|error| why(unless_another_was_ending(error)))?;
    app.run(|app, event| match event {
        // The last window was closed; a code means that somebody chose to quit.
        RunEvent::ExitRequested { code: None, api, .. } if app.state::<KeepRunning>().get() => api.prevent_exit(),
        RunEvent::Exit => tracing::info!("Momsbud closes."),
        _ => {}
    });
    Ok(())
}

/// Looks whether there is what shows a window, if one is wanted, once it is known that no other program has it: a second start
/// hands over what it brought, and whoever runs says what is missing.
fn web_view_there(wanted: bool) -> TauriPlugin<Wry> {
    plugin::Builder::new(WEB_VIEW).setup(move |_, _| if wanted { Ok(web_view()?) } else { Ok(()) }).build()
}

fn why(error: tauri::Error) -> StartError {
    match error {
        tauri::Error::PluginInitialization(plugin, said) if plugin == WEB_VIEW => StartError::NoWebView(said),
        error => error.into(),
    }
}

/// Opens the office when plugins start, which is before Tauri makes its windows; `setup` comes after them.
fn office_first() -> TauriPlugin<Wry> {
    plugin::Builder::new("office")
        .js_init_script(ASK_EARLY.to_owned())
        .setup(|app, _| {
            let places = Places::find(app)?;
            match logging::start(&places.logs()) {
                Ok(guard) => {
                    app.manage(guard);
                }
                // A program that cannot log can still file; the office says what is wrong with the folder.
                Err(error) => tracing::warn!(%error, "There is no log."),
            }
            app.manage(update::AvailableUpdate::default());
            app.manage(InUse::default());
            app.manage(KeepRunning::default());
            app.manage(News::default());
            app.manage(Closing::default());
            app.manage(folders::Saved::default());
            app.manage(window::Wanted::default());
            app.manage(window::DroppedFiles::default());
            let open = OpenOffice::default();
            let shell = Shell {
                open: open.clone(),
                host: Arc::new(Desktop(app.clone())),
                changing: Arc::new(Changing::default()),
            };
            app.manage(open);
            app.manage(shell);
            app.manage(window::FirstPaint::not_yet());
            tauri::async_runtime::spawn(open_office(app.clone(), places));
            Ok(())
        })
        .build()
}
