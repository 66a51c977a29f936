//! What the issuer says about itself: its metadata and its keys, read once a day.

use crate::clock::Clock;
use crate::error::{AnswerFault, Endpoint, TokenError};
use crate::http::Http;
use crate::integration::{EndpointOverrides, Integration, Issuer, is_private_transport};
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
    CoreJsonWebKeySet, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode,
    CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{AdditionalProviderMetadata, ProviderMetadata};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shown::Shown;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// How long metadata and keys are believed.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// Metadata that the crate `openidconnect` does not know.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct More {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
    pushed_authorization_request_endpoint: Option<Url>,
    revocation_endpoint: Option<Url>,
    end_session_endpoint: Option<Url>,
}

impl AdditionalProviderMetadata for More {}

type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The addresses of one integration's issuer: what discovery says, and the integration's own where it has any.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints {
    pub(crate) authorization: Url,
    pub(crate) token: Url,
    pub(crate) pushed_authorization_request: Option<Url>,
    pub(crate) jwks: Url,
    pub(crate) userinfo: Option<Url>,
    pub(crate) revocation: Option<Url>,
    pub(crate) end_session: Option<Url>,
    /// Whether the issuer promises to name itself in every authorization response (RFC 9207 section 3).
    pub(crate) names_itself: bool,
}

struct Cached<T> {
    value: Arc<T>,
    since: Timestamp,
}

/// Both caches; keyed by address, because integrations may share an issuer.
pub(crate) struct Discovery {
    clock: Arc<dyn Clock>,
    metadata: Mutex<HashMap<(Issuer, Url), Cached<Metadata>>>,
    keys: Mutex<HashMap<Url, Cached<CoreJsonWebKeySet>>>,
}

impl Discovery {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, metadata: Mutex::default(), keys: Mutex::default() }
    }

    /// The addresses to use for `integration`.
    pub(crate) async fn endpoints(&self, http: &Http, integration: &Integration) -> Result<Endpoints, TokenError> {
        let metadata = self.metadata(http, integration, false).await?;
        let own = &integration.endpoints;
        let by_tls = discovery_address(integration)?.scheme() == "https";
        let more = metadata.additional_metadata();
        let token = match (&own.token, metadata.token_endpoint()) {
            (Some(own), _) => own.clone(),
            (None, Some(found)) => found.url().clone(),
            (None, None) => return Err(TokenError::Configuration("the issuer has no token endpoint".to_owned())),
        };
        let endpoints = Endpoints {
            authorization: own.authorization.clone().unwrap_or_else(|| metadata.authorization_endpoint().url().clone()),
            token,
            pushed_authorization_request: or(
                &own.pushed_authorization_request,
                &more.pushed_authorization_request_endpoint,
            ),
            jwks: own.jwks.clone().unwrap_or_else(|| metadata.jwks_uri().url().clone()),
            userinfo: own.userinfo.clone().or_else(|| metadata.userinfo_endpoint().map(|found| found.url().clone())),
            revocation: or(&own.revocation, &more.revocation_endpoint),
            end_session: or(&own.end_session, &more.end_session_endpoint),
            names_itself: more.authorization_response_iss_parameter_supported,
        };
        endpoints.require_private_transport(by_tls.then_some(own))?;
        Ok(endpoints)
    }

    /// The issuer's keys, from the cache where it is young enough.
    pub(crate) async fn keys(&self, http: &Http, address: &Url) -> Result<Arc<CoreJsonWebKeySet>, TokenError> {
        if let Some(kept) = self.young(&self.keys, address) {
            return Ok(kept);
        }
        self.fetch_keys(http, address).await
    }

    /// The issuer's keys as they are now: for a key id that the cached ones do not have.
    pub(crate) async fn fetch_keys(&self, http: &Http, address: &Url) -> Result<Arc<CoreJsonWebKeySet>, TokenError> {
        let keys: Arc<CoreJsonWebKeySet> = Arc::new(get(http, address, Endpoint::Jwks).await?);
        self.cache(&self.keys, address.clone(), &keys);
        Ok(keys)
    }

    /// Reads the metadata, however young what is known of it: to hear that the issuer answers, and what time it is there.
    pub(crate) async fn anew(&self, http: &Http, integration: &Integration) -> Result<(), TokenError> {
        self.metadata(http, integration, true).await.map(drop)
    }

    async fn metadata(&self, http: &Http, integration: &Integration, anew: bool) -> Result<Arc<Metadata>, TokenError> {
        let issuer = &integration.issuer;
        let address = discovery_address(integration)?;
        if !is_private_transport(&address) {
            return Err(not_private(&address));
        }
        let key = (issuer.clone(), address);
        if !anew && let Some(kept) = self.young(&self.metadata, &key) {
            return Ok(kept);
        }
        let metadata: Metadata = get(http, &key.1, Endpoint::Discovery).await?;
        // Character for character (OpenID Connect Discovery 1.0 section 4.3): another issuer's metadata would send the
        // code to another token endpoint.
        if metadata.issuer().as_str() != issuer.as_str() {
            let found = metadata.issuer().as_str().to_owned();
            return Err(TokenError::IssuerMismatch { expected: issuer.to_string(), found });
        }
        let metadata = Arc::new(metadata);
        self.cache(&self.metadata, key, &metadata);
        Ok(metadata)
    }

    fn young<K: std::hash::Hash + Eq, T>(&self, cache: &Mutex<HashMap<K, Cached<T>>>, key: &K) -> Option<Arc<T>> {
        let now = self.clock.now();
        let cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes an entry look as if it came from the future; then it is not believed either.
        cache
            .get(key)
            .filter(|kept| kept.since <= now && now.duration_since(kept.since) < LIFETIME)
            .map(|kept| kept.value.clone())
    }

    fn cache<K: std::hash::Hash + Eq, T>(&self, cache: &Mutex<HashMap<K, Cached<T>>>, key: K, value: &Arc<T>) {
        let kept = Cached { value: value.clone(), since: self.clock.now() };
        cache.lock().unwrap_or_else(PoisonError::into_inner).insert(key, kept);
    }
}

