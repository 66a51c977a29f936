//! The authorization response: what the browser brings home, and whether it may be believed.

use crate::error::SignInError;
use crate::error::TokenError;
use crate::integration::Issuer;
use crate::tokens::{presentable, refused};
use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// The parameters of an authorization response (RFC 6749 section 4.1.2, RFC 9207 section 2).
#[derive(Clone)]
pub(crate) struct AuthorizationResponse {
    code: Option<SecretString>,
    state: Option<SecretString>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    repeated: bool,
}

impl AuthorizationResponse {
    /// Reads a query; none where it has no parameter of an authorization response, as when a person types the address.
    pub(crate) fn from_query(query: &str) -> Option<Self> {
        let mut read =
            Self { code: None, state: None, iss: None, error: None, error_description: None, repeated: false };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let value = value.into_owned();
            let before = match &*name {
                "code" => read.code.replace(SecretString::from(value)).is_some(),
                "state" => read.state.replace(SecretString::from(value)).is_some(),
                "iss" => read.iss.replace(value).is_some(),
                "error" => read.error.replace(value).is_some(),
                "error_description" => read.error_description.replace(value).is_some(),
                _ => false,
            };
            read.repeated |= before;
        }
        let any = read.code.is_some() || read.state.is_some() || read.error.is_some();
        any.then_some(read)
    }

    /// The state, as it came.
    pub(crate) fn state(&self) -> Option<&str> {
        self.state.as_ref().map(|state| state.expose_secret())
    }

    /// Whether the state is this one, compared in constant time.
    pub(crate) fn is_for(&self, state: &SecretString) -> bool {
        let theirs = self.state.as_ref().map(|state| state.expose_secret()).unwrap_or_default();
        theirs.as_bytes().ct_eq(state.expose_secret().as_bytes()).into()
    }

    /// The code, if the response is this attempt's and this issuer's. Checked in the order in which a forged part could
    /// do harm: first whose answer it is, then who speaks, then what is said.
    pub(crate) fn code(
        self,
        state: &SecretString,
        issuer: &Issuer,
        names_itself: bool,
    ) -> Result<SecretString, SignInError> {
        if !self.is_for(state) {
            return Err(SignInError::InvalidState);
        }
        // Of an error too (RFC 9207 section 2): one that another issuer sends would end this attempt as a refusal of this
        // one's.
        let other = match &self.iss {
            Some(iss) => iss != issuer.as_str(),
            None => names_itself,
        };
        if other {
            let found = self.iss.as_deref().map(presentable);
            return Err(SignInError::InvalidIssuer { expected: issuer.to_string(), found });
        }
        if self.repeated {
            return Err(SignInError::InvalidAnswer("a parameter is there twice"));
        }
        if let Some(error) = self.error {
            let secrets = [Some(state.expose_secret()), self.code.as_ref().map(|code| code.expose_secret())];
            return Err(
                match refused(&error, self.error_description, &secrets.into_iter().flatten().collect::<Vec<_>>()) {
                    integration @ TokenError::IntegrationRefused { .. } => integration.into(),
                    TokenError::Refused { error, description } => SignInError::Denied { error, description },
                    _ => SignInError::Denied { error: presentable(&error), description: None },
                },
            );
        }
        match self.code {
            Some(code) if !code.expose_secret().is_empty() => Ok(code),
            _ => Err(SignInError::InvalidAnswer("it has neither code nor error")),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn code(query: &str, names_itself: bool) -> Result<String, SignInError> {
        let issuer = Issuer::parse("https://idporten.no").unwrap();
        let response = AuthorizationResponse::from_query(query).unwrap();
        response
            .code(&SecretString::from("abc".to_owned()), &issuer, names_itself)
            .map(|code| code.expose_secret().to_owned())
    }

    #[test]
    fn a_whole_answer_gives_its_code() {
        assert_eq!(code("code=k%2B1&state=abc&iss=https%3A%2F%2Fidporten.no&session_state=x", true).unwrap(), "k+1");
        assert_eq!(code("code=k&state=abc", false).unwrap(), "k");
    }

    #[test]
    fn nothing_is_believed_before_state_and_issuer_are() {
        assert!(matches!(code("code=k&state=abd", false), Err(SignInError::InvalidState)));
        assert!(matches!(code("code=k", false), Err(SignInError::InvalidState)));
        assert!(matches!(code("error=access_denied", false), Err(SignInError::InvalidState)));
        assert!(matches!(code("code=k&state=abc", true), Err(SignInError::InvalidIssuer { found: None, .. })));
        assert!(matches!(
            code("code=k&state=abc&iss=https://evil", false),
            Err(SignInError::InvalidIssuer { found: Some(_), .. })
        ));
        assert!(matches!(
            code("error=access_denied&state=abc&iss=https://evil", false),
            Err(SignInError::InvalidIssuer { .. })
        ));
        // An issuer that promises to name itself does so in an error as well.
        assert!(matches!(
            code("error=access_denied&state=abc", true),
            Err(SignInError::InvalidIssuer { found: None, .. })
        ));
        assert!(matches!(code("code=k&code=l&state=abc", false), Err(SignInError::InvalidAnswer(_))));
        assert!(matches!(code("code=k&state=abd&state=abc", false), Err(SignInError::InvalidAnswer(_))));
        assert!(matches!(code("state=abc", false), Err(SignInError::InvalidAnswer(_))));
        assert!(matches!(code("code=&state=abc", false), Err(SignInError::InvalidAnswer(_))));
    }

    #[test]
    fn an_error_is_an_outcome_with_its_words() {
        let Err(SignInError::Denied { error, description }) =
            code("error=access_denied&error_description=Avbrutt+av+bruker&state=abc&iss=https://idporten.no", true)
        else {
            unreachable!("a denial")
        };
        assert_eq!((error.as_str(), description.as_deref()), ("access_denied", Some("Avbrutt av bruker")));
        assert!(matches!(
            code("error=invalid_scope&state=abc", false),
            Err(SignInError::Token(TokenError::IntegrationRefused { .. }))
        ));
        assert!(matches!(code("error=invalid_grant&state=abc", false), Err(SignInError::Denied { .. })));
    }

    #[test]
    fn a_description_that_quotes_the_code_is_not_shown() {
        let said = |words: &str| match code(
            &format!("error=server_error&error_description={words}&code=4f1c-77a0-code&state=abc"),
            false,
        ) {
            Err(SignInError::Denied { description, .. }) => description,
            other => unreachable!("{other:?}"),
        };
        assert_eq!(said("the+code+4f1c-77a0-code+is+bad"), None);
        assert_eq!(said("try+again+later").as_deref(), Some("try again later"));
    }

    #[test]
    fn an_address_typed_by_hand_is_no_answer() {
        assert!(AuthorizationResponse::from_query("").is_none());
        assert!(AuthorizationResponse::from_query("utm=1").is_none());
    }
}
