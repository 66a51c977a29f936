//! Signing in, beyond the conformance rows: what is asked for, the deep link's way home, pushed requests, networks and
//! clocks that are not as they should be, and that no secret is ever printed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod provider;

use id_porten::{
    AnswerFault, ClientAuthentication, ClientSecret, DeliveryError, Endpoint, IdTokenFault, Issuer, Language,
    LinkAnswer, Random, RandomError, Redirect, Revocable, SignInError, SignInOptions, TokenError,
};
use provider::{Canned, Provider, TestClock, party, party_with, sign_in, sign_in_with};
use serde_json::{Value, json};
use std::error::Error as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use url::Url;

#[tokio::test]
async fn the_request_asks_for_what_the_integration_and_the_person_say() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.scopes = vec!["altinn:instances.read".to_owned()];
    integration.acr_values = vec!["idporten-loa-substantial".to_owned(), "idporten-loa-high".to_owned()];
    integration.authorization_details =
        Some(json!([{"type": "ansattporten:orgno", "representation_is_required": true}]));
    let options = SignInOptions {
        ui_locale: Language::Nn,
        prompt_login: true,
        login_hint: Some("testid:14838112345_idporten-loa-high".to_owned()),
        ..SignInOptions::default()
    };
    provider.script(|script| {
        script.token = Arc::new(|answer| answer["authorization_details"] = json!([{"type": "ansattporten:orgno"}]))
    });
    let grant = sign_in_with(&party(), &integration, options).await.0.unwrap();
    assert_eq!(grant.authorization_details, Some(json!([{"type": "ansattporten:orgno"}])));
    let fields = provider.seen("/start-here").remove(0).fields;
    assert_eq!(fields["client_id"], "momsbud-test");
    assert_eq!(fields["scope"], "openid altinn:instances.read", "openid is what makes it a sign-in");
    assert_eq!(fields["acr_values"], "idporten-loa-substantial idporten-loa-high");
    assert_eq!(fields["prompt"], "login");
    assert_eq!(fields["ui_locales"], "nn");
    assert_eq!(fields["login_hint"], "testid:14838112345_idporten-loa-high");
    let details: Value = serde_json::from_str(&fields["authorization_details"]).unwrap();
    assert_eq!(details[0]["representation_is_required"], true);
    let home: Url = fields["redirect_uri"].parse().unwrap();
    assert_eq!((home.host_str(), home.path()), (Some("127.0.0.1"), "/callback"));
    assert_eq!(
        provider.seen("/swap")[0].fields["redirect_uri"],
        fields["redirect_uri"],
        "the same port in the token call"
    );
}

/// Not random, so that a published example can be computed again.
struct Fixed;

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        use base64::Engine as _;
        // Digdir's PKCE example (apis.md section 3.2).
        let verifier =
            base64::engine::general_purpose::URL_SAFE_NO_PAD.decode("xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo");
        bytes.copy_from_slice(&verifier.unwrap());
        Ok(())
    }
}

struct Broken;

impl Random for Broken {
    fn fill(&self, _: &mut [u8]) -> Result<(), RandomError> {
        Err(RandomError)
    }
}

#[tokio::test]
async fn the_code_challenge_is_digdirs_example() {
    let provider = Provider::start().await;
    let party = party().with_random(Arc::new(Fixed));
    sign_in(&party, &provider.integration()).await.unwrap();
    assert_eq!(provider.seen("/start-here")[0].fields["code_challenge"], "b7elB7ZyxIXgFyvBznKvxl7wOB-H17Pz0a3B62NIMFI");
    assert_eq!(provider.seen("/swap")[0].fields["code_verifier"], "xyo94uhy3zKvgB0NJwLms86SwcjtWviEOpkBnGgaLlo");
}

