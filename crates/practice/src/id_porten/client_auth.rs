//! Who the client is: the four authentication methods of apis.md 3.5.

use super::{AuthMethod, Client, Params, Provider, oauth_error};
use crate::jwt;
use crate::reply::{self, Reply};
use crate::state::Office;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Clocks may differ this much, seconds.
const SKEW: i64 = 10;

/// A client that has shown who it is.
#[derive(Debug, Clone)]
pub(crate) struct AuthenticatedClient {
    pub(crate) client: Client,
    pub(crate) method: AuthMethod,
}

/// 401 `invalid_client` (apis.md 3.5).
pub(crate) fn invalid_client(description: &str) -> Reply {
    let refusal = oauth_error(StatusCode::UNAUTHORIZED, "invalid_client", description);
    reply::with(refusal, WWW_AUTHENTICATE, "Basic realm=\"practice\"")
}

/// Finds and checks the client of a form.
pub(crate) fn authenticate(
    provider: &Provider,
    office: &mut Office,
    headers: &HeaderMap,
    params: &Params,
) -> Result<AuthenticatedClient, Box<Reply>> {
    let refuse = |description: &str| Box::new(invalid_client(description));
    let basic = basic(headers);
    let assertion = params.get("client_assertion");
    let (client_id, method) = match (&basic, params.get("client_secret"), assertion) {
        (Some((id, _)), None, None) => (Some(id.clone()), AuthMethod::ClientSecretBasic),
        (None, Some(_), None) => (params.get("client_id").map(str::to_owned), AuthMethod::ClientSecretPost),
        (None, None, Some(token)) => {
            let subject = unverified_subject(token);
            (params.get("client_id").map(str::to_owned).or(subject), AuthMethod::PrivateKeyJwt)
        }
        (None, None, None) => (params.get("client_id").map(str::to_owned), AuthMethod::None),
        _ => return Err(refuse("More than one client authentication method was used")),
    };
    let client_id = client_id.ok_or_else(|| refuse("client_id is missing"))?;
    let client = office.client(&client_id).cloned().ok_or_else(|| refuse("The client is unknown"))?;
    if !client.token_endpoint_auth_method.contains(&method) {
        return Err(refuse("The client is not registered with this authentication method"));
    }
    let proven = match method {
        AuthMethod::None => true,
        AuthMethod::ClientSecretPost => same(client.client_secret.as_deref(), params.get("client_secret")),
        AuthMethod::ClientSecretBasic => {
            same(client.client_secret.as_deref(), basic.as_ref().map(|(_, secret)| secret.as_str()))
        }
        AuthMethod::PrivateKeyJwt => {
            if params.get("client_assertion_type") != Some(ASSERTION_TYPE) {
                return Err(refuse("client_assertion_type is wrong"));
            }
            return check_assertion(provider, office, &client, assertion.unwrap_or_default())
                .map(|()| AuthenticatedClient { client, method })
                .map_err(refuse);
        }
    };
    if proven { Ok(AuthenticatedClient { client, method }) } else { Err(refuse("Client authentication failed")) }
}

fn same(expected: Option<&str>, given: Option<&str>) -> bool {
    matches!((expected, given), (Some(expected), Some(given))
        if aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_bytes(), given.as_bytes()).is_ok())
}

/// User name and password of HTTP Basic, each form-encoded first (RFC 6749 section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let encoded = value.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("basic ")).and(value.get(6..))?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |text: &str| {
        url::form_urlencoded::parse(text.as_bytes()).next().map(|(key, _)| key.into_owned()).unwrap_or_default()
    };
    Some((plain(id), plain(secret)))
}

fn unverified_subject(token: &str) -> Option<String> {
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?).ok()?;
    claims["sub"].as_str().map(str::to_owned)
}

/// iss = sub = client_id, aud the issuer or the token endpoint, jti new, exp short (apis.md 3.5).
fn check_assertion(provider: &Provider, office: &mut Office, client: &Client, token: &str) -> Result<(), &'static str> {
    let set = client.jwks.as_ref().ok_or("The client has no registered key")?;
    let claims = jwt::verify_with(token, set).map_err(|_| "The client assertion's signature is wrong")?;
    if claims["iss"] != client.client_id.as_str() || claims["sub"] != client.client_id.as_str() {
        return Err("iss and sub of the client assertion must be the client_id");
    }
    let endpoint = format!("{}/token", provider.issuer());
    let fits = |audience: &Value| audience == provider.issuer() || *audience == endpoint.as_str();
    let audience = &claims["aud"];
    if !(fits(audience) || audience.as_array().is_some_and(|all| all.len() == 1 && all.iter().all(fits))) {
        return Err("aud of the client assertion must be the issuer or the token endpoint");
    }
    let now = provider.now();
    let expires = claims["exp"].as_i64().ok_or("exp of the client assertion is missing")?;
    let issued = claims["iat"].as_i64().ok_or("iat of the client assertion is missing")?;
    if expires + SKEW < now || issued - SKEW > now {
        return Err("The client assertion has expired or is not yet valid");
    }
    if expires - issued > 120 {
        return Err("The client assertion lives too long");
    }
    let jti = claims["jti"].as_str().ok_or("jti of the client assertion is missing")?;
    if office.assertions.insert(format!("{} {jti}", client.client_id)) {
        Ok(())
    } else {
        Err("The client assertion has been used before")
    }
}
