//! The office against the practice authorities, over HTTP, as the program uses them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod access;
mod attachments;
mod batch;
mod corrections;
#[cfg(unix)]
mod crash;
mod damage;
mod desk;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod drafts_kept;
mod drafts_opened;
mod drafts_taken;
mod end_to_end;
mod entity_register;
mod examples;
mod faults;
mod forged;
mod ground;
mod input;
mod keyring;
#[cfg(unix)]
mod kill;
mod late;
mod leaving;
mod matrix;
#[path = "../../../vat-return/tests/official/mod.rs"]
mod official;
mod persons;
mod recovery;
#[cfg(unix)]
mod renewal_crash;
mod rows;
mod saft;
mod unfinished;
mod verdict;
mod work;
