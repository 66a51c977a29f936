//! Refreshing, held against the first sign-in, and logging out.

use super::*;

#[tokio::test]
async fn oidcc_client_test_refresh_token() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    let first = sign_in(&party, &integration).await.unwrap();
    provider.script(|script| script.refreshed_claims = set("name", Value::Null));
    let second = party.refresh(&integration, first.refresh_token.as_ref().unwrap(), &first.identity).await.unwrap();
    assert_eq!(second.refresh_token.as_ref().unwrap().expose(), "refresh-2");
    assert_eq!(second.identity, first.identity, "what the new id_token leaves out is kept");
    // No new id_token is fine too, and so is no new refresh token: the old one goes on then.
    provider.script(|script| {
        script.token = Arc::new(|answer| {
            answer.as_object_mut().unwrap().remove("id_token");
            answer.as_object_mut().unwrap().remove("refresh_token");
        });
    });
    let third = party.refresh(&integration, first.refresh_token.as_ref().unwrap(), &first.identity).await.unwrap();
    assert!(third.id_token.is_none() && third.refresh_token.is_none() && third.refresh_expires_at.is_none());
    // An ended one.
    let ended = party.refresh(&integration, second.refresh_token.as_ref().unwrap(), &first.identity).await;
    let Err(NotRefreshed { error: TokenError::TooLate { description }, fate: Fate::Spent }) = ended else {
        panic!("{ended:?}")
    };
    assert_eq!(description.as_deref(), Some("Refresh token ended"));
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_issuer() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    let first = sign_in(&party, &integration).await.unwrap();
    let token = first.refresh_token.as_ref().unwrap();
    provider.script(|script| script.refreshed_claims = set("iss", json!("https://evil.example")));
    let outcome = party.refresh(&integration, token, &first.identity).await.map_err(|refused| refused.error);
    assert!(matches!(outcome, Err(TokenError::UntrustedIdToken { what: IdTokenFault::Issuer })), "{outcome:?}");
    // The token is right for its issuer, but the first one was another's.
    provider.script(|script| script.refreshed_claims = set("x", json!(1)));
    let mut elsewhere = first.identity.clone();
    elsewhere.issuer = "https://idporten.no".to_owned();
    let outcome = party.refresh(&integration, token, &elsewhere).await.map_err(|refused| refused.error);
    assert!(matches!(outcome, Err(TokenError::UntrustedIdToken { what: IdTokenFault::Issuer })), "{outcome:?}");
}

#[tokio::test]
async fn oidcc_client_test_refresh_token_invalid_sub() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    let first = sign_in(&party, &integration).await.unwrap();
    provider.script(|script| script.refreshed_claims = set("sub", json!("pairwise-2")));
    let outcome = party.refresh(&integration, first.refresh_token.as_ref().unwrap(), &first.identity).await;
    assert!(
        matches!(
            outcome,
            Err(NotRefreshed {
                error: TokenError::UntrustedIdToken { what: IdTokenFault::Subject },
                fate: Fate::Replaced { .. }
            })
        ),
        "{outcome:?}"
    );
}

/// What is left of the refresh token after an answer as scripted.
async fn fate(change: impl FnOnce(&mut Script)) -> NotRefreshed {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    let first = sign_in(&party, &integration).await.unwrap();
    provider.script(change);
    party.refresh(&integration, first.refresh_token.as_ref().unwrap(), &first.identity).await.unwrap_err()
}

#[tokio::test]
async fn a_token_that_was_rotated_is_kept_whatever_else_is_wrong_with_the_answer() {
    let replaced =
        |refused: &NotRefreshed| matches!(&refused.fate, Fate::Replaced { by, .. } if by.expose() == "refresh-2");
    let long_ago = jiff::Timestamp::now().as_second() - 4000;
    for wrong in [
        fate(|script| script.refreshed_claims = set("exp", json!(long_ago))).await,
        fate(|script| script.refreshed_claims = set("aud", json!("another"))).await,
        fate(|script| script.refreshed_claims = set("sub", Value::Null)).await,
        fate(|script| script.token = Arc::new(|answer| answer["access_token"] = json!("good\r\nX-Bad: 1"))).await,
        fate(|script| script.token = Arc::new(|answer| answer["token_type"] = json!("mac"))).await,
    ] {
        assert!(replaced(&wrong), "{wrong:?}");
    }
}

