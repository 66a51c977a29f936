//! `cargo xtask test-package`: the .deb in a Debian 12 of its own, from installation to removal.

use crate::{
    command::{Done, Failure, command, finish, root, say, succeeds, target},
    needs::{self, Purpose},
    node, package,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// An older version than any: the same programs under another number, where no older package is given.
const OLDER: &str = "0.0.1";

/// Packs, and goes through the journey. With `--built`, what lies in `target/dist` is packed; with `--debug`, debug programs;
/// with `--older DEB` that package is what is upgraded, as a release before this one.
///
/// # Errors
/// When this is not root, a package cannot be made, or a step of the journey fails.
pub(crate) fn test_package(arguments: &[&str]) -> Done {
    let (given, arguments) = match arguments {
        ["--older", given, rest @ ..] => (Some(PathBuf::from(given)), rest),
        _ => (None, arguments),
    };
    if !succeeds(&mut command("sh", &["-c", "test \"$(id -u)\" = 0"])) {
        return Err(Failure::new("A system of its own (chroot, mounts) needs root: sudo cargo xtask test-package"));
    }
    needs::install(Purpose::TestPackage)?;
    node::install_window_tests()?;
    let driver = node::tauri_driver()?;
    let packing: &[&str] = &["--deb", "--unjudged"];
    package::package(&[packing, arguments].concat())?;
    let new = newest(&target().join("package"))?;
    let debug = arguments.contains(&"--debug").then_some("--debug");
    let old = if let Some(given) = given {
        given.canonicalize().map_err(|error| Failure::new(format!("{}: {error}", given.display())))?
    } else {
        let older: Vec<&str> = ["--built", "--as-version", OLDER].into_iter().chain(debug).collect();
        package::package(&[packing, &older].concat())?;
        target().join("package").join(renamed(&new)?)
    };
    let work = target().join("test-package");
    let artifacts = root().join("artifacts/package");
    for folder in [&work, &artifacts] {
        fs::create_dir_all(folder).map_err(|error| Failure::new(format!("{}: {error}", folder.display())))?;
    }
    let journey = root().join("tests/package/journey.sh");
    // Its own mounts and its own processes: both are gone when it ends, however it ends.
    let mut run = command("unshare", &["--mount", "--pid", "--fork", "--kill-child", "bash"]);
    run.args([&journey, &work, &old, &new, &root(), &driver, &artifacts]);
    finish(&mut run)?;
    say(&format!("Pictures: {}", artifacts.display()));
    Ok(())
}

/// The .deb that was made last.
fn newest(folder: &Path) -> Result<PathBuf, Failure> {
    let debs = package::packages(folder)?.into_iter().filter(|file| {
        file.extension().is_some_and(|end| end == "deb") && !file.to_string_lossy().contains(&format!("_{OLDER}_"))
    });
    let newest = debs.max_by_key(|file| file.metadata().and_then(|known| known.modified()).ok());
    newest.ok_or_else(|| Failure::new("There is no .deb in target/package."))
}

/// The older package's name: only the version differs.
fn renamed(new: &Path) -> Result<String, Failure> {
    let name = new.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.split('_').collect::<Vec<_>>().as_slice() {
        [program, _, rest] => Ok(format!("{program}_{OLDER}_{rest}")),
        _ => Err(Failure::new(format!("{name} is not named as a .deb"))),
    }
}
