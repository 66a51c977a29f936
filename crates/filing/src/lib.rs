//! A filing from its first step to what came back: the engine and its journal, attachments, drafts, the archive.
//!
//! ```
//! use filing::table::{Cell, Table};
//!
//! let mut csv = Vec::new();
//! let mut table = Table::new(&mut csv, &["Selskap"])?;
//! table.row(&[Cell::text("=cmd|'/c calc'!A1")])?;
//! table.finish()?;
//! // What comes from outside is a text for every spreadsheet, and never a formula.
//! assert!(!String::from_utf8_lossy(&csv).contains("\n=cmd"));
//! # Ok::<_, std::io::Error>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod archive;
pub mod attachments;
pub mod doubt;
pub mod draft_files;
pub mod draft_making;
pub mod draft_store;
pub mod engine;
pub mod filings;
pub mod ownership;
mod payment;
pub mod saft;
pub mod table;

pub use archive::manifest_names;
pub use draft_store::StoredDraft;
pub use engine::{Boundaries, Moment, Pace, Unwatched};
pub use saft::sample_file as saft_sample;
