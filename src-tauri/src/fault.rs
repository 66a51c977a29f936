//! What a command answers when the desktop itself fails.

use std::collections::BTreeMap;
use view::{Delivered, ErrorCode, ErrorView};

/// What every command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// A fault of the desktop itself; nothing of a filing depends on it.
pub(crate) fn fault(code: ErrorCode, message: &str, cause: &dyn std::error::Error) -> ErrorView {
    ErrorView {
        code,
        message: message.to_owned(),
        details: vec![cause.to_string()],
        values: BTreeMap::new(),
        delivered: Delivered::No,
    }
}
