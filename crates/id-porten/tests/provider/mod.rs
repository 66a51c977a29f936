//! A provider that does what its script says, however wrong: the other side of the relying party's tests.
//!
//! Without a script it is a correct OpenID provider for one person, so that each test changes one thing only.

// Each test program uses a part of it.
#![allow(dead_code, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use id_porten::work::WorkRequest;
use id_porten::{Grant, Integration, Issuer, RelyingParty, SignInError, SignInOptions, SigningKey};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// When the person signed in: once, however often tokens are renewed (OpenID Connect Core 12.2).
static SIGNED_IN: std::sync::LazyLock<i64> = std::sync::LazyLock::new(|| jiff::Timestamp::now().as_second());

/// A change to a JSON document before it is sent.
pub type Change = Arc<dyn Fn(&mut Value) + Send + Sync>;

/// A change to an authorization response.
pub type ResponseChange = Arc<dyn Fn(&mut Vec<(&'static str, String)>) + Send + Sync>;

/// What happens in the middle of a request.
pub type Interruption = Box<dyn FnOnce(&mut Script) + Send>;

/// How the id_token is signed.
#[derive(Clone)]
pub enum Signing {
    Rs256,
    /// RS256 with a signature that does not fit.
    BrokenRs256,
    /// With this text as the key.
    Hs256(String),
    Es256,
    None,
    /// A correct RS256 signature under a header of another algorithm's name.
    Named(&'static str),
}

/// A whole answer, instead of the provider's own.
#[derive(Clone)]
pub struct Canned {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub location: Option<String>,
    pub delay: Duration,
}

impl Canned {
    pub fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            content_type: "application/json",
            body: body.to_string().into_bytes(),
            location: None,
            delay: Duration::ZERO,
        }
    }

    pub fn text(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, body: body.into(), location: None, delay: Duration::ZERO }
    }
}

/// What the provider does otherwise than right.
pub struct Script {
    pub metadata: Change,
    pub claims: Change,
    /// Claims of an id_token that answers a refresh, on top of `claims`.
    pub refreshed_claims: Change,
    pub token: Change,
    pub userinfo: Change,
    pub response: ResponseChange,
    pub signing: Signing,
    /// The kid in the id_token's header; none leaves it out.
    pub kid: Option<String>,
    /// Which key signs.
    pub key: usize,
    /// Which keys are published, with their kid.
    pub published: Vec<(usize, Option<String>)>,
    pub canned: HashMap<&'static str, Canned>,
    /// Called when the token endpoint is about to sign.
    pub before_signing: Option<Interruption>,
    /// How long the token endpoint thinks.
    pub delay: Duration,
    /// Moves the `Date` of every answer.
    pub date_offset: i64,
    pub access_token: String,
}

impl Default for Script {
    fn default() -> Self {
        let nothing: Change = Arc::new(|_| {});
        Self {
            metadata: nothing.clone(),
            claims: nothing.clone(),
            refreshed_claims: nothing.clone(),
            token: nothing.clone(),
            userinfo: nothing,
            response: Arc::new(|_| {}),
            signing: Signing::Rs256,
            kid: Some("k0".to_owned()),
            key: 0,
            published: vec![(0, Some("k0".to_owned()))],
            canned: HashMap::new(),
            before_signing: None,
            delay: Duration::ZERO,
            date_offset: 0,
            access_token: "opaque-access-token".to_owned(),
        }
    }
}

/// A request that arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub fields: HashMap<String, String>,
    pub authorization: Option<String>,
}

struct Code {
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
}

#[derive(Default)]
struct Memory {
    script: Script,
    seen: Vec<Seen>,
    codes: HashMap<String, Code>,
    pushed: HashMap<String, HashMap<String, String>>,
    issued: u32,
}

pub struct Provider {
    pub issuer: String,
    memory: Arc<Mutex<Memory>>,
    server: tokio::task::JoinHandle<()>,
}

impl Drop for Provider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Keys are slow to make, so all tests share them.
pub fn keys() -> &'static [SigningKey] {
    static KEYS: OnceLock<Vec<SigningKey>> = OnceLock::new();
    KEYS.get_or_init(|| (0..3).map(|_| SigningKey::generate().unwrap()).collect())
}

struct Ec {
    private: EncodingKey,
    public: Value,
}

