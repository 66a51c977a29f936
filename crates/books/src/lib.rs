//! From a ledger to a draft VAT return, with questions and reconciliation. Pure: no I/O, no clock.
//!
//! [`draft()`] takes a [`saf_t::Ledger`] and a [`Request`] and gives a [`Draft`]: the lines with the vouchers they come from,
//! three controls (the movement of the VAT accounts, base times rate, income accounts), what differs and why, and the
//! questions that only the user can answer. Order of vouchers, parts, style of export and prefix never change it.
//!
//! The facts behind it are in `docs/facts/saf-t.md`; "facts, section N" in the comments means that document.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod accounts;
mod analyse;
pub mod answers;
mod build;
mod candidates;
mod codes;
pub mod compare;
pub mod controls;
mod draft;
mod entry;
mod foreign;
mod given;
mod header;
mod item;
pub mod json;
mod line;
pub mod options;
pub mod period;
pub mod posting;
pub mod question;
mod remarks;
mod reverse;
mod table;
pub mod texts;
pub mod trouble;
mod uncoded;
pub mod warning;

pub use analyse::Difference;
pub use answers::Answers;
pub use build::{Making, NotMade, build, written};
pub use candidates::{Candidate, candidates};
pub use codes::{Group, group};
pub use draft::{Draft, NotReported, Request, draft};
pub use given::given;
pub use header::{Company, company};
pub use line::DraftLine;
pub use period::Span;
pub use posting::{Evidence, LineKey, Posting};
pub use question::{Question, QuestionKind};
pub use table::{Row, Table};
pub use uncoded::pattern;
pub use warning::Warning;
