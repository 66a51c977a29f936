//! How the client proves itself: each method sends what the integration says and nothing else.

use super::*;

#[tokio::test]
async fn oidcc_client_test_client_secret_basic() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::SecretBasic(ClientSecret::new("p:å s/s"));
    sign_in(&party(), &integration).await.unwrap();
    let seen = provider.seen("/swap").remove(0);
    // Form-encoded before base64 (RFC 6749 section 2.3.1): momsbud-test:p%3A%C3%A5+s%2Fs
    assert_eq!(seen.authorization.as_deref(), Some("Basic bW9tc2J1ZC10ZXN0OnAlM0ElQzMlQTUrcyUyRnM="));
    assert!(!seen.fields.contains_key("client_secret") && !seen.fields.contains_key("client_id"));
}

#[tokio::test]
async fn client_secret_post() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::SecretPost(ClientSecret::new("p:å s/s"));
    sign_in(&party(), &integration).await.unwrap();
    let seen = provider.seen("/swap").remove(0);
    assert_eq!(seen.authorization, None);
    assert_eq!((seen.fields["client_id"].as_str(), seen.fields["client_secret"].as_str()), ("momsbud-test", "p:å s/s"));
}

#[tokio::test]
async fn private_key_jwt() {
    let provider = Provider::start().await;
    let key = SigningKey::generate().unwrap();
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::PrivateKeyJwt(key.clone());
    integration.use_par = true;
    sign_in(&party(), &integration).await.unwrap();

    let mut ids = Vec::new();
    for path in ["/push", "/swap"] {
        let seen = provider.seen(path).remove(0);
        assert_eq!(seen.authorization, None);
        assert!(!seen.fields.contains_key("client_secret"));
        assert_eq!(seen.fields["client_assertion_type"], "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        let jwk = serde_json::from_value(key.public_jwk()).unwrap();
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&[&provider.issuer]);
        rules.set_issuer(&["momsbud-test"]);
        rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
        let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
        let read = jsonwebtoken::decode::<Value>(&seen.fields["client_assertion"], &key, &rules).unwrap();
        assert_eq!(read.claims["sub"], "momsbud-test");
        assert!(read.claims["exp"].as_i64().unwrap() - read.claims["iat"].as_i64().unwrap() <= 120);
        ids.push(read.claims["jti"].as_str().unwrap().to_owned());
    }
    assert_ne!(ids[0], ids[1], "an assertion is used once");
}

#[tokio::test]
async fn none() {
    let provider = Provider::start().await;
    sign_in(&party(), &provider.integration()).await.unwrap();
    let seen = provider.seen("/swap").remove(0);
    assert_eq!(seen.authorization, None);
    assert_eq!(seen.fields["client_id"], "momsbud-test");
    assert!(!seen.fields.contains_key("client_secret") && !seen.fields.contains_key("client_assertion"));
}
