//! The tray: how things stand, the next deadline, what is left of the authorization, pause, quit.
//!
//! Where there is no tray the program runs without: the library that draws it on Linux is loaded when it is needed, and
//! panics when it is not installed. That is caught here, once.

use crate::{open_office::OpenOffice, panel::Panel, window};
use jiff::Timestamp;
use office::Office;
use reminders::{TrayTexts, tray as texts};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};
use tauri::{
    AppHandle, Manager,
    image::Image,
    include_image,
    menu::{Menu, MenuItem, PredefinedMenuItem, Submenu},
    tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent},
};
use view::{NoticeTarget, Pause, RemindersView, Standing, TargetPlace};

const ID: &str = "momsbud";
const NEXT: &str = "tray-next";
const AUTHORIZATION: &str = "tray-authorization";
const OPEN: &str = "tray-open";
const PAUSE_TODAY: &str = "tray-pause-today";
const PAUSE_WEEK: &str = "tray-pause-week";
const RESUME: &str = "tray-resume";
const LOCK: &str = "tray-lock";
const QUIT: &str = "tray-quit";

/// The tray, or none. Its parts may be touched on the main thread only; Tauri sees to that.
struct Tray(Option<TrayIcon>);

/// Puts the icon into the tray, where there is one. Call it on the main thread.
pub(crate) fn install(app: &AppHandle) {
    // The payload of the panic says which library is missing; the panic hook has logged where.
    let built = catch_unwind(AssertUnwindSafe(|| build(app)));
    let tray = match built {
        Ok(Ok(tray)) => Some(tray),
        Ok(Err(error)) => {
            tracing::warn!(%error, "There is no tray.");
            None
        }
        Err(_) => {
            tracing::warn!("There is no tray: its library (libayatana-appindicator3) is not installed.");
            None
        }
    };
    app.manage(Tray(tray));
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // What was told before the tray was there.
        if let Ok(office) = app.state::<OpenOffice>().get().await {
            update(&app, &office);
        }
    });
}

fn build(app: &AppHandle) -> tauri::Result<TrayIcon> {
    TrayIconBuilder::with_id(ID)
        .icon(icon(Standing::Ok, Panel::now()))
        .icon_as_template(true)
        .tooltip("Momsbud")
        .menu(&menu(app, &texts(&RemindersView::default(), Default::default(), Timestamp::now()), false, None)?)
        // A click opens the window where clicks are told apart; on Linux every click opens the menu.
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| chosen(app, event.id().as_ref()))
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. } = event {
                window::to_front(tray.app_handle());
            }
        })
        .build(app)
}

/// Shows how things stand now, and whether there is anything to lock.
pub(crate) fn update(app: &AppHandle, office: &Office) {
    let Some(state) = app.try_state::<Tray>() else { return };
    let (Some(tray), Some(view)) = (state.0.clone(), office.reminders().tray()) else { return };
    let texts = texts(&view, office.language(), Timestamp::now());
    let lock = office.work().lock_label();
    let shown = menu(app, &texts, view.paused_until.is_some(), lock.as_deref()).and_then(|menu| {
        tray.set_icon(Some(icon(view.standing, Panel::now())))?;
        tray.set_tooltip(Some(&texts.standing))?;
        tray.set_menu(Some(menu))
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "The tray could not be changed.");
    }
}

/// Told apart by shape. White or dark where it is known what is behind it, else in a colour that stands out on both. Of the
/// same drawings (`icons/tray-*.svg`), by `rsvg-convert` with a style sheet that sets `color`.
fn icon(standing: Standing, panel: Panel) -> Image<'static> {
    match (standing, panel) {
        (Standing::Ok, Panel::Dark) => include_image!("icons/tray-ok-on-dark.png"),
        (Standing::Ok, Panel::Light) => include_image!("icons/tray-ok-on-light.png"),
        (Standing::Ok, Panel::Unknown) => include_image!("icons/tray-ok.png"),
        (Standing::Soon, Panel::Dark) => include_image!("icons/tray-soon-on-dark.png"),
        (Standing::Soon, Panel::Light) => include_image!("icons/tray-soon-on-light.png"),
        (Standing::Soon, Panel::Unknown) => include_image!("icons/tray-soon.png"),
        (Standing::Expired, Panel::Dark) => include_image!("icons/tray-expired-on-dark.png"),
        (Standing::Expired, Panel::Light) => include_image!("icons/tray-expired-on-light.png"),
        (Standing::Expired, Panel::Unknown) => include_image!("icons/tray-expired.png"),
    }
}

