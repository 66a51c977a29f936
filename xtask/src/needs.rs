//! What the system must have, and how it gets it.
//!
//! On Debian and its kin missing packages are installed when that needs no question; elsewhere, or where it would need a
//! password, the person gets the exact command or the list.

use crate::command::{Done, Failure, command, finish, on_path, say, succeeds};

/// What is going to happen on this machine.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Building the program and opening it on the person's own desktop.
    Build,
    /// Opening it on a virtual desktop as well.
    VirtualDesktop,
    /// Everything, tests of all kinds included.
    Test,
    /// And what the figures are compared with.
    Bench,
    /// Building packages: what building needs, and the tools that pack and check.
    Package,
    /// Building an AppImage as well: what makes it, and what opens its window.
    AppImage,
    /// Installing a package in a system of its own: what packing needs, and what makes such a system.
    TestPackage,
    /// Building for Windows, and trying it on a virtual desktop.
    Windows,
    /// Trying spreadsheets with LibreOffice.
    Sheets,
}

impl Purpose {
    /// Whether what is needed for `other` is needed for this.
    fn includes(self, other: Self) -> bool {
        match self {
            Self::Package => matches!(other, Self::Build | Self::Package),
            Self::AppImage => matches!(other, Self::Build | Self::VirtualDesktop | Self::Package | Self::AppImage),
            Self::TestPackage => matches!(other, Self::Build | Self::Package | Self::TestPackage),
            Self::Sheets => matches!(other, Self::Build | Self::Sheets),
            Self::Windows => matches!(other, Self::Build | Self::VirtualDesktop | Self::Windows),
            _ => other <= self,
        }
    }
}

