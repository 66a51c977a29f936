//! Ctrl-C and its kin: heard from the first moment of a command to the last.
//!
//! Once anything in a process has asked tokio for Ctrl-C, the system's own answer to it is gone for good: whoever listens
//! only now and then is deaf the rest of the time. So there is one listener, and everything that may take time is waited
//! for through it. A second Ctrl-C ends the program at once, as a crash would; the next command finds out what had been
//! done.

use crate::stream;
use std::fmt;
use std::io::{self, BufRead as _};
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;
use tokio::sync::watch;

/// What asked a command to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// SIGTERM, or that the computer is being shut down.
    Terminate,
    /// SIGHUP: the terminal was closed, or the connection to it ended.
    HangUp,
}

impl Signal {
    /// The status that a shell gives a command that ended by it: 128 and its number.
    pub(crate) fn status(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::HangUp => 129,
        }
    }
}

/// The first signal of this program, for those who cannot wait for it.
static HEARD: OnceLock<Signal> = OnceLock::new();

/// The signal that has come, if one has.
pub(crate) fn received_signal() -> Option<Signal> {
    HEARD.get().copied()
}

/// How often who waits for a line looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(50);

/// A line that a person types; nothing when the command is to stop.
///
/// # Errors
/// What keeps it from being read.
pub(crate) fn typed() -> io::Result<Option<String>> {
    typed_by(|| {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line).map(|_| line)
    })
}

/// The same of what reads the line.
///
/// # Errors
/// What keeps it from being read.
pub(crate) fn typed_by(read: fn() -> io::Result<String>) -> io::Result<Option<String>> {
    // On a thread that may be left waiting: what a person does not type cannot be given up.
    let (said, lines) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody may be listening any more.
        let _ = said.send(read());
    });
    loop {
        match lines.recv_timeout(LOOK) {
            Ok(line) => return line.map(Some),
            Err(RecvTimeoutError::Timeout) if received_signal().is_none() => {}
            Err(_) => return Ok(None),
        }
    }
}

/// A command was stopped: no error, and nothing to print. It goes up as one, so that everything on the way is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stopped(pub(crate) Signal);

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Stopped {}

/// Says when a command is to stop. Clones hear the same.
#[derive(Debug, Clone)]
pub(crate) struct Stop(watch::Receiver<Option<Signal>>);

impl Stop {
    /// Listens from now on, until the program ends.
    ///
    /// # Errors
    /// When the system does not let it listen.
    pub(crate) fn listen() -> io::Result<Self> {
        let (told, stop) = watch::channel(None);
        let mut signals = Signals::new()?;
        tokio::spawn(async move {
            loop {
                let signal = signals.next().await;
                // A terminal that is closed is told to more than once; a person who presses again means it.
                if told.borrow().is_some() && signal != Signal::HangUp {
                    std::process::exit(i32::from(signal.status()));
                }
                let _ = HEARD.set(signal);
                tokio::spawn(end_if_nobody_reads(signal));
                told.send_if_modified(|heard| {
                    let first = heard.is_none();
                    heard.get_or_insert(signal);
                    first
                });
            }
        });
        Ok(Self(stop))
    }

    /// Waits for the signal.
    pub(crate) async fn received_signal(&self) -> Signal {
        let mut stop = self.0.clone();
        match stop.wait_for(Option::is_some).await.map(|signal| *signal) {
            Ok(Some(signal)) => signal,
            // The listener lives as long as the program.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Whether it has come.
    pub(crate) fn is_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits for something, unless the command is to stop; then it is left as it is.
    ///
    /// # Errors
    /// [`Stopped`].
    pub(crate) async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, Stopped> {
        tokio::select! {
            biased;
            signal = self.received_signal() => Err(Stopped(signal)),
            done = work => Ok(done),
        }
    }
}

/// A command that waits for somebody to take its output hears nothing: it is ended as by a second Ctrl-C.
async fn end_if_nobody_reads(signal: Signal) {
    while !stream::is_stuck() {
        tokio::time::sleep(LOOK).await;
    }
    std::process::exit(i32::from(signal.status()));
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// Nothing where whoever started the program wants it to outlive the terminal (nohup).
    hang_up: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hang_up = if outlives_its_terminal() { None } else { Some(signal(SignalKind::hangup())?) };
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())?, hang_up })
    }

    async fn next(&mut self) -> Signal {
        let hang_up = async {
            match &mut self.hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = hang_up => Signal::HangUp,
        }
    }
}

/// Whether SIGHUP was ignored from the start. Only Linux says so to who does not ask for more than reading.
#[cfg(unix)]
fn outlives_its_terminal() -> bool {
    let status = files::open::read(std::path::Path::new("/proc/self/status"), files::open::SMALL).unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 != 0)
}

#[cfg(windows)]
struct Signals {
    interrupt: tokio::signal::windows::CtrlC,
    stop: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self { interrupt: ctrl_c()?, stop: ctrl_break()?, close: ctrl_close()?, shutdown: ctrl_shutdown()? })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.stop.recv() => Signal::Interrupt,
            _ = self.close.recv() => Signal::HangUp,
            _ = self.shutdown.recv() => Signal::Terminate,
        }
    }
}