fn menu(app: &AppHandle, texts: &TrayTexts, paused: bool, lock: Option<&str>) -> tauri::Result<Menu<tauri::Wry>> {
    let item = |id: &str, text: &str| MenuItem::with_id(app, id, text, true, None::<&str>);
    let menu = Menu::new(app)?;
    for (id, text) in [(NEXT, &texts.next), (AUTHORIZATION, &texts.authorization)] {
        if let Some(text) = text {
            menu.append(&item(id, text)?)?;
        }
    }
    if texts.next.is_some() || texts.authorization.is_some() {
        menu.append(&PredefinedMenuItem::separator(app)?)?;
    }
    menu.append(&item(OPEN, &texts.open)?)?;
    if paused {
        menu.append(&item(RESUME, &texts.resume)?)?;
    } else {
        let pause = Submenu::new(app, &texts.pause, true)?;
        pause.append(&item(PAUSE_TODAY, &texts.today)?)?;
        pause.append(&item(PAUSE_WEEK, &texts.week)?)?;
        menu.append(&pause)?;
    }
    menu.append(&PredefinedMenuItem::separator(app)?)?;
    if let Some(lock) = lock {
        menu.append(&item(LOCK, lock)?)?;
    }
    menu.append(&item(QUIT, &texts.quit)?)?;
    Ok(menu)
}

fn chosen(app: &AppHandle, id: &str) {
    let to = |place| window::go(app, NoticeTarget { place, id: None });
    match id {
        NEXT => to(TargetPlace::Deadlines),
        AUTHORIZATION => to(TargetPlace::Access),
        OPEN => window::to_front(app),
        PAUSE_TODAY => pause(app, Pause::Today),
        PAUSE_WEEK => pause(app, Pause::Week),
        RESUME => pause(app, Pause::None),
        LOCK => lock(app),
        QUIT => app.exit(0),
        _ => {}
    }
}

fn lock(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Ok(office) = app.state::<OpenOffice>().get().await {
            office.work_account().lock().await;
        }
    });
}

fn pause(app: &AppHandle, pause: Pause) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let office: Option<Arc<Office>> = app.state::<OpenOffice>().get().await.ok();
        if let Some(Err(error)) = office.map(|office| office.reminders().pause(pause)) {
            tracing::warn!(?error, "The reminders could not be paused.");
        }
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::cast_precision_loss, reason = "colours")]
    use super::*;

    /// Relative luminance of WCAG 2.2.
    fn luminance(colour: [u8; 3]) -> f64 {
        let [r, g, b] = colour.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_icon_stands_out_on_the_panels_it_is_meant_for_and_is_told_apart_by_shape() {
        // GNOME's bar and Windows' taskbar, dark and light.
        let (dark, light) = ([[0x00; 3], [0x20; 3]], [[0xee; 3], [0xff; 3]]);
        for (panel, grounds, least) in [
            (Panel::Dark, dark.to_vec(), 4.5),
            (Panel::Light, light.to_vec(), 4.5),
            (Panel::Unknown, [dark, light].concat(), 3.0),
        ] {
            let icons = [Standing::Ok, Standing::Soon, Standing::Expired].map(|standing| icon(standing, panel));
            for image in &icons {
                let (pixels, _) = image.rgba().as_chunks::<4>();
                let drawn: Vec<[u8; 3]> = pixels.iter().filter(|p| p[3] == 255).map(|p| [p[0], p[1], p[2]]).collect();
                assert!(drawn.len() > 100, "{panel:?}: {} pixels", drawn.len());
                for ground in &grounds {
                    assert!(drawn.iter().all(|&ink| contrast(ink, *ground) >= least), "{panel:?} on {ground:?}");
                }
            }
            let shapes = icons.each_ref().map(|image| image.rgba().iter().skip(3).step_by(4).collect::<Vec<_>>());
            assert!(shapes[0] != shapes[1] && shapes[1] != shapes[2] && shapes[0] != shapes[2]);
        }
    }
}
