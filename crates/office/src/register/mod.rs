//! This installation's desk at the office register (crate `register`): where that is, as whom, and what goes between them.
//!
//! A single user has none: nothing here opens a network before an address has been kept by moving in.

mod claims;
mod joining;
mod mirror;
mod moving;
mod others;
mod seat;
mod staff;
mod telling;

pub(crate) use claims::{AtRegister, at_register};
pub(crate) use joining::wish;
pub use joining::{computer, with_role};
pub use mirror::{Left, Mirrored, WhyLeft};
pub use moving::{Moved, TakenHome, bring};
pub(crate) use others::{Others, follow, under_way};
pub(crate) use seat::kept;
pub use seat::{KeptBefore, Leaving, LetIn, Seat, SeatError};
pub(crate) use staff::{hand_over, look_at_staff, set_away, why_not};
pub use telling::NotTaken;
pub(crate) use telling::{TellError, why};
use view::EnvironmentName;

/// Which authorities, as the register names them.
#[must_use]
pub fn environment(name: EnvironmentName) -> ::register::Environment {
    match name {
        EnvironmentName::Practice => ::register::Environment::Practice,
        EnvironmentName::Test => ::register::Environment::Test,
        EnvironmentName::Production => ::register::Environment::Production,
    }
}
