//! Whether the vault's key may be had: a policy can keep it back until a work account has signed in.

use store::{
    keyring::KeyringError,
    vault::{ArchiveKey, Vault},
};
use view::EnvironmentName;

use super::{PolicyState, Work};

impl Work {
    /// Whether the vault's key must not be had now.
    #[must_use]
    pub fn withholds_vault_key(&self) -> bool {
        self.always_withholds_vault_key() || (self.asks_for_key() && self.0.state().signed.is_none())
    }

    fn asks_for_key(&self) -> bool {
        match &self.0.state().policy {
            PolicyState::None => false,
            PolicyState::Unusable(_) => true,
            PolicyState::InForce(in_force) => in_force.policy.lock.vault_after_sign_in,
        }
    }

    /// In practice anybody is whoever she likes: that opens no vault that holds real secrets.
    pub(super) fn always_withholds_vault_key(&self) -> bool {
        match &self.0.state().policy {
            PolicyState::InForce(in_force) if in_force.policy.lock.vault_after_sign_in => {
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
    pub fn vault(&self) -> Result<Vault, id_porten::RandomError> {
        let inner = &self.0;
        if self.withholds_vault_key() {
            return Vault::withheld(inner.random.as_ref());
        }
        Vault::open(inner.keyring.as_ref(), inner.random.as_ref())
    }

    /// The key that folders of the archive are sealed with, where the keyring has one. None is made, and one that is kept
    /// back is not asked for. May wait for a person whose keyring is locked.
    ///
    /// # Errors
    /// The keyring does not open, or the key is kept back.
    pub fn archive_key(&self) -> Result<Option<ArchiveKey>, KeyringError> {
        if self.withholds_vault_key() {
            return Err(KeyringError::Locked("no work account has signed in".into()));
        }
        ArchiveKey::in_keyring(self.0.keyring.as_ref())
    }
}
