//! The package for Fedora, openSUSE and their kin.

use super::{Package, files, stage, write};
use crate::command::{Failure, finish, root};
use std::{path::PathBuf, process::Command};

/// Packs the tree.
pub(super) fn pack(package: &Package) -> Result<PathBuf, Failure> {
    let work = package.out.join("rpmbuild");
    let list: Vec<String> = files(&package.stage)?
        .iter()
        .filter_map(|file| Some(format!("/{}", file.strip_prefix(&package.stage).ok()?.display())))
        .filter(|name| !name.contains("/lintian/") && !name.ends_with("/doc/momsbud/changelog.gz"))
        .map(|name| {
            // Fedora's zsh looks elsewhere than Debian's.
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
