//! What is practised stays on this machine, and with its own user.

use shown::Shown;
use url::Url;

use super::EnvironmentError;

/// Whether an address of the practice authorities may be one: on this machine.
///
/// # Errors
/// [`EnvironmentError::NotHere`].
pub fn is_here(address: &Url) -> Result<(), EnvironmentError> {
    if loopback::is_loopback(address.host_str().unwrap_or_default()) {
        return Ok(());
    }
    Err(EnvironmentError::NotHere(Shown::line(&place(address)).into_string()))
}

/// Whether nobody else who works on this machine listens at one of these addresses: its port may have been another's since the
/// practice ended. All of them are looked for at once, because the system's table may be long.
///
/// # Errors
/// [`EnvironmentError::Strangers`].
pub fn is_own(addresses: &[Url]) -> Result<(), EnvironmentError> {
    let ports: Vec<u16> = addresses.iter().filter_map(Url::port_or_known_default).collect();
    let Some(port) = loopback::strangers_port(&ports) else { return Ok(()) };
    let address = addresses.iter().find(|address| address.port_or_known_default() == Some(port));
    Err(EnvironmentError::Strangers(address.map_or_else(|| port.to_string(), place)))
}

/// Host and port, as far as they are said.
fn place(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    address.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
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
