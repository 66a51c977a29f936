//! Whether the vault's key may be had: a policy can keep it back until a work account has signed in.

use super::{Standing, Work};
use crate::{vault::Vault, view::EnvironmentName};

impl Work {
    /// Whether the vault's key must not be had now.
    #[must_use]
    pub fn keeps_key_back(&self) -> bool {
        self.keeps_key_back_always() || (self.asks_for_key() && self.0.state().signed.is_none())
    }

    fn asks_for_key(&self) -> bool {
        match &self.0.state().policy {
            Standing::None => false,
            Standing::Unusable(_) => true,
            Standing::InForce(in_force) => in_force.policy.lock.vault_after_sign_in,
        }
    }

    /// In practice anybody is whoever she likes: that opens no vault that holds real secrets.
    pub(super) fn keeps_key_back_always(&self) -> bool {
        match &self.0.state().policy {
            Standing::InForce(in_force) if in_force.policy.lock.vault_after_sign_in => {
                !in_force.policy.governs(self.0.environment)
                    || (self.0.environment == EnvironmentName::Practice && in_force.policy.environments.len() > 1)
            }
            _ => false,
        }
    }

    /// The vault as it may be had now.
    ///
    /// # Errors
    /// No random bytes.
    pub(crate) fn vault(&self) -> Result<Vault, id_porten::RandomError> {
        let inner = &self.0;
        if self.keeps_key_back() {
            return Vault::withheld(inner.random.as_ref());
        }
        Vault::open(inner.keyring.as_ref(), inner.random.as_ref())
    }
}
