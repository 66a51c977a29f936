//! What a file is known by: the SHA-256 of its bytes.

use base16ct::lower::encode_string;
use sha2::{Digest as _, Sha256};

/// SHA-256, hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    encode_string(&Sha256::digest(bytes))
}
