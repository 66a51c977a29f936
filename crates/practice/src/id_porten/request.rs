//! The authorization request: its parameters, and what is wrong with them (apis.md 3.2, 3.3).

use super::{Client, Params, Provider};
use crate::state::{AuthorizationRequest, Office, ResponseMode, Which};
use serde_json::Value;

/// Why a request is refused.
#[derive(Debug, Clone)]
pub(crate) enum Refusal {
    /// The redirect cannot be trusted: shown on the provider's own page (apis.md 3.3).
    OwnPage { error: &'static str, description: String },
    /// Sent back to the client.
    Redirect(SentBack),
}

/// An error that goes back to the client.
#[derive(Debug, Clone)]
pub(crate) struct SentBack {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) response_mode: ResponseMode,
    pub(crate) client_id: String,
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

/// Checks a request, pushed or sent through the browser.
pub(crate) fn check(provider: &Provider, office: &Office, params: &Params) -> Result<AuthorizationRequest, Refusal> {
    let own_page = |error, description: &str| Refusal::OwnPage { error, description: description.into() };
    if let Some(name) = params.repeated() {
        return Err(own_page("invalid_request", &format!("Parameteren {name} står mer enn én gang.")));
    }
    let client_id = params.get("client_id").ok_or_else(|| own_page("invalid_request", "client_id mangler."))?;
    let client = office.client(client_id).ok_or_else(|| own_page("invalid_client", "Klienten er ukjent."))?;
    let redirect_uri =
        params.get("redirect_uri").ok_or_else(|| own_page("invalid_request", "redirect_uri mangler."))?;
    if !client.allows_redirect(redirect_uri) {
        return Err(own_page("invalid_request", "redirect_uri er ikke registrert for klienten."));
    }
    let mode = params.get("response_mode").unwrap_or("query");
    let response_mode = ResponseMode { form_post: mode.starts_with("form_post"), jwt: mode.ends_with("jwt") };
    parameters(provider, client, redirect_uri, response_mode, params).map_err(|(error, description)| {
        if provider.authorities.settings().id_porten.own_page_for_every_error {
            return Refusal::OwnPage { error, description };
        }
        Refusal::Redirect(SentBack {
            redirect_uri: redirect_uri.into(),
            state: params.get("state").map(str::to_owned),
            response_mode,
            client_id: client_id.into(),
            error,
            description,
        })
    })
}

type Wrong = (&'static str, String);

fn parameters(
    provider: &Provider,
    client: &Client,
    redirect_uri: &str,
    response_mode: ResponseMode,
    params: &Params,
) -> Result<AuthorizationRequest, Wrong> {
    let invalid = |description: &str| ("invalid_request", description.to_owned());
    let required = |name: &str| {
        params.get(name).map(str::to_owned).ok_or_else(|| ("invalid_request", format!("{name} is required")))
    };
    if params.get("request").is_some() {
        return Err(("request_not_supported", "The request parameter is not supported".into()));
    }
    match params.get("response_type") {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "Only response_type code is supported".into())),
        None => return Err(invalid("response_type is required")),
    }
    if !matches!(params.get("response_mode"), None | Some("query" | "form_post" | "query.jwt" | "form_post.jwt")) {
        return Err(invalid("response_mode is not supported"));
    }
    // OAuth 2.1: state, nonce and PKCE for every client; S256 only (apis.md 3.2).
    let state = required("state")?;
    let nonce = required("nonce")?;
    let code_challenge = required("code_challenge")?;
    if params.get("code_challenge_method") != Some("S256") {
        return Err(invalid("code_challenge_method must be S256"));
    }
    if code_challenge.len() != 43 || !code_challenge.bytes().all(is_base64url) {
        return Err(invalid("code_challenge must be a base64url encoded SHA-256 without padding"));
    }
    let scopes = params.words("scope");
    if scopes.is_empty() {
        return Err(("invalid_scope", "scope is required".into()));
    }
    // One scope that the client does not own refuses the whole login (apis.md 1.2).
    let refused = provider.which == Which::IdPorten && provider.authorities.settings().id_porten.altinn_scopes_refused;
    let foreign = |scope: &&String| !client.scopes.contains(scope) || refused && scope.starts_with("altinn:");
    if let Some(foreign) = scopes.iter().find(foreign) {
        return Err(("invalid_scope", format!("The client does not have access to the scope {foreign}")));
    }
    let authorization_details = match params.get("authorization_details") {
        None => None,
        Some(_) if provider.which == Which::IdPorten => {
            return Err(invalid("authorization_details is supported by Ansattporten only"));
        }
        Some(text) => Some(details(text, provider.authorities.settings().ansattporten.pilot_closed)?),
    };
    let max_age = match params.get("max_age") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| invalid("max_age is not a number"))?),
    };
    let ui_locale = params
        .words("ui_locales")
        .into_iter()
        .find(|locale| ["nb", "nn", "en", "se"].contains(&locale.as_str()))
        .unwrap_or_else(|| "nb".into());
    Ok(AuthorizationRequest {
        client_id: client.client_id.clone(),
        redirect_uri: redirect_uri.into(),
        scopes,
        state,
        nonce,
        code_challenge,
        acr_values: params.words("acr_values"),
        ui_locale,
        prompt: params.words("prompt"),
        login_hint: params.get("login_hint").map(str::to_owned),
        max_age,
        resource: params.get("resource").map(str::to_owned),
        authorization_details,
        response_mode,
    })
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// `authorization_details` (RFC 9396): an array of objects of one type (apis.md 4.4: types cannot be mixed).
fn details(text: &str, pilot_closed: bool) -> Result<Value, Wrong> {
    let wrong = |description: &str| ("invalid_authorization_details", description.to_owned());
    let value: Value = serde_json::from_str(text).map_err(|_| wrong("authorization_details is not JSON"))?;
    let objects = value.as_array().filter(|objects| !objects.is_empty());
    let objects = objects.ok_or_else(|| wrong("authorization_details must be an array of objects"))?;
    let mut types = objects.iter().map(|object| object["type"].as_str().unwrap_or_default());
    let first = types.next().unwrap_or_default();
    let known = ["ansattporten:orgno", "ansattporten:altinn:resource", "ansattporten:altinn:service"];
    if !known.contains(&first) || (pilot_closed && first == "ansattporten:orgno") {
        return Err(wrong("The type of authorization_details is not known"));
    }
    if types.any(|other| other != first) {
        return Err(wrong("Different types cannot be combined in one request"));
    }
    Ok(value)
}