fn ec() -> &'static Ec {
    static KEY: OnceLock<Ec> = OnceLock::new();
    KEY.get_or_init(|| {
        use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
        let rng = aws_lc_rs::rand::SystemRandom::new();
        let der = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref()).unwrap();
        let point = pair.public_key().as_ref();
        let public = json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "ec",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65])});
        Ec { private: EncodingKey::from_ec_der(der.as_ref()), public }
    })
}

impl Provider {
    pub async fn start() -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", socket.local_addr().unwrap());
        let memory = Arc::new(Mutex::new(Memory::default()));
        let shared = Shared { issuer: issuer.clone(), memory: memory.clone() };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/keys-somewhere", get(jwks))
            .route("/start-here", get(authorize))
            .route("/swap", post(token))
            .route("/push", post(push))
            .route("/who", get(userinfo))
            .route("/take-back", post(revoke))
            .layer(axum::middleware::from_fn_with_state(shared.clone(), overrule))
            .with_state(shared);
        let server = tokio::spawn(async move { axum::serve(socket, router).await.unwrap() });
        Self { issuer, memory, server }
    }

    /// Changes the script.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.memory.lock().unwrap().script);
    }

    /// The requests to `path` so far.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.memory.lock().unwrap().seen.iter().filter(|seen| seen.path == path).cloned().collect()
    }

    pub fn count(&self, path: &str) -> usize {
        self.seen(path).len()
    }

    pub fn integration(&self) -> Integration {
        let mut integration = Integration::native(Issuer::parse(&self.issuer).unwrap(), "momsbud-test");
        integration.scopes = vec!["openid".to_owned(), "profile".to_owned()];
        integration.acr_values = vec!["idporten-loa-substantial".to_owned()];
        if plays_ansattporten() {
            let request =
                WorkRequest { or_level: Some("idporten-loa-substantial".to_owned()), ..WorkRequest::default() };
            integration = request.through(integration);
            // Through the browser, so that each row sees what was asked for.
            integration.use_par = false;
        }
        integration
    }
}

/// Whether this test program has the provider play Ansattporten: the rows of `relying_party` are compiled once for each
/// issuer.
pub fn plays_ansattporten() -> bool {
    env!("CARGO_CRATE_NAME") == "ansattporten_relying_party"
}

/// A clock that the test moves.
#[derive(Clone, Default)]
pub struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl id_porten::Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + jiff::SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

pub fn party() -> RelyingParty {
    party_with(TestClock::default())
}

pub fn party_with(clock: TestClock) -> RelyingParty {
    RelyingParty::new(id_porten::client_builder().build().unwrap(), Arc::new(clock))
}

/// What a browser saw at the end of its way.
#[derive(Debug)]
pub struct Screen {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

/// Signs in, playing the browser: follows the redirects from the attempt's address.
pub async fn sign_in_with(
    party: &RelyingParty,
    integration: &Integration,
    options: SignInOptions,
) -> (Result<Grant, SignInError>, Option<Screen>) {
    let attempt = match party.begin(integration, options).await {
        Ok(attempt) => attempt,
        Err(error) => return (Err(error), None),
    };
    let url = attempt.url().clone();
    let browser = async move {
        let answer = reqwest::Client::new().get(url).send().await.ok()?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Some(Screen { status, headers, text: answer.text().await.ok()? })
    };
    let limit = tokio::time::timeout(Duration::from_secs(60), async {
        tokio::join!(attempt.finish(CancellationToken::new()), browser)
    });
    limit.await.expect("a sign-in hangs")
}

pub async fn sign_in(party: &RelyingParty, integration: &Integration) -> Result<Grant, SignInError> {
    sign_in_with(party, integration, SignInOptions::default()).await.0
}

// ---- the provider's side

#[derive(Clone)]
struct Shared {
    issuer: String,
    memory: Arc<Mutex<Memory>>,
}

type Fields = HashMap<String, String>;

/// Notes the request, answers as canned where the script says so, and sets the clock that the answer shows.
async fn overrule(State(shared): State<Shared>, request: Request, next: axum::middleware::Next) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let bytes = axum::body::to_bytes(body, 1_000_000).await.unwrap();
    let query = parts.uri.query().unwrap_or_default().as_bytes().to_vec();
    let fields = [query.as_slice(), &bytes]
        .into_iter()
        .flat_map(url::form_urlencoded::parse)
        .map(|(k, v)| (k.into_owned(), v.into_owned()))
        .collect();
    let authorization = parts.headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap().to_owned());
    let (canned, offset) = {
        let mut memory = shared.memory.lock().unwrap();
        memory.seen.push(Seen { path: path.clone(), fields, authorization });
        (memory.script.canned.get(path.as_str()).cloned(), memory.script.date_offset)
    };
    let mut response = match canned {
        None => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Some(canned) => {
            tokio::time::sleep(canned.delay).await;
            let mut response =
                Response::builder().status(canned.status).header(header::CONTENT_TYPE, canned.content_type);
            if let Some(location) = canned.location {
                response = response.header(header::LOCATION, location);
            }
            response.body(Body::from(canned.body)).unwrap()
        }
    };
    let date =
        (Timestamp::now() + jiff::SignedDuration::from_secs(offset)).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    response.headers_mut().insert(header::DATE, date.parse().unwrap());
    response
}

