//! The work account from the command line: no command does what the firm's rules do not permit, and one sign-in serves all.

mod permissions;
mod rules;

pub(crate) use permissions::{commands, names};
