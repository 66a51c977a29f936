//! The package for Fedora, openSUSE and their kin.

use super::{Package, files, folders, printed, stage, write};
use crate::command::{Done, Failure, command, finish, root, say, succeeds};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Folders that belong to the system or to the programs they are for (a shell, the icon theme); the package says of every
/// other one that it is its own, or rpm would leave it.
const SHARED: &[&str] = &[
    "/usr",
    "/usr/bin",
    "/usr/share",
    "/usr/share/applications",
    "/usr/share/bash-completion",
    "/usr/share/bash-completion/completions",
    "/usr/share/doc",
    "/usr/share/fish",
    "/usr/share/fish/vendor_completions.d",
    "/usr/share/icons",
    "/usr/share/man",
    "/usr/share/man/man1",
    "/usr/share/metainfo",
    "/usr/share/mime",
    "/usr/share/mime/packages",
    "/usr/share/zsh",
    "/usr/share/zsh/site-functions",
];
const ICONS: &str = "/usr/share/icons/hicolor";

fn is_shared(folder: &str) -> bool {
    SHARED.contains(&folder) || folder.starts_with(ICONS)
}

/// A path of the tree as it is called in the package, unless it is Debian's own.
fn installed(package: &Package, path: &Path) -> Option<String> {
    let name = format!("/{}", path.strip_prefix(&package.stage).ok()?.display());
    let debian = ["/DEBIAN", "/usr/share/lintian", "/usr/share/doc/momsbud/changelog.gz"];
    if debian.iter().any(|own| name.starts_with(own)) {
        return None;
    }
    // Fedora's zsh looks elsewhere than Debian's; the spec moves the file.
    Some(name.replace("/zsh/vendor-completions", "/zsh/site-functions"))
}

/// Packs the tree.
pub(super) fn pack(package: &Package) -> Result<PathBuf, Failure> {
    let work = package.out.join("rpmbuild");
    let own = folders(&package.stage)?;
    let own = own.iter().filter_map(|folder| installed(package, folder)).filter(|name| !is_shared(name));
    let own = own.map(|name| format!("%dir {name}"));
    let all = files(&package.stage)?;
    let all = all.iter().filter_map(|file| installed(package, file));
    let list: Vec<String> =
        own.chain(all.map(|name| if name.contains("/doc/") { format!("%doc {name}") } else { name })).collect();
    let spec = stage::filled(&root().join("packaging/linux/momsbud.spec"), package)?
        .replace("@STAGE@", &package.stage.to_string_lossy())
        .replace("@FILES@", &list.join("\n"));
    let file = work.join("momsbud.spec");
    write(&file, spec)?;
    let define = |name: &str, value: &str| ["--define".to_owned(), format!("{name} {value}")];
    finish(
        Command::new("rpmbuild")
            .args(["-bb", "--quiet"])
            .args(define("_topdir", &work.to_string_lossy()))
            .args(define("_rpmdir", &package.out.to_string_lossy()))
            .args(define("_rpmfilename", "%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm"))
            // Nothing of the machine and of the moment.
            .args(define("_buildhost", "localhost"))
            .args(define("use_source_date_epoch_as_buildtime", "1"))
            .args(define("clamp_mtime_to_source_date_epoch", "1"))
            .args(define("_binary_payload", "w19.zstdio"))
            .arg(&file)
            .env("SOURCE_DATE_EPOCH", package.epoch.to_string()),
    )?;
    Ok(package.out.join(format!("momsbud-{}-1.{}.rpm", package.version, std::env::consts::ARCH)))
}

/// Checks the digests, and as root installs the package into an empty folder, verifies every file of it, and removes it.
///
/// That says that the package is whole and takes everything with it. Whether Fedora has what it requires only a Fedora can
/// say; the list is printed.
pub(super) fn check(file: &Path) -> Done {
    let name = file.to_string_lossy();
    finish(&mut command("rpm", &["--checksig", "--nosignature", &name]))?;
    let required = printed(&mut command("rpm", &["--query", "--package", "--requires", &name]))?;
    say(&format!("the .rpm requires: {}", required.lines().collect::<Vec<_>>().join(", ")));
    if !succeeds(&mut command("sh", &["-c", "test \"$(id -u)\" = 0"])) {
        say("the .rpm was not installed: that needs root");
        return Ok(());
    }
    let system = file.with_file_name("rpm-root");
    if system.exists() {
        fs::remove_dir_all(&system).map_err(|error| Failure::new(format!("{}: {error}", system.display())))?;
    }
    fs::create_dir_all(&system).map_err(|error| Failure::new(format!("{}: {error}", system.display())))?;
    let rpm = |arguments: &[&str]| {
        let mut rpm = command("rpm", &["--root", &system.to_string_lossy()]);
        rpm.args(arguments);
        rpm
    };
    finish(&mut rpm(&["--initdb"]))?;
    // Debian's rpm asks whether this is meant.
    finish(&mut rpm(&["--force-debian", "--install", "--nodeps", &name]))?;
    finish(&mut rpm(&["--verify", "--nodeps", "momsbud"]))?;
    if !system.join("usr/bin/momsbud-cli").is_file() {
        return Err(Failure::new("the .rpm installs no momsbud-cli"));
    }
    finish(&mut rpm(&["--force-debian", "--erase", "--nodeps", "momsbud"]))?;
    let usr = system.join("usr");
    let mut left = if usr.exists() { files(&usr)? } else { Vec::new() };
    for folder in if usr.exists() { folders(&usr)? } else { Vec::new() } {
        let name = format!("/{}", folder.strip_prefix(&system).unwrap_or(&folder).display());
        if !is_shared(&name) {
            left.push(folder);
        }
    }
    if left.is_empty() {
        say("the .rpm: installed, verified and removed");
        Ok(())
    } else {
        Err(Failure::new(format!("the .rpm leaves {left:?}")))
    }
}
