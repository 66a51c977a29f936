//! The relying party and the practice authorities, each written from the documentation alone: that they understand one
//! another is a test of both.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use id_porten::{
    ClientAuthentication, ClientSecret, Endpoint, Grant, Integration, Issuer, NotRefreshed, RelyingParty, Revocable,
    SignInError, SignInOptions, SigningKey, TokenError,
};
use jiff::Timestamp;
use practice::{Options, Practice};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const SCOPES: [&str; 5] =
    ["openid", "profile", "skatteetaten:mvameldingvalidering", "altinn:instances.read", "altinn:instances.write"];

struct Stage {
    practice: Practice,
    party: RelyingParty,
    browser: reqwest::Client,
}

impl Stage {
    async fn set() -> Self {
        let practice = Practice::start(Options::default()).await.unwrap();
        // One clock for both, so that a year can pass.
        let hands = practice.clock().clone();
        let clock = move || -> Timestamp { hands.now() };
        let party = RelyingParty::new(id_porten::client_builder().build().unwrap(), Arc::new(clock));
        Self { practice, party, browser: reqwest::Client::builder().cookie_store(true).build().unwrap() }
    }

    fn integration(&self, client_id: &str) -> Integration {
        let issuer = Issuer::parse(&self.practice.addresses().id_porten).unwrap();
        let mut integration = Integration::native(issuer, client_id);
        integration.scopes = SCOPES.map(str::to_owned).to_vec();
        integration.acr_values = vec!["idporten-loa-substantial".to_owned()];
        integration.lifetimes.authorization = Duration::from_secs(31_536_000);
        integration.lifetimes.refresh_token = Duration::ZERO;
        integration
    }

    async fn control(&self, path: &str, body: Value) {
        let address = format!("{}{path}", self.practice.addresses().control);
        let answer = reqwest::Client::new().post(address).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// How often ID-porten has been asked for its signing keys.
    async fn key_requests(&self) -> usize {
        let log =
            reqwest::get(format!("{}/log", self.practice.addresses().control)).await.unwrap().text().await.unwrap();
        let log: Value = serde_json::from_str(&log).unwrap();
        let requests = log["requests"].as_array().unwrap();
        requests.iter().filter(|it| it["authority"] == "id_porten" && it["call"] == "jwks").count()
    }

    async fn sign_in(&self, integration: &Integration) -> Result<Grant, SignInError> {
        self.sign_in_as(integration, format!("testid:{}_idporten-loa-high", pid())).await
    }

    async fn sign_in_as(&self, integration: &Integration, hint: String) -> Result<Grant, SignInError> {
        let options = SignInOptions { login_hint: Some(hint), ..SignInOptions::default() };
        let attempt = self.party.begin(integration, options).await?;
        let url = attempt.url().clone();
        let surf = async { self.browser.get(url).send().await.unwrap().text().await.unwrap() };
        let both = tokio::time::timeout(Duration::from_secs(30), async {
            tokio::join!(attempt.finish(CancellationToken::new()), surf)
        });
        both.await.expect("a sign-in hangs").0
    }
}

fn pid() -> &'static str {
    static PID: OnceLock<String> = OnceLock::new();
    PID.get_or_init(|| practice::world::World::synthetic().persons[0].pid.clone())
}

#[tokio::test]
async fn the_built_in_client_signs_in() {
    let stage = Stage::set().await;
    let grant = stage.sign_in(&stage.integration("momsbud-practice")).await.unwrap();
    assert_eq!(grant.identity.name.as_deref(), Some("Ingrid Solvang"));
    assert_eq!(grant.identity.masked_id, Some(format!("{} •••••", &pid()[..6])));
    assert_eq!(grant.identity.acr.as_deref(), Some("idporten-loa-high"));
    for scope in SCOPES {
        assert!(grant.granted_scopes.iter().any(|granted| granted == scope), "{scope}: {:?}", grant.granted_scopes);
    }
    let left = grant.access_expires_at.duration_since(stage.practice.clock().now()).as_secs();
    assert!((7140..=7200).contains(&left), "{left}");
    assert!(!format!("{grant:?}").contains(pid()));
}

