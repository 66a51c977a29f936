//! Going on without a window: kept in the tray when the person chose so, started with the system, hidden.
//!
//! A hidden program has no window at all: the web view is made when it is wanted and ends when it is closed, so that
//! what waits in the tray costs next to nothing. What lies open, the office keeps.

use std::sync::atomic::{AtomicBool, Ordering};

/// The argument of a start without a window.
pub(crate) const HIDDEN: &str = "--hidden";

/// Whether the program goes on when its window is closed.
#[derive(Debug, Default)]
pub(crate) struct KeepRunning(AtomicBool);

impl KeepRunning {
    pub(crate) fn set(&self, keep: bool) {
        self.0.store(keep, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether the program was started without a window.
pub(crate) fn is_hidden(arguments: &[String]) -> bool {
    arguments.iter().skip(1).any(|argument| argument == HIDDEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_argument_hides() {
        let hidden = |arguments: &[&str]| is_hidden(&arguments.iter().map(|&a| a.to_owned()).collect::<Vec<_>>());
        assert!(hidden(&["momsbud", "--hidden"]));
        assert!(!hidden(&["momsbud", "hidden.xml"]));
        assert!(!hidden(&["--hidden"]));
    }
}
