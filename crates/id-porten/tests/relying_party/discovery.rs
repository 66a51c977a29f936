//! The issuer's metadata and keys: used, kept, asked for again.

use super::*;

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config() {
    // The scripted provider's paths are like nobody else's, so nothing but discovery can have named them.
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    sign_in(&party, &integration).await.unwrap();
    sign_in(&party, &integration).await.unwrap();
    assert_eq!(provider.count("/.well-known/openid-configuration"), 1, "read once, then kept");
    assert_eq!(provider.count("/start-here"), 2);
}

#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys() {
    let provider = Provider::start().await;
    let clock = provider::TestClock::default();
    let (party, integration) = (party_with(clock.clone()), provider.integration());
    sign_in(&party, &integration).await.unwrap();
    sign_in(&party, &integration).await.unwrap();
    assert_eq!(provider.count("/keys-somewhere"), 1);
    // A day later both are read again; the provider's tokens then look a day old, which is not what this is about.
    clock.advance(24 * 3600 + 1);
    let _ = sign_in(&party, &integration).await;
    assert_eq!(provider.count("/.well-known/openid-configuration"), 2);
    assert_eq!(provider.count("/keys-somewhere"), 2);
}

#[tokio::test]
async fn oidcc_client_test_discovery_issuer_mismatch() {
    for other in ["https://evil.example", "http://127.0.0.1:1/"] {
        let outcome = with(|script| script.metadata = set("issuer", json!(other))).await;
        let TokenError::IssuerMismatch { found, .. } = token_error(outcome) else { panic!("not a mismatch") };
        assert_eq!(found, other);
    }
    let provider = Provider::start().await;
    let with_slash = format!("{}/", provider.issuer);
    provider.script(|script| script.metadata = set("issuer", json!(with_slash)));
    assert!(matches!(token_error(sign_in(&party(), &provider.integration()).await), TokenError::IssuerMismatch { .. }));
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    sign_in(&party, &integration).await.unwrap();
    provider.script(|script| {
        script.key = 1;
        script.kid = Some("k1".to_owned());
        script.published = vec![(1, Some("k1".to_owned()))];
    });
    sign_in(&party, &integration).await.unwrap();
    assert_eq!(provider.count("/keys-somewhere"), 2, "asked again once");

    // A kid that is nowhere: asked once more, not for ever.
    provider.script(|script| script.kid = Some("nowhere".to_owned()));
    assert_eq!(fault(sign_in(&party, &integration).await), IdTokenFault::Key);
    assert_eq!(provider.count("/keys-somewhere"), 3);
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    sign_in(&party, &integration).await.unwrap();
    provider.script(|script| {
        script.before_signing = Some(Box::new(|script| {
            script.key = 2;
            script.kid = Some("k2".to_owned());
            script.published = vec![(0, Some("k0".to_owned())), (2, Some("k2".to_owned()))];
        }));
    });
    sign_in(&party, &integration).await.unwrap();
    assert_eq!(provider.count("/keys-somewhere"), 2);
    assert_eq!(keys().len(), 3);
}
