//! The AppImage: one file that runs where neither the .deb nor the .rpm fits.
//!
//! It is made by its published format, type 2: a program that mounts what stands behind it, and a squashfs. That program comes from
//! a crate of crates.io that has it among its files, because AppImage's own addresses are no package registry; it asks for
//! libfuse2, or unpacks itself with `--appimage-extract-and-run`. The window's engine is inside with everything that it needs. Only
//! what belongs to a machine's kernel, graphics and fonts is the system's.
//!
//! Nothing is found by `LD_LIBRARY_PATH`, which the browser would inherit that a sign-in opens: every file knows from where it lies
//! where its libraries are.

use super::{Package, files, printed, write};
use crate::command::{Done, Failure, command, finish, say, target};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Where the runtime comes from, and what the registry says that its SHA-256 is.
const RUNTIME: (&str, &str) = (
    "https://static.crates.io/crates/appimage/appimage-0.4.0.crate",
    "567a4da6b94a2ac20a27620933c80fc14cf475b5fe7d7b137d20eb237d6b1920",
);
const RUNTIME_FILE: &str = "appimage-0.4.0/assets/runtime-x86_64";

/// Largest that is made: WebKit and its libraries are nine tenths of it.
pub(super) const LIMIT: u64 = 120 * 1000 * 1000;

const SYSTEM: &str = "/usr/lib/x86_64-linux-gnu";
/// A part of the engine that it starts or loads by a path that is written into it.
const ENGINE: &str = "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1";
const PICTURES: &str = "/usr/lib/x86_64-linux-gnu/gdk-pixbuf-2.0/2.10.0/loaders";
/// Loaded by the program itself when there is a tray.
const TRAY: &str = "/usr/lib/x86_64-linux-gnu/libayatana-appindicator3.so.1";

/// What every desktop has and what must be its own: the C library and its kin, graphics, display, sound, fonts, what talks to the
/// kernel. As AppImage's guide draws the line.
const OF_THE_SYSTEM: &[&str] = &[
    "ld-linux",
    "libanl.",
    "libc.",
    "libdl.",
    "libm.",
    "libmvec.",
    "libnss_",
    "libpthread.",
    "libresolv.",
    "librt.",
    "libutil.",
    "libstdc++.",
    "libgcc_s.",
    "libGL.",
    "libEGL.",
    "libGLX.",
    "libGLESv2.",
    "libGLdispatch.",
    "libOpenGL.",
    "libdrm.",
    "libglapi.",
    "libgbm.",
    "libX11.",
    "libX11-xcb.",
    "libxcb.",
    "libxcb-dri",
    "libwayland-",
    "libasound.",
    "libfontconfig.",
    "libfreetype.",
    "libharfbuzz.",
    "libthai.",
    "libfribidi.",
    "libexpat.",
    "libz.",
    "libICE.",
    "libSM.",
    "libp11-kit.",
    "libuuid.",
    "libgmp.",
    "libcom_err.",
    "libgpg-error.",
];

