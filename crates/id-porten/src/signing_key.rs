//! The key of `private_key_jwt`: made in the program or imported, its public half to register, and the assertions
//! that it signs.

use crate::random::{self, Random, RandomError};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use secrecy::SecretString;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::sync::Arc;

/// How long an assertion lives: long enough for a slow request, short enough to be worthless afterwards
/// (apis.md section 3.5: "keep it short").
const ASSERTION_SECONDS: i64 = 60;

/// An RSA key that signs client assertions with RS256, the one algorithm that ID-porten documents (apis.md section 3.1).
#[derive(Clone)]
pub struct SigningKey {
    pair: Arc<KeyPair>,
    key_id: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("key_id", &self.key_id).field("pair", &"[secret]").finish()
    }
}

/// A key could not be made, read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SigningKeyError {
    /// The text holds no private key in PEM form. Remedy: choose the file that begins with `-----BEGIN PRIVATE KEY-----`
    /// or `-----BEGIN RSA PRIVATE KEY-----`; a certificate or a public key will not do.
    #[error("no private key in PEM form was found")]
    NoKey,
    /// The key is protected with a password. Remedy: export it without one (`openssl pkey`); the program seals it itself.
    #[error("the private key is encrypted with a password")]
    Encrypted,
    /// The key is not RSA, or is shorter than 2048 bits, or damaged. Remedy: make a new one.
    #[error("the key is not an RSA key of at least 2048 bits")]
    Unusable,
    /// Making or signing failed in the cryptographic library. Cause: no randomness or no memory.
    #[error("the cryptographic library could not do it")]
    Failed,
}

impl From<RandomError> for SigningKeyError {
    fn from(_: RandomError) -> Self {
        Self::Failed
    }
}

impl SigningKey {
    /// Makes a new key of 2048 bits. Takes a second or two: not for a thread that must answer.
    ///
    /// # Errors
    /// [`SigningKeyError::Failed`].
    pub fn generate() -> Result<Self, SigningKeyError> {
        Ok(Self::from_pair(KeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningKeyError::Failed)?))
    }

    /// Reads a private key in PEM form, PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// [`SigningKeyError::NoKey`], [`SigningKeyError::Encrypted`], [`SigningKeyError::Unusable`].
    pub fn from_pem(pem: &str) -> Result<Self, SigningKeyError> {
        if pem.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || pem.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(SigningKeyError::Encrypted);
        }
        let pair = match PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| SigningKeyError::NoKey)? {
            PrivateKeyDer::Pkcs8(der) => KeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => KeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(SigningKeyError::Unusable),
        };
        Ok(Self::from_pair(pair.map_err(|_| SigningKeyError::Unusable)?))
    }

    /// The same under the id that it is registered with, where that is not its thumbprint.
    #[must_use]
    pub fn with_key_id(mut self, key_id: Option<&str>) -> Self {
        if let Some(key_id) = key_id {
            key_id.clone_into(&mut self.key_id);
        }
        self
    }

    /// The private key as PEM (PKCS#8), for the vault.
    ///
    /// # Errors
    /// [`SigningKeyError::Failed`].
    pub fn to_pem(&self) -> Result<SecretString, SigningKeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| SigningKeyError::Failed)?;
        let text = STANDARD.encode(der.as_ref());
        let mut pem = String::with_capacity(text.len() + text.len() / 64 + 64);
        pem.push_str("-----BEGIN PRIVATE KEY-----\n");
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Ok(SecretString::from(pem))
    }

    /// The key's id: the thumbprint of its public half (RFC 7638), so that the same key has the same id everywhere; another
    /// one where it was registered under that.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The public half as a JSON Web Key, for the registration.
    #[must_use]
    pub fn public_jwk(&self) -> serde_json::Value {
        let (n, e) = public_numbers(&self.pair);
        json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id, "n": n, "e": e})
    }

    /// A client assertion (RFC 7523 section 3): iss and sub the client, aud the issuer, used once and soon ended.
    pub(crate) fn assertion(
        &self,
        client_id: &str,
        audience: &str,
        now: Timestamp,
        random: &dyn Random,
    ) -> Result<SecretString, SigningKeyError> {
        let header = json!({"alg": "RS256", "typ": "JWT", "kid": self.key_id});
        let issued = now.as_second();
        let claims = json!({
            "iss": client_id, "sub": client_id, "aud": audience,
            "iat": issued, "exp": issued + ASSERTION_SECONDS, "jti": random::token(random)?,
        });
        let mut jwt =
            format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &aws_lc_rs::rand::SystemRandom::new(), jwt.as_bytes(), &mut signature)
            .map_err(|_| SigningKeyError::Failed)?;
        jwt.push('.');
        jwt.push_str(&URL_SAFE_NO_PAD.encode(signature));
        Ok(SecretString::from(jwt))
    }

    fn from_pair(pair: KeyPair) -> Self {
        let (n, e) = public_numbers(&pair);
        // RFC 7638 section 3: the required members alone, in lexical order, without whitespace.
        let key_id = URL_SAFE_NO_PAD.encode(Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#)));
        Self { pair: Arc::new(pair), key_id }
    }
}

