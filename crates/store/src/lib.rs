//! What is kept on this machine: the database with its migrations, the vault whose secrets lie sealed in it, and the system's
//! keyring, where the vault's key lies.
//!
//! ```
//! use store::database::{Database, DatabaseError};
//!
//! # let folder = tempfile::tempdir()?;
//! let database = Database::open(folder.path())?;
//! let filings: i64 = database.read(|db| {
//!     Ok::<_, DatabaseError>(db.query_row("SELECT count(*) FROM filings", [], |row| row.get(0))?)
//! })?;
//! assert_eq!(filings, 0);
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod database;
pub mod digest;
pub mod keyring;
pub mod vault;
