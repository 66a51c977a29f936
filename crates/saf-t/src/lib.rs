//! A Norwegian SAF-T Financial file, streamed into a compact ledger.
//!
//! [`read_delivery`] takes the files of one delivery (one file, the parts of a split set in any order, a zip of them, or gzip files) and
//! gives a [`Ledger`]: accounts, tax table, and for every voucher line an account and an amount in øre, for every line of tax
//! some twenty bytes more. It is a reader, not a validator: the order of elements, prefixes, versions and encodings are taken
//! as they come, by full path, and what was odd is said. What cannot be read past is a [`Refusal`].
//!
//! The facts behind it are in `docs/facts/saf-t.md`; "facts, section N" in the comments means that document.
//!
//! ```
//! use saf_t::{File, Limits, read_delivery};
//! use std::io::Cursor;
//! use std::ops::ControlFlow;
//!
//! let mut file = Cursor::new(b"%PDF-1.7 ...".to_vec());
//! let mut files = [File { name: "faktura.pdf".to_owned(), source: &mut file }];
//! let refusal = read_delivery(&mut files, &Limits::default(), &mut |_| ControlFlow::Continue(())).unwrap_err();
//! assert_eq!(refusal.problem.kind(), "not_saft");
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod compact;
mod day;
mod delivery;
mod error;
mod hints;
mod input;
mod ledger;
mod limits;
mod names;
mod namespaces;
pub mod number;
mod oddity;
mod part;
mod scan;
mod texts;
mod version;
mod voucher;

pub use day::day;
pub use delivery::{File, Heads, Progress, Source, Stamp, read_again, read_delivery, read_heads};
pub use error::{Place, Problem, Refusal, ZipTrouble};
pub use hints::Hints;
pub use ledger::{FileFacts, Kroner, Ledger, OwnCode, TaxLine, VoucherRow, Vouchers};
pub use limits::Limits;
pub use number::Rate;
pub use oddity::Oddity;
pub use part::Part;
pub use scan::{Scanned, Structure, scan};
pub use texts::{Texts, read_texts};
pub use version::Version;
pub use voucher::{Account, Header, Line, Money, Selection, Sink, Span, Tax, TaxRow, Voucher};
