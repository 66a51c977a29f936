//! The office: what a person can do, for the window and the command line alike.
//!
//! Both use the same office and see the same things: [`Office`] opens returns, checks them, files
//! them and keeps what came back. What it shows are the plain values of [`view`]; what happens by itself it tells as
//! [`view::OfficeEvent`]s. It knows no desktop: the browser, the keyring, the time and the folders come in with
//! [`Setup`].
//!
//! ```no_run
//! use std::{path::Path, sync::Arc};
//!
//! use access::{Environment, PracticeAddresses};
//! use id_porten::{Browser, BrowserError};
//! use office::{Office, Setup};
//! use url::Url;
//!
//! /// Shows the address, for a person who opens it herself.
//! struct Shown;
//! impl Browser for Shown {
//!     fn open(&self, address: &Url) -> Result<(), BrowserError> {
//!         tracing::info!(%address, "Sign in there.");
//!         Ok(())
//!     }
//! }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let setup = Setup::new("data", "archive", Environment::test()?, Arc::new(Shown))?;
//! let office = Office::open(setup).await?;
//! let report = office::verify_folder(Path::new("archive"))?;
//! # Ok(()) }
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

mod batch;
mod cards;
pub mod doctor;
mod draft_view;
mod filing_view;
pub mod hardening;
mod history;
mod office;
mod parallel;
mod preferences;
mod recovery;
mod redaction;
pub mod register;
mod review;
pub mod settings;

pub use office::{
    AT_ONCE, Adoptable, Archived, Batches, Books, Calendar, Drafting, Filings, Office, OfficeError, OpenedReturns,
    Reminding, Returns, Setup, Sharing, SigningIn, WorkAccount, alone, verify_archive, verify_folder,
};
