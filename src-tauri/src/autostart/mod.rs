//! Starting with the system, if the person chose so: quietly, without a window.

#[cfg(all(unix, not(target_os = "macos")))]
mod linux;
#[cfg(any(windows, target_os = "macos"))]
mod plugin;

#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use linux::{is_on, set};
#[cfg(any(windows, target_os = "macos"))]
pub(crate) use plugin::{is_on, set};
