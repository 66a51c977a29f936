//! The good path through `oidc-provider`, a certified provider that was not written by us: what it accepts and sends is
//! a second opinion on the protocol.
//!
//! It needs Node and `npm ci` in `tests/oidc-provider`. Without them the tests say so and do nothing, and in CI they fail.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[path = "../../../tests/support/needed.rs"]
mod needed;

use id_porten::work::{Actions, Employee, Representation, WorkRequest};
use id_porten::{
    ClientAuthentication, ClientSecret, Grant, Integration, Issuer, NotRefreshed, RelyingParty, Revocable, SignInError,
    SignInOptions, SigningKey, SystemClock, TokenError,
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::io::BufRead as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// The provider in a process of its own, ended with the test.
struct Node {
    child: Child,
    issuer: String,
    key: SigningKey,
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Node {
    /// Starts the provider; none where it is not installed.
    fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc-provider");
        if !folder.join("node_modules/oidc-provider").exists() {
            needed::absent("oidc-provider", &format!("run `npm ci` in {}", folder.display()));
            return None;
        }
        let key = SigningKey::generate().unwrap();
        let mut child = Command::new("node")
            .arg("provider.mjs")
            .current_dir(folder)
            .env("CLIENT_JWK", key.public_jwk().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node does not start");
        let mut line = String::new();
        std::io::BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let said: serde_json::Value = serde_json::from_str(&line).expect("the provider did not start");
        Some(Self { child, issuer: said["issuer"].as_str().unwrap().to_owned(), key })
    }

    fn integration(&self, client_id: &str) -> Integration {
        let mut integration = Integration::native(Issuer::parse(&self.issuer).unwrap(), client_id);
        integration.scopes = vec!["openid".to_owned(), "profile".to_owned()];
        integration.acr_values = vec!["idporten-loa-substantial".to_owned(), "idporten-loa-high".to_owned()];
        integration
    }
}

fn party() -> RelyingParty {
    RelyingParty::new(id_porten::client_builder().build().unwrap(), Arc::new(SystemClock))
}

/// A browser with a memory. It stops before the address to come back to after logging out, where nobody listens.
fn browser() -> reqwest::Client {
    let until_home =
        reqwest::redirect::Policy::custom(|next| if next.url().path() == "/bye" { next.stop() } else { next.follow() });
    reqwest::Client::builder().cookie_store(true).redirect(until_home).build().unwrap()
}

async fn sign_in(
    party: &RelyingParty,
    integration: &Integration,
    browser: &reqwest::Client,
) -> Result<Grant, SignInError> {
    let attempt = party.begin(integration, SignInOptions::default()).await?;
    let url = attempt.url().clone();
    let surf = async {
        let answer = browser.get(url).send().await.unwrap();
        let (address, text) = (answer.url().clone(), answer.text().await.unwrap());
        assert_eq!(address.path(), "/callback", "the browser is stuck: {text}");
        text
    };
    let both = tokio::time::timeout(Duration::from_secs(30), async {
        tokio::join!(attempt.finish(CancellationToken::new()), surf)
    });
    let (outcome, page) = both.await.expect("a sign-in hangs");
    assert_eq!(outcome.is_ok(), page.contains("Du er logget inn"), "{page}");
    outcome
}

#[tokio::test]
async fn the_good_path_of_a_native_client() {
    let Some(node) = Node::start() else { return };
    let (party, integration) = (party(), node.integration("momsbud-native"));
    let grant = sign_in(&party, &integration, &browser()).await.unwrap();
    assert_eq!(grant.identity.sub, "pairwise-7");
    assert_eq!(grant.identity.name.as_deref(), Some("Ingrid Solvang"));
    assert_eq!(grant.identity.masked_id.as_deref(), Some("148381 •••••"));
    assert_eq!(grant.identity.acr.as_deref(), Some("idporten-loa-high"));
    assert!(grant.granted_scopes.iter().any(|scope| scope == "profile"));
    let left = grant.access_expires_at.duration_since(jiff::Timestamp::now()).as_secs();
    assert!((60..=120).contains(&left), "{left}");
    assert!(party.clock_skew().unwrap().as_secs().abs() < 60);
}

#[tokio::test]
async fn a_client_with_a_secret_in_the_header() {
    let Some(node) = Node::start() else { return };
    let mut integration = node.integration("momsbud-basic");
    integration.authentication = ClientAuthentication::SecretBasic(ClientSecret::new("p:a+s/s%&"));
    sign_in(&party(), &integration, &browser()).await.unwrap();
    integration.authentication = ClientAuthentication::SecretBasic(ClientSecret::new("another"));
    let outcome = sign_in(&party(), &integration, &browser()).await;
    assert!(
        matches!(&outcome, Err(SignInError::Token(TokenError::IntegrationRefused { error, .. })) if error == "invalid_client"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn pushed_requests_and_private_key_jwt() {
    let Some(node) = Node::start() else { return };
    let mut integration = node.integration("momsbud-jwt");
    // A key that went through the vault's form.
    let key = SigningKey::from_pem(node.key.to_pem().unwrap().expose_secret()).unwrap();
    integration.authentication = ClientAuthentication::PrivateKeyJwt(key);
    integration.use_par = true;
    integration.authorization_details =
        Some(json!([{"type": "ansattporten:orgno", "representation_is_required": true}]));
    let party = party();
    let grant = sign_in(&party, &integration, &browser()).await.unwrap();
    assert_eq!(grant.authorization_details.unwrap()[0]["type"], "ansattporten:orgno");
    let again = party.refresh(&integration, grant.refresh_token.as_ref().unwrap(), &grant.identity).await.unwrap();
    assert_eq!(again.identity.sub, grant.identity.sub);

    integration.authentication = ClientAuthentication::PrivateKeyJwt(SigningKey::generate().unwrap());
    let outcome = party.begin(&integration, SignInOptions::default()).await;
    assert!(
        matches!(&outcome, Err(SignInError::Token(TokenError::IntegrationRefused { error, .. })) if error == "invalid_client"),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_work_account_and_its_organisation_in_both_kinds_of_request() {
    let Some(node) = Node::start() else { return };
    let by_right = Representation::AltinnResource {
        resources: vec!["mva".into()],
        actions: vec!["read".into()],
        // As RFC 9396 has it: this provider refuses the text of Digdir's documentation.
        written: Actions::List,
    };
    for representation in [Representation::Organisation, by_right] {
        let request = WorkRequest { representation, required: true, ..WorkRequest::default() };
        let mut integration = request.through(node.integration("momsbud-jwt"));
        integration.authentication = ClientAuthentication::PrivateKeyJwt(node.key.clone());
        let grant = sign_in(&party(), &integration, &browser()).await.unwrap();
        let employee = Employee::of(&grant, &request).unwrap();
        assert_eq!(employee.identity.acr.as_deref(), Some("entraid"), "{}", request.kind());
        assert!(employee.second_factor);
        let numbers: Vec<_> = employee.organisations.known.iter().map(|known| known.number.as_str()).collect();
        assert_eq!(numbers, ["312206498"], "{}", request.kind());
    }
}

#[tokio::test]
async fn rotation_and_reuse_detection() {
    let Some(node) = Node::start() else { return };
    let (party, integration) = (party(), node.integration("momsbud-native"));
    let first = sign_in(&party, &integration, &browser()).await.unwrap();
    let second = party.refresh(&integration, first.refresh_token.as_ref().unwrap(), &first.identity).await.unwrap();
    let third = party.refresh(&integration, second.refresh_token.as_ref().unwrap(), &first.identity).await.unwrap();
    assert_ne!(second.refresh_token.as_ref().unwrap().expose(), third.refresh_token.as_ref().unwrap().expose());
    assert_eq!(third.identity.sub, first.identity.sub);
    // An old one comes back: it is refused, and the whole family with it.
    let reuse = party.refresh(&integration, second.refresh_token.as_ref().unwrap(), &first.identity).await;
    assert!(matches!(reuse, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{reuse:?}");
    let family = party.refresh(&integration, third.refresh_token.as_ref().unwrap(), &first.identity).await;
    assert!(matches!(family, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{family:?}");
}

#[tokio::test]
async fn revocation() {
    let Some(node) = Node::start() else { return };
    let (party, integration) = (party(), node.integration("momsbud-native"));
    let grant = sign_in(&party, &integration, &browser()).await.unwrap();
    let token = grant.refresh_token.as_ref().unwrap();
    party.revoke(&integration, Revocable::Access(&grant.access_token)).await.unwrap();
    party.revoke(&integration, Revocable::Refresh(token)).await.unwrap();
    let outcome = party.refresh(&integration, token, &grant.identity).await;
    assert!(matches!(outcome, Err(NotRefreshed { error: TokenError::TooLate { .. }, .. })), "{outcome:?}");
}

#[tokio::test]
async fn logout() {
    let Some(node) = Node::start() else { return };
    let (party, browser) = (party(), browser());
    let mut integration = node.integration("momsbud-native");
    integration.post_logout_redirect_uri = Some("http://127.0.0.1/bye".parse().unwrap());
    let grant = sign_in(&party, &integration, &browser).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let same = sign_in(&party, &integration, &browser).await.unwrap();
    assert!(grant.identity.auth_time.is_some());
    assert_eq!(same.identity.auth_time, grant.identity.auth_time, "single sign-on lets her through");
    let logout = party.end_session_url(&integration, grant.id_token.as_ref()).await.unwrap().unwrap();

    // The provider asks "do you want to sign out?"; its form's hidden field is what makes the answer ours.
    let page = browser.get(logout.url().clone()).send().await.unwrap().text().await.unwrap();
    let xsrf =
        page.split("name=\"xsrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a logout form");
    let answer = browser
        .post(format!("{}/session/end/confirm", node.issuer))
        .body(format!("xsrf={xsrf}&logout=yes"))
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .await
        .unwrap();
    let returned = answer.headers()["location"].to_str().unwrap().parse().unwrap();
    assert_eq!(logout.check_return(&returned), Ok(()), "{returned}");

    // The session is gone: who comes next must prove herself again.
    let again = sign_in(&party, &integration, &browser).await.unwrap();
    assert!(again.identity.auth_time > grant.identity.auth_time, "{again:?}");
}