/// From where the window's program runs: paths that were written into libraries begin here instead of at `/usr`.
const BEGINS: &str = "#!/bin/sh
# Momsbud's AppImage. Called momsbud-cli (a link to it by that name), it is the command line.
here=$(dirname \"$(readlink -f \"$0\")\")
if [ \"$(basename \"${ARGV0:-momsbud}\")\" = momsbud-cli ]; then
  exec \"$here/usr/bin/momsbud-cli\" \"$@\"
fi
# The engine's parts are found from this folder, so files are told by their whole names.
left=$#
while [ \"$left\" -gt 0 ]; do
  word=$1
  shift
  case $word in
  /* | -*) ;;
  *) if [ -e \"$word\" ]; then word=$PWD/$word; fi ;;
  esac
  set -- \"$@\" \"$word\"
  left=$((left - 1))
done
GSETTINGS_SCHEMA_DIR=$here/usr/share/glib-2.0/schemas${GSETTINGS_SCHEMA_DIR:+:$GSETTINGS_SCHEMA_DIR}
export GSETTINGS_SCHEMA_DIR
cd \"$here/usr\" || exit 1
exec \"$here/usr/bin/momsbud\" \"$@\"
";

/// Packs the tree of the other packages, with the libraries that are there.
///
/// # Errors
/// A tool or a library that is missing; a runtime that is not the one that was looked at.
pub(super) fn pack(package: &Package) -> Result<PathBuf, Failure> {
    let folder = package.out.join("AppDir");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    }
    finish(Command::new("cp").args(["--archive", "--no-target-directory"]).args([&package.stage, &folder]))?;
    let usr = folder.join("usr");
    libraries(&usr)?;
    for (from, to) in [
        ("usr/share/applications/momsbud.desktop", "no.momsbud.desktop.desktop"),
        ("usr/share/icons/hicolor/256x256/apps/momsbud.png", "momsbud.png"),
        ("usr/share/icons/hicolor/256x256/apps/momsbud.png", ".DirIcon"),
    ] {
        copy(&folder.join(from), &folder.join(to))?;
    }
    write(&folder.join("AppRun"), BEGINS)?;
    finish(command("chmod", &["0755"]).arg(folder.join("AppRun")))?;

    let (squashed, image) = (package.out.join("AppDir.squashfs"), package.out.join(name(&package.version)));
    let epoch = package.epoch.to_string();
    let mut squash = command("mksquashfs", &[]);
    squash.args([&folder, &squashed]).args(["-noappend", "-root-owned", "-quiet", "-no-progress", "-no-xattrs"]);
    squash.args(["-all-time", &epoch, "-mkfs-time", &epoch, "-comp", if package.debug { "gzip" } else { "xz" }]);
    finish(squash.env_remove("SOURCE_DATE_EPOCH"))?;
    let read = |file: &Path| fs::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())));
    write(&image, [read(&runtime()?)?, read(&squashed)?].concat())?;
    finish(command("chmod", &["0755"]).arg(&image))?;
    Ok(image)
}

/// As the file is called.
fn name(version: &str) -> String {
    format!("Momsbud_{version}_x86_64.AppImage")
}

/// The part of every AppImage that mounts the rest.
fn runtime() -> Result<PathBuf, Failure> {
    let (address, sum) = RUNTIME;
    let folder = target().join("appimage");
    let (crate_, file) = (folder.join("runtime.crate"), folder.join(RUNTIME_FILE));
    fs::create_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    if !crate_.exists() {
        finish(
            command("curl", &["--fail", "--silent", "--show-error", "--proto", "=https", address, "--output"])
                .arg(&crate_),
        )?;
    }
    let is = printed(command("sha256sum", &[]).arg(&crate_))?;
    if !is.starts_with(sum) {
        return Err(Failure::new(format!("{} is not the crate that was looked at: {is}", crate_.display())));
    }
    finish(command("tar", &["--extract", "--gzip", "--file"]).arg(&crate_).arg("--directory").arg(&folder))?;
    Ok(file)
}

/// Puts beside the programs what they need and is not every system's, and has each file find the others from where it lies.
fn libraries(usr: &Path) -> Done {
    let system = |path: &str| Path::new(path).strip_prefix("/usr").map(|below| usr.join(below)).unwrap_or_default();
    let mut parts = Vec::new();
    for folder in [ENGINE, PICTURES] {
        for file in files(Path::new(folder))? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The engine's own browser is not used.
            if name != "MiniBrowser" {
                let inside = system(&file.to_string_lossy());
                copy(&file, &inside)?;
                parts.push(inside);
            }
        }
    }
    let lib = usr.join("lib");
    let tray = lib.join(Path::new(TRAY).file_name().unwrap_or_default());
    copy(Path::new(TRAY), &tray)?;
    let programs = ["momsbud", "momsbud-cli"].map(|program| usr.join("bin").join(program));
    let needed = needed(parts.iter().chain(&programs).chain([&tray]))?;
    for (name, from) in &needed {
        copy(from, &lib.join(name))?;
    }
    for (library, folder) in [("libwebkit2gtk-4.1.so.0", ENGINE), ("libgdk_pixbuf-2.0.so.0", SYSTEM)] {
        from_here(&lib.join(library), folder)?;
    }
    pictures(usr)?;
    schemas(usr)?;
    for file in needed.keys().map(|name| lib.join(name)).chain(parts).chain(programs).chain([tray]) {
        let up = file.parent().and_then(|folder| folder.strip_prefix(usr).ok()).map_or(0, |below| below.iter().count());
        let own = format!("$ORIGIN/{}lib", "../".repeat(up));
        finish(command("patchelf", &["--set-rpath", &own]).arg(&file))?;
    }
    Ok(())
}

/// The libraries of these files, theirs, and so on, by the name that each is asked for by, without the system's own.
fn needed<'a>(of: impl Iterator<Item = &'a PathBuf>) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let said = printed(command("ldd", &[]).args(of))?;
    if let Some(lacks) = said.lines().find(|line| line.ends_with("not found")) {
        return Err(Failure::new(format!("ldd: {}", lacks.trim())));
    }
    Ok(listed(&said))
}

/// What `ldd` lists: `libgtk-3.so.0 => /lib/x86_64-linux-gnu/libgtk-3.so.0 (0x00007f…)`.
fn listed(said: &str) -> BTreeMap<String, PathBuf> {
    let lines = said.lines().filter_map(|line| {
        let (name, rest) = line.trim().split_once(" => /")?;
        let path = rest.split(" (").next()?;
        (!is_of_the_system(name)).then(|| (name.to_owned(), PathBuf::from(format!("/{path}"))))
    });
    lines.collect()
}

fn is_of_the_system(name: &str) -> bool {
    OF_THE_SYSTEM.iter().any(|begins| name.starts_with(begins))
}

/// Has a library look for a folder of its own from where the program runs: as many letters, without `/usr`.
fn from_here(library: &Path, folder: &str) -> Done {
    let failed = |error| Failure::new(format!("{}: {error}", library.display()));
    let mut content = fs::read(library).map_err(failed)?;
    if moved(&mut content, folder) == 0 {
        return Err(Failure::new(format!("{} says nothing of {folder}", library.display())));
    }
    fs::write(library, content).map_err(failed)
}

/// Writes `././` over every `/usr` that `folder` begins with: as long, and nothing but "here".
fn moved(content: &mut [u8], folder: &str) -> usize {
    let found: Vec<usize> = content
        .windows(folder.len())
        .enumerate()
        .filter(|(_, part)| *part == folder.as_bytes())
        .map(|(at, _)| at)
        .collect();
    for at in &found {
        content[*at..*at + 4].copy_from_slice(b"././");
    }
    found.len()
}

/// The list of what can read pictures, by where they lie in here.
fn pictures(usr: &Path) -> Done {
    let said = printed(&mut command(&format!("{SYSTEM}/gdk-pixbuf-2.0/gdk-pixbuf-query-loaders"), &[]))?;
    let said = said.replace(SYSTEM, SYSTEM.trim_start_matches("/usr/"));
    write(&usr.join(SYSTEM.trim_start_matches("/usr/")).join("gdk-pixbuf-2.0/2.10.0/loaders.cache"), said)
}

/// GTK ends a program whose settings it does not know: those that its dialogs ask for are inside.
fn schemas(usr: &Path) -> Done {
    let inside = usr.join("share/glib-2.0/schemas");
    for file in files(Path::new("/usr/share/glib-2.0/schemas"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("org.gtk.Settings.") {
            copy(&file, &inside.join(name))?;
        }
    }
    finish(command(&format!("{SYSTEM}/glib-2.0/glib-compile-schemas"), &["--strict"]).arg(&inside))
}

fn copy(from: &Path, to: &Path) -> Done {
    let content = fs::read(from).map_err(|error| Failure::new(format!("{}: {error}", from.display())))?;
    write(to, content)?;
    let mode = if from.extension().is_some() && !from.to_string_lossy().contains(".so") { "0644" } else { "0755" };
    finish(command("chmod", &[mode]).arg(to))
}

/// Starts it on a desktop of its own, and looks whether the window's engine draws, and with whose libraries.
///
/// # Errors
/// A command line that says nothing; a window that does not come up; an engine of the system's.
pub(super) fn check(image: &Path) -> Done {
    let home = image.with_file_name("appimage-home");
    let _ = fs::remove_dir_all(&home);
    let cli = home.join("momsbud-cli");
    fs::create_dir_all(&home).map_err(|error| Failure::new(format!("{}: {error}", home.display())))?;
    finish(command("ln", &["--symbolic"]).args([image, &cli]))?;
    let inside = |program: &Path| {
        let mut command = Command::new(program);
        command
            .env("APPIMAGE_EXTRACT_AND_RUN", "1")
            .env("HOME", &home)
            .env("XDG_RUNTIME_DIR", &home)
            .current_dir(&home);
        command.env_remove("XDG_DATA_HOME").env_remove("XDG_CONFIG_HOME");
        command
    };
    let said = printed(inside(&cli).arg("--version"))?;
    say(&format!("the AppImage, called momsbud-cli: {}", said.trim()));
    let mut window = inside(Path::new("xvfb-run"))
        .args(["--auto-servernum", "dbus-run-session"])
        .arg(image)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| Failure::new(format!("xvfb-run: {error}")))?;
    let begun = Instant::now();
    let engine = loop {
        if let Some(libraries) = engine() {
            break Ok(libraries);
        }
        if begun.elapsed() > Duration::from_secs(90) {
            break Err(Failure::new("No window of the AppImage came up within 90 s."));
        }
        thread::sleep(Duration::from_millis(300));
    };
    // The program itself: what started it ends with it.
    let _ = command("pkill", &["--full", "/tmp/appimage_extracted_.*/usr/bin/momsbud"]).status();
    let _ = window.wait();
    let foreign = engine?;
    if foreign.is_empty() {
        say("the AppImage: its window came up, drawn by the engine that is inside");
        return Ok(());
    }
    Err(Failure::new(format!("The AppImage's engine uses the system's {foreign:?}")))
}

/// The system's libraries in the running engine of an unpacked AppImage that should be those inside, once its parts are loaded.
fn engine() -> Option<Vec<String>> {
    let processes = fs::read_dir("/proc").ok()?;
    processes.flatten().find_map(|process| {
        let line = fs::read(process.path().join("cmdline")).ok()?;
        let here = fs::read_link(process.path().join("cwd")).ok()?;
        let ours = String::from_utf8_lossy(&line).starts_with("././/lib/") && here.starts_with("/tmp");
        if !ours || !String::from_utf8_lossy(&line).contains("WebKitWebProcess") {
            return None;
        }
        let maps = fs::read_to_string(process.path().join("maps")).ok()?;
        let loaded = maps.lines().filter_map(|line| Some(&line[line.find('/')?..]));
        let (inside, outside): (Vec<_>, Vec<_>) = loaded.partition(|path| Path::new(path).starts_with(&here));
        let engine = inside.iter().any(|path| path.contains("libwebkit2gtkinjectedbundle"));
        let foreign = outside.into_iter().filter(|path| path.contains("webkit") || path.contains("libgtk-3"));
        engine.then(|| foreign.map(str::to_owned).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_of_the_system_are_left_to_it() {
        let said = "/x/momsbud:\n\tlinux-vdso.so.1 (0x1)\n\tlibgtk-3.so.0 => /lib/x86_64-linux-gnu/libgtk-3.so.0 (0x2)\n\
                    \tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x3)\n\t/lib64/ld-linux-x86-64.so.2 (0x4)\n\
                    \tlibcairo.so.2 => /lib/x86_64-linux-gnu/libcairo.so.2 (0x5)\n";
        let found: Vec<String> = listed(said).into_keys().collect();
        assert_eq!(found, ["libcairo.so.2", "libgtk-3.so.0"]);
    }

    #[test]
    fn a_path_that_is_written_into_a_library_is_from_here_and_as_long() {
        let mut content = b"\0/usr/lib/engine\0/usr/lib/engine/bundle/\0/usr/share\0".to_vec();
        assert_eq!(moved(&mut content, "/usr/lib/engine"), 2);
        assert_eq!(content, b"\0././/lib/engine\0././/lib/engine/bundle/\0/usr/share\0");
        assert_eq!(moved(&mut content, "/usr/lib/engine"), 0);
    }
}
