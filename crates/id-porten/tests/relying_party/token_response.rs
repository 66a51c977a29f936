//! The token endpoint's answers: what is tolerated, and a typed error for each that is not.

use super::*;

#[tokio::test]
async fn token_endpoint_response_without_expires_in() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.lifetimes.access_token = Duration::from_secs(7200);
    let end = jiff::Timestamp::now().as_second() + 4321;
    provider.script(|script| {
        script.token = set("expires_in", Value::Null);
        script.access_token = jsonwebtoken::encode(
            &jsonwebtoken::Header::default(),
            &json!({"exp": end}),
            &jsonwebtoken::EncodingKey::from_secret(b"not ours to check"),
        )
        .unwrap();
    });
    let grant = sign_in(&party(), &integration).await.unwrap();
    assert_eq!(grant.access_expires_at.as_second(), end, "from the JWT");

    provider.script(|script| script.access_token = "opaque".to_owned());
    let before = jiff::Timestamp::now().as_second();
    let grant = sign_in(&party(), &integration).await.unwrap();
    assert!((before + 7199..before + 7230).contains(&grant.access_expires_at.as_second()), "from the integration");
}

#[tokio::test]
async fn token_type_case_insensitivity() {
    for name in ["bearer", "BEARER", "Bearer"] {
        assert!(with(|script| script.token = set("token_type", json!(name))).await.is_ok(), "{name}");
    }
    let outcome = with(|script| script.token = set("token_type", json!("DPoP"))).await;
    assert!(matches!(token_error(outcome), TokenError::UnreadableAnswer { endpoint: Endpoint::Token, .. }));
}

/// Signs in against a canned answer of the token endpoint; the code must have been used exactly once.
async fn token_answer(canned: Canned) -> TokenError {
    token_answer_within(canned, Duration::from_secs(20)).await
}

async fn token_answer_within(canned: Canned, limit: Duration) -> TokenError {
    let provider = Provider::start().await;
    provider.script(|script| drop(script.canned.insert("/swap", canned)));
    let started = Instant::now();
    let (outcome, screen) =
        sign_in_with(&party().with_request_limit(limit), &provider.integration(), SignInOptions::default()).await;
    // A few seconds more, for a machine that has other things to do.
    assert!(started.elapsed() < limit + Duration::from_secs(10), "a typed error in under the timeout");
    assert_eq!(provider.count("/swap"), 1, "a used code is never sent again");
    assert!(screen.unwrap().text.contains("Innloggingen ble ikke fullført"));
    token_error(outcome)
}

#[tokio::test]
async fn token_response_400_invalid_grant() {
    let error =
        token_answer(Canned::json(400, json!({"error": "invalid_grant", "error_description": "Code expired"}))).await;
    let TokenError::TooLate { description } = error else { panic!("{error:?}") };
    assert_eq!(description.as_deref(), Some("Code expired"));
}

#[tokio::test]
async fn an_access_token_that_no_header_can_carry_is_refused_at_the_sign_in() {
    for token in ["good\r\nX-Bad: 1", "good\n", "gød", ""] {
        let outcome = with(|script| script.token = set("access_token", json!(token))).await;
        let error = token_error(outcome);
        assert!(
            matches!(error, TokenError::UnreadableAnswer { endpoint: Endpoint::Token, .. }),
            "{token:?}: {error:?}"
        );
    }
}

#[tokio::test]
async fn token_response_401_invalid_client() {
    let error = token_answer(Canned::json(401, json!({"error": "invalid_client"}))).await;
    assert!(
        matches!(&error, TokenError::IntegrationRefused { error, description: None } if error == "invalid_client"),
        "{error:?}"
    );
}

#[tokio::test]
async fn token_response_400_invalid_scope() {
    let error = token_answer(Canned::json(400, json!({"error": "invalid_scope"}))).await;
    assert!(matches!(&error, TokenError::IntegrationRefused { error, .. } if error == "invalid_scope"), "{error:?}");
}

#[tokio::test]
async fn token_response_500() {
    let error = token_answer(Canned::text(500, "text/html", "<h1>Oj</h1>")).await;
    assert!(matches!(error, TokenError::Fault { endpoint: Endpoint::Token, status: 500 }), "{error:?}");
}

#[tokio::test]
async fn token_response_html() {
    for kind in ["text/html", "application/json"] {
        let error = token_answer(Canned::text(200, kind, "<html>Logg inn på gjestenettet</html>")).await;
        assert!(matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::NotAsExpected(_), .. }), "{error:?}");
    }
    let error = token_answer(Canned::text(400, "text/html", "<html>Bad</html>")).await;
    assert!(matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::Status(400), .. }), "{error:?}");
}

#[tokio::test]
async fn token_response_truncated_body() {
    let error =
        token_answer(Canned::text(200, "application/json", r#"{"access_token":"hemmelig-token","token_ty"#)).await;
    assert!(matches!(error, TokenError::UnreadableAnswer { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("hemmelig"), "an answer is never quoted");
    // A member of the wrong type, which serde would quote.
    let error =
        token_answer(Canned::json(200, json!({"access_token": "a", "token_type": "Bearer", "expires_in": "hemmelig"})))
            .await;
    assert!(matches!(error, TokenError::UnreadableAnswer { .. }), "{error:?}");
    assert!(!format!("{error:?} {error}").contains("hemmelig"), "an answer is never quoted");
}

#[tokio::test]
async fn token_response_10_mb_body() {
    let error = token_answer(Canned::text(200, "application/json", vec![b' '; 10_000_000])).await;
    assert!(matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::TooLarge, .. }), "{error:?}");
}

#[tokio::test]
async fn token_response_slow() {
    let mut slow = Canned::json(200, json!({}));
    slow.delay = Duration::from_secs(60);
    let error = token_answer_within(slow, Duration::from_secs(3)).await;
    assert!(matches!(error, TokenError::Unreachable { endpoint: Endpoint::Token, .. }), "{error:?}");
}

#[tokio::test]
async fn token_response_redirect_elsewhere() {
    let elsewhere = Provider::start().await;
    let mut away = Canned::text(307, "text/plain", "");
    away.location = Some(format!("{}/swap", elsewhere.issuer));
    let error = token_answer(away).await;
    assert!(matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::Redirected, .. }), "{error:?}");
    assert_eq!(elsewhere.count("/swap"), 0, "the code has left for another host");
}
