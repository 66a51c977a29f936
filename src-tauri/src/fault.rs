//! What a command answers when the desktop itself fails.

use view::{
    ErrorCode, ErrorView,
    problem::{self, Problem},
};

/// What every command answers.
pub(crate) type Answer<T> = Result<T, ErrorView>;

/// A fault of the desktop itself; nothing of a filing depends on it.
pub(crate) fn fault(code: ErrorCode, message: &str, cause: &dyn std::error::Error) -> ErrorView {
    let problem: Problem = problem::says(code, message).detail(cause.to_string());
    problem.into()
}
