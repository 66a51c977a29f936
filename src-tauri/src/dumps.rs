//! No picture of the program's memory on disk: tokens lie in it.
//!
//! A limit of one byte, and not of none: Linux hands a picture to a program that collects them (systemd-coredump, apport) whatever
//! the limit is, except for one byte (fs/coredump.c). The kernel's own mark for it (`PR_SET_DUMPABLE`) would keep other
//! programs of the same user out as well, but xdg-desktop-portal answers no program whose `/proc/PID/root` it cannot read, and
//! through it the window opens links and files.

/// From now on, for this program and whatever it starts.
pub(crate) fn forbid() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let one = Rlimit { current: Some(1), maximum: Some(1) };
        if let Err(error) = setrlimit(Resource::Core, one) {
            tracing::warn!(%error, "The system may write the program's memory to disk if it crashes.");
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use rustix::process::{Resource, getrlimit};

    #[test]
    fn a_crash_leaves_no_picture_of_the_memory() {
        super::forbid();
        let limit = getrlimit(Resource::Core);
        assert_eq!((limit.current, limit.maximum), (Some(1), Some(1)));
    }
}