#[tokio::test]
async fn two_attempts_share_no_secret_and_none_is_made_without_randomness() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    sign_in(&party, &integration).await.unwrap();
    sign_in(&party, &integration).await.unwrap();
    let seen = provider.seen("/start-here");
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(seen[0].fields[name], seen[1].fields[name], "{name}");
    }
    assert_ne!(seen[0].fields["state"], seen[0].fields["nonce"]);
    let outcome = party.with_random(Arc::new(Broken)).begin(&integration, SignInOptions::default()).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::Random(_)))), "{outcome:?}");
}

#[tokio::test]
async fn a_pushed_request_leaves_nothing_in_the_address() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.use_par = true;
    integration.authentication = ClientAuthentication::SecretPost(ClientSecret::new("hemmelig"));
    sign_in(&party(), &integration).await.unwrap();
    let pushed = provider.seen("/push").remove(0).fields;
    assert_eq!((pushed["client_secret"].as_str(), pushed["response_type"].as_str()), ("hemmelig", "code"));
    let address = provider.seen("/start-here").remove(0).fields;
    let mut names: Vec<_> = address.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["client_id", "request_uri"]);

    integration.authentication = ClientAuthentication::SecretBasic(ClientSecret::new("hemmelig"));
    sign_in(&party(), &integration).await.unwrap();
    let pushed = provider.seen("/push").remove(1);
    assert!(pushed.authorization.is_some());
    assert_eq!(pushed.fields["client_id"], "momsbud-test", "required in the form even so (RFC 9126 section 2.1)");

    let without = Provider::start().await;
    without.script(|script| {
        script.metadata = Arc::new(|document| {
            drop(document.as_object_mut().unwrap().remove("pushed_authorization_request_endpoint"))
        });
    });
    let mut integration = without.integration();
    integration.use_par = true;
    let outcome = party().begin(&integration, SignInOptions::default()).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::Configuration(_)))), "{outcome:?}");

    provider.script(|script| {
        drop(
            script
                .canned
                .insert("/push", Canned::json(400, json!({"error": "invalid_scope", "error_description": "no"}))),
        );
    });
    let mut integration = provider.integration();
    integration.use_par = true;
    let outcome = party().begin(&integration, SignInOptions::default()).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::IntegrationRefused { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn a_deep_link_brings_the_answer_home() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.redirect = Redirect::HostedPage {
        page: "https://firma.example/innlogging".parse().unwrap(),
        deep_link: "momsbud://callback".parse().unwrap(),
    };
    let attempt = party().begin(&integration, SignInOptions::default()).await.unwrap();
    assert_eq!(attempt.redirect_uri(), "https://firma.example/innlogging");
    let delivery = attempt.delivery().unwrap();
    let stay = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let answer = stay.get(attempt.url().clone()).send().await.unwrap();
    let page: Url = answer.headers()["location"].to_str().unwrap().parse().unwrap();
    let link = |query: &str| format!("momsbud://callback?{query}").parse::<Url>().unwrap();
    let good = link(page.query().unwrap());
    let finish = tokio::spawn(attempt.finish(CancellationToken::new()));

    // What any page may open does not end the attempt.
    for (other, error) in [
        ("momsbud://open?code=1&state=2", Some(DeliveryError::NotACallback)),
        ("https://callback?code=1&state=2", Some(DeliveryError::NotACallback)),
        ("momsbud://callback?code=1&state=old", Some(DeliveryError::InvalidState)),
        // No answer, or nobody's.
        ("momsbud://callback", None),
        ("momsbud://callback?code=1", None),
        ("momsbud://callback?error=access_denied", None),
    ] {
        let answer = LinkAnswer::read(&other.parse().unwrap());
        assert_eq!(answer.map(|answer| delivery.deliver(&answer).unwrap_err()), error, "{other}");
    }
    let answer = |link: &Url| LinkAnswer::read(link).unwrap();
    assert!(!format!("{:?}", answer(&link("code=hush&state=old"))).contains("hush"));
    // Some systems add a slash.
    let slashed: Url = good.as_str().replace("callback?", "callback/?").parse().unwrap();
    assert_eq!(delivery.deliver(&answer(&slashed)), Ok(()));
    assert_eq!(finish.await.unwrap().unwrap().identity.sub, "pairwise-1");
    assert_eq!(delivery.deliver(&answer(&good)), Err(DeliveryError::Over));
    assert_eq!(provider.count("/swap"), 1);
    assert!(!format!("{delivery:?}").contains("state"));
}

