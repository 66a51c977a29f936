//! Validation of the id_token (OpenID Connect Core 1.0 section 3.1.3.7), strict where the crate below leaves a choice.

use crate::acr;
use crate::discovery::{Discovery, Endpoints};
use crate::error::{IdTokenFault, TokenError};
use crate::http::{Http, TOLERANCE};
use crate::identity::{Identity, WorkClaims, masked};
use crate::integration::Integration;
use crate::secrets::{AccessToken, IdToken};
use jiff::Timestamp;
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, ClaimsVerificationError, ClientId, IdTokenVerifier, IssuerUrl, LocalizedClaim,
    Nonce, SignatureVerificationError,
};
use serde::{Deserialize, Deserializer, Serialize};
use shown::Shown;
use std::ops::Deref;
use std::str::FromStr as _;
use std::time::SystemTime;

/// Claims that ID-porten and Ansattporten add.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct IdPortenClaims {
    /// The claim `pid`, masked while it is read, so that the whole national id never gets a place in memory of its own.
    #[serde(default, rename = "pid", deserialize_with = "masking")]
    masked_id: Option<String>,
    sid: Option<String>,
    groups: Option<Vec<String>>,
    authorization_details: Option<serde_json::Value>,
}

impl AdditionalClaims for IdPortenClaims {}

fn masking<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.as_deref().and_then(masked))
}

type Parsed =
    openidconnect::IdToken<IdPortenClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = openidconnect::IdTokenClaims<IdPortenClaims, CoreGenderClaim>;

/// What a valid id_token says.
pub(crate) struct Validated {
    pub(crate) identity: Identity,
    pub(crate) work: WorkClaims,
}

/// What an id_token is held against.
pub(crate) struct Expected<'a> {
    pub(crate) integration: &'a Integration,
    /// The nonce of this attempt; none for a refresh, whose id_token should have none (section 12.2).
    pub(crate) nonce: Option<&'a Nonce>,
    pub(crate) access_token: &'a AccessToken,
    pub(crate) now: Timestamp,
}

/// Validates an id_token, asking for the issuer's keys again once where it has a new one.
pub(crate) async fn validate(
    token: &IdToken,
    expected: &Expected<'_>,
    discovery: &Discovery,
    endpoints: &Endpoints,
    http: &Http,
) -> Result<Validated, TokenError> {
    let untrusted = |what| TokenError::UntrustedIdToken { what };
    let parsed = Parsed::from_str(token.expose()).map_err(|_| untrusted(IdTokenFault::Malformed))?;
    let keys = discovery.keys(http, &endpoints.jwks).await?;
    let validated = match validated(&parsed, expected, &keys) {
        Err(Refusal::UnknownKey) => {
            let keys = discovery.fetch_keys(http, &endpoints.jwks).await?;
            validated(&parsed, expected, &keys)
        }
        other => other,
    };
    validated.map_err(|refusal| match refusal {
        Refusal::UnknownKey => untrusted(IdTokenFault::Key),
        // A wrong clock makes good tokens look bad, and "expired" would send the person looking in the wrong place.
        Refusal::Fault(what @ (IdTokenFault::Expired | IdTokenFault::IssuedInFuture)) => match http.wrong_clock() {
            Some(by) => TokenError::ClockSkew { by },
            None => untrusted(what),
        },
        Refusal::Fault(what) => untrusted(what),
        Refusal::AcrTooLow(given) => TokenError::AcrTooLow { asked: expected.integration.acr_values.clone(), given },
    })
}

enum Refusal {
    UnknownKey,
    Fault(IdTokenFault),
    AcrTooLow(Option<String>),
}

fn validated(token: &Parsed, expected: &Expected<'_>, keys: &CoreJsonWebKeySet) -> Result<Validated, Refusal> {
    let issuer = IssuerUrl::new(expected.integration.issuer.as_str().to_owned())
        .map_err(|_| Refusal::Fault(IdTokenFault::Issuer))?;
    let now = expected.now;
    // As a public client's verifier whatever the client is: so that a client secret never becomes a key for HS256, and
    // the crate's own default holds: RS256 alone.
    let verifier =
        IdTokenVerifier::new_public_client(ClientId::new(expected.integration.client_id.clone()), issuer, keys.clone())
            .set_time_fn(move || SystemTime::from(now.saturating_sub(TOLERANCE).unwrap_or(now)).into())
            .set_issue_time_verifier_fn(move |issued| {
                if issued.timestamp() > now.as_second() + TOLERANCE.as_secs() {
                    Err(IN_FUTURE.to_owned())
                } else {
                    Ok(())
                }
            });
    let claims = match expected.nonce {
        Some(nonce) => token.claims(&verifier, nonce),
        None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
    }
    .map_err(refusal)?;
    // "If an azp Claim is present, the Client SHOULD verify that its client_id is the Claim Value" (step 5).
    if claims.authorized_party().is_some_and(|party| party.as_str() != expected.integration.client_id) {
        return Err(Refusal::Fault(IdTokenFault::Audience));
    }
    check_access_token_hash(token, claims, &verifier, expected.access_token)?;

    let acr = claims.auth_context_ref().map(|acr| acr.as_str().to_owned());
    if !acr::satisfies(&expected.integration.acr_values, acr.as_deref()) {
        return Err(Refusal::AcrTooLow(acr));
    }
    let identity = Identity {
        issuer: expected.integration.issuer.to_string(),
        sub: claims.subject().as_str().to_owned(),
        name: display_name(text(claims.name()), text(claims.given_name()), text(claims.family_name())),
        masked_id: claims.additional_claims().masked_id.clone(),
        acr,
        auth_time: claims.auth_time().and_then(|time| Timestamp::from_second(time.timestamp()).ok()),
        sid: claims.additional_claims().sid.clone(),
    };
    let ways = claims.auth_method_refs().into_iter().flatten();
    let work = WorkClaims {
        email: claims.email().map(|email| Shown::line(email).into()),
        groups: claims.additional_claims().groups.clone(),
        amr: ways.map(|way| way.as_str().to_owned()).collect(),
        authorization_details: claims.additional_claims().authorization_details.clone(),
    };
    Ok(Validated { identity, work })
}

