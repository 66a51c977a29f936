//! The register against a real PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr, missing_docs)]

mod cluster;
mod firm;

mod backup;
mod claims;
mod connections;
mod decisions;
mod failover;
mod hostile;
mod impostors;
mod large;
mod live;
mod rights;
mod schema;
mod staff;

#[path = "../../../../tests/support/another_user.rs"]
mod another_user;
#[path = "../../../../tests/support/needed.rs"]
mod needed;