fn public_numbers(pair: &KeyPair) -> (String, String) {
    let public = pair.public_key();
    (
        URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero()),
        URL_SAFE_NO_PAD.encode(public.exponent().big_endian_without_leading_zero()),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::random::SystemRandom;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_key_survives_its_pem_and_signs_what_its_public_half_verifies() {
        let key = SigningKey::generate().unwrap();
        let again = SigningKey::from_pem(key.to_pem().unwrap().expose_secret()).unwrap();
        assert_eq!(again.public_jwk(), key.public_jwk());
        assert_eq!(again.key_id(), key.key_id());

        let now = Timestamp::now();
        let assertion = again.assertion("klient", "https://idporten.no", now, &SystemRandom).unwrap();
        let jwk: jsonwebtoken::jwk::Jwk = serde_json::from_value(key.public_jwk()).unwrap();
        let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::RS256);
        rules.set_audience(&["https://idporten.no"]);
        rules.set_issuer(&["klient"]);
        let data = jsonwebtoken::decode::<serde_json::Value>(
            assertion.expose_secret(),
            &jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap(),
            &rules,
        )
        .unwrap();
        assert_eq!(data.header.kid.as_deref(), Some(key.key_id()));
        assert_eq!(data.claims["sub"], "klient");
        assert_eq!(data.claims["exp"].as_i64().unwrap() - data.claims["iat"].as_i64().unwrap(), 60);
        let registered =
            again.clone().with_key_id(Some("nøkkel-2026")).assertion("k", "https://idporten.no", now, &SystemRandom);
        let header = jsonwebtoken::decode_header(registered.unwrap().expose_secret()).unwrap();
        assert_eq!(header.kid.as_deref(), Some("nøkkel-2026"), "a key that was registered under another name");
        assert_eq!(again.clone().with_key_id(None).key_id(), key.key_id());
        let other = again.assertion("klient", "https://idporten.no", now, &SystemRandom).unwrap();
        assert_ne!(other.expose_secret(), assertion.expose_secret(), "the same jti twice");
    }

    #[test]
    fn what_is_no_usable_key_is_refused_by_cause() {
        assert_eq!(SigningKey::from_pem("").unwrap_err(), SigningKeyError::NoKey);
        assert_eq!(
            SigningKey::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap_err(),
            SigningKeyError::NoKey
        );
        assert_eq!(
            SigningKey::from_pem("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
                .unwrap_err(),
            SigningKeyError::Encrypted
        );
        assert_eq!(
            SigningKey::from_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap_err(),
            SigningKeyError::Unusable
        );
    }

    #[test]
    fn a_key_is_not_printed() {
        let key = SigningKey::generate().unwrap();
        let text = format!("{key:?}");
        assert!(text.contains("[secret]") && text.contains(key.key_id()), "{text}");
    }
}
