//! The office against the practice authorities, over HTTP, as the program uses them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod access;
mod batch;
#[cfg(unix)]
mod crash;
mod desk;
mod end_to_end;
mod examples;
mod faults;
mod input;
mod persons;
#[cfg(unix)]
mod renewal_crash;
