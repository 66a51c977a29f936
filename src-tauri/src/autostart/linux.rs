//! The desktop's autostart folder (freedesktop.org, Desktop Application Autostart Specification 0.5): one file.
//!
//! The plugin for it writes the program's path unquoted and brings a library that asks for the system's version.

use crate::{background::HIDDEN, restart};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use tauri::{AppHandle, Manager};

const FILE: &str = "no.momsbud.desktop.desktop";

/// Whether the program starts with the system.
pub(crate) fn is_on(app: &AppHandle) -> io::Result<bool> {
    file(app)?.try_exists()
}

/// Starts it with the system from now on, or no longer.
pub(crate) fn set(app: &AppHandle, on: bool) -> io::Result<()> {
    let file = file(app)?;
    if on {
        return disk::write(&file, entry(&restart::itself()?).as_bytes());
    }
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn file(app: &AppHandle) -> io::Result<PathBuf> {
    let folder = app.path().config_dir().map_err(io::Error::other)?;
    Ok(folder.join("autostart").join(FILE))
}

fn entry(program: &Path) -> String {
    // Quoted as the Desktop Entry Specification wants it, and `%` is doubled: it begins a field code.
    let mut quoted = String::new();
    for letter in program.to_string_lossy().chars() {
        match letter {
            '"' | '`' | '$' | '\\' => {
                // Once for the quoting and once for the string it stands in.
                quoted.push_str("\\\\");
                quoted.push(letter);
            }
            '%' => quoted.push_str("%%"),
            letter => quoted.push(letter),
        }
    }
    format!(
        "[Desktop Entry]\nType=Application\nName=Momsbud\nExec=\"{quoted}\" {HIDDEN}\nIcon=momsbud\nTerminal=false\n\
         X-GNOME-Autostart-enabled=true\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_blanks_and_signs_is_quoted() {
        let entry = entry(Path::new("/home/kari/Mine program/100 %/mom$bud"));
        assert!(entry.contains("Exec=\"/home/kari/Mine program/100 %%/mom\\\\$bud\" --hidden\n"), "{entry}");
    }
}
