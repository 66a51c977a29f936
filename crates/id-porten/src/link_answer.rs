//! What a link brings home. It is read once, and from then on known by its state.

use crate::callback::AuthorizationResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt;
use url::Url;

/// An answer that a link has brought, read once: whose it is says its state, and everything after goes by that.
#[derive(Clone)]
pub struct LinkAnswer {
    link: Url,
    response: AuthorizationResponse,
    key: StateKey,
}

impl fmt::Debug for LinkAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkAnswer").field("key", &self.key).finish_non_exhaustive()
    }
}

impl LinkAnswer {
    /// What a link brings; none where it is no answer, or one without a state, which is nobody's.
    #[must_use]
    pub fn read(link: &Url) -> Option<Self> {
        let response = AuthorizationResponse::from_query(link.query()?)?;
        let key = response.state().map(StateKey::of)?;
        let mut link = link.clone();
        // The code stands in the response, whose type does not print.
        link.set_query(None);
        Some(Self { link, response, key })
    }

    /// The attempt that it answers.
    #[must_use]
    pub fn key(&self) -> &StateKey {
        &self.key
    }

    pub(crate) fn response(&self) -> &AuthorizationResponse {
        &self.response
    }

    /// Whether the link led to this address; some systems add a slash to it.
    pub(crate) fn came_to(&self, deep_link: &Url) -> bool {
        fn place(url: &Url) -> (&str, Option<&str>, &str) {
            (url.scheme(), url.host_str(), url.path().trim_end_matches('/'))
        }
        place(&self.link) == place(deep_link)
    }
}

/// Which attempt an answer is for: a hash of its state. It says nothing of the state, so it may lie in the open, and an
/// answer can be known by it before anything that is sealed is opened.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StateKey(String);

impl StateKey {
    pub(crate) fn of(state: &str) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(state.as_bytes())))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
