//! The office: integrations, authorizations, vault, filings and their journal, archive, history.
//!
//! Window and command line use the same office and see the same things: [`Office`] opens returns, checks them, files
//! them and keeps what came back. What it shows are the plain values of [`view`]; what happens by itself it tells as
//! [`view::OfficeEvent`]s. It knows no desktop: the browser, the keyring, the time and the folders come in with
//! [`Setup`].

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod access;
mod archive;
mod attachments;
pub mod authorizations;
mod batch;
mod cards;
pub mod confirmation;
pub mod consent;
pub mod database;
pub mod deadlines;
mod digest;
pub mod doctor;
mod doubt;
mod draft_making;
mod draft_store;
mod draft_view;
mod engine;
pub mod environment;
mod filing_view;
mod filings;
pub mod hardening;
mod history;
mod ids;
pub mod integrations;
pub mod keyring;
pub mod link;
pub mod misread;
mod office;
mod ownership;
mod parallel;
pub mod policy;
mod preferences;
mod problem;
mod recovery;
mod redaction;
pub mod reminders;
mod review;
mod saft;
pub mod session;
pub mod settings;
pub mod table;
mod trusted;
pub mod vault;
pub mod view;
mod words;
pub mod work;

pub use archive::manifest_names;
pub use draft_store::StoredDraft;
pub use engine::{Boundaries, Moment, Pace, Unwatched};
pub use environment::{Environment, EnvironmentError, PracticeAddresses};
pub use id_porten::{Browser, BrowserError, Clock, Random, SystemClock, SystemRandom};
pub use office::{AT_ONCE, Office, OfficeError, Opened, Setup, verify_archive, verify_folder};
pub use saft::sample_file as saft_sample;
pub use trusted::Untrusted;
pub use words::{local, moment, state_name, within};
