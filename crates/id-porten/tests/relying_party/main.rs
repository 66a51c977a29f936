//! The relying party against a provider that misbehaves, one test a row.
//!
//! The names are the OpenID Foundation's: its conformance suite for relying parties (`oidcc-client-test…`, here with
//! underscores) and, in the second half, its FAPI 2 client tests as far as they fit a modern native client. So a reader
//! can compare one by one. `ansattporten_relying_party.rs` is the same rows with the provider playing Ansattporten.
//! Where the suite names a case and not its outcome, the outcome is in the test.
//!
//! | conformance test | here |
//! |---|---|
//! | oidcc-client-test | oidcc_client_test |
//! | oidcc-client-test-invalid-iss | oidcc_client_test_invalid_iss |
//! | oidcc-client-test-missing-sub, -missing-aud, -missing-iat | oidcc_client_test_missing_sub, …_aud, …_iat |
//! | oidcc-client-test-invalid-aud | oidcc_client_test_invalid_aud |
//! | oidcc-client-test-kid-absent-single-jwks, -kid-absent-multiple-jwks | oidcc_client_test_kid_absent_single_jwks, …_multiple_jwks |
//! | oidcc-client-test-idtoken-sig-rs256, -idtoken-sig-none | oidcc_client_test_idtoken_sig_rs256, …_none |
//! | oidcc-client-test-invalid-sig-rs256, -hs256, -es256 | oidcc_client_test_invalid_sig_rs256, …_hs256, …_es256 |
//! | oidcc-client-test-nonce-invalid | oidcc_client_test_nonce_invalid |
//! | oidcc-client-test-missing-athash, -invalid-athash | oidcc_client_test_missing_athash, …_invalid_athash |
//! | oidcc-client-test-userinfo-invalid-sub | oidcc_client_test_userinfo_invalid_sub |
//! | oidcc-client-test-client-secret-basic; client_secret_post, private_key_jwt, none | oidcc_client_test_client_secret_basic, client_secret_post, private_key_jwt, none |
//! | oidcc-client-test-discovery-openid-config, -discovery-jwks-uri-keys | oidcc_client_test_discovery_openid_config, …_jwks_uri_keys |
//! | oidcc-client-test-discovery-issuer-mismatch | oidcc_client_test_discovery_issuer_mismatch |
//! | oidcc-client-test-signing-key-rotation, …-just-before-signing | oidcc_client_test_signing_key_rotation, …_just_before_signing |
//! | oidcc-client-test-refresh-token, …-invalid-issuer, …-invalid-sub | oidcc_client_test_refresh_token, …_invalid_issuer, …_invalid_sub |
//! | oidcc-client-test-rp-init-logout, …-other-state, …-no-state | oidcc_client_test_rp_init_logout, …_other_state, …_no_state |
//! | InvalidState, MissingState | invalid_state, missing_state |
//! | InvalidAuthorizationResponseIss; missing iss (RFC 9207) | invalid_authorization_response_iss, missing_authorization_response_iss |
//! | InvalidExpiredExp, InvalidMissingExp | invalid_expired_exp, invalid_missing_exp |
//! | InvalidMissingNonce | invalid_missing_nonce |
//! | InvalidNullAlg, InvalidAlternateAlg | invalid_null_alg, invalid_alternate_alg |
//! | InvalidSecondaryAud, ValidAudAsArray | invalid_secondary_aud, valid_aud_as_array |
//! | TokenEndpointResponseWithoutExpiresIn | token_endpoint_response_without_expires_in |
//! | TokenTypeCaseInsensitivity | token_type_case_insensitivity |
//! | authorization response with error= | authorization_response_with_error |
//! | token response: 400 invalid_grant, … | token_response_… |
//! | acr lower than asked | acr_lower_than_asked |

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../provider/mod.rs"]
mod provider;

mod authorization_response;
mod client;
mod discovery;
mod id_token;
mod refresh_and_logout;
mod slow;
mod token_response;

use id_porten::WorkClaims;
use id_porten::{
    AnswerFault, ClientAuthentication, ClientSecret, Endpoint, Fate, Grant, IdTokenFault, NotRefreshed, SignInError,
    SignInOptions, SigningKey, TokenError,
};
use provider::{Canned, Change, Provider, Script, Signing, at_hash, keys, party, party_with, sign_in, sign_in_with};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Signs in with one thing changed at the provider.
async fn with(change: impl FnOnce(&mut Script)) -> Result<Grant, SignInError> {
    let provider = Provider::start().await;
    provider.script(change);
    sign_in(&party(), &provider.integration()).await
}

/// Signs in with one claim changed; `Null` leaves it out.
async fn with_claim(name: &'static str, value: Value) -> Result<Grant, SignInError> {
    with(|script| script.claims = set(name, value)).await
}

fn set(name: &'static str, value: Value) -> Change {
    Arc::new(move |document| {
        if value.is_null() {
            document.as_object_mut().unwrap().remove(name);
        } else {
            document[name] = value.clone();
        }
    })
}

fn fault(outcome: Result<Grant, SignInError>) -> IdTokenFault {
    match outcome {
        Err(SignInError::Token(TokenError::UntrustedIdToken { what })) => what,
        other => panic!("not an untrusted id_token: {other:?}"),
    }
}

fn token_error(outcome: Result<Grant, SignInError>) -> TokenError {
    match outcome {
        Err(SignInError::Token(error)) => error,
        other => panic!("not a token error: {other:?}"),
    }
}
