//! Proxy and certificates as the system has them: shown, never set here.
//!
//! Both are asked of the very code that the HTTP client uses, so what is shown is what is in force.

use std::env;

use access::environment::Environment;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use super::view::{CertificateSource, CertificatesView, NetworkView, ProxyView};

/// What lies between the program and the authorities of `environment`.
#[must_use]
pub fn view(environment: &Environment) -> NetworkView {
    let matcher = Matcher::from_system();
    let endpoints = &environment.endpoints;
    let issuer = Url::parse(environment.integration.issuer.as_str()).ok();
    let addresses = issuer.iter().chain([endpoints.validation(), endpoints.platform(), endpoints.app()]);
    let mut proxies: Vec<ProxyView> = Vec::new();
    for address in addresses {
        let host = host(address);
        if !proxies.iter().any(|known| known.host == host) {
            proxies.push(ProxyView { host, proxy: proxy(&matcher, address) });
        }
    }
    NetworkView { proxies, bypass: variable(&["NO_PROXY", "no_proxy"]), certificates: certificates() }
}

fn host(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// The proxy for an address, without the user name and password it may carry. What lies on this machine is asked for through
/// none, whatever the system says ([`altinn::http::client`]).
fn proxy(matcher: &Matcher, address: &Url) -> Option<String> {
    if address.host_str().is_some_and(loopback::is_loopback) {
        return None;
    }
    let intercept = matcher.intercept(&address.as_str().parse().ok()?)?;
    let uri = intercept.uri();
    let scheme = uri.scheme_str().unwrap_or("http");
    let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", uri.host()?))
}

fn variable(names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn certificates() -> CertificatesView {
    let path = variable(&["SSL_CERT_FILE", "SSL_CERT_DIR"]);
    let found = rustls_native_certs::load_native_certs();
    CertificatesView {
        source: if path.is_some() { CertificateSource::Variable } else { CertificateSource::System },
        path,
        count: u32::try_from(found.certs.len()).ok(),
        problems: found.errors.iter().map(ToString::to_string).collect(),
    }
}

/// Windows and macOS verify by themselves and are never read out.
#[cfg(not(all(unix, not(target_os = "macos"))))]
fn certificates() -> CertificatesView {
    CertificatesView { source: CertificateSource::System, path: None, count: None, problems: Vec::new() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_proxys_password_is_not_shown() {
        let matcher = Matcher::builder().https("http://ingrid:hemmelig@proxy.firma.example:8080").build();
        let address = Url::parse("https://platform.altinn.no/").unwrap();
        assert_eq!(proxy(&matcher, &address).unwrap(), "http://proxy.firma.example:8080");
    }

    #[test]
    fn a_host_that_is_excepted_is_reached_directly() {
        let matcher = Matcher::builder().all("http://proxy.example:8080").no("altinn.no").build();
        assert_eq!(proxy(&matcher, &Url::parse("https://platform.altinn.no/").unwrap()), None);
        assert!(proxy(&matcher, &Url::parse("https://idporten.no/").unwrap()).is_some());
    }

    #[test]
    fn what_lies_on_this_machine_is_reached_through_no_proxy() {
        let matcher = Matcher::builder().all("http://proxy.example:8080").build();
        for here in ["http://127.0.0.1:4711/", "http://localhost:4711/", "http://[::1]:4711/"] {
            assert_eq!(proxy(&matcher, &Url::parse(here).unwrap()), None, "{here}");
        }
    }

    #[test]
    fn every_host_is_named_once() {
        let view = view(&Environment::production().unwrap());
        let hosts: Vec<_> = view.proxies.iter().map(|proxy| proxy.host.as_str()).collect();
        assert_eq!(hosts, ["idporten.no", "idporten.api.skatteetaten.no", "platform.altinn.no", "skd.apps.altinn.no"]);
    }
}