#[tokio::test]
async fn a_deep_link_from_another_issuer_is_refused() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.redirect = Redirect::HostedPage {
        page: "https://firma.example/i".parse().unwrap(),
        deep_link: "momsbud://callback".parse().unwrap(),
    };
    let attempt = party().begin(&integration, SignInOptions::default()).await.unwrap();
    let delivery = attempt.delivery().unwrap();
    let state = attempt.url().query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let mut link: Url = "momsbud://callback".parse().unwrap();
    link.query_pairs_mut()
        .append_pair("code", "stolen")
        .append_pair("state", &state)
        .append_pair("iss", "https://evil.example");
    delivery.deliver(&LinkAnswer::read(&link).unwrap()).unwrap();
    let outcome = attempt.finish(CancellationToken::new()).await;
    assert!(matches!(outcome, Err(SignInError::InvalidIssuer { .. })), "{outcome:?}");
    assert_eq!(provider.count("/swap"), 0);
}

#[tokio::test]
async fn endpoints_of_the_integration_go_ahead_of_discovery() {
    let provider = Provider::start().await;
    let at = |path: &str| Some(format!("{}{path}", provider.issuer).parse::<Url>().unwrap());
    provider.script(|script| {
        script.metadata = Arc::new(|document| {
            document["token_endpoint"] = json!("https://moved.example/token");
            document["jwks_uri"] = json!("https://moved.example/jwks");
        });
    });
    let mut integration = provider.integration();
    integration.endpoints.token = at("/swap");
    integration.endpoints.jwks = at("/keys-somewhere");
    sign_in(&party(), &integration).await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_in_the_clear_beyond_this_machine() {
    for name in ["token_endpoint", "authorization_endpoint", "jwks_uri", "revocation_endpoint"] {
        let provider = Provider::start().await;
        provider.script(|script| {
            script.metadata = Arc::new(move |document| document[name] = json!("http://idporten.example/x"))
        });
        let outcome = party().begin(&provider.integration(), SignInOptions::default()).await;
        assert!(matches!(outcome, Err(SignInError::Token(TokenError::Configuration(_)))), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_discovery_that_is_none_is_a_typed_error() {
    let document = "/.well-known/openid-configuration";
    type Expected = fn(&TokenError) -> bool;
    let cases: [(Canned, Expected); 5] = [
        (Canned::text(200, "text/html", "<html>Logg inn på gjestenettet</html>"), |error| {
            matches!(
                error,
                TokenError::UnreadableAnswer { endpoint: Endpoint::Discovery, what: AnswerFault::NotAsExpected(_) }
            )
        }),
        (Canned::text(404, "text/plain", ""), |error| {
            matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::Status(404), .. })
        }),
        (Canned::text(503, "text/plain", ""), |error| {
            matches!(error, TokenError::Fault { endpoint: Endpoint::Discovery, status: 503 })
        }),
        (Canned::text(200, "application/json", vec![b' '; 10_000_000]), |error| {
            matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::TooLarge, .. })
        }),
        (Canned { location: Some("http://127.0.0.1:9/".to_owned()), ..Canned::text(302, "text/plain", "") }, |error| {
            matches!(error, TokenError::UnreadableAnswer { what: AnswerFault::Redirected, .. })
        }),
    ];
    for (canned, expected) in cases {
        let provider = Provider::start().await;
        provider.script(|script| drop(script.canned.insert(document, canned)));
        match party().begin(&provider.integration(), SignInOptions::default()).await {
            Err(SignInError::Token(error)) if expected(&error) => {}
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_dead_address_says_why() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let integration = id_porten::Integration::native(Issuer::parse(&format!("http://127.0.0.1:{port}")).unwrap(), "x");
    let started = Instant::now();
    let error = party().begin(&integration, SignInOptions::default()).await.unwrap_err();
    assert!(started.elapsed() < Duration::from_secs(10));
    let SignInError::Token(error @ TokenError::Unreachable { endpoint: Endpoint::Discovery, .. }) = error else {
        panic!("{error:?}")
    };
    let mut chain = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        chain.push(cause.to_string());
        next = cause.source();
    }
    assert!(chain.iter().any(|text| text.contains("refused")), "the whole chain of causes: {chain:?}");
}

#[tokio::test]
async fn a_clock_that_is_hours_wrong_is_said_and_a_good_clock_is_not_blamed() {
    let provider = Provider::start().await;
    let clock = TestClock::default();
    let party = party_with(clock.clone());
    assert_eq!(party.clock_skew(), None);
    sign_in(&party, &provider.integration()).await.unwrap();
    assert!(party.clock_skew().unwrap().as_secs().abs() < 60);

    // Four minutes are within what is tolerated.
    clock.advance(240);
    sign_in(&party, &provider.integration()).await.unwrap();
    clock.advance(-480);
    sign_in(&party, &provider.integration()).await.unwrap();
    clock.advance(240);

    for hours in [3, -3] {
        clock.advance(hours * 3600);
        let outcome = sign_in(&party, &provider.integration()).await;
        let Err(SignInError::Token(TokenError::ClockSkew { by })) = outcome else { panic!("{outcome:?}") };
        assert!((by.as_secs() + hours * 3600).abs() < 60, "{by}");
        clock.advance(-hours * 3600);
    }

    // An ended token under a right clock is the issuer's fault.
    let long_ago = jiff::Timestamp::now().as_second() - 4000;
    provider.script(|script| script.claims = Arc::new(move |claims| claims["exp"] = json!(long_ago)));
    let outcome = sign_in(&party, &provider.integration()).await;
    assert!(
        matches!(outcome, Err(SignInError::Token(TokenError::UntrustedIdToken { what: IdTokenFault::Expired }))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn an_assertion_that_is_refused_under_a_wrong_clock_blames_the_clock() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::PrivateKeyJwt(provider::keys()[0].clone());
    provider.script(|script| {
        script.canned.insert("/swap", Canned::json(401, json!({"error": "invalid_client"})));
    });
    let outcome = sign_in(&party(), &integration).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::IntegrationRefused { .. }))), "{outcome:?}");
    provider.script(|script| script.date_offset = 7200);
    let outcome = sign_in(&party(), &integration).await;
    assert!(
        matches!(outcome, Err(SignInError::Token(TokenError::ClockSkew { by })) if by.as_hours() >= 1),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn the_browser_can_be_opened_again() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    let attempt = party().begin(&integration, SignInOptions::default()).await.unwrap();
    assert_eq!(attempt.link().again().await.unwrap(), *attempt.url());

    // A pushed request is used up by being opened.
    integration.use_par = true;
    let attempt = party().begin(&integration, SignInOptions::default()).await.unwrap();
    let link = attempt.link();
    let stay = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    stay.get(attempt.url().clone()).send().await.unwrap();
    let second = link.again().await.unwrap();
    assert_ne!(second, *attempt.url());
    let (outcome, _) = tokio::join!(attempt.finish(CancellationToken::new()), reqwest::get(second));
    outcome.unwrap();
}

