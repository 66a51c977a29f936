//! Skatteetaten's verdict over a delivered return, as the window and the database have it.

use vat_return::{Decision, validation_result::ValidationResult};
use view::Verdict;

/// The verdict in a `valideringsresultat`, with what can be read of it; nothing at all is [`Verdict::Missing`].
pub fn verdict(file: Option<&[u8]>) -> (Verdict, Option<ValidationResult>) {
    let (decision, result) = Decision::read(file);
    (of(decision), result)
}

/// The same word.
pub(crate) const fn of(decision: Decision) -> Verdict {
    match decision {
        Decision::Accepted => Verdict::Accepted,
        Decision::Deviating => Verdict::Deviating,
        Decision::Incomplete => Verdict::Incomplete,
        Decision::Invalid => Verdict::Invalid,
        Decision::Unknown => Verdict::Unknown,
        Decision::Unreadable => Verdict::Unreadable,
        Decision::Missing => Verdict::Missing,
    }
}
