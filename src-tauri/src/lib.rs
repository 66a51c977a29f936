//! The desktop shell: window, commands, drops, and the browser. The office does the work.
//!
//! Everything a person can do here the command line can do as well, because both only call
//! [`filing::Office`]. What is left for the shell is what needs a desktop.

mod access;
mod archive_commands;
mod autostart;
mod background;
mod batch;
pub mod bindings;
mod browser;
mod commands;
mod doctor;
mod environment;
mod logging;
mod look;
mod no_window;
mod notifications;
mod panel;
mod places;
mod rendering;
mod settings;
mod start;
mod tray;
mod update;
mod window;
mod work;

pub use no_window::tell;
pub use start::{StartError, run};
