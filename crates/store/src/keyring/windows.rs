//! Windows: the Credential Manager.

use std::sync::Arc;

use keyring_core::CredentialStore;

pub(super) fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}
