//! The tree as it is installed, the same for both packages.

use super::{Package, files, printed, read, write};
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
    papers(stage)?;
    documents(package)?;
    for file in files(stage)? {
        let mode = if file.starts_with(stage.join("usr/bin")) { 0o755 } else { 0o644 };
        set_mode(&file, mode)?;
    }
    Ok(())
}

/// Man pages and shell completions, written by the command line itself.
fn papers(stage: &Path) -> Done {
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
    let licence = read(&root().join("LICENSE"))?;
    // A paragraph of its own: every line indented by a space, empty lines as a dot.
    let indented: Vec<String> =
        licence.lines().map(|line| if line.trim().is_empty() { " .".to_owned() } else { format!(" {line}") }).collect();
    let copyright = read(&root().join("packaging/linux/copyright"))?;
    write(&doc.join("copyright"), copyright.replace("@LICENSE@", &format!("License: MIT\n{}", indented.join("\n"))))?;
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
    for paper in ["CHANGELOG.md", "README.md", "PRIVACY.md", "SECURITY.md", "docs/install.md", "docs/handbook.md"] {
        let from = root().join(paper);
        if from.exists() {
            let name = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
            compress(&from, &doc.join(format!("{name}.gz")))?;
        }
    }
    let libraries = scratch.join("libraries");
    write(&libraries, libraries_and_licences()?)?;
    compress(&libraries, &doc.join("libraries.gz"))?;
    let examples = doc.join("examples");
    for example in ["environments.json", "policy.json"] {
        copy(&root().join("packaging/examples").join(example), &examples.join(example))?;
    }
    let overrides = package.stage.join("usr/share/lintian/overrides/momsbud");
    copy(&root().join("packaging/linux/lintian-overrides"), &overrides)
}

/// Every library that is compiled into the programs for this system, with its licence, a line each.
fn libraries_and_licences() -> Result<String, Failure> {
    let mut tree = crate::command::cargo(&["tree", "--locked", "--edges", "normal", "--prefix", "none", "--format"]);
    tree.args(["{p}\t{l}", "--package", "momsbud", "--package", "cli"]);
    let mut lines: Vec<String> = printed(&mut tree)?
        .lines()
        // Our own have a path behind their version; what is named twice has a star.
        .filter(|line| !line.contains("(/"))
        .map(|line| line.trim_end_matches(" (*)").replace(" (proc-macro)", "").trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    lines.sort();
    lines.dedup();
    lines.push(String::new());
    Ok(lines.join("\n"))
}

/// The file with version and date filled in.
pub(super) fn filled(file: &Path, package: &Package) -> Result<String, Failure> {
    let date = printed(Command::new("date").args(["-u", "+%F", "-d"]).arg(format!("@{}", package.epoch)))?;
    Ok(read(file)?.replace("@VERSION@", &package.version).replace("@DATE@", date.trim()))
}

/// gzip without name and time, as Debian wants it and as reproducible packages need it.
fn compress(from: &Path, to: &Path) -> Done {
    let failed = |error| Failure::new(format!("{}: {error}", from.display()));
    let output = Command::new("gzip").args(["-9", "-n", "-c"]).arg(from).output().map_err(failed)?;
    if output.status.success() { write(to, output.stdout) } else { Err(Failure::new("gzip failed")) }
}

fn copy(from: &Path, to: &Path) -> Done {
    let content = fs::read(from).map_err(|error| Failure::new(format!("{}: {error}", from.display())))?;
    write(to, content)?;
    // The command line is run before everything else has its mode.
    set_mode(to, if to.extension().is_none() { 0o755 } else { 0o644 })
}

fn set_mode(file: &Path, mode: u32) -> Done {
    fs::set_permissions(file, fs::Permissions::from_mode(mode))
        .map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}
