//! Randomness from the operating system: codes, tokens, names of keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// 244 random bits as base64url text.
#[must_use]
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 32];
    let (first, second) = bytes.split_at_mut(16);
    first.copy_from_slice(Uuid::new_v4().as_bytes());
    second.copy_from_slice(Uuid::new_v4().as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A number below `limit`, near enough even for drawing faults and digits.
#[must_use]
pub(crate) fn below(limit: u64) -> u64 {
    let (high, _) = Uuid::new_v4().as_u64_pair();
    // The upper 48 bits are random; the version stands in the lower ones.
    (high >> 16) % limit.max(1)
}
