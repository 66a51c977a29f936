//! The session against the practice authorities: signing in through a browser that follows links, and staying signed in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod clocks;
mod coming_home;
mod desk;
mod destinations;
mod keeping;
mod signing_in;
mod who;
