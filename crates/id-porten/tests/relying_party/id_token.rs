//! The whole flow, and the id_token in every wrong form.

use super::*;

#[tokio::test]
async fn oidcc_client_test() {
    let provider = Provider::start().await;
    let (outcome, screen) = sign_in_with(&party(), &provider.integration(), SignInOptions::default()).await;
    let grant = outcome.unwrap();
    assert_eq!(grant.access_token.expose(), "opaque-access-token");
    assert_eq!(grant.refresh_token.unwrap().expose(), "refresh-1");
    assert_eq!(grant.granted_scopes, ["openid", "profile"]);
    assert_eq!(grant.identity.issuer, provider.issuer);
    assert_eq!(grant.identity.sub, "pairwise-1");
    assert_eq!(grant.identity.name.as_deref(), Some("Ingrid Solvang"));
    if provider::plays_ansattporten() {
        assert_eq!(grant.identity.masked_id, None);
        assert_eq!(grant.identity.acr.as_deref(), Some("entraid"));
        assert_eq!(grant.work.email.as_deref(), Some("ingrid.solvang@fjordlys.example"));
        assert_eq!(grant.work.groups.map(|groups| groups.len()), Some(1));
        assert_eq!(grant.work.amr, ["entraid_pwd", "entraid-mfa"]);
        assert!(grant.work.authorization_details.is_some());
    } else {
        assert_eq!(grant.identity.masked_id.as_deref(), Some("148381 •••••"));
        assert_eq!(grant.identity.acr.as_deref(), Some("idporten-loa-high"));
        assert_eq!(grant.work, WorkClaims { amr: vec!["TestID".to_owned()], ..WorkClaims::default() });
    }
    assert_eq!(grant.identity.sid.as_deref(), Some("session-1"));
    assert!(grant.identity.auth_time.is_some());
    let screen = screen.unwrap();
    assert_eq!(screen.status, 200);
    assert!(screen.text.contains("Du er logget inn, gå tilbake til Momsbud"), "{}", screen.text);
}

#[tokio::test]
async fn oidcc_client_test_invalid_iss() {
    assert_eq!(fault(with_claim("iss", json!("https://evil.example")).await), IdTokenFault::Issuer);
}

#[tokio::test]
async fn oidcc_client_test_missing_sub() {
    assert_eq!(fault(with_claim("sub", Value::Null).await), IdTokenFault::Malformed);
}

#[tokio::test]
async fn oidcc_client_test_missing_aud() {
    assert_eq!(fault(with_claim("aud", Value::Null).await), IdTokenFault::Audience);
}

#[tokio::test]
async fn oidcc_client_test_missing_iat() {
    assert_eq!(fault(with_claim("iat", Value::Null).await), IdTokenFault::Malformed);
}

