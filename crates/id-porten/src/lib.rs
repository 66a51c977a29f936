//! Sign-in for a desktop program: an OpenID Connect relying party for ID-porten and Ansattporten.
//!
//! A desktop program signs in through the system browser and hears of the result on an address of its own. That takes a
//! handful of RFCs (OpenID Connect Core and Discovery, RFC 6749, 7523, 7636, 8252, 9126, 9207, 9700), and each has a way
//! to be got wrong that nobody notices. So it is done once, here, on top of the `openidconnect` crate, and is held
//! against the misbehaviour that the OpenID Foundation's conformance suite thinks up (`tests/relying_party.rs`).
//!
//! Nothing here knows which environment it talks to: the [`Integration`] says who is asked and how. Time, randomness and
//! the HTTP client are passed in.
//!
//! ```no_run
//! use id_porten::{Integration, Issuer, RelyingParty, SignInOptions, SystemClock};
//! use std::sync::Arc;
//! use tokio_util::sync::CancellationToken;
//!
//! # async fn sign_in(open: impl Fn(&str)) -> Result<(), Box<dyn std::error::Error>> {
//! let party = RelyingParty::new(id_porten::client_builder().build()?, Arc::new(SystemClock));
//! let mut integration = Integration::native(Issuer::parse("https://test.idporten.no")?, "my-client-id");
//! integration.scopes = vec!["openid".to_owned(), "profile".to_owned()];
//! integration.acr_values = vec!["idporten-loa-substantial".to_owned()];
//!
//! let attempt = party.begin(&integration, SignInOptions::default()).await?;
//! open(attempt.url().as_str());
//! let grant = attempt.finish(CancellationToken::new()).await?;
//! assert_eq!(grant.identity.issuer, "https://test.idporten.no");
//! # Ok(())
//! # }
//! ```

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

messages::folder!();

mod acr;
mod attempt;
mod browser;
mod callback;
pub mod clock;
mod conversation;
mod discovery;
mod error;
mod grant;
mod http;
mod id_token;
mod identity;
mod integration;
mod link_answer;
mod logout;
mod options;
mod pending;
mod probe;
pub mod random;
mod relying_party;
mod resume;
mod secrets;
mod signing_key;
mod tokens;
mod userinfo;
pub mod work;

pub use attempt::{Attempt, Delivery, DeliveryError, Link};
pub use browser::{Browser, BrowserError};
pub use clock::{Clock, SystemClock};
pub use conversation::{Conversation, ConversationHost, LinkError, OpenError, Shown, StoredAttempt, Turn};
pub use error::{AnswerFault, Endpoint, Fate, IdTokenFault, NotRefreshed, SignInError, TokenError, Unreached};
pub use grant::Grant;
pub use http::client_builder;
pub use identity::{Identity, WorkClaims};
pub use integration::{
    AuthenticationMethod, ClientAuthentication, EndpointOverrides, Integration, Issuer, IssuerError, Lifetimes,
    LoopbackHost, Redirect,
};
pub use link_answer::{LinkAnswer, StateKey};
pub use logout::{EndSession, InvalidLogoutState};
pub use messages::Language;
pub use options::SignInOptions;
pub use random::{Random, RandomError, SystemRandom};
pub use relying_party::{RelyingParty, Revocable};
pub use secrets::{AccessToken, ClientSecret, IdToken, RefreshToken};
pub use signing_key::{SigningKey, SigningKeyError};