#[tokio::test]
async fn clients_that_prove_themselves_sign_in() {
    let stage = Stage::set().await;
    let mut integration = stage.integration("momsbud-practice-web");
    integration.use_par = true;
    for method in [ClientAuthentication::SecretPost, ClientAuthentication::SecretBasic] {
        integration.authentication = method(ClientSecret::new("practice-secret"));
        stage.sign_in(&integration).await.unwrap();
    }
    integration.authentication = ClientAuthentication::SecretBasic(ClientSecret::new("wrong"));
    let outcome = stage.sign_in(&integration).await;
    assert!(
        matches!(&outcome, Err(SignInError::Token(TokenError::IntegrationRefused { error, .. })) if error == "invalid_client"),
        "{outcome:?}"
    );

    let key = SigningKey::generate().unwrap();
    let client = json!({
        "client_id": "own-key", "application_type": "web", "token_endpoint_auth_method": "private_key_jwt",
        "jwks": {"keys": [key.public_jwk()]}, "redirect_uris": ["http://127.0.0.1:0/callback"], "scopes": SCOPES,
    });
    stage.control("/clients", client).await;
    let mut integration = stage.integration("own-key");
    integration.authentication = ClientAuthentication::PrivateKeyJwt(key);
    stage.sign_in(&integration).await.unwrap();
}

