//! What the authorities remember, apart from what they do: instances at Altinn, and sign-ins at a provider.

mod clients;
mod instance;
mod provider;
mod storage;
mod stored;

pub use clients::{ApplicationType, AuthMethod, Client, RefreshTokenUsage};
pub(crate) use instance::{ATTACHMENT, ENVELOPE, Element, Event, Instance, Pending, RETURN, SKD, Task};
pub(crate) use provider::{
    AuthorizationRequest, Code, Grant, Office, RefreshToken, ResponseMode, Session, StoredProvider, Subject, Which,
};
pub(crate) use storage::Storage;
pub(crate) use stored::MOST_BYTES;
