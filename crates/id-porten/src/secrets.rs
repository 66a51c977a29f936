//! The secrets of a sign-in, each with a type of its own: they cannot be confused, printed or compared by accident,
//! and their memory is overwritten when they go.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes the text as the secret.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(SecretString::from(text.into()))
            }

            /// The secret itself: for the request that needs it and for the vault, for nothing else.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("[secret]")
            }
        }
    };
}

secret! {
    /// What the authorities' services take as a bearer token (RFC 6750).
    AccessToken
}
secret! {
    /// What a new access token is fetched with, without the person (RFC 6749 section 6).
    RefreshToken
}
secret! {
    /// The signed statement of who signed in. Kept for logging out (`id_token_hint`); it carries the national id, so
    /// it is a secret like the others.
    IdToken
}
secret! {
    /// The password of a confidential client.
    ClientSecret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_printed() {
        let token = AccessToken::new("eyJhbGciOi.very.secret");
        assert_eq!(format!("{token:?} {:?}", Some(&token)), "[secret] Some([secret])");
        assert_eq!(token.expose(), "eyJhbGciOi.very.secret");
    }
}
