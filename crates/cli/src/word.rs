//! How a return came out, in one word, as `--json` has it.

use serde::Serialize;

/// How a return came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Word {
    Received,
    Delivered,
    Waiting,
    Refused,
    Invalid,
    Declined,
    Rejected,
    Unclear,
    Failed,
}