#[tokio::test]
async fn what_has_become_of_a_token_is_known_as_well_as_it_can_be() {
    let canned = |answer: Canned| move |script: &mut Script| drop(script.canned.insert("/swap", answer));
    let refusal = |status, error: &str| canned(Canned::json(status, json!({"error": error})));
    assert!(matches!(fate(refusal(400, "invalid_grant")).await.fate, Fate::Spent));
    for (status, error) in [(401, "invalid_client"), (400, "invalid_request"), (429, "slow_down"), (503, "x")] {
        let refused = fate(refusal(status, error)).await;
        assert!(matches!(refused.fate, Fate::Unused), "{refused:?}");
    }
    // What stands before the issuer has passed it on and lost the answer: it may have been used.
    for status in [408, 500, 502, 504, 520] {
        let lost = fate(canned(Canned::text(status, "text/html", "<h1>Gateway</h1>"))).await;
        assert!(matches!(lost.fate, Fate::Spent), "{lost:?}");
    }
    for status in [403, 404, 429, 501, 503] {
        let kept = fate(canned(Canned::text(status, "text/html", "<h1>Closed</h1>"))).await;
        assert!(matches!(kept.fate, Fate::Unused), "{kept:?}");
    }
    // An answer that was begun and cannot be read: it was used.
    let half = fate(canned(Canned::text(200, "application/json", "{\"access_tok"))).await;
    assert!(matches!(half.fate, Fate::Spent), "{half:?}");
}

#[tokio::test]
async fn a_fault_by_its_own_words_passes_whatever_its_number_says() {
    for (status, error) in [(400, "server_error"), (403, "temporarily_unavailable"), (503, "server_error")] {
        let answer = Canned::json(status, json!({"error": error}));
        let refused = fate(|script| drop(script.canned.insert("/swap", answer))).await;
        assert!(matches!(refused.error, TokenError::Fault { .. }), "{refused:?}");
        assert!(matches!(refused.fate, Fate::Unused), "{refused:?}");
    }
}

#[tokio::test]
async fn a_refresh_is_not_worth_a_token_while_nobody_answers_or_the_clock_is_wrong() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    party.ready(&integration).await.unwrap();
    for hours in [1, -1, 24, -24, 8766, -8766] {
        provider.script(|script| script.date_offset = hours * 3600);
        let refused = party.ready(&integration).await;
        let Err(TokenError::ClockSkew { by }) = refused else { panic!("{hours} h: {refused:?}") };
        assert!((by.as_secs() - hours * 3600).abs() < 60, "{by}");
    }
    provider.script(|script| script.date_offset = 0);
    party.ready(&integration).await.unwrap();
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout() {
    let provider = Provider::start().await;
    let party = party();
    let mut integration = provider.integration();
    integration.post_logout_redirect_uri = Some("http://127.0.0.1:9/bye".parse().unwrap());
    let grant = sign_in(&party, &integration).await.unwrap();
    let logout = party.end_session_url(&integration, grant.id_token.as_ref()).await.unwrap().unwrap();
    let url = logout.url();
    assert!(url.as_str().starts_with(&format!("{}/goodbye?", provider.issuer)));
    let field = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(field("id_token_hint").as_deref(), Some(grant.id_token.unwrap().expose()));
    assert_eq!(field("client_id").as_deref(), Some("momsbud-test"));
    assert_eq!(field("post_logout_redirect_uri").as_deref(), Some("http://127.0.0.1:9/bye"));
    let back = format!("http://127.0.0.1:9/bye?state={}", field("state").unwrap());
    assert_eq!(logout.check_return(&back.parse().unwrap()), Ok(()));
    assert_eq!(format!("{logout:?}"), "EndSession([secret])");
    // An issuer without logout.
    let other = Provider::start().await;
    other.script(|script| script.metadata = set("end_session_endpoint", Value::Null));
    assert!(party.end_session_url(&other.integration(), None).await.unwrap().is_none());
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_other_state() {
    let provider = Provider::start().await;
    let logout = party().end_session_url(&provider.integration(), None).await.unwrap().unwrap();
    assert!(logout.check_return(&"http://127.0.0.1:9/bye?state=other".parse().unwrap()).is_err());
}

#[tokio::test]
async fn oidcc_client_test_rp_init_logout_no_state() {
    let provider = Provider::start().await;
    let logout = party().end_session_url(&provider.integration(), None).await.unwrap().unwrap();
    assert!(logout.check_return(&"http://127.0.0.1:9/bye".parse().unwrap()).is_err());
}
