//! Logging out at the issuer, through the browser.

use crate::http::Form;
use crate::integration::Integration;
use crate::secrets::IdToken;
use subtle::ConstantTimeEq as _;
use url::Url;

/// A logout that the browser carries out.
#[derive(Clone)]
pub struct EndSession {
    url: Url,
    state: String,
}

impl std::fmt::Debug for EndSession {
    // The address carries the id_token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("EndSession([secret])")
    }
}

/// What came back from a logout is not this logout's answer. Cause: an old tab, or somebody else's link. Remedy: none
/// needed; the session may still be there, so log out again where that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not belong to this logout")]
pub struct InvalidLogoutState;

impl EndSession {
    pub(crate) fn new(endpoint: &Url, integration: &Integration, id_token: Option<&IdToken>, state: String) -> Self {
        let home = integration.post_logout_redirect_uri.as_ref();
        let form = Form::default()
            .with_some("id_token_hint", id_token.map(IdToken::expose))
            .with("client_id", integration.client_id.as_str())
            .with_some("post_logout_redirect_uri", home.map(Url::as_str))
            .with("state", state.as_str());
        Self { url: form.onto(endpoint), state }
    }

    /// The address to open in the browser. It carries the id_token: not for logs.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Checks that `returned`, the address that the browser came back to, answers this logout.
    ///
    /// # Errors
    /// [`InvalidLogoutState`] where the state is another or missing.
    pub fn check_return(&self, returned: &Url) -> Result<(), InvalidLogoutState> {
        let mut states = returned.query_pairs().filter(|(name, _)| name == "state").map(|(_, value)| value);
        match (states.next(), states.next()) {
            (Some(state), None) if bool::from(state.as_bytes().ct_eq(self.state.as_bytes())) => Ok(()),
            _ => Err(InvalidLogoutState),
        }
    }
}
