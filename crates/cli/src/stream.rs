//! Standard output and standard error as streams that never fail.
//!
//! Whoever reads may go away (`submit … | head -1`), and a disk may be full. Neither says anything of what a command does:
//! a return that is half filed must not stay so because a line of text found no reader. So the first error is kept for the
//! end, what comes after it is dropped, and the command never hears of it.
//!
//! Whoever reads may also stay and take nothing more (a pager, a terminal that was stopped with Ctrl-S): then a command
//! waits with it, and a person who wants to stop it must not wait for the reader too ([`is_stuck`]).

use std::{
    io::{self, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Since when something has been written that is not taken.
static WRITING: Mutex<Option<Instant>> = Mutex::new(None);

/// How long what is written may take before nobody is thought to take it.
const TAKEN_WITHIN: Duration = Duration::from_secs(1);

/// Whether something has been written for a while that nobody takes.
pub(crate) fn is_stuck() -> bool {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|since| since.elapsed() > TAKEN_WITHIN)
}

fn writing(since: Option<Instant>) {
    *WRITING.lock().unwrap_or_else(PoisonError::into_inner) = since;
}

/// A stream that takes everything, whether it arrives or not.
pub(crate) struct Steady<W> {
    stream: W,
    lost: Option<io::Error>,
}

impl<W: Write> Steady<W> {
    /// The stream that never fails over one that may.
    pub(crate) fn new(stream: W) -> Self {
        Self { stream, lost: None }
    }

    /// Why something was lost, if anything was.
    pub(crate) fn lost(&self) -> Option<io::Error> {
        self.lost.as_ref().map(|error| match error.raw_os_error() {
            Some(number) => io::Error::from_raw_os_error(number),
            None => io::Error::new(error.kind(), error.to_string()),
        })
    }

    fn note<T>(&mut self, done: io::Result<T>) {
        if let Err(error) = done {
            self.lost.get_or_insert(error);
        }
    }
}

impl<W: Write> Write for Steady<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.lost.is_none() {
            writing(Some(Instant::now()));
            let done = self.stream.write_all(bytes);
            writing(None);
            self.note(done);
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.lost.is_none() {
            writing(Some(Instant::now()));
            let done = self.stream.flush();
            writing(None);
            self.note(done);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes so many bytes, and then none.
    struct Full(usize, Vec<u8>);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.0 == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            self.1.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_fails_and_what_was_lost_is_known() {
        let mut stream = Steady::new(Full(7, Vec::new()));
        assert!(writeln!(stream, "one").is_ok() && stream.lost().is_none());
        assert!(writeln!(stream, "another").is_ok() && writeln!(stream, "third").is_ok() && stream.flush().is_ok());
        assert_eq!(stream.lost().map(|error| error.kind()), Some(io::ErrorKind::StorageFull));
        assert_eq!(stream.stream.1, b"one\nano", "nothing comes after what was lost");
    }
}
