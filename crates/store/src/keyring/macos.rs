//! macOS: the user's login keychain.

use std::sync::Arc;

use keyring_core::CredentialStore;

pub(super) fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}
