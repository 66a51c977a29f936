//! Passwords: typed where nobody sees them, taken from a pipe a line each, or made.

use crate::Failure;
use crate::console::Console;
use crate::stop::{self, Stopped};
use id_porten::{Random as _, SystemRandom};
use secrecy::SecretString;
use std::io::{self, IsTerminal as _};

/// Letters and digits that nobody takes for each other.
const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";
/// How many of them a password has that is made: five bits each.
const LENGTH: usize = 25;

/// The password of a role: asked for at the terminal, or the next line of standard input.
pub(crate) fn asked(role: &str, console: &mut Console<'_>) -> Result<SecretString, Failure> {
    let at_terminal = io::stdin().is_terminal();
    let unseen = Unseen::begin(at_terminal);
    if at_terminal {
        let text = crate::filled(console.language, "register.passwordOf", &[("role", &role)]);
        write!(console.err, "{text}: ")?;
        console.err.flush()?;
    }
    let typed = unseen.typed()?;
    if at_terminal {
        writeln!(console.err)?;
    }
    if let Some(signal) = stop::received_signal() {
        return Err(Stopped(signal).into());
    }
    let typed = typed.unwrap_or_default();
    let password = typed.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err(console.say("register.noPasswordGiven").into());
    }
    Ok(SecretString::from(password))
}

/// A new password.
pub(crate) fn made() -> Result<SecretString, Failure> {
    let mut bytes = [0_u8; LENGTH];
    SystemRandom.fill(&mut bytes)?;
    let sign = |byte: &u8| char::from(*SIGNS.get(usize::from(byte % 32)).unwrap_or(&b'a'));
    Ok(SecretString::from(bytes.iter().map(sign).collect::<String>()))
}

/// A terminal that shows nothing of what is typed, until dropped.
#[cfg(unix)]
struct Unseen(Option<rustix::termios::Termios>);

#[cfg(unix)]
impl Unseen {
    fn begin(at_terminal: bool) -> Self {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let before = tcgetattr(io::stdin()).ok().filter(|_| at_terminal);
        if let Some(before) = &before {
            let mut unseen = before.clone();
            unseen.local_modes.remove(LocalModes::ECHO);
            let _shown = tcsetattr(io::stdin(), OptionalActions::Flush, &unseen);
        }
        Self(before)
    }

    fn typed(self) -> io::Result<Option<String>> {
        stop::typed()
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _stays = rustix::termios::tcsetattr(io::stdin(), rustix::termios::OptionalActions::Now, before);
        }
    }
}

/// Whether the console is to show nothing of what is typed: Windows hides it for the length of one line.
#[cfg(windows)]
struct Unseen(bool);

#[cfg(windows)]
impl Unseen {
    fn begin(at_terminal: bool) -> Self {
        Self(at_terminal)
    }

    fn typed(self) -> io::Result<Option<String>> {
        if self.0 { stop::typed_by(rpassword::read_password) } else { stop::typed() }
    }
}
