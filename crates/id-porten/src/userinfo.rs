//! The userinfo endpoint: a name for the person, where the id_token has none.

use crate::discovery::Endpoints;
use crate::error::{AnswerFault, Endpoint, IdTokenFault, TokenError};
use crate::http::Http;
use crate::id_token::{display_name, text};
use crate::secrets::AccessToken;
use openidconnect::core::{CoreGenderClaim, CoreUserInfoClaims};
use openidconnect::{ClaimsVerificationError, EmptyAdditionalClaims, SubjectIdentifier, UserInfoClaims, UserInfoError};

/// The name that userinfo gives for `sub`. An issuer without userinfo, or one that does not answer, gives none: a name
/// is not worth a sign-in. An answer about somebody else ends the sign-in (OpenID Connect Core 1.0 section 5.3.2).
pub(crate) async fn name(
    http: &Http,
    endpoints: &Endpoints,
    access_token: &AccessToken,
    sub: &str,
) -> Result<Option<String>, TokenError> {
    let Some(address) = &endpoints.userinfo else { return Ok(None) };
    let answer =
        match http.get(address, Some(access_token.expose())).await.map_err(|error| error.at(Endpoint::Userinfo)) {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => {
                tracing::warn!(status = answer.status, "Userinfo gave no name.");
                return Ok(None);
            }
            Err(error) => {
                tracing::warn!(%error, "Userinfo gave no name.");
                return Ok(None);
            }
        };
    let subject = SubjectIdentifier::new(sub.to_owned());
    let claims: Result<CoreUserInfoClaims, UserInfoError<std::convert::Infallible>> =
        UserInfoClaims::<EmptyAdditionalClaims, CoreGenderClaim>::from_json(&answer.body, Some(&subject));
    match claims {
        Ok(claims) => Ok(display_name(text(claims.name()), text(claims.given_name()), text(claims.family_name()))),
        Err(UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(_))) => {
            Err(TokenError::UntrustedIdToken { what: IdTokenFault::Subject })
        }
        // An answer that does not say whom it is about cannot be told from one about somebody else.
        Err(_) => Err(TokenError::UnreadableAnswer {
            endpoint: Endpoint::Userinfo,
            what: AnswerFault::NotAsExpected("it is not JSON with a sub".to_owned()),
        }),
    }
}
