//! What filing costs, against the practice authorities with a latency for every call. No window.

use super::{Rows, measured};
use crate::command::cargo;

/// Many at once, with faults on the way.
pub(super) fn batch() -> Rows {
    office(&["batch"])
}

/// One, beside the latency bound and a plain client.
pub(super) fn filing() -> Rows {
    office(&["filing"])
}

/// Many files opened, and ten times as many: an accountant's whole year.
pub(super) fn dropped() -> Rows {
    let mut rows = office(&["drop"])?;
    rows.extend(office(&["drop", "10000"])?);
    Ok(rows)
}

fn office(what: &[&str]) -> Rows {
    let example = ["run", "--release", "--quiet", "--package", "office", "--example", "bench_office", "--"];
    measured(cargo(&example).args(what))
}
