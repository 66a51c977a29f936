//! The operating system's notifications: one a subject, which replaces itself; a click leads to the right place.
//!
//! On Linux they are spoken to over D-Bus directly, because replacement, withdrawal and clicks are what the desktop's
//! service offers and the usual plugin leaves out. Where there is no service the bell and the tray still tell.

#[cfg(all(unix, not(target_os = "macos")))]
mod linux;
#[cfg(any(windows, target_os = "macos"))]
mod plain;

#[cfg(all(unix, not(target_os = "macos")))]
use linux as system;
use office::Office;
#[cfg(any(windows, target_os = "macos"))]
use plain as system;
use reminders::Announcement;
use std::sync::Arc;
use tauri::AppHandle;
use tokio::sync::broadcast::Receiver;
use view::NoticeView;

/// Shows what is announced for as long as the office is open. Begin before the office announces anything.
pub(crate) async fn show(app: AppHandle, office: Arc<Office>, announcements: Receiver<Announcement>) {
    let closed = Arc::clone(&office);
    tokio::select! {
        () = system::show(app, office, announcements) => {}
        () = closed.until_closed() => {}
    }
}

/// Says one thing, once, where there is a service that shows it.
pub(crate) async fn say(app: AppHandle, title: &'static str, text: String) {
    system::say(app, title, text).await;
}

/// What a service shows that reads markup: the letters and nothing else.
#[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code, reason = "only Linux' services read markup"))]
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// A notice that is too late already, or about something that must be mended, stays until it is seen.
#[cfg_attr(not(all(unix, not(target_os = "macos"))), allow(dead_code, reason = "other systems decide by themselves"))]
fn is_urgent(notice: &NoticeView) -> bool {
    notice.late
}
