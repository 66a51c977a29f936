//! The work account from the command line: no command does what the firm's rules do not permit, and one sign-in serves all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]
#![cfg(target_os = "linux")]

mod desk;
mod permissions;
mod rules;
