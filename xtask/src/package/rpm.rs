//! The package for Fedora, openSUSE and their kin.

use super::{Package, files, printed, stage, write};
use crate::command::{Done, Failure, command, finish, root, say, succeeds};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Packs the tree.
pub(super) fn pack(package: &Package) -> Result<PathBuf, Failure> {
    let work = package.out.join("rpmbuild");
    let list: Vec<String> = files(&package.stage)?
        .iter()
        .filter_map(|file| Some(format!("/{}", file.strip_prefix(&package.stage).ok()?.display())))
        .filter(|name| !name.contains("/lintian/") && !name.ends_with("/doc/momsbud/changelog.gz"))
        .map(|name| {
            // Fedora's zsh looks elsewhere than Debian's; the spec moves the file.
            let name = name.replace("/zsh/vendor-completions/", "/zsh/site-functions/");
            if name.contains("/doc/") { format!("%doc {name}") } else { name }
        })
        .collect();
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
    let left: Vec<PathBuf> = files(&system)?.into_iter().filter(|file| file.starts_with(system.join("usr"))).collect();
    if left.is_empty() {
        say("the .rpm: installed, verified and removed");
        Ok(())
    } else {
        Err(Failure::new(format!("the .rpm leaves {left:?}")))
    }
}
