//! What is practised stays on this machine, and with its own user.

use shown::Shown;
use url::Url;

use super::EnvironmentError;

/// Whether an address of the practice authorities is one: on this machine, and of nobody else who works on it.
///
/// # Errors
/// [`EnvironmentError::NotHere`], [`EnvironmentError::Strangers`].
pub fn is_here(address: &Url) -> Result<(), EnvironmentError> {
    let host = address.host_str().unwrap_or_default();
    let place = || match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    if !loopback::is_loopback(host) {
        return Err(EnvironmentError::NotHere(Shown::line(&place()).into_string()));
    }
    // Its port may have been another's since the practice ended.
    match address.port_or_known_default().map(loopback::listener) {
        Some(loopback::Owner::Another) => Err(EnvironmentError::Strangers(place())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Environment, EnvironmentError, Overrides, PracticeAddresses};

    #[test]
    fn practice_is_on_this_machine_and_nowhere_else() {
        let here = PracticeAddresses {
            id_porten: "http://127.0.0.1:4001".into(),
            altinn_platform: "http://localhost:4003".into(),
            altinn_app: "http://[::1]:4004/skd/mva-melding-innsending-v1".into(),
            skatteetaten: "https://127.0.0.1:4005".into(),
        };
        let practice = Environment::practice(&here).unwrap();
        for (at, elsewhere) in [
            PracticeAddresses { id_porten: "https://evil.example".into(), ..here.clone() },
            PracticeAddresses { altinn_platform: "https://evil.example".into(), ..here.clone() },
            PracticeAddresses {
                altinn_app: "https://evil.example/skd/mva-melding-innsending-v1".into(),
                ..here.clone()
            },
            PracticeAddresses { skatteetaten: "https://127.0.0.1.evil.example".into(), ..here.clone() },
        ]
        .iter()
        .enumerate()
        {
            let refused = Environment::practice(elsewhere);
            assert!(matches!(&refused, Err(EnvironmentError::NotHere(host)) if host.ends_with("evil.example")), "{at}");
        }
        let refused = practice.clone().with_ansattporten("https://evil.example");
        assert!(matches!(refused, Err(EnvironmentError::NotHere(_))));
        for own in
            [r#"{"app": "https://evil.example/a/b"}"#, r#"{"integration": {"endpoints": {"token": "https://e.no/t"}}}"#]
        {
            let overrides = Overrides::parse(format!(r#"{{"practice": {own}}}"#).as_bytes()).unwrap();
            let refused = practice.clone().overridden(&overrides);
            assert!(matches!(refused, Err(EnvironmentError::NotHere(_))), "{own}");
        }
    }
}
