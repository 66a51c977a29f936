//! The way home from the browser: what it brings, the listener that hears it, the page that it leaves behind.

mod listener;
mod page;
mod response;

pub(crate) use listener::{Browser, Listener};
pub(crate) use page::{Ending, Page};
pub(crate) use response::AuthorizationResponse;
