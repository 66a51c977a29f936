//! The Norwegian VAT return: read, write, explain, check; codes, periods, deadlines. No I/O, no async.
//!
//! Everything here can be known from the file and the calendar. [`read()`] turns bytes into a [`VatReturn`] in
//! which every value knows its line and column, or says everything that is wrong with the structure.
//!
//! ```
//! use vat_return::{Language, Rejection, read, samples};
//!
//! let fjordlys = read(samples::ALL[0].bytes)?;
//! assert_eq!(fjordlys.period.value.in_words(Language::Nb), "September–oktober 2026");
//! assert_eq!(fjordlys.assessed_vat.value.to_string(), "79857");
//! # Ok::<(), Rejection>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod account_number;
mod amount;
pub mod calendar;
pub mod cause;
pub mod check;
pub mod complaint;
mod complaint_text;
pub mod context;
pub mod decision;
pub mod difference;
pub mod envelope;
pub mod explain;
pub mod finding;
mod free_text;
mod invisible;
pub mod kid;
mod language;
pub mod mend;
pub mod model;
mod notice;
pub mod org_number;
pub mod payment_information;
pub mod period;
mod read;
mod return_schema;
pub mod rules;
pub mod samples;
mod schema;
pub mod tables;
mod texts;
pub mod validation_result;
mod write;
mod xml;

pub use account_number::{AccountNumber, AccountNumberError};
pub use amount::number;
pub use cause::{Cause, CauseKind, causes};
pub use check::{Report, Verdict, check, check_bytes};
pub use complaint::{Complaint, ComplaintKind, Rejection};
pub use context::{Account, Context, Entity, FiledReturn, History, Obligation, Register};
pub use decision::Decision;
pub use difference::difference;
pub use explain::explain;
pub use finding::{Finding, FindingText, Severity};
pub use free_text::FreeText;
pub use invisible::revealed;
pub use kid::{Kid, KidError, PaymentKid, RefundKid};
pub use language::Language;
pub use model::{AccountingSystem, Category, Line, Located, Position, Remark, VatReturn};
pub use notice::Notice;
pub use org_number::{OrgNumber, OrgNumberError};
pub use period::{Period, PeriodKind, month_name, weeks_in};
pub use read::read;
