//! `cargo xtask package`: the .deb and the .rpm of the commit that is checked out.
//!
//! Both are made of one tree that lies as it will be installed, by Debian's own tools (dpkg-deb, dpkg-shlibdeps, rpmbuild)
//! and not by tauri-bundler: those take every time from `SOURCE_DATE_EPOCH`, so that the same programs give the same bytes,
//! and they find out which versions of which libraries are needed. `--appimage` makes of the same tree the file for everybody else.
//!
//! `cargo-generate-rpm` was tried (0.10.1) and does not read this workspace: resolver 3, edition 2024 and a profile's `debug` in a word
//! are unknown to it. `cargo-deb` and it want every file named in Cargo.toml; the pages, completions, icons and notices that
//! are made here would still have to be made first, and that is most of the work.

mod appimage;
mod deb;
mod papers;
mod rpm;
mod stage;
pub(crate) mod windows;

use crate::{
    command::{Done, Failure, cargo, finish, root, say, target},
    needs::{self, Purpose},
    node, test,
};
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Largest installer and largest installation, in bytes.
const INSTALLER_LIMIT: u64 = 15 * 1000 * 1000;
const INSTALLED_LIMIT: u64 = 40 * 1000 * 1000;

/// What is packed.
pub(crate) struct Package {
    /// As in Cargo.toml, or another for trying an upgrade.
    pub(crate) version: String,
    /// Seconds since 1970 that everything in the package is dated with.
    pub(crate) epoch: u64,
    /// Whether these are debug programs, which are not worth compressing.
    pub(crate) debug: bool,
    /// Where the programs lie that are packed.
    pub(crate) programs: PathBuf,
    /// The tree as it is installed.
    pub(crate) stage: PathBuf,
    /// Where packages are put.
    pub(crate) out: PathBuf,
}

/// Builds and packs.
///
/// # Errors
/// A tool that is missing, a build that fails, a package that is too large or that lintian finds an error in.
pub(crate) fn package(arguments: &[&str]) -> Done {
    if arguments.contains(&"--windows") {
        return windows::package(arguments);
    }
    let (mut version, mut build, mut only_deb, mut debug, mut twice) = (None, true, false, false, false);
    let (mut judge, mut image) = (true, false);
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match (*argument, rest.as_slice().first()) {
            ("--as-version", Some(given)) => {
                version = Some((*given).to_owned());
                rest.next();
            }
            ("--built", _) => build = false,
            ("--deb", _) => only_deb = true,
            // Quick to come by, and large: to try what is packed with them, not how much it is.
            ("--debug", _) => debug = true,
            ("--twice", _) => twice = true,
            ("--appimage", _) => image = true,
            // For a journey: how large it is and what lintian says is found out by making it for itself.
            ("--unjudged", _) => judge = false,
            _ => {
                return Err(Failure::new(
                    "cargo xtask package [--built] [--debug] [--deb] [--appimage] [--twice] [--unjudged] [--as-version VERSION]",
                ));
            }
        }
    }
    if !cfg!(target_os = "linux") {
        return Err(Failure::new("Packages for this system are made by the release workflow: npx tauri build"));
    }
    needs::install(if image { Purpose::AppImage } else { Purpose::Package })?;
    // Also where the programs are there already: the licences of the window's packages lie with them.
    node::install_ui()?;
    match (build, debug) {
        (true, false) => build_programs()?,
        (true, true) => node::npm(&["run", "build"]).and_then(|()| test::build_program()).map(drop)?,
        (false, _) => {}
    }
    let package = Package {
        version: version.map_or_else(cargo_version, Ok)?,
        epoch: epoch()?,
        debug,
        programs: target().join(if debug { "debug" } else { "dist" }),
        stage: target().join("package/stage"),
        out: target().join("package"),
    };
    let made = pack(&package, only_deb, image)?;
    let installed = size(&package.stage)?;
    say(&format!("installed: {:.1} MB", megabytes(installed)));
    let mut too_large = installed > INSTALLED_LIMIT;
    for file in &made {
        let length = length(file)?;
        // An AppImage has the window's engine in it, and a limit of its own.
        too_large |= length > if is_image(file) { appimage::LIMIT } else { INSTALLER_LIMIT };
        say(&format!("{}: {:.1} MB", file.display(), megabytes(length)));
    }
    if !judge {
        return Ok(());
    }
    deb::check(&made[0])?;
    for file in &made[1..] {
        if is_image(file) { appimage::check(file)? } else { rpm::check(file)? }
    }
    if twice {
        again(&package, (only_deb, image), build && !debug)?;
    }
    if too_large && !debug {
        return Err(Failure::new("That is more than 15 MB to fetch (an AppImage: 120) or 40 MB installed."));
    }
    Ok(())
}

fn pack(package: &Package, only_deb: bool, image: bool) -> Result<Vec<PathBuf>, Failure> {
    stage::lay_out(package)?;
    let mut made = vec![deb::pack(package)?];
    if !only_deb {
        made.push(rpm::pack(package)?);
    }
    if image {
        made.push(appimage::pack(package)?);
    }
    Ok(made)
}

fn is_image(file: &Path) -> bool {
    file.extension().is_some_and(|end| end == "AppImage")
}

