//! Windows: the Credential Manager.

use std::sync::Arc;

use keyring_core::CredentialStore;

pub(super) fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// The Credential Manager itself, under Windows or wine (`cargo xtask windows test`).
#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::{Keyring as _, KeyringError, SystemKeyring};

    /// An entry of this test's own, gone when it is over however it ends.
    struct Own(SystemKeyring);

    impl Drop for Own {
        fn drop(&mut self) {
            let _ = self.0.delete();
        }
    }

    fn own(name: &str) -> Own {
        let own = Own(SystemKeyring::named("Momsbud prøve", &format!("{name} {}", std::process::id())));
        assert_eq!(own.0.load().unwrap(), None);
        own
    }

    fn kept(own: &Own) -> Option<Vec<u8>> {
        own.0.load().unwrap().map(|secret| secret.to_vec())
    }

    #[test]
    fn a_secret_is_kept_replaced_and_removed() {
        let own = own("nøkkel");
        let (first, second) = ([7_u8; 32], [0_u8, 255, 13, 10]);
        own.0.store(&first).unwrap();
        // Opened anew, as the next start does.
        assert_eq!(SystemKeyring::clone(&own.0).load().unwrap().as_deref(), Some(&first.to_vec()));
        own.0.store(&second).unwrap();
        assert_eq!(kept(&own), Some(second.to_vec()));
        own.0.delete().unwrap();
        assert_eq!(kept(&own), None);
        own.0.delete().unwrap();
    }

    #[test]
    fn entries_of_one_service_are_kept_apart() {
        let (one, other) = (own("en"), own("en annen"));
        one.0.store(b"en").unwrap();
        other.0.store(b"en annen").unwrap();
        one.0.delete().unwrap();
        assert_eq!((kept(&one), kept(&other)), (None, Some(b"en annen".to_vec())));
    }

    /// 2 560 bytes of UTF-16 are 1 280 letters, and 960 bytes as text.
    #[test]
    fn what_is_too_large_is_refused_and_what_was_there_stays() {
        let own = own("stor");
        let largest = vec![0x5a_u8; 960];
        own.0.store(&largest).unwrap();
        assert_eq!(kept(&own), Some(largest.clone()));
        assert!(matches!(own.0.store(&[0x5a; 961]), Err(KeyringError::Refused(_))));
        assert_eq!(kept(&own), Some(largest));
    }
}
