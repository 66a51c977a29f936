//! Checking returns, without a window.

use super::{Rows, measured};
use crate::{
    command::cargo,
    needs::{self, Purpose},
};

/// Beside the schema validators that people use.
pub(super) fn check() -> Rows {
    needs::install(Purpose::Bench)?;
    example("bench_check")
}

/// Returns of many lines.
pub(super) fn lines() -> Rows {
    example("bench_lines")
}

fn example(name: &str) -> Rows {
    measured(&mut cargo(&["run", "--release", "--quiet", "--package", "vat-return", "--example", name]))
}

/// A SAF-T file of a million lines.
pub(super) fn saft() -> Rows {
    needs::install(Purpose::Bench)?;
    measured(&mut cargo(&["run", "--release", "--quiet", "--package", "books", "--example", "bench_saft"]))
}

/// The vouchers of a line of a million.
pub(super) fn vouchers() -> Rows {
    measured(&mut cargo(&["run", "--release", "--quiet", "--package", "office", "--example", "bench_vouchers"]))
}

/// A key in a draft.
pub(super) fn typing() -> Rows {
    measured(&mut cargo(&["run", "--release", "--quiet", "--package", "drafts", "--example", "bench_typing"]))
}
