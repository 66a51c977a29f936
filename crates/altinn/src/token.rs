//! Bearer tokens: secrets that cannot be printed, and what little may be read from them.

use std::fmt;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// An access token of ID-porten or of Altinn. Printed as `[secret]`, wiped from memory when dropped.
#[derive(Clone)]
pub struct BearerToken(SecretString);

impl BearerToken {
    /// Wraps a token; white space and quotes around it are dropped, because Altinn's exchange answers raw or as a
    /// JSON string (apis.md 2.1).
    #[must_use]
    pub fn new(token: &str) -> Self {
        let bare = token.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\u{feff}');
        Self(SecretString::from(bare))
    }

    /// The token itself, for an Authorization header.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl From<SecretString> for BearerToken {
    fn from(token: SecretString) -> Self {
        Self(token)
    }
}

/// What Altinn's exchange gives for an ID-porten access token.
#[derive(Debug, Clone)]
pub struct Exchanged {
    /// The Altinn token.
    pub token: BearerToken,
    /// When it ends, as the token itself says; it is the ID-porten token's end (apis.md 2.1). `None` when the token
    /// cannot be read, which is the authority's right: to us it is opaque.
    pub expires_at: Option<Timestamp>,
    /// The person's own party in Altinn.
    pub party: Option<u64>,
    /// The authority's clock when it answered, from the Date header.
    pub server_time: Option<Timestamp>,
}

impl Exchanged {
    pub(crate) fn read(body: &str, server_time: Option<Timestamp>) -> Option<Self> {
        let token = BearerToken::new(body);
        let text = token.expose();
        // A page of HTML or an empty body must not become a token that every later call is refused with.
        let plausible =
            !text.is_empty() && text.len() <= 64 * 1024 && text.bytes().all(|b| b.is_ascii_graphic() && b != b'<');
        if !plausible {
            return None;
        }
        let claims = claims(text);
        Some(Self {
            expires_at: claims.as_ref().and_then(|c| c.exp).and_then(|exp| Timestamp::from_second(exp).ok()),
            party: claims.and_then(|c| c.party),
            token,
            server_time,
        })
    }
}

#[derive(Deserialize)]
struct Claims {
    exp: Option<i64>,
    #[serde(rename = "urn:altinn:partyid")]
    party: Option<u64>,
}

/// Reads the claims without checking the signature: they are only used to tell the user how long the token lasts.
fn claims(token: &str) -> Option<Claims> {
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&base64_url(payload)?).ok()
}

fn base64_url(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    // {"alg":"RS256"}.{"exp":1793000000,"urn:altinn:partyid":50267437}.sig
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3OTMwMDAwMDAsInVybjphbHRpbm46cGFydHlpZCI6NTAyNjc0Mzd9.c2ln";

    #[test]
    fn raw_and_quoted_bodies_give_the_same_token() {
        for body in [TOKEN.to_owned(), format!("\"{TOKEN}\""), format!(" \"{TOKEN}\"\r\n")] {
            let exchanged = Exchanged::read(&body, None).unwrap();
            assert_eq!(exchanged.token.expose(), TOKEN);
            assert_eq!(exchanged.expires_at.unwrap().as_second(), 1_793_000_000);
            assert_eq!(exchanged.party, Some(50_267_437));
        }
    }

    #[test]
    fn a_token_cannot_be_printed() {
        let exchanged = Exchanged::read(TOKEN, None).unwrap();
        assert!(!format!("{exchanged:?}").contains(TOKEN));
        assert_eq!(format!("{:?}", exchanged.token), "[secret]");
    }

    #[test]
    fn an_opaque_token_is_accepted_and_a_page_is_not() {
        assert_eq!(Exchanged::read("opaque", None).unwrap().expires_at, None);
        assert!(Exchanged::read("", None).is_none());
        assert!(Exchanged::read("\"\"", None).is_none());
        assert!(Exchanged::read("<html><body>Logg inn</body></html>", None).is_none());
    }
}
