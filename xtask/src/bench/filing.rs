//! What filing costs, against the practice authorities with a latency for every call. No window.

use super::{Rows, measured};
use crate::command::cargo;

/// Many at once, with faults on the way.
pub(super) fn batch() -> Rows {
    office("batch")
}

/// One, beside the latency bound and a plain client.
pub(super) fn filing() -> Rows {
    office("filing")
}

/// Many files opened.
pub(super) fn dropped() -> Rows {
    office("drop")
}

fn office(what: &str) -> Rows {
    let example = ["run", "--release", "--quiet", "--package", "office", "--example", "bench_office", "--", what];
    measured(&mut cargo(&example))
}
