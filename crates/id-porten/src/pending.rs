//! What is remembered between sending the browser off and its coming back.

use crate::discovery::Endpoints;
use crate::integration::Integration;
use openidconnect::{Nonce, PkceCodeVerifier};
use secrecy::SecretString;

/// What must be remembered between sending the browser off and its coming back.
pub(crate) struct Pending {
    pub(crate) integration: Integration,
    pub(crate) endpoints: Endpoints,
    pub(crate) redirect_uri: String,
    pub(crate) state: SecretString,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
}