#[tokio::test]
async fn an_authorization_is_kept_for_a_year_and_then_ends() {
    let stage = Stage::set().await;
    let integration = stage.integration("momsbud-practice");
    let first = stage.sign_in(&integration).await.unwrap();
    let mut token = first.refresh_token.clone().unwrap();
    for _ in 0..3 {
        stage.control("/clock", json!({"advanceSeconds": 100 * 86_400})).await;
        let next = stage.party.refresh(&integration, &token, &first.identity).await.unwrap();
        assert_eq!(next.identity.sub, first.identity.sub);
        token = next.refresh_token.unwrap();
    }
    stage.control("/clock", json!({"advanceSeconds": 66 * 86_400})).await;
    let outcome = stage.party.refresh(&integration, &token, &first.identity).await;
    assert!(matches!(outcome, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{outcome:?}");
}

#[tokio::test]
async fn an_old_one_time_token_ends_the_authorization() {
    let stage = Stage::set().await;
    let integration = stage.integration("momsbud-practice");
    let first = stage.sign_in(&integration).await.unwrap();
    let old = first.refresh_token.as_ref().unwrap();
    let next = stage.party.refresh(&integration, old, &first.identity).await.unwrap();
    for token in [old, next.refresh_token.as_ref().unwrap()] {
        let outcome = stage.party.refresh(&integration, token, &first.identity).await;
        assert!(matches!(outcome, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_revoked_authorization_is_over() {
    let stage = Stage::set().await;
    let mut integration = stage.integration("momsbud-practice-web");
    integration.authentication = ClientAuthentication::SecretPost(ClientSecret::new("practice-secret"));
    let grant = stage.sign_in(&integration).await.unwrap();
    let token = grant.refresh_token.as_ref().unwrap();
    stage.party.revoke(&integration, Revocable::Refresh(token)).await.unwrap();
    let outcome = stage.party.refresh(&integration, token, &grant.identity).await;
    assert!(matches!(outcome, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{outcome:?}");
}

#[tokio::test]
async fn a_scope_that_the_client_does_not_own_refuses_the_whole_sign_in() {
    let stage = Stage::set().await;
    let mut integration = stage.integration("momsbud-practice");
    integration.scopes.push("skatteetaten:noe-annet".to_owned());
    let outcome = stage.sign_in(&integration).await;
    assert!(
        matches!(&outcome, Err(SignInError::Token(TokenError::IntegrationRefused { error, .. })) if error == "invalid_scope"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_weak_sign_in_is_refused() {
    let stage = Stage::set().await;
    stage.control("/settings", json!({"idPorten": {"grantedAcr": "idporten-loa-low"}})).await;
    let outcome = stage.sign_in(&stage.integration("momsbud-practice")).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::AcrTooLow { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn new_signing_keys_are_fetched() {
    let stage = Stage::set().await;
    let integration = stage.integration("momsbud-practice");
    stage.sign_in(&integration).await.unwrap();
    stage.sign_in(&integration).await.unwrap();
    assert_eq!(stage.key_requests().await, 1, "keys that are known are not asked for again");
    stage.control("/keys/id_porten/rotate", json!({})).await;
    stage.sign_in(&integration).await.unwrap();
    assert_eq!(stage.key_requests().await, 2, "a token is signed with a key that nobody knew");
}

#[tokio::test]
async fn ansattporten_is_an_issuer_like_the_other() {
    let stage = Stage::set().await;
    let mut integration = stage.integration("momsbud-practice");
    integration.issuer = Issuer::parse(&stage.practice.addresses().ansattporten).unwrap();
    integration.scopes = vec!["openid".to_owned(), "profile".to_owned()];
    integration.acr_values = vec!["entraid".to_owned()];
    integration.authorization_details = Some(
        json!([{"type": "ansattporten:orgno", "allow_multiple_organizations": true, "representation_is_required": true}]),
    );
    let employee = practice::world::World::synthetic().employees.remove(0);
    let grant = stage.sign_in_as(&integration, format!("entraid:{}", employee.key)).await.unwrap();
    assert_eq!(grant.identity.acr.as_deref(), Some("entraid"));
    assert_eq!(grant.identity.name, Some(employee.name()));
    assert_eq!(grant.identity.masked_id, None, "a work account has no national id");
    let details = grant.authorization_details.unwrap();
    assert_eq!(details[0]["type"], "ansattporten:orgno");
    assert_eq!(details[0]["authorized_parties"][0]["orgno"]["ID"], format!("0192:{}", employee.organisations[0]));

    // The same person is not good enough where ID-porten's levels are asked for.
    integration.acr_values = vec!["idporten-loa-substantial".to_owned(), "idporten-loa-high".to_owned()];
    let outcome = stage.sign_in_as(&integration, format!("entraid:{}", employee.key)).await;
    assert!(matches!(outcome, Err(SignInError::Token(TokenError::AcrTooLow { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn a_lost_answer_of_the_token_endpoint_is_not_asked_for_again() {
    let stage = Stage::set().await;
    let rule = json!({"authority": "id_porten", "path": "/token", "fault": {"kind": "dropAfter"}});
    stage.control("/faults", rule).await;
    let outcome = stage.sign_in(&stage.integration("momsbud-practice")).await;
    assert!(
        matches!(outcome, Err(SignInError::Token(TokenError::Unreachable { endpoint: Endpoint::Token, .. }))),
        "{outcome:?}"
    );
    // One fault was planned: had the code been sent twice, the second would have been answered.
    let faults =
        reqwest::get(format!("{}/faults", stage.practice.addresses().control)).await.unwrap().text().await.unwrap();
    let faults: Value = serde_json::from_str(&faults).unwrap();
    assert_eq!(faults[0]["matched"].as_u64().or_else(|| faults["rules"][0]["matched"].as_u64()), Some(1), "{faults}");
}

#[tokio::test]
async fn a_person_who_presses_cancel_is_an_outcome() {
    let stage = Stage::set().await;
    let attempt = stage.party.begin(&stage.integration("momsbud-practice"), SignInOptions::default()).await.unwrap();
    let issuer = stage.practice.addresses().id_porten.clone();
    let page = stage.browser.get(attempt.url().clone()).send().await.unwrap().text().await.unwrap();
    let hidden = page
        .split("name=\"attempt\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a form")
        .to_owned();
    let press = async {
        let form = format!("attempt={hidden}");
        let post =
            stage.browser.post(format!("{issuer}/login")).header("content-type", "application/x-www-form-urlencoded");
        post.body(form).send().await.unwrap().text().await.unwrap()
    };
    let (outcome, page) = tokio::join!(attempt.finish(CancellationToken::new()), press);
    let Err(SignInError::Denied { error, description }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(error, "access_denied");
    assert!(description.is_some());
    assert!(page.contains("Du ble ikke logget inn"), "{page}");
}

#[tokio::test]
async fn logging_out_ends_single_sign_on() {
    let stage = Stage::set().await;
    let integration = stage.integration("momsbud-practice");
    let grant = stage.sign_in(&integration).await.unwrap();
    let logout = stage.party.end_session_url(&integration, grant.id_token.as_ref()).await.unwrap().unwrap();
    assert!(stage.browser.get(logout.url().clone()).send().await.unwrap().status().is_success());
    // Without a hint the person must choose who she is: there is no session that would let her through.
    let attempt = stage.party.begin(&integration, SignInOptions::default()).await.unwrap();
    let page = stage.browser.get(attempt.url().clone()).send().await.unwrap();
    assert_ne!(page.url().path(), "/callback", "somebody is still signed in");
}
