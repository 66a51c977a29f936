//! JSON Web Tokens: RS256 signing keys, their public sets, signing and checking.
//!
//! Written out rather than taken from a library because the authorities check times by the practice clock,
//! which can be moved, and must be able to issue what no library would.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Why a token or key could not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// Not three base64url parts of JSON.
    #[error("not a JSON Web Token")]
    Malformed,
    /// The algorithm is not RS256.
    #[error("the algorithm is not RS256")]
    Algorithm,
    /// No key has the token's `kid`.
    #[error("the key is unknown")]
    UnknownKey,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// The machine could not make or use a key.
    #[error("the cryptography library refused")]
    Cryptography,
}

/// Base64url without padding.
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn from_base64url(text: &str) -> Result<Vec<u8>, JwtError> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| JwtError::Malformed)
}

/// One RSA key and its name.
struct NamedKey {
    kid: String,
    pair: RsaKeyPair,
}

impl NamedKey {
    fn generate() -> Result<Self, JwtError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| JwtError::Cryptography)?;
        Ok(Self { kid: crate::random::token(), pair })
    }

    fn public(&self) -> Value {
        let key = self.pair.public_key();
        json!({
            "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
            "n": base64url(key.modulus().big_endian_without_leading_zero()),
            "e": base64url(key.exponent().big_endian_without_leading_zero()),
        })
    }
}

/// Signing keys as they are written down: names, and PKCS #8 in base64url.
#[derive(Serialize, Deserialize)]
pub(crate) struct StoredKeys {
    keys: Vec<(String, String)>,
}

/// An issuer's signing keys. The newest signs; all are published. The first is made when it is first needed.
#[derive(Clone, Default)]
pub struct SigningKeys {
    first: Arc<OnceLock<Result<Arc<NamedKey>, JwtError>>>,
    later: Arc<RwLock<Vec<Arc<NamedKey>>>>,
    retired: Arc<RwLock<Vec<String>>>,
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKeys([secret])")
    }
}

impl SigningKeys {
    fn all(&self) -> Result<Vec<Arc<NamedKey>>, JwtError> {
        let first = self.first.get_or_init(|| NamedKey::generate().map(Arc::new)).clone()?;
        let mut keys = vec![first];
        keys.extend(self.later.read().unwrap_or_else(PoisonError::into_inner).iter().cloned());
        let retired = self.retired.read().unwrap_or_else(PoisonError::into_inner);
        keys.retain(|key| !retired.contains(&key.kid));
        Ok(keys)
    }

    /// The keys that are published, to be written down.
    pub(crate) fn stored(&self) -> StoredKeys {
        let keys = self.all().unwrap_or_default();
        let written = keys.iter().filter_map(|key| {
            let der: Pkcs8V1Der<'_> = key.pair.as_der().ok()?;
            Some((key.kid.clone(), base64url(der.as_ref())))
        });
        StoredKeys { keys: written.collect() }
    }

    /// Goes on with keys that were written down, when no other has been used yet.
    pub(crate) fn restore(&self, kept: &StoredKeys) {
        let mut keys = kept.keys.iter().filter_map(|(kid, der)| {
            let pair = RsaKeyPair::from_pkcs8(&from_base64url(der).ok()?).ok()?;
            Some(Arc::new(NamedKey { kid: kid.clone(), pair }))
        });
        let Some(first) = keys.next() else { return };
        if self.first.set(Ok(first)).is_ok() {
            self.later.write().unwrap_or_else(PoisonError::into_inner).extend(keys);
        }
    }

    /// Makes the first key now, so that no request waits for it.
    ///
    /// # Errors
    /// When the cryptography library refuses.
    pub fn prepare(&self) -> Result<(), JwtError> {
        self.all().map(|_| ())
    }

    /// Signs with a new key from now on; the old ones stay published unless `retire_old`.
    ///
    /// # Errors
    /// When the cryptography library refuses.
    pub fn rotate(&self, retire_old: bool) -> Result<(), JwtError> {
        let old = self.all()?;
        let new = Arc::new(NamedKey::generate()?);
        self.later.write().unwrap_or_else(PoisonError::into_inner).push(new);
        if retire_old {
            self.retired.write().unwrap_or_else(PoisonError::into_inner).extend(old.iter().map(|key| key.kid.clone()));
        }
        Ok(())
    }

