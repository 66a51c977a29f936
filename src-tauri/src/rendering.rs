//! Draws the window with the processor, not the graphics card, where WebKitGTK would use the card.
//!
//! A window of text and tables gains nothing from the card and pays for it: its programs are compiled anew at every
//! start (a third of the time until the first paint on a machine without a card), and with many drivers the window stays
//! blank (tauri-apps/tauri#9394, wailsapp/wails#2977). Windows and macOS draw as their own web views see fit.

use tauri::{Wry, plugin::TauriPlugin};

/// Turns the card off for every window that is made.
pub(crate) fn plugin() -> TauriPlugin<Wry> {
    let builder = tauri::plugin::Builder::new("rendering");
    #[cfg(all(unix, not(target_os = "macos")))]
    let builder = builder.on_webview_ready(|webview| {
        use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
        let asked = webview.with_webview(|view| {
            if let Some(settings) = view.inner().settings() {
                settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
            }
        });
        if let Err(error) = asked {
            tracing::warn!(%error, "The window is drawn by the graphics card.");
        }
    });
    builder.build()
}
