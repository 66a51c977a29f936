//! The tree as it is installed, the same for both packages.

use super::{Package, files, papers, printed, read, write};
use crate::command::{Done, Failure, command, finish, root};
use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

/// Sizes of the icon and where each lies in the repository.
const ICONS: &[(&str, &str)] = &[
    ("16x16", "hicolor/16.png"),
    ("24x24", "hicolor/24.png"),
    ("32x32", "32x32.png"),
    ("48x48", "hicolor/48.png"),
    ("64x64", "hicolor/64.png"),
    ("128x128", "128x128.png"),
    ("256x256", "128x128@2x.png"),
    ("512x512", "icon.png"),
];

/// Lays everything out anew.
pub(super) fn lay_out(package: &Package) -> Done {
    let stage = &package.stage;
    if stage.exists() {
        fs::remove_dir_all(stage).map_err(|error| Failure::new(format!("{}: {error}", stage.display())))?;
    }
    for program in ["momsbud", "momsbud-cli"] {
        let installed = stage.join("usr/bin").join(program);
        copy(&package.programs.join(program), &installed)?;
        // What is released is stripped when it is linked.
        finish(&mut command("strip", &["--strip-all", &installed.to_string_lossy()]))?;
    }
    let linux = root().join("packaging/linux");
    let share = stage.join("usr/share");
    copy(&linux.join("momsbud.desktop"), &share.join("applications/momsbud.desktop"))?;
    copy(&linux.join("momsbud-mime.xml"), &share.join("mime/packages/momsbud.xml"))?;
    let metainfo = filled(&linux.join("no.momsbud.desktop.metainfo.xml"), package)?;
    write(&share.join("metainfo/no.momsbud.desktop.metainfo.xml"), metainfo)?;
    let (icons, hicolor) = (root().join("icons"), share.join("icons/hicolor"));
    for (size, file) in ICONS {
        copy(&icons.join(file), &hicolor.join(size).join("apps/momsbud.png"))?;
    }
    copy(&icons.join("app.svg"), &hicolor.join("scalable/apps/momsbud.svg"))?;
    generated(stage)?;
    documents(package)?;
    for file in files(stage)? {
        let mode = if file.starts_with(stage.join("usr/bin")) { 0o755 } else { 0o644 };
        set_mode(&file, mode)?;
    }
    papers::check(package)
}

/// Man pages and shell completions, written by the command line itself.
fn generated(stage: &Path) -> Done {
    let made = stage.with_file_name("papers");
    if made.exists() {
        fs::remove_dir_all(&made).map_err(|error| Failure::new(format!("{}: {error}", made.display())))?;
    }
    let cli = stage.join("usr/bin/momsbud-cli");
    finish(command(&cli.to_string_lossy(), &["generate"]).arg(&made))?;
    let share = stage.join("usr/share");
    for page in files(&made.join("man"))? {
        let name = page.file_name().unwrap_or_default().to_string_lossy().into_owned();
        compress(&page, &share.join("man/man1").join(format!("{name}.gz")))?;
    }
    for (from, to) in [
        ("momsbud-cli.bash", "bash-completion/completions/momsbud-cli"),
        ("_momsbud-cli", "zsh/vendor-completions/_momsbud-cli"),
        ("momsbud-cli.fish", "fish/vendor_completions.d/momsbud-cli.fish"),
    ] {
        copy(&made.join("completions").join(from), &share.join(to))?;
    }
    compress(&root().join("packaging/linux/momsbud.1"), &share.join("man/man1/momsbud.1.gz"))
}

fn documents(package: &Package) -> Done {
    let doc = package.stage.join("usr/share/doc/momsbud");
    let copyright = read(&root().join("packaging/linux/copyright"))?
        .replace("@LICENSE@", &papers::paragraph(&read(&root().join("LICENSE"))?))
        .replace("@OFL@", &papers::paragraph(&papers::of_window("@fontsource-variable/inter/LICENSE")?));
    write(&doc.join("copyright"), copyright)?;
    let scratch = package.stage.with_file_name("doc");
    let changelog = scratch.join("changelog");
    write(
        &changelog,
        format!(
            "momsbud ({}) stable; urgency=medium\n\n  * What a user notices stands in CHANGELOG.md.gz.\n\n \
             -- Momsbud <momsbud@users.noreply.github.com>  {}",
            package.version,
            printed(Command::new("date").args(["-u", "-R", "-d"]).arg(format!("@{}", package.epoch)))?
        ),
    )?;
    compress(&changelog, &doc.join("changelog.gz"))?;
    papers::lay_out(package, &doc)?;
    let libraries = scratch.join("libraries");
    finish(command("node", &["ui/scripts/licences.mjs", "--list"]).arg(&libraries).current_dir(root()))?;
    compress(&libraries, &doc.join("libraries.gz"))?;
    let overrides = package.stage.join("usr/share/lintian/overrides/momsbud");
    copy(&root().join("packaging/linux/lintian-overrides"), &overrides)
}

/// The file with version and date filled in.
pub(super) fn filled(file: &Path, package: &Package) -> Result<String, Failure> {
    let date = printed(Command::new("date").args(["-u", "+%F", "-d"]).arg(format!("@{}", package.epoch)))?;
    Ok(read(file)?.replace("@VERSION@", &package.version).replace("@DATE@", date.trim()))
}

/// gzip without name and time, as Debian wants it and as reproducible packages need it.
pub(super) fn compress(from: &Path, to: &Path) -> Done {
    let failed = |error| Failure::new(format!("{}: {error}", from.display()));
    let output = Command::new("gzip").args(["-9", "-n", "-c"]).arg(from).output().map_err(failed)?;
    if output.status.success() { write(to, output.stdout) } else { Err(Failure::new("gzip failed")) }
}

pub(super) fn copy(from: &Path, to: &Path) -> Done {
    let content = fs::read(from).map_err(|error| Failure::new(format!("{}: {error}", from.display())))?;
    write(to, content)?;
    // The command line is run before everything else has its mode.
    set_mode(to, if to.extension().is_none() { 0o755 } else { 0o644 })
}

fn set_mode(file: &Path, mode: u32) -> Done {
    fs::set_permissions(file, fs::Permissions::from_mode(mode))
        .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}