    /// The public keys, a JWK set.
    ///
    /// # Errors
    /// When the first key cannot be made.
    pub fn public_set(&self) -> Result<Value, JwtError> {
        let keys: Vec<Value> = self.all()?.iter().map(|key| key.public()).collect();
        Ok(json!({ "keys": keys }))
    }

    /// Signs claims with the newest key.
    ///
    /// # Errors
    /// When the cryptography library refuses.
    pub fn sign(&self, claims: &Value) -> Result<String, JwtError> {
        let keys = self.all()?;
        let key = keys.last().ok_or(JwtError::UnknownKey)?;
        let header = json!({ "kid": key.kid, "alg": "RS256", "typ": "JWT" });
        let text = format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(&RSA_PKCS1_SHA256, &aws_lc_rs::rand::SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| JwtError::Cryptography)?;
        Ok(format!("{text}.{}", base64url(&signature)))
    }

    /// The claims of a token signed with one of these keys. Times and audience are the caller's to judge.
    ///
    /// # Errors
    /// When the token is malformed, or not signed with one of these keys.
    pub fn verify(&self, token: &str) -> Result<Value, JwtError> {
        verify_with(token, &self.public_set()?)
    }
}

/// The claims of a token signed with a key of this JWK set.
///
/// # Errors
/// When the token is malformed, its algorithm is not RS256, its key is not in the set, or its signature is wrong.
pub fn verify_with(token: &str, set: &Value) -> Result<Value, JwtError> {
    let mut parts = token.split('.');
    let (Some(header), Some(claims), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(JwtError::Malformed);
    };
    let parsed: Value = serde_json::from_slice(&from_base64url(header)?).map_err(|_| JwtError::Malformed)?;
    if parsed["alg"] != "RS256" {
        return Err(JwtError::Algorithm);
    }
    let keys = set["keys"].as_array().ok_or(JwtError::UnknownKey)?;
    let key = match parsed["kid"].as_str() {
        Some(kid) => keys.iter().find(|key| key["kid"] == kid),
        None if keys.len() == 1 => keys.first(),
        None => None,
    }
    .ok_or(JwtError::UnknownKey)?;
    let number = |name: &str| from_base64url(key[name].as_str().unwrap_or_default());
    let message = token.get(..header.len() + 1 + claims.len()).ok_or(JwtError::Malformed)?;
    RsaPublicKeyComponents { n: number("n")?, e: number("e")? }
        .verify(&RSA_PKCS1_2048_8192_SHA256, message.as_bytes(), &from_base64url(signature)?)
        .map_err(|_| JwtError::Signature)?;
    serde_json::from_slice(&from_base64url(claims)?).map_err(|_| JwtError::Malformed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_signed_token_verifies_until_its_key_is_retired() {
        let keys = SigningKeys::default();
        let token = keys.sign(&json!({ "sub": "x" })).unwrap();
        assert_eq!(keys.verify(&token).unwrap(), json!({ "sub": "x" }));
        keys.rotate(false).unwrap();
        assert!(keys.verify(&token).is_ok());
        assert_ne!(keys.sign(&json!({})).unwrap().split('.').next(), token.split('.').next());
        keys.rotate(true).unwrap();
        assert_eq!(keys.verify(&token), Err(JwtError::UnknownKey));
    }

    #[test]
    fn a_changed_token_does_not_verify() {
        let keys = SigningKeys::default();
        let token = keys.sign(&json!({ "sub": "x" })).unwrap();
        let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
        parts[1] = base64url(br#"{"sub":"y"}"#);
        assert_eq!(keys.verify(&parts.join(".")), Err(JwtError::Signature));
        parts[0] = base64url(br#"{"alg":"none"}"#);
        assert_eq!(keys.verify(&parts.join(".")), Err(JwtError::Algorithm));
    }
}
