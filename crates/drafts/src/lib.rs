//! VAT returns in the making: typed, pasted or read from a spreadsheet, until they are a return.
//!
//! A [`Draft`] holds what a person has typed, also what is no number yet. [`Draft::made`] writes it as a return that the
//! ordinary reader has read back; the rules are asked of that. Pure: no I/O, no clock.
//!
//! ```
//! use drafts::{Draft, Edit, Field};
//! use vat_return::{Category, Period, PeriodKind};
//!
//! let mut draft = Draft::new("311797816", Period { kind: PeriodKind::TwoMonths, index: 5, year: 2026 }, Category::Ordinary);
//! let line = draft.add("3");
//! draft.apply(&Edit::Type { line, field: Field::Base, text: "3 000,49".into() })?;
//! assert_eq!(draft.sum().to_string(), "750");
//! let made = draft.made()?;
//! assert_eq!(made.read.assessed_vat.value.to_string(), "750");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod amount;
mod compute;
mod draft;
mod edit;
mod join;
mod made;
mod of_return;
pub mod sheet;
mod undo;

pub use draft::{Cell, Draft, DraftLine, LineId, Note, Origin, Rate};
pub use edit::{Edit, Field, Told, Unknown};
pub use made::{Made, Missing};
pub use undo::Undo;
