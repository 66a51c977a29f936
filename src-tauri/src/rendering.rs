//! Draws the window with the processor, not the graphics card, where WebKitGTK would use the card.
//!
//! A window of text and tables gains nothing from the card and pays for it: what the card is to run is compiled anew at
//! every start, a third of the time until the first paint where there is no card (docs/benchmarks.md). Windows and macOS
//! draw as their own web views see fit.
//!
//! WebKit's setting for the same (`hardware-acceleration-policy`) is not used: on Wayland it leaves the window blank.

/// WebKit's own variable; WebKitGTK 2.46 and later know it, others draw as they always have.
#[cfg(all(unix, not(target_os = "macos")))]
const VARIABLE: &str = "WEBKIT_SKIA_ENABLE_CPU_RENDERING";

/// Asks WebKit for it, before anything else runs: WebKit's processes inherit it. Whoever has set the variable knows why.
pub(crate) fn with_the_processor() {
    #[cfg(all(unix, not(target_os = "macos")))]
    if let Err(error) = glib::setenv(VARIABLE, "1", false) {
        tracing::warn!(%error, "The window is drawn by the graphics card.");
    }
}
