//! Who may: sign-in and its session, the integrations and authorizations that it goes by, work accounts and their rights,
//! and the settings of an administrator.
//!
//! ```
//! use access::Environment;
//!
//! // Tokens of production leave this machine by TLS, or not at all.
//! let production = Environment::production()?;
//! assert_eq!(production.endpoints.platform().scheme(), "https");
//! # Ok::<_, access::EnvironmentError>(())
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

pub mod authorizations;
pub mod environment;
pub mod integrations;
pub mod link;
pub mod machine_policy;
pub mod misread;
pub mod registering;
pub mod session;
pub mod trusted;
pub mod work;

pub use environment::{Environment, EnvironmentError, PracticeAddresses};
pub use trusted::Untrusted;
