//! Who answers: five authorities, and the control of the practice.

use serde::{Deserialize, Serialize};

/// The authorities, and the control that is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// ID-porten.
    IdPorten,
    /// Ansattporten.
    Ansattporten,
    /// Altinn's platform.
    AltinnPlatform,
    /// Skatteetaten's app in Altinn.
    AltinnApp,
    /// Skatteetaten's validation.
    Skatteetaten,
    /// Control of the practice.
    Control,
}

impl Authority {
    /// In the order of [`crate::Addresses`].
    pub const ALL: [Self; 6] =
        [Self::IdPorten, Self::Ansattporten, Self::AltinnPlatform, Self::AltinnApp, Self::Skatteetaten, Self::Control];
}
