//! `cargo xtask mutants`: whether the tests notice when a rule is changed.
//!
//! cargo-mutants changes the rules and the sums one place at a time and runs the crate's own tests against each. A copy of
//! the crate outside the workspace compiles in seconds where the workspace takes a minute. What survives, and why it may,
//! stands in docs/mutation.md.

use crate::command::{Done, Failure, cargo, finish, root, say, succeeds, target};
use std::{collections::HashMap, fs, path::Path};

/// What is changed.
const FILES: &[&str] = &["src/rules/**", "src/amount.rs"];

/// The tests that are about them: the others would only take time.
const TESTS: &[&str] = &["rules::", "amount::", "check::"];

/// What the tests of the library read; its integration tests read files beside the repository and stay behind.
const FOLDERS: &[&str] = &["src", "data", "samples"];

/// Changes the rules one place at a time. Arguments go to cargo-mutants (`--shard 0/8`, `--re PATTERN`).
///
/// # Errors
/// When cargo-mutants is missing or a change survived that docs/mutation.md does not name.
pub(crate) fn mutants(arguments: &[&str]) -> Done {
    if !succeeds(&mut cargo(&["mutants", "--version"])) {
        return Err(Failure::new("cargo-mutants is missing: cargo install cargo-mutants --locked"));
    }
    let copy = target().join("mutants/vat-return");
    stand_alone(&copy)?;
    let mut command = cargo(&["mutants", "--in-place", "--timeout", "120", "--no-shuffle"]);
    for pattern in FILES {
        command.args(["--file", pattern]);
    }
    let outcome = finish(
        command
            .args(arguments)
            .args(["--", "--lib", "--"])
            .args(TESTS)
            .current_dir(&copy)
            .env("CARGO_TARGET_DIR", target().join("mutants/target"))
            // A snapshot that differs is a mutant caught, and nothing to keep.
            .env("INSTA_UPDATE", "no"),
    );
    let survived = read(&copy.join("mutants.out/missed.txt")).unwrap_or_default();
    let named = read(&root().join("docs/mutation.md"))?;
    let unknown: Vec<&str> = survived.lines().filter(|mutant| !named.contains(&without_place(mutant))).collect();
    if !unknown.is_empty() {
        return Err(Failure::new(format!(
            "survived, and not in docs/mutation.md:\n  {}\nAll outcomes: {}",
            unknown.join("\n  "),
            copy.join("mutants.out").display()
        )));
    }
    if survived.is_empty() {
        return outcome;
    }
    say(&format!("{} survived, all of them named in docs/mutation.md", survived.lines().count()));
    Ok(())
}

/// `src/amount.rs:34:27: replace < with <= in Sum::abs` without line and column, which move.
fn without_place(mutant: &str) -> String {
    let mut parts = mutant.splitn(4, ':');
    let file = parts.next().unwrap_or_default();
    format!("{file}:{}", parts.nth(2).unwrap_or_default())
}

/// Copies the crate, with a manifest that needs no workspace.
fn stand_alone(copy: &Path) -> Done {
    let from = root().join("crates/vat-return");
    if copy.exists() {
        fs::remove_dir_all(copy).map_err(|error| Failure::new(format!("{}: {error}", copy.display())))?;
    }
    FOLDERS.iter().try_for_each(|folder| copy_folder(&from.join(folder), &copy.join(folder)))?;
    let manifest = manifest(&read(&from.join("Cargo.toml"))?, &read(&root().join("Cargo.toml"))?);
    write(&copy.join("Cargo.toml"), &manifest)?;
    write(&copy.join("Cargo.lock"), &read(&root().join("Cargo.lock"))?)
}

/// The manifest with what it takes from the workspace's filled in.
fn manifest(own: &str, workspace: &str) -> String {
    let values: HashMap<&str, &str> = workspace.lines().filter_map(|line| line.split_once(" = ")).collect();
    let mut lines = Vec::new();
    for line in own.lines() {
        match line.strip_suffix(".workspace = true") {
            Some(name) => lines.push(format!("{name} = {}", values.get(name).copied().unwrap_or("\"*\""))),
            None if line == "[lints]" || line == "workspace = true" => {}
            None => lines.push(line.to_owned()),
        }
    }
    lines.push(
        "\n[workspace]\n\n[profile.dev]\ndebug = false\n\n[profile.dev.package.\"*\"]\nopt-level = 2\n".to_owned(),
    );
    lines.join("\n")
}

fn copy_folder(from: &Path, to: &Path) -> Done {
    let failure = |error: std::io::Error| Failure::new(format!("{}: {error}", from.display()));
    fs::create_dir_all(to).map_err(failure)?;
    for entry in fs::read_dir(from).map_err(failure)? {
        let path = entry.map_err(failure)?.path();
        let Some(name) = path.file_name() else { continue };
        if path.is_dir() {
            copy_folder(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name)).map_err(failure)?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

fn write(path: &Path, text: &str) -> Done {
    fs::write(path, text).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::{manifest, without_place};

    #[test]
    fn the_copy_needs_no_workspace() {
        let own = "[package]\nname = \"vat-return\"\nedition.workspace = true\n\n[lints]\nworkspace = true\n\n[dependencies]\njiff.workspace = true\n";
        let workspace = "[workspace.package]\nedition = \"2024\"\n[workspace.dependencies]\njiff = { version = \"0.2\", features = [\"serde\"] }\n";
        let made = manifest(own, workspace);
        assert!(made.contains("edition = \"2024\""), "{made}");
        assert!(made.contains("jiff = { version = \"0.2\", features = [\"serde\"] }"), "{made}");
        assert!(made.contains("[workspace]") && !made.contains("workspace = true"), "{made}");
    }

    #[test]
    fn a_survivor_is_named_without_its_line() {
        assert_eq!(
            without_place("src/amount.rs:34:27: replace < with <= in Sum::abs"),
            "src/amount.rs: replace < with <= in Sum::abs"
        );
    }
}
