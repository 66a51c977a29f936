//! Faults that others met first, each with its right value: one module a fault, named as it was reported (F01 and on).

mod f01_closed_pipe;
#[cfg(unix)]
mod f02_ctrl_c;
#[cfg(target_os = "linux")]
mod f03_interrupted_is_delivered_later;
mod f06_f07_kid;
mod f08_utc_date;
mod f09_two_of_one_period;
#[cfg(target_os = "linux")]
mod f10_name_not_utf8;
mod f15_due_367;
