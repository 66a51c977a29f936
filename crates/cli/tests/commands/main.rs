//! The commands as programs of their own, mostly against practice authorities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod archive;
mod batch;
mod bugs;
mod build;
mod check;
#[cfg(target_os = "linux")]
#[allow(dead_code, reason = "the register's own tests use more of it")]
#[path = "../../../register/tests/server/cluster.rs"]
mod cluster;
mod desk;
mod doctor;
mod draft;
mod due;
#[cfg(target_os = "linux")]
mod hostile_register;
mod integration;
#[cfg(target_os = "linux")]
mod leaving;
#[cfg(target_os = "linux")]
mod login;
#[cfg(target_os = "linux")]
mod many_desks;
#[cfg(target_os = "linux")]
mod mirror;
#[path = "../../../../tests/support/needed.rs"]
mod needed;
#[cfg(target_os = "linux")]
mod office_register;
#[cfg(debug_assertions)]
mod pseudo;
#[cfg(target_os = "linux")]
mod redacted;
mod resume;
#[cfg(unix)]
mod signals;
#[cfg(target_os = "linux")]
mod streams;
mod submit;
#[cfg(unix)]
mod terminal;
#[cfg(target_os = "linux")]
mod two_desks;
mod verdict;
#[cfg(target_os = "linux")]
mod work;
