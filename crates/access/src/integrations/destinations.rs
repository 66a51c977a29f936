//! Where tokens and client secrets go: the issuer, and every endpoint that is not the issuer's word.
//!
//! Sealed secrets are bound to it. A refresh token that was got at one token endpoint must not be sent to another because a
//! file, a form or a row of the database names another now.

use std::collections::{BTreeMap, BTreeSet};

use altinn::Endpoints;
use id_porten::{EndpointOverrides, Issuer};
use url::Url;

/// Where secrets go, by what for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Destinations(BTreeMap<&'static str, String>);

impl Destinations {
    /// The issuer and the endpoints that go ahead of what it says.
    #[must_use]
    pub fn of(issuer: &Issuer, endpoints: &EndpointOverrides) -> Self {
        let mut all = Self::of_endpoints(endpoints);
        // Character for character: another path at the same host is another issuer.
        all.0.insert("issuer", issuer.to_string());
        all
    }

    /// The endpoints alone.
    #[must_use]
    pub fn of_endpoints(endpoints: &EndpointOverrides) -> Self {
        Self(endpoints.each().map(|(name, url)| (name, origin(url))).collect())
    }

    /// With Altinn's and Skatteetaten's addresses, which get the tokens too.
    #[must_use]
    pub fn with_altinn(mut self, endpoints: &Endpoints) -> Self {
        for (name, url) in
            [("platform", endpoints.platform()), ("app", endpoints.app()), ("validation", endpoints.validation())]
        {
            self.0.insert(name, origin(url));
        }
        self
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As what is sealed is bound to.
    #[must_use]
    pub fn bound(&self) -> String {
        self.0.iter().map(|(name, origin)| format!("{name}={origin}\n")).collect()
    }

    /// The hosts that tokens go to beside the known issuer's own, which is `known`: the issuer itself, where it is another
    /// one, and every endpoint that lies elsewhere.
    #[must_use]
    pub fn foreign(&self, known: &Issuer) -> Vec<String> {
        let Some(own) = Url::parse(known.as_str()).ok().and_then(|url| host(&url)) else { return self.hosts() };
        let is_own = |there: &str| there == own || there.strip_suffix(&own).is_some_and(|rest| rest.ends_with('.'));
        self.hosts().into_iter().filter(|there| !is_own(there)).collect()
    }

    /// All hosts that tokens go to, each once.
    #[must_use]
    pub fn hosts(&self) -> Vec<String> {
        let hosts = self.0.values().filter_map(|address| host(&Url::parse(address).ok()?));
        hosts.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Host, and port where it is not the scheme's own.
fn host(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn at(token: Option<&str>) -> Destinations {
        let token = token.map(|token| Url::parse(token).unwrap());
        let issuer = Issuer::parse("https://idporten.no").unwrap();
        Destinations::of(&issuer, &EndpointOverrides { token, ..EndpointOverrides::default() })
    }

    #[test]
    fn another_origin_of_any_endpoint_is_another_destination() {
        assert_eq!(at(None), at(None));
        assert_ne!(at(None), at(Some("https://idporten.no/token")));
        assert_eq!(at(Some("https://a.example/one")), at(Some("https://a.example/two")), "the same server");
        for other in ["https://b.example/one", "http://a.example/one", "https://a.example:444/one"] {
            assert_ne!(at(Some("https://a.example/one")).bound(), at(Some(other)).bound(), "{other}");
        }
    }

    #[test]
    fn what_lies_at_the_issuers_own_hosts_is_not_foreign() {
        let known = Issuer::parse("https://idporten.no").unwrap();
        assert!(at(None).foreign(&known).is_empty());
        assert!(at(Some("https://login.idporten.no/token")).foreign(&known).is_empty());
        for foreign in
            ["https://evil.example/token", "https://evilidporten.no/token", "https://idporten.no.evil.example/"]
        {
            assert_eq!(at(Some(foreign)).foreign(&known).len(), 1, "{foreign}");
        }
        let other = Issuer::parse("https://test.idporten.no").unwrap();
        assert_eq!(at(None).foreign(&other), ["idporten.no"]);
    }
}
