//! Where the authorities are.

use serde::{Deserialize, Serialize};

/// Where the app is, below its host.
pub const APP_PATH: &str = "/skd/mva-melding-innsending-v1";

/// Base addresses, without a slash at the end; the documented paths are below them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// ID-porten; also its issuer.
    pub id_porten: String,
    /// Ansattporten; also its issuer.
    pub ansattporten: String,
    /// Altinn's platform: `/authentication`, `/storage`, `/accessmanagement`.
    pub altinn_platform: String,
    /// The app, with its path `/skd/mva-melding-innsending-v1`.
    pub altinn_app: String,
    /// Skatteetaten: `/api/mva/grensesnittstoette/mva-melding/valider`.
    pub skatteetaten: String,
    /// Control: `/log`, `/faults`, `/clock`, `/settings`, `/world`, `/clients`, `/keys`.
    pub control: String,
}

impl Addresses {
    /// The port of the n-th authority.
    pub(crate) fn port(&self, n: usize) -> Option<u16> {
        let bases = [
            &self.id_porten,
            &self.ansattporten,
            &self.altinn_platform,
            &self.altinn_app,
            &self.skatteetaten,
            &self.control,
        ];
        url::Url::parse(bases.get(n)?).ok()?.port()
    }

    pub(crate) fn from_bases(bases: Vec<String>) -> Self {
        let mut bases = bases.into_iter();
        let mut next = || bases.next().unwrap_or_default();
        Self {
            id_porten: next(),
            ansattporten: next(),
            altinn_platform: next(),
            altinn_app: format!("{}{APP_PATH}", next()),
            skatteetaten: next(),
            control: next(),
        }
    }
}
