//! What a program that holds tokens in memory does first, and what is tried with everything that comes from others.

pub mod foreign;

/// Lets no core file be written of this process, whatever the shell it was started from allows: tokens lie in its memory. A
/// program that is started by this one inherits it. Where the system refuses, it is said and the program goes on.
///
/// The limit is one byte and not none: Linux hands a core on to a program that collects them whatever the limit says, but
/// for that one value, by which collectors mark themselves (core(5)).
#[cfg(unix)]
pub fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let most = getrlimit(Resource::Core).maximum.unwrap_or(1).min(1);
    if let Err(error) = setrlimit(Resource::Core, Rlimit { current: Some(most), maximum: Some(most) }) {
        tracing::warn!(%error, "Core files cannot be forbidden.");
    }
}

/// Hides this process from the others of the same user, on Linux: none of them reads its memory, its environment or its open
/// files, and no debugger holds on to it. Only for a program without a window: the desktop's portal looks into who asks it,
/// and refuses the dialogs and links of one that is hidden. Programs that this one starts are not hidden.
pub fn hide_from_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable) {
        tracing::warn!(%error, "The memory of this program cannot be hidden.");
    }
}

/// Does something for which the desktop's portal must see who asks, and is hidden again afterwards if it was before.
pub fn seen_by_the_portal<T>(work: impl FnOnce() -> T) -> T {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, dumpable_behavior, set_dumpable_behavior};
        let hidden = matches!(dumpable_behavior(), Ok(DumpableBehavior::NotDumpable));
        if hidden && let Err(error) = set_dumpable_behavior(DumpableBehavior::Dumpable) {
            tracing::debug!(%error, "The portal will not see who asks.");
        }
        let done = work();
        if hidden {
            hide_from_others();
        }
        done
    }
    #[cfg(not(target_os = "linux"))]
    work()
}

/// Windows writes no core files; its error reports are the administrator's to switch off.
#[cfg(not(unix))]
pub fn forbid_core_dumps() {}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn no_core_file_is_left_by_a_process_that_has_forbidden_it() {
        super::forbid_core_dumps();
        let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        let numbers: Vec<&str> = core.split_whitespace().filter(|word| word.parse::<u64>().is_ok()).collect();
        assert!(numbers.iter().all(|number| ["0", "1"].contains(number)) && numbers.len() == 2, "{core}");
    }
}
