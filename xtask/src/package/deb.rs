//! Debian's package.

use super::{Package, files, length, printed, stage, write};
use crate::command::{Done, Failure, command, finish, root, say};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Packs the tree.
pub(super) fn pack(package: &Package) -> Result<PathBuf, Failure> {
    let arch = printed(Command::new("dpkg").arg("--print-architecture"))?;
    let arch = arch.trim();
    let folder = package.stage.join("DEBIAN");
    // Kibibytes, every file and folder rounded up, as dpkg counts.
    let all = files(&package.stage)?;
    let kibibytes = all.iter().map(|file| Ok(length(file)?.div_ceil(1024))).sum::<Result<u64, Failure>>()?;
    let control = stage::filled(&root().join("packaging/linux/control"), package)?
        .replace("@ARCH@", arch)
        .replace("@SIZE@", &kibibytes.to_string())
        .replace("@SHLIBS@", &libraries(package)?);
    let mut sums = String::new();
    for file in &all {
        let sum = printed(Command::new("md5sum").arg(file))?;
        let sum = sum.split(' ').next().unwrap_or_default();
        let name = file.strip_prefix(&package.stage).unwrap_or(file);
        sums.push_str(&format!("{sum}  {}\n", name.display()));
    }
    write(&folder.join("control"), control)?;
    write(&folder.join("md5sums"), sums)?;
    let file = package.out.join(format!("momsbud_{}_{arch}.deb", package.version));
    finish(
        Command::new("dpkg-deb")
            .args(["--root-owner-group", if package.debug { "-Zgzip" } else { "-Zxz" }, "--build"])
            .args([&package.stage, &file])
            .env("SOURCE_DATE_EPOCH", package.epoch.to_string()),
    )?;
    fs::remove_dir_all(&folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    Ok(file)
}

/// Which versions of which libraries the programs need.
fn libraries(package: &Package) -> Result<String, Failure> {
    let scratch = package.stage.with_file_name("shlibdeps");
    // dpkg-shlibdeps wants to stand beside a source package's control file.
    write(
        &scratch.join("debian/control"),
        "Source: momsbud\nMaintainer: nobody\n\nPackage: momsbud\nArchitecture: any\n",
    )?;
    let mut deps = Command::new("dpkg-shlibdeps");
    deps.arg("-O").current_dir(&scratch);
    for program in ["momsbud", "momsbud-cli"] {
        deps.arg(package.stage.join("usr/bin").join(program));
    }
    let said = printed(&mut deps)?;
    let depends = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="));
    depends.map(str::to_owned).ok_or_else(|| Failure::new(format!("dpkg-shlibdeps says {said:?}")))
}

/// Lintian, and the checkers of desktop file and metainfo, on what is in the package.
pub(super) fn check(file: &Path) -> Done {
    let stage = file.with_file_name("stage/usr/share");
    let desktop = stage.join("applications/momsbud.desktop");
    finish(&mut command("desktop-file-validate", &[&desktop.to_string_lossy()]))?;
    let metainfo = stage.join("metainfo/no.momsbud.desktop.metainfo.xml");
    finish(&mut command("appstreamcli", &["validate", "--no-net", "--pedantic", &metainfo.to_string_lossy()]))?;
    // Root builds in containers; lintian only mentions it.
    finish(&mut command("lintian", &["--allow-root", "--fail-on", "error", &file.to_string_lossy()]))?;
    say("lintian: no errors");
    Ok(())
}
