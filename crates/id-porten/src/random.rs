//! Randomness, passed in: state, nonce, PKCE verifier and assertion ids are made of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRng as _;

/// Where random bytes come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// The source has failed; nothing secret may be made then.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

/// The source of randomness failed. Cause: the operating system's generator is out of reach (a sandbox without
/// `getrandom`). Remedy: none within the program; the attempt must be given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct RandomError;

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        rand::rngs::SysRng.try_fill_bytes(bytes).map_err(|_| RandomError)
    }
}

/// 256 bits as 43 characters of base64url: enough for state and nonce, and exactly the shortest PKCE verifier that
/// RFC 7636 section 4.1 allows.
pub(crate) fn token(random: &dyn Random) -> Result<String, RandomError> {
    let mut bytes = [0_u8; 32];
    random.fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
