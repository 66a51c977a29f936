//! Linux and the BSDs: the Secret Service over D-Bus.

use std::sync::Arc;

use keyring_core::CredentialStore;

pub(super) fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}