async fn metadata(State(shared): State<Shared>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", shared.issuer);
    let mut document = json!({
        "issuer": shared.issuer,
        "authorization_endpoint": at("/start-here"),
        "token_endpoint": at("/swap"),
        "pushed_authorization_request_endpoint": at("/push"),
        "userinfo_endpoint": at("/who"),
        "revocation_endpoint": at("/take-back"),
        "end_session_endpoint": at("/goodbye"),
        "jwks_uri": at("/keys-somewhere"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "authorization_response_iss_parameter_supported": true,
    });
    let change = shared.memory.lock().unwrap().script.metadata.clone();
    change(&mut document);
    Json(document)
}

async fn jwks(State(shared): State<Shared>) -> Json<Value> {
    let published = shared.memory.lock().unwrap().script.published.clone();
    let mut found = vec![ec().public.clone()];
    for (index, kid) in published {
        let mut key = keys()[index].public_jwk();
        match kid {
            Some(kid) => key["kid"] = json!(kid),
            None => drop(key.as_object_mut().unwrap().remove("kid")),
        }
        found.push(key);
    }
    Json(json!({"keys": found}))
}

async fn push(State(shared): State<Shared>, Form(fields): Form<Fields>) -> Response {
    let mut memory = shared.memory.lock().unwrap();
    memory.issued += 1;
    let uri = format!("urn:test:{}", memory.issued);
    memory.pushed.insert(uri.clone(), fields);
    (StatusCode::CREATED, Json(json!({"request_uri": uri, "expires_in": 120}))).into_response()
}

async fn authorize(State(shared): State<Shared>, Query(fields): Query<Fields>) -> Response {
    let mut memory = shared.memory.lock().unwrap();
    let fields = match fields.get("request_uri") {
        Some(uri) => memory.pushed.remove(uri).unwrap(),
        None => fields,
    };
    assert_eq!(fields["response_type"], "code");
    assert_eq!(fields["code_challenge_method"], "S256");
    assert!(fields["state"].len() >= 43 && fields["nonce"].len() >= 43 && fields["code_challenge"].len() == 43);
    memory.issued += 1;
    let code = format!("code-{}", memory.issued);
    memory.codes.insert(
        code.clone(),
        Code {
            nonce: fields.get("nonce").cloned(),
            challenge: fields["code_challenge"].clone(),
            redirect_uri: fields["redirect_uri"].clone(),
        },
    );
    let mut answer = vec![("code", code), ("state", fields["state"].clone()), ("iss", shared.issuer.clone())];
    let change = memory.script.response.clone();
    change(&mut answer);
    let mut home: url::Url = fields["redirect_uri"].parse().unwrap();
    home.query_pairs_mut().extend_pairs(answer);
    Redirect::to(home.as_str()).into_response()
}

fn oauth_error(status: u16, error: &str, description: &str) -> Response {
    (StatusCode::from_u16(status).unwrap(), Json(json!({"error": error, "error_description": description})))
        .into_response()
}

async fn token(State(shared): State<Shared>, headers: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let delay = shared.memory.lock().unwrap().script.delay;
    tokio::time::sleep(delay).await;
    let mut memory = shared.memory.lock().unwrap();
    let mut client = fields.get("client_id").cloned();
    if let Some(basic) = headers.get(header::AUTHORIZATION) {
        let decoded = STANDARD.decode(basic.to_str().unwrap().strip_prefix("Basic ").unwrap()).unwrap();
        client = String::from_utf8(decoded).unwrap().split(':').next().map(str::to_owned);
    }
    let nonce = match fields["grant_type"].as_str() {
        "authorization_code" => {
            // Taken away: a code that comes twice gives invalid_grant.
            let Some(code) = memory.codes.remove(&fields["code"]) else {
                return oauth_error(400, "invalid_grant", "no such code");
            };
            assert_eq!(fields["redirect_uri"], code.redirect_uri);
            assert_eq!(URL_SAFE_NO_PAD.encode(Sha256::digest(&fields["code_verifier"])), code.challenge, "PKCE");
            code.nonce
        }
        "refresh_token" if fields["refresh_token"] == "refresh-1" => None,
        _ => return oauth_error(400, "invalid_grant", "Refresh token ended"),
    };
    if let Some(change) = memory.script.before_signing.take() {
        change(&mut memory.script);
    }
    let refreshed = fields["grant_type"] == "refresh_token";
    let now = Timestamp::now().as_second();
    let mut claims = json!({
        "iss": shared.issuer, "sub": "pairwise-1", "aud": client.unwrap(), "exp": now + 120, "iat": now, "auth_time": *SIGNED_IN,
        "acr": "idporten-loa-high", "amr": ["TestID"], "pid": "14838112345", "sid": "session-1", "jti": "j", "locale": "nb",
        "name": "Ingrid Solvang",
    });
    if plays_ansattporten() {
        let more = json!({
            "acr": "entraid", "amr": ["entraid_pwd", "entraid-mfa"], "email": "ingrid.solvang@fjordlys.example",
            "groups": ["9f0e0000-0000-4000-8000-000000000001"],
            "authorization_details": [{"type": "ansattporten:orgno", "authorized_parties": [
                {"orgno": {"authority": "iso6523-actorid-upis", "ID": "0192:312206498"}, "name": "Fjell AS"}]}],
        });
        let claims = claims.as_object_mut().unwrap();
        claims.remove("pid");
        claims.extend(more.as_object().unwrap().clone());
    }
    if let Some(nonce) = nonce {
        claims["nonce"] = json!(nonce);
    }
    (memory.script.claims)(&mut claims);
    if refreshed {
        (memory.script.refreshed_claims)(&mut claims);
    }
    let mut answer = json!({
        "access_token": memory.script.access_token, "token_type": "Bearer", "expires_in": 120, "scope": "openid profile",
        "refresh_token": if refreshed { "refresh-2" } else { "refresh-1" }, "id_token": sign(&memory.script, &claims),
    });
    (memory.script.token)(&mut answer);
    Json(answer).into_response()
}

/// The `at_hash` of an access token for a SHA-256 algorithm (OpenID Connect Core 1.0 section 3.1.3.6).
pub fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

fn sign(script: &Script, claims: &Value) -> String {
    let rsa = EncodingKey::from_rsa_pem(keys()[script.key].to_pem().unwrap().expose_secret().as_bytes()).unwrap();
    let with = |algorithm, key: &EncodingKey| {
        let mut header = Header::new(algorithm);
        header.kid.clone_from(&script.kid);
        jsonwebtoken::encode(&header, claims, key).unwrap()
    };
    let unsigned = |header: Value| {
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()))
    };
    match &script.signing {
        Signing::Rs256 => with(Algorithm::RS256, &rsa),
        Signing::BrokenRs256 => {
            let good = with(Algorithm::RS256, &rsa);
            let (signed, signature) = good.rsplit_once('.').unwrap();
            let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
            bytes[10] ^= 1;
            format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))
        }
        Signing::Hs256(secret) => with(Algorithm::HS256, &EncodingKey::from_secret(secret.as_bytes())),
        Signing::Es256 => {
            let mut header = Header::new(Algorithm::ES256);
            header.kid = Some("ec".to_owned());
            jsonwebtoken::encode(&header, claims, &ec().private).unwrap()
        }
        Signing::None => format!("{}.", unsigned(json!({"alg": "none", "typ": "JWT"}))),
        Signing::Named(name) => {
            let signed = unsigned(json!({"alg": name, "kid": script.kid}));
            let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &rsa, Algorithm::RS256).unwrap();
            format!("{signed}.{signature}")
        }
    }
}

async fn userinfo(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let memory = shared.memory.lock().unwrap();
    let expected = format!("Bearer {}", memory.script.access_token);
    if headers.get(header::AUTHORIZATION).is_none_or(|value| value.to_str().unwrap() != expected) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let mut answer = json!({"sub": "pairwise-1", "name": "Ingrid fra userinfo"});
    (memory.script.userinfo)(&mut answer);
    Json(answer).into_response()
}

async fn revoke() -> StatusCode {
    StatusCode::OK
}