impl Endpoints {
    /// `overrides`: metadata that came by TLS name TLS too, so that what listens on this machine gets nothing unless an
    /// integration's own address says so.
    fn require_private_transport(&self, overrides: Option<&EndpointOverrides>) -> Result<(), TokenError> {
        let is_private = |address: &Url| match overrides {
            Some(own) if address.scheme() != "https" => {
                is_private_transport(address) && own.each().any(|(_, own)| own == address)
            }
            _ => is_private_transport(address),
        };
        let always = [&self.authorization, &self.token, &self.jwks].into_iter();
        let perhaps = [&self.pushed_authorization_request, &self.userinfo, &self.revocation, &self.end_session]
            .into_iter()
            .flatten();
        match always.chain(perhaps).find(|address| !is_private(address)) {
            Some(address) => Err(not_private(address)),
            None => Ok(()),
        }
    }
}

fn or(own: &Option<Url>, found: &Option<Url>) -> Option<Url> {
    own.clone().or_else(|| found.clone())
}

fn not_private(address: &Url) -> TokenError {
    TokenError::Configuration(format!(
        "{} is called neither by https nor by an address on this machine that was entered",
        address.host_str().unwrap_or("an endpoint")
    ))
}

fn discovery_address(integration: &Integration) -> Result<Url, TokenError> {
    match &integration.endpoints.discovery {
        Some(own) => Ok(own.clone()),
        None => well_known(&integration.issuer),
    }
}

fn well_known(issuer: &Issuer) -> Result<Url, TokenError> {
    Url::parse(&format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/')))
        .map_err(|_| TokenError::Configuration("the issuer is no address".to_owned()))
}

/// Reads a JSON document of the issuer.
async fn get<T: DeserializeOwned>(http: &Http, address: &Url, endpoint: Endpoint) -> Result<T, TokenError> {
    let unreadable = |what| TokenError::UnreadableAnswer { endpoint, what };
    let answer = http.get(address, None).await.map_err(|error| error.at(endpoint))?;
    if answer.status != 200 {
        return Err(unreadable(AnswerFault::Status(answer.status)));
    }
    // serde's complaints quote single values; these documents are public, so they may be shown.
    serde_json::from_slice(&answer.body)
        .map_err(|error| unreadable(AnswerFault::NotAsExpected(Shown::within(&error.to_string(), 500).into_string())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::clock::SystemClock;
    use serde_json::{Value, json};

    const ENDPOINTS: [&str; 7] = [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "pushed_authorization_request_endpoint",
        "userinfo_endpoint",
        "revocation_endpoint",
        "end_session_endpoint",
    ];

    /// What becomes of the addresses of metadata that came from there, without asking anybody.
    async fn of(integration: &Integration, metadata: Value) -> Result<Endpoints, TokenError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let discovery = Discovery::new(Arc::clone(&clock));
        let key = (integration.issuer.clone(), discovery_address(integration).unwrap());
        discovery.cache(&discovery.metadata, key, &Arc::new(serde_json::from_value(metadata).unwrap()));
        discovery.endpoints(&Http::new(reqwest::Client::new(), clock), integration).await
    }

    fn metadata(issuer: &str, at: &str) -> Value {
        let mut all = json!({
            "issuer": issuer,
            "response_types_supported": ["code"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        for name in ENDPOINTS {
            all[name] = json!(format!("{at}/{name}"));
        }
        all
    }

    #[tokio::test]
    async fn an_issuer_that_is_asked_by_tls_sends_nothing_to_who_listens_on_this_machine() {
        let issuer = "https://idporten.example";
        let integration = Integration::native(Issuer::parse(issuer).unwrap(), "client");
        of(&integration, metadata(issuer, issuer)).await.unwrap();
        for name in ENDPOINTS {
            for plain in ["http://127.0.0.1:4711/", "http://localhost:4711/", "http://[::1]:4711/"] {
                let mut all = metadata(issuer, issuer);
                all[name] = json!(plain);
                let refused = of(&integration, all).await;
                assert!(matches!(refused, Err(TokenError::Configuration(_))), "{name} {plain}: {refused:?}");
            }
        }
        // Where a person has entered it (never in production), and where the issuer itself is on this machine.
        let own: Url = "http://127.0.0.1:4711/token".parse().unwrap();
        let mut entered = integration.clone();
        entered.endpoints.token = Some(own.clone());
        assert_eq!(of(&entered, metadata(issuer, issuer)).await.unwrap().token, own);
        let here = "http://127.0.0.1:4711";
        let practice = Integration::native(Issuer::parse(here).unwrap(), "client");
        of(&practice, metadata(here, here)).await.unwrap();
    }
}