/// Makes the packages once more, of programs that are compiled once more from nothing where those were compiled too, and
/// compares byte for byte.
fn again(package: &Package, (only_deb, image): (bool, bool), compile: bool) -> Done {
    let first = package.out.join("first");
    let failed = |error| Failure::new(format!("{}: {error}", first.display()));
    if first.exists() {
        fs::remove_dir_all(&first).map_err(failed)?;
    }
    fs::create_dir_all(&first).map_err(failed)?;
    fs::rename(&package.stage, first.join("stage")).map_err(failed)?;
    let made = packages(&package.out)?;
    for file in &made {
        fs::rename(file, first.join(file.file_name().unwrap_or_default())).map_err(failed)?;
    }
    if compile {
        fs::remove_dir_all(&package.programs).map_err(failed)?;
        build_programs()?;
    }
    let mut differ = Vec::new();
    for file in pack(package, only_deb, image)? {
        let before = first.join(file.file_name().unwrap_or_default());
        let same = fs::read(&before).map_err(failed)? == fs::read(&file).map_err(failed)?;
        say(&format!("{}: {}", file.display(), if same { "the same twice" } else { "DIFFERS" }));
        if !same {
            differ.push(file);
        }
    }
    if differ.is_empty() {
        return Ok(());
    }
    for file in files(&package.stage)? {
        let name = file.strip_prefix(&package.stage).unwrap_or(&file);
        if fs::read(first.join("stage").join(name)).ok() != fs::read(&file).ok() {
            say(&format!("  differs: {}", name.display()));
        }
    }
    Err(Failure::new(format!("Not the same twice: {differ:?}; the first are in {}", first.display())))
}

/// The packages in a folder, of every version.
pub(crate) fn packages(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::new(format!("{}: {error}", folder.display()));
    let entries = fs::read_dir(folder).map_err(failed)?;
    let files = entries.flatten().map(|entry| entry.path());
    Ok(files
        .filter(|file| file.extension().is_some_and(|end| end == "deb" || end == "rpm") || is_image(file))
        .collect())
}

/// The window's content, then both programs as they are released. Where the sources and the libraries lay is not in them, so
/// that they are the same wherever they are built, and name nobody's home.
pub(crate) fn build_programs() -> Done {
    needs::install(Purpose::Build)?;
    node::install_ui()?;
    node::npm(&["run", "build"])?;
    let mut build = cargo(&["build", "--profile", "dist", "--locked", "--package", "momsbud", "--package", "cli"]);
    build.args(["--bins", "--features", test::FEATURES]);
    finish(reproducible(&mut build, &[])?)
}

/// Has a build write nothing of where it ran into what it makes: `rust` are flags beside that.
fn reproducible<'a>(build: &'a mut Command, rust: &[&str]) -> Result<&'a mut Command, Failure> {
    // The last that fits counts.
    let elsewhere = [(cargo_home()?, "/cargo"), (root(), "/momsbud"), (target(), "/momsbud/target")]
        .map(|(here, there)| format!("{}={there}", here.display()));
    let flags = elsewhere.each_ref().map(|places| format!("--remap-path-prefix={places}"));
    let flags: Vec<&str> = flags.iter().map(String::as_str).chain(rust.iter().copied()).collect();
    // Between the flags stands what no path has in it; flags of this machine's own would give other programs.
    build.env_remove("RUSTFLAGS").env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    let c = elsewhere.map(|places| format!("-ffile-prefix-map={places}")).join(" ");
    Ok(build.env("CFLAGS", &c).env("CXXFLAGS", c))
}

/// Where cargo keeps what it fetches.
fn cargo_home() -> Result<PathBuf, Failure> {
    let given = env::var_os("CARGO_HOME").filter(|given| !given.is_empty()).map(PathBuf::from);
    let home = given.or_else(|| Some(env::home_dir()?.join(".cargo")));
    home.ok_or_else(|| Failure::new("There is no home folder."))
}

fn cargo_version() -> Result<String, Failure> {
    let manifest = read(&root().join("Cargo.toml"))?;
    let line = manifest.lines().find_map(|line| line.strip_prefix("version = \""));
    let version = line.and_then(|rest| rest.split('"').next());
    version.map(str::to_owned).ok_or_else(|| Failure::new("Cargo.toml names no version."))
}

/// `SOURCE_DATE_EPOCH`, or else when the commit was made.
fn epoch() -> Result<u64, Failure> {
    let given = env::var("SOURCE_DATE_EPOCH").ok().filter(|given| !given.is_empty());
    let text = match given {
        Some(given) => given,
        None => printed(Command::new("git").args(["log", "-1", "--format=%ct"]).current_dir(root()))?,
    };
    text.trim().parse().map_err(|_| Failure::new(format!("SOURCE_DATE_EPOCH is {text:?}, which is no number.")))
}

/// What a command prints.
pub(crate) fn printed(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| Failure::new(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::new(format!("{command:?}: {}\n{said}", output.status)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

/// Writes a file, and the folders above it.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Done {
    let failed = |error| Failure::new(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, content).map_err(failed)
}

/// All files below a folder, in order.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() && !path.is_symlink() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

/// All folders below a folder, in order.
fn folders(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        let entries = fs::read_dir(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
        let below = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir() && !path.is_symlink());
        let below: Vec<PathBuf> = below.collect();
        found.extend(below.iter().cloned());
        pending.extend(below);
    }
    found.sort();
    Ok(found)
}

fn size(folder: &Path) -> Result<u64, Failure> {
    files(folder)?.iter().map(|file| length(file)).sum()
}

pub(crate) fn length(file: &Path) -> Result<u64, Failure> {
    let metadata = fs::symlink_metadata(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    Ok(metadata.len())
}

#[allow(clippy::cast_precision_loss, reason = "a figure for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
