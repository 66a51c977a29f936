//! What the window and the command line are shown: plain values, ready to print, nothing secret.
//!
//! One place for every shape that crosses from the office to a person. The TypeScript of the window is
//! generated from these types; amounts are text because JavaScript's numbers are not decimals.
//!
//! ```
//! use view::FilingState;
//!
//! // A rejected return has been delivered, and its period is open all the same.
//! assert!(FilingState::Rejected.is_delivered() && !FilingState::Rejected.counts_as_filed());
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

mod access;
mod archive;
mod batch;
mod books;
mod card;
mod company_name;
pub mod confirmation;
pub mod consent;
mod deadlines;
mod difference;
mod drafts;
mod error;
mod event;
mod filing;
mod history;
pub mod ids;
mod integration;
mod neighbour;
pub mod problem;
mod reminders;
mod session;
mod sheets;
pub mod state;
pub mod texts;
mod unfinished;
mod vouchers;
mod window;
mod work;

pub use access::*;
pub use archive::*;
pub use batch::*;
pub use books::*;
pub use card::*;
pub use company_name::readable_name;
pub use deadlines::*;
pub use difference::*;
pub use drafts::*;
pub use error::*;
pub use event::*;
pub use filing::*;
pub use history::*;
pub use integration::*;
pub use neighbour::*;
pub use reminders::*;
pub use session::*;
pub use sheets::*;
pub use unfinished::*;
pub use vouchers::*;
pub use window::*;

pub use ids::{DraftId, NoKey};
pub use messages::{Language, small_letter};
pub use problem::Problem;
pub use shown::NameKey;
pub use texts::{local, moment, state_name};
pub use work::*;

/// Whole kroner as decimal digits, with a leading `-` for a refund, e.g. `"-12640"`.
pub type Kroner = String;
/// A moment, ISO 8601 in UTC, e.g. `"2026-06-09T16:42:00Z"`.
pub type Moment = String;
/// A Norwegian calendar date, `"2026-06-10"`.
pub type Day = String;
