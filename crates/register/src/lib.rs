//! A firm's shared register on PostgreSQL: who files what, once, from however many desks.
//!
//! One person on one machine needs none of this; a firm whose desks share companies joins them to a register in PostgreSQL
//! 15 or newer. The heart is [`claim`]: before anything is sent to the authorities a desk takes the claim of the period, and
//! no two desks deliver one by accident, whatever dies when. What a register is for an administrator stands in
//! `docs/register.md`; the schema, with the rights of every role, in `migrations`.
//!
//! # Why these libraries
//!
//! * **tokio-postgres** is what most programs in Rust use for PostgreSQL; it is kept, asynchronous, pipelines, tells
//!   notifications, and has no macros that want a database to compile. Its way through several hosts is not used: its
//!   patience covers the TCP connection alone, and it tells of the last host only (`connect.rs`).
//! * **deadpool** (its `managed` pools, without `deadpool-postgres`, whose errors can only be the client library's, so that
//!   what each host said would be lost) keeps the few connections of a desk.
//! * **rustls** with aws-lc-rs is what the rest of the program has. `tokio-postgres-rustls` is not used: its published
//!   version computes the channel binding wrongly (its pull request 32), and what is needed of it is a page (`tls.rs`).
//! * **refinery** runs the migrations: plain SQL, numbered, checksummed, each in a transaction. It takes no lock of its own;
//!   `schema.rs` takes an advisory one.
//!
//! Connection poolers between desk and server are refused with words: LISTEN, the session's statement about its desk and
//! prepared statements do not go over them.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

mod address;
mod administration;
mod changes;
pub mod claim;
mod claims;
mod connect;
mod documents;
mod error;
mod format;
mod guard;
mod history;
mod live;
mod register;
mod row;
mod schema;
mod staff;
mod status;
mod tls;

pub use address::{Address, AddressError};
pub use administration::{Complaint, For, Permission};
pub use changes::{Change, Changes};
pub use claims::{Delivering, Delivery, Doubt, Environment, Followed, Held, Holder, LEASE, Subject, Taken};
pub use documents::{DocumentState, Listed};
pub use error::RegisterError;
pub use format::VERSION;
pub use history::{Brought, Shared, SharedFiling};
pub use live::{SeenFiling, Told, UnderWay};
pub use messages::Language;
pub use register::{Desk, Register};
pub use schema::{Lack, Made, create};
pub use staff::{Colleague, Staff};
pub use status::{Bookkeeper, SeenDesk, Status};
pub use tls::RootsError;
