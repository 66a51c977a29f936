//! Faults that others met first, each with its right value: one module a fault, named as it was reported (F01 and on).

use std::path::Path;

mod f01_closed_pipe;
#[cfg(unix)]
mod f02_ctrl_c;
#[cfg(target_os = "linux")]
mod f03_interrupted_is_delivered_later;
mod f04_2001_returns;
#[cfg(unix)]
mod f05_folders;
mod f06_f07_kid;
mod f08_utc_date;
mod f09_two_of_one_period;
#[cfg(target_os = "linux")]
mod f10_name_not_utf8;
mod f11_invisible;
mod f12_not_named;
mod f13_year_2004;
#[cfg(unix)]
mod f14_fifo;
mod f15_due_367;

/// A small input that shows a fault.
fn input(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/bugs/inputs");
    folder.join(name).to_str().unwrap().to_owned()
}
