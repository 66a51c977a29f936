//! Where the authorities are, and the only addresses a token may travel to.

use url::Url;

use crate::{DataId, InstanceId};

/// The base addresses of one environment (apis.md 1.1). Every one of them is configuration: hosts and app names have
/// moved before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoints {
    platform: Url,
    app: Url,
    validation: Url,
    entity_register: Option<Url>,
}

/// An address that cannot be used. It is not quoted: a password may stand in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {which} address cannot be used: {reason}")]
pub struct EndpointsError {
    /// Which: `platform`, `app`, `validation` or `entityRegister`.
    pub which: &'static str,
    /// Why.
    pub reason: AddressFault,
}

/// Why an address cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressFault {
    /// It is no address at all.
    #[error("{0}")]
    Unreadable(#[from] url::ParseError),
    /// It names no host.
    #[error("it names no host")]
    NoHost,
    /// It is http to another machine: tokens would travel in the clear.
    #[error("http is allowed to this machine only")]
    Plain,
    /// It is neither https nor http.
    #[error("it is not https")]
    NotHttps,
    /// It carries a user's name.
    #[error("it carries a user name")]
    User,
}

impl Endpoints {
    /// Reads the three addresses.
    ///
    /// `platform` is the base of Altinn's platform (`https://platform.altinn.no`), `app` the base of Skatteetaten's
    /// app with owner and name (`https://skd.apps.altinn.no/skd/mva-melding-innsending-v1`), `validation` the whole
    /// address of the validation service.
    ///
    /// # Errors
    /// An address that is no http(s) address with a host, or http to anywhere but this machine: tokens would travel
    /// in the clear.
    pub fn parse(platform: &str, app: &str, validation: &str) -> Result<Self, EndpointsError> {
        Ok(Self {
            platform: base("platform", platform)?,
            app: base("app", app)?,
            validation: base("validation", validation)?,
            entity_register: None,
        })
    }

    /// The same with Enhetsregisteret at this address (`https://data.brreg.no/enhetsregisteret/api`), where companies are looked
    /// up. No token travels there.
    ///
    /// # Errors
    /// As [`Endpoints::parse`].
    pub fn with_entity_register(mut self, address: &str) -> Result<Self, EndpointsError> {
        self.entity_register = Some(base("entityRegister", address)?);
        Ok(self)
    }

    /// Enhetsregisteret, where this environment has one.
    #[must_use]
    pub fn entity_register(&self) -> Option<&Url> {
        self.entity_register.as_ref()
    }

    /// Altinn's platform.
    #[must_use]
    pub fn platform(&self) -> &Url {
        &self.platform
    }

    /// Skatteetaten's app in Altinn.
    #[must_use]
    pub fn app(&self) -> &Url {
        &self.app
    }

    /// Skatteetaten's validation service.
    #[must_use]
    pub fn validation(&self) -> &Url {
        &self.validation
    }

    /// The app's name as Altinn writes it, e.g. `skd/mva-melding-innsending-v1`: the last two parts of its address.
    #[must_use]
    pub fn app_id(&self) -> String {
        let parts: Vec<&str> = self.app.path().split('/').filter(|part| !part.is_empty()).collect();
        parts[parts.len().saturating_sub(2)..].join("/")
    }

    /// The instance's address below the configured app.
    #[must_use]
    pub fn instance(&self, id: &InstanceId) -> Url {
        below(&self.app, &format!("instances/{id}"))
    }

    /// A data element's address below the configured app.
    #[must_use]
    pub fn data(&self, instance: &InstanceId, data: &DataId) -> Url {
        below(&self.app, &format!("instances/{instance}/data/{data}"))
    }

    pub(crate) fn in_app(&self, path: &str) -> Url {
        below(&self.app, path)
    }

    pub(crate) fn in_platform(&self, path: &str) -> Url {
        below(&self.platform, path)
    }
}

fn base(which: &'static str, address: &str) -> Result<Url, EndpointsError> {
    let refuse = |reason: AddressFault| EndpointsError { which, reason };
    let mut url = Url::parse(address.trim()).map_err(|error| refuse(error.into()))?;
    let Some(host) = url.host() else {
        return Err(refuse(AddressFault::NoHost));
    };
    let loopback = match host {
        url::Host::Domain(name) => name == "localhost",
        url::Host::Ipv4(ip) => ip.is_loopback(),
        url::Host::Ipv6(ip) => ip.is_loopback(),
    };
    match url.scheme() {
        "https" => {}
        "http" if loopback => {}
        "http" => return Err(refuse(AddressFault::Plain)),
        _ => return Err(refuse(AddressFault::NotHttps)),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(AddressFault::User));
    }
    url.set_query(None);
    url.set_fragment(None);
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    let joined = format!("{}/{}", base.path().trim_end_matches('/'), path.trim_start_matches('/'));
    url.set_path(&joined);
    url
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn test_environment() -> Endpoints {
        Endpoints::parse(
            "https://platform.tt02.altinn.no/",
            "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-test/",
            "https://idporten-api-test.sits.no/api/mva/grensesnittstoette/mva-melding/valider",
        )
        .unwrap()
    }

    #[test]
    fn app_id_is_owner_and_name() {
        assert_eq!(test_environment().app_id(), "skd/mva-melding-innsending-test");
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        let ok = "https://a.example/x/y";
        assert!(Endpoints::parse("http://127.0.0.1:4000", "http://localhost:1/a/b", ok).is_ok());
        let refused = Endpoints::parse("http://platform.altinn.no", ok, ok).unwrap_err();
        assert_eq!(refused.which, "platform");
        assert!(Endpoints::parse(ok, "ftp://127.0.0.1/", ok).is_err());
        assert!(Endpoints::parse(ok, ok, "").is_err());
        assert!(Endpoints::parse(ok, "https://user@a.example/", ok).is_err());
    }

    #[test]
    fn a_refusal_quotes_nothing_of_the_address() {
        let ok = "https://a.example/x/y";
        for (address, reason) in [
            ("ftp://ola:Hemmelig-123@host", AddressFault::NotHttps),
            ("https://ola:Hemmelig-123@host", AddressFault::User),
            ("http://ola:Hemmelig-123@host", AddressFault::Plain),
            ("Hemmelig-123", AddressFault::Unreadable(url::ParseError::RelativeUrlWithoutBase)),
            ("Hemmelig-123:", AddressFault::NoHost),
        ] {
            let refused = Endpoints::parse(ok, address, ok).unwrap_err();
            assert_eq!((refused.which, refused.reason), ("app", reason));
            let said = format!("{refused} {refused:?}").to_lowercase();
            assert!(!said.contains("hemmelig"), "{said}");
        }
    }
}