#[tokio::test]
async fn lifetimes_are_the_answers_else_the_integrations() {
    let provider = Provider::start().await;
    let party = party();
    let mut integration = provider.integration();
    integration.lifetimes.authorization = Duration::from_secs(31_536_000);
    let left =
        |moment: Option<jiff::Timestamp>| moment.map(|moment| moment.duration_since(jiff::Timestamp::now()).as_secs());
    let near = |seconds: Option<i64>, expected: i64| {
        seconds.is_some_and(|seconds| (expected - 20..=expected).contains(&seconds))
    };

    let grant = sign_in(&party, &integration).await.unwrap();
    assert!(near(left(Some(grant.access_expires_at)), 120), "expires_in");
    assert!(near(left(grant.refresh_expires_at), 600), "the registered lifetime");

    integration.lifetimes.refresh_token = Duration::ZERO;
    let grant = sign_in(&party, &integration).await.unwrap();
    assert!(near(left(grant.refresh_expires_at), 31_536_000), "zero: as long as the authorization");

    provider.script(|script| {
        script.token = Arc::new(|answer| {
            answer["refresh_token_expires_in"] = json!(700);
            answer.as_object_mut().unwrap().remove("scope");
        });
    });
    let grant = sign_in(&party, &integration).await.unwrap();
    assert!(near(left(grant.refresh_expires_at), 700), "the answer's own");
    assert_eq!(grant.granted_scopes, ["openid", "profile"], "left out: as asked");

    provider.script(|script| {
        script.token = Arc::new(|answer| drop(answer.as_object_mut().unwrap().remove("refresh_token")))
    });
    let grant = sign_in(&party, &integration).await.unwrap();
    assert!(grant.refresh_token.is_none() && grant.refresh_expires_at.is_none(), "none is normal");

    provider
        .script(|script| script.token = Arc::new(|answer| drop(answer.as_object_mut().unwrap().remove("id_token"))));
    let outcome = sign_in(&party, &integration).await;
    assert!(
        matches!(outcome, Err(SignInError::Token(TokenError::UntrustedIdToken { what: IdTokenFault::Missing }))),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn revoking_sends_the_token_and_its_kind() {
    let provider = Provider::start().await;
    let (party, integration) = (party(), provider.integration());
    let grant = sign_in(&party, &integration).await.unwrap();
    party.revoke(&integration, Revocable::Refresh(grant.refresh_token.as_ref().unwrap())).await.unwrap();
    party.revoke(&integration, Revocable::Access(&grant.access_token)).await.unwrap();
    let seen = provider.seen("/take-back");
    assert_eq!(
        (seen[0].fields["token"].as_str(), seen[0].fields["token_type_hint"].as_str()),
        ("refresh-1", "refresh_token")
    );
    assert_eq!(
        (seen[1].fields["token"].as_str(), seen[1].fields["token_type_hint"].as_str()),
        ("opaque-access-token", "access_token")
    );
    provider.script(|script| drop(script.canned.insert("/take-back", Canned::text(503, "text/plain", ""))));
    let outcome = party.revoke(&integration, Revocable::Access(&grant.access_token)).await;
    assert!(matches!(outcome, Err(TokenError::Fault { endpoint: Endpoint::Revocation, .. })), "{outcome:?}");
}

#[tokio::test]
async fn no_secret_is_printed() {
    let provider = Provider::start().await;
    let mut integration = provider.integration();
    integration.authentication = ClientAuthentication::SecretPost(ClientSecret::new("klienthemmelighet"));
    provider.script(|script| script.access_token = "tilgangsbevis".to_owned());
    let attempt = party().begin(&integration, SignInOptions::default()).await.unwrap();
    let url = attempt.url().clone();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let mut printed = format!("{integration:?} {attempt:?}");
    let (outcome, _) = tokio::join!(attempt.finish(CancellationToken::new()), reqwest::get(url));
    let grant = outcome.unwrap();
    printed.push_str(&format!("{grant:?} {:?}", grant.identity));
    let id_token = grant.id_token.as_ref().unwrap().expose();
    for secret in ["klienthemmelighet", "tilgangsbevis", "refresh-1", "14838112345", "8112345", &state, id_token] {
        assert!(!printed.contains(secret), "{secret} is printed: {printed}");
    }
    assert!(printed.contains("[secret]"));
    assert!(!serde_json::to_string(&grant.identity).unwrap().contains("8112345"));
}
