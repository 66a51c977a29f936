//! The program started anew, in its own place: as the same process where the system can, so that whoever started it waits for
//! the right one.

use std::{convert::Infallible, env, ffi::OsString, io, path::PathBuf, process::Command, thread, time::Duration};

/// The argument that says to the next start how many have met a program that was about to end. No variable: what the program
/// starts itself (browsers, readers) would inherit it.
const MET: &str = "--met-ending=";

/// So often a start looks whether the other has ended by now.
const MOST: u32 = 10;

/// How long is waited before it looks again.
const MOMENT: Duration = Duration::from_millis(200);

/// What is to be said to the new one.
#[derive(Debug, Default)]
pub(crate) struct Anew {
    /// Arguments, without the program's own name.
    pub(crate) arguments: Vec<OsString>,
}

impl Anew {
    /// Starts it.
    ///
    /// # Errors
    /// The operating system's; whoever is here still goes on as before.
    #[expect(clippy::disallowed_methods, reason = "the program itself")]
    pub(crate) fn start(self) -> io::Result<Infallible> {
        let own = itself()?;
        let mut program = Command::new(&own);
        program.args(self.arguments);
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            // What it is called is an argument too.
            if own.to_str().is_none() {
                program.arg0("momsbud");
            }
            Err(program.exec())
        }
        #[cfg(not(unix))]
        {
            program.spawn()?;
            std::process::exit(0);
        }
    }
}

/// The file that starts the program. That of an AppImage is the image: the program in it lies where that one was mounted, and after
/// an update another is in its place.
///
/// # Errors
/// The operating system does not say.
pub(crate) fn itself() -> io::Result<PathBuf> {
    let image = env::var_os("APPIMAGE").filter(|_| cfg!(target_os = "linux"));
    image.map_or_else(env::current_exe, |image| Ok(image.into()))
}

/// Goes on after a start that has failed: the program that had the name already, and was asked to come to the front, may have been
/// about to end. Somebody who closes the window and opens a file at once means a window. Comes back with the error where that is
/// not the reason, or the other neither answers nor ends.
pub(crate) fn unless_another_was_ending(error: tauri::Error) -> tauri::Error {
    let (met, mut arguments) = met(env::args_os().skip(1));
    if !matches!(&error, tauri::Error::PluginInitialization(plugin, _) if plugin == "single-instance") || met >= MOST {
        return error;
    }
    tracing::warn!(%error, "Another program was about to end; this one starts anew.");
    thread::sleep(MOMENT);
    arguments.push(format!("{MET}{}", met + 1).into());
    match (Anew { arguments }).start() {
        Ok(never) => match never {},
        Err(why) => {
            tracing::error!(%why, "The program could not be started anew.");
            error
        }
    }
}

/// How many starts have met one that was about to end, and the other arguments.
fn met(given: impl Iterator<Item = OsString>) -> (u32, Vec<OsString>) {
    let mut met = 0;
    let others = given.filter(|argument| match argument.to_str().and_then(|text| text.strip_prefix(MET)) {
        Some(said) => {
            met = said.parse().unwrap_or(MOST);
            false
        }
        None => true,
    });
    let others = others.collect();
    (met, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starts_before_this_one_are_counted_among_the_arguments_and_taken_from_them() {
        let of = |given: &[&str]| {
            let (count, others) = met(given.iter().map(OsString::from));
            (count, others.into_iter().map(|it| it.into_string().unwrap_or_default()).collect::<Vec<_>>())
        };
        assert_eq!(of(&["a.xml"]), (0, vec!["a.xml".into()]));
        assert_eq!(of(&["a.xml", "--met-ending=3"]), (3, vec!["a.xml".into()]));
        assert_eq!(of(&["--met-ending=x"]), (MOST, vec![]), "what nobody here has said ends the trying");
    }
}