#[tokio::test]
async fn oidcc_client_test_invalid_aud() {
    assert_eq!(fault(with_claim("aud", json!("somebody-else")).await), IdTokenFault::Audience);
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks() {
    let outcome = with(|script| {
        script.kid = None;
        script.published = vec![(0, None)];
    });
    assert!(outcome.await.is_ok(), "the only key fits");
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_multiple_jwks() {
    let outcome = with(|script| {
        script.kid = None;
        script.published = vec![(0, Some("a".to_owned())), (1, Some("b".to_owned()))];
    });
    assert_eq!(fault(outcome.await), IdTokenFault::Key);
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_rs256() {
    assert!(with(|script| script.signing = Signing::Rs256).await.is_ok());
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_none() {
    assert_eq!(fault(with(|script| script.signing = Signing::None).await), IdTokenFault::Algorithm);
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_rs256() {
    assert_eq!(fault(with(|script| script.signing = Signing::BrokenRs256).await), IdTokenFault::Signature);
    // Another key's signature under the right kid.
    assert_eq!(fault(with(|script| script.key = 1).await), IdTokenFault::Signature);
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_hs256() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::SecretPost(ClientSecret::new("a secret that both sides know"));
    // Even a correct one: the client secret is not what says who the issuer is.
    for secret in ["a secret that both sides know", "another"] {
        provider.script(|script| script.signing = Signing::Hs256(secret.to_owned()));
        assert_eq!(fault(sign_in(&party(), &integration).await), IdTokenFault::Algorithm, "{secret}");
    }
}

#[tokio::test]
async fn oidcc_client_test_invalid_sig_es256() {
    // A correct ES256 signature by a published key: RS256 is what was registered.
    assert_eq!(fault(with(|script| script.signing = Signing::Es256).await), IdTokenFault::Algorithm);
}

#[tokio::test]
async fn oidcc_client_test_nonce_invalid() {
    assert_eq!(fault(with_claim("nonce", json!("another-attempt's")).await), IdTokenFault::Nonce);
}

#[tokio::test]
async fn oidcc_client_test_missing_athash() {
    assert!(with_claim("at_hash", Value::Null).await.is_ok(), "ID-porten no longer sends it");
    assert!(with_claim("at_hash", json!(at_hash("opaque-access-token"))).await.is_ok(), "a right one is right");
}

#[tokio::test]
async fn oidcc_client_test_invalid_athash() {
    assert_eq!(fault(with_claim("at_hash", json!(at_hash("another-token"))).await), IdTokenFault::AccessTokenHash);
}

#[tokio::test]
async fn oidcc_client_test_userinfo_invalid_sub() {
    let provider = Provider::start().await;
    provider.script(|script| script.claims = set("name", Value::Null));
    let mut integration = provider.integration();
    assert_eq!(sign_in(&party(), &integration).await.unwrap().identity.name, None);
    assert_eq!(provider.count("/who"), 0, "userinfo is asked only where the integration says so");

    integration.use_userinfo = true;
    let grant = sign_in(&party(), &integration).await.unwrap();
    assert_eq!(grant.identity.name.as_deref(), Some("Ingrid fra userinfo"));

    provider.script(|script| script.userinfo = set("sub", json!("pairwise-2")));
    assert_eq!(fault(sign_in(&party(), &integration).await), IdTokenFault::Subject);
    provider.script(|script| script.userinfo = set("sub", Value::Null));
    assert!(matches!(
        token_error(sign_in(&party(), &integration).await),
        TokenError::UnreadableAnswer { endpoint: Endpoint::Userinfo, .. }
    ));
    // A name is not worth a sign-in.
    provider.script(|script| drop(script.canned.insert("/who", Canned::text(503, "text/plain", "busy"))));
    assert_eq!(sign_in(&party(), &integration).await.unwrap().identity.name, None);
}

#[tokio::test]
async fn invalid_expired_exp() {
    let now = jiff::Timestamp::now().as_second();
    assert_eq!(fault(with_claim("exp", json!(now - 301)).await), IdTokenFault::Expired);
    assert!(with_claim("exp", json!(now - 200)).await.is_ok(), "clocks may differ by five minutes");
    assert_eq!(fault(with_claim("iat", json!(now + 400)).await), IdTokenFault::IssuedInFuture);
    assert!(with_claim("iat", json!(now + 200)).await.is_ok());
}

#[tokio::test]
async fn invalid_missing_exp() {
    assert_eq!(fault(with_claim("exp", Value::Null).await), IdTokenFault::Malformed);
}

#[tokio::test]
async fn invalid_missing_nonce() {
    assert_eq!(fault(with_claim("nonce", Value::Null).await), IdTokenFault::Nonce);
}

#[tokio::test]
async fn invalid_null_alg() {
    for (name, fault_) in
        [("null", IdTokenFault::Malformed), ("", IdTokenFault::Malformed), ("none", IdTokenFault::Algorithm)]
    {
        assert_eq!(fault(with(|script| script.signing = Signing::Named(name)).await), fault_, "{name}");
    }
}

#[tokio::test]
async fn invalid_alternate_alg() {
    for name in ["RS384", "RS512", "PS256", "HS256", "ES256"] {
        assert_eq!(
            fault(with(|script| script.signing = Signing::Named(name)).await),
            IdTokenFault::Algorithm,
            "{name}"
        );
    }
}

#[tokio::test]
async fn invalid_secondary_aud() {
    assert_eq!(fault(with_claim("aud", json!(["momsbud-test", "somebody-else"])).await), IdTokenFault::Audience);
    assert_eq!(fault(with_claim("azp", json!("somebody-else")).await), IdTokenFault::Audience);
}

#[tokio::test]
async fn valid_aud_as_array() {
    assert!(with_claim("aud", json!(["momsbud-test"])).await.is_ok());
}

#[tokio::test]
async fn acr_lower_than_asked() {
    let outcome = with_claim("acr", json!("idporten-loa-low")).await;
    let TokenError::AcrTooLow { asked, given } = token_error(outcome) else { panic!("not too low") };
    assert_eq!(asked.last().map(String::as_str), Some("idporten-loa-substantial"));
    assert_eq!((asked.len() == 2, given.as_deref()), (provider::plays_ansattporten(), Some("idporten-loa-low")));
    assert!(matches!(token_error(with_claim("acr", Value::Null).await), TokenError::AcrTooLow { given: None, .. }));
    assert!(with_claim("acr", json!("idporten-loa-substantial")).await.is_ok());
}