/// How to see whether a need is met without asking a package manager.
enum Sign {
    /// A module that pkg-config knows.
    Module(&'static str),
    /// A program on the search path.
    Program(&'static str),
    /// A file.
    File(&'static str),
    /// Modules of the system's Python that can be imported.
    Python(&'static str),
}

struct Need {
    since: Purpose,
    /// Debian's package.
    package: &'static str,
    sign: Sign,
}

const fn need(since: Purpose, package: &'static str, sign: Sign) -> Need {
    Need { since, package, sign }
}

/// In the order in which a reader would ask for them: compile, link, show, drive, look.
const NEEDS: &[Need] = &[
    need(Purpose::Build, "build-essential", Sign::Program("cc")),
    need(Purpose::Build, "pkg-config", Sign::Program("pkg-config")),
    need(Purpose::Build, "libwebkit2gtk-4.1-dev", Sign::Module("webkit2gtk-4.1")),
    need(Purpose::Build, "libgtk-3-dev", Sign::Module("gtk+-3.0")),
    need(Purpose::Build, "libayatana-appindicator3-dev", Sign::Module("ayatana-appindicator3-0.1")),
    need(Purpose::Build, "librsvg2-dev", Sign::Module("librsvg-2.0")),
    need(Purpose::Build, "xdg-utils", Sign::Program("xdg-open")),
    need(Purpose::Build, "ca-certificates", Sign::File("/etc/ssl/certs/ca-certificates.crt")),
    need(Purpose::VirtualDesktop, "xvfb", Sign::Program("Xvfb")),
    need(Purpose::VirtualDesktop, "openbox", Sign::Program("openbox")),
    need(Purpose::VirtualDesktop, "dbus", Sign::Program("dbus-daemon")),
    need(Purpose::VirtualDesktop, "dbus-bin", Sign::Program("dbus-send")),
    need(Purpose::VirtualDesktop, "gnome-keyring", Sign::Program("gnome-keyring-daemon")),
    need(Purpose::VirtualDesktop, "webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    need(Purpose::VirtualDesktop, "chromium", Sign::Program("chromium")),
    need(Purpose::VirtualDesktop, "chromium-driver", Sign::Program("chromedriver")),
    need(Purpose::VirtualDesktop, "fonts-dejavu-core", Sign::File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")),
    need(Purpose::VirtualDesktop, "xdotool", Sign::Program("xdotool")),
    need(Purpose::VirtualDesktop, "xclip", Sign::Program("xclip")),
    need(Purpose::VirtualDesktop, "imagemagick", Sign::Program("import")),
    need(Purpose::VirtualDesktop, "python3-gi", Sign::Python("gi")),
    need(
        Purpose::VirtualDesktop,
        "gir1.2-gtk-3.0",
        Sign::Python("gi; gi.require_version('Gtk', '3.0'); from gi.repository import Gtk"),
    ),
    need(Purpose::VirtualDesktop, "poppler-utils", Sign::Program("pdftotext")),
    need(Purpose::Test, "weston", Sign::Program("weston")),
    need(Purpose::Test, "gcr", Sign::File("/usr/libexec/gcr-prompter")),
    need(Purpose::Test, "dunst", Sign::Program("dunst")),
    need(Purpose::Test, "python3-icalendar", Sign::Python("icalendar")),
    need(Purpose::Test, "libglib2.0-bin", Sign::Program("gdbus")),
    need(Purpose::Test, "util-linux", Sign::Program("setpriv")),
    need(Purpose::Test, "libxml2-utils", Sign::Program("xmllint")),
    need(Purpose::Test, "postgresql", Sign::File("/usr/lib/postgresql")),
    need(Purpose::Test, "pgbouncer", Sign::File("/usr/sbin/pgbouncer")),
    need(Purpose::Test, "python3-lxml", Sign::Python("lxml.etree")),
    need(Purpose::Package, "appstream", Sign::Program("appstreamcli")),
    need(Purpose::Package, "desktop-file-utils", Sign::Program("desktop-file-validate")),
    need(Purpose::Package, "dpkg-dev", Sign::Program("dpkg-shlibdeps")),
    need(Purpose::Package, "lintian", Sign::Program("lintian")),
    need(Purpose::Package, "rpm", Sign::Program("rpmbuild")),
    need(Purpose::AppImage, "squashfs-tools", Sign::Program("mksquashfs")),
    need(Purpose::AppImage, "patchelf", Sign::Program("patchelf")),
    need(Purpose::AppImage, "curl", Sign::Program("curl")),
    need(Purpose::TestPackage, "mmdebstrap", Sign::Program("mmdebstrap")),
    need(Purpose::Windows, "gcc-mingw-w64-x86-64-win32", Sign::Program("x86_64-w64-mingw32-gcc")),
    need(Purpose::Windows, "g++-mingw-w64-x86-64-win32", Sign::Program("x86_64-w64-mingw32-g++")),
    need(Purpose::Windows, "cmake", Sign::Program("cmake")),
    need(Purpose::Windows, "nasm", Sign::Program("nasm")),
    need(Purpose::Windows, "wine64", Sign::File("/usr/lib/wine/wine64")),
    need(Purpose::Windows, "nsis", Sign::Program("makensis")),
    need(Purpose::Windows, "wixl", Sign::Program("wixl")),
    need(Purpose::Windows, "msitools", Sign::Program("msibuild")),
    need(Purpose::Windows, "osslsigncode", Sign::Program("osslsigncode")),
    need(Purpose::Windows, "openssl", Sign::Program("openssl")),
    need(Purpose::Sheets, "libreoffice-calc-nogui", Sign::Program("soffice")),
];

impl Sign {
    fn seen(&self) -> bool {
        match self {
            Self::Module(module) => succeeds(&mut command("pkg-config", &["--exists", module])),
            Self::Program(program) => on_path(program),
            Self::File(path) => std::path::Path::new(path).exists(),
            Self::Python(import) => succeeds(&mut command("/usr/bin/python3", &["-c", &format!("import {import}")])),
        }
    }
}

/// Sees to it that everything is there that the purpose needs.
///
/// # Errors
/// When something is missing and may not be installed: the failure is the command that would.
pub(crate) fn install(purpose: Purpose) -> Done {
    if !on_path("node") || !on_path("npm") {
        return Err(Failure::new("Node.js with npm is missing: version 20.19 or newer, from https://nodejs.org"));
    }
    if !cfg!(target_os = "linux") {
        // Tauri's libraries are part of macOS and Windows; the virtual desktop exists on Linux only.
        return Ok(());
    }
    let missing = missing(purpose);
    if missing.is_empty() {
        return Ok(());
    }
    if !on_path("apt-get") {
        return Err(Failure::new(format!(
            "These are missing (named as in Debian; install what your system calls them): {}",
            missing.join(" ")
        )));
    }
    let by_hand =
        format!("sudo apt-get update && sudo apt-get install --yes --no-install-recommends {}", missing.join(" "));
    let Some(prefix) = privilege() else {
        return Err(Failure::new(format!("Packages are missing. Install them and start again:\n\n    {by_hand}\n")));
    };
    say(&format!("Installing {}", missing.join(" ")));
    // The environment reaches apt through `env` because sudo drops what it is started with.
    let apt = |arguments: &[&str]| {
        let words = [prefix, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
        finish(&mut command(words[0], &words[1..]))
    };
    apt(&["update", "--quiet=2"])
        .and_then(|()| {
            let quiet: &[&str] = &["install", "--yes", "--quiet=2", "--no-install-recommends"];
            apt(&[quiet, &missing].concat())
        })
        .map_err(|failure| Failure::new(format!("{failure}\nBy hand:\n\n    {by_hand}\n")))?;
    let still = self::missing(purpose);
    if still.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!("Installed, and still not found: {}", still.join(" "))))
    }
}

fn missing(purpose: Purpose) -> Vec<&'static str> {
    NEEDS.iter().filter(|need| purpose.includes(need.since) && !need.sign.seen()).map(|need| need.package).collect()
}

/// What must stand before apt-get; nothing for root, and no answer where it would ask for a password.
fn privilege() -> Option<&'static [&'static str]> {
    if succeeds(&mut command("sh", &["-c", "test \"$(id -u)\" = 0"])) {
        Some(&[])
    } else if succeeds(&mut command("sudo", &["-n", "true"])) {
        Some(&["sudo", "-n"])
    } else {
        None
    }
}
