//! What a test needs of the machine and does not find: included by path in the tests of several crates.
#![allow(clippy::print_stderr, reason = "what is left out is said")]

/// A test is left out, because something it needs is absent. In CI that is a failure, unless `MOMSBUD_WITHOUT` names it
/// (several with commas).
pub(crate) fn absent(what: &str, why: &str) {
    let named = std::env::var("MOMSBUD_WITHOUT").is_ok_and(|names| names.split(',').any(|name| name.trim() == what));
    let in_ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(named || !in_ci, "{why}; MOMSBUD_WITHOUT={what} runs the tests without it");
    eprintln!("skipped: {why}");
}
