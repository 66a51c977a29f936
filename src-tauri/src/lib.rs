//! The desktop shell: window, commands, drops, and the browser. The office does the work.
//!
//! Everything a person can do here the command line can do as well, because both only call
//! [`office::Office`]. What is left for the shell is what needs a desktop.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]
// A command's future holds those of everything that it waits for: an optimised build meets the usual limit.
#![recursion_limit = "256"]

messages::folder!("/src-tauri/messages");

mod appearance;
mod arguments;
mod autostart;
mod background;
pub mod bindings;
mod browser;
mod closing;
mod commands;
mod dialogs;
mod doctor;
mod environment;
mod fault;
mod folders;
mod host;
mod logging;
mod news;
mod no_window;
mod notifications;
mod open_office;
mod opener;
mod opening;
mod panel;
mod places;
mod rendering;
mod restart;
mod start;
mod tray;
mod update;
mod window;

pub use no_window::{StartError, show_error};
pub use start::run;