/// ID-porten no longer sends `at_hash`; where one is, it must fit (section 3.1.3.8).
fn check_access_token_hash(
    token: &Parsed,
    claims: &Claims,
    verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
    access_token: &AccessToken,
) -> Result<(), Refusal> {
    let Some(theirs) = claims.access_token_hash() else { return Ok(()) };
    let wrong = || Refusal::Fault(IdTokenFault::AccessTokenHash);
    let algorithm = token.signing_alg().map_err(|_| wrong())?;
    let key = token.signing_key(verifier).map_err(|_| wrong())?;
    let access_token = openidconnect::AccessToken::new(access_token.expose().to_owned());
    let ours = AccessTokenHash::from_token(&access_token, algorithm, key).map_err(|_| wrong())?;
    if ours == *theirs { Ok(()) } else { Err(wrong()) }
}

/// How the issue time's verifier marks its refusal, which the crate reports as "expired" like the other one.
const IN_FUTURE: &str = "issued in the future";

fn refusal(error: ClaimsVerificationError) -> Refusal {
    use ClaimsVerificationError as E;
    Refusal::Fault(match error {
        E::SignatureVerification(SignatureVerificationError::NoMatchingKey) => return Refusal::UnknownKey,
        E::SignatureVerification(error) => match error {
            SignatureVerificationError::NoSignature
            | SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_) => IdTokenFault::Algorithm,
            SignatureVerificationError::AmbiguousKeyId(_) | SignatureVerificationError::InvalidKey(_) => {
                IdTokenFault::Key
            }
            _ => IdTokenFault::Signature,
        },
        E::Expired(text) if text == IN_FUTURE => IdTokenFault::IssuedInFuture,
        E::Expired(_) => IdTokenFault::Expired,
        E::InvalidAudience(_) => IdTokenFault::Audience,
        E::InvalidIssuer(_) => IdTokenFault::Issuer,
        E::InvalidNonce(_) => IdTokenFault::Nonce,
        E::InvalidSubject(_) => IdTokenFault::Subject,
        E::Unsupported(_) => IdTokenFault::Unsupported,
        _ => IdTokenFault::Malformed,
    })
}

pub(crate) fn text<T: Deref<Target = String>>(claim: Option<&LocalizedClaim<T>>) -> Option<String> {
    let claim = claim?;
    claim.get(None).or_else(|| claim.iter().next().map(|(_, value)| value)).map(|value| value.deref().clone())
}

/// `name`, else given and family name, whichever are there (apis.md section 3.6).
pub(crate) fn display_name(name: Option<String>, given: Option<String>, family: Option<String>) -> Option<String> {
    let whole = name.unwrap_or_else(|| [given, family].into_iter().flatten().collect::<Vec<_>>().join(" "));
    let whole = Shown::line(&whole);
    if whole.is_empty() { None } else { Some(whole.into()) }
}

#[cfg(test)]
mod tests {
    use super::display_name;

    #[test]
    fn a_name_is_made_of_what_there_is() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(display_name(some("Ingrid Solvang"), some("I"), some("S")), some("Ingrid Solvang"));
        assert_eq!(display_name(None, some("Ingrid"), some("Solvang")), some("Ingrid Solvang"));
        assert_eq!(display_name(None, None, some("Solvang")), some("Solvang"));
        assert_eq!(display_name(some(" "), None, None), None);
        assert_eq!(display_name(some("Ingrid\n\u{1b}[31m\u{202e}Solvang"), None, None), some("Ingrid [31mSolvang"));
        assert_eq!(display_name(some("\u{200b}"), None, None), None);
        assert_eq!(display_name(some(&"å".repeat(300_000)), None, None).map(|name| name.chars().count()), Some(300));
    }
}
