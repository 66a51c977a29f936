//! Wine: a Windows of its own in a folder, with a home, on a virtual screen.

use crate::{
    command::{Done, Failure, command, finish, succeeds},
    package,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Debian 12's wine has no bcryptprimitives.dll, which every Rust program takes its random numbers from: this is one.
const RANDOM: &str = "\
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T length) { return SystemFunction036(data, length); }
";

/// Where Windows writes which one it is.
const VERSION: &str = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion";

/// A build of Windows 10 that has no dark theme yet. From 17763 on tao asks the system for it by the functions' numbers in
/// uxtheme.dll, and under these numbers wine 8 has others, which end the program.
const BEFORE_THE_DARK_THEME: &str = "17134";

/// A system, and what is tried in it.
pub(super) struct Wine {
    /// Where this system keeps its drive C.
    prefix: PathBuf,
    /// The home that its desktop and documents are in.
    home: PathBuf,
    /// The virtual screen: the first program decides which one wine's desktop is on.
    pub(super) display: String,
}

impl Wine {
    /// A Windows 10 that has just been installed; what an earlier run has left there is gone.
    ///
    /// # Errors
    /// Wine's, or the compiler's for what stands in.
    pub(super) fn new(folder: &Path, display: String) -> Result<Self, Failure> {
        let wine = Self { prefix: folder.join("system"), home: folder.join("home"), display };
        // What an earlier run has left would go on without this screen.
        wine.end();
        for gone in [&wine.prefix, &wine.home] {
            if gone.exists() {
                fs::remove_dir_all(gone).map_err(|error| Failure::new(format!("{}: {error}", gone.display())))?;
            }
        }
        for part in ["Desktop", "Documents"] {
            let part = wine.home.join(part);
            fs::create_dir_all(&part).map_err(|error| Failure::new(format!("{}: {error}", part.display())))?;
        }
        finish(wine.own("wine64").args(["wineboot", "--init"]))?;
        wine.stand_in_for_random_numbers(folder)?;
        // Debian's says that it is a Windows 7.
        finish(wine.own("wine64").args(["winecfg", "-v", "win10"]))?;
        for value in ["CurrentBuild", "CurrentBuildNumber"] {
            let build = ["reg", "add", VERSION, "/v", value, "/t", "REG_SZ", "/d", BEFORE_THE_DARK_THEME, "/f"];
            finish(wine.own("wine64").args(build).stdout(Stdio::null()))?;
        }
        Ok(wine)
    }

    /// Among the system's own libraries: our programs look nowhere else but beside themselves.
    fn stand_in_for_random_numbers(&self, folder: &Path) -> Done {
        let source = folder.join("random.c");
        package::write(&source, RANDOM)?;
        let library = self.drive().join("windows/system32/bcryptprimitives.dll");
        finish(
            Command::new("x86_64-w64-mingw32-gcc").args(["-shared", "-o"]).args([&library, &source]).arg("-ladvapi32"),
        )
    }

    /// A program of wine's own.
    pub(super) fn own(&self, name: &str) -> Command {
        let mut wine = command(&format!("/usr/lib/wine/{name}"), &[]);
        wine.env("WINEPREFIX", &self.prefix).env("WINEDEBUG", "-all").env("DISPLAY", &self.display);
        // Neither the menus of the person's own desktop nor questions about what wine could fetch.
        wine.env("HOME", &self.home).env("WINEDLLOVERRIDES", "winemenubuilder.exe,mscoree,mshtml=");
        // Names of files are UTF-8 here too.
        wine.env("LC_ALL", "C.UTF-8");
        wine.stdin(Stdio::null());
        wine
    }

    /// A program by its file.
    pub(super) fn program(&self, file: &Path, arguments: &[&str]) -> Command {
        let mut wine = self.own("wine64");
        wine.arg(file).args(arguments);
        wine
    }

    /// What a program of Windows' own prints.
    pub(super) fn said(&self, arguments: &[&str]) -> Result<Output, Failure> {
        let mut wine = self.own("wine64");
        wine.args(arguments).stdout(Stdio::piped());
        wine.output().map_err(|error| Failure::new(format!("{wine:?}: {error}")))
    }

    /// What the registry has under a key, everything below it included; nothing where there is no such key.
    pub(super) fn registry(&self, key: &str) -> Result<String, Failure> {
        Ok(String::from_utf8_lossy(&self.said(&["reg", "query", key, "/s"])?.stdout).into_owned())
    }

    /// Drive C.
    pub(super) fn drive(&self) -> PathBuf {
        self.prefix.join("drive_c")
    }

    /// The user's own folder.
    pub(super) fn user(&self) -> Result<PathBuf, Failure> {
        let users = self.drive().join("users");
        let entries = fs::read_dir(&users).map_err(|error| Failure::new(format!("{}: {error}", users.display())))?;
        let user = entries.flatten().map(|entry| entry.path()).find(|path| !path.ends_with("Public"));
        user.ok_or_else(|| Failure::new(format!("{} has no user", users.display())))
    }

    /// The home that stands behind the user's desktop and documents.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// Ends every program of this system.
    pub(super) fn end(&self) {
        succeeds(self.own("wineserver64").arg("-k"));
    }

    /// Waits until every program of this system has ended by itself.
    pub(super) fn settle(&self) {
        succeeds(self.own("wineserver64").arg("-w"));
    }
}

/// Wine shows the whole file system as drive Z.
pub(super) fn for_wine(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}
