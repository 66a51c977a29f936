//! HTTP clients for Altinn 3 and Skatteetaten: token exchange, instances, data, process, feedback, validation.
//!
//! The authorities' documentation leaves open which version of the app library answers and which hosts it links
//! to, so everything here reads both known shapes and builds every address from the configured [`Endpoints`]:
//! a token never travels to a host that only an answer has named.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use altinn::{BearerToken, Client, Endpoints};
//!
//! let endpoints = Endpoints::parse(
//!     "https://platform.tt02.altinn.no",
//!     "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-test",
//!     "https://idporten-api-test.sits.no/api/mva/grensesnittstoette/mva-melding/valider",
//! )?;
//! let client = Client::new(altinn::http::client("Momsbud/0.1")?, endpoints);
//! let exchanged = client.exchange(&BearerToken::new("the ID-porten access token")).await?;
//! let instance = client.create_instance(&exchanged.token, "311797816").await?;
//! # let _ = instance;
//! # Ok(())
//! # }
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod answer;
mod clean;
mod client;
mod endpoints;
pub mod entity_register;
mod error;
pub mod http;
mod id;
mod instance;
mod party;
mod token;
mod upload;

pub use client::{Client, Timeouts};
pub use endpoints::{AddressFault, Endpoints, EndpointsError};
pub use error::{ApiError, NoAnswerKind, RetryAfter, ValidationIssue};
pub use id::{DataId, IdError, InstanceId};
pub use instance::{CurrentTask, DataElement, Instance, InstanceOwner, ProcessState, Stage, Status, Substatus};
pub use party::Party;
pub use token::{BearerToken, Exchanged};
pub use upload::{Attachment, AttachmentName};
