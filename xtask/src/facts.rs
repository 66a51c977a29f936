//! What is known of the authorities' interfaces (`docs/facts`), beside the newer version that may lie in `../shared`.

use crate::command::{Done, Failure, root, say};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Folders of the repository and where their newer versions come from.
const TAKEN: [(&str, &str); 2] =
    [("../shared/facts", "docs/facts"), ("../shared/conformance", "crates/vat-return/tests/conformance")];

/// Shows what is different; with `take`, takes it over.
pub(crate) fn facts(arguments: &[&str]) -> Done {
    let take = match arguments {
        [] => false,
        ["--take"] => true,
        _ => return Err(Failure::new("cargo xtask facts [--take]")),
    };
    let mut different = false;
    for (from, to) in TAKEN {
        let (from, to) = (root().join(from), root().join(to));
        if !from.is_dir() {
            return Err(Failure::new(format!("{} is not here.", from.display())));
        }
        let compared = Command::new("diff").arg("-ruN").args([&to, &from]).output();
        let compared = compared.map_err(|error| Failure::new(format!("diff: {error}")))?;
        if compared.status.success() {
            continue;
        }
        different = true;
        say(&String::from_utf8_lossy(&compared.stdout));
        if take {
            copy(&from, &to).map_err(|error| Failure::new(format!("{}: {error}", to.display())))?;
        }
    }
    match (different, take) {
        (false, _) => say("Nothing is different."),
        (true, true) => say("Taken over. Look at what the code says of it before it is committed."),
        (true, false) => return Err(Failure::new("There is something newer; cargo xtask facts --take takes it over.")),
    }
    Ok(())
}

/// Copies what is newer; what is only here stays, for git to show.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            // Written and not copied, so that a write-protected original does not make a write-protected copy.
            fs::write(&target, fs::read(entry.path())?)?;
        }
    }
    Ok(())
}
